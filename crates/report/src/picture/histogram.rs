//! How the runs of a sweep spread: a histogram for each economy, its median and its range marked.

use super::axes::signed_marks;
use super::canvas::{Anchor, Canvas, Look, SMALL, WORDS};
use super::colour::Ink;
use super::figure::Picture;
use super::outcomes::signed_true;
use super::scale::{Scale, ends};

/// Values of one economy over the runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Name.
    pub name: String,
    /// Its place among the first two; none for others.
    pub side: Option<usize>,
    /// Values, percent, in any order.
    pub values: Vec<f64>,
}

const BINS: usize = 40;

/// The picture: one strip an economy, all on one scale.
pub fn picture(title: &str, note: &str, spreads: &[Spread], widths: [f64; 2]) -> Picture {
    let rows = spreads
        .iter()
        .filter_map(|spread| {
            let [low, median, high] = quantiles(&spread.values)?.map(|value| format!("{value:.5}"));
            Some(vec![spread.name.clone(), spread.values.len().to_string(), low, median, high])
        })
        .collect();
    let words: Vec<String> = spreads
        .iter()
        .take(4)
        .filter_map(|spread| Some(format!("{} {}", spread.name, signed_true(quantiles(&spread.values)?[1]))))
        .collect();
    Picture::new("histogram", widths, |canvas| draw(canvas, spreads))
        .titled(title, format!("Histograms over the runs; medians: {}.", words.join(", ")))
        .noted(note)
        .with_data(&["economy", "runs", "5th, %", "median, %", "95th, %"], rows)
}

/// 5th percentile, median and 95th, by the nearest rank; none without values.
fn quantiles(values: &[f64]) -> Option<[f64; 3]> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    Some([0.05, 0.5, 0.95].map(|share| sorted[(share * last as f64).round() as usize]))
}

fn draw(canvas: &mut Canvas, spreads: &[Spread]) -> f64 {
    let span = ends(spreads.iter().flat_map(|spread| spread.values.iter().copied()));
    let label = if canvas.width < 500.0 { 84.0 } else { 170.0 };
    let scale = Scale::new(span, [label, canvas.width - 52.0]);
    let height = 46.0;
    let bottom = height * spreads.len() as f64 + 6.0;
    let marks = scale.marks(if canvas.width < 500.0 { 3 } else { 7 });
    signed_marks(canvas, &scale, &marks, [2.0, bottom]);
    for (k, spread) in spreads.iter().enumerate() {
        let base = height * (k as f64 + 1.0);
        canvas.words([0.0, base - 8.0], Anchor::Start, WORDS, Ink::Text, &spread.name);
        let Some([low, median, high]) = quantiles(&spread.values) else { continue };
        let mut counts = [0_usize; BINS];
        let width = (span[1] - span[0]).max(1e-12) / BINS as f64;
        for value in spread.values.iter().filter(|value| value.is_finite()) {
            counts[(((value - span[0]) / width) as usize).min(BINS - 1)] += 1;
        }
        let most = counts.iter().copied().max().unwrap_or(1).max(1) as f64;
        let ink = spread.side.map_or(Ink::Others, Ink::side);
        for (bin, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let from = scale.at(span[0] + bin as f64 * width);
            let to = scale.at(span[0] + (bin as f64 + 1.0) * width);
            let tall = 34.0 * *count as f64 / most;
            canvas.rectangle(
                [from, base - tall],
                [(to - from - 0.5).max(0.8), tall],
                Look::filled(ink).faint(0.6),
                &format!("{count} runs"),
            );
        }
        canvas.line(
            [scale.at(median), base - 36.0],
            [scale.at(median), base],
            Look::line(Ink::Text, 2.0),
            "median",
        );
        canvas.line(
            [scale.at(low), base + 2.0],
            [scale.at(high), base + 2.0],
            Look::line(Ink::Text, 2.0),
            "5 to 95",
        );
        canvas.words([canvas.width, base - 8.0], Anchor::End, SMALL, Ink::Text, &signed_true(median));
    }
    bottom + 22.0
}
