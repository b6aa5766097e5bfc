//! Policies of a point in words: rates by side and sector, commitments, purchases, and whether partners are treated alike.

use super::money::{money, signed_money};
use detente::strategy::baseline_world::StartingTariffs;
use detente::strategy::policies::{
    Commitment, Covered, PartnerTreatment, PolicyAtPoint, Purchases, RateKind, RatesSet,
};

/// Sectors that a line of rates names.
const RATES_NAMED: usize = 4;
/// Sectors that a line on purchases or a commitment names.
const SECTORS_NAMED: usize = 3;

/// A policy a line; money is in `unit`.
pub fn lines(policies: &[PolicyAtPoint], unit: &str) -> Vec<String> {
    policies.iter().map(|policy| line(policy, unit)).collect()
}

fn line(policy: &PolicyAtPoint, unit: &str) -> String {
    match policy {
        PolicyAtPoint::List(list) => format!(
            "{}: {} on {} from {:.1} to {:.1} percent",
            list.player,
            list.title,
            list.partner,
            100.0 * list.before,
            100.0 * list.after
        ),
        PolicyAtPoint::OwnTariffRemoved { player, highest_rate } => format!(
            "{player}: its \"tariff\" on its own goods in the data (up to {:.1} percent) is set to zero",
            100.0 * highest_rate
        ),
        PolicyAtPoint::Rates(rates) => rates_words(rates),
        PolicyAtPoint::Commitment(commitment) => commitment_words(commitment, unit),
        PolicyAtPoint::Purchases(purchases) => purchases_words(purchases, unit),
    }
}

fn rates_words(rates: &RatesSet) -> String {
    let what = match rates.kind {
        RateKind::Tariff => "tariffs on",
        RateKind::ExportTax => "export taxes towards",
        RateKind::TradeCost => "trade costs on imports from",
    };
    let whom = match rates.partners.as_slice() {
        [one] => one.clone(),
        many => format!("{} partners", many.len()),
    };
    let sector = rates.sectors.iter().take(RATES_NAMED);
    let heaviest: Vec<String> = sector
        .map(|rate| format!("{} {:.1} to {:.1}", rate.sector, 100.0 * rate.before, 100.0 * rate.after))
        .collect();
    format!(
        "{}: {what} {whom} from {:.1} to {:.1} percent on average (weights: today's trade): {}",
        rates.player,
        100.0 * rates.before,
        100.0 * rates.after,
        heaviest.join(", ")
    )
}

fn commitment_words(commitment: &Commitment, unit: &str) -> String {
    let Commitment { player, sellers, covers, before, bought, promised, paid_share, cost } = commitment;
    let what = match covers {
        Covered::AllGoods => "goods".to_owned(),
        Covered::Sectors(few) if few.len() <= SECTORS_NAMED => few.join(", "),
        Covered::Sectors(many) => format!("goods of {} sectors", many.len()),
    };
    let of = format!("{what} from {}", sellers.join(", "));
    if *paid_share <= 0.0 {
        return format!(
            "{player} commits to no purchases of {of} beyond what the market buys: {} a year ({} under the duties that the game starts from)",
            money(unit, *bought),
            money(unit, *before)
        );
    }
    format!(
        "{player} buys at least {} a year of {of} ({} under the duties that the game starts from); to make its buyers buy it pays {:.1} percent of their price, {} a year",
        money(unit, *promised),
        money(unit, *before),
        100.0 * paid_share,
        money(unit, *cost)
    )
}

fn purchases_words(purchases: &Purchases, unit: &str) -> String {
    let Purchases { buyer, seller, before, after, sectors, bought_above_market: paid } = purchases;
    let sectors: Vec<String> = sectors
        .iter()
        .take(SECTORS_NAMED)
        .map(|sector| format!("{} {}", sector.sector, signed_money(unit, sector.change)))
        .collect();
    // Below that a cell was brought a hair under zero by a list of the record, not bought above market.
    let wedge = if *paid > 1e-4 * after {
        format!("; of it bought above market, at a cost to {buyer} of {} a year", money(unit, *paid))
    } else {
        String::new()
    };
    format!(
        "after seven years under these duties {buyer} buys goods for {} a year from {seller} instead of {} under those that the game starts \
         from ({:+.1} percent): {}{wedge}",
        money(unit, *after),
        money(unit, *before),
        100.0 * (after / before - 1.0),
        sectors.join(", ")
    )
}

/// Whether each player treats its partners alike, a line each.
pub fn treatment_lines(treatment: &[PartnerTreatment], start: StartingTariffs) -> Vec<String> {
    treatment.iter().map(|player| treatment_line(player, start)).collect()
}

fn treatment_line(treatment: &PartnerTreatment, start: StartingTariffs) -> String {
    let PartnerTreatment { player, moves, sectors, before, after } = treatment;
    if !moves {
        return format!("{player} moves no tariff");
    }
    let verdict = if after.sectors == 0 {
        "fulfils most-favoured-nation treatment where it moves rates".to_owned()
    } else {
        format!(
            "breaches most-favoured-nation treatment in {} of {sectors} sectors: some origins pay less than others in {}, more in {}",
            after.sectors, after.less, after.more
        )
    };
    format!(
        "{player} {verdict} ({} {}: less in {}, more in {})",
        start.when(),
        before.sectors,
        before.less,
        before.more
    )
}
