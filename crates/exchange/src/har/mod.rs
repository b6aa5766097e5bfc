//! Header-array files (HAR) as GEMPACK writes them: a chain of records, each array under a name of four characters.
//!
//! Numbers are little-endian and of single precision. Two framings of records occur; files of the other byte order are refused. Written from
//! the layout as other readers document it (HARPY, HARr, HARplus); no code of theirs is here.

pub mod read;
pub mod write;

pub use read::read;

/// Cells that an array of sparse storage may be unfolded to.
const MOST_CELLS: usize = 1 << 28;

/// How the records of a file are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Each record between two four-byte lengths.
    Standard,
    /// Each record between tags of one to four bytes; the file begins with `0xfd`.
    Old,
}

/// A file: its arrays in file order.
#[derive(Clone, Debug)]
pub struct HarFile {
    /// How it was framed.
    pub framing: Framing,
    /// The arrays.
    pub headers: Vec<Header>,
}

/// One array with what the file says of it.
#[derive(Clone, Debug)]
pub struct Header {
    /// Name, at most four characters, in the case of the file.
    pub name: String,
    /// `1C`, `2I`, `2R`, `RE`, `RL` and the storage, `FULL` or `SPSE`.
    pub kind: String,
    /// Long name.
    pub long_name: String,
    /// Sizes as the file has them; arrays of kind `RE` and `RL` have seven, padded with one.
    pub sizes: Vec<usize>,
    /// How many of the sizes are dimensions.
    pub used: usize,
    /// Name of the coefficient, for `RE`.
    pub coefficient: String,
    /// Name of the set of each dimension that is used; empty where it has none.
    pub sets: Vec<String>,
    /// `k`, `u` or `e` for each dimension.
    pub status: String,
    /// Names of the elements of each dimension, where known.
    pub elements: Vec<Option<Vec<String>>>,
    /// The values.
    pub data: Data,
}

/// Values in file order: the first index runs fastest.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Words, trailing spaces cut.
    Text(Vec<String>),
    /// Whole numbers.
    Integer(Vec<i32>),
    /// Numbers of single precision.
    Real(Vec<f32>),
    /// Numbers that are not zero with their flat positions from zero, of so many cells.
    Sparse(usize, Vec<(usize, f32)>),
    /// An array of a kind that is not read, and why.
    Unread(String),
}

impl HarFile {
    /// The array of this name, in either case.
    pub fn header(&self, name: &str) -> Option<&Header> {
        self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))
    }
}

impl Header {
    /// Cells of the array, zeros counted.
    pub fn cells(&self) -> usize {
        match &self.data {
            Data::Text(values) => values.len(),
            Data::Integer(values) => values.len(),
            Data::Real(values) => values.len(),
            Data::Sparse(cells, _) => *cells,
            Data::Unread(_) => 0,
        }
    }

    /// The numbers, unfolded; none for text, for what is not read, and for more than 2^28 cells.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        match &self.data {
            Data::Integer(values) => Some(values.iter().map(|value| f64::from(*value)).collect()),
            Data::Real(values) => Some(values.iter().map(|value| f64::from(*value)).collect()),
            Data::Sparse(cells, values) if *cells <= MOST_CELLS => {
                let mut dense = vec![0.0; *cells];
                for (position, value) in values {
                    dense[*position] = f64::from(*value);
                }
                Some(dense)
            }
            _ => None,
        }
    }

    /// Cells that are not zero with their flat positions, in file order; empty for text.
    pub fn nonzero(&self) -> Vec<(usize, f64)> {
        let dense = |values: Vec<f64>| {
            values.into_iter().enumerate().filter(|(_, value)| *value != 0.0).collect::<Vec<_>>()
        };
        match &self.data {
            Data::Sparse(_, values) => {
                let mut cells: Vec<(usize, f64)> = values
                    .iter()
                    .filter(|(_, value)| *value != 0.0)
                    .map(|(at, value)| (*at, f64::from(*value)))
                    .collect();
                cells.sort_unstable_by_key(|(at, _)| *at);
                cells
            }
            _ => self.numbers().map(dense).unwrap_or_default(),
        }
    }

    /// Sizes of the dimensions that are used.
    pub fn dimensions(&self) -> &[usize] {
        &self.sizes[..self.used.min(self.sizes.len())]
    }

    /// The words, where it is an array of text.
    pub fn words(&self) -> Option<&[String]> {
        match &self.data {
            Data::Text(words) => Some(words),
            _ => None,
        }
    }

    /// The name of the element at an index of a dimension: its own where the file knows it, else its number from one.
    pub fn element(&self, dimension: usize, index: usize) -> String {
        let named = self.elements.get(dimension).and_then(Option::as_ref);
        named.and_then(|names| names.get(index)).cloned().unwrap_or_else(|| (index + 1).to_string())
    }
}
