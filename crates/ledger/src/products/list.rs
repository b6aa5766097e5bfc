//! A product list: the scope of a measure as codes, one a row, each with its days and conditions; where the lines of a notice are
//! not on record, as shares.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;

use super::cells::{cells, rows};
use super::{ProductCode, ProductError};
use crate::condition::Requirement;

/// How much of a product a list covers.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub enum Coverage {
    /// Nothing of it.
    None,
    /// An unknown part; the share is what the record expects.
    Share(f64),
    /// Some of what lies below the code, not all: a longer code would settle it.
    Part,
    /// All of it.
    All,
}

/// What rows have in common besides their codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Terms {
    /// First day on the list; from its beginning where absent.
    pub from: Option<Date>,
    /// First day no longer on it.
    pub until: Option<Date>,
    /// Day from which the row was known.
    pub announced: Option<Date>,
    /// Day from which its end was known; with the row where absent.
    pub end_announced: Option<Date>,
    /// Conditions that must be met.
    pub requires: Vec<Requirement>,
    /// The note of the law that prints it, where it differs from the list's.
    pub note: Option<String>,
}

impl Terms {
    /// Whether the row is on the list on a day, as known on a day.
    pub fn holds(&self, on: Date, known_on: Date) -> bool {
        let until = self.until.filter(|_| self.end_announced.is_none_or(|day| day <= known_on));
        crate::preference::holds(self.from, until, self.announced, on, known_on)
    }
}

/// A row that meets a product: which terms, and whether it covers all of it or something within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Match {
    /// Place of the terms in [`ProductList::terms`].
    pub terms: u16,
    /// All of the product.
    pub whole: bool,
}

/// Codes in order with their terms; or codes with shares, where the longest code holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProductList {
    rows: Vec<(ProductCode, u16)>,
    terms: Vec<Terms>,
    shares: BTreeMap<ProductCode, f64>,
    id: u64,
}

const COLUMNS: &str =
    "write `code`, with any of `from`, `until`, `announced`, `end_announced`, `if`, `note`; or `code,share`";

impl ProductList {
    /// A list of these codes without days; doubles and codes inside another are dropped.
    pub fn new(codes: Vec<ProductCode>) -> Self {
        Self::of(codes.into_iter().map(|code| (code, 0)).collect(), vec![Terms::default()], BTreeMap::new())
    }

    fn of(mut rows: Vec<(ProductCode, u16)>, terms: Vec<Terms>, shares: BTreeMap<ProductCode, f64>) -> Self {
        // Short before long at the same start, so that whatever lies inside follows what covers it.
        rows.sort_unstable_by_key(|(code, terms)| (code.first(), code.digits(), *terms));
        rows.dedup();
        if terms.len() == 1 {
            let mut kept: Vec<(ProductCode, u16)> = Vec::with_capacity(rows.len());
            for row in rows {
                if !kept.last().is_some_and(|(last, _)| last.covers(row.0)) {
                    kept.push(row);
                }
            }
            rows = kept;
        }
        let mut hash = DefaultHasher::new();
        (&rows, &terms).hash(&mut hash);
        for (code, share) in &shares {
            (code, share.to_bits()).hash(&mut hash);
        }
        Self { rows, terms, shares, id: hash.finish() }
    }

    /// Reads a file with one code a row under a header that starts with `code`; `#` starts a comment line.
    pub fn read(file: &str, text: &str) -> Result<Self, ProductError> {
        let mut rows = rows(text);
        let header = rows.next().map(|(_, row)| cells(row)).unwrap_or_default();
        if header.is_empty() {
            return Err(ProductError::row(file, 1, "there is no header", COLUMNS));
        }
        let names: Vec<&str> = header.iter().map(AsRef::as_ref).collect();
        let list = if names == ["code", "share"] {
            Self::of(Vec::new(), Vec::new(), read_shares(file, rows)?)
        } else {
            read_rows(file, &names, rows)?
        };
        if list.rows.is_empty() && list.shares.is_empty() {
            return Err(ProductError::row(
                file,
                1,
                "the list is empty",
                "name at least one code, or drop the list",
            ));
        }
        Ok(list)
    }

    /// What tells the list from any other: its content.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// What rows have in common besides their codes.
    pub fn terms(&self) -> &[Terms] {
        &self.terms
    }

    /// The rows that meet `code`, whatever their days and conditions.
    pub fn matches(&self, code: ProductCode) -> Vec<Match> {
        let mut found = Vec::new();
        for digits in [2, 4, 6, 8, 10] {
            if digits > code.digits() {
                break;
            }
            let wanted = code.cut(digits);
            let key = (wanted.first(), digits);
            let first = self.rows.partition_point(|(held, _)| (held.first(), held.digits()) < key);
            let here = self.rows[first..].iter().take_while(|(held, _)| *held == wanted);
            found.extend(here.map(|(_, terms)| Match { terms: *terms, whole: true }));
        }
        let first = self.rows.partition_point(|(held, _)| held.first() < code.first());
        let inside = self.rows[first..].iter().take_while(|(held, _)| held.first() <= code.last());
        for (_, terms) in inside.filter(|(held, _)| held.digits() > code.digits()) {
            let part = Match { terms: *terms, whole: false };
            if !found.contains(&part) {
                found.push(part);
            }
        }
        found
    }

    /// How much of `code` the list covers on some day under some condition.
    pub fn coverage(&self, code: ProductCode) -> Coverage {
        if let Some(share) = self.share(code) {
            return share;
        }
        let found = self.matches(code);
        if found.iter().any(|one| one.whole) {
            Coverage::All
        } else if found.is_empty() {
            Coverage::None
        } else {
            Coverage::Part
        }
    }

    /// The share of a list that knows shares and not lines; none of any other list.
    pub fn share(&self, code: ProductCode) -> Option<Coverage> {
        if self.shares.is_empty() {
            return None;
        }
        let held = [10, 8, 6, 4, 2].into_iter().find_map(|digits| self.shares.get(&code.cut(digits)));
        // One and nothing are goods that a notice names, on this list or on another; anything between is an expectation.
        Some(match held {
            Some(share) if *share >= 1.0 => Coverage::All,
            Some(share) if *share > 0.0 => Coverage::Share(*share),
            _ => Coverage::None,
        })
    }

    /// The rows: codes in order, each with its terms.
    pub fn rows(&self) -> impl Iterator<Item = (ProductCode, &Terms)> {
        self.rows.iter().map(|(code, terms)| (*code, &self.terms[usize::from(*terms)]))
    }

    /// The rows with the places of their terms, for sweeps over many lines.
    pub(crate) fn placed_rows(&self) -> &[(ProductCode, u16)] {
        &self.rows
    }

    /// The codes, in order, each once.
    pub fn codes(&self) -> Vec<ProductCode> {
        if !self.shares.is_empty() {
            return self.shares.keys().copied().collect();
        }
        let mut codes: Vec<ProductCode> = self.rows.iter().map(|(code, _)| *code).collect();
        codes.dedup();
        codes
    }

    /// The days on which some row begins or ends.
    pub fn days_of_change(&self) -> impl Iterator<Item = Date> {
        self.terms.iter().flat_map(|terms| [terms.from, terms.until]).flatten()
    }

    /// Whether the list knows shares and not lines.
    pub fn is_by_share(&self) -> bool {
        !self.shares.is_empty()
    }
}

fn read_rows<'a>(
    file: &str,
    names: &[&str],
    lines: impl Iterator<Item = (usize, &'a str)>,
) -> Result<ProductList, ProductError> {
    let known = ["code", "from", "until", "announced", "end_announced", "if", "note"];
    let strange = names.iter().find(|name| !known.contains(name));
    if let (Some(strange), true) = (strange, names.first() == Some(&"code")) {
        return Err(ProductError::row(file, 1, format!("column `{strange}` is unknown"), COLUMNS));
    }
    if names.first() != Some(&"code") {
        return Err(ProductError::row(file, 1, format!("the header is `{}`", names.join(",")), COLUMNS));
    }
    let mut rows = Vec::new();
    let mut terms: Vec<Terms> = Vec::new();
    // Many rows share few terms, so that what stands after the code is understood once for each way in which it is written.
    let mut places: HashMap<&str, u16> = HashMap::new();
    for (at, row) in lines {
        // A code in quotes may hold a comma of its own.
        let in_quotes = row.starts_with('"');
        let (code, rest) = row.split_once(',').unwrap_or((row, ""));
        if let Some(held) = places.get(rest).filter(|_| !in_quotes) {
            rows.push((read_code(file, at, code)?, *held));
            continue;
        }
        let cells = cells(row);
        if row.matches('"').count() % 2 == 1 {
            let problem = "a quote does not close on its line";
            return Err(ProductError::row(file, at, problem, "close the quote, and keep a row on one line"));
        }
        if cells.len() > names.len() {
            return Err(ProductError::row(
                file,
                at,
                format!("`{}` has more cells than the header", cells.join(",")),
                "write a code of 2, 4, 6, 8 or 10 digits and nothing else, or name the columns; quote a cell that holds a comma",
            ));
        }
        let code = read_code(file, at, cells.first().map_or("", AsRef::as_ref))?;
        let own = read_terms(file, at, names, &cells)?;
        let held = match terms.iter().position(|held| *held == own) {
            Some(held) => held,
            None => {
                terms.push(own);
                terms.len() - 1
            }
        };
        let held = u16::try_from(held).map_err(|_| {
            ProductError::row(file, at, "too many different days and notes", "split the list")
        })?;
        if !in_quotes {
            places.insert(rest, held);
        }
        rows.push((code, held));
    }
    Ok(ProductList::of(rows, terms, BTreeMap::new()))
}

/// What a row says besides its code.
fn read_terms(file: &str, at: usize, names: &[&str], cells: &[Cow<'_, str>]) -> Result<Terms, ProductError> {
    let cell = |name: &str| {
        let place = names.iter().position(|held| *held == name);
        place.and_then(|place| cells.get(place)).map_or("", AsRef::as_ref)
    };
    let day = |name: &str| -> Result<Option<Date>, ProductError> {
        let cell = cell(name);
        if cell.is_empty() {
            return Ok(None);
        }
        cell.parse().map(Some).map_err(|_| {
            let problem = format!("`{cell}` is no day");
            ProductError::row(file, at, problem, "write year-month-day, or leave it empty")
        })
    };
    let (from, until) = (day("from")?, day("until")?);
    if from.zip(until).is_some_and(|(from, until)| until <= from) {
        let repair = "`until` is the first day no longer";
        return Err(ProductError::row(file, at, "the row leaves before it comes", repair));
    }
    let requires = cell("if")
        .split_whitespace()
        .map(|typed| {
            Requirement::try_from(typed.to_owned())
                .map_err(|problem| ProductError::row(file, at, problem, "repair the cell"))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let note = Some(cell("note")).filter(|note| !note.is_empty()).map(str::to_owned);
    let end_announced = day("end_announced")?;
    if end_announced.is_some() && until.is_none() {
        let repair = "give `until`, or leave `end_announced` empty";
        return Err(ProductError::row(file, at, "the row has no end that could be announced", repair));
    }
    Ok(Terms { from, until, announced: day("announced")?, end_announced, requires, note })
}

fn read_shares<'a>(
    file: &str,
    lines: impl Iterator<Item = (usize, &'a str)>,
) -> Result<BTreeMap<ProductCode, f64>, ProductError> {
    let mut shares = BTreeMap::new();
    for (at, row) in lines {
        let cells = cells(row);
        let [code, share, ..] = cells.as_slice() else {
            return Err(ProductError::row(file, at, format!("`{row}` has no share"), "write `code,share`"));
        };
        let code = read_code(file, at, code)?;
        let share =
            share.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number)).ok_or_else(|| {
                ProductError::row(file, at, format!("the share is `{share}`"), "write a fraction from 0 to 1")
            })?;
        if shares.insert(code, share).is_some() {
            return Err(ProductError::row(
                file,
                at,
                format!("{code} is there twice"),
                "keep one of the rows",
            ));
        }
    }
    Ok(shares)
}

fn read_code(file: &str, at: usize, cell: &str) -> Result<ProductCode, ProductError> {
    cell.parse().map_err(|error: ProductError| {
        ProductError::row(file, at, error.to_string(), "write a code and nothing else")
    })
}
