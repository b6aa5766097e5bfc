//! Who at home pays: output and prices by sector, both sides, sorted by the largest change.

use detente_engine::catalogue::sector::OUTPUT;

use super::axes::marks_apart;
use super::canvas::{Anchor, Canvas, Look, SMALL, WORDS, width_of, wrapped};
use super::colour::Ink;
use super::figure::Picture;
use super::legend::{Sample, row};
use super::outcomes::signed_true;
use super::scale::{Scale, ends, signed_mark};

/// Changes in one sector.
#[derive(Clone, Debug, PartialEq)]
pub struct Sector {
    /// Name.
    pub name: String,
    /// Output of both sides, percent.
    pub output_pct: [Option<f64>; 2],
    /// Prices that buyers pay, of both sides, percent.
    pub price_pct: [Option<f64>; 2],
}

impl Sector {
    fn size(&self) -> f64 {
        self.output_pct.iter().flatten().map(|value| value.abs()).fold(0.0, f64::max)
    }
}

/// Sectors drawn; all are in the table.
const DRAWN: usize = 14;

/// The picture.
pub fn picture(title: &str, note: &str, sides: [&str; 2], sectors: &[Sector], widths: [f64; 2]) -> Picture {
    let mut sorted: Vec<&Sector> = sectors.iter().collect();
    sorted.sort_by(|a, b| b.size().total_cmp(&a.size()));
    let cell = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.4}"));
    let rows = sorted
        .iter()
        .map(|sector| {
            let numbers = sector.output_pct.iter().chain(&sector.price_pct).map(|value| cell(*value));
            std::iter::once(sector.name.clone()).chain(numbers).collect()
        })
        .collect();
    let drawn: Vec<&Sector> =
        sorted.iter().copied().take(DRAWN).filter(|sector| sector.size() > 0.0).collect();
    let words: Vec<String> = drawn
        .iter()
        .take(3)
        .map(|sector| {
            let of = |k: usize| sector.output_pct[k].map_or("n/a".to_owned(), signed_true);
            format!("{}: {} {}, {} {} percent", sector.name, sides[0], of(0), sides[1], of(1))
        })
        .collect();
    let heads: Vec<String> = [OUTPUT.label, "prices to buyers"]
        .iter()
        .flat_map(|what| sides.iter().map(move |side| format!("{side}, {what}, %")))
        .collect();
    let heads: Vec<&str> = std::iter::once("sector").chain(heads.iter().map(String::as_str)).collect();
    Picture::new("sectors", widths, |canvas| draw(canvas, sides, &drawn))
        .titled(title, format!("Output and prices by sector. {}.", words.join("; ")))
        .noted(note)
        .with_data(&heads, rows)
}

fn draw(canvas: &mut Canvas, sides: [&str; 2], sectors: &[&Sector]) -> f64 {
    let is_narrow = canvas.width < 500.0;
    let names = sectors.iter().map(|sector| width_of(&sector.name, SMALL)).fold(0.0, f64::max);
    let label = if is_narrow { 0.0 } else { (names + 10.0).min(0.4 * canvas.width) };
    let step = if is_narrow { 42.0 } else { 28.0 };
    let width = (canvas.width - label - 24.0) / 2.0;
    let of_output = ends(sectors.iter().flat_map(|sector| sector.output_pct.into_iter().flatten()));
    let of_price = ends(sectors.iter().flat_map(|sector| sector.price_pct.into_iter().flatten()));
    let scales = [
        Scale::new(of_output, [label, label + width]),
        Scale::new(of_price, [label + width + 24.0, canvas.width]),
    ];
    // A heading is as wide as its half; on a phone that takes two lines.
    let headings =
        [OUTPUT.label, "prices to buyers"].map(|what| wrapped(&format!("{what}, percent"), WORDS, width));
    let below = 17.0 * headings.iter().map(Vec::len).max().unwrap_or(1) as f64 + 5.0;
    let bottom = below + step * sectors.len() as f64;
    for (scale, heading) in scales.iter().zip(&headings) {
        for (line, words) in heading.iter().enumerate() {
            let place = [scale.at(scale.at_edge(0)), 13.0 + 17.0 * line as f64];
            canvas.bold(place, Anchor::Start, WORDS, Ink::Text, words);
        }
        for (value, words) in marks_apart(scale, if is_narrow { 3 } else { 4 }, signed_mark) {
            let x = scale.at(value);
            let ink = if value == 0.0 { Ink::Soft } else { Ink::Rule };
            canvas.line([x, below - 2.0], [x, bottom], Look::line(ink, 1.0), "");
            canvas.axis_mark([x, bottom + 15.0], &words);
        }
    }
    for (k, sector) in sectors.iter().enumerate() {
        let y = below + step * k as f64;
        if is_narrow {
            canvas.rectangle([0.0, y], [canvas.width, 15.0], Look::filled(Ink::Paper).faint(0.85), "");
            canvas.words([0.0, y + 12.0], Anchor::Start, SMALL, Ink::Text, &sector.name);
        } else {
            canvas.words([0.0, y + 17.0], Anchor::Start, SMALL, Ink::Text, &sector.name);
        }
        let first = if is_narrow { y + 18.0 } else { y + 4.0 };
        for (scale, values) in scales.iter().zip([sector.output_pct, sector.price_pct]) {
            for (side, value) in values.into_iter().enumerate() {
                let Some(value) = value else { continue };
                let (zero, at) = (scale.at(0.0), scale.at(value));
                let tip = format!("{}, {}: {} %", sector.name, sides[side], signed_true(value));
                let place = [zero.min(at), first + 10.0 * side as f64];
                canvas.rectangle(
                    place,
                    [(at - zero).abs().max(0.8), 8.5],
                    Look::filled(Ink::side(side)),
                    &tip,
                );
            }
        }
    }
    let meanings: Vec<(Sample, String)> = sides
        .iter()
        .enumerate()
        .map(|(k, side)| (Sample::Square(Look::filled(Ink::side(k))), (*side).to_owned()))
        .collect();
    row(canvas, 0.0, bottom + 20.0, &meanings)
}
