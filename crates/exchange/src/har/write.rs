//! Writing, in the standard framing and within the lengths of records that GEMPACK reads.
//!
//! Values are of single precision: seven digits survive.

use std::collections::HashMap;

use crate::ExchangeError;

/// Values of a block, pairs of a sparse record, bytes of text of a record.
const BLOCK: usize = 7996;
const PAIRS: usize = 3996;
const TEXT: usize = 29_996;
/// Above this share of cells that are not zero an array is written whole.
const WHOLE: f64 = 0.4;
/// Width of names of elements, sets and coefficients.
const NAME: usize = 12;

/// A dimension: the name of its set and its elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Name, at most twelve characters.
    pub name: String,
    /// Elements, each of at most twelve characters and different without case.
    pub elements: Vec<String>,
}

impl Set {
    /// A set; refused where a name has more than twelve characters, is empty or stands twice, as the format has no room to tell them apart.
    ///
    /// # Errors
    /// Names that do not fit, named.
    pub fn new(
        name: &str,
        elements: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self, ExchangeError> {
        let elements: Vec<String> = elements.into_iter().map(Into::into).collect();
        let mut seen: HashMap<String, &String> = HashMap::new();
        for element in elements.iter().chain([&name.to_string()]) {
            if element.is_empty()
                || element.chars().count() > NAME
                || !element.chars().all(|c| (c as u32) < 256)
            {
                let reason = format!(
                    "`{element}` is no name of a header array: one to {NAME} characters of Latin-1; rename it before writing"
                );
                return Err(ExchangeError::whole(reason));
            }
        }
        for element in &elements {
            if let Some(other) = seen.insert(element.to_lowercase(), element) {
                let reason =
                    format!("`{element}` and `{other}` are one element of the set `{name}` in header arrays");
                return Err(ExchangeError::whole(reason));
            }
        }
        Ok(Self { name: name.to_string(), elements })
    }
}

/// The bytes of a file in the making.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

/// One record in the making.
struct Record(Vec<u8>);

impl Record {
    /// With the four spaces that every record but a name begins with.
    fn new() -> Self {
        Self(b"    ".to_vec())
    }

    fn count(mut self, value: usize) -> Self {
        self.0.extend((value as i32).to_le_bytes());
        self
    }

    fn counts(self, values: impl IntoIterator<Item = usize>) -> Self {
        values.into_iter().fold(self, Self::count)
    }

    fn text(mut self, text: &str, width: usize) -> Self {
        let latin = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'));
        let taken: Vec<u8> = latin.take(width).collect();
        self.0.extend(&taken);
        self.0.extend(std::iter::repeat_n(b' ', width - taken.len()));
        self
    }

    fn floats(mut self, values: impl IntoIterator<Item = f32>) -> Self {
        values.into_iter().for_each(|value| self.0.extend(value.to_le_bytes()));
        self
    }
}

impl Writer {
    /// What is written so far, to be a file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn put(&mut self, record: &[u8]) {
        let length = (record.len() as i32).to_le_bytes();
        self.bytes.extend(length);
        self.bytes.extend(record);
        self.bytes.extend(length);
    }

    fn name(&mut self, name: &str) -> Result<(), ExchangeError> {
        if name.is_empty() || name.chars().count() > 4 || !name.is_ascii() {
            let reason = format!("`{name}` is no name of an array: one to four characters");
            return Err(ExchangeError::whole(reason));
        }
        let padded = format!("{name:<4}");
        self.put(padded.as_bytes());
        Ok(())
    }

    /// Words as an array of text.
    ///
    /// # Errors
    /// A name that does not fit.
    pub fn words(&mut self, name: &str, long_name: &str, words: &[String]) -> Result<(), ExchangeError> {
        let width = words.iter().map(|word| word.chars().count()).max().unwrap_or(1).clamp(1, TEXT);
        self.name(name)?;
        let second = Record::new().text("1CFULL", 6).text(long_name, 70);
        self.put(&second.counts([2, words.len(), width]).0);
        self.text_records(words, width);
        Ok(())
    }

    /// A set with its elements, as programs look for it.
    ///
    /// # Errors
    /// A name that does not fit.
    pub fn set(&mut self, name: &str, set: &Set, long_name: &str) -> Result<(), ExchangeError> {
        self.words(name, &format!("Set {} {long_name}", set.name), &set.elements)
    }

    fn text_records(&mut self, words: &[String], width: usize) {
        let each = (TEXT / width).max(1);
        let records = words.len().div_ceil(each).max(1);
        for k in 0..records {
            let here = &words[(k * each).min(words.len())..((k + 1) * each).min(words.len())];
            let record = Record::new().counts([records - k, words.len(), here.len()]);
            self.put(&here.iter().fold(record, |record, word| record.text(word, width)).0);
        }
    }

    /// An array over sets (none for a single number); values with the first index fastest. Whole or sparse, whichever is shorter.
    ///
    /// # Errors
    /// More than seven dimensions, a number of values other than the sets have cells, one that is no finite number of single precision.
    pub fn array(
        &mut self,
        name: &str,
        long_name: &str,
        sets: &[&Set],
        values: &[f64],
    ) -> Result<(), ExchangeError> {
        let mut sizes: Vec<usize> = sets.iter().map(|set| set.elements.len()).collect();
        let cells: usize = sizes.iter().product();
        if sets.len() > 7 || cells != values.len() {
            let reason = format!("array `{name}` has {} values for sizes {sizes:?}", values.len());
            return Err(ExchangeError::whole(reason));
        }
        if let Some(value) = values.iter().find(|value| !(**value as f32).is_finite()) {
            return Err(ExchangeError::whole(format!(
                "{value} in array `{name}` has no room in single precision"
            )));
        }
        let nonzero = values.iter().filter(|value| **value != 0.0).count();
        let whole = cells == 0 || nonzero as f64 > WHOLE * cells as f64 || sets.is_empty();
        sizes.resize(7, 1);
        self.name(name)?;
        let second = Record::new().text(if whole { "REFULL" } else { "RESPSE" }, 6).text(long_name, 70);
        self.put(&second.count(7).counts(sizes.iter().copied()).0);
        self.sets(name, sets);
        if whole {
            self.whole(&sizes, values);
        } else {
            self.sparse(values, nonzero);
        }
        Ok(())
    }

    fn sets(&mut self, coefficient: &str, sets: &[&Set]) {
        let mut distinct: Vec<&Set> = Vec::new();
        for set in sets {
            if !distinct.iter().any(|known| known.name == set.name) {
                distinct.push(set);
            }
        }
        let third = Record::new().counts([distinct.len(), 1, sets.len()]).text(coefficient, NAME);
        let mut third = third.count(usize::from(!sets.is_empty()));
        if !sets.is_empty() {
            third = sets.iter().fold(third, |record, set| record.text(&set.name, NAME));
            third = sets.iter().fold(third, |record, _| record.text("k", 1));
            third = third.counts(sets.iter().map(|_| 0));
        }
        self.put(&third.count(0).0);
        for set in distinct {
            self.text_records(&set.elements, NAME);
        }
    }

    fn whole(&mut self, sizes: &[usize], values: &[f64]) {
        // Whole dimensions as long as they fit a block, then pieces of the next.
        let mut inner = 1;
        let mut split = 0;
        while split < sizes.len() && inner * sizes[split].max(1) <= BLOCK {
            inner *= sizes[split].max(1);
            split += 1;
        }
        let piece = if split < sizes.len() { (BLOCK / inner).max(1) } else { 1 };
        let pieces = if split < sizes.len() { sizes[split].div_ceil(piece) } else { 1 };
        let outer: usize = sizes.get(split + 1..).unwrap_or_default().iter().product();
        let blocks = if values.is_empty() { 0 } else { pieces * outer.max(1) };
        let mut left = 2 * blocks + 1;
        self.put(&Record::new().counts([left, 7]).counts(sizes.iter().copied()).0);
        let mut start = 0;
        for block in 0..blocks {
            let (part, mut above) = (block % pieces, block / pieces);
            let mut count = inner;
            left -= 1;
            let mut range = Record::new().count(left);
            for (dimension, size) in sizes.iter().enumerate() {
                let (first, last) = match dimension.cmp(&split) {
                    std::cmp::Ordering::Less => (1, *size),
                    std::cmp::Ordering::Equal => {
                        let end = ((part + 1) * piece).min(*size);
                        count *= end - part * piece;
                        (part * piece + 1, end)
                    }
                    std::cmp::Ordering::Greater => {
                        let index = above % size;
                        above /= size;
                        (index + 1, index + 1)
                    }
                };
                range = range.counts([first, last]);
            }
            self.put(&range.0);
            left -= 1;
            let here = values[start..start + count].iter().map(|value| *value as f32);
            self.put(&Record::new().count(left).floats(here).0);
            start += count;
        }
    }

    fn sparse(&mut self, values: &[f64], nonzero: usize) {
        let cells: Vec<(usize, f32)> = values
            .iter()
            .enumerate()
            .filter(|(_, value)| **value != 0.0)
            .map(|(at, value)| (at + 1, *value as f32))
            .collect();
        self.put(&Record::new().counts([nonzero, 4, 4]).text("", 80).0);
        let records = cells.len().div_ceil(PAIRS).max(1);
        for k in 0..records {
            let here = &cells[(k * PAIRS).min(cells.len())..((k + 1) * PAIRS).min(cells.len())];
            let record = Record::new().counts([records - k, nonzero, here.len()]);
            let record = record.counts(here.iter().map(|(at, _)| *at));
            self.put(&record.floats(here.iter().map(|(_, value)| *value)).0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::har::{Data, read};

    fn set(name: &str, size: usize) -> Set {
        Set::new(name, (0..size).map(|k| format!("{name}{k}"))).expect("names that fit")
    }

    #[test]
    fn what_is_written_is_read_back_whole_and_sparse() {
        let (a, b, c) = (set("A", 90), set("B", 97), set("C", 3));
        let dense: Vec<f64> = (0..90 * 97 * 3).map(|k| f64::from(k) * 0.5 + 1.0).collect();
        let thin: Vec<f64> = (0..90 * 97 * 3).map(|k| if k % 5 == 0 { f64::from(k) } else { 0.0 }).collect();
        let mut writer = Writer::default();
        writer.array("FULL", "three dimensions in several blocks", &[&a, &b, &c], &dense).expect("written");
        writer.array("THIN", "sparse", &[&a, &b, &c], &thin).expect("written");
        writer.array("ONE", "a number", &[], &[4.25]).expect("written");
        writer.set("SETA", &a, "first").expect("written");
        let file = read(&writer.into_bytes()).expect("read back");
        let numbers = |name: &str| file.header(name).and_then(|header| header.numbers()).expect("numbers");
        assert_eq!((numbers("full"), numbers("THIN"), numbers("ONE")), (dense, thin, vec![4.25]));
        assert!(matches!(file.headers[1].data, Data::Sparse(26190, _)));
        assert_eq!(file.headers[0].elements[1].as_ref().expect("known"), &b.elements);
        assert_eq!(file.headers[3].words(), Some(&a.elements[..]));
        assert_eq!(file.headers[0].dimensions(), [90, 97, 3]);
    }

    #[test]
    fn names_that_the_format_cannot_tell_apart_are_refused() {
        let refused = Set::new("REG", ["North", "NORTH"]).expect_err("refused").to_string();
        assert!(refused.contains("one element"), "{refused}");
        let refused = Set::new("REG", ["a-name-of-thirteen"]).expect_err("refused").to_string();
        assert!(refused.contains("one to 12 characters"), "{refused}");
    }
}
