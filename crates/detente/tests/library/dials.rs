//! Dials against an independent program's: levels of 24 economies, identities, and what a shift of final demand moves.

use detente::results::dials::saving;
use detente_data::benchmark_directory;
use detente_engine::benchmark::FinalUse;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::Closure;
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::rebalancing::dial::{Dial, DialOf};
use detente_engine::rebalancing::lever::{self, Lever};
use detente_engine::solver::Solver;
use detente_testkit::{Table, needs, shared};

/// Names in the reference and in the contract.
pub fn names() -> Vec<(String, String)> {
    let names = Table::read(&shared("reference/rebalancing/names.csv")).expect("names");
    let mut found: Vec<(String, String)> = (0..names.rows.len())
        .map(|row| {
            (names.text(row, "reference_name").to_owned(), names.text(row, "contract_dial").to_owned())
        })
        .collect();
    for own in ["welfare", "real_household", "real_government", "real_investment", "real_wage", "wage", "gdp"]
    {
        found.push((own.to_owned(), own.to_owned()));
    }
    let revenue = "tariff_and_export_tax_revenue_over_gdp";
    found.push((revenue.to_owned(), revenue.to_owned()));
    found
}

pub fn world() -> Solver {
    let directory = benchmark_directory::open(&shared("reference/rebalancing/world-cat")).expect("read");
    Solver::new(&directory.benchmark, &Closure::default()).expect("calibrated")
}

pub fn solve(world: &Solver, instruments: &Instruments) -> Equilibrium {
    let solution = world.solve(instruments, &SolveSettings::default(), None).expect("accepted");
    solution.solved().expect("solved")
}

#[needs("reference/rebalancing/dials_baseline.csv", "reference/rebalancing/world-cat")]
#[test]
fn levels_of_twenty_four_economies_are_the_reference_s() {
    let world = world();
    let data = solve(&world, &Instruments::of(&world.benchmark));
    let reference = Table::read(&shared("reference/rebalancing/dials_baseline.csv")).expect("dials");
    let names = names();
    let (mut read, mut worst) = (0, 0.0f64);
    for row in 0..reference.rows.len() {
        let name = reference.text(row, "dial").to_owned();
        let (plain, partner) = match name.rsplit_once("_with_") {
            Some((plain, partner)) => (format!("{plain}_with_partner"), world.benchmark.economy(partner)),
            None => (name.clone(), None),
        };
        let (_, contract) = names.iter().find(|(known, _)| *known == plain).expect("a known name");
        let dial = Dial::of_name(contract).expect("a dial");
        for (economy, of) in world.benchmark.economies.iter().enumerate() {
            if partner == Some(economy) {
                continue;
            }
            let value = DialOf { dial, economy, partner }.value(&world, &data).expect("defined");
            let expected = reference.number(row, &of.code);
            let scale = if dial == Dial::Gdp { expected } else { 1.0 };
            let off = (value - expected).abs() / scale;
            assert!(off < 1e-9, "{name} of {}: {value} against {expected}", of.code);
            (read, worst) = (read + 1, worst.max(off));
        }
    }
    println!("{read} dials, worst {worst:.1e}");
    assert!(read > 600, "{read}");
}

#[needs("reference/rebalancing/world-cat")]
#[test]
fn saving_less_investment_is_the_trade_balance() {
    let world = world();
    let mut instruments = Instruments::of(&world.benchmark);
    let (usa, chn) = (0, 1);
    let d = world.dimensions;
    for s in 0..d.sectors {
        instruments.tariff_rate[d.cell(usa, chn, s)] += 0.3;
    }
    instruments.trade_deficit[chn] = Some(world.trade_deficit[chn] * 0.5);
    for e in [solve(&world, &Instruments::of(&world.benchmark)), solve(&world, &instruments)] {
        for economy in 0..d.economies {
            let found = saving(&world, &e, economy).expect("uses are known");
            let gap = found.saving - found.investment - found.trade_balance;
            assert!(gap.abs() < 1e-12, "{economy}: {gap:e}");
        }
    }
}

/// `[[final_demand]]` from investment to household moves households' share by what it moves and not by what households buy of the cells.
#[needs("reference/rebalancing/world-cat")]
#[test]
fn a_shift_between_uses_moves_budgets_in_full() {
    let directory = benchmark_directory::open(&shared("reference/rebalancing/world-cat")).expect("read");
    let text = "[[final_demand]]\neconomy = \"CHN\"\nfrom = \"investment\"\nto = \"household\"\nshare_of_gdp = 0.03\n";
    let scenario = detente::scenario::parse("shift.toml", text, None, &directory, None).expect("read");
    let answer =
        detente::counterfactual::solve(&directory, scenario, &SolveSettings::default()).expect("solved");
    let chn = answer.calibration.benchmark.economy("CHN").expect("there");
    let read = |e: &Equilibrium, by| {
        DialOf { dial: Dial::Use(by), economy: chn, partner: None }
            .value(&answer.calibration, e)
            .expect("known")
    };
    // C/GDP = (b⁰ + x GDP⁰/I⁰) I'/GDP'.
    let gdp = |e: &Equilibrium| {
        DialOf { dial: Dial::Gdp, economy: chn, partner: None }.value(&answer.calibration, e).expect("known")
    };
    let (before, after) = (&answer.baseline, &answer.equilibrium);
    let budget = read(before, FinalUse::Household) * gdp(before) / before.income[chn];
    let expected = (budget + 0.03 * gdp(before) / before.income[chn]) * after.income[chn] / gdp(after);
    assert!((read(after, FinalUse::Household) - expected).abs() < 1e-12);
    let rise = read(after, FinalUse::Household) - read(before, FinalUse::Household);
    assert!((rise - 0.03).abs() < 5e-5, "{rise}");
    let row = &answer.outcomes.economies[chn];
    let column = row.consumption_share.expect("known") - row.consumption_share_before.expect("known");
    assert!((column - rise).abs() < 1e-12, "{column}");
    let other = read(after, FinalUse::Government) - read(before, FinalUse::Government);
    assert!(other.abs() < 1e-4, "{other}");
}

/// Where the data do not tell uses apart the dials of use are not defined, and nothing else suffers.
#[test]
fn a_world_without_uses_has_no_dials_of_use() {
    let mut benchmark = detente_data::default_world::open().expect("embedded").benchmark.clone();
    benchmark.final_demand = None;
    let world = Solver::new(&benchmark, &Closure::default()).expect("calibrated");
    let e = solve(&world, &Instruments::of(&world.benchmark));
    for dial in Dial::ALL {
        let partner = dial.has_partner().then_some(1);
        let value = DialOf { dial, economy: 0, partner }.value(&world, &e);
        assert_eq!(value.is_none(), dial.needs_uses(), "{dial:?}");
    }
}

/// Every dial's derivative along levers of each kind, against differences of solved worlds at two steps, extrapolated: to 1e-7 of the dial's
/// largest.
#[needs("reference/rebalancing/world-cat")]
#[test]
fn derivatives_of_dials_are_those_of_solved_worlds() {
    let world = world();
    let d = world.dimensions;
    let base = solve(&world, &Instruments::of(&world.benchmark));
    let position = |code: &str| world.benchmark.economy(code).expect("there");
    let (usa, chn) = (position("USA"), position("CHN"));
    let traded = |n: usize, i: usize| -> Vec<usize> { (0..20).map(|s| d.cell(n, i, s)).collect() };
    let made: Vec<usize> = (0..d.economies).flat_map(|n| traded(n, usa)).collect();
    let levers = [
        Lever::TariffFactor(traded(usa, chn)),
        Lever::TariffPoints(traded(chn, usa)),
        Lever::TradeCost(traded(chn, usa)),
        Lever::ExportTax(traded(usa, chn)),
        Lever::OutputTopUp(made),
        Lever::Productivity((0..20).map(|s| d.pair(chn, s)).collect()),
        Lever::Saving { economy: usa, spent_by: None },
        Lever::Saving { economy: chn, spent_by: Some(FinalUse::Household) },
        Lever::FinalDemand { economy: chn, from: FinalUse::Investment, to: FinalUse::Household },
    ];
    let dials: Vec<DialOf> = [(usa, chn), (chn, usa)]
        .into_iter()
        .flat_map(|(economy, other)| {
            Dial::ALL.into_iter().map(move |dial| DialOf {
                dial,
                economy,
                partner: dial.has_partner().then_some(other),
            })
        })
        .collect();
    let at = |lever: &Lever, size: f64| -> Vec<f64> {
        let moved = lever::apply(&world, &base.instruments, &[lever], &[size]).expect("applied");
        let e = solve(&world, &moved);
        dials.iter().map(|of| of.value(&world, &e).expect("defined")).collect()
    };
    let step = 2e-3;
    let measured: Vec<Vec<f64>> = levers
        .iter()
        .map(|lever| {
            let slope = |h: f64| -> Vec<f64> {
                at(lever, h).iter().zip(at(lever, -h)).map(|(up, down)| (up - down) / (2.0 * h)).collect()
            };
            let (near, far) = (slope(step), slope(2.0 * step));
            near.iter().zip(far).map(|(near, far)| (4.0 * near - far) / 3.0).collect()
        })
        .collect();
    for (place, of) in dials.iter().enumerate() {
        let gradient = of.gradient(&world, &base).expect("a gradient");
        let largest = measured.iter().map(|row| row[place].abs()).fold(0.0, f64::max);
        for (lever, row) in levers.iter().zip(&measured) {
            let found = lever.slope(&world, &base.instruments, &gradient, 0.0);
            let off = (found - row[place]).abs() / largest;
            let kind = format!("{lever:?}");
            let kind: String = kind.chars().take_while(|c| c.is_alphabetic()).collect();
            assert!(off < 1e-7, "{:?} in {kind}: {found} here, {} by differences", of.dial, row[place]);
        }
    }
}
