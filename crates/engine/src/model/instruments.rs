//! Instruments: what policy sets, as arrays on the benchmark's cells. All are levels or hats relative to the data.

use std::sync::Arc;

use crate::model::benchmark::Benchmark;

/// Owner of the rent that a quantity limit creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RentOwner {
    /// The exporting economy.
    Exporter,
    /// The importing economy.
    Importer,
    /// Nobody: the wedge is a real cost.
    None,
}

/// What a quantity limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitMeasure {
    /// Border value, in benchmark units at world GDP.
    Value,
    /// Value at baseline unit cost.
    Volume,
}

/// A cap or a floor on the sum of some flows, with one wedge.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Cells of N·N·S whose sum is limited.
    pub cells: Vec<usize>,
    /// Floor, if any.
    pub min: Option<f64>,
    /// Cap, if any.
    pub max: Option<f64>,
    /// Value or volume.
    pub measure: LimitMeasure,
    /// Who owns the rent.
    pub rent: RentOwner,
}

/// A shift of final demand within an economy, as a share of GDP.
#[derive(Clone, Debug, PartialEq)]
pub struct FinalDemandShift {
    /// Economy.
    pub economy: usize,
    /// Change of final use by sector, N = S entries, fractions of baseline income; sums to zero.
    pub shift: Vec<f64>,
    /// The same by use and sector, 3·S entries in the order of [`FinalUse::ALL`](crate::benchmark::FinalUse::ALL), summing over uses
    /// to `shift`; empty: each sector's uses move in proportion.
    pub by_use: Vec<f64>,
}

/// All instruments of one equilibrium.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instruments {
    /// t'\[n,i,s\], N·N·S: import tariff rates (levels, fractions; above −1).
    pub tariff_rate: Vec<f64>,
    /// e'\[n,i,s\], N·N·S: export tax rates (levels); empty means none anywhere.
    pub export_tax_rate: Vec<f64>,
    /// d̂\[n,i,s\], N·N·S: iceberg cost hats; empty means one everywhere.
    pub trade_cost_hat: Vec<f64>,
    /// Â\[i,s\], N·S; empty means one.
    pub productivity_hat: Vec<f64>,
    /// L̂\[i\], N; empty means one.
    pub endowment_hat: Vec<f64>,
    /// K̂\[i,s\], N·S, under specific factors; empty means one.
    pub capital_hat: Vec<f64>,
    /// Owner of the return to the added capital, by pair; empty: the host economy.
    pub capital_owner: Vec<usize>,
    /// Deficit levels D\[n\] in world-GDP units where they replace the closure's own; `None` entries keep the rule.
    pub trade_deficit: Vec<Option<f64>>,
    /// Caps and floors.
    pub limits: Vec<Limit>,
    /// Shifts of final demand.
    pub final_demand_shifts: Vec<FinalDemandShift>,
}

impl Instruments {
    /// The instruments of the data: the benchmark's tariffs, nothing else.
    ///
    /// ```
    /// use detente_engine::benchmark::Benchmark;
    /// use detente_engine::instruments::Instruments;
    ///
    /// let benchmark = Benchmark::example();
    /// let mut instruments = Instruments::of(&benchmark);
    /// assert_eq!(instruments.tariff_rate, benchmark.tariff_rate, "nothing is changed yet");
    /// instruments.tariff_rate[benchmark.dimensions().cell(0, 1, 1)] += 0.10;
    /// ```
    pub fn of(benchmark: &Benchmark) -> Self {
        Self {
            tariff_rate: benchmark.tariff_rate.clone(),
            export_tax_rate: Vec::new(),
            trade_cost_hat: Vec::new(),
            productivity_hat: Vec::new(),
            endowment_hat: Vec::new(),
            capital_hat: Vec::new(),
            capital_owner: Vec::new(),
            trade_deficit: vec![None; benchmark.economies.len()],
            limits: Vec::new(),
            final_demand_shifts: Vec::new(),
        }
    }
}

impl From<&Instruments> for Arc<Instruments> {
    /// A copy.
    fn from(instruments: &Instruments) -> Self {
        Self::new(instruments.clone())
    }
}

impl From<&&Instruments> for Arc<Instruments> {
    /// A copy.
    fn from(instruments: &&Instruments) -> Self {
        Self::new(Instruments::clone(instruments))
    }
}
