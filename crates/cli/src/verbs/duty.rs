//! `detente duty`: the duty on a tariff line on a day, part by part.

use crate::{
    failure::Failure,
    output,
    record::{Record, day, deadline, fault, grid, json, wrap, wrong},
};
use clap::Args;
use detente_ledger::{
    duty::{Alternative, Answer, Bounds, Part, Qualified, Question, Settled},
    products::ProductCode,
    schedule::Reading,
    tariff::DutyStep,
};
use std::mem::ManuallyDrop;

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
    /// A claim that the importer makes: a programme of preference, or a condition by its name. May be repeated.
    #[arg(long, value_name = "CLAIM")]
    pub claim: Vec<String>,
    /// Day of loading for export.
    #[arg(long, value_name = "DATE")]
    pub loaded: Option<String>,
    /// An answer to a condition: yes, no, or a share from 0 to 1. May be repeated.
    #[arg(long, value_name = "CONDITION=ANSWER")]
    pub given: Vec<String>,
    /// Every change of the duty from `--on` to this day, on latest knowledge unless `--known-on` says otherwise.
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
    let mut clock = arguments.record.clock()?;
    if arguments.until.is_some() && arguments.record.known_on.is_none() {
        clock.known_on = crate::record::today().max(clock.on);
    }
    let reading = if arguments.notices_only { Reading::Notices } else { Reading::Stated };
    // The process ends with the answer: to take the record apart piece by piece before would be a tenth of its time.
    let tariffs = ManuallyDrop::new(arguments.record.tariffs()?);
    let question = Question {
        code: arguments.code.parse::<ProductCode>().map_err(wrong)?,
        from: &arguments.from,
        to: &arguments.to,
        on: clock.on,
        known_on: clock.known_on,
        value: arguments.value,
        quantity: arguments.quantity,
        settled: settled(&arguments)?,
    };
    for (flag, typed) in [("--until", &arguments.until), ("--if-lapsed", &arguments.if_lapsed)] {
        let Some(typed) = typed else { continue };
        let day = deadline(tariffs.ledger(), typed)?;
        if day <= clock.on {
            return Err(wrong(format!("{flag} {day} is not after --on {}; write a later day", clock.on)));
        }
    }
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
        output::Format::Csv if !steps.is_empty() => steps_csv(&steps),
        output::Format::Csv => csv(&answer),
        output::Format::Table => table(&answer, &steps, lapsed.as_ref(), arguments.all),
    })
}

/// What the asker settles.
fn settled(arguments: &Arguments) -> Result<Settled, Failure> {
    let given = arguments
        .given
        .iter()
        .map(|typed| {
            let refuse =
                || wrong(format!("--given `{typed}`: write CONDITION=yes, CONDITION=no or CONDITION=0.3"));
            let (id, answer) = typed.split_once('=').ok_or_else(refuse)?;
            let share = match answer.trim() {
                "yes" => 1.0,
                "no" => 0.0,
                number => number.parse().map_err(|_| refuse())?,
            };
            Ok((id.trim().to_owned(), share))
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let loaded = arguments.loaded.as_deref().map(day).transpose()?;
    Ok(Settled { claims: arguments.claim.clone(), loaded, given })
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

/// The steps, with their ends as numbers.
fn steps_csv(steps: &[DutyStep]) -> String {
    let header = ["from", "until", "total_pct", "least_pct", "most_pct", "specific", "what changed"];
    crate::record::csv(&header, steps.iter().map(step_cells))
}

/// A step as cells: days, the total where it is one rate, its ends, the base where it is no share of value, what changed.
pub fn step_cells(step: &DutyStep) -> Vec<String> {
    let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let ends =
        step.range_pct.map(|range| (range.least, range.most)).or(step.total_pct.map(|total| (total, total)));
    vec![
        step.from.to_string(),
        crate::record::or_word(step.until, ""),
        number(step.total_pct),
        number(ends.map(|ends| ends.0)),
        number(ends.map(|ends| ends.1)),
        step.specific.clone().unwrap_or_default(),
        step.changes.join("; "),
    ]
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
    text += &conditions(answer);
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
    text += &rests_on(answer);
    text += &format!("not in the duty: {}\n", answer.left_out.join("; "));
    wrap_long(&text)
}

/// What a code does not show, with the duty for each answer; preferences.
fn conditions(answer: &Answer) -> String {
    let mut text = String::new();
    // An exclusion has a line of its own.
    for asked in answer.conditions.iter().filter(|asked| asked.id != "exclusion") {
        text += &format!("{} ({}):\n", asked.question, asked.id);
        for given in &asked.answers {
            let note = given.duty.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            text += &wrap(&format!("  {}: {}{note}", given.answer, qualified(&given.duty)));
            text += "\n";
        }
    }
    for (programme, duty) in &answer.if_qualifies {
        text += &format!("if the goods qualify under {programme}: {}\n", qualified(duty));
    }
    if !answer.members_differ.is_empty() {
        text += &format!("not the same for all members: {} differ\n", answer.members_differ.join(", "));
    }
    text
}

fn qualified(duty: &Qualified) -> String {
    if duty.prohibited {
        return "no entry".to_owned();
    }
    amount(duty.total_pct, duty.range_pct, duty.specific.as_deref())
}

/// How sure the answer is and what it does not know.
fn rests_on(answer: &Answer) -> String {
    let mut text =
        format!("confidence: {}, of the weakest thing that the duty rests on\n", answer.confidence);
    if let Some(today) = &answer.as_known_today {
        text += &format!("as known today: {}\n", qualified(today));
    }
    if let Some(last) = answer.not_verified_after {
        text += &format!("not verified after {last}, the last day of evidence\n");
    }
    if let Some(first) = answer.before_the_record {
        text += &format!("the record begins on {first}: measures of earlier days are not in this duty\n");
    }
    let mut notes: Vec<&str> = Vec::new();
    for part in answer.parts.iter().filter(|part| part.applies) {
        if let Some(note) = part.note.as_deref().filter(|note| !notes.contains(note)) {
            notes.push(note);
            let evidence =
                part.last_evidence.map(|day| format!(" (last evidence {day})")).unwrap_or_default();
            text += &format!("note on {}: {note}{evidence}\n", part.measure);
        }
    }
    for missing in &answer.missing {
        text += &format!("missing: {missing}\n");
    }
    for ambiguity in &answer.ambiguities {
        text += &format!("open in the texts: {ambiguity}\n");
    }
    text
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
        match answer.prohibited {
            true => "no entry".to_owned(),
            false => amount(answer.total_pct, answer.range_pct, answer.specific.as_deref()),
        }
    )
}

fn amount(total: Option<f64>, range: Option<Bounds>, specific: Option<&str>) -> String {
    match (total, range, specific) {
        (Some(total), _, _) => format!("{total}% of customs value"),
        (None, Some(range), Some(specific)) if range.least == range.most => {
            format!(
                "{specific} (about {}% of customs value at the value per unit of the trade figures)",
                range.least
            )
        }
        (None, Some(range), _) if range.least == range.most => format!("{}% of customs value", range.least),
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
