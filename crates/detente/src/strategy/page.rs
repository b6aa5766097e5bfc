//! The reference page on two sides' strategy: every number from a run, none typed.

use std::fmt::Write;
use std::path::Path;

use detente_engine::strategy::deadline::LEAVES_OUT;

use super::answer::Answer;
use super::board::{Others, Reach, Rules};
use super::calibrated::{Family, calibrate};
use super::error::NoStrategy;
use super::ground::{GameDeficits, Ground};
use super::holding::{DealPoint, PERIOD_DAYS, Patience, sustain};
use super::talks::{Disagreement, bargain, trace_frontier};
use super::war::{optimal, war};
use crate::benchmark_directory::BenchmarkDirectory;
use crate::scenario::meant::Scenario;

/// What the page is about.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The benchmark.
    pub directory: &'a BenchmarkDirectory,
    /// The scenario; its changes are what lapses.
    pub scenario: &'a Scenario,
    /// Codes of the two sides.
    pub sides: [&'a str; 2],
    /// The command that makes the page, to be printed on it.
    pub command: &'a str,
}

/// Writes the page.
pub fn page(request: Request) -> Result<String, NoStrategy> {
    let Request { directory, scenario, sides, command } = request;
    let balanced = Ground::new(directory, scenario, GameDeficits::Zero)?;
    let observed = Ground::new(directory, scenario, GameDeficits::Observed)?;
    let seats = [balanced.economy(sides[0])?, balanced.economy(sides[1])?];
    let mut text = String::new();
    let _ = write!(
        text,
        "# {} and {}: what each would do, and where a deal can lie\n\nMade by `{command}`; do not edit.\n\n\
         World: {} ({}). Trade is balanced before every game begins; the column \"observed\" keeps the observed deficits fixed. \
         All numbers are long-run (7 to 10 years) percent changes of real income from today's tariffs, the others holding theirs unless \
         said otherwise. They say nothing about the first year.\n\n",
        sides[0],
        sides[1],
        directory.benchmark.name,
        directory.benchmark.year.map_or("no year".into(), |year| year.to_string())
    );
    alone_and_at_war(&mut text, [&balanced, &observed], seats)?;
    zones(&mut text, [&balanced, &observed], seats)?;
    the_frontier(&mut text, &balanced, seats)?;
    what_holds(&mut text, &balanced, seats)?;
    objectives(&mut text, &balanced, seats)?;
    assumptions(&mut text, directory, scenario, sides)?;
    let _ = write!(
        text,
        "## What is left out\n\nLimits and purchase commitments are not instruments of these games; money beside tariffs only enters the \
         line \"with side payments\". Nash reversion is not renegotiation-proof. Of a deadline: {LEAVES_OUT}.\n"
    );
    Ok(text)
}

fn number(value: Option<f64>) -> String {
    value.map_or("–".into(), |value| format!("{value:+.3}"))
}

/// Average tariff of one side on some partners, percent, weights: today's trade.
fn average(ground: &Ground, answer: &Answer, player: usize, partner: Option<usize>) -> (f64, f64) {
    let benchmark = &ground.calibration.benchmark;
    let d = benchmark.dimensions();
    let after = &answer.counterfactual.equilibrium.instruments.tariff_rate;
    let (mut weight, mut before, mut then) = (0.0, 0.0, 0.0);
    for s in super::instruments::goods(benchmark) {
        for i in (0..d.economies).filter(|i| *i != player && partner.is_none_or(|p| p == *i)) {
            let cell = d.cell(player, i, s);
            let value = benchmark.border_value[cell];
            weight += value;
            before += value * benchmark.tariff_rate[cell];
            then += value * after[cell];
        }
    }
    (100.0 * before / weight, 100.0 * then / weight)
}

fn worst_outside(ground: &Ground, answer: &Answer, seats: [usize; 2]) -> String {
    let economies = answer.counterfactual.outcomes.economies.iter().enumerate();
    let outside =
        economies.filter(|(j, _)| !seats.contains(j)).filter_map(|(j, row)| Some((j, row.welfare_pct?)));
    outside
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map_or("–".into(), |(j, change)| format!("{} {change:+.3}", ground.code(j)))
}

fn alone_and_at_war(text: &mut String, grounds: [&Ground; 2], seats: [usize; 2]) -> Result<(), NoStrategy> {
    let ground = grounds[0];
    let codes = seats.map(|j| ground.code(j).to_owned());
    let _ = write!(
        text,
        "## Alone, and at war\n\n| game | {0}'s tariffs, % | {1}'s tariffs, % | {0} | {1} | worst outside | {0} observed | {1} observed | gain left |\n\
         |---|---|---|---|---|---|---|---|---|\n",
        codes[0], codes[1]
    );
    type Play = fn(&Ground, [usize; 2]) -> Result<Answer, NoStrategy>;
    let games: [(String, Play); 4] = [
        (format!("best response of {}", codes[0]), |g, s| optimal(g, s[0], None, Rules::default())),
        (format!("best response of {}", codes[1]), |g, s| optimal(g, s[1], None, Rules::default())),
        ("war, rates on everybody".into(), |g, s| war(g, &s, Reach::Everybody, Rules::default())),
        ("war, rates on each other".into(), |g, s| war(g, &s, Reach::EachOther, Rules::default())),
    ];
    for (name, play) in games {
        let answer = play(ground, seats)?;
        let beside = play(grounds[1], seats)?;
        let rates = seats.map(|j| {
            let (before, then) = average(ground, &answer, j, None);
            format!("{before:.1} → {then:.1}")
        });
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {:.0e} |",
            rates[0],
            rates[1],
            number(answer.objective_pct[seats[0]]),
            number(answer.objective_pct[seats[1]]),
            worst_outside(ground, &answer, seats),
            number(beside.objective_pct[seats[0]]),
            number(beside.objective_pct[seats[1]]),
            answer.certificate.best_response_gain.unwrap_or(f64::NAN)
        );
    }
    text.push_str("\nAverages over goods and all partners, weights: today's trade. \"Gain left\" is the most any mover could still gain by re-optimising.\n\n");
    Ok(())
}

fn zones(text: &mut String, grounds: [&Ground; 2], seats: [usize; 2]) -> Result<(), NoStrategy> {
    let ground = grounds[0];
    let codes = seats.map(|j| ground.code(j).to_owned());
    let _ = write!(
        text,
        "## Where a deal can lie\n\nRates of the two sides on each other, by sector, from zero up. Gains are counted from what happens without \
         a deal.\n\n| without a deal | the others | deficits | most for {0} | most for {1} | equal gains | Nash bargain: {0} | {1} | its rates: {0} on {1}, % | {1} on {0}, % | worst outside |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
        codes[0], codes[1]
    );
    let mut cases = vec![
        (Disagreement::Nash, Others::Hold, 0),
        (Disagreement::Nash, Others::Hold, 1),
        (Disagreement::Nash, Others::Mfn, 0),
        (Disagreement::Nash, Others::Match, 0),
        (Disagreement::Today, Others::Hold, 0),
    ];
    if ground.lapse.is_some() {
        cases.insert(2, (Disagreement::Lapse, Others::Hold, 0));
        cases.insert(3, (Disagreement::Lapse, Others::Hold, 1));
    }
    for (from, others, which) in cases {
        let ground = grounds[which];
        let answer = bargain(ground, seats, from, Rules { others, ..Rules::default() })?;
        let zone = &answer.fields["zone"];
        let label = format!("{} | {} | {}", from.word(), others.word(), ground.deficits.word());
        if zone["empty"] == true {
            let _ = writeln!(text, "| {label} | empty | | | | | | | |");
            continue;
        }
        let at = |path: &str| zone.pointer(path).and_then(|value| value.as_f64());
        let gain = |point: &str, code: &str| number(at(&format!("/points/{point}/gains_pct/{code}")));
        let rates = [(0, 1), (1, 0)].map(|(a, b)| average(ground, &answer, seats[a], Some(seats[b])));
        let _ = writeln!(
            text,
            "| {label} | {} | {} | {} | {} | {} | {:.1} → {:.1} | {:.1} → {:.1} | {} |",
            number(at(&format!("/largest_gain_pct/{}", codes[0]))),
            number(at(&format!("/largest_gain_pct/{}", codes[1]))),
            gain("equal_gains", &codes[0]),
            gain("nash_bargain", &codes[0]),
            gain("nash_bargain", &codes[1]),
            rates[0].0,
            rates[0].1,
            rates[1].0,
            rates[1].1,
            worst_outside(ground, &answer, seats)
        );
    }
    text.push_str("\nRates and the worst-off outsider are those of the point of equal gains. Under `mfn` each side's rates hold for all partners; under `match` the others follow each change.\n\n");
    Ok(())
}

fn the_frontier(text: &mut String, ground: &Ground, seats: [usize; 2]) -> Result<(), NoStrategy> {
    let traced = trace_frontier(ground, seats, Disagreement::Nash, 41, false, Rules::default())?;
    let codes = seats.map(|j| ground.code(j).to_owned());
    let _ = write!(
        text,
        "## The frontier\n\n41 points; every fifth is shown, percent from today, beside the economy outside that fares worst and world income.\n\n\
         | point | {} | {} | worst outside | world |\n|---|---|---|---|---|\n",
        codes[0], codes[1]
    );
    let income = &ground.baseline.income;
    let world: f64 = income.iter().sum();
    for (k, point) in traced.frontier.points.iter().enumerate().filter(|(k, _)| k % 5 == 0) {
        let change = traced.board.objective_pct(&point.payoffs);
        let outside = change.iter().enumerate().filter(|(j, _)| !seats.contains(j));
        let worst = outside.filter_map(|(j, c)| Some((j, (*c)?))).min_by(|a, b| a.1.total_cmp(&b.1));
        let total: f64 =
            change.iter().zip(income).filter_map(|(c, i)| Some(c.as_ref()? * i)).sum::<f64>() / world;
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {total:+.4} |",
            k + 1,
            number(change[seats[0]]),
            number(change[seats[1]]),
            worst.map_or("–".into(), |(j, c)| format!("{} {c:+.3}", ground.code(j)))
        );
    }
    let unsettled = traced.frontier.points.iter().filter(|point| !point.status.is_converged()).count();
    let gap = traced.frontier.points.iter().fold(0.0_f64, |m, point| m.max(point.gap));
    let _ = write!(
        text,
        "\nNot converged: {unsettled} of 41; largest distance from the line asked for {gap:.0e} (log payoffs).\n\n"
    );
    Ok(())
}

fn what_holds(text: &mut String, ground: &Ground, seats: [usize; 2]) -> Result<(), NoStrategy> {
    let patience = Patience {
        yearly: 0.95,
        office: 1.0,
        detection_lag: 1,
        punishment_periods: None,
        period_days: PERIOD_DAYS,
    };
    let _ = write!(
        text,
        "## What holds it\n\nThe deal of equal gains, bilateral rates; punishment: the bilateral war, for ever or for some periods of 90 days.\n\n\
         | detection lag, periods | punishment, periods | critical discount factor: {} | {} | punishment is an equilibrium |\n|---|---|---|---|---|\n",
        ground.code(seats[0]),
        ground.code(seats[1])
    );
    for (detection_lag, punishment_periods) in [(1, None), (2, None), (4, None), (1, Some(8))] {
        let patience = Patience { detection_lag, punishment_periods, ..patience };
        let answer = match sustain(ground, seats, DealPoint::EqualGains, patience, Rules::default()) {
            Ok(answer) => answer,
            Err(NoStrategy::Game(error)) => {
                let _ = writeln!(text, "| {detection_lag} | | {error} | | |");
                continue;
            }
            Err(error) => return Err(error),
        };
        let detail = &answer.fields["sustain"];
        let critical = |slot: usize| {
            let found =
                detail.pointer(&format!("/holds/{slot}/critical_discount_factor")).and_then(|v| v.as_f64());
            found.map_or("none".into(), |d| format!("{d:.3}"))
        };
        let _ = writeln!(
            text,
            "| {detection_lag} | {} | {} | {} | {} |",
            punishment_periods.map_or("for ever".into(), |n| n.to_string()),
            critical(0),
            critical(1),
            if detail["punishment_is_equilibrium"] == true { "yes" } else { "no" }
        );
    }
    text.push('\n');
    Ok(())
}

fn objectives(text: &mut String, ground: &Ground, seats: [usize; 2]) -> Result<(), NoStrategy> {
    text.push_str(
        "## Weights under which today's tariffs would be chosen\n\nFitted to the first-order conditions at today's tariffs; never what a \
         government wants. \"Conditions\" is the share of their squares that the weights remove; \"variance\" is the share of the variance of \
         today's rates across sectors and partners that the optimum under the weights explains (negative: worse than one rate for all); \
         \"after the lapse\" asks the same of another date's tariffs.\n\n\
         | player | objective | weight beside welfare's one | conditions | variance | after the lapse | its average tariff, % | today's, % |\n|---|---|---|---|---|---|---|---|\n",
    );
    for (player, rival) in [(seats[0], seats[1]), (seats[1], seats[0])] {
        for family in Family::ALL {
            let found = match calibrate(ground, player, rival, family) {
                Ok(found) => found,
                Err(NoStrategy::Game(error)) => {
                    let _ = writeln!(
                        text,
                        "| {} | {} | {error} | | | | | |",
                        ground.code(player),
                        family.words()
                    );
                    continue;
                }
                Err(error) => return Err(error),
            };
            let weight = match found.weights.as_slice() {
                [] => "–".to_owned(),
                [(weight, _)] => format!("{weight:+.5}"),
                many => {
                    let low = many.iter().map(|(w, _)| *w).fold(f64::INFINITY, f64::min);
                    let high = many.iter().map(|(w, _)| *w).fold(f64::NEG_INFINITY, f64::max);
                    format!("{low:+.5} to {high:+.5}")
                }
            };
            let _ = writeln!(
                text,
                "| {} | {} | {weight} | {:.2} | {:.2} | {} | {:.1} | {:.1} |",
                ground.code(player),
                family.words(),
                found.conditions_explained,
                found.variance_explained,
                found.variance_explained_after_lapse.map_or("–".into(), |v| format!("{v:.2}")),
                100.0 * found.average_rate.0,
                100.0 * found.average_rate.1
            );
        }
    }
    text.push('\n');
    Ok(())
}

fn assumptions(
    text: &mut String,
    directory: &BenchmarkDirectory,
    scenario: &Scenario,
    sides: [&str; 2],
) -> Result<(), NoStrategy> {
    let _ = write!(
        text,
        "## Which assumptions drive it\n\nThe war with rates on everybody under other trade elasticities and instruments.\n\n\
         | assumption | {0}'s tariffs, % | {1}'s tariffs, % | {0} | {1} | worst outside |\n|---|---|---|---|---|---|\n",
        sides[0], sides[1]
    );
    let cases: [(&str, f64, Option<&Path>); 4] = [
        ("as above", 1.0, None),
        ("all trade elasticities halved", 0.5, None),
        ("all trade elasticities doubled", 2.0, None),
        ("one rate per sector for all partners", 1.0, Some(Path::new("mfn"))),
    ];
    for (name, factor, instruments) in cases {
        let mut other = directory.clone();
        other.benchmark.sectors.iter_mut().for_each(|sector| {
            sector.trade_elasticity *= factor;
            if let Some(tariff) = &mut sector.tariff_elasticity {
                *tariff *= factor;
            }
        });
        let ground = Ground::new(&other, scenario, GameDeficits::Zero)?;
        let seats = [ground.economy(sides[0])?, ground.economy(sides[1])?];
        let answer = war(&ground, &seats, Reach::Everybody, Rules { instruments, ..Rules::default() })?;
        let rates = seats.map(|j| average(&ground, &answer, j, None).1);
        let _ = writeln!(
            text,
            "| {name} | {:.1} | {:.1} | {} | {} | {} |",
            rates[0],
            rates[1],
            number(answer.objective_pct[seats[0]]),
            number(answer.objective_pct[seats[1]]),
            worst_outside(&ground, &answer, seats)
        );
    }
    text.push('\n');
    Ok(())
}
