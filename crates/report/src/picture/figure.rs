//! A picture with everything that belongs to it: the finding, a sentence for those who do not see it, two drawings, the data.

use super::canvas::{Anchor, Canvas, WORDS, escape, wrapped};
use super::colour::{Ink, in_light};
use super::scale::iso_day;

/// Widths that a page shows: on a wide screen and on a phone.
pub const PAGE: [f64; 2] = [960.0, 350.0];
/// Widths that the desk shows: a cell of its grid and a phone.
pub const DESK: [f64; 2] = [560.0, 350.0];

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Name in links and files.
    pub id: String,
    /// The finding, with its date.
    pub title: String,
    /// What the picture shows, in one sentence.
    pub alternative: String,
    /// What it rests on: starting point, horizon, weights.
    pub note: String,
    /// The drawing for a wide place and for a narrow one.
    pub drawings: [String; 2],
    /// Heads of the data, units in them.
    pub head: Vec<String>,
    /// The data.
    pub rows: Vec<Vec<String>>,
}

impl Picture {
    /// A picture drawn at two widths; `draw` takes an empty canvas and gives the height that it used.
    pub fn new(id: &str, widths: [f64; 2], draw: impl Fn(&mut Canvas) -> f64) -> Self {
        let drawings = widths.map(|width| {
            let mut canvas = Canvas::new(id, width);
            let height = draw(&mut canvas);
            canvas.finish(height)
        });
        let (title, alternative, note) = (String::new(), String::new(), String::new());
        Self { id: id.to_owned(), title, alternative, note, drawings, head: Vec::new(), rows: Vec::new() }
    }

    /// With its finding and its sentence.
    #[must_use]
    pub fn titled(self, title: impl Into<String>, alternative: impl Into<String>) -> Self {
        Self { title: title.into(), alternative: alternative.into(), ..self }
    }

    /// With what it rests on.
    #[must_use]
    pub fn noted(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// With its data.
    #[must_use]
    pub fn with_data(self, head: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self { head: head.iter().map(|&cell| cell.to_owned()).collect(), rows, ..self }
    }

    /// The data as CSV, with what made them as a first line that begins with `#`.
    pub fn csv(&self, provenance: &str) -> String {
        let cell = |cell: &String| {
            if cell.contains([',', '"', '\n']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        };
        let line = |cells: &[String]| cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\n";
        let comment = provenance.replace(['\n', '\r'], " ");
        let mut text = if comment.is_empty() { String::new() } else { format!("# {comment}\n") };
        text += &line(&self.head);
        self.rows.iter().for_each(|row| text += &line(row));
        text
    }

    /// The drawing by itself: title above, what made it below, light colours.
    pub fn standing_alone(&self, provenance: &str) -> String {
        let drawing = &self.drawings[0];
        let size = |name: &str| {
            let from = drawing.find(&format!(" {name}=\"")).map(|at| &drawing[at + name.len() + 3..]);
            from.and_then(|rest| rest.split('"').next())
                .and_then(|value| value.parse::<f64>().ok())
                .unwrap_or(0.0)
        };
        let (width, height) = (size("width"), size("height"));
        let mut canvas = Canvas::new(&format!("{}-alone", self.id), width);
        let title = wrapped(&self.title, 16.0, width - 16.0);
        for (k, line) in title.iter().enumerate() {
            canvas.bold([8.0, 22.0 + 20.0 * k as f64], Anchor::Start, 16.0, Ink::Text, line);
        }
        let top = 16.0 + 20.0 * title.len() as f64;
        let foot = wrapped(&format!("{} {provenance}", self.note), WORDS - 2.0, width - 16.0);
        for (k, line) in foot.iter().enumerate() {
            canvas.words(
                [8.0, top + height + 16.0 + 15.0 * k as f64],
                Anchor::Start,
                WORDS - 2.0,
                Ink::Soft,
                line,
            );
        }
        let all = top + height + 18.0 + 15.0 * foot.len() as f64;
        let frame = canvas.finish(all);
        let inner = drawing.replacen("<svg ", &format!("<svg x=\"0\" y=\"{top:.0}\" "), 1);
        let frame = frame.replacen(
            " aria-hidden=\"true\" focusable=\"false\">",
            &format!(" role=\"img\"><title>{}</title><rect width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/>{inner}", escape(&self.alternative)),
            1,
        );
        in_light(&frame)
    }

    /// The picture on a page: the finding as its caption, the drawing, the data behind a click.
    pub fn html(&self) -> String {
        let [wide, narrow] = &self.drawings;
        format!(
            "<figure id=\"{id}\" data-picture=\"{id}\"><figcaption>{title}</figcaption>\n\
             <div class=\"drawing\" role=\"img\" aria-label=\"{alternative}\"><div class=\"wide\">{wide}</div><div class=\"narrow\">{narrow}</div></div>\n\
             {note}<details class=\"data\"><summary>As a table<span class=\"unseen\">: {title}</span></summary>{table}</details></figure>\n",
            id = escape(&self.id),
            title = escape(&self.title),
            alternative = escape(&self.alternative),
            note = if self.note.is_empty() {
                String::new()
            } else {
                format!("<p class=\"note\">{}</p>\n", escape(&self.note))
            },
            table = table(&self.title, &self.head, &self.rows),
        )
    }
}

/// A table with its caption for those who hear it; it scrolls by itself where it is too wide, also by the keyboard.
pub fn table(caption: &str, head: &[String], rows: &[Vec<String>]) -> String {
    let has_numbers = |column: usize| {
        let mut cells = rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
        cells.clone().next().is_some() && cells.all(|cell| is_number(cell))
    };
    let head: String = head
        .iter()
        .enumerate()
        .map(|(column, cell)| {
            let class = if has_numbers(column) { " class=\"n\"" } else { "" };
            format!("<th scope=\"col\"{class}>{}</th>", escape(cell))
        })
        .collect();
    let mut body = String::new();
    for row in rows {
        // A row that says of itself that it rests on weak data is grey, as marks of such economies are.
        body.push_str(if row.iter().any(|cell| cell == WEAK) { "<tr class=\"weak\">" } else { "<tr>" });
        for cell in row {
            let class = match (is_number(cell), iso_day(cell)) {
                (true, _) => " class=\"n\"",
                (false, Some(_)) => " class=\"d\"",
                (false, None) => "",
            };
            // The end of a cell may be left out, and a page has thousands.
            body.push_str(&format!("<td{class}>{}", escape(cell)));
        }
        body.push_str("</tr>\n");
    }
    let label = escape(caption);
    format!(
        "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{label}, table\"><table><caption class=\"unseen\">{label}</caption>\n\
         <thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>\n"
    )
}

/// The grade of an input structure that is a proxy.
pub const WEAK: &str = "weak";

fn is_number(cell: &str) -> bool {
    if let Some((low, high)) = cell.split_once(" to ") {
        return is_number(low) && is_number(high);
    }
    let bare = cell.trim_end_matches(['%', 'b', 'n', 'm', 't', ' ']).trim_start_matches(['+', '-', '$', '−']);
    !bare.is_empty()
        && bare.chars().all(|character| character.is_ascii_digit() || character == '.' || character == ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_by_itself_says_what_made_it_and_its_data_are_its_own() {
        let picture = Picture::new("a", [200.0, 100.0], |canvas| {
            canvas.words([0.0, 10.0], Anchor::Start, 12.0, Ink::First, "x");
            50.0
        })
        .titled("A finding & more", "x")
        .with_data(&["name", "points, %"], vec![vec!["a, b".into(), "1.5".into()]]);
        let alone = picture.standing_alone("made by a test");
        assert!(alone.contains("made by a test") && alone.contains("A finding &amp; more"), "{alone}");
        assert!(!alone.contains("var("), "{alone}");
        assert_eq!(picture.csv("made"), "# made\nname,\"points, %\"\n\"a, b\",1.5\n");
        assert!(picture.html().contains("<td class=\"n\">1.5<"));
    }
}
