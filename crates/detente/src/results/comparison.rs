//! Results of several scenarios: one folder each, and one long table over all.

use serde_json::{Value, json};

use super::{files as files_of_one, json as json_of_one, keys, summary, summary_file};
use crate::counterfactual::Counterfactual;
use crate::uncertainty::headline::Bands;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_tables::output::OutputFile;
use detente_tables::result_table::{ResultTable, UnlikeTables};

/// A folder for each scenario, `comparison.csv` over all, and a summary.
pub fn files(
    directory: &BenchmarkDirectory,
    answers: &[&Counterfactual],
) -> Result<Vec<OutputFile>, UnlikeTables> {
    let summaries: Vec<Value> = answers
        .iter()
        .enumerate()
        .map(|(position, answer)| json!({ "folder": folder(position, answer), "summary": summary(directory, answer) }))
        .collect();
    let mut files = vec![
        summary_file(json!({ "scenarios": summaries })),
        OutputFile::table("comparison", table(answers)?),
    ];
    for (position, answer) in answers.iter().enumerate() {
        let folder = folder(position, answer);
        files.extend(files_of_one(directory, answer, &[]).into_iter().map(|file| file.below(&folder)));
    }
    Ok(files)
}

/// A folder's name: the position, and what of the scenario's name every file system takes.
pub fn folder(position: usize, answer: &Counterfactual) -> String {
    let name: String = answer
        .scenario
        .name
        .to_lowercase()
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
        .collect();
    let words: Vec<&str> = name.split('-').filter(|word| !word.is_empty()).collect();
    let name: String = words.join("-").chars().take(60).collect();
    format!("{:02}-{}", position + 1, name.trim_matches('-'))
}

/// `scenario,economy` and the columns of `economies.csv`.
pub fn table(answers: &[&Counterfactual]) -> Result<ResultTable, UnlikeTables> {
    joined(answers, answers.iter().map(|answer| super::economies(answer, &[])))
}

/// `scenario` and the columns of `bands.csv`, all scenarios in one table.
pub fn bands(answers: &[&Counterfactual], drawn: &[Bands]) -> Result<ResultTable, UnlikeTables> {
    joined(answers, drawn.iter().map(Bands::table))
}

/// Tables of several scenarios one below the other, each row with its scenario's name.
fn joined(
    answers: &[&Counterfactual],
    tables: impl Iterator<Item = ResultTable>,
) -> Result<ResultTable, UnlikeTables> {
    let mut all = ResultTable::default();
    for (answer, table) in answers.iter().zip(tables) {
        all.append(table.under(keys::SCENARIO.name, keys::SCENARIO.label, &answer.scenario.name))?;
    }
    Ok(all)
}

/// The answers as JSON, in the order of the scenarios.
pub fn json(directory: &BenchmarkDirectory, answers: &[&Counterfactual]) -> Value {
    json!({ "scenarios": answers.iter().map(|answer| json_of_one(directory, answer)).collect::<Vec<_>>() })
}
