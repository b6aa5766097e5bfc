//! What a deadline is worth.

use detente_engine::horizon::truce::{TruceAccounts, truce};
use detente_engine::strategy::deadline::{Deadline, Indifference, LEAVES_OUT, StateFlows};
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::sustain::per_period;
use serde_json::{Value, json};

use super::answer::Answer;
use super::board::Rules;
use super::error::NoStrategy;
use super::ground::Ground;
use super::holding::{DealPoint, deal_point};
use super::talks::{Disagreement, Struck, no_search, strike_bargain};
use super::war::payoffs_at;
use crate::elasticities;

/// What may happen at the deadline: inputs of the user's, shown with the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Odds {
    /// Probabilities.
    pub deadline: Deadline,
    /// Discount factor per year.
    pub yearly: f64,
    /// Days of an extension.
    pub period_days: f64,
}

impl Odds {
    /// Refuses probabilities and discount factors outside their domain before anything is solved.
    pub fn check(&self) -> Result<(), StrategyError> {
        let nothing = StateFlows { truce: 0.0, lapsed: 0.0, deal: 0.0 };
        self.deadline.values(&nothing, per_period(self.yearly, self.period_days)?).map(|_| ())
    }
}

/// The value of a truce, of one more extension, and where each side is indifferent.
pub fn deadline(
    ground: &Ground,
    sides: [usize; 2],
    which: DealPoint,
    odds: Odds,
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let discount = per_period(odds.yearly, odds.period_days)?;
    // What lapses is the scenario's own change; without one, the war.
    let from = if ground.lapse.is_some() { Disagreement::Lapse } else { Disagreement::Nash };
    let mut struck = strike_bargain(ground, sides, from, rules)?;
    let point = deal_point(&struck, which).unwrap_or_else(|_| struck.board.today.clone());
    let has_deal = struck.bargain.points.is_some();
    let deal = payoffs_at(&mut struck.board, &point)?;
    let codes: Vec<&str> = sides.iter().map(|j| ground.code(*j)).collect();
    let title = format!(
        "What a deadline between {} and {} is worth; after a lapse: {}",
        codes[0],
        codes[1],
        from.word()
    );
    let certificate = match (&struck.bargain.points, struck.certificate.clone()) {
        (Some(points), _) => points.equal_gains.certificate.clone(),
        (None, found) => found.unwrap_or_else(no_search),
    };
    let weekly = a_week_of_lapse(ground, &struck, from)?;
    let mut report = Answer::at(&mut struck.board, title, &point, certificate)?;
    let share_of_year = odds.period_days / 365.0;
    let unit = &ground.calibration.benchmark.unit;
    let mut lines = vec![format!(
        "inputs: extension {:.2}, deal {:.2}, lapse {:.2} at each deadline; discount factor {:.4} per {:.0} days ({} per year)",
        odds.deadline.extension,
        odds.deadline.deal,
        odds.deadline.lapse(),
        discount,
        odds.period_days,
        odds.yearly
    )];
    let mut rows: Vec<Value> = Vec::new();
    for (j, code) in sides.iter().zip(&codes) {
        // Flows from today's: percent of income a year, times the period's share of a year.
        let level = |payoff: f64| (payoff - struck.board.base[*j]).exp_m1();
        let (lapsed, dealt) = (level(struck.disagreement[*j]), level(deal[*j]));
        let flows = StateFlows { truce: 0.0, lapsed: lapsed * share_of_year, deal: dealt * share_of_year };
        let values = odds.deadline.values(&flows, discount)?;
        let extension = odds.deadline.value_of_extension(&flows, discount)?;
        let indifference = odds.deadline.indifference(&flows, discount)?;
        let income = ground.baseline.income[*j];
        let words = match indifference {
            Indifference::At(p) => {
                format!("indifferent between waiting and the deal at an extension probability of {p:.3}")
            }
            Indifference::AlwaysDeal => "prefers the deal whatever the odds of an extension".to_owned(),
            Indifference::AlwaysWait => "would rather wait than take the deal, whatever the odds".to_owned(),
        };
        lines.push(format!(
            "{code}: a lapse means {:+.4} percent of income ({:+.0} {unit} a year, long run, 7 to 10 years), {}; the truce is worth {:+.4} percent of a \
             year's income (from today for ever: 0), one more extension of {:.0} days {:+.4} ({:+.0} {unit}); {}",
            100.0 * lapsed,
            lapsed * income,
            if has_deal { format!("a deal {:+.4}", 100.0 * dealt) } else { "no deal to be had".to_owned() },
            100.0 * values.truce,
            odds.period_days,
            100.0 * extension,
            extension * income,
            if has_deal { words.as_str() } else { "there is no deal to compare with: the zone is empty" }
        ));
        let week = &weekly[*j];
        lines.push(format!(
            "{code}, within the first year of a lapse, by accounting, per week: importers pay {:+.0} {unit} more for what they buy and forgo {:+.0}, \
             the treasury takes {:+.0}, sales abroad at risk {:.0}",
            week.price_rise_on_purchases / WEEKS,
            week.loss_on_forgone_purchases / WEEKS,
            week.revenue_change() / WEEKS,
            week.sales_at_risk / WEEKS
        ));
        rows.push(json!({
            "player": code,
            "lapse_pct_per_year": 100.0 * lapsed,
            "deal_pct_per_year": has_deal.then_some(100.0 * dealt),
            "lapse_money_per_year": lapsed * income,
            "lapse_money_per_week_within_a_year": {
                "horizon": "truce",
                "private_cost": week.private_cost() / WEEKS,
                "price_rise_on_purchases": week.price_rise_on_purchases / WEEKS,
                "loss_on_forgone_purchases": week.loss_on_forgone_purchases / WEEKS,
                "tariff_revenue": week.revenue_change() / WEEKS,
                "sales_at_risk": week.sales_at_risk / WEEKS,
                "income": 0.01 * week.income_pct() * week.income / WEEKS,
            },
            "value_of_truce_pct": 100.0 * values.truce,
            "value_of_lapse_pct": 100.0 * values.lapsed,
            "value_of_deal_pct": has_deal.then_some(100.0 * values.deal),
            "value_of_one_more_extension_pct": 100.0 * extension,
            "value_of_one_more_extension_money": extension * income,
            "indifference_probability": match (has_deal, indifference) { (true, Indifference::At(p)) => Some(p), _ => None },
            "preference": has_deal.then_some(words),
        }));
    }
    lines.push(LEAVES_OUT.into());
    lines.push("values add up long-run flows per year, discounted; the money per week is another horizon's accounting and enters no value".into());
    report.lead(lines);
    report.fields.insert(
        "deadline".into(),
        json!({
            "extension": odds.deadline.extension,
            "deal": odds.deadline.deal,
            "lapse": odds.deadline.lapse(),
            "restored": odds.deadline.restored,
            "breakdown": odds.deadline.breakdown,
            "discount_factor_per_period": discount,
            "period_days": odds.period_days,
            "after_a_lapse": from.word(),
            "horizon": "long run, flows per year",
            "sides": rows,
            "unit": unit,
            "caveat": LEAVES_OUT,
        }),
    );
    Ok(report)
}

/// Weeks of a year.
const WEEKS: f64 = 365.0 / 7.0;

/// The accounts of the first year after a lapse, by economy.
fn a_week_of_lapse(
    ground: &Ground,
    struck: &Struck,
    from: Disagreement,
) -> Result<Vec<TruceAccounts>, NoStrategy> {
    let benchmark = &ground.directory.benchmark;
    let parameters = elasticities::short_run()
        .map_err(|error| NoStrategy::Unknown(format!("short-run elasticities: {error}")))?
        .headline(benchmark.sectors.len());
    let after = match (&ground.lapse, from) {
        (Some(lapse), Disagreement::Lapse) => lapse.tariff_rate.clone(),
        _ => struck.board.game.instruments(&struck.disagreement_point).tariff_rate,
    };
    let found = truce(benchmark, &ground.today().tariff_rate, &after, &parameters);
    Ok(found.map_err(StrategyError::from)?.accounts)
}
