//! Who may be named: ISO 3166 codes with their names, and groups of them with membership by day.
//!
//! A measure names its targets by code, by group, as everybody or as the rest. [`Parties::days`] says on which days an origin is
//! among them. Codes, groups and names are data (`parties.csv`, `groups.csv`).

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use crate::error::LedgerError;
use crate::instrument::EVERYBODY;
use crate::interval::Interval;
use crate::own_folder::{OwnFolder, put};

/// The word that stands for all origins that no act of the instrument names on the day.
pub const OTHERS: &str = "others";

/// Before any day that is asked about.
const ALWAYS: Date = date(1, 1, 1);

/// Members of a group, each with the days on which it is one.
type Members = Vec<(String, Interval)>;

/// Codes, names and groups.
#[derive(Clone, Debug, Default)]
pub struct Parties {
    /// Code to name.
    names: BTreeMap<String, String>,
    /// What may be typed, in lower case, to the codes that it may mean.
    typed: BTreeMap<String, Vec<String>>,
    groups: BTreeMap<String, Members>,
}

impl Parties {
    /// Reads `code,alpha_2,name,also`.
    pub(crate) fn read(&mut self, file: &str, text: &str, own: &mut OwnFolder) -> Result<(), LedgerError> {
        for cells in rows(file, text, &["code", "alpha_2", "name", "also"])? {
            let [code, short, name, also] = cells.as_slice() else { continue };
            let known = self.names.insert(code.clone(), name.clone());
            own.count(known.map(|_| format!("party {code}")));
            let others = also.split('|').map(str::trim).filter(|other| !other.is_empty());
            for typed in [code.as_str(), short, name].into_iter().chain(others) {
                let meant = self.typed.entry(typed.to_lowercase()).or_default();
                if !meant.contains(code) {
                    meant.push(code.clone());
                }
            }
        }
        Ok(())
    }

    /// Reads `group,member,from,until,source,confidence`.
    pub(crate) fn read_groups(
        &mut self,
        file: &str,
        text: &str,
        own: &mut OwnFolder,
    ) -> Result<(), LedgerError> {
        let header = ["group", "member", "from", "until", "source", "confidence"];
        for (at, cells) in rows(file, text, &header)?.into_iter().enumerate() {
            let [group, member, from, until, ..] = cells.as_slice() else { continue };
            let wrong = |problem: String, repair: &str| {
                LedgerError::entry(file, format!("row {}", at + 2), problem, repair.to_owned())
            };
            let day = |cell: &str| -> Result<Option<Date>, LedgerError> {
                if cell.is_empty() {
                    return Ok(None);
                }
                cell.parse().map(Some).map_err(|_| {
                    wrong(format!("`{cell}` is no day"), "write year-month-day, or leave it empty")
                })
            };
            if self.names.contains_key(group) {
                return Err(wrong(
                    format!("`{group}` is the code of a party"),
                    "give the group another name",
                ));
            }
            let days = Interval::new(day(from)?.unwrap_or(ALWAYS), day(until)?);
            if days.is_empty() {
                return Err(wrong(
                    format!("`{member}` leaves before it comes"),
                    "`until` is the first day no longer",
                ));
            }
            // The same membership again says nothing new.
            let members = self.groups.entry(group.clone()).or_default();
            let took_a_place = put(members, (member.clone(), days), |held, one| held == one);
            own.count(took_a_place.then(|| format!("{member} in {group}")));
        }
        Ok(())
    }

    /// The code that `typed` means: a code, a group or a name in any case, where there is one reading only.
    pub fn code(&self, typed: &str) -> Option<String> {
        if self.names.contains_key(typed) || self.groups.contains_key(typed) {
            return Some(typed.to_owned());
        }
        let lower = typed.trim().to_lowercase();
        if let Some(group) = self.groups.keys().find(|group| group.to_lowercase() == lower) {
            return Some(group.clone());
        }
        match self.typed.get(&lower).map(Vec::as_slice) {
            Some([only]) => Some(only.clone()),
            _ => None,
        }
    }

    /// What a reader calls a party or group; its code where it has no name.
    pub fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.names.get(code).map_or(code, String::as_str)
    }

    /// Every code and group.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.names.keys().chain(self.groups.keys()).map(String::as_str)
    }

    /// Whether `code` is a group.
    pub fn is_group(&self, code: &str) -> bool {
        self.groups.contains_key(code)
    }

    /// The members of a group on a day, in order of code; none where it is no group.
    pub fn members(&self, group: &str, on: Date) -> Vec<&str> {
        let held = self.groups.get(group).into_iter().flatten();
        let mut found: Vec<&str> =
            held.filter(|(_, days)| days.contains(on)).map(|(member, _)| member.as_str()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The names by which `origin` is a target on a day: its own, and the groups that it, or all of it, belongs to.
    pub fn names_of(&self, origin: &str, on: Date) -> Vec<String> {
        let mut found = vec![origin.to_owned()];
        let within = self.members(origin, on);
        for group in self.groups.keys().filter(|group| *group != origin) {
            let members = self.members(group, on);
            let all_of_it = !within.is_empty() && within.iter().all(|member| members.contains(member));
            if all_of_it || members.contains(&origin) {
                found.push(group.clone());
            }
        }
        found
    }

    /// The days on which a name reaches `origin`.
    fn days_of(&self, name: &str, origin: &str) -> Vec<Interval> {
        let always = Interval::new(ALWAYS, None);
        if name == origin || name == EVERYBODY || name == OTHERS {
            return vec![always];
        }
        let Some(members) = self.groups.get(name) else { return Vec::new() };
        if let Some(within) = self.groups.get(origin) {
            // A group inside another: it is reached where all who were ever in it are.
            let all = within.iter().all(|(one, _)| members.iter().any(|(member, _)| member == one));
            return if all && !within.is_empty() { vec![always] } else { Vec::new() };
        }
        members.iter().filter(|(member, _)| member == origin).map(|(_, days)| *days).collect()
    }

    /// The days on which `targets` less `except` have `origin` among them.
    pub fn days(&self, targets: &[String], except: &[String], origin: &str) -> Vec<Interval> {
        let mut found: Vec<Interval> = Vec::new();
        for days in targets.iter().flat_map(|name| self.days_of(name, origin)) {
            let mut left = vec![days];
            for held in &found {
                left = left.into_iter().flat_map(|part| part.without(*held)).flatten().collect();
            }
            found.extend(left);
        }
        for out in except.iter().flat_map(|name| self.days_of(name, origin)) {
            found = found.into_iter().flat_map(|part| part.without(out)).flatten().collect();
        }
        found
    }
}

/// The rows of a table with this header; cells trimmed.
fn rows(file: &str, text: &str, header: &[&str]) -> Result<Vec<Vec<String>>, LedgerError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let found = reader.headers().map_err(|error| LedgerError::file(file, error))?;
    if found.iter().ne(header.iter().copied()) {
        let found = found.iter().collect::<Vec<_>>().join(",");
        return Err(LedgerError::file(
            file,
            format!("the header is `{found}`; write `{}`", header.join(",")),
        ));
    }
    reader
        .records()
        .map(|row| {
            let row = row.map_err(|error| LedgerError::file(file, error))?;
            Ok(row.iter().map(|cell| cell.trim().to_owned()).collect())
        })
        .collect()
}
