//! Lines that every list of an importer treats alike, and what scopes reach of them.
//!
//! Which goods a scope reaches does not turn on the origin once the scope is made, so that what is found for one origin serves all; and
//! between two days on which a row or a condition changes it is the same.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use crate::condition::{Conditions, Situation};
use crate::duty::{Estimate, Meets, Scope, Setting};
use crate::products::{Coverage, Line, LineTable, Match, ProductCode, ProductList};

/// How many shares are kept at most before all are forgotten: some hundred megabytes.
const KEPT: usize = 2_000_000;

/// Groups with the share of their value that a scope reaches, those that it does not reach left out.
pub(super) type Shares = Arc<Vec<(u32, Estimate)>>;

/// The lines of an importer by the rows of lists that meet them.
#[derive(Debug)]
pub(crate) struct Groups {
    /// The lists, by what tells them from others: their content.
    lists: Vec<u64>,
    /// The group of each line.
    of_line: Vec<u32>,
    groups: Vec<Group>,
    /// Groups that some row of a list meets.
    with: HashMap<u64, Vec<u32>>,
    found: Mutex<Found>,
}

/// Rows and shares that meet the lines of a group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    matches: Vec<(u64, Vec<Match>)>,
    shares: Vec<(u64, Coverage)>,
}

/// What has been found.
#[derive(Debug, Default)]
struct Found {
    /// Days on which what a scope reaches may change.
    days: HashMap<u64, Arc<Vec<Date>>>,
    shares: HashMap<(u64, usize, Date), Vec<(Arc<Conditions>, Situation, Shares)>>,
    kept: usize,
}

impl Meets for Group {
    fn matches<'a>(&'a self, list: &'a ProductList) -> Cow<'a, [Match]> {
        let found = self.matches.iter().find(|(held, _)| *held == list.id());
        Cow::Borrowed(found.map_or(&[], |(_, matches)| matches.as_slice()))
    }

    fn share(&self, list: &ProductList) -> Option<Coverage> {
        list.is_by_share().then(|| {
            let found = self.shares.iter().find(|(held, _)| *held == list.id());
            found.map_or(Coverage::None, |(_, share)| *share)
        })
    }

    fn code(&self) -> Option<ProductCode> {
        None
    }
}

/// What tells a group: rows that meet it (list, terms, whole) and shares (list, bits).
type Key = (Vec<(u32, u16, bool)>, Vec<(u32, u64)>);

impl Groups {
    /// The lines of `table` by the way these lists meet them; a list may be named several times.
    pub(crate) fn new<'a>(table: &LineTable, named: impl IntoIterator<Item = &'a Arc<ProductList>>) -> Self {
        let mut lists: Vec<&Arc<ProductList>> = Vec::new();
        for list in named {
            if !lists.iter().any(|held| held.id() == list.id()) {
                lists.push(list);
            }
        }
        let lines = table.lines();
        let mut keys: Vec<Key> = vec![(Vec::new(), Vec::new()); lines.len()];
        for (place, list) in (0_u32..).zip(&lists) {
            for (code, terms) in list.placed_rows() {
                for at in table.places_below(*code) {
                    keys[at].0.push((place, *terms, code.covers(lines[at].code)));
                }
            }
            if list.is_by_share() {
                for (line, key) in lines.iter().zip(&mut keys) {
                    match list.share(line.code) {
                        Some(Coverage::Share(share)) => key.1.push((place, share.to_bits())),
                        Some(Coverage::All) => key.1.push((place, 1.0_f64.to_bits())),
                        _ => {}
                    }
                }
            }
        }
        let mut seen: HashMap<Key, u32> = HashMap::new();
        let mut groups = Vec::new();
        let mut with: HashMap<u64, Vec<u32>> = HashMap::new();
        let mut of_line = Vec::with_capacity(lines.len());
        for mut key in keys {
            key.0.sort_unstable();
            key.0.dedup();
            of_line.push(*seen.entry(key).or_insert_with_key(|key| {
                let at = u32::try_from(groups.len()).unwrap_or(u32::MAX);
                groups.push(Group::new(key, &lists));
                let mut met: Vec<u32> = key.0.iter().map(|(place, _, _)| *place).collect();
                met.extend(key.1.iter().map(|(place, _)| *place));
                met.dedup();
                met.iter().for_each(|place| with.entry(lists[*place as usize].id()).or_default().push(at));
                at
            }));
        }
        let mut lists: Vec<u64> = lists.iter().map(|list| list.id()).collect();
        lists.sort_unstable();
        Self { lists, of_line, groups, with, found: Mutex::default() }
    }

    /// Whether it tells apart what a list tells apart.
    pub(super) fn knows(&self, list: &ProductList) -> bool {
        self.lists.binary_search(&list.id()).is_ok()
    }

    /// The group of each line.
    pub(super) fn of_lines(&self) -> &[u32] {
        &self.of_line
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// What of a group's rows belong to these lists, in their order: groups that are alike in them are one where no others count.
    pub(super) fn among(&self, group: usize, lists: &[u64]) -> Vec<(u64, Vec<Match>, Option<u64>)> {
        let held = &self.groups[group];
        let rows = held.matches.iter().filter(|(list, _)| lists.binary_search(list).is_ok());
        let shares = held.shares.iter().filter(|(list, _)| lists.binary_search(list).is_ok());
        let rows = rows.map(|(list, rows)| (*list, rows.clone(), None));
        let bits = |share: &Coverage| match share {
            Coverage::Share(share) => share.to_bits(),
            _ => 1.0_f64.to_bits(),
        };
        rows.chain(shares.map(|(list, share)| (*list, Vec::new(), Some(bits(share))))).collect()
    }

    /// The share of every group that a scope reaches on the day of the setting, with conditions as the situation answers them.
    pub(super) fn shares(&self, scope: &Scope, setting: &Setting, situation: &Situation) -> Shares {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let days = found.days.entry(scope.id()).or_insert_with(|| Arc::new(days_of(scope, setting)));
        let epoch = days.partition_point(|day| *day <= setting.on);
        let key = (scope.id(), epoch, setting.known_on);
        let same = |(conditions, answers, _): &&(Arc<Conditions>, Situation, Shares)| {
            Arc::ptr_eq(conditions, &setting.conditions) && answers == situation
        };
        if let Some((_, _, shares)) = found.shares.get(&key).and_then(|held| held.iter().find(same)) {
            return Arc::clone(shares);
        }
        let shares = Arc::new(self.reached(scope, setting, situation));
        if found.kept + shares.len() > KEPT {
            found.shares.clear();
            found.kept = 0;
        }
        found.kept += shares.len() + 1;
        let held = (Arc::clone(&setting.conditions), situation.clone(), Arc::clone(&shares));
        found.shares.entry(key).or_default().push(held);
        shares
    }

    /// Forgets what was found of any day; asked again it is found again.
    pub(crate) fn forget_days(&self) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Found::default();
    }

    fn reached(&self, scope: &Scope, setting: &Setting, situation: &Situation) -> Vec<(u32, Estimate)> {
        let reach = |at: u32| {
            let share = scope.share_in(&self.groups[at as usize], setting, situation);
            (share.most != 0.0).then_some((at, share))
        };
        if scope.is_for_all_goods() {
            return (0_u32..).take(self.groups.len()).filter_map(reach).collect();
        }
        let mut near: Vec<u32> =
            scope.goods().filter_map(|list| self.with.get(&list.id())).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        near.into_iter().filter_map(reach).collect()
    }
}

/// The days on which what a scope reaches may change, in order.
fn days_of(scope: &Scope, setting: &Setting) -> Vec<Date> {
    let mut days = scope.days_of_change();
    days.extend(setting.conditions.iter().flat_map(|held| [held.from, held.until]).flatten());
    days.sort_unstable();
    days.dedup();
    days
}

impl Group {
    fn new(key: &Key, lists: &[&Arc<ProductList>]) -> Self {
        let mut matches: Vec<(u64, Vec<Match>)> = Vec::new();
        for (place, terms, whole) in &key.0 {
            let id = lists[*place as usize].id();
            let found = Match { terms: *terms, whole: *whole };
            match matches.last_mut() {
                Some((held, rows)) if *held == id => rows.push(found),
                _ => matches.push((id, vec![found])),
            }
        }
        let share = |bits: u64| match f64::from_bits(bits) {
            share if share >= 1.0 => Coverage::All,
            share => Coverage::Share(share),
        };
        let shares = key.1.iter().map(|(place, bits)| (lists[*place as usize].id(), share(*bits))).collect();
        Self { matches, shares }
    }
}

/// The base rate of a line that goes into averages, as bits that can be compared.
pub(super) fn base_bits(line: &Line) -> Option<u64> {
    line.average_base().map(f64::to_bits)
}
