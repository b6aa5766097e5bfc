//! Tariffs that are uncertain: by how much a benchmark's own and those of a case move where the paid share of earlier duties, or the collected
//! share of a step, is another.

use detente_data::benchmark_directory::paid::{PaidAt, PaidShare};
use detente_engine::uncertainty::draw::Draw;

/// Changes of some cells at the ends of the ranges, fractions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TariffRange {
    /// With the low paid share.
    pub paid_low: Vec<(usize, f64)>,
    /// With the high one.
    pub paid_high: Vec<(usize, f64)>,
    /// With steps as the law has them.
    pub by_statute: Vec<(usize, f64)>,
}

impl TariffRange {
    /// From levels on all cells: as stated, at both ends of the paid share, and with steps by statute where some were collected in part.
    pub fn between(stated: &[f64], low: &[f64], high: &[f64], by_statute: Option<&[f64]>) -> Self {
        let changes = |other: &[f64]| {
            let cells = stated.iter().zip(other).enumerate();
            cells.filter(|(_, (a, b))| a != b).map(|(cell, (a, b))| (cell, b - a)).collect()
        };
        Self {
            paid_low: changes(low),
            paid_high: changes(high),
            by_statute: by_statute.map(changes).unwrap_or_default(),
        }
    }

    /// Of tariffs whose history is not known: where they are the benchmark's own or above, all of the uncertain part is in them; where
    /// they are below, as much of it as of the tariff.
    pub fn of_unknown_history(own: &[f64], rates: &[f64], shares: &[PaidShare]) -> Self {
        let changes = |end: PaidAt| {
            let moved = shares.iter().filter_map(|held| {
                let (before, after) = (own[held.cell], rates[held.cell]);
                let kept = if before > 0.0 { (after / before).clamp(0.0, 1.0) } else { 1.0 };
                let change = kept * held.additional * (held.at(end) - held.share);
                (change != 0.0).then_some((held.cell, change))
            });
            moved.collect()
        };
        Self { paid_low: changes(PaidAt::Low), paid_high: changes(PaidAt::High), by_statute: Vec::new() }
    }

    /// Whether anything moves.
    pub fn is_empty(&self) -> bool {
        self.paid_low.is_empty() && self.paid_high.is_empty() && self.by_statute.is_empty()
    }

    /// Moves rates to where a draw stands.
    pub fn lay_on(&self, rates: &mut [f64], draw: &Draw) {
        let paid = if draw.paid < 0.0 { &self.paid_low } else { &self.paid_high };
        let moves = paid.iter().map(|held| (held, draw.paid.abs()));
        for ((cell, change), place) in moves.chain(self.by_statute.iter().map(|held| (held, draw.collected)))
        {
            rates[*cell] += place * change;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_engine::closure::Deficits;

    fn draw(paid: f64, collected: f64) -> Draw {
        Draw {
            elasticity_set: String::new(),
            trade_elasticity: Vec::new(),
            common_factor: 1.0,
            deficits: Deficits::Fixed,
            paid,
            collected,
        }
    }

    #[test]
    fn the_ends_are_reached_and_the_middle_is_as_stated() {
        let (stated, low, high) = ([0.10, 0.30, 0.0], [0.10, 0.20, 0.0], [0.10, 0.60, 0.0]);
        let range = TariffRange::between(&stated, &low, &high, Some(&[0.15, 0.30, 0.0]));
        for (paid, collected, expected) in [
            (0.0, 0.0, [0.10, 0.30, 0.0]),
            (-1.0, 0.0, [0.10, 0.20, 0.0]),
            (1.0, 1.0, [0.15, 0.60, 0.0]),
            (0.5, -1.0, [0.05, 0.45, 0.0]),
        ] {
            let mut rates = stated;
            range.lay_on(&mut rates, &draw(paid, collected));
            assert!(
                rates.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12),
                "{paid} {collected}: {rates:?}"
            );
        }
    }

    #[test]
    fn a_tariff_that_is_gone_takes_the_uncertain_part_with_it() {
        let share = PaidShare { cell: 0, additional: 0.20, low: 0.0, share: 0.25, high: 0.5 };
        let of = |rate| TariffRange::of_unknown_history(&[0.10], &[rate], &[share]).paid_high;
        let raised = |rate| of(rate).first().map_or(0.0, |(_, change): &(usize, f64)| *change);
        assert_eq!((raised(0.10), raised(0.40), raised(0.05), raised(0.0)), (0.05, 0.05, 0.025, 0.0));
    }
}
