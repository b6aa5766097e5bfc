//! The layers on one tariff line, stacked and added up.

use jiff::civil::Date;

use super::{Bound, Estimate, Layer, Reach, Stacking, Standing};
use crate::products::{BaseRate, Line, ProductCode};

/// What became of a layer on a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Charged, on this share of the value.
    Charged(Estimate),
    /// The line is not in its scope.
    OutOfScope,
    /// A list takes the line out.
    Exempt(String),
    /// A higher layer of the same family is charged in its place.
    Replaced(String),
    /// Another family's duty keeps it off; the measures that do.
    Blocked(String),
    /// Charged only under a condition that the code does not show.
    OnlyIf(String),
    /// It is on the books and not charged.
    NotCharged(String),
}

/// A layer with its outcome.
#[derive(Debug, Clone)]
pub struct Charge<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// Its outcome.
    pub outcome: Outcome,
    /// The list that brings the line in.
    pub by: Option<String>,
    /// What would settle an uncertain share.
    pub question: Option<String>,
}

impl Charge<'_> {
    /// What the layer adds, as a share of customs value.
    pub fn adds(&self) -> Estimate {
        match self.outcome {
            Outcome::Charged(reach) => Estimate {
                least: self.layer.rate.least * reach.least,
                expected: self.layer.rate.expected * reach.expected,
                most: self.layer.rate.most * reach.most,
            },
            _ => Estimate::NOTHING,
        }
    }
}

/// The duty on one line.
#[derive(Debug, Clone)]
pub struct LineDuty<'a> {
    /// The line.
    pub code: ProductCode,
    /// Its base rate.
    pub base: BaseRate,
    /// Every layer with its outcome.
    pub charges: Vec<Charge<'a>>,
    /// What the layers add to the base.
    pub added: Estimate,
}

impl LineDuty<'_> {
    /// Base and layers as one share of value; `None` where the base is no share of value.
    pub fn total(&self) -> Option<Estimate> {
        let base = self.base.ad_valorem()?;
        Some(Estimate {
            least: base + self.added.least,
            expected: base + self.added.expected,
            most: base + self.added.most,
        })
    }
}

/// Stacks `layers` on `line`, entered on `on`.
pub fn charge<'a>(line: &Line, layers: &'a [Layer], stacking: &Stacking, on: Date) -> LineDuty<'a> {
    let reaches: Vec<_> = layers.iter().map(|layer| layer.scope.reach(line.code)).collect();
    let shares: Vec<Estimate> = layers
        .iter()
        .zip(&reaches)
        .map(
            |(layer, reach)| {
                if layer.standing == Standing::InForce { reach.share } else { Estimate::NOTHING }
            },
        )
        .collect();
    let readings = [Bound::Least, Bound::Expected, Bound::Most]
        .map(|reading| stack(layers, &shares, stacking, on, reading));
    let charges = layers
        .iter()
        .enumerate()
        .map(|(at, layer)| {
            let after = spread([readings[0][at], readings[1][at], readings[2][at]]);
            let outcome = outcome(layers, &shares, stacking, on, at, after, &reaches[at]);
            Charge { layer, outcome, by: reaches[at].by.clone(), question: reaches[at].question.clone() }
        })
        .collect();
    let total = |which: usize, reading| {
        let reach = apart(layers, stacking, reading, readings[which].clone());
        layers.iter().zip(&reach).map(|(layer, reach)| layer.rate.at(reading) * reach).sum::<f64>()
    };
    let totals = [total(0, Bound::Least), total(1, Bound::Expected), total(2, Bound::Most)];
    LineDuty { code: line.code, base: line.base.clone(), charges, added: spread(totals) }
}

/// The share of value on which each layer is charged where its scope's shares are known already: what averages are made of.
pub fn reaches(
    layers: &[Layer],
    shares: &[Estimate],
    stacking: &Stacking,
    on: Date,
    reading: Bound,
) -> Vec<f64> {
    apart(layers, stacking, reading, stack(layers, shares, stacking, on, reading))
}

/// At the most that is possible, of layers whose lists have no good in common only the one that adds most.
fn apart(layers: &[Layer], stacking: &Stacking, reading: Bound, mut reach: Vec<f64>) -> Vec<f64> {
    if reading != Bound::Most {
        return reach;
    }
    for names in stacking.one_of() {
        let mut members: Vec<usize> = (0..layers.len())
            .filter(|at| reach[*at] > 0.0 && names.iter().any(|name| layers[*at].answers_to(name)))
            .collect();
        members.sort_by(|a, b| {
            (layers[*b].rate.most * reach[*b]).total_cmp(&(layers[*a].rate.most * reach[*a]))
        });
        // An instrument with several rates has several layers: they are parts of one list.
        let first = members.first().map(|at| layers[*at].instrument.clone());
        for at in members {
            if Some(&layers[at].instrument) != first.as_ref() {
                reach[at] = 0.0;
            }
        }
    }
    reach
}

/// Least, expected and most of three readings, in order whatever came out.
fn spread(readings: [f64; 3]) -> Estimate {
    let [low, expected, high] = readings;
    Estimate { least: low.min(high).min(expected), expected, most: low.max(high).max(expected) }
}

/// The share of value on which each layer is charged, under one reading of what is unknown.
///
/// Blockers are settled before what they block; a family blocked by one that is itself blocked counts only what is left of it.
fn stack(layers: &[Layer], shares: &[Estimate], stacking: &Stacking, on: Date, reading: Bound) -> Vec<f64> {
    let mut reach: Vec<f64> = shares.iter().map(|share| share.at(reading)).collect();
    highest_within_families(layers, stacking, reading, &mut reach);
    let before = reach.clone();
    for (at, layer) in layers.iter().enumerate() {
        if before[at] == 0.0 {
            continue;
        }
        for blocker in stacking.blockers(&layer.family, on) {
            let covered: f64 = layers
                .iter()
                .zip(&before)
                .filter(|(other, _)| other.answers_to(blocker) && other.rate.expected > 0.0)
                .map(|(_, covered)| *covered)
                .sum();
            reach[at] = reach[at].min((before[at] - covered).max(0.0));
        }
    }
    reach
}

/// Where a family counts once, the highest layer takes its share first and the next only what lies outside it: shares are
/// nested and not disjoint.
fn highest_within_families(layers: &[Layer], stacking: &Stacking, reading: Bound, reach: &mut [f64]) {
    let mut order: Vec<usize> = (0..layers.len()).filter(|at| reach[*at] > 0.0).collect();
    order.sort_by(|a, b| layers[*b].rate.at(reading).total_cmp(&layers[*a].rate.at(reading)));
    let mut covered: Vec<(&str, f64)> = Vec::new();
    for at in order {
        let family = layers[at].family.as_str();
        if !stacking.only_highest(family) {
            continue;
        }
        let share = reach[at];
        match covered.iter_mut().find(|(held, _)| *held == family) {
            Some((_, taken)) => {
                reach[at] = (share - *taken).max(0.0);
                *taken = taken.max(share);
            }
            None => covered.push((family, share)),
        }
    }
}

/// What became of the layer `at`, whose scope meets the line as `reach` says and of which `after` is left by stacking.
fn outcome(
    layers: &[Layer],
    shares: &[Estimate],
    stacking: &Stacking,
    on: Date,
    at: usize,
    after: Estimate,
    reach: &Reach,
) -> Outcome {
    let layer = &layers[at];
    if reach.by.is_none() {
        return Outcome::OutOfScope;
    }
    if let Standing::NotCharged(why) = &layer.standing {
        return Outcome::NotCharged(why.clone());
    }
    if after.most > 0.0 {
        return Outcome::Charged(after);
    }
    if shares[at].most == 0.0 {
        return match (&reach.exempt_by, &reach.only_if) {
            (None, Some(condition)) => Outcome::OnlyIf(condition.clone()),
            (list, _) => Outcome::Exempt(list.clone().unwrap_or_else(|| "its scope".to_owned())),
        };
    }
    let blockers: Vec<&str> = stacking
        .blockers(&layer.family, on)
        .flat_map(|family| {
            layers
                .iter()
                .zip(shares)
                .filter(move |(other, share)| other.answers_to(family) && share.most > 0.0)
        })
        .map(|(other, _)| other.measure.as_str())
        .collect();
    if !blockers.is_empty() {
        return Outcome::Blocked(blockers.join(", "));
    }
    let higher = layers
        .iter()
        .zip(shares)
        .filter(|(other, share)| {
            other.family == layer.family && other.instrument != layer.instrument && share.most > 0.0
        })
        .max_by(|a, b| a.0.rate.expected.total_cmp(&b.0.rate.expected))
        .map_or("a higher layer of its family", |(other, _)| other.measure.as_str());
    Outcome::Replaced(higher.to_owned())
}
