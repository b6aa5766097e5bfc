//! Scales: numbers and days as places in a drawing, and the round numbers to mark on them.

use detente_tables::number::round_significant;
use jiff::civil::Date;

/// A line from values to places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    values: [f64; 2],
    places: [f64; 2],
}

impl Scale {
    /// From the two ends of the values to two places; values that are one and the same stand in the middle.
    pub fn new(values: [f64; 2], places: [f64; 2]) -> Self {
        Self { values, places }
    }

    /// Place of a value.
    pub fn at(&self, value: f64) -> f64 {
        let [low, high] = self.values;
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        self.places[0] + share * (self.places[1] - self.places[0])
    }

    /// Place of a value, at the edge where it lies beyond.
    pub fn within(&self, value: f64) -> f64 {
        let [low, high] = self.values;
        self.at(value.clamp(low.min(high), high.max(low)))
    }

    /// The value at the first or at the second end.
    pub fn at_edge(&self, end: usize) -> f64 {
        self.values[end.min(1)]
    }

    /// Round values between the ends, about so many.
    pub fn marks(&self, about: usize) -> Vec<f64> {
        let [low, high] = self.values;
        let step = step(high - low, about);
        if step == 0.0 {
            return vec![low];
        }
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        (first..=last.min(first + 40)).map(|k| k as f64 * step).collect()
    }
}

/// One, two or five times a power of ten, so that a span has about so many steps.
fn step(span: f64, about: usize) -> f64 {
    let raw = span / about.max(1) as f64;
    // Zero, negative, infinite or no number: there is nothing to mark.
    if !raw.is_normal() || raw < 0.0 {
        return 0.0;
    }
    let power = 10f64.powf(raw.log10().floor());
    let digit = match raw / power {
        digit if digit < 1.5 => 1.0,
        digit if digit < 3.5 => 2.0,
        digit if digit < 7.5 => 5.0,
        _ => 10.0,
    };
    digit * power
}

/// Ends that hold all values and zero, with a little room.
pub fn ends(values: impl IntoIterator<Item = f64>) -> [f64; 2] {
    let found = values.into_iter().filter(|value| value.is_finite());
    let [low, high] = found.fold([0.0_f64, 0.0], |[low, high], value| [low.min(value), high.max(value)]);
    let room = 0.06 * (high - low).max(1e-6);
    [if low < 0.0 { low - room } else { low }, if high > 0.0 { high + room } else { high }]
}

/// A mark in words: as few digits as its step needs, a true minus.
pub fn mark(value: f64, step: f64) -> String {
    let decimals = if step > 0.0 { (-step.log10().floor()).max(0.0) as usize } else { 0 };
    let value = round_significant(value, 9);
    format!("{value:.decimals$}").replace('-', "−")
}

/// A mark with its sign.
pub fn signed_mark(value: f64, step: f64) -> String {
    let text = mark(value, step);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// The step between marks.
pub fn step_of(marks: &[f64]) -> f64 {
    marks.windows(2).next().map_or(1.0, |pair| pair[1] - pair[0])
}

/// A day as a number of days.
pub fn day(date: Date) -> f64 {
    let unix = Date::constant(1970, 1, 1);
    date.since(unix).map_or(0.0, |span| f64::from(span.get_days()))
}

/// An ISO day as a number of days; none where it is no day.
pub fn iso_day(text: &str) -> Option<f64> {
    text.parse::<Date>().ok().map(day)
}

/// First days of months or of years between two days, about so many, with their words.
pub fn months(from: Date, to: Date, about: usize) -> Vec<(f64, String)> {
    let months = (12 * (i32::from(to.year()) - i32::from(from.year())) + i32::from(to.month())
        - i32::from(from.month()))
    .max(1);
    let step = [1, 2, 3, 6, 12, 24, 60].into_iter().find(|step| months / step <= about as i32).unwrap_or(120);
    let mut found = Vec::new();
    for month in 0..=months {
        let index = 12 * i32::from(from.year()) + i32::from(from.month()) - 1 + month;
        if index % step != 0 {
            continue;
        }
        let (Ok(year), Ok(of_year)) = (i16::try_from(index / 12), i8::try_from(index % 12 + 1)) else {
            continue;
        };
        let Ok(date) = Date::new(year, of_year, 1) else { continue };
        if date < from || date > to {
            continue;
        }
        let name = MONTHS[usize::from(of_year.unsigned_abs()) - 1];
        let words = if of_year == 1 { year.to_string() } else { name.to_owned() };
        found.push((day(date), words));
    }
    found
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_inside() {
        let scale = Scale::new([-0.13, 0.41], [0.0, 100.0]);
        let marks = scale.marks(5);
        let words: Vec<String> = marks.iter().map(|value| signed_mark(*value, step_of(&marks))).collect();
        assert_eq!(words, ["−0.1", "0.0", "+0.1", "+0.2", "+0.3", "+0.4"]);
        assert_eq!(Scale::new([3.0, 3.0], [0.0, 10.0]).at(3.0), 5.0);
        assert_eq!(Scale::new([f64::NAN, 1.0], [0.0, 1.0]).marks(4).len(), 1);
    }

    #[test]
    fn months_of_a_long_span_are_years() {
        let (from, to) = (Date::constant(2017, 11, 5), Date::constant(2026, 12, 1));
        let words: Vec<String> = months(from, to, 6).into_iter().map(|(_, words)| words).collect();
        assert_eq!(words, ["2018", "2020", "2022", "2024", "2026"]);
    }
}
