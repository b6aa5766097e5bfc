//! The details of a brief for the terminal: what folds open on the page, as text.

use super::page;
use crate::page::Part;
use crate::width;
use comfy_table::{ContentArrangement, Table, presets};
use detente::brief::Brief;

/// All details below the first screen.
pub fn render(brief: &Brief) -> String {
    let mut text = String::new();
    for part in page::details(brief) {
        write(&mut text, &part);
    }
    text
}

fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width::of_table());
    table
}

fn push_table(text: &mut String, table: &Table) {
    for line in table.to_string().lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn write(text: &mut String, part: &Part) {
    match part {
        Part::Heading(heading) => text.push_str(&format!("\n{heading}\n")),
        Part::Text(line) | Part::Lead(line) | Part::Screen(line) => text.push_str(&format!("{line}\n")),
        Part::List(items) => {
            let mut table = plain_table();
            table.add_rows(items.iter().map(|item| ["•", item]));
            push_table(text, &table);
        }
        Part::Table { head, rows } => {
            let mut table = plain_table();
            table.set_header(head);
            table.add_rows(rows);
            push_table(text, &table);
        }
        // A terminal has no pictures; the page does.
        Part::Picture(_) | Part::Drawn(_) | Part::Cards(_) => {}
        Part::Fold(heading, parts) => {
            text.push_str(&format!("\n{heading}\n"));
            for part in parts {
                write(text, part);
            }
        }
    }
}
