//! Flows moved to totals and by factors: every total is met, zeros stay zeros, markets clear, and what cannot be is refused.

use detente_data::balance::{balance, extrapolate};
use detente_data::benchmark_directory::consistency::Accounts;
use detente_data::benchmark_directory::{self, write};
use detente_data::default_world;
use detente_engine::benchmark::Benchmark;
use detente_tables::folder::Folder;
use detente_tables::table::Table;

fn world() -> Benchmark {
    default_world::open().expect("read").benchmark
}

fn table(text: &str) -> Table {
    Table::parse("targets.csv".into(), text.as_bytes()).expect("a table")
}

/// A benchmark is read back as any: its markets clear, nothing is below zero.
fn gap(benchmark: &Benchmark) -> f64 {
    let files = write::files(benchmark, &[], &[], write::Precision::default());
    let read = benchmark_directory::read(&Folder::Memory { name: "memory".into(), files });
    read.unwrap_or_else(|problems| panic!("{problems}")).market_gap.gap
}

/// Output and purchases at border values of every economy in every sector.
fn totals(benchmark: &Benchmark) -> Vec<(f64, f64)> {
    let size = benchmark.dimensions();
    let value = |importer, exporter, good| benchmark.border_value[size.cell(importer, exporter, good)];
    let all = || (0..size.sectors).flat_map(move |good| (0..size.economies).map(move |place| (place, good)));
    all()
        .map(|(place, good)| {
            let sold = (0..size.economies).map(|other| value(other, place, good)).sum();
            let bought = (0..size.economies).map(|other| value(place, other, good)).sum();
            (sold, bought)
        })
        .collect()
}

#[test]
fn flows_that_were_moved_meet_their_totals_again() {
    let own = world();
    let size = own.dimensions();
    let mut moved = own.clone();
    // Three goods that are traded: what is hardly traded takes thousands of rounds.
    let goods = 3;
    for (cell, value) in
        moved.border_value.iter_mut().enumerate().filter(|(cell, _)| size.cell_of(*cell).2 < goods)
    {
        *value *= 1.0 + 0.2 * ((cell * 7 % 11) as f64 / 11.0 - 0.5);
    }
    let wanted = totals(&own);
    let mut text = "kind,economy,sector,value\n".to_string();
    for good in 0..goods {
        for place in 0..size.economies {
            let (sold, bought) = wanted[good * size.economies + place];
            let (economy, sector) = (&own.economies[place].code, &own.sectors[good].code);
            text += &format!("output,{economy},{sector},{sold}\nuse,{economy},{sector},{bought}\n");
        }
    }
    let (balanced, report) = balance(&moved, &table(&text)).unwrap_or_else(|problems| panic!("{problems}"));
    for ((sold, bought), (found_sold, found_bought)) in wanted.iter().zip(totals(&balanced)) {
        assert!((sold - found_sold).abs() <= 1e-6 * sold.max(1.0), "{sold} {found_sold}");
        assert!((bought - found_bought).abs() <= 1e-6 * bought.max(1.0), "{bought} {found_bought}");
    }
    assert!(report.rounds > 1 && report.rounds < 2000, "{} rounds", report.rounds);
    let zeros = |benchmark: &Benchmark| benchmark.border_value.iter().filter(|value| **value == 0.0).count();
    assert_eq!(zeros(&balanced), zeros(&own), "zeros stay zeros");
    assert!(gap(&balanced) < 1e-9);
    assert_eq!(report.economies.len(), size.economies);
}

#[test]
fn value_added_and_imports_are_met() {
    let own = world();
    let size = own.dimensions();
    let accounts = Accounts::of(&own);
    let (usa, good) = (own.economy("USA").expect("there"), 0);
    let pair = size.pair(usa, good);
    let value_added = 0.9 * own.value_added_share[pair] * accounts.output[pair];
    let imports: f64 = (0..size.economies)
        .filter(|other| *other != usa)
        .flat_map(|other| (0..size.sectors).map(move |good| (other, good)))
        .map(|(other, good)| own.border_value[size.cell(usa, other, good)])
        .sum();
    let text = format!(
        "kind,economy,sector,value\nimports,USA,,{}\nvalue-added,USA,{},{value_added}\n",
        1.05 * imports,
        own.sectors[good].code
    );
    let (balanced, _) = balance(&own, &table(&text)).unwrap_or_else(|problems| panic!("{problems}"));
    let after = Accounts::of(&balanced);
    let found = balanced.value_added_share[pair] * after.output[pair];
    assert!((found / value_added - 1.0).abs() < 1e-8, "{found} where {value_added}");
    assert!(gap(&balanced) < 1e-9);
}

#[test]
fn what_cannot_be_is_refused() {
    let own = world();
    let sector = &own.sectors[0].code;
    let all: String =
        own.economies.iter().map(|economy| format!("output,{},{sector},1000\n", economy.code)).collect();
    let other: String =
        own.economies.iter().map(|economy| format!("use,{},{sector},900\n", economy.code)).collect();
    let cases = [
        (format!("output,USA,{sector},-1\n"), "targets.csv:2", "zero or above"),
        (format!("otput,USA,{sector},1\n"), "targets.csv:2", "did you mean `output`"),
        ("value-added,USA,,5\n".to_string(), "targets.csv:2", "by sector"),
        (format!("{all}{other}"), "targets.csv", "hold together"),
    ];
    for (rows, place, words) in cases {
        let refused = balance(&own, &table(&format!("kind,economy,sector,value\n{rows}")))
            .expect_err(words)
            .to_string();
        assert!(refused.contains(place) && refused.contains(words), "{refused}");
    }
    let refused = extrapolate(&own, &table("exporter,importer,sector,factor\nall,USA,all,0\n"), "")
        .expect_err("refused");
    assert!(refused.to_string().contains("above zero"), "{refused}");
}

#[test]
fn growth_moves_the_cells_that_it_names_and_small_flows_only_so_far() {
    let own = world();
    let size = own.dimensions();
    let usa = own.economy("USA").expect("there");
    let text = "exporter,importer,sector,factor\nall,USA,all,3\nall,USA,all,1.1\nUSA,USA,all,1\n";
    let (grown, report) =
        extrapolate(&own, &table(text), "2024 import levels").unwrap_or_else(|problems| panic!("{problems}"));
    for cell in 0..size.cells() {
        let (importer, exporter, _) = size.cell_of(cell);
        let factor = if importer == usa && exporter != usa { 1.1 } else { 1.0 };
        assert!(
            (grown.border_value[cell] - factor * own.border_value[cell]).abs()
                <= 1e-9 * own.border_value[cell]
        );
    }
    assert!(grown.name.ends_with("2024 import levels"), "{}", grown.name);
    assert!(gap(&grown) < 1e-9 && report.notes.is_empty());
    let (_, report) =
        extrapolate(&own, &table("exporter,importer,sector,factor\nall,USA,all,2.5\n"), "").expect("grown");
    assert!(report.notes[0].contains("take no factor outside 0.5 to 2"), "{:?}", report.notes);
}
