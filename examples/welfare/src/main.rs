//! Welfare of a scenario.
fn main() -> Result<(), detente::Error> {
    let world = detente::World::embedded()?;
    let answer = world.solve(&detente::Scenario::example("us-plus-10-on-china")?)?;
    println!("welfare of China: {:+.4} percent", world.value(&answer, "welfare_pct", "CHN")?);
    Ok(())
}
