//! What a deadline is worth where exporters wait while a truce may lapse.

use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::policy_risk::{Entrants, PolicyChain, Tail, under_risk};
use detente_engine::strategy::sustain::per_period;

use super::board::Board;
use super::doubt::{DeadlineRisk, Doubt, SideRisk};
use super::error::NoStrategy;
use super::odds::Odds;

/// Values of one chain to one side: with doubt, and with tariffs that are known in each state.
struct Valued {
    risky: Vec<f64>,
    certain: Vec<f64>,
}

/// Truce, lapse and deal with their doubt, where a truce lasts one period and several.
pub fn risk(
    board: &Board<'_>,
    [today, lapse, deal]: [Instruments; 3],
    sides: [usize; 2],
    odds: &Odds,
    doubt: Doubt,
) -> Result<DeadlineRisk, NoStrategy> {
    let solver = &board.ground.calibration;
    let entrants = Entrants::of_manufactures(&solver.benchmark, Tail::FirmSize(doubt.tail));
    let entry_discount = per_period(doubt.yearly, odds.period_days)?;
    let discount = per_period(odds.yearly, odds.period_days)?;
    let share_of_year = odds.period_days / 365.0;
    let solve = |periods: usize| {
        let mut states = vec![today.clone(); periods];
        states.extend([lapse.clone(), deal.clone()]);
        let chain = odds.deadline.chain(periods, entry_discount)?;
        under_risk(solver, &states, &chain, &entrants, &Default::default())
    };
    let (short, long) = (solve(1)?, solve(doubt.periods)?);
    let payoff = |e: &Equilibrium, side: usize| board.objectives.players[side].objective.value(solver, e);
    // From the truce as if it stayed for ever, a year.
    let flows = |states: &[Equilibrium], side: usize| -> Vec<f64> {
        let base = payoff(&short.certain[0], side);
        states.iter().map(|state| (payoff(state, side) - base).exp_m1()).collect()
    };
    let valued = |found: &detente_engine::strategy::policy_risk::UnderRisk, periods: usize, side: usize| {
        let chain: PolicyChain = odds.deadline.chain(periods, discount)?;
        let values = |states: &[Equilibrium]| {
            let flows: Vec<f64> = flows(states, side).iter().map(|flow| flow * share_of_year).collect();
            chain.values(&flows)
        };
        Ok::<_, StrategyError>(Valued { risky: values(&found.risky)?, certain: values(&found.certain)? })
    };
    let mut found = Vec::new();
    for (j, side) in sides.into_iter().enumerate() {
        let one = valued(&short, 1, side)?;
        let several = valued(&long, doubt.periods, side)?;
        let keeps = |values: &[f64], periods: usize| values[0] - values[periods];
        found.push(SideRisk {
            player: board.ground.code(side).to_owned(),
            cost_per_year: -flows(&short.risky, side)[0],
            cost_per_year_under_the_longer: -flows(&long.risky, side)[0],
            extension_certain: keeps(&one.certain, 1),
            extension: keeps(&one.risky, 1),
            truce: one.risky[0],
            longer_certain: several.certain[0] - one.certain[0],
            longer: several.risky[0] - one.risky[0],
            for_ever: -one.risky[0],
            imports_pct: imports(board, &short.certain[0], &short.risky[0], side, sides[1 - j]),
        });
    }
    Ok(DeadlineRisk {
        truce_periods: doubt.periods,
        yearly_discount_of_exporters: doubt.yearly,
        firm_size_tail: doubt.tail,
        sectors: "manufactures",
        sides: found,
    })
}

/// What doubt does to a side's imports from the other in the truce, percent at the border.
fn imports(
    board: &Board<'_>,
    certain: &Equilibrium,
    risky: &Equilibrium,
    importer: usize,
    exporter: usize,
) -> f64 {
    let d = board.ground.calibration.dimensions;
    let all = |e: &Equilibrium| -> f64 {
        (0..d.sectors).map(|s| e.border_value[d.cell(importer, exporter, s)]).sum()
    };
    100.0 * (all(risky) / all(certain) - 1.0)
}
