//! The duty on a line.
fn main() -> Result<(), detente::Error> {
    let duty = detente::World::embedded()?.duty("8471.30.01", "CHN", "USA", "2025-09-16")?;
    println!("{} on {}: {:?} percent", duty.code, duty.on, duty.total_pct);
    Ok(())
}
