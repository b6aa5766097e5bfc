//! `detente sweep`: one scenario asked many times, resumable.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use detente::results::keys;
use detente::sweep::shard::Shard;
use detente::sweep::spec::Spec;
use detente::sweep::{self, Summary, SweepError, store};
use detente_data::default_world;
use detente_engine::calibration::SolveSettings;
use detente_engine::catalogue::economy::WELFARE;
use detente_report::answers_page;
use detente_tables::atomic_write::WriteError;
use detente_tables::number::signed;
use detente_tables::result_table::{Column, ResultTable};

use crate::args::{BasisWord, to_tolerance};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{self, Format};
use crate::record::{for_scenarios, wrong};

/// What `sweep` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The specification: a TOML file with `scenario`, `[[vary]]` (`key` and `values`, or `from`, `to`, `steps`) and `[draws]`.
    pub spec: PathBuf,
    /// Where runs.csv, economies.csv and summary.json are written, whole or not at all; an interrupted sweep is taken up again.
    #[arg(long, value_name = "DIR", required_unless_present = "plan")]
    pub out: Option<PathBuf>,
    /// Solve nothing: read all of it, and print as JSON what it is by content, how many runs it has, and the runs of each part.
    #[arg(long, conflicts_with_all = ["shard", "html", "out"])]
    pub plan: bool,
    /// Parts of the plan.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "plan", value_parser = crate::args::count)]
    pub shards: usize,
    /// Only one part of the runs, counted from one: 3/8 is the third of eight. It stands in DIR/shard-3-of-8; `merge DIR` puts parts together.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// A folder with measures of your own, laid over the record that the scenario's `ledger` names.
    #[arg(long, value_name = "DIR")]
    pub ledger: Vec<PathBuf>,
    /// Whether steps of a ledger count as far as they are collected or as the law has them, whatever the scenario says.
    #[arg(long, value_enum, value_name = "BASIS")]
    pub basis: Option<BasisWord>,
    /// Also write how the runs spread as one self-contained page with histograms.
    #[arg(long, value_name = "FILE", value_parser = crate::args::page)]
    pub html: Option<PathBuf>,
    /// How the summary is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Largest residual allowed.
    #[arg(long, value_name = "NUMBER", default_value_t = SolveSettings::default().tolerance)]
    pub tolerance: f64,
}

/// Solves all runs and prints how they spread.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let record = for_scenarios(arguments.basis.map(Into::into), &arguments.ledger)?;
    let spec = Spec::open(&arguments.spec).map_err(wrong)?;
    let settings = to_tolerance(arguments.tolerance)?;
    let Some(out) = arguments.out else {
        let plan =
            sweep::plan(&spec, &directory, Some(&record), &settings, arguments.shards).map_err(wrong)?;
        return output::print(&format!("{plan:#}\n"));
    };
    let folder = arguments.shard.map_or(out.clone(), |part| out.join(part.folder_name()));
    let unfinished = store::unfinished(&folder);
    let mut progress = Progress::new(&unfinished);
    let told = |done: usize, all: usize| progress.tell(done, all);
    let summary = sweep::run_part(
        &spec,
        &directory,
        Some(&record),
        &settings,
        interrupt::control(),
        &out,
        arguments.shard,
        told,
    )
    .map_err(|error| match error {
        SweepError::Stopped { .. } => Failure::Stopped(format!("{error} ({})", unfinished.display())),
        SweepError::Run { ref reason, .. } if !reason.is_wrong_input() => {
            Failure::NoAnswer(error.to_string())
        }
        SweepError::Write(WriteError::System(..)) => wrong(format!(
            "{error}\nwhat was found stays in {}; the same command takes it up",
            unfinished.display()
        )),
        error => wrong(error),
    })?;
    output::note(format_args!("results in {}", folder.display()));
    if let Some(file) = &arguments.html {
        output::page(file, &answers_page::swept(&directory, &summary))?;
    }
    output::print(&match arguments.format {
        Format::Table => screen(&summary),
        Format::Json => format!("{:#}\n", summary.json(&directory)),
        Format::Csv => table(&summary).csv(),
    })?;
    if summary.converged == 0 && summary.runs > 0 {
        return Err(Failure::NoAnswer("none of the runs converged; runs.csv has their residuals".to_owned()));
    }
    Ok(())
}

/// How far a sweep is, said at every tenth and at least twice a minute, with an estimate.
struct Progress<'a> {
    unfinished: &'a Path,
    begun: Instant,
    /// Runs that were there at the beginning; when something was said last, and of which tenth.
    first: usize,
    said: Option<(Instant, usize)>,
}

impl<'a> Progress<'a> {
    const PATIENCE: Duration = Duration::from_secs(30);

    fn new(unfinished: &'a Path) -> Self {
        Self { unfinished, begun: Instant::now(), first: 0, said: None }
    }

    fn tell(&mut self, done: usize, all: usize) {
        let tenth = 10 * done / all.max(1);
        if self.said.is_some_and(|(when, said)| said == tenth && when.elapsed() < Self::PATIENCE) {
            return;
        }
        let is_first = self.said.replace((Instant::now(), tenth)).is_none();
        if is_first {
            self.first = done;
            self.begun = Instant::now();
            output::note(format_args!(
                "{done} of {all} runs; Ctrl-C keeps what is found in {}, and the same command takes it up",
                self.unfinished.display()
            ));
            return;
        }
        let found = done.saturating_sub(self.first).max(1);
        let left = self.begun.elapsed().as_secs_f64() / found as f64 * all.saturating_sub(done) as f64;
        let left =
            if done < all { format!(", about {} left", output::time_words(left)) } else { String::new() };
        output::note(format_args!("{done} of {all} runs{left}"));
    }
}

fn screen(summary: &Summary) -> String {
    let taken_up = match summary.taken_up {
        0 => String::new(),
        count => format!(", {count} of them found before an interruption"),
    };
    let mut text = format!(
        "{}: {} of {} runs converged{taken_up}; largest residual {:.0e}\n\
         {}, {}, {}: lowest, median, highest over the runs\n",
        summary.name,
        summary.converged,
        summary.runs,
        summary.max_residual,
        WELFARE.label,
        WELFARE.unit.words(None),
        summary.horizon
    );
    for (code, [low, median, high]) in &summary.income {
        let [low, median, high] = [low, median, high].map(|value| signed(Some(*value)));
        text.push_str(&format!("  {code:<6}{low:>10}{median:>10}{high:>10}\n"));
    }
    for (outcome, found) in summary.indices.iter().filter_map(|(_, found)| found.as_object()).flatten() {
        let groups = found["groups"].as_array().into_iter().flatten().map(|of| {
            let at = |index: &str, key: &str| of[index][key].as_f64().unwrap_or(f64::NAN);
            format!(
                "{} {:.2} ({:.2} to {:.2}), alone {:.2}",
                of["group"].as_str().unwrap_or_default(),
                at("total", "value"),
                at("total", "low_5"),
                at("total", "high_95"),
                at("first_order", "value")
            )
        });
        let groups: Vec<String> = groups.collect();
        text.push_str(&format!("share of the spread of {outcome}, total: {}\n", groups.join("; ")));
    }
    summary.notes.iter().for_each(|note| text.push_str(&format!("note: {note}\n")));
    text
}

/// Welfare of each economy over the runs.
fn table(summary: &Summary) -> ResultTable {
    let spread = ["lowest", "median", "highest"].iter().enumerate().map(|(at, word)| {
        let (name, label) = (format!("{word}_{}", WELFARE.id), format!("{word} {}", WELFARE.label));
        let cells = summary.income.iter().map(|(_, values)| Some(values[at]));
        Column::number(name, WELFARE.unit.words(None), label, cells)
    });
    let codes = keys::ECONOMY.text(summary.income.iter().map(|(code, _)| code));
    ResultTable::new([codes].into_iter().chain(spread).collect())
}
