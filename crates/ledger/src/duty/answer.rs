//! The answer to "what duty on this product, on this day, and why": the contract's JSON, and what the terminal prints.

use jiff::civil::Date;
use serde::Serialize;

use super::{Charge, Estimate, Layer, LineDuty, Outcome, Stacking, charge};
use crate::products::{ALL_PARTNERS, BaseRate, Line, LineTable, ProductCode, ProductError};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// Two to ten digits.
    pub code: ProductCode,
    /// Exporting party.
    pub from: &'a str,
    /// Importing party.
    pub to: &'a str,
    /// Day of entry.
    pub on: Date,
    /// Day whose knowledge is used.
    pub known_on: Date,
    /// Customs value, for the duty in money.
    pub value: Option<f64>,
    /// Quantity in the unit of a specific base rate.
    pub quantity: Option<f64>,
}

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
    /// Whether the product is on its list at all: parts that are not are left to the small print.
    #[serde(skip)]
    pub named: bool,
}

/// Least and most, percent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bounds {
    /// Least.
    pub least: f64,
    /// Most.
    pub most: f64,
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
    pub weights: std::collections::BTreeMap<String, String>,
    /// Charges at the border that are not in the duty.
    pub left_out: Vec<String>,
}

/// Answers `question` from the lines, the layers of the day and the rules of stacking.
pub fn answer(
    question: &Question<'_>,
    table: &LineTable,
    provenance: &Provenance,
    layers: &[Layer],
    stacking: &Stacking,
) -> Result<Answer, ProductError> {
    let lines = table.below(question.code);
    if lines.is_empty() {
        return Err(no_line(question.code, table));
    }
    let duties: Vec<LineDuty<'_>> =
        lines.iter().map(|line| charge(line, layers, stacking, question.on)).collect();
    let mut parts = vec![base_part(lines, &duties, provenance, question)];
    parts.extend((0..layers.len()).map(|at| layer_part(&duties, at, question)));
    let total = total(&duties);
    let specific = specific(&duties);
    let exact = total.filter(|bounds| bounds.least == bounds.most);
    let mut questions = questions(&duties);
    if let (Some(unit), None) = (duties[0].base.unit(), question.quantity) {
        questions.push(format!("the quantity in {unit}: the base rate is {}", duties[0].base));
    }
    Ok(Answer {
        code: question.code.to_string(),
        from: question.from.to_owned(),
        to: question.to.to_owned(),
        on: question.on,
        known_on: question.known_on,
        total_pct: exact.map(|bounds| bounds.least),
        range_pct: if exact.is_some() { None } else { total },
        specific,
        duty: money(&duties, question),
        parts,
        lines: lines.len(),
        averages: averages(lines, &duties, table, provenance, question),
        questions,
        left_out: provenance.left_out.clone(),
        if_excluded: None,
        without_unsourced: None,
    })
}

/// Percent without the noise of binary fractions.
fn pct(share: f64) -> f64 {
    let rounded = (share * 1e8).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}

fn cents(amount: f64) -> f64 {
    // One part in a billion up: 0.125 of a cent's binary neighbour must not fall below it.
    (amount * 100.0 * (1.0 + 1e-12)).round() / 100.0
}

fn bounds(estimates: impl Iterator<Item = Estimate>) -> Option<Bounds> {
    estimates
        .map(|found| (found.least, found.most))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        .map(|(least, most)| Bounds { least: pct(least), most: pct(most) })
}

/// The range of totals over the lines; none where some line's base is no share of value.
fn total(duties: &[LineDuty<'_>]) -> Option<Bounds> {
    let totals: Option<Vec<Estimate>> = duties.iter().map(LineDuty::total).collect();
    bounds(totals?.into_iter())
}

fn specific(duties: &[LineDuty<'_>]) -> Option<String> {
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

fn money(duties: &[LineDuty<'_>], question: &Question<'_>) -> Option<f64> {
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

fn base_part(
    lines: &[Line],
    duties: &[LineDuty<'_>],
    provenance: &Provenance,
    question: &Question<'_>,
) -> Part {
    let shares: Option<Vec<f64>> = duties.iter().map(|duty| duty.base.ad_valorem()).collect();
    let adds_pct = shares.and_then(|shares| bounds(shares.into_iter().map(Estimate::exactly)));
    let rate_pct = adds_pct.filter(|bounds| bounds.least == bounds.most).map(|bounds| bounds.least);
    let why = match duties {
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
        named: true,
    }
}

fn layer_part(duties: &[LineDuty<'_>], at: usize, question: &Question<'_>) -> Part {
    let charges: Vec<&Charge<'_>> = duties.iter().map(|duty| &duty.charges[at]).collect();
    let layer = charges[0].layer;
    let charged = charges.iter().filter(|charge| matches!(charge.outcome, Outcome::Charged(_))).count();
    let adds = bounds(charges.iter().map(|charge| charge.adds()));
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
        named: charges.iter().any(|charge| charge.outcome != Outcome::OutOfScope),
    }
}

fn commonest(reasons: impl Iterator<Item = String>) -> String {
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for reason in reasons {
        *counts.entry(reason).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(reason, _)| reason).unwrap_or_default()
}

/// Why a layer is charged or not, in words.
fn reason(charge: &Charge<'_>) -> String {
    let listed = charge.by.as_deref().unwrap_or("its scope");
    match &charge.outcome {
        Outcome::Charged(reach) if *reach == Estimate::WHOLE => format!("on {listed}"),
        Outcome::Charged(reach) if reach.is_exact() => {
            format!("on {listed}, on {}% of the value", pct(reach.expected))
        }
        Outcome::Charged(reach) => {
            let question = charge.question.as_deref().unwrap_or("the record does not settle how much");
            format!("on {listed}, on {} to {}% of the value: {question}", pct(reach.least), pct(reach.most))
        }
        Outcome::OutOfScope => "not on its lists".to_owned(),
        Outcome::Exempt(list) => format!("exempt: {list}"),
        Outcome::Replaced(by) => format!("replaced within its family by {by}"),
        Outcome::Blocked(by) => format!("blocked by {by}"),
        Outcome::OnlyIf(condition) => format!("only if {condition}"),
        Outcome::NotCharged(why) => why.clone(),
    }
}

fn questions(duties: &[LineDuty<'_>]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for charge in duties.iter().flat_map(|duty| &duty.charges) {
        if let Outcome::OnlyIf(condition) = &charge.outcome {
            let question = format!("{} applies only if {condition}", charge.layer.measure);
            if charge.layer.rate.most > 0.0 && !found.contains(&question) {
                found.push(question);
            }
        } else if !charge.adds().is_exact()
            && let Some(question) = &charge.question
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

fn averages(
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
    for exporter in [question.from, ALL_PARTNERS] {
        let (mut sum, mut weight) = (0.0, 0.0);
        for (line, duty) in lines.iter().zip(duties) {
            if let (Some(value), Some(base)) = (table.value(line, exporter), line.average_base()) {
                sum += value * (base + duty.added.expected);
                weight += value;
            }
        }
        if let (true, Some(name)) = (weight > 0.0, provenance.weights.get(exporter)) {
            found.push(WeightedAverage { weights: name.clone(), average_pct: pct(sum / weight) });
        }
    }
    found
}

fn no_line(code: ProductCode, table: &LineTable) -> ProductError {
    let near = [8, 6, 4, 2].into_iter().map(|digits| code.cut(digits)).find_map(|short| {
        let found = table.below(short);
        (short != code && !found.is_empty())
            .then(|| found.iter().take(4).map(|line| line.code.to_string()).collect::<Vec<_>>().join(", "))
    });
    ProductError::NoLine { code: code.to_string(), near }
}
