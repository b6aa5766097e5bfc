//! Lerner symmetry, and the tariff that an export subsidy undoes.

use crate::theory::worlds::{closure, largest_difference, solve};
use crate::theory::{Check, CheckError};
use detente_engine::benchmark::Benchmark;
use detente_engine::closure::Deficits;
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::solver::Solver;

const FACTOR: f64 = 1.2;
/// Economy that acts.
const ACTOR: usize = 0;

/// The benchmark's tariffs with the actor's import factors and export factors multiplied.
fn instruments(benchmark: &Benchmark, import_factor: f64, export_factor: f64) -> Instruments {
    let size = benchmark.dimensions();
    let mut instruments = Instruments::of(benchmark);
    instruments.export_tax_rate = vec![0.0; size.cells()];
    for sector in 0..size.sectors {
        for partner in (0..size.economies).filter(|partner| *partner != ACTOR) {
            let bought = size.cell(ACTOR, partner, sector);
            instruments.tariff_rate[bought] = (1.0 + instruments.tariff_rate[bought]) * import_factor - 1.0;
            instruments.export_tax_rate[size.cell(partner, ACTOR, sector)] = export_factor - 1.0;
        }
    }
    instruments
}

fn under(
    benchmark: &Benchmark,
    deficits: Deficits,
    import_factor: f64,
    export_factor: f64,
) -> Result<Equilibrium, CheckError> {
    let calibration = Solver::new(benchmark, &closure(deficits))?;
    solve(&calibration, &instruments(benchmark, import_factor, export_factor), "Lerner symmetry")
}

/// A uniform import tariff is a uniform export tax where trade balances, and is not where deficits are fixed.
pub fn lerner(benchmark: &Benchmark) -> Result<Vec<Check>, CheckError> {
    let gap = |deficits| -> Result<f64, CheckError> {
        Ok(largest_difference(
            &under(benchmark, deficits, FACTOR, 1.0)?,
            &under(benchmark, deficits, 1.0, FACTOR)?,
        ))
    };
    let balanced = gap(Deficits::Zero)?;
    let unbalanced = gap(Deficits::Fixed)?;
    Ok(vec![
        Check::new(
            "Lerner symmetry",
            "A uniform tariff on all imports equals a uniform tax on all exports for every economy's real income, if trade balances, revenue is \
             rebated and every flow is taxed alike (Lerner 1936). The world of the benchmark with deficits closed, 20 percent by one economy.",
            "no difference in any real income".into(),
            format!("largest {balanced:.1e}"),
            balanced,
            1e-9,
        ),
        Check::new(
            "Lerner symmetry needs balanced trade",
            "With deficits fixed in units of world GDP the two differ: the transfer is worth less where prices rose. A program in which they still agreed \
             would not be holding deficits fixed. Distance: 1e-4 less the largest difference, if positive.",
            "a difference above 1e-4".into(),
            format!("largest {unbalanced:.1e}"),
            (1e-4 - unbalanced).max(0.0),
            0.0,
        ),
    ])
}

/// A uniform tariff with a matching export subsidy changes nothing real.
pub fn tariff_with_export_subsidy(benchmark: &Benchmark) -> Result<Check, CheckError> {
    let both = under(benchmark, Deficits::Zero, FACTOR, 1.0 / FACTOR)?;
    let neither = under(benchmark, Deficits::Zero, 1.0, 1.0)?;
    let distance = largest_difference(&both, &neither);
    Ok(Check::new(
        "a tariff with a matching export subsidy is neutral",
        "A uniform import tariff with an export subsidy at the same rate (a border adjustment) moves wages and nothing real, under the same conditions.",
        "no change in any real income".into(),
        format!("largest {distance:.1e}"),
        distance,
        1e-9,
    ))
}
