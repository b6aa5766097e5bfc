//! A scenario that a program builds, reads, changes and writes back.
//!
//! A [`Scenario`] is the file that the command reads, held as data: what it means is decided when it meets a world
//! ([`World::solve`](crate::World::solve)), so that a scenario built in code and one read from a file go the same way and are refused in the
//! same words. Rates are fractions (ten points are `0.10`); sectors may be codes or a kind (`manufacturing`), and whoever is left out is `all`.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::ledger_tariffs::EmbeddedRecord;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_tables::atomic_write::{self, WriteError};
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::toml_file;
use toml::Spanned;

use super::typed::{
    Names, TypedClosure, TypedDeficit, TypedFactor, TypedFinalDemand, TypedLimit, TypedRate, TypedScenario,
};
use super::{meant, resolve};

/// A scenario as a document.
///
/// ```
/// use detente::{Scenario, scenario::document::Rate};
///
/// let scenario = Scenario::new("Ten points on Chinese goods")
///     .tariff(Rate::add(0.10).importer("USA").exporter("CHN"));
/// assert!(scenario.to_toml()?.contains("add = 0.1"));
/// assert_eq!(Scenario::from_toml(&scenario.to_toml()?)?, scenario);
/// # Ok::<(), detente::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What messages call it: its path, or its name.
    pub(crate) label: String,
    /// Where tables that it names are looked up.
    pub(crate) folder: Option<PathBuf>,
    typed: TypedScenario,
    /// As it was read, comments included; none once it was changed.
    text: Option<String>,
}

/// Two scenarios are the same where they say the same; comments and places in the text do not count.
impl PartialEq for Scenario {
    fn eq(&self, other: &Self) -> bool {
        self.typed == other.typed
    }
}

/// A change of tariffs or export taxes on the flows that it names.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate(TypedRate);

/// A factor on trade costs, productivity, endowments or capital.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor(TypedFactor);

/// A cap or a floor on flows.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit(TypedLimit);

/// A value without a place in a file.
fn placed<T>(value: T) -> Spanned<T> {
    Spanned::new(0..0, value)
}

fn names(names: impl Into<Names>) -> Option<Spanned<Names>> {
    Some(placed(names.into()))
}

/// Setters of fields that name economies or sectors.
macro_rules! naming {
    ($($(#[$doc:meta])* $field:ident)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, given: impl Into<Names>) -> Self {
            self.0.$field = names(given);
            self
        }
    )*};
}

/// Setters that add an entry to a list of the document.
macro_rules! adding {
    ($($(#[$doc:meta])* $list:ident($entry:ident: $kind:ty))*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $list(self, $entry: $kind) -> Self {
            self.changed(|typed| typed.$list.push(placed($entry.0)))
        }
    )*};
}

impl Rate {
    fn of(change: impl FnOnce(&mut TypedRate)) -> Self {
        let mut rate = TypedRate {
            importer: names("all"),
            exporter: names("all"),
            sector: None,
            set: None,
            add: None,
            multiply: None,
            file: None,
        };
        change(&mut rate);
        Self(rate)
    }

    /// Sets the rate, a fraction.
    ///
    /// ```
    /// use detente::{Scenario, scenario::document::Rate};
    ///
    /// let text = Scenario::new("free trade").tariff(Rate::set(0.0)).to_toml()?;
    /// assert!(text.contains("set = 0.0"), "{text}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn set(rate: f64) -> Self {
        Self::of(|held| held.set = Some(placed(rate)))
    }

    /// Adds points, a fraction: `0.10` are ten.
    ///
    /// ```
    /// use detente::{Scenario, scenario::document::Rate};
    ///
    /// let text = Scenario::new("ten points").tariff(Rate::add(0.10).importer("USA")).to_toml()?;
    /// assert!(text.contains("add = 0.1"), "{text}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn add(points: f64) -> Self {
        Self::of(|held| held.add = Some(placed(points)))
    }

    /// Multiplies the rate t, not the factor 1+t.
    ///
    /// ```
    /// use detente::{Scenario, scenario::document::Rate};
    ///
    /// let text = Scenario::new("half of every rate").tariff(Rate::multiply(0.5)).to_toml()?;
    /// assert!(text.contains("multiply = 0.5"), "{text}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn multiply(factor: f64) -> Self {
        Self::of(|held| held.multiply = Some(placed(factor)))
    }

    naming! {
        /// Only of this importer or of these; all where it is not said.
        importer
        /// Only on this exporter or on these; all where it is not said.
        exporter
        /// Only in these sectors, by code or kind; all where it is not said.
        sector
    }
}

impl Factor {
    /// A factor, new over old.
    ///
    /// ```
    /// use detente::{Scenario, scenario::document::Factor};
    ///
    /// let text = Scenario::new("better steel").productivity(Factor::of(1.05).economy("CHN")).to_toml()?;
    /// assert!(text.contains("factor = 1.05"), "{text}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn of(factor: f64) -> Self {
        Self(TypedFactor {
            importer: None,
            exporter: None,
            economy: None,
            sector: None,
            factor: placed(factor),
            owner: None,
        })
    }

    naming! {
        /// Importers, of a trade cost.
        importer
        /// Exporters, of a trade cost.
        exporter
        /// Economies, of productivity, endowments and capital.
        economy
        /// Sectors, by code or kind.
        sector
    }
}

impl Limit {
    fn on(exporters: impl Into<Names>, importers: impl Into<Names>) -> Self {
        Self(TypedLimit {
            exporter: placed(exporters.into()),
            importer: placed(importers.into()),
            sector: None,
            min: None,
            max: None,
            of: None,
            product: None,
            product_value: None,
            rent: None,
            each: None,
        })
    }

    /// At most this factor of the baseline's flow.
    ///
    /// ```
    /// use detente::{Scenario, scenario::document::Limit};
    ///
    /// let text = Scenario::new("a quota").limit(Limit::at_most(0.8, "CHN", "USA").sector("machinery")).to_toml()?;
    /// assert!(text.contains("max = 0.8"), "{text}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn at_most(factor: f64, exporters: impl Into<Names>, importers: impl Into<Names>) -> Self {
        let mut limit = Self::on(exporters, importers);
        limit.0.max = Some(placed(factor));
        limit
    }

    /// At least this factor of the baseline's flow.
    ///
    /// ```
    /// use detente::{Scenario, scenario::document::Limit};
    ///
    /// let text = Scenario::new("purchases").limit(Limit::at_least(1.2, "USA", "CHN")).to_toml()?;
    /// assert!(text.contains("min = 1.2"), "{text}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn at_least(factor: f64, exporters: impl Into<Names>, importers: impl Into<Names>) -> Self {
        let mut limit = Self::on(exporters, importers);
        limit.0.min = Some(placed(factor));
        limit
    }

    naming! {
        /// Sectors, by code or kind.
        sector
    }

    /// What is limited, `value` or `volume`, and who has the rent: `exporter`, `importer` or `none`.
    #[must_use]
    pub fn of(mut self, flow: &str, rent: &str) -> Self {
        self.0.of = Some(placed(flow.to_owned()));
        self.0.rent = Some(placed(rent.to_owned()));
        self
    }
}

impl Scenario {
    /// A scenario that changes nothing yet.
    ///
    /// ```
    /// use detente::{Scenario, World};
    ///
    /// let world = World::embedded()?;
    /// let answer = world.solve(&Scenario::new("nothing changes"))?;
    /// assert!(world.value(&answer, "welfare_pct", "USA")?.abs() < 1e-9);
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn new(name: &str) -> Self {
        let typed = TypedScenario { name: Some(name.to_owned()), ..TypedScenario::default() };
        Self { label: name.to_owned(), folder: None, typed, text: None }
    }

    /// Reads a scenario from TOML.
    ///
    /// ```
    /// use detente::Scenario;
    ///
    /// let read = Scenario::from_toml("name = \"mine\"\n[[tariff]]\nimporter = \"USA\"\nexporter = \"CHN\"\nadd = 0.1\n")?;
    /// assert_eq!(read.name(), "mine");
    /// let refused = Scenario::from_toml("nam = \"mine\"").unwrap_err();
    /// assert!(refused.to_string().contains("name"), "{refused}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    ///
    /// # Errors
    /// What is no TOML, a key that no scenario has, a value of another kind: with the line and what would be right.
    pub fn from_toml(text: &str) -> Result<Self, Problem> {
        Self::held("scenario.toml".to_owned(), text.to_owned(), None)
    }

    /// Reads a scenario file; the name of an example that the program carries opens that where no file has the name.
    ///
    /// ```
    /// let refused = detente::Scenario::read("no-such-scenario.toml").unwrap_err();
    /// assert!(refused.to_string().contains("no-such-scenario"));
    /// ```
    ///
    /// # Errors
    /// A file that is absent or cannot be read, and as [`from_toml`](Self::from_toml).
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Problem> {
        let source = super::source(path.as_ref())?;
        Self::held(source.label, source.text, source.folder)
    }

    /// An example that the program carries; [`EXAMPLES`](super::EXAMPLES) lists them.
    ///
    /// ```
    /// use detente::Scenario;
    ///
    /// for (name, _) in detente::scenario::EXAMPLES.iter() {
    ///     assert!(Scenario::example(name).is_ok(), "{name}");
    /// }
    /// assert!(Scenario::example("us-plus-10-on-chin").unwrap_err().to_string().contains("us-plus-10-on-china"));
    /// ```
    ///
    /// # Errors
    /// A name that no example has, with the nearest ones.
    pub fn example(name: &str) -> Result<Self, Problem> {
        let Some((_, text)) = super::EXAMPLES.iter().find(|(known, _)| *known == name) else {
            let known = super::EXAMPLES.iter().map(|(known, _)| *known);
            let right =
                format!("give the name of an example; {}", detente_tables::nearest::suggestion(name, known));
            return Err(Problem::whole(name.to_owned(), Finding::Missing { what: "example", right }));
        };
        Self::held(format!("{name}.toml"), (*text).to_owned(), None)
    }

    fn held(label: String, text: String, folder: Option<PathBuf>) -> Result<Self, Problem> {
        let typed = toml_file::parse(&label, &text)?;
        Ok(Self { label, folder, typed, text: Some(text) })
    }

    /// The scenario as TOML: as it was read where nothing was changed since, comments included.
    ///
    /// ```
    /// use detente::Scenario;
    ///
    /// let text = "# mine\nname = \"as it was\"\n";
    /// assert_eq!(Scenario::from_toml(text)?.to_toml()?, text, "comments included, where nothing was changed");
    /// # Ok::<(), detente::Error>(())
    /// ```
    ///
    /// # Errors
    /// None is known of what can be built here; a number that TOML cannot hold would be one.
    pub fn to_toml(&self) -> Result<String, Problem> {
        match &self.text {
            Some(text) => Ok(text.clone()),
            None => toml::to_string_pretty(&self.typed).map_err(|error| {
                Problem::whole(self.label.clone(), Finding::Unreadable { reason: error.to_string() })
            }),
        }
    }

    /// What it means on a benchmark. As it was read it is not read again.
    pub(crate) fn resolved(
        &self,
        directory: &BenchmarkDirectory,
        record: Option<&EmbeddedRecord>,
    ) -> Result<meant::Scenario, Problems> {
        let (label, folder) = (&self.label, self.folder.as_deref());
        match &self.text {
            Some(text) => resolve::resolve(&self.typed, label, text, folder, directory, record),
            None => super::parse(label, &self.to_toml()?, folder, directory, record),
        }
    }

    /// Writes the scenario to a file, whole or not at all.
    ///
    /// ```
    /// use detente::Scenario;
    ///
    /// let path = std::env::temp_dir().join(format!("detente-doc-{}.toml", std::process::id()));
    /// Scenario::new("kept").write(&path)?;
    /// assert_eq!(Scenario::read(&path)?.name(), "kept");
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// What the file system refuses, with the path.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), ScenarioWriteError> {
        Ok(atomic_write::write_file(path.as_ref(), self.to_toml()?.as_bytes())?)
    }

    fn changed(mut self, change: impl FnOnce(&mut TypedScenario)) -> Self {
        change(&mut self.typed);
        self.text = None;
        self
    }

    /// One sentence that says what it is.
    ///
    /// ```
    /// use detente::Scenario;
    ///
    /// let text = Scenario::new("x").sentence("What it is.").to_toml()?;
    /// assert!(text.contains("sentence = "), "{text}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    #[must_use]
    pub fn sentence(self, sentence: &str) -> Self {
        self.changed(|typed| typed.sentence = Some(sentence.to_owned()))
    }

    adding! {
        /// Changes import tariffs.
        tariff(rate: Rate)
        /// Changes export taxes.
        export_tax(rate: Rate)
        /// Changes iceberg trade costs.
        trade_cost(factor: Factor)
        /// Changes productivity.
        productivity(factor: Factor)
        /// Changes endowments of labour.
        endowment(factor: Factor)
        /// Caps or floors flows.
        limit(limit: Limit)
    }

    /// Multiplies the trade deficit of these economies.
    ///
    /// ```
    /// use detente::Scenario;
    ///
    /// let text = Scenario::new("half the deficit").deficit_factor("USA", 0.5).to_toml()?;
    /// assert!(text.contains("factor = 0.5"), "{text}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    #[must_use]
    pub fn deficit_factor(self, economies: impl Into<Names>, factor: f64) -> Self {
        let entry =
            TypedDeficit { economy: placed(economies.into()), set: None, factor: Some(placed(factor)) };
        self.changed(|typed| typed.deficit.push(placed(entry)))
    }

    /// Moves final demand from one category, sector or kind to another, by a share of GDP.
    ///
    /// ```
    /// use detente::Scenario;
    ///
    /// let text = Scenario::new("shift").final_demand("DEU", "services", "manufacturing", 0.01).to_toml()?;
    /// assert!(text.contains("share_of_gdp = 0.01"), "{text}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    #[must_use]
    pub fn final_demand(self, economies: impl Into<Names>, from: &str, to: &str, share_of_gdp: f64) -> Self {
        let entry = TypedFinalDemand {
            economy: placed(economies.into()),
            from: placed(from.to_owned()),
            to: placed(to.to_owned()),
            share_of_gdp: placed(share_of_gdp),
        };
        self.changed(|typed| typed.final_demand.push(placed(entry)))
    }

    /// The tariffs of the record of these talks on a day, as known that day.
    ///
    /// ```
    /// use detente::Scenario;
    ///
    /// let text = Scenario::new("the record").ledger("us-china", "2025-09-16").to_toml()?;
    /// assert!(text.contains("2025-09-16"), "{text}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    #[must_use]
    pub fn ledger(self, talks: &str, on: &str) -> Self {
        self.changed(|typed| {
            typed.ledger = Some(placed(talks.to_owned()));
            typed.on = Some(placed(toml::Value::String(on.to_owned())));
        })
    }

    /// Whose duties on everybody else stand beside the ledger's between the sides: `none` (the benchmark's own), `day` (the record's on the
    /// scenario's day, and on the baseline's), or a date, the record's on that day.
    ///
    /// ```
    /// use detente::Scenario;
    ///
    /// let text = Scenario::new("the record").ledger("us-china", "2025-09-16").others("day").to_toml()?;
    /// assert!(text.contains("others = \"day\""), "{text}");
    /// # Ok::<(), detente::Error>(())
    /// ```
    #[must_use]
    pub fn others(self, whose: &str) -> Self {
        self.changed(|typed| typed.others = Some(placed(toml::Value::String(whose.to_owned()))))
    }

    /// Sets a key of `[closure]`: a setting of the model (`deficits`, `market_structure`, …), a parameter or the horizon.
    ///
    /// ```
    /// use detente::Scenario;
    ///
    /// let balanced = Scenario::example("us-plus-10-on-china")?.setting("deficits", "zero")?;
    /// assert!(balanced.to_toml()?.contains("deficits = \"zero\""));
    /// assert!(balanced.setting("deficit", "zero").is_err());
    /// # Ok::<(), detente::Error>(())
    /// ```
    ///
    /// # Errors
    /// A key that `[closure]` does not have, or a value of another kind. Whether a word is one of the setting's is judged when it is solved.
    pub fn setting(self, key: &str, value: impl Into<toml::Value>) -> Result<Self, Problem> {
        let refused = |reason: String| {
            let finding = Finding::Unreadable { reason: format!("[closure] {key}: {reason}") };
            Problem::whole(self.label.clone(), finding)
        };
        let mut keys =
            toml::Table::try_from(&self.typed.closure).map_err(|error| refused(error.to_string()))?;
        keys.insert(key.to_owned(), value.into());
        // Places are those of a text, so the keys go through one.
        let text = toml::to_string(&keys).map_err(|error| refused(error.to_string()))?;
        let closure: TypedClosure =
            toml::from_str(&text).map_err(|error| refused(error.message().to_owned()))?;
        Ok(self.changed(|typed| typed.closure = closure))
    }

    /// Its name for people.
    ///
    /// ```
    /// assert_eq!(detente::Scenario::new("mine").name(), "mine");
    /// ```
    pub fn name(&self) -> &str {
        self.typed.name.as_deref().unwrap_or(&self.label)
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Why a scenario could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioWriteError {
    /// It cannot be put into TOML.
    #[error(transparent)]
    Text(#[from] Problem),
    /// The file system refused.
    #[error(transparent)]
    File(#[from] WriteError),
}
