//! Printing: only the result goes to standard output; progress and notes go to standard error.

use crate::failure::Failure;
use std::io::Write;
use std::sync::mpsc;
use std::time::Duration;

/// How a result is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: tables that fit a terminal.
    #[default]
    Table,
    /// For machines: all digits.
    Json,
    /// For notebooks and spreadsheets.
    Csv,
}

/// Writes a result to standard output. A reader that closes the pipe early (`| head`) is no fault.
#[allow(dead_code, reason = "used by every verb that prints")]
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Fault(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to standard error: progress, notes, why there is no result. A reader that closed the pipe (`2>&1 | head`) has read enough;
/// that is no reason to fail.
pub fn note(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Does work that is nearly always done at once, and says on standard error every ten seconds that it goes on where it is not.
pub fn patiently<T>(what: &str, work: impl FnOnce() -> T) -> T {
    const EVERY: Duration = Duration::from_secs(10);
    let (done, waits) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut waited = EVERY;
            while let Err(mpsc::RecvTimeoutError::Timeout) = waits.recv_timeout(EVERY) {
                note(format_args!(
                    "{what}: {} seconds so far; `--max-iterations` bounds the steps",
                    waited.as_secs()
                ));
                waited += EVERY;
            }
        });
        let result = work();
        drop(done);
        result
    })
}
