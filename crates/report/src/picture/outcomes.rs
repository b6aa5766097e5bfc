//! What each outcome would do: a dot for the median and a bar from 5 to 95, one row a side, two horizons side by side.

use super::axes::marks_apart;
use super::canvas::{Anchor, Canvas, Look, SMALL, WORDS, width_of, wrapped};
use super::colour::Ink;
use super::figure::{Picture, WEAK};
use super::scale::{Scale, ends, signed_mark};
use detente_tables::number::signed;

/// An effect on one economy.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Name of the economy.
    pub economy: String,
    /// Its place among the sides; none for others.
    pub side: Option<usize>,
    /// Median over the runs, or the solved number where no runs were made; percent.
    pub median: f64,
    /// 5th and 95th percentile.
    pub band: Option<(f64, f64)>,
    /// Whether its input structure is a proxy.
    pub is_weak: bool,
}

/// Effects of one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The outcome, and from where it is measured, in words.
    pub outcome: String,
    /// Effects.
    pub effects: Vec<Effect>,
}

/// Outcomes at one horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Horizon {
    /// What is measured at which horizon.
    pub heading: String,
    /// Outcomes, in the same order at every horizon.
    pub groups: Vec<Group>,
}

/// The picture.
pub fn picture(id: &str, title: &str, note: &str, horizons: &[Horizon], widths: [f64; 2]) -> Picture {
    let draw = |canvas: &mut Canvas| draw(canvas, horizons);
    let first: Vec<String> = horizons
        .iter()
        .flat_map(|horizon| horizon.groups.iter().take(1))
        .flat_map(|group| {
            group
                .effects
                .iter()
                .map(|effect| format!("{} {} percent", effect.economy, signed_true(effect.median)))
        })
        .collect();
    let alternative = format!("Medians with ranges from 5 to 95. {}.", first.join(", "));
    let rows = horizons.iter().flat_map(|horizon| {
        horizon.groups.iter().flat_map(move |group| {
            group.effects.iter().map(move |effect| {
                let range = effect.band.map(|(low, high)| [low, high].map(|value| format!("{value:.5}")));
                let [low, high] = range.unwrap_or_default();
                let quality = if effect.is_weak { WEAK } else { "" }.to_owned();
                let what = [horizon.heading.clone(), group.outcome.clone(), effect.economy.clone()];
                what.into_iter().chain([format!("{:.5}", effect.median), low, high, quality]).collect()
            })
        })
    });
    Picture::new(id, widths, draw).titled(title, alternative).noted(note).with_data(
        &["horizon", "outcome", "economy", "median, %", "5th, %", "95th, %", "input structure"],
        rows.collect(),
    )
}

/// A change as words have it: a true minus.
pub fn signed_true(value: f64) -> String {
    signed(Some(value)).replace('-', "−")
}

fn draw(canvas: &mut Canvas, horizons: &[Horizon]) -> f64 {
    let all = horizons.iter().flat_map(|horizon| &horizon.groups).flat_map(|group| &group.effects);
    let span = ends(all.flat_map(|effect| {
        let (low, high) = effect.band.unwrap_or((effect.median, effect.median));
        [low, high, effect.median]
    }));
    let is_narrow = canvas.width < 500.0 || horizons.len() < 2;
    let gap = 36.0;
    let width = if is_narrow { canvas.width } else { (canvas.width - gap) / 2.0 };
    let mut bottom: f64 = 0.0;
    let mut top = 0.0;
    for (k, horizon) in horizons.iter().enumerate() {
        let left = if is_narrow { 0.0 } else { k as f64 * (width + gap) };
        bottom = bottom.max(draw_horizon(canvas, horizon, span, [left, top, width]));
        if is_narrow {
            top = bottom + 10.0;
        }
    }
    bottom
}

fn draw_horizon(canvas: &mut Canvas, horizon: &Horizon, span: [f64; 2], [left, top, width]: [f64; 3]) -> f64 {
    let names =
        horizon.groups.iter().flat_map(|group| &group.effects).map(|effect| width_of(&effect.economy, SMALL));
    let label = names.fold(0.0, f64::max).min(0.4 * width) + 8.0;
    let scale = Scale::new(span, [left + label, left + width - 46.0]);
    let mut y = top;
    for line in wrapped(&horizon.heading, WORDS, width) {
        y += 17.0;
        canvas.bold([left, y], Anchor::Start, WORDS, Ink::Text, &line);
    }
    let first = y + 8.0;
    let marks = marks_apart(&scale, if width < 420.0 { 3 } else { 5 }, signed_mark);
    let tall = |group: &Group| {
        let lines = wrapped(&group.outcome, SMALL, width).len().max(1);
        11.0 + 15.0 * lines as f64 + 19.0 * group.effects.len() as f64
    };
    let lines = horizon.groups.iter().map(tall).sum::<f64>();
    for (value, words) in &marks {
        let x = scale.at(*value);
        let ink = if *value == 0.0 { Ink::Soft } else { Ink::Rule };
        canvas.line([x, first], [x, first + lines], Look::line(ink, 1.0), "");
        canvas.axis_mark([x, first + lines + 16.0], words);
    }
    y = first;
    for group in &horizon.groups {
        y += 18.0;
        for (k, line) in wrapped(&group.outcome, SMALL, width).iter().enumerate() {
            y += if k > 0 { 15.0 } else { 0.0 };
            canvas.rectangle(
                [left, y - 12.0],
                [width_of(line, SMALL) + 2.0, 16.0],
                Look::filled(Ink::Paper),
                "",
            );
            canvas.words([left, y], Anchor::Start, SMALL, Ink::Text, line);
        }
        for effect in &group.effects {
            y += 19.0;
            draw_effect(canvas, group, effect, &scale, [left, y, left + width]);
        }
        y += 8.0;
    }
    y + 34.0
}

fn draw_effect(
    canvas: &mut Canvas,
    group: &Group,
    effect: &Effect,
    scale: &Scale,
    [left, y, right]: [f64; 3],
) {
    let ink = if effect.is_weak { Ink::Weak } else { effect.side.map_or(Ink::Others, Ink::side) };
    let mark = if effect.is_weak { "~" } else { "" };
    canvas.words([left + 8.0, y], Anchor::Start, SMALL, Ink::Soft, &format!("{}{mark}", effect.economy));
    let middle = y - 4.0;
    let range = effect.band.map_or(String::new(), |(low, high)| {
        format!(", 5 to 95: {} to {}", signed_true(low), signed_true(high))
    });
    let tip = format!("{}, {}: {} %{range}", group.outcome, effect.economy, signed_true(effect.median));
    if let Some((low, high)) = effect.band {
        let (from, to) = (scale.at(low), scale.at(high));
        canvas.rectangle(
            [from, middle - 3.0],
            [(to - from).max(1.5), 6.0],
            Look::filled(ink).faint(0.45),
            &tip,
        );
    }
    let look = Look::filled(if effect.is_weak { Ink::Paper } else { ink }).outlined(ink, 2.0);
    canvas.circle([scale.at(effect.median), middle], 4.5, look, &tip);
    canvas.words([right, y], Anchor::End, SMALL, Ink::Text, &signed_true(effect.median));
}
