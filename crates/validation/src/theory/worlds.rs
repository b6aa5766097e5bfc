//! Worlds for the checks: small ones made by hand, and the benchmark with something taken out.

use crate::theory::CheckError;
use detente_engine::benchmark::{Benchmark, Economy, Sector, SectorKind};
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::solver::Solver;

/// Two economies and one sector, no tariffs: a home of output one, a foreign of output `foreign`, a third of home's output traded each way.
pub fn home_and_foreign(trade_elasticity: f64, foreign: f64) -> Benchmark {
    let traded = 0.3;
    one_sector(
        &["home", "foreign"],
        trade_elasticity,
        // importer-major: [home ← home, home ← foreign, foreign ← home, foreign ← foreign]
        vec![1.0 - traded, traded, traded, foreign - traded],
    )
}

/// The benchmark's goods and services as one sector without tariffs and intermediates.
pub fn as_one_sector(benchmark: &Benchmark, trade_elasticity: f64) -> Benchmark {
    let size = benchmark.dimensions();
    let mut flows = vec![0.0; size.economies * size.economies];
    for (at, value) in benchmark.border_value.iter().enumerate() {
        let (importer, exporter, _) = size.cell_of(at);
        flows[importer * size.economies + exporter] += value;
    }
    let codes: Vec<&str> = benchmark.economies.iter().map(|economy| economy.code.as_str()).collect();
    one_sector(&codes, trade_elasticity, flows)
}

fn one_sector(codes: &[&str], trade_elasticity: f64, flows: Vec<f64>) -> Benchmark {
    let named = |code: &&str| Economy { code: (*code).into(), name: (*code).into(), members: Vec::new() };
    Benchmark {
        name: "one sector".into(),
        unit: "unit".into(),
        source: "made for a check".into(),
        licence: "none".into(),
        year: None,
        economies: codes.iter().map(named).collect(),
        sectors: vec![Sector {
            code: "all".into(),
            name: "all".into(),
            kind: SectorKind::Manufacturing,
            trade_elasticity,
            elasticity_of_substitution: None,
            scale_elasticity: None,
            tariff_elasticity: None,
        }],
        tariff_rate: vec![0.0; flows.len()],
        border_value: flows,
        tariffs_given: true,
        value_added_share: vec![1.0; codes.len()],
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

/// No tariff anywhere.
pub fn without_tariffs(benchmark: &Benchmark) -> Instruments {
    let mut instruments = Instruments::of(benchmark);
    instruments.tariff_rate.fill(0.0);
    instruments
}

/// The default closure with these deficits.
pub fn closure(deficits: Deficits) -> Closure {
    Closure { deficits, ..Closure::default() }
}

/// Solves, or says what did not converge.
pub fn solve(calibration: &Solver, instruments: &Instruments, what: &str) -> Result<Equilibrium, CheckError> {
    let found = calibration.solve(instruments, &SolveSettings::default(), None)?;
    found.solved().map_err(|unsolved| CheckError::NotConverged {
        what: what.into(),
        residual: unsolved.certificate.max_residual(),
    })
}

/// Real income of an economy.
pub fn welfare(equilibrium: &Equilibrium, economy: usize) -> f64 {
    equilibrium.income[economy] / equilibrium.price_index_hat[economy]
}

/// Largest relative difference in real income between two equilibria.
pub fn largest_difference(one: &Equilibrium, other: &Equilibrium) -> f64 {
    (0..one.income.len())
        .map(|economy| (welfare(one, economy) / welfare(other, economy) - 1.0).abs())
        .fold(0.0, f64::max)
}
