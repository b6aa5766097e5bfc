//! Results for people: tables that fit a terminal, with the certificate below.

use crate::width;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use detente_engine::catalogue::economy::WELFARE;
use detente_engine::catalogue::{OutcomeEntry, Unit, lists};

use detente::counterfactual::Counterfactual;
use detente_data::benchmark_directory::BenchmarkDirectory;

/// One answer: economies in rows, changes against the baseline in percent.
pub fn answer(directory: &BenchmarkDirectory, answer: &Counterfactual) -> String {
    let mut table = plain();
    table.set_header(
        std::iter::once("percent".to_string()).chain(lists::HEADLINES.iter().map(|entry| title(entry))),
    );
    for (position, row) in answer.outcomes.economies.iter().enumerate() {
        let numbers =
            lists::HEADLINES.iter().map(|entry| change(entry.equilibrium.and_then(|read| read(row))));
        table.add_row(std::iter::once(code(directory, position)).chain(numbers));
    }
    right(&mut table);
    format!(
        "{}\n{table}\n{}{}",
        heading(answer),
        once_capital_answers(directory, answer),
        footer(directory, &[answer])
    )
}

/// What capital adds, where it was asked for: a table of its own beside welfare.
pub(crate) fn once_capital_answers(directory: &BenchmarkDirectory, answer: &Counterfactual) -> String {
    if !answer.scenario.capital_answers {
        return String::new();
    }
    let mut table = plain();
    let shown = || std::iter::once(&WELFARE).chain(lists::CAPITAL.iter().copied());
    table.set_header(std::iter::once("capital, percent".to_string()).chain(shown().map(title)));
    for (position, row) in answer.outcomes.economies.iter().enumerate() {
        let numbers = shown().map(|entry| change(entry.equilibrium.and_then(|read| read(row))));
        table.add_row(std::iter::once(code(directory, position)).chain(numbers));
    }
    right(&mut table);
    format!("{table}\n")
}

/// The head of a column: percent goes without saying.
pub(crate) fn title(entry: &OutcomeEntry) -> String {
    match entry.unit {
        Unit::Percent => entry.short.to_owned(),
        Unit::Points => format!("{}, points", entry.short),
        unit => format!("{}, {}", entry.short, unit.words(None)),
    }
}

/// Several answers side by side: income and real wages by economy.
pub fn side_by_side(directory: &BenchmarkDirectory, answers: &[&Counterfactual]) -> String {
    let mut out = String::new();
    for entry in lists::SIDE_BY_SIDE {
        let mut table = plain();
        let names = answers.iter().map(|answer| answer.scenario.name.clone());
        table
            .set_header(std::iter::once(format!("{}, {}", entry.label, entry.unit.words(None))).chain(names));
        for position in 0..directory.benchmark.economies.len() {
            let rows = answers.iter().map(|answer| &answer.outcomes.economies[position]);
            let numbers = rows.map(|row| change(entry.equilibrium.and_then(|read| read(row))));
            table.add_row(std::iter::once(code(directory, position)).chain(numbers));
        }
        right(&mut table);
        out.push_str(&format!("{table}\n"));
    }
    out.push_str(&footer(directory, answers));
    out
}

pub(crate) fn plain() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width::of_table());
    table
}

pub(crate) fn right(table: &mut Table) {
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
}

pub(crate) fn code(directory: &BenchmarkDirectory, position: usize) -> String {
    let mark = if directory.is_weak(position) { "*" } else { "" };
    format!("{}{mark}", directory.benchmark.economies[position].code)
}

pub(crate) fn change(value: Option<f64>) -> String {
    match value.filter(|value| value.is_finite()) {
        None => String::new(),
        Some(value) if value.abs() < 5e-5 => "0.0000".to_string(),
        Some(value) => format!("{value:+.4}"),
    }
}

fn heading(answer: &Counterfactual) -> String {
    let sentence =
        answer.scenario.sentence.as_ref().map_or(String::new(), |sentence| format!("\n{sentence}"));
    let horizon = answer.scenario.horizon_label();
    let unstable = answer.entry().is_some_and(|entry| !entry.is_stable());
    let scale = if unstable {
        "\nNo effect of the change: would not hold under these economies of scale, see the note"
    } else {
        ""
    };
    let stated = answer.scenario.baseline.is_some();
    let from = if stated { "the baseline" } else { "the benchmark's tariffs" };
    format!("{} ({horizon}, percent change from {from}){sentence}{scale}", answer.scenario.name)
}

/// Certificates and what travels with the numbers.
fn footer(directory: &BenchmarkDirectory, answers: &[&Counterfactual]) -> String {
    let mut lines = Vec::new();
    if !directory.weak_economies().is_empty() {
        lines.push("* input structure is weak".to_string());
    }
    for answer in answers {
        let certificate = &answer.equilibrium.certificate;
        lines.push(format!(
            "certificate{}: largest residual {:.1e}, Walras {:.1e}, {} iterations, {} evaluations, {:.1} ms (baseline {:.1} ms)",
            if answers.len() > 1 { format!(" of {}", answer.scenario.name) } else { String::new() },
            certificate.max_residual(),
            certificate.walras,
            certificate.iterations,
            certificate.evaluations,
            1e3 * certificate.seconds,
            1e3 * answer.baseline.certificate.seconds,
        ));
    }
    for answer in answers {
        lines.extend(scale_lines(answer));
        lines.extend(limit_lines(answer));
    }
    for caveat in answers.iter().flat_map(|answer| answer.caveats()) {
        let note = format!("note: {caveat}");
        if !lines.contains(&note) {
            lines.push(note);
        }
    }
    lines.join("\n") + "\n"
}

/// What is known about uniqueness under economies of scale.
fn scale_lines(answer: &Counterfactual) -> Vec<String> {
    let Some(found) = answer.calibration.uniqueness else { return Vec::new() };
    let condition = match found.input_round {
        None if found.is_proven() => {
            "one equilibrium (scale times trade elasticity at most one, no inputs)".to_string()
        }
        None => format!(
            "several equilibria are possible: scale times trade elasticity is {:.3}, above one",
            found.largest_scale
        ),
        Some(round) => format!(
            "a round of entry and inputs returns {round:.3} of itself: below one, a test of prices at given output, no proof of one equilibrium"
        ),
    };
    let mut lines = vec![format!("scale: {condition}")];
    if let Some(entry) = answer.entry() {
        let after =
            entry.counterfactual.map_or(String::new(), |root| format!(", {:.3} at the answer", root.root));
        lines.push(format!(
            "entry: draws {:.3} of itself at the baseline{after}; below one an equilibrium holds",
            entry.baseline.root
        ));
    }
    let empty = answer.equilibrium.certificate.corners.map_or(0, |corners| corners.empty);
    if empty > 0 {
        lines.push(format!("entry: {empty} sectors of economies stand empty, and it would not pay there"));
    }
    lines
}

/// Each limit in one line.
fn limit_lines(answer: &Counterfactual) -> Vec<String> {
    let equilibrium = &answer.equilibrium;
    let limits = equilibrium.instruments.limits.iter().zip(&equilibrium.limit_wedge);
    let words = |wedge: f64| {
        if wedge > 0.0 {
            format!("binds, wedge {:.1} percent", 100.0 * wedge)
        } else {
            "does not bind".to_string()
        }
    };
    limits
        .take(4)
        .map(|(limit, wedge)| {
            let side = if limit.max.is_some() { "cap" } else { "floor" };
            let level = limit.max.or(limit.min).unwrap_or_default();
            format!("limit: {side} at {level:.0} on {} flows {}", limit.cells.len(), words(*wedge))
        })
        .collect()
}
