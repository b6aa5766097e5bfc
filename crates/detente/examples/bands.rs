//! How sure a headline is: its median and 5 to 95 over elasticities and deficits. A headline wants 200 runs; the example takes fewer.

use detente::{BandSettings, Error, Scenario, World};

pub(crate) fn main() -> Result<(), Error> {
    let world = World::embedded()?;
    let answer = world.solve(&Scenario::example("us-plus-10-on-china")?)?;
    let Some(equilibrium) = answer.equilibrium() else { return Ok(()) };
    let bands = world.bands(equilibrium, &BandSettings { draws: 48, ..BandSettings::default() })?;
    for economy in ["USA", "CHN", "VNM"] {
        if let Some(row) = bands.row(economy, "welfare_pct") {
            println!("{economy} {:+.3} ({:+.3} to {:+.3}) percent", row.median, row.low, row.high);
        }
    }
    Ok(())
}
