//! What a question found in words, a line a finding.

use super::money::{money, signed_money};
use detente::strategy::answer::Answer;
use detente::strategy::doubt::SideRisk;
use detente::strategy::found::{Cooperation, DeadlineValue, Found, FrontierLine, SideValue, Waiting};
use detente_engine::strategy::deadline::LEAVES_OUT;

/// The lines that answer the question itself.
pub fn lines(answer: &Answer) -> Vec<String> {
    match &answer.found {
        Found::Point | Found::War(_) => Vec::new(),
        Found::Cooperation(deal) => vec![cooperation(answer, deal)],
        Found::Frontier(line) => frontier(line, answer.start.words()),
        Found::Zone(zone) => super::zone::lines(zone),
        Found::Sustained(found) => super::sustain::lines(found),
        Found::Deadline(deadline) => deadline_lines(deadline, answer.start.words()),
    }
}

fn cooperation(answer: &Answer, deal: &Cooperation) -> String {
    let let_off = if deal.let_off.is_empty() { "" } else { " (some gain more)" };
    format!(
        "each of the {} at the table gains {:+.4} percent from {}{let_off}",
        answer.players.len(),
        100.0 * deal.common_gain,
        deal.from.words(answer.start)
    )
}

fn frontier(line: &FrontierLine, start: &str) -> Vec<String> {
    let end = |at: usize| {
        let side = |j: usize| {
            let change = line.points[at].objective_pct[j].unwrap_or(f64::NAN);
            format!("{} {change:+.4}", line.economies[j])
        };
        format!("({}, {})", side(line.sides[0]), side(line.sides[1]))
    };
    let count = line.points.len();
    let mut lines = vec![format!(
        "{count} points, from {} to {} percent of {start}; {} not converged; {:.2} s",
        end(0),
        end(count - 1),
        line.not_converged(),
        line.seconds
    )];
    lines.extend(line.others_still_move.map(|still| {
        format!(
            "the others respond to every point: at {} of them by search, in between interpolated; half-way they would still move by up to \
             {still:.1e} (logarithms of tariff factors)",
            line.searched_responses
        )
    }));
    lines
}

fn deadline_lines(found: &DeadlineValue, start: &str) -> Vec<String> {
    let mut lines = vec![format!(
        "inputs: extension {:.2}, deal {:.2}, lapse {:.2} at each deadline; discount factor {:.4} per {:.0} days ({} per year)",
        found.extension,
        found.deal,
        found.lapse,
        found.period_discount,
        found.period_days,
        found.yearly_discount
    )];
    lines.extend(found.sides.iter().flat_map(|side| [worth(found, side, start), first_year(found, side)]));
    lines.extend(with_doubt(found));
    lines.push(LEAVES_OUT.into());
    lines.push(
        "values add up long-run flows per year, discounted; the money per week is another horizon's accounting and enters no value".into(),
    );
    lines
}

/// What a side would rather do, in words.
pub fn waiting(waiting: Waiting) -> String {
    match waiting {
        Waiting::IndifferentAt(probability) => {
            format!(
                "indifferent between waiting and the deal at an extension probability of {probability:.3}"
            )
        }
        Waiting::AlwaysDeal => "prefers the deal whatever the odds of an extension".to_owned(),
        Waiting::AlwaysWait => "would rather wait than take the deal, whatever the odds".to_owned(),
    }
}

/// What a period of today's tariffs is worth to a side, and what their lapse means.
pub fn period_of_today(found: &DeadlineValue, side: &SideValue) -> String {
    let money = |share: f64| signed_money(&found.unit, share * side.income);
    format!(
        "{}: {:.0} days more of today, whatever follows: {}; a lapse means {:+.4} percent of income ({} a year in the long run)",
        side.player,
        found.period_days,
        money(side.period_of_today),
        100.0 * side.lapse,
        money(side.lapse)
    )
}

fn worth(found: &DeadlineValue, side: &SideValue, start: &str) -> String {
    let money = |share: f64| signed_money(&found.unit, share * side.income);
    let preference = side.waiting.map(waiting);
    format!(
        "{}, {}; the truce is worth {:+.4} percent of a \
         year's income (from {start} for ever: 0), keeping it alive at these odds {:+.4} ({}); {}",
        period_of_today(found, side),
        side.deal
            .map_or_else(|| "no deal to be had".to_owned(), |deal| format!("a deal {:+.4}", 100.0 * deal)),
        100.0 * side.value_of_truce,
        100.0 * side.value_of_extension,
        money(side.value_of_extension),
        preference.as_deref().unwrap_or("there is no deal to compare with: the zone is empty")
    )
}

/// The same where exporters wait while the truce may lapse.
fn with_doubt(found: &DeadlineValue) -> Vec<String> {
    let risk = match &found.risk {
        Ok(risk) => risk,
        Err(reason) => return vec![format!("what doubt costs was not found: {reason}")],
    };
    let days = found.period_days * risk.truce_periods as f64;
    let side = |side: &SideRisk| {
        format!(
            "{}, where exporters wait: doubt costs {:.4} percent of income a year in the long run (its imports from the other side {:+.1} percent), under a truce of \
             {days:.0} days {:.4}; keeping the truce alive {:+.4} percent of a year's income (where nobody waits {:+.4}); a truce of {days:.0} days instead of {:.0} \
             {:+.4} ({:+.4}); the same tariffs for ever {:+.4} over the truce",
            side.player,
            100.0 * side.cost_per_year,
            side.imports_pct,
            100.0 * side.cost_per_year_under_the_longer,
            100.0 * side.extension,
            100.0 * side.extension_certain,
            found.period_days,
            100.0 * side.longer,
            100.0 * side.longer_certain,
            100.0 * side.for_ever,
        )
    };
    let head = format!(
        "doubt: exporters of {} pay to enter and weigh these odds (Handley & Limão 2017); their discount factor {} a year, tail of sales {}",
        risk.sectors, risk.yearly_discount_of_exporters, risk.firm_size_tail
    );
    std::iter::once(head).chain(risk.sides.iter().map(side)).collect()
}

fn first_year(found: &DeadlineValue, side: &SideValue) -> String {
    let week = &side.week;
    format!(
        "{}, within the first year of a lapse, per week: buyers of imports lose {}, the treasury takes {}, {} is lost to everybody, sales \
         abroad of {} are at risk and with them value added of {}",
        side.player,
        signed_money(&found.unit, week.private_cost),
        signed_money(&found.unit, week.tariff_revenue),
        money(&found.unit, week.deadweight_loss),
        money(&found.unit, week.sales_at_risk),
        money(&found.unit, -week.value_added)
    )
}
