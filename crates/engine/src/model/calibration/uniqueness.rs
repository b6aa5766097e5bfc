//! Whether economies of scale leave one equilibrium: what can be said before solving.
//!
//! Without inputs `ψθ ≤ 1` in every sector is enough (Kucheryavyy, Lyn & Rodríguez-Clare 2023); at one itself corners can occur.
//! With inputs no such condition is known. Dearer inputs then lower entry, which makes them dearer still: at given output, prices
//! solve `ln P = T ln P + …` with
//!
//! ```text
//! T[(n,s),(i,k)] = π[n,i,s] (κ_s/θ_s) γ[i,k→s],      κ/θ = 1+ψ under krugman, 1 + 1/(σ−1) under melitz,
//! ```
//!
//! and where the spectral radius of T is one or above that round feeds on itself. It is refused. A radius below one is a test of
//! prices at given output, not a proof that the equilibrium is the only one.

use super::Calibration;
use crate::error::EngineError;
use crate::model::closure::MarketStructure;

/// What the conditions say on the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uniqueness {
    /// The largest ψθ of a sector; one under `melitz`.
    pub largest_scale: f64,
    /// The spectral radius of the round of prices through inputs and entry; none without inputs.
    pub input_round: Option<f64>,
}

impl Uniqueness {
    /// Whether one equilibrium is certain: no inputs and `ψθ ≤ 1`.
    pub fn is_proven(&self) -> bool {
        self.input_round.is_none() && self.largest_scale <= 1.0 + 1e-12
    }
}

/// Rounds of the power method.
const ROUNDS: usize = 2000;
/// Relative change of the radius at rest.
const AT_REST: f64 = 1e-9;

/// Checks a calibration; none where there are no economies of scale.
pub(super) fn check(calibration: &Calibration) -> Result<Option<Uniqueness>, EngineError> {
    let setting = match calibration.closure.market_structure {
        MarketStructure::Perfect | MarketStructure::FixedEntry => return Ok(None),
        MarketStructure::Krugman => "market_structure = \"krugman\"",
        MarketStructure::Melitz => "market_structure = \"melitz\"",
    };
    let t = &calibration.technology;
    let largest_scale =
        t.output_power.iter().chain(&t.labour_power).fold(0.0_f64, |largest, power| largest.max(*power));
    let input_round = calibration.cost_input().map(|input| radius(calibration, input));
    if let Some(radius) = input_round.filter(|radius| *radius >= 1.0) {
        return Err(EngineError::Refused {
            setting,
            reason: format!(
                "the round of entry and inputs feeds on itself: the spectral radius of (1+ψ)γ through trade shares is \
                 {radius:.4} where below one is needed (a test of prices at given output); fewer economies of scale \
                 (`scale_elasticity`, `elasticity_of_substitution`) or `intermediates = \"none\"` would do"
            ),
        });
    }
    Ok(Some(Uniqueness { largest_scale, input_round }))
}

/// Spectral radius of T by the power method on `T + 1` (shifted, so that rounds of any length come to rest).
fn radius(calibration: &Calibration, input: &[f64]) -> f64 {
    let d = calibration.dimensions;
    let (n, t) = (d.economies, &calibration.technology);
    let mut price = vec![1.0; d.pairs()];
    let mut next = vec![0.0; d.pairs()];
    let mut cost = vec![0.0; n];
    let share: Vec<f64> = (0..d.cells()).map(|cell| calibration.expenditure_share(cell)).collect();
    let mut radius = 0.0_f64;
    for _ in 0..ROUNDS {
        for s in 0..d.sectors {
            let round = t.cost_power[s] / t.trade_elasticity[s];
            for (i, cost) in cost.iter_mut().enumerate() {
                let inputs = (0..d.sectors).map(|k| input[d.input(i, s, k)] * price[d.pair(i, k)]);
                *cost = round * t.input_scale[d.pair(i, s)] * inputs.sum::<f64>();
            }
            for importer in 0..n {
                let pair = d.pair(importer, s);
                let share = &share[pair * n..(pair + 1) * n];
                next[pair] =
                    price[pair] + share.iter().zip(&cost).map(|(share, cost)| share * cost).sum::<f64>();
            }
        }
        let size = next.iter().fold(0.0_f64, |m, v| m.max(*v));
        let before = price.iter().fold(0.0_f64, |m, v| m.max(*v));
        let now = size / before - 1.0;
        for (price, next) in price.iter_mut().zip(&next) {
            *price = next / size;
        }
        if (now - radius).abs() <= AT_REST * now {
            return now;
        }
        radius = now;
    }
    radius
}
