//! An answer in the contract's layout: the files of a counterfactual, with `objective_pct`, the certificates, and what was found.

use super::{found_json, found_words};
use detente::results;
use detente::results::ExtraColumn;
use detente::results::tags::Tag;
use detente::strategy::answer::Answer;
use detente::strategy::certificates;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::catalogue::Place;
use detente_engine::catalogue::economy::OBJECTIVE;
use detente_tables::output::OutputFile;
use serde_json::{Value, json};

/// The lines of an answer for people, those that answer the question itself first, and how many these are.
pub fn lines(answer: &Answer) -> (Vec<String>, usize) {
    let mut lines = found_words::lines(answer);
    let headlines = lines.len() + answer.headlines;
    lines.extend(answer.lines.iter().cloned());
    (lines, headlines)
}

/// `summary.json`.
pub fn summary(directory: &BenchmarkDirectory, answer: &Answer) -> Value {
    let mut summary = results::summary(directory, &answer.counterfactual);
    let certificate = &answer.certificate;
    if let Some(fields) = summary.as_object_mut() {
        fields.insert(
            "best_response_gain".into(),
            json!(certificate.best_response_gain.filter(|gain| gain.is_finite())),
        );
        fields.insert("starts".into(), json!(certificate.starts));
        fields.insert("strategy".into(), certificates::json_of(certificate));
        fields.insert("certificates".into(), certificates::json_of_all(&answer.all_certificates()));
        let found = found_json::of(answer);
        if let Some(tags) = fields.get_mut("tags").and_then(Value::as_object_mut) {
            tags.insert(OBJECTIVE.id.into(), json!(Tag::Model));
            tags.insert("best_response_gain".into(), json!(Tag::Model));
            tags.extend(answer.tags.iter().map(|(name, tag)| ((*name).to_owned(), json!(tag))));
            tags.extend(found.tags.iter().map(|(name, tag)| ((*name).to_owned(), json!(tag))));
        }
        fields.extend(answer.fields.clone());
        fields.extend(found.fields);
    }
    summary
}

/// Everything that a folder of results holds.
pub fn files(directory: &BenchmarkDirectory, answer: &Answer) -> Vec<OutputFile> {
    let summary = summary(directory, answer);
    let mut files = results::files_under(directory, &answer.counterfactual, &extra(answer), summary);
    files.extend(found_json::tables(answer));
    files.extend(answer.files.iter().cloned());
    files
}

/// The column that a game adds to the economies.
fn extra(answer: &Answer) -> [ExtraColumn; 1] {
    [(&OBJECTIVE, answer.objective_pct.clone())]
}

/// The answer as JSON for standard output.
pub fn json_of(directory: &BenchmarkDirectory, answer: &Answer) -> Value {
    let mut value = results::json(directory, &answer.counterfactual);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("summary".into(), summary(directory, answer));
    }
    for (position, change) in answer.objective_pct.iter().enumerate() {
        let code = &directory.benchmark.economies[position].code;
        if let Some(row) =
            value.pointer_mut(&format!("/economies/{}", code.replace('~', "~0").replace('/', "~1")))
            && let Some(row) = row.as_object_mut()
        {
            row.insert(OBJECTIVE.key(Place::Economies).into(), json!(change));
        }
    }
    value
}

/// `economies.csv` for standard output.
pub fn csv(answer: &Answer) -> String {
    results::economies(&answer.counterfactual, &extra(answer)).csv()
}
