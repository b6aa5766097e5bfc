//! The state of the desk as a link: codes and names only, canonical, refused where something is not known.

use std::fmt::Write;

use detente_tables::digest::sha256;
use detente_tables::nearest::suggestion;
use jiff::civil::Date;

/// Most characters of a link.
pub const MOST_CHARACTERS: usize = 1_900;
/// Most levers of a state.
pub const MOST_LEVERS: usize = 60;
/// Most points that a lever moves, either way.
pub const MOST_POINTS: f64 = 500.0;
/// Keys of a link, in their order.
const KEYS: [&str; 9] = ["v", "t", "on", "known", "case", "basis", "others", "x", "made"];
/// What a form's fields begin with: one field a lever.
const FIELD: &str = "l.";

/// What stands in force beside the levers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Case {
    /// Today's measures go on.
    #[default]
    Hold,
    /// What the law says for the next deadline if nobody signs.
    Lapse,
}

/// How steps of the ledger reach the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StateBasis {
    /// As far as they are collected.
    #[default]
    Collected,
    /// As the law has them.
    Statute,
}

/// Points on what one importer charges one exporter.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// Code of the importer.
    pub importer: String,
    /// Code of the exporter.
    pub exporter: String,
    /// `all`, a sector, a kind of sector, or an instrument of the record.
    pub what: String,
    /// Percentage points added; never zero.
    pub points: f64,
}

/// The state of the desk.
#[derive(Clone, Debug, PartialEq)]
pub struct DeskState {
    /// Code of the talks.
    pub talks: String,
    /// The day.
    pub on: Date,
    /// The day whose knowledge counts.
    pub known_on: Date,
    /// What stands beside the levers.
    pub case: Case,
    /// How steps reach the model.
    pub basis: StateBasis,
    /// Whether duties on everybody else are the record's of the day, before and after, in the place of the benchmark's own.
    pub others_of_the_day: bool,
    /// Levers moved, sorted; each once.
    pub levers: Vec<Lever>,
}

/// Why a link is no state.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`{key}`: {reason}")]
pub struct NoState {
    /// The key.
    pub key: String,
    /// What was found and what would be right.
    pub reason: String,
}

fn refused(key: &str, reason: impl Into<String>) -> NoState {
    let key = key.chars().filter(|character| !character.is_control()).take(40).collect();
    NoState { key, reason: reason.into() }
}

/// A name that may stand in links and files: letters, digits, `_` and `-`.
fn is_name(text: &str, most: usize) -> bool {
    !text.is_empty()
        && text.len() <= most
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// What made a link: `0.1.0~2026-10-07~3f9a81`.
fn is_stamp(text: &str) -> bool {
    text.len() <= 60 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-~".contains(&byte))
}

/// What a link says that it was made with. It is no part of the state: the same state made elsewhere is the same.
pub fn made(query: &str) -> Option<&str> {
    let found = query.split('&').find_map(|pair| pair.strip_prefix("made="))?;
    (!found.is_empty() && is_stamp(found)).then_some(found)
}

impl DeskState {
    /// The state of some talks on a day, nothing moved.
    pub fn new(talks: &str, on: Date) -> Self {
        let (case, basis) = (Case::default(), StateBasis::default());
        let (talks, levers) = (talks.to_owned(), Vec::new());
        Self { talks, on, known_on: on, case, basis, others_of_the_day: false, levers }
    }

    /// Reads a link's query, without its `?`; `today` and `talks` stand in where it says nothing.
    ///
    /// ```
    /// use detente::desk::state::DeskState;
    ///
    /// let today = "2026-01-01".parse().expect("a day");
    /// let state = DeskState::from_query("v=1&t=us-china&on=2025-09-16&x=USA.CHN.all-10", "us-china", today)?;
    /// assert_eq!(state.levers[0].points, -10.0);
    /// assert_eq!(state.query(), "v=1&t=us-china&on=2025-09-16&x=USA.CHN.all-10");
    /// assert!(DeskState::from_query("v=1&onn=2025-09-16", "us-china", today).is_err());
    /// # Ok::<(), detente::desk::state::NoState>(())
    /// ```
    ///
    /// # Errors
    /// A key that no state has, with the nearest one; twice the same key; what is no day, no code, no number; too much of anything.
    pub fn from_query(query: &str, talks: &str, today: Date) -> Result<Self, NoState> {
        if query.len() > 2 * MOST_CHARACTERS {
            return Err(refused("link", format!("longer than {MOST_CHARACTERS} characters")));
        }
        let mut held: Vec<(String, String)> = Vec::new();
        let mut levers = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (key, value) = (decoded(key)?, decoded(value)?);
            if let Some(place) = key.strip_prefix(FIELD) {
                if !value.trim().is_empty() {
                    levers.push(lever_at(place, &value)?);
                }
                continue;
            }
            if !KEYS.contains(&key.as_str()) {
                return Err(refused(&key, format!("no key of a link; {}", suggestion(&key, KEYS))));
            }
            if held.iter().any(|(known, _)| *known == key) {
                return Err(refused(&key, "stands twice"));
            }
            held.push((key, value));
        }
        let value = |key: &str| {
            let found = held.iter().find(|(known, _)| known == key);
            found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
        };
        if let Some(version) = value("v").filter(|version| *version != "1") {
            let found: String = version.chars().take(8).collect();
            return Err(refused("v", format!("`{found}` is a link of another program; this one reads 1")));
        }
        let talks = value("t").unwrap_or(talks);
        if !is_name(talks, 60) {
            return Err(refused("t", "the code of talks: letters, digits and `-`"));
        }
        let day = |key: &str, text: &str| {
            let found = text.parse::<Date>().ok().filter(|day| (2000..2100).contains(&day.year()));
            found.ok_or_else(|| refused(key, "a day is year-month-day, as 2025-09-16, and of this century"))
        };
        let on = value("on").map_or(Ok(today), |text| day("on", text))?;
        let known_on = value("known").map_or(Ok(on), |text| day("known", text))?;
        if value("made").is_some_and(|made| !is_stamp(made)) {
            return Err(refused(
                "made",
                "what a link was made with: program, last evidence and benchmark between `~`",
            ));
        }
        let case = match value("case") {
            None | Some("hold") => Case::Hold,
            Some("lapse") => Case::Lapse,
            Some(_) => return Err(refused("case", "one of hold, lapse")),
        };
        let basis = match value("basis") {
            None | Some("collected") => StateBasis::Collected,
            Some("statute") => StateBasis::Statute,
            Some(_) => return Err(refused("basis", "one of collected, statute")),
        };
        let others_of_the_day = match value("others") {
            None | Some("none") => false,
            Some("day") => true,
            Some(_) => return Err(refused("others", "one of none, day")),
        };
        for text in value("x").into_iter().flat_map(|list| list.split(',')) {
            levers.push(lever(text)?);
        }
        let talks = talks.to_owned();
        let state = Self { talks, on, known_on, case, basis, others_of_the_day, levers }.tidied()?;
        if state.query().len() > MOST_CHARACTERS {
            return Err(refused("x", format!("the link is longer than {MOST_CHARACTERS} characters")));
        }
        Ok(state)
    }

    /// Levers sorted, each once, none that moves nothing.
    fn tidied(mut self) -> Result<Self, NoState> {
        let mut levers: Vec<Lever> = Vec::new();
        for lever in self.levers {
            let same = |held: &&mut Lever| {
                held.importer == lever.importer && held.exporter == lever.exporter && held.what == lever.what
            };
            match levers.iter_mut().find(same) {
                Some(held) => held.points = rounded(held.points + lever.points),
                None => levers.push(lever),
            }
        }
        levers.retain(|lever| lever.points != 0.0);
        levers.sort_by(|a, b| (&a.importer, &a.exporter, &a.what).cmp(&(&b.importer, &b.exporter, &b.what)));
        if levers.len() > MOST_LEVERS {
            return Err(refused("x", format!("{} levers; at most {MOST_LEVERS}", levers.len())));
        }
        if let Some(lever) = levers.iter().find(|lever| lever.points.abs() > MOST_POINTS) {
            return Err(refused("x", format!("{} moves by more than {MOST_POINTS} points", lever.what)));
        }
        self.levers = levers;
        Ok(self)
    }

    /// The link's query: the same state has the same one.
    pub fn query(&self) -> String {
        let mut text = format!("v=1&t={}&on={}", self.talks, self.on);
        if self.known_on != self.on {
            let _ = write!(text, "&known={}", self.known_on);
        }
        if self.case == Case::Lapse {
            text.push_str("&case=lapse");
        }
        if self.basis == StateBasis::Statute {
            text.push_str("&basis=statute");
        }
        if self.others_of_the_day {
            text.push_str("&others=day");
        }
        if !self.levers.is_empty() {
            let words: Vec<String> = self
                .levers
                .iter()
                .map(|held| {
                    format!("{}.{}.{}{}", held.importer, held.exporter, held.what, points(held.points))
                })
                .collect();
            let _ = write!(text, "&x={}", words.join(","));
        }
        text
    }

    /// What the state is cited by: the first twelve digits of its hash.
    pub fn hash(&self) -> String {
        sha256(self.query().as_bytes()).chars().take(12).collect()
    }
}

/// Points with their sign, as short as they are: `+5`, `-2.5`.
pub fn points(value: f64) -> String {
    format!("{value:+}")
}

fn rounded(value: f64) -> f64 {
    let value = (value * 100.0).round() / 100.0;
    if value == 0.0 { 0.0 } else { value }
}

/// `USA.CHN.AGR+5`: importer, exporter, what, points with their sign.
fn lever(text: &str) -> Result<Lever, NoState> {
    let bad = || refused("x", "a lever is importer.exporter.what and points with their sign, as A.B.all-10");
    let at = text.rfind(['+', '-']).ok_or_else(bad)?;
    lever_at(&text[..at], &text[at..]).map_err(|_| bad())
}

/// A lever from its place and its points.
fn lever_at(place: &str, value: &str) -> Result<Lever, NoState> {
    let bad = |reason: &str| refused(place, reason);
    let parts: Vec<&str> = place.split('.').collect();
    let [importer, exporter, what] = parts.as_slice() else {
        return Err(bad("a lever stands at importer.exporter.what"));
    };
    if !is_name(importer, 12) || !is_name(exporter, 12) || !is_name(what, 60) || importer == exporter {
        return Err(bad(
            "importer and exporter are codes of two economies, what a sector, a kind, a measure or `all`",
        ));
    }
    let number = value.trim().replace('−', "-");
    let number = number.parse::<f64>().ok().filter(|number| number.is_finite());
    let number = number.ok_or_else(|| bad("points are a number"))?;
    let [importer, exporter, what] = [importer, exporter, what].map(|part| (*part).to_owned());
    Ok(Lever { importer, exporter, what, points: rounded(number) })
}

/// A part of a query: `%2E` and `+`… as browsers write forms. A plus stays a plus: it is a sign here.
fn decoded(text: &str) -> Result<String, NoState> {
    let bytes = text.as_bytes();
    let mut found = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = text.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
            found.push(digits.ok_or_else(|| refused("link", "`%` needs two hexadecimal digits after it"))?);
            at += 3;
        } else {
            found.push(bytes[at]);
            at += 1;
        }
    }
    let text = String::from_utf8(found).map_err(|_| refused("link", "is no text"))?;
    if text.chars().any(char::is_control) {
        Err(refused("link", "holds a control character"))
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<DeskState, NoState> {
        DeskState::from_query(query, "a-b", Date::constant(2026, 1, 2))
    }

    #[test]
    fn the_same_state_has_one_link_and_one_hash() {
        let one =
            read("x=B.A.all-3,A.B.S1%2B2.5,A.B.S1-0.5&on=2025-09-16&known=2025-10-01&case=lapse&others=day")
                .expect("a state");
        let two =
            read("v=1&t=a-b&on=2025-09-16&known=2025-10-01&case=lapse&others=day&l.A.B.S1=2&l.B.A.all=−3&l.A.B.S2=")
                .expect("a state");
        assert_eq!(one, two);
        assert_eq!(
            one.query(),
            "v=1&t=a-b&on=2025-09-16&known=2025-10-01&case=lapse&others=day&x=A.B.S1+2,B.A.all-3"
        );
        assert_eq!(read(&one.query()).expect("its own link"), one);
        assert_eq!(one.hash().len(), 12);
    }

    #[test]
    fn what_made_a_link_is_no_part_of_the_state() {
        let link = "v=1&t=a-b&on=2025-09-16&made=0.1.0~2026-10-07~3f9a81";
        assert_eq!(made(link), Some("0.1.0~2026-10-07~3f9a81"));
        let state = read(link).expect("a state");
        assert_eq!(state, read("v=1&t=a-b&on=2025-09-16").expect("a state"));
        assert_eq!(made(&state.query()), None);
    }

    #[test]
    fn a_measure_with_digits_in_its_name_keeps_them() {
        let state = read("x=A.B.M-301-2018-7.5").expect("a state");
        assert_eq!((state.levers[0].what.as_str(), state.levers[0].points), ("M-301-2018", -7.5));
    }

    #[test]
    fn what_is_not_known_is_refused_and_nothing_panics() {
        let long = format!("x={}", vec!["A.B.all+1"; 5000].join(","));
        for (query, key) in [
            ("onn=2025-01-01", "onn"),
            ("on=2025-02-30", "on"),
            ("on=0001-01-01", "on"),
            ("case=peace", "case"),
            ("others=some", "others"),
            ("v=2", "v"),
            ("made=<b>", "made"),
            ("on=2025-01-01&on=2025-01-01", "on"),
            ("x=A.A.all+1", "x"),
            ("x=A.B.all", "x"),
            ("x=A.B.../etc+1", "x"),
            ("x=A.B.all+1e309", "x"),
            ("x=A.B.all+NaN", "x"),
            ("x=A.B.all+501", "x"),
            ("t=../a", "t"),
            ("on=%zz", "link"),
            ("on=%00", "link"),
            ("%ff=1", "link"),
            ("l.A.B=1", "A.B"),
            (&long, "link"),
        ] {
            let refused = read(query).expect_err(query);
            assert_eq!(refused.key, key, "{query}: {refused}");
        }
        let suggestion = read("bassis=statute").expect_err("no such key").reason;
        assert!(suggestion.contains("basis"), "{suggestion}");
    }
}
