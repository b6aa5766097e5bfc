//! Printing: only the result goes to standard output; progress and notes go to standard error.

use crate::failure::{Failure, INTERRUPTED};
pub use crate::format::Format;
use crate::interrupt;
pub use crate::note::note;
use crate::own_facts;
use detente_tables::atomic_write::{self, Files, Outputs};
use detente_tables::output::{OutputFile, TableForm};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Writes a result to standard output. A reader that closes the pipe early (`| head`) is no fault.
#[allow(dead_code, reason = "used by every verb that prints")]
pub fn print(text: &str) -> Result<(), Failure> {
    interrupt::check()?;
    let text = own_facts::on(text);
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Fault(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes results into a directory and says where they are, and what an interruption had left there.
pub fn results(out: &Path, files: &[OutputFile]) -> Result<(), Failure> {
    interrupt::check()?;
    let told = detente::results::write(out, &own_facts::in_summaries(files), TableForm::Csv);
    told.map_err(|error| Failure::WrongInput(error.to_string()))?.iter().for_each(note);
    interrupt::wrote(out);
    note(format_args!("results in {}", out.display()));
    Ok(())
}

/// Writes a directory, whole or not at all, and says what an interruption had left there.
pub fn directory(out: &Path, outputs: &Outputs, files: &Files) -> Result<(), Failure> {
    interrupt::check()?;
    let told = atomic_write::write(out, outputs, files);
    told.map_err(|error| Failure::WrongInput(error.to_string()))?.iter().for_each(note);
    interrupt::wrote(out);
    Ok(())
}

/// Writes one file, whole or not at all.
pub fn file(file: &Path, content: impl AsRef<[u8]>) -> Result<(), Failure> {
    interrupt::check()?;
    atomic_write::write_file(file, content.as_ref())
        .map_err(|error| Failure::WrongInput(error.to_string()))?;
    interrupt::wrote(file);
    Ok(())
}

/// Writes one page, whole or not at all, and says where it is.
pub fn page(to: &Path, page: &str) -> Result<(), Failure> {
    file(to, own_facts::on_page(page).as_bytes())?;
    note(format_args!("page in {}", to.display()));
    Ok(())
}

/// Prints a page, or writes it into the file that was asked for.
pub fn print_or_write(to: Option<&Path>, page: &str) -> Result<(), Failure> {
    to.map_or_else(|| print(page), |to| file(to, own_facts::on_page(page).as_bytes()))
}

/// What is known of a verb for whoever waits for it.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Its word.
    pub verb: &'static str,
    /// How long it takes on two processors, where that is known.
    pub usually: Option<&'static str>,
    /// Whether it ends by itself after Ctrl-C.
    pub looks_at_the_flag: bool,
}

/// How often whoever waits looks at the flag of Ctrl-C.
const LOOK: Duration = Duration::from_millis(50);
/// How long after Ctrl-C work that does not look at the flag goes on.
const GRACE: Duration = Duration::from_millis(100);
/// How long work that looks at it may take to come to an end: ten times and more what a search takes.
const LONG_GRACE: Duration = Duration::from_secs(5);

/// Does the work of a verb, and says on standard error that it goes on where it is not done at once: after two seconds on a terminal, after ten
/// in a pipe, and then ever more rarely; with an estimate from the list that is worked through where there is one. After Ctrl-C, work that
/// does not end by itself is ended.
pub fn patiently<T>(patience: Patience, work: impl FnOnce() -> T) -> T {
    let first = Duration::from_secs(if std::io::stderr().is_terminal() { 2 } else { 10 });
    let (done, waits) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let begun = Instant::now();
            let (mut next, mut said, mut stopped) = (first, false, None);
            while let Err(mpsc::RecvTimeoutError::Timeout) = waits.recv_timeout(LOOK) {
                if let Err(failure) = interrupt::check() {
                    let grace = if patience.looks_at_the_flag { LONG_GRACE } else { GRACE };
                    if stopped.get_or_insert_with(Instant::now).elapsed() >= grace {
                        note(format_args!("detente: {failure}"));
                        std::process::exit(i32::from(INTERRUPTED));
                    }
                    continue;
                }
                let waited = begun.elapsed();
                if waited < next {
                    continue;
                }
                let time = time_words(waited.as_secs_f64());
                note(format_args!("{}: {time} so far{}", patience.verb, estimate(patience, said)));
                said = true;
                next = waited + (waited / 2).clamp(Duration::from_secs(8), Duration::from_secs(60));
            }
        });
        let result = work();
        drop(done);
        result
    })
}

/// How far the work is and how long the rest takes, else how long it usually takes, said once.
fn estimate(patience: Patience, said: bool) -> String {
    let list = interrupt::list();
    if let Some((list, left)) = list.and_then(|list| Some((list, list.seconds_left()?))) {
        return format!("; {} of {} done, about {} left", list.done, list.total, time_words(left));
    }
    match patience.usually {
        Some(usually) if !said => {
            format!(" (usually {usually} on two processors; Ctrl-C leaves nothing half written)")
        }
        _ => String::new(),
    }
}

/// A stretch of time in words: seconds below two minutes, then minutes, then hours.
pub fn time_words(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 120.0 => format!("{seconds:.0} seconds"),
        seconds if seconds < 7200.0 => format!("{:.0} minutes", seconds / 60.0),
        seconds => format!("{:.1} hours", seconds / 3600.0),
    }
}

/// Columns of the terminal: what `COLUMNS` says, else what the terminal itself does; none where the output goes to a file or a pipe.
pub fn columns() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|said| said.trim().parse::<usize>().ok());
    said.filter(|columns| *columns > 0).or_else(of_terminal)
}

#[cfg(unix)]
fn of_terminal() -> Option<usize> {
    if !std::io::stdout().is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

#[cfg(not(unix))]
fn of_terminal() -> Option<usize> {
    None
}
