//! What the tariffs of a day on record do, against those of the benchmark's own year.

use detente::{Error, Scenario, World};

pub(crate) fn main() -> Result<(), Error> {
    let world = World::embedded()?;
    for day in ["2025-04-15", "2025-05-20", "2025-11-15"] {
        let answer = world.solve(&Scenario::new("tariffs of the day").ledger("us-china", day))?;
        let of = |economy| world.value(&answer, "welfare_pct", economy);
        println!("{day}: USA {:+.3}, CHN {:+.3} percent", of("USA")?, of("CHN")?);
    }
    Ok(())
}
