//! `SPEC.toml`: a scenario, what varies in it, and draws.
//!
//! ```toml
//! name = "the US rate on China, step by step"
//! scenario = "us-plus-10-on-china"   # a file beside the specification, or one of our examples
//! combine = "grid"                   # every value with every other; "together": first with first, second with second
//!
//! [[vary]]
//! key = "tariff.0.add"         # a key of the scenario; numbers count the entries of a list from zero
//! from = 0.0
//! to = 0.5
//! steps = 11
//!
//! [[vary]]
//! key = "closure.deficits"
//! values = ["fixed", "zero"]
//!
//! [draws]                            # every point under published elasticities and draws around them
//! runs = 50
//! seed = 1
//! ```
//!
//! In place of `[[vary]]` and `[draws]`, `[[input]]` with distributions and a `[design]` of points ([`super::design`]).

use std::path::Path;

use detente_engine::benchmark::Benchmark;
use serde::Deserialize;
use toml::{Table, Value};

use super::design::{CorrelationFile, Design, DesignFile};
use super::distribution::InputFile;
use crate::scenario::{self, EXAMPLES, Source};
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::result_table::{Column, Data};
use detente_tables::{input_file, toml_file};

/// Key of a scenario that names a table, and the one that names a record.
const FILE: &str = "file";
const LEDGER: &str = "ledger";

/// What deficits do, of the counterfactual and of the baseline, and the word for none.
const CLOSURE_DEFICITS: &str = "closure.deficits";
const BASELINE_DEFICITS: &str = "baseline.deficits";
const CLOSED: &str = "zero";

/// More runs than this are a slip.
const MOST_RUNS: usize = 1_000_000;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    scenario: String,
    #[serde(default)]
    combine: Combine,
    #[serde(default)]
    vary: Vec<Vary>,
    draws: Option<Draws>,
    #[serde(default)]
    input: Vec<InputFile>,
    #[serde(default)]
    correlation: Vec<CorrelationFile>,
    design: Option<DesignFile>,
    /// What a varied setting is compared with.
    #[serde(default)]
    baseline: Compared,
}

/// The baseline of runs that vary a setting of `[closure]`.
#[derive(Debug, Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Compared {
    /// Under the same setting, so that runs compare policies.
    #[default]
    AsVaried,
    /// As the scenario has it, or the data: then runs compare settings too.
    AsWritten,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Combine {
    #[default]
    Grid,
    Together,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vary {
    key: String,
    values: Option<Vec<Value>>,
    from: Option<f64>,
    to: Option<f64>,
    steps: Option<usize>,
}

/// Draws around published elasticities.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Draws {
    /// How many at each point.
    pub runs: usize,
    /// Seed: the same one gives the same draws.
    #[serde(default)]
    pub seed: u64,
}

/// A specification, read and checked.
#[derive(Debug, Clone)]
pub struct Spec {
    label: String,
    name: String,
    text: String,
    source: Source,
    scenario: Table,
    combine: Combine,
    axes: Vec<(String, Vec<Value>)>,
    draws: Option<Draws>,
    design: Option<Design>,
    compared: Compared,
}

/// One point: the value that each key takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Point(Vec<Value>);

impl Spec {
    /// Reads a specification and the scenario that it names.
    pub fn open(path: &Path) -> Result<Self, Problems> {
        let label = path.display().to_string();
        let text = input_file::read_text(path).map_err(|finding| Problem::whole(label.clone(), finding))?;
        let text = text.ok_or_else(|| missing(&label))?;
        let file: File = toml_file::parse(&label, &text)?;
        let beside = path.parent().unwrap_or(Path::new(".")).join(&file.scenario);
        let is_example = !beside.exists() && EXAMPLES.iter().any(|(name, _)| *name == file.scenario);
        let source = scenario::source(if is_example { Path::new(&file.scenario) } else { &beside })?;
        let scenario: Table = toml_file::parse(&source.label, &source.text)?;
        let mut axes: Vec<(String, Vec<Value>)> = Vec::new();
        for (at, vary) in file.vary.iter().enumerate() {
            let values =
                vary.values().map_err(|reason| refuse(&label, &text, &format!("vary.{at}"), reason))?;
            if axes.iter().any(|(key, _)| *key == vary.key) {
                return Err(refuse(
                    &label,
                    &text,
                    &format!("vary.{at}.key"),
                    format!("`{}` varies twice", vary.key),
                )
                .into());
            }
            axes.push((vary.key.clone(), values));
        }
        let design = Design::read(&file.input, &file.correlation, file.design.as_ref())
            .map_err(|(key, reason)| refuse(&label, &text, &key, reason))?;
        if let Some(design) = &design {
            if !axes.is_empty() || file.draws.is_some() {
                let reason =
                    "goes with neither `[[vary]]` nor `[draws]`; make what varies an input with `choices`";
                return Err(refuse(&label, &text, "input", reason.to_owned()).into());
            }
            axes.extend(design.axes());
        }
        let name = file.name.clone().unwrap_or_else(|| file.scenario.clone());
        let spec = Self {
            label,
            name,
            text,
            source,
            scenario,
            combine: file.combine,
            axes,
            draws: file.draws,
            design,
            compared: file.baseline,
        };
        spec.check()?;
        Ok(spec)
    }

    fn check(&self) -> Result<(), Problem> {
        if self.axes.is_empty() && self.draws.is_none() && self.design.is_none() {
            let reason = "nothing varies; give a `[[vary]]` with `key` and `values`, or `[draws]`";
            return Err(refuse(&self.label, &self.text, "vary", reason.to_owned()));
        }
        if self.draws.is_some_and(|draws| draws.runs == 0) {
            return Err(refuse(
                &self.label,
                &self.text,
                "draws.runs",
                "is 0; 1 or more is needed".to_owned(),
            ));
        }
        if self.combine == Combine::Together
            && let Some((key, values)) = self.axes.iter().find(|(_, held)| held.len() != self.axes[0].1.len())
        {
            let reason = format!(
                "\"together\" needs as many values everywhere: `{}` has {}, `{key}` has {}",
                self.axes[0].0,
                self.axes[0].1.len(),
                values.len()
            );
            return Err(refuse(&self.label, &self.text, "combine", reason));
        }
        let points = match self.combine {
            _ if self.design.is_some() => self.design.as_ref().map_or(0, Design::runs),
            Combine::Together => self.axes.first().map_or(1, |(_, values)| values.len()),
            Combine::Grid => self.axes.iter().fold(1_usize, |all, (_, held)| all.saturating_mul(held.len())),
        };
        let runs = points.saturating_mul(self.draws.map_or(1, |draws| draws.runs));
        if runs > MOST_RUNS {
            let reason = format!("asks for {runs} runs; at most {MOST_RUNS} are done in one sweep");
            return Err(refuse(&self.label, &self.text, "vary", reason));
        }
        // Keys that lead nowhere are found before the first run.
        self.text_of(&Point(self.axes.iter().map(|(_, values)| values[0].clone()).collect())).map(|_| ())
    }

    /// What the benchmark makes wrong in it: an outcome that no table has.
    pub(super) fn refused(&self, benchmark: &Benchmark, columns: &[&str]) -> Option<Problem> {
        let (key, finding) = self.design.as_ref()?.refused(benchmark, columns)?;
        Some(found(&self.label, &self.text, key, finding))
    }

    /// Every point, the last key's values running fastest.
    pub fn points(&self) -> Vec<Point> {
        if let Some(design) = &self.design {
            return (0..design.runs()).map(|run| Point(design.values(run))).collect();
        }
        match self.combine {
            Combine::Together => {
                let count = self.axes.first().map_or(1, |(_, values)| values.len());
                let of = |at: usize| Point(self.axes.iter().map(|(_, values)| values[at].clone()).collect());
                (0..count).map(of).collect()
            }
            Combine::Grid => self.axes.iter().fold(vec![Point(Vec::new())], |points, (_, values)| {
                let with =
                    |point: &Point, value: &Value| Point(point.0.iter().chain([value]).cloned().collect());
                points.iter().flat_map(|point| values.iter().map(move |value| with(point, value))).collect()
            }),
        }
    }

    /// The keys that vary.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.axes.iter().map(|(key, _)| key.as_str())
    }

    /// The values of some points as columns of a table, each of the type that its values have.
    pub fn columns(&self, points: &[&Point]) -> Vec<Column> {
        let column = |(axis, (key, values)): (usize, &(String, Vec<Value>))| {
            let cells = || points.iter().map(|point| &point.0[axis]);
            let data = if values.iter().all(Value::is_bool) {
                Data::Bool(cells().map(Value::as_bool).collect())
            } else if values.iter().all(Value::is_integer) {
                Data::Integer(cells().map(Value::as_integer).collect())
            } else if values.iter().all(|value| number(value).is_some()) {
                Data::Number(cells().map(number).collect())
            } else {
                Data::Text(cells().map(|value| Some(text(value))).collect())
            };
            Column::new(key, "", key, data)
        };
        self.axes.iter().enumerate().map(column).collect()
    }

    /// Inputs with distributions and their points.
    pub fn design(&self) -> Option<&Design> {
        self.design.as_ref()
    }

    /// Whether runs have elasticities of their own.
    pub fn moves_elasticities(&self) -> bool {
        self.draws.is_some() || self.design.as_ref().is_some_and(Design::moves_elasticities)
    }

    /// Draws at each point.
    pub fn draws(&self) -> Option<Draws> {
        self.draws
    }

    /// Its name, the scenario's where it has none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Path of the scenario, for messages.
    pub fn scenario_label(&self) -> &str {
        &self.source.label
    }

    /// Where tables that the scenario names are looked up.
    pub fn folder(&self) -> Option<&Path> {
        self.source.folder.as_deref()
    }

    /// What the specification says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the scenario says.
    pub fn scenario_text(&self) -> &str {
        &self.source.text
    }

    /// Tables that any of the runs names, as they are typed, in order and each once.
    pub fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        named_files(&Value::Table(self.scenario.clone()), &mut files);
        let varied = self.axes.iter().filter(|(key, _)| last(key) == FILE).flat_map(|(_, values)| values);
        files.extend(varied.filter_map(|value| value.as_str().map(str::to_owned)));
        files.sort();
        files.dedup();
        files
    }

    /// Whether any of the runs asks the record.
    pub fn names_ledger(&self) -> bool {
        let in_table = |table: &Table| table.contains_key(LEDGER);
        let baseline = self.scenario.get("baseline").and_then(Value::as_table);
        in_table(&self.scenario)
            || baseline.is_some_and(in_table)
            || self.scenario.contains_key("list")
            || self.axes.iter().any(|(key, _)| key.split('.').any(|part| part == LEDGER || part == "list"))
    }

    /// The key of the baseline that follows varied deficits: the data keep theirs, so that a run under `zero` alone would close them too and compare the
    /// closure, not the policy. None where scenario or specification say what the baseline has, and for other settings, which a baseline takes over.
    fn copied(&self, key: &str) -> Option<&'static str> {
        let written = self.scenario.get("baseline").and_then(Value::as_table);
        let is_said = written.is_some_and(|table| table.contains_key("deficits"))
            || self.keys().any(|other| other == BASELINE_DEFICITS)
            || self.compared == Compared::AsWritten;
        (key == CLOSURE_DEFICITS && !is_said).then_some(BASELINE_DEFICITS)
    }

    /// What the reader of the runs should know.
    pub fn notes(&self) -> Vec<String> {
        let closes = |values: &[Value]| values.iter().any(|value| value.as_str() == Some(CLOSED));
        let varies = self.axes.iter().any(|(key, values)| key == CLOSURE_DEFICITS && closes(values));
        let note = match (varies, self.copied(CLOSURE_DEFICITS), self.compared) {
            (true, Some(_), _) => {
                "runs under `closure.deficits = \"zero\"` have it in their baseline too, so that they compare policies; write \
                 baseline = \"as-written\" in the specification to compare with the data's deficits"
            }
            (true, None, Compared::AsWritten) => {
                "runs under `closure.deficits = \"zero\"` are compared with the data's deficits: they balance trade beside the policy"
            }
            _ => return Vec::new(),
        };
        vec![note.to_owned()]
    }

    /// The scenario at a point, as a file would have it.
    pub fn text_of(&self, point: &Point) -> Result<String, Problem> {
        let mut scenario = Value::Table(self.scenario.clone());
        for ((key, _), value) in self.axes.iter().zip(&point.0) {
            let place = place_of(&mut scenario, key).map_err(|reason| {
                refuse(&self.label, &self.text, "vary.key", format!("`{key}`: {reason}"))
            })?;
            *place = value.clone();
            if value.as_str() == Some(CLOSED)
                && let Some(copied) = self.copied(key)
            {
                let held = place_of(&mut scenario, copied);
                *held.map_err(|reason| {
                    refuse(&self.label, &self.text, "vary.key", format!("`{copied}`: {reason}"))
                })? = value.clone();
            }
        }
        toml::to_string(&scenario).map_err(|error| refuse(&self.label, &self.text, "vary", error.to_string()))
    }
}

impl Point {
    /// The values, as messages show them.
    pub fn values(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(text)
    }

    /// In words, for messages.
    pub fn words(&self, spec: &Spec) -> String {
        let parts: Vec<String> =
            spec.keys().zip(self.values()).map(|(key, value)| format!("{key} = {value}")).collect();
        if parts.is_empty() { "nothing varied".to_owned() } else { parts.join(", ") }
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}

/// A value on one line.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.replace(['\n', '\r'], " "),
        other => other.to_string(),
    }
}

impl Vary {
    fn values(&self) -> Result<Vec<Value>, String> {
        match (&self.values, self.from, self.to, self.steps) {
            (Some(values), None, None, None) if !values.is_empty() => Ok(values.clone()),
            (Some(_), None, None, None) => Err("`values` is empty; give one at the least".to_owned()),
            (None, Some(_), Some(_), Some(steps)) if steps > MOST_RUNS => {
                Err(format!("`steps` is {steps}; at most {MOST_RUNS} runs are done in one sweep"))
            }
            (None, Some(from), Some(to), Some(steps)) if steps >= 2 && from.is_finite() && to.is_finite() => {
                let step = (to - from) / (steps - 1) as f64;
                Ok((0..steps).map(|at| Value::Float(from + step * at as f64)).collect())
            }
            (None, Some(_), Some(_), Some(_)) => {
                Err("`from` and `to` are numbers, `steps` counts both: 2 or more".to_owned())
            }
            _ => Err("give either `values`, or `from`, `to` and `steps`".to_owned()),
        }
    }
}

/// The last part of a key.
fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// What the keys `file` of a scenario name, at any depth.
fn named_files(value: &Value, files: &mut Vec<String>) {
    match value {
        Value::Table(table) => {
            files.extend(table.get(FILE).and_then(Value::as_str).map(str::to_owned));
            table.values().for_each(|below| named_files(below, files));
        }
        Value::Array(list) => list.iter().for_each(|below| named_files(below, files)),
        _ => {}
    }
}

/// Where a key stands in a scenario; tables on the way are made, entries of lists are not.
fn place_of<'a>(scenario: &'a mut Value, key: &str) -> Result<&'a mut Value, String> {
    let mut here = scenario;
    for part in key.split('.') {
        here = match here {
            Value::Table(table) => table.entry(part.to_owned()).or_insert_with(|| Value::Table(Table::new())),
            Value::Array(list) => {
                let count = list.len();
                let entry = part.parse::<usize>().ok().and_then(|at| list.get_mut(at));
                entry.ok_or_else(|| format!("`{part}` is no entry of a list of {count}, counted from 0"))?
            }
            _ => return Err(format!("nothing lies below a value, so `{part}` leads nowhere")),
        };
    }
    Ok(here)
}

fn refuse(label: &str, text: &str, key: &str, reason: String) -> Problem {
    found(label, text, key, Finding::Combination { reason })
}

fn found(label: &str, text: &str, key: &str, finding: Finding) -> Problem {
    Problem::key(label, key, toml_file::line_of_key(text, key), finding)
}

fn missing(label: &str) -> Problem {
    let right =
        "give a path; a scenario is looked for beside the specification and among our examples".into();
    Problem::whole(label, Finding::Missing { what: "file", right })
}
