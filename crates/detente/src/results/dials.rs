//! `dials.csv`: every dial of every economy before and after, and the identity that ties three of them.

use detente_engine::benchmark::FinalUse;
use detente_engine::catalogue::{Place, Tag, dials as entries};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::rebalancing::dial::{Dial, DialOf};
use detente_engine::solver::Solver;
use detente_tables::output::OutputFile;
use detente_tables::result_table::ResultTable;
use serde_json::{Map, Value, json};

use super::{columns, keys, tags};
use crate::counterfactual::Counterfactual;

/// Name of the table.
pub const DIALS: &str = "dials";

/// `dials.csv`: rows `economy,dial,partner,before,after,tag`; a dial that the data do not define is there and empty.
pub fn file(answer: &Counterfactual) -> OutputFile {
    let benchmark = &answer.calibration.benchmark;
    let read = [(&answer.baseline_calibration, &answer.baseline), (&answer.calibration, &answer.equilibrium)];
    let mut rows: Vec<(DialOf, [Option<f64>; 2])> = Vec::new();
    for economy in 0..benchmark.economies.len() {
        for dial in Dial::of_balance() {
            for partner in partners(dial, economy, benchmark.economies.len()) {
                let of = DialOf { dial, economy, partner };
                rows.push((of, read.map(|(calibration, e)| of.value(calibration, e))));
            }
        }
    }
    let code = |economy: usize| benchmark.economies[economy].code.clone();
    let closure = &answer.scenario.counterfactual.closure;
    let shifted = tags::shifts_final_use(&answer.scenario);
    let tag = |of: &DialOf| -> Tag { of.dial.entry().tag(answer.scenario.horizon, closure, shifted) };
    let value = |entry, at: usize| {
        columns::outcome(entry, Place::Economies, benchmark, rows.iter().map(|(_, values)| values[at]))
    };
    let table = ResultTable::new(vec![
        keys::ECONOMY.text(rows.iter().map(|(of, _)| code(of.economy))),
        keys::DIAL.text(rows.iter().map(|(of, _)| of.dial.entry().id)),
        keys::PARTNER.words(rows.iter().map(|(of, _)| of.partner.map(code)).collect()),
        value(&entries::BEFORE, 0),
        value(&entries::AFTER, 1),
        keys::TAG.text(rows.iter().map(|(of, _)| tag(of).word())),
    ]);
    OutputFile::table(DIALS, table)
}

/// With whom a dial is read: with nobody, or with each of the others.
fn partners(dial: Dial, economy: usize, economies: usize) -> Vec<Option<usize>> {
    if dial.has_partner() {
        (0..economies).filter(|other| *other != economy).map(Some).collect()
    } else {
        vec![None]
    }
}

/// Saving, investment and the trade balance of an economy over its GDP.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Saving {
    /// GDP less what households and government spend.
    pub saving: f64,
    /// What is invested.
    pub investment: f64,
    /// Exports less imports: what of saving is not invested at home, but for incomes from abroad.
    pub trade_balance: f64,
}

/// Of one equilibrium; none where the data do not tell uses of final demand apart.
pub fn saving(calibration: &Solver, e: &Equilibrium, economy: usize) -> Option<Saving> {
    let read = |dial| DialOf { dial, economy, partner: None }.value(calibration, e);
    Some(Saving {
        saving: 1.0 - read(Dial::Use(FinalUse::Household))? - read(Dial::Use(FinalUse::Government))?,
        investment: read(Dial::Use(FinalUse::Investment))?,
        trade_balance: read(Dial::TradeBalance)?,
    })
}

/// For `summary.json`: saving, investment and the trade balance over GDP of each economy, before and after; null where uses are not told apart.
pub fn saving_json(answer: &Counterfactual) -> Value {
    let read = [(&answer.baseline_calibration, &answer.baseline), (&answer.calibration, &answer.equilibrium)];
    let economies = answer.calibration.benchmark.economies.iter().enumerate();
    let rows: Option<Map<String, Value>> = economies
        .map(|(position, economy)| {
            let [before, after] = read.map(|(calibration, e)| saving(calibration, e, position));
            let words = |of: Saving| {
                json!({ "saving": of.saving, "investment": of.investment, "trade_balance": of.trade_balance })
            };
            Some((economy.code.clone(), json!({ "before": words(before?), "after": words(after?) })))
        })
        .collect();
    rows.map_or(Value::Null, Value::Object)
}
