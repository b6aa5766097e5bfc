//! What theory says must hold, on random worlds: settings that coincide, symmetries, formulas.

use detente_engine::benchmark::{Benchmark, Economy, Sector, SectorKind};
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits, Intermediates, MarketStructure};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::index::Dimensions;
use detente_engine::instruments::Instruments;
use detente_engine::solver::Solver;
use detente_testkit::random::{Random, Shape, blank, world};

fn draw(seed: u64, economies: usize, sectors: usize, inputs: bool) -> Benchmark {
    let shape = Shape {
        economies,
        sectors,
        elasticity: (2.0, 9.0),
        zero_flows: 0.1,
        intermediates: inputs,
        tariff: 0.2,
        deficits: true,
    };
    world(&mut Random(seed), &shape)
}

fn solve(benchmark: &Benchmark, closure: &Closure, instruments: &Instruments) -> Equilibrium {
    let solver = Solver::new(benchmark, closure).unwrap();
    solver.solve(instruments, &SolveSettings::default(), None).unwrap().solved().unwrap()
}

fn close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (k, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= tolerance * b.abs().max(1e-9), "{what}[{k}]: {a} where {b} is due");
    }
}

fn real_income(e: &Equilibrium) -> Vec<f64> {
    e.income.iter().zip(&e.price_index_hat).map(|(income, price)| income / price).collect()
}

/// Icebergs of every foreign flow, drawn around `centre`.
fn icebergs(random: &mut Random, d: Dimensions, centre: f64) -> Vec<f64> {
    (0..d.cells())
        .map(|cell| {
            let (importer, exporter, _) = d.cell_of(cell);
            if importer == exporter { 1.0 } else { centre * random.log_between(0.9, 1.1) }
        })
        .collect()
}

/// Tariffs of a few points and icebergs of a few percent.
fn shock(random: &mut Random, benchmark: &Benchmark) -> Instruments {
    let d = benchmark.dimensions();
    let mut instruments = Instruments::of(benchmark);
    for cell in 0..d.cells() {
        let (importer, exporter, _) = d.cell_of(cell);
        instruments.tariff_rate[cell] += if importer == exporter { 0.0 } else { 0.05 * random.unit() };
    }
    instruments.trade_cost_hat = icebergs(random, d, 1.0);
    instruments
}

/// With σ = θ + 1 marketing costs no longer select, and `melitz` is `krugman`.
#[test]
fn melitz_at_its_bound_is_krugman() {
    for seed in 0..8 {
        let mut benchmark = draw(seed, 4, 3, true);
        benchmark.input_share.iter_mut().flatten().for_each(|share| *share *= 0.4);
        for sector in &mut benchmark.sectors {
            sector.elasticity_of_substitution = Some(1.0 + sector.trade_elasticity);
        }
        let instruments = shock(&mut Random(seed), &benchmark);
        let with = |market_structure| Closure { market_structure, ..Closure::default() };
        let melitz = solve(&benchmark, &with(MarketStructure::Melitz), &instruments);
        let krugman = solve(&benchmark, &with(MarketStructure::Krugman), &instruments);
        let perfect = solve(&benchmark, &Closure::default(), &instruments);
        close("real income", &real_income(&melitz), &real_income(&krugman), 1e-9);
        close("wage", &melitz.wage_hat, &krugman.wage_hat, 1e-9);
        let apart = krugman.wage_hat.iter().zip(&perfect.wage_hat).any(|(a, b)| (a - b).abs() > 1e-5);
        assert!(apart, "scale matters in this world, so that the two agree for a reason");
    }
}

/// One sector, no inputs, fixed labour: entry cannot move, so `krugman` is `perfect` under icebergs.
#[test]
fn krugman_with_one_sector_is_perfect_competition() {
    for seed in 0..8 {
        let benchmark = draw(seed, 5, 1, false);
        let mut instruments = Instruments::of(&benchmark);
        instruments.trade_cost_hat = icebergs(&mut Random(seed), benchmark.dimensions(), 1.3);
        let with = |market_structure| Closure { market_structure, ..Closure::default() };
        let krugman = solve(&benchmark, &with(MarketStructure::Krugman), &instruments);
        let perfect = solve(&benchmark, &with(MarketStructure::Perfect), &instruments);
        close("real income", &real_income(&krugman), &real_income(&perfect), 1e-9);
        close("wage", &krugman.wage_hat, &perfect.wage_hat, 1e-9);
    }
}

/// Arkolakis, Costinot & Rodríguez-Clare (2012): one sector, no inputs, no tariffs, balanced trade: real income changes by the
/// home share to the power of −1/θ.
#[test]
fn the_home_share_tells_the_gains_from_trade() {
    for seed in 0..8 {
        let mut benchmark = draw(seed, 5, 1, false);
        benchmark.tariff_rate.fill(0.0);
        let closure = Closure { deficits: Deficits::Zero, ..Closure::default() };
        let before = solve(&benchmark, &closure, &Instruments::of(&benchmark));
        let mut instruments = Instruments::of(&benchmark);
        instruments.trade_cost_hat = icebergs(&mut Random(seed), benchmark.dimensions(), 1.4);
        let after = solve(&benchmark, &closure, &instruments);
        let d = benchmark.dimensions();
        let home = |e: &Equilibrium, i: usize| e.border_value[d.cell(i, i, 0)] / e.expenditure[d.pair(i, 0)];
        let theta = benchmark.sectors[0].trade_elasticity;
        for i in 0..d.economies {
            let change = real_income(&after)[i] / real_income(&before)[i];
            let formula = (home(&after, i) / home(&before, i)).powf(-1.0 / theta);
            assert!((change / formula - 1.0).abs() < 1e-10, "{change} {formula}");
        }
    }
}

/// All values a thousand times larger: no hat moves.
#[test]
fn the_unit_of_values_does_not_matter() {
    let benchmark = draw(3, 5, 4, true);
    let mut large = benchmark.clone();
    large.border_value.iter_mut().for_each(|value| *value *= 1000.0);
    let instruments = shock(&mut Random(3), &benchmark);
    for market_structure in [MarketStructure::Perfect, MarketStructure::Krugman] {
        let mut closure = Closure { market_structure, ..Closure::default() };
        if market_structure == MarketStructure::Krugman {
            closure.intermediates = Intermediates::None;
        }
        let (a, b) = (solve(&benchmark, &closure, &instruments), solve(&large, &closure, &instruments));
        close("wage", &b.wage_hat, &a.wage_hat, 1e-10);
        close("price", &b.price_hat, &a.price_hat, 1e-10);
    }
}

/// Economies and sectors in another order: the same numbers in that order.
#[test]
fn order_does_not_matter() {
    let benchmark = draw(4, 5, 4, true);
    let d = benchmark.dimensions();
    let (n, s) = (d.economies, d.sectors);
    let (economy, sector) = (|i: usize| (2 * i + 3) % n, |k: usize| (3 * k + 1) % s);
    let instruments = shock(&mut Random(4), &benchmark);
    let mut other = benchmark.clone();
    let mut moved = instruments.clone();
    for k in 0..s {
        other.sectors[k] = benchmark.sectors[sector(k)].clone();
        for i in 0..n {
            other.economies[i] = benchmark.economies[economy(i)].clone();
            other.value_added_share[d.pair(i, k)] =
                benchmark.value_added_share[d.pair(economy(i), sector(k))];
            for m in 0..n {
                let (to, from) = (d.cell(i, m, k), d.cell(economy(i), economy(m), sector(k)));
                other.border_value[to] = benchmark.border_value[from];
                other.tariff_rate[to] = benchmark.tariff_rate[from];
                moved.tariff_rate[to] = instruments.tariff_rate[from];
                moved.trade_cost_hat[to] = instruments.trade_cost_hat[from];
            }
            if let (Some(to), Some(from)) = (&mut other.input_share, &benchmark.input_share) {
                for u in 0..s {
                    to[d.input(i, u, k)] = from[d.input(economy(i), sector(u), sector(k))];
                }
            }
        }
    }
    let a = solve(&benchmark, &Closure::default(), &instruments);
    let b = solve(&other, &Closure::default(), &moved);
    for i in 0..n {
        close("wage", &[b.wage_hat[i]], &[a.wage_hat[economy(i)]], 1e-10);
        for k in 0..s {
            close("output", &[b.output[d.pair(i, k)]], &[a.output[d.pair(economy(i), sector(k))]], 1e-9);
        }
    }
}

/// An economy in two halves that trade with each other as with themselves: no aggregate moves.
#[test]
fn splitting_an_economy_changes_no_aggregate() {
    let benchmark = draw(5, 4, 3, true);
    let d = benchmark.dimensions();
    let mut economies = benchmark.economies.clone();
    economies.push(economies[0].clone());
    economies[4].code = "half".into();
    let mut split = blank("split".into(), economies, benchmark.sectors.clone());
    let e = split.dimensions();
    // Whose half an economy is, and how much of it.
    let whole = |i: usize| if i == 4 { 0 } else { i };
    let part = |i: usize| if i == 4 || i == 0 { 0.5 } else { 1.0 };
    split.border_value = vec![0.0; e.cells()];
    split.tariff_rate = vec![0.0; e.cells()];
    split.value_added_share = vec![0.0; e.pairs()];
    split.input_share = Some(vec![0.0; e.inputs()]);
    let original = shock(&mut Random(5), &benchmark);
    let mut instruments = Instruments::of(&split);
    instruments.trade_cost_hat = vec![1.0; e.cells()];
    for s in 0..3 {
        for i in 0..5 {
            split.value_added_share[e.pair(i, s)] = benchmark.value_added_share[d.pair(whole(i), s)];
            for k in 0..3 {
                let share = benchmark.input_share.as_ref().unwrap()[d.input(whole(i), s, k)];
                split.input_share.as_mut().unwrap()[e.input(i, s, k)] = share;
            }
            for m in 0..5 {
                let (to, from) = (e.cell(i, m, s), d.cell(whole(i), whole(m), s));
                split.border_value[to] = part(i) * part(m) * benchmark.border_value[from];
                split.tariff_rate[to] = benchmark.tariff_rate[from];
                instruments.tariff_rate[to] = original.tariff_rate[from];
                instruments.trade_cost_hat[to] = original.trade_cost_hat[from];
            }
        }
    }
    let one = solve(&benchmark, &Closure::default(), &original);
    let two = solve(&split, &Closure::default(), &instruments);
    close("wage", &two.wage_hat[..4], &one.wage_hat, 1e-9);
    close("wage of the half", &two.wage_hat[4..], &one.wage_hat[..1], 1e-9);
    close("price index", &two.price_index_hat[..4], &one.price_index_hat, 1e-9);
    close("income", &[two.income[0] + two.income[4]], &one.income[..1], 1e-9);
}

/// Lerner: with balanced trade a uniform import tariff is a uniform export tax, and an export subsidy undoes it.
#[test]
fn a_uniform_import_tariff_is_a_uniform_export_tax() {
    let benchmark = draw(6, 4, 3, true);
    let d = benchmark.dimensions();
    let closure = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let with = |import: f64, export: f64| {
        let mut instruments = Instruments::of(&benchmark);
        instruments.export_tax_rate = vec![0.0; d.cells()];
        for cell in 0..d.cells() {
            let (importer, exporter, _) = d.cell_of(cell);
            if importer == 0 && exporter != 0 {
                instruments.tariff_rate[cell] = (1.0 + instruments.tariff_rate[cell]) * import - 1.0;
            }
            if exporter == 0 && importer != 0 {
                instruments.export_tax_rate[cell] = export - 1.0;
            }
        }
        real_income(&solve(&benchmark, &closure, &instruments))
    };
    let tariff = with(1.25, 1.0);
    close("export tax", &with(1.0, 1.25), &tariff, 1e-9);
    let nothing = with(1.0, 1.0);
    close("tariff and subsidy", &with(1.25, 0.8), &nothing, 1e-9);
    assert!((tariff[0] / nothing[0] - 1.0).abs() > 1e-4, "the tariff does something");
}

/// One sector in two economies, inputs a share of output: the round of entry and inputs is (1+ψ)γ whatever the trade shares.
#[test]
fn entry_that_feeds_on_itself_through_inputs_is_refused_by_name() {
    let world = |share: f64| {
        let economy = |code: &str| Economy { code: code.into(), name: code.into(), members: Vec::new() };
        let sector = Sector {
            code: "goods".into(),
            name: "Goods".into(),
            kind: SectorKind::Manufacturing,
            trade_elasticity: 4.0,
            elasticity_of_substitution: Some(3.5),
            scale_elasticity: Some(0.25),
            tariff_elasticity: None,
        };
        let mut benchmark = blank("two".into(), vec![economy("A"), economy("B")], vec![sector]);
        benchmark.border_value = vec![8.0, 2.0, 2.0, 5.0];
        benchmark.tariff_rate = vec![0.0; 4];
        benchmark.input_share = Some(vec![share; 2]);
        benchmark.value_added_share = vec![1.0 - share; 2];
        benchmark
    };
    for (market_structure, name, round) in
        [(MarketStructure::Krugman, "krugman", 1.25), (MarketStructure::Melitz, "melitz", 1.4)]
    {
        let closure = Closure { market_structure, ..Closure::default() };
        let below = Solver::new(world(0.95 / round), &closure).unwrap();
        let found = below.uniqueness.and_then(|uniqueness| uniqueness.input_round).unwrap();
        assert!((found - 0.95).abs() < 1e-6, "{name}: {found}");
        for radius in [1.0 + 1e-6, 1.1] {
            let refused = Solver::new(world(radius / round), &closure).unwrap_err().to_string();
            assert!(refused.contains(&format!("market_structure = \"{name}\"")), "{refused}");
            assert!(
                refused.contains(&format!("spectral radius of (1+ψ)γ through trade shares is {radius:.4}")),
                "{refused}"
            );
        }
    }
}
