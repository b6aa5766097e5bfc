//! What each outcome does to every economy: a table an outcome and starting point, both horizons side by side.

use super::screen::truce_of;
use crate::page::Part;
use detente::brief::{Against, Brief, Effects, Outcome};
use detente_data::benchmark_directory::quality::Grade;
use detente_engine::horizon::Horizon;
use detente_tables::number::{UNKNOWN, signed};

/// A line that says what is compared, then a table of all economies, for each outcome and starting point.
pub fn parts(brief: &Brief) -> Vec<Part> {
    let long = brief.outcomes.iter().filter(|outcome| outcome.horizon == Horizon::Long);
    let mut parts: Vec<Part> = long
        .flat_map(|outcome| {
            let (name, about) = (&outcome.name, &outcome.description);
            let title = format!("{name}: {about}; {}", against(outcome));
            [Part::Text(title), economies(outcome, truce_of(brief, outcome))]
        })
        .collect();
    parts.push(Part::Text(
        "Income and its band, wages and prices in percent; revenue and the deficit in points of income, manufacturing in points \
         of value added. 5th and 95th are percentiles of income over the runs; sign: share of runs that keep the sign of their \
         median. * assumed. An input structure that is weak makes the economy's numbers weak."
            .to_owned(),
    ));
    parts
}

fn against(outcome: &Outcome) -> &'static str {
    match outcome.against {
        Against::Benchmark => "from the benchmark's tariffs",
        Against::Today => "from today's tariffs",
    }
}

fn economies(outcome: &Outcome, truce: Option<&Outcome>) -> Part {
    let head = [
        "economy",
        outcome.horizon_label,
        "5th",
        "95th",
        "sign",
        "wages",
        "prices",
        "revenue",
        "manuf.",
        "deficit*",
        "in a year",
        "inputs",
    ];
    let rows = outcome.economies.iter().map(|(code, effects)| {
        let first_year = truce.and_then(|truce| truce.economies.get(code));
        row(code, effects, first_year.and_then(|effects| effects.income_pct))
    });
    Part::table(&head, rows.collect())
}

fn row(code: &str, effects: &Effects, first_year: Option<f64>) -> Vec<String> {
    let band = effects.income_band_pct;
    let sign = effects.income_sign_share;
    vec![
        code.to_owned(),
        signed(effects.income_pct),
        signed(band.map(|(low, _)| low)),
        signed(band.map(|(_, high)| high)),
        sign.map_or(UNKNOWN.to_owned(), |share| format!("{:.0}%", 100.0 * share)),
        signed(effects.real_wage_pct),
        signed(effects.price_index_pct),
        signed(effects.tariff_revenue_points),
        signed(effects.manufacturing_share_points),
        signed(effects.deficit_points),
        signed(first_year),
        effects.quality.map_or(UNKNOWN, Grade::word).to_owned(),
    ]
}
