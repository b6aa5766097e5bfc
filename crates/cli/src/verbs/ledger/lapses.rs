//! `detente ledger lapses`: what snaps back on a day if nobody signs.

use crate::{
    failure::Failure,
    output::{self, Format},
    record::{Record, csv, deadline, grid, json, section, wrong},
    verbs::status::lapse_table,
};
use clap::Args;
use detente_ledger::status::{AsOf, Lapse, Lapses, lapses};
use detente_ledger::talks::Talks;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};

/// What `ledger lapses` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The day, or the identifier of a deadline on record (the next one unless said otherwise).
    pub deadline: Option<String>,
    /// Code of the talks (all on record unless said otherwise).
    #[arg(long)]
    pub talks: Option<String>,
    /// Clocks, folders and format.
    #[command(flatten)]
    pub record: Record,
}

/// What lapses of some talks on a day.
#[derive(Debug, Serialize)]
struct OfTalks {
    talks: String,
    title: String,
    date: Date,
    #[serde(flatten)]
    lapses: Lapses,
}

/// Prints what lapses.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let clock = arguments.record.clock()?;
    let tariffs = arguments.record.tariffs()?;
    let ledger = tariffs.ledger();
    let asked = match arguments.talks.as_deref() {
        Some(id) => vec![ledger.talks(id).map_err(wrong)?],
        None => ledger
            .talks_ids()
            .into_iter()
            .map(|id| ledger.talks(id).map_err(wrong))
            .collect::<Result<Vec<Talks>, _>>()?,
    };
    let day = arguments.deadline.as_deref().map(|typed| deadline(ledger, typed)).transpose()?;
    let mut found = Vec::new();
    for talks in &asked {
        let Some(date) = day.or_else(|| talks.next_deadline(clock)) else { continue };
        let lapses = lapses(ledger, talks, date, clock, Some(&tariffs));
        found.push(OfTalks { talks: talks.id.clone(), title: talks.title.clone(), date, lapses });
    }
    if found.is_empty() {
        return Err(Failure::NoAnswer(format!("no deadline is set as known on {}", clock.known_on)));
    }
    output::print(&match arguments.record.format {
        Format::Json if arguments.talks.is_some() => json(&found[0])?,
        Format::Json => json(&of_all(&found)?)?,
        Format::Csv => csv(&LAPSE, found.iter().flat_map(lapse_rows)),
        Format::Table => {
            let screens: Vec<String> = found.iter().map(|held| screen(held, clock)).collect();
            screens.join("\n")
        }
    })
}

/// All talks in the layout of one: the same lists, each row with its talks, and beside them which talks and days these are.
fn of_all(found: &[OfTalks]) -> Result<Value, Failure> {
    let mut all = Value::Object(Map::new());
    let mut talks = Vec::new();
    for of in found {
        talks.push(serde_json::json!({ "talks": of.talks, "title": of.title, "date": of.date }));
        let mut lists = serde_json::to_value(&of.lapses).map_err(wrong)?;
        for rows in lists.as_object_mut().into_iter().flat_map(Map::values_mut) {
            for row in rows.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
                row.insert("talks".to_owned(), Value::String(of.talks.clone()));
            }
        }
        add(&mut all, lists);
    }
    all["talks"] = Value::Array(talks);
    Ok(all)
}

/// Lists grow and objects take in what they lack.
fn add(held: &mut Value, more: Value) {
    match (held, more) {
        (Value::Object(held), Value::Object(more)) => {
            for (key, value) in more {
                match held.get_mut(&key) {
                    Some(known) => add(known, value),
                    None => _ = held.insert(key, value),
                }
            }
        }
        (Value::Array(held), Value::Array(more)) => held.extend(more),
        _ => {}
    }
}

fn screen(found: &OfTalks, clock: AsOf) -> String {
    let OfTalks { title, date, lapses: found, .. } = found;
    let mut text = format!("{title} on {date} if nobody acts, as known on {}\n", clock.known_on);
    if found.by_law.is_empty() {
        text += "nothing changes by law: no act on record ends on this day\n";
    }
    text += &section("By law", &lapse_table(&found.by_law));
    text += &section("In the texts, without legal basis", &lapse_table(&found.no_legal_basis));
    let mut acts = grid(&["by", "on", "points", "what", "statute", "legally available"]);
    for act in &found.needs_new_act {
        acts.add_row(vec![
            act.imposer.clone(),
            act.target.clone(),
            act.points.map(|points| format!("{points:+}")).unwrap_or_default(),
            act.what.clone(),
            act.statute.clone(),
            if act.legally_available { "yes" } else { "no" }.to_owned(),
        ]);
    }
    text += &section("Announced, would need a new act", &acts);
    let mut accounts = grid(&["by", "what", "lapses or returns", "account of"]);
    for told in &found.by_one_account {
        let row = [&told.side, &told.what, &told.lapses, &told.account];
        accounts.add_row(row.map(String::clone));
    }
    let heading = "By one side's account only: no act has this end, and duties here do not count it";
    text + &section(heading, &accounts)
}

const LAPSE: [&str; 12] = [
    "talks",
    "tense",
    "imposer",
    "target",
    "measure",
    "before",
    "after",
    "points",
    "trade_at_stake_usd",
    "duty_at_stake_usd",
    "legal_basis",
    "act",
];

fn lapse_rows(found: &OfTalks) -> Vec<Vec<String>> {
    let (talks, found) = (&found.talks, &found.lapses);
    let row = |tense: &str, lapse: &Lapse| {
        let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        vec![
            talks.clone(),
            tense.to_owned(),
            lapse.imposer.clone(),
            lapse.target.clone(),
            lapse.measure.clone(),
            lapse.before.clone(),
            lapse.after.clone(),
            number(lapse.points),
            number(lapse.trade_at_stake_usd),
            number(lapse.duty_at_stake_usd),
            lapse.legal_basis.clone(),
            lapse.act.clone(),
        ]
    };
    let told = found.by_one_account.iter().map(|told| {
        let empty = String::new;
        let tense = "one side's account".to_owned();
        let mut row = vec![talks.clone(), tense, told.side.clone(), empty(), told.what.clone()];
        row.extend([empty(), told.lapses.clone(), empty(), empty(), empty(), empty(), told.account.clone()]);
        row
    });
    let by_law = found.by_law.iter().map(|lapse| row("by law", lapse));
    by_law.chain(found.no_legal_basis.iter().map(|lapse| row("no legal basis", lapse))).chain(told).collect()
}
