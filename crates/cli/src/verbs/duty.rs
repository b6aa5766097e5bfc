//! `detente duty`: the duty on a tariff line on a day, part by part.

use crate::{
    failure::Failure,
    output,
    record::{Record, day, deadline, fault, grid, json, wrap, wrong},
};
use clap::Args;
use detente_ledger::{
    duty::{Alternative, Answer, Bounds, Part, Question},
    products::ProductCode,
    schedule::Reading,
    tariff::DutyStep,
};
use detente_tables::nearest::suggestion;
use std::collections::BTreeSet;

/// What `duty` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Product code of 2 to 10 digits, with or without dots.
    pub code: String,
    /// Exporting party.
    #[arg(long, value_name = "PARTY")]
    pub from: String,
    /// Importing party.
    #[arg(long, value_name = "PARTY")]
    pub to: String,
    /// Customs value of the goods: gives the duty in money.
    #[arg(long)]
    pub value: Option<f64>,
    /// Quantity in the unit of a specific base rate.
    #[arg(long)]
    pub quantity: Option<f64>,
    /// Every change of the duty from `--on` to this day.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Beside today's duty, the one after this deadline lapses: a day, or the identifier of a deadline on record.
    #[arg(long, value_name = "DEADLINE")]
    pub if_lapsed: Option<String>,
    /// Only notices and rulings count, not what officials have stated.
    #[arg(long)]
    pub notices_only: bool,
    /// Also list the measures in force that do not name the product.
    #[arg(long)]
    pub all: bool,
    /// Clocks (the day of entry, and what was known), folders and format.
    #[command(flatten)]
    pub record: Record,
}

/// Prints the answer.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let clock = arguments.record.clock()?;
    let reading = if arguments.notices_only { Reading::Notices } else { Reading::Stated };
    let tariffs = arguments.record.tariffs()?;
    let (imposers, targets) = tariffs.ledger().parties();
    known("--to", "by", &arguments.to, &imposers)?;
    known("--from", "on", &arguments.from, &targets)?;
    let question = Question {
        code: arguments.code.parse::<ProductCode>().map_err(wrong)?,
        from: &arguments.from,
        to: &arguments.to,
        on: clock.on,
        known_on: clock.known_on,
        value: positive("--value", arguments.value)?,
        quantity: positive("--quantity", arguments.quantity)?,
    };
    let answer = tariffs.duty(&question, reading).map_err(wrong)?;
    let steps = match &arguments.until {
        Some(until) => tariffs.duty_steps(&question, day(until)?, reading).map_err(wrong)?,
        None => Vec::new(),
    };
    let lapsed = match &arguments.if_lapsed {
        Some(typed) => {
            let after = Question { on: deadline(tariffs.ledger(), typed)?, ..question.clone() };
            Some(tariffs.duty(&after, reading).map_err(wrong)?)
        }
        None => None,
    };
    output::print(&match arguments.record.format {
        output::Format::Json => answer_json(&answer, &steps, lapsed.as_ref())?,
        output::Format::Csv => csv(&answer),
        output::Format::Table => table(&answer, &steps, lapsed.as_ref(), arguments.all),
    })
}

/// A party that the record does not speak of has duties that the record does not hold: the answer would leave them out.
fn known(flag: &str, party: &str, code: &str, codes: &BTreeSet<&str>) -> Result<(), Failure> {
    if codes.contains(code) {
        return Ok(());
    }
    Err(Failure::WrongInput(format!(
        "{flag}: the record holds no measure {party} `{code}`, so that a duty would leave out what applies; {}",
        suggestion(code, codes.iter().copied())
    )))
}

fn positive(name: &str, number: Option<f64>) -> Result<Option<f64>, Failure> {
    match number {
        Some(number) if !number.is_finite() || number < 0.0 => {
            Err(Failure::WrongInput(format!("{name} is {number}; write a number that is not negative")))
        }
        number => Ok(number),
    }
}

fn answer_json(answer: &Answer, steps: &[DutyStep], lapsed: Option<&Answer>) -> Result<String, Failure> {
    let mut value = serde_json::to_value(answer).map_err(fault)?;
    if let Some(fields) = value.as_object_mut() {
        if !steps.is_empty() {
            fields.insert("steps".to_owned(), serde_json::to_value(steps).map_err(fault)?);
        }
        if let Some(lapsed) = lapsed {
            fields.insert("if_lapsed".to_owned(), serde_json::to_value(lapsed).map_err(fault)?);
        }
    }
    json(&value)
}

fn csv(answer: &Answer) -> String {
    let mut text = String::from("measure,authority,rate_pct,applies,why,sources,confidence\n");
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    for part in &answer.parts {
        let rate = part.rate_pct.map(|rate| rate.to_string()).unwrap_or_default();
        text += &format!(
            "{},{},{rate},{},{},{},{}\n",
            quoted(&part.measure),
            quoted(&part.authority),
            part.applies,
            quoted(&part.why),
            quoted(&part.sources.join(" | ")),
            part.confidence
        );
    }
    text
}

fn table(answer: &Answer, steps: &[DutyStep], lapsed: Option<&Answer>, all: bool) -> String {
    let mut text = format!("{}\n\n", headline(answer));
    text += &parts(answer, all);
    for average in &answer.averages {
        text += &format!(
            "average over {} lines, {}: {:.2}%\n",
            answer.lines, average.weights, average.average_pct
        );
    }
    for question in &answer.questions {
        text += &format!("open: {question}\n");
    }
    if let Some(excluded) = &answer.if_excluded {
        let act = excluded.sources.first().map(|act| format!(", {act}")).unwrap_or_default();
        text += &format!(
            "if an exclusion describes the goods: {} ({} at 0; {}{act}; its goods are not on record by line)\n",
            alternative(excluded),
            excluded.without.join(", "),
            excluded.why
        );
    }
    if let Some(sourced) = &answer.without_unsourced {
        text += &format!(
            "rests on memory: {}; without it: {}\n",
            sourced.without.join(", "),
            alternative(sourced)
        );
    }
    if !steps.is_empty() {
        text += "\n";
        text += &chart(steps);
    }
    if let Some(lapsed) = lapsed {
        text += &format!("\nafter the lapse: {}\n{}", headline(lapsed), parts(lapsed, false));
    }
    text += &format!("not in the duty: {}\n", answer.left_out.join("; "));
    wrap_long(&text)
}

/// Sentences fit the terminal; tables do already.
fn wrap_long(text: &str) -> String {
    let is_table = |line: &str| line.starts_with(' ');
    let lines: Vec<String> =
        text.split('\n').map(|line| if is_table(line) { line.to_owned() } else { wrap(line) }).collect();
    lines.join("\n")
}

fn headline(answer: &Answer) -> String {
    let known = if answer.known_on == answer.on {
        String::new()
    } else {
        format!(", as known on {}", answer.known_on)
    };
    let money = answer.duty.map(|duty| format!(" = {duty:.2}")).unwrap_or_default();
    format!(
        "{} from {} to {} on {}{known}: {}{money}",
        answer.code,
        answer.from,
        answer.to,
        answer.on,
        amount(answer.total_pct, answer.range_pct, answer.specific.as_deref())
    )
}

fn amount(total: Option<f64>, range: Option<Bounds>, specific: Option<&str>) -> String {
    match (total, range, specific) {
        (Some(total), _, _) => format!("{total}% of customs value"),
        (None, Some(range), _) => format!("{} to {}% of customs value", range.least, range.most),
        (None, None, Some(specific)) => specific.to_owned(),
        (None, None, None) => "the base rate is not on record; the layers below come on top of it".to_owned(),
    }
}

fn alternative(other: &Alternative) -> String {
    let money = other.duty.map(|duty| format!(" = {duty:.2}")).unwrap_or_default();
    format!("{}{money}", amount(other.total_pct, other.range_pct, other.specific.as_deref()))
}

fn parts(answer: &Answer, all: bool) -> String {
    let money = answer.parts.iter().any(|part| part.duty.is_some());
    let mut header = vec!["measure", "rate %", "adds %", "why", "act", "days", "confidence"];
    if money {
        header.insert(3, "duty");
    }
    let mut table = grid(&header);
    let mut unnamed: Vec<&str> = Vec::new();
    for part in &answer.parts {
        if !all && !part.named {
            if !unnamed.contains(&part.measure.as_str()) {
                unnamed.push(&part.measure);
            }
            continue;
        }
        table.add_row(row(part, money));
    }
    // A measure with several rates is named where one of them names the product.
    unnamed.retain(|measure| !answer.parts.iter().any(|part| part.named && part.measure == *measure));
    let mut text = format!("{table}\n");
    if !unnamed.is_empty() {
        text += &format!("on the books and not on this product: {}\n", unnamed.join("; "));
    }
    text
}

fn row(part: &Part, money: bool) -> Vec<String> {
    let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let adds = match part.adds_pct {
        Some(Bounds { least, most }) if least == most => least.to_string(),
        Some(Bounds { least, most }) => format!("{least} to {most}"),
        None => String::new(),
    };
    let days = match (part.from, part.until) {
        (Some(from), Some(until)) => format!("{from} to {until}"),
        (Some(from), None) => format!("{from} on"),
        _ => String::new(),
    };
    let mut row = vec![
        part.measure.clone(),
        number(part.rate_pct),
        adds,
        part.why.clone(),
        part.sources.first().cloned().unwrap_or_default(),
        days,
        part.confidence.clone(),
    ];
    if money {
        row.insert(3, part.duty.map(|duty| format!("{duty:.2}")).unwrap_or_default());
    }
    row
}

fn chart(steps: &[DutyStep]) -> String {
    let mut table = grid(&["from", "until", "duty", "what changed"]);
    for step in steps {
        table.add_row([
            step.from.to_string(),
            step.until.map(|until| until.to_string()).unwrap_or_default(),
            amount(step.total_pct, step.range_pct, step.specific.as_deref()),
            step.changes.join("; "),
        ]);
    }
    format!("{table}\n")
}
