//! What a deadline is worth.

use detente_engine::horizon::Horizon;
use detente_engine::horizon::truce::{TruceAccounts, truce};
use detente_engine::strategy::deadline::{Deadline, Indifference, LEAVES_OUT, StateFlows, StateValues};
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::sustain::per_period;
use serde_json::{Value, json};

use super::answer::Answer;
use super::board::Rules;
use super::error::NoStrategy;
use super::ground::Ground;
use super::holding::{DealPoint, deal_certificate, deal_point};
use super::marked::marked;
use super::talks::{Disagreement, Struck, from_words, strike_bargain};
use super::war::payoffs_at;
use super::words::{money, signed_money};
use crate::results::tags::Tag;
use detente_data::elasticities;

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
        "What a deadline between {} and {} is worth to each; after a lapse: {}",
        codes[0],
        codes[1],
        match from {
            Disagreement::Lapse => "the tariffs that return",
            _ => from_words(from),
        }
    );
    let without = struck.certificate.clone().unwrap_or_default();
    let certificate = deal_certificate(&struck, which).unwrap_or_else(|_| without.clone());
    let weekly = a_week_of_lapse(ground, &struck, from)?;
    let mut certified = vec![(from_words(from).to_owned(), without)];
    if has_deal {
        certified.insert(0, (format!("the deal ({})", which.words()), certificate.clone()));
    }
    let mut report = Answer::at(&mut struck.board, title, &point, certificate)?;
    report.certified = certified;
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
            "{code}: a lapse means {:+.4} percent of income ({} a year, long run, 7 to 10 years), {}; the truce is worth {:+.4} percent of a \
             year's income (from today for ever: 0), one more extension of {:.0} days {:+.4} ({}); {}",
            100.0 * lapsed,
            signed_money(ground, lapsed * income),
            if has_deal { format!("a deal {:+.4}", 100.0 * dealt) } else { "no deal to be had".to_owned() },
            100.0 * values.truce,
            odds.period_days,
            100.0 * extension,
            signed_money(ground, extension * income),
            if has_deal { words.as_str() } else { "there is no deal to compare with: the zone is empty" }
        ));
        let week = &weekly[*j];
        lines.push(format!(
            "{code}, within the first year of a lapse, by accounting, per week: importers pay {} more for what they buy and lose {} by what they \
             no longer buy, the treasury takes {}, sales abroad of {} are at risk",
            signed_money(ground, week.price_rise_on_purchases / WEEKS),
            signed_money(ground, week.loss_on_forgone_purchases / WEEKS),
            signed_money(ground, week.revenue_change() / WEEKS),
            money(ground, week.sales_at_risk / WEEKS)
        ));
        rows.push(side_json(
            code,
            (lapsed, has_deal.then_some(dealt)),
            income,
            week,
            &values,
            extension,
            match (has_deal, indifference) {
                (true, Indifference::At(p)) => Some(p),
                _ => None,
            },
            has_deal.then_some(words),
        ));
    }
    lines.push(LEAVES_OUT.into());
    lines.push("values add up long-run flows per year, discounted; the money per week is another horizon's accounting and enters no value".into());
    report.lead(lines);
    let found = json!({
        "extension": odds.deadline.extension,
        "deal": odds.deadline.deal,
        "lapse": odds.deadline.lapse(),
        "restored": odds.deadline.restored,
        "breakdown": odds.deadline.breakdown,
        "discount_factor_per_period": discount,
        "period_days": odds.period_days,
        "after_a_lapse": from.word(),
        "sides": rows,
        "unit": unit,
        "caveat": LEAVES_OUT,
    });
    let inputs =
        ["extension", "deal", "lapse", "restored", "breakdown", "discount_factor_per_period", "period_days"];
    let tags = inputs.map(|name| (name, Tag::Assumed));
    report.fields.insert("deadline".into(), marked(found, Horizon::Long, "today", &tags));
    Ok(report)
}

/// What the deadline is worth to one side as JSON: long-run flows, and the first year's accounts by themselves.
#[allow(clippy::too_many_arguments)]
fn side_json(
    code: &str,
    (lapsed, dealt): (f64, Option<f64>),
    income: f64,
    week: &TruceAccounts,
    values: &StateValues,
    extension: f64,
    indifference: Option<f64>,
    preference: Option<String>,
) -> Value {
    let accounts = json!({
        "private_cost": week.private_cost() / WEEKS,
        "price_rise_on_purchases": week.price_rise_on_purchases / WEEKS,
        "loss_on_forgone_purchases": week.loss_on_forgone_purchases / WEEKS,
        "tariff_revenue": week.revenue_change() / WEEKS,
        "sales_at_risk": week.sales_at_risk / WEEKS,
        "income": 0.01 * week.income_pct() * week.income / WEEKS,
    });
    let all = [
        "private_cost",
        "price_rise_on_purchases",
        "loss_on_forgone_purchases",
        "tariff_revenue",
        "sales_at_risk",
        "income",
    ];
    let accounts =
        marked(accounts, Horizon::Truce, "today's tariffs", &all.map(|name| (name, Tag::Accounting)));
    let side = json!({
        "player": code,
        "lapse_pct_per_year": 100.0 * lapsed,
        "deal_pct_per_year": dealt.map(|dealt| 100.0 * dealt),
        "lapse_money_per_year": lapsed * income,
        "lapse_money_per_week_within_a_year": accounts,
        "value_of_truce_pct": 100.0 * values.truce,
        "value_of_lapse_pct": 100.0 * values.lapsed,
        "value_of_deal_pct": dealt.map(|_| 100.0 * values.deal),
        "value_of_one_more_extension_pct": 100.0 * extension,
        "value_of_one_more_extension_money": extension * income,
        "indifference_probability": indifference,
        "preference": preference,
    });
    let model = [
        "lapse_pct_per_year",
        "deal_pct_per_year",
        "lapse_money_per_year",
        "value_of_truce_pct",
        "value_of_lapse_pct",
        "value_of_deal_pct",
        "value_of_one_more_extension_pct",
        "value_of_one_more_extension_money",
        "indifference_probability",
    ];
    marked(side, Horizon::Long, "today for ever, discounted", &model.map(|name| (name, Tag::Model)))
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
