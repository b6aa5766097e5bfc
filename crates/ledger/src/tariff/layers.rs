//! From instruments and their acts to the layers of one day.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use thiserror::Error;

use crate::duty::{Estimate, Layer, Provenance, Scope, ScopeRule, Standing};
use crate::error::LedgerError;
use crate::instrument::{Change, Entry, Instrument, Kind};
use crate::ledger::Ledger;
use crate::panel::Panel;
use crate::products::{ProductError, ProductLibrary};
use crate::schedule::{Reading, Step, governing, schedule};

/// Why a question to the record has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TariffError {
    /// The record.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The product facts.
    #[error(transparent)]
    Product(#[from] ProductError),
    /// A scope that names a list which is not there.
    #[error("{file}: the scope of `{instrument}`: {problem}")]
    Scope {
        /// File of the instrument.
        file: String,
        /// Instrument.
        instrument: String,
        /// What is wrong.
        problem: Box<ProductError>,
    },
    /// The product facts of an importer that say nothing about themselves.
    #[error("products/{importer}/lines.toml: {problem}")]
    Provenance {
        /// Importer.
        importer: String,
        /// What the reader met.
        problem: String,
    },
}

/// Between whom, on which day, as known on which day, and which acts count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View<'a> {
    /// Importing party.
    pub importer: &'a str,
    /// Exporting party.
    pub exporter: &'a str,
    /// The day asked about.
    pub on: Date,
    /// The day whose knowledge is used.
    pub known_on: Date,
    /// Which acts count.
    pub reading: Reading,
}

impl<'a> View<'a> {
    /// What was known on the day itself, statements included.
    pub fn on_day(importer: &'a str, exporter: &'a str, on: Date) -> Self {
        Self { importer, exporter, on, known_on: on, reading: Reading::default() }
    }
}

/// The record with the products at hand.
#[derive(Debug)]
pub struct Tariffs {
    ledger: Ledger,
    library: ProductLibrary,
    scopes: Mutex<Vec<(String, ScopeRule, Arc<Scope>)>>,
    panels: Mutex<Vec<(String, String, Arc<Panel>)>>,
}

impl Tariffs {
    /// Joins a record and the product facts; `overlays` are folders that may hold `products/` and `concordances/` of their own.
    pub fn new(ledger: Ledger, overlays: Vec<PathBuf>) -> Self {
        Self {
            ledger,
            library: ProductLibrary::new(overlays),
            scopes: Mutex::default(),
            panels: Mutex::default(),
        }
    }

    /// The record and the products that the program carries with a user's folders over them, the last uppermost; refused with
    /// file and entry where [`Ledger::with_overlays`] refuses, where a product file of a folder cannot be read, and where an
    /// instrument of a folder names goods that are not there.
    pub fn with_overlays(folders: &[PathBuf]) -> Result<Self, TariffError> {
        let tariffs = Self::new(Ledger::with_overlays(folders)?, folders.to_vec());
        tariffs.library.read_overlays()?;
        for instrument in &tariffs.ledger.instruments {
            for (file, entry, rule) in instrument.scopes_of_folders() {
                Scope::resolve(rule, &instrument.imposer, &tariffs.library).map_err(|error| {
                    let repair = "name codes, lists below products/<IMPOSER>/lists, or all = true";
                    LedgerError::entry(file, entry, error.to_string(), repair)
                })?;
            }
        }
        Ok(tariffs)
    }

    /// The record and the products that the program carries.
    pub fn embedded() -> Result<Self, TariffError> {
        Ok(Self::new(Ledger::embedded()?, Vec::new()))
    }

    /// The record.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The record alone.
    pub fn into_ledger(self) -> Ledger {
        self.ledger
    }

    /// The products.
    pub fn library(&self) -> &ProductLibrary {
        &self.library
    }

    /// Every tariff that stands on the books between the two parties on the day, charged or not.
    pub fn layers(&self, view: View<'_>) -> Result<Vec<Layer>, TariffError> {
        let mut found = Vec::new();
        for instrument in self.tariffs(view) {
            if let Some(step) = governing(instrument, view.on, view.known_on, view.reading) {
                self.layers_of(instrument, step, view.importer, &mut found)?;
            }
        }
        Ok(found)
    }

    /// The first days of change between the two parties, in order: between two of them the schedule is the same.
    pub fn days_of_change(&self, view: View<'_>) -> Vec<Date> {
        let mut days: Vec<Date> = self
            .tariffs(view)
            .flat_map(|instrument| schedule(instrument, view.known_on, view.reading))
            .flat_map(|step| [Some(step.days.from), step.days.until])
            .flatten()
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Where an importer's base rates come from.
    pub fn provenance(&self, importer: &str) -> Result<Provenance, TariffError> {
        let text = self.library.text(&format!("products/{importer}/lines.toml"))?;
        toml::from_str(&text).map_err(|error| TariffError::Provenance {
            importer: importer.to_owned(),
            problem: error.to_string().trim_end().to_owned(),
        })
    }

    /// All lines of the importer, in classes with respect to every scope of the pair's instruments.
    pub fn panel(&self, importer: &str, exporter: &str) -> Result<Arc<Panel>, TariffError> {
        let mut held = self.panels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, panel)) = held.iter().find(|(to, from, _)| to == importer && from == exporter) {
            return Ok(Arc::clone(panel));
        }
        let mut scopes = Vec::new();
        for instrument in self.ledger.between(importer, exporter).filter(|held| held.kind == Kind::Tariff) {
            for entry in &instrument.entries {
                for (rule, _) in goods(instrument, entry) {
                    scopes.push(self.scope(instrument, rule, importer)?);
                }
            }
        }
        let panel = Arc::new(Panel::new(self.library.lines(importer)?, scopes));
        held.push((importer.to_owned(), exporter.to_owned(), Arc::clone(&panel)));
        Ok(panel)
    }

    fn tariffs<'a>(&'a self, view: View<'a>) -> impl Iterator<Item = &'a Instrument> {
        self.ledger.between(view.importer, view.exporter).filter(|held| held.kind == Kind::Tariff)
    }

    fn layers_of(
        &self,
        instrument: &Instrument,
        step: Step<'_>,
        importer: &str,
        found: &mut Vec<Layer>,
    ) -> Result<(), TariffError> {
        let entry = step.entry;
        let mut sources = vec![entry.act.clone()];
        sources.extend(self.ledger.sources.citations(&entry.sources));
        for (rule, rate) in goods(instrument, entry) {
            found.push(Layer {
                instrument: instrument.id.clone(),
                measure: instrument.title.clone(),
                authority: instrument.authority.clone(),
                family: instrument.family.clone(),
                rate,
                scope: self.scope(instrument, rule, importer)?,
                standing: standing(entry),
                from: Some(step.days.from),
                until: step.days.until,
                sources: sources.clone(),
                confidence: entry.confidence.word().to_owned(),
            });
        }
        Ok(())
    }

    /// The scope with its lists at hand; one and the same for equal rules, so that panels recognise it.
    fn scope(
        &self,
        instrument: &Instrument,
        rule: &ScopeRule,
        importer: &str,
    ) -> Result<Arc<Scope>, TariffError> {
        let mut held = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, scope)) = held.iter().find(|(to, written, _)| to == importer && written == rule) {
            return Ok(Arc::clone(scope));
        }
        let scope = Scope::resolve(rule, importer, &self.library).map_err(|problem| TariffError::Scope {
            file: instrument.file.clone(),
            instrument: instrument.id.clone(),
            problem: Box::new(problem),
        })?;
        let scope = Arc::new(scope);
        held.push((importer.to_owned(), rule.clone(), Arc::clone(&scope)));
        Ok(scope)
    }
}

/// The goods of an entry, each with its rate.
fn goods<'a>(instrument: &'a Instrument, entry: &'a Entry) -> Vec<(&'a ScopeRule, Estimate)> {
    if entry.parts.is_empty() {
        let rate = entry.rate_pct.as_ref().map_or(Estimate::NOTHING, |rate| several(rate.points()));
        return vec![(instrument.scope_of(entry), rate)];
    }
    entry.parts.iter().map(|part| (&part.scope, Estimate::exactly(part.rate_pct / 100.0))).collect()
}

/// One rate; or, where an act sets several and the record does not say on which goods, their bounds and their mean.
fn several(points: &[f64]) -> Estimate {
    let least = points.iter().copied().fold(f64::INFINITY, f64::min);
    let most = points.iter().copied().fold(0.0, f64::max);
    if points.is_empty() {
        return Estimate::NOTHING;
    }
    let expected = points.iter().sum::<f64>() / points.len() as f64;
    Estimate { least: least / 100.0, expected: expected / 100.0, most: most / 100.0 }
}

fn standing(entry: &Entry) -> Standing {
    if entry.charges() {
        return Standing::InForce;
    }
    let act = &entry.act;
    Standing::NotCharged(match entry.change {
        Change::Sets | Change::Relieves => format!("no rate: {act}"),
        Change::Suspends => match &entry.suspended_pct {
            Some(held_back) => format!("suspended ({held_back} points held back): {act}"),
            None => format!("suspended: {act}"),
        },
        Change::Lapses => format!("lapsed: {act}"),
        Change::Ends => format!("ended: {act}"),
        Change::Invalidates => format!("no longer lawful: {act}"),
        Change::Proposes => format!("proposed and not adopted: {act}"),
        Change::Unknown => format!("not known to be charged: {act}"),
    })
}
