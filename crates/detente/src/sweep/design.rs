//! Inputs with distributions, and the points at which a sweep asks them.
//!
//! A run's values follow from its number alone. With indices a point of the design has several runs: under one draw of all inputs, under a
//! second, and under the first with each group from the second.

use std::collections::HashMap;

use detente_data::elasticities::{self, ElasticityError};
use detente_engine::benchmark::Benchmark;
use detente_engine::closure::Deficits;
use detente_engine::horizon::Horizon;
use detente_engine::uncertainty::draw::Draw;
use detente_engine::uncertainty::indices::{AtPoint, Indices, Share, indices};
use detente_engine::uncertainty::points::{Points, SOBOL_DIMENSIONS, SOBOL_POINTS, normal_quantile};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use toml::Value;

use crate::uncertainty::OWN_ELASTICITIES;

const SET: &str = "elasticity.set";
const COMMON: &str = "elasticity.common";
const OWN: &str = "elasticity.own";

/// `[[input]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InputFile {
    name: String,
    target: String,
    group: Option<String>,
    choices: Option<Vec<Value>>,
    weights: Option<Vec<f64>>,
    uniform: Option<[f64; 2]>,
    triangular: Option<[f64; 3]>,
    normal: Option<[f64; 2]>,
    lognormal: Option<[f64; 2]>,
}

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

/// What an input's value is.
#[derive(Debug, Clone, PartialEq)]
enum Distribution {
    /// One of these, by cumulated weight.
    Choice(Vec<(Value, f64)>),
    Uniform([f64; 2]),
    /// Low, most likely, high.
    Triangular([f64; 3]),
    /// Mean and standard deviation.
    Normal([f64; 2]),
    /// Median, and standard deviation of the logarithm.
    Lognormal([f64; 2]),
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
    /// None where no indices are asked for.
    measured: Option<Measured>,
}

/// What indices are of: as it stands in the summary, so that parts put together have them too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    groups: Vec<String>,
    /// `column:economy` of economies.csv; empty: income of each.
    outcomes: Vec<String>,
}

/// The published sets that an input chooses from, on a benchmark's sectors.
#[derive(Debug, Clone, Default)]
pub struct Sets(Vec<(String, Vec<f64>)>);

/// Key of the specification and what is wrong with it.
type Refused = (String, String);

impl Design {
    pub(super) fn read(inputs: &[InputFile], design: Option<&DesignFile>) -> Result<Option<Self>, Refused> {
        let refused = |key: &str, reason: &str| Err((key.to_owned(), reason.to_owned()));
        let design = match (inputs, design) {
            ([], None) => return Ok(None),
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
            return refused("design.outcomes", "says what indices are of; add indices = \"groups\"");
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
        if let Some(wrong) = measured.iter().flat_map(|of| &of.outcomes).find(|name| !name.contains(':')) {
            let reason = format!(
                "`{wrong}` is no outcome of an economy; right is a column of economies.csv and a code, as in \"welfare_pct:USA\""
            );
            return Err(("design.outcomes".to_owned(), reason));
        }
        Ok(Some(Self { points, count: design.runs, seed: design.seed, inputs: found, groups, measured }))
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
        let second = usize::from(self.is_second(run, self.inputs[at].group));
        self.points.at(self.seed, run / self.blocks(), second * self.scalars() + at)
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
            let sets = elasticities::for_bands(Horizon::Long)?;
            let on = sets.into_iter().map(|set| Ok((set.name.clone(), set.on(benchmark)?)));
            return on.collect::<Result<_, _>>().map(Sets);
        }
        let named = choices.iter().map(|(value, _)| {
            let set = elasticities::named(value.as_str().unwrap_or_default())?;
            Ok((set.name.clone(), set.on(benchmark)?))
        });
        named.collect::<Result<_, _>>().map(Sets)
    }

    /// What is wrong with the design on a benchmark of so many sectors.
    pub(super) fn refused(&self, sectors: usize) -> Option<String> {
        let own = if self.scalars() < self.inputs.len() { sectors } else { 0 };
        let draws = if self.measured.is_some() { 2 } else { 1 };
        let asked = 2 * self.scalars() + draws * own;
        (self.points == Points::Sobol && asked > SOBOL_DIMENSIONS).then(|| {
            format!("the inputs need {asked} coordinates where Sobol points have {SOBOL_DIMENSIONS}; write points = \"random\"")
        })
    }

    /// Elasticities of a run; none where no input moves them.
    pub(super) fn draw(&self, run: usize, benchmark: &Benchmark, sets: &Sets) -> Option<Draw> {
        if !self.moves_elasticities() {
            return None;
        }
        let mut draw = Draw {
            elasticity_set: OWN_ELASTICITIES.to_owned(),
            trade_elasticity: benchmark.sectors.iter().map(|sector| sector.trade_elasticity).collect(),
            common_factor: 1.0,
            deficits: Deficits::Fixed,
            paid: 0.0,
            collected: 0.0,
        };
        let (mut factors, sectors) = (vec![1.0; benchmark.sectors.len()], benchmark.sectors.len());
        for (at, input) in self.inputs.iter().enumerate() {
            match input.target.as_str() {
                SET => {
                    let share = self.coordinate(run, at);
                    let (name, elasticity) = &sets.0[input.of.place(share, sets.0.len())];
                    draw.elasticity_set.clone_from(name);
                    draw.trade_elasticity.clone_from(elasticity);
                }
                COMMON => draw.common_factor = input.of.number(self.coordinate(run, at)),
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
        for (elasticity, factor) in draw.trade_elasticity.iter_mut().zip(factors) {
            *elasticity *= draw.common_factor * factor;
        }
        Some(draw)
    }
}

impl InputFile {
    fn distribution(&self) -> Result<Distribution, String> {
        let given = [
            self.choices.is_some(),
            self.uniform.is_some(),
            self.triangular.is_some(),
            self.normal.is_some(),
            self.lognormal.is_some(),
        ];
        let count = given.iter().filter(|is| **is).count();
        let is_set = self.target == SET;
        if count > 1 || (count == 0 && !is_set) {
            return Err("give one of `choices`, `uniform`, `triangular`, `normal` and `lognormal`".to_owned());
        }
        if self.target.starts_with("elasticity.") && ![SET, COMMON, OWN].contains(&self.target.as_str()) {
            return Err(format!(
                "`{}` is no target; right are `{SET}`, `{COMMON}`, `{OWN}` and keys of the scenario",
                self.target
            ));
        }
        if is_set && count == 1 && self.choices.is_none() {
            return Err(
                "a set is chosen: `choices` names published sets, all of them where absent".to_owned()
            );
        }
        if [COMMON, OWN].contains(&self.target.as_str()) && self.lognormal.is_none() {
            return Err("a factor on elasticities is above zero: lognormal = [median, standard deviation of its logarithm]".to_owned());
        }
        let of = if let Some([low, high]) = self.uniform {
            Distribution::Uniform([low, high])
        } else if let Some(corners) = self.triangular {
            Distribution::Triangular(corners)
        } else if let Some(moments) = self.normal {
            Distribution::Normal(moments)
        } else if let Some(moments) = self.lognormal {
            Distribution::Lognormal(moments)
        } else {
            Distribution::Choice(self.weighed()?)
        };
        let stands = match of {
            Distribution::Choice(_) => true,
            Distribution::Uniform([low, high]) => low < high && low.is_finite() && high.is_finite(),
            Distribution::Triangular([low, top, high]) => {
                low <= top && top <= high && low < high && low.is_finite() && high.is_finite()
            }
            Distribution::Normal([mean, deviation]) => {
                mean.is_finite() && deviation > 0.0 && deviation.is_finite()
            }
            Distribution::Lognormal([median, deviation]) => {
                median > 0.0 && deviation > 0.0 && median.is_finite() && deviation.is_finite()
            }
        };
        if stands {
            Ok(of)
        } else {
            Err("ends are in order, deviations and medians above zero: uniform = [low, high], triangular = [low, most likely, high], normal = [mean, deviation], lognormal = [median, deviation of the logarithm]".to_owned())
        }
    }

    fn weighed(&self) -> Result<Vec<(Value, f64)>, String> {
        let choices = self.choices.clone().unwrap_or_default();
        if choices.is_empty() {
            let is_wrong = self.choices.is_some() || self.weights.is_some();
            return if is_wrong {
                Err("`choices` is empty; weights belong to choices that are named".to_owned())
            } else {
                Ok(Vec::new())
            };
        }
        let weights = self.weights.clone().unwrap_or_else(|| vec![1.0; choices.len()]);
        let sum: f64 = weights.iter().sum();
        if weights.len() != choices.len()
            || weights.iter().any(|weight| weight.is_nan() || *weight < 0.0)
            || !(sum > 0.0 && sum.is_finite())
        {
            return Err(format!("`weights` are {} numbers of zero or more, not all zero", choices.len()));
        }
        let mut below = 0.0;
        let cumulated = choices.into_iter().zip(weights).map(|(value, weight)| {
            below += weight / sum;
            (value, below)
        });
        Ok(cumulated.collect())
    }
}

impl Distribution {
    /// Which choice of `count` a coordinate takes; all alike where none is named.
    fn place(&self, share: f64, count: usize) -> usize {
        let place = match self {
            Distribution::Choice(choices) if !choices.is_empty() => {
                choices.iter().position(|(_, below)| share < *below)
            }
            _ => Some((share * count as f64) as usize),
        };
        place.unwrap_or(count).min(count.saturating_sub(1))
    }

    fn number(&self, share: f64) -> f64 {
        match self {
            Distribution::Choice(_) => f64::NAN,
            Distribution::Uniform([low, high]) => low + (high - low) * share,
            Distribution::Triangular([low, top, high]) => {
                let turn = (top - low) / (high - low);
                if share < turn {
                    low + ((high - low) * (top - low) * share).sqrt()
                } else {
                    high - ((high - low) * (high - top) * (1.0 - share)).sqrt()
                }
            }
            Distribution::Normal([mean, deviation]) => mean + deviation * normal_quantile(share),
            Distribution::Lognormal([median, deviation]) => {
                median * (deviation * normal_quantile(share)).exp()
            }
        }
    }

    fn value(&self, share: f64) -> Value {
        match self {
            Distribution::Choice(choices) => choices[self.place(share, choices.len())].0.clone(),
            of => Value::Float(of.number(share)),
        }
    }
}

impl Measured {
    /// Indices from the lines of economies.csv, header first: by outcome, the points that they rest on and each group's, largest total first.
    pub fn found(&self, lines: impl Iterator<Item = String>, income: &str) -> Json {
        let mut lines = lines;
        let header: Vec<String> = lines.next().unwrap_or_default().split(',').map(str::to_owned).collect();
        let wanted: Vec<(usize, &str, &str)> = (self.outcomes.iter())
            .filter_map(|name| name.split_once(':'))
            .filter_map(|(column, code)| Some((header.iter().position(|held| held == column)?, column, code)))
            .collect();
        let all = header.iter().position(|held| held == income).filter(|_| self.outcomes.is_empty());
        let mut values: Vec<(String, HashMap<usize, f64>)> = Vec::new();
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let Some(run) = cells[0].parse::<usize>().ok() else { continue };
            let of_row = wanted.iter().filter(|(.., code)| cells.get(1) == Some(code));
            let of_row = of_row.map(|(at, column, _)| (*at, *column)).chain(all.map(|at| (at, income)));
            for (at, column) in of_row {
                let Some(value) = cells.get(at).and_then(|cell| cell.parse::<f64>().ok()) else { continue };
                let name = format!("{column}:{}", cells[1]);
                match values.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, held)) => _ = held.insert(run, value),
                    None => values.push((name, HashMap::from([(run, value)]))),
                }
            }
        }
        let rows = values.iter().map(|(name, held)| (name.clone(), self.of_outcome(held)));
        Json::Object(rows.collect())
    }

    fn of_outcome(&self, held: &HashMap<usize, f64>) -> Json {
        let blocks = self.groups.len() + 2;
        let points = held.keys().max().map_or(0, |last| last / blocks + 1);
        let at = |point: usize| {
            let of = |block: usize| held.get(&(point * blocks + block)).copied();
            let exchanged = (2..blocks).map(of).collect::<Option<Vec<f64>>>()?;
            Some(AtPoint { first: of(0)?, second: of(1)?, exchanged })
        };
        let points: Vec<AtPoint> = (0..points).filter_map(at).collect();
        let share = |share: Share| json!({ "value": share.value, "low_5": share.low, "high_95": share.high });
        let mut groups: Vec<(&String, Indices)> =
            self.groups.iter().zip(indices(&points).unwrap_or_default()).collect();
        groups.sort_by(|a, b| b.1.total.value.total_cmp(&a.1.total.value));
        let groups = groups.into_iter().map(|(name, of)| {
            json!({ "group": name, "total": share(of.total), "first_order": share(of.first_order) })
        });
        json!({ "points": points.len(), "groups": groups.collect::<Vec<_>>() })
    }
}
