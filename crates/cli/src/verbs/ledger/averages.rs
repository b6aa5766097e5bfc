//! `detente ledger averages`: our averages beside the published ones, as a page of the reference.

use crate::{failure::Failure, output};
use clap::Args;
use detente_ledger::tariff::{Comparison, Kind, Tariffs};
use std::fmt::Write as _;
use std::path::PathBuf;

/// What `ledger averages` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Write the page to this file; printed where absent.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// Prints or writes the page.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::WrongInput(error.to_string());
    let tariffs = Tariffs::embedded().map_err(|error| wrong(&error))?;
    let rows = tariffs.published_averages().map_err(|error| wrong(&error))?;
    let page = page(&rows);
    match arguments.write {
        Some(file) => std::fs::write(&file, page)
            .map_err(|error| Failure::WrongInput(format!("{}: {error}", file.display()))),
        None => output::print(&page),
    }
}

const OPENING: &str = "# Average tariffs beside the published ones

Made by `detente ledger averages --write docs/reference/average-tariffs.md`; do not edit by hand. Published figures and
causes: `data/validation/average-tariffs.csv`. All numbers are percent of customs value.

*Ours* is the average over tariff lines of the duty in force on the day, with the knowledge of today: base rate and all
layers after stacking. Weights: trade with the partner, or trade with all partners, in the year that
`data/products/<importer>/lines.toml` names. *Gap* is ours, with the weights nearest to the publisher's (marked by
the figure in bold), less the published figure. *Without the cause* is ours where the cause is measured and taken out.

";

fn page(rows: &[Comparison]) -> String {
    let mut text = OPENING.to_owned();
    let heads = [
        (
            Kind::Statutory,
            "By statute",
            "Within four points is what the differences of weights allow; larger gaps stand with their cause.",
        ),
        (
            Kind::Collected,
            "Collected",
            "Receipts lie below the schedule: exclusions of described goods, duty-free claims, goods on the way, and goods that are no longer bought.",
        ),
    ];
    for (kind, head, words) in heads {
        let _ = write!(
            text,
            "## {head}\n\n{words}\n\n| id | day | tariff | publisher | published | ours, partner's trade | ours, all partners' trade | gap | without the cause | cause |\n|---|---|---|---|---:|---:|---:|---:|---:|---|\n"
        );
        for row in rows.iter().filter(|row| row.kind == kind) {
            let _ = writeln!(text, "{}", line(row));
        }
        text.push('\n');
    }
    text
}

fn line(row: &Comparison) -> String {
    let number = |number: Option<f64>| number.map(|number| format!("{number:.1}")).unwrap_or_default();
    let chosen = row.gap.map(|gap| gap + row.published_pct);
    let ours = |own: Option<f64>| match own {
        Some(own) if chosen.is_some_and(|chosen| (chosen - own).abs() < 1e-9) => format!("**{own:.1}**"),
        own => number(own),
    };
    format!(
        "| {} | {} | {} on {} | {} | {} | {} | {} | {} | {} | {} |",
        row.id,
        row.on,
        row.importer,
        row.exporter,
        row.publisher,
        row.published_pct,
        ours(row.partner_weights_pct),
        ours(row.all_weights_pct),
        row.gap.map(|gap| format!("{gap:+.1}")).unwrap_or_default(),
        number(row.without_cause_pct),
        row.cause
    )
}
