//! An answer for people: what it is and for whom, the numbers, the policies in words, the certificates.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::answer::lines;
use super::split;
use crate::{counterfactual, width};
use detente::strategy::answer::Answer;
use detente::strategy::certificates;
use detente::strategy::objectives::ObjectiveKind;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::catalogue::economy::{OBJECTIVE, WELFARE};
use detente_engine::catalogue::lists;

/// The screen; `variant` is the same question with the other deficits, where it was asked too.
pub fn screen(directory: &BenchmarkDirectory, answer: &Answer, variant: Option<&Answer>) -> String {
    let mut text = wrapped(&answer.title, 0);
    let (lines, _) = lines(answer);
    lines.iter().for_each(|line| text += &wrapped(line, 2));
    text += &economies(directory, answer, variant);
    if let Some(observed) = &answer.observed {
        text += &wrapped(&split::observed_words(observed, answer.start.tariffs()), 0);
    }
    text += &counterfactual::once_capital_answers(directory, &answer.counterfactual);
    if let Some((lines, headlines)) = variant.map(self::lines).filter(|(_, headlines)| *headlines > 0) {
        text += "with observed deficits held fixed:\n";
        lines[..headlines].iter().for_each(|line| text += &wrapped(line, 2));
    }
    text += &certificates(answer, variant);
    for caveat in answer.counterfactual.caveats() {
        text += &wrapped(&format!("note: {caveat}"), 0);
    }
    if variant.is_none() {
        text += "note: one treatment of deficits only; --deficits both shows the other beside it\n";
    }
    text
}

/// A line that is too long goes on in the next one, further in.
fn wrapped(line: &str, indent: usize) -> String {
    let line_indent = indent + (line.len() - line.trim_start().len());
    let mut text = String::new();
    let mut row = " ".repeat(line_indent);
    let mut is_empty = true;
    for word in line.split_whitespace() {
        if !is_empty && row.chars().count() + 1 + word.chars().count() > width::columns() {
            text += row.trim_end();
            text.push('\n');
            row = " ".repeat(line_indent + 4);
            is_empty = true;
        }
        if !is_empty {
            row.push(' ');
        }
        row += word;
        is_empty = false;
    }
    text + &row + "\n"
}

/// A table whose first column is words and whose others are numbers.
pub(super) fn table<Title: AsRef<str>>(
    header: &[Title],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width::of_table()).set_header(header.iter().map(AsRef::as_ref)).add_rows(rows);
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// What each economy gets. The objective has a column of its own where it is not welfare.
fn economies(directory: &BenchmarkDirectory, answer: &Answer, variant: Option<&Answer>) -> String {
    let own = answer.objective != ObjectiveKind::Welfare;
    let objective = if own { OBJECTIVE.label } else { WELFARE.label };
    let mut header = vec![format!("percent from {}", answer.start.words())];
    header.extend(own.then(|| objective.to_owned()));
    header.extend(lists::OF_A_GAME.iter().map(|entry| entry.label.to_owned()));
    header.extend(variant.map(|_| format!("{objective}, observed deficits")));
    let number =
        |value: Option<f64>| value.filter(|v| v.is_finite()).map_or(String::new(), |v| format!("{v:+.4}"));
    let rows = answer.counterfactual.outcomes.economies.iter().enumerate().map(|(j, row)| {
        let mark = if answer.players.contains(&j) { ">" } else { " " };
        let weak = if directory.is_weak(j) { "*" } else { "" };
        let mut cells = vec![format!("{mark} {}{weak}", directory.benchmark.economies[j].code)];
        cells.extend(own.then(|| number(answer.objective_pct[j])));
        cells.extend(
            lists::OF_A_GAME.iter().map(|entry| number(entry.equilibrium.and_then(|read| read(row)))),
        );
        cells.extend(variant.map(|variant| number(variant.objective_pct[j])));
        cells
    });
    table(&header, rows)
}

/// The certificates of all points that the answer rests on, the variant's behind them.
fn certificates(answer: &Answer, variant: Option<&Answer>) -> String {
    let header = ["certificate", "projected gradient", "gain left", "starts", "local optima", "residual"];
    let row = |(name, certificate): (String, _)| {
        let mut cells = vec![name];
        cells.extend(certificates::cells(&certificate));
        cells
    };
    let mut rows: Vec<Vec<String>> = answer.all_certificates().into_iter().map(row).collect();
    if let Some(variant) = variant {
        rows.extend(
            variant
                .all_certificates()
                .into_iter()
                .map(|(name, certificate)| row((format!("{name}, observed deficits"), certificate))),
        );
    }
    let effort = answer.certificate.effort;
    table(&header, rows)
        + &format!(
            "{} equilibria and {} gradients, {:.2} s; residual of the point shown {:.0e}\n",
            effort.evaluations,
            effort.gradients,
            answer.certificate.seconds,
            answer.counterfactual.equilibrium.certificate.max_residual()
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_go_on_further_in_and_lose_nothing() {
        let line = "a deal in words ".repeat(20);
        let text = wrapped(&line, 2);
        assert!(text.lines().all(|row| row.chars().count() <= width::columns()));
        assert!(text.lines().skip(1).all(|row| row.starts_with("      ")));
        assert_eq!(text.split_whitespace().count(), line.split_whitespace().count());
        assert_eq!(wrapped("short", 0), "short\n");
    }
}
