//! The optimum of a small open economy.

use crate::theory::worlds::{closure, home_and_foreign, solve};
use crate::theory::{Check, CheckError};
use detente_engine::closure::Deficits;
use detente_engine::gradient::gradient;
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome};
use detente_engine::solver::Solver;

/// Output of the rest of the world over home's.
const FOREIGN: f64 = 1e6;

/// One sector, two economies: the tariff at which the exact derivative of welfare is zero is 1/θ as home becomes small.
pub fn small_open_economy() -> Result<Vec<Check>, CheckError> {
    [2.0, 4.0, 8.0].into_iter().map(check).collect()
}

fn check(trade_elasticity: f64) -> Result<Check, CheckError> {
    let benchmark = home_and_foreign(trade_elasticity, FOREIGN);
    let calibration = Solver::new(&benchmark, &closure(Deficits::Zero))?;
    let cell = benchmark.dimensions().cell(0, 1, 0);
    let slope = |rate: f64| -> Result<f64, CheckError> {
        let mut instruments = Instruments::of(&benchmark);
        instruments.tariff_rate[cell] = rate;
        let found = solve(&calibration, &instruments, "a small open economy")?;
        Ok(gradient(&calibration, &found, &Objective::log(Outcome::Welfare, 0))?.tariff[cell])
    };
    let (mut low, mut high) = (0.0, 3.0);
    while high - low > 1e-9 {
        let middle = 0.5 * (low + high);
        if slope(middle)? > 0.0 { low = middle } else { high = middle }
    }
    let (expected, found) = (1.0 / trade_elasticity, 0.5 * (low + high));
    Ok(Check::new(
        &format!("optimal tariff of a small open economy, θ = {trade_elasticity}"),
        "With one sector, perfect competition and balanced trade the welfare-maximising tariff tends to 1/θ as the economy becomes small beside the \
         rest of the world (here one to a million); found as the root of the exact derivative.",
        format!("{expected:.6}"),
        format!("{found:.6}"),
        (found - expected).abs(),
        1e-5,
    ))
}
