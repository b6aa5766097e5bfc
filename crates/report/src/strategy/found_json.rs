//! What a question found as fields of `summary.json`, each number with its horizon, what it is compared with and how it came about.

use detente::results::tags::Tag;
use detente::strategy::answer::Answer;
use detente::strategy::certificates;
use detente::strategy::doubt::{DeadlineRisk, SideRisk};
use detente::strategy::found::{
    Cooperation, DeadlineValue, Found, FrontierLine, FrontierSpot, SideValue, Waiting, War,
};
use detente::strategy::point_table::PointTable;
use detente::strategy::tagged::tagged;
use detente_engine::catalogue::economy::{OBJECTIVE, TARIFF_REVENUE};
use detente_engine::catalogue::first_year::{DEADWEIGHT_LOSS, PRIVATE_COST, SALES_AT_RISK};
use detente_engine::horizon::Horizon;
use detente_engine::strategy::deadline::LEAVES_OUT;
use detente_tables::output::OutputFile;
use serde_json::{Map, Value, json};

/// Fields of the summary, and how the numbers among them came about where they do not say so themselves.
#[derive(Default)]
pub struct Fields {
    /// Fields.
    pub fields: Map<String, Value>,
    /// Tags.
    pub tags: Vec<(&'static str, Tag)>,
}

impl Fields {
    fn add(&mut self, name: &'static str, value: Value, tag: Option<Tag>) {
        self.fields.insert(name.to_owned(), value);
        self.tags.extend(tag.map(|tag| (name, tag)));
    }
}

/// The fields of an answer.
pub fn of(answer: &Answer) -> Fields {
    let mut fields = Fields::default();
    match &answer.found {
        Found::Point => {}
        Found::War(war) => war_fields(&mut fields, war),
        Found::Cooperation(deal) => cooperation_fields(&mut fields, deal),
        Found::Frontier(line) => frontier_fields(&mut fields, line, answer.start.words()),
        Found::Zone(zone) => fields.add("zone", super::zone::json_of(zone, answer.start), None),
        Found::Sustained(found) => fields.add("sustain", super::sustain::json_of(found), None),
        Found::Deadline(deadline) => {
            fields.add("deadline", deadline_json(deadline, answer.start.words()), None);
        }
    }
    fields
}

fn war_fields(fields: &mut Fields, war: &War) {
    fields.add("rounds", json!(war.rounds), None);
    fields.add("last_change", json!(war.last_change), Some(Tag::Model));
    fields.add("gradients_per_best_response", json!(war.gradients_per_best_response), None);
    fields.add("deviation_gains", json!(war.deviation_gains), Some(Tag::Model));
}

fn cooperation_fields(fields: &mut Fields, deal: &Cooperation) {
    fields.add("from", json!(deal.from), None);
    fields.add("common_gain_pct", json!(100.0 * deal.common_gain), Some(Tag::Model));
    fields.add("largest_gap", json!(deal.largest_gap), Some(Tag::Model));
    fields.add("weights", json!(deal.weights), Some(Tag::Model));
    fields.add("let_off", json!(deal.let_off), None);
}

fn frontier_fields(fields: &mut Fields, line: &FrontierLine, start: &str) {
    let against = format!("{start}; gains from disagreement");
    let points: Vec<Value> = line.points.iter().map(|point| spot_json(line, point, &against)).collect();
    fields.add("frontier", json!(points), None);
    fields.add("points_not_converged", json!(line.not_converged()), None);
    fields.add("others_still_move", json!(line.others_still_move), Some(Tag::Model));
    fields.add("from", json!(line.from), None);
}

fn spot_json(line: &FrontierLine, point: &FrontierSpot, against: &str) -> Value {
    let [a, b] = line.sides;
    let (first, second) = (line.economies[a].as_str(), line.economies[b].as_str());
    let outside = point.objective_pct.iter().enumerate().filter(|(j, _)| !line.sides.contains(j));
    let worst = outside.filter_map(|(j, change)| Some((j, (*change)?))).min_by(|x, y| x.1.total_cmp(&y.1));
    let worst = worst.map(|(j, change)| json!({ "economy": line.economies[j], OBJECTIVE.id: change }));
    let gains = &point.gain_from_disagreement_pct;
    let found = json!({
        OBJECTIVE.id: { first: point.objective_pct[a], second: point.objective_pct[b] },
        "gains_from_disagreement_pct": { first: gains[a], second: gains[b] },
        "largest_loser_outside": worst,
        "weights": { first: point.weights[0], second: point.weights[1] },
        "gap": point.gap,
        "certificate": certificates::json_of(&point.certificate),
    });
    let numbers = [OBJECTIVE.id, "gains_from_disagreement_pct", "largest_loser_outside", "weights", "gap"];
    tagged(found, Horizon::Long, against, &numbers.map(|name| (name, Tag::Model)))
}

/// Tables that belong to what was found.
pub fn tables(answer: &Answer) -> Vec<OutputFile> {
    let line = match &answer.found {
        Found::Frontier(line) => line,
        Found::Zone(zone) => return super::zone::table(zone).into_iter().collect(),
        _ => return Vec::new(),
    };
    let mut table = PointTable::default();
    for (k, point) in line.points.iter().enumerate() {
        for (j, code) in line.economies.iter().enumerate() {
            let gain = point.gain_from_disagreement_pct[j];
            table.add((k + 1).to_string(), code, point.objective_pct[j], gain, None);
        }
    }
    vec![OutputFile::table("frontier", table.gains())]
}

fn deadline_json(found: &DeadlineValue, start: &str) -> Value {
    let sides: Vec<Value> = found.sides.iter().map(side_json).collect();
    let value = json!({
        "extension": found.extension,
        "deal": found.deal,
        "lapse": found.lapse,
        "restored": found.restored,
        "breakdown": found.breakdown,
        "discount_factor_per_period": found.period_discount,
        "period_days": found.period_days,
        "after_a_lapse": found.after_a_lapse,
        "sides": sides,
        "risk": risk_json(found.risk.as_ref()),
        "unit": found.unit,
        "caveat": LEAVES_OUT,
    });
    let inputs =
        ["extension", "deal", "lapse", "restored", "breakdown", "discount_factor_per_period", "period_days"];
    tagged(value, Horizon::Long, start, &inputs.map(|name| (name, Tag::Assumed)))
}

/// The same where exporters wait: values in percent of a year's income; the reason where there is none.
fn risk_json(risk: Result<&DeadlineRisk, &String>) -> Value {
    let found = match risk {
        Ok(found) => found,
        Err(reason) => return json!({ "not_found": reason }),
    };
    let side = |side: &SideRisk| {
        json!({
            "player": side.player,
            "cost_of_doubt_pct_per_year": 100.0 * side.cost_per_year,
            "cost_of_doubt_under_the_longer_truce_pct_per_year": 100.0 * side.cost_per_year_under_the_longer,
            "value_of_keeping_the_truce_alive_certain_pct": 100.0 * side.extension_certain,
            "value_of_keeping_the_truce_alive_pct": 100.0 * side.extension,
            "value_of_truce_pct": 100.0 * side.truce,
            "value_of_the_longer_truce_certain_pct": 100.0 * side.longer_certain,
            "value_of_the_longer_truce_pct": 100.0 * side.longer,
            "value_of_the_same_tariffs_for_ever_pct": 100.0 * side.for_ever,
            "imports_from_the_other_pct": side.imports_pct,
        })
    };
    json!({
        "truce_periods": found.truce_periods,
        "discount_factor_of_exporters_per_year": found.yearly_discount_of_exporters,
        "firm_size_tail": found.firm_size_tail,
        "sectors": found.sectors,
        "sides": found.sides.iter().map(side).collect::<Vec<_>>(),
    })
}

/// What the deadline is worth to one side: long-run flows, and the first year's accounts by themselves.
fn side_json(side: &SideValue) -> Value {
    let accounts = [
        PRIVATE_COST.id,
        TARIFF_REVENUE.id,
        DEADWEIGHT_LOSS.id,
        SALES_AT_RISK.id,
        "value_added",
        "importers_account",
    ];
    let accounts = accounts.map(|name| (name, Tag::Accounting));
    let accounts = tagged(json!(side.week), Horizon::FirstYear, "today's tariffs", &accounts);
    let indifference = match side.waiting {
        Some(Waiting::IndifferentAt(probability)) => Some(probability),
        _ => None,
    };
    let value = json!({
        "player": side.player,
        "lapse_pct_per_year": 100.0 * side.lapse,
        "deal_pct_per_year": side.deal.map(|deal| 100.0 * deal),
        "lapse_money_per_year": side.lapse * side.income,
        "lapse_money_per_week_within_a_year": accounts,
        "value_of_truce_pct": 100.0 * side.value_of_truce,
        "value_of_lapse_pct": 100.0 * side.value_of_lapse,
        "value_of_deal_pct": side.deal.map(|_| 100.0 * side.value_of_deal),
        "period_of_today_pct": 100.0 * side.period_of_today,
        "period_of_today_money": side.period_of_today * side.income,
        "value_of_keeping_the_truce_alive_pct": 100.0 * side.value_of_extension,
        "value_of_keeping_the_truce_alive_money": side.value_of_extension * side.income,
        "indifference_probability": indifference,
        "preference": side.waiting.map(super::found_words::waiting),
    });
    let model = [
        "lapse_pct_per_year",
        "deal_pct_per_year",
        "lapse_money_per_year",
        "value_of_truce_pct",
        "value_of_lapse_pct",
        "value_of_deal_pct",
        "period_of_today_pct",
        "period_of_today_money",
        "value_of_keeping_the_truce_alive_pct",
        "value_of_keeping_the_truce_alive_money",
        "indifference_probability",
    ];
    tagged(value, Horizon::Long, "today for ever, discounted", &model.map(|name| (name, Tag::Model)))
}
