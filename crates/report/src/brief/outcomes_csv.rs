//! The outcomes of a brief as a table for notebooks.

use detente::brief::{Brief, Effects, Outcome};
use detente::results::keys;
use detente_engine::catalogue::{OutcomeEntry, Place, economy::*, first_year::*, lists};
use detente_tables::result_table::{Column, Data, ResultTable};

/// One row per outcome, horizon, starting point and economy, all digits.
pub fn outcomes_csv(brief: &Brief) -> String {
    let rows: Vec<(&Outcome, &String, &Effects)> = brief
        .outcomes
        .iter()
        .flat_map(|outcome| {
            outcome.economies.iter().map(move |(economy, effects)| (outcome, economy, effects))
        })
        .collect();
    let of_outcome = |name: &str, word: &dyn Fn(&Outcome) -> String| {
        Column::text(name, name, rows.iter().map(|(outcome, ..)| word(outcome)))
    };
    let mut columns = vec![
        of_outcome(keys::OUTCOME.name, &|outcome| outcome.name.clone()),
        of_outcome("horizon", &|outcome| outcome.horizon.code().to_owned()),
        of_outcome("against", &|outcome| outcome.against.word().to_owned()),
        keys::ECONOMY.text(rows.iter().map(|(_, economy, _)| *economy)),
    ];
    columns.push(of_outcome("measures", &|outcome| outcome.measures.word().to_owned()));
    // Imports from each partner are in the JSON.
    let imports = [IMPORTS_FROM.id, GOODS_IMPORTS_FROM.id];
    let first_year: [&OutcomeEntry; 2] = [&IMPORTERS_ACCOUNT, &VALUE_ADDED_AT_RISK];
    let numbers = lists::BRIEF.iter().copied().chain(first_year).filter(|entry| !imports.contains(&entry.id));
    columns.extend(numbers.map(|entry| {
        let cells = rows.iter().map(|(_, _, effects)| effects.value(entry));
        Column::number(entry.key(Place::Brief), entry.unit.words(None), entry.label, cells)
    }));
    let grades = rows.iter().map(|(_, _, effects)| effects.quality.map(|grade| grade.word().to_owned()));
    columns.push(Column::new("quality", "", "input structure", Data::Text(grades.collect())));
    ResultTable::new(columns).csv()
}
