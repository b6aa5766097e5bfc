//! The one table of the first screen: what each outcome would do to both sides, from where, with its range. Where it does not fit the width
//! it is a list of sentences with the same numbers.

use crate::paragraph::{self, columns};
use detente::brief::{Against, Brief, Effects, Outcome};
use detente::words::effects::{
    IMPORTERS_ACCOUNT_IS, benchmark_duties_in_short, manufacturing, number_and_band, outcome_words, shown,
    shown_once, within_a_year,
};
use detente::words::number::{change, joined, opening, range};
use detente_engine::horizon::Horizon;
use detente_ledger::talks::OutcomeKind;

/// The number of the first year, with the mark of its explanation.
pub const FIRST_YEAR: &str = "within a year, importer's account*";
/// The number of manufacturing.
pub const MANUFACTURING: &str = "manufacturing's share, points";

/// A row: what from where, and each side's number.
struct Row {
    what: String,
    from: String,
    values: Vec<f64>,
    cells: Vec<String>,
    /// What would do nearly the same.
    alike: Vec<String>,
    /// It tells more of the outcome above it.
    is_below: bool,
}

impl Row {
    /// As the table has it: what is told of the outcome above stands from where that stands.
    fn label(&self) -> String {
        match self.is_below {
            true => format!("    {}", self.what),
            false => format!("  {}, from {}", self.what, self.from),
        }
    }
}

/// The table with what its numbers are in its head; outcomes that are days of reference on request.
pub fn lines(brief: &Brief, label: &str, days_of_reference: bool, width: usize) -> Vec<String> {
    let found = rows(brief, days_of_reference);
    let counted = format!("{label}{}", what_is_counted(brief));
    if found.is_empty() {
        return paragraph::lines(label, &["OUTCOMES  None could be solved.".to_owned()], 2, width);
    }
    let names: Vec<String> = brief.parties.iter().map(|party| party.name.clone()).collect();
    let (runs, alike) = (runs(brief), alike(&found));
    let alike = alike.iter().flat_map(|said| paragraph::lines("  ", std::slice::from_ref(said), 4, width));
    // What the runs are stands behind the last name, or in a line above where the table has no room for it.
    for is_above in [false, true] {
        let mut head = vec![if is_above { String::new() } else { counted.clone() }];
        head.extend(names.iter().cloned());
        if let Some(last) = head.last_mut().filter(|_| !is_above) {
            last.push_str(&runs);
        }
        let mut table = table(&found, head);
        if table.iter().all(|line| columns(line) <= width) {
            if is_above {
                table.insert(0, format!("{counted}{runs}"));
            }
            table.extend(alike);
            return table;
        }
    }
    let mut lines = paragraph::lines("", &[format!("{counted}{runs}")], 2, width);
    for row in &found {
        let cells: Vec<String> =
            names.iter().zip(&row.cells).map(|(name, cell)| format!("{name} {cell}")).collect();
        let sentence = format!("{}, from {}: {}.", opening(&row.what), row.from, joined(&cells));
        lines.extend(paragraph::lines("  ", &[sentence], 4, width));
    }
    lines.extend(alike);
    lines
}

/// What the rows do not say themselves.
pub fn notes() -> Vec<String> {
    vec![format!("* {}; deficits are assumed.", opening(IMPORTERS_ACCOUNT_IS))]
}

/// What would do nearly the same as a row above it.
fn alike(rows: &[Row]) -> Vec<String> {
    let said = |row: &Row| {
        let others: Vec<String> = row.alike.iter().map(|what| format!("\u{201c}{what}\u{201d}")).collect();
        (!others.is_empty())
            .then(|| format!("{} would do nearly the same as \u{201c}{}\u{201d}.", joined(&others), row.what))
    };
    rows.iter().filter_map(said).collect()
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

/// The outcomes; one that is today's own state says so. Below today's stand its first year and manufacturing.
fn rows(brief: &Brief, days_of_reference: bool) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let is_listed = |outcome: &&Outcome| days_of_reference || outcome.kind != OutcomeKind::Date;
    for (outcome, alike) in shown_once(brief, Horizon::Long).into_iter().filter(|(held, _)| is_listed(held)) {
        let of_outcome = |effects: &Effects| number_and_band(effects, outcome.horizon);
        let what = match outcome.kind {
            OutcomeKind::InForce => "Today's duties".to_owned(),
            _ => outcome_words(outcome),
        };
        let Some(mut row) = row(brief, outcome, what, &of_outcome) else { continue };
        if outcome.against == Against::Today && row.values.iter().all(|value| change(*value) == "0.00") {
            row.what.push_str(": as today");
        }
        row.alike = alike.into_iter().filter(is_listed).map(outcome_words).collect();
        rows.push(row);
        if outcome.kind == OutcomeKind::InForce {
            let year = within_a_year(brief, outcome).and_then(|year| {
                let of_year = |effects: &Effects| number_and_band(effects, year.horizon);
                self::row(brief, year, FIRST_YEAR.to_owned(), &of_year)
            });
            let share = self::row(brief, outcome, MANUFACTURING.to_owned(), &manufacturing);
            rows.extend([year, share].into_iter().flatten().map(|row| Row { is_below: true, ..row }));
        }
    }
    rows
}

/// A number of both sides under an outcome with its range; none where a side has none.
fn row(
    brief: &Brief,
    outcome: &Outcome,
    what: String,
    of: &dyn Fn(&Effects) -> Option<(f64, Option<(f64, f64)>)>,
) -> Option<Row> {
    let sides = brief.parties.iter().map(|party| of(outcome.economies.get(&party.economy)?));
    let sides: Vec<(f64, Option<(f64, f64)>)> = sides.collect::<Option<_>>()?;
    let cell = |(value, band): &(f64, Option<(f64, f64)>)| {
        let band = band.filter(|(low, high)| change(*low) != change(*high));
        band.map_or_else(|| change(*value), |band| format!("{} ({})", change(*value), range(band)))
    };
    Some(Row {
        what,
        from: match outcome.against {
            Against::Today => "today".to_owned(),
            Against::Benchmark => benchmark_duties_in_short(brief),
        },
        cells: sides.iter().map(cell).collect(),
        values: sides.iter().map(|(value, _)| *value).collect(),
        alike: Vec::new(),
        is_below: false,
    })
}

fn table(rows: &[Row], head: Vec<String>) -> Vec<String> {
    let mut cells: Vec<Vec<String>> = vec![head];
    cells.extend(rows.iter().map(|row| [vec![row.label()], row.cells.clone()].concat()));
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
