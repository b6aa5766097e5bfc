//! Where the dials of a rebalancing stand for both sides, before and after an outcome.

use std::collections::BTreeMap;

use detente_engine::catalogue::Tag;
use detente_engine::equilibrium::Equilibrium;
use detente_engine::horizon::Horizon;
use detente_engine::rebalancing::dial::{Dial, DialOf};
use detente_engine::solver::Solver;
use serde::Serialize;

/// A dial of a side; shares are fractions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DialMove {
    /// Which.
    pub dial: &'static str,
    /// With whom, where it is one with a partner.
    pub partner: Option<String>,
    /// Where it stands in the world that is compared with; none where the data do not define it.
    pub before: Option<f64>,
    /// Where the outcome puts it.
    pub after: Option<f64>,
    /// How the move came about.
    pub tag: Tag,
}

impl DialMove {
    /// Its change in points.
    pub fn points(&self) -> Option<f64> {
        Some(100.0 * (self.after? - self.before?))
    }
}

/// Every dial of the parties in one world, in the order of the catalogue.
pub(super) type Levels = Vec<(DialOf, Option<f64>)>;

/// Reads them off an equilibrium.
pub(super) fn levels(calibration: &Solver, e: &Equilibrium, parties: &[String]) -> Levels {
    let sides: Vec<usize> = parties.iter().filter_map(|code| calibration.benchmark.economy(code)).collect();
    let others = |dial: Dial, economy: usize| -> Vec<Option<usize>> {
        match dial.has_partner() {
            true => sides.iter().filter(|other| **other != economy).map(|other| Some(*other)).collect(),
            false => vec![None],
        }
    };
    let of = sides.iter().flat_map(|economy| {
        Dial::of_balance().flat_map(move |dial| {
            others(dial, *economy).into_iter().map(move |partner| DialOf { dial, economy: *economy, partner })
        })
    });
    of.map(|of| (of, of.value(calibration, e))).collect()
}

/// Two worlds' dials side by side, by economy.
pub(super) fn moves(
    calibration: &Solver,
    before: &Levels,
    after: &Levels,
) -> BTreeMap<String, Vec<DialMove>> {
    let code = |economy: usize| calibration.benchmark.economies[economy].code.clone();
    let mut found: BTreeMap<String, Vec<DialMove>> = BTreeMap::new();
    for ((of, before), (_, after)) in before.iter().zip(after) {
        found.entry(code(of.economy)).or_default().push(DialMove {
            dial: of.dial.entry().id,
            partner: of.partner.map(code),
            before: *before,
            after: *after,
            tag: of.dial.entry().tag(Horizon::Long, &calibration.closure, false),
        });
    }
    found
}
