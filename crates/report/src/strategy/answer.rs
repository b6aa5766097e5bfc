//! An answer in the contract's layout: the files of a counterfactual, with `objective_pct`, the certificates, and what was found.

use super::{draws, found_json, found_words, policy_words, split, zone};
use detente::results;
use detente::results::ExtraColumn;
use detente::results::tags::Tag;
use detente::strategy::answer::Answer;
use detente::strategy::baseline_world::GameDeficits;
use detente::strategy::certificates;
use detente::strategy::found::Found;
use detente::strategy::pictures::Pictures;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::catalogue::Place;
use detente_engine::catalogue::economy::OBJECTIVE;
use detente_tables::output::OutputFile;
use serde_json::{Map, Value, json};

/// The lines of an answer for people, those that answer the question itself first, and how many these are.
pub fn lines(answer: &Answer) -> (Vec<String>, usize) {
    let mut lines: Vec<String> = answer.draws.iter().flat_map(draws::lines).collect();
    let parts = answer.split.iter().flat_map(|parts| split::lines(parts, answer.start.words()));
    lines.extend(parts);
    lines.extend(found_words::lines(answer));
    let headlines = lines.len();
    let deficits = match answer.deficits {
        GameDeficits::Zero => "trade balanced before the game begins",
        GameDeficits::Observed => "observed deficits held fixed",
    };
    lines.push(format!("{}; {deficits}", answer.others.words()));
    lines.extend(answer.largest_loser_outside.as_ref().map(|loser| {
        format!(
            "of the economies outside the game {} fares worst: welfare {:+.3} percent",
            loser.economy, loser.welfare_pct
        )
    }));
    lines.extend(treatment(answer));
    // The policies of a deal are told with the zone that it lies in.
    let zone = match &answer.found {
        Found::Zone(zone) => zone.points.as_ref(),
        _ => None,
    };
    if zone.is_none() {
        lines
            .extend(policy_words::lines(&answer.policies, &answer.counterfactual.calibration.benchmark.unit));
    }
    (lines, headlines)
}

/// Whether the players treat partners alike, a line each.
fn treatment(answer: &Answer) -> Vec<String> {
    policy_words::treatment_lines(&answer.most_favoured_nation, answer.start)
}

/// What every question about strategy says of itself.
fn common(answer: &Answer) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("title".into(), json!(answer.title));
    fields.insert("players".into(), json!(answer.player_codes));
    fields.insert("objective".into(), json!(answer.objective_name));
    fields.insert("others".into(), json!(answer.others.word()));
    fields.insert("deficits".into(), json!(answer.deficits.word()));
    fields.insert("variables".into(), json!(answer.variables));
    fields.extend(
        (answer.largest_loser_outside.as_ref())
            .map(|loser| ("largest_loser_outside".to_owned(), zone::loser_json(loser, answer.start))),
    );
    fields.insert("most_favoured_nation".into(), json!(treatment(answer)));
    fields
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
            tags.extend(found.tags.iter().map(|(name, tag)| ((*name).to_owned(), json!(tag))));
        }
        fields.extend(common(answer));
        fields.extend(found.fields);
        fields.extend(
            answer
                .split
                .as_ref()
                .map(|parts| ("split".to_owned(), split::json_of(parts, answer.start.words()))),
        );
        fields.extend(answer.observed.as_ref().map(|observed| ("observed".to_owned(), json!(observed))));
        fields.extend(answer.draws.as_ref().map(|drawn| ("draws".to_owned(), draws::json_of(drawn))));
    }
    summary
}

/// Everything that a folder of results holds.
pub fn files(directory: &BenchmarkDirectory, answer: &Answer) -> Vec<OutputFile> {
    let summary = summary(directory, answer);
    let mut files = results::files_under(directory, &answer.counterfactual, &extra(answer), summary);
    files.extend(found_json::tables(answer));
    files.extend(answer.pictures.iter().flat_map(picture_files));
    files.extend(answer.draws.as_ref().map(draws::file));
    files
}

/// The data of the pictures, a file each.
fn picture_files(pictures: &Pictures) -> [OutputFile; 4] {
    [
        OutputFile::json("best_response_curves", json!(pictures.best_responses)),
        OutputFile::json("payoff_plane", json!(pictures.plane)),
        OutputFile::json("patience", json!(pictures.patience)),
        OutputFile::json("deadline", json!(pictures.deadline)),
    ]
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
