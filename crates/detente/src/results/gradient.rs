//! `gradient.csv`: the derivative of the logarithm of an outcome in the logarithms of all instruments' factors, at the
//! solution, by one transposed solve.

use detente_engine::error::EngineError;
use detente_engine::gradient::{self, Gradient};
use detente_engine::objective::{Objective, Outcome};

use crate::counterfactual::Counterfactual;
use crate::table::{csv_text, digits};
use detente_ledger::nearest::suggestion;

/// An outcome of an economy, as `--gradient OUTCOME:ECONOMY` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    outcome: Outcome,
    economy: usize,
}

/// What is wrong with `OUTCOME:ECONOMY`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WantedError {
    /// No colon.
    #[error("`{0}` is not OUTCOME:ECONOMY, for instance `welfare:{1}`")]
    Form(String, String),
    /// No such outcome.
    #[error("unknown outcome `{0}`; {1}")]
    Outcome(String, String),
    /// No such economy.
    #[error("unknown economy `{0}`; {1}")]
    Economy(String, String),
}

/// Reads `OUTCOME:ECONOMY`, split at the first colon.
pub fn parse(typed: &str, answer: &Counterfactual) -> Result<Wanted, WantedError> {
    let benchmark = &answer.calibration.benchmark;
    let codes = || benchmark.economies.iter().map(|economy| economy.code.as_str());
    let Some((outcome, code)) = typed.split_once(':') else {
        let example = codes().next().unwrap_or_default().to_string();
        return Err(WantedError::Form(typed.to_string(), example));
    };
    let named = Outcome::named(outcome).ok_or_else(|| {
        let known = Outcome::NAMED.iter().map(|(name, _)| *name);
        WantedError::Outcome(outcome.to_string(), suggestion(outcome, known))
    })?;
    let economy = benchmark
        .economy(code)
        .ok_or_else(|| WantedError::Economy(code.to_string(), suggestion(code, codes())))?;
    Ok(Wanted { outcome: named, economy })
}

/// The derivatives at the solution.
pub fn solve(answer: &Counterfactual, wanted: Wanted) -> Result<Gradient, EngineError> {
    let objective = Objective::log(wanted.outcome, wanted.economy);
    gradient::gradient(&answer.calibration, &answer.equilibrium, &objective)
}

/// `instrument,importer,exporter,sector,derivative`. Productivity and endowments stand with their economy as the exporter;
/// a deficit (in world factor income) with its economy as the importer. Rows that are zero are left out.
pub fn csv(answer: &Counterfactual, gradient: &Gradient) -> String {
    let benchmark = &answer.calibration.benchmark;
    let dimensions = benchmark.dimensions();
    let economy = |position: usize| benchmark.economies[position].code.clone();
    let sector = |position: usize| benchmark.sectors[position].code.clone();
    let mut rows: Vec<[String; 5]> = Vec::new();
    let mut add = |instrument: &str, importer: String, exporter: String, sector: String, value: f64| {
        if value != 0.0 {
            rows.push([instrument.to_string(), importer, exporter, sector, digits(Some(value))]);
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
    for (pair, value) in gradient.productivity.iter().enumerate() {
        let (exporter, good) = (pair % dimensions.economies, pair / dimensions.economies);
        add("productivity", String::new(), economy(exporter), sector(good), *value);
    }
    for (position, value) in gradient.endowment.iter().enumerate() {
        add("endowment", String::new(), economy(position), String::new(), *value);
    }
    for (position, value) in gradient.deficit.iter().enumerate() {
        add("deficit", economy(position), String::new(), String::new(), *value);
    }
    csv_text(&["instrument", "importer", "exporter", "sector", "derivative"], rows)
}
