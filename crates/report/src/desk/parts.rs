//! What the desk shows on a click: the duty on a line, where a deal can lie, the record. Each is a page of its own as well.

use detente::World;
use detente::brief::deal::{self, Deal, NoDeal};
use detente::desk::state::DeskState;
use detente::strategy::day::RecordDay;
use detente::words::{deal as deal_words, duty as duty_words, number};
use detente::{Control, Error};
use detente_ledger::duty::{Answer, Question, Settled};
use detente_ledger::products::ProductCode;
use detente_ledger::schedule::Reading;
use detente_ledger::status::AsOf;

use super::answer::{Day, NoDeskAnswer, day_details, refused_key};
use crate::brief::{page as brief_page, pictures};
use crate::page::Part;
use crate::picture::duty_line;
use crate::picture::figure::{DESK, Picture};

/// A question about a line of the tariff.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Product code of 2 to 10 digits.
    pub code: String,
    /// Exporting party.
    pub from: String,
    /// Importing party.
    pub to: String,
}

/// The duty on a line on the state's day, part on part.
///
/// # Errors
/// What is no product code; parties that are not on record.
pub fn duty(world: &World, state: &DeskState, line: &Line) -> Result<Vec<Part>, NoDeskAnswer> {
    let code: ProductCode =
        line.code.trim().parse().map_err(|error| refused_key("code", format!("{error}")))?;
    let tariffs = world.record()?;
    let party = |key: &str, typed: &str| {
        let typed = typed.trim();
        let known = || refused_key(key, format!("`{typed}` is no party on record; write a code as CHN"));
        tariffs
            .ledger()
            .party(typed)
            .or_else(|| tariffs.ledger().party(&typed.to_uppercase()))
            .ok_or_else(known)
    };
    let (from, to) = (party("from", &line.from)?, party("to", &line.to)?);
    let question = Question {
        code,
        from: &from,
        to: &to,
        on: state.on,
        known_on: state.known_on,
        value: None,
        quantity: None,
        settled: Settled::default(),
    };
    let answer =
        tariffs.duty(&question, Reading::Stated).map_err(|error| refused_key("code", error.to_string()))?;
    let mut parts = vec![Part::Lead(duty_words::on_a_line(&answer)), Part::picture(line_picture(&answer))];
    let mut small: Vec<String> = answer.questions.iter().map(|open| format!("Open: {open}")).collect();
    small.extend(
        answer.not_verified_after.map(|last| format!("Not verified after {last}, the last day of evidence.")),
    );
    small.extend(answer.before_the_record.map(|first| {
        format!("The record begins on {first}: measures of earlier days are not in this duty.")
    }));
    small.extend(answer.missing.iter().map(|held| format!("Missing: {held}")));
    small.push(format!("Confidence: {}, of the weakest thing that the duty rests on.", answer.confidence));
    small.push(format!("Not in the duty: {}.", answer.left_out.join("; ")));
    parts.push(Part::List(small));
    Ok(parts)
}

fn line_picture(answer: &Answer) -> Picture {
    let rows: Vec<duty_line::Part> = answer
        .parts
        .iter()
        .filter(|part| part.applies || part.named)
        .map(|part| {
            let act = part.sources.first().map_or(String::new(), |act| format!("; {act}"));
            let several = part.adds_pct.filter(|bounds| bounds.least != bounds.most);
            let name = several.map_or_else(
                || part.measure.clone(),
                |bounds| format!("{}, {} to {}", part.measure, bounds.least, bounds.most),
            );
            // Where only bounds are known the bar ends in their middle, and the name says both.
            let points = part.adds_pct.map(|bounds| (bounds.least + bounds.most) / 2.0).or(part.rate_pct);
            duty_line::Part {
                name,
                points: points.filter(|_| part.applies),
                reason: format!("{}{act}", part.why),
            }
        })
        .collect();
    let title = format!(
        "The duty on {} from {} into {} on {}, part on part",
        answer.code,
        answer.from,
        answer.to,
        number::day(&answer.on.to_string())
    );
    duty_line::picture(&title, "Percentage points of customs value, by statute.", &rows, DESK)
}

/// The deals between the sides of a day: some seconds of work, under a control that may stop it.
///
/// # Errors
/// What the record refuses. That no deal is shown is an answer.
pub fn deal_of(
    world: &World,
    day: &Day,
    state: &DeskState,
    control: &Control,
) -> Result<Result<Deal, NoDeal>, NoDeskAnswer> {
    let tariffs = world.record()?;
    let talks = tariffs.ledger().talks_held(&state.talks).map_err(Error::from)?;
    let clock = AsOf { on: state.on, known_on: state.known_on };
    let held = RecordDay { tariffs, talks: &talks, clock, collected: &day.brief.collection_ratios };
    Ok(deal::deal(control, &day.brief, &held, world.directory(), None))
}

/// Where a deal can lie, in words and pictures.
pub fn deal(day: &Day, found: &Result<Deal, NoDeal>) -> Vec<Part> {
    match (found, day.brief.parties.as_slice()) {
        (Ok(deal), [first, second]) => {
            let names = [first.name.as_str(), second.name.as_str()];
            let mut parts = vec![Part::Lead(deal_words::balanced(&day.brief, &deal.balanced))];
            parts.extend(deal.patience.as_ref().map(|curve| Part::Text(deal_words::holds(curve))));
            parts.push(Part::picture(pictures::zone(&day.brief, deal, names, DESK)));
            parts.extend(pictures::for_economists(deal, names, DESK).into_iter().map(Part::picture));
            parts
        }
        (Ok(_), _) => Vec::new(),
        (Err(reason), _) => vec![Part::Text(format!("Not shown: {reason}"))],
    }
}

/// The record of the talks: what was met for, agreed, promised and said, with accounts of both sides.
pub fn record(day: &Day) -> Vec<Part> {
    let mut parts = vec![Part::List(day_details(day))];
    parts.extend(brief_page::details(&day.brief));
    parts
}
