//! Trade diversion: whose exports rise where two others raise tariffs on each other.

use detente::{Error, Scenario, World};

pub(crate) fn main() -> Result<(), Error> {
    let world = World::embedded()?;
    let answer = world.solve(&Scenario::example("us-china-peak-of-april-2025")?)?;
    let mut gains = Vec::new();
    for economy in world.economies() {
        gains.push((world.value(&answer, "exports_pct", economy)?, economy));
    }
    gains.sort_by(|one, other| other.0.total_cmp(&one.0));
    for (change, economy) in gains.iter().take(5) {
        println!("{economy}: exports {change:+.2} percent");
    }
    Ok(())
}
