//! How a closure reads the data: the coefficients with which wages, prices, outputs and spending enter the model.
//!
//! Closures differ in a handful of exponents. With `q` the logarithm of an exporter's weight in a market,
//!
//! ```text
//! ln v̂[i,s] = (1−β) ln ŵ + β (ln Ŷ − ln K̂)                     factor bundle
//! ln ĉ[i,s] = γ ln v̂ + Σ_k γ_k ln P̂[i,k] − ln Â                unit cost (γ in shares of variable cost; where inputs substitute: input_nest.rs)
//! q[i,s]    = −κ ln ĉ + ε ln Ŷ + λ (ln ŵ + ln L̂) + a ln Â       weight
//! ln P̂[n,s] = −(1/θ) ln Σ_i π κ̂^(…) e^q + x (ln X̂ − ln ŵ)      price (ln ŵ only with local selling costs)
//! ```
//!
//! | setting | κ | ε | λ | a | x | β |
//! |---|---|---|---|---|---|---|
//! | `perfect`, `fixed-entry` | θ | 0 | 0 | 0 | 0 | |
//! | `krugman` | θ(1+ψ) | ψθ | 0 | −ψθ | 0 | |
//! | `krugman` with local selling costs | θ(1+ψ) | 0 | ψθ | −ψθ | 1−φ | |
//! | `melitz` | θ+η+1 | 1 | 0 | −1 | −η/θ | |
//! | `roy` | | | | | | 1/κ_roy, `K̂ = L̂` |
//! | `specific` | | | | | | capital share |

use crate::error::EngineError;
use crate::index::Dimensions;
use crate::model::benchmark::{Benchmark, Sector};
use crate::model::capital::Capital;
use crate::model::closure::{
    Closure, FactorMarket, FixedEntryProfit, Intermediates, LabourSupply, MarketStructure, Revenue,
};
use crate::model::closure::{Demand, WelfareBase};

/// Coefficients of a closure on a benchmark.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Technology {
    /// κ\[s\]: power of unit cost in an exporter's weight.
    pub cost_power: Vec<f64>,
    /// ε, N·S: power of output, zero where there is none; empty where no closure asks for it.
    pub output_power: Vec<f64>,
    /// λ\[s\]: power of the economy's labour income.
    pub labour_power: Vec<f64>,
    /// a\[s\]: power of productivity beside unit cost's.
    pub productivity_power: Vec<f64>,
    /// θ\[s\].
    pub trade_elasticity: Vec<f64>,
    /// Exponent of tariff and export tax factors in weights, N·S (importer, sector).
    pub tariff_power: Vec<f64>,
    /// x, N·S: power of spending in the price index; empty where none.
    pub spending_power: Vec<f64>,
    /// Whether spending counts relative to the wage in the price index.
    pub spending_over_wage: bool,
    /// β, N·S: power of output over the fixed factor in the price of the factor bundle; empty where labour is mobile.
    pub factor_power: Vec<f64>,
    /// Whether the fixed factor of β is labour itself (Roy) instead of capital.
    pub labour_is_fixed_factor: bool,
    /// Value added over gross output, N·S.
    pub value_added_share: Vec<f64>,
    /// What the wage pays for, as a share of gross output, N·S.
    pub labour_share: Vec<f64>,
    /// Profits and capital's share of gross output, N·S.
    pub surplus_share: Vec<f64>,
    /// Profits' share of gross output less what is invested, N·S.
    pub profit_share: Vec<f64>,
    /// Investment out of factor income as a share of gross output, N·S; empty where it is part of final use.
    pub investment_share: Vec<f64>,
    /// Exponent of the factor bundle in unit cost, N·S.
    pub factor_exponent: Vec<f64>,
    /// Unit cost's exponent of an input is this times the input share, N·S.
    pub input_scale: Vec<f64>,
    /// ν\[n\]: share of border spending paid to local labour for selling; empty where none.
    pub local_share: Vec<f64>,
    /// φ: elasticity of hours; zero where fixed.
    pub hours_elasticity: f64,
    /// Whether revenue lowers the tax on labour.
    pub tax_relief: bool,
    /// Elasticity of substitution across sectors in final demand, where it is not one.
    pub demand_elasticity: Option<f64>,
    /// η\[s\], elasticity of substitution between the inputs of a using sector; empty where cost shares are constant.
    pub input_elasticity: Vec<f64>,
    /// Sectors in the order of that elasticity.
    pub by_input_elasticity: Vec<usize>,
    /// ε\[s\], that between its value added and all its inputs; empty where cost shares are constant.
    pub value_added_elasticity: Vec<f64>,
}

impl Technology {
    /// Whether outputs act on prices through entry.
    pub(crate) fn has_scale(&self) -> bool {
        self.output_power.iter().any(|power| *power > 0.0)
    }

    /// Reads a closure's coefficients off the data.
    pub(crate) fn new(
        benchmark: &Benchmark,
        closure: &Closure,
        value_added_share: Vec<f64>,
        output: &[f64],
    ) -> Result<Self, EngineError> {
        let d = benchmark.dimensions();
        let theta: Vec<f64> = benchmark.sectors.iter().map(|sector| sector.trade_elasticity).collect();
        let mut technology = Self {
            cost_power: theta.clone(),
            labour_power: vec![0.0; d.sectors],
            productivity_power: vec![0.0; d.sectors],
            tariff_power: (0..d.pairs()).map(|pair| theta[pair / d.economies]).collect(),
            trade_elasticity: theta,
            labour_share: value_added_share.clone(),
            surplus_share: vec![0.0; d.pairs()],
            profit_share: vec![0.0; d.pairs()],
            factor_exponent: value_added_share.clone(),
            input_scale: vec![1.0; d.pairs()],
            value_added_share,
            ..Self::default()
        };
        technology.set_local_selling_costs(benchmark, closure)?;
        technology.set_market_structure(benchmark, closure, output)?;
        technology.set_factor_market(benchmark, closure)?;
        technology.set_hours(closure)?;
        technology.set_capital(benchmark, closure)?;
        if closure.demand == Demand::Ces {
            let elasticity = closure.demand_elasticity.ok_or(EngineError::Parameter {
                parameter: "demand_elasticity",
                setting: "demand = \"ces\"",
                range: "0.2 to 1.5",
            })?;
            positive("demand_elasticity", elasticity)?;
            technology.demand_elasticity = (elasticity != 1.0).then_some(elasticity);
        }
        technology.set_input_substitution(benchmark, closure)?;
        Ok(technology)
    }

    /// Local labour's share of spending on goods (Ignatenko, Lashkaripour, Macedoni & Simonovska 2025), and the power of
    /// tariffs where a sector's differs from its trade elasticity.
    fn set_local_selling_costs(
        &mut self,
        benchmark: &Benchmark,
        closure: &Closure,
    ) -> Result<(), EngineError> {
        let d = benchmark.dimensions();
        for (pair, power) in self.tariff_power.iter_mut().enumerate() {
            if let Some(elasticity) = benchmark.sectors[pair / d.economies].tariff_elasticity {
                *power = elasticity;
            }
        }
        if !closure.local_selling_costs {
            return Ok(());
        }
        let share = benchmark.local_cost_share.as_ref().ok_or(EngineError::Refused {
            setting: "local_selling_costs",
            reason: "the benchmark has no local_cost_shares table".into(),
        })?;
        if let Some(found) = share.iter().find(|share| !(**share >= 0.0 && **share < 1.0)) {
            return Err(EngineError::Domain {
                what: "local cost share",
                place: String::new(),
                found: *found,
                rule: "shares are from zero to below one",
            });
        }
        self.local_share.clone_from(share);
        Ok(())
    }

    fn set_market_structure(
        &mut self,
        benchmark: &Benchmark,
        closure: &Closure,
        output: &[f64],
    ) -> Result<(), EngineError> {
        let d = benchmark.dimensions();
        match closure.market_structure {
            MarketStructure::Perfect => {}
            MarketStructure::FixedEntry => self.set_fixed_entry(benchmark, closure, output)?,
            MarketStructure::Krugman => {
                self.output_power = vec![0.0; d.pairs()];
                for (s, sector) in benchmark.sectors.iter().enumerate() {
                    let theta = self.trade_elasticity[s];
                    let scale = scale_elasticity(sector, closure)?;
                    self.cost_power[s] = theta * (1.0 + scale);
                    self.productivity_power[s] = -scale * theta;
                    if self.local_share.is_empty() {
                        self.set_output_power(d, s, scale * theta, output);
                    } else {
                        // Entry follows the economy's labour income, local selling included.
                        self.labour_power[s] = scale * theta;
                    }
                }
            }
            MarketStructure::Melitz => {
                self.output_power = vec![0.0; d.pairs()];
                self.spending_power = vec![0.0; d.pairs()];
                for (s, sector) in benchmark.sectors.iter().enumerate() {
                    let theta = self.trade_elasticity[s];
                    let sigma = elasticity_of_substitution(sector, closure)?;
                    let eta = (theta / (sigma - 1.0) - 1.0).max(0.0);
                    self.cost_power[s] = theta + eta + 1.0;
                    self.productivity_power[s] = -1.0;
                    self.set_output_power(d, s, 1.0, output);
                    for n in 0..d.economies {
                        self.tariff_power[d.pair(n, s)] = theta + eta;
                        self.spending_power[d.pair(n, s)] = -eta / theta;
                    }
                }
            }
        }
        if !self.local_share.is_empty() {
            self.set_pass_through(benchmark);
        }
        Ok(())
    }

    fn set_output_power(&mut self, d: Dimensions, sector: usize, power: f64, output: &[f64]) {
        for economy in 0..d.economies {
            let pair = d.pair(economy, sector);
            self.output_power[pair] = if output[pair] > 0.0 { power } else { 0.0 };
        }
    }

    /// Fixed entry (Ossa 2014): the profit share of sales is `ω = 1/(1+θ)`, and the exponents of unit cost are shares of
    /// variable cost: `(γ−ω)/(1−ω)` and `γ_k/(1−ω)`.
    fn set_fixed_entry(
        &mut self,
        benchmark: &Benchmark,
        closure: &Closure,
        output: &[f64],
    ) -> Result<(), EngineError> {
        let d = benchmark.dimensions();
        let mut thin = Vec::new();
        for sector in 0..d.sectors {
            let share = 1.0 / (1.0 + self.trade_elasticity[sector]);
            for economy in 0..d.economies {
                let pair = d.pair(economy, sector);
                let value_added = self.value_added_share[pair];
                let profit = match closure.fixed_entry_profit {
                    FixedEntryProfit::Cap => share.min(value_added / 2.0),
                    FixedEntryProfit::Refuse => share,
                };
                if value_added <= profit && output[pair] > 0.0 {
                    thin.push(format!(
                        "{} {}",
                        benchmark.economies[economy].code, benchmark.sectors[sector].code
                    ));
                }
                self.profit_share[pair] = profit;
                self.surplus_share[pair] = profit;
                self.labour_share[pair] = value_added - profit;
                self.factor_exponent[pair] = (value_added - profit) / (1.0 - profit);
                self.input_scale[pair] = 1.0 / (1.0 - profit);
            }
        }
        if thin.is_empty() {
            return Ok(());
        }
        Err(EngineError::Refused {
            setting: "market_structure = \"fixed-entry\"",
            reason: format!(
                "value added leaves nothing for factors after profits in {} cells ({}); `fixed_entry_profit = \"cap\"` \
                 or `intermediates = \"none\"` would do",
                thin.len(),
                thin.join(", ")
            ),
        })
    }

    /// Pass-through under local selling costs: `φ_n = φ⁰ + (1+ψ) ν_n/(1−ν_n)`, `φ⁰ = 1` where the sector gives no tariff
    /// elasticity `θ φ⁰`. Tariffs act with `θ φ_n`, spending over the wage with `1 − φ_n` in prices.
    fn set_pass_through(&mut self, benchmark: &Benchmark) {
        let d = benchmark.dimensions();
        self.spending_power = vec![0.0; d.pairs()];
        self.spending_over_wage = true;
        for pair in 0..d.pairs() {
            let (s, n) = (pair / d.economies, pair % d.economies);
            let theta = self.trade_elasticity[s];
            let scale = self.cost_power[s] / theta - 1.0;
            let own = benchmark.sectors[s].tariff_elasticity.map_or(1.0, |elasticity| elasticity / theta);
            let pass_through = own + (1.0 + scale) * self.local_share[n] / (1.0 - self.local_share[n]);
            self.tariff_power[pair] = theta * pass_through;
            self.spending_power[pair] = 1.0 - pass_through;
        }
    }

    fn set_factor_market(&mut self, benchmark: &Benchmark, closure: &Closure) -> Result<(), EngineError> {
        let d = benchmark.dimensions();
        match closure.factor_market {
            FactorMarket::Mobile => Ok(()),
            FactorMarket::Roy => {
                let shape = closure.roy_shape.ok_or(EngineError::Parameter {
                    parameter: "roy_shape",
                    setting: "factor_market = \"roy\"",
                    range: "1.5 to 3",
                })?;
                if !(shape > 1.0 && shape.is_finite()) {
                    return Err(EngineError::Domain {
                        what: "roy_shape",
                        place: String::new(),
                        found: shape,
                        rule: "it is above one",
                    });
                }
                self.factor_power = vec![1.0 / shape; d.pairs()];
                self.labour_is_fixed_factor = true;
                Ok(())
            }
            FactorMarket::Specific => {
                self.factor_power = match (&benchmark.capital_share, closure.capital_share) {
                    (Some(share), _) if share.len() == d.pairs() => share.clone(),
                    (_, Some(share)) => vec![share; d.pairs()],
                    _ => {
                        return Err(EngineError::Parameter {
                            parameter: "capital_share",
                            setting: "factor_market = \"specific\"",
                            range: "0.3 to 0.5",
                        });
                    }
                };
                if let Some(found) = self.factor_power.iter().find(|share| !(**share >= 0.0 && **share < 1.0))
                {
                    return Err(EngineError::Domain {
                        what: "capital_share",
                        place: String::new(),
                        found: *found,
                        rule: "shares are from zero to below one",
                    });
                }
                for pair in 0..d.pairs() {
                    let capital = self.factor_power[pair] * self.labour_share[pair];
                    self.labour_share[pair] -= capital;
                    self.surplus_share[pair] += capital;
                }
                Ok(())
            }
        }
    }

    fn set_hours(&mut self, closure: &Closure) -> Result<(), EngineError> {
        self.tax_relief = closure.revenue == Revenue::IncomeTaxRelief;
        if closure.labour_supply == LabourSupply::Elastic {
            let elasticity = closure.labour_supply_elasticity.ok_or(EngineError::Parameter {
                parameter: "labour_supply_elasticity",
                setting: "labour_supply = \"elastic\"",
                range: "0.2 to 1",
            })?;
            if !(elasticity >= 0.0 && elasticity.is_finite()) {
                return Err(EngineError::Domain {
                    what: "labour_supply_elasticity",
                    place: String::new(),
                    found: elasticity,
                    rule: "it is zero or above",
                });
            }
            self.hours_elasticity = elasticity;
        } else if closure.welfare_base == WelfareBase::Utility {
            return Err(EngineError::Refused {
                setting: "welfare_base = \"utility\"",
                reason: "it differs from income only where hours respond; set labour_supply = \"elastic\""
                    .into(),
            });
        }
        Ok(())
    }

    /// Capital that is built from an economy's own basket, or stays as it is beside investment that is told from consumption.
    fn set_capital(&mut self, benchmark: &Benchmark, closure: &Closure) -> Result<(), EngineError> {
        let Some(data) = closure.capital.data() else { return Ok(()) };
        let plain = closure.market_structure == MarketStructure::Perfect
            && closure.factor_market == FactorMarket::Mobile
            && closure.labour_supply == LabourSupply::Fixed
            && closure.revenue == Revenue::Rebated
            && !closure.local_selling_costs;
        if !plain {
            return Err(EngineError::Refused {
                setting: "capital = \"steady\"",
                reason: "it is written for perfect competition, mobile labour in fixed supply and revenue that is paid out; leave the other \
                         settings out"
                    .into(),
            });
        }
        data.check(benchmark)?;
        let n = benchmark.dimensions().economies;
        if matches!(closure.capital, Capital::Steady(_)) {
            for (pair, exponent) in self.factor_exponent.iter_mut().enumerate() {
                *exponent *= 1.0 - data.capital_share[pair % n];
            }
        }
        self.invest(&data.investment_share);
        Ok(())
    }

    /// Inputs that substitute. Where every elasticity is one the lists stay empty, so that Cobb-Douglas costs nothing.
    fn set_input_substitution(
        &mut self,
        benchmark: &Benchmark,
        closure: &Closure,
    ) -> Result<(), EngineError> {
        let inputs = closure.input_elasticity.in_order(benchmark, "input_elasticity")?;
        let value_added = closure.value_added_elasticity.in_order(benchmark, "value_added_elasticity")?;
        if inputs.iter().chain(&value_added).all(|elasticity| *elasticity == 1.0) {
            return Ok(());
        }
        let reason = if closure.market_structure == MarketStructure::FixedEntry {
            "it is not written for `market_structure = \"fixed-entry\"`, whose profits are a share of what is then no constant share"
        } else if closure.capital.data().is_some() {
            "it is not written for `capital = \"steady\"`, whose replacement is one of the inputs"
        } else if closure.intermediates == Intermediates::None || benchmark.input_share.is_none() {
            "sectors buy nothing from each other here, so that there is nothing to substitute"
        } else {
            self.by_input_elasticity = (0..inputs.len()).collect();
            self.by_input_elasticity.sort_by(|a, b| inputs[*a].total_cmp(&inputs[*b]));
            self.input_elasticity = inputs;
            self.value_added_elasticity = value_added;
            return Ok(());
        };
        Err(EngineError::Refused {
            setting: "input_elasticity, value_added_elasticity",
            reason: reason.into(),
        })
    }

    /// Whether cost shares answer to prices.
    pub(crate) fn substitutes_inputs(&self) -> bool {
        !self.input_elasticity.is_empty()
    }

    /// Takes investment, a share of factor income by economy, out of what is left for consumption.
    pub(super) fn invest(&mut self, investment_share: &[f64]) {
        let n = investment_share.len();
        self.investment_share = self
            .value_added_share
            .iter()
            .enumerate()
            .map(|(pair, v)| v * investment_share[pair % n])
            .collect();
        self.surplus_share = self.investment_share.iter().map(|share| -share).collect();
        self.profit_share.clone_from(&self.surplus_share);
    }

    /// Profits' share of a pair's gross output, whatever is invested out of income.
    pub(crate) fn profits(&self, pair: usize) -> f64 {
        self.profit_share[pair] + self.investment(pair)
    }

    /// Investment out of factor income as a share of a pair's gross output.
    pub(crate) fn investment(&self, pair: usize) -> f64 {
        self.investment_share.get(pair).copied().unwrap_or(0.0)
    }

    /// Capital's share of a pair's gross output.
    pub(crate) fn capital_share(&self, pair: usize) -> f64 {
        self.surplus_share[pair] - self.profit_share[pair]
    }

    /// Whether outputs enter prices.
    pub(crate) fn needs_output_logs(&self) -> bool {
        !self.output_power.is_empty() || !self.factor_power.is_empty()
    }
}

/// Two parameters that say the same thing in two ways.
fn not_both(first: Option<f64>, second: Option<f64>, setting: &'static str) -> Result<(), EngineError> {
    match (first, second) {
        (Some(_), Some(_)) => Err(EngineError::Refused {
            setting,
            reason: "the two say the same thing in two ways; give one of them".into(),
        }),
        _ => Ok(()),
    }
}

/// ψ of a sector: the closure's, else the benchmark's, else 1/θ.
fn scale_elasticity(sector: &Sector, closure: &Closure) -> Result<f64, EngineError> {
    let (one, product) = (closure.scale_elasticity, closure.scale_times_trade_elasticity);
    not_both(one, product, "scale_elasticity and scale_times_trade_elasticity")?;
    let theta = sector.trade_elasticity;
    let scale =
        product.map(|product| product / theta).or(one).or(sector.scale_elasticity).unwrap_or(1.0 / theta);
    if scale >= 0.0 && scale.is_finite() {
        return Ok(scale);
    }
    Err(EngineError::Domain {
        what: "scale_elasticity",
        place: format!(" [{}]", sector.code),
        found: scale,
        rule: "scale elasticities are zero or above",
    })
}

/// σ of a sector: the closure's, else the benchmark's; it has no default.
fn elasticity_of_substitution(sector: &Sector, closure: &Closure) -> Result<f64, EngineError> {
    let (one, tail) = (closure.elasticity_of_substitution, closure.firm_size_tail);
    not_both(one, tail, "elasticity_of_substitution and firm_size_tail")?;
    let theta = sector.trade_elasticity;
    if let Some(tail) = tail.filter(|tail| !(*tail >= 1.0 && tail.is_finite())) {
        return Err(EngineError::Domain {
            what: "firm_size_tail",
            place: String::new(),
            found: tail,
            rule: "it is the trade elasticity over σ − 1, one or above",
        });
    }
    let sigma = tail.map(|tail| 1.0 + theta / tail).or(one).or(sector.elasticity_of_substitution).ok_or(
        EngineError::Parameter {
            parameter: "firm_size_tail or elasticity_of_substitution",
            setting: "market_structure = \"melitz\"",
            range: "1.05 to 2.5 for the tail θ/(σ−1) of firms' sales, or σ from 1.5 to 1 + θ",
        },
    )?;
    if sigma > 1.0 && theta >= (sigma - 1.0) * (1.0 - 1e-12) {
        return Ok(sigma);
    }
    Err(EngineError::Domain {
        what: "elasticity_of_substitution",
        place: format!(" [{}]", sector.code),
        found: sigma,
        rule: "it is above one and at most one above the trade elasticity",
    })
}

fn positive(what: &'static str, found: f64) -> Result<(), EngineError> {
    if found > 0.0 && found.is_finite() {
        Ok(())
    } else {
        Err(EngineError::Domain { what, place: String::new(), found, rule: "it is above zero" })
    }
}
