//! What is installed: the program, the facts and the world, each by what it says.

use serde_json::{Value, json};

use crate::error::Error;
use crate::ledger_tariffs::EmbeddedRecord;
use detente_data::default_world;
use detente_ledger::Ledger;

/// Version of the program, last day with evidence and digest of the carried facts, name and digest of the carried world. Two programs with
/// the same three give the same numbers.
///
/// # Errors
/// None but a fault of the program's own: what it carries cannot be read.
pub fn installed() -> Result<Value, Error> {
    let world = default_world::open()?;
    let ledger = Ledger::embedded()?;
    let talks = ledger.talks_ids().into_iter().map(|id| ledger.talks(id)).collect::<Result<Vec<_>, _>>()?;
    let last = talks.into_iter().map(|talks| talks.last_evidence).max();
    Ok(json!({
        "program": env!("CARGO_PKG_VERSION"),
        "facts": { "last_evidence": last.map(|day| day.to_string()), "sha256": EmbeddedRecord::default().digest() },
        "world": { "name": world.benchmark.name, "year": world.benchmark.year, "sha256": world.digest() },
    }))
}
