//! Numbers for pictures: best-response curves with iso-welfare surfaces, the payoff plane, patience and deadline.
//!
//! Curves are drawn in one rate per side on the other's goods, the only plane that fits on paper; the payoff plane is that of the full
//! instruments.

use detente_engine::strategy::best_response::{Start, best_response};
use detente_engine::strategy::deadline::{Deadline, StateFlows};
use detente_engine::strategy::payoff::{Game, PayoffScale};
use detente_engine::strategy::projected_newton::SearchSettings;
use detente_engine::strategy::sustain::{Deal, Punishment, Sustainability, per_period, sustain};

use crate::strategy::bargain::{
    Disagreement, StruckBargain, disagreement, equal_gains, from_words, strike_bargain,
};
use crate::strategy::baseline_world::BaselineWorld;
use crate::strategy::board::{Board, Others, Reach, Rules};
use crate::strategy::error::NoStrategy;
use crate::strategy::frontier::{Traced, trace_frontier};
use crate::strategy::instruments::InstrumentSet;
use crate::strategy::nash::fight;
use crate::strategy::pictures::{
    BestResponseCurves, DeadlineCurve, PatienceCurve, PayoffPlane, PayoffPoint, Pictures,
};
use crate::strategy::policies::average_rate;
use crate::strategy::sustain::PERIOD_DAYS;

/// The curves of a question between two sides; `points` along the frontier.
pub fn pictures(
    ground: &BaselineWorld,
    sides: [usize; 2],
    from: Disagreement,
    points: usize,
    rules: Rules,
) -> Result<Pictures, NoStrategy> {
    const HIGHEST_RATE: f64 = 0.6;
    const STEPS: usize = 12;
    Ok(Pictures {
        best_responses: curves(ground, sides, from, HIGHEST_RATE, STEPS, rules)?,
        plane: payoff_plane(ground, sides, from, points, rules)?,
        patience: patience(ground, sides, rules)?,
        deadline: deadline(ground, sides, from, rules)?,
    })
}

/// Best-response curves of two sides over a grid of rates from zero to `highest`.
pub fn curves(
    ground: &BaselineWorld,
    sides: [usize; 2],
    from: Disagreement,
    highest: f64,
    steps: usize,
    rules: Rules,
) -> Result<BestResponseCurves, NoStrategy> {
    let one_rate = Rules { instruments: Some(&InstrumentSet::OneRate), ..rules };
    let mut board = Board::new(ground, &sides, Reach::EachOther, one_rate)?;
    let grid: Vec<f64> = (0..=steps).map(|k| highest * k as f64 / steps as f64).collect();
    let today = board.today.clone();
    let war = fight(&mut board, &sides, &today)?;
    let mut responds = [Vec::new(), Vec::new()];
    for (mover, curve) in responds.iter_mut().enumerate() {
        let mut start = war.point.clone();
        for rate in &grid {
            let mut point = start.clone();
            point[1 - mover] = rate.ln_1p();
            let here = [Start::new("the neighbouring rate", point.clone())];
            let best =
                best_response(&mut board.game, sides[mover], &point, &here, &SearchSettings::default())?;
            curve.push(best.point[mover].exp_m1());
            start = best.point;
        }
    }
    let mut objective_pct = Vec::new();
    for first in &grid {
        let mut row = Vec::new();
        for second in &grid {
            let mut payoffs = vec![0.0; board.base.len()];
            board.game.evaluate(&[first.ln_1p(), second.ln_1p()], &mut payoffs)?;
            row.push(sides.map(|j| 100.0 * (payoffs[j] - board.base[j]).exp_m1()));
        }
        objective_pct.push(row);
    }
    let [first_responds, second_responds] = responds;
    Ok(BestResponseCurves {
        sides: sides.map(|j| ground.code(j).to_owned()),
        grid,
        first_responds,
        second_responds,
        objective_pct,
        nash: [war.point[0].exp_m1(), war.point[1].exp_m1()],
        nash_pct: sides.map(|j| 100.0 * (war.payoffs[j] - board.base[j]).exp_m1()),
        today: [(0, 1), (1, 0)].map(|(a, b)| {
            average_rate(ground, &ground.calibration.benchmark.tariff_rate, sides[a], Some(sides[b]))
        }),
        agreed: strike_bargain(ground, sides, from, one_rate)?
            .bargain
            .points
            .map(|points| [points.nash.point[0].exp_m1(), points.nash.point[1].exp_m1()]),
    })
}

/// Which share of the way from the war to the deal of equal gains holds at which discount factor, in one rate per side.
pub fn patience(
    ground: &BaselineWorld,
    sides: [usize; 2],
    rules: Rules,
) -> Result<Option<PatienceCurve>, NoStrategy> {
    const STEPS: usize = 20;
    let one_rate = Rules { instruments: Some(&InstrumentSet::OneRate), ..rules };
    let mut board = Board::new(ground, &sides, Reach::EachOther, one_rate)?;
    let (deal, war) = match board.others {
        Others::Respond => {
            let struck = strike_bargain(ground, sides, Disagreement::Nash, one_rate)?;
            let Some(points) = struck.bargain.points else { return Ok(None) };
            board = struck.board;
            (points.equal_gains.point, struck.disagreement_point)
        }
        // One point of the zone is all that is asked of it.
        _ => match equal_gains(&mut board, &sides, Disagreement::Nash)? {
            Some(found) => (found.point, found.without),
            None => return Ok(None),
        },
    };
    let mut steps = Vec::new();
    for k in 1..=STEPS {
        let share = k as f64 / STEPS as f64;
        let part = Deal {
            players: sides.to_vec(),
            point: war.iter().zip(&deal).map(|(w, d)| w + share * (d - w)).collect(),
            punishment_point: war.clone(),
            punishment: Punishment::default(),
            office_survival: vec![1.0; 2],
            scale: PayoffScale::Logarithm,
        };
        let found = sustain(&mut board.game, &part, &[], &SearchSettings::default())?;
        steps.push((share, found));
    }
    let punishment = Punishment::default();
    let discount_factor: Vec<f64> = (0..100).map(|k| f64::from(k) / 100.0).collect();
    let share = discount_factor
        .iter()
        .map(|d| {
            let holds = |found: &Sustainability| {
                found.holds.iter().all(|hold| hold.payoffs.net_temptation(*d, &punishment) <= 0.0)
            };
            steps.iter().rev().find(|(_, found)| holds(found)).map_or(0.0, |(share, _)| *share)
        })
        .collect();
    let whole = steps.last().map(|(_, found)| [0, 1].map(|slot| found.holds[slot].critical_discount_factor));
    Ok(Some(PatienceCurve {
        sides: sides.map(|j| ground.code(j).to_owned()),
        discount_factor,
        share,
        critical: whole.unwrap_or_default(),
        period_days: PERIOD_DAYS,
    }))
}

/// What one more extension is worth to each side against the probability of extensions, in one rate per side.
pub fn deadline(
    ground: &BaselineWorld,
    sides: [usize; 2],
    from: Disagreement,
    rules: Rules,
) -> Result<DeadlineCurve, NoStrategy> {
    const YEARLY: f64 = 0.95;
    let one_rate = Rules { instruments: Some(&InstrumentSet::OneRate), ..rules };
    let mut board = Board::new(ground, &sides, Reach::EachOther, one_rate)?;
    // Today's truce is not what follows it: the war stands in where nothing lapses.
    let from = if from == Disagreement::Today { Disagreement::Nash } else { from };
    let (_, after, _) = disagreement(&mut board, from)?;
    let discount = per_period(YEARLY, PERIOD_DAYS)?;
    let extension: Vec<f64> = (0..=20).map(|k| f64::from(k) / 20.0).collect();
    let mut value_pct = Vec::new();
    for p in &extension {
        let odds = Deadline { extension: *p, deal: 0.0, restored: 0.0, breakdown: 0.0 };
        let mut row = [0.0; 2];
        for (slot, j) in sides.iter().enumerate() {
            let lapsed = (after[*j] - board.base[*j]).exp_m1() * PERIOD_DAYS / 365.0;
            let flows = StateFlows { truce: 0.0, lapsed, deal: 0.0 };
            row[slot] = 100.0 * odds.value_of_extension(&flows, discount)?;
        }
        value_pct.push(row);
    }
    Ok(DeadlineCurve {
        sides: sides.map(|j| ground.code(j).to_owned()),
        extension,
        value_pct,
        after_a_lapse: from_words(ground, from).into(),
        yearly_discount: YEARLY,
        period_days: PERIOD_DAYS,
    })
}

/// The payoff plane of two sides.
pub fn payoff_plane(
    ground: &BaselineWorld,
    sides: [usize; 2],
    from: Disagreement,
    points: usize,
    rules: Rules,
) -> Result<PayoffPlane, NoStrategy> {
    let traced = trace_frontier(ground, sides, from, points, false, rules)?;
    let struck = strike_bargain(ground, sides, from, rules)?;
    Ok(plane_of(ground, sides, from, &traced, &struck))
}

/// The plane of a traced frontier and a struck bargain.
pub fn plane_of(
    ground: &BaselineWorld,
    sides: [usize; 2],
    from: Disagreement,
    traced: &Traced<'_>,
    struck: &StruckBargain<'_>,
) -> PayoffPlane {
    let base = &traced.board.base;
    let at = |payoffs: &[f64]| sides.map(|j| 100.0 * (payoffs[j] - base[j]).exp_m1());
    let mut named = vec![PayoffPoint { name: "today".into(), objective_pct: [0.0, 0.0] }];
    if from != Disagreement::Today {
        named.push(PayoffPoint {
            name: format!("without a deal: {}", from_words(ground, from)),
            objective_pct: at(&struck.disagreement),
        });
    }
    if let Some(found) = &struck.bargain.points {
        for (name, payoffs) in [
            ("Nash bargain", &found.nash.payoffs),
            ("Kalai–Smorodinsky", &found.kalai_smorodinsky.payoffs),
            ("equal gains", &found.equal_gains.payoffs),
        ] {
            named.push(PayoffPoint { name: name.into(), objective_pct: at(payoffs) });
        }
    }
    PayoffPlane {
        sides: sides.map(|j| ground.code(j).to_owned()),
        frontier: traced.frontier.points.iter().map(|point| at(&point.payoffs)).collect(),
        points: named,
        disagreement_pct: at(&struck.disagreement),
        zone_is_empty: struck.bargain.points.is_none(),
    }
}
