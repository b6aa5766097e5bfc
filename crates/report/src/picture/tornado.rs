//! Tornado: what each lever does to one dial, the largest first, with the range of each.

use super::axes::signed_marks;
use super::canvas::{Anchor, Canvas, Look, SMALL, WORDS, width_of, wrapped};
use super::colour::Ink;
use super::figure::Picture;
use super::legend::{Sample, row};
use super::outcomes::signed_true;
use super::scale::{Scale, ends};

/// One lever.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The lever and its size, in words.
    pub name: String,
    /// Its effect, in points.
    pub effect: f64,
    /// 5th and 95th percentile.
    pub band: Option<(f64, f64)>,
    /// Whether no modelled policy brings it about.
    pub is_condition: bool,
}

/// Levers drawn; all are in the table.
const DRAWN: usize = 12;

/// The picture. `dial`: what is moved, with its unit; `side`: whose it is, by the place of the side.
pub fn picture(
    id: &str,
    title: &str,
    note: &str,
    dial: &str,
    side: usize,
    bars: &[Bar],
    widths: [f64; 2],
) -> Picture {
    let mut sorted: Vec<&Bar> = bars.iter().filter(|bar| bar.effect.is_finite()).collect();
    sorted.sort_by(|a, b| b.effect.abs().total_cmp(&a.effect.abs()));
    let number = |value: f64| format!("{value:.4}");
    let rows = sorted
        .iter()
        .map(|bar| {
            let (low, high) =
                bar.band.map_or((String::new(), String::new()), |(low, high)| (number(low), number(high)));
            let kind = if bar.is_condition { "a condition" } else { "a policy" };
            vec![bar.name.clone(), number(bar.effect), low, high, kind.to_owned()]
        })
        .collect();
    let drawn: Vec<&Bar> = sorted.iter().copied().take(DRAWN).collect();
    let words: Vec<String> =
        drawn.iter().take(3).map(|bar| format!("{}: {}", bar.name, signed_true(bar.effect))).collect();
    Picture::new(id, widths, |canvas| draw(canvas, dial, side, &drawn))
        .titled(title, format!("Effects of levers on {dial}, the largest first. {}.", words.join("; ")))
        .noted(note)
        .with_data(&["lever", "effect, points", "5th", "95th", "kind"], rows)
}

fn draw(canvas: &mut Canvas, dial: &str, side: usize, bars: &[&Bar]) -> f64 {
    let is_narrow = canvas.width < 500.0;
    let names = bars.iter().map(|bar| width_of(&bar.name, SMALL)).fold(0.0, f64::max);
    let label = if is_narrow { 0.0 } else { (names + 10.0).min(0.56 * canvas.width) };
    let step = if is_narrow { 38.0 } else { 24.0 };
    let reach = bars.iter().flat_map(|bar| {
        let (low, high) = bar.band.unwrap_or((bar.effect, bar.effect));
        [bar.effect, low, high, 0.0]
    });
    let scale = Scale::new(ends(reach), [label, canvas.width - 4.0]);
    let heading = wrapped(dial, WORDS, canvas.width - label);
    for (line, words) in heading.iter().enumerate() {
        canvas.bold([label, 13.0 + 17.0 * line as f64], Anchor::Start, WORDS, Ink::Text, words);
    }
    let top = 17.0 * heading.len() as f64 + 8.0;
    let bottom = top + step * bars.len() as f64;
    signed_marks(canvas, &scale, &scale.marks(if is_narrow { 3 } else { 5 }), [top - 2.0, bottom]);
    let ink = Ink::side(side);
    for (place, bar) in bars.iter().enumerate() {
        let y = top + step * place as f64;
        let middle = if is_narrow {
            canvas.words([0.0, y + 12.0], Anchor::Start, SMALL, Ink::Text, &bar.name);
            y + 24.0
        } else {
            canvas.words([0.0, y + 15.0], Anchor::Start, SMALL, Ink::Text, &bar.name);
            y + 11.0
        };
        let (zero, at) = (scale.at(0.0), scale.at(bar.effect));
        let size = [(at - zero).abs().max(0.8), 12.0];
        let tip = format!("{}: {} points", bar.name, signed_true(bar.effect));
        let look = if bar.is_condition {
            Look::filled(Ink::Paper).outlined(ink, 1.5)
        } else {
            Look::filled(ink).faint(0.75)
        };
        canvas.rectangle([zero.min(at), middle - 6.0], size, look, &tip);
        if let Some((low, high)) = bar.band {
            canvas.line(
                [scale.at(low), middle],
                [scale.at(high), middle],
                Look::line(Ink::Text, 1.5),
                "5 to 95",
            );
            for end in [low, high] {
                let x = scale.at(end);
                canvas.line([x, middle - 4.0], [x, middle + 4.0], Look::line(Ink::Text, 1.5), "");
            }
        }
    }
    let meanings = [
        (Sample::Square(Look::filled(ink).faint(0.75)), "a policy".to_owned()),
        (Sample::Square(Look::filled(Ink::Paper).outlined(ink, 1.5)), "a condition, no policy".to_owned()),
    ];
    row(canvas, 0.0, bottom + 22.0, &meanings)
}
