//! `detente brief`: one page on the state of talks.

use crate::{
    args::BasisWord,
    failure::Failure,
    interrupt,
    output::{self, Format},
    record::{Record, fault, json, wrong},
};
use clap::Args;
use detente::brief::assemble::{self, Asked, BriefError, Sources};
use detente::brief::others::OthersDuties;
use detente::brief::{Brief, deal};
use detente::strategy::day::RecordDay;
use detente::words::effects::Names;
use detente_data::default_world;
use detente_report::brief::{details, outcomes_csv, page, pictures, screen};
use detente_report::made_by;
use detente_report::picture::figure::PAGE;
use std::path::PathBuf;

/// What `brief` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Code of the talks.
    #[arg(default_value = "us-china")]
    pub talks: String,
    /// Also write the brief as one self-contained page.
    #[arg(long, value_name = "FILE", value_parser = crate::args::page)]
    pub html: Option<PathBuf>,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// Whether a step of the ledger counts as far as it is collected (`collected`) or as the law has it (`statute`).
    #[arg(long, value_enum, default_value_t)]
    pub basis: BasisWord,
    /// Which duties on everybody else stand on the day, before and after: those of the record's instruments (`day`), none of the day
    /// (`none`).
    #[arg(long, value_enum, default_value_t)]
    pub others: OthersWord,
    /// Print the details below the first screen too.
    #[arg(long)]
    pub details: bool,
    #[command(flatten)]
    record: Record,
}

/// `--others`.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum OthersWord {
    /// None of the day.
    None,
    /// The record's instruments of the day.
    #[default]
    Day,
}

impl From<OthersWord> for OthersDuties {
    fn from(word: OthersWord) -> Self {
        match word {
            OthersWord::None => OthersDuties::None,
            OthersWord::Day => OthersDuties::Day,
        }
    }
}

/// Prints the brief.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let clock = arguments.record.clock()?;
    let tariffs = arguments.record.tariffs()?;
    let talks = tariffs.ledger().talks(&arguments.talks).map_err(wrong)?;
    let world = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let control = interrupt::control();
    let sources = Sources { tariffs: &tariffs, world: &world, control };
    let (basis, others) = (arguments.basis.into(), arguments.others.into());
    let asked = Asked { clock, basis, others };
    let (brief, table) = assemble::with_table(sources, &talks, asked).map_err(refused)?;
    if let Some(file) = &arguments.html {
        let day = RecordDay { tariffs: &tariffs, talks: &talks, clock, collected: &brief.collection_ratios };
        let deal = deal::deal(control, &brief, &day, &world, table);
        let pictures = pictures::of(&day, &world, &brief, PAGE).map_err(wrong)?;
        let asked = format!("brief on {} as known on {}", brief.on, brief.known_on);
        let made_by = made_by::line(Some(&world), Some(&brief.last_evidence), &asked);
        output::page(file, &page::html(&brief, &pictures, &deal, &made_by))?;
    }
    print(&brief, &arguments, &pictures::names(&world))
}

/// What the program carries itself cannot be the asker's mistake.
fn refused(error: BriefError) -> Failure {
    match error {
        BriefError::Elasticity(_) | BriefError::Bands(_) => fault(error),
        _ => wrong(error),
    }
}

fn print(brief: &Brief, arguments: &Arguments, names: &Names) -> Result<(), Failure> {
    output::print(&match arguments.record.format {
        Format::Json => json(brief)?,
        Format::Csv => outcomes_csv::outcomes_csv(brief),
        Format::Table if arguments.details => {
            format!("{}{}", screen::render(brief, names), details::render(brief))
        }
        Format::Table => screen::render(brief, names),
    })
}
