//! The derivative against differences of the residuals, and its transpose against itself, for every closure.

use super::buffers::Workspace;
use super::residual::evaluate;
use crate::derivatives::reverse::Room;
use crate::equations::layout::Layout;
use crate::equations::limit::Side;
use crate::model::benchmark::Benchmark;
use crate::model::calibration::Calibration;
use crate::model::closure::{
    Closure, Deficits, Demand, FactorMarket, LabourSupply, MarketStructure, Revenue,
};
use crate::model::instruments::{Instruments, Limit, LimitMeasure, RentOwner};
use crate::random::{Random, Shape, world};

fn benchmark(seed: u64) -> Benchmark {
    let mut b = world(&mut Random(seed), &Shape::small());
    for sector in &mut b.sectors {
        sector.elasticity_of_substitution = Some(1.0 + 0.7 * sector.trade_elasticity);
        sector.scale_elasticity = Some(0.3 / sector.trade_elasticity);
    }
    b.local_cost_share = Some(vec![0.2, 0.1, 0.25, 0.15]);
    b
}

/// The derivative and its transpose at a random point near the data.
fn check(name: &str, closure: &Closure, limits: &[Limit], seed: u64) {
    let b = benchmark(seed);
    let calibration = Calibration::new(&b, closure).unwrap();
    let mut random = Random(seed + 100);
    let mut instruments = Instruments::of(&b);
    instruments.limits = limits.to_vec();
    if !closure.local_selling_costs {
        instruments.export_tax_rate = (0..b.dimensions().cells()).map(|_| 0.1 * random.unit()).collect();
    }
    let mut space = Workspace::default();
    space.costs.fold(&calibration, &instruments).unwrap();
    space.start_from_data(&calibration);
    for (k, side) in space.sides.iter_mut().enumerate() {
        *side = [Side::AtMax, Side::AtMin, Side::Free][k % 3];
    }
    let layout = Layout::new(&calibration, limits.len());
    let mut noise = |scale: f64| scale * (random.unit() - 0.5);
    {
        let z = layout.split_mut(&mut space.z);
        z.wage.iter_mut().chain(z.hours).chain(z.price).chain(z.limit).for_each(|z| *z += noise(0.2));
        z.income.iter_mut().chain(z.output).for_each(|z| *z *= 1.0 + noise(0.2));
    }
    let point = space.z.clone();
    let direction: Vec<f64> = (0..layout.len()).map(|_| noise(1.0)).collect();
    evaluate(&calibration, &mut space, false);
    let (income, output) = (space.income_scale.clone(), space.output_scale.clone());
    let mut scratch = std::mem::take(&mut space.scratch);
    let mut image = vec![0.0; layout.len()];
    let mut transposed = vec![0.0; layout.len()];
    let weights: Vec<f64> = (0..layout.len()).map(|_| noise(1.0)).collect();
    let mut room = Room::default();
    room.resize(layout.n, layout.pairs, layout.limits);
    {
        let at = space.linearisation(&calibration);
        at.apply(&direction, &mut image, &mut scratch);
        at.apply_transposed(&weights, &mut transposed, &mut room);
    }
    let (left, right) =
        (crate::linear::kernel::dot(&weights, &image), crate::linear::kernel::dot(&transposed, &direction));
    assert!((left - right).abs() < 1e-11 * (1.0 + left.abs()), "{name}: transpose {left} {right}");
    // Differences, with levels' residuals unscaled by the scales of the moved point.
    let mut residual_at = |h: f64| {
        space.z.copy_from_slice(&point);
        let z = layout.split_mut(&mut space.z);
        let step = layout.split(&direction);
        let logs = z.wage.iter_mut().chain(z.hours).chain(z.price).chain(z.limit);
        let steps = step.wage.iter().chain(step.hours).chain(step.price).chain(step.limit);
        logs.zip(steps).for_each(|(z, d)| *z += h * d);
        z.income.iter_mut().zip(step.income).zip(&income).for_each(|((z, d), scale)| *z += h * d * scale);
        z.output.iter_mut().zip(step.output).zip(&output).for_each(|((z, d), scale)| *z += h * d * scale);
        evaluate(&calibration, &mut space, false);
        let (now_income, now_output) = (space.income_scale.clone(), space.output_scale.clone());
        let mut residual = space.residual.clone();
        let r = layout.split_mut(&mut residual);
        r.income.iter_mut().zip(now_income).zip(&income).for_each(|((r, now), then)| *r *= now / then);
        r.output.iter_mut().zip(now_output).zip(&output).for_each(|((r, now), then)| *r *= now / then);
        residual
    };
    let h = 1e-4;
    let (a, b, c, d) = (residual_at(h), residual_at(-h), residual_at(2.0 * h), residual_at(-2.0 * h));
    for k in 0..layout.len() {
        let difference = (8.0 * (a[k] - b[k]) - (c[k] - d[k])) / (12.0 * h);
        let gap = (difference - image[k]).abs();
        assert!(
            gap < 1e-8 * (1.0 + difference.abs()),
            "{name} [{k}]: {} where differences give {difference}",
            image[k]
        );
    }
}

#[test]
fn every_closure_and_limits() {
    let base = Closure::default();
    let closures = [
        ("perfect", base.clone()),
        ("krugman", Closure { market_structure: MarketStructure::Krugman, ..base.clone() }),
        ("melitz", Closure { market_structure: MarketStructure::Melitz, ..base.clone() }),
        (
            "roy, elastic, tax relief",
            Closure {
                factor_market: FactorMarket::Roy,
                roy_shape: Some(1.7),
                labour_supply: LabourSupply::Elastic,
                labour_supply_elasticity: Some(0.6),
                revenue: Revenue::IncomeTaxRelief,
                ..base.clone()
            },
        ),
        (
            "specific, ces, share of gdp",
            Closure {
                factor_market: FactorMarket::Specific,
                capital_share: Some(0.4),
                demand: Demand::Ces,
                demand_elasticity: Some(0.5),
                deficits: Deficits::ShareOfGdp,
                ..base.clone()
            },
        ),
        (
            "local selling costs",
            Closure {
                local_selling_costs: true,
                market_structure: MarketStructure::Krugman,
                labour_supply: LabourSupply::Elastic,
                labour_supply_elasticity: Some(0.6),
                ..base.clone()
            },
        ),
    ];
    for (seed, (name, closure)) in closures.iter().enumerate() {
        check(name, closure, &[], seed as u64);
    }
    let d = benchmark(0).dimensions();
    for rent in [RentOwner::Importer, RentOwner::Exporter, RentOwner::None] {
        for measure in [LimitMeasure::Value, LimitMeasure::Volume] {
            let limit = |cells: &[usize]| Limit {
                cells: cells.to_vec(),
                min: Some(1.0),
                max: Some(2.0),
                measure,
                rent,
            };
            let limits = [
                limit(&[d.cell(0, 1, 0), d.cell(0, 1, 1), d.cell(2, 1, 0)]),
                limit(&[d.cell(0, 1, 1), d.cell(3, 2, 2)]),
                limit(&[d.cell(1, 0, 2)]),
            ];
            check(&format!("limits {rent:?} {measure:?}"), &base, &limits, 40);
        }
    }
}
