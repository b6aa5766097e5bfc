//! The key `trade_elasticities` of a scenario: which set takes the place of the benchmark's own.

use std::path::Path;

use detente_data::elasticities::{self, ElasticitySet};
use detente_engine::benchmark::SectorKind;
use detente_engine::horizon::Horizon;
use detente_tables::diagnostics::{Finding, Problem};
use detente_tables::input_file;
use toml::Spanned;

use super::meant::InYears;
use super::own_folder::is_below;
use super::selection::Frame;

/// θ by sector of the benchmark; what a reader should know of the set goes to the notes.
///
/// # Errors
/// A set that is not known, a file that does not read or leads out of the folder, sectors that the set does not know, the first year.
pub(super) fn resolve(
    frame: &Frame<'_>,
    named: &Spanned<String>,
    folder: Option<&Path>,
    horizon: Horizon,
    notes: &mut Vec<String>,
) -> Result<Vec<f64>, Problem> {
    const KEY: &str = "trade_elasticities";
    let (name, start) = (named.as_ref().as_str(), named.span().start);
    if horizon == Horizon::FirstYear {
        let reason = "the first year has elasticities of its own, between products and between origins";
        return Err(frame.combination(KEY, start, reason));
    }
    let refused = |error: elasticities::ElasticityError| frame.combination(KEY, start, error.to_string());
    let set = match name.strip_suffix(".toml") {
        None => elasticities::named(name).map_err(refused)?,
        Some(_) => file(frame, KEY, named, folder)?,
    };
    let values = set.on(frame.benchmark).map_err(refused)?;
    notes.push(words(&set));
    Ok(values)
}

/// θ by sector in which a path of some years ends: of goods its set's, of services, which are bought as in the long run, the benchmark's. None
/// where all are the benchmark's own.
///
/// # Errors
/// A set that does not know the benchmark's sectors.
pub(super) fn at_the_end(
    frame: &Frame<'_>,
    start: usize,
    in_years: &InYears,
    notes: &mut Vec<String>,
) -> Result<Option<Vec<f64>>, Problem> {
    let Some(name) = &in_years.path.trade_elasticities else { return Ok(None) };
    let refused =
        |error: elasticities::ElasticityError| frame.combination("horizon", start, error.to_string());
    let set = elasticities::named(name).map_err(refused)?;
    let mut values = set.on(frame.benchmark).map_err(refused)?;
    for (value, sector) in values.iter_mut().zip(&frame.benchmark.sectors) {
        if sector.kind == SectorKind::Services {
            *value = sector.trade_elasticity;
        }
    }
    notes.push(format!("{}; of goods, services keep theirs", words(&set)));
    Ok(Some(values))
}

fn file(
    frame: &Frame<'_>,
    key: &str,
    named: &Spanned<String>,
    folder: Option<&Path>,
) -> Result<ElasticitySet, Problem> {
    let (name, start) = (named.as_ref().as_str(), named.span().start);
    let Some(folder) = folder else {
        return Err(frame.combination(
            key,
            start,
            "a scenario without a folder of its own cannot name a file",
        ));
    };
    if !is_below(folder, Path::new(name)) {
        let reason = "leads out of the scenario's folder; put the file there, or below it";
        return Err(frame.combination(key, start, format!("`{name}` {reason}")));
    }
    let label = folder.join(name).display().to_string();
    let text = input_file::read_text(&folder.join(name))
        .map_err(|finding| Problem::whole(label.clone(), finding))?;
    let Some(text) = text else {
        let right = format!("`{label}`: the path starts at the scenario's folder");
        return Err(frame.problem(key, start, Finding::Missing { what: "file", right }));
    };
    elasticities::parse(&label, &text).map_err(|error| frame.combination(key, start, error.to_string()))
}

/// What travels with the numbers: the set, and where and when it was estimated.
fn words(set: &ElasticitySet) -> String {
    let estimated = match (&set.window, set.n, set.standard_error) {
        (Some(window), Some(n), Some(error)) => {
            format!("estimated over {window} on {n} observations, standard error {error}")
        }
        _ => "a published set without a window of its own: it has no horizon".to_owned(),
    };
    format!("trade elasticities `{}` in place of the benchmark's: {estimated}", set.name)
}
