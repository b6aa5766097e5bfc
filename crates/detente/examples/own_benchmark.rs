//! A world of one's own: two economies, two sectors, four small tables in a folder.

use std::fs;

use detente::{Error, Scenario, World, scenario::document::Rate};

const TABLES: [(&str, &str); 4] = [
    (
        "benchmark.toml",
        "name = \"Toy\"\nunit = \"million\"\nsource = \"invented\"\nlicence = \"none needed\"\n",
    ),
    ("economies.csv", "economy,name\nHOME,Home\nAWAY,Away\n"),
    (
        "sectors.csv",
        "sector,name,kind,trade_elasticity\nFOOD,Food,agriculture,4\nTOOLS,Tools,manufacturing,5\n",
    ),
    (
        "trade.csv",
        "exporter,importer,sector,value\nHOME,HOME,FOOD,80\nHOME,HOME,TOOLS,60\nHOME,AWAY,FOOD,20\nHOME,AWAY,TOOLS,10\n\
         AWAY,HOME,FOOD,10\nAWAY,HOME,TOOLS,20\nAWAY,AWAY,FOOD,50\nAWAY,AWAY,TOOLS,90\n",
    ),
];

pub(crate) fn main() -> Result<(), Error> {
    let folder = std::env::temp_dir().join(format!("detente-toy-{}", std::process::id()));
    let _ = fs::create_dir_all(&folder);
    for (name, text) in TABLES {
        let _ = fs::write(folder.join(name), text);
    }
    let world = World::open(&folder)?;
    let answer = world.solve(
        &Scenario::new("a tariff on tools").tariff(Rate::set(0.10).importer("HOME").sector("TOOLS")),
    )?;
    println!(
        "HOME {:+.4}, AWAY {:+.4} percent",
        world.value(&answer, "welfare_pct", "HOME")?,
        world.value(&answer, "welfare_pct", "AWAY")?
    );
    let _ = fs::remove_dir_all(folder);
    Ok(())
}
