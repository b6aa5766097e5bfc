use super::*;
use crate::index::Dimensions;
use crate::model::benchmark::{Benchmark, Economy, Sector, SectorKind};
use proptest::prelude::*;

const N: usize = 4;
const S: usize = 2;
const SIZE: Dimensions = Dimensions { economies: N, sectors: S };

fn benchmark(flows: &[f64], rates: &[f64]) -> Benchmark {
    let economies = ["A", "B", "C", "D"]
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
        name: "four".into(),
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

fn parameters(sigma: f64, eta: f64, kappa: Option<f64>, rho: f64) -> FirstYearParameters {
    FirstYearParameters { pass_through: rho, with_home: kappa, ..FirstYearParameters::two_nests(sigma, eta) }
}

fn close(found: f64, right: f64, tolerance: f64) {
    assert!((found - right).abs() <= tolerance * right.abs().max(1.0), "{found} is not {right}");
}

/// One importer, two suppliers of equal size, no duty before, 25 percent on one; σ 3, η 1, by hand:
/// P² = 2/(1 + 1.25⁻²), so that B keeps 100·1.25⁻³·P² = 62.44 and C gains to 121.95; together 200/1.25-and-one's mean.
#[test]
fn one_duty_by_hand() {
    let mut flows = vec![0.0; SIZE.cells()];
    for (exporter, value) in [(0, 1000.0), (1, 100.0), (2, 100.0)] {
        flows[SIZE.cell(0, exporter, 0)] = value;
    }
    let none = vec![0.0; SIZE.cells()];
    let mut after = none.clone();
    after[SIZE.cell(0, 1, 0)] = 0.25;
    let found = first_year(&benchmark(&flows, &none), &after, &parameters(3.0, 1.0, None, 1.0)).unwrap();
    let square = 2.0 / (1.0 + 0.64);
    let (kept, gained) = (100.0 * 0.512 * square, 100.0 * square);
    close(found.bilateral(0, 1).1, kept, 1e-14);
    close(found.bilateral(0, 2).1, gained, 1e-14);
    // η = 1: spending with duty is given.
    close(1.25 * kept + gained, 200.0, 1e-14);
    let buyer = &found.accounts[0];
    close(buyer.buyers_gain, -100.0 * square.ln(), 1e-14);
    close(buyer.revenue_change(), 0.25 * kept, 1e-14);
    close(buyer.importers_account_pct(), 100.0 * (0.25 * kept - 100.0 * square.ln()) / 1200.0, 1e-13);
    close(buyer.to_other_origins_pct().unwrap(), 100.0 * (gained - 100.0) / (100.0 - kept), 1e-12);
    assert_eq!(buyer.to_home, None);
    close(found.accounts[1].value_added, kept - 100.0, 1e-14);
    close(found.accounts[1].sales_at_risk, 100.0 - kept, 1e-14);
    close(found.accounts[2].sales_gained, gained - 100.0, 1e-14);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let none = vec![0.0; SIZE.cells()];
    let world = benchmark(&vec![1.0; SIZE.cells()], &none);
    for (bad, what) in [
        (parameters(-0.1, 1.0, None, 1.0), "between_origins"),
        (parameters(2.0, f64::NAN, None, 1.0), "between_products"),
        (parameters(2.0, 1.0, Some(f64::INFINITY), 1.0), "with_home"),
        (parameters(2.0, 1.0, None, 0.0), "pass_through"),
    ] {
        let refused = first_year(&world, &none, &bad).unwrap_err();
        assert!(refused.to_string().contains(what), "{refused}");
    }
    let mut bad = none.clone();
    bad[SIZE.cell(1, 2, 0)] = -1.0;
    let refused = first_year(&world, &bad, &parameters(2.0, 1.0, None, 1.0)).unwrap_err();
    assert!(refused.to_string().contains("[B, C, X]"), "{refused}");
    let purchase = |origin, value| Purchase { origin, value, rate: 0.0 };
    let trade = |from| ProductTrade { importer: 0, products: vec![Product { sector: 0, from }] };
    for (bad, what) in
        [(purchase(0, 1.0), "origin"), (purchase(9, 1.0), "origin"), (purchase(1, -1.0), "value")]
    {
        let bad = trade(vec![bad]);
        let refused = FirstYear::with_products(&world, vec![&bad]).unwrap_err();
        assert!(refused.to_string().contains(what), "{refused}");
    }
    let fine = trade(vec![purchase(1, 1.0)]);
    let question = FirstYear::with_products(&world, vec![&fine]).unwrap();
    let short = question.case(&none, &[ProductRates { importer: 0, rates: Vec::new() }]).unwrap_err();
    assert!(short.to_string().contains("rates by product"), "{short}");
    let twice = FirstYear::with_products(&world, vec![&fine, &fine]).unwrap_err();
    assert!(twice.to_string().contains("twice"), "{twice}");
}

fn cells(range: std::ops::Range<f64>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(range, SIZE.cells())
}

fn told() -> impl Strategy<Value = FirstYearParameters> {
    let one = prop_oneof![Just(1.0), 0.2..5.0];
    let other = prop_oneof![Just(1.0), 0.0..3.0];
    let home = prop_oneof![Just(None), Just(Some(1.0)), (0.0..3.0).prop_map(Some)];
    (one, other, home, prop_oneof![Just(1.0), 0.3..1.0])
        .prop_map(|(sigma, eta, kappa, rho)| parameters(sigma, eta, kappa, rho))
}

/// The first sector of the first importer by product, as shares of its cells, each product at a duty of its own.
fn by_product(shares: &[f64], rates: &[f64]) -> ProductTrade {
    let products = shares
        .chunks(N - 1)
        .zip(rates.chunks(N - 1))
        .map(|(shares, rates)| Product {
            sector: 0,
            from: shares
                .iter()
                .zip(rates)
                .zip(1..)
                .map(|((value, rate), origin)| Purchase { origin, value: *value, rate: *rate })
                .collect(),
        })
        .collect();
    ProductTrade { importer: 0, products }
}

proptest! {
    /// No tariff change, no change, to the last digit and whatever the parameters.
    #[test]
    fn no_change(flows in cells(0.0..1e6), rates in cells(0.0..0.5), told in told()) {
        let found = first_year(&benchmark(&flows, &rates), &rates, &told).unwrap();
        prop_assert_eq!(&found.border_value, &found.border_value_before);
        for account in &found.accounts {
            prop_assert_eq!((account.buyers_gain, account.revenue_change(), account.deadweight_loss()), (0.0, 0.0, 0.0));
            prop_assert_eq!((account.to_other_origins_pct(), account.value_added), (None, 0.0));
        }
    }

    /// Private cost and foreign concession are revenue and deadweight loss; with complete pass-through nobody concedes.
    #[test]
    fn accounts_add_up(flows in cells(0.0..1e6), before in cells(0.0..0.5), after in cells(0.0..1.5), told in told()) {
        let world = benchmark(&flows, &before);
        let found = first_year(&world, &after, &told).unwrap();
        let mut duty = 0.0;
        for (cell, rate) in after.iter().enumerate() {
            let (importer, exporter, _) = SIZE.cell_of(cell);
            if importer != exporter {
                duty += rate * found.border_value[cell];
            }
        }
        let total = |read: fn(&FirstYearAccounts) -> f64| found.accounts.iter().map(read).sum::<f64>();
        prop_assert!((total(|account| account.duty) - duty).abs() < 1e-12 * duty.max(1.0));
        prop_assert!((total(|account| account.imports) - total(|account| account.exports)).abs() < 1e-12 * total(|a| a.imports));
        prop_assert!((total(|a| a.concession_given) - total(|a| a.concession_received)).abs() < 1e-9 * duty.max(1.0));
        for account in &found.accounts {
            let gap = account.private_cost() + account.concession_received - account.revenue_change() - account.deadweight_loss();
            prop_assert!(gap.abs() < 1e-12 * account.duty.max(1.0), "gap {gap}");
            if told.pass_through == 1.0 {
                prop_assert_eq!(account.concession_received, 0.0);
            }
            // What is moved goes abroad, home or nowhere.
            if let (Some(abroad), Some(nowhere)) = (account.to_other_origins_pct(), account.given_up_pct()) {
                let home = account.to_home.unwrap_or(0.0) / account.purchases_moved;
                prop_assert!((abroad + nowhere + 100.0 * home - 100.0).abs() < 1e-9);
            }
        }
    }

    /// A duty can only cost, where there was none before: the deadweight loss is no rounding.
    #[test]
    fn a_duty_costs(flows in cells(1.0..1e6), after in cells(0.01..1.5), sigma in 0.2..5.0, eta in 0.0..3.0) {
        let none = vec![0.0; SIZE.cells()];
        let found = first_year(&benchmark(&flows, &none), &after, &parameters(sigma, eta, None, 1.0)).unwrap();
        for account in &found.accounts {
            prop_assert!(account.deadweight_loss() > -1e-9 * account.duty, "{}", account.deadweight_loss());
            prop_assert!(account.importers_account_pct() <= 1e-12);
        }
    }

    /// One elasticity at both nests: each origin answers to its own duty, and nothing is diverted.
    #[test]
    fn no_diversion_where_the_nests_are_alike(flows in cells(1.0..1e6), before in cells(0.0..0.5), after in cells(0.0..1.5), sigma in 0.2..5.0) {
        let found = first_year(&benchmark(&flows, &before), &after, &parameters(sigma, sigma, None, 1.0)).unwrap();
        for (cell, value) in found.border_value.iter().enumerate() {
            let (importer, exporter, _) = SIZE.cell_of(cell);
            let kept = if importer == exporter { 1.0 } else { ((1.0 + after[cell]) / (1.0 + before[cell])).powf(-sigma) };
            prop_assert!((value / (flows[cell] * kept) - 1.0).abs() < 1e-12);
        }
    }

    /// One duty on every origin of a product: its demand answers with η, whatever σ.
    #[test]
    fn one_duty_on_every_origin(flows in cells(1.0..1e6), rate in 0.01..1.5, sigma in 0.2..5.0, eta in 0.0..3.0) {
        let none = vec![0.0; SIZE.cells()];
        let after = vec![rate; SIZE.cells()];
        let found = first_year(&benchmark(&flows, &none), &after, &parameters(sigma, eta, None, 1.0)).unwrap();
        for (cell, value) in found.border_value.iter().enumerate() {
            let (importer, exporter, _) = SIZE.cell_of(cell);
            if importer != exporter {
                prop_assert!((value / flows[cell] / (1.0_f64 + rate).powf(-eta) - 1.0).abs() < 1e-12);
            }
        }
    }

    /// Without home sales, three nests of unit elasticity above the products are two.
    #[test]
    fn three_nests_are_two_without_home_goods(flows in cells(1.0..1e6), before in cells(0.0..0.5), after in cells(0.0..1.5), sigma in 0.2..5.0) {
        let mut flows = flows;
        for cell in 0..SIZE.cells() {
            let (importer, exporter, _) = SIZE.cell_of(cell);
            if importer == exporter {
                flows[cell] = 0.0;
            }
        }
        let world = benchmark(&flows, &before);
        let two = first_year(&world, &after, &parameters(sigma, 1.0, None, 1.0)).unwrap();
        let three = first_year(&world, &after, &parameters(sigma, 1.0, Some(1.0), 1.0)).unwrap();
        for (two, three) in two.border_value.iter().zip(three.border_value.iter()) {
            prop_assert!((two - three).abs() <= 1e-12 * two.abs());
        }
        for (two, three) in two.accounts.iter().zip(&three.accounts) {
            prop_assert!((two.buyers_gain - three.buyers_gain).abs() <= 1e-12 * two.duty.max(1.0));
        }
    }

    /// A product, or an origin of it, cut in halves changes nothing; nor does the unit of the products.
    #[test]
    fn halves_and_units_change_nothing(
        flows in cells(1.0..1e6),
        shares in prop::collection::vec(0.1..10.0, 3 * (N - 1)),
        rates in prop::collection::vec(0.0..0.5, 3 * (N - 1)),
        steps in prop::collection::vec(0.0..1.0, 3 * (N - 1)),
        told in told(),
    ) {
        let none = vec![0.0; SIZE.cells()];
        let world = benchmark(&flows, &none);
        let whole = by_product(&shares, &rates);
        let after: Vec<f64> = rates.iter().zip(&steps).map(|(rate, step)| rate + step).collect();
        let mut halves = whole.clone();
        let mut rates_of_halves = after.clone();
        // The first product twice at half its size, the first origin of the second twice.
        for purchase in &mut halves.products[0].from {
            purchase.value *= 0.5;
        }
        let again = halves.products[0].clone();
        halves.products.push(again);
        rates_of_halves.extend_from_slice(&after[..N - 1]);
        halves.products[1].from[0].value *= 0.5;
        let again = halves.products[1].from[0];
        halves.products[1].from.push(again);
        rates_of_halves.insert(2 * (N - 1), after[N - 1]);
        for purchase in halves.products.iter_mut().flat_map(|product| &mut product.from) {
            purchase.value *= 1000.0;
        }
        let answer = |trade: &ProductTrade, rates: Vec<f64>| {
            let question = FirstYear::with_products(&world, vec![trade]).unwrap();
            let case = question.case(&none, &[ProductRates { importer: 0, rates }]).unwrap();
            question.change(&question.case(&none, &[]).unwrap(), &case, &told).unwrap()
        };
        let (one, other) = (answer(&whole, after), answer(&halves, rates_of_halves));
        for (one, other) in one.border_value.iter().zip(other.border_value.iter()) {
            prop_assert!((one - other).abs() <= 1e-11 * one.abs());
        }
        let (one, other) = (&one.accounts[0], &other.accounts[0]);
        prop_assert!((one.buyers_gain - other.buyers_gain).abs() <= 1e-11 * one.imports);
        prop_assert!((one.duty - other.duty).abs() <= 1e-11 * one.imports);
    }

    /// Products that all bear the sector's duties and are bought alike from everybody are the sector, where η is the elasticity of the whole.
    #[test]
    fn a_sector_of_like_products_is_one_product(
        flows in cells(1.0..1e6), before in cells(0.0..0.5), after in cells(0.0..1.5), told in told(), size in 0.1..10.0,
    ) {
        let world = benchmark(&flows, &before);
        let product = |weight: f64| Product {
            sector: 0,
            from: (1..N).map(|origin| {
                let cell = SIZE.cell(0, origin, 0);
                Purchase { origin, value: weight * flows[cell], rate: before[cell] }
            }).collect(),
        };
        let trade = ProductTrade { importer: 0, products: vec![product(1.0), product(size)] };
        // Only B is on record: the rest is bought in every product alike.
        let mut partly = trade.clone();
        partly.products.iter_mut().for_each(|product| product.from.truncate(1));
        let plain = first_year(&world, &after, &told).unwrap();
        for trade in [&trade, &partly] {
            let question = FirstYear::with_products(&world, vec![trade]).unwrap();
            let found = question.change(&question.case(&before, &[]).unwrap(), &question.case(&after, &[]).unwrap(), &told).unwrap();
            for (one, other) in plain.border_value.iter().zip(found.border_value.iter()) {
                prop_assert!((one - other).abs() <= 1e-10 * one.abs(), "{one} {other}");
            }
            let (one, other) = (&plain.accounts[0], &found.accounts[0]);
            prop_assert!((one.buyers_gain - other.buyers_gain).abs() <= 1e-10 * one.imports);
            prop_assert!((one.duty - other.duty).abs() <= 1e-10 * one.imports);
        }
    }

    /// Small duties: the deadweight loss is Harberger's triangle `½ Σ t (M−Q)`.
    #[test]
    fn small_duties_are_triangles(flows in cells(1.0..1e6), steps in cells(0.2..1.0), told in told()) {
        let none = vec![0.0; SIZE.cells()];
        let after: Vec<f64> = steps.iter().map(|step| 1e-4 * step).collect();
        let found = first_year(&benchmark(&flows, &none), &after, &told).unwrap();
        for importer in 0..N {
            let mut triangle = 0.0;
            for cell in (0..SIZE.cells()).filter(|cell| SIZE.cell_of(*cell).0 == importer) {
                let (_, exporter, _) = SIZE.cell_of(cell);
                if exporter != importer {
                    let border_price = (1.0 + after[cell]).powf(told.pass_through - 1.0);
                    triangle += 0.5 * after[cell] * (flows[cell] - found.border_value[cell] / border_price);
                }
            }
            let account = &found.accounts[importer];
            // Third order in a duty of a hundredth of a percent, over purchases.
            let bound = 1e-11 * account.imports;
            prop_assert!((account.deadweight_loss() - triangle).abs() <= bound, "{} {triangle}", account.deadweight_loss());
        }
    }

    /// One step and then another is both at once: accounts do not depend on the path.
    #[test]
    fn two_steps_are_one(flows in cells(1.0..1e6), before in cells(0.0..0.5), middle in cells(0.0..1.5), after in cells(0.0..1.5), told in told()) {
        let world = benchmark(&flows, &before);
        let question = FirstYear::new(&world).unwrap();
        let case = |rates: &[f64]| question.case(rates, &[]).unwrap();
        let step = |from: &[f64], to: &[f64]| question.change(&case(from), &case(to), &told).unwrap();
        let (first, second, both) = (step(&before, &middle), step(&middle, &after), step(&before, &after));
        prop_assert_eq!(&second.border_value, &both.border_value);
        for economy in 0..N {
            let of = |read: fn(&FirstYearAccounts) -> f64| {
                read(&first.accounts[economy]) + read(&second.accounts[economy]) - read(&both.accounts[economy])
            };
            let bound = 1e-12 * both.accounts[economy].imports_before.max(both.accounts[economy].exports_before);
            prop_assert!(of(|account| account.buyers_gain).abs() <= bound);
            prop_assert!(of(FirstYearAccounts::revenue_change).abs() <= bound);
            prop_assert!(of(|account| account.value_added).abs() <= bound);
            prop_assert!(of(FirstYearAccounts::deadweight_loss).abs() <= 3.0 * bound);
        }
    }
}

/// Inputs at home count, imported ones do not: half of output is value added, half an own input of which home makes three quarters.
#[test]
fn value_added_content_by_hand() {
    let mut flows = vec![0.0; SIZE.cells()];
    flows[SIZE.cell(0, 0, 0)] = 75.0;
    flows[SIZE.cell(0, 1, 0)] = 25.0;
    let mut world = benchmark(&flows, &vec![0.0; SIZE.cells()]);
    world.value_added_share = vec![0.5; N * S];
    let mut inputs = vec![0.0; SIZE.inputs()];
    inputs[SIZE.input(0, 0, 0)] = 0.5;
    world.input_share = Some(inputs);
    let question = FirstYear::new(&world).unwrap();
    close(question.value_added_content()[SIZE.pair(0, 0)], 0.5 / (1.0 - 0.5 * 0.75), 1e-14);
    close(question.value_added_content()[SIZE.pair(1, 0)], 0.5, 1e-14);
}
