//! Which layer takes its goods before which: parts of a measure, families that count once, and what keeps what off.
//!
//! Worked out once for a set of layers, and then used on as many goods as there are.

use std::borrow::Borrow;

use super::stacking::ActiveRules;
use super::{Bound, Effect, Estimate, Layer};
use crate::condition::Situation;

/// A layer as stacking sees it.
#[derive(Debug, Clone)]
struct Ranked {
    /// Place of the first layer of the same instrument.
    instrument: usize,
    /// Place of the first layer of the same family, where only the highest of it is charged.
    family: Option<usize>,
    /// How far its conditions are met.
    met: f64,
    /// The share of the value of its goods that it charges; none where it charges nothing.
    of_value: Option<f64>,
    rate: Estimate,
    against: Vec<Against>,
}

/// One name by which a rule keeps a layer off: an article that is charged is free as a whole, or that part of its value.
#[derive(Debug, Clone)]
struct Against {
    whole: bool,
    by: Vec<usize>,
}

/// The order among layers under some rules.
#[derive(Debug, Clone)]
pub(crate) struct Precedence {
    layers: Vec<Ranked>,
    /// Each after those that keep it off.
    order: Vec<usize>,
    /// Layers of which a good meets one.
    one_of: Vec<Vec<usize>>,
}

/// What each layer has of the goods under one reading of what is unknown.
pub(super) struct Stacked {
    /// The share of the goods that each holds as articles, whatever share of their value it charges.
    pub(super) articles: Vec<f64>,
    /// The share of value on which each is charged.
    pub(super) reach: Vec<f64>,
}

impl Precedence {
    /// The order among `layers`, with conditions as the situation answers them.
    pub(crate) fn new<L: Borrow<Layer>>(
        layers: &[L],
        rules: &ActiveRules<'_>,
        situation: &Situation,
    ) -> Self {
        let layers: Vec<&Layer> = layers.iter().map(Borrow::borrow).collect();
        let first = |same: &dyn Fn(&Layer) -> bool, at: usize| {
            layers.iter().position(|layer| same(layer)).unwrap_or(at)
        };
        let ranked = |(at, layer): (usize, &&Layer)| {
            let weight = |id: &String| layer.setting.conditions.weight(id, layer.setting.on, situation);
            let charges = layer.is_charged() && layer.effect != Effect::Exempt;
            let names = rules.against(layer).flat_map(|rule| rule.by.0.iter().map(move |name| (rule, name)));
            let against = names.map(|(rule, name)| {
                let is_by = |other: &usize| {
                    *other != at && layers[*other].answers_to(name) && rule.is_by(layers[*other])
                };
                Against { whole: rule.whole, by: (0..layers.len()).filter(is_by).collect() }
            });
            Ranked {
                instrument: first(&|other| other.instrument == layer.instrument, at),
                family: rules
                    .only_highest(&layer.family)
                    .then(|| first(&|other| other.family == layer.family, at)),
                met: layer.setting.met(&layer.requires, situation),
                of_value: charges.then(|| layer.content.as_ref().map_or(1.0, weight)),
                rate: layer.rate,
                against: against.filter(|held| !held.by.is_empty()).collect(),
            }
        };
        let ranked: Vec<Ranked> = layers.iter().enumerate().map(ranked).collect();
        let one_of = rules.one_of().map(|names| {
            let meant = |at: &usize| names.iter().any(|name| layers[*at].answers_to(name));
            (0..layers.len()).filter(meant).collect()
        });
        Self { order: order(&ranked), one_of: one_of.collect(), layers: ranked }
    }

    /// The share of value on which each layer is charged where its scope's shares are known already.
    pub(crate) fn reaches(&self, shares: &[f64], reading: Bound) -> Vec<f64> {
        self.apart(reading, self.stack(shares, reading).reach)
    }

    /// The first part of a measure that fits holds; of a family that counts once the highest; and blockers are settled before what they
    /// block, so that a measure that is itself blocked blocks only with what is left of it.
    pub(super) fn stack(&self, shares: &[f64], reading: Bound) -> Stacked {
        let articles = self.held(shares);
        let mut reach: Vec<f64> = articles
            .iter()
            .zip(&self.layers)
            .map(|(share, layer)| layer.of_value.map_or(0.0, |of_value| share * of_value))
            .collect();
        self.highest_within_families(reading, &mut reach);
        for at in &self.order {
            let before = reach[*at];
            if before == 0.0 {
                continue;
            }
            for against in &self.layers[*at].against {
                let covers = |other: &usize| match against.whole {
                    true if reach[*other] > 0.0 => articles[*other],
                    true => 0.0,
                    false => reach[*other],
                };
                let covered: f64 = against.by.iter().map(covers).sum();
                reach[*at] = reach[*at].min((before - covered).max(0.0));
            }
        }
        Stacked { articles, reach }
    }

    /// The share of the goods that each layer holds: of the parts of a measure the first that fits.
    fn held(&self, shares: &[f64]) -> Vec<f64> {
        let mut taken = vec![0.0; self.layers.len()];
        let mut held = vec![0.0; self.layers.len()];
        for (at, (layer, share)) in self.layers.iter().zip(shares).enumerate() {
            let share = share * layer.met;
            if share != 0.0 {
                let gone = &mut taken[layer.instrument];
                held[at] = share * (1.0 - *gone);
                *gone += held[at];
            }
        }
        held
    }

    /// Where a family counts once, the highest layer takes its share first and the next only what lies outside it: shares are
    /// nested and not disjoint.
    fn highest_within_families(&self, reading: Bound, reach: &mut [f64]) {
        let counts_once = |at: &usize| reach[*at] > 0.0 && self.layers[*at].family.is_some();
        let mut order: Vec<usize> = (0..self.layers.len()).filter(counts_once).collect();
        order.sort_by(|a, b| self.layers[*b].rate.at(reading).total_cmp(&self.layers[*a].rate.at(reading)));
        let mut covered: Vec<(usize, f64)> = Vec::new();
        for at in order {
            let (Some(family), share) = (self.layers[at].family, reach[at]) else { continue };
            match covered.iter_mut().find(|(held, _)| *held == family) {
                Some((_, taken)) => {
                    reach[at] = (share - *taken).max(0.0);
                    *taken = taken.max(share);
                }
                None => covered.push((family, share)),
            }
        }
    }

    /// At the most that is possible, of layers whose lists have no good in common only the one that adds most.
    pub(super) fn apart(&self, reading: Bound, mut reach: Vec<f64>) -> Vec<f64> {
        if reading != Bound::Most {
            return reach;
        }
        for meant in &self.one_of {
            let mut members: Vec<usize> = meant.iter().copied().filter(|at| reach[*at] > 0.0).collect();
            let adds = |at: usize| self.layers[at].rate.most * reach[at];
            members.sort_by(|a, b| adds(*b).total_cmp(&adds(*a)));
            // An instrument with several rates has several layers: they are parts of one list.
            let first = members.first().map(|at| self.layers[*at].instrument);
            for at in members {
                if Some(self.layers[at].instrument) != first {
                    reach[at] = 0.0;
                }
            }
        }
        reach
    }
}

/// The layers in an order in which each comes after those that block it; where that is a circle, as they stand.
fn order(layers: &[Ranked]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(layers.len());
    let mut placed = vec![false; layers.len()];
    while order.len() < layers.len() {
        let is_free = |at: &usize| {
            !placed[*at] && layers[*at].against.iter().flat_map(|held| &held.by).all(|by| placed[*by])
        };
        let free = (0..layers.len()).find(is_free);
        let Some(next) = free.or_else(|| placed.iter().position(|done| !done)) else { break };
        placed[next] = true;
        order.push(next);
    }
    order
}
