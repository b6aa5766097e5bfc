//! `data split`: a product carved out of a sector, so that what is done to the product alone can be asked.
//!
//! ```text
//! M_p[n,i] as given, at most M[n,i,s]                  the parent keeps M − M_p; tariffs are the parent's
//! X_p[n]   = Σ_i M_p (1+t)                              what is spent on the product
//! Z_p[n,u] = w_u X_p, at most half of Z[n,u→s]          excess goes to users with room, in proportion to w; the parent keeps Z − Z_p
//! F_p[n]   = X_p − Σ_u Z_p                              final use is what is left, between zero and the parent's own
//! ```
//!
//! Inputs of the product are the parent's recipe, and the parent's own column is shared out by output, so that markets clear as they
//! did. Where every flow and use of the product is the same part of the parent's and its elasticity is the parent's, no result changes.

use detente_engine::benchmark::{Benchmark, Sector};
use detente_engine::index::Dimensions;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::nearest::suggestion;
use detente_tables::table::Table;
use serde::Serialize;

use crate::benchmark_directory::codes::Codes;
use crate::benchmark_directory::consistency::Accounts;
use crate::benchmark_directory::paid::PaidShare;

/// A user buys at most this part of what it buys of the parent as the product.
const MOST_OF_USE: f64 = 0.5;
/// How far amounts may be above what they are a part of, relative to it: the rounding of a file.
const ROUNDING: f64 = 1e-9;
/// Shares of use may be off one by this much.
const SHARES_OFF: f64 = 1e-6;
/// The word of a table of shares for final use.
pub const FINAL: &str = "final";

/// What is carved out of what.
#[derive(Clone, Debug)]
pub struct Product {
    /// Code of the sector it is carved out of.
    pub sector: String,
    /// Its own code.
    pub code: String,
    /// Its name for people.
    pub name: String,
    /// Its trade elasticity, how fast others can take a supplier's place; none: the parent's.
    pub trade_elasticity: Option<f64>,
}

/// What splitting did, and what it rests on.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The product and its parent.
    pub product: String,
    /// The sector that it was carved out of.
    pub parent: String,
    /// The product's trade elasticity, and the parent's.
    pub trade_elasticity: f64,
    /// The parent's.
    pub parent_elasticity: f64,
    /// Flows of the product, home sales included, and those across borders, in the benchmark's unit.
    pub value: f64,
    /// Across borders.
    pub traded: f64,
    /// Flows that no row gives, `importer, exporter value`, taken from the reference market.
    pub filled: Vec<String>,
    /// Users that had no room for what the shares give them: `economy, sector wanted had`.
    pub capped: Vec<String>,
    /// What else a reader should know.
    pub notes: Vec<String>,
}

/// Shares of the product's use.
#[derive(Clone, Debug)]
enum Shares {
    /// As the parent is used.
    Proportional,
    /// By using sector, N·S, the rest final.
    Given(Vec<f64>),
}

/// Carves a product out. `trade` is a table `exporter,importer,value`; `users` a table `using_sector,share` and optionally `economy`, where
/// `final` is final use; without it the product is used as the parent is. Importers without a row are filled from the market `reference`.
///
/// # Errors
/// Codes that are unknown or taken; values below zero, given twice or above the parent's flow; shares that do not sum to one; a final use
/// that is not between zero and the parent's.
pub fn split(
    benchmark: &Benchmark,
    paid: &[PaidShare],
    product: &Product,
    trade: &Table,
    users: Option<&Table>,
    reference: Option<&str>,
) -> Result<(Benchmark, Vec<PaidShare>, Report), Problems> {
    let codes = || benchmark.sectors.iter().map(|sector| sector.code.as_str());
    let parent = benchmark.sector(&product.sector).ok_or_else(|| {
        let suggestion = suggestion(&product.sector, codes());
        unlocated(
            "sector",
            Finding::UnknownCode { what: "sector", found: product.sector.clone(), suggestion },
        )
    })?;
    if codes().any(|code| code == product.code) || product.code == FINAL || product.code.is_empty() {
        let reason = format!("`{}` is taken; give the product a code of its own", product.code);
        return Err(unlocated("product", Finding::Combination { reason }).into());
    }
    let whole = &benchmark.sectors[parent];
    let elasticity = product.trade_elasticity.unwrap_or(whole.trade_elasticity);
    if !(elasticity > 0.0 && elasticity.is_finite()) {
        let rule = "a trade elasticity is above zero".to_string();
        let (what, cell) = ("trade elasticity of the product".to_string(), String::new());
        return Err(unlocated("elasticity", Finding::Domain { what, cell, found: elasticity, rule }).into());
    }
    let mut report = Report {
        product: product.code.clone(),
        parent: whole.code.clone(),
        trade_elasticity: elasticity,
        parent_elasticity: whole.trade_elasticity,
        ..Report::default()
    };
    let flows = read_trade(benchmark, parent, trade, reference, &mut report)?;
    let shares = match users {
        Some(table) => read_shares(benchmark, table)?,
        None => Shares::Proportional,
    };
    let d = benchmark.dimensions();
    let n = d.economies;
    let spending: Vec<f64> = (0..n)
        .map(|importer| {
            (0..n)
                .map(|exporter| {
                    let rate = benchmark.tariff_rate[d.cell(importer, exporter, parent)];
                    flows[importer * n + exporter] * (1.0 + rate)
                })
                .sum()
        })
        .collect();
    let (inputs, finally) = uses(benchmark, parent, &spending, &shares, trade, &mut report)?;
    let made = carve(benchmark, parent, product, elasticity, &flows, &inputs, &finally);
    let e = made.dimensions();
    // What was paid of a duty on the parent was paid on the product too.
    let mut kept = Vec::with_capacity(paid.len());
    for held in paid {
        let (importer, exporter, sector) = d.cell_of(held.cell);
        kept.push(PaidShare { cell: e.cell(importer, exporter, sector), ..*held });
        if sector == parent {
            kept.push(PaidShare { cell: e.cell(importer, exporter, d.sectors), ..*held });
        }
    }
    if elasticity != whole.trade_elasticity {
        report.notes.push(format!(
            "{} has a trade elasticity of {elasticity} where {} has {}: others can take a supplier's place in {} that much less or more \
             easily, and what {} and {} are together answers otherwise than before, with no shock to the product too",
            product.code, whole.code, whole.trade_elasticity, product.code, whole.code, product.code
        ));
    }
    Ok((made, kept, report))
}

fn unlocated(place: &str, finding: Finding) -> Problem {
    Problem::whole(place, finding)
}

/// Flows of the product, `[importer, exporter]`.
fn read_trade(
    benchmark: &Benchmark,
    parent: usize,
    table: &Table,
    reference: Option<&str>,
    report: &mut Report,
) -> Result<Vec<f64>, Problems> {
    let ([exporter, importer, value], []) = table.expect(["exporter", "importer", "value"], [])?;
    let economies = Codes::of_economies(&benchmark.economies);
    let d = benchmark.dimensions();
    let n = d.economies;
    let code = |economy: usize| &benchmark.economies[economy].code;
    let reference = match reference {
        None => None,
        Some(name) => Some(benchmark.economy(name).ok_or_else(|| {
            let suggestion = suggestion(name, benchmark.economies.iter().map(|e| e.code.as_str()));
            let finding = Finding::UnknownCode { what: "economy", found: name.to_string(), suggestion };
            unlocated("market to fill from", finding)
        })?),
    };
    let mut given: Vec<Option<f64>> = vec![None; n * n];
    let mut problems = Vec::new();
    for row in table.rows() {
        let mut read = || -> Result<(), Problem> {
            let (from, to) = (economies.at(&row, exporter)?, economies.at(&row, importer)?);
            let found = row.number(value)?;
            let cell = format!(" [{}, {}]", row.text(exporter), row.text(importer));
            if found < 0.0 {
                let rule = "flows are zero or above".to_string();
                return Err(row.problem(Finding::Domain { what: "value".into(), cell, found, rule }));
            }
            let most = benchmark.border_value[d.cell(to, from, parent)];
            if found > most * (1.0 + ROUNDING) {
                let rule = format!(
                    "a product is a part of its sector, and {} sells {} worth {most} of {} there",
                    code(from),
                    code(to),
                    benchmark.sectors[parent].code
                );
                return Err(row.problem(Finding::Domain { what: "value".into(), cell, found, rule }));
            }
            if given[to * n + from].replace(found.min(most)).is_some() {
                let key = format!("{}, {}", row.text(exporter), row.text(importer));
                return Err(row.problem(Finding::Duplicate { key, first: "the same table".into() }));
            }
            Ok(())
        };
        problems.extend(read().err());
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let mut flows: Vec<f64> = given.iter().map(|value| value.unwrap_or(0.0)).collect();
    let silent: Vec<usize> =
        (0..n).filter(|to| given[to * n..(to + 1) * n].iter().all(Option::is_none)).collect();
    if let Some(market) = reference {
        if silent.contains(&market) {
            let finding = Finding::Inconsistent {
                what: format!("purchases of {}", code(market)),
                found: "no row gives them".into(),
                rule: "others cannot be filled from a market of which nothing is known".into(),
            };
            return Err(Problem::whole(table.file.clone(), finding).into());
        }
        for &to in &silent {
            for from in 0..n {
                let there = benchmark.border_value[d.cell(market, from, parent)];
                let here = benchmark.border_value[d.cell(to, from, parent)];
                let part = flows[market * n + from];
                if part > 0.0 && there > 0.0 && here > 0.0 {
                    flows[to * n + from] = here * (part / there);
                    report.filled.push(format!("{}, {} {}", code(to), code(from), flows[to * n + from]));
                }
            }
        }
    } else if !silent.is_empty() {
        let names: Vec<&str> = silent.iter().map(|to| code(*to).as_str()).collect();
        report.notes.push(format!(
            "no row gives what {} buy, so that they buy none; a market to fill from would give them each exporter's part there",
            names.join(", ")
        ));
    }
    report.value = flows.iter().sum();
    report.traced(&flows, n);
    if report.value <= 0.0 {
        let finding = Finding::Empty { right: "a product that nobody buys is none".into() };
        return Err(Problem::whole(table.file.clone(), finding).into());
    }
    Ok(flows)
}

impl Report {
    fn traced(&mut self, flows: &[f64], n: usize) {
        self.traded = (0..n * n).filter(|cell| cell / n != cell % n).map(|cell| flows[cell]).sum();
    }
}

/// Shares of use by using sector of every economy.
fn read_shares(benchmark: &Benchmark, table: &Table) -> Result<Shares, Problems> {
    let ([using, share], [economy]) = table.expect(["using_sector", "share"], ["economy"])?;
    let (economies, sectors) =
        (Codes::of_economies(&benchmark.economies), Codes::of_sectors(&benchmark.sectors));
    let d = benchmark.dimensions();
    let n = d.economies;
    let mut given: Vec<Option<f64>> = vec![None; d.pairs() + n];
    let mut problems = Vec::new();
    for row in table.rows() {
        let mut read = || -> Result<(), Problem> {
            let of: Vec<usize> = match economy {
                Some(column) if !row.text(column).is_empty() => vec![economies.at(&row, column)?],
                _ => (0..n).collect(),
            };
            // Final use stands behind all sectors.
            let user = if row.text(using) == FINAL { d.sectors } else { sectors.at(&row, using)? };
            let found = row.number(share)?;
            if !(0.0..=1.0).contains(&found) {
                let cell = format!(" [{}]", row.text(using));
                let rule = "shares are from zero to one".to_string();
                return Err(row.problem(Finding::Domain { what: "share".into(), cell, found, rule }));
            }
            for i in of {
                if given[user * n + i].replace(found).is_some() {
                    let key = format!("{}, {}", benchmark.economies[i].code, row.text(using));
                    return Err(row.problem(Finding::Duplicate { key, first: "the same table".into() }));
                }
            }
            Ok(())
        };
        problems.extend(read().err());
    }
    let shares: Vec<f64> = given.iter().map(|share| share.unwrap_or(0.0)).collect();
    for (i, economy) in benchmark.economies.iter().enumerate() {
        let found: f64 = shares.iter().skip(i).step_by(n).sum();
        if problems.is_empty() && (found - 1.0).abs() > SHARES_OFF {
            let cell = format!(" [{}]", economy.code);
            let finding = Finding::SharesOffOne { what: "shares of use", cell, found };
            problems.push(Problem::whole(table.file.clone(), finding));
        }
    }
    if problems.is_empty() {
        Ok(Shares::Given(shares[..d.pairs()].to_vec()))
    } else {
        Err(Problems(problems))
    }
}

/// What sectors use of the product, N·S, and what is used finally, N.
fn uses(
    benchmark: &Benchmark,
    parent: usize,
    spending: &[f64],
    shares: &Shares,
    trade: &Table,
    report: &mut Report,
) -> Result<(Vec<f64>, Vec<f64>), Problems> {
    let d = benchmark.dimensions();
    let accounts = Accounts::of(benchmark);
    let (mut inputs, mut finally) = (vec![0.0; d.pairs()], vec![0.0; d.economies]);
    let mut problems = Vec::new();
    for (i, economy) in benchmark.economies.iter().enumerate() {
        let pair = d.pair(i, parent);
        let bought = |using: usize| {
            let share =
                benchmark.input_share.as_ref().map_or(0.0, |shares| shares[d.input(i, using, parent)]);
            share * accounts.output[d.pair(i, using)]
        };
        let whole = accounts.spending[pair];
        if spending[i] == 0.0 {
            continue;
        }
        let wanted: Vec<f64> = (0..d.sectors)
            .map(|using| match shares {
                Shares::Proportional => bought(using) / whole * spending[i],
                Shares::Given(shares) => shares[d.pair(i, using)] * spending[i],
            })
            .collect();
        // Proportional use needs no room: it is below every user's own purchases where the product is below its sector.
        let room: Vec<f64> = (0..d.sectors)
            .map(|using| match shares {
                Shares::Proportional => wanted[using],
                Shares::Given(_) => MOST_OF_USE * bought(using),
            })
            .collect();
        let given = with_room(&wanted, &room);
        for using in 0..d.sectors {
            inputs[d.pair(i, using)] = given[using];
            if given[using] < wanted[using] * (1.0 - ROUNDING) {
                let user = &benchmark.sectors[using].code;
                report.capped.push(format!("{}, {user} {} {}", economy.code, wanted[using], given[using]));
            }
        }
        let own = whole - accounts.input_use[pair];
        let left = spending[i] - given.iter().sum::<f64>();
        if left < -ROUNDING * spending[i] || left > own + ROUNDING * whole {
            let finding = Finding::Inconsistent {
                what: format!("final use of the product [{}]", economy.code),
                found: format!("{left} is left of {} once sectors have what they use", spending[i]),
                rule: format!(
                    "it is between zero and what is used finally of {}, {own}; give sectors other shares",
                    benchmark.sectors[parent].code
                ),
            };
            problems.push(Problem::whole(trade.file.clone(), finding));
        }
        finally[i] = left.clamp(0.0, own.max(0.0));
    }
    if problems.is_empty() { Ok((inputs, finally)) } else { Err(Problems(problems)) }
}

/// Amounts wanted, none above its room, what is above shared out in proportion to what is wanted among those with room left.
fn with_room(wanted: &[f64], room: &[f64]) -> Vec<f64> {
    let mut given = vec![0.0; wanted.len()];
    let mut left: f64 = wanted.iter().sum();
    let mut open: Vec<usize> = (0..wanted.len()).filter(|k| wanted[*k] > 0.0).collect();
    while left > 0.0 && !open.is_empty() {
        let weight: f64 = open.iter().map(|k| wanted[*k]).sum();
        let round = left;
        let (full, rest): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|k| given[**k] + round * wanted[**k] / weight >= room[**k]);
        if full.is_empty() {
            for k in rest {
                given[k] += round * wanted[k] / weight;
            }
            break;
        }
        for k in full {
            left -= room[k] - given[k];
            given[k] = room[k];
        }
        // Those with room start again from nothing but what is left for them.
        open = rest;
    }
    given
}

/// The benchmark with the product as its last sector.
fn carve(
    benchmark: &Benchmark,
    parent: usize,
    product: &Product,
    elasticity: f64,
    flows: &[f64],
    inputs: &[f64],
    finally: &[f64],
) -> Benchmark {
    let d = benchmark.dimensions();
    let e = Dimensions { economies: d.economies, sectors: d.sectors + 1 };
    let n = d.economies;
    let accounts = Accounts::of(benchmark);
    let whole = |s: usize| if s < d.sectors { s } else { parent };
    let mut made = benchmark.clone();
    let own = &benchmark.sectors[parent];
    made.sectors.push(Sector {
        code: product.code.clone(),
        name: product.name.clone(),
        trade_elasticity: elasticity,
        ..own.clone()
    });
    made.name = format!("{} ({} carved out of {})", benchmark.name, product.code, own.code);
    made.border_value.resize(e.cells(), 0.0);
    made.tariff_rate.resize(e.cells(), 0.0);
    for importer in 0..n {
        for exporter in 0..n {
            let (from, to) = (e.cell(importer, exporter, parent), e.cell(importer, exporter, d.sectors));
            made.border_value[to] = flows[importer * n + exporter];
            made.border_value[from] = (made.border_value[from] - made.border_value[to]).max(0.0);
            made.tariff_rate[to] = made.tariff_rate[from];
        }
    }
    let pairs = |values: &[f64]| -> Vec<f64> {
        (0..e.pairs()).map(|k| values[d.pair(k % n, whole(k / n))]).collect()
    };
    made.value_added_share = pairs(&benchmark.value_added_share);
    made.political_weight = benchmark.political_weight.as_ref().map(|values| pairs(values));
    made.capital_share = benchmark.capital_share.as_ref().map(|values| pairs(values));
    if let Some(shares) = &benchmark.input_share {
        let mut split = vec![0.0; e.inputs()];
        for using in 0..e.sectors {
            let user = whole(using);
            for i in 0..n {
                let output = accounts.output[d.pair(i, user)];
                let part = if output > 0.0 { inputs[d.pair(i, user)] / output } else { 0.0 };
                for k in 0..d.sectors {
                    split[e.input(i, using, k)] = shares[d.input(i, user, k)];
                }
                split[e.input(i, using, d.sectors)] = part;
                let rest = &mut split[e.input(i, using, parent)];
                *rest = (*rest - part).max(0.0);
            }
        }
        made.input_share = Some(split);
    }
    // Final use of the product as a part of the parent's.
    let part: Vec<f64> = (0..n)
        .map(|i| {
            let pair = d.pair(i, parent);
            let own = accounts.spending[pair] - accounts.input_use[pair];
            if own > 0.0 { finally[i] / own } else { 0.0 }
        })
        .collect();
    let divided = |values: &[f64]| -> Vec<f64> {
        (0..e.pairs())
            .map(|k| {
                let (i, s) = (k % n, k / n);
                let value = values[d.pair(i, whole(s))];
                match s {
                    s if s == parent => value * (1.0 - part[i]),
                    s if s == d.sectors => value * part[i],
                    _ => value,
                }
            })
            .collect()
    };
    made.final_share = benchmark.final_share.as_deref().map(divided);
    if let Some(demand) = &mut made.final_demand {
        demand.value.iter_mut().for_each(|values| *values = divided(values));
    }
    made
}
