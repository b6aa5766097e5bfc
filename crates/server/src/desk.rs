//! The world and what is kept of it: days and answers by their hash.

use std::sync::Arc;

use detente::desk::state::DeskState;
use detente::kept::Kept;
use detente::{Bands, World};
use detente_report::desk::answer::{self, Day, NoDeskAnswer};
use detente_report::desk::parts;
use detente_report::page::Part;
use jiff::civil::Date;
use serde_json::Value;

use crate::{limits, memory};

/// The world that is asked, with what was found of it.
#[derive(Debug)]
pub struct Desk {
    /// The world.
    pub world: World,
    /// Codes and titles of the talks.
    pub talks: Vec<(String, String)>,
    digest: String,
    days: Kept<String, Arc<Day>>,
    deals: Kept<String, Arc<Vec<Part>>>,
    answers: Kept<String, Arc<Value>>,
    bands: Kept<String, Arc<Bands>>,
}

impl Desk {
    /// A desk on a world.
    ///
    /// # Errors
    /// What the record refuses.
    pub fn on(world: World) -> Result<Self, detente::Error> {
        let ledger = world.record()?.ledger();
        let ids = ledger.talks_ids();
        let talks = ids
            .into_iter()
            .filter_map(|id| Some((id.to_owned(), ledger.talks_held(id).ok()?.title.clone())))
            .collect();
        Ok(Self {
            digest: world.directory().digest(),
            world,
            talks,
            deals: Kept::of(limits::DAYS),
            days: Kept::of(limits::DAYS),
            answers: Kept::of(limits::ANSWERS),
            bands: Kept::of(limits::ANSWERS),
        })
    }

    /// The state that an address without one means: the last day with evidence, or today where that is earlier.
    pub fn opening(&self, today: Date) -> (String, Date) {
        let first =
            self.talks.iter().find_map(|(id, _)| self.world.record().ok()?.ledger().talks_held(id).ok());
        let Some(talks) = first else { return (String::new(), today) };
        (talks.id.clone(), today.min(talks.last_evidence))
    }

    /// The day of a state, kept.
    ///
    /// # Errors
    /// What the record refuses.
    pub fn day(&self, state: &DeskState) -> Result<Arc<Day>, NoDeskAnswer> {
        let bare = bare(state);
        self.days.get_or(bare.query(), || {
            // The record holds on to what it finds of each day, one to two megabytes: what of it is asked again is found again.
            self.world.record()?.forget_days();
            let found = Arc::new(answer::day(&self.world, &self.digest, &bare)?);
            memory::trim();
            Ok(found)
        })
    }

    /// Whether the day of a state is kept: what is not takes a second, and has a place of its own at the machine.
    pub fn has_day(&self, state: &DeskState) -> bool {
        self.days.get(&bare(state).query()).is_some()
    }

    /// The answer to a state, with bands where they have come, kept.
    ///
    /// # Errors
    /// What the state names and is not there; a solve without an equilibrium.
    pub fn answer(&self, state: &DeskState) -> Result<Arc<Value>, NoDeskAnswer> {
        let bands = self.bands.get(&state.query());
        let key = format!("{}{}", if bands.is_some() { "banded " } else { "" }, state.query());
        self.answers.get_or(key, || {
            let day = self.day(state)?;
            Ok(Arc::new(answer::answer(&self.world, &day, state, bands.as_deref())?))
        })
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
        let bare = bare(state);
        self.deals.get_or(bare.query(), || {
            let day = self.day(&bare)?;
            let found = Arc::new(parts::deal(&day, &parts::deal_of(&self.world, &day, &bare, control)?));
            memory::trim();
            Ok(found)
        })
    }

    /// Draws the bands of a state, unless they are kept.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn draw(&self, state: &DeskState, control: detente::Control) -> Result<(), NoDeskAnswer> {
        self.bands.get_or(state.query(), || {
            let drawn = Arc::new(answer::bands(&self.world, state, limits::RUNS, control)?);
            memory::trim();
            Ok::<_, NoDeskAnswer>(drawn)
        })?;
        Ok(())
    }

    /// How many days and answers were found so far: what is asked again is not found again.
    pub fn found(&self) -> [usize; 2] {
        [self.days.made(), self.answers.made()]
    }
}

/// The day of a state: what stays as it is while levers move.
fn bare(state: &DeskState) -> DeskState {
    DeskState { levers: Vec::new(), case: Default::default(), ..state.clone() }
}
