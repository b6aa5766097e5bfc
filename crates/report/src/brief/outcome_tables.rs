//! What each outcome does to every economy: a table an outcome and starting point, both horizons side by side.

use crate::page::Part;
use detente::brief::{Against, Brief, Effects, Measures, Outcome};
use detente_data::benchmark_directory::quality::Grade;
use detente_engine::catalogue::{OutcomeEntry, Place, Tag, economy::*, first_year::IMPORTERS_ACCOUNT};
use detente_engine::horizon::Horizon;
use detente_tables::number::{UNKNOWN, signed};

/// A line that says what is compared, then a table of all economies, for each outcome and starting point.
pub fn parts(brief: &Brief) -> Vec<Part> {
    let long = brief.outcomes.iter().filter(|outcome| outcome.horizon == Horizon::Long);
    let mut parts: Vec<Part> = long
        .flat_map(|outcome| {
            let (name, about) = (&outcome.name, &outcome.description);
            let title = format!("{name}: {about}; {}", against(outcome));
            [Part::Text(title), economies(outcome, first_year_of(brief, outcome))]
        })
        .collect();
    parts.push(Part::Text(format!(
        "Income and its band, wages, and prices over wages in percent; revenue and the deficit in points of income, manufacturing in points \
         of value added. 5th and 95th are percentiles of income over the runs; sign: share of runs that keep the sign of their \
         median. In a year: the {}. * assumed. An input structure that is weak makes the economy's numbers weak.",
        IMPORTERS_ACCOUNT.short
    )));
    parts
}

fn against(outcome: &Outcome) -> &'static str {
    match outcome.against {
        Against::Benchmark if outcome.measures == Measures::All => {
            "all measures in force, from the benchmark's tariffs"
        }
        Against::Benchmark => {
            "the two sides' measures, from the benchmark's tariffs (with duties on others of the day, if asked for)"
        }
        Against::Today => "the two sides' measures, from today's tariffs",
    }
}

fn economies(outcome: &Outcome, first_year: Option<&Outcome>) -> Part {
    let numbers = SHOWN.map(|entry| {
        // An assumed number is marked.
        let mark = if outcome.tags.get(entry.key(Place::Brief)) == Some(&Tag::Assumed) { "*" } else { "" };
        format!("{}{mark}", entry.short)
    });
    let mut head = vec!["economy", outcome.horizon_label.as_str(), "5th", "95th", "sign"];
    head.extend(numbers.iter().map(String::as_str));
    head.extend(["in a year", "inputs"]);
    let rows = outcome.economies.iter().map(|(code, effects)| {
        let first_year = first_year.and_then(|first_year| first_year.economies.get(code));
        row(code, effects, first_year.and_then(|effects| effects.value(&IMPORTERS_ACCOUNT)))
    });
    Part::table(&head, rows.collect())
}

fn row(code: &str, effects: &Effects, first_year: Option<f64>) -> Vec<String> {
    let band = effects.income_band_pct;
    let sign = effects.income_sign_share;
    let mut cells = vec![
        code.to_owned(),
        signed(effects.value(&WELFARE)),
        signed(band.map(|(low, _)| low)),
        signed(band.map(|(_, high)| high)),
        sign.map_or(UNKNOWN.to_owned(), |share| format!("{:.0}%", 100.0 * share)),
    ];
    cells.extend(SHOWN.map(|entry| signed(effects.value(entry))));
    cells.push(signed(first_year));
    cells.push(effects.quality.map_or(UNKNOWN, Grade::word).to_owned());
    cells
}

/// What stands beside income and its band.
const SHOWN: [&OutcomeEntry; 5] =
    [&REAL_WAGE, &PRICES_OVER_WAGES, &TARIFF_REVENUE_POINTS, &MANUFACTURING_POINTS, &DEFICIT_POINTS];

/// The same outcome from the same start, in the first year.
fn first_year_of<'a>(brief: &'a Brief, outcome: &Outcome) -> Option<&'a Outcome> {
    brief.outcomes.iter().find(|other| {
        other.horizon == Horizon::FirstYear
            && other.name == outcome.name
            && (other.against, other.measures) == (outcome.against, outcome.measures)
    })
}
