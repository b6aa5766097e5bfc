//! The answer to a move: sentences, cards, pictures and numbers of one state, as one value.

use std::sync::Arc;

use detente::brief::Brief;
use detente::brief::assemble::{self, Asked, BriefError, Sources};
use detente::brief::others::OthersDuties;
use detente::collection::Basis;
use detente::counterfactual::Counterfactual;
use detente::desk::document::{self, NoDocument};
use detente::desk::state::{Case, DeskState, NoState, StateBasis};
use detente::ledger_tariffs::Schedule;
use detente::strategy::day::RecordDay;
use detente::uncertainty::headline::Bands;
use detente::words::effects::{both_horizons, manufacturing_share, shown};
use detente::words::number::{change, joined, named, opening, range};
use detente::words::{deadline, duty, opening as first_words, record};
use detente::{Answer, BandSettings, Control, Error, World};
use detente_engine::catalogue::economy::WELFARE;
use detente_engine::horizon::Horizon;
use detente_ledger::status::AsOf;
use detente_ledger::talks::{OutcomeKind, Talks};
use detente_ledger::tariff::View;
use detente_tables::nearest::suggestion;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::dials;
use crate::brief::pictures;
use crate::made_by;
use crate::picture::figure::{DESK, Picture};
use crate::picture::who_loses::{self, Split};
use crate::reach;

/// Why the desk has no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoDeskAnswer {
    /// The state means nothing here.
    #[error(transparent)]
    State(#[from] NoDocument),
    /// The question has no answer.
    #[error(transparent)]
    Asked(#[from] Error),
    /// The day cannot be put together.
    #[error(transparent)]
    Day(#[from] BriefError),
    /// The state's horizon has no equilibrium.
    #[error("the desk answers in the long run only")]
    Horizon,
}

/// A day of the desk: what does not change while levers move.
#[derive(Clone, Debug)]
pub struct Day {
    /// The brief of the day, without bands.
    pub brief: Brief,
    /// Duties in force and the timeline.
    pub in_force: Picture,
    /// Days on which duties between the sides changed, in their order.
    pub changes: Vec<Date>,
    /// What a link of it says that it was made with.
    pub made: String,
}

/// A refusal that names the key.
pub(super) fn refused_key(key: &str, reason: String) -> NoDeskAnswer {
    NoDocument::State(NoState { key: key.to_owned(), reason }).into()
}

fn talks_of(world: &World, state: &DeskState) -> Result<Arc<Talks>, NoDeskAnswer> {
    let ledger = world.record()?.ledger();
    ledger.talks_held(&state.talks).map_err(|error| {
        let known = suggestion(&state.talks, ledger.talks_ids());
        refused_key("t", format!("{error}; {known}"))
    })
}

fn basis(state: &DeskState) -> Basis {
    match state.basis {
        StateBasis::Collected => Basis::Collected,
        StateBasis::Statute => Basis::Statute,
    }
}

fn others(state: &DeskState) -> OthersDuties {
    if state.others_of_the_day { OthersDuties::Day } else { OthersDuties::None }
}

/// The day of a state; `digest` is that of the world.
///
/// # Errors
/// Talks that are not there; what the record refuses.
pub fn day(world: &World, digest: &str, state: &DeskState) -> Result<Day, NoDeskAnswer> {
    let talks = talks_of(world, state)?;
    let clock = AsOf { on: state.on, known_on: state.known_on };
    let tariffs = world.record()?;
    let control = Control::default();
    let sources = Sources { tariffs, world: world.directory(), control: &control };
    let asked = Asked { clock, basis: basis(state), others: others(state) };
    let brief = assemble::without_bands(sources, &talks, asked)?;
    let held = RecordDay { tariffs, talks: &talks, clock, collected: &brief.collection_ratios };
    let in_force = pictures::duties(&held, &brief, DESK).map_err(BriefError::from)?;
    let made = stamp(digest, &brief);
    let known_on = tariffs.ledger().last_known().unwrap_or(state.known_on).max(state.known_on);
    let mut changes: Vec<Date> = talks
        .pairs()
        .flat_map(|(importer, exporter)| {
            let reading = Schedule::on_day(state.on, known_on).reading;
            let (importer, exporter) = (importer.code.as_str(), exporter.code.as_str());
            tariffs.days_of_change(View { importer, exporter, on: state.on, known_on, reading })
        })
        .collect();
    changes.sort_unstable();
    changes.dedup();
    Ok(Day { brief, in_force, changes, made })
}

/// The solved state: the scenario of the saved file, through the library's own door.
///
/// # Errors
/// What the state names and is not there; a solve that ends without an equilibrium.
pub fn solved(world: &World, state: &DeskState) -> Result<Box<Counterfactual>, NoDeskAnswer> {
    let document = document::document(world, state)?;
    match world.solve(&document)? {
        Answer::Equilibrium(answer) => Ok(answer),
        _ => Err(NoDeskAnswer::Horizon),
    }
}

/// The answer to a move. Bands are those of the same state, where they have come.
///
/// # Errors
/// As [`solved`].
pub fn answer(
    world: &World,
    day: &Day,
    state: &DeskState,
    bands: Option<&Bands>,
) -> Result<Value, NoDeskAnswer> {
    let found = solved(world, state)?;
    Ok(written(world, day, state, &found, bands))
}

/// Bands of a state, under a control that may stop them.
///
/// # Errors
/// As [`solved`]; what the bands refuse.
pub fn bands(world: &World, state: &DeskState, runs: usize, control: Control) -> Result<Bands, NoDeskAnswer> {
    let found = solved(world, state)?;
    let paid_shares = world.directory().paid_shares.clone();
    let settings = BandSettings { draws: runs, control, paid_shares, ..BandSettings::default() };
    let closure = &found.scenario.counterfactual.closure;
    let (before, after) = (&found.baseline.instruments, &found.equilibrium.instruments);
    let benchmark = &found.calibration.benchmark;
    let talks = talks_of(world, state)?;
    let sides: Vec<usize> =
        talks.parties.iter().filter_map(|party| benchmark.economy_of_member(&party.code)).collect();
    let pair = sides.first().copied().zip(sides.get(1).copied());
    let drawn = detente::uncertainty::headline::long(benchmark, closure, before, after, &settings, pair);
    Ok(drawn.map_err(Error::from)?)
}

/// Positions of the talks' sides in the benchmark.
fn sides(world: &World, brief: &Brief) -> Vec<usize> {
    brief.parties.iter().filter_map(|party| world.directory().benchmark.economy(&party.economy)).collect()
}

fn written(
    world: &World,
    day: &Day,
    state: &DeskState,
    found: &Counterfactual,
    bands: Option<&Bands>,
) -> Value {
    let directory = world.directory();
    let brief = &day.brief;
    let sides = sides(world, brief);
    let outcomes = &found.outcomes;
    let from = "from today's duties";
    // Where nothing is moved there is nothing to draw but the residual of the solve.
    let is_still = state.levers.is_empty() && (state.case == Case::Hold || brief.deadline.is_none());
    let mut pictures = Vec::new();
    if !is_still {
        pictures.push(reach::income(directory, &[(found, bands)], &sides, DESK));
    }
    if let (false, [first, second]) = (is_still, sides.as_slice()) {
        let pair = [*first, *second];
        let names = pair.map(|economy| directory.benchmark.economies[economy].name.as_str());
        pictures.push(reach::who_at_home_pays(directory, outcomes, pair, from, DESK));
        pictures.extend(dials::dials_of(found, pair, names, from));
        pictures.extend(bands.and_then(|bands| who_loses(state, names, bands)));
    }
    if !is_still {
        pictures.push(reach::diversion(directory, outcomes, &sides, from, DESK));
    }
    let value = |economy: usize| WELFARE.equilibrium.and_then(|read| read(&outcomes.economies[economy]));
    let economies: Vec<Value> = (directory.benchmark.economies.iter().enumerate())
        .map(|(k, economy)| json!({ "economy": economy.code, "name": economy.name, WELFARE.id: value(k) }))
        .collect();
    let certificate = &found.equilibrium.certificate;
    let pictures: serde_json::Map<String, Value> =
        pictures.into_iter().map(|picture| (picture.id.clone(), Value::String(picture.html()))).collect();
    json!({
        "state": state.query(),
        "made": day.made,
        "hash": state.hash(),
        "name": document::name(world, state),
        "sides": sides.iter().map(|side| directory.benchmark.economies[*side].code.as_str()).collect::<Vec<_>>(),
        "sentences": sentences(world, brief, state, found, bands),
        "economies": economies,
        "pictures": pictures,
        "certificate": { "max_residual": certificate.max_residual(), "iterations": certificate.iterations },
        "made_by": foot(world, brief, state, certificate.max_residual()),
        "sure": bands.map(|bands| bands.runs),
    })
}

/// How surely which side would fare worse, once bands are drawn.
fn who_loses(state: &DeskState, names: [&str; 2], bands: &Bands) -> Option<Picture> {
    let who = bands.loses_more.as_ref()?;
    let outcome = match (state.case, state.levers.is_empty()) {
        (Case::Hold, true) => return None,
        (Case::Hold, false) => "With the levers as they are".to_owned(),
        (Case::Lapse, true) => "If nobody signs".to_owned(),
        (Case::Lapse, false) => "If nobody signs, with the levers as they are".to_owned(),
    };
    let split = Split {
        outcome,
        sides: names.map(str::to_owned),
        first_loses_more: who.first_loses_more,
        depends_on: who.depends_on.to_string(),
    };
    let title = format!("Which of the two would fare worse, in {} runs", bands.runs);
    Some(who_loses::picture(&title, &[split], DESK))
}

/// The sentences of a move: what it would do to both sides, who would lose more, who else is hit.
fn sentences(
    world: &World,
    brief: &Brief,
    state: &DeskState,
    found: &Counterfactual,
    bands: Option<&Bands>,
) -> Vec<String> {
    let directory = world.directory();
    let value =
        |economy: usize| WELFARE.equilibrium.and_then(|read| read(&found.outcomes.economies[economy]));
    let sides = sides(world, brief);
    let what = match (state.case, state.levers.is_empty()) {
        (Case::Lapse, true) if brief.deadline.is_none() => {
            return vec![
                "Nothing is moved: no deadline is set on this day, and today's duties stay.".to_owned(),
            ];
        }
        (Case::Hold, true) => {
            return vec!["Nothing is moved: today's duties stay, and nothing changes from today.".to_owned()];
        }
        (Case::Lapse, true) => "If nobody signs".to_owned(),
        (Case::Hold, false) => format!("With {}", document::levers_in_words(world, state)),
        (Case::Lapse, false) => format!("If nobody signs, with {}", document::levers_in_words(world, state)),
    };
    let incomes: Vec<String> = sides
        .iter()
        .filter_map(|side| {
            let economy = &directory.benchmark.economies[*side];
            let row = bands.and_then(|bands| bands.row(&economy.code, WELFARE.id));
            let band = row.map_or(String::new(), |row| format!(" (5 to 95: {})", range((row.low, row.high))));
            Some(format!("{} {} %{band}", named(&economy.name), change(value(*side)?)))
        })
        .collect();
    // Where both gain nobody loses: the worse off gains less.
    let both_gain = sides.iter().all(|side| value(*side).is_some_and(|value| value > 0.0));
    let less = if both_gain { "gain less" } else { "lose more" };
    let sure = match bands.and_then(|bands| bands.loses_more.as_ref().map(|who| (bands.runs, who))) {
        None => "How sure: computing.".to_owned(),
        Some((_, who)) if who.first_loses_more.is_none() => {
            format!(
                "Which of the two would fare worse depends on {}: {}.",
                who.depends_on,
                detente::words::certainty::TOO_CLOSE
            )
        }
        Some((_, who)) => {
            let share = who.first_loses_more.unwrap_or(0.5);
            let (code, share) = if share >= 0.5 { (&who.first, share) } else { (&who.second, 1.0 - share) };
            let name = opening(&named(brief.economy_name(code)));
            match detente::words::certainty::word(share) {
                Some(word) => format!("{name} would {word} {less} ({:.0} % of runs).", 100.0 * share),
                None => "Which of the two would fare worse is too close to call.".to_owned(),
            }
        }
    };
    let others = (0..directory.benchmark.economies.len()).filter(|economy| !sides.contains(economy));
    let mut others: Vec<(usize, f64)> =
        others.filter_map(|economy| Some((economy, value(economy)?))).collect();
    others.sort_by(|a, b| a.1.total_cmp(&b.1));
    let name = |(economy, value): &(usize, f64)| {
        let held = &directory.benchmark.economies[*economy];
        let row = bands.and_then(|bands| bands.row(&held.code, WELFARE.id));
        let sure = row.map(|row| detente::words::certainty::of_sign(row.sign_share).to_owned());
        let weak = directory.is_weak(*economy).then(|| "weak data".to_owned());
        let notes: Vec<String> = match change(*value).as_str() {
            "0.00" => vec!["next to nothing".to_owned()],
            _ => sure.into_iter().chain(weak).collect(),
        };
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
        format!("{} {} %{notes}", named(&held.name), change(*value))
    };
    let others = match (others.first(), others.last()) {
        (Some(worst), Some(best)) => {
            format!("Of the others, best off {}, worst {}.", name(best), name(worst))
        }
        _ => String::new(),
    };
    vec![
        format!("{what}, income would change from today's in the long run: {}.", joined(&incomes)),
        sure,
        others,
    ]
}

/// What stands below the page and on every picture that is saved.
pub fn foot(world: &World, brief: &Brief, state: &DeskState, residual: f64) -> String {
    let known = if state.known_on == state.on {
        "as known that day".to_owned()
    } else {
        format!("as known on {}", state.known_on)
    };
    let basis = match state.basis {
        StateBasis::Collected => "collected",
        StateBasis::Statute => "by statute",
    };
    let others = if state.others_of_the_day { "the day's" } else { "the benchmark's" };
    let asked = format!(
        "scenario {} · day {} {known} · {basis} · duties on others {others} · long run, deficits fixed (assumed) · largest residual {residual:.0e}",
        state.hash(),
        state.on
    );
    made_by::line(Some(world.directory()), Some(&brief.last_evidence), &with_own_facts(world, asked))
}

/// What stands below what is said of a day alone.
pub fn foot_of_day(world: &World, brief: &Brief, state: &DeskState) -> String {
    let asked = format!("day {} as known on {}", state.on, state.known_on);
    made_by::line(Some(world.directory()), Some(&brief.last_evidence), &with_own_facts(world, asked))
}

/// With the folders of one's own that the desk's record has over it.
fn with_own_facts(world: &World, asked: String) -> String {
    world.own_facts().map_or(asked.clone(), |own| format!("{asked} · {own}"))
}

/// What a link of this desk says that it was made with: program, last evidence, benchmark.
fn stamp(digest: &str, brief: &Brief) -> String {
    let world: String = digest.chars().take(6).collect();
    format!("{}~{}~{world}", env!("CARGO_PKG_VERSION"), brief.last_evidence)
}

/// What the day says before anything is moved.
pub fn day_sentences(day: &Day) -> Vec<String> {
    let brief = &day.brief;
    let mut found = first_words::sentences(brief);
    found.extend(deadline::not_verified(brief));
    found
}

/// What the day says below: what needs an act, both averages with their authorities, what today's duties do, what no number carries, pace and
/// promises.
pub fn day_details(day: &Day) -> Vec<String> {
    let brief = &day.brief;
    let mut found = deadline::not_counted(brief);
    found.push(duty::averages_by_authority(brief, usize::MAX));
    let today = shown(brief, Horizon::Long).find(|outcome| outcome.kind == OutcomeKind::InForce);
    if let Some(today) = today {
        found.push(both_horizons(brief, today));
        found.extend(manufacturing_share(brief, today));
    }
    found.push(format!("Not measurable here: {}", record::not_measured(brief, 5)));
    found.extend(record::pace(brief));
    found.push(record::promises(brief));
    found
}
