//! The numeraire: what nominal numbers are multiplied by after a solve, which stands in world-GDP units.

use crate::model::calibration::Calibration;
use crate::model::closure::Numeraire;

/// ln κ at these wages and indices of all final use, both logarithms, N.
pub(crate) fn log_scale(calibration: &Calibration, wage: &[f64], price_index: &[f64]) -> f64 {
    match &calibration.closure.numeraire {
        Numeraire::WorldGdp => 0.0,
        Numeraire::Wage(code) => calibration.benchmark.economy(code).map_or(0.0, |i| -wage[i]),
        Numeraire::WorldPrices => {
            let world: f64 = calibration.income.iter().sum();
            let index: f64 = calibration.income.iter().zip(price_index).map(|(w, p)| w * p.exp()).sum();
            (world / index).ln()
        }
    }
}

/// Whether deficits and limits are fixed in units that a solve has to find.
pub(crate) fn is_unit(calibration: &Calibration) -> bool {
    calibration.closure.deficit_unit_is_numeraire && calibration.closure.numeraire != Numeraire::WorldGdp
}
