//! The answer to "what duty on this product, on this day, and why": the contract's JSON, and what the terminal prints.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::qualified::{Bounds, pct};
use super::{Charge, ConditionAsked, Effect, Estimate, LineDuty, Outcome, Qualified, Question};
use crate::products::{ALL_PARTNERS, BaseRate, Line, LineTable, weights_of_a_pair};

/// One part of a duty.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// The measure; `base rate` for the base.
    pub measure: String,
    /// The power it is taken under.
    pub authority: String,
    /// Its rate, percent of value; null where it is no single rate.
    pub rate_pct: Option<f64>,
    /// Whether it adds to the duty asked about.
    pub applies: bool,
    /// Why it does or does not, in words.
    pub why: String,
    /// Citations.
    pub sources: Vec<String>,
    /// How sure the record is.
    pub confidence: String,
    /// First day at this rate.
    pub from: Option<Date>,
    /// First day no longer at this rate.
    pub until: Option<Date>,
    /// What it adds, percent of value; bounds where the record knows no more.
    pub adds_pct: Option<Bounds>,
    /// What it adds in money.
    pub duty: Option<f64>,
    /// The heading of the schedule, where it is on record.
    pub heading: Option<String>,
    /// The list that names the product.
    pub list: Option<String>,
    /// The note of the law that prints the list, or the row.
    pub list_note: Option<String>,
    /// What a reader should know of the act.
    pub note: Option<String>,
    /// Newest evidence read of it.
    pub last_evidence: Option<Date>,
    /// Identifier of the instrument; none of the base.
    #[serde(skip)]
    pub instrument: String,
    /// Whether the product is on its list at all: parts that are not are left to the small print.
    #[serde(skip)]
    pub named: bool,
}

/// Averages over the lines of a short code, percent, by weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeightedAverage {
    /// `imports-from-partner-2024`, `imports-from-all-2024`.
    pub weights: String,
    /// Percent of value.
    pub average_pct: f64,
}

/// The duty, part by part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// As printed in a schedule.
    pub code: String,
    /// Exporting party.
    pub from: String,
    /// Importing party.
    pub to: String,
    /// Day of entry.
    pub on: Date,
    /// Day whose knowledge is used.
    pub known_on: Date,
    /// Percent of customs value; null where the duty is no single ad valorem rate.
    pub total_pct: Option<f64>,
    /// Bounds where it is not one rate.
    pub range_pct: Option<Bounds>,
    /// The base rate as printed, where it is specific or compound: the ad valorem layers come on top.
    pub specific: Option<String>,
    /// The parts, base first.
    pub parts: Vec<Part>,
    /// How many lines the code stands for.
    pub lines: usize,
    /// Averages over these lines.
    pub averages: Vec<WeightedAverage>,
    /// What would settle an open answer.
    pub questions: Vec<String>,
    /// Duty in money on the value asked about, to the cent.
    pub duty: Option<f64>,
    /// What is not in the number.
    pub left_out: Vec<String>,
    /// The duty on goods of this code that an exclusion describes, where one may: the goods described are not on record.
    pub if_excluded: Option<Alternative>,
    /// The duty without what rests on memory alone, where some of it does.
    pub without_unsourced: Option<Alternative>,
    /// What a code does not show, with the duty for each answer.
    pub conditions: Vec<ConditionAsked>,
    /// The duty under each programme of preference that may be claimed.
    pub if_qualifies: BTreeMap<String, Qualified>,
    /// The duty as today's knowledge of that day has it, where it differs.
    pub as_known_today: Option<Qualified>,
    /// How sure the record is of the weakest thing that the duty rests on.
    pub confidence: String,
    /// Set where the day lies past the last evidence: that day.
    pub not_verified_after: Option<Date>,
    /// Set where the day lies before the record begins: its first day.
    pub before_the_record: Option<Date>,
    /// What the record knows to be missing for this product.
    pub missing: Vec<String>,
    /// What the texts leave open and how this record decides it.
    pub ambiguities: Vec<String>,
    /// No entry.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub prohibited: bool,
    /// Members of the origin whose duty is another, where it is a group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members_differ: Vec<String>,
}

/// The same duty without some of its parts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alternative {
    /// The measures that are not charged in it.
    pub without: Vec<String>,
    /// Why they may not be, in words.
    pub why: String,
    /// Citations of the act behind it.
    pub sources: Vec<String>,
    /// Percent of customs value; null where it is no single ad valorem rate.
    pub total_pct: Option<f64>,
    /// Bounds where it is not one rate.
    pub range_pct: Option<Bounds>,
    /// The base rate as printed, where it is specific or compound.
    pub specific: Option<String>,
    /// Duty in money on the value asked about, to the cent.
    pub duty: Option<f64>,
}

/// Where an importer's base rates come from, as `products/<importer>/lines.toml` says it.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// What the base rate is called.
    pub base: String,
    /// Citation.
    pub source: String,
    /// How sure the record is.
    pub confidence: String,
    /// Currency of values and specific rates.
    pub currency: String,
    /// The year of the trade and of the duty calculated on it, where there is such duty.
    #[serde(default)]
    pub year_of_trade: Option<i16>,
    /// The weights of each column of trade, by exporter: their public name.
    pub weights: BTreeMap<String, String>,
    /// The public name of the weights of a partner whose trade stands in a table of its own.
    #[serde(default)]
    pub partner_weights: Option<String>,
    /// Charges at the border that are not in the duty.
    pub left_out: Vec<String>,
    /// First day on which the base rates are known.
    #[serde(default)]
    pub base_from: Option<Date>,
    /// First day on which they are no longer.
    #[serde(default)]
    pub base_until: Option<Date>,
    /// What a reader should know of the base rates outside these days.
    #[serde(default)]
    pub base_note: Option<String>,
}

impl Provenance {
    /// The public name of the weights of a column of trade.
    pub fn weights_of(&self, exporter: &str) -> Option<&String> {
        let partner = self.partner_weights.as_ref().filter(|_| exporter != ALL_PARTNERS);
        self.weights.get(exporter).or(partner)
    }
}

pub(super) fn cents(amount: f64) -> f64 {
    // One part in a billion up: 0.125 of a cent's binary neighbour must not fall below it.
    (amount * 100.0 * (1.0 + 1e-12)).round() / 100.0
}

pub(super) fn bounds(estimates: impl Iterator<Item = Estimate>) -> Option<Bounds> {
    estimates
        .map(|found| (found.least, found.most))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        .map(|(least, most)| Bounds { least: pct(least), most: pct(most) })
}

/// The range of totals over the lines; none where some line's base is no share of value.
pub(super) fn total(duties: &[LineDuty<'_>]) -> Option<Bounds> {
    let totals: Option<Vec<Estimate>> = duties.iter().map(LineDuty::total).collect();
    bounds(totals?.into_iter())
}

pub(super) fn specific(duties: &[LineDuty<'_>]) -> Option<String> {
    let printed: Vec<&LineDuty<'_>> = duties.iter().filter(|duty| duty.base.ad_valorem().is_none()).collect();
    let first = printed.first()?;
    let base = if printed.iter().all(|duty| duty.base == BaseRate::Unknown) && printed.len() == duties.len() {
        "base rate not on record".to_owned()
    } else if printed.iter().all(|duty| duty.base == first.base) && printed.len() == duties.len() {
        first.base.to_string()
    } else {
        format!(
            "{} of {} lines have a base rate that is no single share of value",
            printed.len(),
            duties.len()
        )
    };
    let added = bounds(duties.iter().map(|duty| duty.added))?;
    Some(match added.most {
        0.0 => base,
        most if added.least == most => format!("{base}, plus {most}% of value"),
        most => format!("{base}, plus {} to {most}% of value", added.least),
    })
}

pub(super) fn money(duties: &[LineDuty<'_>], question: &Question<'_>) -> Option<f64> {
    let value = question.value?;
    let [duty] = duties else {
        // Several lines: one sum only where all of them come to the same.
        let same = total(duties).filter(|bounds| bounds.least == bounds.most)?;
        return Some(cents(value * same.least / 100.0));
    };
    if !duty.added.is_exact() {
        return None;
    }
    Some(cents(duty.base.duty(value, question.quantity)? + duty.added.expected * value))
}

pub(super) fn base_part(
    lines: &[Line],
    duties: &[LineDuty<'_>],
    provenance: &Provenance,
    question: &Question<'_>,
) -> Part {
    let shares: Option<Vec<f64>> = duties.iter().map(|duty| duty.base.ad_valorem()).collect();
    let adds_pct = shares.and_then(|shares| bounds(shares.into_iter().map(Estimate::exactly)));
    let rate_pct = adds_pct.filter(|bounds| bounds.least == bounds.most).map(|bounds| bounds.least);
    let why = match duties {
        [only] if only.replaced_by.is_some() => {
            format!(
                "{}, in place of the schedule's rate: {}",
                only.base,
                only.replaced_by.as_deref().unwrap_or_default()
            )
        }
        [only] => match (&only.base, lines[0].ad_valorem_equivalent) {
            (BaseRate::Unknown, Some(average)) => {
                format!("not on record by line; its sector's average is {}%", pct(average))
            }
            (BaseRate::Specific { .. } | BaseRate::Printed(_), Some(equivalent)) => {
                format!(
                    "{}; came to {}% of value in the year of the trade figures",
                    only.base,
                    pct(equivalent)
                )
            }
            _ => only.base.to_string(),
        },
        _ => match adds_pct {
            Some(bounds) if bounds.least < bounds.most => {
                format!("{} to {}% over {} lines", bounds.least, bounds.most, duties.len())
            }
            Some(bounds) => format!("{}% on all {} lines", bounds.least, duties.len()),
            None => format!("not one share of value over {} lines", duties.len()),
        },
    };
    let duty = match (duties, question.value) {
        ([only], Some(value)) => only.base.duty(value, question.quantity).map(cents),
        _ => None,
    };
    Part {
        measure: "base rate".to_owned(),
        authority: provenance.base.clone(),
        rate_pct,
        applies: true,
        why,
        sources: vec![provenance.source.clone()],
        confidence: provenance.confidence.clone(),
        from: None,
        until: None,
        adds_pct,
        duty,
        heading: None,
        list: None,
        list_note: None,
        note: None,
        last_evidence: None,
        instrument: String::new(),
        named: true,
    }
}

pub(super) fn layer_part(duties: &[LineDuty<'_>], at: usize, question: &Question<'_>) -> Part {
    let charges: Vec<&Charge<'_>> = duties.iter().map(|duty| &duty.charges[at]).collect();
    let layer = charges[0].layer;
    let charged = charges.iter().filter(|charge| matches!(charge.outcome, Outcome::Charged(_))).count();
    let adds = bounds(charges.iter().map(|charge| charge.added));
    let named = charges.iter().find(|charge| charge.reach.list.is_some());
    let exact = adds.filter(|bounds| bounds.least == bounds.most);
    let why = if duties.len() == 1 {
        reason(charges[0])
    } else if charged == 0 {
        // One reason where all lines share it, else the commonest.
        format!(
            "on none of {} lines: {}",
            duties.len(),
            commonest(charges.iter().map(|charge| reason(charge)))
        )
    } else {
        format!("on {charged} of {} lines", duties.len())
    };
    Part {
        measure: layer.measure.clone(),
        authority: layer.authority.clone(),
        rate_pct: layer.rate.is_exact().then(|| pct(layer.rate.expected)),
        applies: charged > 0,
        why,
        sources: layer.sources.clone(),
        confidence: layer.confidence.clone(),
        from: layer.from,
        until: layer.until,
        adds_pct: adds,
        duty: question.value.zip(exact).map(|(value, bounds)| cents(value * bounds.least / 100.0)),
        heading: layer.heading.clone(),
        list: named.and_then(|charge| charge.reach.list.clone()),
        list_note: named.and_then(|charge| charge.reach.note.clone()),
        note: layer.note.clone(),
        last_evidence: layer.last_evidence,
        instrument: layer.instrument.clone(),
        named: charges.iter().any(|charge| charge.outcome != Outcome::OutOfScope),
    }
}

fn commonest(reasons: impl Iterator<Item = String>) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for reason in reasons {
        *counts.entry(reason).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(reason, _)| reason).unwrap_or_default()
}

/// Why a layer is charged or not, in words.
fn reason(charge: &Charge<'_>) -> String {
    let layer = charge.layer;
    let listed = charge.reach.by.as_deref().unwrap_or("its scope");
    match &charge.outcome {
        Outcome::Charged(reach) => charged(charge, *reach, listed),
        Outcome::OutOfScope => "not on its lists".to_owned(),
        Outcome::Exempt(list) => format!("exempt: {list}"),
        Outcome::Replaced(by) => format!("replaced within its family by {by}"),
        Outcome::Held => "another rate of the measure holds".to_owned(),
        Outcome::Blocked(by) => format!("blocked by {by}"),
        Outcome::OnlyIf(condition) => format!("only if {condition}"),
        Outcome::NotCharged(why) => match &layer.heading {
            Some(heading) => format!("{why} ({heading})"),
            None => why.clone(),
        },
    }
}

fn charged(charge: &Charge<'_>, reach: Estimate, listed: &str) -> String {
    let layer = charge.layer;
    let what = match layer.effect {
        Effect::Adds | Effect::Exempt => String::new(),
        Effect::Floor => format!("base and this come to {}% at least; ", pct(layer.rate.expected)),
        Effect::ReplacesBase => "stands in place of the base rate; ".to_owned(),
        Effect::Quota => match layer.over {
            Some(over) => format!("{}% within the quota, {}% beyond; ", pct(layer.rate.expected), pct(over)),
            None => "within the quota only, no entry beyond; ".to_owned(),
        },
        Effect::Prohibits => "no entry; ".to_owned(),
        Effect::Specific => "an amount per unit; ".to_owned(),
    };
    let conditions = super::scope::in_words(&layer.requires, &layer.setting);
    let conditions = if conditions.is_empty() { conditions } else { format!(", {conditions}") };
    if reach == Estimate::WHOLE {
        return format!("{what}on {listed}{conditions}");
    }
    if reach.is_exact() {
        return format!("{what}on {listed}{conditions}, on {}% of the value", pct(reach.expected));
    }
    let question = charge.reach.question.as_deref().unwrap_or("the record does not settle how much");
    format!(
        "{what}on {listed}{conditions}, on {} to {}% of the value: {question}",
        pct(reach.least),
        pct(reach.most)
    )
}

pub(super) fn questions(duties: &[LineDuty<'_>]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for charge in duties.iter().flat_map(|duty| &duty.charges) {
        if let Outcome::OnlyIf(condition) = &charge.outcome {
            let question = format!("{} applies only if {condition}", charge.layer.measure);
            let asked = charge.layer.requires.is_empty() && charge.layer.content.is_none();
            if asked && charge.layer.rate.most > 0.0 && !found.contains(&question) {
                found.push(question);
            }
        } else if !charge.added.is_exact()
            && let Some(question) = &charge.reach.question
            && !found.contains(question)
        {
            found.push(question.clone());
        }
    }
    // Many lines raise many questions; which line it is comes first and often settles the rest.
    if duties.len() > 1 && total(duties).is_none_or(|bounds| bounds.least < bounds.most) {
        let digits = duties.iter().map(|duty| duty.code.digits()).max().unwrap_or(8);
        found.truncate(3);
        found.insert(0, format!("which of the {} {digits}-digit lines the goods are", duties.len()));
    }
    found
}

pub(super) fn averages(
    lines: &[Line],
    duties: &[LineDuty<'_>],
    table: &LineTable,
    provenance: &Provenance,
    question: &Question<'_>,
) -> Vec<WeightedAverage> {
    if lines.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for exporter in weights_of_a_pair(question.from) {
        let (mut sum, mut weight) = (0.0, 0.0);
        for (line, duty) in lines.iter().zip(duties) {
            if let (Some(value), Some(base)) = (table.value(line, exporter), line.average_base()) {
                sum += value * (base + duty.added.expected);
                weight += value;
            }
        }
        if let (true, Some(name)) = (weight > 0.0, provenance.weights_of(exporter)) {
            found.push(WeightedAverage { weights: name.clone(), average_pct: pct(sum / weight) });
        }
    }
    found
}
