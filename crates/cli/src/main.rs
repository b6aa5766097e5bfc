//! The `detente` command: what was typed becomes one call of the library, its result one print.
//!
//! Exit status: 0 done; 1 the question has no answer (not converged, infeasible), said why; 2 the input is wrong,
//! with file, line and what would be right; 3 a fault of the program's own; 130 stopped by Ctrl-C, said what is kept.

mod args;
mod failure;
mod format;
mod interrupt;
mod note;
mod output;
mod own_facts;
mod record;
mod verbs;
mod wrap;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser};
use failure::Failure;
use std::process::ExitCode;
use verbs::Verb;

/// The open engine for trade wars and trade talks.
#[derive(Debug, Parser)]
#[command(name = "detente", version, about, max_term_width = 110)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// `--version --json`: the program, the facts and the world.
fn asks_for_versions() -> bool {
    let typed: Vec<String> = std::env::args().skip(1).collect();
    typed.len() == 2
        && typed.iter().any(|word| word == "--version")
        && typed.iter().any(|word| word == "--json")
}

/// The form that was asked for, of whatever verb; a verb without one prints for people.
fn format_of(found: &ArgMatches) -> output::Format {
    match found.subcommand() {
        Some((_, within)) => format_of(within),
        None => found.try_get_one("format").ok().flatten().copied().unwrap_or_default(),
    }
}

fn main() -> ExitCode {
    if asks_for_versions() {
        let said = detente::version::installed()
            .map_err(|error| Failure::Fault(error.to_string()))
            .and_then(|versions| output::print(&format!("{versions:#}\n")));
        return match said {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                output::note(format_args!("detente: {failure}"));
                ExitCode::from(failure.status())
            }
        };
    }
    let parsed = Arguments::command()
        .try_get_matches()
        .and_then(|found| Ok((Arguments::from_arg_matches(&found)?, format_of(&found))));
    let arguments = match parsed {
        Ok((arguments, format)) => {
            own_facts::asked_in(format);
            arguments
        }
        Err(error) => {
            // Help and version are answers; anything else is wrong input.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    // A panic is a fault of the program's own: it is reported as such, never as a wrong input.
    if let Some(columns) = output::columns() {
        detente_report::width::set(columns);
    }
    // The desk is meant to go on until it is stopped, and has signals of its own.
    let is_desk = matches!(arguments.verb, Verb::Serve(_));
    if !is_desk {
        interrupt::listen();
    }
    let patience = output::Patience {
        verb: arguments.verb.name(),
        usually: arguments.verb.usually(),
        looks_at_the_flag: arguments.verb.looks_at_the_flag(),
    };
    let outcome = std::panic::catch_unwind(|| match is_desk {
        true => verbs::run(arguments.verb),
        false => output::patiently(patience, || verbs::run(arguments.verb)),
    });
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            // Whatever the search made of the flag, the reason is Ctrl-C.
            let failure = match failure {
                Failure::Stopped(_) => failure,
                failure => interrupt::check().err().unwrap_or(failure),
            };
            output::note(format_args!("detente: {failure}"));
            ExitCode::from(failure.status())
        }
        Err(_) => {
            let fault = Failure::Fault("a fault of the program's own; please report the command".into());
            output::note(format_args!("detente: {fault}"));
            ExitCode::from(3)
        }
    }
}
