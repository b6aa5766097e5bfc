//! The solver: a calibration, how its solves are governed, and what they leave behind for each other.

use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock};

use super::buffers::Buffers;
use super::residual::evaluate;
use crate::derivatives::preconditioner::Preconditioner;
use crate::error::EngineError;
use crate::model::benchmark::Benchmark;
use crate::model::calibration::Calibration;
use crate::model::closure::Closure;
use crate::parallel::Control;

/// A calibrated world ready to be solved, any number of times and from any number of threads.
///
/// It reads as its [`Calibration`]; beside it stands what solves share, the preconditioner made at the data and buffers, and the
/// [`Control`] over them: stop flag and progress. No result depends on the solves before it.
#[derive(Debug)]
pub struct Solver {
    calibration: Calibration,
    control: Control,
    /// Made at the data by whichever solve first needs it, the same for all; none where instruments of the data do not fold.
    at_data: OnceLock<Option<Arc<Preconditioner>>>,
    /// One for each solve that has run at the same time as others.
    pool: Mutex<Vec<Buffers>>,
}

impl Solver {
    /// Calibrates a benchmark under a closure; refused where the closure asks for what the data do not give. A benchmark given as an
    /// [`Arc`] is shared, one given by reference is copied.
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
    /// assert!(before.certificate.max_residual() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(benchmark: impl Into<Arc<Benchmark>>, closure: &Closure) -> Result<Self, EngineError> {
        Ok(Calibration::new(benchmark, closure)?.into())
    }

    /// The same under a control: its stop flag ends every solve and derivative, its listener hears of every step.
    ///
    /// ```
    /// use detente_engine::benchmark::Benchmark;
    /// use detente_engine::calibration::SolveSettings;
    /// use detente_engine::closure::Closure;
    /// use detente_engine::error::EngineError;
    /// use detente_engine::instruments::Instruments;
    /// use detente_engine::parallel::{Control, Stop};
    /// use detente_engine::solver::Solver;
    ///
    /// let stop = Stop::default();
    /// let control = Control { stop: stop.clone(), ..Control::default() };
    /// let benchmark = Benchmark::example();
    /// let solver = Solver::new(&benchmark, &Closure::default())?.with_control(control);
    /// let mut instruments = Instruments::of(&benchmark);
    /// instruments.tariff_rate.iter_mut().for_each(|rate| *rate += 0.5);
    /// stop.stop();
    /// let ended = solver.solve(instruments, &SolveSettings::default(), None);
    /// assert_eq!(ended.err(), Some(EngineError::Stopped));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_control(self, control: Control) -> Self {
        Self { control, ..self }
    }

    /// How solves are governed.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// The calibration alone.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// A solver of a calibration made from this one, under the same control.
    pub(crate) fn part(&self, calibration: Calibration) -> Self {
        Self::from(calibration).with_control(self.control.clone())
    }

    /// Changes the calibration; what was kept of it stays, since it only preconditions.
    pub(crate) fn calibration_mut(&mut self) -> &mut Calibration {
        &mut self.calibration
    }

    /// The preconditioner made at the data, so that no solve's result depends on the solves before it.
    pub(crate) fn preconditioner_at_data(&self) -> Option<&Preconditioner> {
        let made = self.at_data.get_or_init(|| {
            let mut buffers = self.take_buffers();
            let folded = buffers.point.costs.fold_data(self);
            let made = folded.is_ok().then(|| {
                buffers.start_from_data(self);
                evaluate(self, &mut buffers, false);
                Arc::new(Preconditioner::new(&buffers.point.linearisation(self)))
            });
            self.give_back(buffers);
            made
        });
        made.as_deref()
    }

    /// The same with the preconditioner of a neighbour: a world of the same size under the same closure whose elasticities are near. It
    /// steers searches and decides nothing.
    pub(crate) fn beside(self, neighbour: &Solver) -> Self {
        neighbour.preconditioner_at_data();
        Self { at_data: neighbour.at_data.clone(), ..self }
    }

    /// The same with the buffers of a solver that is done.
    pub(crate) fn with_buffers(self, buffers: Vec<Buffers>) -> Self {
        Self { pool: Mutex::new(buffers), ..self }
    }

    /// What a solver that is done leaves to the next.
    pub(crate) fn into_buffers(self) -> Vec<Buffers> {
        self.pool.into_inner().unwrap_or_default()
    }

    /// Buffers that an earlier solve gave back, or new ones.
    pub(crate) fn take_buffers(&self) -> Buffers {
        let kept = self.pool.lock().ok().and_then(|mut pool| pool.pop());
        let mut buffers = kept.unwrap_or_default();
        buffers.gmres.stop = self.control.stop.clone();
        buffers
    }

    /// Keeps buffers for a later solve.
    pub(crate) fn give_back(&self, buffers: Buffers) {
        if let Ok(mut pool) = self.pool.lock() {
            pool.push(buffers);
        }
    }
}

impl From<Calibration> for Solver {
    fn from(calibration: Calibration) -> Self {
        Self { calibration, control: Control::default(), at_data: OnceLock::new(), pool: Mutex::default() }
    }
}

impl Deref for Solver {
    type Target = Calibration;

    fn deref(&self) -> &Calibration {
        &self.calibration
    }
}
