//! Pictures of one solved counterfactual: where trade goes instead, which sectors pay, what it does to everybody.

use crate::picture::diversion::{self, Flows};
use crate::picture::figure::Picture;
use crate::picture::outcomes::{self, Effect, Group, Horizon};
use crate::picture::sectors::{self, Sector};
use detente::counterfactual::Counterfactual;
use detente::uncertainty::headline::Bands;
use detente::words::number::{change, joined, named};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::catalogue::economy::WELFARE;
use detente_engine::outcomes::Outcomes;

/// Dollars of a benchmark's unit in billions; a unit that is no sum of dollars stays as it is.
fn billions(unit: &str) -> f64 {
    match unit.split(' ').next() {
        Some("million") => 1e-3,
        Some("thousand") => 1e-6,
        Some("billion") => 1.0,
        _ => 1e-9,
    }
}

/// Changes of all flows, the sides first and then the others in the benchmark's order.
pub fn flows(directory: &BenchmarkDirectory, found: &Outcomes, sides: &[usize]) -> Flows {
    let benchmark = &directory.benchmark;
    let size = benchmark.dimensions();
    let others = (0..size.economies).filter(|economy| !sides.contains(economy));
    let order: Vec<usize> = sides.iter().copied().chain(others).collect();
    let scale = billions(&benchmark.unit);
    let of = |exporter: usize, importer: usize| -> f64 {
        let cells = (0..size.sectors).map(|sector| size.cell(importer, exporter, sector));
        cells.map(|cell| scale * (found.trade_after[cell] - found.trade_before[cell])).sum()
    };
    Flows {
        codes: order.iter().map(|economy| benchmark.economies[*economy].code.clone()).collect(),
        names: order.iter().map(|economy| benchmark.economies[*economy].name.clone()).collect(),
        change: order
            .iter()
            .map(|from| order.iter().map(|to| if from == to { 0.0 } else { of(*from, *to) }).collect())
            .collect(),
    }
}

/// Changes of output and prices by sector, of two economies.
pub fn by_sector(directory: &BenchmarkDirectory, found: &Outcomes, sides: [usize; 2]) -> Vec<Sector> {
    let benchmark = &directory.benchmark;
    let size = benchmark.dimensions();
    let rows = benchmark.sectors.iter().enumerate().map(|(sector, held)| {
        let rows = sides.map(|economy| &found.sectors[size.pair(economy, sector)]);
        Sector {
            name: held.name.clone(),
            output_pct: rows.map(|row| row.output_pct),
            price_pct: rows.map(|row| row.price_pct),
        }
    });
    rows.collect()
}

/// Where trade goes instead, with its finding.
pub fn diversion(
    directory: &BenchmarkDirectory,
    found: &Outcomes,
    sides: &[usize],
    from: &str,
    widths: [f64; 2],
) -> Picture {
    let flows = flows(directory, found, sides);
    let words = |(from, to, value): (usize, usize, f64)| {
        format!("{} to {} {} billion dollars a year", flows.names[from], flows.names[to], change(value))
    };
    let largest = flows.largest(usize::MAX);
    let fall = largest.iter().find(|(.., value)| *value < 0.0).copied().map(words);
    let rise = largest.iter().find(|(.., value)| *value > 0.0).copied().map(words);
    let found = [fall, rise].into_iter().flatten().collect::<Vec<_>>();
    let title = if found.is_empty() {
        "No trade moves".to_owned()
    } else {
        format!("Most trade is lost and won here: {}", joined(&found))
    };
    diversion::picture(
        &title,
        &format!("Change of trade at the border, billions of dollars a year, long run, {from}."),
        &flows,
        widths,
    )
}

/// The name of a sector within a sentence; an acronym keeps its letters.
fn in_sentence(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

/// Which sectors pay, with its finding.
pub fn who_at_home_pays(
    directory: &BenchmarkDirectory,
    found: &Outcomes,
    sides: [usize; 2],
    from: &str,
    widths: [f64; 2],
) -> Picture {
    let rows = by_sector(directory, found, sides);
    let names = sides.map(|economy| directory.benchmark.economies[economy].name.as_str());
    let mut said = None;
    let hardest: Vec<String> = (0..2)
        .filter_map(|side| {
            let of = |row: &Sector| row.output_pct[side];
            let worst = rows
                .iter()
                .filter(|row| of(row).is_some())
                .min_by(|a, b| of(a).unwrap_or(0.0).total_cmp(&of(b).unwrap_or(0.0)))?;
            let value = of(worst)?;
            let how = if value < 0.0 { "fall most " } else { "rise least " };
            // What the clause before has said is not said again.
            let verb = if said == Some(how) { "" } else { how };
            said = Some(how);
            let sector = in_sentence(&worst.name);
            Some(format!("{verb}in {}, in {sector} ({} %)", named(names[side]), change(value)))
        })
        .collect();
    let title = format!("Output would {}", joined(&hardest));
    let note = format!(
        "Output in value and prices to buyers, percent, long run, {from}; the sectors that move most."
    );
    sectors::picture(&title, &note, names, &rows, widths)
}

/// Income of everybody: the sides first, then the others by size of the change.
pub fn income(
    directory: &BenchmarkDirectory,
    answers: &[(&Counterfactual, Option<&Bands>)],
    sides: &[usize],
    widths: [f64; 2],
) -> Picture {
    let benchmark = &directory.benchmark;
    let value = |answer: &Counterfactual, economy: usize| {
        WELFARE
            .equilibrium
            .and_then(|read| read(&answer.outcomes.economies[economy]))
            .filter(|value| value.is_finite())
    };
    let size = |economy: &usize| {
        answers.iter().filter_map(|(answer, _)| value(answer, *economy)).map(f64::abs).fold(0.0, f64::max)
    };
    let mut others: Vec<usize> =
        (0..benchmark.economies.len()).filter(|economy| !sides.contains(economy)).collect();
    others.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let most = if answers.len() > 1 { 4 } else { 10 };
    let order: Vec<usize> = sides.iter().copied().chain(others.into_iter().take(most)).collect();
    let groups: Vec<Group> = answers
        .iter()
        .map(|(answer, bands)| Group {
            outcome: match answers.len() {
                1 => answer.scenario.name.clone(),
                _ => format!("{}, {}", answer.scenario.name, start(answer)),
            },
            effects: order
                .iter()
                .filter_map(|economy| {
                    let code = &benchmark.economies[*economy].code;
                    let row = bands.and_then(|bands| bands.row(code, WELFARE.id));
                    // The solved number, as sentences and tables have it; a point outside its range would be the range's fault or its own.
                    let solved = value(answer, *economy)?;
                    let outside = row.filter(|row| solved < row.low || row.high < solved);
                    Some(Effect {
                        economy: benchmark.economies[*economy].name.clone(),
                        side: sides.iter().position(|side| side == economy),
                        median: outside.map_or(solved, |row| row.median),
                        band: row.map(|row| (row.low, row.high)),
                        is_weak: directory.is_weak(*economy),
                    })
                })
                .collect(),
        })
        .collect();
    let first: Vec<String> = groups
        .iter()
        .take(1)
        .flat_map(|group| group.effects.iter().take(2))
        .map(|effect| format!("{} % in {}", change(effect.median), named(&effect.economy)))
        .collect();
    let title = match groups.len() {
        1 => format!("Income would change by {}", joined(&first)),
        several => format!("Income under {several} scenarios, each from its own start"),
    };
    let label =
        answers.first().map_or_else(|| "long run".to_owned(), |(answer, _)| answer.scenario.horizon_label());
    let note = "Exact welfare over income, percent, from the scenario's own starting point. Dot: the solved number (the median of the \
                runs where it lies outside their range); bar: 5 to 95; ~ and hollow: weak data.";
    let horizons = [Horizon { heading: format!("Income, {label}"), groups }];
    outcomes::picture("income", &title, note, &horizons, widths)
}

/// What a counterfactual is measured from.
pub fn start(answer: &Counterfactual) -> &'static str {
    if answer.scenario.baseline.is_some() {
        "from the scenario's baseline"
    } else {
        "from the benchmark's tariffs"
    }
}

/// The two economies between which a counterfactual moves most trade, in the benchmark's order: whose pictures are drawn, each in the same
/// colour whichever of the two the trade leaves.
pub fn sides_of(directory: &BenchmarkDirectory, found: &Outcomes) -> [usize; 2] {
    let flows = flows(directory, found, &[]);
    let largest = flows.largest(1).first().copied();
    largest
        .map_or([0, 1.min(flows.codes.len().saturating_sub(1))], |(from, to, _)| [to.min(from), to.max(from)])
}
