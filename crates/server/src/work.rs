//! How much is done at once: moves before jobs, a bounded queue that says so when it sheds, jobs with part of the machine.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::limits;

/// Why work was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shed {
    /// Too much waits already, or it waited too long.
    Busy,
    /// It broke: a fault of the program's own.
    Fault,
}

/// Places at the machine.
#[derive(Debug)]
pub struct Work {
    moves: Arc<Semaphore>,
    waiting: AtomicUsize,
    days: Arc<Semaphore>,
    jobs: Arc<Semaphore>,
    queued: AtomicUsize,
}

/// Counts what waits while it stands.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn among(counter: &'a AtomicUsize, most: usize) -> Option<Self> {
        let before = counter.fetch_add(1, Ordering::SeqCst);
        let place = Self(counter);
        (before < most).then_some(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn processors() -> usize {
    available_parallelism().map_or(2, NonZeroUsize::get)
}

/// Threads that a job may take: half of the machine.
pub fn threads_of_a_job() -> Option<NonZeroUsize> {
    NonZeroUsize::new((processors() / 2).max(1))
}

impl Default for Work {
    fn default() -> Self {
        Self {
            moves: Arc::new(Semaphore::new(processors())),
            waiting: AtomicUsize::new(0),
            days: Arc::new(Semaphore::new(1)),
            jobs: Arc::new(Semaphore::new(1)),
            queued: AtomicUsize::new(0),
        }
    }
}

impl Work {
    /// Does a move as soon as there is room; one that is no longer wanted leaves the queue by being dropped.
    ///
    /// # Errors
    /// [`Shed::Busy`] where the queue is full or the wait too long.
    pub async fn a_move<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Shed> {
        self.soon(&self.moves, limits::WAIT, work).await
    }

    /// Opens a day, one at a time beside the moves: it takes as long as a hundred of them, and whoever asks for the same day finds it kept.
    ///
    /// # Errors
    /// [`Shed::Busy`] where the queue is full or the wait too long.
    pub async fn a_day<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Shed> {
        self.soon(&self.days, limits::DAY_WAIT, work).await
    }

    async fn soon<T: Send + 'static>(
        &self,
        places: &Arc<Semaphore>,
        most: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Shed> {
        let Some(_place) = Waiting::among(&self.waiting, limits::QUEUE) else { return Err(Shed::Busy) };
        let room = timeout(most, Arc::clone(places).acquire_owned()).await;
        let Ok(Ok(room)) = room else { return Err(Shed::Busy) };
        let done = spawn_blocking(move || {
            let _room = room;
            work()
        });
        done.await.map_err(|_| Shed::Fault)
    }

    /// Does a job, one at a time, on part of the machine.
    ///
    /// # Errors
    /// [`Shed::Busy`] where too many wait already.
    pub async fn a_job<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Shed> {
        let Some(_place) = Waiting::among(&self.queued, limits::JOBS) else { return Err(Shed::Busy) };
        let Ok(room) = Arc::clone(&self.jobs).acquire_owned().await else { return Err(Shed::Fault) };
        let done = spawn_blocking(move || {
            let _room = room;
            work()
        });
        done.await.map_err(|_| Shed::Fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_sheds_and_empties_again() {
        let counter = AtomicUsize::new(0);
        let held: Vec<_> = (0..3).filter_map(|_| Waiting::among(&counter, 2)).collect();
        assert_eq!(held.len(), 2);
        assert_eq!(counter.load(Ordering::SeqCst), 2, "the one that was refused is not counted");
        drop(held);
        assert_eq!(counter.load(Ordering::SeqCst), 0);
    }
}
