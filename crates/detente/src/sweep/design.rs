//! Inputs with distributions, and the points at which a sweep asks them.
//!
//! A run's values follow from its number alone. With indices a point of the design has several runs: under one draw of all inputs, under a
//! second, and under the first with each group from the second.

use detente_data::elasticities::{self, ElasticityError};
use detente_engine::benchmark::Benchmark;
use detente_engine::horizon::Horizon;
use detente_engine::uncertainty::draw::Draw;
use detente_engine::uncertainty::points::{Points, SOBOL_DIMENSIONS, SOBOL_POINTS};
use detente_tables::diagnostics::Finding;
use detente_tables::nearest::suggestion;
use serde::Deserialize;
use toml::Value;

use super::distribution::{COMMON, Distribution, InputFile, Mixed, OWN, SET};
use super::measured::{self, Measured};
use crate::uncertainty::{OWN_ELASTICITIES, centres};

/// `[design]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DesignFile {
    #[serde(default)]
    points: PointsWord,
    runs: usize,
    #[serde(default)]
    seed: u64,
    indices: Option<IndicesWord>,
    outcomes: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PointsWord {
    #[default]
    Sobol,
    Random,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum IndicesWord {
    Groups,
}

/// `[[correlation]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrelationFile {
    between: [String; 2],
    coefficient: f64,
}

#[derive(Debug, Clone, PartialEq)]
struct Input {
    target: String,
    group: usize,
    of: Distribution,
}

/// Inputs and points, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    points: Points,
    count: usize,
    seed: u64,
    inputs: Vec<Input>,
    /// Names of the groups.
    groups: Vec<String>,
    /// Which of them move together.
    mixed: Option<Mixed>,
    /// None where no indices are asked for.
    measured: Option<Measured>,
}

/// The published sets that an input chooses from, on a benchmark's sectors.
#[derive(Debug, Clone, Default)]
pub struct Sets(Vec<(String, Vec<f64>)>);

/// Key of the outcomes that indices are of.
const OUTCOMES: &str = "design.outcomes";

/// Key of the specification and what is wrong with it.
type Refused = (String, String);

impl Design {
    pub(super) fn read(
        inputs: &[InputFile],
        correlations: &[CorrelationFile],
        design: Option<&DesignFile>,
    ) -> Result<Option<Self>, Refused> {
        let refused = |key: &str, reason: &str| Err((key.to_owned(), reason.to_owned()));
        let design = match (inputs, design) {
            ([], None) if correlations.is_empty() => return Ok(None),
            ([], None) => return refused("correlation", "has no input; give an `[[input]]`"),
            ([], Some(_)) => return refused("design", "has no input; give an `[[input]]`"),
            (_, None) => {
                return refused(
                    "input",
                    "needs a `[design]` with `runs` (`points` is \"sobol\" or \"random\")",
                );
            }
            (_, Some(design)) => design,
        };
        let points = match design.points {
            PointsWord::Sobol => Points::Sobol,
            PointsWord::Random => Points::Random,
        };
        if design.runs == 0 || (points == Points::Sobol && design.runs > SOBOL_POINTS) {
            let reason = format!(
                "is {}; 1 to {SOBOL_POINTS} Sobol points are there, and any number of \"random\"",
                design.runs
            );
            return Err(("design.runs".to_owned(), reason));
        }
        if design.outcomes.is_some() && design.indices.is_none() {
            return refused(OUTCOMES, "says what indices are of; add indices = \"groups\"");
        }
        if design.indices.is_some() && design.runs < 16 {
            return refused("design.runs", "indices need 16 points or more");
        }
        let (mut found, mut groups): (Vec<Input>, Vec<String>) = (Vec::new(), Vec::new());
        let mut names: Vec<&str> = Vec::new();
        for (at, input) in inputs.iter().enumerate() {
            let key = |part: &str| format!("input.{at}.{part}");
            if names.contains(&input.name.as_str()) {
                return Err((key("name"), format!("`{}` is the name of an earlier input", input.name)));
            }
            if found.iter().any(|other| other.target == input.target) {
                return Err((key("target"), format!("`{}` is the target of an earlier input", input.target)));
            }
            names.push(&input.name);
            let group = input.group.as_ref().unwrap_or(&input.name);
            let place = groups.iter().position(|known| known == group).unwrap_or_else(|| {
                groups.push(group.clone());
                groups.len() - 1
            });
            let of = input
                .distribution()
                .map_err(|reason| (key("name"), format!("`{}`: {reason}", input.name)))?;
            found.push(Input { target: input.target.clone(), group: place, of });
        }
        // Choices take the first coordinates, which the points fill most evenly; each sector's own factor the last.
        found.sort_by_key(|input| (input.target == OWN, !matches!(input.of, Distribution::Choice(_))));
        let measured = design.indices.map(|IndicesWord::Groups| Measured {
            groups: groups.clone(),
            outcomes: design.outcomes.clone().unwrap_or_default(),
        });
        if let Some(wrong) =
            measured.iter().flat_map(|of| &of.outcomes).find(|name| measured::columns(name).is_none())
        {
            let reason = format!(
                "`{wrong}` is no outcome of an economy; right is a column of economies.csv and a code, as in \"welfare_pct:USA\" (one less another: \"manufacturing_share-manufacturing_share_before:USA\")"
            );
            return Err((OUTCOMES.to_owned(), reason));
        }
        let target = |name: &str| {
            let input = inputs.iter().find(|input| input.name == name);
            input.and_then(|input| found.iter().position(|held| held.target == input.target))
        };
        let mixed = mixed(correlations, &found, target, measured.is_some())?;
        Ok(Some(Self {
            points,
            count: design.runs,
            seed: design.seed,
            inputs: found,
            groups,
            mixed,
            measured,
        }))
    }

    /// Runs at each point.
    fn blocks(&self) -> usize {
        if self.measured.is_some() { self.groups.len() + 2 } else { 1 }
    }

    /// All runs.
    pub fn runs(&self) -> usize {
        self.count.saturating_mul(self.blocks())
    }

    /// What indices are of; none where they are not asked for.
    pub fn measured(&self) -> Option<&Measured> {
        self.measured.as_ref()
    }

    /// Inputs that set keys of the scenario, each with a value of its type for each that it may take.
    pub(super) fn axes(&self) -> impl Iterator<Item = (String, Vec<Value>)> + '_ {
        self.of_scenario().map(|(_, input)| {
            let values = match &input.of {
                Distribution::Choice(choices) => choices.iter().map(|(value, _)| value.clone()).collect(),
                of => vec![Value::Float(of.number(0.5))],
            };
            (input.target.clone(), values)
        })
    }

    fn of_scenario(&self) -> impl Iterator<Item = (usize, &Input)> {
        self.inputs
            .iter()
            .enumerate()
            .filter(|(_, input)| ![SET, COMMON, OWN].contains(&input.target.as_str()))
    }

    /// Values of the scenario's keys in a run.
    pub(super) fn values(&self, run: usize) -> Vec<Value> {
        self.of_scenario().map(|(at, input)| input.of.value(self.coordinate(run, at))).collect()
    }

    fn scalars(&self) -> usize {
        self.inputs.iter().filter(|input| input.target != OWN).count()
    }

    /// Whether a run takes this group's inputs from the second draw.
    fn is_second(&self, run: usize, group: usize) -> bool {
        let block = run % self.blocks();
        block == 1 || block == group + 2
    }

    fn coordinate(&self, run: usize, at: usize) -> f64 {
        let alone = |at: usize| {
            let second = usize::from(self.is_second(run, self.inputs[at].group));
            self.points.at(self.seed, run / self.blocks(), second * self.scalars() + at)
        };
        self.mixed.as_ref().and_then(|mixed| mixed.share(at, alone)).unwrap_or_else(|| alone(at))
    }

    /// Whether elasticities are among the inputs.
    pub fn moves_elasticities(&self) -> bool {
        self.of_scenario().count() < self.inputs.len()
    }

    /// The sets that are chosen from.
    pub fn sets(&self, benchmark: &Benchmark) -> Result<Sets, ElasticityError> {
        let Some(input) = self.inputs.iter().find(|input| input.target == SET) else {
            return Ok(Sets::default());
        };
        let Distribution::Choice(choices) = &input.of else { return Ok(Sets::default()) };
        if choices.is_empty() {
            return centres(benchmark, Horizon::Long).map(|(sets, _)| Sets(sets));
        }
        let named = choices.iter().map(|(value, _)| {
            let set = elasticities::named(value.as_str().unwrap_or_default())?;
            Ok((set.name.clone(), set.on(benchmark)?))
        });
        named.collect::<Result<_, _>>().map(Sets)
    }

    /// What is wrong with the design on a benchmark whose `economies.csv` has these columns: the key, and what was found there.
    pub(super) fn refused(&self, benchmark: &Benchmark, columns: &[&str]) -> Option<(&'static str, Finding)> {
        let own = if self.scalars() < self.inputs.len() { benchmark.sectors.len() } else { 0 };
        let draws = if self.measured.is_some() { 2 } else { 1 };
        let asked = 2 * self.scalars() + draws * own;
        if self.points == Points::Sobol && asked > SOBOL_DIMENSIONS {
            let reason = format!(
                "the inputs need {asked} coordinates where Sobol points have {SOBOL_DIMENSIONS}; write points = \"random\""
            );
            return Some(("design.points", Finding::Combination { reason }));
        }
        let outcomes = self.measured.iter().flat_map(|of| of.outcomes.iter());
        let mut parts = outcomes.filter_map(|name| measured::columns(name));
        let unknown = |what, found: &str, known: &[&str]| {
            let suggestion = suggestion(found, known.iter().copied());
            Finding::UnknownCode { what, found: found.to_owned(), suggestion }
        };
        let codes: Vec<&str> = benchmark.economies.iter().map(|economy| economy.code.as_str()).collect();
        parts.find_map(|(column, less, code)| {
            let wrong = [Some(column), less].into_iter().flatten().find(|held| !columns.contains(held));
            let finding = match (wrong, codes.contains(&code)) {
                (Some(wrong), _) => unknown("column of economies.csv", wrong, columns),
                (None, false) => unknown("economy", code, &codes),
                (None, true) => return None,
            };
            Some((OUTCOMES, finding))
        })
    }

    /// Elasticities of a run; none where no input moves them.
    pub(super) fn draw(&self, run: usize, benchmark: &Benchmark, sets: &Sets) -> Option<Draw> {
        if !self.moves_elasticities() {
            return None;
        }
        let own: Vec<f64> = benchmark.sectors.iter().map(|sector| sector.trade_elasticity).collect();
        let mut draw = Draw::of_set(OWN_ELASTICITIES, own);
        let mut common_factor = 1.0;
        let (mut factors, sectors) = (vec![1.0; benchmark.sectors.len()], benchmark.sectors.len());
        for (at, input) in self.inputs.iter().enumerate() {
            match input.target.as_str() {
                SET => {
                    let share = self.coordinate(run, at);
                    let (name, elasticity) = &sets.0[input.of.place(share, sets.0.len())];
                    draw.elasticity_set.clone_from(name);
                    draw.trade_elasticity.clone_from(elasticity);
                }
                COMMON => common_factor = input.of.number(self.coordinate(run, at)),
                OWN => {
                    let first = 2 * self.scalars() + usize::from(self.is_second(run, input.group)) * sectors;
                    for (sector, factor) in factors.iter_mut().enumerate() {
                        *factor =
                            input.of.number(self.points.at(self.seed, run / self.blocks(), first + sector));
                    }
                }
                _ => {}
            }
        }
        Some(draw.times(common_factor, factors))
    }
}

/// Which inputs move together, from correlations by name.
fn mixed(
    correlations: &[CorrelationFile],
    inputs: &[Input],
    place: impl Fn(&str) -> Option<usize>,
    with_indices: bool,
) -> Result<Option<Mixed>, Refused> {
    let mut involved: Vec<usize> = Vec::new();
    let mut pairs: Vec<([usize; 2], f64)> = Vec::new();
    for (at, typed) in correlations.iter().enumerate() {
        let refused = |part: &str, reason: String| Err((format!("correlation.{at}.{part}"), reason));
        let mut pair = [0; 2];
        for (slot, name) in pair.iter_mut().zip(&typed.between) {
            let Some(input) = place(name) else {
                return refused("between", format!("`{name}` is the name of no `[[input]]`"));
            };
            if inputs[input].target == OWN || !inputs[input].of.is_ordered() {
                let reason = format!("`{name}` is no single number; a correlation is between numbers");
                return refused("between", reason);
            }
            *slot = input;
        }
        let [first, second] = pair;
        if first == second {
            return refused("between", "names one input twice; a correlation is between two".to_owned());
        }
        if pairs.iter().any(|(held, _)| held.contains(&first) && held.contains(&second)) {
            return refused("between", "these two have a correlation above".to_owned());
        }
        if with_indices && inputs[first].group != inputs[second].group {
            let reason = "inputs that move together share what they explain: give them one `group`, or leave out `indices`";
            return refused("between", reason.to_owned());
        }
        let coefficient = typed.coefficient;
        if coefficient.is_nan() || coefficient.abs() >= 1.0 {
            return refused("coefficient", format!("is {coefficient}; it lies between -1 and 1"));
        }
        pairs.push((pair, coefficient));
        involved.extend(pair);
    }
    if pairs.is_empty() {
        return Ok(None);
    }
    involved.sort_unstable();
    involved.dedup();
    let entry = |row: usize, column: usize| match (row == column, [involved[row], involved[column]]) {
        (true, _) => 1.0,
        (_, wanted) => {
            let held = pairs.iter().find(|(held, _)| wanted.iter().all(|input| held.contains(input)));
            held.map_or(0.0, |(_, coefficient)| *coefficient)
        }
    };
    let count = involved.len();
    let matrix: Vec<Vec<f64>> =
        (0..count).map(|row| (0..count).map(|column| entry(row, column)).collect()).collect();
    let contradiction = || {
        let reason = "the correlations contradict each other (their matrix is not positive definite); those not given are zero";
        ("correlation".to_owned(), reason.to_owned())
    };
    Mixed::new(involved, &matrix).map(Some).ok_or_else(contradiction)
}
