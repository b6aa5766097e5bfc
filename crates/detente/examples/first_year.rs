//! The same tariff within a year (accounts at held wages) and in the long run (an equilibrium): never one divided by the other.

use detente::{Answer, Error, Scenario, World};

pub(crate) fn main() -> Result<(), Error> {
    let world = World::embedded()?;
    let within_a_year = world.solve(&Scenario::example("us-plus-10-on-china-within-a-year")?)?;
    let long_run = world.solve(&Scenario::example("us-plus-10-on-china")?)?;
    for (answer, label) in [(&within_a_year, "within a year"), (&long_run, "long run")] {
        let kind = if matches!(answer, Answer::FirstYear(_)) { "accounts" } else { "equilibrium" };
        println!(
            "imports of the United States, {label} ({kind}): {:+.3} percent",
            world.value(answer, "imports_pct", "USA")?
        );
    }
    Ok(())
}
