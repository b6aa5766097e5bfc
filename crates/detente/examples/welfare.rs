//! Who gains and who loses from ten points on one exporter's goods, with everybody else beside.

use detente::{Error, Scenario, World, scenario::document::Rate};

pub(crate) fn main() -> Result<(), Error> {
    let world = World::embedded()?;
    let scenario = Scenario::new("Ten points").tariff(Rate::add(0.10).importer("USA").exporter("CHN"));
    let answer = world.solve(&scenario)?;
    for economy in world.economies() {
        println!("{economy:<6}{:+.4} percent", world.value(&answer, "welfare_pct", economy)?);
    }
    Ok(())
}
