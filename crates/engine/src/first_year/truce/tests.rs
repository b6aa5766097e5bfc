use super::*;
use crate::model::benchmark::{Economy, Sector, SectorKind};
use proptest::prelude::*;

const N: usize = 3;
const S: usize = 2;

fn benchmark(flows: &[f64], rates: &[f64]) -> Benchmark {
    let economies = ["A", "B", "C"]
        .map(|code| Economy { code: code.into(), name: code.into(), members: Vec::new() })
        .to_vec();
    let sectors = ["X", "Y"]
        .map(|code| Sector {
            code: code.into(),
            name: code.into(),
            kind: SectorKind::Manufacturing,
            trade_elasticity: 4.0,
            elasticity_of_substitution: None,
            scale_elasticity: None,
            tariff_elasticity: None,
        })
        .to_vec();
    Benchmark {
        name: "three".into(),
        unit: "million USD".into(),
        source: "made up".into(),
        licence: "none".into(),
        year: None,
        economies,
        sectors,
        border_value: flows.to_vec(),
        tariff_rate: rates.to_vec(),
        tariffs_given: true,
        value_added_share: vec![1.0; N * S],
        input_share: None,
        final_share: None,
        final_demand: None,
        value_added: None,
        trade_deficit: None,
        political_weight: None,
        capital_share: None,
        local_cost_share: None,
    }
}

/// One importer, two suppliers, by hand: ε = 1, no duty before, 25 percent on B after, 60 percent re-sourced.
#[test]
fn one_duty_by_hand() {
    let size = Dimensions { economies: N, sectors: S };
    let mut flows = vec![0.0; size.cells()];
    flows[size.cell(0, 0, 0)] = 1000.0;
    flows[size.cell(0, 1, 0)] = 100.0;
    flows[size.cell(0, 2, 0)] = 50.0;
    let before = vec![0.0; size.cells()];
    let mut after = before.clone();
    after[size.cell(0, 1, 0)] = 0.25;
    let benchmark = benchmark(&flows, &before);
    let outcome = truce(&benchmark, &before, &after, &TruceParameters::uniform(S, 1.0, 0.6)).unwrap();
    // B keeps 100/1.25 = 80; of the 20 lost C gets 12; the bill is 142, the duty 20.
    let close = |found: f64, right: f64| assert!((found - right).abs() < 1e-9, "{found} is not {right}");
    close(outcome.bilateral(0, 1).1, 80.0);
    close(outcome.bilateral(0, 2).1, 62.0);
    let buyer = &outcome.accounts[0];
    close(buyer.imports, 142.0);
    close(buyer.duty, 20.0);
    close(buyer.price_rise_on_purchases, 20.0);
    close(buyer.loss_on_forgone_purchases, 2.5);
    close(buyer.deadweight_loss, 2.5);
    close(outcome.accounts[1].sales_at_risk, 20.0);
    close(outcome.accounts[2].sales_gained, 12.0);
    close(buyer.income, 1150.0);
    close(buyer.income_pct(), -250.0 / 1150.0);
}

#[test]
fn elasticities_of_the_long_run_are_refused() {
    let size = Dimensions { economies: N, sectors: S };
    let zero = vec![0.0; size.cells()];
    let benchmark = benchmark(&vec![1.0; size.cells()], &zero);
    let refused = truce(&benchmark, &zero, &zero, &TruceParameters::uniform(S, 2.0, 0.6));
    assert!(matches!(refused, Err(EngineError::Domain { what: "short_run_elasticity", .. })), "{refused:?}");
    let mut bad = zero.clone();
    bad[5] = -1.0;
    let refused = truce(&benchmark, &zero, &bad, &TruceParameters::uniform(S, 0.5, 0.6)).unwrap_err();
    assert!(refused.to_string().contains("[B, C, X]"), "{refused}");
}

fn cells(range: std::ops::Range<f64>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(range, N * N * S)
}

proptest! {
    /// No tariff change, no change, whatever the parameters.
    #[test]
    fn no_change(flows in cells(0.0..1e6), rates in cells(0.0..0.5), epsilon in 0.01..1.0, r in 0.0..1.0, rho in 0.1..1.0) {
        let parameters = TruceParameters { pass_through: rho, home_share: 1.0 - r, ..TruceParameters::uniform(S, epsilon, r) };
        let outcome = truce(&benchmark(&flows, &rates), &rates, &rates, &parameters).unwrap();
        prop_assert_eq!(&outcome.border_value, &outcome.border_value_before);
        for account in &outcome.accounts {
            prop_assert_eq!(account.private_cost(), 0.0);
            prop_assert_eq!(account.revenue_change(), 0.0);
            prop_assert_eq!(account.deadweight_loss, 0.0);
        }
    }

    /// The identities, to the cent on flows of up to 100 million dollars (unit: dollars).
    #[test]
    fn identities(flows in cells(0.0..1e8), before in cells(0.0..0.5), after in cells(0.0..1.5), epsilon in 0.01..1.0, r in 0.0..1.0, rho in 0.1..1.0) {
        let parameters = TruceParameters { pass_through: rho, ..TruceParameters::uniform(S, epsilon, r) };
        let economy = benchmark(&flows, &before);
        let size = economy.dimensions();
        let outcome = truce(&economy, &before, &after, &parameters).unwrap();
        for importer in 0..N {
            let account = &outcome.accounts[importer];
            // What the importer pays (bill and duty) is what the same quantities cost before, and the price rise on them.
            let mut at_old_prices = 0.0;
            for sector in 0..S {
                for exporter in (0..N).filter(|exporter| *exporter != importer) {
                    let at = size.cell(importer, exporter, sector);
                    let border_price = ((1.0 + after[at]) / (1.0 + before[at])).powf(rho - 1.0);
                    at_old_prices += (1.0 + before[at]) * outcome.border_value[at] / border_price;
                }
            }
            let cent = 0.01;
            prop_assert!((account.imports + account.duty - at_old_prices - account.price_rise_on_purchases).abs() < cent);
            // Revenue, private cost and deadweight loss add up, exporters' concession included.
            let gap = account.revenue_change() + account.deadweight_loss - account.private_cost() - account.concession_received;
            prop_assert!(gap.abs() < cent, "gap {gap}");
        }
        let imports: f64 = outcome.accounts.iter().map(|account| account.imports).sum();
        let exports: f64 = outcome.accounts.iter().map(|account| account.exports).sum();
        prop_assert!((imports - exports).abs() < 0.01);
        let given: f64 = outcome.accounts.iter().map(|account| account.concession_given).sum();
        let received: f64 = outcome.accounts.iter().map(|account| account.concession_received).sum();
        prop_assert!((given - received).abs() < 0.01);
    }

    /// Complete pass-through moves no border price, so that nobody gains on the terms of trade; and what is lost is re-sourced or gone.
    #[test]
    fn complete_pass_through(flows in cells(1.0..1e6), rate in 0.01..1.0, epsilon in 0.01..1.0, r in 0.0..1.0) {
        let size = Dimensions { economies: N, sectors: S };
        let zero = vec![0.0; size.cells()];
        let mut after = zero.clone();
        after[size.cell(0, 1, 0)] = rate;
        let outcome = truce(&benchmark(&flows, &zero), &zero, &after, &TruceParameters::uniform(S, epsilon, r)).unwrap();
        let buyer = &outcome.accounts[0];
        prop_assert_eq!(buyer.concession_received, 0.0);
        prop_assert!(buyer.income_pct() < 0.0);
        prop_assert!((buyer.duty - buyer.price_rise_on_purchases).abs() < 1e-6);
        let lost = outcome.accounts[1].sales_at_risk;
        prop_assert!((outcome.accounts[2].sales_gained - r * lost).abs() < 1e-6);
        prop_assert!((buyer.imports_before - buyer.imports - (1.0 - r) * lost).abs() < 1e-6);
    }
}
