//! Where a deal can lie: efficient tariffs, bargaining points, the frontier.

use detente_engine::strategy::bargaining::{Bargain, Talks, bargain as strike};
use detente_engine::strategy::best_response::Start;
use detente_engine::strategy::certificate::StrategyCertificate;
use detente_engine::strategy::cooperation::{CooperationSettings, Recheck, Table, cooperate as agree};
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::nash::{NashSettings, nash};
use detente_engine::strategy::payoff::{Game, PayoffScale, variables_of_all};
use detente_engine::strategy::remembered::RememberedCurvature;

use super::answer::Answer;
use super::baseline_world::BaselineWorld;
use super::board::{Board, Others, Reach, Rules};
use super::certificates::Certificates;
use super::error::NoStrategy;
pub use super::found::Disagreement;
use super::found::{BargainingPoint, Cooperation, EconomyAtPoint, Found, Zone, ZonePoint, ZonePoints};
use super::nash::{fight, not_converged, payoffs_at};
use super::side_payments::side_payments;
use super::split::split;

/// A point, the payoffs there, and the certificate where it was searched for.
pub type PointAndPayoffs = (Vec<f64>, Vec<f64>, Option<StrategyCertificate>);

/// The point of disagreement on a board, its payoffs, and the certificate where it was searched for.
pub fn disagreement(board: &mut Board, from: Disagreement) -> Result<PointAndPayoffs, NoStrategy> {
    match from {
        Disagreement::Today => Ok((board.today.clone(), board.base.clone(), None)),
        Disagreement::Nash => {
            let (players, today) = (board.movers(), board.today.clone());
            let war = fight(board, &players, &today)?;
            Ok((war.point, war.payoffs, Some(war.certificate)))
        }
        Disagreement::Lapse => {
            let Some(lapse) = board.ground.lapse.clone() else {
                return Err(NoStrategy::NothingLapses);
            };
            let solved =
                board.ground.calibration.solve(&lapse, &Default::default(), Some(&board.ground.baseline));
            let solved = solved.map_err(StrategyError::from)?;
            let solved = solved.solved().map_err(|unsolved| {
                StrategyError::Unsolved(format!("what lapses has no equilibrium: {}", unsolved.cause))
            })?;
            let players = &board.objectives.players;
            let payoffs =
                players.iter().map(|p| p.objective.value(&board.ground.calibration, &solved)).collect();
            Ok((board.point_of(&lapse), payoffs, None))
        }
    }
}

/// Equal gains for all players from a disagreement point.
pub fn cooperate(
    ground: &BaselineWorld,
    players: &[usize],
    reach: Reach,
    from: Disagreement,
    strict: bool,
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let mut board = Board::new(ground, players, reach, rules)?;
    let title = format!(
        "Efficient tariffs for {} together, equal gains from {} ({})",
        board.names().join(", "),
        from_words(ground, from),
        board.objectives.name
    );
    let (point, base, war) = disagreement(&mut board, from)?;
    let mut starts = vec![Start::new("disagreement", point)];
    starts.extend(board.starts().into_iter().take(if players.len() > 4 { 0 } else { 1 }));
    let table = Table { strict, ..Table::equal_gains(players, &base) };
    // With everybody at the table of a large world one more search would double minutes.
    let few = players.len() <= 4 || board.game.is_reduced();
    let recheck = if few { Recheck::Around } else { Recheck::No };
    let settings = CooperationSettings { recheck, ..CooperationSettings::default() };
    let mut deal = agree(&mut board.game, &table, &starts, &settings)?;
    let mut settled = deal.point.clone();
    for round in 0.. {
        let Some(responded) = others_respond(&mut board, &settled, round)? else { break };
        let starts = [Start::new("the last round", responded)];
        deal = agree(&mut board.game, &table, &starts, &settings)?;
        settled = deal.point.clone();
    }
    if !deal.certificate.status.is_converged() {
        return Err(not_converged("cooperation", deal.certificate.projected_gradient).into());
    }
    let (gain, gap, weights) = (deal.gain, deal.gap, deal.weights.clone());
    let certified = vec![
        ("equal gains".to_owned(), deal.certificate.clone()),
        (from_words(ground, from).to_owned(), war.unwrap_or_default()),
    ];
    let mut answer = Answer::at(&mut board, title, &deal.point, deal.certificate)?;
    answer.certified = certified;
    answer.found = Found::Cooperation(Cooperation {
        from,
        common_gain: gain.exp_m1(),
        largest_gap: gap,
        weights: players.iter().map(|j| weights[*j]).collect(),
        let_off: deal.let_off.iter().map(|j| ground.code(*j).to_owned()).collect(),
    });
    Ok(answer)
}

/// The deal of equal gains and what happens without it.
#[derive(Clone, Debug)]
pub(crate) struct EqualGains {
    /// The deal.
    pub point: Vec<f64>,
    /// What happens without it.
    pub without: Vec<f64>,
    /// Payoffs there.
    pub disagreement: Vec<f64>,
}

/// A common gain below this, in logarithms of income, is none: a hundredth of what two digits of a percent show.
const LEAST_GAIN: f64 = 1e-7;

/// The deal of equal gains alone while all others hold, for whoever needs neither the zone around it nor a second search; none where there is
/// nothing to gain.
pub(crate) fn equal_gains(
    board: &mut Board,
    sides: &[usize],
    from: Disagreement,
) -> Result<Option<EqualGains>, NoStrategy> {
    let (without, disagreement, _) = disagreement(board, from)?;
    let seated = Table::equal_gains(sides, &disagreement);
    let settings = CooperationSettings { recheck: Recheck::No, ..CooperationSettings::default() };
    let starts = [Start::new("today", board.today.clone()), Start::new("without a deal", without.clone())];
    let agreed = agree(&mut board.game, &seated, &starts, &settings)?;
    if !agreed.certificate.status.is_converged() {
        let reason = "the search for the deal of equal gains ends without an answer".to_owned();
        return Err(StrategyError::NotConverged { search: "deal", reason }.into());
    }
    Ok((agreed.gain > LEAST_GAIN).then_some(EqualGains { point: agreed.point, without, disagreement }))
}

/// Where the others respond: the point after their best responses to it, or none where they would not move any more (or hold still).
pub(super) fn others_respond(
    board: &mut Board,
    point: &[f64],
    round: usize,
) -> Result<Option<Vec<f64>>, NoStrategy> {
    /// Change of a rate, in logarithms of factors, that counts as no move.
    const STILL: f64 = 1e-6;
    if board.others != Others::Respond {
        return Ok(None);
    }
    let responders = board.responders.clone();
    let responded = fight(board, &responders, point)?.point;
    let moved = responded.iter().zip(point).fold(0.0_f64, |m, (a, b)| m.max((a - b).abs()));
    if moved < STILL {
        return Ok(None);
    }
    if round >= 12 {
        let reason = "the agreement and the others' responses do not settle in twelve rounds".into();
        return Err(StrategyError::NotConverged { search: "talks with responding others", reason }.into());
    }
    Ok(Some(responded))
}

/// The others' best responses to a point from where they stand, not certified from elsewhere: for the many points of a line.
pub(super) fn others_answer(board: &mut Board, point: &[f64]) -> Result<Vec<f64>, NoStrategy> {
    let responders = board.responders.clone();
    let settings = NashSettings { change_tolerance: 1e-7, ..NashSettings::default() };
    Ok(nash(&mut board.game, &responders, point, &[], &settings)?.point)
}

/// A start with the responders' choices of another point.
pub(super) fn with_the_others(board: &Board, start: Start, others: &[f64]) -> Start {
    let mut point = start.point;
    for (k, variable) in board.game.variables().iter().enumerate() {
        if board.responders.contains(&variable.owner) {
            point[k] = others[k];
        }
    }
    Start::new(start.name, point)
}

pub(super) fn from_words(ground: &BaselineWorld, from: Disagreement) -> &'static str {
    from.words(ground.start())
}

/// Above this many variables remembering the curvature costs more than it saves.
const FEW_VARIABLES: usize = 64;

/// Plays with a remembered curvature where there are few variables.
pub(super) fn at_the_table<T>(
    board: &mut Board,
    sides: &[usize],
    play: impl FnOnce(&mut dyn Game) -> Result<T, StrategyError>,
) -> Result<T, NoStrategy> {
    let chosen = variables_of_all(&board.game, sides);
    if chosen.len() > FEW_VARIABLES {
        return Ok(play(&mut board.game)?);
    }
    Ok(play(&mut RememberedCurvature::new(&mut board.game, chosen, sides.to_vec()))?)
}

/// A bargain as found, for pictures and further questions.
#[derive(Debug)]
pub struct StruckBargain<'g> {
    /// The board it was struck on.
    pub board: Board<'g>,
    /// The zone and its points.
    pub bargain: Bargain,
    /// The point without a deal.
    pub disagreement_point: Vec<f64>,
    /// Its payoffs.
    pub disagreement: Vec<f64>,
    /// Its certificate, where it was searched for.
    pub certificate: Option<StrategyCertificate>,
}

/// Finds the zone between two sides and its three points.
pub fn strike_bargain<'g>(
    ground: &'g BaselineWorld<'g>,
    sides: [usize; 2],
    from: Disagreement,
    rules: Rules,
) -> Result<StruckBargain<'g>, NoStrategy> {
    if sides[0] == sides[1] {
        return Err(NoStrategy::Unknown(format!(
            "`{}` cannot bargain with itself; name two economies",
            ground.code(sides[0])
        )));
    }
    let mut board = Board::new(ground, &sides, Reach::EachOther, rules)?;
    let (disagreement_point, disagreement, certificate) = disagreement(&mut board, from)?;
    let mut point = disagreement_point.clone();
    let mut round = 0;
    let bargain = loop {
        let talks = Talks {
            sides,
            disagreement: disagreement.clone(),
            disagreement_point: with_the_others(&board, Start::new("", disagreement_point.clone()), &point)
                .point,
            power: [0.5, 0.5],
            scale: PayoffScale::Logarithm,
        };
        let starts = [Start::new("today", board.today.clone()), board.starts().swap_remove(0)]
            .map(|start| with_the_others(&board, start, &point));
        let settings = CooperationSettings { recheck: Recheck::Around, ..CooperationSettings::default() };
        let bargain = at_the_table(&mut board, &sides, |game| strike(game, &talks, &starts, &settings))?;
        let Some(points) = &bargain.points else { break bargain };
        match others_respond(&mut board, &points.equal_gains.point, round)? {
            Some(responded) => point = responded,
            None => break bargain,
        }
        round += 1;
    };
    Ok(StruckBargain { board, bargain, disagreement_point, disagreement, certificate })
}

/// The zone and its points, reported at the point of equal gains (where nothing changes, if the zone is empty).
pub fn bargain(
    ground: &BaselineWorld,
    sides: [usize; 2],
    from: Disagreement,
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let StruckBargain { mut board, bargain, disagreement, certificate, disagreement_point } =
        strike_bargain(ground, sides, from, rules)?;
    let codes = [ground.code(sides[0]).to_owned(), ground.code(sides[1]).to_owned()];
    let bilateral = if board.others == Others::Hold { "bilateral " } else { "" };
    let title = format!(
        "Where a {bilateral}deal between {} and {} can lie; without one: {}",
        codes[0],
        codes[1],
        from_words(ground, from)
    );
    let money = side_payments(&mut board, sides, &disagreement, &disagreement_point)?;
    let war = (from == Disagreement::Nash).then(|| disagreement.clone());
    let deal = match &bargain.points {
        Some(points) => Some(payoffs_at(&mut board, &points.equal_gains.point)?),
        None => None,
    };
    let (parts, alone) = split(&mut board, sides, war, deal.as_deref())?;
    let without = (from_words(ground, from).to_owned(), certificate.clone().unwrap_or_default());
    let joint = ("the largest joint gain".to_owned(), money.certificate.clone());
    let zone = Zone {
        from,
        sides: codes.clone(),
        positions: sides,
        is_bilateral: board.others == Others::Hold,
        unit: ground.unit().to_owned(),
        points: None,
        side_payments: money,
        without: certificate.clone(),
    };
    let ends = [0, 1].map(|k| bargain.ends[k].certificate.clone());
    let most = [0, 1].map(|k| (format!("the most for {}", codes[k]), ends[k].clone()));
    let Some(points) = bargain.points else {
        let mut answer = Answer::at(&mut board, title, &disagreement_point, certificate.unwrap_or_default())?;
        answer.certified = most.into_iter().chain([joint, without]).chain(alone).collect();
        answer.found = Found::Zone(Box::new(zone));
        answer.split = Some(parts);
        return Ok(answer);
    };
    let named = [
        (BargainingPoint::NashBargain, &points.nash.point, &points.nash.certificate),
        (
            BargainingPoint::KalaiSmorodinsky,
            &points.kalai_smorodinsky.point,
            &points.kalai_smorodinsky.certificate,
        ),
        (BargainingPoint::EqualGains, &points.equal_gains.point, &points.equal_gains.certificate),
    ];
    let mut others_still_move = (board.others == Others::Respond).then_some(0.0_f64);
    let (mut found, mut certified): (Vec<ZonePoint>, Certificates) = (Vec::new(), Vec::new());
    for (name, point, certificate) in named {
        if let Some(responded) = others_respond(&mut board, point, 0)? {
            let moved = responded.iter().zip(point).fold(0.0_f64, |m, (a, b)| m.max((a - b).abs()));
            others_still_move = others_still_move.map(|most| most.max(moved));
        }
        let held = zone_point(&mut board, name, point, certificate, &disagreement)?;
        certified.push((name.words(), held.certificate.clone()));
        found.push(held);
    }
    certified.extend(most);
    certified.push(joint);
    certified.push(without);
    certified.extend(alone);
    let equal = points.equal_gains;
    let mut answer = Answer::at(&mut board, title, &equal.point, equal.certificate)?;
    answer.certified = certified;
    let largest_gains = [bargain.largest_gains[0], bargain.largest_gains[1]];
    let points = Some(ZonePoints { largest_gains, ends, points: found, others_still_move });
    answer.found = Found::Zone(Box::new(Zone { points, ..zone }));
    answer.split = Some(parts);
    Ok(answer)
}

/// A point of the zone with what it does to everybody.
fn zone_point(
    board: &mut Board,
    name: BargainingPoint,
    point: &[f64],
    certificate: &StrategyCertificate,
    disagreement: &[f64],
) -> Result<ZonePoint, NoStrategy> {
    let held = Answer::at(board, String::new(), point, certificate.clone())?;
    let payoffs = payoffs_at(board, point)?;
    let economies = (0..payoffs.len()).map(|j| EconomyAtPoint {
        economy: board.ground.code(j).to_owned(),
        objective_pct: held.objective_pct[j],
        gain_from_disagreement_pct: 100.0 * (payoffs[j] - disagreement[j]).exp_m1(),
        welfare_pct: held.counterfactual.outcomes.economies[j].welfare_pct,
    });
    Ok(ZonePoint {
        name,
        economies: economies.collect(),
        max_residual: held.counterfactual.equilibrium.certificate.max_residual(),
        policies: held.policies,
        most_favoured_nation: held.most_favoured_nation,
        largest_loser_outside: held.largest_loser_outside,
        certificate: held.certificate,
    })
}
