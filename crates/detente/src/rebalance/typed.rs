//! `TARGETS.toml` and files of levers as they were typed, nothing resolved.

use serde::Deserialize;
use toml::Spanned;

use crate::scenario::typed::{Names, TypedClosure};

/// A question: targets, levers, a cost; or targets and a swap.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypedTargets {
    /// Name for people.
    pub name: Option<String>,
    /// Settings, as in a scenario.
    #[serde(default)]
    pub closure: TypedClosure,
    /// A ledger whose tariffs on a day levers start from.
    pub ledger: Option<Spanned<String>>,
    /// The day.
    pub on: Option<Spanned<toml::Value>>,
    /// What is minimised; effort alone where absent.
    pub cost: Option<Spanned<TypedCost>>,
    /// Targets.
    #[serde(default)]
    pub target: Vec<Spanned<TypedTarget>>,
    /// Levers within bounds.
    #[serde(default)]
    pub lever: Vec<Spanned<TypedLever>>,
    /// As many levers as targets, free.
    #[serde(default)]
    pub swap: Vec<Spanned<TypedLever>>,
}

/// A file of levers for `levers --levers`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypedLevers {
    /// What goods of economies are called in names; only in our own file.
    #[serde(default)]
    pub called: std::collections::BTreeMap<String, String>,
    /// Levers.
    #[serde(default)]
    pub lever: Vec<Spanned<TypedLever>>,
}

/// `cost`.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum TypedCost {
    /// `"effort"`.
    Word(String),
    /// Whose welfare.
    Welfare(TypedWelfareCost),
}

/// `cost = { welfare = "USA", saving = 1.0 }` or `{ joint = [..], weights = "income" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypedWelfareCost {
    /// One economy.
    pub welfare: Option<String>,
    /// Several together.
    pub joint: Option<Vec<String>>,
    /// `income`: by final spending; `equal`.
    pub weights: Option<String>,
    /// What a unit saved counts beside a unit spent; one where absent.
    pub saving: Option<f64>,
}

/// `[[target]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypedTarget {
    /// Name of the dial.
    pub dial: Spanned<String>,
    /// Whose.
    pub economy: Spanned<String>,
    /// With whom.
    pub partner: Option<Spanned<String>>,
    /// To be met exactly.
    pub equal: Option<TypedLevel>,
    /// At least.
    pub at_least: Option<TypedLevel>,
    /// At most.
    pub at_most: Option<TypedLevel>,
}

/// A level in one of three ways.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypedLevel {
    /// Added to the dial at the start.
    pub change: Option<f64>,
    /// Times the dial at the start.
    pub factor: Option<f64>,
    /// Itself.
    pub level: Option<f64>,
}

/// `[[lever]]`: which keys are needed depends on its kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypedLever {
    /// Name for people.
    pub name: Option<String>,
    /// `tariff`, `export_tax`, `output_subsidy`, `trade_cost`, `saving`, `final_demand`, `productivity`, `capital`.
    pub kind: Spanned<String>,
    /// Importers.
    pub importer: Option<Spanned<Names>>,
    /// Exporters.
    pub exporter: Option<Spanned<Names>>,
    /// Economies.
    pub economy: Option<Spanned<Names>>,
    /// Sectors, by code or kind; all where absent.
    pub sector: Option<Spanned<Names>>,
    /// `one-rate` (where absent), `sector`, `partner`, `sector-and-partner`.
    pub by: Option<Spanned<String>>,
    /// Who bears a change of saving.
    pub spent_by: Option<Spanned<String>>,
    /// Who spends less.
    pub from: Option<Spanned<String>>,
    /// Who spends more.
    pub to: Option<Spanned<String>>,
    /// Owner of added capital.
    pub owner: Option<Spanned<String>>,
    /// Said of a lever that is no policy.
    pub condition: Option<bool>,
    /// Bounds of a factor: on 1 + t of a tariff, on a cost, on productivity or capital.
    pub factor: Option<Spanned<[f64; 2]>>,
    /// Bounds of points added to a rate.
    pub add: Option<Spanned<[f64; 2]>>,
    /// Bounds of a subsidy: what makers receive over what buyers pay, less one.
    pub rate: Option<Spanned<[f64; 2]>>,
    /// Bounds of the logarithm of a cost.
    pub ln_cost: Option<Spanned<[f64; 2]>>,
    /// Bounds of a change of the deficit.
    pub deficit_share_of_gdp: Option<Spanned<[f64; 2]>>,
    /// Bounds of a shift of final demand.
    pub share_of_gdp: Option<Spanned<[f64; 2]>>,
    /// Cost per unit.
    pub cost: Option<f64>,
    /// Half of it times the square is a further cost.
    pub curvature: Option<f64>,
    /// For `levers`: a unit, with its sign.
    pub unit: Option<f64>,
    /// For `levers`: the size that is meant.
    pub large: Option<f64>,
}
