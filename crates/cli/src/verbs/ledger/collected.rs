//! `detente ledger collected`: the schedule of the year of trade beside the duty that customs calculated, as a page.

use crate::{failure::Failure, output, record::wrong};
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
    let page = page(&arguments.pair, &sectors);
    match arguments.write {
        Some(file) => {
            std::fs::write(&file, page).map_err(|error| wrong(format!("{}: {error}", file.display())))
        }
        None => output::print(&page),
    }
}

fn page(pair: &str, sectors: &[CollectedDuties]) -> String {
    let mut text = format!(
        "# Duties by statute and duties collected\n\nMade by `detente ledger collected {pair} --write docs/reference/collected-duties.md`; do not edit by hand.\n{WORDS}"
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

const WORDS: &str = "
Statute: base rate and layers after stacking, line by line, the mean over the days of the year that the trade figures are of.
Collected: the duty that customs calculated on the same lines. Chapters 98 and 99 are left out of both. All but the values are
percent of customs value; *unpaid* is told apart line by line, the base first.

Why receipts lie below the schedule:

* **Product exclusions** take described goods out of Section 301 (9903.88.67 to .70 in 2024): the added duties unpaid on
  computer parts, motors, pumps and machinery parts are of this kind. The record has the exclusions as instruments and not the
  goods; a duty asked for a line says so.
* **Claims**: free trade zones, drawback at entry, civil aircraft and repair provisions leave base and added duties unpaid.
* **Section 232 exclusions** for steel and aluminium products that were not made at home.
* **Values**: a line that was free of the added duty in part of the year by its ten-digit number (baskets of Lists 3 and 4A).
* Where more than the schedule was collected, the line holds goods of several rates, or entries were made under another year's
  code.

What the model takes: the default world's tariffs of the same pair are the duties *collected* in this year. A scenario on a day
adds to them the *change* of the schedule between that year and the day, sector by sector, so that exclusions and claims stay in
the level and only the law's change moves.

";

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
