//! Pages of answers: one counterfactual, several side by side, the runs of a sweep, a history of duties.

use crate::counterfactual as screens;
use crate::made_by;
use crate::page::{Part, render};
use crate::picture::colour::Ink;
use crate::picture::curves::{self, Curve, CurveWords};
use crate::picture::figure::{PAGE, WEAK};
use crate::picture::histogram::{self, Spread};
use crate::picture::scale::day;
use crate::reach;
use detente::counterfactual::Counterfactual;
use detente::first_year::WithinAYear;
use detente::sweep::Summary;
use detente::uncertainty::headline::Bands;
use detente::words::number::{self, change, joined, named, opening};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::catalogue::economy::WELFARE;
use detente_engine::catalogue::{OutcomeEntry, Unit, lists};
use detente_ledger::tariff::DutyStep;
use jiff::civil::Date;

/// The page of one counterfactual: what it does to income, where trade goes, which sectors pay, the table.
pub fn solved(directory: &BenchmarkDirectory, answer: &Counterfactual, bands: Option<&Bands>) -> String {
    let found = &answer.outcomes;
    let sides = reach::sides_of(directory, found);
    let from = reach::start(answer);
    let mut parts = vec![Part::Lead(headline(directory, answer, sides))];
    parts.extend(answer.scenario.sentence.clone().map(Part::Text));
    parts.push(Part::picture(reach::income(directory, &[(answer, bands)], &sides, PAGE)));
    parts.push(Part::picture(reach::diversion(directory, found, &sides, from, PAGE)));
    parts.push(Part::picture(reach::who_at_home_pays(directory, found, sides, from, PAGE)));
    parts.push(Part::Heading("All economies".into()));
    parts.push(economies(directory, lists::HEADLINES, &|entry, position| {
        entry.equilibrium.and_then(|read| read(&answer.outcomes.economies[position]))
    }));
    let mut known = answer.caveats();
    known.push(certificate(answer));
    parts.push(Part::Fold("What every reader should know".into(), vec![Part::List(known)]));
    let name = &answer.scenario.name;
    render(name, &parts, &made_by::line(Some(directory), None, &asked(answer)))
}

/// Head of the column that says where an economy's input structure is weak.
const INPUTS: &str = "input structure";

/// All economies with some of their outcomes.
fn economies(
    directory: &BenchmarkDirectory,
    entries: &[&OutcomeEntry],
    value: &dyn Fn(&OutcomeEntry, usize) -> Option<f64>,
) -> Part {
    let heading = |entry: &&OutcomeEntry| match entry.unit {
        Unit::Percent => format!("{}, %", if entry.first_year.is_some() { entry.label } else { entry.short }),
        _ => screens::title(entry),
    };
    let head = std::iter::once("economy".to_owned()).chain(entries.iter().map(heading));
    let rows = (0..directory.benchmark.economies.len()).map(|position| {
        economy_row(directory, position, entries.iter().map(|entry| value(entry, position)).collect())
    });
    Part::Table { head: head.chain([INPUTS.to_owned()]).collect(), rows: rows.collect() }
}

fn economy_row(directory: &BenchmarkDirectory, position: usize, numbers: Vec<Option<f64>>) -> Vec<String> {
    let weak = if directory.is_weak(position) { WEAK } else { "" };
    let numbers = numbers
        .into_iter()
        .map(|value| value.filter(|value| value.is_finite()).map_or_else(String::new, change));
    let name = directory.benchmark.economies[position].name.clone();
    std::iter::once(name).chain(numbers).chain([weak.to_owned()]).collect()
}

/// How well an answer is solved.
fn certificate(answer: &Counterfactual) -> String {
    let held = &answer.equilibrium.certificate;
    format!(
        "{} is solved to a largest residual of {:.1e} in {} iterations",
        answer.scenario.name,
        held.max_residual(),
        held.iterations
    )
}

/// The page of several counterfactuals.
pub fn compared(directory: &BenchmarkDirectory, answers: &[&Counterfactual], bands: &[Bands]) -> String {
    let sides = answers.first().map_or([0, 0], |answer| reach::sides_of(directory, &answer.outcomes));
    let pairs: Vec<(&Counterfactual, Option<&Bands>)> =
        answers.iter().enumerate().map(|(k, answer)| (*answer, bands.get(k))).collect();
    let mut parts: Vec<Part> =
        answers.iter().map(|answer| Part::Lead(headline(directory, answer, sides))).collect();
    parts.push(Part::picture(reach::income(directory, &pairs, &sides, PAGE)));
    parts.push(Part::Heading("All economies".into()));
    for entry in lists::SIDE_BY_SIDE {
        let names = answers.iter().map(|answer| answer.scenario.name.clone());
        let value = |answer: &Counterfactual, position: usize| {
            entry.equilibrium.and_then(|read| read(&answer.outcomes.economies[position]))
        };
        let rows = (0..directory.benchmark.economies.len()).map(|position| {
            let numbers = answers.iter().map(|answer| value(answer, position));
            economy_row(directory, position, numbers.collect())
        });
        let first = format!("{}, {}", entry.label, entry.unit.words(None));
        let head = std::iter::once(first).chain(names).chain([INPUTS.to_owned()]).collect();
        parts.push(Part::Table { head, rows: rows.collect() });
    }
    let mut known: Vec<String> = Vec::new();
    for said in answers.iter().flat_map(|answer| answer.caveats().into_iter().chain([certificate(answer)])) {
        if !known.contains(&said) {
            known.push(said);
        }
    }
    parts.push(Part::Fold("What every reader should know".into(), vec![Part::List(known)]));
    let asked = answers.iter().map(|answer| answer.scenario.name.as_str()).collect::<Vec<_>>().join("; ");
    render("Scenarios side by side", &parts, &made_by::line(Some(directory), None, &asked))
}

/// The page of accounts within a year: the tables of the screen, since nothing diverts by an equilibrium.
pub fn within_a_year(directory: &BenchmarkDirectory, answer: &WithinAYear) -> String {
    let name = &answer.scenario.name;
    let label = answer.scenario.horizon_label();
    let parameters = &answer.parameters;
    let parts = [
        Part::Lead(format!(
            "{name}: accounts of the first year ({label}), from the scenario's own starting point."
        )),
        Part::Text(
            "The first three columns are percent of income; prices at the border and wages are held.".into(),
        ),
        economies(directory, lists::FIRST_YEAR_HEADLINES, &|entry, position| {
            entry.first_year.and_then(|read| read(&answer.outcome.accounts[position]))
        }),
        Part::Fold(
            "What every reader should know".into(),
            vec![Part::List(
                std::iter::once(format!(
                    "substitution between origins {}, between products {}; pass-through {}",
                    parameters.between_origins, parameters.between_products, parameters.pass_through
                ))
                .chain(answer.caveats.iter().cloned())
                .collect(),
            )],
        ),
    ];
    render(name, &parts, &made_by::line(Some(directory), None, &format!("{name}, within a year")))
}

/// The page of a sweep: how the runs spread.
pub fn swept(directory: &BenchmarkDirectory, summary: &Summary) -> String {
    let mut order: Vec<&(String, Vec<f64>)> = summary.incomes.iter().collect();
    let size = |values: &[f64]| values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    order.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
    let name = |code: &str| {
        let held = directory.benchmark.economy(code);
        held.map_or_else(|| code.to_owned(), |at| directory.benchmark.economies[at].name.clone())
    };
    let spreads: Vec<Spread> = order
        .iter()
        .take(10)
        // A sweep has no sides: the colours of sides would name the wrong ones.
        .map(|(code, values)| Spread { name: name(code), side: None, values: values.clone() })
        .collect();
    let words: Vec<String> = order
        .iter()
        .take(2)
        .filter_map(|(code, _)| {
            let (_, [low, median, high]) = summary.income.iter().find(|(held, _)| held == code)?;
            Some(format!(
                "{} {} % ({} to {})",
                named(&name(code)),
                change(*median),
                change(*low),
                change(*high)
            ))
        })
        .collect();
    let most = format!("Over {} runs income would change most for {}", summary.converged, joined(&words));
    let title = "How income spreads over the runs, the ten economies that it moves most";
    let note = format!(
        "{}, percent, {}, each run from its own baseline; each strip has its own height. Line: median; bar below: 5 to 95.",
        opening(WELFARE.label),
        summary.horizon
    );
    let rows = summary.income.iter().map(|(code, values)| {
        std::iter::once(name(code)).chain(values.iter().map(|value| change(*value))).collect()
    });
    let parts = [
        Part::Lead(format!(
            "{most}; in brackets the lowest and the highest. {} of {} runs converged.",
            summary.converged, summary.runs
        )),
        Part::picture(histogram::picture(title, &note, &spreads, PAGE)),
        Part::Heading("All economies".into()),
        Part::table(&["economy", "lowest, %", "median, %", "highest, %"], rows.collect()),
    ];
    render(
        &summary.name,
        &parts,
        &made_by::line(Some(directory), None, &format!("sweep of {} runs", summary.runs)),
    )
}

/// A direction of trade with the steps of its duty.
pub type Direction<'a> = (&'a str, &'a str, &'a [DutyStep]);

/// The page of a product's duty over time.
pub fn history(code: &str, directions: &[Direction<'_>], last: Date, record: &str) -> String {
    // All lines end on one day, a little after the last step of any.
    let latest =
        directions.iter().flat_map(|(.., steps)| steps.last()).map(|step| step.from).chain([last]).max();
    let end = years(latest.unwrap_or(last)) + 0.25;
    let curve = |(k, (from, to, steps)): (usize, &Direction<'_>)| {
        let mut points: Vec<[f64; 2]> = Vec::new();
        for step in steps.iter() {
            let value = step
                .total_pct
                .or_else(|| step.range_pct.as_ref().map(|range| (range.least + range.most) / 2.0));
            points.extend(value.map(|value| [years(step.from), value]));
        }
        if let Some([_, value]) = points.last().copied() {
            points.push([end, value]);
        }
        let name = format!("from {from} into {to}");
        // Of two directions each has its side's colour; more are told apart as authorities are.
        let ink = if directions.len() > 2 { Ink::Authority(k) } else { Ink::side(k) };
        Curve { name, ink, points, is_stepped: true, is_dashed: k % 2 == 1 }
    };
    let lines: Vec<Curve> = directions.iter().enumerate().map(curve).collect();
    let now: Vec<String> = directions
        .iter()
        .filter_map(|(from, to, steps)| {
            let step = steps.iter().rev().find(|step| step.from <= last)?;
            Some(format!("{} % from {} into {}", number::points(step.total_pct?), named(from), named(to)))
        })
        .collect();
    let now = if now.is_empty() { "no single rate".to_owned() } else { joined(&now) };
    let today = format!("Duty on {code} on {}: {now}", number::day(&last.to_string()));
    let title = format!("The duty on {code}, day by day");
    let words = CurveWords {
        id: "history",
        title: &title,
        note: "By statute, percent of value; where a code stands for several duties, the middle of their range.",
        across: "year",
        up: "percent",
    };
    let rows = directions.iter().flat_map(|(from, to, steps)| {
        steps.iter().map(move |step| {
            let rate = match (step.total_pct, &step.range_pct) {
                (Some(rate), _) => format!("{rate}"),
                (None, Some(range)) if range.least == range.most => format!("{}", range.least),
                (None, Some(range)) => format!("{} to {}", range.least, range.most),
                (None, None) => step.specific.clone().unwrap_or_default(),
            };
            let until = step.until.map_or(String::new(), |until| until.to_string());
            vec![
                (*from).to_owned(),
                (*to).to_owned(),
                step.from.to_string(),
                until,
                rate,
                step.changes.join("; "),
            ]
        })
    });
    let parts = [
        Part::Lead(format!("{today}.")),
        Part::picture(curves::picture(words, &lines, PAGE)),
        Part::Heading("Every step".into()),
        Part::table(&["from", "into", "first day", "until", "percent", "what changed"], rows.collect()),
    ];
    render(
        &format!("The duty on {code}"),
        &parts,
        &made_by::line(None, None, &format!("duty on {code}, {record}")),
    )
}

/// A day as a year with its part.
fn years(date: Date) -> f64 {
    1970.0 + day(date) / 365.2425
}

fn headline(directory: &BenchmarkDirectory, answer: &Counterfactual, sides: [usize; 2]) -> String {
    let words: Vec<String> = sides
        .iter()
        .filter_map(|side| {
            let value = WELFARE.equilibrium.and_then(|read| read(&answer.outcomes.economies[*side]))?;
            Some(format!("{} % in {}", change(value), named(&directory.benchmark.economies[*side].name)))
        })
        .collect();
    format!(
        "{}: income would change by {} ({}, {}).",
        answer.scenario.name,
        joined(&words),
        answer.scenario.horizon_label(),
        reach::start(answer)
    )
}

fn asked(answer: &Counterfactual) -> String {
    format!(
        "{}, {}, residual {:.0e}",
        answer.scenario.name,
        answer.scenario.horizon_label(),
        answer.equilibrium.certificate.max_residual()
    )
}
