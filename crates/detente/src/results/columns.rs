//! Tables from the catalogue of outcomes, and the dictionary of all columns; a column itself is an entry of `crates/engine/src/catalogue`.

use detente_engine::benchmark::Benchmark;
use detente_engine::catalogue::{OutcomeEntry, Place, lists};
use detente_tables::result_table::Column;

use super::keys;

/// The column of an outcome at a place, its levels in the benchmark's unit.
pub fn outcome(
    entry: &OutcomeEntry,
    place: Place,
    benchmark: &Benchmark,
    cells: impl IntoIterator<Item = Option<f64>>,
) -> Column {
    Column::number(entry.key(place), entry.unit.words(Some(&benchmark.unit)), entry.label, cells)
}

/// `docs/reference/columns.md`: every column with its unit, its label, how its numbers come about and its formula.
pub fn dictionary() -> String {
    let mut page = String::from(
        "# Columns and units\n\n\
         Made from the catalogue of outcomes (`crates/engine/src/catalogue`) by the test `columns` of the\n\
         library (crate `detente`), run with `UPDATE_PAGES=1`; do not edit by hand. The test fails where this page and the catalogue differ.\n\n\
         One number has one name. Where files that other programs read carry an older key, that key is an alias of the name, and says so\n\
         here. *Income* is one number only: exact welfare as a share of income (`welfare_pct`). What an economy spends on final use is\n\
         *final spending*; what the accounts of the first year find is the *importer's account*.\n\n\
         Units: percent is a change in percent of the thing itself, or a sum over income where the formula says so; percentage points are\n\
         changes of shares; levels are in the benchmark's own unit at the numeraire. A column that a setting does not define is there and\n\
         empty, never NaN; numbers carry all their digits. \"Before\" is the baseline. Tags are those of the default closure; `tags.csv` and\n\
         `summary.json` have those of the answer: an *assumed* number is an input of the closure, an *accounting* number an identity over\n\
         data and stated elasticities, a *model* number is solved for. In the first year every number is accounting.\n",
    );
    for group in lists::ALL {
        page += &format!("\n## {}\n\nIn {}.\n\n", group.title, group.tables);
        page += "| name | also | for readers | unit | tag | horizon | better | formula |\n|---|---|---|---|---|---|---|---|\n";
        for entry in group.entries {
            page += &row(entry);
        }
    }
    page += "\n## What a row is about, and how it was solved\n\n| column | in | unit | holds |\n|---|---|---|---|\n";
    for (tables, held) in keys::ALL {
        for column in *held {
            page += &format!("| `{}` | {tables} | {} | {} |\n", column.name, column.unit, column.meaning);
        }
    }
    page
}

fn row(entry: &OutcomeEntry) -> String {
    let also = entry.aliases.iter().map(|(place, key)| format!("`{key}` in {}", place.words()));
    let asked = entry.objective.iter().map(|(word, old, _)| match old {
        Some(old) => format!("`{word}` as a gradient (once `{old}`)"),
        None => format!("`{word}` as a gradient"),
    });
    let horizon =
        match (entry.equilibrium.is_some() || entry.first_year.is_none(), entry.first_year.is_some()) {
            (true, true) => "any",
            (true, false) => "equilibrium",
            _ => "first year",
        };
    let closure = detente_engine::closure::Closure::default();
    let at = if entry.first_year.is_some() && entry.equilibrium.is_none() {
        detente_engine::first_year::Horizon::FirstYear
    } else {
        detente_engine::first_year::Horizon::Long
    };
    format!(
        "| `{}` | {} | {} | {} | {} | {horizon} | {} | {} |\n",
        entry.id,
        also.chain(asked).collect::<Vec<_>>().join("; "),
        entry.label,
        entry.unit.words(None),
        entry.tag(at, &closure, false).word(),
        entry.better.word(),
        entry.formula
    )
}
