//! Ctrl-C: the first asks the work to stop and lets the command say what it keeps, the second ends the program at once.
//!
//! Searches look at the flag in every step, so that they end within a fraction of a second; nothing is written or printed once it is set, since
//! what a search had then is no answer. Work that looks at no flag is ended from outside ([`Verb::looks_at_the_flag`](crate::verbs::Verb)): files are
//! written aside and renamed when whole, so that this leaves none half written.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use detente_engine::parallel::{Control, Progress};

use crate::failure::{Failure, INTERRUPTED};

/// What one run of the command shares with its handler and with whoever waits.
struct Interrupt {
    control: Control,
    list: Arc<Mutex<Option<List>>>,
    written: Mutex<Vec<String>>,
}

/// A list that is worked through: draws of a band, runs, scenarios.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// Done so far.
    pub done: usize,
    /// All of them.
    pub total: usize,
    /// When the first was done.
    begun: Instant,
}

impl List {
    /// Seconds that the rest takes at the pace so far; none before two are done and after all are.
    pub fn seconds_left(&self) -> Option<f64> {
        let (paced, left) = (self.done.checked_sub(1)?, self.total.checked_sub(self.done)?);
        (paced > 0 && left > 0).then(|| self.begun.elapsed().as_secs_f64() / paced as f64 * left as f64)
    }
}

fn interrupt() -> &'static Interrupt {
    static INTERRUPT: OnceLock<Interrupt> = OnceLock::new();
    INTERRUPT.get_or_init(|| {
        let list = Arc::new(Mutex::new(None));
        let told = Arc::clone(&list);
        let progress = Arc::new(move |progress| {
            if let Progress::Items { done, total } = progress {
                follow(&told, done, total);
            }
        });
        let control = Control { progress: Some(progress), ..Control::default() };
        Interrupt { control, list, written: Mutex::default() }
    })
}

fn follow(list: &Mutex<Option<List>>, done: usize, total: usize) {
    let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
    match list.as_mut() {
        // Threads may tell out of order; a count that falls back far is another list.
        Some(held) if held.total == total && held.done < total && done + 64 > held.done => {
            held.done = held.done.max(done);
        }
        _ => *list = Some(List { done, total, begun: Instant::now() }),
    }
}

/// How all work of this command is governed.
pub fn control() -> &'static Control {
    &interrupt().control
}

/// The list that is being worked through, if any.
pub fn list() -> Option<List> {
    *interrupt().list.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hears Ctrl-C from now on. Where the system refuses, Ctrl-C ends the program as it would without this.
pub fn listen() {
    let flag: Arc<AtomicBool> = control().stop.clone().into();
    #[cfg(unix)]
    {
        use signal_hook::consts::SIGINT;
        // In this order: the second signal finds the flag set.
        let _ = signal_hook::flag::register_conditional_shutdown(
            SIGINT,
            i32::from(INTERRUPTED),
            Arc::clone(&flag),
        );
        let _ = signal_hook::flag::register(SIGINT, flag);
    }
    #[cfg(not(unix))]
    drop(flag);
}

/// Refuses once Ctrl-C was heard.
pub fn check() -> Result<(), Failure> {
    if control().stop.is_stopped() { Err(stopped()) } else { Ok(()) }
}

/// Remembers what was written whole: it stays whatever is interrupted later.
pub fn wrote(path: &Path) {
    let mut written = interrupt().written.lock().unwrap_or_else(PoisonError::into_inner);
    written.push(path.display().to_string());
}

/// What an interrupted command says.
pub fn stopped() -> Failure {
    let written = interrupt().written.lock().unwrap_or_else(PoisonError::into_inner);
    Failure::Stopped(if written.is_empty() {
        "stopped before there was an answer; nothing was written".to_owned()
    } else {
        format!("stopped; {} was written whole before and stays", written.join(", "))
    })
}
