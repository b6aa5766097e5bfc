//! `data balance` and `data extrapolate`: flows moved to totals that are known, and the input structures after them.
//!
//! ```text
//! M'[i,n,s] = M[i,n,s] · Π r(target that holds the cell)          Σ over the cells of each target = its value
//! Z'[e,k,u] = Z[e,k,u] · r[e,k] · c[e,u]                          Σ_k Z'[e,k,u] = output'[e,u] − value added'[e,u],   Σ_u Z' ≤ spending'
//! ```
//!
//! Cells that are zero stay zero. Totals that contradict each other, and a total without a cell, are refused.

use detente_engine::benchmark::Benchmark;
use detente_engine::index::Dimensions;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::nearest::suggestion;
use detente_tables::table::{Row, Table};
use serde::Serialize;

use crate::benchmark_directory::codes::{ALL, Codes};
use crate::benchmark_directory::consistency::Accounts;

/// Kinds of totals, as the table of targets names them.
const KINDS: [&str; 5] = ["output", "use", "imports", "exports", "value-added"];
/// Of the sum of all targets: what is off by less is balanced.
const TOLERANCE: f64 = 1e-10;
const ROUNDS: usize = 10_000;
/// Of the sum of all targets: after the last round what is off by more cannot be.
const NEAR: f64 = 1e-6;
/// Inputs may take this share of what is spent on a product, so that something is left for final use.
const MOST_INPUTS: f64 = 0.9999;
/// Factors of growth that a small flow may have; small is less than this many units.
const FACTORS: (f64, f64) = (0.5, 2.0);
const SMALL_FLOW: f64 = 50.0;
/// Cells that are named.
const NAMED: usize = 10;

/// What balancing did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Rounds until the flows met their totals.
    pub rounds: usize,
    /// Largest relative distance left between a total and its cells.
    pub largest_gap: f64,
    /// Largest factor, or one over it, on a flow.
    pub largest_factor: f64,
    /// By economy: rounds of its inputs, and the share of its input values that moved from one cell to another.
    pub economies: Vec<Moved>,
    /// The flows that changed most.
    pub largest_cells: Vec<(String, f64, f64)>,
    /// What else was done.
    pub notes: Vec<String>,
}

/// One economy's inputs.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    /// Its code.
    pub economy: String,
    /// Rounds.
    pub rounds: usize,
    /// Half the sum of absolute changes over the sum, totals apart.
    pub share_moved: f64,
}

/// Cells with the sum that they must have.
struct Target {
    cells: Vec<usize>,
    value: f64,
    words: String,
}

/// Balances a benchmark to the totals of a table `kind,economy,sector,value`; an empty sector means all together.
///
/// # Errors
/// Unknown kinds and codes, totals below zero or without cells, totals of one sector that contradict each other, totals that are not met.
pub fn balance(benchmark: &Benchmark, table: &Table) -> Result<(Benchmark, Report), Problems> {
    let ([kind, economy, sector, value], []) = table.expect(["kind", "economy", "sector", "value"], [])?;
    let size = benchmark.dimensions();
    let (economies, sectors) =
        (Codes::of_economies(&benchmark.economies), Codes::of_sectors(&benchmark.sectors));
    let mut flows: Vec<Target> = Vec::new();
    let mut value_added: Vec<Option<f64>> = vec![None; size.pairs()];
    for row in table.rows() {
        let word = row.text(kind).into_owned();
        let place = economies.at(&row, economy)?;
        let goods: Vec<usize> = if row.text(sector).is_empty() {
            (0..size.sectors).collect()
        } else {
            vec![sectors.at(&row, sector)?]
        };
        let total = row.number(value)?;
        if total < 0.0 {
            return Err(below_zero(&row, total).into());
        }
        if word == "value-added" {
            let [good] = goods[..] else {
                let reason = "value-added is by sector; name one".to_string();
                return Err(row.problem(Finding::Combination { reason }).into());
            };
            value_added[size.pair(place, good)] = Some(total);
            continue;
        }
        let Some(cells) = cells_of(&word, place, &goods, size) else {
            let finding = Finding::UnknownWord { suggestion: suggestion(&word, KINDS), found: word };
            return Err(row.problem(finding).into());
        };
        let held: Vec<usize> = cells.into_iter().filter(|cell| benchmark.border_value[*cell] > 0.0).collect();
        let words = format!("{word} of [{}, {}]", row.text(economy), row.text(sector));
        if held.is_empty() && total > 0.0 {
            let finding = Finding::Inconsistent {
                what: words,
                found: format!("{total} is wanted and no flow is there to carry it"),
                rule: "cells that are zero stay zero; leave the target out".into(),
            };
            return Err(row.problem(finding).into());
        }
        if !held.is_empty() {
            flows.push(Target { cells: held, value: total, words });
        }
    }
    let mut report = Report::default();
    let mut moved = benchmark.clone();
    scale_flows(&mut moved.border_value, &flows, &table.file, &mut report)?;
    finish(benchmark, moved, &value_added, &table.file, report)
}

fn below_zero(row: &Row<'_>, found: f64) -> Problem {
    row.problem(Finding::Domain {
        what: "total".into(),
        cell: String::new(),
        found,
        rule: "a total is zero or above".into(),
    })
}

/// The cells that a total is the sum of; none for a word that is no kind.
fn cells_of(kind: &str, place: usize, goods: &[usize], size: Dimensions) -> Option<Vec<usize>> {
    let others = (0..size.economies).filter(|other| *other != place);
    let all = 0..size.economies;
    let pairs = |partners: Vec<usize>, sells: bool| {
        let cell = |other: usize, good: usize| {
            if sells { size.cell(other, place, good) } else { size.cell(place, other, good) }
        };
        goods.iter().flat_map(|good| partners.iter().map(move |other| cell(*other, *good))).collect()
    };
    Some(match kind {
        "output" => pairs(all.collect(), true),
        "use" => pairs(all.collect(), false),
        "exports" => pairs(others.collect(), true),
        "imports" => pairs(others.collect(), false),
        _ => return None,
    })
}

fn scale_flows(
    values: &mut [f64],
    targets: &[Target],
    file: &str,
    report: &mut Report,
) -> Result<(), Problem> {
    let sum: f64 = targets.iter().map(|target| target.value).sum();
    let gap = |values: &[f64], target: &Target| {
        target.value - target.cells.iter().map(|cell| values[*cell]).sum::<f64>()
    };
    for round in 0..=ROUNDS {
        let off: f64 = targets.iter().map(|target| gap(values, target).abs()).sum();
        // Goods that are hardly traded move slowly; what is near after the last round is taken, with the gap that is left.
        if off <= if round < ROUNDS { TOLERANCE } else { NEAR } * sum {
            report.rounds = round;
            if round == ROUNDS {
                report.notes.push(format!(
                    "after {ROUNDS} rounds the totals are still off by {:.1e} of their sum",
                    off / sum
                ));
            }
            let relative = |target: &Target| gap(values, target).abs() / target.value.max(f64::MIN_POSITIVE);
            report.largest_gap =
                targets.iter().filter(|target| target.value > 0.0).map(relative).fold(0.0, f64::max);
            return Ok(());
        }
        for target in targets {
            let held: f64 = target.cells.iter().map(|cell| values[*cell]).sum();
            let factor = if held > 0.0 { target.value / held } else { 0.0 };
            target.cells.iter().for_each(|cell| values[*cell] *= factor);
        }
    }
    let worst =
        targets.iter().max_by(|left, right| gap(values, left).abs().total_cmp(&gap(values, right).abs()));
    let finding = Finding::Inconsistent {
        what: "totals".into(),
        found: worst.map_or(String::new(), |target| {
            format!(
                "after {ROUNDS} rounds {} is still {:.6} off {}",
                target.words,
                gap(values, target),
                target.value
            )
        }),
        rule: "the totals of a sector must be able to hold together: output of all economies is use of all"
            .into(),
    };
    Err(Problem::whole(file, finding))
}

/// Inputs after the flows: columns to output less value added, rows to no more than is spent.
fn finish(
    before: &Benchmark,
    mut after: Benchmark,
    value_added: &[Option<f64>],
    file: &str,
    mut report: Report,
) -> Result<(Benchmark, Report), Problems> {
    let size = before.dimensions();
    let (old, new) = (Accounts::of(before), Accounts::of(&after));
    name_cells(before, &after, &mut report);
    if let (Some(shares), Some(inputs)) = (&before.input_share, &mut after.input_share) {
        let (n, s) = (size.economies, size.sectors);
        let spending = |economy: usize, good: usize| -> f64 {
            (0..n)
                .map(|exporter| size.cell(economy, exporter, good))
                .map(|cell| after.border_value[cell] * (1.0 + after.tariff_rate[cell]))
                .sum()
        };
        for economy in 0..n {
            let output = |user: usize| new.output[size.pair(economy, user)];
            let wanted = |user: usize| {
                let own = before.value_added_share[size.pair(economy, user)] * output(user);
                (output(user) - value_added[size.pair(economy, user)].unwrap_or(own)).max(0.0)
            };
            let mut values = vec![0.0; s * s];
            for user in 0..s {
                for good in 0..s {
                    values[user * s + good] =
                        shares[size.input(economy, user, good)] * old.output[size.pair(economy, user)];
                }
            }
            let start = values.clone();
            let caps: Vec<f64> = (0..s).map(|good| MOST_INPUTS * spending(economy, good)).collect();
            let columns: Vec<f64> = (0..s).map(wanted).collect();
            let rounds = scale_inputs(&mut values, &columns, &caps).ok_or_else(|| {
                let finding = Finding::Inconsistent {
                    what: format!("inputs of `{}`", before.economies[economy].code),
                    found:
                        "they cannot be what output leaves after value added without being more than is spent"
                            .into(),
                    rule: "raise value added or use of this economy".into(),
                };
                Problem::whole(file, finding)
            })?;
            let total: f64 = values.iter().sum();
            let began: f64 = start.iter().sum();
            let moved: f64 =
                values.iter().zip(&start).map(|(new, old)| (new / total - old / began).abs()).sum();
            report.economies.push(Moved {
                economy: before.economies[economy].code.clone(),
                rounds,
                share_moved: if total > 0.0 && began > 0.0 { moved / 2.0 } else { 0.0 },
            });
            for user in 0..s {
                let output = output(user);
                let used: f64 = values[user * s..(user + 1) * s].iter().sum();
                for good in 0..s {
                    inputs[size.input(economy, user, good)] =
                        if output > 0.0 { values[user * s + good] / output } else { 0.0 };
                }
                after.value_added_share[size.pair(economy, user)] =
                    if output > 0.0 { 1.0 - used / output } else { 0.0 };
            }
        }
    }
    // What followed from the old flows follows from the new ones.
    after.trade_deficit = None;
    after.value_added = None;
    after.final_share = None;
    Ok((after, report))
}

/// Columns to their sums, rows down to their caps; the rounds it took, none where both cannot be.
fn scale_inputs(values: &mut [f64], columns: &[f64], caps: &[f64]) -> Option<usize> {
    let s = columns.len();
    let total: f64 = columns.iter().sum();
    for round in 0..ROUNDS {
        for user in 0..s {
            let column = &mut values[user * s..(user + 1) * s];
            let held: f64 = column.iter().sum();
            if held > 0.0 {
                column.iter_mut().for_each(|value| *value *= columns[user] / held);
            }
        }
        let mut over = 0.0;
        for good in 0..s {
            let held: f64 = (0..s).map(|user| values[user * s + good]).sum();
            if held > caps[good] {
                over += held - caps[good];
                (0..s).for_each(|user| values[user * s + good] *= caps[good] / held);
            }
        }
        if over <= TOLERANCE * total {
            return Some(round + 1);
        }
    }
    None
}

fn name_cells(before: &Benchmark, after: &Benchmark, report: &mut Report) {
    let size = before.dimensions();
    let mut changed: Vec<usize> =
        (0..size.cells()).filter(|cell| before.border_value[*cell] != after.border_value[*cell]).collect();
    let by = |cell: &usize| (after.border_value[*cell] - before.border_value[*cell]).abs();
    let factor = |cell: &usize| {
        let ratio = after.border_value[*cell] / before.border_value[*cell];
        if ratio > 0.0 { ratio.max(1.0 / ratio) } else { f64::INFINITY }
    };
    report.largest_factor = changed.iter().map(factor).fold(1.0, f64::max);
    changed.sort_by(|left, right| by(right).total_cmp(&by(left)));
    report.largest_cells = changed
        .into_iter()
        .take(NAMED)
        .map(|cell| {
            let (importer, exporter, sector) = size.cell_of(cell);
            let words = format!(
                "[{}, {}, {}]",
                before.economies[importer].code, before.economies[exporter].code, before.sectors[sector].code
            );
            (words, before.border_value[cell], after.border_value[cell])
        })
        .collect();
}

/// Moves flows by factors of a table `exporter,importer,sector,factor`, any of which may be `all`; a cell takes the last row that names it. Flows
/// of less than fifty units take no factor outside 0.5 to 2. Inputs follow as in [`balance`]; `label` is what the name gains.
///
/// # Errors
/// Unknown codes, factors that are not above zero, inputs that cannot follow.
pub fn extrapolate(
    benchmark: &Benchmark,
    table: &Table,
    label: &str,
) -> Result<(Benchmark, Report), Problems> {
    let ([exporter, importer, sector, factor], []) =
        table.expect(["exporter", "importer", "sector", "factor"], [])?;
    let size = benchmark.dimensions();
    let (economies, sectors) =
        (Codes::of_economies(&benchmark.economies), Codes::of_sectors(&benchmark.sectors));
    let mut factors = vec![1.0; size.cells()];
    for row in table.rows() {
        let some = |codes: &Codes, column: usize, count: usize| -> Result<Vec<usize>, Problem> {
            if row.text(column) == ALL { Ok((0..count).collect()) } else { Ok(vec![codes.at(&row, column)?]) }
        };
        let value = row.number(factor)?;
        if value <= 0.0 {
            let rule = "a factor is above zero; 1.05 is growth of five percent".to_string();
            let finding = Finding::Domain { what: "factor".into(), cell: String::new(), found: value, rule };
            return Err(row.problem(finding).into());
        }
        for from in some(&economies, exporter, size.economies)? {
            for to in some(&economies, importer, size.economies)? {
                for good in some(&sectors, sector, size.sectors)? {
                    factors[size.cell(to, from, good)] = value;
                }
            }
        }
    }
    let mut report = Report::default();
    let mut moved = benchmark.clone();
    let (mut capped, mut cut) = (0, 0.0);
    for (value, factor) in moved.border_value.iter_mut().zip(&factors) {
        let taken = if *value < SMALL_FLOW { factor.clamp(FACTORS.0, FACTORS.1) } else { *factor };
        if taken != *factor && *value > 0.0 {
            capped += 1;
            cut += *value * (factor - taken);
        }
        *value *= taken;
    }
    if capped > 0 {
        report.notes.push(format!(
            "{capped} flows below {SMALL_FLOW} take no factor outside {} to {} (together {cut:.4})",
            FACTORS.0, FACTORS.1
        ));
    }
    if !label.is_empty() {
        moved.name = format!("{}, {label}", moved.name);
    }
    let nothing = vec![None; size.pairs()];
    finish(benchmark, moved, &nothing, &table.file, report)
}
