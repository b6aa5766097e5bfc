//! Data of Stata in form 118 (Stata 14 and later), which Stata of every size opens: doubles, words of fixed width, labels of variables.

use detente_tables::result_table::{Column, Data, ResultTable};

use crate::ExchangeError;

/// Bytes of a word of fixed width.
const LONGEST_WORD: usize = 2045;
/// Variables that Stata of every size opens.
const MOST_VARIABLES: usize = 2048;
/// What stands for a number that is missing.
const MISSING: u64 = 0x7fe0_0000_0000_0000;
/// Days of Stata begin on 1 January 1960.
const FIRST_DAY: jiff::civil::Date = jiff::civil::date(1960, 1, 1);

/// How a variable is held.
enum Held {
    Word(usize),
    Double,
    Day,
}

impl Held {
    fn of(column: &Column) -> Result<Self, ExchangeError> {
        Ok(match &column.data {
            Data::Text(cells) => {
                let longest = cells.iter().flatten().map(String::len).max().unwrap_or_default();
                if longest > LONGEST_WORD {
                    let reason = format!(
                        "`{}` has a word of {longest} bytes; Stata has room for {LONGEST_WORD}",
                        column.name
                    );
                    return Err(ExchangeError::whole(reason));
                }
                Held::Word(longest.max(1))
            }
            Data::Date(_) => Held::Day,
            _ => Held::Double,
        })
    }

    fn code(&self) -> u16 {
        match self {
            Held::Word(width) => *width as u16,
            Held::Double => 65526,
            Held::Day => 65528,
        }
    }

    fn format(&self) -> String {
        match self {
            Held::Word(width) => format!("%{width}s"),
            Held::Double => "%12.0g".into(),
            Held::Day => "%td".into(),
        }
    }
}

/// The bytes of a `.dta` file; `label` says what the data are (80 characters).
///
/// # Errors
/// Names of more than 32 characters or with other than letters, digits and `_`; words without room; too many columns.
pub fn data(label: &str, table: &ResultTable) -> Result<Vec<u8>, ExchangeError> {
    let columns = &table.columns;
    if columns.len() > MOST_VARIABLES {
        return Err(ExchangeError::whole(format!(
            "{} columns; Stata has room for {MOST_VARIABLES}",
            columns.len()
        )));
    }
    for column in columns {
        let name = &column.name;
        let fits = (1..=32).contains(&name.len())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit());
        if !fits {
            let reason = format!(
                "`{name}` is no name of a variable: up to 32 letters, digits and `_`, no digit first"
            );
            return Err(ExchangeError::whole(reason));
        }
    }
    let held = columns.iter().map(Held::of).collect::<Result<Vec<_>, _>>()?;
    let mut out = Vec::new();
    let mut map = vec![0_u64];
    out.extend(b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>");
    out.extend((columns.len() as u16).to_le_bytes());
    out.extend(b"</K><N>");
    out.extend((table.len() as u64).to_le_bytes());
    out.extend(b"</N><label>");
    let label = shortened(label, 80);
    out.extend((label.len() as u16).to_le_bytes());
    out.extend(label.as_bytes());
    // No time of writing: the same table gives the same bytes.
    out.extend(b"</label><timestamp>\0</timestamp></header>");
    map.push(out.len() as u64);
    out.extend(b"<map>");
    let place_of_map = out.len();
    out.extend([0; 14 * 8]);
    out.extend(b"</map>");
    map.push(out.len() as u64);
    out.extend(b"<variable_types>");
    held.iter().for_each(|held| out.extend(held.code().to_le_bytes()));
    out.extend(b"</variable_types>");
    map.push(out.len() as u64);
    out.extend(b"<varnames>");
    columns.iter().for_each(|column| fixed(&mut out, &column.name, 129));
    out.extend(b"</varnames>");
    map.push(out.len() as u64);
    out.extend(b"<sortlist>");
    out.extend(vec![0; 2 * (columns.len() + 1)]);
    out.extend(b"</sortlist>");
    map.push(out.len() as u64);
    out.extend(b"<formats>");
    held.iter().for_each(|held| fixed(&mut out, &held.format(), 57));
    out.extend(b"</formats>");
    map.push(out.len() as u64);
    out.extend(b"<value_label_names>");
    columns.iter().for_each(|_| fixed(&mut out, "", 129));
    out.extend(b"</value_label_names>");
    map.push(out.len() as u64);
    out.extend(b"<variable_labels>");
    for column in columns {
        let unit = if column.unit.is_empty() { String::new() } else { format!(", {}", column.unit) };
        fixed(&mut out, &shortened(&format!("{}{unit}", column.label), 80), 321);
    }
    out.extend(b"</variable_labels>");
    map.push(out.len() as u64);
    out.extend(b"<characteristics></characteristics>");
    map.push(out.len() as u64);
    out.extend(b"<data>");
    for row in 0..table.len() {
        for (column, held) in columns.iter().zip(&held) {
            put(&mut out, column, held, row);
        }
    }
    out.extend(b"</data>");
    map.push(out.len() as u64);
    out.extend(b"<strls></strls>");
    map.push(out.len() as u64);
    out.extend(b"<value_labels></value_labels>");
    map.push(out.len() as u64);
    out.extend(b"</stata_dta>");
    map.push(out.len() as u64);
    for (k, place) in map.into_iter().enumerate() {
        out[place_of_map + 8 * k..place_of_map + 8 * k + 8].copy_from_slice(&place.to_le_bytes());
    }
    Ok(out)
}

fn put(out: &mut Vec<u8>, column: &Column, held: &Held, row: usize) {
    fn at<T: Clone>(cells: &[Option<T>], row: usize) -> Option<T> {
        cells.get(row).cloned().flatten()
    }
    let number = match &column.data {
        Data::Text(cells) => {
            if let Held::Word(width) = held {
                fixed(out, &at(cells, row).unwrap_or_default(), *width);
            }
            return;
        }
        Data::Date(cells) => {
            let days = at(cells, row).and_then(|day| FIRST_DAY.until(day).ok()).map(|span| span.get_days());
            // The missing number of four bytes.
            out.extend(days.unwrap_or(0x7fff_ffe5).to_le_bytes());
            return;
        }
        Data::Number(cells) => at(cells, row),
        Data::Integer(cells) => at(cells, row).map(|count| count as f64),
        Data::Bool(cells) => at(cells, row).map(|yes| f64::from(u8::from(yes))),
    };
    // The largest numbers stand for what is missing.
    let bits = number.filter(|number| number.abs() < f64::from_bits(MISSING)).map_or(MISSING, f64::to_bits);
    out.extend(bits.to_le_bytes());
}

fn fixed(out: &mut Vec<u8>, text: &str, width: usize) {
    let bytes = &text.as_bytes()[..text.len().min(width)];
    out.extend(bytes);
    out.extend(std::iter::repeat_n(0, width - bytes.len()));
}

fn shortened(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_points_at_its_parts_and_names_that_do_not_fit_are_refused() {
        let table = ResultTable::new(vec![
            Column::text("code", "code", ["USA", "Côte"]),
            Column::number("welfare_pct", "percent", "welfare", [Some(0.1 + 0.2), None]),
        ]);
        let bytes = data("a label", &table).expect("written");
        let start = bytes.windows(5).position(|part| part == b"<map>").expect("a map") + 5;
        let parts = ["<stata_dta>", "<map>", "<variable_types>", "<varnames>", "<sortlist>", "<formats>"];
        for (k, part) in parts.iter().enumerate() {
            let place: [u8; 8] = bytes[start + 8 * k..start + 8 * k + 8].try_into().expect("eight bytes");
            assert!(bytes[u64::from_le_bytes(place) as usize..].starts_with(part.as_bytes()), "{part}");
        }
        let wrong = ResultTable::new(vec![Column::text("a name", "", ["x"])]);
        assert!(data("", &wrong).is_err());
    }
}
