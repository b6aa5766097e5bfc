//! A scenario built in code, written as the file that `detente solve` reads, and read back.

use detente::{Error, Scenario, scenario::document::Rate};

pub(crate) fn main() -> Result<(), Error> {
    let scenario = Scenario::new("Machines and cars")
        .sentence("Twenty-five points on machines and cars from two partners, trade balanced.")
        .tariff(Rate::add(0.25).importer("USA").exporter(["CHN", "MEX"]).sector(["MCH", "MVH"]))
        .setting("deficits", "zero")?;
    let file = std::env::temp_dir().join(format!("detente-example-{}.toml", std::process::id()));
    scenario.write(&file)?;
    let read = Scenario::read(&file)?;
    println!("{}", read.to_toml()?);
    assert_eq!(read, scenario);
    let _ = std::fs::remove_file(file);
    Ok(())
}
