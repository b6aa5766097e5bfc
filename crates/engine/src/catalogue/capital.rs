//! What capital adds to the outcomes of an economy, where `capital = "steady"`: beside welfare, never in its place.

use super::entry::{Better, OutcomeEntry, Unit};

/// Consumption with capital as it is.
pub static CONSUMPTION_GIVEN: OutcomeEntry = OutcomeEntry::new(
    "consumption_capital_given_pct",
    "consumption, capital given",
    Unit::Percent,
    "real consumption with capital as it is and investment that keeps it, from the baseline",
)
.short("C given")
.better(Better::More)
.solved(|row| row.capital.as_ref()?.consumption_given_pct);

/// Consumption in the end.
pub static CONSUMPTION_IN_THE_END: OutcomeEntry = OutcomeEntry::new(
    "consumption_in_the_end_pct",
    "consumption in the end",
    Unit::Percent,
    "real consumption once capital has been built until its return is what it was; not welfare: the years on the way, in which less or \
     more is invested, are left out",
)
.short("C in the end")
.better(Better::More)
.solved(|row| row.capital.as_ref()?.consumption_in_the_end_pct);

/// Capital in the end.
pub static CAPITAL: OutcomeEntry = OutcomeEntry::new(
    "capital_pct",
    "capital in the end",
    Unit::Percent,
    "factor income over the price of the investment basket, once the return is what it was",
)
.short("capital")
.solved(|row| row.capital.as_ref()?.capital_pct);

/// Real wage in the end.
pub static REAL_WAGE_IN_THE_END: OutcomeEntry = OutcomeEntry::new(
    "real_wage_in_the_end_pct",
    "real wage in the end",
    Unit::Percent,
    "wage over the price index of consumption, once capital has answered",
)
.short("wage in the end")
.better(Better::More)
.solved(|row| row.capital.as_ref()?.real_wage_in_the_end_pct);

/// Present value where capital moves slowly.
pub static PRESENT_VALUE: OutcomeEntry = OutcomeEntry::new(
    "present_value_pct",
    "present value",
    Unit::Percent,
    "the annuity that real consumption is worth along a way that closes 5 percent of the gap of capital a year, interest 4 percent",
)
.better(Better::More)
.solved(|row| row.capital.as_ref()?.present_value_pct[0]);

/// Present value where capital moves fast.
pub static PRESENT_VALUE_FAST: OutcomeEntry = OutcomeEntry::new(
    "present_value_fast_pct",
    "present value, fast",
    Unit::Percent,
    "the same along a way that closes 10 percent of the gap a year",
)
.better(Better::More)
.solved(|row| row.capital.as_ref()?.present_value_pct[1]);
