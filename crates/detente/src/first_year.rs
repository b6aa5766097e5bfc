//! A scenario asked within a year (`horizon = "truce"`): accounting at held wages and border prices, not an equilibrium.
//!
//! Only tariffs can change, and settings of the equilibrium have no meaning here; both are refused rather than ignored.
//! Elasticity, pass-through and the re-sourced share are those that the back-test chose (`data/elasticities/short_run.toml`).

use detente_engine::closure::Closure;
use detente_engine::error::EngineError;
use detente_engine::horizon::truce::{TruceAccounts, TruceOutcome, TruceParameters, truce};
use serde_json::{Map, Value, json};

use crate::collection::Basis;
use crate::counterfactual::{NoAnswer, caveats};
use crate::results::columns::ECONOMY;
use crate::results::tags::{self, Tag};
use crate::results::{SUMMARY, finite};
use crate::scenario::meant::{Case, Rate, Scenario, What};
use crate::scenario::settings;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::elasticities;
use detente_tables::atomic_write::Files;
use detente_tables::table::{csv_text, digits};

/// Accounts of a change of tariffs within a year.
#[derive(Debug)]
pub struct WithinAYear {
    /// What was asked.
    pub scenario: Scenario,
    /// Tariff rates before, N·N·S.
    pub tariffs_before: Vec<f64>,
    /// Tariff rates after, N·N·S.
    pub tariffs_after: Vec<f64>,
    /// Elasticity, pass-through, re-sourced share.
    pub parameters: TruceParameters,
    /// The accounts.
    pub outcome: TruceOutcome,
    /// What every reader of the numbers should know.
    pub caveats: Vec<String>,
}

/// A column and where its number comes from.
type Column = (&'static str, fn(&TruceAccounts) -> Option<f64>);

/// Columns of the contract's `economies.csv` that accounts define.
const SHARED: [Column; 8] = [
    ("tariff_revenue_before", |row| Some(row.duty_before)),
    ("tariff_revenue", |row| Some(row.duty)),
    ("deficit_before", |row| Some(row.imports_before - row.exports_before)),
    ("deficit", |row| Some(row.imports - row.exports)),
    ("exports_before", |row| Some(row.exports_before)),
    ("exports_after", |row| Some(row.exports)),
    ("imports_before", |row| Some(row.imports_before)),
    ("imports_after", |row| Some(row.imports)),
];

/// Columns that only this horizon has.
const OWN: [Column; 11] = [
    ("income_pct", |row| Some(row.income_pct())),
    ("private_cost_pct", |row| Some(row.private_cost_pct())),
    ("net_sales_pct", |row| Some(row.net_sales_pct())),
    ("private_cost", |row| Some(row.private_cost())),
    ("price_rise_on_purchases", |row| Some(row.price_rise_on_purchases)),
    ("concession_received", |row| Some(row.concession_received)),
    ("deadweight_loss", |row| Some(row.deadweight_loss)),
    ("sales_at_risk", |row| Some(row.sales_at_risk)),
    ("sales_gained", |row| Some(row.sales_gained)),
    ("resourced", |row| Some(row.resourced)),
    ("bought_at_home", |row| Some(row.bought_at_home)),
];

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
                setting: "horizon = \"truce\"",
                reason: reason.into(),
            }));
        }
        for change in &case.changes {
            if !matches!(change.what, What::Rate(Rate::Tariff, ..) | What::Rates(Rate::Tariff, _)) {
                let reason = format!(
                    "`{}` (line {}) is no tariff, and only tariffs change within a year",
                    change.place.key, change.place.line
                );
                return Err(refused(EngineError::Refused { setting: "horizon = \"truce\"", reason }));
            }
        }
    }
    case.changes.extend(baseline.into_iter().flat_map(|case| case.changes.iter().cloned()));
    let tariffs_before = case.instruments(benchmark, None)?.tariff_rate;
    case.changes.extend(scenario.counterfactual.changes.iter().cloned());
    let tariffs_after = case.instruments(benchmark, None)?.tariff_rate;
    let known = elasticities::short_run().map_err(|error| {
        let reason = error.to_string();
        refused(EngineError::Refused { setting: "horizon = \"truce\"", reason })
    })?;
    let parameters = known.headline(benchmark.sectors.len());
    let outcome = truce(benchmark, &tariffs_before, &tariffs_after, &parameters).map_err(refused)?;
    let caveats = caveats(directory, &scenario);
    Ok(WithinAYear { scenario, tariffs_before, tariffs_after, parameters, outcome, caveats })
}

/// `economies.csv`: the contract's columns, those without meaning here empty, then the accounts' own.
pub fn economies(directory: &BenchmarkDirectory, answer: &WithinAYear) -> String {
    let mut header = vec!["economy"];
    header.extend(ECONOMY.iter().map(|(name, _)| *name));
    header.extend(OWN.iter().map(|(name, _)| *name));
    let rows = directory.benchmark.economies.iter().zip(&answer.outcome.accounts).map(|(economy, row)| {
        let mut cells = vec![economy.code.clone()];
        cells.extend(ECONOMY.iter().map(|(name, _)| digits(shared(name, row))));
        cells.extend(OWN.iter().map(|(_, number)| digits(number(row))));
        cells
    });
    csv_text(&header, rows)
}

/// A column of `economies.csv` that this horizon shares with an equilibrium, by its name; `None` where it has none.
pub fn shared(name: &str, row: &TruceAccounts) -> Option<f64> {
    let percent = |after: f64, before: f64| (before > 0.0).then(|| 100.0 * (after / before - 1.0));
    match name {
        "exports_pct" => percent(row.exports, row.exports_before),
        "imports_pct" => percent(row.imports, row.imports_before),
        _ => SHARED.iter().find(|(known, _)| *known == name).and_then(|(_, number)| number(row)),
    }
}

/// A column that only this horizon has, by its name; `None` where there is none.
pub fn own(name: &str, row: &TruceAccounts) -> Option<f64> {
    OWN.iter().find(|(known, _)| *known == name).and_then(|(_, number)| number(row))
}

/// Within a year every number is accounting: identities over data and stated elasticities.
fn tags() -> Vec<(&'static str, Tag)> {
    let own = OWN.iter().map(|(name, _)| *name);
    let shared = SHARED.iter().map(|(name, _)| *name).chain(["exports_pct", "imports_pct"]);
    shared.chain(own).map(|name| (name, Tag::Accounting)).collect()
}

/// Everything that `--out` holds at this horizon: no sectors and no decomposition, which it does not define.
pub fn files(directory: &BenchmarkDirectory, answer: &WithinAYear) -> Files {
    let benchmark = &directory.benchmark;
    let dimensions = benchmark.dimensions();
    let (mut trade, mut tariffs) = (Vec::new(), Vec::new());
    for cell in 0..dimensions.cells() {
        let (importer, exporter, sector) = dimensions.cell_of(cell);
        let code = |position: usize| benchmark.economies[position].code.clone();
        let names = || [code(exporter), code(importer), benchmark.sectors[sector].code.clone()];
        let (before, after) = (answer.outcome.border_value_before[cell], answer.outcome.border_value[cell]);
        if before != 0.0 || after != 0.0 {
            let change = (before != 0.0).then(|| 100.0 * (after / before - 1.0));
            let numbers = [Some(before), Some(after), change].map(digits);
            trade.push(names().into_iter().chain(numbers).collect::<Vec<_>>());
        }
        if answer.tariffs_after[cell] != 0.0 {
            tariffs.push(
                names().into_iter().chain([digits(Some(answer.tariffs_after[cell]))]).collect::<Vec<_>>(),
            );
        }
    }
    vec![
        (SUMMARY.into(), format!("{:#}\n", summary(directory, answer))),
        ("economies.csv".into(), economies(directory, answer)),
        (
            "trade.csv".into(),
            csv_text(&["exporter", "importer", "sector", "value_before", "value_after", "change_pct"], trade),
        ),
        ("tariffs.csv".into(), csv_text(&["exporter", "importer", "sector", "rate"], tariffs)),
        ("tags.csv".into(), tags::csv(directory, &tags())),
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
            "short_run_elasticity": answer.parameters.short_run_elasticity.first(),
            "pass_through": answer.parameters.pass_through,
            "resourced_share": answer.parameters.resourced_share,
            "home_share": answer.parameters.home_share,
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
        "tags": tags::json(&tags()),
        "caveats": answer.caveats,
    })
}

/// The accounts as JSON for standard output.
pub fn json(directory: &BenchmarkDirectory, answer: &WithinAYear) -> Value {
    let row = |row: &TruceAccounts| -> Map<String, Value> {
        let own = OWN.iter().map(|(name, number)| ((*name).to_string(), finite(number(row))));
        let others = ECONOMY.iter().map(|(name, _)| ((*name).to_string(), finite(shared(name, row))));
        others.chain(own).collect()
    };
    let economies = directory.benchmark.economies.iter().zip(&answer.outcome.accounts);
    let economies: Map<String, Value> =
        economies.map(|(economy, accounts)| (economy.code.clone(), Value::Object(row(accounts)))).collect();
    json!({ "summary": summary(directory, answer), "economies": economies })
}
