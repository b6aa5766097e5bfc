//! A world in the long run or some years after a change: what a counterfactual is solved on.

use std::sync::Arc;

use detente_engine::calibration::SolveSettings;
use detente_engine::equilibrium::{Equilibrium, Unsolved};
use detente_engine::error::EngineError;
use detente_engine::instruments::Instruments;
use detente_engine::sluggish::{Laid, SluggishSolver};
use detente_engine::solver::Solver;

use crate::scenario::meant::InYears;

/// A calibrated world, and beside it the layout in which part of its buyers keep their origins, where some do.
#[derive(Clone)]
pub(crate) struct Ground {
    pub whole: Arc<Solver>,
    early: Option<Arc<SluggishSolver>>,
}

/// What was solved.
pub(crate) struct Point {
    pub equilibrium: Equilibrium,
    pub early: Option<Early>,
}

/// An equilibrium of some years as it was solved, and on what.
#[derive(Debug)]
pub(crate) struct Early {
    pub solver: Arc<SluggishSolver>,
    pub laid: Laid,
}

impl Ground {
    /// The long run where no number of years is given, or where all buyers are free by then.
    pub fn new(whole: Arc<Solver>, in_years: Option<&InYears>) -> Result<Self, EngineError> {
        let Some(in_years) = in_years else { return Ok(Self { whole, early: None }) };
        let early = SluggishSolver::new(&whole.benchmark, &whole.closure, in_years.free())?;
        let control = whole.control().clone();
        Ok(Self { whole, early: early.map(|early| Arc::new(early.with_control(control))) })
    }

    /// Solves, from another point where one is given; within, why there is no equilibrium.
    pub fn solve(
        &self,
        instruments: &Arc<Instruments>,
        settings: &SolveSettings,
        start: Option<&Point>,
    ) -> Result<Result<Point, Box<Unsolved>>, EngineError> {
        let Some(early) = &self.early else {
            let start = start.map(|start| &start.equilibrium);
            let solved = self.whole.solve(Arc::clone(instruments), settings, start)?.solved();
            return Ok(solved.map(|equilibrium| Point { equilibrium, early: None }));
        };
        let start = start.and_then(|start| start.early.as_ref()).map(|early| &early.laid);
        let solved = early.solve(Arc::clone(instruments), settings, start)?;
        Ok(solved.map(|(equilibrium, laid)| Point {
            equilibrium,
            early: Some(Early { solver: Arc::clone(early), laid }),
        }))
    }
}
