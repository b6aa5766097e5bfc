//! The games on economies whose answers are known in closed form.

use super::small::{ExchangeGame, FormulaGame, variable};
use detente_engine::games::bargaining::{Talks, bargain};
use detente_engine::games::best_response::{Start, best_response};
use detente_engine::games::cooperation::{CooperationSettings, Table, cooperate};
use detente_engine::games::deadline::{Deadline, Indifference, StateFlows};
use detente_engine::games::error::StrategyError;
use detente_engine::games::frontier::{FrontierRequest, frontier};
use detente_engine::games::nash::{NashSettings, nash};
use detente_engine::games::payoff::{Game, PayoffScale};
use detente_engine::games::projected_newton::SearchSettings;
use detente_engine::games::renegotiation::{Penance, critical_discount_factor};
use detente_engine::games::sustain::{Deal, PeriodPayoffs, Punishment, most_cooperative, sustain};

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance,
        "found {found}, expected {expected}, tolerance {tolerance}"
    );
}

/// Costly favours: a is the first player's gift, b the second's. `v₁ = b − a²/2`, `v₂ = k a − b²/2`, k = 2.
/// Alone nobody gives. Efficient gifts satisfy `a b = k`. With bargaining power α of the first, Nash's point has
/// `b³ = k² (1+α)/(2−α)`.
fn favours() -> FormulaGame {
    FormulaGame::new(
        &["FIRST", "SECOND"],
        vec![variable(0, 0.0, 20.0), variable(1, 0.0, 20.0)],
        |p| vec![p[1] - p[0] * p[0] / 2.0, 2.0 * p[0] - p[1] * p[1] / 2.0],
        |p| vec![vec![-p[0], 1.0], vec![2.0, -p[1]]],
    )
}

/// A Prisoner's Dilemma in mixed strategies: T = 5, R = 3, P = 1, S = 0; variables are the chances to cooperate.
fn prisoners() -> FormulaGame {
    FormulaGame::new(
        &["ROW", "COLUMN"],
        vec![variable(0, 0.0, 1.0), variable(1, 0.0, 1.0)],
        |p| {
            let (x, y) = (p[0], p[1]);
            let payoff = |x: f64, y: f64| 3.0 * x * y + 5.0 * (1.0 - x) * y + (1.0 - x) * (1.0 - y);
            vec![payoff(x, y), payoff(y, x)]
        },
        |p| {
            let own = |y: f64| 3.0 * y - 5.0 * y - (1.0 - y);
            let other = |x: f64| 3.0 * x + 5.0 * (1.0 - x) - (1.0 - x);
            vec![vec![own(p[1]), other(p[0])], vec![other(p[1]), own(p[0])]]
        },
    )
}

fn start(point: &[f64]) -> Start {
    Start::new("given", point.to_vec())
}

#[test]
fn small_economy_optimal_tariff_is_one_over_theta() {
    let mut game = ExchangeGame::new([1e-9, 1.0], [0.5, 0.5e-9], 4.0, 0.0);
    let best =
        best_response(&mut game, 0, &[0.0, 0.0], &[start(&[0.0, 0.0])], &SearchSettings::default()).unwrap();
    assert!(best.certificate.status.is_converged());
    close(best.point[0].exp_m1(), 1.0 / 4.0, 1e-7);
}

#[test]
fn large_economy_optimal_tariff_is_one_over_theta_times_foreign_own_share() {
    let mut game = ExchangeGame::new([1.0, 2.0], [0.6, 0.3], 3.0, 0.0);
    let best =
        best_response(&mut game, 0, &[0.0, 0.1], &[start(&[0.0, 0.1])], &SearchSettings::default()).unwrap();
    let mut payoffs = [0.0; 2];
    game.evaluate(&best.point, &mut payoffs).unwrap();
    let own_share = game.own_share(1);
    assert!(own_share < 0.95, "the case must be one of a large economy");
    close(best.point[0].exp_m1(), 1.0 / (3.0 * own_share), 1e-8);
}

/// Johnson's war of two symmetric economies: both tariffs satisfy `t = 1/(θ π_ff)` at once, are equal, and both lose.
#[test]
fn symmetric_war_has_equal_tariffs_and_two_losers() {
    let mut game = ExchangeGame::new([1.0, 1.0], [0.7, 0.7], 2.5, 0.0);
    let mut free_trade = [0.0; 2];
    game.evaluate(&[0.0, 0.0], &mut free_trade).unwrap();
    let starts = [start(&[0.0, 0.0]), start(&[1.5, 1.5])];
    let war = nash(&mut game, &[0, 1], &[0.4, 0.0], &starts, &NashSettings::default()).unwrap();
    assert!(war.is_equilibrium());
    assert!(war.certificate.best_response_gain.unwrap() <= 1e-12);
    close(war.point[0], war.point[1], 1e-9);
    game.evaluate(&war.point, &mut [0.0; 2]).unwrap();
    close(war.point[0].exp_m1(), 1.0 / (2.5 * game.own_share(1)), 1e-8);
    assert!((0..2).all(|j| war.payoffs[j] < free_trade[j] - 1e-4));
}

/// Johnson: with different sizes the larger economy can win its war.
#[test]
fn a_much_larger_economy_wins_its_war() {
    let mut game = ExchangeGame::new([20.0, 1.0], [0.1, 2.0], 2.0, 0.0);
    let mut free_trade = [0.0; 2];
    game.evaluate(&[0.0, 0.0], &mut free_trade).unwrap();
    let war = nash(&mut game, &[0, 1], &[0.0, 0.0], &[], &NashSettings::default()).unwrap();
    assert!(war.payoffs[0] > free_trade[0] && war.payoffs[1] < free_trade[1]);
}

#[test]
fn free_trade_leaves_no_common_gain_under_perfect_competition() {
    let mut game = ExchangeGame::new([1.0, 3.0], [0.7, 0.4], 2.5, 0.0);
    let mut free_trade = vec![0.0; 2];
    game.evaluate(&[0.0, 0.0], &mut free_trade).unwrap();
    let starts = [start(&[0.0, 0.0]), start(&[0.3, 0.1])];
    let table = Table::equal_gains(&[0, 1], &free_trade);
    let agreement = cooperate(&mut game, &table, &starts, &CooperationSettings::default()).unwrap();
    close(agreement.gain, 0.0, 1e-9);
    assert!(agreement.gap <= 1e-9);
}

/// From the war, equal gains are positive, efficient and equal: efficiency without bounds means `Π(1+t) = 1`.
#[test]
fn cooperation_from_war_is_efficient_and_equal() {
    let mut game = ExchangeGame::new([1.0, 3.0], [0.7, 0.4], 2.5, -1.0);
    let war = nash(&mut game, &[0, 1], &[0.0, 0.0], &[], &NashSettings::default()).unwrap();
    let table = Table::equal_gains(&[0, 1], &war.payoffs);
    let starts = [start(&war.point), start(&[0.0, 0.0])];
    let agreement = cooperate(&mut game, &table, &starts, &CooperationSettings::default()).unwrap();
    assert!(agreement.certificate.status.is_converged(), "{agreement:?}");
    assert!(agreement.gain > 1e-3);
    let gains = [agreement.payoffs[0] - war.payoffs[0], agreement.payoffs[1] - war.payoffs[1]];
    close(gains[0], gains[1], 1e-9);
    close(agreement.point[0] + agreement.point[1], 0.0, 1e-6);
}

#[test]
fn favours_bargain_to_the_known_nash_point() {
    for alpha in [0.3, 0.5, 0.8] {
        let mut game = favours();
        let talks = Talks {
            sides: [0, 1],
            disagreement: vec![0.0, 0.0],
            disagreement_point: vec![0.0, 0.0],
            power: [alpha, 1.0 - alpha],
            scale: PayoffScale::Level,
        };
        let deal =
            bargain(&mut game, &talks, &[start(&[1.0, 1.0])], &CooperationSettings::default()).unwrap();
        let points = deal.points.expect("there is a zone");
        let b = (4.0 * (1.0 + alpha) / (2.0 - alpha)).cbrt();
        close(points.nash.point[1], b, 1e-6);
        close(points.nash.point[0], 2.0 / b, 1e-6);
        let ks = &points.kalai_smorodinsky;
        close(ks.payoffs[0] / deal.largest_gains[0], ks.payoffs[1] / deal.largest_gains[1], 1e-8);
        close(ks.point[0] * ks.point[1], 2.0, 1e-5);
        close(points.equal_gains.payoffs[0], points.equal_gains.payoffs[1], 1e-9);
        // The ends: the other side at zero, on the frontier.
        close(deal.ends[0].payoffs[1], 0.0, 1e-9);
        close(deal.ends[0].point[0] * deal.ends[0].point[1], 2.0, 1e-5);
    }
}

#[test]
fn frontier_of_favours_is_the_hyperbola() {
    let mut game = favours();
    let request = FrontierRequest { sides: [0, 1], floor: Some(vec![0.0, 0.0]), points: 21 };
    let line = frontier(&mut game, &request, &[start(&[1.0, 1.0])], &CooperationSettings::default()).unwrap();
    assert_eq!(line.points.len(), 21);
    for pair in line.points.windows(2) {
        assert!(pair[1].payoffs[0] > pair[0].payoffs[0] && pair[1].payoffs[1] < pair[0].payoffs[1]);
    }
    for point in &line.points {
        assert!(point.certificate.status.is_converged(), "{point:?}");
        close(point.point[0] * point.point[1], 2.0, 1e-5);
    }
}

/// A zero-sum quarrel leaves nothing to bargain about.
#[test]
fn an_empty_zone_is_an_answer() {
    let mut game = FormulaGame::new(
        &["FIRST", "SECOND"],
        vec![variable(0, 0.0, 1.0), variable(1, 0.0, 1.0)],
        |p| vec![p[0] - p[1], p[1] - p[0]],
        |_| vec![vec![1.0, -1.0], vec![-1.0, 1.0]],
    );
    let talks = Talks {
        sides: [0, 1],
        disagreement: vec![0.0, 0.0],
        disagreement_point: vec![1.0, 1.0],
        power: [0.5, 0.5],
        scale: PayoffScale::Level,
    };
    let deal = bargain(&mut game, &talks, &[], &CooperationSettings::default()).unwrap();
    assert!(deal.zone_is_empty());
}

#[test]
fn prisoners_hold_their_deal_above_the_textbook_discount_factor() {
    let mut game = prisoners();
    let war = nash(&mut game, &[0, 1], &[0.7, 0.6], &[], &NashSettings::default()).unwrap();
    assert_eq!(war.point, vec![0.0, 0.0]);
    let deal = Deal {
        players: vec![0, 1],
        point: vec![1.0, 1.0],
        punishment_point: war.point,
        punishment: Punishment::default(),
        office_survival: vec![1.0, 0.8],
        scale: PayoffScale::Level,
    };
    let answer = sustain(&mut game, &deal, &[], &SearchSettings::default()).unwrap();
    assert!(answer.punishment_is_equilibrium);
    for hold in &answer.holds {
        assert_eq!(hold.payoffs, PeriodPayoffs { deviation: 5.0, deal: 3.0, punishment: 1.0 });
        close(hold.critical_discount_factor.unwrap(), (5.0 - 3.0) / (5.0 - 1.0), 1e-12);
    }
    close(answer.holds[1].critical_patience.unwrap(), 0.5 / 0.8, 1e-12);
}

#[test]
fn a_punishment_that_somebody_would_leave_is_flagged() {
    let mut game = prisoners();
    let deal = Deal {
        players: vec![0, 1],
        point: vec![1.0, 1.0],
        punishment_point: vec![0.0, 0.5],
        punishment: Punishment::default(),
        office_survival: vec![1.0, 1.0],
        scale: PayoffScale::Level,
    };
    let answer = sustain(&mut game, &deal, &[], &SearchSettings::default()).unwrap();
    assert!(!answer.punishment_is_equilibrium);
    // The column player's half-hearted cooperation costs it P(1) − ½·S(0) − ½·P(1) = ½.
    close(answer.punishment_gain, 0.5, 1e-9);
}

#[test]
fn lags_and_short_punishments_ask_for_more_patience() {
    let payoffs = PeriodPayoffs { deviation: 5.0, deal: 3.0, punishment: 1.0 };
    let critical = |lag, length| payoffs.critical_discount_factor(&Punishment { detection_lag: lag, length });
    // Two periods of cheating: 2(1+δ)(1−δ) = 2δ², hence δ² = ½.
    close(critical(2, None).unwrap(), 0.5_f64.sqrt(), 1e-12);
    // Two periods of punishment: δ + δ² = 1.
    close(critical(1, Some(2)).unwrap(), (5.0_f64.sqrt() - 1.0) / 2.0, 1e-12);
    // One period of punishment for one of cheating of the same size: never below one.
    assert_eq!(critical(1, Some(1)), None);
    let no_threat = PeriodPayoffs { punishment: 3.5, ..payoffs };
    assert_eq!(no_threat.critical_discount_factor(&Punishment::default()), None);
}

/// Favours with k = 1 on the segment (0,0)→(1,1): share s holds where `2δ ≥ s`.
#[test]
fn most_cooperative_deal_is_twice_the_discount_factor() {
    let mut game = FormulaGame::new(
        &["FIRST", "SECOND"],
        vec![variable(0, 0.0, 5.0), variable(1, 0.0, 5.0)],
        |p| vec![p[1] - p[0] * p[0] / 2.0, p[0] - p[1] * p[1] / 2.0],
        |p| vec![vec![-p[0], 1.0], vec![1.0, -p[1]]],
    );
    let deal = Deal {
        players: vec![0, 1],
        point: vec![1.0, 1.0],
        punishment_point: vec![0.0, 0.0],
        punishment: Punishment::default(),
        office_survival: vec![1.0, 1.0],
        scale: PayoffScale::Level,
    };
    let best = most_cooperative(&mut game, &deal, &[0.31, 0.4], &SearchSettings::default()).unwrap().unwrap();
    close(best.share, 0.62, 2e-6);
    let whole = most_cooperative(&mut game, &deal, &[0.6, 0.6], &SearchSettings::default()).unwrap().unwrap();
    assert_eq!(whole.share, 1.0);
}

#[test]
fn a_truce_under_hazard_has_its_closed_form() {
    let (g, h, d) = (2.0, 0.15, 0.97);
    let flows = StateFlows { truce: g, lapsed: 0.0, deal: 0.0 };
    let deadline = Deadline::with_hazard(h);
    close(deadline.values(&flows, d).unwrap().truce, g / (1.0 - d * (1.0 - h)), 1e-12);
    close(deadline.value_of_extension(&flows, d).unwrap(), g / (1.0 - d * (1.0 - h)), 1e-12);
}

#[test]
fn three_states_satisfy_their_recursion() {
    let flows = StateFlows { truce: 1.0, lapsed: -2.0, deal: 1.5 };
    let deadline = Deadline { extension: 0.6, deal: 0.25, restored: 0.1, breakdown: 0.05 };
    let d = 0.95;
    let v = deadline.values(&flows, d).unwrap();
    close(v.truce, 1.0 + d * (0.6 * v.truce + 0.25 * v.deal + 0.15 * v.lapsed), 1e-11);
    close(v.lapsed, -2.0 + d * (0.1 * v.truce + 0.9 * v.lapsed), 1e-11);
    close(v.deal, 1.5 + d * (0.95 * v.deal + 0.05 * v.lapsed), 1e-11);
    assert_eq!(deadline.indifference(&flows, d).unwrap(), Indifference::AlwaysDeal);
}

/// Several local optima: the better one is wanted and both are reported.
#[test]
fn several_starts_find_the_better_of_two_optima() {
    let mut game = FormulaGame::new(
        &["ONLY"],
        vec![variable(0, -3.0, 3.0)],
        |p| vec![-(p[0] * p[0] - 1.0).powi(2) + 0.2 * p[0]],
        |p| vec![vec![-4.0 * p[0] * (p[0] * p[0] - 1.0) + 0.2]],
    );
    let starts = [start(&[-2.0]), start(&[0.5])];
    let best = best_response(&mut game, 0, &[-2.0], &starts, &SearchSettings::default()).unwrap();
    assert!(best.point[0] > 0.9);
    assert_eq!(best.certificate.optima.len(), 2);
    assert_eq!(best.certificate.starts, 2);
}

#[test]
fn wrong_questions_are_refused_with_reasons() {
    use detente_engine::games::payoff::player_of;
    let mut game = prisoners();
    let unknown = player_of(&game, "ROWE").unwrap_err().to_string();
    assert!(unknown.contains("ROWE") && unknown.contains("COLUMN"));
    let flows = StateFlows { truce: 1.0, lapsed: 0.0, deal: 0.0 };
    let refused = Deadline::with_hazard(0.1).values(&flows, 1.2).unwrap_err();
    assert!(matches!(refused, StrategyError::Domain { found, .. } if found == 1.2));
    assert!(
        Deadline { extension: 0.8, deal: 0.4, restored: 0.0, breakdown: 0.0 }.values(&flows, 0.9).is_err()
    );
    let lost = best_response(&mut game, 0, &[0.0], &[start(&[0.0])], &SearchSettings::default());
    assert!(matches!(lost, Err(StrategyError::Size { .. })));
    let table = Table {
        seats: vec![0, 1],
        base: vec![0.0, 0.0],
        direction: vec![1.0, -1.0],
        strict: false,
        neighbour_weights: None,
    };
    assert!(cooperate(&mut game, &table, &[start(&[0.0, 0.0])], &CooperationSettings::default()).is_err());
}

/// 1,000 random feasible perturbations raise neither a best response, nor a Nash point, nor an agreement, nor a bargain.
#[test]
fn no_random_perturbation_improves() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut game = ExchangeGame::new([1.0, 3.0], [0.7, 0.4], 2.5, -0.5);
    let war = nash(&mut game, &[0, 1], &[0.0, 0.0], &[], &NashSettings::default()).unwrap();
    let table = Table::equal_gains(&[0, 1], &war.payoffs);
    let peace = cooperate(&mut game, &table, &[start(&war.point)], &CooperationSettings::default()).unwrap();
    let talks = Talks {
        sides: [0, 1],
        disagreement: war.payoffs.clone(),
        disagreement_point: war.point.clone(),
        power: [0.5, 0.5],
        scale: PayoffScale::Logarithm,
    };
    let deal = bargain(&mut game, &talks, &[], &CooperationSettings::default()).unwrap();
    let nash_deal = deal.points.unwrap().nash;
    let mut payoffs = [0.0; 2];
    for round in 0..1000 {
        let size = 10f64.powf(-5.0 * random());
        let shake: Vec<f64> = (0..2).map(|_| size * (2.0 * random() - 1.0)).collect();
        let inside = |u: f64| u.clamp(-0.5, 3.0);
        let mover = round % 2;
        let mut aside = war.point.clone();
        aside[mover] = inside(aside[mover] + shake[mover]);
        game.evaluate(&aside, &mut payoffs).unwrap();
        assert!(payoffs[mover] <= war.payoffs[mover] + 1e-10);

        let aside: Vec<f64> = peace.point.iter().zip(&shake).map(|(p, s)| inside(p + s)).collect();
        game.evaluate(&aside, &mut payoffs).unwrap();
        let smallest = (0..2).map(|j| payoffs[j] - war.payoffs[j]).fold(f64::INFINITY, f64::min);
        assert!(smallest <= peace.gain + 1e-8);

        let aside: Vec<f64> = nash_deal.point.iter().zip(&shake).map(|(p, s)| inside(p + s)).collect();
        game.evaluate(&aside, &mut payoffs).unwrap();
        let gains: Vec<f64> = (0..2).map(|j| (payoffs[j] - war.payoffs[j]).exp_m1()).collect();
        if gains.iter().all(|g| *g > 0.0) {
            assert!(0.5 * (gains[0].ln() + gains[1].ln()) <= nash_deal.value + 1e-10);
        }
    }
}

/// Penance in a Prisoner's Dilemma (van Damme 1989): after one period in which the one who broke the deal is cheated in turn the deal
/// returns. It is kept from `(T−R)/(R−S)` on, penance is done from `(P−S)/(R−S)` on, and nobody gains by starting over.
#[test]
fn penance_in_a_prisoners_dilemma_has_its_closed_form() {
    for [t, r, p, s] in [[5.0, 3.0, 1.0, 0.0], [4.0, 3.0, 1.9, 0.0], [3.5, 3.0, 1.0, 0.5]] {
        let side = Penance {
            deal: r,
            deviation: t,
            penance: s,
            deviation_in_penance: p,
            reward: t,
            deviation_in_reward: t,
        };
        let (found, periods) = critical_discount_factor(&[side, side], 1, 1).unwrap();
        let (keep, repent): (f64, f64) = ((t - r) / (r - s), (p - s) / (r - s));
        close(found, keep.max(repent), 1e-9);
        assert_eq!(periods, 1);
        // Short of it a condition fails; beyond it none.
        assert!(side.shortfall(found - 1e-3, 1, 1) > 0.0 && side.shortfall(found + 1e-3, 1, 1) <= 0.0);
    }
    // A reward that the wronged side likes less than the deal would be talked away at any patience: no penance.
    let side = Penance {
        deal: 3.0,
        deviation: 5.0,
        penance: 1.0,
        deviation_in_penance: 1.0,
        reward: 1.0,
        deviation_in_reward: 1.0,
    };
    assert_eq!(critical_discount_factor(&[side, side], 1, 40), None);
}

/// Two points are stationary here, and from one start the agreement looks as if the first player were held down: letting it off would leave
/// it below the line. It stays on it.
#[test]
fn nobody_is_let_off_below_the_line() {
    // The first gains by x and loses by y beyond x; the second gains by both, most at large y.
    let mut game = FormulaGame::new(
        &["FIRST", "SECOND"],
        vec![variable(0, 0.0, 4.0), variable(1, 0.0, 4.0)],
        |p| {
            vec![
                p[0] - 0.2 * p[0] * p[0] - 0.5 * p[1] * p[1] + 0.1 * p[1],
                p[1] + 0.3 * p[0] - 0.1 * p[1] * p[1],
            ]
        },
        |p| vec![vec![1.0 - 0.4 * p[0], 0.1 - p[1]], vec![0.3, 1.0 - 0.2 * p[1]]],
    );
    let base = [0.0, 0.0];
    for from in [[0.0, 0.0], [4.0, 4.0], [0.0, 4.0], [4.0, 0.0], [2.0, 2.0]] {
        let table = Table::equal_gains(&[0, 1], &base);
        let deal = cooperate(&mut game, &table, &[start(&from)], &CooperationSettings::default()).unwrap();
        for j in 0..2 {
            assert!(deal.payoffs[j] >= deal.gain - 1e-8, "{from:?}: {:?} {}", deal.payoffs, deal.gain);
        }
    }
}
