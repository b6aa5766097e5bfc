//! An entry of the catalogue.

use super::Tag;
use crate::first_year::{FirstYearAccounts, Horizon};
use crate::model::closure::Closure;
use crate::objective::Outcome;
use crate::outcomes::economy::EconomyOutcome;
use crate::outcomes::sector::SectorOutcome;

/// One outcome: what it is called, in what unit it stands, how it comes about and where it is read.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeEntry {
    /// Its name: that of its column wherever no older key stands for it.
    pub id: &'static str,
    /// Older keys that files carry instead, by place.
    pub aliases: &'static [(Place, &'static str)],
    /// Name for readers.
    pub label: &'static str,
    /// Name at the head of a narrow column.
    pub short: &'static str,
    /// Unit of the number.
    pub unit: Unit,
    /// Which direction is better for the economy.
    pub better: Better,
    /// The formula in words.
    pub formula: &'static str,
    /// What makes its tag.
    pub origin: Origin,
    /// The number where an equilibrium answers.
    pub equilibrium: Option<fn(&EconomyOutcome) -> Option<f64>>,
    /// The number of an economy's sector.
    pub sector: Option<fn(&SectorOutcome) -> Option<f64>>,
    /// The number where the accounts of the first year answer.
    pub first_year: Option<fn(&FirstYearAccounts) -> Option<f64>>,
    /// What a gradient of it is called, an older word for the same, and what is differentiated.
    pub objective: Option<(&'static str, Option<&'static str>, Outcome)>,
}

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Percent: a change of the thing itself, or of income where the formula says so.
    Percent,
    /// Percentage points of a share.
    Points,
    /// A fraction.
    Fraction,
    /// The benchmark's own unit, at the numeraire.
    Level,
    /// A derivative of one logarithm in another.
    Elasticity,
}

impl Unit {
    /// In words; a level is said in the benchmark's unit where that is known.
    pub fn words(self, benchmark: Option<&str>) -> &str {
        match self {
            Unit::Percent => "percent",
            Unit::Points => "percentage points",
            Unit::Fraction => "fraction",
            Unit::Level => benchmark.unwrap_or("benchmark's unit"),
            Unit::Elasticity => "log over log",
        }
    }
}

/// Which direction is better for the economy whose number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More of it.
    More,
    /// Less of it.
    Less,
    /// Neither by itself.
    Neither,
}

impl Better {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Better::More => "more",
            Better::Less => "less",
            Better::Neither => "neither",
        }
    }
}

/// Where a number comes from, which with the closure makes its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The baseline's level.
    Baseline,
    /// Solved for.
    Solved,
    /// The baseline's aggregate deficit: set by the closure, unless it moves with income.
    DeficitBefore,
    /// The aggregate deficit: set by the closure, unless it moves with income.
    Deficit,
    /// A share of final use: set where the question shifts final use.
    FinalUse,
    /// An input of the question.
    Input,
}

/// Where a number stands under a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `economies.csv`, and the economies of `--format json`.
    Economies,
    /// `bands.csv`, and `bands` of `--format json`.
    Bands,
    /// `brief --format json` and `--format csv`.
    Brief,
}

impl Place {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Place::Economies => "`economies.csv`",
            Place::Bands => "`bands.csv`",
            Place::Brief => "`brief`",
        }
    }
}

impl OutcomeEntry {
    /// The key under which it stands at a place: an alias where there is one, else its name.
    pub fn key(&self, place: Place) -> &'static str {
        self.aliases.iter().find(|(at, _)| *at == place).map_or(self.id, |(_, key)| key)
    }

    /// How it came about at a horizon. `shifts_final_use`: whether the question itself moves final use between sectors.
    pub fn tag(&self, horizon: Horizon, closure: &Closure, shifts_final_use: bool) -> Tag {
        if horizon == Horizon::FirstYear {
            return Tag::Accounting; // Within a year every number is an identity over data and stated elasticities.
        }
        let deficits_are_set = !closure.deficits.follow_gdp();
        match self.origin {
            Origin::Input => Tag::Assumed,
            Origin::DeficitBefore | Origin::Deficit if deficits_are_set => Tag::Assumed,
            Origin::FinalUse if shifts_final_use => Tag::Assumed,
            Origin::Baseline | Origin::DeficitBefore => Tag::Accounting,
            Origin::Solved | Origin::Deficit | Origin::FinalUse => Tag::Model,
        }
    }

    /// An entry solved for, with its label also at the head of narrow columns and neither direction better.
    pub(super) const fn new(
        id: &'static str,
        label: &'static str,
        unit: Unit,
        formula: &'static str,
    ) -> Self {
        Self {
            id,
            aliases: &[],
            label,
            short: label,
            unit,
            better: Better::Neither,
            formula,
            origin: Origin::Solved,
            equilibrium: None,
            sector: None,
            first_year: None,
            objective: None,
        }
    }

    pub(super) const fn under(mut self, aliases: &'static [(Place, &'static str)]) -> Self {
        self.aliases = aliases;
        self
    }

    pub(super) const fn short(mut self, short: &'static str) -> Self {
        self.short = short;
        self
    }

    pub(super) const fn better(mut self, better: Better) -> Self {
        self.better = better;
        self
    }

    pub(super) const fn from(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    pub(super) const fn solved(mut self, read: fn(&EconomyOutcome) -> Option<f64>) -> Self {
        self.equilibrium = Some(read);
        self
    }

    pub(super) const fn of_sector(mut self, read: fn(&SectorOutcome) -> Option<f64>) -> Self {
        self.sector = Some(read);
        self
    }

    pub(super) const fn accounted(mut self, read: fn(&FirstYearAccounts) -> Option<f64>) -> Self {
        self.first_year = Some(read);
        self
    }

    pub(super) const fn differentiated(mut self, word: &'static str, outcome: Outcome) -> Self {
        self.objective = Some((word, None, outcome));
        self
    }

    pub(super) const fn once_called(mut self, old: &'static str) -> Self {
        if let Some((word, _, outcome)) = self.objective {
            self.objective = Some((word, Some(old), outcome));
        }
        self
    }
}
