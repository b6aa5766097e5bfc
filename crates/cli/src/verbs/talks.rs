//! `detente talks`: the talks' own record.

use crate::{
    failure::Failure,
    output::{self, Format},
    record::{Record, csv, grid, json, lapses_told, or_word, section, wrong},
    verbs::status::nontariff,
};
use clap::Args;
use detente_ledger::{
    status::{AsOf, NonTariffStatus, status},
    talks::{
        CommitmentStanding, DeadlineStanding, Framework, Intensity, Position, Round, Talks,
        template::{self, Side},
    },
    tariff::Tariffs,
};
use serde::Serialize;
use std::{fs, path::Path};

/// What `talks` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Code of the talks; or `new` and a pair, which writes a folder to start from.
    #[arg(default_value = "us-china")]
    pub talks: String,
    /// With `new`: the two sides by code or name, with a hyphen between.
    #[arg(value_name = "PAIR")]
    pub pair: Option<String>,
    /// With `new`: the folder to write, which must not hold these talks yet (`PAIR` unless said otherwise).
    #[arg(long, value_name = "DIR")]
    pub out: Option<std::path::PathBuf>,
    /// How often this and earlier series met, with the counting rule.
    #[arg(long)]
    pub intensity: bool,
    /// Promises: target, due day, where each stands.
    #[arg(long)]
    pub commitments: bool,
    /// Deadlines, past and ahead.
    #[arg(long)]
    pub deadlines: bool,
    /// What was said.
    #[arg(long)]
    pub positions: bool,
    /// Measures without a tariff number: export controls, port fees, listings, purchases, licences.
    #[arg(long)]
    pub measures: bool,
    /// Also those that belong to no commitment.
    #[arg(long)]
    pub all: bool,
    /// Clocks, folders and format.
    #[command(flatten)]
    pub record: Record,
}

/// The talks' record on a day.
#[derive(Serialize)]
struct Answer<'a> {
    talks: &'a str,
    title: &'a str,
    on: String,
    known_on: String,
    last_evidence: String,
    not_verified_after: Option<String>,
    rounds: Vec<Round>,
    frameworks: Vec<&'a Framework>,
    commitments: Vec<CommitmentStanding>,
    deadlines: Vec<DeadlineStanding>,
    positions: Vec<&'a Position>,
    intensity: Vec<Intensity>,
    nontariff: Vec<NonTariffStatus>,
}

/// Prints the record.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let clock = arguments.record.clock()?;
    let tariffs = arguments.record.tariffs()?;
    let ledger = tariffs.ledger();
    match (arguments.talks.as_str(), &arguments.pair) {
        (NEW, Some(pair)) => return start(&tariffs, pair, arguments.out.as_deref(), clock),
        (NEW, None) => {
            return Err(wrong(
                "which pair? write its two sides after `talks new`, by code or name with a hyphen between",
            ));
        }
        (_, Some(pair)) => return Err(wrong(format!("`{pair}` goes with `talks new` only"))),
        (_, None) => {}
    }
    let talks = ledger.talks(&arguments.talks).map_err(wrong)?;
    let AsOf { on, known_on } = clock;
    let answer = Answer {
        talks: &talks.id,
        title: &talks.title,
        on: on.to_string(),
        known_on: known_on.to_string(),
        last_evidence: talks.last_evidence.to_string(),
        not_verified_after: talks.not_verified_after(on).map(|day| day.to_string()),
        rounds: talks.rounds_so_far(clock).map(|held| held.as_known(known_on)).collect(),
        frameworks: talks.frameworks_so_far(clock).collect(),
        commitments: talks.commitments_on(clock, &ledger.sources),
        deadlines: talks.deadlines_on(clock, &ledger.sources),
        positions: talks.positions_so_far(clock).collect(),
        intensity: talks.intensity(clock),
        nontariff: status(ledger, &talks, clock, None).nontariff,
    };
    let parts = Parts::chosen(&arguments);
    output::print(&match arguments.record.format {
        Format::Json => json(&answer)?,
        Format::Csv => as_csv(&answer, &parts),
        Format::Table => screen(&answer, &talks, &parts, clock),
    })
}

/// The word in the place of the talks that asks for a folder to start from.
const NEW: &str = "new";

/// Writes a folder to start a pair of talks from; nothing that is there is written over.
fn start(tariffs: &Tariffs, pair: &str, out: Option<&Path>, clock: AsOf) -> Result<(), Failure> {
    let sides = pair.split_once('-').and_then(|(one, two)| Some([side(tariffs, one)?, side(tariffs, two)?]));
    let Some([one, two]) = sides else {
        return Err(wrong(format!(
            "`{pair}` names no two sides; write two codes or names with a hyphen between"
        )));
    };
    if one.code == two.code {
        return Err(wrong(format!("`{pair}` names {} twice", one.code)));
    }
    let id = pair.to_lowercase();
    if tariffs.ledger().talks_ids().iter().any(|held| *held == id) {
        return Err(wrong(format!(
            "talks `{id}` are on record; lay a folder with edited rows over them instead"
        )));
    }
    let folder = out.map_or_else(|| Path::new(&id).to_path_buf(), Path::to_path_buf);
    let files = template::files(&id, [one, two], clock.on);
    if let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).exists()) {
        return Err(wrong(format!(
            "{} is there already; name another folder with --out",
            folder.join(name).display()
        )));
    }
    for (name, text) in &files {
        let path = folder.join(name);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        written.map_err(|error| wrong(format!("{}: {error}", path.display())))?;
    }
    output::print(&format!(
        "{} files in {}: replace their rows, then ask `detente talks {id} --ledger {}`; the format: docs/formats/talks.md\n",
        files.len(),
        folder.display(),
        folder.display()
    ))
}

/// A side as typed: a code or a name that the record knows.
fn side<'a>(tariffs: &'a Tariffs, typed: &str) -> Option<Side<'a>> {
    let parties = &tariffs.ledger().parties;
    let code = parties.code(typed)?;
    let code = parties.codes().find(|held| *held == code)?;
    Some(Side { code, name: parties.name(code), has_lines: tariffs.library().lines(code).is_ok() })
}

/// Which parts are printed: all but the intensity where none is asked for.
struct Parts {
    rounds: bool,
    commitments: bool,
    deadlines: bool,
    positions: bool,
    intensity: bool,
    measures: bool,
    /// Measures that belong to no commitment too.
    all: bool,
}

impl Parts {
    fn chosen(arguments: &Arguments) -> Self {
        let none = !(arguments.intensity
            || arguments.commitments
            || arguments.deadlines
            || arguments.positions
            || arguments.measures);
        Self {
            rounds: none,
            commitments: none || arguments.commitments,
            deadlines: none || arguments.deadlines,
            positions: none || arguments.positions,
            intensity: arguments.intensity,
            measures: none || arguments.measures,
            all: arguments.all,
        }
    }
}

const INTENSITY: [&str; 7] =
    ["series", "meetings", "first", "last", "per year", "days between", "counting rule"];
const COMMITMENT: [&str; 8] =
    ["id", "framework", "by", "what", "target", "due or term", "status", "how it stands"];
const DEADLINE: [&str; 5] = ["day", "side", "what", "lapses or returns", "became"];

const MEASURE: [&str; 11] = [
    "measure",
    "imposer",
    "target",
    "area",
    "scope",
    "state",
    "from",
    "until",
    "authority",
    "trade_at_stake_usd",
    "sources",
];

fn measure(held: &NonTariffStatus) -> Vec<String> {
    vec![
        held.measure.clone(),
        held.imposer.clone(),
        held.target.clone(),
        held.area.clone(),
        held.scope.clone(),
        held.status.word().to_owned(),
        or_word(held.from, ""),
        or_word(held.until, ""),
        held.authority.clone(),
        held.trade_at_stake_usd.map(|stake| stake.to_string()).unwrap_or_default(),
        held.sources.join(" | "),
    ]
}

fn screen(answer: &Answer<'_>, talks: &Talks, parts: &Parts, clock: AsOf) -> String {
    let known = if clock.known_on == clock.on {
        "as known that day".to_owned()
    } else {
        format!("as known on {}", clock.known_on)
    };
    let verified = answer
        .not_verified_after
        .as_ref()
        .map(|day| format!("; not verified after {day}"))
        .unwrap_or_default();
    let mut text = format!("{} on {}, {known}{verified}\n", answer.title, answer.on);
    if parts.intensity {
        let mut table = grid(&INTENSITY);
        table.add_rows(answer.intensity.iter().map(|held| intensity(held, 1)));
        text += &section("How often the series met", &table);
        text += &ratios(&answer.intensity);
    }
    if parts.rounds {
        text += &rounds(answer, talks);
    }
    if parts.commitments {
        let mut table = grid(&COMMITMENT);
        table.add_rows(answer.commitments.iter().map(commitment));
        text += &section("Commitments", &table);
    }
    if parts.deadlines {
        let mut table = grid(&DEADLINE);
        table.add_rows(answer.deadlines.iter().map(deadline));
        text += &section("Deadlines", &table);
    }
    if parts.measures {
        text += &nontariff(&answer.nontariff, parts.all);
    }
    if parts.positions {
        let mut table = grid(&["day", "who", "on", "position"]);
        for held in &answer.positions {
            table.add_row(vec![
                held.date.to_string(),
                held.speaker.clone(),
                held.topic.clone(),
                held.position.clone(),
            ]);
        }
        text += &section("Positions", &table);
    }
    text
}

fn rounds(answer: &Answer<'_>, talks: &Talks) -> String {
    let mut header = vec!["no", "days", "where", "kind"];
    header.extend(talks.parties.iter().map(|party| party.name.as_str()));
    header.push("outcome");
    let mut table = grid(&header);
    for held in &answer.rounds {
        let days = if held.start == held.end {
            held.start.to_string()
        } else {
            format!("{} to {}", held.start, held.end)
        };
        let mut row = vec![
            held.number.map(|number| number.to_string()).unwrap_or_default(),
            days,
            held.city.clone(),
            held.kind.clone(),
        ];
        row.extend(
            talks.parties.iter().map(|party| held.leads.get(&party.code).cloned().unwrap_or_default()),
        );
        row.push(held.outcome.clone());
        table.add_row(row);
    }
    let mut settled = grid(&["framework", "day", "settled"]);
    for held in &answer.frameworks {
        settled.add_row(vec![held.name.clone(), held.date.to_string(), held.settled.clone()]);
    }
    section("Rounds", &table) + &section("Frameworks", &settled)
}

fn intensity(held: &Intensity, digits: usize) -> Vec<String> {
    vec![
        held.series.clone(),
        held.meetings.to_string(),
        held.first.to_string(),
        held.last.to_string(),
        format!("{:.digits$}", held.per_year),
        format!("{:.digits$}", held.days_between),
        held.counting_rule.clone(),
    ]
}

/// The current series against each of the others, so that a claim of "n times" can be checked.
fn ratios(intensity: &[Intensity]) -> String {
    let Some(latest) = intensity.iter().map(|held| held.last).max() else { return String::new() };
    let (current, others): (Vec<_>, Vec<_>) = intensity.iter().partition(|held| held.last == latest);
    let mut text = String::new();
    for now in &current {
        for other in &others {
            text += &format!(
                "{} met {:.1} times as often as {}\n",
                now.series,
                now.per_year / other.per_year,
                other.series
            );
        }
    }
    text
}

fn commitment(held: &CommitmentStanding) -> Vec<String> {
    let date = match (held.due, held.term_until) {
        (_, Some(term)) => format!("runs to {term}"),
        (due, None) => or_word(due, ""),
    };
    let mut how: Vec<String> = held.progress.iter().cloned().collect();
    if held.agenda_only {
        how.push("on the agenda only".to_owned());
    }
    if let Some((due, status)) = held.by_earliest_due {
        how.push(format!("{} against {due}, which sources also give", status.word()));
    }
    if !held.matched {
        let accounts: Vec<String> =
            held.accounts.iter().map(|account| format!("{}: {}", account.party, account.text)).collect();
        how.push(format!("not matched ({})", accounts.join("; ")));
    }
    if let Some(day) = held.not_verified_after {
        how.push(format!("not verified after {day}"));
    }
    vec![
        held.id.clone(),
        held.framework.clone(),
        held.by.clone(),
        held.what.clone(),
        held.target.clone().unwrap_or_default(),
        date,
        held.status.word().to_owned(),
        how.join(". "),
    ]
}

fn deadline(held: &DeadlineStanding) -> Vec<String> {
    let became = held.became.clone().unwrap_or_else(|| "ahead".to_owned());
    let lapses = lapses_told(&held.lapses, held.kind);
    vec![held.date.to_string(), held.side.clone(), held.instrument.clone(), lapses, became]
}

fn as_csv(answer: &Answer<'_>, parts: &Parts) -> String {
    if parts.intensity {
        return csv(&INTENSITY, answer.intensity.iter().map(|held| intensity(held, 6)));
    }
    if parts.rounds {
        let rows = answer.rounds.iter().map(|held| {
            vec![
                held.id.clone(),
                held.number.map(|number| number.to_string()).unwrap_or_default(),
                held.start.to_string(),
                held.end.to_string(),
                held.city.clone(),
                held.kind.clone(),
                held.outcome.clone(),
            ]
        });
        return csv(&["id", "number", "start", "end", "city", "kind", "outcome"], rows);
    }
    if parts.commitments {
        return csv(&COMMITMENT, answer.commitments.iter().map(commitment));
    }
    if parts.deadlines {
        return csv(&DEADLINE, answer.deadlines.iter().map(deadline));
    }
    if parts.measures {
        return csv(&MEASURE, answer.nontariff.iter().map(measure));
    }
    let rows = answer.positions.iter().map(|held| {
        vec![
            held.date.to_string(),
            held.party.clone(),
            held.speaker.clone(),
            held.topic.clone(),
            held.position.clone(),
        ]
    });
    csv(&["date", "party", "speaker", "topic", "position"], rows)
}
