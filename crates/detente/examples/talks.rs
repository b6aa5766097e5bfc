//! The record of talks: rounds held and deadlines set, as the program carries them.

use detente::{Error, Ledger};

pub(crate) fn main() -> Result<(), Error> {
    let ledger = Ledger::embedded()?;
    for id in ledger.talks_ids() {
        let talks = ledger.talks(id)?;
        println!("{id}: {} rounds, {} deadlines", talks.rounds.len(), talks.deadlines.len());
        for deadline in &talks.deadlines {
            println!("  {}  {}", deadline.date, deadline.id);
        }
    }
    Ok(())
}
