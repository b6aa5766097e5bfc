//! Work done on several processors at once, and how the caller governs it: how many threads, when to stop, who is told.

use std::fmt;
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::EngineError;

/// A flag that asks long work to stop; every copy is the same flag. Searches look at it in each step and each linear product, so that
/// they end within a fraction of a second.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks for the end.
    ///
    /// ```
    /// use detente_engine::parallel::Stop;
    ///
    /// let stop = Stop::default();
    /// let same = stop.clone();
    /// stop.stop();
    /// assert!(same.is_stopped(), "every copy is the same flag");
    /// ```
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the end was asked for.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl From<Stop> for Arc<AtomicBool> {
    /// The flag itself, for a handler of signals that sets it.
    fn from(stop: Stop) -> Self {
        stop.0
    }
}

impl From<Arc<AtomicBool>> for Stop {
    /// A flag that belongs to somebody else: a signal handler, say.
    fn from(flag: Arc<AtomicBool>) -> Self {
        Self(flag)
    }
}

/// How far long work has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// A search for one equilibrium has taken so many steps.
    Step {
        /// Steps so far, of all methods together.
        iterations: usize,
        /// Largest residual of the point that stands.
        largest_residual: f64,
    },
    /// So many of a list are done: scenarios, draws, runs.
    Items {
        /// Done so far.
        done: usize,
        /// All of them.
        total: usize,
    },
}

/// Who is told of progress; called from the threads that work, so it should be quick.
pub type Report = Arc<dyn Fn(Progress) + Send + Sync>;

/// Work done so far under a control, by all its copies together: what a question costs on any machine.
#[derive(Debug, Default)]
pub struct Work {
    solves: AtomicUsize,
    steps: AtomicUsize,
    transposed: AtomicUsize,
}

impl Work {
    /// Equilibria searched for.
    pub fn solves(&self) -> usize {
        self.solves.load(Ordering::Relaxed)
    }

    /// Steps of Newton's method and of what stands in for it.
    pub fn steps(&self) -> usize {
        self.steps.load(Ordering::Relaxed)
    }

    /// Transposed solves: gradients.
    pub fn transposed(&self) -> usize {
        self.transposed.load(Ordering::Relaxed)
    }

    pub(crate) fn count_solve(&self, steps: usize) {
        self.solves.fetch_add(1, Ordering::Relaxed);
        self.steps.fetch_add(steps, Ordering::Relaxed);
    }

    pub(crate) fn count_transposed(&self) {
        self.transposed.fetch_add(1, Ordering::Relaxed);
    }
}

/// How work is governed. The default takes all processors, is never stopped and tells nobody.
#[derive(Clone, Default)]
pub struct Control {
    /// At most so many threads; none: as many as the machine has processors.
    pub threads: Option<NonZeroUsize>,
    /// When set, work ends with [`EngineError::Stopped`].
    pub stop: Stop,
    /// Told of every step or item.
    pub progress: Option<Report>,
    /// What was done.
    pub work: Arc<Work>,
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control")
            .field("threads", &self.threads)
            .field("stop", &self.stop)
            .field("progress", &self.progress.is_some())
            .finish()
    }
}

impl Control {
    /// The same without a listener: for the single solves of a list whose items are reported.
    ///
    /// ```
    /// use detente_engine::parallel::Control;
    ///
    /// let quiet = Control::default().quiet();
    /// assert!(quiet.progress.is_none());
    /// ```
    pub fn quiet(&self) -> Self {
        Self { progress: None, ..self.clone() }
    }

    /// Tells of progress, where somebody listens.
    pub fn report(&self, progress: Progress) {
        if let Some(report) = &self.progress {
            report(progress);
        }
    }

    /// Refuses where the end was asked for.
    ///
    /// ```
    /// use detente_engine::parallel::Control;
    ///
    /// let control = Control::default();
    /// assert!(control.check().is_ok());
    /// control.stop.stop();
    /// assert!(control.check().is_err());
    /// ```
    pub fn check(&self) -> Result<(), EngineError> {
        if self.stop.is_stopped() { Err(EngineError::Stopped) } else { Ok(()) }
    }

    /// Works through the items on several threads, in the order in which these come free, and returns what was found in the order
    /// of the items. Each thread makes `buffers` of its own once.
    ///
    /// No item is begun once the flag to stop is set; then the answer is [`EngineError::Stopped`], whatever was found before.
    ///
    /// ```
    /// use detente_engine::parallel::Control;
    ///
    /// let found = Control::default().map(0..100_u32, || (), |(), item| item * item)?;
    /// assert_eq!(found[..4], [0, 1, 4, 9], "in the order of the items, whoever finished first");
    /// # Ok::<(), detente_engine::error::EngineError>(())
    /// ```
    pub fn map<Item: Send, Own, Found>(
        &self,
        items: impl IntoIterator<Item = Item, IntoIter: ExactSizeIterator + Send>,
        buffers: impl Fn() -> Own + Sync,
        work: impl Fn(&mut Own, Item) -> Found + Sync,
    ) -> Result<Vec<Found>, EngineError>
    where
        Found: Send,
    {
        let items = items.into_iter();
        let total = items.len();
        let processors = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let threads = self.threads.unwrap_or_else(processors).get().min(total.max(1));
        let queue = Mutex::new(items.enumerate());
        let finished = AtomicUsize::new(0);
        let next = || {
            if self.stop.is_stopped() {
                return None;
            }
            queue.lock().unwrap_or_else(PoisonError::into_inner).next()
        };
        let run = || {
            let mut own = buffers();
            let mut found = Vec::new();
            while let Some((position, item)) = next() {
                found.push((position, work(&mut own, item)));
                let done = finished.fetch_add(1, Ordering::Relaxed) + 1;
                self.report(Progress::Items { done, total });
            }
            found
        };
        let mut found: Vec<(usize, Found)> = Vec::with_capacity(total);
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
            for thread in running {
                found.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
        });
        self.check()?;
        found.sort_unstable_by_key(|(position, _)| *position);
        Ok(found.into_iter().map(|(_, found)| found).collect())
    }

    /// Does two things at once where two threads are allowed, the second in a thread of its own; else one after the other.
    ///
    /// ```
    /// use detente_engine::parallel::Control;
    ///
    /// let (sum, product) = Control::default().both(|| 2 + 3, || 2 * 3);
    /// assert_eq!((sum, product), (5, 6));
    /// ```
    pub fn both<First, Second: Send>(
        &self,
        first: impl FnOnce() -> First,
        second: impl FnOnce() -> Second + Send,
    ) -> (First, Second) {
        if self.threads.is_some_and(|threads| threads.get() == 1) {
            return (first(), second());
        }
        std::thread::scope(|scope| {
            let running = scope.spawn(second);
            let first = first();
            (first, running.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_is_found_comes_in_the_order_of_the_items() {
        let control = Control::default();
        let found = control.map(
            (0..1000_u32).map(u64::from),
            || 1,
            |one, item| {
                std::thread::sleep(Duration::from_micros(1000 - item));
                item + *one
            },
        );
        assert_eq!(found, Ok((1..=1000).collect::<Vec<_>>()));
        assert_eq!(control.map(Vec::<u8>::new(), || (), |(), item| item), Ok(Vec::new()));
    }

    #[test]
    fn no_more_threads_than_asked_for_and_every_item_is_told() {
        let (made, told) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
        let listener = Arc::clone(&told);
        let control = Control {
            threads: NonZeroUsize::new(1),
            progress: Some(Arc::new(move |progress| {
                if let Progress::Items { total: 7, .. } = progress {
                    listener.fetch_add(1, Ordering::Relaxed);
                }
            })),
            ..Control::default()
        };
        let made = &made;
        let found = control.map(0..7, || made.fetch_add(1, Ordering::Relaxed), |_, item| item);
        assert_eq!(found.map(|found| found.len()), Ok(7));
        assert_eq!((made.load(Ordering::Relaxed), told.load(Ordering::Relaxed)), (1, 7));
    }

    #[test]
    fn after_the_stop_no_item_is_begun() {
        let control = Control { threads: NonZeroUsize::new(2), ..Control::default() };
        let begun = AtomicUsize::new(0);
        let work = |(): &mut (), item: u32| {
            begun.fetch_add(1, Ordering::Relaxed);
            if item == 3 {
                control.stop.stop();
            }
        };
        assert_eq!(control.map(0..1000, || (), work), Err(EngineError::Stopped));
        assert!(begun.load(Ordering::Relaxed) < 20, "{begun:?} items were begun");
    }
}
