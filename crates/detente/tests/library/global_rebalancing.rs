//! Everyone's deficit at zero, and capital that is added to sectors, against an independent program.

use detente_engine::benchmark::SectorKind;
use detente_engine::closure::{Closure, Deficits, FactorMarket};
use detente_engine::instruments::Instruments;
use detente_engine::rebalancing::dial::{Dial, DialOf};
use detente_engine::solver::Solver;
use detente_testkit::{Table, needs, shared};

use crate::dials::{solve, world};
use crate::imports::wiod2013;

/// The reference's world with other elasticities and another closure.
fn world_under(closure: &Closure, theta: impl Fn(SectorKind) -> Option<f64>) -> Solver {
    let mut benchmark = (*world().benchmark).clone();
    for sector in &mut benchmark.sectors {
        sector.trade_elasticity = theta(sector.kind).unwrap_or(sector.trade_elasticity);
    }
    Solver::new(&benchmark, closure).expect("calibrated")
}

fn specific() -> Closure {
    Closure { factor_market: FactorMarket::Specific, capital_share: Some(0.4), ..Closure::default() }
}

fn dial(name: &str, economy: usize) -> DialOf {
    DialOf { dial: Dial::of_name(name).expect("a dial"), economy, partner: None }
}

#[needs("reference/rebalancing/zero_deficits_world2022.csv", "reference/rebalancing/world-cat")]
#[test]
fn deficits_at_zero_move_wages_as_the_reference_says() {
    let table = Table::read(&shared("reference/rebalancing/zero_deficits_world2022.csv")).expect("read");
    type Theta = fn(SectorKind) -> Option<f64>;
    let cases: [(&str, Closure, Theta); 4] = [
        ("mobile", Closure::default(), |_| None),
        ("specific 0.4", specific(), |_| None),
        ("mobile, theta 4 everywhere", Closure::default(), |_| Some(4.0)),
        ("mobile, theta 8.28 goods 4 services", Closure::default(), |kind| {
            Some(if kind == SectorKind::Services { 4.0 } else { 8.28 })
        }),
    ];
    for (case, closure, theta) in cases {
        let world = world_under(&closure, theta);
        let data = solve(&world, &Instruments::of(&world.benchmark));
        let closed = world_under(&Closure { deficits: Deficits::Zero, ..closure }, theta);
        let after = solve(&closed, &Instruments::of(&closed.benchmark));
        let mut read = 0;
        for row in (0..table.rows.len()).filter(|row| table.text(*row, "case") == case) {
            let economy = world.benchmark.economy(table.text(row, "economy")).expect("an economy");
            let value = |name: &str| {
                let of = dial(name, economy);
                let [before, after] =
                    [of.value(&world, &data), of.value(&closed, &after)].map(|value| value.expect("defined"));
                (before, after)
            };
            for (name, column) in [
                ("wage", "wage_pct"),
                ("gdp", "gdp_pct"),
                ("real_wage", "real_wage_pct"),
                ("welfare", "welfare_pct"),
            ] {
                let (before, after) = value(name);
                let found = 100.0 * (after / before - 1.0);
                let expected = table.number(row, column);
                assert!(
                    (found - expected).abs() < 1e-6,
                    "{case}, {name} of {}: {found} against {expected}",
                    table.text(row, "economy")
                );
            }
            let (before, after) = value("manufacturing_share");
            assert!((100.0 * before - table.number(row, "manuf_before")).abs() < 1e-6, "{case}");
            assert!((100.0 * after - table.number(row, "manuf_after")).abs() < 1e-6, "{case}");
            read += 1;
        }
        assert_eq!(read, 24, "{case}");
    }
}

#[needs("reference/rebalancing/levers_capital_specific04.csv", "reference/rebalancing/world-cat")]
#[test]
fn capital_in_us_manufactures_moves_what_the_reference_says() {
    let table = Table::read(&shared("reference/rebalancing/levers_capital_specific04.csv")).expect("read");
    let world = world_under(&specific(), |_| None);
    let d = world.dimensions;
    let data = solve(&world, &Instruments::of(&world.benchmark));
    for row in 0..table.rows.len() {
        let owner = world.benchmark.economy(table.text(row, "owner")).expect("an owner");
        let mut instruments = Instruments::of(&world.benchmark);
        instruments.capital_hat = vec![1.0; d.pairs()];
        instruments.capital_owner = (0..d.pairs()).map(|pair| pair % d.economies).collect();
        for (s, sector) in world.benchmark.sectors.iter().enumerate() {
            if sector.kind == SectorKind::Manufacturing {
                instruments.capital_hat[d.pair(0, s)] = table.number(row, "capital_factor_US_manufacturing");
                instruments.capital_owner[d.pair(0, s)] = owner;
            }
        }
        let after = solve(&world, &instruments);
        let values = |name: &str, economy: usize| {
            let of = dial(name, economy);
            [&data, &after].map(|e| of.value(&world, e).expect("defined"))
        };
        for (column, name, economy) in [
            ("d_manufacturing_share_USA", "manufacturing_share", 0),
            ("d_home_share_USA", "home_share", 0),
            ("welfare_USA", "welfare", 0),
            ("welfare_CHN", "welfare", 1),
        ] {
            if table.text(row, column).is_empty() {
                continue;
            }
            let [before, after] = values(name, economy);
            let found = if name == "welfare" { after / before - 1.0 } else { after - before };
            let expected = table.number(row, column);
            assert!((found - expected).abs() < 1e-8, "row {row}, {column}: {found} against {expected}");
        }
    }
}

/// Dekle, Eaton & Kortum's question on the nearest published table, all industries traded. Their own data are not here: they have a US wage ten percent lower relative to Japan,
/// a US real wage less than a percent lower, and a deficit with China that keeps 39 percent of itself.
#[needs("reference/rebalancing/dek2004.csv", "data/world-io/wiod2013_2004.parquet")]
#[test]
fn the_world_of_2004_in_balance_stands_beside_dekle_eaton_and_kortum() {
    let table = Table::read(&shared("reference/rebalancing/dek2004.csv")).expect("read");
    let imported = wiod2013(2004, |kind| if kind == "services" { 4.0 } else { 8.28 });
    let solver = |deficits| {
        let closure = Closure { deficits, ..Closure::default() };
        Solver::new(&imported.directory.benchmark, &closure).expect("calibrated")
    };
    let (data, balanced) = (solver(Deficits::Fixed), solver(Deficits::Zero));
    let before = solve(&data, &Instruments::of(&data.benchmark));
    let after = solve(&balanced, &Instruments::of(&balanced.benchmark));
    let change = |name: &str, code: &str| {
        let of = dial(name, data.benchmark.economy(code).expect("an economy"));
        let [before, after] =
            [of.value(&data, &before), of.value(&balanced, &after)].map(|value| value.expect("defined"));
        100.0 * (after / before - 1.0)
    };
    for row in 0..table.rows.len() {
        if !table.text(row, "case").starts_with("WIOD 35") {
            continue;
        }
        let code = table.text(row, "economy");
        for (name, column) in
            [("wage", "wage_pct"), ("real_wage", "real_wage_pct"), ("welfare", "welfare_pct")]
        {
            let (found, expected) = (change(name, code), table.number(row, column));
            // What stocks make negative is treated otherwise there (whole flows are clipped, and home sales raised: DESIGN.md), so that the
            // deficits themselves differ, by up to 0.3 percent of value added in four small economies.
            let margin = if ["BGR", "CYP", "EST", "MLT"].contains(&code) { 0.4 } else { 0.005 };
            assert!((found - expected).abs() < margin, "{code} {name}: {found} against {expected}");
        }
    }
    let relative = |code: &str| {
        100.0 * ((1.0 + change("wage", "USA") / 100.0) / (1.0 + change("wage", code) / 100.0) - 1.0)
    };
    assert!((relative("JPN") + 5.74).abs() < 0.01, "{}", relative("JPN"));
    assert!((relative("CHN") + 4.80).abs() < 0.01, "{}", relative("CHN"));
    assert!(change("real_wage", "USA").abs() < 1.0);
}
