//! Results: the files of `--out`, the JSON and CSV of standard output, and the table for people.

pub mod columns;
pub mod comparison;
pub mod dials;
pub mod exports;
pub mod gradient;
pub mod keys;
pub mod stored;
pub mod tags;

use detente_engine::outcomes::decomposition::Decomposition;
use serde_json::{Map, Value, json};

use crate::collection::Basis;
use crate::counterfactual::Counterfactual;
use crate::scenario::settings;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::benchmark::Benchmark;
use detente_engine::catalogue::{OutcomeEntry, Place, flow, lists};
use detente_engine::index::Dimensions;
use detente_tables::atomic_write::{Outputs, WriteError};
use detente_tables::output::{self, OutputFile, TableForm};
use detente_tables::result_table::{Column, ResultTable};
use std::path::Path;

/// The file by which a directory of results is known as one.
pub const SUMMARY: &str = "summary.json";

/// Name of the summary among the files of a result.
const SUMMARY_NAME: &str = "summary";

/// Name of the table of economies.
pub(crate) const ECONOMIES: &str = "economies";

/// A column that a command adds to `economies.csv`: what it is and a number per economy.
pub type ExtraColumn = (&'static OutcomeEntry, Vec<Option<f64>>);

/// Everything that `--out` holds. `extra` columns stand at the end of `economies.csv`.
///
/// ```
/// use detente::{Scenario, World, results};
///
/// let world = World::embedded()?;
/// let answer = world.solve(&Scenario::example("us-plus-10-on-china")?)?;
/// let found = answer.equilibrium().expect("an equilibrium");
/// let files = results::files(world.directory(), found, &[]);
/// assert!(files.iter().any(|file| file.name == "economies"));
/// # Ok::<(), detente::Error>(())
/// ```
pub fn files(
    directory: &BenchmarkDirectory,
    answer: &Counterfactual,
    extra: &[ExtraColumn],
) -> Vec<OutputFile> {
    files_under(directory, answer, extra, summary(directory, answer))
}

/// As [`files`], with a summary that says more.
pub fn files_under(
    directory: &BenchmarkDirectory,
    answer: &Counterfactual,
    extra: &[ExtraColumn],
    summary: Value,
) -> Vec<OutputFile> {
    let tags = tags::of_equilibrium(&answer.scenario);
    vec![
        summary_file(summary),
        OutputFile::table(ECONOMIES, economies(answer, extra)),
        OutputFile::table("sectors", sectors(answer)),
        OutputFile::table("trade", trade(answer)),
        OutputFile::table("tariffs", tariffs(answer)),
        OutputFile::table("decomposition", decomposition(answer)),
        dials::file(answer),
        OutputFile::table("tags", tags::table(directory, &tags)),
    ]
}

/// The file by which a result is known.
pub fn summary_file(summary: Value) -> OutputFile {
    OutputFile::json(SUMMARY_NAME, summary)
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
pub fn write(out: &Path, files: &[OutputFile], form: TableForm) -> Result<Vec<String>, WriteError> {
    output::write(out, &OUTPUTS, files, form)
}

/// `summary.json`.
///
/// ```
/// use detente::{Scenario, World, results};
///
/// let world = World::embedded()?;
/// let answer = world.solve(&Scenario::example("us-plus-10-on-china")?)?;
/// let found = answer.equilibrium().expect("an equilibrium");
/// let summary = results::summary(world.directory(), found);
/// assert_eq!(summary["converged"], true);
/// assert_eq!(summary["route"][0], "newton", "how the point was found");
/// # Ok::<(), detente::Error>(())
/// ```
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
        "route": certificate.route.branches().iter().map(|branch| branch.code()).collect::<Vec<_>>(),
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
        "horizon_in_years": answer.scenario.in_years.as_ref().map(|in_years| json!({
            "years": in_years.years, "path": in_years.path.name, "free_to_switch": in_years.free(),
        })),
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
        "saving_less_investment": dials::saving_json(answer),
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
///
/// ```
/// use detente::{Scenario, World, results};
///
/// let world = World::embedded()?;
/// let answer = world.solve(&Scenario::example("us-plus-10-on-china")?)?;
/// let found = answer.equilibrium().expect("an equilibrium");
/// let json = results::json(world.directory(), found);
/// assert!(json["economies"]["CHN"]["welfare_pct"].as_f64().is_some_and(|change| change < 0.0));
/// # Ok::<(), detente::Error>(())
/// ```
pub fn json(directory: &BenchmarkDirectory, answer: &Counterfactual) -> Value {
    let benchmark = &directory.benchmark;
    let economies: Map<String, Value> = benchmark
        .economies
        .iter()
        .zip(&answer.outcomes.economies)
        .enumerate()
        .map(|(position, (economy, row))| {
            let mut cells: Map<String, Value> =
                columns_of(answer).map(|entry| json_cell(entry, entry.equilibrium, row)).collect();
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
                    let cells = lists::SECTOR.iter().map(|entry| json_cell(entry, entry.sector, row));
                    (good.code.clone(), Value::Object(cells.collect()))
                })
                .collect();
            (economy.code.clone(), Value::Object(rows))
        })
        .collect();
    json!({ "summary": summary(directory, answer), "economies": economies, "sectors": sectors })
}

/// An outcome under its key; null where the settings do not define it.
pub(crate) fn json_cell<T>(
    entry: &OutcomeEntry,
    read: Option<fn(&T) -> Option<f64>>,
    row: &T,
) -> (String, Value) {
    (entry.key(Place::Economies).to_owned(), finite(read.and_then(|read| read(row))))
}

/// A number, or null: JSON has no NaN and neither have we.
pub(crate) fn finite(value: Option<f64>) -> Value {
    value.filter(|value| value.is_finite()).map_or(Value::Null, |value| json!(value))
}

/// The outcomes of an economy that an answer has columns of.
fn columns_of(answer: &Counterfactual) -> impl Iterator<Item = &'static OutcomeEntry> {
    let further: &[&OutcomeEntry] = if answer.scenario.capital_answers { lists::CAPITAL } else { &[] };
    lists::ECONOMY.iter().chain(further).copied()
}

/// `economies.csv`.
///
/// ```
/// use detente::{Scenario, World, results};
///
/// let world = World::embedded()?;
/// let answer = world.solve(&Scenario::example("us-plus-10-on-china")?)?;
/// let found = answer.equilibrium().expect("an equilibrium");
/// let table = results::economies(found, &[]);
/// assert_eq!(table.len(), 24);
/// assert!(table.column("welfare_pct").is_some_and(|column| column.unit == "percent"));
/// # Ok::<(), detente::Error>(())
/// ```
pub fn economies(answer: &Counterfactual, extra: &[ExtraColumn]) -> ResultTable {
    let benchmark = &answer.calibration.benchmark;
    let mut columns = vec![keys::ECONOMY.text(benchmark.economies.iter().map(|economy| &economy.code))];
    columns.extend(columns_of(answer).map(|entry| {
        let rows = answer.outcomes.economies.iter();
        let cells = rows.map(|row| entry.equilibrium.and_then(|read| read(row)));
        columns::outcome(entry, Place::Economies, benchmark, cells)
    }));
    columns.extend(extra.iter().map(|(entry, values)| {
        let cells = (0..benchmark.economies.len()).map(|position| values.get(position).copied().flatten());
        columns::outcome(entry, Place::Economies, benchmark, cells)
    }));
    ResultTable::new(columns)
}

/// The columns of `economies.csv`, without rows.
pub fn economies_header() -> ResultTable {
    let outcomes = lists::ECONOMY
        .iter()
        .map(|entry| Column::number(entry.key(Place::Economies), entry.unit.words(None), entry.label, []));
    ResultTable::new([keys::ECONOMY.text([""; 0])].into_iter().chain(outcomes).collect())
}

fn sectors(answer: &Counterfactual) -> ResultTable {
    let benchmark = &answer.calibration.benchmark;
    let dimensions = benchmark.dimensions();
    let sectors = dimensions.sectors;
    // Economy by economy, sector by sector.
    let rows = || (0..dimensions.pairs()).map(|row| (row / sectors, row % sectors));
    let mut columns = vec![
        keys::ECONOMY.text(rows().map(|(economy, _)| &benchmark.economies[economy].code)),
        keys::SECTOR.text(rows().map(|(_, sector)| &benchmark.sectors[sector].code)),
    ];
    columns.extend(lists::SECTOR.iter().map(|entry| {
        let pairs = rows().map(|(economy, sector)| dimensions.pair(economy, sector));
        let cells = pairs.map(|pair| entry.sector.and_then(|read| read(&answer.outcomes.sectors[pair])));
        columns::outcome(entry, Place::Economies, benchmark, cells)
    }));
    ResultTable::new(columns)
}

/// The cells of the flows that `keep` keeps: exporter by exporter, importer by importer, sector by sector.
fn flows(dimensions: Dimensions, keep: impl Fn(usize) -> bool) -> Vec<usize> {
    let economies = dimensions.economies;
    let cells = (0..economies).flat_map(|exporter| {
        (0..economies).flat_map(move |importer| {
            (0..dimensions.sectors).map(move |sector| dimensions.cell(importer, exporter, sector))
        })
    });
    cells.filter(|cell| keep(*cell)).collect()
}

/// Codes of the exporters, importers and sectors of some cells.
pub(crate) fn codes(benchmark: &Benchmark, cells: &[usize]) -> [Vec<String>; 3] {
    let dimensions = benchmark.dimensions();
    let economy = |position: usize| benchmark.economies[position].code.clone();
    let mut found: [Vec<String>; 3] = Default::default();
    for cell in cells {
        let (importer, exporter, sector) = dimensions.cell_of(*cell);
        found[0].push(economy(exporter));
        found[1].push(economy(importer));
        found[2].push(benchmark.sectors[sector].code.clone());
    }
    found
}

fn trade(answer: &Counterfactual) -> ResultTable {
    let (before, after) = (&answer.outcomes.trade_before, &answer.outcomes.trade_after);
    let benchmark = &answer.calibration.benchmark;
    let cells = flows(benchmark.dimensions(), |cell| before[cell] != 0.0 || after[cell] != 0.0);
    trade_of(benchmark, &cells, before, after)
}

/// `trade.csv` of some cells.
pub(crate) fn trade_of(benchmark: &Benchmark, cells: &[usize], before: &[f64], after: &[f64]) -> ResultTable {
    let [exporters, importers, sectors] = codes(benchmark, cells);
    let change = |cell: usize| (before[cell] != 0.0).then(|| 100.0 * (after[cell] / before[cell] - 1.0));
    let number = |entry, read: &dyn Fn(usize) -> Option<f64>| {
        columns::outcome(entry, Place::Economies, benchmark, cells.iter().map(|cell| read(*cell)))
    };
    ResultTable::new(vec![
        keys::EXPORTER.text(exporters),
        keys::IMPORTER.text(importers),
        keys::SECTOR.text(sectors),
        number(&flow::VALUE_BEFORE, &|cell| Some(before[cell])),
        number(&flow::VALUE_AFTER, &|cell| Some(after[cell])),
        number(&flow::CHANGE, &change),
    ])
}

fn tariffs(answer: &Counterfactual) -> ResultTable {
    let rates = &answer.equilibrium.instruments.tariff_rate;
    let benchmark = &answer.calibration.benchmark;
    tariffs_of(benchmark, &flows(benchmark.dimensions(), |cell| rates[cell] != 0.0), rates)
}

/// `tariffs.csv` of some cells.
pub(crate) fn tariffs_of(benchmark: &Benchmark, cells: &[usize], rates: &[f64]) -> ResultTable {
    let [exporters, importers, sectors] = codes(benchmark, cells);
    let rates = cells.iter().map(|cell| Some(rates[*cell]));
    ResultTable::new(vec![
        keys::EXPORTER.text(exporters),
        keys::IMPORTER.text(importers),
        keys::SECTOR.text(sectors),
        columns::outcome(&flow::RATE, Place::Economies, benchmark, rates),
    ])
}

fn decomposition(answer: &Counterfactual) -> ResultTable {
    let Decomposition { terms_of_trade, volume_of_trade, .. } = &answer.outcomes.decomposition;
    let benchmark = &answer.calibration.benchmark;
    let keep = |cell: usize| terms_of_trade[cell] != 0.0 || volume_of_trade[cell] != 0.0;
    let cells = flows(benchmark.dimensions(), keep);
    // A row is an economy (the importer of the cell), its partner and a sector.
    let [partners, economies, sectors] = codes(benchmark, &cells);
    let number = |entry, values: &[f64]| {
        columns::outcome(entry, Place::Economies, benchmark, cells.iter().map(|cell| Some(values[*cell])))
    };
    ResultTable::new(vec![
        keys::ECONOMY.text(economies),
        keys::PARTNER.text(partners),
        keys::SECTOR.text(sectors),
        number(&flow::FLOW_TERMS_OF_TRADE, terms_of_trade),
        number(&flow::FLOW_VOLUME_OF_TRADE, volume_of_trade),
    ])
}
