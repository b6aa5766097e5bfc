//! What the marks of a drawing mean, in a row that breaks where the drawing is narrow.

use super::canvas::{Anchor, Canvas, Look, SMALL, width_of};
use super::colour::Ink;

/// How a meaning is shown.
#[derive(Clone, Copy, Debug)]
pub enum Sample {
    /// A filled square.
    Square(Look),
    /// A line.
    Line(Look),
    /// A dot.
    Dot(Look),
    /// A square on its corner.
    Diamond(Look),
    /// A cross.
    Cross(Look),
}

/// Draws the meanings from a height on; the height below them.
pub fn row(canvas: &mut Canvas, left: f64, top: f64, meanings: &[(Sample, String)]) -> f64 {
    let (mut x, mut y) = (left, top + 12.0);
    for (sample, words) in meanings {
        let needs = 20.0 + width_of(words, SMALL) + 14.0;
        if x > left && x + needs > canvas.width {
            (x, y) = (left, y + 19.0);
        }
        let middle = [x + 7.0, y - 4.0];
        match sample {
            Sample::Square(look) => canvas.rectangle([x + 1.0, y - 10.0], [12.0, 12.0], *look, ""),
            Sample::Line(look) => canvas.line([x, y - 4.0], [x + 14.0, y - 4.0], *look, ""),
            Sample::Dot(look) => canvas.circle(middle, 5.0, *look, ""),
            Sample::Diamond(look) => canvas.diamond(middle, 6.0, *look, ""),
            Sample::Cross(look) => canvas.cross(middle, 5.0, *look, ""),
        }
        canvas.words([x + 19.0, y], Anchor::Start, SMALL, Ink::Text, words);
        x += needs;
    }
    y + 8.0
}
