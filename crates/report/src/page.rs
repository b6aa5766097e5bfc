//! A self-contained page: one file with text, tables, pictures and the script that draws them.

use plotly::Plot;

/// A part of a page, in the order in which it is read.
pub enum Part {
    /// A heading of the second level.
    Heading(String),
    /// Text, escaped.
    Text(String),
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
    Chart(Box<Plot>),
    /// Parts that open on a click, under a summary.
    Fold(String, Vec<Part>),
}

impl Part {
    /// A table from its head and its rows.
    pub fn table(head: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self::Table { head: head.iter().map(|&cell| cell.to_owned()).collect(), rows }
    }
}

/// The grade of an input structure that is a proxy.
const WEAK: &str = "weak";

/// Escapes text for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Writes the parts as one page that opens without a network.
pub fn render(title: &str, parts: &[Part]) -> String {
    let mut body = String::new();
    let mut charts = 0;
    for part in parts {
        write_part(&mut body, part, &mut charts);
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{style}</style>\n{script}\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n",
        title = escape(title),
        style = format_args!("{}{}", crate::colours::PAGE, include_str!("page.css")),
        script = plot_script(),
    )
}

/// The charting library's own script from its package; its formula typesetting is left out, no chart uses it.
fn plot_script() -> String {
    let both = Plot::offline_js_sources();
    match both.find("</script>") {
        Some(end) => both[..end + "</script>".len()].to_owned(),
        None => both,
    }
}

fn write_part(body: &mut String, part: &Part, charts: &mut usize) {
    match part {
        Part::Heading(text) => body.push_str(&format!("<h2>{}</h2>\n", escape(text))),
        Part::Text(text) => body.push_str(&format!("<p>{}</p>\n", escape(text))),
        Part::List(items) => {
            let items: String = items.iter().map(|item| format!("<li>{}</li>", escape(item))).collect();
            body.push_str(&format!("<ul>{items}</ul>\n"));
        }
        Part::Screen(text) => body.push_str(&format!("<pre>{}</pre>\n", escape(text))),
        Part::Table { head, rows } => write_table(body, head, rows),
        Part::Chart(plot) => {
            *charts += 1;
            body.push_str("<figure>");
            body.push_str(&plot.to_inline_html(Some(&format!("chart-{charts}"))));
            body.push_str("</figure>\n");
        }
        Part::Fold(summary, inner) => {
            body.push_str(&format!("<details>\n<summary>{}</summary>\n", escape(summary)));
            for part in inner {
                write_part(body, part, charts);
            }
            body.push_str("</details>\n");
        }
    }
}

fn write_table(body: &mut String, head: &[String], rows: &[Vec<String>]) {
    body.push_str("<div class=\"table\"><table>\n<thead><tr>");
    for cell in head {
        body.push_str(&format!("<th>{}</th>", escape(cell)));
    }
    body.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        // A row that says of itself that it rests on weak data is grey, as bars of such economies are.
        let grey = row.iter().any(|cell| cell == WEAK);
        body.push_str(if grey { "<tr class=\"weak\">" } else { "<tr>" });
        for cell in row {
            let class = if is_number(cell) { " class=\"number\"" } else { "" };
            body.push_str(&format!("<td{class}>{}</td>", escape(cell)));
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody>\n</table></div>\n");
}

fn is_number(cell: &str) -> bool {
    if let Some((low, high)) = cell.split_once(" to ") {
        return is_number(low) && is_number(high);
    }
    let bare = cell.trim_end_matches(['%', 'b', 'n', 'm', 't']).trim_start_matches(['+', '-', '$', '−']);
    !bare.is_empty()
        && bare.chars().all(|character| character.is_ascii_digit() || character == '.' || character == ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_escapes_what_it_is_given_and_needs_no_network() {
        let page =
            render("A & B", &[Part::Text("<script>alert(1)</script>".into()), Part::Screen("a < b".into())]);
        assert!(page.contains("<title>A &amp; B</title>"));
        assert!(page.contains("&lt;script&gt;alert(1)"));
        assert!(!page.contains("<script src="));
        assert!(page.len() > 1_000_000, "the charting library's script is inside");
    }
}
