//! Outcomes of an economy's sector.

use super::entry::{Origin, OutcomeEntry, Unit};

/// Gross output.
pub static OUTPUT: OutcomeEntry =
    OutcomeEntry::new("output_pct", "output", Unit::Percent, "gross output in value at the numeraire")
        .of_sector(|row| row.output_pct);

/// Value added.
pub static VALUE_ADDED: OutcomeEntry = OutcomeEntry::new(
    "value_added_pct",
    "value added",
    Unit::Percent,
    "value added at the numeraire; its share of output is constant unless inputs substitute",
)
.of_sector(|row| row.value_added_pct);

/// Employment.
pub static SECTOR_EMPLOYMENT: OutcomeEntry =
    OutcomeEntry::new("employment_pct", "employment", Unit::Percent, "labour in the sector")
        .of_sector(|row| row.employment_pct);

/// Price.
pub static PRICE: OutcomeEntry = OutcomeEntry::new(
    "price_pct",
    "price",
    Unit::Percent,
    "price index of the sector for its buyers, duties included, at the numeraire",
)
.of_sector(|row| row.price_pct);

/// Unit cost.
pub static UNIT_COST: OutcomeEntry =
    OutcomeEntry::new("unit_cost_pct", "unit cost", Unit::Percent, "cost of a unit at the numeraire")
        .of_sector(|row| row.unit_cost_pct);

/// Spending before.
pub static EXPENDITURE_BEFORE: OutcomeEntry = OutcomeEntry::new(
    "expenditure_before",
    "spending before",
    Unit::Level,
    "spending on the sector, duties included, baseline",
)
.from(Origin::Baseline)
.of_sector(|row| Some(row.expenditure_before));

/// Spending after.
pub static EXPENDITURE_AFTER: OutcomeEntry = OutcomeEntry::new(
    "expenditure_after",
    "spending",
    Unit::Level,
    "spending on the sector, duties included",
)
.of_sector(|row| Some(row.expenditure_after));
