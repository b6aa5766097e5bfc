//! Pages of answers: one counterfactual, several side by side, the runs of a sweep, a history of duties.

use crate::counterfactual as screens;
use crate::made_by;
use crate::page::{Part, render};
use crate::picture::colour::Ink;
use crate::picture::curves::{self, Curve, CurveWords};
use crate::picture::figure::PAGE;
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
use detente_ledger::tariff::DutyStep;
use jiff::civil::Date;

/// The page of one counterfactual: what it does to income, where trade goes, which sectors pay, the table.
pub fn solved(directory: &BenchmarkDirectory, answer: &Counterfactual, bands: Option<&Bands>) -> String {
    let found = &answer.outcomes;
    let sides = reach::sides_of(directory, found);
    let from = start(answer);
    let mut parts = vec![Part::Lead(headline(directory, answer, sides))];
    parts.extend(answer.scenario.sentence.clone().map(Part::Text));
    parts.push(Part::picture(reach::income(directory, &[(answer, bands)], &sides, PAGE)));
    parts.push(Part::picture(reach::diversion(directory, found, &sides, from, PAGE)));
    parts.push(Part::picture(reach::who_at_home_pays(directory, found, sides, from, PAGE)));
    parts.push(Part::Heading("All economies".into()));
    parts.push(Part::Screen(screens::answer(directory, answer)));
    parts.push(Part::Fold("What every reader should know".into(), vec![Part::List(answer.caveats())]));
    let name = &answer.scenario.name;
    render(name, &parts, &made_by::line(Some(directory), None, &asked(answer)))
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
    parts.push(Part::Screen(screens::side_by_side(directory, answers)));
    let asked = answers.iter().map(|answer| answer.scenario.name.as_str()).collect::<Vec<_>>().join("; ");
    render("Scenarios side by side", &parts, &made_by::line(Some(directory), None, &asked))
}

/// The page of accounts within a year: the tables of the screen, since nothing diverts by an equilibrium.
pub fn within_a_year(directory: &BenchmarkDirectory, answer: &WithinAYear) -> String {
    let name = &answer.scenario.name;
    let parts = [Part::Screen(crate::first_year::screen(directory, answer))];
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
        .enumerate()
        .map(|(k, (code, values))| Spread {
            name: name(code),
            side: (k < 2).then_some(k),
            values: values.clone(),
        })
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
    let title = format!("Over {} runs income would change most for {}", summary.converged, joined(&words));
    let note = format!(
        "{}, percent, {}; each strip has its own height. Line: median; bar below: 5 to 95.",
        opening(WELFARE.label),
        summary.horizon
    );
    let rows = summary.income.iter().map(|(code, values)| {
        std::iter::once(name(code)).chain(values.iter().map(|value| change(*value))).collect()
    });
    let parts = [
        Part::Lead(format!("{title}. {} of {} runs converged.", summary.converged, summary.runs)),
        Part::picture(histogram::picture(&title, &note, &spreads, PAGE)),
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
    let curve = |(k, (from, to, steps)): (usize, &Direction<'_>)| {
        let mut points: Vec<[f64; 2]> = Vec::new();
        for step in steps.iter() {
            let value = step
                .total_pct
                .or_else(|| step.range_pct.as_ref().map(|range| (range.least + range.most) / 2.0));
            points.extend(value.map(|value| [years(step.from), value]));
        }
        if let Some([_, value]) = points.last().copied() {
            points.push([years(last.max(steps.last().map_or(last, |step| step.from))), value]);
        }
        let name = format!("from {from} entering {to}");
        Curve { name, ink: Ink::side(k), points, is_stepped: true, is_dashed: k == 1 }
    };
    let lines: Vec<Curve> = directions.iter().enumerate().map(curve).collect();
    let now: Vec<String> = directions
        .iter()
        .filter_map(|(from, to, steps)| {
            let step = steps.iter().rev().find(|step| step.from <= last)?;
            Some(format!("{} % from {from} entering {to}", number::points(step.total_pct?)))
        })
        .collect();
    let now = if now.is_empty() { "no single rate".to_owned() } else { joined(&now) };
    let title = format!("Duty on {code} on {}: {now}", number::day(&last.to_string()));
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
        Part::Lead(format!("{title}.")),
        Part::picture(curves::picture(words, &lines, PAGE)),
        Part::Heading("Every step".into()),
        Part::table(&["from", "entering", "first day", "until", "percent", "what changed"], rows.collect()),
    ];
    render(
        &format!("The duty on {code}"),
        &parts,
        &made_by::line(None, Some(record), &format!("duty on {code}")),
    )
}

/// A day as a year with its part.
fn years(date: Date) -> f64 {
    1970.0 + day(date) / 365.2425
}

fn start(answer: &Counterfactual) -> &'static str {
    if answer.scenario.baseline.is_some() {
        "from the scenario's baseline"
    } else {
        "from the benchmark's tariffs"
    }
}

fn headline(directory: &BenchmarkDirectory, answer: &Counterfactual, sides: [usize; 2]) -> String {
    let words: Vec<String> = sides
        .iter()
        .filter_map(|side| {
            let value = WELFARE.equilibrium.and_then(|read| read(&answer.outcomes.economies[*side]))?;
            Some(format!("{} {} %", named(&directory.benchmark.economies[*side].name), change(value)))
        })
        .collect();
    format!(
        "{}: income would change by {} ({}, {}).",
        answer.scenario.name,
        joined(&words),
        answer.scenario.horizon.label(),
        start(answer)
    )
}

fn asked(answer: &Counterfactual) -> String {
    format!(
        "{}, {}, residual {:.0e}",
        answer.scenario.name,
        answer.scenario.horizon.label(),
        answer.equilibrium.certificate.max_residual()
    )
}
