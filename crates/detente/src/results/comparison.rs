//! Results of several scenarios: one folder each, and one long table over all.

use serde_json::{Value, json};

use super::columns::ECONOMY;
use super::{SUMMARY, files as files_of_one, json as json_of_one, summary};
use crate::counterfactual::Counterfactual;
use crate::uncertainty::headline::{Bands, CSV_HEADER};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_tables::atomic_write::Files;
use detente_tables::table::{csv_text, digits};

/// A folder for each scenario, `comparison.csv` over all, and a summary.
pub fn files(directory: &BenchmarkDirectory, answers: &[&Counterfactual]) -> Files {
    let summaries: Vec<Value> = answers
        .iter()
        .enumerate()
        .map(|(position, answer)| json!({ "folder": folder(position, answer), "summary": summary(directory, answer) }))
        .collect();
    let mut files = vec![
        (SUMMARY.to_string(), format!("{:#}\n", json!({ "scenarios": summaries }))),
        ("comparison.csv".to_string(), csv(answers)),
    ];
    for (position, answer) in answers.iter().enumerate() {
        let folder = folder(position, answer);
        let own = files_of_one(directory, answer, &[]);
        files.extend(own.into_iter().map(|(name, text)| (format!("{folder}/{name}"), text)));
    }
    files
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
pub fn csv(answers: &[&Counterfactual]) -> String {
    let mut header = vec!["scenario", "economy"];
    header.extend(ECONOMY.iter().map(|(name, _)| *name));
    let rows = answers.iter().flat_map(|answer| {
        let economies = &answer.calibration.benchmark.economies;
        economies.iter().zip(&answer.outcomes.economies).map(|(economy, row)| {
            let mut cells = vec![answer.scenario.name.clone(), economy.code.clone()];
            cells.extend(ECONOMY.iter().map(|(_, number)| digits(number(row))));
            cells
        })
    });
    csv_text(&header, rows)
}

/// `scenario` and the columns of `bands.csv`, all scenarios in one table.
pub fn bands_csv(answers: &[&Counterfactual], drawn: &[Bands]) -> String {
    let mut text = format!("scenario,{CSV_HEADER}\n");
    for (answer, bands) in answers.iter().zip(drawn) {
        let name = csv_text(&[&answer.scenario.name], std::iter::empty::<[String; 1]>());
        text += &bands.csv_rows(&format!("{},", name.trim_end()));
    }
    text
}

/// The answers as JSON, in the order of the scenarios.
pub fn json(directory: &BenchmarkDirectory, answers: &[&Counterfactual]) -> Value {
    json!({ "scenarios": answers.iter().map(|answer| json_of_one(directory, answer)).collect::<Vec<_>>() })
}
