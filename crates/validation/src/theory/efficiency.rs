//! Efficiency at zero tariffs, Hulten's theorem, and autarky in closed form.

use crate::theory::worlds::{as_one_sector, closure, solve, welfare, without_tariffs};
use crate::theory::{Check, CheckError};
use detente_engine::benchmark::Benchmark;
use detente_engine::closure::Deficits;
use detente_engine::equilibrium::Equilibrium;
use detente_engine::gradient::{Gradient, gradient};
use detente_engine::instruments::Instruments;
use detente_engine::objective::{Objective, Outcome, Scalar};
use detente_engine::solver::Solver;

/// Iceberg factor that ends trade.
const PROHIBITIVE: f64 = 1e6;

/// Gradient of `Σ income · ln welfare`: the sum of money-metric welfare to first order.
fn world_welfare(calibration: &Solver, at: &Equilibrium) -> Result<Gradient, CheckError> {
    let terms = (0..at.income.len())
        .map(|economy| (at.income[economy], Scalar { outcome: Outcome::Welfare, economy }))
        .collect();
    Ok(gradient(calibration, at, &Objective::LogSum(terms))?)
}

fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.map(f64::abs).fold(0.0, f64::max)
}

/// At zero tariffs no tariff raises the sum of money-metric welfare, and an iceberg costs what is shipped.
pub fn at_zero_tariffs(benchmark: &Benchmark) -> Result<Vec<Check>, CheckError> {
    let calibration = Solver::new(benchmark, &closure(Deficits::Fixed))?;
    let free = solve(&calibration, &without_tariffs(benchmark), "free trade")?;
    let world: f64 = free.income.iter().sum();
    let slopes = world_welfare(&calibration, &free)?;
    let distance = largest(slopes.tariff.iter().copied()) / world;
    let today = solve(&calibration, &Instruments::of(benchmark), "the benchmark")?;
    let today_slope =
        largest(world_welfare(&calibration, &today)?.tariff.into_iter()) / today.income.iter().sum::<f64>();

    let size = benchmark.dimensions();
    let shipped = largest(free.border_value.iter().copied());
    let gaps =
        slopes.trade_cost.iter().zip(&free.border_value).enumerate().filter_map(|(at, (slope, value))| {
            let (importer, exporter, _) = size.cell_of(at);
            (importer != exporter).then_some(slope + value)
        });
    let hulten = largest(gaps) / shipped;
    Ok(vec![
        Check::new(
            "zero tariffs are efficient",
            "Under perfect competition the gradient of the sum of money-metric welfare in every tariff is zero at zero tariffs, whoever gains or loses: all \
             N·N·S derivatives from one transposed solve, over world income.",
            "0 for every tariff".into(),
            format!("largest {distance:.1e}; {today_slope:.1e} at today's tariffs"),
            distance,
            1e-12,
        ),
        Check::new(
            "Hulten's theorem for icebergs",
            "At zero tariffs raising one iceberg cost by a small share lowers the sum of money-metric welfare by that share of the flow shipped (Hulten 1978): \
             every cell, over the largest flow.",
            "minus the flow, for every cell".into(),
            format!("largest gap {hulten:.1e}"),
            hulten,
            1e-9,
        ),
    ])
}

/// Closing trade: the formulas of Arkolakis, Costinot & Rodríguez-Clare (2012) and, with inputs and sectors, Costinot & Rodríguez-Clare (2014).
pub fn autarky(benchmark: &Benchmark) -> Result<Vec<Check>, CheckError> {
    Ok(vec![one_sector(benchmark)?, with_inputs(benchmark)?])
}

fn one_sector(benchmark: &Benchmark) -> Result<Check, CheckError> {
    let theta = 4.0;
    let world = as_one_sector(benchmark, theta);
    let size = world.dimensions();
    let calibration = Solver::new(&world, &closure(Deficits::Zero))?;
    let open = solve(&calibration, &Instruments::of(&world), "the open world")?;
    let mut instruments = Instruments::of(&world);
    instruments.trade_cost_hat = (0..size.cells())
        .map(|at| if size.cell_of(at).0 == size.cell_of(at).1 { 1.0 } else { PROHIBITIVE })
        .collect();
    let closed = solve(&calibration, &instruments, "autarky")?;
    let mut distance: f64 = 0.0;
    let mut words = String::new();
    for economy in 0..size.economies {
        let home =
            open.border_value[size.cell(economy, economy, 0)] / open.expenditure[size.pair(economy, 0)];
        let expected = home.powf(1.0 / theta);
        let found = welfare(&closed, economy) / welfare(&open, economy);
        distance = distance.max((found / expected - 1.0).abs());
        if economy == 0 {
            words = format!("{:.6} for {}", found, world.economies[0].code);
        }
    }
    Ok(Check::new(
        "autarky in one sector",
        "With one sector, no inputs and balanced trade, real income after all trade ends is the home share to the power 1/θ, in every economy \
         (Arkolakis, Costinot & Rodríguez-Clare 2012).",
        "home share^(1/θ), every economy".into(),
        words,
        distance,
        1e-9,
    ))
}

fn with_inputs(benchmark: &Benchmark) -> Result<Check, CheckError> {
    // The first economy that makes some of everything: a sector that is only imported has no price in autarky.
    let size = benchmark.dimensions();
    let makes_all = |economy: &usize| {
        (0..size.sectors).all(|sector| benchmark.border_value[size.cell(*economy, *economy, sector)] > 0.0)
    };
    let Some(economy) = (0..size.economies).find(makes_all) else {
        return Ok(Check::skipped(
            "autarky with inputs",
            "",
            "no economy of the benchmark makes some of everything",
        ));
    };
    let calibration = Solver::new(benchmark, &closure(Deficits::Zero))?;
    let open = solve(&calibration, &without_tariffs(benchmark), "the open world")?;
    let mut instruments = without_tariffs(benchmark);
    instruments.trade_cost_hat = vec![1.0; size.cells()];
    for sector in 0..size.sectors {
        for partner in (0..size.economies).filter(|partner| *partner != economy) {
            instruments.trade_cost_hat[size.cell(economy, partner, sector)] = PROHIBITIVE;
            instruments.trade_cost_hat[size.cell(partner, economy, sector)] = PROHIBITIVE;
        }
    }
    let closed = solve(&calibration, &instruments, "one economy in autarky")?;
    let found = welfare(&closed, economy) / welfare(&open, economy);
    let expected = autarky_formula(&calibration, &open, economy);
    Ok(Check::new(
        "autarky with sectors and inputs",
        "With sectors, input-output links and no tariffs, ln real income after one economy leaves trade is Σ_s α_s Σ_k a_sk ln π_k / θ_k, with α final \
         shares, a the Leontief inverse of the input shares and π home shares (Costinot & Rodríguez-Clare 2014).",
        format!("{expected:.9} for {}", benchmark.economies[economy].code),
        format!("{found:.9}"),
        (found / expected - 1.0).abs(),
        1e-9,
    ))
}

/// `exp(−Σ_s α_s p_s)` with `p_s = Σ_k γ_{k→s} p_k − ln π_s / θ_s`: prices over the wage in autarky, by the Leontief series.
fn autarky_formula(calibration: &Solver, open: &Equilibrium, economy: usize) -> f64 {
    let size = calibration.dimensions;
    let own: Vec<f64> = (0..size.sectors)
        .map(|sector| {
            let home = open.border_value[size.cell(economy, economy, sector)]
                / open.expenditure[size.pair(economy, sector)];
            -home.ln() / calibration.benchmark.sectors[sector].trade_elasticity
        })
        .collect();
    let mut price = own.clone();
    for _ in 0..2000 {
        price = (0..size.sectors)
            .map(|sector| {
                let inputs: f64 = calibration.input_share().map_or(0.0, |input| {
                    (0..size.sectors).map(|used| input[size.input(economy, sector, used)] * price[used]).sum()
                });
                own[sector] + inputs
            })
            .collect();
    }
    let spending: f64 = (0..size.sectors).map(|sector| open.final_use[size.pair(economy, sector)]).sum();
    let index: f64 = (0..size.sectors)
        .map(|sector| open.final_use[size.pair(economy, sector)] / spending * price[sector])
        .sum();
    (-index).exp()
}
