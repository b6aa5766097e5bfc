//! Values that are kept by what was asked, so that the same is not found twice.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Values by their keys, so many at most: the longest unasked is dropped first. A few hundred keys are searched one by one.
///
/// ```
/// use detente::kept::Kept;
///
/// let kept = Kept::of(2);
/// let find = |key: &'static str| kept.get_or(key, || Ok::<_, ()>(key.len()));
/// assert_eq!((find("one"), find("three"), find("one")), (Ok(3), Ok(5), Ok(3)));
/// assert_eq!(kept.made(), 2, "what was asked again was not found again");
/// ```
#[derive(Debug)]
pub struct Kept<K, V> {
    held: Mutex<VecDeque<(K, V)>>,
    most: usize,
    made: AtomicUsize,
}

impl<K: PartialEq, V: Clone> Kept<K, V> {
    /// Nothing yet, and never more than `most`.
    pub fn of(most: usize) -> Self {
        Self { held: Mutex::default(), most, made: AtomicUsize::new(0) }
    }

    /// What is kept under a key; it is then the last to be dropped.
    pub fn get(&self, key: &K) -> Option<V> {
        self.get_where(|held| held == key)
    }

    /// The same by what the key is to be.
    pub fn get_where(&self, is: impl Fn(&K) -> bool) -> Option<V> {
        let mut held = self.locked();
        let place = held.iter().position(|(key, _)| is(key))?;
        let found = held.remove(place)?;
        let value = found.1.clone();
        held.push_back(found);
        Some(value)
    }

    /// Keeps a value; what another thread has kept under the key meanwhile is replaced.
    pub fn put(&self, key: K, value: V) {
        self.made.fetch_add(1, Ordering::Relaxed);
        let mut held = self.locked();
        held.retain(|(known, _)| *known != key);
        held.push_back((key, value));
        while held.len() > self.most {
            held.pop_front();
        }
    }

    /// What is kept under a key, or what is found now and then kept. Nothing is locked while it is found.
    ///
    /// # Errors
    /// As `find`.
    pub fn get_or<E>(&self, key: K, find: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        if let Some(found) = self.get(&key) {
            return Ok(found);
        }
        let found = find()?;
        self.put(key, found.clone());
        Ok(found)
    }

    /// How many values were put so far.
    pub fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    /// Also where another thread broke while it held the lock: entries are whole or not there.
    fn locked(&self) -> MutexGuard<'_, VecDeque<(K, V)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unasked_is_dropped_first() {
        let kept = Kept::of(2);
        kept.put("a", 1);
        kept.put("b", 2);
        assert_eq!(kept.get(&"a"), Some(1));
        kept.put("c", 3);
        assert_eq!([kept.get(&"a"), kept.get(&"b"), kept.get(&"c")], [Some(1), None, Some(3)]);
        kept.put("c", 4);
        assert_eq!((kept.get(&"c"), kept.get(&"a"), kept.made()), (Some(4), Some(1), 4));
        assert_eq!(kept.get_or("d", || Err("nothing there")), Err("nothing there"));
    }
}
