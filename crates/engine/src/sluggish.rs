//! Some years after a change: equilibria and gradients where part of a good's buyers have not yet found other origins (what is laid out,
//! and why that is the same economy earlier, stands with [`SluggishSourcing`]).

use std::sync::Arc;

use crate::calibration::SolveSettings;
use crate::closure::Closure;
use crate::equilibrium::{Equilibrium, Unsolved};
use crate::error::EngineError;
use crate::gradient::{self, Gradient};
use crate::instruments::Instruments;
use crate::model::benchmark::Benchmark;
use crate::model::calibration::Calibration;
pub use crate::model::sluggish::SluggishSourcing;
use crate::objective::{Goods, Objective, Outcome, Scalar};
use crate::parallel::Control;
use crate::solver::Solver;

/// A solver of a world some years after a change.
#[derive(Debug)]
pub struct SluggishSolver {
    layout: SluggishSourcing,
    laid: Solver,
}

/// An equilibrium some years after a change as it was solved, each part of a sector by itself: where the next solve and derivatives start.
#[derive(Clone, Debug)]
pub struct Laid(Equilibrium);

impl SluggishSolver {
    /// Calibrates a benchmark of which a share of the buyers of goods is free to switch; none where all are: that is the long run, which an
    /// ordinary [`Solver`] solves.
    ///
    /// ```
    /// use detente_engine::benchmark::Benchmark;
    /// use detente_engine::calibration::SolveSettings;
    /// use detente_engine::closure::Closure;
    /// use detente_engine::instruments::Instruments;
    /// use detente_engine::sluggish::SluggishSolver;
    ///
    /// let benchmark = Benchmark::example();
    /// let settings = SolveSettings::default();
    /// let solver = SluggishSolver::new(&benchmark, &Closure::default(), 0.5)?.expect("half of the buyers wait");
    /// let mut instruments = Instruments::of(&benchmark);
    /// instruments.tariff_rate[benchmark.dimensions().cell(0, 1, 1)] += 0.10;
    /// let (soon, _) = solver.solve(instruments, &settings, None)?.expect("solved");
    /// assert_eq!(soon.output.len(), benchmark.dimensions().pairs());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// What [`SluggishSourcing::new`] and a calibration refuse.
    pub fn new(benchmark: &Benchmark, closure: &Closure, free: f64) -> Result<Option<Self>, EngineError> {
        let Some(layout) = SluggishSourcing::new(benchmark, closure, free)? else { return Ok(None) };
        let laid = Calibration::of_layout(layout.benchmark(benchmark), closure)?.into();
        Ok(Some(Self { layout, laid }))
    }

    /// The same under a control.
    #[must_use]
    pub fn with_control(self, control: Control) -> Self {
        Self { laid: self.laid.with_control(control), ..self }
    }

    /// Solves, from another equilibrium where one is given. The first of the pair has as many sectors as the benchmark.
    ///
    /// # Errors
    /// As [`Solver::solve`]; within, why there is no equilibrium.
    pub fn solve(
        &self,
        instruments: impl Into<Arc<Instruments>>,
        settings: &SolveSettings,
        start: Option<&Laid>,
    ) -> Result<Result<(Equilibrium, Laid), Box<Unsolved>>, EngineError> {
        let instruments = instruments.into();
        let laid = self.layout.instruments(&instruments);
        let solution = self.laid.solve(laid, settings, start.map(|start| &start.0))?;
        Ok(solution.solved().map(|laid| (self.whole(&laid, instruments), Laid(laid))))
    }

    /// The equilibrium with the parts of every sector put together: values are sums; prices are what Cobb-Douglas buyers of both parts pay;
    /// costs and heads are weighed by what the parts had at the data.
    fn whole(&self, laid: &Equilibrium, instruments: Arc<Instruments>) -> Equilibrium {
        let n = laid.wage_hat.len();
        let sum = |values: &[f64], block: usize| self.layout.together(values, block, |_| 1.0);
        let mean = |values: &[f64]| self.layout.together(values, n, |share| share);
        let geometric = |values: &[f64]| {
            let logs: Vec<f64> = values.iter().map(|value| value.ln()).collect();
            mean(&logs).into_iter().map(f64::exp).collect()
        };
        Equilibrium {
            instruments,
            factor_price_hat: geometric(&laid.factor_price_hat),
            unit_cost_hat: geometric(&laid.unit_cost_hat),
            price_hat: geometric(&laid.price_hat),
            border_value: sum(&laid.border_value, n * n),
            expenditure: sum(&laid.expenditure, n),
            output: sum(&laid.output, n),
            final_use: sum(&laid.final_use, n),
            employment_hat: mean(&laid.employment_hat),
            ..laid.clone()
        }
    }

    /// The gradient of an objective: one transposed solve of what was solved, its parts put together.
    ///
    /// # Errors
    /// As [`gradient::gradient`]; a logarithm of what one sector makes or sells.
    pub fn gradient(&self, found: &Laid, objective: &Objective) -> Result<Gradient, EngineError> {
        let objective = self.objective(objective)?;
        let laid = gradient::gradient(&self.laid, &found.0, &objective)?;
        let n = self.laid.dimensions.economies;
        let sum = |values: &[f64], block: usize| self.layout.together(values, block, |_| 1.0);
        Ok(Gradient {
            tariff: sum(&laid.tariff, n * n),
            export_tax: sum(&laid.export_tax, n * n),
            trade_cost: sum(&laid.trade_cost, n * n),
            productivity: sum(&laid.productivity, n),
            capital: sum(&laid.capital, n),
            // A shift to a sector is shared out among its parts.
            final_demand: self.layout.together(&laid.final_demand, n, |share| share),
            ..laid
        })
    }

    /// The objective on the layout: what one sector makes or sells is the sum over its parts.
    fn objective(&self, objective: &Objective) -> Result<Objective, EngineError> {
        Ok(match objective {
            Objective::Sum(terms) => {
                let parts = |(weight, scalar): &(f64, Scalar)| {
                    self.parts(*scalar).into_iter().map(|part| (*weight, part)).collect::<Vec<_>>()
                };
                Objective::Sum(terms.iter().flat_map(parts).collect())
            }
            Objective::LogSum(terms) => {
                if terms.iter().any(|(_, scalar)| self.parts(*scalar) != [*scalar]) {
                    let reason = "the logarithm of one sector's number is none of a sum of outcomes at a horizon in years; ask for the \
                                  number itself"
                        .into();
                    return Err(EngineError::Refused { setting: "objective", reason });
                }
                Objective::LogSum(terms.clone())
            }
            Objective::Ratio(over, under) => {
                Objective::Ratio(Box::new(self.objective(over)?), Box::new(self.objective(under)?))
            }
            Objective::Own(..) => {
                let reason = "a function of one's own reads outcomes of the long run; at a horizon in years differentiate the outcomes that it \
                              is made of"
                    .into();
                return Err(EngineError::Refused { setting: "objective", reason });
            }
        })
    }

    fn parts(&self, scalar: Scalar) -> Vec<Scalar> {
        let of = |sector: usize, outcome: &dyn Fn(usize) -> Outcome| {
            let parts = self.layout.of(sector);
            parts.map(|(part, _)| Scalar { outcome: outcome(part), ..scalar }).collect()
        };
        match scalar.outcome {
            Outcome::Output(sector) => of(sector, &Outcome::Output),
            Outcome::Purchases(seller, Goods::Sector(sector)) => {
                of(sector, &|part| Outcome::Purchases(seller, Goods::Sector(part)))
            }
            _ => vec![scalar],
        }
    }
}
