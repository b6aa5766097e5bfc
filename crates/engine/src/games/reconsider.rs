//! An agreement searched once more: whether a point at the table is better than the one that was found.
//!
//! At the optimum of "raise c, where `v_j = d_j + c w_j`" the augmented Lagrangian with the optimum's own weights is at its highest too, and
//! there it equals c. One unconstrained search of it from elsewhere costs a fraction of the whole programme: where none rises above c,
//! no start leads to a better agreement either; where one does, the programme is solved from there and judged by its own gain.

use std::time::Instant;

use super::agreement::{Agreement, CooperationSettings, Recheck, Table, agree, line_of};
use super::best_response::{Start, around};
use super::certificate::{LocalOptimum, SAME_OPTIMUM, StrategyCertificate};
use super::criterion::CommonGain;
use super::error::StrategyError;
use super::payoff::{Game, feasible_start, variables_of_all};
use super::projected_newton::maximise;
use super::search::Search;

/// How often a better agreement is adopted before what is left is only reported.
const ADOPTIONS: usize = 3;

/// Searches an agreement once more, from `starts` and from around it. A better one is adopted and searched around in turn; the
/// certificate's gain is what was left at the agreement returned.
pub fn reconsider(
    game: &mut dyn Game,
    table: &Table,
    mut agreement: Agreement,
    starts: &[Start],
    settings: &CooperationSettings,
) -> Result<Agreement, StrategyError> {
    let clock = Instant::now();
    let chosen = variables_of_all(game, &table.seats);
    if !agreement.certificate.status.is_converged() {
        agreement = come_to_rest(game, table, agreement, starts, &chosen, settings)?;
    }
    for _ in 0..ADOPTIONS {
        agreement.certificate.best_response_gain = Some(0.0);
        let mut all = around(game, &agreement.point, &chosen);
        if settings.recheck == Recheck::Beside {
            all.truncate(1);
        }
        all.extend_from_slice(starts);
        let line = line_of(game, table, &agreement, &chosen, settings)?;
        let mut better: Option<Agreement> = None;
        for start in &all {
            let away = feasible_start(game, &start.point, &chosen)?;
            // Whoever is not at the table stays as in the agreement.
            let mut begin = agreement.point.clone();
            chosen.iter().for_each(|k| begin[*k] = away[*k]);
            let again = match from_start(game, table, (&line, agreement.gain), &chosen, &begin, settings) {
                Ok(again) => again,
                Err(StrategyError::Unsolved(_)) => continue,
                Err(error) => return Err(error),
            };
            let mut found = again.certificate;
            found.optima = vec![LocalOptimum {
                start: start.name.clone(),
                value: again.gain,
                found_by: 1,
                status: found.status,
            }];
            agreement.certificate.also(&found, (again.gain - agreement.gain).max(0.0));
            let known = better.as_ref().map_or(agreement.gain, |better| better.gain);
            if let Some(other) = again.agreement.filter(|other| other.gain > known) {
                better = Some(other);
            }
        }
        let Some(better) = better.filter(|better| better.gain > agreement.gain + SAME_OPTIMUM) else { break };
        let mut certificate = agreement.certificate;
        certificate.projected_gradient = better.certificate.projected_gradient;
        certificate.status = better.certificate.status;
        agreement = Agreement { certificate, ..better };
    }
    agreement.certificate.seconds += clock.elapsed().as_secs_f64();
    Ok(agreement)
}

/// A search that stopped short of rest is made again from elsewhere: the first agreement that comes to rest and is no worse is taken.
fn come_to_rest(
    game: &mut dyn Game,
    table: &Table,
    agreement: Agreement,
    starts: &[Start],
    chosen: &[usize],
    settings: &CooperationSettings,
) -> Result<Agreement, StrategyError> {
    // With the weights of what was found the first search hardly leaves the line: no penalty has to grow until nothing moves any more.
    let table = &Table { neighbour_weights: Some(agreement.weights.clone()), ..table.clone() };
    let mut all = vec![Start::new("the point itself", agreement.point.clone())];
    all.extend_from_slice(starts);
    all.extend(around(game, &agreement.point, chosen));
    for start in &all {
        let away = feasible_start(game, &start.point, chosen)?;
        let mut begin = agreement.point.clone();
        chosen.iter().for_each(|k| begin[*k] = away[*k]);
        let found = match agree(game, table, chosen, &begin, settings) {
            Ok(found) => found,
            Err(StrategyError::Unsolved(_)) => continue,
            Err(error) => return Err(error),
        };
        let no_worse = found.gain >= agreement.gain - SAME_OPTIMUM;
        if found.certificate.status.is_converged() && no_worse {
            let mut certificate = agreement.certificate;
            certificate.projected_gradient = found.certificate.projected_gradient;
            certificate.status = found.certificate.status;
            certificate.starts += 1;
            certificate.effort.add(found.certificate.effort);
            for optimum in &mut certificate.optima {
                // It was no other optimum, only not yet reached.
                optimum.status = found.certificate.status;
            }
            return Ok(Agreement { certificate, ..found });
        }
    }
    Ok(agreement)
}

/// Where one start led.
struct Again {
    gain: f64,
    certificate: StrategyCertificate,
    /// The whole programme's answer, where the Lagrangian rose above the agreement.
    agreement: Option<Agreement>,
}

fn from_start(
    game: &mut dyn Game,
    table: &Table,
    (line, gain): (&CommonGain, f64),
    chosen: &[usize],
    begin: &[f64],
    settings: &CooperationSettings,
) -> Result<Again, StrategyError> {
    let mut search = Search::new(game, line, chosen.to_vec(), begin);
    let optimum = maximise(&mut search, &settings.search)?;
    let mut certificate = StrategyCertificate {
        projected_gradient: optimum.projected_gradient,
        starts: 1,
        status: optimum.status,
        effort: optimum.effort,
        ..StrategyCertificate::default()
    };
    // Within what the gaps are solved to, the Lagrangian says nothing.
    if optimum.value <= gain + 10.0 * settings.gap_tolerance {
        return Ok(Again { gain: optimum.value, certificate, agreement: None });
    }
    let from = search.full(&optimum.choice);
    let found = agree(game, table, chosen, &from, settings)?;
    certificate.effort.add(found.certificate.effort);
    certificate.status = found.certificate.status;
    let settled = found.certificate.status.is_converged();
    Ok(Again { gain: found.gain, certificate, agreement: settled.then_some(found) })
}
