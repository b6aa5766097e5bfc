//! The world and what is kept of it: days and answers by their hash.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use detente::desk::state::DeskState;
use detente::{Bands, World};
use detente_report::desk::answer::{self, Day, NoDeskAnswer};
use detente_report::desk::parts;
use detente_report::page::Part;
use jiff::civil::Date;
use serde_json::Value;

use crate::{limits, memory};

/// Values by key, the longest unasked dropped first.
#[derive(Debug)]
struct Kept<T> {
    held: HashMap<String, Arc<T>>,
    order: VecDeque<String>,
    most: usize,
}

impl<T> Kept<T> {
    fn of(most: usize) -> Self {
        Self { held: HashMap::new(), order: VecDeque::new(), most }
    }

    fn get(&mut self, key: &str) -> Option<Arc<T>> {
        let found = self.held.get(key).cloned()?;
        self.order.retain(|held| held != key);
        self.order.push_back(key.to_owned());
        Some(found)
    }

    fn put(&mut self, key: String, value: Arc<T>) {
        if self.held.insert(key.clone(), value).is_none() {
            self.order.push_back(key);
        }
        while self.held.len() > self.most {
            let Some(oldest) = self.order.pop_front() else { break };
            self.held.remove(&oldest);
        }
    }
}

/// The world that is asked, with what was found of it.
#[derive(Debug)]
pub struct Desk {
    /// The world.
    pub world: World,
    /// Codes and titles of the talks.
    pub talks: Vec<(String, String)>,
    digest: String,
    days: Mutex<Kept<Day>>,
    deals: Mutex<Kept<Vec<Part>>>,
    answers: Mutex<Kept<Value>>,
    bands: Mutex<Kept<Bands>>,
}

impl Desk {
    /// A desk on a world.
    ///
    /// # Errors
    /// What the record refuses.
    pub fn on(world: World) -> Result<Self, detente::Error> {
        let ledger = world.record()?.ledger();
        let ids = ledger.talks_ids();
        let talks =
            ids.into_iter().filter_map(|id| Some((id.to_owned(), ledger.talks(id).ok()?.title))).collect();
        Ok(Self {
            digest: world.directory().digest(),
            world,
            talks,
            deals: Mutex::new(Kept::of(limits::DAYS)),
            days: Mutex::new(Kept::of(limits::DAYS)),
            answers: Mutex::new(Kept::of(limits::ANSWERS)),
            bands: Mutex::new(Kept::of(limits::ANSWERS)),
        })
    }

    /// The state that an address without one means: the last day with evidence, or today where that is earlier.
    pub fn opening(&self, today: Date) -> (String, Date) {
        let first = self.talks.iter().find_map(|(id, _)| self.world.record().ok()?.ledger().talks(id).ok());
        let Some(talks) = first else { return (String::new(), today) };
        (talks.id.clone(), today.min(talks.last_evidence))
    }

    /// The day of a state, kept.
    ///
    /// # Errors
    /// What the record refuses.
    pub fn day(&self, state: &DeskState) -> Result<Arc<Day>, NoDeskAnswer> {
        let bare = DeskState { levers: Vec::new(), case: Default::default(), ..state.clone() };
        let key = bare.query();
        if let Some(found) = locked(&self.days).get(&key) {
            return Ok(found);
        }
        let found = Arc::new(answer::day(&self.world, &self.digest, &bare)?);
        locked(&self.days).put(key, Arc::clone(&found));
        memory::trim();
        Ok(found)
    }

    /// The answer to a state, with bands where they have come, kept.
    ///
    /// # Errors
    /// What the state names and is not there; a solve without an equilibrium.
    pub fn answer(&self, state: &DeskState) -> Result<Arc<Value>, NoDeskAnswer> {
        let bands = locked(&self.bands).get(&state.query());
        let key = format!("{}{}", if bands.is_some() { "banded " } else { "" }, state.query());
        if let Some(found) = locked(&self.answers).get(&key) {
            return Ok(found);
        }
        let day = self.day(state)?;
        let found = Arc::new(answer::answer(&self.world, &day, state, bands.as_deref())?);
        locked(&self.answers).put(key, Arc::clone(&found));
        Ok(found)
    }

    /// Where a deal can lie on a state's day, kept.
    ///
    /// # Errors
    /// What the record refuses.
    pub fn deal(
        &self,
        state: &DeskState,
        control: &detente::Control,
    ) -> Result<Arc<Vec<Part>>, NoDeskAnswer> {
        let bare = DeskState { levers: Vec::new(), case: Default::default(), ..state.clone() };
        let key = bare.query();
        if let Some(found) = locked(&self.deals).get(&key) {
            return Ok(found);
        }
        let day = self.day(&bare)?;
        let found = Arc::new(parts::deal(&day, &parts::deal_of(&self.world, &day, &bare, control)?));
        locked(&self.deals).put(key, Arc::clone(&found));
        memory::trim();
        Ok(found)
    }

    /// Draws the bands of a state, unless they are kept.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn draw(&self, state: &DeskState, control: detente::Control) -> Result<(), NoDeskAnswer> {
        let key = state.query();
        if locked(&self.bands).get(&key).is_some() {
            return Ok(());
        }
        let drawn = answer::bands(&self.world, state, limits::RUNS, control)?;
        locked(&self.bands).put(key, Arc::new(drawn));
        memory::trim();
        Ok(())
    }
}

/// What is behind a lock, also where another thread broke while it held it: values are whole or not there.
fn locked<T>(held: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unasked_is_dropped_first() {
        let mut kept = Kept::of(2);
        for key in ["a", "b"] {
            kept.put(key.to_owned(), Arc::new(key.len()));
        }
        assert!(kept.get("a").is_some());
        kept.put("c".to_owned(), Arc::new(3));
        assert!(kept.get("b").is_none() && kept.get("a").is_some() && kept.get("c").is_some());
        assert_eq!(kept.order.len(), 2);
    }
}
