//! For economists: each side's best rate against the other's, where the two meet, today's rates and the agreed ones.

use super::axes::{AxisWords, draw as axes};
use super::canvas::{Anchor, Canvas, Look, SMALL};
use super::colour::Ink;
use super::figure::Picture;
use super::legend::{Sample, row};
use detente::strategy::pictures::BestResponseCurves;

/// The picture.
pub fn picture(
    title: &str,
    note: &str,
    names: [&str; 2],
    curves: &BestResponseCurves,
    widths: [f64; 2],
) -> Picture {
    let percent = |rate: f64| format!("{:.2}", 100.0 * rate);
    let mut rows: Vec<Vec<String>> = (curves.grid.iter())
        .zip(curves.first_responds.iter().zip(&curves.second_responds))
        .map(|(rate, (first, second))| vec![percent(*rate), percent(*first), percent(*second)])
        .collect();
    for (what, at) in points(curves) {
        rows.push(vec![what.to_owned(), percent(at[0]), percent(at[1])]);
    }
    let heads = [
        "the other's rate, %, or a point".to_owned(),
        format!("best rate of {}, %", names[0]),
        format!("best rate of {}, %", names[1]),
    ];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let alternative = format!(
        "Best responses in one rate a side; the two meet at {} percent for {} and {} for {}.",
        percent(curves.nash[0]),
        names[0],
        percent(curves.nash[1]),
        names[1]
    );
    Picture::new("best-responses", widths, |canvas| draw(canvas, names, curves))
        .titled(title, alternative)
        .noted(note)
        .with_data(&heads, rows)
}

fn points(curves: &BestResponseCurves) -> impl Iterator<Item = (&'static str, [f64; 2])> {
    let agreed = curves.agreed.map(|at| ("agreed (Nash bargain)", at));
    [("where the two meet (Nash)", curves.nash), ("today's averages", curves.today)].into_iter().chain(agreed)
}

fn draw(canvas: &mut Canvas, names: [&str; 2], curves: &BestResponseCurves) -> f64 {
    let highest = 100.0
        * curves
            .today
            .iter()
            .chain(&curves.nash)
            .copied()
            .fold(curves.grid.last().copied().unwrap_or(1.0), f64::max);
    let size = (canvas.width - 70.0).min(480.0);
    let frame = [58.0, 28.0, 58.0 + size, 28.0 + 0.8 * size];
    let words = [format!("rate of {}, percent", names[0]), format!("rate of {}, percent", names[1])];
    let axis_words = AxisWords { across: &words[0], up: &words[1], signed: false };
    let (x, y) = axes(canvas, frame, [0.0, highest], [0.0, highest], axis_words);
    let place = |first: f64, second: f64| [x.at(100.0 * first), y.at(100.0 * second)];
    let first: Vec<_> = curves.first_responds.iter().zip(&curves.grid).map(|(a, b)| place(*a, *b)).collect();
    let second: Vec<_> =
        curves.grid.iter().zip(&curves.second_responds).map(|(a, b)| place(*a, *b)).collect();
    canvas.path(&first, false, Look::line(Ink::First, 3.0), &format!("best response of {}", names[0]));
    canvas.path(
        &second,
        false,
        Look::line(Ink::Second, 3.0).dashed(),
        &format!("best response of {}", names[1]),
    );
    let mut bottom = frame[3] + 44.0;
    for (k, (what, at)) in points(curves).enumerate() {
        let middle = place(at[0], at[1]);
        let words = format!("{}: {what}: {:.0} and {:.0} percent", k + 1, 100.0 * at[0], 100.0 * at[1]);
        canvas.circle(middle, 9.0, Look::filled(Ink::Text).outlined(Ink::Paper, 1.5), &words);
        canvas.bold([middle[0], middle[1] + 4.0], Anchor::Middle, SMALL, Ink::Paper, &(k + 1).to_string());
        bottom += 16.0;
        canvas.words([0.0, bottom], Anchor::Start, SMALL, Ink::Text, &words);
    }
    let meanings = [
        (Sample::Line(Look::line(Ink::First, 3.0)), format!("best rate of {}", names[0])),
        (Sample::Line(Look::line(Ink::Second, 3.0).dashed()), format!("best rate of {}", names[1])),
    ];
    row(canvas, 0.0, bottom + 8.0, &meanings)
}
