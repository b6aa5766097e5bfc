//! What a deadline is worth.

use detente_engine::error::EngineError;
use detente_engine::first_year::{FirstYear, FirstYearAccounts};
use detente_engine::strategy::deadline::{Indifference, StateFlows};
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::sustain::per_period;

use super::answer::Answer;
use super::bargain::{Disagreement, StruckBargain, disagreement, from_words, strike_bargain};
use super::baseline_world::BaselineWorld;
use super::board::Rules;
use super::doubt::Doubt;
use super::error::NoStrategy;
use super::found::{DeadlineValue, Found, SideValue, Waiting, WeekOfLapse};
use super::nash::payoffs_at;
pub use super::odds::Odds;
use super::risk::risk;
use super::split::split;
use super::sustain::{DealPoint, deal_certificate, deal_point};
use detente_data::elasticities;

/// The value of a truce, of one more extension, and where each side is indifferent.
pub fn deadline(
    ground: &BaselineWorld,
    sides: [usize; 2],
    which: DealPoint,
    (odds, doubt): (Odds, Doubt),
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let discount = per_period(odds.yearly, odds.period_days)?;
    // A deal is counted from the war that the sides would have without one. What follows a deadline is the scenario's own change; without
    // one, that war.
    let mut struck = strike_bargain(ground, sides, Disagreement::Nash, rules)?;
    let from = if ground.lapse.is_some() { Disagreement::Lapse } else { Disagreement::Nash };
    let (_, lapsed, _) = match from {
        Disagreement::Lapse => disagreement(&mut struck.board, from)?,
        _ => (Vec::new(), struck.disagreement.clone(), None),
    };
    let point = deal_point(&struck, which).unwrap_or_else(|_| struck.board.today.clone());
    let has_deal = struck.bargain.points.is_some();
    let deal = payoffs_at(&mut struck.board, &point)?;
    let codes: Vec<&str> = sides.iter().map(|j| ground.code(*j)).collect();
    let title = format!(
        "What a deadline between {} and {} is worth to each; after a lapse: {}",
        codes[0],
        codes[1],
        match from {
            Disagreement::Lapse => "the tariffs that return",
            _ => from_words(ground, from),
        }
    );
    let without = struck.certificate.clone().unwrap_or_default();
    let certificate = deal_certificate(&struck, which).unwrap_or_else(|_| without.clone());
    let weekly = a_week_of_lapse(ground, &struck, from)?;
    let mut certified = vec![(from_words(ground, Disagreement::Nash).to_owned(), without)];
    if has_deal {
        certified.insert(0, (format!("the deal ({})", which.words()), certificate.clone()));
    }
    let mut report = Answer::at(&mut struck.board, title, &point, certificate)?;
    report.certified = certified;
    let mut valued = Vec::new();
    for (j, code) in sides.iter().zip(&codes) {
        // Flows from the start: shares of income a year, times the period's share of a year.
        let level = |payoff: f64| (payoff - struck.board.base[*j]).exp_m1();
        let (lapse, dealt) = (level(lapsed[*j]), level(deal[*j]));
        let share_of_year = odds.period_days / 365.0;
        let flows = StateFlows { truce: 0.0, lapsed: lapse * share_of_year, deal: dealt * share_of_year };
        let values = odds.deadline.values(&flows, discount)?;
        let waiting = match odds.deadline.indifference(&flows, discount)? {
            Indifference::At(probability) => Waiting::IndifferentAt(probability),
            Indifference::AlwaysDeal => Waiting::AlwaysDeal,
            Indifference::AlwaysWait => Waiting::AlwaysWait,
        };
        valued.push(SideValue {
            player: (*code).to_owned(),
            income: ground.baseline.income[*j],
            lapse,
            deal: has_deal.then_some(dealt),
            period_of_today: -lapse * share_of_year,
            value_of_truce: values.truce,
            value_of_lapse: values.lapsed,
            value_of_deal: values.deal,
            value_of_extension: odds.deadline.value_of_extension(&flows, discount)?,
            waiting: has_deal.then_some(waiting),
            week: week(&weekly[*j]),
        });
    }
    let states = [&struck.board.today, &struck.disagreement_point, &point];
    let [today, war, dealt] = states.map(|point| struck.board.game.instruments(point));
    let after = match from {
        Disagreement::Lapse => ground.lapse.clone().unwrap_or(war),
        _ => war,
    };
    // Doubt is told beside; where it cannot be had, the rest stands.
    let risk = risk(&struck.board, [today, after, dealt], sides, &odds, doubt);
    let war = Some(struck.disagreement.clone());
    let (parts, alone) = split(&mut struck.board, sides, war, has_deal.then_some(deal.as_slice()))?;
    report.split = Some(parts);
    report.certified.extend(alone);
    report.found = Found::Deadline(DeadlineValue {
        extension: odds.deadline.extension,
        deal: odds.deadline.deal,
        lapse: odds.deadline.lapse(),
        restored: odds.deadline.restored,
        breakdown: odds.deadline.breakdown,
        yearly_discount: odds.yearly,
        period_discount: discount,
        period_days: odds.period_days,
        after_a_lapse: from,
        has_deal,
        unit: ground.calibration.benchmark.unit.clone(),
        sides: valued,
        risk: risk.map_err(|reason| reason.to_string()),
    });
    Ok(report)
}

/// A week of a year's accounts.
fn week(year: &FirstYearAccounts) -> WeekOfLapse {
    WeekOfLapse {
        private_cost: year.private_cost() / WEEKS,
        tariff_revenue: year.revenue_change() / WEEKS,
        deadweight_loss: year.deadweight_loss() / WEEKS,
        sales_at_risk: year.sales_at_risk / WEEKS,
        value_added: year.value_added / WEEKS,
        importers_account: 0.01 * year.importers_account_pct() * year.income / WEEKS,
    }
}

/// Weeks of a year.
const WEEKS: f64 = 365.0 / 7.0;

/// The accounts of the first year after a lapse, by economy.
fn a_week_of_lapse(
    ground: &BaselineWorld,
    struck: &StruckBargain,
    from: Disagreement,
) -> Result<Vec<FirstYearAccounts>, NoStrategy> {
    let benchmark = &ground.directory.benchmark;
    let parameters = elasticities::short_run()
        .map_err(|error| NoStrategy::Unknown(format!("short-run elasticities: {error}")))?
        .published();
    let after = match (&ground.lapse, from) {
        (Some(lapse), Disagreement::Lapse) => lapse.tariff_rate.clone(),
        _ => struck.board.game.instruments(&struck.disagreement_point).tariff_rate,
    };
    let accounts = || {
        let question = FirstYear::new(benchmark)?;
        let case = |rates: &[f64]| question.case(rates, &[]);
        let found = question.change(&case(&ground.today().tariff_rate)?, &case(&after)?, &parameters)?;
        Ok::<_, EngineError>(found.accounts)
    };
    Ok(accounts().map_err(StrategyError::from)?)
}
