//! The duty on a laptop from China on a day, with every part and the act that it rests on.

use detente::{Error, World};

pub(crate) fn main() -> Result<(), Error> {
    let duty = World::embedded()?.duty("8471.30.01", "CHN", "USA", "2025-09-16")?;
    println!(
        "{} from {} on {}: {:?} percent of customs value",
        duty.code, duty.from, duty.on, duty.total_pct
    );
    for part in duty.parts.iter().filter(|part| part.applies) {
        println!("  {}: {:?}, {}", part.measure, part.rate_pct, part.why);
    }
    Ok(())
}
