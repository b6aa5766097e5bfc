//! Workbooks as Excel reads them (`.xlsx`), written by hand: one table a sheet from the first cell, a header that is frozen and filtered, numbers
//! as numbers with all their digits. The same tables give the same bytes.

use std::fmt::Write as _;

use detente_tables::result_table::{Column, Data, ResultTable};

use crate::ExchangeError;
use crate::zip;

/// Rows that a sheet has room for, its header among them.
const MOST_ROWS: usize = 1_048_576;
/// Characters of a sheet's name and of a cell.
const SHEET_NAME: usize = 31;
const CELL: usize = 32_767;

/// A sheet: its name and its table.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Name, at most 31 characters, without `[ ] : * ? / \`.
    pub name: String,
    /// Its table.
    pub table: ResultTable,
}

/// The bytes of a workbook.
///
/// # Errors
/// No sheet, a table with more rows than a sheet has, a name that a sheet cannot have or that stands twice.
pub fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, ExchangeError> {
    if sheets.is_empty() {
        return Err(ExchangeError::whole("a workbook needs at least one sheet"));
    }
    for (position, sheet) in sheets.iter().enumerate() {
        let rows = sheet.table.len() + 1;
        if rows > MOST_ROWS {
            let reason =
                format!("`{}` has {rows} rows with its header; a sheet has room for {MOST_ROWS}", sheet.name);
            return Err(ExchangeError::whole(reason));
        }
        let fits = (1..=SHEET_NAME).contains(&sheet.name.chars().count())
            && !sheet.name.contains(['[', ']', ':', '*', '?', '/', '\\']);
        let twice = sheets[..position].iter().any(|other| other.name.eq_ignore_ascii_case(&sheet.name));
        if !fits || twice {
            return Err(ExchangeError::whole(format!(
                "`{}` is no name of a sheet, or stands twice",
                sheet.name
            )));
        }
    }
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".into(), content_types(sheets.len()).into_bytes()),
        ("_rels/.rels".into(), relations().into_bytes()),
        ("xl/workbook.xml".into(), book(sheets).into_bytes()),
        ("xl/_rels/workbook.xml.rels".into(), book_relations(sheets.len()).into_bytes()),
        ("xl/styles.xml".into(), STYLES.as_bytes().to_vec()),
    ];
    for (position, sheet) in sheets.iter().enumerate() {
        files.push((format!("xl/worksheets/sheet{}.xml", position + 1), page(&sheet.table).into_bytes()));
    }
    Ok(zip::archive(&files))
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
/// Style 0 is plain, 1 a header, 2 a day.
const STYLES: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">",
    "<numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>",
    "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>",
    "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>",
    "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>",
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>",
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>",
    "<cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>",
    "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>",
    "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>",
    "</styleSheet>"
);

fn content_types(sheets: usize) -> String {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut out = format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{kind}.styles+xml\"/>"
    );
    for sheet in 1..=sheets {
        let _ = write!(
            out,
            "<Override PartName=\"/xl/worksheets/sheet{sheet}.xml\" ContentType=\"{kind}.worksheet+xml\"/>"
        );
    }
    out + "</Types>"
}

fn relations() -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
         Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    )
}

fn book_relations(sheets: usize) -> String {
    let mut out = format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for sheet in 1..=sheets {
        let _ = write!(
            out,
            "<Relationship Id=\"rId{sheet}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{sheet}.xml\"/>"
        );
    }
    let styles = sheets + 1;
    let _ =
        write!(out, "<Relationship Id=\"rId{styles}\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/>");
    out + "</Relationships>"
}

fn book(sheets: &[Sheet]) -> String {
    let mut out = format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>");
    for (position, sheet) in sheets.iter().enumerate() {
        let id = position + 1;
        let _ = write!(out, "<sheet name=\"{}\" sheetId=\"{id}\" r:id=\"rId{id}\"/>", escaped(&sheet.name));
    }
    out += "</sheets><definedNames>";
    // Programs want the filtered range of each sheet under a hidden name.
    for (position, sheet) in sheets.iter().enumerate() {
        let last = reference(sheet.table.columns.len().max(1), sheet.table.len() + 1, true);
        let name = escaped(&sheet.name.replace('\'', "''"));
        let _ = write!(
            out,
            "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{position}\" hidden=\"1\">'{name}'!$A$1:{last}</definedName>"
        );
    }
    out + "</definedNames></workbook>"
}

/// The place of a cell, column and row from one.
fn reference(column: usize, row: usize, fixed: bool) -> String {
    let mut letters = Vec::new();
    let mut left = column;
    while left > 0 {
        letters.push(b'A' + ((left - 1) % 26) as u8);
        left = (left - 1) / 26;
    }
    letters.reverse();
    let letters = String::from_utf8(letters).unwrap_or_default();
    if fixed { format!("${letters}${row}") } else { format!("{letters}{row}") }
}

fn page(table: &ResultTable) -> String {
    let mut out = format!(
        "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" \
         activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetData><row r=\"1\">"
    );
    for (position, column) in table.columns.iter().enumerate() {
        text_cell(&mut out, &reference(position + 1, 1, false), &heading(column), 1);
    }
    out += "</row>";
    for row in 0..table.len() {
        let _ = write!(out, "<row r=\"{}\">", row + 2);
        for (position, column) in table.columns.iter().enumerate() {
            cell(&mut out, &reference(position + 1, row + 2, false), &column.data, row);
        }
        out += "</row>";
    }
    let last = reference(table.columns.len().max(1), table.len() + 1, false);
    let _ = write!(out, "</sheetData><autoFilter ref=\"A1:{last}\"/></worksheet>");
    out
}

/// The name of a column with its unit behind it.
pub fn heading(column: &Column) -> String {
    if column.unit.is_empty() { column.name.clone() } else { format!("{}, {}", column.name, column.unit) }
}

fn cell(out: &mut String, place: &str, data: &Data, row: usize) {
    match data {
        Data::Text(cells) => {
            if let Some(Some(words)) = cells.get(row) {
                text_cell(out, place, words, 0);
            }
        }
        Data::Bool(cells) => {
            if let Some(Some(yes)) = cells.get(row) {
                let _ = write!(out, "<c r=\"{place}\" t=\"b\"><v>{}</v></c>", u8::from(*yes));
            }
        }
        Data::Date(cells) => {
            if let Some(Some(day)) = cells.get(row) {
                // Days are counted from 30 December 1899.
                let first = jiff::civil::date(1899, 12, 30);
                let days = first.until(*day).map(|span| span.get_days()).unwrap_or_default();
                let _ = write!(out, "<c r=\"{place}\" s=\"2\"><v>{days}</v></c>");
            }
        }
        Data::Number(_) | Data::Integer(_) => {
            let number = data.cell(row);
            if !number.is_empty() {
                let _ = write!(out, "<c r=\"{place}\"><v>{number}</v></c>");
            }
        }
    }
}

fn text_cell(out: &mut String, place: &str, words: &str, style: u8) {
    if words.is_empty() {
        return;
    }
    let words: String = words.chars().take(CELL).collect();
    let _ = write!(
        out,
        "<c r=\"{place}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
        escaped(&words)
    );
}

/// Text for XML; characters that XML has no room for are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\t' | '\n' | '\r' => {
                let _ = write!(out, "&#{};", c as u32);
            }
            c if (c as u32) < 0x20 || (c as u32) == 0xfffe || (c as u32) == 0xffff => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_letters_and_numbers() {
        let place = |column| reference(column, 3, false);
        assert_eq!([place(1), place(26), place(27), place(703)], ["A3", "Z3", "AA3", "AAA3"]);
    }

    #[test]
    fn a_workbook_is_the_same_twice_and_bad_names_are_refused() {
        let table = ResultTable::new(vec![Column::text("code", "code", ["NA", "=1+1", "a & b <ü>"])]);
        let sheet = |name: &str| Sheet { name: name.into(), table: table.clone() };
        let book = workbook(&[sheet("one"), sheet("two")]).expect("written");
        assert_eq!(book, workbook(&[sheet("one"), sheet("two")]).expect("written"));
        let entries = zip::entries(&book).expect("an archive");
        let page = entries.iter().find(|entry| entry.name == "xl/worksheets/sheet1.xml").expect("a sheet");
        let page = String::from_utf8(page.bytes().expect("unpacked")).expect("text");
        assert!(
            page.contains("t=\"inlineStr\"><is><t xml:space=\"preserve\">=1+1<"),
            "text, no formula: {page}"
        );
        assert!(workbook(&[sheet("one"), sheet("ONE")]).is_err());
        assert!(workbook(&[sheet("a/b")]).is_err());
    }
}
