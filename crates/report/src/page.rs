//! A self-contained page: one file with text, tables and pictures that opens without a network and before any script has run.

use crate::picture::canvas::escape;
use crate::picture::colour;
use crate::picture::figure::{Picture, table};
use detente::words::opening::Card;

/// A part of a page, in the order in which it is read.
#[derive(Clone, Debug)]
pub enum Part {
    /// A heading of the second level.
    Heading(String),
    /// Text, escaped.
    Text(String),
    /// The first words of a page, escaped: sentences in larger type.
    Lead(String),
    /// A few numbers with what they count.
    Cards(Vec<Card>),
    /// Items, escaped, one below the other.
    List(Vec<String>),
    /// Preformatted text, escaped: the terminal's own screen.
    Screen(String),
    /// A table: heads, then rows; cells are escaped.
    Table {
        /// Names of the columns.
        head: Vec<String>,
        /// Rows of as many cells.
        rows: Vec<Vec<String>>,
    },
    /// A picture.
    Picture(Box<Picture>),
    /// A picture that is written already, by [`Picture::html`].
    Drawn(String),
    /// Parts that open on a click, under a summary.
    Fold(String, Vec<Part>),
}

impl Part {
    /// A table from its head and its rows.
    pub fn table(head: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self::Table { head: head.iter().map(|&cell| cell.to_owned()).collect(), rows }
    }

    /// A picture.
    pub fn picture(picture: Picture) -> Self {
        Self::Picture(Box::new(picture))
    }
}

/// The style of pages and of the desk: colours first, then the rest.
pub fn style_sheet() -> String {
    format!("{}{}", colour::style_sheet(), include_str!("page.css"))
}

/// What saves pictures and data; pages are whole without it.
pub const PICTURE_SCRIPT: &str = include_str!("picture.js");

/// Writes the parts as one page. `foot` says what made it: it stands at the end and on every picture that is saved.
pub fn render(title: &str, parts: &[Part], foot: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{style}</style>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n<footer><p id=\"made-by\">{foot}</p></footer>\n<script>\n{script}</script>\n</body>\n</html>\n",
        title = escape(title),
        style = style_sheet(),
        body = html(parts),
        foot = escape(foot),
        script = PICTURE_SCRIPT,
    )
}

/// The parts as HTML.
pub fn html(parts: &[Part]) -> String {
    let mut body = String::new();
    for part in parts {
        write_part(&mut body, part);
    }
    body
}

fn write_part(body: &mut String, part: &Part) {
    match part {
        Part::Heading(text) => body.push_str(&format!("<h2>{}</h2>\n", escape(text))),
        Part::Text(text) => body.push_str(&format!("<p>{}</p>\n", escape(text))),
        Part::Lead(text) => body.push_str(&format!("<p class=\"lead\">{}</p>\n", escape(text))),
        Part::Cards(cards) => {
            let card = |card: &Card| {
                format!(
                    "<div class=\"card\"><strong>{}</strong> <span>{}</span></div>",
                    escape(&card.number),
                    escape(&card.words)
                )
            };
            let cards: String = cards.iter().map(card).collect();
            body.push_str(&format!("<div class=\"cards\">{cards}</div>\n"));
        }
        Part::List(items) => {
            let items: String = items.iter().map(|item| format!("<li>{}</li>", escape(item))).collect();
            body.push_str(&format!("<ul>{items}</ul>\n"));
        }
        Part::Screen(text) => body.push_str(&format!(
            "<pre tabindex=\"0\" role=\"region\" aria-label=\"As on the terminal\">{}</pre>\n",
            escape_lines(text)
        )),
        Part::Table { head, rows } => body.push_str(&table(&head.join(", "), head, rows)),
        Part::Picture(picture) => body.push_str(&picture.html()),
        Part::Drawn(html) => body.push_str(html),
        Part::Fold(summary, inner) => {
            body.push_str(&format!("<details>\n<summary>{}</summary>\n", escape(summary)));
            for part in inner {
                write_part(body, part);
            }
            body.push_str("</details>\n");
        }
    }
}

/// As [`escape`], line by line.
fn escape_lines(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_escapes_what_it_is_given_and_needs_no_network() {
        let parts = [Part::Text("<script>alert(1)</script>".into()), Part::Screen("a < b\nc".into())];
        let page = render("A & B", &parts, "made by a test");
        assert!(page.contains("<title>A &amp; B</title>"));
        assert!(page.contains("&lt;script&gt;alert(1)"));
        assert!(page.contains("a &lt; b\nc</pre>"));
        assert!(!page.contains("<script src=") && !page.contains("http-equiv"));
        assert!(page.len() < 30_000, "nothing large is carried: {}", page.len());
    }
}
