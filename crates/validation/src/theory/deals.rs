//! Deals: deficits that no tariff moves, pledges that do not bind, products too small to measure.

use crate::theory::worlds::{closure, largest_difference, solve};
use crate::theory::{Check, CheckError};
use detente::exposure::{Measurability, of_product};
use detente_engine::benchmark::{Benchmark, SectorKind};
use detente_engine::closure::Deficits;
use detente_engine::instruments::{Instruments, Limit, LimitMeasure, RentOwner};
use detente_engine::solver::Solver;

/// Under `fixed` deficits every tariff leaves them where they were.
pub fn fixed_deficits(benchmark: &Benchmark) -> Result<Check, CheckError> {
    let calibration = Solver::new(benchmark, &closure(Deficits::Fixed))?;
    let before = solve(&calibration, &Instruments::of(benchmark), "the benchmark")?;
    let size = benchmark.dimensions();
    let mut instruments = Instruments::of(benchmark);
    for (at, rate) in instruments.tariff_rate.iter_mut().enumerate() {
        let (importer, exporter, sector) = size.cell_of(at);
        if importer != exporter && benchmark.sectors[sector].kind != SectorKind::Services {
            *rate += 0.05 * ((importer * 7 + exporter * 3 + sector) % 11) as f64;
        }
    }
    let after = solve(&calibration, &instruments, "tariffs up to 50 percent everywhere")?;
    let world: f64 = before.factor_income.iter().sum();
    // Measured on the flows, not read from the closure.
    let deficit = |flows: &[f64], economy: usize| -> f64 {
        (0..size.sectors)
            .flat_map(|sector| (0..size.economies).map(move |partner| (sector, partner)))
            .map(|(sector, partner)| {
                flows[size.cell(economy, partner, sector)] - flows[size.cell(partner, economy, sector)]
            })
            .sum()
    };
    let distance = (0..size.economies)
        .map(|economy| {
            (deficit(&after.border_value, economy) - deficit(&before.border_value, economy)).abs() / world
        })
        .fold(0.0, f64::max);
    Ok(Check::new(
        "fixed deficits are an assumption",
        "Under `fixed` no tariff moves an aggregate deficit: it is tagged \"assumed\" wherever it is shown and never counted as a result. Added duties of up to 50 \
         points between all economies; imports less exports of the solved flows, over world GDP.",
        "no change in any deficit".into(),
        format!("largest {distance:.1e}"),
        distance,
        1e-12,
    ))
}

/// A pledge to buy less than is bought anyway has no effect; one to buy half more binds.
pub fn purchase_pledge(benchmark: &Benchmark) -> Result<Vec<Check>, CheckError> {
    let size = benchmark.dimensions();
    let calibration = Solver::new(benchmark, &closure(Deficits::Fixed))?;
    let plain = solve(&calibration, &Instruments::of(benchmark), "the benchmark")?;
    // The second economy pledges to buy the first sector's goods from the first.
    let cell = size.cell(1, 0, 0);
    let flow = benchmark.border_value[cell];
    let pledge = |factor: f64| {
        let mut instruments = Instruments::of(benchmark);
        instruments.limits.push(Limit {
            cells: vec![cell],
            min: Some(factor * flow),
            max: None,
            measure: LimitMeasure::Value,
            rent: RentOwner::Importer,
        });
        solve(&calibration, &instruments, "a purchase pledge")
    };
    let (loose, tight) = (pledge(0.9)?, pledge(1.5)?);
    let wedge = |wedges: &[f64]| wedges.first().copied().unwrap_or(f64::NAN);
    let idle = largest_difference(&loose, &plain).max(wedge(&loose.limit_wedge).abs());
    let bought = tight.border_value[cell] / flow;
    Ok(vec![
        Check::new(
            "a pledge below the benchmark flow does not bind",
            "A promise to buy at least nine tenths of what is bought anyway has a wedge of zero and changes nothing: the benefit of such a pledge is zero, \
             whatever its headline.",
            "wedge 0, no change in any real income".into(),
            format!("wedge {:.1e}", wedge(&loose.limit_wedge)),
            idle,
            1e-10,
        ),
        Check::new(
            "a pledge above it binds",
            "A promise to buy half more is met exactly, by a wedge that the buyer's budget pays.",
            "1.5 times the flow, wedge above 0".into(),
            format!("{bought:.9} times, wedge {:.3}", wedge(&tight.limit_wedge)),
            if wedge(&tight.limit_wedge) > 0.0 { (bought - 1.5).abs() } else { f64::INFINITY },
            1e-8,
        ),
    ])
}

/// An export ban on a product far smaller than its sector: exposure, not welfare.
pub fn product_too_small(benchmark: &Benchmark) -> Check {
    let size = benchmark.dimensions();
    // One percent of what the first economy buys from the second in the sector where it buys most.
    let largest =
        (0..size.sectors).map(|sector| benchmark.border_value[size.cell(0, 1, sector)]).fold(0.0, f64::max);
    let small = of_product(0.01 * largest, largest);
    let whole = of_product(largest, largest);
    let right =
        matches!(small, Measurability::NotMeasurableHere { .. }) && whole == Measurability::Measurable;
    Check::new(
        "an export ban on a product too small for its sector",
        "The model knows sectors. A ban on a product that is one percent of its sector's flow is answered with the exposure and the words \"not measurable here\", not \
         with a welfare number; the whole sector is measured. The boundary is the assumption `smallest-measurable-share`.",
        "not measurable here".into(),
        small.to_string(),
        if right { 0.0 } else { 1.0 },
        0.0,
    )
}
