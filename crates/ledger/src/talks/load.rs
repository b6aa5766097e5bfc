//! Reading the talks' folder.

use super::{
    Commitment, Deadline, Framework, NonTariff, NonTariffState, NonTariffStep, Outcome, Party, Position,
    Round, Series, Talks, Threat, laid::Laid,
};
use crate::undone_by::UndoneBy;
use crate::{
    Ledger,
    confidence::Confidence,
    error::LedgerError,
    files::{self, Named},
    own_folder::OwnFolder,
};
use jiff::civil::Date;
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedTalks {
    id: String,
    title: String,
    series: String,
    last_evidence: Date,
    last_evidence_note: Option<String>,
    series_first_measure: Option<String>,
    series_first_measure_from: Option<Date>,
    party: Vec<Party>,
    #[serde(default)]
    outcome: Vec<Outcome>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Lists {
    series: Vec<Series>,
    framework: Vec<Framework>,
    commitment: Vec<Commitment>,
    deadline: Vec<Deadline>,
    threat: Vec<Threat>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedPosition {
    id: String,
    date: Date,
    party: String,
    speaker: String,
    role: String,
    topic: String,
    position: String,
    quote: String,
    sources: String,
    confidence: Confidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedNonTariff {
    row: String,
    measure: String,
    imposer: String,
    target: String,
    area: String,
    authority: String,
    scope: String,
    status: NonTariffState,
    from: Option<Date>,
    from_basis: Option<String>,
    until: Option<Date>,
    announced: Option<Date>,
    stated: Option<String>,
    act: String,
    commitments: String,
    trade_at_stake_usd: Option<f64>,
    reversible_by: UndoneBy,
    last_evidence: Option<Date>,
    sources: String,
    confidence: Confidence,
}

impl Ledger {
    /// Codes of the talks on record.
    pub fn talks_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.talks_files.iter().filter_map(|file| folder(&file.name)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// A series of talks by its code, one's own to change.
    ///
    /// # Errors
    /// As [`talks_held`](Self::talks_held).
    pub fn talks(&self, id: &str) -> Result<Talks, LedgerError> {
        self.talks_held(id).map(|held| Talks::clone(&held))
    }

    /// The same as the record holds it: its tables are read when first asked for, and are the same from then on.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let ledger = detente_ledger::Ledger::embedded()?;
    /// let (one, again) = (ledger.talks_held("us-china")?, ledger.talks_held("US-China")?);
    /// assert!(Arc::ptr_eq(&one, &again), "read once");
    /// # Ok::<(), detente_ledger::LedgerError>(())
    /// ```
    ///
    /// # Errors
    /// Talks that are not on record, with the nearest; a table that cannot be read, with its line.
    pub fn talks_held(&self, id: &str) -> Result<Arc<Talks>, LedgerError> {
        let wanted = id.to_lowercase();
        if let Some(held) = self.talks_read.locked().get(&wanted) {
            return Ok(Arc::clone(held));
        }
        let mine: Vec<&Named> = self
            .talks_files
            .iter()
            .filter(|file| folder(&file.name).is_some_and(|held| held.to_lowercase() == wanted))
            .collect();
        if mine.is_empty() {
            return Err(LedgerError::unknown("talks", id, self.talks_ids()));
        }
        let found = Arc::new(read(&mine)?);
        self.talks_read.locked().insert(wanted, Arc::clone(&found));
        Ok(found)
    }
}

impl Ledger {
    /// Lays files of talks over those on record; rows of a folder are counted, and those that take the place of one named. What cannot be
    /// read is left to the check, which tells of all of it at once.
    pub(crate) fn lay_talks(&mut self, files: Vec<Named>, own: &mut OwnFolder) {
        if !own.is_the_record() {
            let mut talks: Vec<&str> = files.iter().filter_map(|file| folder(&file.name)).collect();
            talks.sort_unstable();
            talks.dedup();
            for id in talks {
                let rows = |files: &[Named]| {
                    let mine: Vec<&Named> =
                        files.iter().filter(|file| folder(&file.name) == Some(id)).collect();
                    rows_of(&mine).unwrap_or_default()
                };
                let known = rows(&self.talks_files);
                for row in rows(&files) {
                    own.count(known.contains(&row).then(|| format!("{row} of {id}")));
                }
            }
        }
        self.talks_files.extend(files);
    }
}

/// The rows that files of talks hold, each by the word for its kind and its identifier.
fn rows_of(named: &[&Named]) -> Result<Vec<String>, LedgerError> {
    let mut read = Tables::default();
    let mut found = Vec::new();
    for file in named {
        read.file(file)?;
        if file.name.ends_with("/talks.toml") && found.is_empty() {
            found.push("head".to_owned());
        }
    }
    found.extend(read.ids());
    Ok(found)
}

/// The folder below `talks/` that a file lies in.
fn folder(name: &str) -> Option<&str> {
    let mut parts = name.split('/').rev().skip(1);
    let folder = parts.next()?;
    parts.next().is_some_and(|above| above == "talks").then_some(folder)
}

fn read(named: &[&Named]) -> Result<Talks, LedgerError> {
    let head = named.iter().rfind(|file| file.name.ends_with("/talks.toml")).ok_or_else(|| {
        let place = named.first().map_or("", |file| file.name.as_str());
        LedgerError::file(place, "no `talks.toml` beside it; put id, title, parties and last evidence there")
    })?;
    let typed: TypedTalks = files::toml(&head.name, &head.text)?;
    let mut read = Tables::default();
    for file in named {
        read.file(file)?;
    }
    let mut talks = Talks {
        id: typed.id,
        title: typed.title,
        parties: typed.party,
        series: typed.series,
        last_evidence: typed.last_evidence,
        last_evidence_note: typed.last_evidence_note,
        series_first_measure: typed.series_first_measure,
        series_first_measure_from: typed.series_first_measure_from,
        outcomes: typed.outcome,
        compared_series: read.series.rows(),
        rounds: read.rounds.rows(),
        frameworks: read.frameworks.rows(),
        commitments: read.commitments.rows(),
        deadlines: read.deadlines.rows(),
        positions: read.positions.rows(),
        nontariff: by_measure(read.nontariff.rows()),
        threats: read.threats.rows(),
    };
    talks.rounds.sort_by_key(|round| (round.start, round.end));
    talks.frameworks.sort_by_key(|framework| framework.date);
    talks.deadlines.sort_by_key(|deadline| deadline.date);
    talks.positions.sort_by_key(|position| position.date);
    Ok(talks)
}

/// The tables of the talks as the files lay them, one over the other.
#[derive(Default)]
struct Tables {
    series: Laid<Series>,
    rounds: Laid<Round>,
    frameworks: Laid<Framework>,
    commitments: Laid<Commitment>,
    deadlines: Laid<Deadline>,
    positions: Laid<Position>,
    nontariff: Laid<NonTariff>,
    threats: Laid<Threat>,
}

impl Tables {
    /// Every row, by the word for its kind and its identifier.
    fn ids(&self) -> Vec<String> {
        fn named<'a, T>(kind: &'a str, rows: &'a Laid<T>) -> impl Iterator<Item = String> + 'a {
            rows.ids().map(move |id| format!("{kind} {id}"))
        }
        named("series", &self.series)
            .chain(named("round", &self.rounds))
            .chain(named("framework", &self.frameworks))
            .chain(named("commitment", &self.commitments))
            .chain(named("deadline", &self.deadlines))
            .chain(named("position", &self.positions))
            .chain(named("measure", &self.nontariff))
            .chain(named("threat", &self.threats))
            .collect()
    }

    fn file(&mut self, file: &Named) -> Result<(), LedgerError> {
        match file.name.rsplit('/').next().unwrap_or_default() {
            "talks.toml" => Ok(()),
            "rounds.csv" => {
                let rows = table::<BTreeMap<String, String>>(file)?;
                rows.into_iter().try_for_each(|cells| {
                    let held = round(file, cells)?;
                    self.rounds.lay(file, "round", held.id.clone(), held)
                })
            }
            "positions.csv" => table::<TypedPosition>(file)?
                .into_iter()
                .try_for_each(|typed| self.positions.lay(file, "row", typed.id.clone(), position(typed))),
            "nontariff.csv" => table::<TypedNonTariff>(file)?
                .into_iter()
                .try_for_each(|typed| self.nontariff.lay(file, "row", typed.row.clone(), nontariff(typed))),
            name if name.ends_with(".toml") => self.lists(file, files::toml(&file.name, &file.text)?),
            _ => Err(LedgerError::file(
                &file.name,
                "no part of a talks' folder; its tables are rounds.csv, positions.csv and nontariff.csv",
            )),
        }
    }

    fn lists(&mut self, file: &Named, lists: Lists) -> Result<(), LedgerError> {
        for held in lists.series {
            self.series.lay(file, "series", held.title.clone(), held)?;
        }
        for held in lists.framework {
            self.frameworks.lay(file, "framework", held.id.clone(), held)?;
        }
        for held in lists.commitment {
            self.commitments.lay(file, "commitment", held.id.clone(), held)?;
        }
        for held in lists.deadline {
            self.deadlines.lay(file, "deadline", held.id.clone(), held)?;
        }
        for held in lists.threat {
            self.threats.lay(file, "threat", held.id.clone(), held)?;
        }
        Ok(())
    }
}

fn words(cell: &str) -> Vec<String> {
    cell.split_whitespace().map(str::to_owned).collect()
}

fn table<T: DeserializeOwned>(file: &Named) -> Result<Vec<T>, LedgerError> {
    let mut reader = csv::Reader::from_reader(file.text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| refused(file, None, &error))?;
        rows.push(record.deserialize(Some(&header)).map_err(|error| refused(file, Some(&record), &error))?);
    }
    Ok(rows)
}

/// A row that cannot be read: its line and its identifier, and what was found there.
fn refused(file: &Named, record: Option<&csv::StringRecord>, error: &csv::Error) -> LedgerError {
    let position = record.and_then(csv::StringRecord::position).or_else(|| error.position());
    let line = position.map_or(1, csv::Position::line);
    let row = record.and_then(|record| record.get(0)).map(|id| format!(", row `{id}`")).unwrap_or_default();
    let problem = match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        _ => error.to_string(),
    };
    let repair = "repair the cell; data/ledger/README.md and the other rows of the file show the form";
    LedgerError::entry(&file.name, format!("line {line}{row}"), problem, repair)
}

fn position(typed: TypedPosition) -> Position {
    Position {
        id: typed.id,
        date: typed.date,
        party: typed.party,
        speaker: typed.speaker,
        role: typed.role,
        topic: typed.topic,
        position: typed.position,
        quote: typed.quote,
        sources: words(&typed.sources),
        confidence: typed.confidence,
    }
}

/// A measure with the one step that a row tells.
fn nontariff(typed: TypedNonTariff) -> NonTariff {
    let step = NonTariffStep {
        row: typed.row,
        status: typed.status,
        from: typed.from,
        from_basis: typed.from_basis.filter(|text| !text.is_empty()),
        until: typed.until,
        announced: typed.announced,
        stated: typed.stated.is_some_and(|word| word == "yes"),
        authority: typed.authority,
        scope: typed.scope,
        act: typed.act,
        commitments: words(&typed.commitments),
        trade_at_stake_usd: typed.trade_at_stake_usd,
        reversible_by: typed.reversible_by,
        last_evidence: typed.last_evidence,
        sources: words(&typed.sources),
        confidence: typed.confidence,
    };
    NonTariff {
        measure: typed.measure,
        imposer: typed.imposer,
        target: typed.target,
        area: typed.area,
        steps: vec![step],
    }
}

/// Rows of one measure together, in the order of the first of each.
fn by_measure(rows: Vec<NonTariff>) -> Vec<NonTariff> {
    let mut found: Vec<NonTariff> = Vec::new();
    for row in rows {
        match found.iter_mut().find(|held| held.measure == row.measure) {
            Some(held) => held.steps.extend(row.steps),
            None => found.push(row),
        }
    }
    found
}

const LEAD: &str = "lead_";
const OTHERS: &str = "others_";

/// Rounds have columns `lead_<PARTY>` and `others_<PARTY>`, so that the header names the parties and no code does.
fn round(file: &Named, mut cells: BTreeMap<String, String>) -> Result<Round, LedgerError> {
    let id = cells.remove("id").unwrap_or_default();
    let mut take = |name: &str| {
        cells.remove(name).ok_or_else(|| {
            LedgerError::entry(&file.name, format!("round `{id}`"), format!("no column `{name}`"), "add it")
        })
    };
    let wrong = |name: &str, found: &str, problem: String| {
        LedgerError::entry(
            &file.name,
            format!("round `{id}`"),
            format!("{name} is `{found}`"),
            format!("{problem}; repair the cell"),
        )
    };
    let day = |name: &str, cell: String| {
        cell.parse::<Date>().map_err(|error| wrong(name, &cell, error.to_string()))
    };
    let (start, end) = (day("start", take("start")?)?, day("end", take("end")?)?);
    let number = take("number")?;
    let number = match number.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| wrong("number", text, "write a whole number".to_owned()))?),
    };
    let confidence = take("confidence")?;
    let confidence = match confidence.as_str() {
        "high" => Confidence::High,
        "medium" => Confidence::Medium,
        "low" => Confidence::Low,
        "memory" => Confidence::Memory,
        other => return Err(wrong("confidence", other, "write high, medium, low or memory".to_owned())),
    };
    let (series, city, country, kind) = (take("series")?, take("city")?, take("country")?, take("kind")?);
    let (outcome, sources) = (take("outcome")?, words(&take("sources")?));
    let (added, known) = (take("later")?, take("later_known_from")?);
    let later = match (added.is_empty(), known.is_empty()) {
        (true, true) => None,
        (false, false) => Some((day("later_known_from", known)?, added)),
        _ => {
            let problem = "`later` and `later_known_from` go together".to_owned();
            return Err(wrong("later", &added, problem));
        }
    };
    let (mut leads, mut others) = (BTreeMap::new(), BTreeMap::new());
    for (name, cell) in cells {
        let place = match (name.strip_prefix(LEAD), name.strip_prefix(OTHERS)) {
            (Some(party), _) => leads.entry(party.to_owned()),
            (_, Some(party)) => others.entry(party.to_owned()),
            _ => {
                return Err(LedgerError::file(
                    &file.name,
                    format!(
                        "column `{name}` is unknown; `{LEAD}<PARTY>` and `{OTHERS}<PARTY>` name the people"
                    ),
                ));
            }
        };
        if !cell.is_empty() {
            place.or_insert(cell);
        }
    }
    if end < start {
        return Err(wrong("end", &end.to_string(), "it lies before the start".to_owned()));
    }
    Ok(Round {
        id: id.clone(),
        series,
        number,
        start,
        end,
        city,
        country,
        kind,
        leads,
        others,
        outcome,
        later,
        sources,
        confidence,
    })
}
