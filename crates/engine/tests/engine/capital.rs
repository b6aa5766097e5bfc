//! Capital that is built until its return is what it was: against an independent program, closed forms and what must not matter.
//!
//! The reference tables were made with one basket for every economy, capped at 0.9 of final use by cell. The basket is not printed beside
//! them; it was found from the table itself (its investment shares and consumption fix it to whole percents, and then every row is met).

use std::sync::Arc;

use detente_engine::benchmark::{Benchmark, SectorKind};
use detente_engine::calibration::SolveSettings;
use detente_engine::capital::{Capital, CapitalData};
use detente_engine::closure::{Closure, Deficits, Intermediates, Numeraire};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::outcomes::capital::{CapitalOutcome, CapitalPath, CapitalWorld};
use detente_engine::parallel::Control;
use detente_engine::solver::Solver;
use detente_testkit::random::{Random, Shape, world};
use detente_testkit::violation::violation;
use detente_testkit::{Table, needs, shared};

use super::gradients::cases::capital_data;

const BASKET: [(&str, f64); 10] = [
    ("CON", 0.46),
    ("MCH", 0.12),
    ("MVH", 0.08),
    ("ICT", 0.08),
    ("ELE", 0.07),
    ("TRD", 0.06),
    ("EEQ", 0.04),
    ("BUS", 0.04),
    ("OTN", 0.03),
    ("FAB", 0.02),
];

/// The world of the reference tables: one share for all, and the basket within 0.9 of final use.
fn reference(theta: &str, alpha: f64, worn: f64) -> (Benchmark, CapitalData) {
    let mut benchmark = detente_testkit::benchmark(&shared("benchmarks/world-2022-estimate"));
    for sector in &mut benchmark.sectors {
        if theta == "uniform 2.5" && sector.kind != SectorKind::Services {
            sector.trade_elasticity = 2.5;
        }
    }
    let c = Solver::new(&benchmark, &Closure::default()).unwrap();
    let d = c.dimensions;
    let mut basket = vec![0.0; d.pairs()];
    for (code, share) in BASKET {
        let sector = benchmark.sector(code).unwrap();
        (0..d.economies).for_each(|n| basket[d.pair(n, sector)] = share);
    }
    let used: Vec<f64> = (0..d.pairs()).map(|k| c.final_share[k] * c.income[k % d.economies]).collect();
    let all = |value: f64| vec![value; d.economies];
    let (data, _) = CapitalData::fitted(
        &benchmark,
        all(alpha),
        &all(alpha * worn),
        &basket,
        &used,
        &c.factor_income,
        0.9,
    )
    .unwrap();
    (benchmark, data)
}

fn policy(benchmark: &Benchmark, case: &str) -> Instruments {
    let d = benchmark.dimensions();
    let mut instruments = Instruments::of(benchmark);
    if case == "hold" {
        let table = Table::read(&shared("reference/forecast/record_tariffs_2025-09-16.csv")).unwrap();
        for row in &table.rows {
            let at = |code: &str| benchmark.economy(code).unwrap();
            let cell = d.cell(at(&row[0]), at(&row[1]), benchmark.sector(&row[2]).unwrap());
            instruments.tariff_rate[cell] = row[3].parse().unwrap();
        }
        return instruments;
    }
    let added = case.trim_start_matches("US +").trim_end_matches(" on all").parse::<f64>().unwrap() / 100.0;
    let importer = benchmark.economy("USA").unwrap();
    for cell in 0..d.cells() {
        let (n, i, s) = d.cell_of(cell);
        if n == importer && i != n && benchmark.sectors[s].kind != SectorKind::Services {
            instruments.tariff_rate[cell] += added;
        }
    }
    instruments
}

fn outcomes(benchmark: &Benchmark, data: CapitalData, case: &str) -> Vec<CapitalOutcome> {
    let world =
        CapitalWorld::new(benchmark, [&Closure::default(); 2], Arc::new(data), &Control::default()).unwrap();
    let (before, after) = (Instruments::of(benchmark), policy(benchmark, case));
    world.outcomes(&before, &after, &SolveSettings::default(), &CapitalPath::default()).unwrap()
}

#[needs("benchmarks/world-2022-estimate", "reference/forecast/capital.csv")]
#[test]
fn consumption_capital_and_wages_in_the_end_are_those_of_an_independent_program() {
    let table = Table::read(&shared("reference/forecast/capital.csv")).unwrap();
    let mut rows: std::collections::BTreeMap<[String; 4], Vec<Vec<String>>> = Default::default();
    for row in table.rows {
        rows.entry([0, 1, 2, 3].map(|k| row[k].clone())).or_default().push(row);
    }
    assert_eq!(rows.len(), 16);
    for ([theta, case, alpha, worn], rows) in rows {
        let (benchmark, data) = reference(&theta, alpha.parse().unwrap(), worn.parse().unwrap());
        let found = outcomes(&benchmark, data.clone(), &case);
        for row in rows {
            let n = benchmark.economy(&row[4]).unwrap();
            let o = found[n];
            let wanted: Vec<f64> = row[5..10].iter().map(|number| number.parse().unwrap()).collect();
            let numbers = [
                o.consumption_given_pct.unwrap(),
                o.consumption_in_the_end_pct.unwrap(),
                o.capital_pct.unwrap(),
                o.real_wage_in_the_end_pct.unwrap(),
                data.investment_share[n],
            ];
            for (found, wanted) in numbers.into_iter().zip(wanted) {
                assert!(
                    (found - wanted).abs() < 5e-4,
                    "{theta} {case} {alpha} {worn} {}: {found} {wanted}",
                    row[4]
                );
            }
        }
    }
}

#[needs("benchmarks/world-2022-estimate", "reference/forecast/capital_present_value.csv")]
#[test]
fn the_present_value_is_that_of_capital_as_it_is() {
    let table = Table::read(&shared("reference/forecast/capital_present_value.csv")).unwrap();
    for row in table.rows {
        let (benchmark, data) = reference(&row[0], 0.4, 0.6);
        let found = outcomes(&benchmark, data, &row[1]);
        let which = if row[2] == "0.05" { 0 } else { 1 };
        let number = |k: usize| row[k].parse::<f64>().unwrap();
        for (code, value, given) in [("USA", 7, 3), ("CHN", 10, 8), ("VNM", 13, 11)] {
            let o = found[benchmark.economy(code).unwrap()];
            let worth = o.present_value_pct[which].unwrap();
            assert!((worth - number(value)).abs() < 2e-3, "{row:?} {code}: {worth}");
            if code != "VNM" {
                assert!((worth - o.consumption_given_pct.unwrap()).abs() < 0.02, "{row:?} {code}: {worth}");
                assert!((worth - number(given)).abs() < 0.02, "{row:?} {code}: {worth}");
            }
        }
        let at_once = found[benchmark.economy("USA").unwrap()].consumption_at_once_pct[which].unwrap();
        assert!((at_once - number(6)).abs() < 0.05, "{row:?}: {at_once}");
    }
}

#[needs("benchmarks/world-2022-estimate", "reference/forecast/capital_uniform_us_tariff.csv")]
#[test]
fn a_uniform_tariff_has_its_optimum_at_none_in_the_end_and_where_it_was_in_present_value() {
    let table = Table::read(&shared("reference/forecast/capital_uniform_us_tariff.csv")).unwrap();
    let mut most: std::collections::BTreeMap<String, [(f64, f64); 3]> = Default::default();
    for row in table.rows {
        let (benchmark, data) = reference(&row[0], 0.4, 0.6);
        let added = row[1].parse::<f64>().unwrap();
        let found = outcomes(&benchmark, data, &format!("US +{} on all", 100.0 * added));
        let o = found[benchmark.economy("USA").unwrap()];
        let numbers =
            [o.consumption_given_pct, o.consumption_in_the_end_pct, o.capital_pct].map(Option::unwrap);
        for (k, number) in numbers.into_iter().enumerate() {
            assert!((number - row[2 + k].parse::<f64>().unwrap()).abs() < 5e-4, "{row:?}: {number}");
        }
        let best = most.entry(row[0].clone()).or_insert([(f64::NEG_INFINITY, 0.0); 3]);
        for (best, value) in best.iter_mut().zip([numbers[0], numbers[1], o.present_value_pct[0].unwrap()]) {
            if value > best.0 + 1e-6 {
                *best = (value, added);
            }
        }
    }
    for (theta, [given, end, worth]) in most {
        assert_eq!(end.1, 0.0, "{theta}: consumption in the end is highest without a tariff");
        assert!((given.1 - worth.1).abs() <= 0.05, "{theta}: {} and {}", given.1, worth.1);
        assert!((0.08..=0.2).contains(&worth.1), "{theta}: {}", worth.1);
    }
}

fn shape(economies: usize, sectors: usize) -> Shape {
    Shape { economies, sectors, ..Shape::small() }
}

fn steady(data: &CapitalData, closure: &Closure) -> Closure {
    Closure { capital: Capital::Steady(Arc::new(data.clone())), ..closure.clone() }
}

fn solve(solver: &Solver, instruments: &Instruments) -> Equilibrium {
    solver.solve(instruments, &SolveSettings::default(), None).unwrap().solved().unwrap()
}

fn raised(benchmark: &Benchmark, random: &mut Random, by: f64) -> Instruments {
    let mut instruments = Instruments::of(benchmark);
    instruments.tariff_rate.iter_mut().for_each(|rate| *rate += by * random.unit());
    instruments
}

fn real(e: &Equilibrium) -> Vec<f64> {
    e.income.iter().zip(&e.price_index_hat).map(|(income, price)| income / price).collect()
}

#[test]
fn without_capital_it_is_the_mobile_model() {
    for seed in 0..10 {
        let mut random = Random(seed);
        let benchmark = world(&mut random, &shape(4, 3));
        let mut data = capital_data(&mut random, &benchmark);
        data.capital_share.fill(0.0);
        data.investment_share.fill(0.0);
        let instruments = raised(&benchmark, &mut random, 0.4);
        let plain = solve(&Solver::new(&benchmark, &Closure::default()).unwrap(), &instruments);
        let same =
            solve(&Solver::new(&benchmark, &steady(&data, &Closure::default())).unwrap(), &instruments);
        for (a, b) in real(&plain).into_iter().zip(real(&same)) {
            assert!((a / b - 1.0).abs() < 1e-12, "{seed}: {a} {b}");
        }
    }
}

#[test]
fn with_one_sector_the_real_wage_follows_the_home_share() {
    for seed in 0..10 {
        let mut random = Random(seed);
        let mut benchmark = world(&mut random, &shape(4, 1));
        benchmark.input_share = None;
        benchmark.value_added_share.fill(1.0);
        benchmark.tariff_rate.fill(0.0);
        let closure =
            Closure { deficits: Deficits::Zero, intermediates: Intermediates::None, ..Closure::default() };
        let d = benchmark.dimensions();
        let alpha: Vec<f64> = (0..d.economies).map(|_| random.between(0.2, 0.5)).collect();
        let data = CapitalData {
            investment_share: alpha.iter().map(|alpha| 0.5 * alpha).collect(),
            capital_share: alpha.clone(),
            basket: vec![1.0; d.pairs()],
        };
        let solver = Solver::new(&benchmark, &steady(&data, &closure)).unwrap();
        let base = solve(&solver, &Instruments::of(&benchmark));
        let mut instruments = Instruments::of(&benchmark);
        instruments.trade_cost_hat =
            (0..d.cells()).map(|cell| if cell % (d.economies + 1) == 0 { 1.0 } else { 1.3 }).collect();
        let solved = solve(&solver, &instruments);
        let theta = benchmark.sectors[0].trade_elasticity;
        for n in 0..d.economies {
            let home = |e: &Equilibrium| e.border_value[d.cell(n, n, 0)] / e.expenditure[n];
            let wage = |e: &Equilibrium| e.wage_hat[n] / e.price_index_hat[n];
            let power = -1.0 / (theta * (1.0 - alpha[n]));
            let expected = (home(&solved) / home(&base)).powf(power);
            let found = wage(&solved) / wage(&base);
            assert!((found / expected - 1.0).abs() < 1e-10, "{seed} {n}: {found} {expected}");
        }
    }
}

#[test]
fn random_worlds_satisfy_the_equations_written_anew() {
    for seed in 0..60 {
        let mut random = Random(100 + seed);
        // Balanced: a deficit may ask more of an economy than is left after investment.
        let shape = Shape { deficits: false, ..shape(2 + seed as usize % 6, 1 + seed as usize % 5) };
        let benchmark = world(&mut random, &shape);
        let data = capital_data(&mut random, &benchmark);
        let closure = steady(&data, &Closure::default());
        let solver = Solver::new(&benchmark, &closure).unwrap();
        let none = Instruments::of(&benchmark);
        let at_rest = solve(&solver, &none);
        for hat in at_rest.wage_hat.iter().chain(&at_rest.price_hat).chain(&at_rest.price_index_hat) {
            assert!((hat - 1.0).abs() < 1e-11, "{seed}: its own equilibrium, {hat}");
        }
        let mut instruments = raised(&benchmark, &mut random, 0.5);
        instruments.productivity_hat =
            (0..benchmark.dimensions().pairs()).map(|_| random.between(0.8, 1.2)).collect();
        let solved = solve(&solver, &instruments);
        let gap = violation(&benchmark, &closure, &instruments, &solved);
        assert!(gap < 1e-9, "{seed}: {gap}");
        // Capital's own words: its return in units of the basket is what it was, and GDP is consumed, invested or lent.
        for n in 0..solved.income.len() {
            let gdp = solved.factor_income[n] + solved.tariff_revenue[n];
            let used = solved.income[n] + solved.investment[n] - solved.trade_deficit[n];
            assert!((gdp / used - 1.0).abs() < 1e-9, "{seed}");
            assert!(
                (solved.investment[n] / (data.investment_share[n] * solved.factor_income[n]) - 1.0).abs()
                    < 1e-9
            );
        }
    }
}

#[test]
fn neither_the_numeraire_nor_the_unit_nor_the_names_matter() {
    let mut random = Random(7);
    let benchmark = world(&mut random, &shape(5, 3));
    let data = capital_data(&mut random, &benchmark);
    let instruments = raised(&benchmark, &mut random, 0.3);
    let found =
        |benchmark: &Benchmark, data: &CapitalData, numeraire: Numeraire, instruments: &Instruments| {
            let closure = steady(data, &Closure { numeraire, ..Closure::default() });
            let e = solve(&Solver::new(benchmark, &closure).unwrap(), instruments);
            real(&e).iter().zip(&benchmark.border_value).map(|(value, _)| *value).collect::<Vec<f64>>()
        };
    let plain = found(&benchmark, &data, Numeraire::WorldGdp, &instruments);
    for numeraire in [Numeraire::WorldPrices, Numeraire::Wage("E2".into())] {
        let other = found(&benchmark, &data, numeraire, &instruments);
        for (a, b) in plain.iter().zip(&other) {
            assert!((a / b - 1.0).abs() < 1e-10, "{a} {b}");
        }
    }
    let mut larger = benchmark.clone();
    larger.border_value.iter_mut().for_each(|value| *value *= 1000.0);
    for (a, b) in plain.iter().zip(found(&larger, &data, Numeraire::WorldGdp, &instruments)) {
        assert!((1000.0 * a / b - 1.0).abs() < 1e-10, "{a} {b}");
    }
    // Economies in the opposite order.
    let d = benchmark.dimensions();
    let last = d.economies - 1;
    let mut turned = benchmark.clone();
    turned.economies.reverse();
    let mut theirs = instruments.clone();
    for cell in 0..d.cells() {
        let (n, i, s) = d.cell_of(cell);
        let to = d.cell(last - n, last - i, s);
        turned.border_value[to] = benchmark.border_value[cell];
        turned.tariff_rate[to] = benchmark.tariff_rate[cell];
        theirs.tariff_rate[to] = instruments.tariff_rate[cell];
    }
    let turn = |values: &[f64]| -> Vec<f64> {
        (0..values.len()).map(|k| values[k / d.economies * d.economies + last - k % d.economies]).collect()
    };
    turned.value_added_share = turn(&benchmark.value_added_share);
    turned.input_share = benchmark.input_share.as_deref().map(turn);
    let their_data = CapitalData {
        capital_share: turn(&data.capital_share),
        investment_share: turn(&data.investment_share),
        basket: turn(&data.basket),
    };
    let other = found(&turned, &their_data, Numeraire::WorldGdp, &theirs);
    for (n, a) in plain.iter().enumerate() {
        assert!((a / other[last - n] - 1.0).abs() < 1e-10, "{a} {}", other[last - n]);
    }
}

#[test]
fn what_is_cut_back_is_said_and_what_cannot_be_is_refused() {
    let mut random = Random(3);
    let benchmark = world(&mut random, &shape(3, 2));
    let c = Solver::new(&benchmark, &Closure::default()).unwrap();
    let d = c.dimensions;
    let used: Vec<f64> = (0..d.pairs()).map(|k| c.final_share[k] * c.income[k % d.economies]).collect();
    let fit = |share: f64, invested: f64| {
        let (share, invested) = (vec![share; d.economies], vec![invested; d.economies]);
        CapitalData::fitted(&benchmark, share, &invested, &vec![1.0; d.pairs()], &used, &c.factor_income, 0.9)
    };
    let (data, asked) = fit(0.2, 0.4).unwrap();
    for n in 0..d.economies {
        assert!(data.investment_share[n] <= 0.9 * 0.2 + 1e-12);
        assert_eq!(asked[n], Some(0.4));
    }
    assert!(fit(1.0, 0.1).is_err());
    assert!(fit(f64::NAN, 0.1).is_err());
    let mut negative = data.clone();
    negative.basket[0] = -0.5;
    assert!(Solver::new(&benchmark, &steady(&negative, &Closure::default())).is_err());
    let specific = Closure { intermediates: Intermediates::None, ..Closure::default() };
    assert!(Solver::new(&benchmark, &steady(&data, &specific)).is_ok());
    let elastic = Closure {
        labour_supply: detente_engine::closure::LabourSupply::Elastic,
        labour_supply_elasticity: Some(0.5),
        ..Closure::default()
    };
    let refused = Solver::new(&benchmark, &steady(&data, &elastic)).unwrap_err().to_string();
    assert!(refused.contains("capital = \"steady\""), "{refused}");
}
