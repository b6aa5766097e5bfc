//! What one side would do alone, and what a war settles at.

use detente_engine::strategy::best_response::{Start, around, best_response, once_more, shaken};
use detente_engine::strategy::criterion::WeightedSum;
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::nash::{NashPoint, NashSettings, nash};
use detente_engine::strategy::payoff::{Game, variables_of, variables_of_all};
use detente_engine::strategy::projected_newton::SearchSettings;

use super::answer::Answer;
use super::baseline_world::BaselineWorld;
use super::board::{Board, Others, Reach, Rules};
use super::error::NoStrategy;
use super::found::{Found, PlayerGain, War};
use super::objectives::ObjectiveKind;

/// How far from a point it is searched for once more, in logarithms of factors.
const SHAKE: f64 = 0.05;

/// One player's best response to everybody's tariffs of today.
pub fn optimal(
    ground: &BaselineWorld,
    player: usize,
    against: Option<usize>,
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let reach = against.map_or(Reach::Everybody, Reach::One);
    let mut board = Board::new(ground, &[player], reach, rules)?;
    let today = board.today.clone();
    let mut starts = vec![Start::new("today", today.clone())];
    starts.extend(board.starts());
    let whom = against.map_or(String::new(), |partner| format!(", towards {}", ground.code(partner)));
    let title = format!(
        "Optimal for {} alone ({}{whom}): its best response to {}",
        ground.code(player),
        board.objectives.name,
        ground.start().tariffs()
    );
    if board.others == Others::Respond {
        let players: Vec<usize> = std::iter::once(player).chain(board.responders.clone()).collect();
        let war = fight(&mut board, &players, &today)?;
        return finish_war(board, title, war);
    }
    if board.objectives.kind != ObjectiveKind::Welfare {
        starts.insert(0, board.most_favoured_first(&[player], rules)?);
    }
    let settings = SearchSettings::default();
    let mut best = best_response(&mut board.game, player, &today, &starts, &settings)?;
    if !best.certificate.status.is_converged() {
        return Err(not_converged("best response", best.certificate.projected_gradient).into());
    }
    // From the other starts nothing better was found; once more from around the point.
    let chosen = variables_of(&board.game, player);
    let criterion = WeightedSum::of_player(player, board.base.len());
    best = once_more(&mut board.game, &criterion, &chosen, best, &settings)?;
    Answer::at(&mut board, title, &best.point, best.certificate)
}

/// A Nash point among players.
///
/// ```
/// use detente::{Scenario, World};
/// use detente::strategy::baseline_world::{BaselineWorld, GameDeficits};
/// use detente::strategy::board::{Reach, Rules};
/// use detente::strategy::instruments::InstrumentSet;
///
/// let world = World::embedded()?;
/// let plain = world.resolve(&Scenario::new("the benchmark's own tariffs"))?;
/// let ground = BaselineWorld::new(world.directory(), &plain, GameDeficits::Zero)?;
/// let rules = Rules { instruments: Some(&InstrumentSet::OneRate), ..Rules::default() };
/// use detente::strategy::nash;
///
/// let seats = [ground.economy("USA")?, ground.economy("CHN")?];
/// let war = nash::war(&ground, &seats, Reach::EachOther, rules)?;
/// assert!(war.certificate.best_response_gain.is_some_and(|gain| gain < 1e-9), "nobody gains by moving alone");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn war(
    ground: &BaselineWorld,
    players: &[usize],
    reach: Reach,
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let mut board = Board::new(ground, players, reach, rules)?;
    let title = format!("Trade war of {} ({})", board.names().join(", "), board.objectives.name);
    let seats = board.movers();
    let start = if board.objectives.kind == ObjectiveKind::Welfare {
        board.today.clone()
    } else {
        board.most_favoured_first(&seats, rules)?.point
    };
    let found = fight(&mut board, &seats, &start)?;
    finish_war(board, title, found)
}

/// The Nash point of a board from a start, certified from several; refused where it is none.
pub fn fight(board: &mut Board, players: &[usize], start: &[f64]) -> Result<NashPoint, NoStrategy> {
    // Many players: the point itself is the start that matters, and re-optimising everybody from everywhere is dear.
    let few = players.len() <= 4 || board.game.is_reduced();
    let mut starts = if few { board.starts() } else { Vec::new() };
    let chosen = variables_of_all(&board.game, players);
    if few {
        starts.extend(around(&board.game, start, &chosen));
    } else {
        starts.push(shaken(&board.game, start, &chosen, SHAKE));
    }
    let found = nash(&mut board.game, players, start, &starts, &NashSettings::default())?;
    if !found.is_equilibrium() {
        return Err(StrategyError::NotConverged {
            search: "trade war",
            reason: format!(
                "after {} rounds rates still move by {:.1e}; the largest gain left is {:.1e}",
                found.rounds,
                found.last_change,
                found.certificate.best_response_gain.unwrap_or(f64::NAN)
            ),
        }
        .into());
    }
    Ok(found)
}

fn finish_war(mut board: Board, title: String, found: NashPoint) -> Result<Answer, NoStrategy> {
    let per_response = found.certificate.effort.gradients as f64
        / (found.rounds * found.players.len() + found.certificate.starts).max(1) as f64;
    let gains = found.players.iter().zip(&found.deviation_gains);
    let gains = gains.map(|(j, gain)| PlayerGain { player: board.ground.code(*j).to_owned(), gain: *gain });
    let war = War {
        rounds: found.rounds,
        last_change: found.last_change,
        gradients_per_best_response: per_response,
        deviation_gains: gains.collect(),
    };
    let mut answer = Answer::at(&mut board, title, &found.point, found.certificate)?;
    answer.found = Found::War(war);
    Ok(answer)
}

/// The error of a search that did not end at an optimum.
pub fn not_converged(search: &'static str, projected_gradient: f64) -> StrategyError {
    let reason = format!(
        "it stopped at a projected gradient of {projected_gradient:.1e}; nothing is reported from there"
    );
    StrategyError::NotConverged { search, reason }
}

/// Payoffs at a point.
pub fn payoffs_at(board: &mut Board, point: &[f64]) -> Result<Vec<f64>, NoStrategy> {
    let mut payoffs = vec![0.0; board.base.len()];
    board.game.evaluate(point, &mut payoffs)?;
    Ok(payoffs)
}
