//! The writer of a drawing: rectangles, lines, paths, circles and words, with nothing but presentation attributes.

use super::colour::{AUTHORITY_TONES, Ink};
use std::fmt::Write;

/// Escapes text for SVG and HTML; characters that turn the direction of text or control a terminal are left out.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(' '),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => {}
            control if control.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// A length in a drawing: one decimal is a fraction of what an eye can tell.
fn length(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Where words begin: at their place, around it, or before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// To the right of the place.
    Start,
    /// Around it.
    Middle,
    /// To the left of it.
    End,
}

/// How a mark looks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Look {
    fill: Option<Ink>,
    stroke: Option<(Ink, f64)>,
    dash: Option<&'static str>,
    opacity: Option<f64>,
}

impl Look {
    /// A filled mark.
    pub fn filled(ink: Ink) -> Self {
        Self { fill: Some(ink), ..Self::default() }
    }

    /// A line of a width.
    pub fn line(ink: Ink, width: f64) -> Self {
        Self { stroke: Some((ink, width)), ..Self::default() }
    }

    /// With an outline.
    pub fn outlined(self, ink: Ink, width: f64) -> Self {
        Self { stroke: Some((ink, width)), ..self }
    }

    /// Dashed: not yet in force.
    pub fn dashed(self) -> Self {
        Self { dash: Some("6 4"), ..self }
    }

    /// Dotted.
    pub fn dotted(self) -> Self {
        Self { dash: Some("2 4"), ..self }
    }

    /// Let through so much.
    pub fn faint(self, opacity: f64) -> Self {
        Self { opacity: Some(opacity), ..self }
    }
}

/// A drawing in the making.
#[derive(Debug)]
pub struct Canvas {
    /// Width, in the drawing's own units: pixels where it is shown at its size.
    pub width: f64,
    name: String,
    body: String,
    hatches: Vec<usize>,
}

/// Size of words.
pub const WORDS: f64 = 13.0;
/// Size of small words.
pub const SMALL: f64 = 12.0;
/// Narrower drawings are for phones.
const NARROW: f64 = 500.0;

/// How wide words are about to be: fonts differ, so it is a little too wide.
pub fn width_of(text: &str, size: f64) -> f64 {
    0.6 * size * text.chars().count() as f64
}

/// The same of words that stand out.
pub fn width_of_bold(text: &str, size: f64) -> f64 {
    1.12 * width_of(text, size)
}

impl Canvas {
    /// An empty drawing; its name tells its hatchings apart from those of other drawings of a page.
    pub fn new(name: &str, width: f64) -> Self {
        Self { width, name: format!("{name}-{width:.0}"), body: String::new(), hatches: Vec::new() }
    }

    fn paint(&mut self, look: Look) -> String {
        let mut text = match look.fill {
            Some(Ink::Authority(place)) if place >= AUTHORITY_TONES => {
                if !self.hatches.contains(&place) {
                    self.hatches.push(place);
                }
                format!(" fill=\"url(#{}-{place})\"", self.name)
            }
            Some(ink) => format!(" fill=\"{}\"", ink.value()),
            None => " fill=\"none\"".to_owned(),
        };
        if let Some((ink, width)) = look.stroke {
            let _ = write!(text, " stroke=\"{}\" stroke-width=\"{}\"", ink.value(), length(width));
        }
        if let Some(dash) = look.dash {
            let _ = write!(text, " stroke-dasharray=\"{dash}\"");
        }
        if let Some(opacity) = look.opacity {
            let _ = write!(text, " opacity=\"{opacity:.2}\"");
        }
        text
    }

    fn mark(&mut self, element: &str, attributes: &str, look: Look, tip: &str) {
        let paint = self.paint(look);
        // A phone points at nothing: what a mark's tip says stands in the table there.
        if tip.is_empty() || self.width < NARROW {
            let _ = write!(self.body, "<{element}{attributes}{paint}/>");
        } else {
            let _ =
                write!(self.body, "<{element}{attributes}{paint}><title>{}</title></{element}>", escape(tip));
        }
    }

    /// A rectangle from its upper left corner; `tip` is what pointing at it says.
    pub fn rectangle(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2], look: Look, tip: &str) {
        let at = format!(
            " x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            length(x),
            length(y),
            length(width.max(0.0)),
            length(height.max(0.0))
        );
        self.mark("rect", &at, look, tip);
    }

    /// A straight line.
    pub fn line(&mut self, from: [f64; 2], to: [f64; 2], look: Look, tip: &str) {
        let at = format!(
            " x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"",
            length(from[0]),
            length(from[1]),
            length(to[0]),
            length(to[1])
        );
        self.mark("line", &at, look, tip);
    }

    /// A circle.
    pub fn circle(&mut self, [x, y]: [f64; 2], radius: f64, look: Look, tip: &str) {
        let at = format!(" cx=\"{}\" cy=\"{}\" r=\"{}\"", length(x), length(y), length(radius));
        self.mark("circle", &at, look, tip);
    }

    /// A line through points, closed to an area or not.
    pub fn path(&mut self, points: &[[f64; 2]], closed: bool, look: Look, tip: &str) {
        let mut d = String::new();
        let mut last: Option<[String; 2]> = None;
        for [x, y] in corners(points).map(|at| at.map(length)) {
            let _ = match &last {
                None => write!(d, "M{x} {y}"),
                Some([_, held]) if *held == y => write!(d, "H{x}"),
                Some([held, _]) if *held == x => write!(d, "V{y}"),
                Some(_) => write!(d, "L{x} {y}"),
            };
            last = Some([x, y]);
        }
        if d.is_empty() {
            return;
        }
        if closed {
            d.push('Z');
        }
        self.mark("path", &format!(" d=\"{d}\""), look, tip);
    }

    /// A square on its corner.
    pub fn diamond(&mut self, [x, y]: [f64; 2], radius: f64, look: Look, tip: &str) {
        let corners = [[x, y - radius], [x + radius, y], [x, y + radius], [x - radius, y]];
        self.path(&corners, true, look, tip);
    }

    /// A cross.
    pub fn cross(&mut self, [x, y]: [f64; 2], radius: f64, look: Look, tip: &str) {
        self.line([x - radius, y - radius], [x + radius, y + radius], look, tip);
        self.line([x - radius, y + radius], [x + radius, y - radius], look, tip);
    }

    /// Words on one line; `at` is on their base line.
    pub fn words(&mut self, [x, y]: [f64; 2], anchor: Anchor, size: f64, ink: Ink, text: &str) {
        let weight = "";
        self.text([x, y], anchor, size, ink, text, weight);
    }

    /// A mark of an axis: in the middle of its place, but at the edge, which would cut it off.
    pub fn axis_mark(&mut self, [x, y]: [f64; 2], text: &str) {
        let half = width_of(text, SMALL) / 2.0;
        let x = x.min(self.width - half).max(half);
        self.words([x, y], Anchor::Middle, SMALL, Ink::Soft, text);
    }

    /// Words that stand out.
    pub fn bold(&mut self, [x, y]: [f64; 2], anchor: Anchor, size: f64, ink: Ink, text: &str) {
        self.text([x, y], anchor, size, ink, text, " font-weight=\"600\"");
    }

    fn text(&mut self, [x, y]: [f64; 2], anchor: Anchor, size: f64, ink: Ink, text: &str, weight: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let _ = write!(
            self.body,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{anchor}{weight}>{}</text>",
            length(x),
            length(y),
            length(size),
            ink.value(),
            escape(text)
        );
    }

    /// The drawing: hidden from readers of the screen, who have the figure's sentence and its table.
    pub fn finish(self, height: f64) -> String {
        let mut hatches = String::new();
        for place in &self.hatches {
            let ink = Ink::Authority(*place).value();
            let _ = write!(
                hatches,
                "<pattern id=\"{}-{place}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
                 patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"{ink}\"/>\
                 <line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"{}\" stroke-width=\"4\"/></pattern>",
                self.name,
                Ink::Paper.value()
            );
        }
        let hatches = if hatches.is_empty() { hatches } else { format!("<defs>{hatches}</defs>") };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
             font-family=\"system-ui,Segoe UI,Helvetica,Arial,sans-serif\" aria-hidden=\"true\" focusable=\"false\">{hatches}{body}</svg>",
            w = length(self.width),
            h = length(height),
            body = self.body
        )
    }
}

/// Words broken into lines that are no wider than so much.
pub fn wrapped(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width_of(line, size) + width_of(word, size) + 0.5 * size <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Points without those that lie between their neighbours on a level or upright line, as far as a drawing tells them apart.
fn corners(points: &[[f64; 2]]) -> impl Iterator<Item = [f64; 2]> {
    let same = |a: f64, b: f64| (10.0 * a).round() == (10.0 * b).round();
    let between = |a: f64, b: f64, c: f64| (a - b) * (c - b) <= 0.0;
    let mut kept: Vec<[f64; 2]> = Vec::with_capacity(points.len());
    for at in points {
        if kept.last().is_some_and(|last| same(last[0], at[0]) && same(last[1], at[1])) {
            continue;
        }
        if let [.., before, middle] = kept.as_slice() {
            let is_on_the_way = |k: usize| {
                same(before[k], middle[k])
                    && same(middle[k], at[k])
                    && between(before[1 - k], middle[1 - k], at[1 - k])
            };
            if is_on_the_way(0) || is_on_the_way(1) {
                kept.pop();
            }
        }
        kept.push(*at);
    }
    kept.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_written_by_their_corners() {
        let mut canvas = Canvas::new("steps", 100.0);
        let steps = [[0.0, 5.0], [2.0, 5.0], [2.0, 5.02], [4.0, 5.0], [4.0, 9.0], [7.0, 1.0]];
        canvas.path(&steps, false, Look::line(Ink::Text, 1.0), "");
        assert!(canvas.finish(10.0).contains("d=\"M0 5H4V9L7 1\""));
    }

    #[test]
    fn what_is_written_into_a_drawing_cannot_leave_it() {
        let mut canvas = Canvas::new("a", 600.0);
        canvas.words([0.0, 10.0], Anchor::Start, 12.0, Ink::Text, "</text><script>\u{202E}\u{0}'\"");
        canvas.rectangle([0.0, 0.0], [f64::NAN, 3.25], Look::filled(Ink::Authority(8)), "<b>");
        let drawn = canvas.finish(20.0);
        assert!(drawn.contains("&lt;/text&gt;&lt;script&gt;&#39;&quot;</text>"), "{drawn}");
        assert!(drawn.contains("<title>&lt;b&gt;</title>") && drawn.contains("width=\"0\""), "{drawn}");
        assert!(drawn.contains("<pattern id=\"a-600-8\""), "a ninth authority is hatched");
        assert!(!drawn.contains("style="), "presentation attributes only");
    }
}
