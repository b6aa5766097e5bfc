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
    let marks = across.marks(if right - left < 400.0 { 4 } else { 7 });
    for value in &marks {
        let place = across.at(*value);
        let ink = if *value == 0.0 { Ink::Soft } else { Ink::Rule };
        canvas.line([place, top], [place, bottom], Look::line(ink, 1.0), "");
        let text = put(*value, step_of(&marks));
        // A mark at the very end would be cut off by the edge.
        let half = width_of(&text, SMALL) / 2.0;
        let (at, anchor) =
            if place + half > canvas.width { (canvas.width, Anchor::End) } else { (place, Anchor::Middle) };
        canvas.words([at, bottom + 16.0], anchor, SMALL, Ink::Soft, &text);
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
