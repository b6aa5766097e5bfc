//! Random worlds, closures and shocks. What is drawn is decided by rules that look at no solve.
//!
//! Under perfect competition with mobile labour nothing may be refused, so that only worlds are drawn of which it is known before that they
//! have an equilibrium. Redrawn are
//!
//! * worlds in which some economies sell to others who, directly or through others, sell nothing back: with balanced trade they
//!   have no equilibrium, whatever the prices (the engine refuses them by name);
//! * where deficits follow GDP, deficits of half of GDP and more: what makes them sum to zero again can then take all that an
//!   economy has.
//!
//! Under the other closures nothing is redrawn: the former are refused and count as refused, the latter are left to the solver.
//!
//! What is never drawn, and why:
//!
//! * Subsidies that cost more than an economy earns once all that it makes and buys is subsidised (scaled down).
//! * Fixed deficits as such. An economy that owes a fixed part of world income may earn less than that once its exports are
//!   taxed at a thousand percent, and then there is no equilibrium. Deficits are zero, or follow GDP, or are fixed at the very
//!   levels at which deficits that follow GDP come to stand (family [`Family::Levels`]): there an equilibrium is known before.
//! * Under free entry, inputs and scale whose round feeds on itself: an economy's inputs are kept below what `(1+ψ)γ < 1` asks.

use std::collections::BTreeSet;

use detente_engine::benchmark::Benchmark;
use detente_engine::closure::{
    ByUsingSector, Closure, Deficits, Demand, FactorMarket, FixedEntryProfit, Intermediates, LabourSupply,
    MarketStructure, Revenue,
};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::index::Dimensions;
use detente_engine::instruments::{FinalDemandShift, Instruments, Limit, LimitMeasure, RentOwner};

use crate::random::{Random, Shape, world};

/// What is drawn beside the world itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Perfect competition, mobile labour, balanced trade.
    Balanced,
    /// The same with deficits that follow GDP.
    ShareOfGdp,
    /// The same with deficits at levels that are known to be payable.
    Levels,
    /// Free entry.
    Krugman,
    /// Free entry, heterogeneous firms.
    Melitz,
    /// Fixed entry with profits, capped where value added is thin.
    FixedEntry,
    /// People choose sectors.
    Roy,
    /// Capital fixed to sectors, with investment and owners elsewhere.
    Specific,
    /// Hours respond; revenue may relieve income tax.
    Elastic,
    /// Sectors substitute or complement in final demand.
    Ces,
    /// No input-output links.
    NoIntermediates,
    /// Any market structure, factor market, hours, demand and use of revenue together.
    Mixed,
    /// Inputs substitute or complement, by using sector.
    CesInputs,
}

impl Family {
    /// Perfect competition and mobile labour: nothing may be refused.
    pub const PLAIN: [Self; 3] = [Self::Balanced, Self::ShareOfGdp, Self::Levels];
    /// All others.
    pub const OTHERS: [Self; 10] = [
        Self::Krugman,
        Self::Melitz,
        Self::FixedEntry,
        Self::Roy,
        Self::Specific,
        Self::Elastic,
        Self::Ces,
        Self::NoIntermediates,
        Self::Mixed,
        Self::CesInputs,
    ];
}

/// A question.
pub struct Case {
    pub benchmark: Benchmark,
    pub closure: Closure,
    pub instruments: Instruments,
    /// Whether limits on quantities are to be drawn as well, from the equilibrium without them.
    pub limited: bool,
}

/// The question of a seed.
pub fn draw(random: &mut Random, family: Family) -> Case {
    let mut closure = draw_closure(random, family);
    let scale = matches!(closure.market_structure, MarketStructure::Krugman | MarketStructure::Melitz);
    let plain = Family::PLAIN.contains(&family);
    let mut benchmark = draw_world(random, closure.deficits == Deficits::Zero, plain);
    if scale {
        draw_scale(random, &mut benchmark, closure.market_structure);
    }
    if family == Family::CesInputs && benchmark.input_share.is_some() {
        draw_input_substitution(random, &benchmark, &mut closure);
    }
    let mut instruments = draw_shock(random, &benchmark);
    if closure.factor_market == FactorMarket::Specific {
        draw_capital(random, &benchmark, &mut instruments);
    }
    let limited = random.chance(0.25);
    Case { benchmark, closure, instruments, limited }
}

fn draw_closure(random: &mut Random, family: Family) -> Closure {
    let mut closure = Closure { deficits: Deficits::Zero, ..Closure::default() };
    let roy = |random: &mut Random, closure: &mut Closure| {
        closure.factor_market = FactorMarket::Roy;
        closure.roy_shape = Some(random.between(1.3, 4.0));
    };
    let specific = |random: &mut Random, closure: &mut Closure| {
        closure.factor_market = FactorMarket::Specific;
        closure.capital_share = Some(random.between(0.2, 0.6));
    };
    let elastic = |random: &mut Random, closure: &mut Closure| {
        closure.labour_supply = LabourSupply::Elastic;
        closure.labour_supply_elasticity = Some(random.between(0.1, 1.0));
    };
    let ces = |random: &mut Random, closure: &mut Closure| {
        closure.demand = Demand::Ces;
        closure.demand_elasticity = Some(random.between(0.2, 1.5));
    };
    let fixed_entry = |closure: &mut Closure| {
        closure.market_structure = MarketStructure::FixedEntry;
        closure.fixed_entry_profit = FixedEntryProfit::Cap;
    };
    let any_deficits = |random: &mut Random, closure: &mut Closure| {
        if random.chance(0.5) {
            closure.deficits = Deficits::ShareOfGdp;
        }
    };
    match family {
        Family::Balanced => {}
        Family::ShareOfGdp | Family::Levels => closure.deficits = Deficits::ShareOfGdp,
        Family::Krugman => closure.market_structure = MarketStructure::Krugman,
        Family::Melitz => closure.market_structure = MarketStructure::Melitz,
        Family::FixedEntry => fixed_entry(&mut closure),
        Family::Roy => roy(random, &mut closure),
        Family::Specific => specific(random, &mut closure),
        Family::Elastic => elastic(random, &mut closure),
        Family::Ces => ces(random, &mut closure),
        // With the sectors known: see [`draw_input_substitution`].
        Family::CesInputs => {}
        Family::NoIntermediates => closure.intermediates = Intermediates::None,
        Family::Mixed => {
            match random.below(4) {
                0 => {}
                1 => closure.market_structure = MarketStructure::Krugman,
                2 => closure.market_structure = MarketStructure::Melitz,
                _ => fixed_entry(&mut closure),
            }
            match random.below(3) {
                0 => {}
                1 => roy(random, &mut closure),
                _ => specific(random, &mut closure),
            }
            if random.chance(0.4) {
                elastic(random, &mut closure);
            }
            if random.chance(0.4) {
                ces(random, &mut closure);
            }
            if random.chance(0.3) {
                closure.revenue = Revenue::Wasted;
            }
            if random.chance(0.3) {
                closure.intermediates = Intermediates::None;
            }
        }
    }
    if !matches!(family, Family::Balanced | Family::ShareOfGdp | Family::Levels) {
        any_deficits(random, &mut closure);
    }
    closure
}

/// Elasticities between inputs and of value added from fixed proportions to 1.5, in some sectors by name; now and then with a factor that
/// stays in its sector.
fn draw_input_substitution(random: &mut Random, benchmark: &Benchmark, closure: &mut Closure) {
    let draw = |random: &mut Random| {
        let all = random.chance(0.8).then(|| if random.chance(0.2) { 0.0 } else { random.between(0.0, 1.5) });
        let named = random.below(1 + benchmark.sectors.len().min(3));
        let sectors = benchmark.sectors[..named].iter();
        let sectors = sectors.map(|sector| (sector.code.clone(), random.between(0.0, 1.5))).collect();
        ByUsingSector { all, sectors }
    };
    closure.input_elasticity = draw(random);
    closure.value_added_elasticity = draw(random);
    if random.chance(0.4) {
        closure.factor_market = FactorMarket::Specific;
        closure.capital_share = Some(random.between(0.2, 0.6));
    }
}

/// 2 to 40 economies, 1 to 30 sectors, elasticities 0.9 to 65, up to 70 percent of flows zero, now and then an economy
/// that does not trade at all.
fn draw_world(random: &mut Random, balanced: bool, plain: bool) -> Benchmark {
    loop {
        let economies = random.log_between(2.0, 40.999) as usize;
        let sectors = random.log_between(1.0, 30.999) as usize;
        let widest = if random.chance(0.5) { (0.9, 65.0) } else { (2.0, 12.0) };
        let shape = Shape {
            economies,
            sectors,
            elasticity: widest,
            zero_flows: if random.chance(0.5) { 0.7 * random.unit() } else { 0.0 },
            intermediates: random.chance(0.75),
            tariff: 0.4 * random.unit(),
            deficits: random.chance(if balanced { 0.5 } else { 0.9 }),
        };
        let mut benchmark = world(random, &shape);
        if economies > 2 && random.chance(0.05) && !shape.deficits && !shape.intermediates {
            isolate(&mut benchmark, random.below(economies));
        }
        let solvable = || trades_both_ways(&benchmark) && (balanced || deficits_can_follow_gdp(&benchmark));
        if !plain || solvable() {
            return benchmark;
        }
    }
}

/// Whether deficits as shares of GDP are below a half everywhere. What makes them sum to zero is at most as large as the
/// largest of them, so that every economy keeps some of its GDP to spend, whatever the prices.
fn deficits_can_follow_gdp(benchmark: &Benchmark) -> bool {
    let d = benchmark.dimensions();
    let (mut gdp, mut deficit) = (vec![0.0; d.economies], vec![0.0; d.economies]);
    for cell in 0..d.cells() {
        let (importer, exporter, sector) = d.cell_of(cell);
        let value = benchmark.border_value[cell];
        gdp[importer] += value * benchmark.tariff_rate[cell];
        gdp[exporter] += value * benchmark.value_added_share[d.pair(exporter, sector)];
        deficit[importer] += value;
        deficit[exporter] -= value;
    }
    gdp.iter().zip(&deficit).all(|(gdp, deficit)| deficit.abs() < 0.49 * gdp)
}

/// Whether sales lead back wherever they lead.
fn trades_both_ways(benchmark: &Benchmark) -> bool {
    let d = benchmark.dimensions();
    let n = d.economies;
    let mut sells = vec![vec![false; n]; n];
    for cell in (0..d.cells()).filter(|cell| benchmark.border_value[*cell] > 0.0) {
        let (importer, exporter, _) = d.cell_of(cell);
        sells[exporter][importer] = true;
    }
    let reached = |from: usize| {
        let mut seen = vec![false; n];
        let mut open = vec![from];
        while let Some(i) = open.pop() {
            for (k, seen) in seen.iter_mut().enumerate() {
                if sells[i][k] && !*seen {
                    *seen = true;
                    open.push(k);
                }
            }
        }
        seen
    };
    let reach: Vec<Vec<bool>> = (0..n).map(reached).collect();
    (0..n).all(|i| (0..n).all(|k| i == k || reach[i][k] == reach[k][i]))
}

/// Takes an economy out of world trade (balanced, without inputs, so that it stays an equilibrium).
fn isolate(benchmark: &mut Benchmark, economy: usize) {
    let d = benchmark.dimensions();
    for cell in 0..d.cells() {
        let (importer, exporter, _) = d.cell_of(cell);
        if importer != exporter && (importer == economy || exporter == economy) {
            benchmark.border_value[cell] = 0.0;
        }
    }
}

/// Economies of scale that leave equilibria unique: ψθ ≤ 1, and inputs so few that entry and inputs do not feed on each other.
fn draw_scale(random: &mut Random, benchmark: &mut Benchmark, structure: MarketStructure) {
    let d = benchmark.dimensions();
    let mut rounds = Vec::new();
    for sector in &mut benchmark.sectors {
        let theta = sector.trade_elasticity;
        if structure == MarketStructure::Krugman {
            let scale = if random.chance(0.5) { 1.0 } else { random.unit() } / theta;
            sector.scale_elasticity = Some(scale);
            rounds.push(1.0 + scale);
        } else {
            let sigma = 1.0 + theta * random.between(0.5, 1.0);
            sector.elasticity_of_substitution = Some(sigma);
            rounds.push(1.0 + 1.0 / (sigma - 1.0));
        }
    }
    let Some(input) = &mut benchmark.input_share else { return };
    for economy in 0..d.economies {
        for (using, round) in rounds.iter().enumerate() {
            let total: f64 = (0..d.sectors).map(|k| input[d.input(economy, using, k)]).sum();
            let most = random.between(0.3, 0.8) / round;
            let factor = if total > most { most / total } else { 1.0 };
            for k in 0..d.sectors {
                input[d.input(economy, using, k)] *= factor;
            }
            benchmark.value_added_share[d.pair(economy, using)] = 1.0 - total * factor;
        }
    }
}

/// Tariffs to 1,000 percent, import subsidies, export taxes, trade costs, productivity, endowments, shifts of final demand.
fn draw_shock(random: &mut Random, benchmark: &Benchmark) -> Instruments {
    let d = benchmark.dimensions();
    let mut instruments = Instruments::of(benchmark);
    let reach = random.log_between(0.05, 10.0);
    let breadth = random.unit();
    let own = |cell: usize| {
        let (importer, exporter, _) = d.cell_of(cell);
        importer == exporter
    };
    let payable = payable_subsidies(benchmark);
    for cell in (0..d.cells()).filter(|cell| !own(*cell)) {
        if random.chance(breadth) {
            instruments.tariff_rate[cell] =
                if random.chance(0.1) { -0.3 * random.unit() } else { reach * random.unit() };
            if instruments.tariff_rate[cell] < 0.0 {
                instruments.tariff_rate[cell] *= payable[d.cell_of(cell).0];
            }
        }
    }
    if random.chance(0.2) {
        instruments.export_tax_rate =
            (0..d.cells()).map(|cell| if own(cell) { 0.0 } else { random.between(-0.2, 0.5) }).collect();
        for (cell, rate) in
            instruments.export_tax_rate.iter_mut().enumerate().filter(|(_, rate)| **rate < 0.0)
        {
            *rate *= payable[d.cell_of(cell).1];
        }
    }
    if random.chance(0.3) {
        instruments.trade_cost_hat =
            (0..d.cells()).map(|cell| if own(cell) { 1.0 } else { random.log_between(0.7, 1.5) }).collect();
    }
    if random.chance(0.2) {
        instruments.productivity_hat = (0..d.pairs()).map(|_| random.log_between(0.8, 1.25)).collect();
    }
    if random.chance(0.2) {
        instruments.endowment_hat = (0..d.economies).map(|_| random.log_between(0.8, 1.25)).collect();
    }
    instruments
}

/// The share of subsidies of up to 30 percent on imports and 20 on exports that an economy can pay for whatever it comes to
/// import and export. With γ the smallest share of value added in output, output is at most `w L/γ` and spending at most
/// `(1/γ − 1) w L` beside final use; subsidies of all of both, `0.3/0.7 (1/γ − 1) + 0.2/γ`, may not exceed `w L`.
fn payable_subsidies(benchmark: &Benchmark) -> Vec<f64> {
    let d = benchmark.dimensions();
    (0..d.economies)
        .map(|i| {
            let value_added = (0..d.sectors).map(|s| benchmark.value_added_share[d.pair(i, s)]);
            let smallest = value_added.fold(1.0, f64::min);
            f64::min(1.0, 0.95 / (0.3 / 0.7 * (1.0 / smallest - 1.0) + 0.2 / smallest))
        })
        .collect()
}

/// Capital added to or taken from sectors; what is added may be owned elsewhere.
fn draw_capital(random: &mut Random, benchmark: &Benchmark, instruments: &mut Instruments) {
    let d = benchmark.dimensions();
    if random.chance(0.5) {
        instruments.capital_hat = (0..d.pairs()).map(|_| random.log_between(0.8, 1.5)).collect();
    }
}

/// A shift of an economy's final demand of up to a tenth of what a sector has.
pub fn draw_shift(random: &mut Random, final_share: &[f64], d: Dimensions) -> FinalDemandShift {
    let economy = random.below(d.economies);
    let (from, to) = (random.below(d.sectors), random.below(d.sectors));
    let amount = 0.1 * random.unit() * final_share[d.pair(economy, from)];
    let mut shift = vec![0.0; d.sectors];
    shift[from] -= amount;
    shift[to] += amount;
    FinalDemandShift { economy, shift, by_use: Vec::new() }
}

/// One to three limits on flows of an importer, at multiples of what flows without limits: caps from a fifth, floors to
/// one and a half times a flow that is at most a tenth of the importer's income, and paid for by one of the two; some bind,
/// some do not. No importer has
/// more than half of its imports limited and no exporter more than half of its exports: limits on nearly all of an
/// economy's trade may exclude its deficit, or each other.
pub fn draw_limits(random: &mut Random, free: &Equilibrium, d: Dimensions) -> Vec<Limit> {
    let mut limits = Vec::new();
    let (mut imports, mut exports) = (vec![0.0; d.economies], vec![0.0; d.economies]);
    for cell in 0..d.cells() {
        let (importer, exporter, _) = d.cell_of(cell);
        if importer != exporter {
            imports[importer] += 0.5 * free.border_value[cell];
            exports[exporter] += 0.5 * free.border_value[cell];
        }
    }
    for _ in 0..1 + random.below(3) {
        let importer = random.below(d.economies);
        let mut cells: Vec<usize> = (0..1 + random.below(4))
            .map(|_| d.cell(importer, random.below(d.economies), random.below(d.sectors)))
            .collect();
        cells.sort_unstable();
        cells.dedup();
        cells.retain(|&cell| {
            let (_, exporter, _) = d.cell_of(cell);
            let value = free.border_value[cell];
            let limitable = exporter != importer
                && value > 1e-9 * free.income[importer]
                && value <= imports[importer]
                && value <= exports[exporter]
                && !limits.iter().any(|limit: &Limit| limit.cells.contains(&cell));
            if limitable {
                imports[importer] -= value;
                exports[exporter] -= value;
            }
            limitable
        });
        if cells.is_empty() {
            continue;
        }
        let flow: f64 = cells.iter().map(|cell| free.border_value[*cell]).sum();
        let floor = random.chance(0.4) && flow < 0.1 * free.income[importer];
        let rent = [RentOwner::Importer, RentOwner::Exporter, RentOwner::None];
        let rent = rent[random.below(if floor { 2 } else { 3 })];
        let measure = if random.chance(0.7) { LimitMeasure::Value } else { LimitMeasure::Volume };
        let counted = match measure {
            LimitMeasure::Value => flow,
            // At baseline unit cost, taxes on exports not counted.
            LimitMeasure::Volume => cells
                .iter()
                .map(|&cell| {
                    let (_, exporter, sector) = d.cell_of(cell);
                    let tax = free.instruments.export_tax_rate.get(cell).copied().unwrap_or(0.0);
                    free.border_value[cell] / (1.0 + tax) / free.unit_cost_hat[d.pair(exporter, sector)]
                })
                .sum(),
        };
        let (min, max) = if floor {
            // At most half of what is bought at home instead moves over.
            let sectors: BTreeSet<usize> = cells.iter().map(|cell| d.cell_of(*cell).2).collect();
            let home: f64 = sectors.iter().map(|s| free.border_value[d.cell(importer, importer, *s)]).sum();
            let most = f64::min(1.5, 1.0 + 0.5 * home / flow);
            (Some(counted * random.between(0.5, most)), None)
        } else {
            (None, Some(counted * random.between(0.2, 1.5)))
        };
        limits.push(Limit { cells, min, max, measure, rent });
    }
    limits
}
