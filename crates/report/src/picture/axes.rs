//! Two axes with their grid, for pictures in a plane.

use super::canvas::{Anchor, Canvas, Look, SMALL, width_of};
use super::colour::Ink;
use super::scale::{Scale, mark, signed_mark, step_of};

/// The box that a plane is drawn in: left, top, right, bottom.
pub type Frame = [f64; 4];

/// Words of a plane's axes.
#[derive(Clone, Copy, Debug)]
pub struct AxisWords<'a> {
    /// Below the horizontal axis.
    pub across: &'a str,
    /// Above the vertical one.
    pub up: &'a str,
    /// Whether marks carry their sign.
    pub signed: bool,
}

/// Round values on a level axis with their words, about so many and no more than stand apart.
pub fn marks_apart(scale: &Scale, about: usize, write: fn(f64, f64) -> String) -> Vec<(f64, String)> {
    let written = |about: usize| -> Vec<(f64, String)> {
        let marks = scale.marks(about);
        let step = step_of(&marks);
        marks.into_iter().map(|value| (value, write(value, step))).collect()
    };
    let stand_apart = |marks: &Vec<(f64, String)>| {
        marks.windows(2).all(|pair| {
            let both = 0.5 * (width_of(&pair[0].1, SMALL) + width_of(&pair[1].1, SMALL));
            (scale.at(pair[1].0) - scale.at(pair[0].0)).abs() >= both + BETWEEN_MARKS
        })
    };
    (1..=about).rev().map(written).find(stand_apart).unwrap_or_else(|| {
        // Even the fewest would touch: the one at nothing says where the sides are.
        written(1).into_iter().filter(|(value, _)| *value == 0.0).collect()
    })
}

/// Room between the words of two marks.
const BETWEEN_MARKS: f64 = 6.0;

/// Draws grid, marks and words; the scales of both axes.
pub fn draw(
    canvas: &mut Canvas,
    frame: Frame,
    x: [f64; 2],
    y: [f64; 2],
    words: AxisWords<'_>,
) -> (Scale, Scale) {
    let [left, top, right, bottom] = frame;
    let across = Scale::new(x, [left, right]);
    let up = Scale::new(y, [bottom, top]);
    let put = if words.signed { signed_mark } else { mark };
    for (value, text) in marks_apart(&across, if right - left < 400.0 { 4 } else { 7 }, put) {
        let place = across.at(value);
        let ink = if value == 0.0 { Ink::Soft } else { Ink::Rule };
        canvas.line([place, top], [place, bottom], Look::line(ink, 1.0), "");
        canvas.axis_mark([place, bottom + 16.0], &text);
    }
    let marks = up.marks(6);
    for value in &marks {
        let place = up.at(*value);
        let ink = if *value == 0.0 { Ink::Soft } else { Ink::Rule };
        canvas.line([left, place], [right, place], Look::line(ink, 1.0), "");
        let text = put(*value, step_of(&marks));
        canvas.words([left - 6.0, place + 4.0], Anchor::End, SMALL, Ink::Soft, &text);
    }
    canvas.words([left - 40.0, top - 10.0], Anchor::Start, SMALL, Ink::Soft, words.up);
    canvas.words([right, bottom + 34.0], Anchor::End, SMALL, Ink::Soft, words.across);
    (across, up)
}

/// Upright lines at the marks of a scale of changes from one height to another, nought darker, each with its sign and number below.
pub fn signed_marks(canvas: &mut Canvas, scale: &Scale, marks: &[f64], [top, bottom]: [f64; 2]) {
    for value in marks {
        let x = scale.at(*value);
        let ink = if *value == 0.0 { Ink::Soft } else { Ink::Rule };
        canvas.line([x, top], [x, bottom], Look::line(ink, 1.0), "");
        let text = signed_mark(*value, step_of(marks));
        canvas.words([x, bottom + 15.0], Anchor::Middle, SMALL, Ink::Soft, &text);
    }
}
