//! What a counterfactual means: every column of the results, as counterfactual over baseline.
//!
//! Both equilibria are solved relative to the data, so each ratio here is a ratio of two hats. Welfare is exact
//! (equivalent variation over baseline income); the first-order terms of Caliendo & Parro (2015) stand beside it with
//! the remainder that makes the difference, see [`decomposition`]. A column that a setting does not define is `None`,
//! never zero and never not-a-number.

pub mod capital;
pub mod decomposition;
pub mod economy;
pub mod final_use;
pub mod headline;
mod row;
pub mod sector;
mod welfare;

use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::model::calibration::Calibration;
use decomposition::Decomposition;
use economy::EconomyOutcome;
use sector::SectorOutcome;

/// Everything that is reported about one counterfactual.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcomes {
    /// By economy, in the benchmark's order.
    pub economies: Vec<EconomyOutcome>,
    /// By pair, laid out as [`Dimensions::pair`](crate::index::Dimensions::pair).
    pub sectors: Vec<SectorOutcome>,
    /// Border values at the baseline, N·N·S, home sales included.
    pub trade_before: Vec<f64>,
    /// Border values in the counterfactual, N·N·S.
    pub trade_after: Vec<f64>,
    /// First-order terms by economy, partner and sector.
    pub decomposition: Decomposition,
}

/// Compares two equilibria of one world.
///
/// ```
/// use detente_engine::benchmark::Benchmark;
/// use detente_engine::calibration::SolveSettings;
/// use detente_engine::closure::Closure;
/// use detente_engine::instruments::Instruments;
/// use detente_engine::solver::Solver;
///
/// let benchmark = Benchmark::example();
/// let solver = Solver::new(&benchmark, &Closure::default())?;
/// let settings = SolveSettings::default();
/// let before = solver.solve(Instruments::of(&benchmark), &settings, None)?.solved()?;
/// let mut instruments = Instruments::of(&benchmark);
/// instruments.tariff_rate[benchmark.dimensions().cell(0, 1, 1)] += 0.10;
/// let after = solver.solve(&instruments, &settings, Some(&before))?.solved()?;
/// let found = detente_engine::outcomes::compare(&solver, &before, &after)?;
/// assert!(found.economies[1].welfare_pct.is_some_and(|change| change < 0.0), "whose exports are taxed loses");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Refused where they are equilibria of different models: their closures may differ in what is assumed of deficits (and in units), in
/// nothing else; and where one of them is of a world of another size.
pub fn compare(
    calibration: &Calibration,
    baseline: &Equilibrium,
    counterfactual: &Equilibrium,
) -> Result<Outcomes, EngineError> {
    for equilibrium in [baseline, counterfactual] {
        let (found, expected) = (equilibrium.output.len(), calibration.dimensions.pairs());
        if found != expected || equilibrium.wage_hat.len() != calibration.dimensions.economies {
            return Err(EngineError::Size { what: "an equilibrium to compare", found, expected });
        }
        if !equilibrium.closure.is_same_model(&calibration.closure) {
            return Err(EngineError::Refused {
                setting: "comparison",
                reason: "the equilibria were solved under different closures: the difference would be one of models, not of \
                         policies"
                    .into(),
            });
        }
    }
    let decomposition = Decomposition::new(calibration, baseline, counterfactual);
    Ok(Outcomes {
        economies: economy::all(calibration, baseline, counterfactual, &decomposition),
        sectors: sector::all(calibration, baseline, counterfactual),
        trade_before: baseline.border_value.clone(),
        trade_after: counterfactual.border_value.clone(),
        decomposition,
    })
}

/// 100 (after/before − 1), where that is a number.
pub(crate) fn percent(after: f64, before: f64) -> Option<f64> {
    let change = 100.0 * (after / before - 1.0);
    (before != 0.0 && change.is_finite()).then_some(change)
}

/// `numerator / denominator`, where that is a number.
pub(crate) fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    let value = numerator / denominator;
    (denominator != 0.0 && value.is_finite()).then_some(value)
}
