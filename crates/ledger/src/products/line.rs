//! The tariff lines of one importer: base rate and the trade that gives a line its weight.

use std::sync::Arc;

use super::{BaseRate, ProductCode, ProductError};

/// One tariff line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Eight digits, ten where a list splits the eight, six where the importer's own lines are not on record.
    pub code: ProductCode,
    /// The base rate as the schedule prints it.
    pub base: BaseRate,
    /// The share of value that a specific or compound rate came to in the year of the trade figures; for averages only.
    pub ad_valorem_equivalent: Option<f64>,
    /// Place in its table.
    place: usize,
}

impl Line {
    /// Its place in its table.
    pub(crate) fn place(&self) -> usize {
        self.place
    }

    /// The rate that enters an average: the ad valorem rate, else the equivalent of the specific one.
    pub fn average_base(&self) -> Option<f64> {
        self.base.ad_valorem().or(self.ad_valorem_equivalent)
    }
}

/// All lines of one importer, in order of code.
#[derive(Debug, Clone, PartialEq)]
pub struct LineTable {
    /// Name and one value for each line, by place.
    columns: Vec<(String, Arc<[Option<f64>]>)>,
    lines: Arc<[Line]>,
}

const VALUE: &str = "customs_value_";
const DUTY: &str = "calculated_duty_";

impl LineTable {
    /// Reads `code,base_rate,ad_valorem_equivalent` and any columns `customs_value_<exporter>`, `calculated_duty_<exporter>`.
    pub fn read(file: &str, text: &str) -> Result<Self, ProductError> {
        Self::read_where(file, text, |_| true)
    }

    /// The same of the rows of one chapter, by its two digits; the others are not looked into.
    pub fn read_chapter(file: &str, text: &str, chapter: &str) -> Result<Self, ProductError> {
        let in_quotes =
            |row: &str| row.trim_start().strip_prefix('"').is_some_and(|row| row.starts_with(chapter));
        Self::read_where(file, text, |row| row.starts_with(chapter) || in_quotes(row))
    }

    fn read_where(file: &str, text: &str, wanted: impl Fn(&str) -> bool) -> Result<Self, ProductError> {
        let mut rows = text.lines().enumerate();
        let header = rows.next().map(|(_, row)| row.trim()).unwrap_or_default();
        let names: Vec<&str> = header.split(',').collect();
        let [code, base, equivalent, columns @ ..] = names.as_slice() else {
            return Err(ProductError::row(
                file,
                1,
                "too few columns",
                "start with code,base_rate,ad_valorem_equivalent",
            ));
        };
        for (found, right) in [(code, "code"), (base, "base_rate"), (equivalent, "ad_valorem_equivalent")] {
            if *found != right {
                return Err(ProductError::row(
                    file,
                    1,
                    format!("column `{found}`"),
                    format!("write `{right}`"),
                ));
            }
        }
        if let Some(strange) = columns.iter().find(|name| !name.starts_with(VALUE) && !name.starts_with(DUTY))
        {
            let repair = format!("name it `{VALUE}<exporter>` or `{DUTY}<exporter>`");
            return Err(ProductError::row(file, 1, format!("column `{strange}` is unknown"), repair));
        }
        let mut lines = Vec::new();
        let mut cells: Vec<Vec<Option<f64>>> = vec![Vec::new(); columns.len()];
        for (at, row) in rows {
            if !wanted(row) || row.trim().is_empty() {
                continue;
            }
            let (line, values) = read_line(file, at + 1, row, columns.len(), lines.len())?;
            if lines.last().is_some_and(|last: &Line| last.code.last() >= line.code.first()) {
                let problem = format!("{} does not come after the line above it", line.code);
                return Err(ProductError::row(
                    file,
                    at + 1,
                    problem,
                    "sort by code; a code stands once and never beside its parent",
                ));
            }
            cells.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
            lines.push(line);
        }
        let columns = columns.iter().zip(cells);
        let columns = columns.map(|(name, column)| ((*name).to_owned(), column.into())).collect();
        Ok(Self { columns, lines: lines.into() })
    }

    /// Every line.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The lines that `code` stands for: those below it, or the one that it lies in.
    pub fn below(&self, code: ProductCode) -> &[Line] {
        &self.lines[self.places_below(code)]
    }

    /// The places of these lines.
    pub(crate) fn places_below(&self, code: ProductCode) -> std::ops::Range<usize> {
        let first = self.lines.partition_point(|line| line.code.last() < code.first());
        let count = self.lines[first..].partition_point(|line| line.code.first() <= code.last());
        first..first + count
    }

    /// Customs value of a line from `exporter`; none where the table has no such column or no trade.
    pub fn value(&self, line: &Line, exporter: &str) -> Option<f64> {
        self.cell(line, VALUE, exporter)
    }

    /// [`LineTable::value`] of many lines: the column is looked up once.
    pub fn values(&self, exporter: &str) -> impl Fn(&Line) -> Option<f64> + use<> {
        let column = self.column(VALUE, exporter).cloned();
        move |line| column.as_ref()?.get(line.place).copied().flatten()
    }

    /// The same lines with the trade of one more exporter, by line in order of code; values on other codes are left out.
    #[must_use]
    pub fn with_trade(&self, exporter: &str, values: &[(ProductCode, f64)]) -> Self {
        let mut table = self.clone();
        let mut rest = values;
        let value_of = |line: &Line| {
            let key = |code: ProductCode| (code.first(), code.digits());
            let at = rest.iter().position(|(code, _)| key(*code) >= key(line.code)).unwrap_or(rest.len());
            rest = &rest[at..];
            rest.first().filter(|(code, _)| *code == line.code).map(|(_, value)| *value)
        };
        let column = self.lines.iter().map(value_of).collect();
        table.columns.push((format!("{VALUE}{exporter}"), column));
        table
    }

    /// Duty that customs calculated on a line from `exporter` in the year of the trade figures.
    pub fn calculated_duty(&self, line: &Line, exporter: &str) -> Option<f64> {
        self.cell(line, DUTY, exporter)
    }

    /// Whether the table weighs lines by trade with `exporter`.
    pub fn weighs(&self, exporter: &str) -> bool {
        self.column(VALUE, exporter).is_some()
    }

    /// Exporters (and [`ALL_PARTNERS`](super::ALL_PARTNERS)) whose trade the table holds.
    pub fn exporters(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter_map(|(name, _)| name.strip_prefix(VALUE))
    }

    fn column(&self, kind: &str, exporter: &str) -> Option<&Arc<[Option<f64>]>> {
        self.columns
            .iter()
            .find(|(name, _)| name.strip_prefix(kind) == Some(exporter))
            .map(|(_, column)| column)
    }

    fn cell(&self, line: &Line, kind: &str, exporter: &str) -> Option<f64> {
        self.column(kind, exporter)?.get(line.place).copied().flatten()
    }
}

/// A line and the values of its columns.
type LineWithValues = (Line, Vec<Option<f64>>);

fn read_line(
    file: &str,
    at: usize,
    row: &str,
    columns: usize,
    place: usize,
) -> Result<LineWithValues, ProductError> {
    let mut cells = split(row);
    let mut cell = |name: &str| {
        cells.next().ok_or_else(|| {
            ProductError::row(file, at, format!("no cell for `{name}`"), "one cell for each column")
        })
    };
    let code = cell("code")?;
    let code: ProductCode = code
        .parse()
        .map_err(|error: ProductError| ProductError::row(file, at, error.to_string(), "repair the code"))?;
    let base = BaseRate::read(cell("base_rate")?);
    let ad_valorem_equivalent = number(file, at, "ad_valorem_equivalent", cell("ad_valorem_equivalent")?)?;
    let values =
        (0..columns).map(|_| number(file, at, "a value", cell("a value")?)).collect::<Result<Vec<_>, _>>()?;
    if cells.next().is_some() {
        return Err(ProductError::row(
            file,
            at,
            "more cells than columns",
            "quote a cell that holds a comma",
        ));
    }
    Ok((Line { code, base, ad_valorem_equivalent, place }, values))
}

/// Cells of a row; a cell in quotes may hold commas.
fn split(row: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(row.trim_end());
    std::iter::from_fn(move || {
        let text = rest?;
        if let Some((cell, after)) = text.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) {
            rest = after.strip_prefix(',');
            return Some(cell);
        }
        match text.split_once(',') {
            Some((cell, after)) => {
                rest = Some(after);
                Some(cell)
            }
            None => {
                rest = None;
                Some(text)
            }
        }
    })
}

fn number(file: &str, at: usize, name: &str, cell: &str) -> Result<Option<f64>, ProductError> {
    if cell.is_empty() {
        return Ok(None);
    }
    match cell.parse::<f64>() {
        Ok(number) if number.is_finite() && number >= 0.0 => Ok(Some(number)),
        _ => Err(ProductError::row(
            file,
            at,
            format!("{name} is `{cell}`"),
            "write a number that is not negative, or leave it empty",
        )),
    }
}
