//! The observed economy that the model is calibrated to, as read: no hats, no derived shares.

mod example;
mod final_use;

use std::sync::Arc;

use crate::index::Dimensions;
pub use final_use::FinalUse;

/// Kind of a sector, as `sectors.csv` of a benchmark directory names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SectorKind {
    /// Agriculture, forestry, fishing.
    Agriculture,
    /// Mining and extraction.
    Mining,
    /// Manufacturing.
    Manufacturing,
    /// Services, construction and utilities.
    Services,
}

/// An economy of the benchmark.
#[derive(Clone, Debug, PartialEq)]
pub struct Economy {
    /// The benchmark's own code, matched exactly.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// ISO 3166 alpha-3 codes of the members, so that ledgers find their parties; may be empty.
    pub members: Vec<String>,
}

/// A sector of the benchmark.
#[derive(Clone, Debug, PartialEq)]
pub struct Sector {
    /// The benchmark's own code, matched exactly.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// What kind of sector it is.
    pub kind: SectorKind,
    /// Trade elasticity θ > 0; Armington: σ − 1.
    pub trade_elasticity: f64,
    /// Elasticity of substitution σ between varieties, needed under `melitz`.
    pub elasticity_of_substitution: Option<f64>,
    /// Scale elasticity ψ; default under `krugman` is 1/θ.
    pub scale_elasticity: Option<f64>,
    /// Exponent of the tariff factor in shares where it differs from θ (Liberation Day: θ·φ).
    pub tariff_elasticity: Option<f64>,
}

/// Final use by category within a cell: only the split counts, it is rescaled to the residual use.
#[derive(Clone, Debug, PartialEq)]
pub struct FinalDemand {
    /// Names of the categories, for instance household, government, investment.
    pub categories: Vec<String>,
    /// One N·S array per category, benchmark unit.
    pub value: Vec<Vec<f64>>,
}

/// The observed economy. Arrays are laid out as [`Dimensions`] says; values in the benchmark's unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Benchmark {
    /// Name of the benchmark.
    pub name: String,
    /// Unit of values, for instance "million USD".
    pub unit: String,
    /// Where the data come from.
    pub source: String,
    /// Terms of the data.
    pub licence: String,
    /// Year of the data, if given.
    pub year: Option<i32>,
    /// The economies, in file order.
    pub economies: Vec<Economy>,
    /// The sectors, in file order.
    pub sectors: Vec<Sector>,
    /// M\[n,i,s\], N·N·S: border value of imports before the importer's tariff, home sales included.
    pub border_value: Vec<f64>,
    /// t\[n,i,s\], N·N·S: ad valorem import tariff, a fraction.
    pub tariff_rate: Vec<f64>,
    /// Whether a tariff table was given; if not, free trade is assumed and said so.
    pub tariffs_given: bool,
    /// γ\[i,s\], N·S: value added as a share of gross output.
    pub value_added_share: Vec<f64>,
    /// Value added as published, N, where that differs by rounding from shares times output; else what those say. Wages are
    /// measured against it.
    pub value_added: Option<Vec<f64>>,
    /// γ\[i,k→s\], N·S·S (`Dimensions::input(economy, using, input)`): input shares of gross output; none: no intermediates.
    pub input_share: Option<Vec<f64>>,
    /// Final-use shares α\[n,s\], N·S, summing to one over sectors; where none, final use is the residual.
    pub final_share: Option<Vec<f64>>,
    /// Split of final use over categories, where known.
    pub final_demand: Option<FinalDemand>,
    /// D\[n\]: imports less exports at border values, where given; else from the flows.
    pub trade_deficit: Option<Vec<f64>>,
    /// Political weights λ\[n,s\], N·S; one where absent.
    pub political_weight: Option<Vec<f64>>,
    /// Capital's share of value added, N·S, for specific factors.
    pub capital_share: Option<Vec<f64>>,
    /// Share of an importer's spending paid to local labour for selling, N.
    pub local_cost_share: Option<Vec<f64>>,
}

impl Benchmark {
    /// Number of economies and sectors.
    ///
    /// ```
    /// use detente_engine::benchmark::Benchmark;
    ///
    /// let d = Benchmark::example().dimensions();
    /// assert_eq!((d.economies, d.sectors), (2, 2));
    /// ```
    pub fn dimensions(&self) -> Dimensions {
        Dimensions { economies: self.economies.len(), sectors: self.sectors.len() }
    }

    /// Position of the economy with this code.
    ///
    /// ```
    /// use detente_engine::benchmark::Benchmark;
    ///
    /// assert_eq!(Benchmark::example().economy("SOU"), Some(1));
    /// assert_eq!(Benchmark::example().economy("sou"), None, "codes are matched exactly");
    /// ```
    pub fn economy(&self, code: &str) -> Option<usize> {
        self.economies.iter().position(|economy| economy.code == code)
    }

    /// Position of the economy that has this code or lists it among its members (ISO codes of ledgers).
    ///
    /// ```
    /// use detente_engine::benchmark::Benchmark;
    ///
    /// assert_eq!(Benchmark::example().economy_of_member("NOR"), Some(0));
    /// ```
    pub fn economy_of_member(&self, iso: &str) -> Option<usize> {
        self.economy(iso)
            .or_else(|| self.economies.iter().position(|economy| economy.members.iter().any(|m| m == iso)))
    }

    /// Position of the sector with this code.
    ///
    /// ```
    /// use detente_engine::benchmark::Benchmark;
    ///
    /// assert_eq!(Benchmark::example().sector("steel"), Some(1));
    /// ```
    pub fn sector(&self, code: &str) -> Option<usize> {
        self.sectors.iter().position(|sector| sector.code == code)
    }
}

impl From<&Benchmark> for Arc<Benchmark> {
    /// A copy.
    fn from(benchmark: &Benchmark) -> Self {
        Self::new(benchmark.clone())
    }
}
