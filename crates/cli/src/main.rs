//! The `detente` command: what was typed becomes one call of the library, its result one print.
//!
//! Exit status: 0 done; 1 the question has no answer (not converged, infeasible), said why; 2 the input is wrong,
//! with file, line and what would be right; 3 a fault of the program's own.

mod args;
mod failure;
mod output;
mod record;
mod verbs;

use clap::Parser;
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
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
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
    let (verb, usually) = (arguments.verb.name(), arguments.verb.usually());
    let outcome = std::panic::catch_unwind(|| match arguments.verb {
        // It is meant to go on until it is stopped.
        Verb::Serve(asked) => verbs::serve::run(asked),
        asked => output::patiently(verb, usually, || verbs::run(asked)),
    });
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => {
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
