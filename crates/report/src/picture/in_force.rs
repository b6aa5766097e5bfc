//! Duties in force over time, stacked by authority, with rounds, frameworks and deadlines on the same axis and the step that returns.

use super::canvas::{Anchor, Canvas, Look, SMALL, WORDS, width_of, width_of_bold, wrapped};
use super::colour::Ink;
use super::figure::Picture;
use super::legend::{Sample, row};
use super::scale::{Scale, iso_day, mark, months, step_of};
use detente::brief::tariff_steps::SteppedTariff;
use detente::words::duty::authority;
use jiff::civil::Date;

/// A meeting, a framework or a deadline on the axis of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    /// ISO date.
    pub date: String,
    /// Short label; empty where the mark stays unnamed.
    pub label: String,
    /// What it was, in a line.
    pub detail: String,
}

/// The talks' timeline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Rounds, summits and calls held.
    pub meetings: Vec<Mark>,
    /// Frameworks agreed.
    pub frameworks: Vec<Mark>,
    /// Deadlines known by then.
    pub deadlines: Vec<Mark>,
    /// The day shown.
    pub today: String,
    /// The next deadline, where one is set: only this one is named.
    pub next_deadline: Option<Mark>,
    /// First and last day shown.
    pub window: (String, String),
}

/// Contribution below which an authority goes into the layer of the others, percentage points.
const SMALLEST: f64 = 0.5;
/// Authorities shown with a tone of their own.
const MOST: usize = 10;

/// A layer as it is drawn.
struct Layer<'a> {
    name: String,
    ink: Ink,
    steps: Vec<&'a [(String, f64)]>,
}

impl Layer<'_> {
    fn on(&self, step: usize) -> f64 {
        self.steps.iter().filter_map(|steps| steps.get(step)).map(|(_, value)| *value).sum()
    }
}

/// The picture; `title` is its finding.
pub fn picture(panels: &[SteppedTariff], timeline: &Timeline, title: &str, widths: [f64; 2]) -> Picture {
    let panels = &in_percent(panels);
    let names = authorities(panels, timeline);
    let highest = panels
        .iter()
        .flat_map(|panel| {
            totals(panel, timeline).into_iter().chain(panel.snap_back.iter().map(|(_, value)| *value))
        })
        .fold(10.0, f64::max);
    let drawing = |canvas: &mut Canvas| draw(canvas, panels, timeline, &names, highest);
    let sides: Vec<&str> = panels.iter().map(|panel| panel.title.as_str()).collect();
    Picture::new("in-force", widths, drawing)
        .titled(title, format!("Average duties by statute over time, stacked by authority. {}.", sides.join(". ")))
        .noted("Average duties by statute, percent, weighted with trade of one year; both sides on one scale. Dashed: what returns by law if nobody signs.")
        .with_data(&["day", "duty", "authority or event", "percent"], data(panels, timeline))
}

/// Fractions become percent here, at the edge: everything below draws and writes percent.
fn in_percent(panels: &[SteppedTariff]) -> Vec<SteppedTariff> {
    let mut panels = panels.to_vec();
    for panel in &mut panels {
        let steps = panel.layers.iter_mut().flat_map(|layer| &mut layer.steps);
        steps.chain(&mut panel.snap_back).for_each(|(_, value)| *value *= 100.0);
    }
    panels
}

fn totals(panel: &SteppedTariff, timeline: &Timeline) -> Vec<f64> {
    let count = panel.layers.first().map_or(0, |layer| layer.steps.len());
    let ends: Vec<Option<&str>> = (0..count).map(|step| date_of(panel, step + 1)).collect();
    (0..count)
        .filter(|step| ends[*step].is_none_or(|until| until > timeline.window.0.as_str()))
        .map(|step| {
            panel.layers.iter().filter_map(|layer| layer.steps.get(step)).map(|(_, value)| *value).sum()
        })
        .collect()
}

fn date_of(panel: &SteppedTariff, step: usize) -> Option<&str> {
    panel.layers.first().and_then(|layer| layer.steps.get(step)).map(|(date, _)| date.as_str())
}

/// Names of the authorities that are seen in the window, in the order in which the record has them; the rest are others.
fn authorities(panels: &[SteppedTariff], timeline: &Timeline) -> Vec<String> {
    let mut found: Vec<(String, f64)> = Vec::new();
    for panel in panels {
        for layer in &panel.layers {
            let most = layer.steps.iter().enumerate().filter(|(step, _)| {
                date_of(panel, step + 1).is_none_or(|until| until > timeline.window.0.as_str())
            });
            let most = most.map(|(_, (_, value))| value.abs()).fold(0.0, f64::max);
            match found.iter_mut().find(|(name, _)| *name == layer.authority) {
                Some((_, held)) => *held = held.max(most),
                None => found.push((layer.authority.clone(), most)),
            }
        }
    }
    let mut by_size: Vec<f64> = found.iter().map(|(_, most)| *most).collect();
    by_size.sort_by(|a, b| b.total_cmp(a));
    let least = by_size.get(MOST).copied().unwrap_or(0.0).max(SMALLEST);
    found.into_iter().filter(|(_, most)| *most > least).map(|(name, _)| name).collect()
}

fn layers<'a>(panel: &'a SteppedTariff, names: &[String]) -> Vec<Layer<'a>> {
    let mut layers = Vec::new();
    let mut rest = Layer { name: "all others".to_owned(), ink: Ink::Others, steps: Vec::new() };
    for layer in &panel.layers {
        match names.iter().position(|name| *name == layer.authority) {
            Some(place) => layers.push((
                place,
                Layer {
                    name: authority(&layer.authority).to_owned(),
                    ink: Ink::Authority(place),
                    steps: vec![&layer.steps],
                },
            )),
            None => rest.steps.push(&layer.steps),
        }
    }
    layers.sort_by_key(|(place, _)| *place);
    let mut layers: Vec<Layer<'a>> = layers.into_iter().map(|(_, layer)| layer).collect();
    if !rest.steps.is_empty() {
        layers.push(rest);
    }
    layers
}

fn draw(
    canvas: &mut Canvas,
    panels: &[SteppedTariff],
    timeline: &Timeline,
    names: &[String],
    highest: f64,
) -> f64 {
    let is_narrow = canvas.width < 500.0;
    let (left, right) = (34.0, canvas.width - if is_narrow { 14.0 } else { 60.0 });
    let days = [&timeline.window.0, &timeline.window.1].map(|text| text.parse::<Date>().ok());
    let (Some(from), Some(to)) = (days[0], days[1]) else { return 10.0 };
    let time = Scale::new([super::scale::day(from), super::scale::day(to)], [left, right]);
    let ticks = months(from, to, if is_narrow { 5 } else { 12 });
    let mut top = 4.0;
    for panel in panels {
        let height = if is_narrow { 140.0 } else { 170.0 };
        top = draw_panel(canvas, panel, timeline, names, [top, height], highest, &time, &ticks);
    }

    draw_timeline(canvas, timeline, &time, top + 6.0)
}

#[allow(clippy::too_many_arguments, reason = "one panel of one picture")]
fn draw_panel(
    canvas: &mut Canvas,
    panel: &SteppedTariff,
    timeline: &Timeline,
    names: &[String],
    [top, height]: [f64; 2],
    highest: f64,
    time: &Scale,
    ticks: &[(f64, String)],
) -> f64 {
    let (left, right) = (34.0, canvas.width - if canvas.width < 500.0 { 14.0 } else { 60.0 });
    let heading = wrapped(&panel.title, 1.12 * WORDS, canvas.width);
    for (k, line) in heading.iter().enumerate() {
        canvas.bold([0.0, top + 13.0 + 17.0 * k as f64], Anchor::Start, WORDS, Ink::Text, line);
    }
    let top = top + 8.0 + 17.0 * heading.len() as f64;
    let bottom = top + height;
    let up = Scale::new([0.0, 1.05 * highest], [bottom, top]);
    let marks = up.marks(4);
    for value in &marks {
        let y = up.at(*value);
        canvas.line([left, y], [right, y], Look::line(Ink::Rule, 1.0), "");
        canvas.words([left - 5.0, y + 4.0], Anchor::End, SMALL, Ink::Soft, &mark(*value, step_of(&marks)));
    }
    let layers = layers(panel, names);
    let count = panel.layers.first().map_or(0, |layer| layer.steps.len());
    let days: Vec<f64> = (0..count).filter_map(|step| date_of(panel, step).and_then(iso_day)).collect();
    let today = iso_day(&timeline.today).unwrap_or(f64::INFINITY);
    let end = |step: usize| days.get(step + 1).copied().unwrap_or(today);
    let shown_from = time.at_edge(0);
    let mut base = vec![0.0; count];
    for layer in &layers {
        let (mut over, mut under) = (Vec::new(), Vec::new());
        let mut is_seen = false;
        for step in 0..days.len() {
            if end(step) <= shown_from {
                base[step] += layer.on(step);
                continue;
            }
            let x = [time.within(days[step]), time.within(end(step))];
            let value = layer.on(step);
            is_seen |= value.abs() > 1e-9;
            let (low, high) = (up.at(base[step]), up.at(base[step] + value));
            over.extend([[x[0], high], [x[1], high]]);
            under.extend([[x[0], low], [x[1], low]]);
            base[step] += value;
        }
        if is_seen {
            under.reverse();
            over.extend(under);
            let now = layer.on(count.saturating_sub(1));
            let tip = format!("{}: {now:.1} points on {}", layer.name, timeline.today);
            canvas.path(&over, true, Look::filled(layer.ink).outlined(Ink::Paper, 0.6), &tip);
        }
    }
    let now = base.last().copied().unwrap_or(0.0);
    let deadline = timeline.next_deadline.as_ref().and_then(|next| iso_day(&next.date));
    draw_return(canvas, panel, [now, today], deadline, (time, &up));
    clock_lines(canvas, timeline, time, [top, bottom]);
    for (day, words) in ticks {
        let x = time.at(*day);
        canvas.line([x, bottom], [x, bottom + 4.0], Look::line(Ink::Soft, 1.0), "");
        canvas.words([x, bottom + 17.0], Anchor::Middle, SMALL, Ink::Soft, words);
    }
    let mut meanings: Vec<(Sample, String)> = layers
        .iter()
        .filter(|layer| (0..count).any(|step| end(step) > shown_from && layer.on(step).abs() > 0.05))
        .map(|layer| {
            let now = layer.on(count.saturating_sub(1));
            let words =
                if now.abs() < 0.05 { layer.name.clone() } else { format!("{} {now:.1}", layer.name) };
            (Sample::Square(Look::filled(layer.ink).outlined(Ink::Soft, 0.5)), words)
        })
        .collect();
    if panel.snap_back.len() > 1 {
        meanings.push((Sample::Line(Look::line(Ink::Law, 2.0).dashed()), "if nobody signs".to_owned()));
    }
    row(canvas, 0.0, bottom + 26.0, &meanings) + 10.0
}

/// The day shown and the next deadline, from a height to another.
fn clock_lines(canvas: &mut Canvas, timeline: &Timeline, time: &Scale, [top, bottom]: [f64; 2]) {
    if let Some(today) = iso_day(&timeline.today) {
        let x = time.within(today);
        canvas.line([x, top], [x, bottom], Look::line(Ink::Text, 1.0).dotted(), &timeline.today);
    }
    if let Some(next) = &timeline.next_deadline
        && let Some(day) = iso_day(&next.date)
    {
        let x = time.within(day);
        canvas.line([x, top], [x, bottom], Look::line(Ink::Law, 1.5).dashed(), &next.detail);
    }
}

/// What would be in force after today if nobody signs: a hollow dashed step with its level.
fn draw_return(
    canvas: &mut Canvas,
    panel: &SteppedTariff,
    [now, today]: [f64; 2],
    deadline: Option<f64>,
    (time, up): (&Scale, &Scale),
) {
    let steps: Vec<(f64, f64)> =
        panel.snap_back.iter().filter_map(|(date, value)| Some((iso_day(date)?, *value))).collect();
    let end = time.at_edge(1);
    let mut outline: Vec<[f64; 2]> = vec![[time.within(today), up.at(now)]];
    for (k, (day, value)) in steps.iter().enumerate() {
        let until = steps.get(k + 1).map_or(end, |(next, _)| *next);
        outline.push([time.within(*day), up.at(*value)]);
        outline.push([time.within(until), up.at(*value)]);
    }
    canvas.path(&outline, false, Look::line(Ink::Law, 2.0).dashed(), &panel.title);
    // The level of the first day after the deadline: what lies further ahead is another step.
    let at = deadline
        .and_then(|day| steps.iter().rev().find(|(held, _)| *held <= day).map(|(_, value)| (day, *value)));
    if let Some((day, value)) = at {
        let words = format!("{value:.1} %");
        let x = time.within(day);
        // Right of the deadline's line where there is room, else left of it: on the line neither can be read.
        let is_right = x + 6.0 + width_of_bold(&words, WORDS) <= canvas.width;
        let (x, anchor) = if is_right { (x + 6.0, Anchor::Start) } else { (x - 6.0, Anchor::End) };
        canvas.bold([x, up.at(value) - 6.0], anchor, WORDS, Ink::Law, &words);
    }
}

fn draw_timeline(canvas: &mut Canvas, timeline: &Timeline, time: &Scale, top: f64) -> f64 {
    let from = time.at_edge(0);
    let seen = |mark: &&Mark| iso_day(&mark.date).is_some_and(|day| day >= from);
    let has = |marks: &[Mark], named: Option<bool>| {
        let wanted = |mark: &&Mark| named.is_none_or(|named| mark.label.is_empty() != named);
        marks.iter().filter(seen).any(|mark| wanted(&mark))
    };
    // By sort: rounds, calls, frameworks, deadlines.
    let kinds = [
        has(&timeline.meetings, Some(true)),
        has(&timeline.meetings, Some(false)),
        has(&timeline.frameworks, None),
        has(&timeline.deadlines, None) || timeline.next_deadline.is_some(),
    ];
    if !kinds.contains(&true) {
        return top;
    }
    canvas.bold([0.0, top + 13.0], Anchor::Start, WORDS, Ink::Text, "Rounds, frameworks and deadlines");
    let rows = if canvas.width < 500.0 { 5 } else { 3 };
    let mut ends = vec![0.0_f64; rows];
    let base = top + 26.0 + 16.0 * rows as f64;
    canvas.line([time.within(from), base], [time.at(time.at_edge(1)), base], Look::line(Ink::Rule, 1.0), "");
    for meeting in timeline.meetings.iter().filter(seen) {
        let Some(day) = iso_day(&meeting.date) else { continue };
        let x = time.within(day);
        let look = if meeting.label.is_empty() {
            Look::filled(Ink::Paper).outlined(Ink::Soft, 1.5)
        } else {
            Look::filled(Ink::Agreed).outlined(Ink::Paper, 0.8)
        };
        canvas.circle([x, base], 5.0, look, &meeting.detail);
        if meeting.label.is_empty() {
            continue;
        }
        let half = 0.5 * width_of(&meeting.label, SMALL);
        let middle = x.min(canvas.width - half);
        // The lowest row with room; where none has, the mark stays unnamed and its words are in the table.
        if let Some(free) = (0..rows).find(|row| ends[*row] < middle - half - 3.0) {
            ends[free] = middle + half;
            canvas.words(
                [middle, base - 9.0 - 15.0 * free as f64],
                Anchor::Middle,
                SMALL,
                Ink::Text,
                &meeting.label,
            );
        }
    }
    let below = base + 18.0;
    for framework in timeline.frameworks.iter().filter(seen) {
        let Some(day) = iso_day(&framework.date) else { continue };
        canvas.diamond([time.within(day), below], 6.0, Look::filled(Ink::Agreed), &framework.detail);
    }
    for deadline in timeline.deadlines.iter().filter(seen) {
        let Some(day) = iso_day(&deadline.date) else { continue };
        let x = time.within(day);
        canvas.line([x, below - 7.0], [x, below + 7.0], Look::line(Ink::Law, 2.5), &deadline.detail);
    }
    let mut bottom = below + 12.0;
    if let Some(next) = &timeline.next_deadline
        && let Some(day) = iso_day(&next.date)
    {
        let x = time.within(day);
        clock_lines(canvas, timeline, time, [base - 8.0, bottom]);
        let lines = wrapped(&next.label, 1.12 * SMALL, canvas.width - 4.0);
        for (k, line) in lines.iter().enumerate() {
            let half = 0.5 * width_of_bold(line, SMALL);
            let middle = x.clamp(half, (canvas.width - half).max(half));
            canvas.bold([middle, bottom + 14.0 + 15.0 * k as f64], Anchor::Middle, SMALL, Ink::Law, line);
        }
        bottom += 8.0 + 15.0 * lines.len() as f64;
    }
    let meanings = [
        (Sample::Dot(Look::filled(Ink::Agreed)), "round or summit, by city".to_owned()),
        (Sample::Dot(Look::filled(Ink::Paper).outlined(Ink::Soft, 1.5)), "call".to_owned()),
        (Sample::Diamond(Look::filled(Ink::Agreed)), "framework agreed".to_owned()),
        (Sample::Line(Look::line(Ink::Law, 2.5)), "deadline".to_owned()),
        (Sample::Line(Look::line(Ink::Text, 1.0).dotted()), "the day shown".to_owned()),
    ];
    // The day shown always stands, of the rest what is there.
    let shown = meanings.into_iter().zip(kinds.into_iter().chain([true]));
    let shown: Vec<_> = shown.filter(|(_, is_there)| *is_there).map(|(meaning, _)| meaning).collect();
    row(canvas, 0.0, bottom + 8.0, &shown) + 4.0
}

fn data(panels: &[SteppedTariff], timeline: &Timeline) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for panel in panels {
        let duty = panel.title.split(':').next().unwrap_or_default();
        for layer in &panel.layers {
            let mut last = 0.0;
            for (date, value) in &layer.steps {
                if (value - last).abs() > 1e-9 {
                    rows.push(vec![
                        date.clone(),
                        duty.to_owned(),
                        authority(&layer.authority).to_owned(),
                        format!("{value:.2}"),
                    ]);
                }
                last = *value;
            }
        }
        let ahead = panel.snap_back.iter().skip(1);
        rows.extend(ahead.map(|(date, value)| {
            vec![date.clone(), duty.to_owned(), "all, if nobody signs".to_owned(), format!("{value:.2}")]
        }));
    }
    let events = [
        ("meeting", &timeline.meetings),
        ("framework", &timeline.frameworks),
        ("deadline", &timeline.deadlines),
    ];
    for (kind, marks) in events {
        rows.extend(
            marks
                .iter()
                .map(|held| vec![held.date.clone(), kind.to_owned(), held.detail.clone(), String::new()]),
        );
    }
    rows
}
