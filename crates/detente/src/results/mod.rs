//! Results: the files of `--out`, the JSON and CSV of standard output, and the table for people.

pub mod columns;
pub mod comparison;
pub mod gradient;
pub mod tags;

use detente_engine::outcomes::decomposition::Decomposition;
use serde_json::{Map, Value, json};

use crate::collection::Basis;
use crate::counterfactual::Counterfactual;
use crate::scenario::settings;
use columns::{ECONOMY, SECTOR};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_tables::atomic_write::{self, Files, Outputs};
use detente_tables::table::{csv_text, digits};
use std::path::Path;

/// The file by which a directory of results is known as one.
pub const SUMMARY: &str = "summary.json";

/// A column that a command adds to `economies.csv`: its name and a number per economy.
pub type ExtraColumn = (&'static str, Vec<Option<f64>>);

/// Everything that `--out` holds. `extra` columns stand at the end of `economies.csv`.
pub fn files(directory: &BenchmarkDirectory, answer: &Counterfactual, extra: &[ExtraColumn]) -> Files {
    let summary = serde_json::to_string_pretty(&summary(directory, answer)).unwrap_or_default();
    vec![
        (SUMMARY.into(), summary + "\n"),
        ("economies.csv".into(), economies(answer, extra)),
        ("sectors.csv".into(), sectors(answer)),
        ("trade.csv".into(), trade(answer)),
        ("tariffs.csv".into(), tariffs(answer)),
        ("decomposition.csv".into(), decomposition(answer)),
        ("tags.csv".into(), tags::csv(directory, &tags::of_equilibrium(&answer.scenario))),
    ]
}

/// Names that results may have, whichever question they answer; each command's own further files stand here too.
pub const OUTPUTS: Outputs = Outputs {
    mark: SUMMARY,
    known: &[
        "economies.csv",
        "sectors.csv",
        "trade.csv",
        "tariffs.csv",
        "decomposition.csv",
        "tags.csv",
        "bands.csv",
        "gradient.csv",
        "comparison.csv",
        "dials.csv",
        "levers.csv",
        "targets.csv",
        "frontier.csv",
        "draws.csv",
        "bargaining_points.csv",
        "best_response_curves.json",
        "payoff_plane.json",
        "patience.json",
        "deadline.json",
    ],
};

/// Writes results: aside first, renamed when whole. An earlier result is replaced, anything else refused; what was done about the leavings
/// of an interruption is told, a sentence each.
pub fn write(out: &Path, files: &Files) -> Result<Vec<String>, atomic_write::WriteError> {
    atomic_write::write(out, &OUTPUTS, files)
}

/// `summary.json`.
pub fn summary(directory: &BenchmarkDirectory, answer: &Counterfactual) -> Value {
    let certificate = &answer.equilibrium.certificate;
    let before = &answer.baseline.certificate;
    let residuals: Map<String, Value> =
        certificate.residuals.iter().map(|(block, value)| ((*block).to_string(), json!(value))).collect();
    let words = |closure| -> Map<String, Value> {
        settings::words(closure).into_iter().map(|(key, word)| (key.to_string(), json!(word))).collect()
    };
    let closure = &answer.scenario.counterfactual.closure;
    json!({
        "scenario": answer.scenario.name,
        "sentence": answer.scenario.sentence,
        // There is no other: an unsolved model has no results.
        "converged": true,
        "max_residual": certificate.max_residual(),
        "residuals": residuals,
        "walras": certificate.walras,
        "iterations": certificate.iterations,
        "evaluations": certificate.evaluations,
        "sweeps": certificate.sweeps,
        "seconds": certificate.seconds,
        "uniqueness": uniqueness(answer),
        "limits": limits(answer),
        "baseline_seconds": before.seconds,
        "baseline_iterations": before.iterations,
        "baseline_max_residual": before.max_residual(),
        "numeraire": settings::numeraire_word(&closure.numeraire),
        "horizon": answer.scenario.horizon.code(),
        "tariff_basis": answer.scenario.basis.map(Basis::word),
        "closure": words(closure),
        "baseline_closure": words(&answer.baseline_closure),
        "version": env!("CARGO_PKG_VERSION"),
        "benchmark": {
            "name": directory.benchmark.name,
            "location": directory.location,
            "year": directory.benchmark.year,
            "unit": directory.benchmark.unit,
            "source": directory.benchmark.source,
            "licence": directory.benchmark.licence,
            "market_gap": directory.market_gap.gap,
        },
        "weak_economies": directory.weak_economies(),
        "quality": tags::quality(directory),
        "tags": tags::json(&tags::of_equilibrium(&answer.scenario)),
        "caveats": answer.caveats(),
    })
}

/// Economies of scale: what the conditions for one equilibrium say, and which sectors stand empty. Null without them.
fn uniqueness(answer: &Counterfactual) -> Value {
    let Some(found) = answer.calibration.uniqueness else { return Value::Null };
    let corners = answer.equilibrium.certificate.corners;
    let entry = answer.entry();
    json!({
        "proven": found.is_proven(),
        "largest_scale": found.largest_scale,
        "input_round": found.input_round,
        "empty_sectors": corners.map(|corners| corners.empty),
        "largest_gain_of_entry": corners.map(|corners| corners.largest_gain),
        "baseline_empty_sectors": entry.map(|entry| entry.emptied),
        "baseline_entry_root": entry.map(|entry| entry.baseline.root),
        "entry_root": entry.and_then(|entry| Some(entry.counterfactual?.root)),
        "holds_up_to_scale_times_trade_elasticity": entry.and_then(|entry| entry.holds_up_to),
    })
}

/// Each limit: how many flows it sums, its level, its wedge as a fraction, and whether it binds.
fn limits(answer: &Counterfactual) -> Vec<Value> {
    let equilibrium = &answer.equilibrium;
    let wedges = equilibrium.limit_wedge.iter();
    let limits = equilibrium.instruments.limits.iter().zip(wedges);
    limits
        .map(|(limit, wedge)| {
            let value: f64 = limit.cells.iter().map(|cell| equilibrium.border_value[*cell]).sum();
            json!({
                "flows": limit.cells.len(),
                "min": limit.min,
                "max": limit.max,
                "border_value": value,
                "wedge": wedge,
                "binds": *wedge > 0.0,
            })
        })
        .collect()
}

/// The answer as JSON for standard output: the summary, economies and sectors.
pub fn json(directory: &BenchmarkDirectory, answer: &Counterfactual) -> Value {
    let benchmark = &directory.benchmark;
    let economies: Map<String, Value> = benchmark
        .economies
        .iter()
        .zip(&answer.outcomes.economies)
        .enumerate()
        .map(|(position, (economy, row))| {
            let mut cells: Map<String, Value> =
                ECONOMY.iter().map(|(name, number)| ((*name).to_string(), finite(number(row)))).collect();
            if let Some(quality) = directory.quality(position) {
                cells.insert("quality".into(), json!(quality.grade.word()));
            }
            (economy.code.clone(), Value::Object(cells))
        })
        .collect();
    let dimensions = benchmark.dimensions();
    let sectors: Map<String, Value> = benchmark
        .economies
        .iter()
        .enumerate()
        .map(|(position, economy)| {
            let rows: Map<String, Value> = benchmark
                .sectors
                .iter()
                .enumerate()
                .map(|(sector, good)| {
                    let row = &answer.outcomes.sectors[dimensions.pair(position, sector)];
                    let cells =
                        SECTOR.iter().map(|(name, number)| ((*name).to_string(), finite(number(row))));
                    (good.code.clone(), Value::Object(cells.collect()))
                })
                .collect();
            (economy.code.clone(), Value::Object(rows))
        })
        .collect();
    json!({ "summary": summary(directory, answer), "economies": economies, "sectors": sectors })
}

/// A number, or null: JSON has no NaN and neither have we.
pub(crate) fn finite(value: Option<f64>) -> Value {
    value.filter(|value| value.is_finite()).map_or(Value::Null, |value| json!(value))
}

/// `economies.csv`.
pub fn economies(answer: &Counterfactual, extra: &[ExtraColumn]) -> String {
    let benchmark = &answer.calibration.benchmark;
    let mut header = vec!["economy"];
    header.extend(ECONOMY.iter().map(|(name, _)| *name));
    header.extend(extra.iter().map(|(name, _)| *name));
    let rows = benchmark.economies.iter().zip(&answer.outcomes.economies).enumerate().map(
        |(position, (economy, row))| {
            let mut cells = vec![economy.code.clone()];
            cells.extend(ECONOMY.iter().map(|(_, number)| digits(number(row))));
            cells.extend(extra.iter().map(|(_, values)| digits(values.get(position).copied().flatten())));
            cells
        },
    );
    csv_text(&header, rows)
}

fn sectors(answer: &Counterfactual) -> String {
    let benchmark = &answer.calibration.benchmark;
    let dimensions = benchmark.dimensions();
    let mut header = vec!["economy", "sector"];
    header.extend(SECTOR.iter().map(|(name, _)| *name));
    let rows = benchmark.economies.iter().enumerate().flat_map(|(position, economy)| {
        benchmark.sectors.iter().enumerate().map(move |(sector, good)| {
            let row = &answer.outcomes.sectors[dimensions.pair(position, sector)];
            let mut cells = vec![economy.code.clone(), good.code.clone()];
            cells.extend(SECTOR.iter().map(|(_, number)| digits(number(row))));
            cells
        })
    });
    csv_text(&header, rows)
}

/// Calls `row` for each flow: exporter, importer and sector codes, and the cell.
fn flows<'a>(answer: &'a Counterfactual) -> impl Iterator<Item = ([String; 3], usize)> + 'a {
    let benchmark = &answer.calibration.benchmark;
    let dimensions = benchmark.dimensions();
    benchmark.economies.iter().enumerate().flat_map(move |(exporter, origin)| {
        benchmark.economies.iter().enumerate().flat_map(move |(importer, destination)| {
            benchmark.sectors.iter().enumerate().map(move |(sector, good)| {
                let names = [origin.code.clone(), destination.code.clone(), good.code.clone()];
                (names, dimensions.cell(importer, exporter, sector))
            })
        })
    })
}

fn trade(answer: &Counterfactual) -> String {
    let rows = flows(answer).filter_map(|([exporter, importer, sector], cell)| {
        let (before, after) = (answer.outcomes.trade_before[cell], answer.outcomes.trade_after[cell]);
        if before == 0.0 && after == 0.0 {
            return None;
        }
        let change = (before != 0.0).then(|| 100.0 * (after / before - 1.0));
        Some([exporter, importer, sector, digits(Some(before)), digits(Some(after)), digits(change)])
    });
    csv_text(&["exporter", "importer", "sector", "value_before", "value_after", "change_pct"], rows)
}

fn tariffs(answer: &Counterfactual) -> String {
    let rates = &answer.equilibrium.instruments.tariff_rate;
    let rows = flows(answer)
        .filter(|(_, cell)| rates[*cell] != 0.0)
        .map(|([exporter, importer, sector], cell)| [exporter, importer, sector, digits(Some(rates[cell]))]);
    csv_text(&["exporter", "importer", "sector", "rate"], rows)
}

fn decomposition(answer: &Counterfactual) -> String {
    let Decomposition { terms_of_trade, volume_of_trade, .. } = &answer.outcomes.decomposition;
    // A row is an economy (the importer of the cell), its partner and a sector.
    let rows = flows(answer).filter_map(|([partner, economy, sector], cell)| {
        let (terms, volume) = (terms_of_trade[cell], volume_of_trade[cell]);
        (terms != 0.0 || volume != 0.0)
            .then(|| [economy, partner, sector, digits(Some(terms)), digits(Some(volume))])
    });
    csv_text(&["economy", "partner", "sector", "terms_of_trade_pct", "volume_of_trade_pct"], rows)
}
