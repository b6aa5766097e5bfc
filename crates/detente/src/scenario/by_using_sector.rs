//! Settings of `[closure]` that may differ by using sector: a number, or a table of sectors with a number each.

use detente_engine::closure::ByUsingSector;

use super::selection::Frame;
use super::typed::TypedByUsingSector;
use detente_tables::diagnostics::{Finding, Problem};
use detente_tables::nearest::suggestion;

/// The name of all sectors that no other name means.
const ALL: &str = "all";

/// What is typed under a key of a table, by sector codes; a code goes before a kind.
pub(super) fn resolve(
    frame: &Frame<'_>,
    table: &str,
    key: &str,
    typed: &TypedByUsingSector,
) -> Result<ByUsingSector, Problem> {
    let start = frame.start_of(table, key);
    let number = |name: &str, found: f64| {
        if found >= 0.0 && found.is_finite() {
            return Ok(found);
        }
        let cell = if name == ALL { String::new() } else { format!(" [{name}]") };
        let rule =
            "a finite number is needed, zero (fixed proportions) or above; one is Cobb-Douglas".to_string();
        Err(frame.problem(key, start, Finding::Domain { what: key.into(), cell, found, rule }))
    };
    let named = match typed {
        TypedByUsingSector::All(found) => return Ok(ByUsingSector::of_all(number(ALL, *found)?)),
        TypedByUsingSector::Named(named) => named,
    };
    let sectors = &frame.benchmark.sectors;
    let mut resolved = ByUsingSector::default();
    let (codes, kinds): (Vec<_>, Vec<_>) =
        named.iter().partition(|(name, _)| frame.benchmark.sector(name).is_some());
    for (name, found) in kinds.into_iter().chain(codes) {
        let found = number(name, *found)?;
        if name == ALL {
            resolved.all = Some(found);
            continue;
        }
        let positions = frame.sector_or_kind(name).ok_or_else(|| {
            let suggestion = suggestion(name, sectors.iter().map(|sector| sector.code.as_str()));
            let finding = Finding::UnknownCode { what: "sector or kind", found: name.clone(), suggestion };
            frame.problem(key, start, finding)
        })?;
        resolved.sectors.extend(positions.into_iter().map(|at| (sectors[at].code.clone(), found)));
    }
    Ok(resolved)
}

/// In one line, for results and pages; none where nothing is said.
pub(super) fn words(by: &ByUsingSector) -> Option<String> {
    if by == &ByUsingSector::default() {
        return None;
    }
    let all = by.all.unwrap_or(1.0);
    if by.sectors.is_empty() {
        return Some(all.to_string());
    }
    let named: Vec<String> = by.sectors.iter().map(|(code, found)| format!("{code} {found}")).collect();
    Some(format!("{}, others {all}", named.join(", ")))
}
