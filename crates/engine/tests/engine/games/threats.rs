//! Threats and certificates whose answers are known in closed form: paths of punishment, what is talked away, what a second search finds.

// Only its games in formulas are played here.
use super::small::{FormulaGame, variable};
#[allow(dead_code)]
use detente_engine::games::best_response::{Start, best_of_starts, once_more};
use detente_engine::games::cooperation::{CooperationSettings, Recheck, Table, cooperate};
use detente_engine::games::criterion::WeightedSum;
use detente_engine::games::projected_newton::SearchSettings;
use detente_engine::games::punishment_path::{PathPayoffs, StatePayoffs, critical_discount_factor};
use detente_engine::games::renegotiation::talked_away;
use detente_engine::games::sustain::{PeriodPayoffs, Punishment};

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
}

fn one_state(deviation: f64, stay: f64, leave: f64, periods: u32, returns: bool) -> PathPayoffs {
    PathPayoffs { deal: 3.0, deviation, states: vec![StatePayoffs { stay, leave, periods }], returns }
}

/// The war for ever, or for two periods, asks for the patience that temptation against punishment says.
#[test]
fn a_path_of_war_is_reversion_to_war() {
    for (length, returns) in [(None, false), (Some(2), true), (Some(7), true)] {
        let path = one_state(5.0, 1.0, 1.0, length.unwrap_or(1), returns);
        let known = PeriodPayoffs { deviation: 5.0, deal: 3.0, punishment: 1.0 }
            .critical_discount_factor(&Punishment { detection_lag: 1, length })
            .unwrap();
        close(critical_discount_factor(&[path.clone(), path], 1, 1e-12).unwrap(), known, 1e-9);
    }
}

/// One period at S = −1, which a side could leave for 1, then the deal at 3 returns: it stays from δ = ½ on, since `W_0 = 4δ − 1 ≥ 1`,
/// and keeps the deal where `4δ² − (T+1)δ + T − 3 ≤ 0`, for T = 5.5 from 5/8 on.
#[test]
fn a_stick_that_is_no_equilibrium_holds_for_the_carrot_behind_it() {
    for (deviation, expected) in [(4.5, 0.5), (5.5, 0.625)] {
        let path = one_state(deviation, -1.0, 1.0, 1, true);
        close(critical_discount_factor(&[path.clone(), path], 1, 1e-12).unwrap(), expected, 1e-9);
    }
    // Short of one half it is an empty threat, and by how much is known: (1−δ)(1 − W_0).
    let path = one_state(4.5, -1.0, 1.0, 1, true);
    let leaving = path.leaving(0.4, 1).unwrap();
    close(leaving.gain, 0.6 * (1.0 - 0.6), 1e-12);
    // For ever the same state holds at no patience: it is left at once, for (1−δ)(D − S) a period.
    let path = one_state(4.5, -1.0, 1.0, 1, false);
    close(path.leaving(0.9, 1).unwrap().gain, 0.1 * 2.0, 1e-12);
    assert_eq!(critical_discount_factor(&[path], 1, 1e-12), None);
}

/// Any path, any lag: the conditions against sums over ten thousand periods.
#[test]
fn a_path_is_worth_what_its_periods_add_up_to() {
    let states = vec![
        StatePayoffs { stay: -2.0, leave: -0.5, periods: 2 },
        StatePayoffs { stay: 0.3, leave: 0.4, periods: 1 },
        StatePayoffs { stay: 1.0, leave: 1.7, periods: 3 },
    ];
    for returns in [false, true] {
        for lag in [1_u32, 2, 5, 9] {
            let path = PathPayoffs { deal: 3.0, deviation: 4.0, states: states.clone(), returns };
            let (d, horizon) = (0.93_f64, 10_000);
            let end = if returns { None } else { Some(states[2]) };
            let at = |k: usize| -> StatePayoffs {
                let plain = [states[0], states[0], states[1], states[2], states[2], states[2]];
                let behind = StatePayoffs { stay: 3.0, leave: 4.0, periods: 1 };
                plain.get(k).copied().or(end).unwrap_or(behind)
            };
            let stay = |from: usize| {
                (0..horizon).map(|i| (1.0 - d) * d.powi(i) * at(from + i as usize).stay).sum::<f64>()
            };
            let leave = |from: usize| {
                (0..lag as i32).map(|i| (1.0 - d) * d.powi(i) * at(from + i as usize).leave).sum::<f64>()
                    + d.powi(lag as i32) * stay(0)
            };
            let periods = if returns { 6 } else { 4 };
            let most = (0..periods).map(|k| leave(k) - stay(k)).fold(f64::NEG_INFINITY, f64::max);
            close(path.leaving(d, lag).unwrap().gain, most, 1e-10);
            let broken = (1.0 - d.powi(lag as i32)) * 4.0 + d.powi(lag as i32) * stay(0) - 3.0;
            close(path.net_temptation(d, lag), broken, 1e-10);
        }
    }
}

/// Reversion to war is talked away, penance is not.
#[test]
fn what_leaves_both_worse_off_is_talked_away() {
    let found = talked_away(&[vec![3.0, 3.0], vec![1.0, 1.0]], 1e-9).unwrap();
    assert_eq!((found.from, found.to, found.gains), (1, 0, vec![2.0, 2.0]));
    assert_eq!(talked_away(&[vec![3.0, 3.0], vec![0.0, 5.0], vec![5.0, 0.0]], 1e-9), None);
    // Two penances of which one is better for both: the worse one is talked away, though not for the deal.
    let found = talked_away(&[vec![3.0, 3.0], vec![0.0, 5.0], vec![1.0, 6.0]], 1e-9).unwrap();
    assert_eq!((found.from, found.to), (1, 2));
}

/// Two hills close together, the lower one found first: `f = −25 (x² − 0.04)² + 0.02 x`.
fn hill(x: f64) -> (f64, f64) {
    let bend = x * x - 0.04;
    (-25.0 * bend * bend + 0.02 * x, -100.0 * bend * x + 0.02)
}

#[test]
fn a_second_search_adopts_the_better_hill_and_says_what_is_left_there() {
    let mut game = FormulaGame::new(
        &["ONLY"],
        vec![variable(0, -3.0, 3.0)],
        |p| vec![hill(p[0]).0],
        |p| vec![vec![hill(p[0]).1]],
    );
    let criterion = WeightedSum::of_player(0, 1);
    let settings = SearchSettings::default();
    let low = Start::new("left", vec![-0.25]);
    let first = best_of_starts(&mut game, &criterion, &[0], &[-0.25], &[low], &settings).unwrap();
    assert!(first.point[0] < 0.0, "the lower hill comes first");
    let found = once_more(&mut game, &criterion, &[0], first.clone(), &settings).unwrap();
    assert!(found.point[0] > 0.15 && found.value > first.value + 1e-3, "{found:?}");
    assert!(found.certificate.best_response_gain.unwrap() <= 1e-12, "nothing is left at the better one");
    assert_eq!(found.certificate.local_optima(), 2);
    assert!(found.certificate.starts >= 7);
}

#[test]
fn an_agreement_searched_again_adopts_the_better_hill() {
    let game = || {
        FormulaGame::new(
            &["FIRST", "SECOND"],
            vec![variable(0, -3.0, 3.0), variable(1, -3.0, 3.0)],
            |p| vec![hill(p[0]).0 + p[1], hill(p[0]).0 - p[1] - 0.1 * p[1] * p[1]],
            |p| vec![vec![hill(p[0]).1, 1.0], vec![hill(p[0]).1, -1.0 - 0.2 * p[1]]],
        )
    };
    let table = Table::equal_gains(&[0, 1], &[0.0, 0.0]);
    let low = [Start::new("left", vec![-0.25, 0.1])];
    let plain = CooperationSettings::default();
    let first = cooperate(&mut game(), &table, &low, &plain).unwrap();
    assert!(first.point[0] < 0.0 && first.certificate.best_response_gain.is_none());
    let settings = CooperationSettings { recheck: Recheck::Around, ..plain };
    let found = cooperate(&mut game(), &table, &low, &settings).unwrap();
    assert!(found.point[0] > 0.15 && found.gain > first.gain + 1e-3, "{found:?}");
    assert!(found.certificate.best_response_gain.unwrap() <= 1e-8);
    assert!(found.certificate.local_optima() >= 2);
    close(found.payoffs[0], found.payoffs[1], 1e-9);
}
