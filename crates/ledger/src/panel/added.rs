//! What layers add to classes of lines on a day.

use std::collections::HashMap;

use super::claim::{Claim, Left};
use super::class::Class;
use super::groups::Groups;
use crate::condition::Situation;
use crate::duty::{ActiveRules, Bound, Effect, Layer, Precedence, rate};

/// What layers add to each class of lines, after stacking: for a class the layers that add something to it, by their places.
///
/// Most layers reach few classes, and many classes are reached by the same layers: those are stacked once.
#[derive(Debug, Clone, Default)]
pub struct Added {
    of_class: Vec<usize>,
    rows: Vec<Vec<(usize, f64)>>,
}

impl Added {
    pub(super) fn new(
        groups: &Groups,
        classes: &[Class],
        layers: &[Layer],
        rules: &ActiveRules<'_>,
        bound: Bound,
        claim: Option<&Claim>,
    ) -> Self {
        let situation = match claim {
            Some(claim) => Situation::default().with(&claim.programme.id, 1.0),
            None => Situation::default(),
        };
        let left = |layer: &Layer| claim.map_or(Left::All, |claim| claim.left(layer, &situation));
        // Layers that do not hold on the day reach nothing, and what a claim takes away neither.
        let holds = |at: &usize| layers[*at].holds && !matches!(left(&layers[*at]), Left::Nothing);
        let live: Vec<usize> = (0..layers.len()).filter(holds).collect();
        let mut reaching: Vec<Vec<(usize, f64)>> = vec![Vec::new(); groups.len()];
        for (place, at) in live.iter().enumerate() {
            let layer = &layers[*at];
            let outside = match left(layer) {
                Left::Outside(goods) => Some(groups.shares(goods, &layer.setting, &situation)),
                _ => None,
            };
            for (group, share) in groups.shares(&layer.scope, &layer.setting, &situation).iter() {
                let gone = outside.as_ref().and_then(|gone| {
                    let at = gone.binary_search_by_key(group, |(held, _)| *held).ok()?;
                    Some(gone[at].1)
                });
                let share = gone.map_or(*share, |gone| share.without(gone));
                reaching[*group as usize].push((place, share.at(bound)));
            }
        }
        let held: Vec<&Layer> = live.iter().map(|at| &layers[*at]).collect();
        let precedence = Precedence::new(&held, rules, &situation);
        let mut stacked: HashMap<Vec<(usize, u64)>, Vec<(usize, f64)>> = HashMap::new();
        let mut seen: HashMap<(Vec<(usize, u64)>, Option<u64>), usize> = HashMap::new();
        let mut found = Self::default();
        for class in classes {
            let reaching = &reaching[class.group];
            let pattern: Vec<(usize, u64)> =
                reaching.iter().map(|(place, share)| (*place, share.to_bits())).collect();
            let charged = stacked.entry(pattern.clone()).or_insert_with(|| {
                let mut shares = vec![0.0; held.len()];
                reaching.iter().for_each(|(place, share)| shares[*place] = *share);
                let reach = precedence.reaches(&shares, bound);
                reach.into_iter().enumerate().filter(|(_, reach)| *reach != 0.0).collect()
            });
            let base = class.base.filter(|_| charged.iter().any(|(place, _)| turns_on_base(held[*place])));
            let row = *seen.entry((pattern, base.map(f64::to_bits))).or_insert_with(|| {
                let adds = |layer: &Layer| match (layer.effect, &layer.column, base) {
                    (Effect::ReplacesBase, None, Some(base)) => layer.rate.at(bound) - base,
                    _ => rate(layer, base, base, &situation, bound),
                };
                let row = charged.iter().map(|(place, reach)| (live[*place], reach * adds(held[*place])));
                found.rows.push(row.filter(|(_, adds)| *adds != 0.0).collect());
                found.rows.len() - 1
            });
            found.of_class.push(row);
        }
        found
    }

    /// The layers that add something to a class, by their places, and what they add: shares of value.
    pub fn of(&self, class: usize) -> &[(usize, f64)] {
        &self.rows[self.of_class[class]]
    }

    /// What all of them add to a class.
    pub fn total(&self, class: usize) -> f64 {
        self.of(class).iter().map(|(_, adds)| adds).sum()
    }

    /// The classes in order.
    pub fn classes(&self) -> impl Iterator<Item = &[(usize, f64)]> {
        self.of_class.iter().map(|row| self.rows[*row].as_slice())
    }
}

fn turns_on_base(layer: &Layer) -> bool {
    matches!(layer.effect, Effect::Floor | Effect::ReplacesBase)
}
