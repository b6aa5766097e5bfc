//! Benchmarks through header arrays and back: what a tariff does is what the reference importer found, and what the world itself says.

use detente::{Scenario, World, scenario::document::Rate};
use detente_data::import::recipe::{Layout, Recipe};
use detente_data::import::rules::Margins;
use detente_data::{default_world, gtap_write, import};
use detente_testkit::{needs, shared};

fn world(folder: &std::path::Path, margins: Margins) -> World {
    let mut recipe = Recipe { layout: Layout::Gtap, ..Recipe::default() };
    recipe.rules.margins = margins;
    World::of(import::import(folder, &recipe, "").unwrap_or_else(|problems| panic!("{problems}")).directory)
}

/// Ten points on everything that one buys from the other: welfare of some.
fn welfare(world: &World, importer: &str, exporter: &str, of: &[&str]) -> Vec<f64> {
    let scenario = Scenario::new("ten points").tariff(Rate::add(0.10).importer(importer).exporter(exporter));
    let answer = world.solve(&scenario).expect("solved");
    of.iter().map(|code| world.value(&answer, "welfare_pct", code).expect("a number")).collect()
}

fn near(found: &[f64], expected: &[f64], within: f64) {
    let off =
        found.iter().zip(expected).map(|(found, expected)| (found - expected).abs()).fold(0.0, f64::max);
    assert!(off < within, "{found:?} where {expected:?}");
}

#[needs("data/importer-samples/har/files/gtap-v7-10x10")]
#[test]
fn a_tariff_on_base_data_of_gtap_does_what_the_reference_found() {
    let folder = shared("data/importer-samples/har/files/gtap-v7-10x10");
    let importer = world(&folder, Margins::Importer);
    let found = welfare(&importer, "NAmerica", "EastAsia", &["EastAsia", "NAmerica", "Oceania"]);
    near(&found, &[-0.3090841611, 0.0608146446, -0.03015472], 1e-8);
    let cif = world(&folder, Margins::Cif);
    near(&welfare(&cif, "NAmerica", "EastAsia", &["EastAsia"]), &[-0.3047258931], 1e-8);
}

#[needs("data/importer-samples/har/files/detente-world-v7")]
#[test]
fn the_world_that_another_program_wrote_has_the_worlds_welfare() {
    let folder = shared("data/importer-samples/har/files/detente-world-v7");
    let goods = Scenario::example("us-plus-10-on-china").expect("an example");
    let world = world(&folder, Margins::Importer);
    let answer = world.solve(&goods).expect("solved");
    let found: Vec<f64> = ["USA", "CHN"]
        .iter()
        .map(|code| world.value(&answer, "welfare_pct", code).expect("a number"))
        .collect();
    near(&found, &[-0.0538115360, -0.1212343346], 1e-8);
}

#[test]
fn the_carried_world_written_and_read_back_moves_no_welfare() {
    let own = World::embedded().expect("read");
    let folder = std::env::temp_dir().join(format!("detente-gtap-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let files = gtap_write::files(&default_world::open().expect("read").benchmark).expect("written");
    for (name, bytes) in &files {
        std::fs::write(folder.join(name), bytes).expect("written");
    }
    let back = world(&folder, Margins::Importer);
    std::fs::remove_dir_all(&folder).expect("removed");
    let codes: Vec<&str> = own.economies().collect();
    assert_eq!(codes, back.economies().collect::<Vec<_>>());
    assert_eq!(
        own.directory().benchmark.economies[2].members,
        back.directory().benchmark.economies[2].members
    );
    near(&welfare(&back, "USA", "CHN", &codes), &welfare(&own, "USA", "CHN", &codes), 1e-7);
}
