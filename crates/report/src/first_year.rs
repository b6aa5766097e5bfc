//! The accounts of the first year as a screen.

use detente::first_year::{WithinAYear, shared};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_tables::table::digits;

use crate::counterfactual::{change, code, plain, right};

/// The accounts for people.
pub fn screen(directory: &BenchmarkDirectory, answer: &WithinAYear) -> String {
    let mut table = plain();
    table.set_header([
        "percent",
        "income",
        "private cost",
        "net sales abroad",
        "exports",
        "imports",
        "duty paid",
    ]);
    for (position, row) in answer.outcome.accounts.iter().enumerate() {
        let duty = (row.duty_before > 0.0).then(|| 100.0 * (row.duty / row.duty_before - 1.0));
        let numbers = [
            Some(row.income_pct()),
            Some(row.private_cost_pct()),
            Some(row.net_sales_pct()),
            shared("exports_pct", row),
            shared("imports_pct", row),
            duty,
        ];
        let cells = std::iter::once(code(directory, position)).chain(numbers.map(change));
        table.add_row(cells);
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
