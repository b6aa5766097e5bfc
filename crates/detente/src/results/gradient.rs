//! `gradient.csv`: the derivative of the logarithm of an outcome in the logarithms of all instruments' factors, at the
//! solution, by one transposed solve.

use detente_engine::catalogue::{self, Place, flow};
use detente_engine::error::EngineError;
use detente_engine::gradient::Gradient;
use detente_engine::objective::{Objective, Scalar};
use serde::Deserialize;
use std::path::Path;

use super::{columns, keys};
use crate::counterfactual::Counterfactual;
use detente_tables::diagnostics::Problem;
use detente_tables::input_file;
use detente_tables::nearest::suggestion;
use detente_tables::output::OutputFile;
use detente_tables::result_table::ResultTable;
use detente_tables::toml_file;

/// What is differentiated: an outcome of an economy, as `--gradient OUTCOME:ECONOMY` names it, or what a file defines.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    objective: Objective,
}

/// An objective of the user's own: a weighted sum of outcomes, or one such sum over another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedObjective {
    /// Sums the outcomes' logarithms instead of the outcomes.
    #[serde(default)]
    logarithms: bool,
    term: Vec<TypedTerm>,
    #[serde(default)]
    over: Vec<TypedTerm>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedTerm {
    outcome: String,
    economy: String,
    #[serde(default = "one")]
    weight: f64,
}

fn one() -> f64 {
    1.0
}

/// What is wrong with `OUTCOME:ECONOMY`.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WantedError {
    /// No colon.
    #[error("`{0}` is neither OUTCOME:ECONOMY, for instance `welfare:{1}`, nor a file that ends in .toml")]
    Form(String, String),
    /// A file that is not there or cannot be read.
    #[error("{0}: cannot be read: {1}")]
    Unreadable(String, String),
    /// A file that is no objective.
    #[error("{0}")]
    File(Problem),
    /// An objective without a value.
    #[error(
        "the objective has no value here ({0}); an outcome that the setting does not define, or a sum over zero"
    )]
    NoValue(f64),
    /// No such outcome.
    #[error("unknown outcome `{0}`; {1}")]
    Outcome(String, String),
    /// No such economy.
    #[error("unknown economy `{0}`; {1}")]
    Economy(String, String),
}

/// Reads `OUTCOME:ECONOMY`, split at the first colon, or the objective in a TOML file.
///
/// ```
/// use detente::{Scenario, World, results::gradient};
///
/// let world = World::embedded()?;
/// let answer = world.solve(&Scenario::example("us-plus-10-on-china")?)?;
/// let found = answer.equilibrium().expect("an equilibrium");
/// let wanted = gradient::parse("welfare:CHN", found).expect("an outcome of an economy");
/// let table = gradient::table(found, &gradient::solve(found, &wanted).expect("a gradient"));
/// assert!(table.len() > 24 * 24);
/// # Ok::<(), detente::Error>(())
/// ```
pub fn parse(typed: &str, answer: &Counterfactual) -> Result<Wanted, WantedError> {
    if typed.ends_with(".toml") {
        let unreadable = |reason: String| WantedError::Unreadable(typed.to_string(), reason);
        let text =
            input_file::read_text(Path::new(typed)).map_err(|finding| unreadable(finding.to_string()))?;
        let text = text.ok_or_else(|| unreadable("there is no such file".into()))?;
        let objective = read(typed, &text, answer)?;
        let value = objective.value(&answer.calibration, &answer.equilibrium);
        return if value.is_finite() { Ok(Wanted { objective }) } else { Err(WantedError::NoValue(value)) };
    }
    let Some((outcome, code)) = typed.split_once(':') else {
        let economies = &answer.calibration.benchmark.economies;
        let example = economies.first().map_or("", |economy| economy.code.as_str()).to_string();
        return Err(WantedError::Form(typed.to_string(), example));
    };
    let scalar = scalar(outcome, code, answer)?;
    Ok(Wanted { objective: Objective::log(scalar.outcome, scalar.economy) })
}

fn read(label: &str, text: &str, answer: &Counterfactual) -> Result<Objective, WantedError> {
    let typed: TypedObjective = toml_file::parse(label, text).map_err(WantedError::File)?;
    let sum = |terms: &[TypedTerm]| -> Result<Objective, WantedError> {
        let terms = terms
            .iter()
            .map(|term| Ok((term.weight, scalar(&term.outcome, &term.economy, answer)?)))
            .collect::<Result<Vec<_>, WantedError>>()?;
        Ok(if typed.logarithms { Objective::LogSum(terms) } else { Objective::Sum(terms) })
    };
    let above = sum(&typed.term)?;
    Ok(if typed.over.is_empty() {
        above
    } else {
        Objective::Ratio(Box::new(above), Box::new(sum(&typed.over)?))
    })
}

fn scalar(outcome: &str, code: &str, answer: &Counterfactual) -> Result<Scalar, WantedError> {
    let benchmark = &answer.calibration.benchmark;
    let named = catalogue::objective(outcome).ok_or_else(|| {
        let known = catalogue::objectives().map(|(name, ..)| name);
        WantedError::Outcome(outcome.to_string(), suggestion(outcome, known))
    })?;
    let economy = benchmark.economy(code).ok_or_else(|| {
        let codes = benchmark.economies.iter().map(|economy| economy.code.as_str());
        WantedError::Economy(code.to_string(), suggestion(code, codes))
    })?;
    Ok(Scalar { outcome: named, economy })
}

/// The derivatives at the solution.
pub fn solve(answer: &Counterfactual, wanted: &Wanted) -> Result<Gradient, EngineError> {
    answer.gradient(&wanted.objective)
}

/// `instrument,importer,exporter,sector,derivative`. Productivity, capital and endowments stand with their economy as the exporter;
/// a deficit (in world factor income) and final use (a shift in shares of income; only differences between sectors count)
/// with theirs as the importer. A limit stands with all codes of its flows, joined by `+`, and its derivative is in the
/// logarithm of its level. Rows that are zero are left out.
pub fn table(answer: &Counterfactual, gradient: &Gradient) -> ResultTable {
    let benchmark = &answer.calibration.benchmark;
    let dimensions = benchmark.dimensions();
    let economy = |position: usize| benchmark.economies[position].code.clone();
    let sector = |position: usize| benchmark.sectors[position].code.clone();
    let mut words: [Vec<String>; 4] = Default::default();
    let mut derivatives = Vec::new();
    let mut add = |instrument: &str, importer: String, exporter: String, sector: String, value: f64| {
        if value != 0.0 {
            let cells = [instrument.to_string(), importer, exporter, sector];
            words.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
            derivatives.push(Some(value));
        }
    };
    let cells = [
        ("tariff", &gradient.tariff),
        ("export_tax", &gradient.export_tax),
        ("trade_cost", &gradient.trade_cost),
    ];
    for (instrument, values) in cells {
        for (cell, value) in values.iter().enumerate() {
            let (importer, exporter, good) = dimensions.cell_of(cell);
            add(instrument, economy(importer), economy(exporter), sector(good), *value);
        }
    }
    for (instrument, values) in [("productivity", &gradient.productivity), ("capital", &gradient.capital)] {
        for (pair, value) in values.iter().enumerate() {
            let (exporter, good) = (pair % dimensions.economies, pair / dimensions.economies);
            add(instrument, String::new(), economy(exporter), sector(good), *value);
        }
    }
    for (pair, value) in gradient.final_demand.iter().enumerate() {
        let (importer, good) = (pair % dimensions.economies, pair / dimensions.economies);
        add("final_demand", economy(importer), String::new(), sector(good), *value);
    }
    for (limit, value) in answer.equilibrium.instruments.limits.iter().zip(&gradient.limit) {
        let cells: Vec<(usize, usize, usize)> =
            limit.cells.iter().map(|cell| dimensions.cell_of(*cell)).collect();
        let joined = |codes: Vec<String>| codes.join("+");
        let sorted = |mut positions: Vec<usize>| {
            positions.sort_unstable();
            positions.dedup();
            positions
        };
        add(
            "limit",
            joined(sorted(cells.iter().map(|cell| cell.0).collect()).into_iter().map(economy).collect()),
            joined(sorted(cells.iter().map(|cell| cell.1).collect()).into_iter().map(economy).collect()),
            joined(sorted(cells.iter().map(|cell| cell.2).collect()).into_iter().map(sector).collect()),
            *value,
        );
    }
    for (position, value) in gradient.endowment.iter().enumerate() {
        add("endowment", String::new(), economy(position), String::new(), *value);
    }
    for (position, value) in gradient.deficit.iter().enumerate() {
        add("deficit", economy(position), String::new(), String::new(), *value);
    }
    let [instruments, importers, exporters, sectors] = words;
    ResultTable::new(vec![
        keys::INSTRUMENT.text(instruments),
        keys::IMPORTER.text(importers),
        keys::EXPORTER.text(exporters),
        keys::SECTOR.text(sectors),
        columns::outcome(&flow::DERIVATIVE, Place::Economies, benchmark, derivatives),
    ])
}

/// `gradient.csv`.
pub fn file(answer: &Counterfactual, gradient: &Gradient) -> OutputFile {
    OutputFile::table("gradient", table(answer, gradient))
}
