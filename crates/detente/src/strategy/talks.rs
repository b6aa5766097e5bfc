//! Where a deal can lie: efficient tariffs, bargaining points, the frontier.

use detente_engine::strategy::bargaining::{Bargain, Talks, bargain as strike};
use detente_engine::strategy::best_response::Start;
use detente_engine::strategy::certificate::StrategyCertificate;
use detente_engine::strategy::cooperation::{CooperationSettings, Table, cooperate as agree};
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::frontier::{Frontier, FrontierRequest, frontier as trace};
use detente_engine::strategy::payoff::{Game, PayoffScale, variables_of_all};
use detente_engine::strategy::projected_newton::SearchSettings;
use detente_engine::strategy::remembered::RememberedCurvature;
use serde_json::{Map, Value, json};

use super::answer::{Answer, certificate_json};
use super::board::{Board, Others, Reach, Rules};
use super::error::NoStrategy;
use super::ground::Ground;
use super::war::{fight, not_converged, payoffs_at};
use crate::table::{csv_text, digits};

/// What happens without a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disagreement {
    /// The Nash point of the sides in the same instruments.
    Nash,
    /// What the scenario's own changes make of the tariffs: what lapses.
    Lapse,
    /// Today's tariffs.
    Today,
}

impl Disagreement {
    /// The words of the command line.
    pub const WORDS: [(&'static str, Disagreement); 3] =
        [("nash", Disagreement::Nash), ("lapse", Disagreement::Lapse), ("today", Disagreement::Today)];

    /// The word of the command line.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, known)| *known == self).map_or("", |(word, _)| word)
    }
}

/// A point, the payoffs there, and the certificate where it was searched for.
pub type PointAndPayoffs = (Vec<f64>, Vec<f64>, Option<StrategyCertificate>);

/// The point of disagreement on a board, its payoffs, and the certificate where it was searched for.
pub fn disagreement(board: &mut Board, from: Disagreement) -> Result<PointAndPayoffs, NoStrategy> {
    match from {
        Disagreement::Today => Ok((board.today.clone(), board.base.clone(), None)),
        Disagreement::Nash => {
            let (players, today) = (board.seats.clone(), board.today.clone());
            let war = fight(board, &players, &today)?;
            Ok((war.point, war.payoffs, Some(war.certificate)))
        }
        Disagreement::Lapse => {
            let Some(lapse) = board.ground.lapse.clone() else {
                return Err(NoStrategy::Unknown(
                    "--from lapse needs a --scenario whose own changes are what lapses (for instance `ledger` and `on`); this one changes nothing"
                        .into(),
                ));
            };
            let solved =
                board.ground.calibration.solve(&lapse, &Default::default(), Some(&board.ground.baseline));
            let solved = solved.map_err(StrategyError::from)?;
            if !solved.status.is_converged() {
                return Err(StrategyError::Unsolved("what lapses has no equilibrium".into()).into());
            }
            let players = &board.objectives.players;
            let payoffs =
                players.iter().map(|p| p.objective.value(&board.ground.calibration, &solved)).collect();
            Ok((board.point_of(&lapse), payoffs, None))
        }
    }
}

/// Equal gains for all players from a disagreement point.
pub fn cooperate(
    ground: &Ground,
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
        from_words(from),
        board.objectives.name
    );
    let (point, base, _) = disagreement(&mut board, from)?;
    let mut starts = vec![Start::new("disagreement", point)];
    starts.extend(board.starts().into_iter().take(if players.len() > 4 { 0 } else { 1 }));
    let table = Table { strict, ..Table::equal_gains(players, &base) };
    let mut deal = agree(&mut board.game, &table, &starts, &CooperationSettings::default())?;
    let first = deal.point.clone();
    settle_others(
        &mut board,
        |board, point| {
            let starts = [Start::new("the last round", point.to_vec())];
            deal = agree(&mut board.game, &table, &starts, &CooperationSettings::default())?;
            Ok(deal.point.clone())
        },
        &first,
    )?;
    if !deal.certificate.status.is_converged() {
        return Err(not_converged("cooperation", deal.certificate.projected_gradient).into());
    }
    let (gain, gap, weights) = (deal.gain, deal.gap, deal.weights.clone());
    let mut answer = Answer::at(&mut board, title, &deal.point, deal.certificate)?;
    answer.fields.insert("from".into(), json!(from.word()));
    answer.fields.insert("common_gain_pct".into(), json!(100.0 * gain.exp_m1()));
    answer.fields.insert("largest_gap".into(), json!(gap));
    answer.fields.insert("weights".into(), json!(players.iter().map(|j| weights[*j]).collect::<Vec<_>>()));
    answer
        .fields
        .insert("let_off".into(), json!(deal.let_off.iter().map(|j| ground.code(*j)).collect::<Vec<_>>()));
    answer
        .lines
        .insert(0, format!("common gain {:+.4} percent from {}", 100.0 * gain.exp_m1(), from_words(from)));
    Ok(answer)
}

/// Where the others respond: agreement and responses in turn until neither moves.
fn settle_others(
    board: &mut Board,
    mut replay: impl FnMut(&mut Board, &[f64]) -> Result<Vec<f64>, NoStrategy>,
    point: &[f64],
) -> Result<(), NoStrategy> {
    if board.others != Others::Respond {
        return Ok(());
    }
    let mut point = point.to_vec();
    for _ in 0..12 {
        let responders = board.responders.clone();
        let responded = fight(board, &responders, &point)?.point;
        let next = replay(board, &responded)?;
        let moved = next.iter().zip(&point).fold(0.0_f64, |m, (a, b)| m.max((a - b).abs()));
        point = next;
        if moved < 1e-6 {
            return Ok(());
        }
    }
    let reason = "the agreement and the others' responses do not settle in twelve rounds".into();
    Err(StrategyError::NotConverged { search: "talks with responding others", reason }.into())
}

fn from_words(from: Disagreement) -> &'static str {
    match from {
        Disagreement::Nash => "the trade war (Nash)",
        Disagreement::Lapse => "what lapses",
        Disagreement::Today => "today",
    }
}

/// Above this many variables remembering the curvature costs more than it saves.
const FEW_VARIABLES: usize = 64;

/// Plays with a remembered curvature where there are few variables.
fn at_the_table<T>(
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
pub struct Struck<'g> {
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
    ground: &'g Ground<'g>,
    sides: [usize; 2],
    from: Disagreement,
    rules: Rules,
) -> Result<Struck<'g>, NoStrategy> {
    if sides[0] == sides[1] {
        return Err(NoStrategy::Unknown(format!(
            "`{}` cannot bargain with itself; name two economies",
            ground.code(sides[0])
        )));
    }
    let mut board = Board::new(ground, &sides, Reach::EachOther, rules)?;
    let (disagreement_point, disagreement, certificate) = disagreement(&mut board, from)?;
    let talks = Talks {
        sides,
        disagreement: disagreement.clone(),
        disagreement_point: disagreement_point.clone(),
        power: [0.5, 0.5],
        scale: PayoffScale::Logarithm,
    };
    let starts = [Start::new("today", board.today.clone()), board.starts().swap_remove(0)];
    let bargain = at_the_table(&mut board, &sides, |game| {
        strike(game, &talks, &starts, &CooperationSettings::default())
    })?;
    Ok(Struck { board, bargain, disagreement_point, disagreement, certificate })
}

/// The zone and its points, reported at the point of equal gains (today where the zone is empty).
pub fn bargain(
    ground: &Ground,
    sides: [usize; 2],
    from: Disagreement,
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let Struck { mut board, bargain, disagreement, certificate, disagreement_point } =
        strike_bargain(ground, sides, from, rules)?;
    let codes = [ground.code(sides[0]).to_owned(), ground.code(sides[1]).to_owned()];
    let title = format!(
        "Where a deal between {} and {} can lie; without one: {}",
        codes[0],
        codes[1],
        from_words(from)
    );
    let largest: Vec<String> = (0..2)
        .map(|k| format!("{} up to {:+.4} percent", codes[k], 100.0 * bargain.largest_gains[k]))
        .collect();
    let Some(points) = bargain.points else {
        let found = certificate.unwrap_or_else(no_search);
        let mut answer = Answer::at(&mut board, title, &disagreement_point, found)?;
        answer.fields.insert("zone".into(), json!({ "empty": true, "from": from.word() }));
        answer.lines.insert(
            0,
            "the zone is empty: no setting of these instruments leaves both sides better off".into(),
        );
        return Ok(answer);
    };
    let named = [
        ("nash_bargain", &points.nash.point, points.nash.certificate.clone()),
        ("kalai_smorodinsky", &points.kalai_smorodinsky.point, points.kalai_smorodinsky.certificate.clone()),
        ("equal_gains", &points.equal_gains.point, points.equal_gains.certificate.clone()),
    ];
    let mut fields = Map::new();
    let mut lines = vec![format!("both gain in the zone: {}", largest.join(", "))];
    let mut rows = Vec::new();
    for (name, point, certificate) in &named {
        let answer = Answer::at(&mut board, String::new(), point, certificate.clone())?;
        let payoffs = payoffs_at(&mut board, point)?;
        let gain = |j: usize| 100.0 * (payoffs[j] - disagreement[j]).exp_m1();
        let words = super::words::rates(&board, &answer.counterfactual);
        lines.push(format!(
            "{}: {} {:+.4}, {} {:+.4} percent",
            name.replace('_', " "),
            codes[0],
            gain(sides[0]),
            codes[1],
            gain(sides[1])
        ));
        lines.extend(words.iter().map(|line| format!("  {line}")));
        for (j, change) in answer.objective_pct.iter().enumerate() {
            let welfare = answer.counterfactual.outcomes.economies[j].welfare_pct;
            rows.push([
                (*name).to_owned(),
                ground.code(j).to_owned(),
                digits(*change),
                digits(Some(gain(j))),
                digits(welfare),
            ]);
        }
        fields.insert(
            (*name).to_owned(),
            json!({
                "gains_pct": { codes[0].as_str(): gain(sides[0]), codes[1].as_str(): gain(sides[1]) },
                "words": words,
                "certificate": certificate_json(certificate),
            }),
        );
    }
    let equal = points.equal_gains;
    let mut answer = Answer::at(&mut board, title, &equal.point, equal.certificate)?;
    let zone = json!({
        "empty": false,
        "from": from.word(),
        "largest_gain_pct": { codes[0].as_str(): 100.0 * bargain.largest_gains[0], codes[1].as_str(): 100.0 * bargain.largest_gains[1] },
        "points": fields,
        "disagreement": certificate.as_ref().map(certificate_json),
        "side_payments": side_payments(&mut board, sides, &disagreement)?,
    });
    answer.fields.insert("zone".into(), zone);
    lines.append(&mut answer.lines);
    answer.lines = lines;
    let header = ["point", "economy", "objective_pct", "gain_from_disagreement_pct", "welfare_pct"];
    answer.files.push(("bargaining_points.csv".into(), csv_text(&header, rows)));
    Ok(answer)
}

/// With money on the table the sides would choose the point of largest joint gain and split it: their joint gain as a share of joint
/// income.
fn side_payments(board: &mut Board, sides: [usize; 2], disagreement: &[f64]) -> Result<Value, NoStrategy> {
    use detente_engine::strategy::best_response::best_of_starts;
    use detente_engine::strategy::criterion::WeightedSum;
    let mut weights = vec![0.0; disagreement.len()];
    let income = |j: usize| board.ground.baseline.income[j];
    let joint = income(sides[0]) + income(sides[1]);
    for j in sides {
        weights[j] = income(j) / joint;
    }
    let chosen = variables_of_all(&board.game, &sides);
    let starts = [Start::new("today", board.today.clone())];
    let today = board.today.clone();
    let best = best_of_starts(
        &mut board.game,
        &WeightedSum(weights.clone()),
        &chosen,
        &today,
        &starts,
        &Default::default(),
    )?;
    let gain: f64 = sides.iter().map(|j| weights[*j] * (best.payoffs[*j] - disagreement[*j])).sum();
    Ok(
        json!({ "joint_gain_pct_of_joint_income": 100.0 * gain, "status_converged": best.certificate.status.is_converged() }),
    )
}

fn no_search() -> StrategyCertificate {
    StrategyCertificate {
        projected_gradient: f64::NAN,
        best_response_gain: None,
        starts: 0,
        optima: Vec::new(),
        status: detente_engine::strategy::certificate::SearchStatus::Converged,
        effort: Default::default(),
        seconds: 0.0,
    }
}

/// A traced frontier with the board it was traced on.
#[derive(Debug)]
pub struct Traced<'g> {
    /// The board.
    pub board: Board<'g>,
    /// The frontier.
    pub frontier: Frontier,
    /// The disagreement point's payoffs.
    pub disagreement: Vec<f64>,
    /// Seconds it took.
    pub seconds: f64,
}

/// Traces the frontier between two sides from one's worst to the other's, not below the disagreement payoffs where `within_zone`.
pub fn trace_frontier<'g>(
    ground: &'g Ground<'g>,
    sides: [usize; 2],
    from: Disagreement,
    points: usize,
    within_zone: bool,
    rules: Rules,
) -> Result<Traced<'g>, NoStrategy> {
    let mut board = Board::new(ground, &sides, Reach::EachOther, rules)?;
    let (point, disagreement, _) = disagreement(&mut board, from)?;
    let clock = std::time::Instant::now();
    let floor = within_zone.then(|| disagreement.clone());
    let request = FrontierRequest { sides, floor, points };
    let mut starts = vec![Start::new("disagreement", point), Start::new("today", board.today.clone())];
    starts.push(board.starts().swap_remove(0));
    let search = SearchSettings { step_tolerance: 1e-8, ..SearchSettings::default() };
    let settings = CooperationSettings { gap_tolerance: 1e-9, search, ..CooperationSettings::default() };
    let frontier = at_the_table(&mut board, &sides, |game| trace(game, &request, &starts, &settings))?;
    Ok(Traced { board, frontier, disagreement, seconds: clock.elapsed().as_secs_f64() })
}

/// The frontier as an answer, reported at its middle point.
pub fn frontier(
    ground: &Ground,
    sides: [usize; 2],
    from: Disagreement,
    points: usize,
    within_zone: bool,
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let Traced { mut board, frontier, disagreement, seconds } =
        trace_frontier(ground, sides, from, points, within_zone, rules)?;
    let codes = [ground.code(sides[0]).to_owned(), ground.code(sides[1]).to_owned()];
    let mut rows = Vec::new();
    let mut list = Vec::new();
    for (k, point) in frontier.points.iter().enumerate() {
        let change = board.objective_pct(&point.payoffs);
        let gain = |j: usize| 100.0 * (point.payoffs[j] - disagreement[j]).exp_m1();
        for (j, change) in change.iter().enumerate() {
            rows.push([
                (k + 1).to_string(),
                ground.code(j).to_owned(),
                digits(*change),
                digits(Some(gain(j))),
            ]);
        }
        let outside = (0..change.len()).filter(|j| !sides.contains(j));
        let worst = outside.filter_map(|j| Some((j, change[j]?))).min_by(|a, b| a.1.total_cmp(&b.1));
        list.push(json!({
            codes[0].as_str(): change[sides[0]], codes[1].as_str(): change[sides[1]],
            "gains_pct": [gain(sides[0]), gain(sides[1])],
            "largest_loser_outside": worst.map(|(j, change)| json!({ "economy": ground.code(j), "objective_pct": change })),
            "weights": point.weights, "gap": point.gap, "converged": point.status.is_converged(),
            "projected_gradient": point.projected_gradient,
        }));
    }
    let unsettled = frontier.points.iter().filter(|point| !point.status.is_converged()).count();
    let middle = frontier.points[frontier.points.len() / 2].clone();
    let certificate = StrategyCertificate {
        projected_gradient: frontier.points.iter().fold(0.0, |m: f64, point| m.max(point.projected_gradient)),
        best_response_gain: None,
        starts: 3,
        optima: Vec::new(),
        status: middle.status,
        effort: frontier.effort,
        seconds,
    };
    let title = format!(
        "Pareto frontier between {} and {} in their tariffs on each other (shown: its middle)",
        codes[0], codes[1]
    );
    let mut answer = Answer::at(&mut board, title, &middle.point, certificate)?;
    let ends = [&frontier.points[0], &frontier.points[frontier.points.len() - 1]];
    let end = |point: &detente_engine::strategy::frontier::FrontierPoint, j: usize| {
        100.0 * (point.payoffs[j] - board.base[j]).exp_m1()
    };
    answer.lines.insert(0, format!(
        "{} points, from ({} {:+.4}, {} {:+.4}) to ({} {:+.4}, {} {:+.4}) percent of today; {unsettled} not converged; {seconds:.2} s",
        frontier.points.len(),
        codes[0], end(ends[0], sides[0]), codes[1], end(ends[0], sides[1]),
        codes[0], end(ends[1], sides[0]), codes[1], end(ends[1], sides[1]),
    ));
    answer.fields.insert("frontier".into(), json!(list));
    answer.fields.insert("points_not_converged".into(), json!(unsettled));
    answer.fields.insert("from".into(), json!(from.word()));
    answer.files.push((
        "frontier.csv".into(),
        csv_text(&["point", "economy", "objective_pct", "gain_from_disagreement_pct"], rows),
    ));
    Ok(answer)
}
