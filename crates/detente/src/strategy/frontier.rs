//! The Pareto frontier between two sides, with everybody else's welfare beside it.

use detente_engine::strategy::best_response::Start;
use detente_engine::strategy::certificate::StrategyCertificate;
use detente_engine::strategy::cooperation::CooperationSettings;
use detente_engine::strategy::frontier::{Frontier, FrontierRequest, frontier as trace};
use detente_engine::strategy::projected_newton::SearchSettings;
use serde_json::json;

use super::answer::Answer;
use super::board::{Board, Others, Reach, Rules};
use super::error::NoStrategy;
use super::ground::Ground;
use super::talks::{Disagreement, at_the_table, disagreement, others_respond, with_the_others};
use crate::table::{csv_text, digits};

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
    /// By how much the others' responses, settled at the middle, would still move at the ends.
    pub others_still_move: f64,
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
    let (mut point, disagreement, _) = disagreement(&mut board, from)?;
    let clock = std::time::Instant::now();
    let floor = within_zone.then(|| disagreement.clone());
    let request = FrontierRequest { sides, floor, points };
    let search = SearchSettings { step_tolerance: 1e-8, ..SearchSettings::default() };
    let settings = CooperationSettings { gap_tolerance: 1e-9, search, ..CooperationSettings::default() };
    let mut round = 0;
    let frontier = loop {
        let mut starts =
            vec![Start::new("disagreement", point.clone()), Start::new("today", board.today.clone())];
        starts.push(board.starts().swap_remove(0));
        let starts: Vec<Start> =
            starts.into_iter().map(|start| with_the_others(&board, start, &point)).collect();
        let frontier = at_the_table(&mut board, &sides, |game| trace(game, &request, &starts, &settings))?;
        let middle = frontier.points[frontier.points.len() / 2].point.clone();
        match others_respond(&mut board, &middle, round)? {
            Some(responded) => point = responded,
            None => break frontier,
        }
        round += 1;
    };
    let mut others_still_move = 0.0_f64;
    for end in [0, frontier.points.len() - 1] {
        let at = &frontier.points[end].point;
        if let Some(responded) = others_respond(&mut board, at, 0)? {
            others_still_move =
                responded.iter().zip(at).fold(others_still_move, |m, (a, b)| m.max((a - b).abs()));
        }
    }
    let seconds = clock.elapsed().as_secs_f64();
    Ok(Traced { board, frontier, disagreement, seconds, others_still_move })
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
    let Traced { mut board, frontier, disagreement, seconds, others_still_move } =
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
        starts: 3, // of the two ends; every point between begins at its neighbour
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
    let mut lines = vec![format!(
        "{} points, from ({} {:+.4}, {} {:+.4}) to ({} {:+.4}, {} {:+.4}) percent of today; {unsettled} not converged; {seconds:.2} s",
        frontier.points.len(),
        codes[0],
        end(ends[0], sides[0]),
        codes[1],
        end(ends[0], sides[1]),
        codes[0],
        end(ends[1], sides[0]),
        codes[1],
        end(ends[1], sides[1]),
    )];
    if board.others == Others::Respond {
        lines.push(format!(
            "the others' responses are settled at the middle; at the ends they would still move by up to {others_still_move:.1e} (logarithms \
             of tariff factors)"
        ));
    }
    answer.lead(lines);
    answer.fields.insert("frontier".into(), json!(list));
    answer.fields.insert("points_not_converged".into(), json!(unsettled));
    answer.fields.insert("from".into(), json!(from.word()));
    answer.files.push((
        "frontier.csv".into(),
        csv_text(&["point", "economy", "objective_pct", "gain_from_disagreement_pct"], rows),
    ));
    Ok(answer)
}
