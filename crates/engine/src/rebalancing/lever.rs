//! Levers: what policy (or a condition) moves, each one number and a direction in the instruments.

use super::direct::DialGradient;
use crate::error::EngineError;
use crate::model::benchmark::FinalUse;
use crate::model::calibration::Calibration;
use crate::model::closure::Deficits;
use crate::model::instruments::{FinalDemandShift, Instruments};
use crate::outcomes::final_use::FinalUseShares;

/// What a lever's number does to the instruments that it starts from. Cells and pairs lie as [`Dimensions`](crate::index::Dimensions) says.
#[derive(Clone, Debug, PartialEq)]
pub enum Lever {
    /// Adds to the tariff of cells, a fraction.
    TariffPoints(Vec<usize>),
    /// Multiplies 1 + t of cells; the number is the factor's logarithm.
    TariffFactor(Vec<usize>),
    /// Adds to the export tax of cells, a fraction.
    ExportTax(Vec<usize>),
    /// Takes from the export tax of cells, home sales included: a share of what makers receive, paid by the treasury.
    OutputSubsidy(Vec<usize>),
    /// The same as the logarithm of `1 + r`, r what makers receive over what buyers pay, less one.
    OutputTopUp(Vec<usize>),
    /// The logarithm of a factor on the iceberg cost of cells.
    TradeCost(Vec<usize>),
    /// The logarithm of a factor on the productivity of pairs.
    Productivity(Vec<usize>),
    /// The logarithm of a factor on the capital of pairs, under specific factors.
    Capital {
        /// Which.
        pairs: Vec<usize>,
        /// Who owns the return to what is added; the host where none.
        owner: Option<usize>,
    },
    /// Adds to an economy's deficit, as a share of its own GDP of the data; all others share the other side by their factor income.
    Saving {
        /// Whose.
        economy: usize,
        /// Who spends the difference; all in proportion where none.
        spent_by: Option<FinalUse>,
    },
    /// Moves final demand between uses, as a share of own GDP of the data: a condition, since no policy is modelled that does it.
    FinalDemand {
        /// Whose.
        economy: usize,
        /// Who spends less.
        from: FinalUse,
        /// Who spends more.
        to: FinalUse,
    },
}

/// GDP of the data: what is earned, revenue included.
pub fn gdp_of_data(calibration: &Calibration, economy: usize) -> f64 {
    calibration.income[economy] - calibration.trade_deficit[economy]
}

impl Lever {
    /// Whether it is a condition and not a policy.
    pub fn is_condition(&self) -> bool {
        matches!(self, Self::FinalDemand { .. })
    }

    /// How the deficit of each economy moves per unit, N; empty where it does not.
    pub fn deficits(&self, calibration: &Calibration) -> Vec<f64> {
        let Self::Saving { economy, .. } = self else { return Vec::new() };
        let n = calibration.dimensions.economies;
        let moved = gdp_of_data(calibration, *economy);
        let same = |other: usize| other != *economy && calibration.bloc[other] == calibration.bloc[*economy];
        let others: f64 = (0..n).filter(|i| same(*i)).map(|i| calibration.factor_income[i]).sum();
        (0..n)
            .map(|i| match same(i) {
                true => -moved * calibration.factor_income[i] / others,
                false if i == *economy && others > 0.0 => moved,
                false => 0.0,
            })
            .collect()
    }

    /// Refuses a lever that the closure or the data do not know.
    pub fn check(&self, calibration: &Calibration) -> Result<(), EngineError> {
        let refused =
            |setting, reason: &str| Err(EngineError::Refused { setting, reason: reason.to_owned() });
        match self {
            Self::Saving { .. } if calibration.closure.deficits == Deficits::ShareOfGdp => refused(
                "saving",
                "a lever sets levels of deficits, and under `share-of-gdp` they follow GDP; use deficits = \"fixed\"",
            ),
            Self::Saving { spent_by: Some(_), .. } | Self::FinalDemand { .. }
                if FinalUseShares::of_data(calibration).is_none() =>
            {
                refused("final demand", NO_USES)
            }
            Self::Capital { .. } if calibration.technology.factor_power.is_empty() => {
                refused("capital", "sector capital exists only under factor_market = \"specific\"")
            }
            _ => Ok(()),
        }
    }
}

/// What is said where uses of final demand are asked for and not known.
pub const NO_USES: &str = "the data do not tell who buys for final use: `final_demand.csv` (economy, category, sector, value) with \
                           categories household, government and investment is missing";

/// Levers at given numbers, over the instruments that they start from.
pub fn apply(
    calibration: &Calibration,
    from: &Instruments,
    levers: &[&Lever],
    sizes: &[f64],
) -> Result<Instruments, EngineError> {
    let d = calibration.dimensions;
    let mut to = from.clone();
    let fill = |values: &mut Vec<f64>, size: usize, with: f64| {
        if values.is_empty() {
            values.resize(size, with);
        }
    };
    let mut deficit: Option<Vec<f64>> = None;
    let uses = FinalUseShares::of_data(calibration);
    for (lever, size) in levers.iter().zip(sizes) {
        if *size == 0.0 {
            continue;
        }
        match lever {
            Lever::TariffPoints(cells) => cells.iter().for_each(|cell| to.tariff_rate[*cell] += size),
            Lever::TariffFactor(cells) => {
                for cell in cells {
                    to.tariff_rate[*cell] = (1.0 + to.tariff_rate[*cell]) * size.exp() - 1.0;
                }
            }
            Lever::ExportTax(cells) => {
                fill(&mut to.export_tax_rate, d.cells(), 0.0);
                cells.iter().for_each(|cell| to.export_tax_rate[*cell] += size);
            }
            Lever::OutputSubsidy(cells) => {
                fill(&mut to.export_tax_rate, d.cells(), 0.0);
                cells.iter().for_each(|cell| to.export_tax_rate[*cell] -= size);
            }
            Lever::OutputTopUp(cells) => {
                fill(&mut to.export_tax_rate, d.cells(), 0.0);
                for cell in cells {
                    to.export_tax_rate[*cell] = (1.0 + to.export_tax_rate[*cell]) * (-size).exp() - 1.0;
                }
            }
            Lever::TradeCost(cells) => {
                fill(&mut to.trade_cost_hat, d.cells(), 1.0);
                cells.iter().for_each(|cell| to.trade_cost_hat[*cell] *= size.exp());
            }
            Lever::Productivity(pairs) => {
                fill(&mut to.productivity_hat, d.pairs(), 1.0);
                pairs.iter().for_each(|pair| to.productivity_hat[*pair] *= size.exp());
            }
            Lever::Capital { pairs, owner } => {
                fill(&mut to.capital_hat, d.pairs(), 1.0);
                if to.capital_owner.is_empty() {
                    to.capital_owner = (0..d.pairs()).map(|pair| pair % d.economies).collect();
                }
                for pair in pairs {
                    to.capital_hat[*pair] *= size.exp();
                    to.capital_owner[*pair] = owner.unwrap_or(pair % d.economies);
                }
            }
            Lever::Saving { economy, spent_by } => {
                let levels = match &mut deficit {
                    Some(levels) => levels,
                    None => deficit.insert(calibration.deficit_levels(from)?),
                };
                let change = lever.deficits(calibration);
                levels.iter_mut().zip(&change).for_each(|(level, by)| *level += size * by);
                if let (Some(by), Some(uses)) = (spent_by, &uses) {
                    let moved = spender_moves(calibration, uses, *economy, *by, *size);
                    to.final_demand_shifts.push(shift(calibration, uses, *economy, moved));
                }
            }
            Lever::FinalDemand { economy, from, to: gains } => {
                let uses = uses.as_ref().ok_or_else(no_uses)?;
                let part = size * gdp_of_data(calibration, *economy) / calibration.income[*economy];
                let mut moved = [0.0; 3];
                moved[*from as usize] -= part;
                moved[*gains as usize] += part;
                to.final_demand_shifts.push(shift(calibration, uses, *economy, moved));
            }
        }
    }
    if let Some(levels) = deficit {
        to.trade_deficit = levels.into_iter().map(Some).collect();
    }
    Ok(to)
}

fn no_uses() -> EngineError {
    EngineError::Refused { setting: "final demand", reason: NO_USES.to_owned() }
}

/// Budgets of the data, a share of final spending for each use.
fn budgets(calibration: &Calibration, uses: &FinalUseShares, economy: usize) -> [f64; 3] {
    let d = calibration.dimensions;
    std::array::from_fn(|c| (0..d.sectors).map(|s| uses.share[c][d.pair(economy, s)]).sum())
}

/// How budgets move where one use bears a deficit's change of `size` of GDP: `b' ∝ b I⁰ + ΔD 1_c`.
fn spender_moves(
    calibration: &Calibration,
    uses: &FinalUseShares,
    economy: usize,
    by: FinalUse,
    size: f64,
) -> [f64; 3] {
    let (income, before) = (calibration.income[economy], budgets(calibration, uses, economy));
    let moved = size * gdp_of_data(calibration, economy);
    std::array::from_fn(|c| {
        let own = if c == by as usize { moved } else { 0.0 };
        (before[c] * income + own) / (income + moved) - before[c]
    })
}

/// The same per unit of `size`.
fn spender_slope(
    calibration: &Calibration,
    uses: &FinalUseShares,
    economy: usize,
    by: FinalUse,
    size: f64,
) -> [f64; 3] {
    let (income, before) = (calibration.income[economy], budgets(calibration, uses, economy));
    let gdp = gdp_of_data(calibration, economy);
    let whole = income + size * gdp;
    std::array::from_fn(|c| {
        let own = if c == by as usize { 1.0 } else { 0.0 };
        gdp * (own - (before[c] * income + own * size * gdp) / whole) / whole
    })
}

/// Budgets moved, what each use buys as in the data.
fn shift(
    calibration: &Calibration,
    uses: &FinalUseShares,
    economy: usize,
    moved: [f64; 3],
) -> FinalDemandShift {
    let d = calibration.dimensions;
    let before = budgets(calibration, uses, economy);
    let by_use: Vec<f64> = (0..3)
        .flat_map(|c| (0..d.sectors).map(move |s| (c, s)))
        .map(
            |(c, s)| {
                if before[c] > 0.0 { moved[c] * uses.share[c][d.pair(economy, s)] / before[c] } else { 0.0 }
            },
        )
        .collect();
    let shift = (0..d.sectors).map(|s| (0..3).map(|c| by_use[c * d.sectors + s]).sum()).collect();
    FinalDemandShift { economy, shift, by_use }
}

impl Lever {
    /// What a gradient at instruments says of the lever's number, held at `size` now.
    pub fn slope(
        &self,
        calibration: &Calibration,
        instruments: &Instruments,
        gradient: &DialGradient,
        size: f64,
    ) -> f64 {
        let by = &gradient.gradient;
        let sum = |values: &[f64], at: &[usize]| -> f64 { at.iter().map(|place| values[*place]).sum() };
        let kept = |cell: &usize| 1.0 + instruments.export_tax_rate.get(*cell).copied().unwrap_or(0.0);
        match self {
            Self::TariffPoints(cells) => {
                cells.iter().map(|cell| by.tariff[*cell] / (1.0 + instruments.tariff_rate[*cell])).sum()
            }
            Self::TariffFactor(cells) => sum(&by.tariff, cells),
            Self::ExportTax(cells) => cells.iter().map(|cell| by.export_tax[*cell] / kept(cell)).sum(),
            Self::OutputSubsidy(cells) => {
                -cells.iter().map(|cell| by.export_tax[*cell] / kept(cell)).sum::<f64>()
            }
            Self::OutputTopUp(cells) => -sum(&by.export_tax, cells),
            Self::TradeCost(cells) => sum(&by.trade_cost, cells),
            Self::Productivity(pairs) => sum(&by.productivity, pairs),
            Self::Capital { pairs, .. } => sum(&by.capital, pairs),
            Self::Saving { economy, spent_by } => {
                let world: f64 = calibration.factor_income.iter().sum();
                let saved = by.deficit[*economy] * gdp_of_data(calibration, *economy) / world;
                let Some((spender, uses)) = spent_by.zip(FinalUseShares::of_data(calibration)) else {
                    return saved;
                };
                let moved = spender_slope(calibration, &uses, *economy, spender, size);
                saved
                    + by_shift(
                        calibration,
                        instruments,
                        gradient,
                        &shift(calibration, &uses, *economy, moved),
                    )
            }
            Self::FinalDemand { economy, from, to } => {
                let Some(uses) = FinalUseShares::of_data(calibration) else { return 0.0 };
                let part = gdp_of_data(calibration, *economy) / calibration.income[*economy];
                let mut moved = [0.0; 3];
                moved[*from as usize] -= part;
                moved[*to as usize] += part;
                by_shift(calibration, instruments, gradient, &shift(calibration, &uses, *economy, moved))
            }
        }
    }
}

/// What a gradient says of a shift of final demand: of what is bought, and of who buys beside that.
fn by_shift(
    calibration: &Calibration,
    instruments: &Instruments,
    gradient: &DialGradient,
    shift: &FinalDemandShift,
) -> f64 {
    let d = calibration.dimensions;
    let mut sum = 0.0;
    for (s, moved) in shift.shift.iter().enumerate() {
        sum += gradient.gradient.final_demand[d.pair(shift.economy, s)] * moved;
    }
    if gradient.by_use.is_empty() {
        return sum;
    }
    // The gradient has the cell's uses move in proportion; the rest is the difference.
    let Some(uses) = FinalUseShares::under(calibration, instruments) else { return sum };
    for c in 0..FinalUse::ALL.len() {
        for (s, moved) in shift.shift.iter().enumerate() {
            let pair = d.pair(shift.economy, s);
            let whole: f64 = uses.share.iter().map(|share| share[pair]).sum();
            let part = if whole > 0.0 { uses.share[c][pair] / whole } else { 0.0 };
            let beside = shift.by_use[c * d.sectors + s] - part * moved;
            sum += gradient.by_use[c * d.pairs() + pair] * beside;
        }
    }
    sum
}
