//! A day on all lines of a pair: what layers add to each, in the part that claims a preference and in the part that does not.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Added, Panel};
use crate::duty::{Bound, Layer, Stacking};
use crate::products::Line;

/// The layers of a day on the classes of a panel, claims beside.
pub(crate) struct Day<'p> {
    panel: &'p Panel,
    plain: Added,
    claims: Vec<Claimed>,
}

/// A programme on the day.
struct Claimed {
    added: Added,
    /// The claimed share of each line, by place.
    shares: Vec<f64>,
    bases: Arc<Vec<Option<f64>>>,
}

/// A part of a line's goods.
pub(crate) struct Part<'d> {
    /// Share of the line's value.
    pub(crate) share: f64,
    /// Its base rate.
    pub(crate) base: Option<f64>,
    /// Layers by place, and what they add.
    pub(crate) added: &'d [(usize, f64)],
}

impl<'p> Day<'p> {
    pub(crate) fn new(
        panel: &'p Panel,
        layers: &[Layer],
        stacking: &Stacking,
        on: Date,
        bound: Bound,
    ) -> Self {
        let known_on = layers.first().map_or(on, |layer| layer.setting.known_on);
        let offered = panel.claims.iter().filter(|claim| claim.is_offered(on, known_on));
        let claims = offered.map(|claim| Claimed {
            added: panel.added_under(claim, layers, stacking, on, bound),
            shares: panel.table().lines().iter().map(|line| claim.share(line, on)).collect(),
            bases: claim.bases(panel.table(), on),
        });
        Self { claims: claims.collect(), plain: panel.added(layers, stacking, on, bound), panel }
    }

    /// The parts of a line's goods: those that claim a programme, and the rest.
    pub(crate) fn parts(&self, line: &Line, class: usize) -> impl Iterator<Item = Part<'_>> {
        debug_assert!(self.panel.classes() > class);
        let general = line.average_base();
        let mut left = 1.0;
        let claimed: Vec<Part<'_>> = self
            .claims
            .iter()
            .map(|claimed| {
                let share = left * claimed.shares[line.place()];
                left -= share;
                Part { share, base: claimed.bases[line.place()].or(general), added: claimed.added.of(class) }
            })
            .collect();
        claimed.into_iter().chain([Part { share: left, base: general, added: self.plain.of(class) }])
    }
}
