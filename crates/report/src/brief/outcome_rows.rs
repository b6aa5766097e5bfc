//! The one table of the first screen: what each outcome would do to both sides' income, from where, with its range. Where it does not fit
//! the width it is a list of sentences with the same numbers.

use crate::paragraph::{self, columns};
use detente::brief::{Against, Brief, Effects, Outcome};
use detente::words::effects::{benchmark_years, number_and_band, outcome_words, shown};
use detente::words::number::{change, joined, range};
use detente_engine::horizon::Horizon;
use detente_ledger::talks::OutcomeKind;

/// A row: what, from where, and each side's number.
struct Row {
    what: String,
    from: String,
    cells: Vec<String>,
}

/// The table with what its numbers are in its head; outcomes that are days of reference on request.
pub fn lines(brief: &Brief, label: &str, days_of_reference: bool, width: usize) -> Vec<String> {
    let found = rows(brief, days_of_reference);
    let counted = what_is_counted(brief);
    if found.is_empty() {
        return paragraph::lines(label, &["OUTCOMES  None could be solved.".to_owned()], 2, width);
    }
    let names: Vec<String> = brief.parties.iter().map(|party| party.name.clone()).collect();
    let runs = runs(brief);
    let mut head = vec![format!("{label}{counted}"), "from".to_owned()];
    head.extend(names.iter().cloned());
    if let Some(last) = head.last_mut() {
        last.push_str(&runs);
    }
    let table = table(&found, head);
    if table.iter().all(|line| columns(line) <= width) {
        return table;
    }
    let mut lines = paragraph::lines(label, &[format!("{counted}{runs}")], 2, width);
    for row in &found {
        let cells: Vec<String> =
            names.iter().zip(&row.cells).map(|(name, cell)| format!("{name} {cell}")).collect();
        let sentence = format!("{}, from {}: {}.", row.what, row.from, joined(&cells));
        lines.extend(paragraph::lines("  ", &[sentence], 4, width));
    }
    lines
}

fn what_is_counted(brief: &Brief) -> String {
    let label = shown(brief, Horizon::Long)
        .next()
        .map_or("in the long run", |outcome| outcome.horizon_label.split(',').next().unwrap_or_default());
    format!("INCOME, % {label}")
}

fn runs(brief: &Brief) -> String {
    brief.bands.as_ref().map_or(String::new(), |bands| format!(" (5 to 95 of {} runs)", bands.runs))
}

/// The outcomes; one that is today's own state says so.
fn rows(brief: &Brief, days_of_reference: bool) -> Vec<Row> {
    let row = |outcome: &Outcome| {
        let values = values(brief, outcome)?;
        let from = match outcome.against {
            Against::Today => "today".to_owned(),
            Against::Benchmark => benchmark_years(brief),
        };
        let is_today =
            outcome.against == Against::Today && values.iter().all(|value| change(*value) == "0.00");
        let is_today = if is_today { ": as today" } else { "" };
        Some(Row {
            what: format!("{}{is_today}", outcome_words(outcome)),
            from,
            cells: cells(brief, outcome),
        })
    };
    shown(brief, Horizon::Long)
        .filter(|outcome| days_of_reference || outcome.kind != OutcomeKind::Date)
        .filter_map(row)
        .collect()
}

fn values(brief: &Brief, outcome: &Outcome) -> Option<Vec<f64>> {
    let of = |economy: &str| {
        number_and_band(outcome.economies.get(economy)?, outcome.horizon).map(|(value, _)| value)
    };
    brief.parties.iter().map(|party| of(&party.economy)).collect()
}

fn cells(brief: &Brief, outcome: &Outcome) -> Vec<String> {
    let cell = |effects: &Effects| {
        let (value, band) = number_and_band(effects, outcome.horizon)?;
        let band = band.filter(|(low, high)| change(*low) != change(*high));
        Some(match band {
            Some(band) => format!("{} ({})", change(value), range(band)),
            None => change(value),
        })
    };
    brief
        .parties
        .iter()
        .map(|party| outcome.economies.get(&party.economy).and_then(cell).unwrap_or_default())
        .collect()
}

fn table(rows: &[Row], head: Vec<String>) -> Vec<String> {
    let mut cells: Vec<Vec<String>> = vec![head];
    cells.extend(
        rows.iter()
            .map(|row| [vec![format!("  {}", row.what), row.from.clone()], row.cells.clone()].concat()),
    );
    let widest = |column: usize| cells.iter().map(|row| columns(&row[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..cells[0].len()).map(widest).collect();
    cells
        .iter()
        .map(|row| {
            let padded: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - columns(cell))))
                .collect();
            padded.join("  ").trim_end().to_owned()
        })
        .collect()
}
