//! An answer for people: what it is and for whom, the numbers, the policies in words, the certificate.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::answer::Answer;
use crate::benchmark_directory::BenchmarkDirectory;

/// The screen; `variant` is the same question with the other deficits, where it was asked too.
pub fn screen(directory: &BenchmarkDirectory, answer: &Answer, variant: Option<&Answer>) -> String {
    let mut text = format!("{}\n", answer.title);
    for line in &answer.lines {
        text += &format!("  {line}\n");
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(110);
    let mut header = vec!["percent", "objective", "welfare", "real wage", "prices", "exports", "imports"];
    if variant.is_some() {
        header.push("objective, observed deficits");
    }
    table.set_header(header);
    let number =
        |value: Option<f64>| value.filter(|v| v.is_finite()).map_or(String::new(), |v| format!("{v:+.4}"));
    for (j, row) in answer.counterfactual.outcomes.economies.iter().enumerate() {
        let mark = if answer.players.contains(&j) { ">" } else { " " };
        let weak = if directory.is_weak(j) { "*" } else { "" };
        let mut cells = vec![
            format!("{mark} {}{weak}", directory.benchmark.economies[j].code),
            number(answer.objective_pct[j]),
            number(row.welfare_pct),
            number(row.real_wage_pct),
            number(row.price_index_pct),
            number(row.exports_pct),
            number(row.imports_pct),
        ];
        if let Some(variant) = variant {
            cells.push(number(variant.objective_pct[j]));
        }
        table.add_row(cells);
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    text += &format!("{table}\n");
    if let Some(variant) = variant.filter(|variant| variant.headlines > 0) {
        text += "with observed deficits held fixed:\n";
        variant.lines[..variant.headlines].iter().for_each(|line| text += &format!("  {line}\n"));
    }
    let certificate = &answer.certificate;
    let gain = certificate.best_response_gain.map_or("not asked".to_owned(), |gain| format!("{gain:.1e}"));
    text += &format!(
        "certificate: projected gradient {:.1e}; largest gain by re-optimising {gain}; {} starts, {} optima; {} equilibria, {} gradients, {:.2} s; \
         largest residual {:.1e}\n",
        certificate.projected_gradient,
        certificate.starts,
        certificate.optima.len(),
        certificate.effort.evaluations,
        certificate.effort.gradients,
        certificate.seconds,
        answer.counterfactual.equilibrium.certificate.max_residual(),
    );
    for caveat in &answer.counterfactual.caveats {
        text += &format!("note: {caveat}\n");
    }
    if variant.is_none() {
        text += "note: one treatment of deficits only; --deficits both shows the other beside it\n";
    }
    text
}
