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
the figure in bold), less the published figure. *Causes, measured* are what taking one cause after the other out of our
figure adds to it, in points; *left* is the gap without them.

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
            "## {head}\n\n{words}\n\n| id | day | tariff | publisher | published | ours, partner's trade | ours, all partners' trade | gap | causes, measured | left | cause |\n|---|---|---|---|---:|---:|---:|---:|---|---:|---|\n"
        );
        for row in rows.iter().filter(|row| row.kind == kind && row.part_on_record.is_none()) {
            let _ = writeln!(text, "{}", line(row));
        }
        text.push('\n');
    }
    text += WORLD;
    for row in rows {
        if let Some(part) = &row.part_on_record {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} {:.1} | {:.1} ({}) | {:.1} | {:.1} |",
                row.id,
                row.on,
                row.publisher,
                if row.kind == Kind::Statutory { "statute" } else { "collected" },
                row.published_pct,
                part.partner,
                part.average_pct,
                part.share * 100.0,
                part.share_of,
                part.points,
                row.published_pct - part.points
            );
        }
    }
    text
}

const WORLD: &str = "## On all partners

The record holds the schedule towards one partner, so an average over all partners is not computed. What the partner adds to
it: our average by statute times its share in imports, of the month where it is on record, else of the year of trade. The rest
is what duties on everybody else come to; it is too low where receipts are published, because the partner paid less than the
schedule (see above, most of all goods on the way in April 2025).

| id | day | publisher | kind | published | our average on the partner | its share, % | its part, points | rest, points |
|---|---|---|---|---:|---:|---:|---:|---:|
";

fn line(row: &Comparison) -> String {
    let number = |number: Option<f64>| number.map(|number| format!("{number:.1}")).unwrap_or_default();
    let chosen = row.gap.map(|gap| gap + row.published_pct);
    let ours = |own: Option<f64>| match own {
        Some(own) if chosen.is_some_and(|chosen| (chosen - own).abs() < 1e-9) => format!("**{own:.1}**"),
        own => number(own),
    };
    format!(
        "| {} | {} | {} on {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        row.id,
        row.on,
        row.importer,
        row.exporter,
        row.publisher,
        row.published_pct,
        ours(row.partner_weights_pct),
        ours(row.all_weights_pct),
        row.gap.map(|gap| format!("{gap:+.1}")).unwrap_or_default(),
        causes(row),
        row.without_causes_pct
            .map(|without| format!("{:+.1}", without - row.published_pct))
            .unwrap_or_default(),
        row.cause
    )
}

/// Each measured cause with its size; one that is known only at most, with the share of it that closes the gap.
fn causes(row: &Comparison) -> String {
    let words: Vec<String> = row
        .causes
        .iter()
        .map(|cause| match cause.implied_share {
            Some(share) => {
                format!("{}: up to {:+.1}, of which {:.0}% counted", cause.what, cause.points, share * 100.0)
            }
            None => format!("{}: {:+.1}", cause.what, cause.points),
        })
        .collect();
    words.join("; ")
}
