//! Outcomes that only the accounts of the first year have.

use super::entry::{Better, OutcomeEntry, Unit};

/// What the economy gains as an importer, less what its exporters concede.
pub static IMPORTERS_ACCOUNT: OutcomeEntry = OutcomeEntry::new(
    "importers_account_pct",
    "importer's account in the first year",
    Unit::Percent,
    "what buyers of imports gain, plus the change of duty, less what exporters concede, over the benchmark's income; wages and sales lost abroad \
     are not in it, and it is no income",
)
.short("importer's account")
.better(Better::More)
.accounted(|row| Some(row.importers_account_pct()));

/// Value added that hangs on sales abroad.
pub static VALUE_ADDED_AT_RISK: OutcomeEntry = OutcomeEntry::new(
    "value_added_at_risk_pct",
    "value added at risk",
    Unit::Percent,
    "change of exports times the value added at home in a unit of them, suppliers at home included, over the benchmark's income; what becomes of \
     the workers within the year is not modelled, and no study values it",
)
.short("at risk")
.better(Better::More)
.accounted(|row| Some(row.value_added_pct()));

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

/// Moved to other origins.
pub static TO_OTHER_ORIGINS: OutcomeEntry = OutcomeEntry::new(
    "to_other_origins_pct",
    "moved to other origins",
    Unit::Percent,
    "imports that origins gained over imports that origins lost; none where nothing moved",
)
.accounted(|row| row.to_other_origins_pct());

/// Given up.
pub static GIVEN_UP: OutcomeEntry = OutcomeEntry::new(
    "given_up_pct",
    "given up",
    Unit::Percent,
    "imports that origins lost and neither other origins nor, where home goods are in the nest, home gained, over imports lost",
)
.accounted(|row| row.given_up_pct());

/// Private cost.
pub static PRIVATE_COST: OutcomeEntry = OutcomeEntry::new(
    "private_cost",
    "private cost",
    Unit::Level,
    "what the change costs buyers of imports, exact in their nested demand, before any use of the duty",
)
.better(Better::Less)
.accounted(|row| Some(row.private_cost()));

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
    "private cost plus what foreign exporters concede, less the change of duty",
)
.better(Better::Less)
.accounted(|row| Some(row.deadweight_loss()));

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

/// Value added that hangs on sales abroad, in money.
pub static VALUE_ADDED_CHANGE: OutcomeEntry = OutcomeEntry::new(
    "value_added_at_risk",
    "value added at risk, in money",
    Unit::Level,
    "change of exports times the value added at home in a unit of them",
)
.better(Better::More)
.accounted(|row| Some(row.value_added));

/// Moved home.
pub static BOUGHT_AT_HOME: OutcomeEntry = OutcomeEntry::new(
    "bought_at_home",
    "bought at home",
    Unit::Level,
    "home sales gained; none where home goods are left out of the nest",
)
.accounted(|row| row.to_home);
