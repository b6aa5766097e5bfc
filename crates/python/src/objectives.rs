//! Objectives that are functions in Python: called one at a time under the lock, and what they raise is carried through.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use detente::strategy::own_objective::OwnFunction;
use detente_engine::objective::OutcomeFunction;
use detente_engine::parallel::Stop;
use pyo3::prelude::*;

/// A player's function as it comes from the typed package: both callables take a list of numbers, in the order of `reads`.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Asked {
    player: String,
    name: String,
    reads: Vec<String>,
    value: Py<PyAny>,
    slopes: Option<Py<PyAny>>,
}

/// What went wrong in a function, and in which thread one is running: shared by all functions of a question.
#[derive(Clone, Default)]
pub struct Calls(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    raised: Option<PyErr>,
    running: Option<u64>,
}

impl Calls {
    fn with<T>(&self, of: impl FnOnce(&mut State) -> T) -> T {
        of(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What a function raised first.
    pub fn raised(&self) -> Option<PyErr> {
        self.with(|state| state.raised.take())
    }

    /// Ctrl-C in the main thread reaches a function that is running in another.
    pub fn interrupt(&self, py: Python<'_>) {
        if let Some(thread) = self.with(|state| state.running)
            && let Ok(module) = py.import("detente.objectives")
        {
            // A thread that is gone is not told.
            let _ = module.call_method1("_interrupt", (thread,));
        }
    }
}

/// A function of Python's as the engine calls it.
struct Function {
    asked: Asked,
    calls: Calls,
    stop: Stop,
    /// One call at a time, whichever thread searches; taken before the interpreter's lock, so that neither waits for the other.
    turn: Mutex<()>,
}

impl fmt::Debug for Function {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Function({})", self.asked.name)
    }
}

impl Function {
    fn call<T>(&self, outcomes: &[f64], of: impl FnOnce(Python<'_>) -> PyResult<T>) -> Option<T> {
        // What has no number is not asked about, and after a mistake nothing is.
        if self.stop.is_stopped() || outcomes.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        Python::attach(|py| {
            let thread =
                py.import("threading").and_then(|module| module.call_method0("get_ident")?.extract());
            self.calls.with(|state| state.running = thread.ok());
            let found = of(py);
            self.calls.with(|state| state.running = None);
            match found {
                Ok(value) => Some(value),
                Err(raised) => {
                    self.calls.with(|state| {
                        state.raised.get_or_insert(raised);
                    });
                    self.stop.stop();
                    None
                }
            }
        })
    }
}

impl OutcomeFunction for Function {
    fn value(&self, outcomes: &[f64]) -> f64 {
        let called = self.call(outcomes, |py| self.asked.value.call1(py, (outcomes.to_vec(),))?.extract(py));
        called.unwrap_or(f64::NAN)
    }

    fn slopes(&self, outcomes: &[f64], slopes: &mut [f64]) -> bool {
        let Some(function) = &self.asked.slopes else { return false };
        let called: Option<Vec<f64>> =
            self.call(outcomes, |py| function.call1(py, (outcomes.to_vec(),))?.extract(py));
        match called {
            Some(found) if found.len() == slopes.len() => slopes.copy_from_slice(&found),
            _ => slopes.fill(f64::NAN),
        }
        true
    }
}

/// The functions as the library takes them; a mistake in one sets the flag that stops the question.
pub fn functions(asked: Vec<Asked>, calls: &Calls, stop: &Stop) -> Vec<OwnFunction> {
    let one = |asked: Asked| OwnFunction {
        player: asked.player.clone(),
        name: asked.name.clone(),
        reads: asked.reads.clone(),
        function: Arc::new(Function {
            asked,
            calls: calls.clone(),
            stop: stop.clone(),
            turn: Mutex::new(()),
        }),
    };
    asked.into_iter().map(one).collect()
}
