//! `detente ledger reconcile`: a benchmark's tariffs beside the ledger's, as a page of the reference.

use crate::{
    failure::Failure,
    output::{self, Format},
    record::{csv, day, json, wrong},
};
use clap::Args;
use detente::reconciliation::{Reconciled, reconcile};
use detente_data::default_world;
use detente_ledger::tariff::Tariffs;
use jiff::civil::Date;
use std::{fmt::Write as _, path::PathBuf};

/// What `ledger reconcile` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Code of the talks whose parties are compared.
    #[arg(default_value = "us-china")]
    talks: String,
    /// The day up to which the ledger's change counts (the last day with evidence unless said otherwise).
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    benchmark: Option<PathBuf>,
    /// Write the page to this file; printed where absent.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// How the answer is printed: `table` is the page.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Prints or writes the page.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let tariffs = Tariffs::embedded().map_err(wrong)?;
    let talks = tariffs.ledger().talks(&arguments.talks).map_err(wrong)?;
    let on = arguments.on.as_deref().map_or(Ok(talks.last_evidence), day)?;
    let parties: Vec<String> = talks.parties.iter().map(|party| party.code.clone()).collect();
    let rows = reconcile(&tariffs, &directory, &parties, on, on).map_err(wrong)?;
    let text = match arguments.format {
        Format::Json => json(&rows)?,
        Format::Csv => csv(&COLUMNS, rows.iter().map(exact)),
        Format::Table => page(&rows, &directory.benchmark.unit, on),
    };
    output::print_or_write(arguments.write.as_deref(), &text)
}

const COLUMNS: [&str; 10] = [
    "importer",
    "exporter",
    "sector",
    "imports",
    "benchmark",
    "base",
    "layers_then",
    "layers_now",
    "by_statute",
    "as_collected",
];

fn exact(row: &Reconciled) -> Vec<String> {
    let text = [&row.importer, &row.exporter, &row.sector].map(Clone::clone);
    let numbers = [
        row.imports,
        row.benchmark,
        row.base,
        row.layers_then,
        row.layers_now,
        row.by_statute,
        row.as_collected,
    ];
    text.into_iter().chain(numbers.map(|number| number.to_string())).collect()
}

const OPENING: &str = "# A benchmark's tariffs and the ledger's

Made by `detente ledger reconcile --write docs/reference/reconciliation.md`; do not edit by hand. All rates are percent of value.

The benchmark holds a **level**: what its data say of tariffs in its year, measures then in force included. The ledger holds the
**change** since: every dated layer between the parties. A scenario on a day (`ledger = \"us-china\"`) takes

    model's rate = benchmark's rate + c · (layers on the day − layers on the benchmark's day), not below zero

(c is one by statute, else the measured share of a step that is collected), so that what the level contains beside the law (exclusions, claims, preferences used) stays in it, and only the law's change moves.
*Schedule* is what the ledger would have said itself on the benchmark's day: base rates of the lines and the layers, weighted by trade with
the partner. *Level less schedule* is the part of the benchmark that no line of the schedule explains: where duties **collected** are the level,
exclusions, claims and goods that a line's code does not tell apart ([collected duties](collected-duties.md) gives them sector by
sector); where **statutory** averages of another database are, the weights and the year.
The last row is the average by the benchmark's own imports.

";

fn page(rows: &[Reconciled], unit: &str, on: Date) -> String {
    let mut text = OPENING.to_owned();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        if !pairs.contains(&(row.importer.as_str(), row.exporter.as_str())) {
            pairs.push((&row.importer, &row.exporter));
        }
    }
    for (importer, exporter) in pairs {
        let own: Vec<&Reconciled> =
            rows.iter().filter(|row| row.importer == importer && row.exporter == exporter).collect();
        let Some(first) = own.first() else { continue };
        let _ = write!(
            text,
            "## {importer} on {exporter}\n\nLevel: {}. Benchmark's day: {}. Day asked about: {on}.\n\n\
             | sector | imports, {unit} | level | base rates | layers {} | schedule | level less schedule | layers {on} | change | model's rate, by statute | as collected |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
            first.benchmark_rates, first.benchmark_day, first.benchmark_day,
        );
        for row in &own {
            text += &line(&row.sector, row.imports, &cells(row));
        }
        let imports: f64 = own.iter().map(|row| row.imports).sum();
        let mut mean = [0.0; 9];
        for row in &own {
            for (sum, cell) in mean.iter_mut().zip(cells(row)) {
                *sum += cell * row.imports / imports;
            }
        }
        text += &line("**all**", imports, &mean);
        text.push('\n');
    }
    text
}

fn cells(row: &Reconciled) -> [f64; 9] {
    [
        row.benchmark,
        row.base,
        row.layers_then,
        row.statute(),
        row.benchmark - row.statute(),
        row.layers_now,
        row.layers_now - row.layers_then,
        row.by_statute,
        row.as_collected,
    ]
}

fn line(sector: &str, imports: f64, cells: &[f64; 9]) -> String {
    // Rounded first, so that a small negative number is printed as zero and not as minus zero.
    let cells: Vec<String> =
        cells.iter().map(|share| format!("{:.1}", (share * 1e3).round() / 10.0 + 0.0)).collect();
    format!("| {sector} | {imports:.0} | {} |\n", cells.join(" | "))
}
