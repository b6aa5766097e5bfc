//! Efficient agreements from several starts: the programme of [`agreement`](super::agreement) from each of them, the best kept and searched
//! once more.

use std::time::Instant;

use super::agreement::agree;
pub use super::agreement::{Agreement, CooperationSettings, Recheck, Table};
use super::best_response::Start;
use super::certificate::{Effort, LocalOptimum};
use super::error::StrategyError;
use super::payoff::{Game, feasible_start, variables_of_all};
use super::reconsider::reconsider;

/// Solves the programme from every start and keeps the largest common gain.
pub fn cooperate(
    game: &mut dyn Game,
    table: &Table,
    starts: &[Start],
    settings: &CooperationSettings,
) -> Result<Agreement, StrategyError> {
    let clock = Instant::now();
    table.check(game)?;
    let chosen = variables_of_all(game, &table.seats);
    if chosen.is_empty() {
        return Err(StrategyError::NoInstruments { player: "anybody at the table".into() });
    }
    let mut found = Found { table, chosen, effort: Effort::default(), optima: Vec::new(), best: None };
    for start in starts {
        found.search(game, start, settings)?;
    }
    let Found { effort, optima, best, .. } = found;
    let Some(mut best) = best else {
        return Err(StrategyError::NotConverged {
            search: "cooperation",
            reason: "no start was given".into(),
        });
    };
    best.certificate.starts = starts.len();
    best.certificate.optima = optima;
    best.certificate.optima.sort_by(|a, b| b.value.total_cmp(&a.value));
    best.certificate.effort = effort;
    best.certificate.seconds = clock.elapsed().as_secs_f64();
    if settings.recheck == Recheck::No { Ok(best) } else { reconsider(game, table, best, &[], settings) }
}

/// What the starts have led to so far.
struct Found<'a> {
    table: &'a Table,
    chosen: Vec<usize>,
    effort: Effort,
    optima: Vec<LocalOptimum>,
    best: Option<Agreement>,
}

impl Found<'_> {
    fn search(
        &mut self,
        game: &mut dyn Game,
        start: &Start,
        settings: &CooperationSettings,
    ) -> Result<(), StrategyError> {
        let begin = feasible_start(game, &start.point, &self.chosen)?;
        let agreement = agree(game, self.table, &self.chosen, &begin, settings)?;
        self.effort.add(agreement.certificate.effort);
        match self.optima.iter_mut().find(|other| (other.value - agreement.gain).abs() <= 1e-9) {
            Some(known) => known.found_by += 1,
            None => self.optima.push(LocalOptimum {
                start: start.name.clone(),
                value: agreement.gain,
                found_by: 1,
                status: agreement.certificate.status,
            }),
        }
        if self.best.as_ref().is_none_or(|known| is_better(&agreement, known)) {
            self.best = Some(agreement);
        }
        Ok(())
    }
}

/// A search that did not come to rest is off its own conditions by more than a settled one, and its gain may look larger for it: it counts
/// as better than a settled one only where it is so by more than this, in logarithms.
const UNSETTLED: f64 = 1e-6;

fn is_better(found: &Agreement, known: &Agreement) -> bool {
    let lacks =
        |agreement: &Agreement| if agreement.certificate.status.is_converged() { 0.0 } else { UNSETTLED };
    found.gain - lacks(found) > known.gain - lacks(known)
}
