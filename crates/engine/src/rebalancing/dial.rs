//! Dials: what the aims of a rebalancing are read on, each with its exact gradient.

use super::content::{Content, Tracing};
use super::direct::{DialGradient, Direct};
use crate::catalogue::OutcomeEntry;
use crate::catalogue::dials as entries;
use crate::equilibrium::Equilibrium;
use crate::error::EngineError;
use crate::model::benchmark::{FinalUse, SectorKind};
use crate::model::calibration::Calibration;
use crate::model::closure::Revenue;
use crate::objective::{Goods, Objective, Outcome, Scalar, Seller};
use crate::outcomes::final_use::{FinalUseShares, use_by_share};
use crate::search::solver::Solver;

const MANUFACTURES: Goods = Goods::Kind(SectorKind::Manufacturing);

/// A number of an economy, some with regard to a partner. Fractions, but for hats (one at the data) and GDP (a level).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dial {
    /// A use's spending over GDP.
    Use(FinalUse),
    /// Manufacturing's share of value added.
    ManufacturingShare,
    /// Manufactures bought of makers at home, border values.
    HomeShare,
    /// The same at purchasers' prices, tariffs included.
    HomeShareAtPurchasers,
    /// Home value added in final use of manufactures.
    HomeContent,
    /// Home value added in all final use.
    HomeContentOfFinalUse,
    /// Home manufacturing's part of all manufacturing value added in final use.
    HomeMakers,
    /// Exports less imports over GDP.
    TradeBalance,
    /// Exports less imports with a partner over own GDP.
    BilateralBalance,
    /// The same in goods.
    BilateralGoodsBalance,
    /// A partner's share of goods imports.
    Dependence,
    /// A partner's share of all manufactures bought.
    DependenceOfManufacturesUsed,
    /// Concentration of manufactures imports on suppliers.
    Concentration,
    /// The mean share of the largest foreign supplier of a manufacture.
    LargestSupplier,
    /// Real final spending, at the data's shares where final demand is shifted.
    Welfare,
    /// A use's spending over its own price index, new over old.
    Real(FinalUse),
    /// Wage over the index of all final use.
    RealWage,
    /// Wage at the numeraire.
    Wage,
    /// GDP at the numeraire.
    Gdp,
    /// Tariff and export tax revenue over GDP.
    Revenue,
}

impl Dial {
    /// All, in the order of tables.
    pub const ALL: [Self; 24] = [
        Self::Use(FinalUse::Household),
        Self::Use(FinalUse::Government),
        Self::Use(FinalUse::Investment),
        Self::ManufacturingShare,
        Self::HomeShare,
        Self::HomeShareAtPurchasers,
        Self::HomeContent,
        Self::HomeContentOfFinalUse,
        Self::HomeMakers,
        Self::TradeBalance,
        Self::BilateralBalance,
        Self::BilateralGoodsBalance,
        Self::Dependence,
        Self::DependenceOfManufacturesUsed,
        Self::Concentration,
        Self::LargestSupplier,
        Self::Welfare,
        Self::Real(FinalUse::Household),
        Self::Real(FinalUse::Government),
        Self::Real(FinalUse::Investment),
        Self::RealWage,
        Self::Wage,
        Self::Gdp,
        Self::Revenue,
    ];

    /// Those that say how an economy is balanced, in the order of `dials.csv`.
    pub fn of_balance() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().take(16)
    }

    /// Its entry in the catalogue.
    pub fn entry(self) -> &'static OutcomeEntry {
        match self {
            Self::Use(FinalUse::Household) => &entries::HOUSEHOLD_CONSUMPTION,
            Self::Use(FinalUse::Government) => &entries::GOVERNMENT,
            Self::Use(FinalUse::Investment) => &entries::INVESTMENT,
            Self::ManufacturingShare => &entries::MANUFACTURING_SHARE,
            Self::HomeShare => &entries::HOME_SHARE,
            Self::HomeShareAtPurchasers => &entries::HOME_SHARE_AT_PURCHASERS,
            Self::HomeContent => &entries::HOME_CONTENT,
            Self::HomeContentOfFinalUse => &entries::HOME_CONTENT_OF_FINAL_USE,
            Self::HomeMakers => &entries::HOME_MAKERS,
            Self::TradeBalance => &entries::TRADE_BALANCE,
            Self::BilateralBalance => &entries::BILATERAL_BALANCE,
            Self::BilateralGoodsBalance => &entries::BILATERAL_GOODS_BALANCE,
            Self::Dependence => &entries::DEPENDENCE,
            Self::DependenceOfManufacturesUsed => &entries::DEPENDENCE_OF_MANUFACTURES_USED,
            Self::Concentration => &entries::CONCENTRATION,
            Self::LargestSupplier => &entries::LARGEST_SUPPLIER,
            Self::Welfare => &entries::WELFARE,
            Self::Real(FinalUse::Household) => &entries::REAL_HOUSEHOLD,
            Self::Real(FinalUse::Government) => &entries::REAL_GOVERNMENT,
            Self::Real(FinalUse::Investment) => &entries::REAL_INVESTMENT,
            Self::RealWage => &entries::REAL_WAGE,
            Self::Wage => &entries::WAGE,
            Self::Gdp => &entries::GDP,
            Self::Revenue => &entries::REVENUE,
        }
    }

    /// The dial with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dial| dial.entry().id == name)
    }

    /// Whether it is one with a partner.
    pub fn has_partner(self) -> bool {
        matches!(
            self,
            Self::BilateralBalance
                | Self::BilateralGoodsBalance
                | Self::Dependence
                | Self::DependenceOfManufacturesUsed
        )
    }

    /// Whether it needs final use told apart by who buys.
    pub fn needs_uses(self) -> bool {
        matches!(self, Self::Use(_) | Self::Real(_))
    }

    /// Whether a shift of final demand between uses sets it.
    pub fn is_share_of_uses(self) -> bool {
        matches!(self, Self::Use(_))
    }
}

/// A dial of an economy, with its partner where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DialOf {
    /// What.
    pub dial: Dial,
    /// Whose.
    pub economy: usize,
    /// With whom; none where the dial has no partner.
    pub partner: Option<usize>,
}

impl DialOf {
    /// Its value; none where data or setting do not define it (no uses of final demand, nothing bought).
    pub fn value(&self, calibration: &Calibration, e: &Equilibrium) -> Option<f64> {
        let value = match self.form(calibration) {
            Form::Of(objective) => objective.value(calibration, e),
            Form::LogOf(objective, scale) => scale * objective.value(calibration, e).exp(),
            Form::Content(content) => Tracing::new(calibration, e).share(content),
            Form::AtPurchasers => {
                let (home, all) = at_purchasers(calibration, e, self.economy);
                home / all
            }
            Form::Suppliers { largest } => suppliers(calibration, e, self.economy, largest, None),
            Form::RealSpending => {
                e.income[self.economy]
                    / calibration.income[self.economy]
                    / data_index(calibration, e, self.economy)
            }
            Form::RealWage => e.wage_hat[self.economy] / data_index(calibration, e, self.economy),
            Form::RealUse(by) => real_use(calibration, e, self.economy, by)?,
        };
        value.is_finite().then_some(value)
    }

    /// Its gradient in every instrument, by one adjoint.
    ///
    /// # Errors
    ///
    /// Where the dial is not defined, and what the adjoint refuses.
    pub fn gradient(&self, solver: &Solver, e: &Equilibrium) -> Result<DialGradient, EngineError> {
        let value = self.value(solver, e).ok_or_else(|| EngineError::Refused {
            setting: "dial",
            reason: format!("`{}` is not defined on these data", self.dial.entry().id),
        })?;
        let mut direct = Direct::new(solver);
        self.differentiate(solver, e, 1.0, &mut direct);
        direct.gradient(solver, e, value)
    }

    /// Adds `factor` times its direct derivatives.
    pub(super) fn differentiate(
        &self,
        calibration: &Calibration,
        e: &Equilibrium,
        factor: f64,
        to: &mut Direct,
    ) {
        match self.form(calibration) {
            Form::Of(objective) => {
                objective.differentiate(calibration, e, factor, &mut to.seed);
                self.differentiate_uses(calibration, e, factor, to);
            }
            Form::LogOf(objective, scale) => {
                let value = scale * objective.value(calibration, e).exp();
                objective.differentiate(calibration, e, factor * value, &mut to.seed);
            }
            Form::Content(content) => Tracing::new(calibration, e).differentiate(content, factor, to),
            Form::AtPurchasers => differentiate_at_purchasers(calibration, e, self.economy, factor, to),
            Form::Suppliers { largest } => {
                let mut by = Vec::new();
                suppliers(calibration, e, self.economy, largest, Some(&mut by));
                let border = to.border(calibration.dimensions.cells());
                by.into_iter().for_each(|(cell, by)| border[cell] += factor * by * e.numeraire_scale);
            }
            Form::RealSpending => {
                let n = self.economy;
                let per_index = factor / calibration.income[n] / data_index(calibration, e, n);
                to.seed.income[n] += per_index * e.numeraire_scale;
                seed_data_index(calibration, n, -per_index * e.income[n], to);
            }
            Form::RealWage => {
                let value = factor * e.wage_hat[self.economy] / data_index(calibration, e, self.economy);
                to.seed.wage[self.economy] += value;
                seed_data_index(calibration, self.economy, -value, to);
            }
            Form::RealUse(by) => differentiate_real_use(calibration, e, self.economy, by, factor, to),
        }
    }

    fn form(&self, calibration: &Calibration) -> Form {
        let n = self.economy;
        let of = |outcome| Scalar { outcome, economy: n };
        let over = |part: Vec<(f64, Scalar)>, whole: Outcome| {
            let whole = Objective::Sum(vec![(1.0, of(whole))]);
            Form::Of(Objective::Ratio(Box::new(Objective::Sum(part)), Box::new(whole)))
        };
        let bought = |seller, goods| of(Outcome::Purchases(seller, goods));
        let partner = Seller::Partner(self.partner.unwrap_or(n));
        let sold = |goods| Scalar {
            outcome: Outcome::Purchases(Seller::Partner(n), goods),
            economy: self.partner.unwrap_or(n),
        };
        let balance = |goods| over(vec![(1.0, sold(goods)), (-1.0, bought(partner, goods))], Outcome::Gdp);
        match self.dial {
            Dial::Use(by) => over(vec![(1.0, of(Outcome::FinalUse(by)))], Outcome::Gdp),
            Dial::ManufacturingShare => {
                Form::Of(Objective::Sum(vec![(1.0, of(Outcome::ManufacturingShare))]))
            }
            Dial::HomeShare => over(
                vec![(1.0, bought(Seller::Home, MANUFACTURES))],
                Outcome::Purchases(Seller::Any, MANUFACTURES),
            ),
            Dial::HomeShareAtPurchasers => Form::AtPurchasers,
            Dial::HomeContent => {
                Form::Content(Content { economy: n, of_manufactures: true, by_makers: false })
            }
            Dial::HomeContentOfFinalUse => {
                Form::Content(Content { economy: n, of_manufactures: false, by_makers: false })
            }
            Dial::HomeMakers => {
                Form::Content(Content { economy: n, of_manufactures: false, by_makers: true })
            }
            Dial::TradeBalance => {
                over(vec![(1.0, of(Outcome::Exports)), (-1.0, of(Outcome::Imports))], Outcome::Gdp)
            }
            Dial::BilateralBalance => balance(Goods::All),
            Dial::BilateralGoodsBalance => balance(Goods::Goods),
            Dial::Dependence => over(
                vec![(1.0, bought(partner, Goods::Goods))],
                Outcome::Purchases(Seller::Abroad, Goods::Goods),
            ),
            Dial::DependenceOfManufacturesUsed => over(
                vec![(1.0, bought(partner, MANUFACTURES))],
                Outcome::Purchases(Seller::Any, MANUFACTURES),
            ),
            Dial::Concentration => Form::Suppliers { largest: false },
            Dial::LargestSupplier => Form::Suppliers { largest: true },
            Dial::Welfare if at_data_shares(calibration) => Form::RealSpending,
            Dial::Welfare => {
                Form::LogOf(Objective::log(Outcome::Welfare, n), 1.0 / spending_of_data(calibration, n))
            }
            Dial::Real(by) => Form::RealUse(by),
            Dial::RealWage if at_data_shares(calibration) => Form::RealWage,
            Dial::RealWage => Form::Of(Objective::Sum(vec![(1.0, of(Outcome::RealWage))])),
            Dial::Wage => Form::Of(Objective::Sum(vec![(1.0, of(Outcome::Wage))])),
            Dial::Gdp => Form::Of(Objective::Sum(vec![(1.0, of(Outcome::Gdp))])),
            Dial::Revenue => over(
                vec![(1.0, of(Outcome::TariffRevenue)), (1.0, of(Outcome::ExportTaxRevenue))],
                Outcome::Gdp,
            ),
        }
    }

    /// What a shift between uses does directly: only shares of GDP know who buys.
    fn differentiate_uses(&self, calibration: &Calibration, e: &Equilibrium, factor: f64, to: &mut Direct) {
        let Dial::Use(by) = self.dial else { return };
        let d = calibration.dimensions;
        let gdp = Scalar { outcome: Outcome::Gdp, economy: self.economy }.value(calibration, e);
        to.by_use.resize(FinalUse::ALL.len() * d.pairs(), 0.0);
        for pair in (0..d.sectors).map(|s| d.pair(self.economy, s)) {
            to.by_use[by as usize * d.pairs() + pair] += factor * use_by_share(calibration, e, pair) / gdp;
        }
    }
}

/// How a dial is computed.
enum Form {
    /// An objective.
    Of(Objective),
    /// The exponential of one, times a constant.
    LogOf(Objective, f64),
    Content(Content),
    AtPurchasers,
    Suppliers {
        largest: bool,
    },
    RealSpending,
    RealWage,
    RealUse(FinalUse),
}

fn spending_of_data(calibration: &Calibration, economy: usize) -> f64 {
    let wasted = calibration.closure.revenue == Revenue::Wasted;
    calibration.income[economy] - if wasted { calibration.tariff_revenue[economy] } else { 0.0 }
}

/// Whether real spending at the data's shares is what welfare is: with Cobb-Douglas demand, hours fixed and revenue spent. Where final
/// demand is shifted, an index with new shares would compare two tastes.
fn at_data_shares(calibration: &Calibration) -> bool {
    let t = &calibration.technology;
    t.demand_elasticity.is_none()
        && t.hours_elasticity == 0.0
        && calibration.closure.revenue != Revenue::Wasted
}

/// The index of all final use with the shares of the data.
fn data_index(calibration: &Calibration, e: &Equilibrium, economy: usize) -> f64 {
    let d = calibration.dimensions;
    let pairs = (0..d.sectors).map(|s| d.pair(economy, s));
    pairs.map(|pair| calibration.final_share[pair] * e.price_hat[pair].ln()).sum::<f64>().exp()
}

/// Adds `amount` times the derivative of its logarithm; the numeraire moves what it deflates alike.
fn seed_data_index(calibration: &Calibration, economy: usize, amount: f64, to: &mut Direct) {
    let d = calibration.dimensions;
    for pair in (0..d.sectors).map(|s| d.pair(economy, s)) {
        to.seed.price[pair] += amount * calibration.final_share[pair];
    }
}

/// A use's spending over its price index, over the data's.
fn real_use(calibration: &Calibration, e: &Equilibrium, economy: usize, by: FinalUse) -> Option<f64> {
    let of_data = FinalUseShares::of_data(calibration)?;
    let under = FinalUseShares::under(calibration, &e.instruments)?;
    let d = calibration.dimensions;
    let before: f64 = (0..d.sectors).map(|s| of_data.share[by as usize][d.pair(economy, s)]).sum();
    let spending = under.spending(calibration, e, by, economy) / (before * calibration.income[economy]);
    Some(spending / of_data.log_price(e, by, economy)?.exp())
}

fn differentiate_real_use(
    calibration: &Calibration,
    e: &Equilibrium,
    economy: usize,
    by: FinalUse,
    factor: f64,
    to: &mut Direct,
) {
    let (Some(value), Some(of_data), Some(under)) = (
        real_use(calibration, e, economy, by),
        FinalUseShares::of_data(calibration),
        FinalUseShares::under(calibration, &e.instruments),
    ) else {
        return;
    };
    let d = calibration.dimensions;
    let spent = under.spending(calibration, e, by, economy);
    let scalar = Scalar { outcome: Outcome::FinalUse(by), economy };
    Objective::LogSum(vec![(1.0, scalar)]).differentiate(calibration, e, factor * value, &mut to.seed);
    let share = &of_data.share[by as usize];
    let pairs = || (0..d.sectors).map(|s| d.pair(economy, s));
    let whole: f64 = pairs().map(|pair| share[pair]).sum();
    to.by_use.resize(FinalUse::ALL.len() * d.pairs(), 0.0);
    for pair in pairs() {
        to.seed.price[pair] -= factor * value * share[pair] / whole;
        to.by_use[by as usize * d.pairs() + pair] +=
            factor * value * use_by_share(calibration, e, pair) / spent;
    }
    // The numeraire moves spending and prices alike; what the outcome's own derivative said of it is taken back.
    calibration.seed_numeraire(e, -factor * value, &mut to.seed);
}

/// Purchases of manufactures at purchasers' prices: of makers at home, and all.
fn at_purchasers(calibration: &Calibration, e: &Equilibrium, economy: usize) -> (f64, f64) {
    let d = calibration.dimensions;
    let (mut home, mut all) = (0.0, 0.0);
    for s in (0..d.sectors).filter(|s| MANUFACTURES.hold(calibration, *s)) {
        let cell = d.cell(economy, economy, s);
        home += e.border_value[cell] * (1.0 + e.instruments.tariff_rate[cell]);
        all += (0..d.economies)
            .map(|i| d.cell(economy, i, s))
            .map(|cell| e.border_value[cell] * (1.0 + e.instruments.tariff_rate[cell]))
            .sum::<f64>();
    }
    (home, all)
}

fn differentiate_at_purchasers(
    calibration: &Calibration,
    e: &Equilibrium,
    economy: usize,
    factor: f64,
    to: &mut Direct,
) {
    let d = calibration.dimensions;
    let (home, all) = at_purchasers(calibration, e, economy);
    to.border(d.cells());
    to.tariff.resize(d.cells(), 0.0);
    for s in (0..d.sectors).filter(|s| MANUFACTURES.hold(calibration, *s)) {
        for i in 0..d.economies {
            let cell = d.cell(economy, i, s);
            let own = if i == economy { 1.0 } else { 0.0 };
            let by = factor * (own - home / all) / all * (1.0 + e.instruments.tariff_rate[cell]);
            to.seed.border_value[cell] += by * e.numeraire_scale;
            to.tariff[cell] += by * e.border_value[cell];
        }
    }
}

/// Concentration of an economy's manufactures imports: the sum of squared shares of suppliers, or the share of the largest, of each sector
/// weighted by imports; with the derivatives in border values where they are asked for.
fn suppliers(
    calibration: &Calibration,
    e: &Equilibrium,
    economy: usize,
    largest: bool,
    by: Option<&mut Vec<(usize, f64)>>,
) -> f64 {
    let d = calibration.dimensions;
    let sectors = || (0..d.sectors).filter(|s| MANUFACTURES.hold(calibration, *s));
    let abroad =
        |s: usize| (0..d.economies).filter(move |i| *i != economy).map(move |i| d.cell(economy, i, s));
    let imports = |s: usize| -> f64 { abroad(s).map(|cell| e.border_value[cell]).sum() };
    let most = |s: usize| abroad(s).max_by(|a, b| e.border_value[*a].total_cmp(&e.border_value[*b]));
    let squares = |s: usize| -> f64 { abroad(s).map(|cell| e.border_value[cell].powi(2)).sum() };
    let all: f64 = sectors().map(imports).sum();
    let part = |s: usize| match (largest, most(s)) {
        (true, Some(cell)) => e.border_value[cell],
        _ if imports(s) > 0.0 => squares(s) / imports(s),
        _ => 0.0,
    };
    let value = sectors().map(part).sum::<f64>() / all;
    if let Some(by) = by {
        for s in sectors().filter(|s| imports(*s) > 0.0) {
            let (of_sector, square, most) = (imports(s), squares(s), most(s));
            by.extend(abroad(s).map(|cell| {
                let own = if largest {
                    if most == Some(cell) { 1.0 } else { 0.0 }
                } else {
                    2.0 * e.border_value[cell] / of_sector - square / of_sector.powi(2)
                };
                (cell, (own - value) / all)
            }));
        }
    }
    value
}
