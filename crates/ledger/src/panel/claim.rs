//! What is claimed of a programme of preference on all lines of a pair: averages count each line in two parts, with the claim and without.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use crate::duty::{Layer, Scope, Setting};
use crate::preference::{Programme, Removal, holds};
use crate::products::{ClaimedShares, Columns, Line, LineTable};

/// A programme as far as it is claimed.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(super) programme: Programme,
    /// What a claim takes away, each with the goods that it is bound to.
    removes: Vec<(Removal, Option<Arc<Scope>>)>,
    shares: Arc<ClaimedShares>,
    columns: Option<Arc<Columns>>,
    /// Base rates under the claim by edition of the schedule.
    bases: Arc<Mutex<HashMap<Option<Date>, Arc<Vec<Option<f64>>>>>>,
    /// The share in place of the one on record, of all goods and days.
    flat: Option<f64>,
    /// The day whose shares count in place of the day's own, and a factor on the odds of each line.
    as_on: Option<(Date, f64)>,
}

/// What a claim leaves of a layer.
pub(super) enum Left<'a> {
    /// All of it.
    All,
    /// Nothing.
    Nothing,
    /// What lies outside these goods.
    Outside(&'a Arc<Scope>),
}

impl Claim {
    pub(crate) fn new(
        programme: Programme,
        removes: Vec<(Removal, Option<Arc<Scope>>)>,
        shares: Arc<ClaimedShares>,
        columns: Option<Arc<Columns>>,
    ) -> Self {
        Self { programme, removes, shares, columns, bases: Arc::default(), flat: None, as_on: None }
    }

    /// The same, claimed on one share of all goods.
    pub(crate) fn at_share(&self, share: f64) -> Self {
        Self { flat: Some(share), ..self.clone() }
    }

    /// The same, claimed by line as on a day, with a factor on the odds of each line.
    pub(crate) fn as_on(&self, day: Date, odds: f64) -> Self {
        Self { as_on: Some((day, odds)), ..self.clone() }
    }

    /// The goods that what it takes away is bound to.
    pub(crate) fn scopes(&self) -> impl Iterator<Item = &Arc<Scope>> {
        self.removes.iter().filter_map(|(_, goods)| goods.as_ref())
    }

    /// Whether it may be claimed on the day.
    pub(super) fn is_offered(&self, on: Date, known_on: Date) -> bool {
        let held = &self.programme;
        holds(held.from, held.until, held.announced, on, known_on)
    }

    /// The share of a line's imports that claims it.
    pub(super) fn share(&self, line: &Line, on: Date) -> f64 {
        let (on, odds) = self.as_on.unwrap_or((on, 1.0));
        self.flat.unwrap_or_else(|| {
            let share = self.shares.share(line.code, on);
            odds * share / (1.0 - share + odds * share)
        })
    }

    /// What a claim leaves of a layer on the day of its setting.
    pub(super) fn left(&self, layer: &Layer, situation: &crate::condition::Situation) -> Left<'_> {
        let Setting { on, known_on, .. } = *layer.setting;
        let meant = |names: &[String]| names.iter().any(|name| layer.answers_to(name));
        let takes = |removal: &&(Removal, Option<Arc<Scope>>)| {
            let removal = &removal.0;
            holds(removal.from, removal.until, removal.announced, on, known_on)
                && meant(&removal.of)
                && !meant(&removal.except)
                && layer.setting.met(&removal.requires, situation) > 0.0
        };
        match self.removes.iter().find(takes) {
            _ if self.programme.frees => Left::Nothing,
            None => Left::All,
            Some((_, None)) => Left::Nothing,
            Some((_, Some(goods))) => Left::Outside(goods),
        }
    }

    /// The base rate of each line under the claim, by place; none where the programme gives the line no rate that is a share of value.
    pub(super) fn bases(&self, table: &LineTable, on: Date) -> Arc<Vec<Option<f64>>> {
        let edition = self.columns.as_ref().and_then(|columns| columns.edition(on));
        let mut held = self.bases.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = held.get(&edition) {
            return Arc::clone(found);
        }
        let least = self.columns.as_ref().map(|columns| columns.least(&self.programme.columns, on));
        let of = |line: &Line| {
            let least = least.as_ref()?;
            least.get(&line.code).or_else(|| least.get(&line.code.cut(8))).copied()
        };
        let found: Arc<Vec<Option<f64>>> = Arc::new(match self.programme.frees {
            true => vec![Some(self.programme.flat_pct / 100.0); table.lines().len()],
            false => table.lines().iter().map(of).collect(),
        });
        held.insert(edition, Arc::clone(&found));
        found
    }
}
