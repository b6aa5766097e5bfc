//! Where a deal can lie: what both sides would have, the corner without a deal, the frontier and the zone between them.

use super::axes::{AxisWords, draw as axes};
use super::canvas::{Anchor, Canvas, Look, SMALL, wrapped};
use super::colour::Ink;
use super::figure::Picture;
use super::legend::{Sample, row};
use super::outcomes::signed_true;
use super::scale::ends;
use detente::strategy::pictures::PayoffPlane;

/// The picture; `names` are the sides' names, `disagreement` says what happens without a deal.
pub fn picture(title: &str, note: &str, names: [&str; 2], plane: &PayoffPlane, widths: [f64; 2]) -> Picture {
    let points = plane.points.iter().map(|point| {
        vec![
            point.name.clone(),
            format!("{:.4}", point.objective_pct[0]),
            format!("{:.4}", point.objective_pct[1]),
        ]
    });
    let frontier = plane
        .frontier
        .iter()
        .map(|at| vec!["frontier".to_owned(), format!("{:.4}", at[0]), format!("{:.4}", at[1])]);
    let heads = [format!("{}, income, %", names[0]), format!("{}, income, %", names[1])];
    let zone = if plane.zone_is_empty {
        "There is no zone in which both gain"
    } else {
        "There is a zone in which both gain"
    };
    let corner = plane.disagreement_pct.map(signed_true);
    let alternative = format!(
        "{zone} over what happens without a deal ({} {}, {} {} percent).",
        names[0], corner[0], names[1], corner[1]
    );
    Picture::new("zone", widths, |canvas| draw(canvas, names, plane))
        .titled(title, alternative)
        .noted(note)
        .with_data(&["point", &heads[0], &heads[1]], points.chain(frontier).collect())
}

/// Points closer than this in the drawing are one mark with both names.
const ONE_MARK: f64 = 18.0;

fn draw(canvas: &mut Canvas, names: [&str; 2], plane: &PayoffPlane) -> f64 {
    let all: Vec<[f64; 2]> = plane
        .frontier
        .iter()
        .copied()
        .chain(plane.points.iter().map(|point| point.objective_pct))
        .chain([plane.disagreement_pct])
        .collect();
    let span = [0, 1].map(|k| ends(all.iter().map(|at| at[k])));
    let size = (canvas.width - 70.0).min(520.0);
    let frame = [58.0, 28.0, 58.0 + size, 28.0 + 0.8 * size];
    let words = [0, 1].map(|k| format!("income of {}, percent from today", names[k]));
    let axis_words = AxisWords { across: &words[0], up: &words[1], signed: true };
    let (x, y) = axes(canvas, frame, span[0], span[1], axis_words);
    let place = |at: [f64; 2]| [x.at(at[0]), y.at(at[1])];
    if !plane.zone_is_empty {
        let outline: Vec<[f64; 2]> = zone(plane).into_iter().map(place).collect();
        canvas.path(&outline, true, Look::filled(Ink::Agreed).faint(0.18), "both gain");
    }
    let frontier: Vec<[f64; 2]> = plane.frontier.iter().map(|at| place(*at)).collect();
    canvas.path(
        &frontier,
        false,
        Look::line(Ink::Agreed, 3.0),
        "no side can gain more without the other losing",
    );
    // Points that fall on one another are one mark: readers cannot tell them apart, and need not.
    let mut marks: Vec<(Vec<&str>, [f64; 2], [f64; 2])> = Vec::new();
    for point in &plane.points {
        let at = place(point.objective_pct);
        let near = marks.iter_mut().find(|(_, held, _)| (held[0] - at[0]).hypot(held[1] - at[1]) < ONE_MARK);
        match near {
            Some((named, ..)) => named.push(&point.name),
            None => marks.push((vec![&point.name], at, point.objective_pct)),
        }
    }
    let mut bottom = frame[3] + 44.0;
    for (k, (named, at, values)) in marks.iter().enumerate() {
        let words = format!(
            "{}: {}: {} {}, {} {}",
            k + 1,
            named.join(" and "),
            names[0],
            signed_true(values[0]),
            names[1],
            signed_true(values[1])
        );
        canvas.circle(*at, 9.0, Look::filled(Ink::Text).outlined(Ink::Paper, 1.5), &words);
        canvas.bold([at[0], at[1] + 4.0], Anchor::Middle, SMALL, Ink::Paper, &(k + 1).to_string());
        for line in wrapped(&words, SMALL, canvas.width) {
            bottom += 16.0;
            canvas.words([0.0, bottom], Anchor::Start, SMALL, Ink::Text, &line);
        }
    }
    let meanings = [
        (Sample::Square(Look::filled(Ink::Agreed).faint(0.3)), "both gain".to_owned()),
        (Sample::Line(Look::line(Ink::Agreed, 3.0)), "no more for one without less for the other".to_owned()),
    ];
    row(canvas, 0.0, bottom + 8.0, &meanings)
}

/// The corner of the zone and the part of the frontier beyond it (in the order of the frontier, from the second side's best), with the ends where the frontier crosses the corner's lines.
fn zone(plane: &PayoffPlane) -> Vec<[f64; 2]> {
    let corner = plane.disagreement_pct;
    let inside = |at: &[f64; 2]| at[0] >= corner[0] && at[1] >= corner[1];
    let mut outline = vec![corner];
    for pair in plane.frontier.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        if inside(&a) {
            outline.push(a);
        }
        // Where the segment enters or leaves through one of the corner's two lines.
        for k in 0..2 {
            let share = (corner[k] - a[k]) / (b[k] - a[k]);
            if (0.0..1.0).contains(&share) {
                let mut at = [0, 1].map(|k| a[k] + share * (b[k] - a[k]));
                at[k] = corner[k];
                if inside(&at) {
                    outline.push(at);
                }
            }
        }
    }
    outline.extend(plane.frontier.last().filter(|at| inside(at)));
    // Beyond an end of the frontier a side would get less for nothing: the zone is closed along the corner's lines.
    if let (Some(first), Some(last)) = (outline.get(1).copied(), outline.last().copied()) {
        outline.insert(1, [corner[0], first[1]]);
        outline.push([last[0], corner[1]]);
    }
    outline.push(corner);
    outline
}
