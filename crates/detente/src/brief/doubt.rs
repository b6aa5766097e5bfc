//! What doubt about the next deadline costs while today's duties last: exporters of manufactures who wait with entry (Handley & Limão 2017), over the range of hazards
//! that the literature has for another reversal.

use std::collections::BTreeMap;

use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::solver::Solver;
use detente_engine::strategy::deadline::Deadline;
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::policy_risk::{Entrants, Tail, under_risk};
use detente_engine::strategy::sustain::per_period;
use detente_ledger::talks::OutcomeKind;
use serde::Serialize;

use super::effects::Case;
use crate::strategy::doubt::Doubt;

/// Chance per 90 days that China's tariffs in the United States were reversed, as estimated for 2007 and for 1980 (Alessandria, Khan, Khederlarian, Ruhl & Steinberg
/// 2021): from after accession to the first year of the preference.
const HAZARDS: [f64; 2] = [0.008, 0.27];
const PERIOD_DAYS: f64 = 90.0;
/// Share of exporters that leave in a year: what has come about of the long run within one (the same, and Handley & Limão).
const LEAVE_IN_A_YEAR: [f64; 2] = [0.10, 0.15];

/// What doubt costs, and over what it ranges.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostOfDoubt {
    /// Chance per 90 days that what lapses returns for good, low and high.
    pub hazard_per_90_days: [f64; 2],
    /// Share of the long run that comes about within a year, low and high.
    pub within_a_year: [f64; 2],
    /// Exporters' discount factor a year.
    pub discount_factor_of_exporters: f64,
    /// How firms' sales are spread.
    pub firm_size_tail: f64,
    /// By economy of the parties.
    pub economies: BTreeMap<String, CostToOne>,
}

/// Real income lost while today's duties last, percent a year; below zero where doubt is a gain.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CostToOne {
    /// In the long run, under the low and the high hazard.
    pub long_run_pct: [f64; 2],
    /// Within a year.
    pub first_year_pct: [f64; 2],
}

/// The cost to each party; none where no outcome says what lapses.
pub(super) fn cost(
    solver: &Solver,
    cases: &[Case],
    parties: &[String],
) -> Result<Option<CostOfDoubt>, StrategyError> {
    let of = |kind: OutcomeKind| cases.iter().find(|case| case.kind == kind);
    let (Some(today), Some(lapse)) = (of(OutcomeKind::InForce), of(OutcomeKind::Lapse)) else {
        return Ok(None);
    };
    let doubt = Doubt::default();
    let states = [today, lapse].map(|case| Instruments {
        tariff_rate: case.tariff_rate.clone(),
        ..Instruments::of(&solver.benchmark)
    });
    // A deal, which never comes, has today's duties.
    let states = [states[0].clone(), states[1].clone(), states[0].clone()];
    let entrants = Entrants::of_manufactures(&solver.benchmark, Tail::FirmSize(doubt.tail));
    let discount = per_period(doubt.yearly, PERIOD_DAYS)?;
    let found = HAZARDS.map(|hazard| {
        let chain = Deadline::with_hazard(hazard).chain(1, discount)?;
        under_risk(solver, &states, &chain, &entrants, &Default::default())
    });
    let [low, high] = found;
    let found = [low?, high?];
    let real = |e: &Equilibrium, economy: usize| e.income[economy] / e.price_index_hat[economy];
    let economies = parties.iter().filter_map(|code| {
        let economy = solver.benchmark.economy(code)?;
        let long_run_pct = [0, 1].map(|at| {
            let (certain, risky) = (&found[at].certain[0], &found[at].risky[0]);
            100.0 * (1.0 - real(risky, economy) / real(certain, economy))
        });
        let first_year_pct = [0, 1].map(|at| LEAVE_IN_A_YEAR[at] * long_run_pct[at]);
        Some((code.clone(), CostToOne { long_run_pct, first_year_pct }))
    });
    Ok(Some(CostOfDoubt {
        hazard_per_90_days: HAZARDS,
        within_a_year: LEAVE_IN_A_YEAR,
        discount_factor_of_exporters: doubt.yearly,
        firm_size_tail: doubt.tail,
        economies: economies.collect(),
    }))
}
