//! The long way round: the shock in parts, each solved from the last (homotopy).
//!
//! Where neither Newton nor [`approach`](super::approach) arrives in one go, because elasticities of forty and more turn
//! trade over at every step, the instruments are moved from the data to where they shall stand in steps of their
//! logarithms (deficits in levels), longer after a success, halved after a failure.

use crate::calibration::Calibration;
use crate::instruments::Instruments;

/// First step, as a share of the way.
pub(crate) const FIRST: f64 = 0.125;
/// Shortest step before giving up.
pub(crate) const SHORTEST: f64 = 1.0 / 1024.0;
/// After a success the next step is this much longer.
pub(crate) const LONGER: f64 = 1.7;

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
