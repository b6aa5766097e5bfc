//! `detente brief`: one page on the state of talks.

use crate::{
    failure::Failure,
    output::{self, Format},
};
use clap::Args;
use detente::{
    aside,
    brief::{
        Brief,
        assemble::{self, Basis, BriefError, Sources},
        deal, details, page, pictures, screen,
    },
    default_world,
    ledger_tariffs::LedgerTariffs,
};
use detente_ledger::{date, tariff::Tariffs};
use std::path::PathBuf;

/// What `brief` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Code of the talks.
    #[arg(default_value = "us-china")]
    pub talks: String,
    /// The day the brief is about (today unless said otherwise).
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// The day whose knowledge it uses (`--on` unless said otherwise), or `latest`.
    #[arg(long, value_name = "DATE")]
    pub known_on: Option<String>,
    /// Also write the brief as one self-contained page.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// Whether a step of the ledger counts as far as it is collected (`collected`) or as the law has it (`statute`).
    #[arg(long, value_enum, default_value_t)]
    pub basis: BasisWord,
    /// Print the details below the first screen too.
    #[arg(long)]
    pub details: bool,
    /// How the brief is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `--basis`.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum BasisWord {
    /// Times the measured share that is collected, where data give it.
    #[default]
    Collected,
    /// As the law has it.
    Statute,
}

impl From<BasisWord> for Basis {
    fn from(word: BasisWord) -> Self {
        match word {
            BasisWord::Collected => Basis::Collected,
            BasisWord::Statute => Basis::Statute,
        }
    }
}

/// Prints the brief.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::WrongInput(error.to_string());
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let on = match &arguments.on {
        Some(typed) => date(typed).map_err(|error| wrong(&error))?,
        None => today,
    };
    let known_on = match arguments.known_on.as_deref() {
        None => on,
        Some("latest") => today.max(on),
        Some(typed) => date(typed).map_err(|error| wrong(&error))?,
    };
    let tariffs = Tariffs::embedded().map_err(|error| wrong(&error))?;
    let talks = tariffs.ledger().talks(&arguments.talks).map_err(|error| wrong(&error))?;
    let world = default_world::open_or(arguments.benchmark.as_deref()).map_err(|error| wrong(&error))?;
    let sources = Sources { tariffs: &tariffs, world: &world };
    let brief = assemble::brief(sources, &talks, on, known_on, arguments.basis.into()).map_err(refused)?;
    if let Some(file) = &arguments.html {
        let pictures = pictures::of(&tariffs, &talks, &brief, on, known_on).map_err(|error| wrong(&error))?;
        let deal = deal::deal(&brief, &LedgerTariffs { tariffs: &tariffs }, &world);
        aside::write_file(file, page::html(&brief, &pictures, &deal).as_bytes())
            .map_err(|error| wrong(&error))?;
        eprintln!("page in {}", file.display());
    }
    print(&brief, &arguments)
}

fn refused(error: BriefError) -> Failure {
    Failure::WrongInput(error.to_string())
}

fn print(brief: &Brief, arguments: &Arguments) -> Result<(), Failure> {
    match arguments.format {
        Format::Json => {
            let json =
                serde_json::to_string_pretty(brief).map_err(|error| Failure::Fault(error.to_string()))?;
            output::print(&format!("{json}\n"))
        }
        Format::Csv => output::print(&screen::outcomes_csv(brief)),
        Format::Table if arguments.details => {
            output::print(&format!("{}{}", screen::render(brief), details::render(brief)))
        }
        Format::Table => output::print(&screen::render(brief)),
    }
}
