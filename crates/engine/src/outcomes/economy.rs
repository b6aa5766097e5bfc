//! Outcomes by economy: the numbers that the catalogue (`catalogue/economy.rs`) gives a column each.

use super::decomposition::Decomposition;
use super::final_use::FinalUseShares;
use super::headline::headline;
pub use super::row::EconomyOutcome;
use super::{percent, ratio};
use crate::equilibrium::Equilibrium;
use crate::model::benchmark::FinalUse;
use crate::model::calibration::Calibration;
use crate::model::closure::LabourSupply;

/// Exports and imports of every economy at border values, home sales excluded.
pub fn trade_totals(calibration: &Calibration, border_value: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = calibration.dimensions.economies;
    let mut exports = vec![0.0; n];
    let mut imports = vec![0.0; n];
    for (row, values) in border_value.chunks_exact(n).enumerate() {
        let importer = row % n;
        for (exporter, value) in values.iter().enumerate() {
            if exporter != importer {
                exports[exporter] += value;
                imports[importer] += value;
            }
        }
    }
    (exports, imports)
}

/// GDP: factor income, profits, revenue.
pub fn gdp(equilibrium: &Equilibrium, economy: usize) -> f64 {
    equilibrium.factor_income[economy]
        + equilibrium.profits[economy]
        + equilibrium.tariff_revenue[economy]
        + equilibrium.export_tax_revenue[economy]
}

/// Households' share of each pair's final use, N·S, where the data have a category of that name beside others.
pub fn household_share(calibration: &Calibration) -> Option<Vec<f64>> {
    let demand = calibration.benchmark.final_demand.as_ref()?;
    let is_household = |name: &String| {
        let name = name.to_lowercase();
        name.contains("household") || name == "hfce" || name == "consumption"
    };
    let household = demand.categories.iter().position(is_household)?;
    let pairs = calibration.dimensions.pairs();
    Some(
        (0..pairs)
            .map(|pair| {
                let total: f64 = demand.value.iter().map(|category| category[pair]).sum();
                if total > 0.0 { demand.value[household][pair] / total } else { 0.0 }
            })
            .collect(),
    )
}

pub(super) fn all(
    calibration: &Calibration,
    baseline: &Equilibrium,
    counterfactual: &Equilibrium,
    decomposition: &Decomposition,
) -> Vec<EconomyOutcome> {
    let d = calibration.dimensions;
    let terms_of_trade = Decomposition::by_economy(calibration, &decomposition.terms_of_trade);
    let volume_of_trade = Decomposition::by_economy(calibration, &decomposition.volume_of_trade);
    let (exports_before, imports_before) = trade_totals(calibration, &baseline.border_value);
    let (exports_after, imports_after) = trade_totals(calibration, &counterfactual.border_value);
    let household = household_share(calibration);
    let spending = |equilibrium: &Equilibrium, n: usize| -> f64 {
        (0..d.sectors).map(|s| equilibrium.expenditure[d.pair(n, s)]).sum()
    };
    let uses = [baseline, counterfactual].map(|e| FinalUseShares::under(calibration, &e.instruments));
    let consumption = |equilibrium: &Equilibrium, uses: &Option<FinalUseShares>, n: usize| {
        // By use, where all are told apart: a shift of final demand moves what households spend and not only where it is spent.
        let used = match uses {
            Some(uses) => uses.spending(calibration, equilibrium, FinalUse::Household, n),
            None => {
                let share = household.as_ref()?;
                (0..d.sectors).map(|s| d.pair(n, s)).map(|p| share[p] * equilibrium.final_use[p]).sum()
            }
        };
        ratio(used, gdp(equilibrium, n))
    };
    let consumer_price = |n: usize| {
        let share = household.as_ref()?;
        let weight: Vec<f64> =
            (0..d.sectors).map(|s| d.pair(n, s)).map(|p| share[p] * calibration.final_share[p]).collect();
        let total: f64 = weight.iter().sum();
        let change: f64 = (0..d.sectors)
            .map(|s| {
                weight[s] * (counterfactual.price_hat[d.pair(n, s)] / baseline.price_hat[d.pair(n, s)]).ln()
            })
            .sum();
        percent((change / total).exp(), 1.0)
    };
    (0..d.economies)
        .map(|n| {
            let price = counterfactual.price_index_hat[n] / baseline.price_index_hat[n];
            let headline = headline(calibration, baseline, counterfactual, n);
            let welfare = headline.welfare_pct;
            let first_order = terms_of_trade[n] + volume_of_trade[n] + decomposition.trade_cost[n];
            let shifting = decomposition.profit_shifting.as_ref().map(|terms| terms[n]);
            let scale = decomposition.scale.as_ref().map(|terms| terms[n]);
            let others = shifting.unwrap_or(0.0) + scale.unwrap_or(0.0);
            EconomyOutcome {
                first_order_welfare_pct: Some(first_order),
                terms_of_trade_pct: Some(terms_of_trade[n]),
                volume_of_trade_pct: Some(volume_of_trade[n]),
                trade_cost_pct: Some(decomposition.trade_cost[n]),
                profit_shifting_pct: shifting,
                scale_pct: scale,
                decomposition_remainder_pct: welfare.map(|w| w - first_order - others),
                consumer_price_pct: consumer_price(n),
                real_gdp_pct: percent(gdp(counterfactual, n) / price, gdp(baseline, n)),
                expenditure_pct: percent(spending(counterfactual, n), spending(baseline, n)),
                profits_pct: percent(counterfactual.profits[n], baseline.profits[n]),
                employment_pct: match calibration.closure.labour_supply {
                    LabourSupply::Fixed => None,
                    LabourSupply::Elastic => percent(counterfactual.labour_hat[n], baseline.labour_hat[n]),
                },
                exports_before: Some(exports_before[n]),
                exports_after: Some(exports_after[n]),
                exports_pct: percent(exports_after[n], exports_before[n]),
                imports_before: Some(imports_before[n]),
                imports_after: Some(imports_after[n]),
                imports_pct: percent(imports_after[n], imports_before[n]),
                consumption_share_before: consumption(baseline, &uses[0], n),
                consumption_share: consumption(counterfactual, &uses[1], n),
                ..headline
            }
        })
        .collect()
}
