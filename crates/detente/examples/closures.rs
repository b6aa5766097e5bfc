//! One tariff under several closures: what is held fixed decides what is found.

use detente::{Error, Scenario, World};

pub(crate) fn main() -> Result<(), Error> {
    let world = World::embedded()?;
    let settings =
        [("deficits", "fixed"), ("deficits", "zero"), ("intermediates", "none"), ("revenue", "wasted")];
    for (key, word) in settings {
        let scenario = Scenario::example("us-plus-10-on-china")?.setting(key, word)?;
        let answer = world.solve(&scenario)?;
        let of = |economy| world.value(&answer, "welfare_pct", economy);
        println!("{key} = {word}: USA {:+.4}, CHN {:+.4} percent", of("USA")?, of("CHN")?);
    }
    Ok(())
}
