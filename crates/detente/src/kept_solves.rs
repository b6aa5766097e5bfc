//! What solves on one benchmark share: solvers by their closure, baselines by closure and instruments.
//!
//! No result depends on what was solved before: a solver gives the same bits however often it was used, and a baseline is the same solve of
//! the same instruments from the data. Keeping both is therefore only a matter of time; a test compares bit by bit.

use std::sync::Arc;

use detente_engine::closure::Closure;
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::solver::Solver;
use jiff::civil::Date;

use crate::kept::Kept;

/// Solvers that are kept, of some megabytes each.
const SOLVERS: usize = 3;
/// Baselines that are kept, of half a megabyte each.
const BASELINES: usize = 12;

/// What a list on a pair hangs on: talks, day, known on, whether as collected, importer, exporter, measure.
pub(crate) type ListKey = (String, Date, Date, bool, usize, usize, String);

/// Lists that a world keeps, some hundred bytes each.
pub(crate) const KEPT_LISTS: usize = 256;

/// Solvers and baselines of one benchmark under one control and the same settings.
#[derive(Debug)]
pub(crate) struct KeptSolves {
    pub(crate) solvers: Kept<Closure, Arc<Solver>>,
    pub(crate) baselines: Kept<(Closure, Arc<Instruments>), Arc<Equilibrium>>,
}

impl Default for KeptSolves {
    fn default() -> Self {
        Self { solvers: Kept::of(SOLVERS), baselines: Kept::of(BASELINES) }
    }
}

impl KeptSolves {
    /// The equilibrium of a closure and instruments, from the data.
    ///
    /// # Errors
    /// As `solve`.
    pub(crate) fn baseline<E>(
        &self,
        closure: &Closure,
        instruments: Instruments,
        solve: impl FnOnce(&Instruments) -> Result<Equilibrium, E>,
    ) -> Result<Equilibrium, E> {
        let same = |(of, held): &(Closure, Arc<Instruments>)| of == closure && **held == instruments;
        if let Some(found) = self.baselines.get_where(same) {
            return Ok(Equilibrium::clone(&found));
        }
        let found = solve(&instruments)?;
        self.baselines.put((closure.clone(), Arc::new(instruments)), Arc::new(found.clone()));
        Ok(found)
    }
}
