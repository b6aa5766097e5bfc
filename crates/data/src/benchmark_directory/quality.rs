//! `quality.csv` and `tariff_provenance.csv`: how far the numbers can be trusted, and what the tariffs already contain.
//!
//! Both are additions of ours to the contract's tables, and optional.

use jiff::civil::Date;

use super::flows::Frame;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::folder::Folder;
use detente_tables::nearest::suggestion;

/// How far an economy's input structure can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Proxy, or moved by more than a quarter of itself in balancing: answers that hinge on it say so.
    Weak,
    /// Older than the benchmark or borrowed in part.
    Fair,
    /// The economy's own, recent.
    Good,
}

impl Grade {
    const WORDS: [(&'static str, Grade); 3] =
        [("weak", Grade::Weak), ("fair", Grade::Fair), ("good", Grade::Good)];

    /// The word of the file.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, grade)| *grade == self).map_or("", |(word, _)| word)
    }
}

/// Where an economy's input structure comes from and how good it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// Position of the economy.
    pub economy: usize,
    /// Source of the input structure.
    pub input_source: String,
    /// Year of that source.
    pub input_year: Option<i32>,
    /// Share of the input seed that balancing moved; none where nothing was balanced.
    pub moved_share: Option<f64>,
    /// Source of value added.
    pub value_added_source: String,
    /// How far it can be trusted.
    pub grade: Grade,
}

/// What an importer's tariffs in the benchmark are, and on which day of a ledger they stand.
#[derive(Clone, Debug, PartialEq)]
pub struct TariffProvenance {
    /// Position of the importer.
    pub importer: usize,
    /// What the rates are, for instance "statutory 2022" or "collected 2024".
    pub rates: String,
    /// The day on which a ledger's measures are those that the benchmark's rates contain.
    pub ledger_day: Date,
    /// Why this day.
    pub why: String,
}

pub(super) fn read_quality(folder: &Folder, frame: &Frame) -> Result<Vec<Quality>, Problems> {
    let Some(table) = folder.table("quality")? else { return Ok(Vec::new()) };
    let ([economy, input_source, input_year, moved_share, value_added_source, grade], []) = table.expect(
        ["economy", "input_source", "input_year", "moved_share", "value_added_source", "grade"],
        [],
    )?;
    let mut problems = Vec::new();
    let mut qualities = Vec::new();
    for row in table.rows() {
        let read = || -> Result<Quality, Problem> {
            let word = row.text(grade);
            let Some((_, grade)) = Grade::WORDS.iter().find(|(known, _)| *known == word) else {
                let suggestion = suggestion(&word, Grade::WORDS.iter().map(|(known, _)| *known));
                return Err(row.problem(Finding::UnknownWord { found: word.into_owned(), suggestion }));
            };
            Ok(Quality {
                economy: frame.economies.at(&row, economy)?,
                input_source: row.text(input_source).into_owned(),
                input_year: row.number_or_empty(Some(input_year))?.map(|year| year as i32),
                moved_share: row.number_or_empty(Some(moved_share))?,
                value_added_source: row.text(value_added_source).into_owned(),
                grade: *grade,
            })
        };
        match read() {
            Ok(quality) => qualities.push(quality),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(qualities) } else { Err(Problems(problems)) }
}

pub(super) fn read_provenance(folder: &Folder, frame: &Frame) -> Result<Vec<TariffProvenance>, Problems> {
    let Some(table) = folder.table("tariff_provenance")? else { return Ok(Vec::new()) };
    let ([importer, rates, ledger_day, why], []) =
        table.expect(["importer", "rates", "ledger_day", "why"], [])?;
    let mut problems = Vec::new();
    let mut provenances = Vec::new();
    for row in table.rows() {
        let read = || -> Result<TariffProvenance, Problem> {
            let text = row.text(ledger_day);
            let ledger_day = text.parse::<Date>().map_err(|_| {
                let right = "a date is year-month-day, for instance 2024-07-01".to_string();
                row.problem(Finding::NoSuchDate { found: text.clone().into_owned(), right })
            })?;
            Ok(TariffProvenance {
                importer: frame.economies.at(&row, importer)?,
                rates: row.text(rates).into_owned(),
                ledger_day,
                why: row.text(why).into_owned(),
            })
        };
        match read() {
            Ok(provenance) => provenances.push(provenance),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(provenances) } else { Err(Problems(problems)) }
}
