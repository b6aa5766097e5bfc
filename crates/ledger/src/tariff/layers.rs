//! From instruments and their acts to the layers of one day.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use thiserror::Error;

use super::held_duties::Held;
use crate::duty::{Effect, Estimate, Layer, Provenance, Scope, ScopeRule, Setting, Standing};
use crate::error::LedgerError;
use crate::instrument::{Change, Entry, Instrument, Kind, Terms};
use crate::ledger::Ledger;
use crate::panel::{Claim, Groups, Panel};
use crate::preference::Programme;
use crate::products::{ProductError, ProductLibrary};
use crate::schedule::{Consignment, Reading, Step, schedule_for};
use detente_tables::nearest::suggestion;

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
    /// A party that is neither an ISO code nor on record: the answer would leave out what applies.
    #[error("`{typed}` is no party: {repair}")]
    UnknownParty {
        /// As typed.
        typed: String,
        /// What would be right.
        repair: String,
    },
    /// A question that has no answer.
    #[error("{problem}; {repair}")]
    Question {
        /// What is wrong.
        problem: String,
        /// What would be right.
        repair: String,
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
    ///
    /// ```
    /// use detente_ledger::tariff::{Tariffs, View};
    /// use jiff::civil::date;
    ///
    /// let view = View::on_day("USA", "CHN", date(2025, 9, 16));
    /// assert_eq!(view.known_on, view.on, "as known that day");
    /// ```
    pub fn on_day(importer: &'a str, exporter: &'a str, on: Date) -> Self {
        Self { importer, exporter, on, known_on: on, reading: Reading::default() }
    }
}

/// The record with the products at hand.
#[derive(Debug)]
pub struct Tariffs {
    ledger: Ledger,
    library: ProductLibrary,
    scopes: Mutex<Scopes>,
    panels: Mutex<Panels>,
    pub(super) sector_duties: Mutex<Held>,
}

/// Scopes that were resolved: by importer or pair, and by where the rule of the record stands, which is one place as long as the
/// record is held.
#[derive(Debug, Default)]
struct Scopes {
    of_rule: HashMap<(String, usize), Arc<Scope>>,
    held: Vec<(String, ScopeRule, Arc<Scope>)>,
}

/// Panels by pair, and the lines of importers that were grouped for all origins at once.
#[derive(Debug, Default)]
struct Panels {
    of_pair: HashMap<(String, String), Arc<Panel>>,
    groups: HashMap<String, Arc<Groups>>,
}

impl Tariffs {
    /// Joins a record and the product facts; `overlays` are folders that may hold `products/` and `concordances/` of their own.
    pub fn new(ledger: Ledger, overlays: Vec<PathBuf>) -> Self {
        Self {
            ledger,
            library: ProductLibrary::new(overlays),
            scopes: Mutex::default(),
            panels: Mutex::default(),
            sector_duties: Mutex::default(),
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
    ///
    /// ```
    /// use detente_ledger::tariff::{Tariffs, View};
    /// use jiff::civil::date;
    ///
    /// let tariffs = Tariffs::embedded()?;
    /// assert!(tariffs.ledger().talks("us-china").is_ok());
    /// # Ok::<(), detente_ledger::tariff::TariffError>(())
    /// ```
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

    /// The code of a party as typed, or a refusal with what would be right.
    ///
    /// ```
    /// use detente_ledger::tariff::{Tariffs, View};
    /// use jiff::civil::date;
    ///
    /// let tariffs = Tariffs::embedded()?;
    /// assert_eq!(tariffs.party("chn")?, "CHN");
    /// assert!(tariffs.party("XXX").is_err(), "who is unknown has no duty of zero");
    /// # Ok::<(), detente_ledger::tariff::TariffError>(())
    /// ```
    pub fn party(&self, typed: &str) -> Result<String, TariffError> {
        self.ledger.party(typed).ok_or_else(|| TariffError::UnknownParty {
            typed: typed.to_owned(),
            repair: format!(
                "write an ISO 3166 code of three letters, or a group on record; {}",
                suggestion(typed, self.ledger.parties.codes())
            ),
        })
    }

    /// Every tariff that stands on the books between the two parties on the day, charged or not, for goods loaded on the day of
    /// entry.
    ///
    /// ```
    /// use detente_ledger::tariff::{Tariffs, View};
    /// use jiff::civil::date;
    ///
    /// let layers = Tariffs::embedded()?.layers(View::on_day("USA", "CHN", date(2019, 9, 2)))?;
    /// assert!(layers.iter().any(|layer| layer.authority.contains("301") && layer.rate.expected > 0.0));
    /// # Ok::<(), detente_ledger::tariff::TariffError>(())
    /// ```
    pub fn layers(&self, view: View<'_>) -> Result<Vec<Layer>, TariffError> {
        self.layers_loaded(view, None)
    }

    /// The same for goods loaded on a day.
    pub fn layers_loaded(&self, view: View<'_>, loaded: Option<Date>) -> Result<Vec<Layer>, TariffError> {
        for party in [view.importer, view.exporter] {
            self.party(party)?;
        }
        let mut found = Vec::new();
        let setting = self.setting(view);
        for instrument in self.tariffs(view) {
            let consignment = Consignment { exporter: view.exporter, loaded };
            let steps = schedule_for(&self.ledger, instrument, consignment, view.known_on, view.reading);
            if let Some(step) = steps.into_iter().find(|step| step.days.contains(view.on)) {
                self.layers_of(instrument, step, view, &setting, &mut found)?;
            }
        }
        Ok(found)
    }

    /// For whom and when layers are gathered.
    pub(super) fn setting(&self, view: View<'_>) -> Arc<Setting> {
        Arc::new(Setting {
            names: self.ledger.parties.names_of(view.exporter, view.on),
            on: view.on,
            known_on: view.known_on,
            conditions: Arc::clone(&self.ledger.conditions),
        })
    }

    /// The days before which goods must have been loaded to stay under what governed before, for entries on the day.
    pub(super) fn loading_days(&self, view: View<'_>) -> Vec<Date> {
        let mut days: Vec<Date> = self
            .tariffs(view)
            .flat_map(|instrument| &instrument.entries)
            .filter(|entry| {
                entry.known_from() <= view.known_on
                    && entry.from <= view.on
                    && entry.entered_before.is_none_or(|last| view.on < last)
            })
            .filter_map(|entry| entry.loaded_before)
            .filter(|day| *day <= view.on)
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The first days of change between the two parties, in order: between two of them the schedule is the same.
    ///
    /// ```
    /// use detente_ledger::tariff::{Tariffs, View};
    /// use jiff::civil::date;
    ///
    /// let days = Tariffs::embedded()?.days_of_change(View::on_day("USA", "CHN", date(2025, 9, 16)));
    /// assert!(days.contains(&date(2018, 7, 6)) && days.is_sorted());
    /// # Ok::<(), detente_ledger::tariff::TariffError>(())
    /// ```
    pub fn days_of_change(&self, view: View<'_>) -> Vec<Date> {
        let consignment = Consignment { exporter: view.exporter, loaded: None };
        let mut days: Vec<Date> = Vec::new();
        for instrument in self.tariffs(view) {
            let steps = schedule_for(&self.ledger, instrument, consignment, view.known_on, view.reading);
            days.extend(steps.iter().flat_map(|step| [Some(step.days.from), step.days.until]).flatten());
            for entry in instrument.entries.iter().filter(|entry| entry.known_from() <= view.known_on) {
                days.extend(entry.entered_before);
                for (rule, _, _) in goods(instrument, entry, None) {
                    // A scope that cannot be read is told of where its goods are asked for.
                    if let Ok(scope) = self.scope(instrument, rule, view) {
                        days.extend(scope.days_of_change());
                    }
                }
            }
        }
        days.extend(self.ledger.stacking.days_of_change());
        let conditions = self.ledger.conditions.iter();
        days.extend(conditions.flat_map(|held| [held.from, held.until]).flatten());
        days.sort_unstable();
        days.dedup();
        days.retain(|day| day.year() > 1);
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

    /// Forgets what was worked out for any day: a program that is asked about day after day for weeks would hold up to two million shares of
    /// goods, some hundred megabytes. What is asked next is worked out again, to the same bits.
    ///
    /// ```
    /// use detente_ledger::tariff::{Tariffs, View};
    /// use jiff::civil::date;
    ///
    /// let tariffs = Tariffs::embedded()?;
    /// let view = View::on_day("USA", "CHN", date(2025, 9, 16));
    /// let before = tariffs.sector_duties(view, &[], "world-2022-estimate")?.sectors[0].average.as_ref().map(|average| average.total);
    /// tariffs.forget_days();
    /// let after = tariffs.sector_duties(view, &[], "world-2022-estimate")?.sectors[0].average.as_ref().map(|average| average.total);
    /// assert_eq!(before, after);
    /// # Ok::<(), detente_ledger::tariff::TariffError>(())
    /// ```
    pub fn forget_days(&self) {
        self.sector_duties.lock().unwrap_or_else(PoisonError::into_inner).answers.clear();
        let held = self.panels.lock().unwrap_or_else(PoisonError::into_inner);
        held.of_pair.values().for_each(|panel| panel.forget_days());
        held.groups.values().for_each(|groups| groups.forget_days());
    }

    /// All lines of the importer, in classes with respect to every scope of the pair's instruments.
    pub fn panel(&self, importer: &str, exporter: &str) -> Result<Arc<Panel>, TariffError> {
        let pair = (importer.to_owned(), exporter.to_owned());
        let mut held = self.panels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(panel) = held.of_pair.get(&pair) {
            return Ok(Arc::clone(panel));
        }
        let (mut scopes, mut floors) = (Vec::new(), Vec::new());
        let view = View::on_day(importer, exporter, Date::MAX);
        for instrument in self.ledger.between(importer, exporter).filter(|held| held.kind == Kind::Tariff) {
            for entry in &instrument.entries {
                for (rule, _, terms) in goods(instrument, entry, None) {
                    let scope = self.scope(instrument, rule, view)?;
                    if matches!(terms.effect, Effect::Floor | Effect::ReplacesBase) {
                        floors.push(Arc::clone(&scope));
                    }
                    scopes.push(scope);
                }
            }
        }
        let claims = self.claims(importer, exporter)?;
        scopes.extend(claims.iter().flat_map(Claim::scopes).map(Arc::clone));
        let table = self.library.lines_weighed(importer, exporter)?;
        let panel = match held.groups.get(importer) {
            Some(groups) => Panel::of(table, Arc::clone(groups), &scopes, &floors),
            None => Panel::with_floors(table, &scopes, &floors),
        };
        let panel = Arc::new(panel.claiming(claims));
        held.of_pair.insert(pair, Arc::clone(&panel));
        Ok(panel)
    }

    /// Groups the importer's lines for all origins at once: for many pairs this is one pass over its lists instead of one a pair, and what a
    /// scope reaches is found once for all origins. For one pair it would be waste.
    pub fn prepare_all_origins(&self, importer: &str) -> Result<(), TariffError> {
        let mut held = self.panels.lock().unwrap_or_else(PoisonError::into_inner);
        if held.groups.contains_key(importer) {
            return Ok(());
        }
        let own = |held: &&Instrument| held.imposer == importer && held.kind == Kind::Tariff;
        let mut scopes = Vec::new();
        for instrument in self.ledger.instruments.iter().filter(own) {
            for entry in &instrument.entries {
                for (rule, _, _) in goods(instrument, entry, None) {
                    scopes.push(Scope::resolve(rule, importer, &self.library).map_err(|problem| {
                        TariffError::Scope {
                            file: instrument.file.clone(),
                            instrument: instrument.id.clone(),
                            problem: Box::new(problem),
                        }
                    })?);
                }
            }
        }
        let table = self.library.lines(importer)?;
        let mut bound = Vec::new();
        for exporter in self.origins(importer)? {
            bound.extend(self.claims(importer, &exporter)?.iter().flat_map(Claim::scopes).map(Arc::clone));
        }
        let lists = scopes.iter().chain(bound.iter().map(Arc::as_ref)).flat_map(Scope::lists);
        let groups = Arc::new(Groups::new(&table, lists));
        held.groups.insert(importer.to_owned(), groups);
        held.of_pair.retain(|(to, _), _| to != importer);
        Ok(())
    }

    /// The programmes that an exporter's goods claim, as far as claims are on record.
    fn claims(&self, importer: &str, exporter: &str) -> Result<Vec<Claim>, TariffError> {
        let mut found = Vec::new();
        for shares in self.library.claims(importer)?.of(exporter) {
            let named = |held: &&Programme| held.importer == importer && held.id == shares.programme;
            for programme in self.ledger.programmes.iter().filter(named) {
                let mut removes = Vec::new();
                for removal in &programme.removes {
                    removes.push((removal.clone(), self.goods_of(importer, &removal.lists, &[])?));
                }
                let columns = self.library.columns(importer)?;
                found.push(Claim::new(programme.clone(), removes, Arc::new(shares.clone()), columns));
            }
        }
        Ok(found)
    }

    fn tariffs<'a>(&'a self, view: View<'a>) -> impl Iterator<Item = &'a Instrument> {
        self.ledger.between(view.importer, view.exporter).filter(|held| held.kind == Kind::Tariff)
    }

    fn layers_of(
        &self,
        instrument: &Instrument,
        step: Step<'_>,
        view: View<'_>,
        setting: &Arc<Setting>,
        found: &mut Vec<Layer>,
    ) -> Result<(), TariffError> {
        let entry = step.entry;
        let mut sources = vec![entry.act.clone()];
        sources.extend(self.ledger.sources.citations(&entry.sources));
        // An act of another instrument that ends this one says nothing of its goods: those of the measure stand.
        let own = match step.ended_by {
            Some(_) => vec![(&instrument.scope, Estimate::NOTHING, entry.terms())],
            None => {
                let reaches = |targets: &Option<Vec<String>>, except: &[String]| {
                    let everybody = [crate::instrument::EVERYBODY.to_owned()];
                    let targets = targets.as_deref().unwrap_or(&everybody);
                    let days = self.ledger.parties.days(targets, except, view.exporter);
                    days.iter().any(|part| part.contains(view.on))
                };
                goods(instrument, entry, step.rate)
                    .into_iter()
                    .enumerate()
                    .filter(|(at, _)| {
                        entry.parts.get(*at).is_none_or(|part| reaches(&part.targets, &part.except_targets))
                    })
                    .map(|(_, held)| held)
                    .collect()
            }
        };
        for (rule, rate, terms) in own {
            let charged =
                rate.most > 0.0 || terms.effect.charges_without_a_rate() || terms.over_pct.is_some();
            let no_rate = terms.effect == Effect::Adds && !charged && step.charges();
            found.push(Layer {
                instrument: instrument.id.clone(),
                measure: instrument.title.clone(),
                authority: instrument.authority.clone(),
                family: instrument.family.clone(),
                heading: terms.heading.map(str::to_owned),
                rate,
                over: terms.over_pct.map(|points| points / 100.0),
                effect: terms.effect,
                floor_on: terms.floor_on,
                column: terms.column.map(str::to_owned),
                content: terms.content.map(str::to_owned),
                requires: terms.requires.to_vec(),
                scope: self.scope(instrument, rule, view)?,
                standing: if no_rate {
                    Standing::NotCharged(format!("no rate: {}", entry.act))
                } else {
                    standing(step)
                },
                holds: step.is_in_force() && step.charges(),
                from: Some(step.days.from),
                until: step.days.until,
                sources: sources.clone(),
                confidence: entry.confidence.word().to_owned(),
                note: note(terms, entry),
                last_evidence: entry.last_evidence,
                setting: Arc::clone(setting),
            });
        }
        Ok(())
    }

    /// The scope with its lists at hand, for the origin; one and the same for equal rules.
    fn scope(
        &self,
        instrument: &Instrument,
        rule: &ScopeRule,
        view: View<'_>,
    ) -> Result<Arc<Scope>, TariffError> {
        // Only exceptions for some origins make a scope the origin's own.
        let by_origin = rule.iter().flat_map(|entry| &entry.except);
        let by_origin =
            by_origin.clone().any(|held| !held.targets.is_empty() || !held.except_targets.is_empty());
        let key =
            if by_origin { format!("{}<{}", view.importer, view.exporter) } else { view.importer.to_owned() };
        let mut held = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (key.clone(), rule.as_ptr() as usize);
        if let Some(scope) = held.of_rule.get(&place) {
            return Ok(Arc::clone(scope));
        }
        let same = held.held.iter().find(|(to, written, _)| *to == key && written == rule);
        if let Some(scope) = same.map(|(_, _, scope)| Arc::clone(scope)) {
            held.of_rule.insert(place, Arc::clone(&scope));
            return Ok(scope);
        }
        let membership =
            |targets: &[String], except: &[String]| self.ledger.parties.days(targets, except, view.exporter);
        let scope =
            Scope::resolve_for(rule, view.importer, &self.library, &membership).map_err(|problem| {
                TariffError::Scope {
                    file: instrument.file.clone(),
                    instrument: instrument.id.clone(),
                    problem: Box::new(problem),
                }
            })?;
        let scope = Arc::new(scope);
        held.of_rule.insert(place, Arc::clone(&scope));
        held.held.push((key, rule.clone(), Arc::clone(&scope)));
        Ok(scope)
    }

    /// The goods that lists and codes mean, outside any instrument.
    pub(super) fn goods_of(
        &self,
        importer: &str,
        lists: &[String],
        codes: &[String],
    ) -> Result<Option<Arc<Scope>>, TariffError> {
        if lists.is_empty() && codes.is_empty() {
            return Ok(None);
        }
        let entry = crate::duty::ScopeEntry {
            lists: lists.to_vec(),
            codes: codes.to_vec(),
            ..crate::duty::ScopeEntry::default()
        };
        Ok(Some(Arc::new(Scope::resolve(&[entry], importer, &self.library)?)))
    }
}

/// What a reader should know: of the quota, and of the act.
fn note(terms: Terms<'_>, entry: &Entry) -> Option<String> {
    let amount = terms.specific.map(|held| format!("{} {} per {}", held.amount, held.currency, held.unit));
    let first = terms.quota.map(str::to_owned).or(amount);
    let own = entry.note.clone().filter(|note| !note.is_empty());
    match (first, own) {
        (Some(first), Some(own)) => Some(format!("{first}; {own}")),
        (first, own) => first.or(own),
    }
}

/// The goods of an entry, each with its rate and what it does.
fn goods<'a>(
    instrument: &'a Instrument,
    entry: &'a Entry,
    rate: Option<&crate::rate::Rate>,
) -> Vec<(&'a ScopeRule, Estimate, Terms<'a>)> {
    if entry.parts.is_empty() {
        let rate = rate.map_or(Estimate::NOTHING, |rate| several(rate.points()));
        return vec![(instrument.scope_of(entry), rate, entry.terms())];
    }
    entry
        .parts
        .iter()
        .map(|part| {
            let scope = part.scope.as_ref().unwrap_or_else(|| instrument.scope_of(entry));
            (scope, Estimate::exactly(part.rate_pct.unwrap_or(0.0) / 100.0), part.terms())
        })
        .collect()
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

fn standing(step: Step<'_>) -> Standing {
    if step.charges() {
        return Standing::InForce;
    }
    let entry = step.entry;
    let act = &entry.act;
    if let Some(successor) = step.ended_by {
        return Standing::NotCharged(format!("ended by {}: {act}", successor.title));
    }
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
