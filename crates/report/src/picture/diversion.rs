//! Where trade goes instead: the change of every flow, exporters down, importers across, gains and losses centred on zero.

use super::canvas::{Anchor, Canvas, Look, SMALL, width_of};
use super::colour::Ink;
use super::figure::Picture;
use super::legend::{Sample, row};
use super::outcomes::signed_true;

/// Changes of flows between economies.
#[derive(Clone, Debug, PartialEq)]
pub struct Flows {
    /// Codes, the sides first.
    pub codes: Vec<String>,
    /// Names, in the same order.
    pub names: Vec<String>,
    /// `change[exporter][importer]`, billions of dollars a year; home sales are zero.
    pub change: Vec<Vec<f64>>,
}

impl Flows {
    /// The largest changes: exporter, importer, billions.
    pub fn largest(&self, count: usize) -> Vec<(usize, usize, f64)> {
        let mut all: Vec<(usize, usize, f64)> = self
            .change
            .iter()
            .enumerate()
            .flat_map(|(from, row)| row.iter().enumerate().map(move |(to, value)| (from, to, *value)))
            .filter(|(from, to, value)| from != to && value.abs() > 0.0)
            .collect();
        all.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
        all.truncate(count);
        all
    }
}

/// Bars where a map would be too small to read.
const BARS: usize = 16;

/// The picture.
pub fn picture(title: &str, note: &str, flows: &Flows, widths: [f64; 2]) -> Picture {
    let words: Vec<String> = flows
        .largest(3)
        .into_iter()
        .map(|(from, to, value)| {
            format!("{} to {} {} billion dollars", flows.names[from], flows.names[to], signed_true(value))
        })
        .collect();
    let rows = flows.largest(usize::MAX).into_iter().map(|(from, to, value)| {
        vec![flows.names[from].clone(), flows.names[to].clone(), format!("{value:.4}")]
    });
    // A page shows the largest; the map has them all.
    let rows = rows.take(60).collect();
    Picture::new("diversion", widths, |canvas| {
        if canvas.width < 700.0 { draw_bars(canvas, flows) } else { draw_map(canvas, flows) }
    })
    .titled(title, format!("Changes of trade between economies; the largest: {}.", words.join(", ")))
    .noted(note)
    .with_data(&["exporter", "importer", "change, $ bn a year"], rows)
}

fn draw_map(canvas: &mut Canvas, flows: &Flows) -> f64 {
    let count = flows.codes.len();
    // The heads of the columns are codes, which stand beside the names of the rows.
    let label = flows.names.iter().map(|name| width_of(name, SMALL)).fold(0.0, f64::max).min(200.0) + 50.0;
    let cell = (canvas.width - label) / count.max(1) as f64;
    let height = cell.min(26.0);
    let most = flows.largest(1).first().map_or(1.0, |(_, _, value)| value.abs());
    canvas.words([0.0, 12.0], Anchor::Start, SMALL, Ink::Soft, "from ↓   to →");
    for (k, code) in flows.codes.iter().enumerate() {
        let ink = if k < 2 { Ink::side(k) } else { Ink::Soft };
        canvas.words([label + (k as f64 + 0.5) * cell, 12.0], Anchor::Middle, 11.0, ink, code);
    }
    let map = [canvas.width - label, count as f64 * height];
    canvas.rectangle([label, 18.0], map, Look::filled(Ink::Tint), "");
    for (from, row) in flows.change.iter().enumerate() {
        let y = 18.0 + from as f64 * height;
        let ink = if from < 2 { Ink::side(from) } else { Ink::Text };
        canvas.words([0.0, y + 0.68 * height], Anchor::Start, SMALL, ink, &flows.names[from]);
        canvas.words([label - 6.0, y + 0.68 * height], Anchor::End, 11.0, Ink::Soft, &flows.codes[from]);
        for (to, value) in row.iter().enumerate() {
            let at = [label + to as f64 * cell + 0.5, y + 0.5];
            let size = [cell - 1.0, height - 1.0];
            let depth = (value.abs() / most).sqrt();
            if from == to || depth < 0.05 {
                continue;
            }
            let tip = format!("{} to {}: {} $ bn", flows.names[from], flows.names[to], signed_true(*value));
            canvas.rectangle(at, size, Look::filled(Ink::of_change(*value)).faint(depth.max(0.08)), &tip);
            if value.abs() >= 0.08 * most {
                let ink = if depth > 0.55 { Ink::Paper } else { Ink::Text };
                let words = if value.abs() >= 10.0 { format!("{value:+.0}") } else { format!("{value:+.1}") };
                let place = [at[0] + size[0] / 2.0, y + 0.68 * height];
                canvas.words(place, Anchor::Middle, 11.0, ink, &words.replace('-', "−"));
            }
        }
    }
    let bottom = 18.0 + count as f64 * height + 8.0;
    row(canvas, 0.0, bottom, &meanings())
}

fn meanings() -> [(Sample, String); 2] {
    [
        (Sample::Square(Look::filled(Ink::Gain)), "more trade".to_owned()),
        (Sample::Square(Look::filled(Ink::Loss)), "less trade (minus)".to_owned()),
    ]
}

fn draw_bars(canvas: &mut Canvas, flows: &Flows) -> f64 {
    let largest = flows.largest(BARS);
    let most = largest.first().map_or(1.0, |(_, _, value)| value.abs());
    let mut y = 0.0;
    for (from, to, value) in largest {
        y += 15.0;
        let words = format!("{} → {}", flows.names[from], flows.names[to]);
        canvas.words([0.0, y], Anchor::Start, SMALL, Ink::Text, &words);
        let text = format!("{} bn", signed_true(value));
        canvas.words([canvas.width, y], Anchor::End, SMALL, Ink::Text, &text);
        let length = canvas.width * (value.abs() / most);
        canvas.rectangle(
            [0.0, y + 4.0],
            [length, 7.0],
            Look::filled(Ink::of_change(value)),
            &format!("{words}: {text}"),
        );
        y += 15.0;
    }
    row(canvas, 0.0, y + 4.0, &meanings())
}
