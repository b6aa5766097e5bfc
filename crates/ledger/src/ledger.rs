//! The ledger: every instrument on record, the rules by which they stack, and the sources.

use crate::{
    check::check,
    condition::{Condition, Conditions},
    coverage::{Ambiguity, Coverage, Evidence, Missing},
    duty::Stacking,
    error::LedgerError,
    files::{self, Named},
    instrument::{EVERYBODY, Entry, Instrument},
    own_folder::{OwnFolder, put},
    party::{OTHERS, Parties},
    preference::Programme,
    products,
    source::Sources,
    talks::read_once::TalksRead,
};
use jiff::civil::Date;
use serde::Deserialize;
use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

/// Every instrument on record, the rules by which they stack, and the sources.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Instruments, in order of file name; what a user's folder adds comes last.
    pub instruments: Vec<Instrument>,
    /// How families stack.
    pub stacking: Stacking,
    /// Citations.
    pub sources: Sources,
    /// Codes and groups.
    pub parties: Parties,
    /// What a code does not show.
    pub conditions: Arc<Conditions>,
    /// Programmes of preference.
    pub programmes: Vec<Programme>,
    /// What the record covers.
    pub coverage: Coverage,
    /// The user's folders that are laid over it, the last uppermost.
    pub own: Vec<OwnFolder>,
    /// Files below `<talks>/`, by folder, of all layers of the ledger: what [`Ledger::talks`] reads.
    pub(crate) talks_files: Vec<Named>,
    /// Talks that were read from them, so that they are read once.
    pub(crate) talks_read: TalksRead,
}

impl Ledger {
    /// The ledger that the program carries.
    ///
    /// ```
    /// let ledger = detente_ledger::Ledger::embedded()?;
    /// assert!(ledger.first_day().is_some_and(|first| first.year() <= 2018));
    /// # Ok::<(), detente_ledger::LedgerError>(())
    /// ```
    pub fn embedded() -> Result<Self, LedgerError> {
        let mut ledger = Self::default();
        let mut carried = Vec::new();
        for (name, content) in detente_facts::below(files::FOLDER) {
            let content = std::str::from_utf8(content).map_err(|error| LedgerError::file(name, error))?;
            carried.push(Named { name: name.to_owned(), text: content.into() });
        }
        ledger.lay(carried)?;
        Ok(ledger)
    }

    /// The carried ledger with a user's folders laid over it, the last uppermost, refused with every finding of
    /// [`crate::check::check`] where one is wrong: nobody computes with a record that the check calls unsound.
    ///
    /// A folder has the layout of `data/ledger`: `sources.csv`, `stacking.toml`, instruments and `talks/` at any depth. A file
    /// with the `id` of an instrument on record adds entries to it, replaces those that tell the same act, and replaces what
    /// else it says of it; a new `id` is a new instrument. A row of talks with an identifier on record takes its place.
    pub fn with_overlays(folders: &[PathBuf]) -> Result<Self, LedgerError> {
        let mut ledger = Self::embedded()?;
        for folder in folders {
            let mut own = OwnFolder::new(folder.display().to_string());
            ledger.lay_counting(files::below(folder)?, &mut own)?;
            products::tables_of_folder(folder).for_each(|table| own.count(table));
            ledger.own.push(own);
        }
        if !folders.is_empty() {
            LedgerError::all(check(&ledger))?;
        }
        Ok(ledger)
    }

    /// Lays files over what is there.
    pub fn lay(&mut self, files: Vec<Named>) -> Result<(), LedgerError> {
        self.lay_counting(files, &mut OwnFolder::default())
    }

    /// The same; what a folder brings is counted. An entry with an identifier on record takes its place, in every table.
    fn lay_counting(&mut self, files: Vec<Named>, own: &mut OwnFolder) -> Result<(), LedgerError> {
        self.talks_read = TalksRead::default();
        let mut typed: Vec<(String, crate::typed::TypedInstrument)> = Vec::new();
        let mut talks = Vec::new();
        for file in files {
            match files::role(&file.name) {
                files::Role::Sources => self.sources.read(&file.name, &file.text)?,
                files::Role::Stacking => {
                    let added: Stacking = files::toml(&file.name, &file.text)?;
                    self.stacking.lay(added.rules, own);
                }
                files::Role::Parties => self.parties.read(&file.name, &file.text, own)?,
                files::Role::Groups => self.parties.read_groups(&file.name, &file.text, own)?,
                files::Role::Conditions => {
                    let held: ConditionsFile = files::toml(&file.name, &file.text)?;
                    let conditions = Arc::make_mut(&mut self.conditions);
                    for one in held.condition {
                        let id = one.id.clone();
                        let took_a_place = conditions.put(one);
                        own.count(took_a_place.then(|| format!("condition {id}")));
                    }
                }
                files::Role::Preferences => {
                    let held: PreferencesFile = files::toml(&file.name, &file.text)?;
                    for one in held.programme {
                        let id = one.id.clone();
                        let took_a_place = put(&mut self.programmes, one, Programme::is_same);
                        own.count(took_a_place.then(|| format!("programme {id}")));
                    }
                }
                files::Role::Coverage => {
                    let held: CoverageFile = files::toml(&file.name, &file.text)?;
                    self.coverage.lay(held.evidence, held.missing, own);
                }
                files::Role::Ambiguities => {
                    let held: AmbiguitiesFile = files::toml(&file.name, &file.text)?;
                    self.coverage.lay_ambiguities(held.ambiguity, own);
                }
                files::Role::Talks => talks.push(file),
                files::Role::Instrument => {
                    typed.push((file.name.clone(), files::toml(&file.name, &file.text)?));
                }
            }
        }
        // An instrument first, then the files that add acts to it, whatever their names.
        typed.sort_by_key(|(_, one)| !one.is_whole());
        for (name, one) in typed {
            one.lay_over(&name, &mut self.instruments, own)?;
        }
        self.lay_talks(talks, own);
        Ok(())
    }

    /// An instrument by identifier.
    ///
    /// ```
    /// let ledger = detente_ledger::Ledger::embedded()?;
    /// assert!(ledger.instrument("US-301-L3")?.title.contains("301"));
    /// let refused = ledger.instrument("US-301-L33").unwrap_err().to_string();
    /// assert!(refused.contains("US-301-L3"), "the nearest is named: {refused}");
    /// # Ok::<(), detente_ledger::LedgerError>(())
    /// ```
    pub fn instrument(&self, id: &str) -> Result<&Instrument, LedgerError> {
        self.instruments.iter().find(|held| held.id == id).ok_or_else(|| {
            LedgerError::unknown("instrument", id, self.instruments.iter().map(|held| held.id.as_str()))
        })
    }

    /// The first day on which any measure of the record takes effect; before it the record knows base rates only.
    pub fn first_day(&self) -> Option<Date> {
        self.instruments.iter().flat_map(|held| &held.entries).map(|entry| entry.from).min()
    }

    /// The last day on which anything on record was announced.
    ///
    /// ```
    /// let ledger = detente_ledger::Ledger::embedded()?;
    /// assert!(ledger.last_known() > ledger.first_day());
    /// # Ok::<(), detente_ledger::LedgerError>(())
    /// ```
    pub fn last_known(&self) -> Option<Date> {
        self.instruments.iter().flat_map(|held| &held.entries).map(Entry::known_from).max()
    }

    /// Parties that impose something, and parties that something is imposed on by name, each in order.
    pub fn parties(&self) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let imposers = self.instruments.iter().map(|held| held.imposer.as_str()).collect();
        let targets = self.instruments.iter().flat_map(|held| {
            let own = held.entries.iter().flat_map(|entry| {
                entry.targets.iter().flatten().chain(entry.rates.keys()).map(String::as_str)
            });
            held.targets.iter().map(String::as_str).chain(own)
        });
        (imposers, targets.filter(|code| *code != EVERYBODY && *code != OTHERS).collect())
    }

    /// The code of a party as typed: a code, group or name on record, in any case; or one that an instrument names.
    ///
    /// ```
    /// let ledger = detente_ledger::Ledger::embedded()?;
    /// assert_eq!(ledger.party("usa").as_deref(), Some("USA"));
    /// # Ok::<(), detente_ledger::LedgerError>(())
    /// ```
    pub fn party(&self, typed: &str) -> Option<String> {
        self.parties.code(typed).or_else(|| {
            let (imposers, targets) = self.parties();
            (imposers.contains(typed) || targets.contains(typed)).then(|| typed.to_owned())
        })
    }

    /// Instruments of `importer` that reach `exporter` on some day.
    pub fn between<'a>(
        &'a self,
        importer: &'a str,
        exporter: &'a str,
    ) -> impl Iterator<Item = &'a Instrument> {
        self.instruments.iter().filter(move |held| {
            held.imposer == importer && importer != exporter && self.reaches(held, exporter)
        })
    }

    fn reaches(&self, instrument: &Instrument, exporter: &str) -> bool {
        let among =
            |targets: &[String], except: &[String]| !self.parties.days(targets, except, exporter).is_empty();
        among(&instrument.targets, &instrument.except_targets)
            || instrument.entries.iter().any(|entry| {
                let (targets, except) = entry.targets(instrument);
                among(&targets, except)
            })
    }

    /// Whether a name may stand in `if`: a condition, a programme of preference, the state of a quota.
    pub fn knows_condition(&self, id: &str) -> bool {
        self.conditions.get(id).is_some()
            || id.starts_with(crate::condition::QUOTA)
            || self.programmes.iter().any(|held| held.id == id)
    }

    /// Acts of other instruments that end the instrument `id`.
    pub fn successors<'a>(&'a self, id: &'a str) -> impl Iterator<Item = (&'a Instrument, &'a Entry)> {
        self.instruments.iter().filter(move |held| held.id != id).flat_map(move |held| {
            let ending = held.entries.iter().filter(move |entry| entry.ends.iter().any(|ended| ended == id));
            ending.map(move |entry| (held, entry))
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionsFile {
    #[serde(default)]
    condition: Vec<Condition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PreferencesFile {
    #[serde(default)]
    programme: Vec<Programme>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoverageFile {
    #[serde(default)]
    evidence: Vec<Evidence>,
    #[serde(default)]
    missing: Vec<Missing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AmbiguitiesFile {
    #[serde(default)]
    ambiguity: Vec<Ambiguity>,
}

/// A date as typed.
///
/// Only year-month-day is one: an hour or a time zone that was typed is refused and not cut off, since the record knows days.
///
/// ```
/// assert_eq!(detente_ledger::date("2025-09-16")?, jiff::civil::date(2025, 9, 16));
/// assert!(detente_ledger::date("16.9.2025").is_err());
/// # Ok::<(), detente_ledger::LedgerError>(())
/// ```
pub fn date(typed: &str) -> Result<Date, LedgerError> {
    let refuse = |problem: &str| LedgerError::Date { typed: typed.to_owned(), problem: problem.to_owned() };
    let text = typed.trim();
    let is_plain = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if is_plain {
        return text.parse().map_err(|_| refuse("the calendar has no such day"));
    }
    let begins_with_a_day = text.get(..10).is_some_and(|day| day.parse::<Date>().is_ok());
    Err(refuse(if begins_with_a_day {
        "the record knows days, no hours and no time zones"
    } else {
        "it is not of that form"
    }))
}
