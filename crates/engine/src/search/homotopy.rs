//! The long way round: the shock in parts, each solved from the last (homotopy).
//!
//! Where neither Newton nor [secants on wages](super::wage_secants) arrive in one go, because elasticities of forty and more turn
//! trade over at every step, the instruments are moved from the data to where they shall stand in steps of their
//! logarithms (deficits in levels), longer after a success, much shorter after a failure. Each point is looked for where the two
//! before it point.

use crate::equations::layout::Layout;
use crate::model::calibration::Calibration;
use crate::model::instruments::Instruments;

/// First step, as a share of the way.
const FIRST: f64 = 0.125;
/// Shortest step before giving up.
const SHORTEST: f64 = 1e-6;
/// After a success in few steps the next part is this much longer.
const LONGER: f64 = 2.0;
/// After a failure it is this much shorter.
const SHORTER: f64 = 0.3;
/// Newton steps that are few.
const FEW: usize = 5;
/// Longest step of a logarithm that is extrapolated.
const LONGEST_GUESS: f64 = 1.0;

/// How far the way has been gone, and where it points.
pub(crate) struct Homotopy {
    layout: Layout,
    target: Vec<f64>,
    step: f64,
    tried: f64,
    here: Option<(f64, Vec<f64>)>,
    before: Option<(f64, Vec<f64>)>,
}

impl Homotopy {
    /// A way whose end has these deficits.
    pub fn new(layout: Layout, target: Vec<f64>) -> Self {
        Self { layout, target, step: FIRST, tried: 0.0, here: None, before: None }
    }

    /// Deficits at its end.
    pub fn target(&self) -> &[f64] {
        &self.target
    }

    /// Notes a solved point.
    pub fn reached(&mut self, share: f64, z: &[f64]) {
        self.before = self.here.take();
        self.here = Some((share, z.to_vec()));
    }

    /// The next share of the way, with a guess of the solution there; none where steps have become too short.
    pub fn next(&mut self, z: &mut [f64]) -> Option<f64> {
        let (share, here) = self.here.as_ref()?;
        if self.step < SHORTEST {
            return None;
        }
        let next = if share + 1.01 * self.step >= 1.0 { 1.0 } else { share + self.step };
        self.tried = next - share;
        z.copy_from_slice(here);
        if let Some((earlier, before)) = &self.before {
            let ratio = (next - share) / (share - earlier);
            let (here, before) = (self.layout.split(here), self.layout.split(before));
            let z = self.layout.split_mut(z);
            let ahead = |to: &mut [f64], here: &[f64], before: &[f64]| {
                for ((to, here), before) in to.iter_mut().zip(here).zip(before) {
                    *to = here + (ratio * (here - before)).clamp(-LONGEST_GUESS, LONGEST_GUESS);
                }
            };
            ahead(z.wage, here.wage, before.wage);
            ahead(z.hours, here.hours, before.hours);
            ahead(z.price, here.price, before.price);
            ahead(z.limit, here.limit, before.limit);
            let ahead = |to: &mut [f64], here: &[f64], before: &[f64]| {
                for ((to, here), before) in to.iter_mut().zip(here).zip(before) {
                    if *here > 0.0 && *before > 0.0 {
                        let change = ratio * (here / before).ln();
                        *to = here * change.clamp(-LONGEST_GUESS, LONGEST_GUESS).exp();
                    }
                }
            };
            ahead(z.income, here.income, before.income);
            ahead(z.output, here.output, before.output);
        }
        Some(next)
    }

    /// After a success in so many steps.
    pub fn lengthen(&mut self, steps: usize) {
        self.step = self.tried.max(self.step) * if steps <= FEW { LONGER } else { 1.0 };
    }

    /// After a failure.
    pub fn shorten(&mut self) {
        self.step = self.tried * SHORTER;
    }
}

/// The instruments at a share of their way from the data; `target` are the deficit levels at its end.
pub(crate) fn at(
    calibration: &Calibration,
    instruments: &Instruments,
    target: &[f64],
    share: f64,
) -> Instruments {
    let mut there = instruments.clone();
    let tariffs = there.tariff_rate.iter_mut().zip(&calibration.benchmark.tariff_rate);
    for (rate, data) in tariffs {
        if *rate != *data {
            *rate = (1.0 + data) * ((1.0 + *rate) / (1.0 + data)).powf(share) - 1.0;
        }
    }
    for rate in &mut there.export_tax_rate {
        *rate = (1.0 + *rate).powf(share) - 1.0;
    }
    for hats in [
        &mut there.trade_cost_hat,
        &mut there.productivity_hat,
        &mut there.endowment_hat,
        &mut there.capital_hat,
    ] {
        hats.iter_mut().for_each(|hat| *hat = hat.powf(share));
    }
    there.trade_deficit = target
        .iter()
        .zip(&calibration.trade_deficit)
        .map(|(target, data)| Some(share * target + (1.0 - share) * data))
        .collect();
    there
}
