//! Sluggish sourcing: some years after a change only part of a good's buyers have found other origins.
//!
//! Every goods sector is laid out as two, in proportion λ and 1 − λ: buyers of the first choose between origins with the sector's own
//! elasticity, buyers of the second keep the quantities that they bought (an elasticity of substitution of zero, θ = −1 in the equations).
//! A split in proportion changes nothing by itself, so that λ = 1 is the model as it was and a smaller λ is the same economy earlier. What
//! is solved is put together again: to everybody else there are as many sectors as before.

use super::benchmark::{Benchmark, FinalUse, SectorKind};
use super::closure::{Closure, Demand, FactorMarket, MarketStructure};
use super::instruments::{FinalDemandShift, Instruments, Limit};
use crate::error::EngineError;
use crate::index::Dimensions;

/// θ of those who keep their quantities.
pub(crate) const KEEPS_QUANTITIES: f64 = -1.0;

/// A part of a sector.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    sector: usize,
    share: f64,
    switches: bool,
}

/// How sectors are laid out as buyers who switch and buyers who do not.
#[derive(Clone, Debug, PartialEq)]
pub struct SluggishSourcing {
    dimensions: Dimensions,
    parts: Vec<Part>,
}

impl SluggishSourcing {
    /// The layout in which a share of the buyers of goods is free to switch; none where all are, since nothing is left to lay out.
    ///
    /// # Errors
    /// A share that is none, and closures for which two halves of a sector are not the sector: economies of scale, substitution between
    /// sectors, workers who choose among sectors, selling costs at home.
    pub fn new(benchmark: &Benchmark, closure: &Closure, free: f64) -> Result<Option<Self>, EngineError> {
        if !(0.0..=1.0).contains(&free) {
            return Err(EngineError::Domain {
                what: "share of buyers free to switch",
                place: String::new(),
                found: free,
                rule: "it is from zero to one",
            });
        }
        let refused = |other: &str| {
            let reason = format!("a horizon in years lays every goods sector out as two; {other}");
            Err(EngineError::Refused { setting: "horizon", reason })
        };
        if closure.market_structure != MarketStructure::Perfect {
            return refused("under `market_structure` other than \"perfect\" two halves are not the whole");
        }
        if closure.demand == Demand::Ces {
            return refused("under `demand = \"ces\"` the halves would replace each other");
        }
        if !(closure.input_elasticity.is_cobb_douglas() && closure.value_added_elasticity.is_cobb_douglas()) {
            return refused(
                "inputs that substitute (`input_elasticity`, `value_added_elasticity`) would replace one half by the other",
            );
        }
        if closure.factor_market == FactorMarket::Roy {
            return refused("under `factor_market = \"roy\"` people would choose between the halves");
        }
        if closure.local_selling_costs {
            return refused("`local_selling_costs` are not defined beside it");
        }
        if free == 1.0 {
            return Ok(None);
        }
        let dimensions = benchmark.dimensions();
        let goods = |sector: usize| benchmark.sectors[sector].kind != SectorKind::Services;
        let mut parts: Vec<Part> = (0..dimensions.sectors)
            .map(|sector| match (goods(sector), free > 0.0) {
                (false, _) => Part { sector, share: 1.0, switches: true },
                (true, true) => Part { sector, share: free, switches: true },
                (true, false) => Part { sector, share: 1.0, switches: false },
            })
            .collect();
        if free > 0.0 {
            let stuck = |sector| Part { sector, share: 1.0 - free, switches: false };
            parts.extend((0..dimensions.sectors).filter(|sector| goods(*sector)).map(stuck));
        }
        Ok(Some(Self { dimensions, parts }))
    }

    /// The parts of a sector, by their places in the layout, with their shares.
    pub(crate) fn of(&self, sector: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let parts = self.parts.iter().enumerate();
        parts.filter(move |(_, part)| part.sector == sector).map(|(place, part)| (place, part.share))
    }

    /// An array of `block` values a sector, given to every part whole.
    pub(crate) fn whole<T: Clone>(&self, values: &[T], block: usize) -> Vec<T> {
        if values.is_empty() {
            return Vec::new();
        }
        self.parts.iter().flat_map(|part| values[part.sector * block..][..block].iter().cloned()).collect()
    }

    /// The same shared out.
    pub(crate) fn shared_out(&self, values: &[f64], block: usize) -> Vec<f64> {
        let scaled = |part: &Part| {
            let share = part.share;
            values[part.sector * block..][..block].iter().map(move |value| share * value)
        };
        if values.is_empty() { Vec::new() } else { self.parts.iter().flat_map(scaled).collect() }
    }

    /// The parts of an array put together again, each weighed.
    pub(crate) fn together(&self, values: &[f64], block: usize, weight: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut out = vec![0.0; if values.is_empty() { 0 } else { self.dimensions.sectors * block }];
        for (part, values) in self.parts.iter().zip(values.chunks(block)) {
            let weight = weight(part.share);
            for (sum, value) in out[part.sector * block..].iter_mut().zip(values) {
                *sum += weight * value;
            }
        }
        out
    }

    /// The benchmark with its goods sectors laid out.
    pub(crate) fn benchmark(&self, benchmark: &Benchmark) -> Benchmark {
        let n = self.dimensions.economies;
        let sectors = self.parts.iter().map(|part| {
            let mut sector = benchmark.sectors[part.sector].clone();
            if !part.switches {
                let ratio = KEEPS_QUANTITIES / sector.trade_elasticity;
                sector.tariff_elasticity = sector.tariff_elasticity.map(|elasticity| ratio * elasticity);
                sector.trade_elasticity = KEEPS_QUANTITIES;
                sector.code += " kept";
                sector.name += ", of origins that are kept";
            }
            sector
        });
        // Every part uses inputs by its sector's recipe, each input shared out.
        let recipe = |input: &Vec<f64>| {
            let using = self.parts.iter().map(|part| &input[part.sector * self.dimensions.sectors * n..]);
            using.flat_map(|inputs| self.shared_out(&inputs[..self.dimensions.sectors * n], n)).collect()
        };
        let mut laid = benchmark.clone();
        laid.sectors = sectors.collect();
        laid.border_value = self.shared_out(&benchmark.border_value, n * n);
        laid.tariff_rate = self.whole(&benchmark.tariff_rate, n * n);
        laid.value_added_share = self.whole(&benchmark.value_added_share, n);
        laid.input_share = benchmark.input_share.as_ref().map(recipe);
        laid.final_share = benchmark.final_share.as_ref().map(|values| self.shared_out(values, n));
        if let Some(uses) = &mut laid.final_demand {
            uses.value.iter_mut().for_each(|values| *values = self.shared_out(values, n));
        }
        laid.political_weight = benchmark.political_weight.as_ref().map(|values| self.whole(values, n));
        laid.capital_share = benchmark.capital_share.as_ref().map(|values| self.whole(values, n));
        laid
    }

    /// Instruments on the layout: a measure meets every part of its sector.
    pub(crate) fn instruments(&self, instruments: &Instruments) -> Instruments {
        let n = self.dimensions.economies;
        let cells = |cells: &[usize]| {
            let place = |cell: &usize| (cell / (n * n), cell % (n * n));
            let laid = cells.iter().map(place).flat_map(|(sector, rest)| {
                self.of(sector).map(move |(part, _)| part * n * n + rest).collect::<Vec<_>>()
            });
            laid.collect()
        };
        let shift = |shift: &FinalDemandShift| {
            let uses = FinalUse::ALL.len();
            let by_use = if shift.by_use.is_empty() { 0 } else { uses };
            let sectors = self.dimensions.sectors;
            FinalDemandShift {
                economy: shift.economy,
                shift: self.shared_out(&shift.shift, 1),
                by_use: (0..by_use)
                    .flat_map(|by| self.shared_out(&shift.by_use[by * sectors..][..sectors], 1))
                    .collect(),
            }
        };
        Instruments {
            tariff_rate: self.whole(&instruments.tariff_rate, n * n),
            export_tax_rate: self.whole(&instruments.export_tax_rate, n * n),
            trade_cost_hat: self.whole(&instruments.trade_cost_hat, n * n),
            productivity_hat: self.whole(&instruments.productivity_hat, n),
            endowment_hat: instruments.endowment_hat.clone(),
            capital_hat: self.whole(&instruments.capital_hat, n),
            capital_owner: self.whole(&instruments.capital_owner, n),
            trade_deficit: instruments.trade_deficit.clone(),
            limits: instruments
                .limits
                .iter()
                .map(|limit| Limit { cells: cells(&limit.cells), ..limit.clone() })
                .collect(),
            final_demand_shifts: instruments.final_demand_shifts.iter().map(shift).collect(),
        }
    }
}
