//! The accounts of the first year as a screen.

use detente::first_year::WithinAYear;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::catalogue::{Unit, lists};

use crate::counterfactual::{change, code, plain, right, title};

/// The accounts for people.
pub fn screen(directory: &BenchmarkDirectory, answer: &WithinAYear) -> String {
    let mut table = plain();
    let shown = lists::FIRST_YEAR_HEADLINES;
    table.set_header(
        std::iter::once(Unit::Percent.words(None).to_owned()).chain(shown.iter().map(|entry| title(entry))),
    );
    for (position, row) in answer.outcome.accounts.iter().enumerate() {
        let numbers = shown.iter().map(|entry| change(entry.first_year.and_then(|read| read(row))));
        table.add_row(std::iter::once(code(directory, position)).chain(numbers));
    }
    right(&mut table);
    let parameters = &answer.parameters;
    let mut out = format!(
        "{} ({}; first three columns in percent of income)\n{table}\nsubstitution between origins {}, between products {}, {}; pass-through {}\n",
        answer.scenario.name,
        answer.scenario.horizon.label(),
        parameters.between_origins,
        parameters.between_products,
        parameters
            .with_home
            .map_or("home goods left out".to_owned(), |elasticity| format!("with home goods {elasticity}")),
        parameters.pass_through,
    );
    for caveat in &answer.caveats {
        out.push_str(&format!("note: {caveat}\n"));
    }
    out
}
