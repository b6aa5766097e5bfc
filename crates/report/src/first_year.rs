//! The accounts of the first year as a screen.

use detente::first_year::WithinAYear;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::catalogue::{Unit, lists};
use detente_tables::table::digits;

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
        "{} ({}; first three columns in percent of income)\n{table}\nshort-run elasticity {}, pass-through {}, re-sourced share {}\n",
        answer.scenario.name,
        answer.scenario.horizon.label(),
        digits(parameters.short_run_elasticity.first().copied()),
        parameters.pass_through,
        parameters.resourced_share,
    );
    for caveat in &answer.caveats {
        out.push_str(&format!("note: {caveat}\n"));
    }
    out
}
