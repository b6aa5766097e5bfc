//! The ledger: every instrument on record, the rules by which they stack, and the sources.

use crate::{
    check::check,
    duty::Stacking,
    error::LedgerError,
    files::{self, Named},
    instrument::{EVERYBODY, Instrument},
    source::Sources,
};
use jiff::civil::Date;
use std::{collections::BTreeSet, path::PathBuf};

/// Every instrument on record, the rules by which they stack, and the sources.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Instruments, in order of file name; what a user's folder adds comes last.
    pub instruments: Vec<Instrument>,
    /// How families stack.
    pub stacking: Stacking,
    /// Citations.
    pub sources: Sources,
    /// Files below `<talks>/`, by folder, of all layers of the ledger: what [`Ledger::talks`] reads.
    pub(crate) talks_files: Vec<Named>,
}

impl Ledger {
    /// The ledger that the program carries.
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
            ledger.lay(files::below(folder)?)?;
        }
        if !folders.is_empty() {
            LedgerError::all(check(&ledger))?;
        }
        Ok(ledger)
    }

    /// Lays files over what is there.
    pub fn lay(&mut self, files: Vec<Named>) -> Result<(), LedgerError> {
        for file in files {
            match files::role(&file.name) {
                files::Role::Sources => self.sources.read(&file.name, &file.text)?,
                files::Role::Stacking => {
                    let added: Stacking = files::toml(&file.name, &file.text)?;
                    for rule in added.rules {
                        if !self.stacking.rules.contains(&rule) {
                            self.stacking.rules.push(rule);
                        }
                    }
                }
                files::Role::Talks => self.talks_files.push(file),
                files::Role::Instrument => {
                    let typed: crate::typed::TypedInstrument = files::toml(&file.name, &file.text)?;
                    typed.lay_over(&file.name, &mut self.instruments)?;
                }
            }
        }
        Ok(())
    }

    /// An instrument by identifier.
    pub fn instrument(&self, id: &str) -> Result<&Instrument, LedgerError> {
        self.instruments.iter().find(|held| held.id == id).ok_or_else(|| {
            LedgerError::unknown("instrument", id, self.instruments.iter().map(|held| held.id.as_str()))
        })
    }

    /// The first day on which any measure of the record takes effect; before it the record knows base rates only.
    pub fn first_day(&self) -> Option<Date> {
        self.instruments.iter().flat_map(|held| &held.entries).map(|entry| entry.from).min()
    }

    /// Parties that impose something, and parties that something is imposed on by name, each in order.
    pub fn parties(&self) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let imposers = self.instruments.iter().map(|held| held.imposer.as_str()).collect();
        let targets = self.instruments.iter().flat_map(|held| &held.targets).map(String::as_str);
        (imposers, targets.filter(|code| *code != EVERYBODY).collect())
    }

    /// Instruments of `importer` that reach `exporter`.
    pub fn between<'a>(
        &'a self,
        importer: &'a str,
        exporter: &'a str,
    ) -> impl Iterator<Item = &'a Instrument> {
        self.instruments.iter().filter(move |held| held.imposer == importer && held.reaches(exporter))
    }
}

/// A date as typed.
pub fn date(typed: &str) -> Result<Date, LedgerError> {
    typed.trim().parse().map_err(|error: jiff::Error| LedgerError::Date {
        typed: typed.to_owned(),
        problem: error.to_string(),
    })
}
