//! Objectives: named outcomes of a single equilibrium, and weighted sums, log sums and ratios of them, each with its
//! direct derivatives, so that [`gradient`](crate::gradient) can differentiate it through the equilibrium.
//!
//! A government's welfare is that of Ossa (2014): `G_j = Σ_s λ_js E_js / P_j` with `E_js = value added + d_js T_j`, where transfers
//! T (tariff and export tax revenue, deficits) are shared by employment d. With λ = 1 it is `I/P`, as welfare is.

mod own;
mod purchases;
mod welfare;

use crate::derivatives::objective_derivative::Seed;
use crate::equilibrium::Equilibrium;
use crate::index::Dimensions;
use crate::model::benchmark::{FinalUse, SectorKind};
use crate::model::calibration::Calibration;
use crate::outcomes::final_use::{FinalUseShares, use_by_share};
pub use own::{FunctionOfOutcomes, OutcomeFunction, Read};
pub use purchases::{Goods, Seller};
use welfare::Welfare;

/// What is measured. Positions are the benchmark's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Real income, net of the disutility of work where hours respond: what `welfare_pct` is the change of.
    Welfare,
    /// Welfare with the benchmark's political weights.
    GovernmentWelfare,
    /// Wage over the index of all final use.
    RealWage,
    /// Wage at the numeraire.
    Wage,
    /// Index of all final use at the numeraire.
    PriceIndex,
    /// Final spending at the numeraire.
    Income,
    /// GDP over the index of all final use.
    RealGdp,
    /// Import tariff revenue at the numeraire.
    TariffRevenue,
    /// Export tax revenue at the numeraire; negative where output is subsidised.
    ExportTaxRevenue,
    /// Profits at the numeraire.
    Profits,
    /// Exports at border values, home sales excluded.
    Exports,
    /// Imports at border values, home sales excluded.
    Imports,
    /// Manufacturing's share of value added.
    ManufacturingShare,
    /// Gross output of a sector.
    Output(usize),
    /// Imports from a partner, all sectors, at border values.
    ImportsFrom(usize),
    /// Factor income, profits and revenue at the numeraire.
    Gdp,
    /// What an economy buys of some sectors from some sellers, for whatever use, at border values.
    Purchases(Seller, Goods),
    /// What a use spends at the numeraire; not a number where the data do not tell uses apart.
    FinalUse(FinalUse),
}

impl Outcome {
    /// Whether the number is nominal, so that the numeraire moves it.
    fn is_nominal(self) -> bool {
        !matches!(
            self,
            Self::Welfare
                | Self::GovernmentWelfare
                | Self::RealWage
                | Self::RealGdp
                | Self::ManufacturingShare
        )
    }
}

/// An outcome of an economy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scalar {
    /// What.
    pub outcome: Outcome,
    /// Whose.
    pub economy: usize,
}

/// A number to differentiate.
#[derive(Clone, Debug, PartialEq)]
pub enum Objective {
    /// `Σ weight · outcome`.
    Sum(Vec<(f64, Scalar)>),
    /// `Σ weight · ln outcome`.
    LogSum(Vec<(f64, Scalar)>),
    /// One objective over another.
    Ratio(Box<Self>, Box<Self>),
    /// A function of the asker's own, read as the logarithm of one plus its gain in percent.
    Own(Vec<Scalar>, FunctionOfOutcomes),
}

impl Objective {
    /// `ln outcome` of one economy.
    ///
    /// ```
    /// use detente_engine::objective::{Objective, Outcome};
    ///
    /// assert_ne!(Objective::log(Outcome::Welfare, 0), Objective::log(Outcome::Welfare, 1));
    /// ```
    pub fn log(outcome: Outcome, economy: usize) -> Self {
        Self::LogSum(vec![(1.0, Scalar { outcome, economy })])
    }

    /// Its value at an equilibrium.
    pub fn value(&self, calibration: &Calibration, equilibrium: &Equilibrium) -> f64 {
        match self {
            Self::Sum(terms) => terms.iter().map(|(w, s)| w * s.value(calibration, equilibrium)).sum(),
            Self::LogSum(terms) => {
                terms.iter().map(|(w, s)| w * s.value(calibration, equilibrium).ln()).sum()
            }
            Self::Ratio(over, under) => {
                over.value(calibration, equilibrium) / under.value(calibration, equilibrium)
            }
            Self::Own(read, own) => own.payoff(&values(read, calibration, equilibrium)),
        }
    }

    /// Its change from `base` to a value, percent, where values are logarithms.
    pub fn change_pct(&self, value: f64, base: f64) -> f64 {
        match self {
            // Its payoff is its gain over the baseline already.
            Self::Own(..) => own::gain_of(value) - own::gain_of(base),
            _ => 100.0 * (value - base).exp_m1(),
        }
    }

    /// Adds `factor` times its direct derivatives to a seed.
    pub(crate) fn differentiate(
        &self,
        calibration: &Calibration,
        e: &Equilibrium,
        factor: f64,
        seed: &mut Seed,
    ) {
        match self {
            Self::Sum(terms) => {
                for (weight, scalar) in terms {
                    scalar.differentiate(calibration, e, factor * weight, seed);
                }
            }
            Self::LogSum(terms) => {
                for (weight, scalar) in terms {
                    scalar.differentiate(
                        calibration,
                        e,
                        factor * weight / scalar.value(calibration, e),
                        seed,
                    );
                }
            }
            Self::Ratio(over, under) => {
                let below = under.value(calibration, e);
                over.differentiate(calibration, e, factor / below, seed);
                let ratio = over.value(calibration, e) / below;
                under.differentiate(calibration, e, -factor * ratio / below, seed);
            }
            Self::Own(read, own) => {
                let slopes = own.slopes(&values(read, calibration, e));
                for (scalar, slope) in read.iter().zip(slopes) {
                    scalar.differentiate(calibration, e, factor * slope, seed);
                }
            }
        }
    }
}

/// Several outcomes at an equilibrium.
fn values(scalars: &[Scalar], calibration: &Calibration, e: &Equilibrium) -> Vec<f64> {
    scalars.iter().map(|scalar| scalar.value(calibration, e)).collect()
}

impl Scalar {
    /// Its value at an equilibrium, at the numeraire; not a number where the setting does not define it.
    pub fn value(&self, calibration: &Calibration, e: &Equilibrium) -> f64 {
        let d = calibration.dimensions;
        let n = self.economy;
        let gdp = || e.factor_income[n] + e.profits[n] + e.tariff_revenue[n] + e.export_tax_revenue[n];
        match self.outcome {
            Outcome::Welfare => Welfare::new(calibration, e, n).value,
            Outcome::GovernmentWelfare => {
                let politics = Politics::new(calibration, e, n);
                politics.weighted_income / e.price_index_hat[n]
            }
            Outcome::RealWage => e.wage_hat[n] / e.price_index_hat[n],
            Outcome::Wage => e.wage_hat[n],
            Outcome::PriceIndex => e.price_index_hat[n],
            Outcome::Income => e.income[n],
            Outcome::RealGdp => gdp() / e.price_index_hat[n],
            Outcome::TariffRevenue => e.tariff_revenue[n],
            Outcome::ExportTaxRevenue => e.export_tax_revenue[n],
            Outcome::Profits => e.profits[n],
            Outcome::Exports => trade_cells(d, n, true, None).map(|cell| e.border_value[cell]).sum(),
            Outcome::Imports => trade_cells(d, n, false, None).map(|cell| e.border_value[cell]).sum(),
            Outcome::ManufacturingShare => {
                let (part, whole) = manufacturing(calibration, e, n);
                part / whole
            }
            Outcome::Output(sector) => e.output[d.pair(n, sector)],
            Outcome::ImportsFrom(partner) => {
                trade_cells(d, n, false, Some(partner)).map(|cell| e.border_value[cell]).sum()
            }
            Outcome::Gdp => gdp(),
            Outcome::Purchases(seller, goods) => {
                purchases::cells(calibration, n, seller, goods).map(|cell| e.border_value[cell]).sum()
            }
            Outcome::FinalUse(by) => FinalUseShares::under(calibration, &e.instruments)
                .map_or(f64::NAN, |uses| uses.spending(calibration, e, by, n)),
        }
    }

    /// Adds `factor` times its direct derivatives.
    fn differentiate(&self, calibration: &Calibration, e: &Equilibrium, factor: f64, seed: &mut Seed) {
        let d = calibration.dimensions;
        let n = self.economy;
        let value = self.value(calibration, e);
        let pairs = || (0..d.sectors).map(move |s| d.pair(n, s));
        // Levels of an equilibrium stand at the numeraire; seeds are in world-GDP units.
        let scale = e.numeraire_scale;
        let by_price_index = |seed: &mut Seed, amount: f64| calibration.seed_price_index(e, n, amount, seed);
        match self.outcome {
            Outcome::Welfare => {
                Welfare::new(calibration, e, n).differentiate(calibration, e, n, factor, seed);
            }
            Outcome::GovernmentWelfare => {
                let politics = Politics::new(calibration, e, n);
                let unit = factor * scale / e.price_index_hat[n];
                for pair in pairs() {
                    let by_earning = unit * politics.by_earning(calibration, pair);
                    let earning = by_earning * e.value_added_share_relative(pair);
                    seed.output[pair] += earning;
                    seed.value_added[pair] += earning * e.output[pair] / scale;
                }
                seed.income[n] += unit * politics.mean_weight;
                by_price_index(seed, -factor * value);
            }
            Outcome::RealWage => {
                seed.wage[n] += factor * value;
                by_price_index(seed, -factor * value);
            }
            Outcome::Wage => seed.wage[n] += factor * value,
            Outcome::PriceIndex => by_price_index(seed, factor * value),
            Outcome::Income => seed.income[n] += factor * scale,
            Outcome::RealGdp => {
                seed_gdp(calibration, e, n, factor * scale / e.price_index_hat[n], seed);
                by_price_index(seed, -factor * value);
            }
            Outcome::Gdp => seed_gdp(calibration, e, n, factor * scale, seed),
            Outcome::Purchases(seller, goods) => {
                seed_cells(seed, d, purchases::cells(calibration, n, seller, goods), factor * scale);
            }
            Outcome::FinalUse(by) => seed_final_use(calibration, e, n, by, factor * scale, seed),
            Outcome::TariffRevenue => seed.revenue[n] += factor * scale,
            Outcome::ExportTaxRevenue => seed.export_revenue[n] += factor * scale,
            Outcome::Profits => {
                for pair in pairs() {
                    seed.output[pair] += factor * scale * calibration.technology.profits(pair);
                }
            }
            Outcome::Exports => seed_cells(seed, d, trade_cells(d, n, true, None), factor * scale),
            Outcome::Imports => seed_cells(seed, d, trade_cells(d, n, false, None), factor * scale),
            Outcome::ImportsFrom(partner) => {
                seed_cells(seed, d, trade_cells(d, n, false, Some(partner)), factor * scale);
            }
            Outcome::ManufacturingShare => {
                let (part, whole) = manufacturing(calibration, e, n);
                for (s, sector) in calibration.benchmark.sectors.iter().enumerate() {
                    let pair = d.pair(n, s);
                    let own = if sector.kind == SectorKind::Manufacturing { 1.0 } else { 0.0 };
                    let share = calibration.value_added_share_at(e, pair);
                    let by_value_added = factor * (own - part / whole) / whole;
                    seed.output[pair] += scale * share * by_value_added;
                    seed.value_added[pair] += share * e.output[pair] * by_value_added;
                }
            }
            Outcome::Output(sector) => seed.output[d.pair(n, sector)] += factor * scale,
        }
        if self.outcome.is_nominal() {
            calibration.seed_numeraire(e, factor * value, seed);
        }
    }
}

/// Adds `unit` times the direct derivatives of GDP in world-GDP units.
fn seed_gdp(calibration: &Calibration, e: &Equilibrium, economy: usize, unit: f64, seed: &mut Seed) {
    let d = calibration.dimensions;
    for pair in (0..d.sectors).map(|s| d.pair(economy, s)) {
        let t = &calibration.technology;
        let earned = unit * (t.surplus_share[pair] + t.investment(pair)) * e.value_added_share_relative(pair);
        seed.output[pair] += earned;
        seed.value_added[pair] += earned * e.output[pair] / e.numeraire_scale;
    }
    let labour = unit * labour_income(calibration, e, economy) / e.numeraire_scale;
    seed.wage[economy] += labour;
    seed.hours[economy] += labour;
    seed.revenue[economy] += unit;
    seed.export_revenue[economy] += unit;
}

/// Adds `unit` times the direct derivatives of what a use spends, in world-GDP units. In shares of final use they are those of a shift that
/// moves the uses of a cell in proportion; what a shift between uses does beside that, [`use_by_share`] tells.
fn seed_final_use(
    calibration: &Calibration,
    e: &Equilibrium,
    economy: usize,
    by: FinalUse,
    unit: f64,
    seed: &mut Seed,
) {
    let Some(uses) = FinalUseShares::under(calibration, &e.instruments) else { return };
    let power = calibration.technology.demand_elasticity.map_or(0.0, |elasticity| 1.0 - elasticity);
    let mut index = 0.0;
    for (pair, value) in uses.cells(calibration, e, by, economy) {
        let value = unit * value / e.numeraire_scale;
        seed.income[economy] += value * e.numeraire_scale / e.income[economy];
        seed.price[pair] += power * value;
        index += power * value;
        seed.final_share[pair] +=
            unit * uses.part(by, pair) * use_by_share(calibration, e, pair) / e.numeraire_scale;
    }
    if index != 0.0 {
        calibration.seed_price_index(e, economy, -index, seed);
    }
}

/// Cells of an economy's foreign trade.
fn trade_cells(
    d: Dimensions,
    economy: usize,
    exports: bool,
    partner: Option<usize>,
) -> impl Iterator<Item = usize> {
    (0..d.sectors).flat_map(move |s| {
        (0..d.economies)
            .filter(move |&m| m != economy && partner.is_none_or(|p| p == m))
            .map(move |m| if exports { d.cell(m, economy, s) } else { d.cell(economy, m, s) })
    })
}

fn seed_cells(seed: &mut Seed, d: Dimensions, cells: impl Iterator<Item = usize>, amount: f64) {
    seed.border_value.resize(d.cells(), 0.0);
    for cell in cells {
        seed.border_value[cell] += amount;
    }
}

/// What the wage pays, at the numeraire.
fn labour_income(calibration: &Calibration, e: &Equilibrium, economy: usize) -> f64 {
    calibration.labour_income[economy] * e.wage_hat[economy] * e.labour_hat[economy]
}

/// Manufacturing's value added and all.
fn manufacturing(calibration: &Calibration, e: &Equilibrium, economy: usize) -> (f64, f64) {
    let d = calibration.dimensions;
    let (mut part, mut whole) = (0.0, 0.0);
    for (s, sector) in calibration.benchmark.sectors.iter().enumerate() {
        let pair = d.pair(economy, s);
        let value_added = calibration.value_added_share_at(e, pair) * e.output[pair];
        whole += value_added;
        if sector.kind == SectorKind::Manufacturing {
            part += value_added;
        }
    }
    (part, whole)
}

/// What a government weighs, at an equilibrium: `Σ_s λ_s (value added)_s + λ̄ (I − Σ_s value added)`, λ̄ the employment-weighted
/// mean of the weights.
struct Politics {
    weighted_income: f64,
    mean_weight: f64,
    transfers: f64,
    labour: f64,
}

impl Politics {
    fn new(calibration: &Calibration, e: &Equilibrium, economy: usize) -> Self {
        let d = calibration.dimensions;
        let t = &calibration.technology;
        let (mut value_added, mut plain, mut labour, mut weighted) = (0.0, 0.0, 0.0, 0.0);
        for s in 0..d.sectors {
            let pair = d.pair(economy, s);
            let weight = weight(calibration, pair);
            let earning = e.value_added_share_relative(pair) * e.output[pair];
            plain += t.value_added_share[pair] * earning;
            value_added += weight * t.value_added_share[pair] * earning;
            labour += t.labour_share[pair] * earning;
            weighted += weight * t.labour_share[pair] * earning;
        }
        let mean_weight = weighted / labour;
        let transfers = e.income[economy] - plain;
        Self { weighted_income: value_added + mean_weight * transfers, mean_weight, transfers, labour }
    }

    /// In output times what value added is of it relative to the data.
    fn by_earning(&self, calibration: &Calibration, pair: usize) -> f64 {
        let t = &calibration.technology;
        let over_mean = weight(calibration, pair) - self.mean_weight;
        over_mean * (t.value_added_share[pair] + self.transfers * t.labour_share[pair] / self.labour)
    }
}

fn weight(calibration: &Calibration, pair: usize) -> f64 {
    calibration.benchmark.political_weight.as_ref().map_or(1.0, |weights| weights[pair])
}
