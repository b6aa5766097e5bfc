//! Sweeps: one scenario asked many times, with values varied and elasticities drawn, resumable.
//!
//! A specification names a scenario, keys of it with the values that they take, and draws; [`spec`] turns it into runs, [`store`] keeps what
//! is found in a folder that an interrupted sweep takes up again, and this module solves the runs, as many at a time as there are processors.

pub mod design;
mod distribution;
pub mod identity;
pub mod measured;
pub mod merge;
pub mod shard;
pub mod spec;
pub mod store;

use std::borrow::Cow;

use detente_engine::calibration::SolveSettings;
use detente_engine::catalogue::economy::WELFARE;
use detente_engine::closure::Deficits;
use detente_engine::parallel::Control;
use detente_engine::uncertainty::draw::Draw;
use serde_json::{Value, json};

use crate::counterfactual::{self, Counterfactual, NoAnswer};
use crate::ledger_tariffs::EmbeddedRecord;
use crate::results::{self, keys};
use crate::scenario;
use crate::scenario::meant::Scenario;
use crate::uncertainty::{self, BandSettings};
use design::{Design, Sets};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::elasticities::ElasticityError;
use detente_tables::atomic_write::WriteError;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::result_table::ResultTable;
use identity::Identity;
use measured::Measured;
use shard::Shard;
use spec::{Point, Spec};
use store::Store;

/// Names in a summary of what indices are of, and of the indices.
const MEASURED: &str = "indices_of";
const INDICES: &str = "indices";

/// Runs that are solved between two writes: what an interruption can lose.
const BATCH: usize = 64;

/// Why a sweep ends without its result. What was found before stays, and is taken up again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// The specification, the scenario or the benchmark is wrong.
    #[error(transparent)]
    Input(#[from] Problems),
    /// A run's question is wrong.
    #[error("run {run} ({values}): {reason}")]
    Run {
        /// Its number.
        run: usize,
        /// What it varies.
        values: String,
        /// Why.
        reason: NoAnswer,
    },
    /// The flag to stop was set.
    #[error(
        "stopped after {kept} of {runs} runs; they are kept, and the same sweep into the same folder takes them up"
    )]
    Stopped {
        /// Runs that are written.
        kept: usize,
        /// All of them.
        runs: usize,
    },
    /// The elasticities do not fit the benchmark.
    #[error(transparent)]
    Elasticities(#[from] ElasticityError),
    /// The results could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// What one run found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its row of `runs.csv`.
    pub run: ResultTable,
    /// Its rows of `economies.csv`, the run's number first; none where it did not converge.
    pub economies: ResultTable,
}

/// A sweep done: what is printed of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Name of the sweep.
    pub name: String,
    /// Horizon of the scenario, in words.
    pub horizon: &'static str,
    /// Runs.
    pub runs: usize,
    /// Those that converged.
    pub converged: usize,
    /// Those that an earlier, interrupted sweep had found.
    pub taken_up: usize,
    /// Largest residual of a run that converged.
    pub max_residual: f64,
    /// What the reader of the runs should know.
    pub notes: Vec<String>,
    /// Income (`welfare_pct`) of each economy over the runs: code, smallest, median, largest.
    pub income: Vec<(String, [f64; 3])>,
    /// Income of each economy in every run that converged: code, values in no order.
    pub incomes: Vec<(String, Vec<f64>)>,
    /// What indices are of, and by outcome the share of the spread that each group of inputs explains; none where they are not asked for, or in a part.
    pub indices: Option<(Measured, Value)>,
}

/// What a sweep would do in so many parts, nothing solved: its identity, its runs, and the first run and the count of each part.
///
/// # Errors
/// What is wrong with the specification, with the scenario at any of its points, or with a file that they name.
pub fn plan(
    spec: &Spec,
    directory: &BenchmarkDirectory,
    record: Option<&EmbeddedRecord>,
    settings: &SolveSettings,
    parts: usize,
) -> Result<Value, SweepError> {
    let (drawn, points) = laid_out(spec, directory)?;
    for point in &points {
        read(spec, point, directory, record)?;
    }
    let whole = points.len() * drawn.at_each_point();
    let shards = (1..=parts).map(|index| {
        let runs = Shard { index, of: parts }.runs(whole);
        json!({ "shard": format!("{index}/{parts}"), "first": runs.start, "runs": runs.len() })
    });
    Ok(json!({
        "sweep": spec.name(),
        "identity": Identity::of(spec, directory, record, settings).digest(),
        "runs": whole,
        "shards": shards.collect::<Vec<Value>>(),
    }))
}

/// What is drawn, and the points; refused where a column or a draw does not fit the benchmark.
fn laid_out<'a>(
    spec: &'a Spec,
    directory: &BenchmarkDirectory,
) -> Result<(Drawn<'a>, Vec<Point>), SweepError> {
    let drawn = Drawn::new(spec, directory)?;
    let columns = results::economies_header();
    let columns: Vec<&str> = columns.columns.iter().map(|column| column.name.as_str()).collect();
    match spec.refused(&directory.benchmark, &columns) {
        Some(problem) => Err(Problems::from(problem).into()),
        None => Ok((drawn, spec.points())),
    }
}

/// Solves what is left of a sweep and puts the folder in its place. `progress` hears how many runs are done; once the control's flag is set
/// the runs under way are let go and those before are kept.
pub fn run(
    spec: &Spec,
    directory: &BenchmarkDirectory,
    record: Option<&EmbeddedRecord>,
    settings: &SolveSettings,
    control: &Control,
    out: &std::path::Path,
    progress: impl FnMut(usize, usize),
) -> Result<Summary, SweepError> {
    run_part(spec, directory, record, settings, control, out, None, progress)
}

/// The same, or one part of it: a part's folder `shard-i-of-n` stands below `out`, its runs are numbered as in the whole and are the same whatever n
/// is. A part that stands there already and answers the same question is left as it is.
#[expect(clippy::too_many_arguments, reason = "a sweep's question and how it is asked")]
pub fn run_part(
    spec: &Spec,
    directory: &BenchmarkDirectory,
    record: Option<&EmbeddedRecord>,
    settings: &SolveSettings,
    control: &Control,
    out: &std::path::Path,
    part: Option<Shard>,
    mut progress: impl FnMut(usize, usize),
) -> Result<Summary, SweepError> {
    let (drawn, points) = laid_out(spec, directory)?;
    let whole = points.len() * drawn.at_each_point();
    let range = part.map_or(0..whole, |part| part.runs(whole));
    let (begin, count) = (range.start, range.len());
    let header = runs_table(spec, spec.moves_elasticities(), &[]).csv();
    let identity = Identity::of(spec, directory, record, settings);
    let folder = match part {
        Some(part) => {
            std::fs::create_dir_all(out).map_err(|error| WriteError::System(out.to_path_buf(), error))?;
            out.join(part.folder_name())
        }
        None => out.to_path_buf(),
    };
    // The first point is read whatever was found before: its mistakes are told, and its horizon is the sweep's.
    let horizon = read(spec, &points[0], directory, record)?.horizon.label();
    if part.is_some()
        && let Some(found) = found_before(spec, horizon, &folder, &identity)
    {
        progress(count, count);
        return Ok(found);
    }
    let mut store = Store::open(&folder, &identity, &header, begin, count)?;
    let taken_up = store.done();
    let mut next = taken_up;
    progress(next, count);
    let quiet = control.quiet();
    while next < count {
        let batch = next..(next + BATCH).min(count);
        let mut asked = Vec::with_capacity(batch.len());
        for run in batch.clone().map(|at| begin + at) {
            let point = &points[run / drawn.at_each_point()];
            let scenario = read(spec, point, directory, record)?;
            asked.push((run, point, drawn.draw(run, directory), scenario));
        }
        let one = |(): &mut (), (run, point, draw, scenario): (usize, &Point, Option<Draw>, Scenario)| {
            answer(spec, directory, (settings, &quiet), run, point, draw.as_ref(), scenario)
        };
        let found = quiet.map(asked, || (), one);
        let found = found.map_err(|_| SweepError::Stopped { kept: next, runs: count })?;
        let found = found.into_iter().collect::<Result<Vec<_>, _>>()?;
        store.add(&found)?;
        next = batch.end;
        progress(next, count);
    }
    let kept = store.kept(directory)?;
    let codes = directory.benchmark.economies.iter().map(|economy| economy.code.clone());
    let incomes = codes.zip(kept.incomes.iter().cloned()).filter(|(_, values)| !values.is_empty()).collect();
    let measured = spec.design().and_then(|design| design.measured());
    let indices = match measured {
        Some(of) if part.is_none() => Some((of.clone(), store.indices(of)?)),
        Some(of) => Some((of.clone(), Value::Null)),
        None => None,
    };
    let summary = Summary {
        name: spec.name().to_owned(),
        horizon,
        runs: kept.runs,
        converged: kept.converged,
        taken_up,
        max_residual: kept.max_residual,
        notes: spec.notes().into_iter().chain(record.and_then(EmbeddedRecord::own_facts)).collect(),
        income: spread(directory, kept.incomes),
        incomes,
        indices,
    };
    let mut told = summary.json(directory);
    if let Some(part) = part {
        told[merge::SHARD] = json!({ "index": part.index, "of": part.of, "first": begin, "runs": count });
    }
    store.finish(&format!("{told:#}\n"))?;
    Ok(summary)
}

/// A part that stands there whole and answers the same question; how its incomes spread is not asked again.
fn found_before(
    spec: &Spec,
    horizon: &'static str,
    folder: &std::path::Path,
    identity: &Identity,
) -> Option<Summary> {
    let known = std::fs::read_to_string(folder.join(store::IDENTITY)).ok()?;
    if !identity.differs(&known).is_empty() {
        return None;
    }
    let told: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join(results::SUMMARY)).ok()?).ok()?;
    let count = |key: &str| told[key].as_u64().and_then(|count| usize::try_from(count).ok());
    Some(Summary {
        name: spec.name().to_owned(),
        horizon,
        runs: count("runs")?,
        converged: count("converged")?,
        taken_up: count("runs")?,
        max_residual: told["max_residual"].as_f64()?,
        notes: vec!["this part stands there whole; nothing was solved".to_owned()],
        income: Vec::new(),
        incomes: Vec::new(),
        indices: None,
    })
}

fn read(
    spec: &Spec,
    point: &Point,
    directory: &BenchmarkDirectory,
    record: Option<&EmbeddedRecord>,
) -> Result<Scenario, SweepError> {
    let label = format!("{} with {}", spec.scenario_label(), point.words(spec));
    let text = spec.text_of(point).map_err(Problems::from)?;
    let read = scenario::parse(&label, &text, spec.folder(), directory, record)?;
    if read.trade_elasticity.is_some() && spec.moves_elasticities() {
        let reason =
            "[draws] or [[input]] draws the elasticities that `trade_elasticities` sets; keep one".to_owned();
        return Err(Problems::from(Problem::whole(label, Finding::Combination { reason })).into());
    }
    Ok(read)
}

/// Where runs have elasticities of their own, whichever part of a specification says so.
enum Drawn<'a> {
    /// They have none.
    Not,
    /// `[draws]`: at every point each of these.
    Listed(Vec<Draw>),
    /// `[design]`: one for each run.
    Designed(&'a Design, Sets),
}

impl<'a> Drawn<'a> {
    fn new(spec: &'a Spec, directory: &BenchmarkDirectory) -> Result<Self, SweepError> {
        if let Some(design) = spec.design() {
            return Ok(Self::Designed(design, design.sets(&directory.benchmark)?));
        }
        let Some(wanted) = spec.draws() else { return Ok(Self::Not) };
        let settings = BandSettings {
            draws: wanted.runs,
            seed: wanted.seed,
            // What deficits do is the scenario's business; a draw's own word for it is not read.
            deficits: vec![Deficits::Fixed],
            ..BandSettings::default()
        };
        Ok(Self::Listed(uncertainty::drawn(&directory.benchmark, &settings)?))
    }

    fn at_each_point(&self) -> usize {
        match self {
            Self::Listed(draws) => draws.len().max(1),
            Self::Not | Self::Designed(..) => 1,
        }
    }

    fn draw(&self, run: usize, directory: &BenchmarkDirectory) -> Option<Draw> {
        match self {
            Self::Not => None,
            Self::Listed(draws) => draws.get(run % self.at_each_point()).cloned(),
            Self::Designed(design, sets) => design.draw(run, &directory.benchmark, sets),
        }
    }
}

fn answer(
    spec: &Spec,
    directory: &BenchmarkDirectory,
    (settings, control): (&SolveSettings, &Control),
    run: usize,
    point: &Point,
    draw: Option<&Draw>,
    scenario: Scenario,
) -> Result<Found, SweepError> {
    let mut directory = Cow::Borrowed(directory);
    if let Some(draw) = draw {
        draw.lay_on(&mut directory.to_mut().benchmark);
    }
    let (certificate, rows) = match counterfactual::solve_under(control, &directory, scenario, settings) {
        Ok(answer) => (answer.equilibrium.certificate.clone(), economies(run, &answer)),
        Err(NoAnswer::NotConverged { unsolved, .. }) => (unsolved.certificate, ResultTable::default()),
        Err(reason) => return Err(SweepError::Run { run, values: point.words(spec), reason }),
    };
    let max_residual = certificate.residuals.iter().map(|(_, value)| value.abs()).fold(0.0, f64::max);
    // The table's own residual decides: no row says that it converged above the tolerance that was asked for.
    let within = !rows.is_empty() && max_residual <= settings.tolerance;
    let (status, economies) =
        if within { ("converged", rows) } else { ("not_converged", ResultTable::default()) };
    let (iterations, evaluations) = (certificate.iterations, certificate.evaluations);
    let row = RunRow { run, point, draw, status, iterations, evaluations, max_residual };
    Ok(Found { run: runs_table(spec, draw.is_some(), &[row]), economies })
}

/// What a row of `runs.csv` says.
struct RunRow<'a> {
    run: usize,
    point: &'a Point,
    draw: Option<&'a Draw>,
    status: &'static str,
    iterations: usize,
    evaluations: usize,
    max_residual: f64,
}

/// `runs.csv`: the run, what varies in it, and how it was solved.
fn runs_table(spec: &Spec, is_drawn: bool, rows: &[RunRow]) -> ResultTable {
    let mut columns = vec![keys::RUN.integer(rows.iter().map(|row| count(row.run)))];
    columns.extend(spec.columns(&rows.iter().map(|row| row.point).collect::<Vec<_>>()));
    if is_drawn {
        let draws = || rows.iter().map(|row| row.draw);
        let sets = draws().map(|draw| draw.map(|draw| draw.elasticity_set.clone())).collect();
        columns.push(keys::ELASTICITY_SET.words(sets));
        columns.push(keys::COMMON_FACTOR.number(draws().map(|draw| draw.map(|draw| draw.common_factor))));
    }
    columns.push(keys::STATUS.text(rows.iter().map(|row| row.status)));
    columns.push(keys::ITERATIONS.integer(rows.iter().map(|row| count(row.iterations))));
    columns.push(keys::EVALUATIONS.integer(rows.iter().map(|row| count(row.evaluations))));
    columns.push(keys::MAX_RESIDUAL.number(rows.iter().map(|row| Some(row.max_residual))));
    ResultTable::new(columns)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn economies(run: usize, answer: &Counterfactual) -> ResultTable {
    let mut table = results::economies(answer, &[]);
    // A setting's further columns are a solve's: the rows of all runs have one header.
    let header = results::economies_header();
    table.columns.retain(|column| header.column(&column.name).is_some());
    table.columns.insert(0, keys::RUN.integer(std::iter::repeat_n(count(run), table.len())));
    table
}

/// Smallest, median and largest of each economy's values.
fn spread(directory: &BenchmarkDirectory, incomes: Vec<Vec<f64>>) -> Vec<(String, [f64; 3])> {
    spread_of(directory.benchmark.economies.iter().map(|economy| economy.code.clone()).zip(incomes))
}

fn spread_of(incomes: impl Iterator<Item = (String, Vec<f64>)>) -> Vec<(String, [f64; 3])> {
    incomes
        .filter(|(_, values)| !values.is_empty())
        .map(|(code, mut values)| {
            values.sort_by(f64::total_cmp);
            (code, [values[0], values[values.len() / 2], values[values.len() - 1]])
        })
        .collect()
}

fn income_json(income: &[(String, [f64; 3])]) -> Value {
    let rows = income.iter();
    Value::Object(
        rows.map(|(code, [low, median, high])| {
            (code.clone(), json!({ "lowest": low, "median": median, "highest": high }))
        })
        .collect(),
    )
}

impl Summary {
    /// For `summary.json` and `--format json`.
    pub fn json(&self, directory: &BenchmarkDirectory) -> Value {
        let income = income_json(&self.income);
        let mut told = json!({
            "sweep": self.name,
            "benchmark": directory.benchmark.name,
            "source": directory.benchmark.source,
            "horizon": self.horizon,
            "runs": self.runs,
            "converged": self.converged,
            "not_converged": self.runs.saturating_sub(self.converged),
            "max_residual": self.max_residual,
            "notes": self.notes,
            WELFARE.id: income,
            "version": env!("CARGO_PKG_VERSION"),
        });
        if let Some((of, found)) = &self.indices {
            told[MEASURED] = json!(of);
            told[INDICES] = found.clone();
        }
        told
    }
}
