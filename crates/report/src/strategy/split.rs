//! What of a deal's gains needs no deal, and what trade was in the latest year, in words and as JSON.

use super::money::money;
use detente::results::tags::Tag;
use detente::strategy::observed::Observed;
use detente::strategy::split::{SideSplit, Split};
use detente::strategy::tagged::tagged;
use detente_engine::horizon::Horizon;
use serde_json::{Value, json};

/// A line a side, percent from where the game starts.
pub fn lines(split: &Split, start: &str) -> [String; 2] {
    split.sides.each_ref().map(|side| {
        let SideSplit { player, alone_pct, other_alone_pct, war_pct, .. } = side;
        let deal = match (side.deal_pct, side.deal_over_war_pct) {
            (Some(deal), Some(over)) => format!("{deal:+.4} by the deal, which adds {over:+.4} to the war"),
            _ => "no deal is counted".to_owned(),
        };
        format!(
            "{player}, percent from {start}: {alone_pct:+.4} by choosing its own rates alone ({other_alone_pct:+.4} where the other does), \
             {war_pct:+.4} where both choose and neither agrees (war), {deal}"
        )
    })
}

/// As JSON.
pub fn json_of(split: &Split, start: &str) -> Value {
    let numbers = ["alone_pct", "other_alone_pct", "war_pct", "deal_pct", "deal_over_war_pct"];
    let sides: Vec<Value> = (split.sides.iter())
        .map(|side| tagged(json!(side), Horizon::Long, start, &numbers.map(|name| (name, Tag::Model))))
        .collect();
    json!(sides)
}

/// What trade was, beside levels that are those of another world.
pub fn observed_words(observed: &Observed, start: &str) -> String {
    let Observed { year, reporter, partner, imports, exports } = observed;
    format!(
        "observed {year}: {reporter} bought goods for {} from {partner} and sold it {} (as {reporter} reports them). Levels of the games are others: \
         after seven years under {start}",
        money("million USD", *imports),
        money("million USD", *exports)
    )
}
