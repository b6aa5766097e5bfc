//! The reference page on two sides' strategy: every number from a run, none typed.

use std::fmt::Write;

use detente_engine::strategy::deadline::{Deadline, LEAVES_OUT};
use detente_engine::strategy::sustain::{EMPTY_THREAT_ABOVE, PeriodPayoffs, Punishment};

use super::answer::lines;
use super::found_words::period_of_today;
use super::page_assumptions::{assumptions, draws, objectives};
use super::page_cells::{average, number, worst_outside};
use super::split;
use super::zone::gains;
use detente::scenario::meant::Scenario;
use detente::strategy::answer::Answer;
use detente::strategy::bargain::{Disagreement, bargain};
use detente::strategy::baseline_world::{BaselineWorld, GameDeficits};
use detente::strategy::board::{Others, Reach, Rules};
use detente::strategy::certificates::{LEGEND, one_cell};
use detente::strategy::day::RecordDay;
use detente::strategy::deadline::{Odds, deadline};
use detente::strategy::doubt::Doubt;
use detente::strategy::error::NoStrategy;
use detente::strategy::found::{BargainingPoint, Found};
use detente::strategy::frontier::trace_frontier;
use detente::strategy::instruments::InstrumentSet;
use detente::strategy::nash::{optimal, war};
use detente::strategy::policies::average_rate;
use detente::strategy::sustain::{DealPoint, PERIOD_DAYS, Patience, Threat, sustain};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::parallel::Control;

/// What the page is about.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// How the games are governed: the flag that stops them, who hears of draws.
    pub control: &'a Control,
    /// The benchmark.
    pub directory: &'a BenchmarkDirectory,
    /// The scenario; its changes are what lapses.
    pub scenario: &'a Scenario,
    /// The record's day, where today's tariffs are the record's.
    pub record: Option<&'a RecordDay<'a>>,
    /// Codes of the two sides.
    pub sides: [&'a str; 2],
    /// The command that makes the page, to be printed on it.
    pub command: &'a str,
}

/// Writes the page.
pub fn page(request: Request) -> Result<String, NoStrategy> {
    let Request { control, directory, scenario, record, sides, command } = request;
    let balanced = BaselineWorld::new_under(control, directory, scenario, GameDeficits::Zero)?;
    let observed = BaselineWorld::new_under(control, directory, scenario, GameDeficits::Observed)?;
    let seats = [balanced.economy(sides[0])?, balanced.economy(sides[1])?];
    let mut text = String::new();
    let _ = write!(
        text,
        "# {} and {}: what each would do, and where a deal can lie\n\nMade by `{command}`; do not edit.\n\n\
         World: {} ({}). Trade is balanced before every game begins; the column \"observed\" keeps the observed deficits fixed. \
         All numbers are long-run percent changes of real income from today's tariffs, the others holding theirs unless \
         said otherwise. They say nothing about the first year.\n\n",
        sides[0],
        sides[1],
        directory.benchmark.name,
        directory.benchmark.year.map_or("no year".into(), |year| year.to_string())
    );
    for note in &scenario.notes {
        let _ = writeln!(text, "* {note}");
    }
    text.push('\n');
    let _ = write!(
        text,
        "Every row ends with its certificate, the worst of all points that the row rests on: {LEGEND}. \"0\" is nothing at all, \"given\" a point that \
         nobody searched for. What searching again found to be better was adopted, so that what is left is noise.\n\n"
    );
    alone_and_at_war(&mut text, [&balanced, &observed], seats)?;
    zones(&mut text, [&balanced, &observed], seats, record)?;
    in_words(&mut text, &balanced, seats, record)?;
    the_frontier(&mut text, &balanced, seats)?;
    what_holds(&mut text, &balanced, seats)?;
    ninety_days(&mut text, &balanced, seats)?;
    objectives(&mut text, &balanced, seats)?;
    assumptions(&mut text, control, directory, scenario, sides)?;
    draws(&mut text, control, directory, scenario, sides, balanced.lapse.is_some())?;
    let _ = write!(
        text,
        "## What is left out\n\nMeasures without a tariff number (export controls, listings, port fees) are not instruments of these games; purchase \
         commitments are, as levels or as the subsidy that makes buyers buy. Payments beside tariffs only enter the lines \"with side payments\". Others' \
         retaliation enters where a row says so. Gains of real income are those of a static model in the long run: no investment, no \
         learning, no security. What is said of a deadline {LEAVES_OUT}.\n"
    );
    Ok(text)
}

/// The certificates of all points of an answer in one cell.
fn certificates(answer: &Answer) -> String {
    let all = answer.all_certificates();
    one_cell(all.iter().map(|(_, certificate)| certificate))
}

/// The certificates of all points of an answer, each by name, as an item of a list.
fn certificates_by_name(answer: &Answer) -> String {
    let all = answer.all_certificates();
    let named: Vec<String> =
        all.iter().map(|(name, certificate)| format!("{name} {}", one_cell([certificate]))).collect();
    format!("certificates: {}", named.join(" · "))
}

fn alone_and_at_war(
    text: &mut String,
    grounds: [&BaselineWorld; 2],
    seats: [usize; 2],
) -> Result<(), NoStrategy> {
    let ground = grounds[0];
    let codes = seats.map(|j| ground.code(j).to_owned());
    let _ = write!(
        text,
        "## Alone, and at war\n\n| game | {0}'s tariffs, % | {1}'s tariffs, % | {0} | {1} | worst outside | {0} observed | {1} observed | certificate |\n\
         |---|---|---|---|---|---|---|---|---|\n",
        codes[0], codes[1]
    );
    type Play = fn(&BaselineWorld, [usize; 2]) -> Result<Answer, NoStrategy>;
    let games: [(String, Play); 6] = [
        (format!("best response of {}", codes[0]), |g, s| optimal(g, s[0], None, Rules::default())),
        (format!("best response of {}", codes[1]), |g, s| optimal(g, s[1], None, Rules::default())),
        ("war, rates on everybody".into(), |g, s| war(g, &s, Reach::Everybody, Rules::default())),
        ("war, rates on each other".into(), |g, s| war(g, &s, Reach::EachOther, Rules::default())),
        ("war, rates on everybody, the others respond to the two".into(), |g, s| {
            war(g, &s, Reach::Everybody, Rules { others: Others::Respond, ..Rules::default() })
        }),
        ("war of all against all".into(), |g, _| {
            let all: Vec<usize> = (0..g.calibration.dimensions.economies).collect();
            war(g, &all, Reach::Everybody, Rules::default())
        }),
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
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} |",
            rates[0],
            rates[1],
            number(answer.objective_pct[seats[0]]),
            number(answer.objective_pct[seats[1]]),
            worst_outside(ground, &answer, seats),
            number(beside.objective_pct[seats[0]]),
            number(beside.objective_pct[seats[1]]),
            one_cell([&answer.certificate, &beside.certificate])
        );
    }
    let today = [(0, 1), (1, 0)].map(|(a, b)| {
        let rates = &ground.calibration.benchmark.tariff_rate;
        100.0 * average_rate(ground, rates, seats[a], Some(seats[b]))
    });
    let each_other = war(ground, &seats, Reach::EachOther, Rules::default())?;
    let at_war = [(0, 1), (1, 0)].map(|(a, b)| average(ground, &each_other, seats[a], Some(seats[b])).1);
    for k in 0..2 {
        let _ = write!(
            text,
            "{}{} sets {:.1} percent on {} today, and {:.1} at war on each other{}.",
            if k == 0 { "\n" } else { " " },
            codes[k],
            today[k],
            codes[1 - k],
            at_war[k],
            if today[k] > at_war[k] {
                ": today's rate is above what its own real income asks for even in a war, and what the model calls war is a step down from \
                 today"
            } else {
                ""
            }
        );
    }
    text.push('\n');
    if let Some(observed) = &each_other.observed {
        let _ = writeln!(text, "\n{}.", split::observed_words(observed, ground.start().tariffs()));
    }
    let markups = seats.map(|j| 100.0 * markup(ground, j));
    let _ = write!(
        text,
        "\nAverages over goods and all partners, weights: today's trade. The certificate of a game is of both treatments of deficits; \
         in it the most that is left is the most that any mover still gains by choosing anew alone.\n\n\
         Why rates at war are no higher: a small economy's best tariff is 1/θ, and 1/θ averages {:.1} percent over {}'s imports and {:.1} over \
         {}'s. Buying power in the world market raises it, inputs among the imports lower it: a tariff on them taxes the own producer. The \
         halved elasticities below double it.\n\n\
         Why a side can gain from a war: the step is from today's tariffs, which are no optimum of any player in this model, to its own best \
         tariffs on everybody, while all others hold theirs. What it gains is better terms of trade at the expense of the others (the column of \
         the worst outsider); where the others respond, or all are at war, the last two rows show what is left of it. Rates on each other only \
         leave the others untouched. No row counts what war costs beside trade, nor why a government may want rates above these.\n\n",
        markups[0], codes[0], markups[1], codes[1]
    );
    Ok(())
}

/// 1/θ over a player's imports of goods, weights: today's trade.
fn markup(ground: &BaselineWorld, player: usize) -> f64 {
    let d = ground.calibration.dimensions;
    let theta = &ground.calibration.technology.trade_elasticity;
    let rates: Vec<f64> = (0..d.cells()).map(|cell| theta[d.cell_of(cell).2].recip()).collect();
    average_rate(ground, &rates, player, None)
}

fn zones(
    text: &mut String,
    grounds: [&BaselineWorld; 2],
    seats: [usize; 2],
    record: Option<&RecordDay>,
) -> Result<(), NoStrategy> {
    let ground = grounds[0];
    let codes = seats.map(|j| ground.code(j).to_owned());
    let _ = write!(
        text,
        "## Where a deal can lie\n\nRates of the two sides on each other, by sector, from zero up. Gains are counted from what happens without \
         a deal.\n\n| without a deal | the others | deficits | most for {0} | most for {1} | equal gains | Nash bargain: {0} | {1} | its rates: {0} on {1}, % | {1} on {0}, % | worst outside | joint gain with side payments, % of joint income | certificate |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
        codes[0], codes[1]
    );
    let mut cases = vec![
        (Disagreement::Nash, Others::Hold, 0),
        (Disagreement::Nash, Others::Hold, 1),
        (Disagreement::Nash, Others::Mfn, 0),
        (Disagreement::Nash, Others::Match, 0),
        (Disagreement::Nash, Others::Respond, 0),
        (Disagreement::Today, Others::Hold, 0),
        (Disagreement::Today, Others::Hold, 1),
    ];
    if ground.lapse.is_some() {
        cases.insert(2, (Disagreement::Lapse, Others::Hold, 0));
        cases.insert(3, (Disagreement::Lapse, Others::Hold, 1));
    }
    let mut parts = None;
    for (from, others, which) in cases {
        let ground = grounds[which];
        let answer = bargain(ground, seats, from, Rules { others, record, ..Rules::default() })?;
        let Found::Zone(zone) = &answer.found else { continue };
        parts = parts.or(answer.split.clone());
        let label = format!("{} | {} | {}", from.word(), others.word(), ground.deficits.word());
        let joint = Some(zone.side_payments.joint_gain_pct());
        let Some(points) = &zone.points else {
            let _ = writeln!(
                text,
                "| {label} | empty | | | | | | | | {} | {} |",
                number(joint),
                certificates(&answer)
            );
            continue;
        };
        let gain = |name: BargainingPoint, side: usize| {
            let point = points.points.iter().find(|point| point.name == name);
            number(point.map(|point| gains(zone, point)[side]))
        };
        let rates = [(0, 1), (1, 0)].map(|(a, b)| average(ground, &answer, seats[a], Some(seats[b])));
        let _ = writeln!(
            text,
            "| {label} | {} | {} | {} | {} | {} | {:.1} → {:.1} | {:.1} → {:.1} | {} | {} | {} |",
            number(Some(100.0 * points.largest_gains[0])),
            number(Some(100.0 * points.largest_gains[1])),
            gain(BargainingPoint::EqualGains, 0),
            gain(BargainingPoint::NashBargain, 0),
            gain(BargainingPoint::NashBargain, 1),
            rates[0].0,
            rates[0].1,
            rates[1].0,
            rates[1].1,
            worst_outside(ground, &answer, seats),
            number(joint),
            certificates(&answer)
        );
    }
    if let Some(parts) = parts {
        text.push_str("\nWhat of it needs no deal:\n\n");
        for line in split::lines(&parts, ground.start().words()) {
            let _ = writeln!(text, "* {line}");
        }
    }
    text.push_str("\nA row rests on the three bargaining points, the most for either side, the point of largest joint gain, and the war where that is what happens \
                   without a deal: its certificate is of all of them. Under `hold` the zone is bilateral: everybody else keeps their tariffs. Rates and the worst-off outsider are those of the point of equal gains. Under `mfn` each side's rates hold for all partners; under `match` the others follow each change, \
                   under `respond` they best-respond with rates on the two. A zone under `match` is wide because the others open up with the two.\n\n");
    Ok(())
}

/// The deals in words, counted from the war; the first once more from what lapses, where something does.
fn in_words(
    text: &mut String,
    ground: &BaselineWorld,
    seats: [usize; 2],
    record: Option<&RecordDay>,
) -> Result<(), NoStrategy> {
    let lapses = ground.lapse.is_some().then_some((
        "Rates by sector from zero up",
        InstrumentSet::Tariffs,
        Disagreement::Lapse,
    ));
    let from = Disagreement::Nash;
    let questions = [
        ("Rates by sector from zero up", InstrumentSet::Tariffs, from),
        (
            "Rates by sector that may go below zero: buyers are paid to buy",
            InstrumentSet::TariffsAndSubsidies,
            from,
        ),
        (
            "Purchase commitments only: each side buys at least so much of the other's goods a year, tariffs stay as today",
            InstrumentSet::Purchases,
            from,
        ),
    ];
    for (what, instruments, from) in questions.into_iter().chain(lapses) {
        let rules = Rules { instruments: Some(&instruments), record, ..Rules::default() };
        let answer = bargain(ground, seats, from, rules)?;
        let _ = write!(text, "{what}; without a deal: {}.\n\n", from.word());
        let (lines, headlines) = lines(&answer);
        for line in &lines[..headlines] {
            let _ = writeln!(text, "{}* {}", if line.starts_with("  ") { "  " } else { "" }, line.trim());
        }
        let _ = writeln!(text, "* {}\n", certificates_by_name(&answer));
    }
    Ok(())
}

fn the_frontier(text: &mut String, ground: &BaselineWorld, seats: [usize; 2]) -> Result<(), NoStrategy> {
    let traced = trace_frontier(ground, seats, Disagreement::Nash, 41, false, Rules::default())?;
    let codes = seats.map(|j| ground.code(j).to_owned());
    let _ = write!(
        text,
        "## The frontier\n\n41 points; every fifth is shown, percent from today, beside the economy outside that fares worst and world income.\n\n\
         | point | {} | {} | worst outside | world | certificate |\n|---|---|---|---|---|---|\n",
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
            "| {} | {} | {} | {} | {total:+.4} | {} |",
            k + 1,
            number(change[seats[0]]),
            number(change[seats[1]]),
            worst.map_or("–".into(), |(j, c)| format!("{} {c:+.3}", ground.code(j))),
            one_cell([&point.certificate])
        );
    }
    let all = &traced.frontier.points;
    let unsettled = all.iter().filter(|point| !point.certificate.status.is_converged()).count();
    let gap = traced.frontier.points.iter().fold(0.0_f64, |m, point| m.max(point.gap));
    let _ = write!(
        text,
        "\nNot converged: {unsettled} of 41; largest distance from the line asked for {gap:.0e} (log payoffs). All points together: {}; each \
         was searched again from its neighbours and from beside it, the two ends from random points too.\n\n",
        one_cell([&traced.certificate()])
    );
    Ok(())
}

/// A period of today's tariffs in money, where something lapses.
fn ninety_days(text: &mut String, ground: &BaselineWorld, seats: [usize; 2]) -> Result<(), NoStrategy> {
    if ground.lapse.is_none() {
        return Ok(());
    }
    // What a period of today is worth hangs on no odds.
    let lapses = Deadline { extension: 0.0, deal: 0.0, restored: 0.0, breakdown: 0.0 };
    let odds = Odds { deadline: lapses, yearly: 0.95, period_days: PERIOD_DAYS };
    let answer = deadline(ground, seats, DealPoint::EqualGains, (odds, Doubt::default()), Rules::default())?;
    let Found::Deadline(found) = &answer.found else { return Ok(()) };
    let _ = write!(text, "## What a deadline is worth\n\n");
    for side in &found.sides {
        let _ = writeln!(text, "* {}", period_of_today(found, side));
    }
    let _ = writeln!(
        text,
        "\nAgainst what lapses by law, in long-run income; what keeping the truce alive is worth at odds of one's own is another number \
         (`detente deadline`).\n"
    );
    Ok(())
}

fn what_holds(text: &mut String, ground: &BaselineWorld, seats: [usize; 2]) -> Result<(), NoStrategy> {
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
    let threat = Threat { own: None, renegotiation_proof: true };
    let answer = match sustain(ground, seats, DealPoint::EqualGains, patience, threat, Rules::default()) {
        Ok(answer) => answer,
        Err(NoStrategy::Game(error)) => {
            let _ = writeln!(text, "| 1 | for ever | {error} | | |\n");
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let Found::Sustained(held) = &answer.found else { return Ok(()) };
    for (detection_lag, length) in [(1, None), (2, None), (4, None), (1, Some(8))] {
        let critical = |slot: usize| {
            let payoffs = PeriodPayoffs {
                deviation: 100.0 * held.sides[slot].temptation,
                deal: 0.0,
                punishment: -100.0 * held.sides[slot].loss_from_punishment,
            };
            payoffs.critical_discount_factor(&Punishment { detection_lag, length })
        };
        let word = |slot: usize| critical(slot).map_or("none".into(), |d| format!("{d:.3}"));
        let _ = writeln!(
            text,
            "| {detection_lag} | {} | {} | {} | {} |",
            length.map_or("for ever".into(), |n| n.to_string()),
            word(0),
            word(1),
            if held.punishment_gain <= EMPTY_THREAT_ABOVE { "yes" } else { "no" }
        );
    }
    text.push('\n');
    let (lines, headlines) = lines(&answer);
    for line in &lines[..headlines] {
        let _ = writeln!(text, "* {line}");
    }
    let _ = writeln!(text, "* {}", certificates_by_name(&answer));
    text.push_str(
        "\nWith 0.95 a year a period of 90 days has 0.987: patience is no obstacle at these stakes, office and detection may be. Payoffs are \
         long-run flows: within the first year breaking a deal brings next to nothing by accounting, since prices at the border have not moved \
         yet.\n\n",
    );
    Ok(())
}
