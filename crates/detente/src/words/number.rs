//! Numbers, days and names as sentences have them.

use detente_tables::number::{self, signed};
use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day: `10 November 2025`; what is no day stays as it is.
///
/// ```
/// assert_eq!(detente::words::number::day("2025-11-10"), "10 November 2025");
/// ```
pub fn day(iso: &str) -> String {
    match iso.parse::<Date>() {
        Ok(date) => {
            format!("{} {} {}", date.day(), MONTHS[usize::from(date.month().unsigned_abs()) - 1], date.year())
        }
        Err(_) => iso.to_owned(),
    }
}

/// A month from `2025-07`: `July 2025`; what is no month stays as it is.
pub fn month(iso: &str) -> String {
    match format!("{iso}-01").parse::<Date>() {
        Ok(date) => format!("{} {}", MONTHS[usize::from(date.month().unsigned_abs()) - 1], date.year()),
        Err(_) => iso.to_owned(),
    }
}

/// A change with its sign, two significant digits and a true minus.
///
/// ```
/// assert_eq!(detente::words::number::change(-0.0905), "−0.091");
/// ```
pub fn change(value: f64) -> String {
    signed(Some(value)).replace('-', "−")
}

/// A range of changes.
pub fn range((low, high): (f64, f64)) -> String {
    format!("{} to {}", change(low), change(high))
}

/// A rate given as a fraction, in percent with one decimal and without its sign.
pub fn percent(rate: f64) -> String {
    format!("{:.1}", 100.0 * rate)
}

/// A share in whole percent, halves up.
pub fn whole(share: f64) -> String {
    format!("{:.0}", (100.0 * share).round())
}

/// Percentage points: whole where they are, else one decimal.
pub fn points(value: f64) -> String {
    if (value - value.round()).abs() < 0.05 { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// Dollars: `$253 billion`.
pub fn dollars(value: f64) -> String {
    let short = number::dollars(Some(value));
    let ends = [("tn", " trillion"), ("bn", " billion"), ("m", " million")];
    let found = ends.iter().find_map(|(end, word)| Some(format!("{}{word}", short.strip_suffix(end)?)));
    found.unwrap_or(short)
}

/// What trade weighs an average or is reached, from the name of its weights: `imports of 2024`.
///
/// ```
/// use detente::words::number::flow;
/// assert_eq!(flow("imports-from-partner-2024"), "imports of 2024");
/// assert_eq!(flow("trade"), "trade");
/// ```
pub fn flow(weights: &str) -> String {
    match (weights.split('-').next(), weights.rsplit('-').next().and_then(|last| last.parse::<u16>().ok())) {
        (Some(flow), Some(year)) => format!("{flow} of {year}"),
        _ => weights.to_owned(),
    }
}

/// Whole days in words.
pub fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

/// A name with the article that English gives to unions and united states, within a sentence.
///
/// ```
/// use detente::words::number::named;
/// assert_eq!(named("United Kingdom"), "the United Kingdom");
/// assert_eq!(named("UK"), "the UK");
/// assert_eq!(named("Brazil"), "Brazil");
/// ```
pub fn named(name: &str) -> String {
    // Initials stand for a name that has the article.
    let is_short = name.len() > 1 && name.bytes().all(|letter| letter.is_ascii_uppercase());
    let takes_article =
        is_short || name.starts_with("United ") || name.contains(" Union") || name.starts_with("Rest of ");
    if takes_article { format!("the {name}") } else { name.to_owned() }
}

/// Whose: `the United Kingdom's`, `the Netherlands'`.
pub fn whose(name: &str) -> String {
    let name = named(name);
    if name.ends_with('s') { format!("{name}'") } else { format!("{name}'s") }
}

/// With a capital, where a sentence begins with it.
pub fn opening(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

/// A sentence that goes on after other words: an article loses its capital, a name keeps it.
///
/// ```
/// use detente::words::number::within;
/// assert_eq!(within("The United States would gain"), "the United States would gain");
/// assert_eq!(within("China would gain"), "China would gain");
/// ```
pub fn within(sentence: &str) -> String {
    match ["The ", "Whether "].iter().find(|word| sentence.starts_with(*word)) {
        Some(word) => format!("{}{}", word.to_lowercase(), &sentence[word.len()..]),
        None => sentence.to_owned(),
    }
}

/// Items as a sentence joins them: commas, `and` before the last.
pub fn joined(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_words_have_them() {
        assert_eq!(dollars(252.8e9), "$253 billion");
        assert_eq!(dollars(674e6), "$674 million");
        assert_eq!(points(24.0), "24");
        assert_eq!(points(7.5), "7.5");
        assert_eq!(whose("United Arab Emirates"), "the United Arab Emirates'");
        assert_eq!(joined(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(opening("the sea"), "The sea");
        assert_eq!(month("2025-07"), "July 2025");
    }
}
