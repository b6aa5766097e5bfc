//! A scenario asked within a year (`horizon = "first-year"`): nested demand at held wages and border prices, not an equilibrium.
//!
//! Only tariffs can change, and settings of the equilibrium have no meaning here; both are refused rather than ignored.
//! The elasticities of the nests are the published ones (`data/elasticities/short_run.toml`). Every answer starts from the benchmark's
//! flows and tariffs: what a change from a `[baseline]` brings is the difference of two answers.

use detente_engine::closure::Closure;
use detente_engine::error::EngineError;
use detente_engine::first_year::{FirstYear, FirstYearAccounts, FirstYearOutcome, FirstYearParameters};
use serde_json::{Map, Value, json};

use crate::collection::Basis;
use crate::counterfactual::{NoAnswer, caveats};
use crate::results::tags::{self, Tag};
use crate::results::{self, columns, json_cell, keys};
use crate::scenario::meant::{Case, Rate, Scenario, What};
use crate::scenario::settings;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::elasticities;
use detente_engine::catalogue::{OutcomeEntry, Place, Unit, lists};
use detente_tables::output::OutputFile;
use detente_tables::result_table::ResultTable;

/// Accounts of a change of tariffs within a year.
#[derive(Debug)]
pub struct WithinAYear {
    /// What was asked.
    pub scenario: Scenario,
    /// Tariff rates before, N·N·S.
    pub tariffs_before: Vec<f64>,
    /// Tariff rates after, N·N·S.
    pub tariffs_after: Vec<f64>,
    /// Elasticities of the nests, pass-through.
    pub parameters: FirstYearParameters,
    /// The accounts.
    pub outcome: FirstYearOutcome,
    /// What every reader of the numbers should know.
    pub caveats: Vec<String>,
}

/// Accounts for a scenario.
pub fn answer(directory: &BenchmarkDirectory, scenario: Scenario) -> Result<WithinAYear, NoAnswer> {
    let name = scenario.name.clone();
    let refused = |refusal| NoAnswer::Refused { scenario: name.clone(), refusal };
    let benchmark = &directory.benchmark;
    let mut case = Case { closure: scenario.counterfactual.closure.clone(), changes: Vec::new() };
    let baseline = scenario.baseline.as_ref();
    for case in baseline.into_iter().chain([&scenario.counterfactual]) {
        if case.closure != Closure::default() {
            let reason = "within a year nothing but tariffs moves; leave the other keys of [closure] and [baseline] out";
            return Err(refused(EngineError::Refused {
                setting: "horizon = \"first-year\"",
                reason: reason.into(),
            }));
        }
        for change in &case.changes {
            if !matches!(change.what, What::Rate(Rate::Tariff, ..) | What::Rates(Rate::Tariff, _)) {
                let reason = format!(
                    "`{}` (line {}) is no tariff, and only tariffs change within a year",
                    change.place.key, change.place.line
                );
                return Err(refused(EngineError::Refused { setting: "horizon = \"first-year\"", reason }));
            }
        }
    }
    case.changes.extend(baseline.into_iter().flat_map(|case| case.changes.iter().cloned()));
    let tariffs_before = case.instruments(benchmark, None)?.tariff_rate;
    case.changes.extend(scenario.counterfactual.changes.iter().cloned());
    let tariffs_after = case.instruments(benchmark, None)?.tariff_rate;
    let known = elasticities::short_run().map_err(|error| {
        let reason = error.to_string();
        refused(EngineError::Refused { setting: "horizon = \"first-year\"", reason })
    })?;
    let parameters = known.published();
    let accounts = || {
        let question = FirstYear::new(benchmark)?;
        let case = |rates: &[f64]| question.case(rates, &[]);
        question.change(&case(&tariffs_before)?, &case(&tariffs_after)?, &parameters)
    };
    let outcome = accounts().map_err(refused)?;
    let caveats = caveats(directory, &scenario);
    Ok(WithinAYear { scenario, tariffs_before, tariffs_after, parameters, outcome, caveats })
}

/// Outcomes of `economies.csv` at this horizon: those of every horizon, then the accounts' own.
fn outcomes() -> impl Iterator<Item = &'static OutcomeEntry> {
    lists::ECONOMY.iter().chain(lists::FIRST_YEAR).copied()
}

/// `economies.csv`: columns without meaning here are empty.
pub fn economies(directory: &BenchmarkDirectory, answer: &WithinAYear) -> ResultTable {
    let benchmark = &directory.benchmark;
    let mut columns = vec![keys::ECONOMY.text(benchmark.economies.iter().map(|economy| &economy.code))];
    columns.extend(outcomes().map(|entry| {
        let accounts = answer.outcome.accounts.iter();
        let cells = accounts.map(|row| entry.first_year.and_then(|read| read(row)));
        columns::outcome(entry, Place::Economies, benchmark, cells)
    }));
    ResultTable::new(columns)
}

/// Within a year every number is accounting. Levels stand before their changes, then what only the accounts have.
fn tags(answer: &WithinAYear) -> Vec<(&'static str, Tag)> {
    let mut shared: Vec<&OutcomeEntry> =
        lists::ECONOMY.iter().copied().filter(|entry| entry.first_year.is_some()).collect();
    shared.sort_by_key(|entry| entry.unit == Unit::Percent);
    let scenario = &answer.scenario;
    let tag = |entry: &OutcomeEntry| entry.tag(scenario.horizon, &scenario.counterfactual.closure, false);
    let all = shared.into_iter().chain(lists::FIRST_YEAR.iter().copied());
    all.map(|entry| (entry.key(Place::Economies), tag(entry))).collect()
}

/// Everything that `--out` holds at this horizon: no sectors and no decomposition, which it does not define.
pub fn files(directory: &BenchmarkDirectory, answer: &WithinAYear) -> Vec<OutputFile> {
    let benchmark = &directory.benchmark;
    let cells = 0..benchmark.dimensions().cells();
    let (before, after) = (&answer.outcome.border_value_before, &answer.outcome.border_value);
    let traded: Vec<usize> =
        cells.clone().filter(|cell| before[*cell] != 0.0 || after[*cell] != 0.0).collect();
    let taxed: Vec<usize> = cells.filter(|cell| answer.tariffs_after[*cell] != 0.0).collect();
    vec![
        results::summary_file(summary(directory, answer)),
        OutputFile::table(results::ECONOMIES, economies(directory, answer)),
        OutputFile::table("trade", results::trade_of(benchmark, &traded, before, after)),
        OutputFile::table("tariffs", results::tariffs_of(benchmark, &taxed, &answer.tariffs_after)),
        OutputFile::table("tags", tags::table(directory, &tags(answer))),
    ]
}

/// `summary.json`: the contract's fields; nothing is iterated at this horizon.
pub fn summary(directory: &BenchmarkDirectory, answer: &WithinAYear) -> Value {
    let closure = &answer.scenario.counterfactual.closure;
    json!({
        "scenario": answer.scenario.name,
        "sentence": answer.scenario.sentence,
        "converged": true,
        "max_residual": 0.0,
        "residuals": {},
        "iterations": 0,
        "evaluations": 1,
        "seconds": null,
        "baseline_seconds": null,
        "numeraire": settings::numeraire_word(&closure.numeraire),
        "horizon": answer.scenario.horizon.code(),
        "tariff_basis": answer.scenario.basis.map(Basis::word),
        "closure": null,
        "parameters": {
            "between_origins": answer.parameters.between_origins,
            "between_products": answer.parameters.between_products,
            "with_home": answer.parameters.with_home,
            "pass_through": answer.parameters.pass_through,
        },
        "version": env!("CARGO_PKG_VERSION"),
        "benchmark": {
            "name": directory.benchmark.name,
            "location": directory.location,
            "year": directory.benchmark.year,
            "unit": directory.benchmark.unit,
            "licence": directory.benchmark.licence,
        },
        "weak_economies": directory.weak_economies(),
        "quality": tags::quality(directory),
        "tags": tags::json(&tags(answer)),
        "caveats": answer.caveats,
    })
}

/// The accounts as JSON for standard output.
pub fn json(directory: &BenchmarkDirectory, answer: &WithinAYear) -> Value {
    let row = |row: &FirstYearAccounts| -> Map<String, Value> {
        outcomes().map(|entry| json_cell(entry, entry.first_year, row)).collect()
    };
    let economies = directory.benchmark.economies.iter().zip(&answer.outcome.accounts);
    let economies: Map<String, Value> =
        economies.map(|(economy, accounts)| (economy.code.clone(), Value::Object(row(accounts)))).collect();
    json!({ "summary": summary(directory, answer), "economies": economies })
}
