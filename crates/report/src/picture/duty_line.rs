//! The duty on a line, part on part, with what does not apply and why.

use super::canvas::{Anchor, Canvas, Look, SMALL, WORDS, wrapped};
use super::colour::Ink;
use super::figure::Picture;
use super::scale::Scale;

/// A part of a duty.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is.
    pub name: String,
    /// Percentage points; none where it does not apply.
    pub points: Option<f64>,
    /// The act, or why it does not apply.
    pub reason: String,
}

/// The picture.
pub fn picture(title: &str, note: &str, parts: &[Part], widths: [f64; 2]) -> Picture {
    let rows = parts
        .iter()
        .map(|part| {
            let points = part.points.map_or("does not apply".to_owned(), |points| format!("{points:.2}"));
            vec![part.name.clone(), points, part.reason.clone()]
        })
        .collect();
    let words: Vec<String> =
        parts.iter().filter_map(|part| Some(format!("{} {:.1}", part.name, part.points?))).collect();
    Picture::new("duty-line", widths, |canvas| draw(canvas, parts))
        .titled(title, format!("Parts of the duty in points: {}.", words.join(", ")))
        .noted(note)
        .with_data(&["part", "points", "act, or why not"], rows)
}

fn draw(canvas: &mut Canvas, parts: &[Part]) -> f64 {
    let total: f64 = parts.iter().filter_map(|part| part.points).sum();
    let highest = parts
        .iter()
        .filter_map(|part| part.points)
        .scan(0.0, |sum, points| {
            *sum += points;
            Some(*sum)
        })
        .fold(total.max(1.0), f64::max);
    let scale = Scale::new([0.0, highest], [0.0, canvas.width - 60.0]);
    let (mut y, mut sum) = (0.0, 0.0);
    for part in parts {
        y += 17.0;
        match part.points {
            Some(points) => {
                canvas.words([0.0, y], Anchor::Start, WORDS, Ink::Text, &part.name);
                let (from, to) = (scale.at(sum), scale.at(sum + points));
                let tip = format!("{}: {points:.2} points; {}", part.name, part.reason);
                let look = Look::filled(Ink::Others);
                canvas.rectangle([from.min(to), y + 5.0], [(to - from).abs().max(1.0), 12.0], look, &tip);
                canvas.words(
                    [from.max(to) + 6.0, y + 16.0],
                    Anchor::Start,
                    SMALL,
                    Ink::Text,
                    &format!("{points:.1}"),
                );
                sum += points;
                y += 20.0;
            }
            None => {
                for (k, line) in
                    wrapped(&format!("not applied: {}: {}", part.name, part.reason), SMALL, canvas.width)
                        .iter()
                        .enumerate()
                {
                    if k > 0 {
                        y += 15.0;
                    }
                    canvas.words([0.0, y], Anchor::Start, SMALL, Ink::Soft, line);
                }
                y += 4.0;
            }
        }
    }
    y += 20.0;
    canvas.bold([0.0, y], Anchor::Start, WORDS, Ink::Text, &format!("all together {total:.1} percent"));
    y + 10.0
}
