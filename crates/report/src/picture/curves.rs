//! Lines over a number: what holds against patience, what an extension is worth against the chance of others, a product's duty over time.

use super::axes::{AxisWords, draw as axes};
use super::canvas::{Canvas, Look};
use super::colour::Ink;
use super::figure::Picture;
use super::legend::{Sample, row};
use super::scale::ends;

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Name.
    pub name: String,
    /// Colour.
    pub ink: Ink,
    /// Points, in order.
    pub points: Vec<[f64; 2]>,
    /// Whether a value holds until the next.
    pub is_stepped: bool,
    /// Whether it is dashed.
    pub is_dashed: bool,
}

/// Words of a picture of lines.
#[derive(Clone, Copy, Debug)]
pub struct CurveWords<'a> {
    /// Name in links and files.
    pub id: &'a str,
    /// The finding.
    pub title: &'a str,
    /// What it rests on.
    pub note: &'a str,
    /// Below the horizontal axis.
    pub across: &'a str,
    /// Above the vertical one.
    pub up: &'a str,
}

/// The picture.
pub fn picture(words: CurveWords<'_>, curves: &[Curve], widths: [f64; 2]) -> Picture {
    let rows = curves.iter().flat_map(|curve| {
        // Where a value holds until the next, only its changes are data.
        let is_new = |k: usize| k == 0 || !curve.is_stepped || curve.points[k][1] != curve.points[k - 1][1];
        let held = curve.points.iter().enumerate().filter(move |(k, _)| is_new(*k));
        held.map(|(_, [x, y])| vec![curve.name.clone(), format!("{x:.4}"), format!("{y:.5}")])
    });
    let names: Vec<&str> = curves.iter().map(|curve| curve.name.as_str()).collect();
    Picture::new(words.id, widths, |canvas| draw(canvas, words, curves))
        .titled(words.title, format!("Lines of {} over {}: {}.", words.up, words.across, names.join("; ")))
        .noted(words.note)
        .with_data(&["line", words.across, words.up], rows.collect())
}

fn draw(canvas: &mut Canvas, words: CurveWords<'_>, curves: &[Curve]) -> f64 {
    let all = || curves.iter().flat_map(|curve| &curve.points);
    let up = ends(all().map(|at| at[1]));
    let [first, last] = all()
        .map(|at| at[0])
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| [low.min(x), high.max(x)]);
    // Shares begin at nothing; years begin where the record does.
    let first = if first > 0.5 * last { first } else { first.min(0.0) };
    let frame = [58.0, 28.0, canvas.width - 10.0, 28.0 + (0.45 * canvas.width).clamp(180.0, 300.0)];
    let axis_words = AxisWords { across: words.across, up: words.up, signed: false };
    let (x, y) = axes(canvas, frame, [first, last], up, axis_words);
    let mut meanings = Vec::new();
    for curve in curves {
        let mut path: Vec<[f64; 2]> = Vec::new();
        for [a, b] in &curve.points {
            if curve.is_stepped
                && let Some(last) = path.last().copied()
            {
                path.push([x.at(*a), last[1]]);
            }
            path.push([x.at(*a), y.at(*b)]);
        }
        let look = Look::line(curve.ink, 2.5);
        let look = if curve.is_dashed { look.dashed() } else { look };
        canvas.path(&path, false, look, &curve.name);
        meanings.push((Sample::Line(look), curve.name.clone()));
    }
    row(canvas, 0.0, frame[3] + 42.0, &meanings)
}
