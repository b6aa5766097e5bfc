//! Outcomes that only the accounts of the first year have.

use super::entry::{Better, OutcomeEntry, Place, Unit};

/// What the economy loses as an importer and concedes as an exporter.
pub static DIRECT_GAIN: OutcomeEntry = OutcomeEntry::new(
    "direct_gain_pct",
    "direct gain in the first year",
    Unit::Percent,
    "change of duty less private cost less what exporters concede, over the benchmark's income; wages and sales lost abroad are not in it",
)
.under(&[(Place::Economies, "income_pct"), (Place::Bands, "income_pct"), (Place::Brief, "income_pct")])
.short("direct gain")
.better(Better::More)
.accounted(|row| Some(row.income_pct()));

/// Private cost over income.
pub static PRIVATE_COST_PCT: OutcomeEntry = OutcomeEntry::new(
    "private_cost_pct",
    "private cost over income",
    Unit::Percent,
    "private cost over the benchmark's income",
)
.short("private cost")
.better(Better::Less)
.accounted(|row| Some(row.private_cost_pct()));

/// Net sales abroad over income.
pub static NET_SALES: OutcomeEntry = OutcomeEntry::new(
    "net_sales_pct",
    "net sales abroad",
    Unit::Percent,
    "change of exports over the benchmark's income",
)
.better(Better::More)
.accounted(|row| Some(row.net_sales_pct()));

/// Private cost.
pub static PRIVATE_COST: OutcomeEntry = OutcomeEntry::new(
    "private_cost",
    "private cost",
    Unit::Level,
    "price rise on purchases plus the loss on what is no longer bought, before any use of the duty",
)
.better(Better::Less)
.accounted(|row| Some(row.private_cost()));

/// Price rise on what is still bought.
pub static PRICE_RISE: OutcomeEntry = OutcomeEntry::new(
    "price_rise_on_purchases",
    "price rise on purchases",
    Unit::Level,
    "price rise, duty included, times what is still bought",
)
.better(Better::Less)
.accounted(|row| Some(row.price_rise_on_purchases));

/// Concession of foreign exporters.
pub static CONCESSION: OutcomeEntry = OutcomeEntry::new(
    "concession_received",
    "concession received",
    Unit::Level,
    "what foreign exporters concede on the border price; zero where all of a duty is passed on",
)
.better(Better::More)
.accounted(|row| Some(row.concession_received));

/// Deadweight loss.
pub static DEADWEIGHT_LOSS: OutcomeEntry = OutcomeEntry::new(
    "deadweight_loss",
    "deadweight loss",
    Unit::Level,
    "half the sum of duty before and after, times the purchases forgone",
)
.better(Better::Less)
.accounted(|row| Some(row.deadweight_loss));

/// Gross sales lost.
pub static SALES_AT_RISK: OutcomeEntry = OutcomeEntry::new(
    "sales_at_risk",
    "sales at risk",
    Unit::Level,
    "foreign sales lost where they fall, before any gain elsewhere",
)
.better(Better::Less)
.accounted(|row| Some(row.sales_at_risk));

/// Gross sales gained.
pub static SALES_GAINED: OutcomeEntry =
    OutcomeEntry::new("sales_gained", "sales gained", Unit::Level, "foreign sales gained where they rise")
        .better(Better::More)
        .accounted(|row| Some(row.sales_gained));

/// Moved to other foreign suppliers.
pub static RESOURCED: OutcomeEntry = OutcomeEntry::new(
    "resourced",
    "bought from others abroad",
    Unit::Level,
    "purchases moved to other foreign suppliers, net of displaced ones",
)
.accounted(|row| Some(row.resourced));

/// Moved home.
pub static BOUGHT_AT_HOME: OutcomeEntry = OutcomeEntry::new(
    "bought_at_home",
    "bought at home",
    Unit::Level,
    "purchases moved from foreign to home suppliers",
)
.accounted(|row| Some(row.bought_at_home));
