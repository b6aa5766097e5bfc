//! Long calls: the lock is released, the work runs on a thread, and the caller's thread looks for signals until it is done.

use std::time::Duration;

use detente_engine::parallel::{Control, Stop};
use pyo3::prelude::*;

/// How often signals are looked for.
const EVERY: Duration = Duration::from_millis(25);

/// Runs the work under a control whose flag Ctrl-C sets. What the signal raised is raised; what was found until then is dropped.
pub fn interruptible<T: Send>(py: Python<'_>, work: impl FnOnce(Control) -> T + Send) -> PyResult<T> {
    interruptible_with(py, &|_| {}, work)
}

/// The same, with somebody beside the flag who is told of a signal.
pub fn interruptible_with<T: Send>(
    py: Python<'_>,
    told: &(impl Fn(Python<'_>) + Sync),
    work: impl FnOnce(Control) -> T + Send,
) -> PyResult<T> {
    let stop = Stop::default();
    let control = Control { stop: stop.clone(), ..Control::default() };
    let (found, signal) = py.detach(|| {
        std::thread::scope(|scope| {
            let (done, finished) = std::sync::mpsc::channel::<()>();
            let worker = scope.spawn(move || {
                let found = work(control);
                drop(done);
                found
            });
            let mut signal = None;
            // The channel closes when the work is done.
            while let Err(std::sync::mpsc::RecvTimeoutError::Timeout) = finished.recv_timeout(EVERY) {
                if signal.is_none()
                    && let Err(raised) = Python::attach(|py| py.check_signals().inspect_err(|_| told(py)))
                {
                    stop.stop();
                    signal = Some(raised);
                }
            }
            (worker.join(), signal)
        })
    });
    if let Some(raised) = signal {
        return Err(raised);
    }
    found.map_err(|_| {
        crate::errors::raise(py, "InternalError", "a thread of the engine ended by a fault of its own", None)
    })
}
