//! A scenario as it was typed: the keys of the TOML file, nothing resolved. What it means is [`meant`](super::meant).

use std::fmt;

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// One or several codes, a kind, or "all".
#[derive(Clone, Debug, PartialEq)]
pub struct Names(pub Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrSeveral;
        impl<'de> Visitor<'de> for OneOrSeveral {
            type Value = Names;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a code, a list of codes, or \"all\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Names, E> {
                Ok(Names(vec![text.to_string()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = sequence.next_element::<String>()? {
                    names.push(name);
                }
                Ok(Names(names))
            }
        }
        deserializer.deserialize_any(OneOrSeveral)
    }
}

/// One code is written as text, several as a list.
impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [name] = &self.0[..] {
            return serializer.serialize_str(name);
        }
        let mut sequence = serializer.serialize_seq(Some(self.0.len()))?;
        for name in &self.0 {
            sequence.serialize_element(name)?;
        }
        sequence.end()
    }
}

impl From<&str> for Names {
    fn from(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }
}

impl<const N: usize> From<[&str; N]> for Names {
    fn from(names: [&str; N]) -> Self {
        Self(names.iter().map(|name| (*name).to_owned()).collect())
    }
}

impl From<Vec<String>> for Names {
    fn from(names: Vec<String>) -> Self {
        Self(names)
    }
}

/// A setting that may differ by using sector: `0.1`, or `{ MVH = 0.05, manufacturing = 0.2, all = 1 }`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged, expecting = "a number, or a table of sectors with a number each, { MVH = 0.05, all = 1 }")]
pub enum TypedByUsingSector {
    /// The same in every using sector.
    All(f64),
    /// By sector code or kind; `all` is the rest.
    Named(std::collections::BTreeMap<String, f64>),
}

/// Declares a table with the keys of `[closure]` and further keys of its own.
macro_rules! with_closure_keys {
    ($(#[$attribute:meta])* $name:ident { $($(#[$field_attribute:meta])* $field:ident : $kind:ty,)* }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// `perfect`, `krugman`, `melitz`, `fixed-entry`.
            pub market_structure: Option<Spanned<String>>,
            /// `mobile`, `roy`, `specific`.
            pub factor_market: Option<Spanned<String>>,
            /// `fixed`, `elastic`.
            pub labour_supply: Option<Spanned<String>>,
            /// `fixed`, `zero`, `share-of-gdp`, `path`.
            pub deficits: Option<Spanned<String>>,
            /// `cobb-douglas`, `ces`.
            pub demand: Option<Spanned<String>>,
            /// `input-output`, `none`.
            pub intermediates: Option<Spanned<String>>,
            /// `rebated`, `wasted`, `income-tax-relief`.
            pub revenue: Option<Spanned<String>>,
            /// `world-gdp`, `wage:CODE`, `world-prices`.
            pub numeraire: Option<Spanned<String>>,
            /// `income`, `utility`.
            pub welfare_base: Option<Spanned<String>>,
            /// `refuse`, `cap`.
            pub fixed_entry_profit: Option<Spanned<String>>,
            /// `world-gdp`, `numeraire`.
            pub deficit_unit: Option<Spanned<String>>,
            /// `long`, `first-year`, or `{ years = 3 }` with the `path` by which buyers find other origins.
            pub horizon: Option<Spanned<toml::Value>>,
            /// κ of the Roy model.
            pub roy_shape: Option<f64>,
            /// φ of elastic labour supply.
            pub labour_supply_elasticity: Option<f64>,
            /// Elasticity across sectors under `ces`.
            pub demand_elasticity: Option<f64>,
            /// Capital's share of value added where the benchmark has none.
            pub capital_share: Option<f64>,
            /// ψ of every sector under `krugman`.
            pub scale_elasticity: Option<f64>,
            /// ψθ of every sector under `krugman`.
            pub scale_times_trade_elasticity: Option<f64>,
            /// σ of every sector under `melitz`.
            pub elasticity_of_substitution: Option<f64>,
            /// θ/(σ−1) of every sector under `melitz`.
            pub firm_size_tail: Option<f64>,
            /// Elasticity of substitution between inputs, by using sector.
            pub input_elasticity: Option<TypedByUsingSector>,
            /// Elasticity of substitution between value added and inputs, by using sector.
            pub value_added_elasticity: Option<TypedByUsingSector>,
            /// Whether the benchmark's local selling costs are used.
            pub local_selling_costs: Option<bool>,
            $($(#[$field_attribute])* pub $field: $kind,)*
        }
    };
}

with_closure_keys! {
    /// `[closure]`.
    TypedClosure {
        /// `fixed`, `steady`.
        capital: Option<Spanned<String>>,
    }
}

with_closure_keys! {
    /// `[baseline]`: the keys of `[closure]`, and its own shocks.
    TypedBaseline {
        /// `[[baseline.tariff]]`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tariff: Vec<Spanned<TypedRate>>,
        /// `[[baseline.export_tax]]`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        export_tax: Vec<Spanned<TypedRate>>,
        /// `[[baseline.output_subsidy]]`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        output_subsidy: Vec<Spanned<TypedOutputSubsidy>>,
        /// `[[baseline.trade_cost]]`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        trade_cost: Vec<Spanned<TypedFactor>>,
        /// `[[baseline.productivity]]`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        productivity: Vec<Spanned<TypedFactor>>,
        /// `[[baseline.endowment]]`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        endowment: Vec<Spanned<TypedFactor>>,
        /// `[[baseline.capital]]`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        capital: Vec<Spanned<TypedFactor>>,
        /// `[[baseline.deficit]]`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        deficit: Vec<Spanned<TypedDeficit>>,
        /// `[[baseline.limit]]`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        limit: Vec<Spanned<TypedLimit>>,
        /// `[[baseline.final_demand]]`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        final_demand: Vec<Spanned<TypedFinalDemand>>,
        /// A ledger whose tariffs on a day the baseline has.
        ledger: Option<Spanned<String>>,
        /// The day.
        on: Option<Spanned<toml::Value>>,
        /// The framework instead of the day.
        framework: Option<Spanned<String>>,
        /// The day whose knowledge counts.
        known_on: Option<Spanned<toml::Value>>,
        /// How steps of the ledger reach the model: `collected` or `statute`.
        basis: Option<Spanned<String>>,
        /// Duties on everybody else: `none`, `day` or a date.
        others: Option<Spanned<toml::Value>>,
    }
}

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TypedScenario {
    /// Name for people.
    pub name: Option<String>,
    /// One sentence that says what it is.
    pub sentence: Option<String>,
    /// What the counterfactual is compared with.
    pub baseline: Option<TypedBaseline>,
    /// Trade elasticities other than the benchmark's: the name of a set, or a file of that form (`….toml`) below the scenario's folder.
    pub trade_elasticities: Option<Spanned<String>>,
    /// Settings.
    #[serde(default)]
    pub closure: TypedClosure,
    /// Import tariffs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tariff: Vec<Spanned<TypedRate>>,
    /// Export taxes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub export_tax: Vec<Spanned<TypedRate>>,
    /// Output subsidies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub output_subsidy: Vec<Spanned<TypedOutputSubsidy>>,
    /// Iceberg trade costs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trade_cost: Vec<Spanned<TypedFactor>>,
    /// Productivity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub productivity: Vec<Spanned<TypedFactor>>,
    /// Endowments of labour.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endowment: Vec<Spanned<TypedFactor>>,
    /// Sector capital.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capital: Vec<Spanned<TypedFactor>>,
    /// Deficits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deficit: Vec<Spanned<TypedDeficit>>,
    /// Caps and floors on flows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limit: Vec<Spanned<TypedLimit>>,
    /// Shifts of final demand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub final_demand: Vec<Spanned<TypedFinalDemand>>,
    /// A ledger whose tariffs on a day the counterfactual has.
    pub ledger: Option<Spanned<String>>,
    /// The day.
    pub on: Option<Spanned<toml::Value>>,
    /// The framework instead of the day: the day its measures took effect.
    pub framework: Option<Spanned<String>>,
    /// The day whose knowledge counts; `on` unless said otherwise.
    pub known_on: Option<Spanned<toml::Value>>,
    /// How steps of the ledger reach the model: `collected` (times the measured share that is collected) or `statute`.
    pub basis: Option<Spanned<String>>,
    /// Duties on everybody else: `none` (the benchmark's own), `day` (the record's of the same day) or the date whose they are.
    pub others: Option<Spanned<toml::Value>>,
}

/// `[[tariff]]`, `[[export_tax]]`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TypedRate {
    /// Importers.
    pub importer: Option<Spanned<Names>>,
    /// Exporters.
    pub exporter: Option<Spanned<Names>>,
    /// Sectors; all where absent.
    pub sector: Option<Spanned<Names>>,
    /// The rate, a fraction.
    pub set: Option<Spanned<f64>>,
    /// Points added, a fraction.
    pub add: Option<Spanned<f64>>,
    /// Factor on the rate itself.
    pub multiply: Option<Spanned<f64>>,
    /// Table `exporter,importer,sector,rate`.
    pub file: Option<Spanned<String>>,
}

/// `[[output_subsidy]]`: a share of what makers receive, wherever they sell, paid by the treasury; a negative export tax on all destinations and
/// at home.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TypedOutputSubsidy {
    /// Economies whose makers are paid.
    pub economy: Spanned<Names>,
    /// Sectors; all where absent.
    pub sector: Option<Spanned<Names>>,
    /// The rate, a fraction of output.
    pub rate: Spanned<f64>,
}

/// `[[trade_cost]]`, `[[productivity]]`, `[[endowment]]`, `[[capital]]`: which keys are needed depends on which it is.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TypedFactor {
    /// Importers, of a trade cost.
    pub importer: Option<Spanned<Names>>,
    /// Exporters, of a trade cost.
    pub exporter: Option<Spanned<Names>>,
    /// Economies, of the others.
    pub economy: Option<Spanned<Names>>,
    /// Sectors; all where absent.
    pub sector: Option<Spanned<Names>>,
    /// New over old.
    pub factor: Spanned<f64>,
    /// Owner of added capital.
    pub owner: Option<Spanned<String>>,
}

/// `[[deficit]]`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TypedDeficit {
    /// Economies.
    pub economy: Spanned<Names>,
    /// Level in the benchmark's unit.
    pub set: Option<Spanned<f64>>,
    /// Factor on the baseline's level.
    pub factor: Option<Spanned<f64>>,
}

/// `[[limit]]`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TypedLimit {
    /// Exporters.
    pub exporter: Spanned<Names>,
    /// Importers.
    pub importer: Spanned<Names>,
    /// Sectors; all where absent.
    pub sector: Option<Spanned<Names>>,
    /// Floor.
    pub min: Option<Spanned<f64>>,
    /// Cap.
    pub max: Option<Spanned<f64>>,
    /// `value` or `volume`.
    pub of: Option<Spanned<String>>,
    /// The product that the measure is about, where it is less than its sector.
    pub product: Option<Spanned<String>>,
    /// Trade in that product on these flows, benchmark unit.
    pub product_value: Option<Spanned<f64>>,
    /// `exporter`, `importer` or `none`.
    pub rent: Option<Spanned<String>>,
    /// One wedge per cell instead of one on the sum.
    pub each: Option<bool>,
}

/// `[[final_demand]]`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TypedFinalDemand {
    /// Economies.
    pub economy: Spanned<Names>,
    /// Category, sector or kind that loses.
    pub from: Spanned<String>,
    /// Category, sector or kind that gains.
    pub to: Spanned<String>,
    /// How much, as a share of the economy's GDP in the baseline's data.
    pub share_of_gdp: Spanned<f64>,
}
