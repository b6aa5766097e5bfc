//! `detente optimal`, `nash`, `cooperate`, `bargain`, `frontier`, `sustain`, `deadline`: what sides would do, and where a deal can lie.

mod asked;

use std::path::{Path, PathBuf};

pub use asked::{Bargain, Common, Cooperate, DeadlineArguments, Frontier, Nash, Optimal, Sustain};
use detente::collection::{self, Basis, CollectionRatio};
use detente::ledger_tariffs::LedgerTariffs;
use detente::scenario;
use detente::scenario::meant::Scenario;
use detente::strategy::answer::Answer;
use detente::strategy::bargain::{self, Disagreement};
use detente::strategy::baseline_world::{BaselineWorld, GameDeficits};
use detente::strategy::board::{Others, Reach, Rules};
use detente::strategy::day::{RecordDay, economies_of, talks_between};
use detente::strategy::deadline as valued;
use detente::strategy::deadline::Odds;
use detente::strategy::doubt::Doubt;
use detente::strategy::draws::drawn_games;
use detente::strategy::error::NoStrategy;
use detente::strategy::frontier as line;
use detente::strategy::instruments::InstrumentSet;
use detente::strategy::objectives::{self, ObjectiveKind, Objectives};
use detente::strategy::punishment::OwnPunishment;
use detente::strategy::sustain::{self, DealPoint, Patience, Threat};
use detente::strategy::{curves, nash};
use detente::words;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::default_world;
use detente_engine::benchmark::Benchmark;
use detente_engine::strategy::deadline::Deadline;
use detente_engine::strategy::known_points::KnownPoints;
use detente_ledger::status::AsOf;
use detente_ledger::talks::Talks;
use detente_ledger::tariff::Tariffs;
use detente_report::strategy::page::{Request, page};
use detente_report::strategy::{answer as answers, screen, short};
use detente_tables::input_file;
use detente_tables::nearest;

use crate::failure::Failure;
use crate::interrupt;
use crate::output::{self, Format};
use crate::record::{for_scenarios, wrong};

/// `detente optimal`.
pub fn optimal(arguments: Optimal) -> Result<(), Failure> {
    let steady = word("--capital", &arguments.capital, &[("fixed", false), ("steady", true)])?;
    let both = arguments.against.as_ref().map(|against| format!("{},{against}", arguments.player));
    answer("optimal", &arguments.common, both.as_deref(), |ground, rules| {
        let against = arguments.against.as_deref().map(|code| ground.economy(code)).transpose()?;
        let player = ground.economy(&arguments.player)?;
        if against == Some(player) {
            return Err(NoStrategy::Unknown(format!(
                "--against {0}: `{0}` is the player itself",
                arguments.player
            )));
        }
        let found = nash::optimal(ground, player, against, rules)?;
        if steady { found.with_capital(ground) } else { Ok(found) }
    })
}

/// `detente nash`.
pub fn nash(arguments: Nash) -> Result<(), Failure> {
    answer("nash", &arguments.common, Some(&arguments.players), |ground, rules| {
        let players = players(ground, &arguments.players)?;
        nash::war(ground, &players, reach(arguments.bilateral), rules)
    })
}

/// `detente cooperate`.
pub fn cooperate(arguments: Cooperate) -> Result<(), Failure> {
    let from = word("--from", &arguments.from, &Disagreement::WORDS)?;
    answer("cooperate", &arguments.common, Some(&arguments.players), |ground, rules| {
        let players = players(ground, &arguments.players)?;
        bargain::cooperate(ground, &players, reach(arguments.bilateral), from, arguments.strict, rules)
    })
}

/// `detente bargain`.
pub fn bargain(arguments: Bargain) -> Result<(), Failure> {
    let from = word("--from", &arguments.from, &Disagreement::WORDS)?;
    let between = between(&arguments.common, arguments.between.as_deref())?;
    if let Some(file) = &arguments.page {
        return reference_page(&arguments, &between, file);
    }
    answer("bargain", &arguments.common, Some(&between), |ground, rules| {
        let sides = sides(ground, &between)?;
        let mut found = bargain::bargain(ground, sides, from, rules)?;
        if arguments.draws > 0 && ground.deficits == GameDeficits::Zero {
            let codes = sides.map(|j| ground.code(j));
            let control = interrupt::control();
            let drawn = drawn_games(
                control,
                ground.directory,
                &ground.scenario,
                codes,
                from,
                arguments.draws,
                rules,
            )?;
            found.draws = Some(drawn);
        }
        Ok(found)
    })
}

fn reference_page(arguments: &Bargain, between: &str, file: &Path) -> Result<(), Failure> {
    let common = &arguments.common;
    let inputs = Inputs::new(common, Some(between))?;
    let typed: Vec<&str> = between.split(',').map(str::trim).collect();
    let [first, second] = typed.as_slice() else {
        return Err(Failure::WrongInput(format!("--between {between}: two economies are needed")));
    };
    let named =
        |flag: &str, value: Option<String>| value.map_or(String::new(), |value| format!(" {flag} {value}"));
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let command = format!(
        "detente bargain --between {first},{second}{}{}{}{}{} --page {}",
        named("--benchmark", path(&common.benchmark)),
        named("--scenario", path(&common.scenario)),
        named("--talks", common.talks.clone()),
        named("--on", common.record.on.clone()),
        named("--known-on", common.record.known_on.clone()),
        file.display()
    );
    let day = inputs.day();
    let request = Request {
        control: interrupt::control(),
        directory: &inputs.directory,
        scenario: &inputs.scenario(common, day.as_ref())?,
        record: day.as_ref(),
        sides: [first, second],
        command: &command,
    };
    let text = page(request).map_err(no_answer)?;
    output::file(file, text)
}

/// `detente frontier`.
pub fn frontier(arguments: Frontier) -> Result<(), Failure> {
    let from = word("--from", &arguments.from, &Disagreement::WORDS)?;
    let between = between(&arguments.common, arguments.between.as_deref())?;
    answer("frontier", &arguments.common, Some(&between), |ground, rules| {
        let sides = sides(ground, &between)?;
        let mut found = line::frontier(ground, sides, from, arguments.points, arguments.zone, rules)?;
        if arguments.pictures {
            let points = arguments.points;
            found.pictures = Some(curves::pictures(ground, sides, from, points, rules)?);
        }
        Ok(found)
    })
}

/// `detente sustain`.
pub fn sustain(arguments: Sustain) -> Result<(), Failure> {
    let deal = word("--deal", &arguments.deal, &DealPoint::WORDS)?;
    let patience = Patience {
        yearly: arguments.patience,
        office: arguments.office,
        detection_lag: arguments.lag,
        punishment_periods: arguments.punishment_periods,
        period_days: arguments.period_days,
    };
    patience.effective().map_err(wrong)?;
    let between = between(&arguments.common, arguments.between.as_deref())?;
    answer("sustain", &arguments.common, Some(&between), |ground, rules| {
        let own = arguments.punishment.as_deref();
        let own =
            own.map(|path| punishment(path, ground.directory, arguments.punishment_periods)).transpose()?;
        let threat = Threat { own: own.as_ref(), renegotiation_proof: arguments.renegotiation_proof };
        sustain::sustain(ground, sides(ground, &between)?, deal, patience, threat, rules)
    })
}

/// A punishment as typed: a file with states, or a scenario as a path of one state that lasts `periods`.
fn punishment(
    path: &Path,
    directory: &BenchmarkDirectory,
    periods: Option<u32>,
) -> Result<OwnPunishment, NoStrategy> {
    let label = path.display().to_string();
    // What cannot be read is refused as the scenario that it then would be.
    let text = input_file::read_text(path).ok().flatten().unwrap_or_default();
    if !OwnPunishment::is_path(&text) {
        return Ok(OwnPunishment::of_scenario(scenario::open(path, directory, None)?, periods));
    }
    if periods.is_some() {
        return Err(NoStrategy::Unknown(format!(
            "--punishment-periods: `{label}` says itself how long its states last; keep one of them"
        )));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    OwnPunishment::parse(&label, &text, &|file| scenario::open(&folder.join(file), directory, None))
}

/// Instruments as typed: a name, or a file of one's own. A name is not looked for among the files.
fn instruments(typed: &Path, benchmark: &Benchmark) -> Result<InstrumentSet, Failure> {
    let label = typed.display().to_string();
    if let Some(set) = InstrumentSet::named(&label) {
        return Ok(set);
    }
    let names = InstrumentSet::NAMED.map(|(name, _)| name);
    let text = file_or_name(typed, "instruments", names.into_iter())?;
    InstrumentSet::parse(&label, &text, benchmark).map_err(no_answer)
}

/// Objectives as typed: a name, or a file of one's own. A name is not looked for among the files.
fn objectives(typed: &Path, benchmark: &Benchmark) -> Result<Objectives, Failure> {
    let label = typed.display().to_string();
    match objectives::NAMED.iter().find(|(name, _)| *name == label) {
        Some((_, ObjectiveKind::Political)) => Objectives::political(benchmark).map_err(no_answer),
        Some(_) => Ok(Objectives::welfare(benchmark)),
        None => {
            let names = objectives::NAMED.iter().map(|(name, _)| *name);
            let text = file_or_name(typed, "objectives", names)?;
            Objectives::parse(&label, &text, benchmark).map_err(no_answer)
        }
    }
}

/// The text of a file that may also be a name.
fn file_or_name<'a>(
    typed: &Path,
    what: &str,
    names: impl Iterator<Item = &'a str>,
) -> Result<String, Failure> {
    let label = typed.display().to_string();
    let text = input_file::read_text(typed).map_err(|finding| wrong(format!("{label}: {finding}")))?;
    text.ok_or_else(|| {
        let suggestion = nearest::suggestion(&label, names);
        wrong(format!(
            "{label}: there is no such file of {what}; give a file of {what} or one of our names; {suggestion}"
        ))
    })
}

/// `detente deadline`.
pub fn deadline(arguments: DeadlineArguments) -> Result<(), Failure> {
    let deal = word("--deal", &arguments.deal, &DealPoint::WORDS)?;
    let odds = Odds {
        deadline: Deadline {
            extension: arguments.extension,
            deal: arguments.deal_chance,
            restored: arguments.restored,
            breakdown: arguments.breakdown,
        },
        yearly: arguments.discount,
        period_days: arguments.period_days,
    };
    odds.check().map_err(wrong)?;
    let doubt = Doubt {
        yearly: arguments.entry_discount,
        tail: arguments.firm_size_tail,
        periods: arguments.truce_periods,
    };
    doubt.check(&odds).map_err(wrong)?;
    let between = between(&arguments.common, arguments.between.as_deref())?;
    answer("deadline", &arguments.common, Some(&between), |ground, rules| {
        valued::deadline(ground, sides(ground, &between)?, deal, (odds, doubt), rules)
    })
}

/// The two sides as typed, or the parties of the talks that were named.
fn between(common: &Common, typed: Option<&str>) -> Result<String, Failure> {
    if let Some(typed) = typed {
        return Ok(typed.to_owned());
    }
    let Some(id) = common.talks.as_deref().filter(|id| *id != "none") else {
        return Err(wrong(
            "--between: name the two sides, their codes with a comma between, or --talks with two parties",
        ));
    };
    let directory = default_world::open_or(common.benchmark.as_deref()).map_err(wrong)?;
    let tariffs = common.record.tariffs()?;
    let talks = tariffs.ledger().talks(id).map_err(wrong)?;
    let economies = economies_of(&tariffs, &directory, &talks, common.record.clock()?.on);
    let codes = |economies: Vec<usize>| {
        let codes = economies.iter().map(|place| directory.benchmark.economies[*place].code.clone());
        codes.collect::<Vec<_>>().join(",")
    };
    economies.map(codes).ok_or_else(|| {
        let parties: Vec<&str> = talks.parties.iter().map(|party| party.code.as_str()).collect();
        wrong(format!(
            "--between: the parties of {id} ({}) are not each one economy of the benchmark; name the two sides",
            parties.join(", ")
        ))
    })
}

/// What a question is asked on: the benchmark, and the day of the record where talks are meant.
struct Inputs {
    directory: BenchmarkDirectory,
    record: Option<(Tariffs, Talks, AsOf, Vec<CollectionRatio>)>,
}

impl Inputs {
    fn new(common: &Common, players: Option<&str>) -> Result<Self, Failure> {
        let directory = default_world::open_or(common.benchmark.as_deref()).map_err(wrong)?;
        let dated = common.record.on.is_some() || common.record.known_on.is_some();
        let asked = common.talks.as_deref();
        if common.scenario.is_some() && asked.is_some_and(|talks| talks != "none") {
            return Err(wrong(
                "--talks: a --scenario says itself which tariffs are today's; keep one of them",
            ));
        }
        if asked == Some("none") || common.scenario.is_some() {
            return match dated {
                true => Err(wrong(
                    "--on and --known-on: a day needs the record; add --talks (and leave --scenario out)",
                )),
                false => Self::without_a_day(common, directory),
            };
        }
        if asked.is_none() && common.benchmark.is_some() && !dated {
            return Self::without_a_day(common, directory);
        }
        let tariffs = common.record.tariffs()?;
        let talks = match asked {
            Some(id) => Some(tariffs.ledger().talks(id).map_err(wrong)?),
            None => {
                let benchmark = &directory.benchmark;
                let codes = players.unwrap_or_default().split(',').map(str::trim);
                let economies: Option<Vec<usize>> = codes.map(|code| benchmark.economy(code)).collect();
                economies.and_then(|economies| talks_between(&tariffs, benchmark, &economies))
            }
        };
        let Some(talks) = talks else {
            return match dated {
                true => Err(wrong(
                    "--on and --known-on: no talks of the record are just between these players; add --talks",
                )),
                false => Ok(Self { directory, record: None }),
            };
        };
        let clock = common.record.clock()?;
        let collected = match Basis::from(common.basis) {
            Basis::Statute => Vec::new(),
            Basis::Collected => {
                let parties: Vec<String> = talks.parties.iter().map(|party| party.code.clone()).collect();
                let record = LedgerTariffs { tariffs: &tariffs };
                collection::ratios(record, &directory.benchmark, &parties, clock.on, clock.known_on)
                    .map_err(wrong)?
            }
        };
        Ok(Self { directory, record: Some((tariffs, talks, clock, collected)) })
    }

    /// No day of the record; folders over it are refused all the same where they are wrong.
    fn without_a_day(common: &Common, directory: BenchmarkDirectory) -> Result<Self, Failure> {
        if common.scenario.is_none() {
            for_scenarios(None, &common.record.ledger)?;
        }
        Ok(Self { directory, record: None })
    }

    fn day(&self) -> Option<RecordDay<'_>> {
        let (tariffs, talks, clock, collected) = self.record.as_ref()?;
        Some(RecordDay { tariffs, talks, clock: *clock, collected })
    }

    /// Which tariffs the game starts from, in a sentence.
    fn start(&self) -> String {
        let benchmark = &self.directory.benchmark;
        let world = benchmark.year.map_or(String::new(), |year| format!(", trade that of {year}"));
        match &self.record {
            Some((_, talks, clock, collected)) => format!(
                "Today is {}, as known on {} ({}): duties {}{world}.",
                words::number::day(&clock.on.to_string()),
                words::number::day(&clock.known_on.to_string()),
                talks.title,
                if collected.is_empty() { "as the law has them" } else { "as far as they are collected" }
            ),
            None => format!("The start is tariffs without a day: the benchmark's, or the scenario's{world}."),
        }
    }

    fn scenario(&self, common: &Common, day: Option<&RecordDay<'_>>) -> Result<Scenario, Failure> {
        if let Some(day) = day {
            return day.scenario(&self.directory).map_err(wrong);
        }
        if let Some(path) = common.scenario.as_deref() {
            let record = for_scenarios(None, &common.record.ledger)?;
            return scenario::open(path, &self.directory, Some(&record)).map_err(wrong);
        }
        let text = "name = \"the benchmark's own tariffs\"\n";
        let mut plain =
            scenario::parse("the default scenario", text, None, &self.directory, None).map_err(wrong)?;
        plain.notes.push("today: the benchmark's own tariffs; --talks takes the record's of a day".into());
        Ok(plain)
    }
}

/// Asks the question on the balanced ground, on the observed one, or on both, and prints.
fn answer(
    verb: &str,
    common: &Common,
    players: Option<&str>,
    ask: impl Fn(&BaselineWorld, Rules) -> Result<Answer, NoStrategy>,
) -> Result<(), Failure> {
    let others = word("--others", &common.others, &Others::WORDS)?;
    let words = [("zero", 0), ("observed", 1), ("both", 2)];
    let which = word("--deficits", &common.deficits, &words)?;
    let inputs = Inputs::new(common, players)?;
    let day = inputs.day();
    let benchmark = &inputs.directory.benchmark;
    let set = common.instruments.as_deref().map(|typed| instruments(typed, benchmark)).transpose()?;
    let wanted = common.objective.as_deref().map(|typed| objectives(typed, benchmark)).transpose()?;
    let rules = Rules {
        instruments: set.as_ref(),
        objectives: wanted.as_ref(),
        others,
        record: day.as_ref(),
        known: None,
    };
    let scenario = inputs.scenario(common, day.as_ref())?;
    let directory = &inputs.directory;
    let on = |deficits| -> Result<Answer, Failure> {
        let ground = BaselineWorld::new_under(interrupt::control(), directory, &scenario, deficits)
            .map_err(|error| no_answer(error.into()))?;
        let known = KnownPoints::new();
        ask(&ground, Rules { known: Some(&known), ..rules }).map_err(no_answer)
    };
    let main = on(if which == 1 { GameDeficits::Observed } else { GameDeficits::Zero })?;
    let variant = if which == 2 { Some(on(GameDeficits::Observed)?) } else { None };
    if let Some(out) = &common.out {
        let mut files = answers::files(directory, &main);
        if let Some(variant) = &variant {
            let beside = answers::files(directory, variant).into_iter();
            files.extend(beside.map(|file| file.below("observed-deficits")));
        }
        output::results(out, &files)?;
    }
    output::print(&match common.record.format {
        Format::Table if common.details => screen::screen(directory, &main, variant.as_ref()),
        Format::Table => {
            let (settings, start) = (common.typed(), inputs.start());
            let players = players.unwrap_or_default();
            let asked = short::Asked { verb, players, settings: &settings, start: &start };
            short::short(directory, &main, variant.as_ref(), &asked)
        }
        Format::Csv => answers::csv(&main),
        Format::Json => {
            let mut json = answers::json_of(directory, &main);
            if let Some(variant) = &variant {
                json["observed_deficits"] = answers::json_of(directory, variant);
            }
            format!("{json:#}\n")
        }
    })
}

fn players(ground: &BaselineWorld, typed: &str) -> Result<Vec<usize>, NoStrategy> {
    if typed == "all" {
        return Ok((0..ground.calibration.dimensions.economies).collect());
    }
    let mut found = Vec::new();
    for code in typed.split(',').map(str::trim) {
        let player = ground.economy(code)?;
        if found.contains(&player) {
            return Err(NoStrategy::Unknown(format!("player `{code}` is named twice")));
        }
        found.push(player);
    }
    Ok(found)
}

fn sides(ground: &BaselineWorld, typed: &str) -> Result<[usize; 2], NoStrategy> {
    players(ground, typed)?.try_into().map_err(|_| {
        NoStrategy::Unknown(format!(
            "--between {typed}: two economies are needed, their codes with a comma between"
        ))
    })
}

fn reach(bilateral: bool) -> Reach {
    if bilateral { Reach::EachOther } else { Reach::Everybody }
}

fn word<T: Copy>(flag: &str, typed: &str, words: &[(&str, T)]) -> Result<T, Failure> {
    words.iter().find(|(word, _)| *word == typed).map(|(_, meant)| *meant).ok_or_else(|| {
        let suggestion = nearest::suggestion(typed, words.iter().map(|(word, _)| *word));
        Failure::WrongInput(format!("{flag} {typed}: no such value; {suggestion}"))
    })
}

/// Wrong input, with the flags that would mend it, or a question without an answer.
fn no_answer(error: NoStrategy) -> Failure {
    match error {
        NoStrategy::ListWithoutTalks { .. } => return wrong(format!("{error}: add --talks")),
        NoStrategy::NothingLapses => {
            return wrong(format!("--from lapse: {error}; add --talks (and --on for the day) or --scenario"));
        }
        _ => {}
    }
    if error.is_wrong_input() { wrong(error) } else { Failure::NoAnswer(error.to_string()) }
}
