//! `detente ledger lapses`: what snaps back on a day if nobody signs.

use crate::{
    failure::Failure,
    output::{self, Format},
    record::{Record, csv, deadline, grid, json, section, wrong},
    verbs::status::lapse_table,
};
use clap::Args;
use detente_ledger::status::{Lapse, Lapses, lapses};

/// What `ledger lapses` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The day, or the identifier of a deadline on record (the next one unless said otherwise).
    pub deadline: Option<String>,
    /// Code of the talks.
    #[arg(long, default_value = "us-china")]
    pub talks: String,
    /// Clocks, folders and format.
    #[command(flatten)]
    pub record: Record,
}

/// Prints what lapses.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let clock = arguments.record.clock()?;
    let tariffs = arguments.record.tariffs()?;
    let talks = tariffs.ledger().talks(&arguments.talks).map_err(wrong)?;
    let date = match arguments.deadline.as_deref() {
        Some(typed) => deadline(tariffs.ledger(), typed)?,
        None => talks
            .next_deadline(clock)
            .ok_or_else(|| Failure::NoAnswer(format!("no deadline is set as known on {}", clock.known_on)))?,
    };
    let found = lapses(tariffs.ledger(), &talks, date, clock, Some(&tariffs));
    output::print(&match arguments.record.format {
        Format::Json => json(&found)?,
        Format::Csv => csv(&LAPSE, lapse_rows(&found)),
        Format::Table => {
            let mut text =
                format!("{} on {date} if nobody acts, as known on {}\n", talks.title, clock.known_on);
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
            text + &section(
                "By one side's account only: no act has this end, and duties here do not count it",
                &accounts,
            )
        }
    })
}

const LAPSE: [&str; 11] = [
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

fn lapse_rows(found: &Lapses) -> Vec<Vec<String>> {
    let row = |tense: &str, lapse: &Lapse| {
        let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        vec![
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
        let mut row = vec!["one side's account".to_owned(), told.side.clone(), empty(), told.what.clone()];
        row.extend([empty(), told.lapses.clone(), empty(), empty(), empty(), empty(), told.account.clone()]);
        row
    });
    let by_law = found.by_law.iter().map(|lapse| row("by law", lapse));
    by_law.chain(found.no_legal_basis.iter().map(|lapse| row("no legal basis", lapse))).chain(told).collect()
}
