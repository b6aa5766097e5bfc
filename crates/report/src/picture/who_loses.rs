//! Who loses more: one bar an outcome, split at the share of runs, the input that decides it below.

use super::canvas::{Anchor, Canvas, Look, SMALL, WORDS, wrapped};
use super::colour::Ink;
use super::figure::Picture;
use detente::words::certainty;

/// How often which of two sides loses more.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The outcome in words.
    pub outcome: String,
    /// Names of the sides.
    pub sides: [String; 2],
    /// Share of runs in which the first loses more; none where that turns with what it depends on.
    pub first_loses_more: Option<f64>,
    /// What it depends on, in words.
    pub depends_on: String,
}

impl Split {
    /// Whether nearly every run says the same: then there is nothing that it hangs on.
    fn is_sure(&self) -> bool {
        self.first_loses_more.is_some_and(certainty::is_almost_sure)
    }
}

/// The picture.
pub fn picture(title: &str, splits: &[Split], widths: [f64; 2]) -> Picture {
    let rows = splits
        .iter()
        .map(|split| {
            let shares = split.first_loses_more.map(|share| [share, 1.0 - share]);
            let shares = shares.map_or(["open", "open"].map(str::to_owned), |shares| {
                shares.map(|share| format!("{:.1}", 100.0 * share))
            });
            std::iter::once(split.outcome.clone()).chain(shares).chain([split.depends_on.clone()]).collect()
        })
        .collect();
    let words: Vec<String> = splits
        .iter()
        .map(|split| match split.first_loses_more {
            Some(share) => {
                format!("{}: {} in {:.0} percent of runs", split.outcome, split.sides[0], 100.0 * share)
            }
            None => format!("{}: open, it turns with {}", split.outcome, split.depends_on),
        })
        .collect();
    let [a, b] =
        splits.first().map_or(["first".to_owned(), "second".to_owned()], |split| split.sides.clone());
    let heads = [
        "outcome".to_owned(),
        format!("{a} loses more, % of runs"),
        format!("{b}, %"),
        "depends on".to_owned(),
    ];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    // What all hang on is said once, below.
    let unsure: Vec<&str> =
        splits.iter().filter(|split| !split.is_sure()).map(|split| split.depends_on.as_str()).collect();
    let shared = unsure.first().copied();
    let shared = shared.filter(|first| unsure.len() > 1 && unsure.iter().all(|held| held == first));
    let note =
        shared.map_or(String::new(), |shared| format!(" What is not almost sure depends on {shared}."));
    Picture::new("who-loses", widths, |canvas| draw(canvas, splits, shared.is_some()))
        .titled(title, format!("Which side loses more, in shares of runs. {}.", words.join("; ")))
        .noted(format!(
            "Shares of the runs over published trade elasticities, draws around them and readings of deficits; long run. A half is a coin's \
             toss.{note}"
        ))
        .with_data(&heads, rows)
}

fn draw(canvas: &mut Canvas, splits: &[Split], is_said_below: bool) -> f64 {
    let width = canvas.width;
    let mut y = 0.0;
    for split in splits {
        for line in wrapped(&split.outcome, WORDS, width) {
            y += 18.0;
            canvas.words([0.0, y], Anchor::Start, WORDS, Ink::Text, &line);
        }
        y += 7.0;
        let Some(share) = split.first_loses_more else {
            let look = Look::filled(Ink::Tint).outlined(Ink::Weak, 1.0).dashed();
            canvas.rectangle([0.5, y], [width - 1.0, 22.0], look, "it turns with what it depends on");
            let words = format!("open: it turns with {}", split.depends_on);
            canvas.words([7.0, y + 15.5], Anchor::Start, SMALL, Ink::Text, &words);
            y += 34.0;
            continue;
        };
        let at = width * share.clamp(0.0, 1.0);
        let shares = [share, 1.0 - share];
        let places = [[0.0, at], [at, width]];
        for (k, (share, [from, to])) in shares.into_iter().zip(places).enumerate() {
            let tip =
                format!("{}: {} loses more in {:.1} % of runs", split.outcome, split.sides[k], 100.0 * share);
            let look = Look::filled(Ink::side(k)).outlined(Ink::Paper, 1.0);
            canvas.rectangle([from, y], [to - from, 22.0], look, &tip);
            // Both in whole percent that sum to a hundred; the larger is rounded, as in the words.
            let larger = shares[0].max(shares[1]);
            let whole = (100.0 * larger).round();
            let percent = if shares[k] == larger { whole } else { 100.0 - whole };
            let words = format!("{} {percent:.0} %", split.sides[k]);
            if super::canvas::width_of(&words, SMALL) + 12.0 < to - from {
                let (x, anchor) = if k == 0 { (from + 7.0, Anchor::Start) } else { (to - 7.0, Anchor::End) };
                canvas.bold([x, y + 15.5], anchor, SMALL, Ink::Paper, &words);
            }
        }
        canvas.line(
            [width / 2.0, y - 3.0],
            [width / 2.0, y + 25.0],
            Look::line(Ink::Text, 1.0).dotted(),
            "a half",
        );
        y += 24.0;
        // What hangs on nothing needs no line that says so.
        let own = if is_said_below || split.is_sure() || split.depends_on.starts_with("nothing") {
            Vec::new()
        } else {
            vec![format!("depends on {}", split.depends_on)]
        };
        for line in own.iter().flat_map(|own| wrapped(own, SMALL, width)) {
            y += 15.0;
            canvas.words([0.0, y], Anchor::Start, SMALL, Ink::Soft, &line);
        }
        y += 8.0;
    }
    y + 4.0
}
