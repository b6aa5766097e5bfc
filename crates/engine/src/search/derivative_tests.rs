//! The derivative against differences of the residuals, and its transpose against itself, for every closure.

use super::buffers::Buffers;
use super::residual::evaluate;
use crate::derivatives::reverse::ReverseBuffers;
use crate::equations::layout::Layout;
use crate::equations::limit::Side;
use crate::model::benchmark::Benchmark;
use crate::model::benchmark::{Economy, Sector, SectorKind};
use crate::model::calibration::Calibration;
use crate::model::closure::{
    Closure, Deficits, Demand, FactorMarket, LabourSupply, MarketStructure, Revenue,
};
use crate::model::instruments::{Instruments, Limit, LimitMeasure, RentOwner};
use detente_testkit::random::{Random, Shape, world};

/// The kit's world as this build of the crate has it: the kit uses the library, which is another crate to a unit test.
fn of_the_kit(world: detente_testkit::engine::benchmark::Benchmark) -> Benchmark {
    use detente_testkit::engine::benchmark::SectorKind as Kind;
    let kind = |kind: Kind| match kind {
        Kind::Agriculture => SectorKind::Agriculture,
        Kind::Mining => SectorKind::Mining,
        Kind::Manufacturing => SectorKind::Manufacturing,
        Kind::Services => SectorKind::Services,
    };
    let economy = |e: detente_testkit::engine::benchmark::Economy| Economy {
        code: e.code,
        name: e.name,
        members: e.members,
    };
    let sector = |s: detente_testkit::engine::benchmark::Sector| Sector {
        code: s.code,
        name: s.name,
        kind: kind(s.kind),
        trade_elasticity: s.trade_elasticity,
        elasticity_of_substitution: s.elasticity_of_substitution,
        scale_elasticity: s.scale_elasticity,
        tariff_elasticity: s.tariff_elasticity,
    };
    Benchmark {
        name: world.name,
        unit: world.unit,
        source: world.source,
        licence: world.licence,
        year: world.year,
        economies: world.economies.into_iter().map(economy).collect(),
        sectors: world.sectors.into_iter().map(sector).collect(),
        border_value: world.border_value,
        tariff_rate: world.tariff_rate,
        tariffs_given: world.tariffs_given,
        value_added_share: world.value_added_share,
        value_added: world.value_added,
        input_share: world.input_share,
        final_share: world.final_share,
        // Random worlds have no demand by kind.
        final_demand: None,
        trade_deficit: world.trade_deficit,
        political_weight: world.political_weight,
        capital_share: world.capital_share,
        local_cost_share: world.local_cost_share,
    }
}

fn benchmark(seed: u64) -> Benchmark {
    let mut b = of_the_kit(world(&mut Random(seed), &Shape::small()));
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
    let mut buffers = Buffers::default();
    buffers.point.costs.fold(&calibration, &instruments).unwrap();
    buffers.start_from_data(&calibration);
    for (k, side) in buffers.point.sides.iter_mut().enumerate() {
        *side = [Side::AtMax, Side::AtMin, Side::Free][k % 3];
    }
    let layout = Layout::new(&calibration, limits.len());
    let mut noise = |scale: f64| scale * (random.unit() - 0.5);
    {
        let z = layout.split_mut(&mut buffers.z);
        z.wage.iter_mut().chain(z.hours).chain(z.price).chain(z.limit).for_each(|z| *z += noise(0.2));
        z.income.iter_mut().chain(z.output).for_each(|z| *z *= 1.0 + noise(0.2));
    }
    let point = buffers.z.clone();
    let direction: Vec<f64> = (0..layout.len()).map(|_| noise(1.0)).collect();
    evaluate(&calibration, &mut buffers, false);
    let (income, output) = (buffers.point.income_scale.clone(), buffers.point.output_scale.clone());
    let mut forward = std::mem::take(&mut buffers.forward);
    let mut image = vec![0.0; layout.len()];
    let mut transposed = vec![0.0; layout.len()];
    let weights: Vec<f64> = (0..layout.len()).map(|_| noise(1.0)).collect();
    let mut room = ReverseBuffers::default();
    room.resize(layout.n, layout.pairs, layout.limits);
    {
        let at = buffers.point.linearisation(&calibration);
        at.apply(&direction, &mut image, &mut forward);
        at.apply_transposed(&weights, &mut transposed, &mut room);
    }
    let (left, right) =
        (crate::linear::kernel::dot(&weights, &image), crate::linear::kernel::dot(&transposed, &direction));
    assert!((left - right).abs() < 1e-11 * (1.0 + left.abs()), "{name}: transpose {left} {right}");
    // Differences, with levels' residuals unscaled by the scales of the moved point.
    let mut residual_at = |h: f64| {
        buffers.z.copy_from_slice(&point);
        let z = layout.split_mut(&mut buffers.z);
        let step = layout.split(&direction);
        let logs = z.wage.iter_mut().chain(z.hours).chain(z.price).chain(z.limit);
        let steps = step.wage.iter().chain(step.hours).chain(step.price).chain(step.limit);
        logs.zip(steps).for_each(|(z, d)| *z += h * d);
        z.income.iter_mut().zip(step.income).zip(&income).for_each(|((z, d), scale)| *z += h * d * scale);
        z.output.iter_mut().zip(step.output).zip(&output).for_each(|((z, d), scale)| *z += h * d * scale);
        evaluate(&calibration, &mut buffers, false);
        let (now_income, now_output) =
            (buffers.point.income_scale.clone(), buffers.point.output_scale.clone());
        let mut residual = buffers.residual.clone();
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
