//! Outcomes of a flow, and of an instrument: read cell by cell.

use super::entry::{Better, Origin, OutcomeEntry, Unit};

/// Border value before.
pub static VALUE_BEFORE: OutcomeEntry = OutcomeEntry::new(
    "value_before",
    "border value before",
    Unit::Level,
    "value before the importer's duty, baseline; home sales included",
)
.from(Origin::Baseline);

/// Border value.
pub static VALUE_AFTER: OutcomeEntry =
    OutcomeEntry::new("value_after", "border value", Unit::Level, "value before the importer's duty");

/// Change of a border value.
pub static CHANGE: OutcomeEntry = OutcomeEntry::new(
    "change_pct",
    "change of the border value",
    Unit::Percent,
    "border value over border value before, less one; none where there was none",
);

/// Tariff.
pub static RATE: OutcomeEntry =
    OutcomeEntry::new("rate", "tariff", Unit::Fraction, "tariff of the solution over the border value")
        .from(Origin::Input);

/// Terms of trade of one flow.
pub static FLOW_TERMS_OF_TRADE: OutcomeEntry = OutcomeEntry::new(
    "terms_of_trade_pct",
    "terms of trade with the partner",
    Unit::Percent,
    "the part of the economy's terms of trade that arises with this partner in this sector, over income",
)
.better(Better::More);

/// Volume of trade of one flow.
pub static FLOW_VOLUME_OF_TRADE: OutcomeEntry = OutcomeEntry::new(
    "volume_of_trade_pct",
    "volume of trade with the partner",
    Unit::Percent,
    "the part of the economy's volume of trade that arises with this partner in this sector, over income",
)
.better(Better::More);

/// Derivative in an instrument.
pub static DERIVATIVE: OutcomeEntry = OutcomeEntry::new(
    "derivative",
    "derivative",
    Unit::Elasticity,
    "of the logarithm of the outcome asked for in the logarithm of the instrument's factor (1+t for a tariff)",
);
