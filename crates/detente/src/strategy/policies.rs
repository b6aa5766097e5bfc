//! The policies of a point as data: rates by side and sector, commitments, purchases, and whether partners are treated alike. Rates are
//! fractions, money is in the benchmark's unit a year; words are made of it in the report.

use detente_engine::strategy::policy::{PolicyKind, PolicyVariable};
use serde::Serialize;

use super::baseline_world::BaselineWorld;
use super::board::Board;
use crate::counterfactual::Counterfactual;

/// Rates that differ by less than this are one rate.
const SAME_RATE: f64 = 5e-4;

/// What a point sets or brings about, beside where the game starts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum PolicyAtPoint {
    /// The rate of a list of the record.
    List(ListRate),
    /// A "tariff" on one's own goods in the data, set to zero.
    OwnTariffRemoved {
        /// Code of the economy.
        player: String,
        /// The highest of them, a fraction.
        highest_rate: f64,
    },
    /// Rates of one kind, by sector.
    Rates(RatesSet),
    /// A commitment to buy.
    Commitment(Commitment),
    /// What one side buys of the other's goods.
    Purchases(Purchases),
}

/// The rate of a list of the record before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListRate {
    /// Code of the economy whose list it is.
    pub player: String,
    /// Title of the list, as the record has it.
    pub title: String,
    /// Code of the economy that it is on.
    pub partner: String,
    /// Before, a fraction.
    pub before: f64,
    /// After, a fraction.
    pub after: f64,
}

/// What rates are rates of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RateKind {
    /// Tariffs on imports.
    Tariff,
    /// Taxes on exports.
    ExportTax,
    /// Costs of trade on imports.
    TradeCost,
}

/// Rates that a player sets, averaged with the trade of where the game starts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RatesSet {
    /// Code of the player.
    pub player: String,
    /// What they are rates of.
    pub kind: RateKind,
    /// Codes of those they are towards.
    pub partners: Vec<String>,
    /// Average before.
    pub before: f64,
    /// Average after.
    pub after: f64,
    /// By sector, the heaviest first.
    pub sectors: Vec<SectorRate>,
}

/// Averages of a sector.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectorRate {
    /// Name of the sector.
    pub sector: String,
    /// Before, a fraction.
    pub before: f64,
    /// After, a fraction.
    pub after: f64,
}

/// What a commitment covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covered {
    /// All goods.
    AllGoods,
    /// Goods of these sectors, by name.
    Sectors(Vec<String>),
}

/// A commitment to buy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Commitment {
    /// Code of the buyer.
    pub player: String,
    /// Codes of the sellers.
    pub sellers: Vec<String>,
    /// What.
    pub covers: Covered,
    /// What was bought before.
    pub before: f64,
    /// What is bought.
    pub bought: f64,
    /// What is promised.
    pub promised: f64,
    /// Share of the price with duty that the buyer's treasury pays; zero where the market buys as much by itself.
    pub paid_share: f64,
    /// What the treasury pays.
    pub cost: f64,
}

/// What one side buys of the other's goods.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Purchases {
    /// Code of the buyer.
    pub buyer: String,
    /// Code of the seller.
    pub seller: String,
    /// Before.
    pub before: f64,
    /// After.
    pub after: f64,
    /// Changes by sector, the largest first.
    pub sectors: Vec<SectorChange>,
    /// What it pays its own buyers where a rate lies below zero.
    pub bought_above_market: f64,
}

/// A change of purchases in a sector.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectorChange {
    /// Name of the sector.
    pub sector: String,
    /// The change.
    pub change: f64,
}

/// Whether a player treats its partners alike where it moves rates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartnerTreatment {
    /// Code of the player.
    pub player: String,
    /// Whether it moves any tariff.
    pub moves: bool,
    /// Number of sectors.
    pub sectors: usize,
    /// Where the game starts.
    pub before: Unequal,
    /// At the point.
    pub after: Unequal,
}

/// In how many sectors partners are treated apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unequal {
    /// In any way.
    pub sectors: usize,
    /// Some pay less than others.
    pub less: usize,
    /// Some pay more.
    pub more: usize,
}

/// For each player: whether its rates fulfil most-favoured-nation treatment where it moved them. In a sector in which it moved some
/// origins' rates, those are held against the average of the origins that it left alone; in one in which it moved all, against each
/// other. What the data already treat apart is counted beside it.
pub fn most_favoured_nation(board: &Board, answer: &Counterfactual) -> Vec<PartnerTreatment> {
    let today = &board.ground.calibration.benchmark.tariff_rate;
    let rates = &answer.equilibrium.instruments.tariff_rate;
    let d = board.ground.calibration.dimensions;
    let unequal = |j: usize, at: &[f64]| {
        let mut count = Unequal::default();
        for s in 0..d.sectors {
            let (less, more) = apart(board, today, rates, at, j, s);
            count.sectors += usize::from(less || more);
            count.less += usize::from(less);
            count.more += usize::from(more);
        }
        count
    };
    let treatment = |j: &usize| PartnerTreatment {
        player: board.ground.code(*j).to_owned(),
        moves: (0..d.cells())
            .filter(|cell| d.cell_of(*cell).0 == *j)
            .any(|cell| (rates[cell] - today[cell]).abs() > SAME_RATE),
        sectors: d.sectors,
        before: unequal(*j, today),
        after: unequal(*j, rates),
    };
    board.seats.iter().map(treatment).collect()
}

/// Whether origins whose rates moved pay less, or more, than those whose rates did not; where all moved, than each other.
fn apart(board: &Board, today: &[f64], moved_to: &[f64], rates: &[f64], j: usize, s: usize) -> (bool, bool) {
    let benchmark = &board.ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let cells = (0..d.economies).filter(|i| *i != j).map(|i| d.cell(j, i, s));
    let (moved, left): (Vec<usize>, Vec<usize>) = cells
        .filter(|cell| benchmark.border_value[*cell] > 0.0)
        .partition(|cell| (moved_to[*cell] - today[*cell]).abs() > SAME_RATE);
    if moved.is_empty() {
        return (false, false);
    }
    let average = |cells: &[usize]| {
        let weight: f64 = cells.iter().map(|cell| benchmark.border_value[*cell]).sum();
        cells.iter().map(|cell| benchmark.border_value[*cell] * rates[*cell]).sum::<f64>() / weight
    };
    let reference = average(if left.is_empty() { &moved } else { &left });
    (
        moved.iter().any(|cell| rates[*cell] < reference - SAME_RATE),
        moved.iter().any(|cell| rates[*cell] > reference + SAME_RATE),
    )
}

/// The policies of a point: lists of the record, then for each player its other instruments and its commitments, then what two sides
/// buy of each other.
pub fn of_point(board: &Board, at: &[f64], answer: &Counterfactual) -> Vec<PolicyAtPoint> {
    let lists = board.lists.iter().map(|list| {
        PolicyAtPoint::List(ListRate {
            player: board.ground.code(board.game.policies()[list.variable].player).to_owned(),
            title: list.title.clone(),
            partner: board.ground.code(list.partner).to_owned(),
            before: list.rate,
            after: list.rate + at[list.variable],
        })
    });
    let mut found: Vec<PolicyAtPoint> = lists.collect();
    for player in &board.seats {
        found.extend(own_tariff(board, *player));
        found.extend(rates_of(board, answer, *player));
        found.extend(commitments(board, at, answer, *player));
    }
    if let [first, second] = board.seats.as_slice() {
        found.push(purchases(board, answer, *first, *second));
        found.push(purchases(board, answer, *second, *first));
    }
    found
}

/// Average rate of an importer on a partner's goods, or on everybody's, weights: today's trade.
pub fn average_rate(ground: &BaselineWorld, rates: &[f64], importer: usize, partner: Option<usize>) -> f64 {
    let benchmark = &ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let (mut weight, mut paid) = (0.0, 0.0);
    for s in super::instruments::goods(benchmark) {
        for i in (0..d.economies).filter(|i| *i != importer && partner.is_none_or(|p| p == *i)) {
            let cell = d.cell(importer, i, s);
            weight += benchmark.border_value[cell];
            paid += benchmark.border_value[cell] * rates[cell];
        }
    }
    paid / weight
}

/// Commitments of a side to buy.
fn commitments(board: &Board, at: &[f64], answer: &Counterfactual, player: usize) -> Vec<PolicyAtPoint> {
    let benchmark = &board.ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let commitment = |(k, policy): (usize, &PolicyVariable)| {
        let mut sectors: Vec<usize> = policy.cells.iter().map(|(cell, _)| d.cell_of(*cell).2).collect();
        let mut sellers: Vec<usize> = policy.cells.iter().map(|(cell, _)| d.cell_of(*cell).1).collect();
        for list in [&mut sectors, &mut sellers] {
            list.sort_unstable();
            list.dedup();
        }
        let covers = if sectors == super::instruments::goods(benchmark) {
            Covered::AllGoods
        } else {
            Covered::Sectors(sectors.iter().map(|s| benchmark.sectors[*s].name.clone()).collect())
        };
        let before = board.game.bought(policy);
        let after = &answer.outcomes.trade_after;
        let wedge = board.game.commitment_wedge(k, &answer.equilibrium).max(0.0);
        // Of the price with duty, what the buyer's treasury pays.
        let paid_share = wedge / (1.0 + wedge);
        let rates = &answer.equilibrium.instruments.tariff_rate;
        let cells = policy.cells.iter().map(|(cell, _)| *cell);
        PolicyAtPoint::Commitment(Commitment {
            player: board.ground.code(player).to_owned(),
            sellers: sellers.iter().map(|i| board.ground.code(*i).to_owned()).collect(),
            covers,
            before,
            bought: cells.clone().map(|cell| after[cell]).sum(),
            promised: at[k] * before,
            paid_share,
            cost: cells.map(|cell| paid_share * (1.0 + rates[cell]) * after[cell]).sum(),
        })
    };
    let held = board.game.policies().iter().enumerate();
    held.filter(|(_, p)| p.player == player && p.kind == PolicyKind::Purchases).map(commitment).collect()
}

/// What one side buys of the other's goods, and what it pays its own buyers for it where a rate lies below zero.
fn purchases(board: &Board, answer: &Counterfactual, buyer: usize, seller: usize) -> PolicyAtPoint {
    let benchmark = &board.ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let (before, after) = (&answer.outcomes.trade_before, &answer.outcomes.trade_after);
    let goods = super::instruments::goods(benchmark);
    let sum = |flows: &[f64]| goods.iter().map(|s| flows[d.cell(buyer, seller, *s)]).sum::<f64>();
    let change = |s: &usize| {
        let cell = d.cell(buyer, seller, *s);
        SectorChange { sector: benchmark.sectors[*s].name.clone(), change: after[cell] - before[cell] }
    };
    let mut sectors: Vec<SectorChange> = goods.iter().map(change).collect();
    sectors.sort_by(|a, b| b.change.abs().total_cmp(&a.change.abs()));
    let rates = &answer.equilibrium.instruments.tariff_rate;
    let cells = goods.iter().map(|s| d.cell(buyer, seller, *s));
    PolicyAtPoint::Purchases(Purchases {
        buyer: board.ground.code(buyer).to_owned(),
        seller: board.ground.code(seller).to_owned(),
        before: sum(before),
        after: sum(after),
        sectors,
        bought_above_market: cells.map(|cell| (-rates[cell]).max(0.0) * after[cell]).sum(),
    })
}

fn own_tariff(board: &Board, player: usize) -> Option<PolicyAtPoint> {
    let benchmark = &board.ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let own = (0..d.sectors).map(|s| benchmark.tariff_rate[d.cell(player, player, s)].abs());
    let highest_rate = own.fold(0.0, f64::max);
    let player = board.ground.code(player).to_owned();
    (highest_rate > 0.0).then_some(PolicyAtPoint::OwnTariffRemoved { player, highest_rate })
}

fn rates_of(board: &Board, answer: &Counterfactual, player: usize) -> Vec<PolicyAtPoint> {
    let benchmark = &board.ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let after = &answer.equilibrium.instruments;
    let mut found = Vec::new();
    for (policy_kind, kind) in [
        (PolicyKind::Tariff, RateKind::Tariff),
        (PolicyKind::ExportTax, RateKind::ExportTax),
        (PolicyKind::TradeCost, RateKind::TradeCost),
    ] {
        let exports = kind == RateKind::ExportTax;
        let policies = board.game.policies().iter().filter(|p| p.player == player && p.kind == policy_kind);
        let cells: Vec<usize> = policies
            .flat_map(|policy| policy.cells.iter().map(|(cell, _)| *cell))
            .filter(|cell| {
                let (importer, exporter, _) = d.cell_of(*cell);
                importer != exporter && (exports || importer == player)
            })
            .collect();
        if cells.is_empty() {
            continue;
        }
        let value = |cell: usize| match kind {
            RateKind::Tariff => (benchmark.tariff_rate[cell], after.tariff_rate[cell]),
            RateKind::ExportTax => (0.0, after.export_tax_rate.get(cell).copied().unwrap_or(0.0)),
            RateKind::TradeCost => (0.0, after.trade_cost_hat.get(cell).map_or(0.0, |hat| hat - 1.0)),
        };
        let average = |cells: &[usize]| {
            let weight: f64 = cells.iter().map(|cell| benchmark.border_value[*cell]).sum();
            let of = |f: fn((f64, f64)) -> f64| {
                cells.iter().map(|cell| f(value(*cell)) * benchmark.border_value[*cell]).sum::<f64>() / weight
            };
            (weight, of(|v| v.0), of(|v| v.1))
        };
        let partner = |cell: &usize| if exports { d.cell_of(*cell).0 } else { d.cell_of(*cell).1 };
        let mut partners: Vec<usize> = cells.iter().map(partner).collect();
        partners.sort_unstable();
        partners.dedup();
        let (_, before, then) = average(&cells);
        let of_sector = |s: usize| {
            let mine: Vec<usize> = cells.iter().copied().filter(|cell| d.cell_of(*cell).2 == s).collect();
            let (weight, before, after) = (!mine.is_empty()).then(|| average(&mine))?;
            Some((weight, SectorRate { sector: benchmark.sectors[s].name.clone(), before, after }))
        };
        let mut sectors: Vec<(f64, SectorRate)> = (0..d.sectors).filter_map(of_sector).collect();
        sectors.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.push(PolicyAtPoint::Rates(RatesSet {
            player: board.ground.code(player).to_owned(),
            kind,
            partners: partners.iter().map(|i| board.ground.code(*i).to_owned()).collect(),
            before,
            after: then,
            sectors: sectors.into_iter().map(|(_, sector)| sector).collect(),
        }));
    }
    found
}
