//! What happens once capital has answered, beside a counterfactual: consumption, capital and real wages in the end, and the present value.

use std::sync::Arc;

use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::capital;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::Closure;
use detente_engine::error::EngineError;
use detente_engine::instruments::Instruments;
use detente_engine::outcomes::Outcomes;
use detente_engine::outcomes::capital::{CapitalPath, CapitalWorld};
use detente_engine::parallel::Control;
use detente_engine::solver::Solver;
use detente_tables::diagnostics::Problems;

/// Why nothing is said of capital.
#[derive(Debug)]
pub enum NoCapital {
    /// The benchmark's tables of capital are missing or wrong.
    Tables(Problems),
    /// The engine refuses the question.
    Refused(EngineError),
}

impl From<EngineError> for NoCapital {
    fn from(error: EngineError) -> Self {
        Self::Refused(error)
    }
}

/// A world whose capital answers, with notes that belong to its numbers.
#[derive(Debug)]
pub(crate) struct Answering {
    world: CapitalWorld,
    notes: Vec<String>,
}

/// Makes it ready, nothing solved; `calibration` is the world with capital as it is. The closures are the baseline's and the counterfactual's.
///
/// # Errors
///
/// Tables that are missing or wrong, settings that capital is not written for.
pub(crate) fn ready(
    control: &Control,
    directory: &BenchmarkDirectory,
    calibration: &Solver,
    closures: [&Closure; 2],
) -> Result<Answering, NoCapital> {
    let tables = capital::open(directory).map_err(NoCapital::Tables)?;
    let (data, mut notes) = tables.on(calibration)?;
    let world = CapitalWorld::new(Arc::clone(&calibration.benchmark), closures, Arc::new(data), control)?;
    let path = CapitalPath::default();
    notes.insert(
        0,
        format!(
            "capital: columns \"in the end\" are levels once capital has been built until its return is what it was, not welfare; on the way \
             less or more is invested, and the present value (interest {:.0} percent, {:.0} to {:.0} percent of the gap a year) counts that. A \
             deficit that is held fixed is then an annuity for ever: balanced trade beside it says how much that matters",
            100.0 * path.interest_rate,
            100.0 * path.speed[0],
            100.0 * path.speed[1]
        ),
    );
    Ok(Answering { world, notes })
}

impl Answering {
    /// Compares two policies beside what is said of them already; returns its notes.
    ///
    /// # Errors
    ///
    /// A policy without an equilibrium.
    pub(crate) fn beside(
        self,
        outcomes: &mut Outcomes,
        [before, after]: [&Instruments; 2],
        settings: &SolveSettings,
    ) -> Result<Vec<String>, NoCapital> {
        let found = self.world.outcomes(before, after, settings, &CapitalPath::default())?;
        for (row, found) in outcomes.economies.iter_mut().zip(found) {
            row.capital = Some(found);
        }
        Ok(self.notes)
    }
}
