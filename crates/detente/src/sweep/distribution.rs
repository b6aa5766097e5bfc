//! What an input of a sweep is drawn from.

use detente_engine::uncertainty::points::{normal_quantile, normal_share, triangular_quantile};
use serde::Deserialize;
use toml::Value;

/// Targets that are elasticities; all others are keys of the scenario.
pub(super) const SET: &str = "elasticity.set";
pub(super) const COMMON: &str = "elasticity.common";
pub(super) const OWN: &str = "elasticity.own";

/// `[[input]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InputFile {
    pub(super) name: String,
    pub(super) target: String,
    pub(super) group: Option<String>,
    choices: Option<Vec<Value>>,
    weights: Option<Vec<f64>>,
    uniform: Option<[f64; 2]>,
    triangular: Option<[f64; 3]>,
    normal: Option<[f64; 2]>,
    lognormal: Option<[f64; 2]>,
}

/// What an input's value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Distribution {
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

impl InputFile {
    pub(super) fn distribution(&self) -> Result<Distribution, String> {
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
    pub(super) fn place(&self, share: f64, count: usize) -> usize {
        let place = match self {
            Distribution::Choice(choices) if !choices.is_empty() => {
                choices.iter().position(|(_, below)| share < *below)
            }
            _ => Some((share * count as f64) as usize),
        };
        place.unwrap_or(count).min(count.saturating_sub(1))
    }

    pub(super) fn number(&self, share: f64) -> f64 {
        match self {
            Distribution::Choice(_) => f64::NAN,
            Distribution::Uniform([low, high]) => low + (high - low) * share,
            Distribution::Triangular(corners) => triangular_quantile(*corners, share),
            Distribution::Normal([mean, deviation]) => mean + deviation * normal_quantile(share),
            Distribution::Lognormal([median, deviation]) => {
                median * (deviation * normal_quantile(share)).exp()
            }
        }
    }

    pub(super) fn value(&self, share: f64) -> Value {
        match self {
            Distribution::Choice(choices) => choices[self.place(share, choices.len())].0.clone(),
            of => Value::Float(of.number(share)),
        }
    }

    /// Whether its values have an order, which a correlation needs.
    pub(super) fn is_ordered(&self) -> bool {
        !matches!(self, Distribution::Choice(_))
    }
}

/// Numbers that move together: positions of their inputs, and the lower triangle that mixes independent normal scores into correlated ones.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mixed {
    inputs: Vec<usize>,
    factor: Vec<Vec<f64>>,
}

impl Mixed {
    /// From the correlations of normal scores; none where they contradict each other (no such joint distribution).
    pub(super) fn new(inputs: Vec<usize>, correlation: &[Vec<f64>]) -> Option<Self> {
        let count = inputs.len();
        let mut factor = vec![vec![0.0; count]; count];
        for row in 0..count {
            for column in 0..=row {
                let known: f64 = (0..column).map(|k| factor[row][k] * factor[column][k]).sum();
                let left = correlation[row][column] - known;
                if row == column {
                    if left <= 1e-12 {
                        return None;
                    }
                    factor[row][row] = left.sqrt();
                } else {
                    factor[row][column] = left / factor[column][column];
                }
            }
        }
        Some(Self { inputs, factor })
    }

    /// Where an input's coordinate stands once correlated; `coordinate` gives the independent ones. None for an input that moves by itself.
    pub(super) fn share(&self, input: usize, coordinate: impl Fn(usize) -> f64) -> Option<f64> {
        let row = self.inputs.iter().position(|held| *held == input)?;
        let mixed = self.factor[row][..=row].iter().zip(&self.inputs);
        Some(normal_share(mixed.map(|(weight, at)| weight * normal_quantile(coordinate(*at))).sum()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_have_the_correlation_asked_for_and_contradictions_have_none() {
        let mixed = Mixed::new(vec![0, 1], &[vec![1.0, -0.6], vec![-0.6, 1.0]]).expect("a distribution");
        use detente_engine::uncertainty::points::Points;
        let count = 4096;
        let score = |at: usize, point: usize| {
            normal_quantile(mixed.share(at, |input| Points::Sobol.at(5, point, input)).expect("mixed"))
        };
        let mean = |of: &dyn Fn(usize) -> f64| (0..count).map(of).sum::<f64>() / f64::from(count as u32);
        let together = mean(&|point| score(0, point) * score(1, point));
        assert!((together + 0.6).abs() < 0.01, "{together}");
        assert!((mean(&|point| score(1, point).powi(2)) - 1.0).abs() < 0.01);
        let apart = [vec![1.0, 0.9, 0.9], vec![0.9, 1.0, -0.9], vec![0.9, -0.9, 1.0]];
        assert_eq!(Mixed::new(vec![0, 1, 2], &apart), None);
    }
}
