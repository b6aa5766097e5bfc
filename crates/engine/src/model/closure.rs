//! Closures: each published model is a setting here, not a separate program (equations: `docs/concepts/closures.md`; deficits: `deficits.rs`).

pub use super::deficits::Deficits;
pub use super::input_substitution::ByUsingSector;

use super::capital::Capital;

/// How firms compete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MarketStructure {
    /// Eaton & Kortum 2002; Caliendo & Parro 2015.
    #[default]
    Perfect,
    /// Monopolistic competition with free entry.
    Krugman,
    /// Heterogeneous firms, Pareto.
    Melitz,
    /// Ossa 2014: a fixed number of firms, so that profits are positive.
    FixedEntry,
}

/// Who can move between sectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum FactorMarket {
    /// One wage per economy.
    #[default]
    Mobile,
    /// Galle, Rodríguez-Clare & Yi 2023.
    Roy,
    /// Mobile labour, capital fixed to its sector.
    Specific,
}

/// Whether hours respond to the real wage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LabourSupply {
    /// Fixed.
    #[default]
    Fixed,
    /// `L̂ = (ŵ/P̂)^φ`, no income effect.
    Elastic,
}

/// Demand across sectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Demand {
    /// Constant expenditure shares.
    #[default]
    CobbDouglas,
    /// Constant elasticity across sectors.
    Ces,
}

/// Whether sectors buy from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Intermediates {
    /// Input-output links from the benchmark.
    #[default]
    InputOutput,
    /// None: γ = 1 and final use is all spending.
    None,
}

/// What tariff revenue is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Revenue {
    /// Paid to the representative consumer.
    #[default]
    Rebated,
    /// Lost.
    Wasted,
    /// Replaces income tax (Liberation Day).
    IncomeTaxRelief,
}

/// What is held fixed in nominal terms. Changes no real number.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Numeraire {
    /// World factor income.
    #[default]
    WorldGdp,
    /// The wage of the economy with this code.
    Wage(String),
    /// The spending-weighted mean of price indices.
    WorldPrices,
}

/// The base of the welfare change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum WelfareBase {
    /// Equivalent variation over baseline income.
    #[default]
    Income,
    /// Utility (Liberation Day).
    Utility,
}

/// What to do where the profit share would leave nothing for factors under `fixed-entry`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum FixedEntryProfit {
    /// Refuse, naming the cells.
    #[default]
    Refuse,
    /// `ω = min(1/(1+θ), γ/2)`.
    Cap,
}

/// All settings of the model. Parameters that no data give have no silent default: `None` is refused where needed.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Closure {
    /// How firms compete.
    pub market_structure: MarketStructure,
    /// Who can move between sectors.
    pub factor_market: FactorMarket,
    /// Whether hours respond.
    pub labour_supply: LabourSupply,
    /// What deficits do.
    pub deficits: Deficits,
    /// Demand across sectors.
    pub demand: Demand,
    /// Input-output links.
    pub intermediates: Intermediates,
    /// Use of tariff revenue.
    pub revenue: Revenue,
    /// Nominal anchor.
    pub numeraire: Numeraire,
    /// Base of the welfare change.
    pub welfare_base: WelfareBase,
    /// Rule for thin value added under `fixed-entry`.
    pub fixed_entry_profit: FixedEntryProfit,
    /// κ > 1 of the Roy model; literature 1.5 to 3.
    pub roy_shape: Option<f64>,
    /// φ ≥ 0 of elastic labour supply; literature 0.2 to 1.
    pub labour_supply_elasticity: Option<f64>,
    /// Elasticity across sectors under `ces`; literature 0.2 to 1.5.
    pub demand_elasticity: Option<f64>,
    /// Capital's share of value added where the benchmark has none; literature 0.3 to 0.5.
    pub capital_share: Option<f64>,
    /// ψ ≥ 0 of every sector under `krugman`, instead of the benchmark's; 0.05 to 0.25 in the literature, as we recall.
    pub scale_elasticity: Option<f64>,
    /// ψθ ≥ 0 of every sector under `krugman`, instead of the benchmark's ψ; one is Krugman 1980, zero `perfect`.
    pub scale_times_trade_elasticity: Option<f64>,
    /// σ > 1 of every sector under `melitz`, instead of the benchmark's.
    pub elasticity_of_substitution: Option<f64>,
    /// θ/(σ−1) ≥ 1 of every sector under `melitz`, the Pareto tail of firms' sales; 1.05 to 2.5 in the literature, as we recall, one is
    /// `krugman`.
    pub firm_size_tail: Option<f64>,
    /// Deficits and limits are read in numeraire units instead of world-GDP units.
    pub deficit_unit_is_numeraire: bool,
    /// Whether the benchmark's local selling-cost shares are used.
    pub local_selling_costs: bool,
    /// Whether capital is as it is or has been built until its return is what it was.
    pub capital: Capital,
    /// η ≥ 0 by using sector: the elasticity of substitution between inputs. One is Cobb-Douglas; 0.03 to 0.2 in the literature.
    pub input_elasticity: ByUsingSector,
    /// ε ≥ 0 by using sector: the elasticity of substitution between value added and all inputs; 0.05 to 0.5 in the literature.
    pub value_added_elasticity: ByUsingSector,
}

impl Closure {
    /// Whether equilibria under both can be compared: all but the treatment of deficits and units is the same.
    ///
    /// ```
    /// use detente_engine::closure::{Closure, Deficits, MarketStructure};
    ///
    /// let plain = Closure::default();
    /// assert!(plain.is_same_model(&Closure { deficits: Deficits::Zero, ..Closure::default() }));
    /// assert!(!plain.is_same_model(&Closure { market_structure: MarketStructure::Krugman, ..Closure::default() }));
    /// ```
    pub fn is_same_model(&self, other: &Self) -> bool {
        let same_units = Self {
            deficits: other.deficits,
            deficit_unit_is_numeraire: other.deficit_unit_is_numeraire,
            numeraire: other.numeraire.clone(),
            ..self.clone()
        };
        same_units == *other
    }
}
