//! `detente ledger collected`: the schedule of the year of trade beside the duty that customs calculated, as a page.

use crate::{
    failure::Failure,
    output,
    record::{fault, wrong},
};
use clap::Args;
use detente_ledger::tariff::{CollectedDuties, Tariffs};
use std::{fmt::Write as _, path::PathBuf};

/// What `ledger collected` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Importing and exporting party, like IMPORTER:EXPORTER.
    pair: String,
    /// Benchmark whose sectors are used.
    #[arg(long, default_value = "world-2022-estimate")]
    benchmark: String,
    /// Write the page to this file; printed where absent.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// Prints or writes the page.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let Some((importer, exporter)) = arguments.pair.split_once(':') else {
        return Err(wrong(format!("`{}` is no pair; write IMPORTER:EXPORTER", arguments.pair)));
    };
    let tariffs = Tariffs::embedded().map_err(wrong)?;
    let sectors = tariffs.collected_duties(importer, exporter, &arguments.benchmark).map_err(wrong)?;
    if sectors.is_empty() {
        return Err(Failure::NoAnswer(format!(
            "the lines of {importer} carry no duty calculated on {exporter}"
        )));
    }
    let words = detente_facts::needed(WORDS).map_err(fault)?;
    let page = page(&arguments.pair, words, &sectors);
    output::print_or_write(arguments.write.as_deref(), &page)
}

fn page(pair: &str, words: &str, sectors: &[CollectedDuties]) -> String {
    let mut text = format!(
        "# Duties by statute and duties collected\n\nMade by `detente ledger collected {pair} --write docs/reference/collected-duties.md`; do not edit by hand.\n{words}"
    );
    text += "| sector | value, USD bn | statute % | collected % | gap | base unpaid | added duties unpaid | beyond the schedule | largest gaps: line, statute, collected |\n|---|---:|---:|---:|---:|---:|---:|---:|---|\n";
    let mut all = CollectedDuties { sector: "**all**".to_owned(), ..CollectedDuties::default() };
    for sector in sectors {
        all.value += sector.value;
        all.statutory += sector.statutory;
        all.collected += sector.collected;
        all.base_unpaid += sector.base_unpaid;
        all.layers_unpaid += sector.layers_unpaid;
        all.beyond += sector.beyond;
        text += &row(sector);
    }
    text + &row(&all)
}

/// Why receipts lie below the schedule: words about these data, so they stand with the data.
const WORDS: &str = "products/USA/collected-notes.md";

fn row(sector: &CollectedDuties) -> String {
    let share = |amount: f64| format!("{:.1}", 100.0 * amount / sector.value);
    let mut gaps = String::new();
    for gap in &sector.largest {
        let separator = if gaps.is_empty() { "" } else { "; " };
        let _ =
            write!(gaps, "{separator}{} {:.1} {:.1}", gap.code, 100.0 * gap.statutory, 100.0 * gap.collected);
    }
    format!(
        "| {} | {:.1} | {} | {} | {} | {} | {} | {} | {gaps} |\n",
        sector.sector,
        sector.value / 1e9,
        share(sector.statutory),
        share(sector.collected),
        share(sector.statutory - sector.collected),
        share(sector.base_unpaid),
        share(sector.layers_unpaid),
        share(sector.beyond),
    )
}
