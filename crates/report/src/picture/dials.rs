//! Rebalancing dials: for each the value before and after and where it ought to be, on its own range.

use super::canvas::{Anchor, Canvas, Look, SMALL, WORDS, wrapped};
use super::colour::Ink;
use super::figure::Picture;
use super::legend::{Sample, row};
use super::scale::{Scale, mark};

/// One dial.
#[derive(Clone, Debug, PartialEq)]
pub struct Dial {
    /// What it shows, with its unit.
    pub name: String,
    /// Whose it is, by the place of the side.
    pub side: Option<usize>,
    /// Value before.
    pub before: f64,
    /// Value after.
    pub after: f64,
    /// 5th and 95th percentile of the value after.
    pub band: Option<(f64, f64)>,
    /// Where it ought to be.
    pub target: Option<f64>,
    /// How the number came about: assumed, accounting, model.
    pub tag: String,
}

/// The picture.
pub fn picture(title: &str, note: &str, dials: &[Dial], widths: [f64; 2]) -> Picture {
    let number = |value: f64| format!("{value:.4}");
    let rows = dials
        .iter()
        .map(|dial| {
            let (low, high) =
                dial.band.map_or((String::new(), String::new()), |(low, high)| (number(low), number(high)));
            let target = dial.target.map_or(String::new(), number);
            vec![
                dial.name.clone(),
                number(dial.before),
                number(dial.after),
                low,
                high,
                target,
                dial.tag.clone(),
            ]
        })
        .collect();
    let words: Vec<String> = dials
        .iter()
        .take(4)
        .map(|dial| format!("{} from {:.2} to {:.2}", dial.name, dial.before, dial.after))
        .collect();
    Picture::new("dials", widths, |canvas| draw(canvas, dials))
        .titled(title, format!("Dials before and after: {}.", words.join("; ")))
        .noted(note)
        .with_data(&["dial", "before", "after", "5th", "95th", "target", "how it came about"], rows)
}

fn draw(canvas: &mut Canvas, dials: &[Dial]) -> f64 {
    let mut y = 0.0;
    for dial in dials {
        let values = [
            Some(dial.before),
            Some(dial.after),
            dial.target,
            dial.band.map(|b| b.0),
            dial.band.map(|b| b.1),
        ];
        let held: Vec<f64> = values.into_iter().flatten().filter(|value| value.is_finite()).collect();
        let (low, high) =
            held.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
        let room = 0.15 * (high - low).max(1e-3 * high.abs()).max(1e-9);
        let scale = Scale::new([low - room, high + room], [4.0, canvas.width - 4.0]);
        let room = if canvas.width < 500.0 { canvas.width } else { canvas.width - 110.0 };
        for line in wrapped(&format!("{} ({})", dial.name, dial.tag), WORDS, room) {
            y += 17.0;
            canvas.words([0.0, y], Anchor::Start, WORDS, Ink::Text, &line);
        }
        let words = format!("{} → {}", mark(dial.before, 0.01), mark(dial.after, 0.01));
        let mut line = y;
        if canvas.width < 500.0 {
            line += 16.0;
        }
        canvas.words([canvas.width, line], Anchor::End, SMALL, Ink::Text, &words);
        y = line + 16.0;
        let ink = dial.side.map_or(Ink::Others, Ink::side);
        canvas.line([0.0, y], [canvas.width, y], Look::line(Ink::Rule, 4.0), "");
        if let Some((low, high)) = dial.band {
            let (from, to) = (scale.at(low), scale.at(high));
            canvas.rectangle(
                [from, y - 4.0],
                [(to - from).max(1.5), 8.0],
                Look::filled(ink).faint(0.4),
                "5 to 95",
            );
        }
        canvas.circle([scale.at(dial.before), y], 5.0, Look::filled(Ink::Paper).outlined(ink, 2.0), "before");
        canvas.circle([scale.at(dial.after), y], 5.0, Look::filled(ink), "after");
        if let Some(target) = dial.target {
            canvas.diamond([scale.at(target), y], 6.0, Look::line(Ink::Agreed, 2.0), "target");
        }
        y += 12.0;
    }
    let meanings = [
        (Sample::Dot(Look::filled(Ink::Paper).outlined(Ink::Others, 2.0)), "before".to_owned()),
        (Sample::Dot(Look::filled(Ink::Others)), "after".to_owned()),
        (Sample::Diamond(Look::line(Ink::Agreed, 2.0)), "target".to_owned()),
    ];
    row(canvas, 0.0, y + 6.0, &meanings)
}
