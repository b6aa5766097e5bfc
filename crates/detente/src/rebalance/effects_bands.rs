//! How sure the effects of levers are: each at the size that is meant, under draws of what is uncertain about the same point.

use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::closure::Closure;
use detente_engine::error::EngineError;
use detente_engine::instruments::Instruments;
use detente_engine::rebalancing::dial::DialOf;
use detente_engine::rebalancing::lever;
use detente_engine::solver::Solver;
use detente_engine::uncertainty::statistics::Band;

use super::effects_table::LeverTable;
use crate::uncertainty::{self, Answers, BandError, BandSettings, headline};

/// Bands of effects: runs by lever, then dial.
pub struct LeverBands {
    answers: Answers,
    /// Positions of the dials among those of the table.
    dials: Vec<usize>,
    /// What is varied, in words.
    pub over: String,
}

impl LeverBands {
    /// The band of a lever's effect at the size meant on a dial of the table; none where the dial was not asked, or is not defined.
    pub fn of(&self, lever: usize, dial: usize) -> Option<Band> {
        let place = self.dials.iter().position(|asked| *asked == dial)?;
        self.answers.band(lever * self.dials.len() + place).filter(|band| band.low.is_finite())
    }

    /// Runs that ended without an equilibrium.
    pub fn not_converged(&self) -> usize {
        self.answers.not_converged()
    }

    /// All runs.
    pub fn runs(&self) -> usize {
        self.answers.values.len()
    }
}

/// Draws the effects of a table's levers on some of its dials (by position), deficits as the closure has them.
///
/// # Errors
/// Elasticity sets that do not fit the benchmark; what the engine refuses.
pub fn bands(
    directory: &BenchmarkDirectory,
    closure: &Closure,
    table: &LeverTable,
    dials: Vec<usize>,
    settings: &BandSettings,
) -> Result<LeverBands, BandError> {
    let solver = Solver::new(&directory.benchmark, closure)?;
    let base = Instruments::of(&directory.benchmark);
    let moved = |meant: &super::lever_meant::MeantLever| {
        lever::apply(&solver, &base, &[&meant.lever], &[meant.sizes.1])
    };
    let cases: Vec<Instruments> = std::iter::once(Ok(base.clone()))
        .chain(table.levers.iter().map(moved))
        .collect::<Result<_, EngineError>>()?;
    let asked: Vec<DialOf> = dials.iter().map(|dial| table.dials[*dial]).collect();
    let settings = BandSettings {
        deficits: vec![closure.deficits],
        paid_shares: directory.paid_shares.clone(),
        ..settings.clone()
    };
    let borrowed: Vec<&Instruments> = cases.iter().collect();
    let answers =
        uncertainty::solve(&directory.benchmark, closure, &borrowed, &settings, |calibration, solved| {
            let [before, after @ ..] = solved else { return Ok(Vec::new()) };
            let read = |of: &DialOf, e| of.value(calibration, e).unwrap_or(f64::NAN);
            let before: Vec<f64> = asked.iter().map(|of| read(of, before)).collect();
            let change = |e| asked.iter().zip(&before).map(move |(of, before)| read(of, e) - before);
            Ok(after.iter().flat_map(change).collect())
        })?;
    let over = headline::over(&answers, &settings);
    Ok(LeverBands { answers, dials, over })
}
