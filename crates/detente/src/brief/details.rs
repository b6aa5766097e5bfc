//! The details of a brief for the terminal: what folds open on the page, as text.

use super::{Brief, page};
use crate::report::page::Part;
use comfy_table::{ContentArrangement, Table, presets};

/// Width of the details.
const WIDTH: u16 = 110;

/// All details below the first screen.
pub fn render(brief: &Brief) -> String {
    let mut text = String::new();
    for part in page::details(brief) {
        write(&mut text, &part);
    }
    text
}

fn write(text: &mut String, part: &Part) {
    match part {
        Part::Heading(heading) => text.push_str(&format!("\n{heading}\n")),
        Part::Text(line) | Part::Screen(line) => text.push_str(&format!("{line}\n")),
        Part::List(items) => items.iter().for_each(|item| text.push_str(&format!("• {item}\n"))),
        Part::Table { head, rows } => {
            let mut table = Table::new();
            table.load_style(presets::NOTHING);
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(WIDTH);
            table.set_header(head);
            table.add_rows(rows);
            text.push_str(&format!("{table}\n"));
        }
        // A terminal has no pictures; the page does.
        Part::Chart(_) => {}
        Part::Fold(heading, parts) => {
            text.push_str(&format!("\n{heading}\n"));
            for part in parts {
                write(text, part);
            }
        }
    }
}
