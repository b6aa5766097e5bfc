//! `detente ledger`: the record of measures itself.

use crate::{
    failure::Failure,
    output::{self, Format},
    record::{Record, csv, day, grid, json, or_word, section, wrong},
    verbs::status::lapse_table,
};
use clap::{Args, Subcommand};
use detente_ledger::{
    Instrument, Ledger,
    check::check,
    duty::Question,
    instrument::Entry,
    products::ProductCode,
    schedule::Reading,
    status::{Clock, Lapse, Lapses, lapses},
    tariff::{DutyStep, Tariffs},
};
use jiff::civil::Date;

/// What `ledger` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// What to ask of it.
    #[command(subcommand)]
    pub question: LedgerQuestion,
}

/// Questions to the record.
#[derive(Debug, Subcommand)]
pub enum LedgerQuestion {
    /// What snaps back on a day if nobody signs, with the trade and the duty at stake.
    Lapses(LapsesArguments),
    /// Every act of a measure, or every change of the duty on a product.
    History(HistoryArguments),
    /// Whether the record, and folders laid over it, are sound: file, entry, repair.
    Check(CheckArguments),
}

/// What `ledger lapses` takes.
#[derive(Args, Debug)]
pub struct LapsesArguments {
    /// The day, or the identifier of a deadline on record (the next one unless said otherwise).
    pub deadline: Option<String>,
    /// Code of the talks.
    #[arg(long, default_value = "us-china")]
    pub talks: String,
    /// Clocks, folders and format.
    #[command(flatten)]
    pub record: Record,
}

/// What `ledger history` takes.
#[derive(Args, Debug)]
pub struct HistoryArguments {
    /// Identifier of a measure, or a product code.
    pub subject: String,
    /// Exporting party, for a product.
    #[arg(long, value_name = "PARTY")]
    pub from: Option<String>,
    /// Importing party, for a product.
    #[arg(long, value_name = "PARTY")]
    pub to: Option<String>,
    /// First day of a product's history.
    #[arg(long, value_name = "DATE", default_value = "2018-01-01")]
    pub since: String,
    /// Clocks, folders and format.
    #[command(flatten)]
    pub record: Record,
}

/// What `ledger check` takes.
#[derive(Args, Debug)]
pub struct CheckArguments {
    /// Clocks, folders and format.
    #[command(flatten)]
    pub record: Record,
}

/// Prints the answer.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.question {
        LedgerQuestion::Lapses(arguments) => run_lapses(&arguments),
        LedgerQuestion::History(arguments) => run_history(&arguments),
        LedgerQuestion::Check(arguments) => run_check(&arguments),
    }
}

fn run_lapses(arguments: &LapsesArguments) -> Result<(), Failure> {
    let clock = arguments.record.clock()?;
    let tariffs = arguments.record.tariffs()?;
    let talks = tariffs.ledger().talks(&arguments.talks).map_err(wrong)?;
    let date = match arguments.deadline.as_deref() {
        Some(typed) => match talks.deadlines.iter().find(|held| held.id.eq_ignore_ascii_case(typed)) {
            Some(deadline) => deadline.date,
            None => day(typed)?,
        },
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
                text += "nothing changes by law\n";
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
            text + &section("Announced, would need a new act", &acts)
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
    let by_law = found.by_law.iter().map(|lapse| row("by law", lapse));
    by_law.chain(found.no_legal_basis.iter().map(|lapse| row("no legal basis", lapse))).collect()
}

fn run_history(arguments: &HistoryArguments) -> Result<(), Failure> {
    let clock = arguments.record.clock()?;
    let tariffs = arguments.record.tariffs()?;
    let held = tariffs.ledger().instruments.iter();
    let named = held.clone().find(|instrument| instrument.id.eq_ignore_ascii_case(&arguments.subject));
    if let Some(instrument) = named {
        return acts(instrument, tariffs.ledger(), clock.known_on, arguments.record.format);
    }
    let code = arguments.subject.parse::<ProductCode>().map_err(|error| {
        let unknown = tariffs.ledger().instrument(&arguments.subject).err();
        let unknown = unknown.map(|unknown| unknown.to_string()).unwrap_or_default();
        wrong(format!("{unknown}; and {error}"))
    })?;
    let (Some(from), Some(to)) = (&arguments.from, &arguments.to) else {
        return Err(wrong("the history of a product needs --from and --to, like --from CHN --to USA"));
    };
    let steps = product_steps(&tariffs, code, (from, to), day(&arguments.since)?, clock)?;
    let header = ["from", "until", "total_pct", "what changed"];
    let rows = steps.iter().map(|step| {
        let total = match (step.total_pct, &step.range_pct) {
            (Some(total), _) => total.to_string(),
            (None, Some(range)) => format!("{range:?}"),
            (None, None) => step.specific.clone().unwrap_or_default(),
        };
        vec![step.from.to_string(), or_word(step.until, ""), total, step.changes.join("; ")]
    });
    output::print(&match arguments.record.format {
        Format::Json => json(&steps)?,
        Format::Csv => csv(&header, rows),
        Format::Table => {
            let mut table = grid(&header);
            table.add_rows(rows);
            format!("{code} from {from} to {to}, as known on {}\n{table}\n", clock.known_on)
        }
    })
}

fn product_steps(
    tariffs: &Tariffs,
    code: ProductCode,
    (from, to): (&str, &str),
    since: Date,
    clock: Clock,
) -> Result<Vec<DutyStep>, Failure> {
    let question =
        Question { code, from, to, on: since, known_on: clock.known_on, value: None, quantity: None };
    let after = clock.on.tomorrow().unwrap_or(clock.on);
    tariffs.duty_steps(&question, after, Reading::Stated).map_err(wrong)
}

const ACT: [&str; 8] = ["announced", "from", "until", "does", "rate_pct", "held back", "act", "confidence"];

fn acts(instrument: &Instrument, ledger: &Ledger, known_on: Date, format: Format) -> Result<(), Failure> {
    let mut entries: Vec<&Entry> =
        instrument.entries.iter().filter(|entry| entry.known_from() <= known_on).collect();
    entries.sort_by_key(|entry| entry.known_from());
    let word = |entry: &Entry| {
        serde_json::to_value(entry.change).ok().and_then(|value| value.as_str().map(str::to_owned))
    };
    let rows = entries.iter().map(|entry| {
        let basis = entry.announcement_basis().map(|basis| format!(" ({basis})")).unwrap_or_default();
        let stated = if entry.stated { " (stated, notice not seen)" } else { "" };
        vec![
            format!("{}{basis}", entry.known_from()),
            entry.from.to_string(),
            or_word(entry.until, ""),
            word(entry).unwrap_or_default(),
            entry.rate_pct.as_ref().map(ToString::to_string).unwrap_or_default(),
            entry.suspended_pct.as_ref().map(ToString::to_string).unwrap_or_default(),
            format!("{}{stated}", entry.act),
            entry.confidence.word().to_owned(),
        ]
    });
    output::print(&match format {
        Format::Json => {
            let mut value = serde_json::to_value(instrument).map_err(crate::record::fault)?;
            if let Some(list) = value.get_mut("entries") {
                *list = entries
                    .iter()
                    .map(|entry| {
                        let mut value = serde_json::to_value(entry).unwrap_or_default();
                        value["sources"] = ledger.sources.citations(&entry.sources).into();
                        value
                    })
                    .collect();
            }
            json(&value)?
        }
        Format::Csv => csv(&ACT, rows),
        Format::Table => {
            let mut table = grid(&ACT);
            table.add_rows(rows);
            let (id, title, covers) = (&instrument.id, &instrument.title, &instrument.covers);
            format!("{id}: {title}\n{covers}\n{table}\n")
        }
    })
}

fn run_check(arguments: &CheckArguments) -> Result<(), Failure> {
    let tariffs = arguments.record.tariffs()?;
    let ledger = tariffs.ledger();
    let mut found: Vec<String> = check(ledger).iter().map(ToString::to_string).collect();
    // Product lists that scopes name are read with the lines, pair by pair.
    for id in ledger.talks_ids() {
        let Ok(talks) = ledger.talks(id) else { continue };
        for (importer, exporter) in talks.pairs() {
            if let Err(error) = tariffs.panel(&importer.code, &exporter.code) {
                found.push(error.to_string());
            }
        }
    }
    if found.is_empty() {
        let acts: usize = ledger.instruments.iter().map(|instrument| instrument.entries.len()).sum();
        let text = format!("{} instruments, {acts} acts: sound\n", ledger.instruments.len());
        return output::print(&text);
    }
    Err(Failure::WrongInput(format!("{} findings\n{}", found.len(), found.join("\n"))))
}
