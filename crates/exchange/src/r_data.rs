//! Data of R (`.RData`, `.rda`): the objects of a saved workspace, as far as tables need them.
//!
//! Read are versions 2 and 3 in the binary form (`RDX2`, `RDX3`), packed by gzip; by bzip2 and xz where the feature `packed` is on. Numbers,
//! words, lists and their attributes are read; functions, environments and other languages' objects are refused by the number of their type.

use std::io::Read;

use crate::ExchangeError;

/// How deep lists may stand in lists.
const DEEPEST: usize = 64;
/// Bytes that a file may unpack to, and how many times its own size.
const MOST_BYTES: u64 = 1 << 32;
const MOST_UNPACKED: u64 = 200;
const UNPACKED_ANYWAY: u64 = 1 << 24;

/// A value of R with its attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it holds.
    pub kind: Kind,
    /// Its attributes by name.
    pub attributes: Vec<(String, Value)>,
}

/// What a value holds. What is missing in R (`NA`) is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nothing.
    Null,
    /// Yes and no as 1 and 0, and whole numbers.
    Integer(Vec<Option<i32>>),
    /// Numbers.
    Number(Vec<f64>),
    /// Words.
    Text(Vec<Option<String>>),
    /// Values in order.
    List(Vec<Value>),
}

impl Value {
    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Names of the elements.
    pub fn names(&self) -> Vec<String> {
        self.attribute("names").map(Value::words).unwrap_or_default()
    }

    /// The element of this name of a list.
    pub fn element(&self, name: &str) -> Option<&Value> {
        let at = self.names().iter().position(|known| known == name)?;
        match &self.kind {
            Kind::List(values) => values.get(at),
            _ => None,
        }
    }

    /// Sizes of a matrix or an array.
    pub fn sizes(&self) -> Vec<usize> {
        let numbers = self.attribute("dim").and_then(Value::numbers).unwrap_or_default();
        numbers.into_iter().map(|size| size.max(0.0) as usize).collect()
    }

    /// The numbers; `NA` is not a number.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        match &self.kind {
            Kind::Integer(values) => {
                Some(values.iter().map(|value| value.map_or(f64::NAN, f64::from)).collect())
            }
            Kind::Number(values) => Some(values.clone()),
            _ => None,
        }
    }

    /// The words; a factor's levels in the order of its cells; numbers as they are written; `NA` is empty.
    pub fn words(&self) -> Vec<String> {
        match &self.kind {
            Kind::Text(words) => words.iter().map(|word| word.clone().unwrap_or_default()).collect(),
            Kind::Integer(codes) => {
                let levels = self.attribute("levels").map(Value::words);
                let word = |code: &i32| match &levels {
                    Some(levels) => usize::try_from(*code - 1)
                        .ok()
                        .and_then(|at| levels.get(at))
                        .cloned()
                        .unwrap_or_default(),
                    None => code.to_string(),
                };
                codes.iter().map(|code| code.as_ref().map(word).unwrap_or_default()).collect()
            }
            Kind::Number(values) => values.iter().map(f64::to_string).collect(),
            Kind::Null | Kind::List(_) => Vec::new(),
        }
    }
}

/// The objects of a workspace with their names.
///
/// # Errors
/// Bytes that are no data of R, a type that is not read, lengths that do not fit the bytes; a packing that this build does not read.
pub fn read(bytes: &[u8]) -> Result<Vec<(String, Value)>, ExchangeError> {
    let bytes = unpacked(bytes)?;
    let start = match bytes.get(..7) {
        Some(b"RDX2\nX\n" | b"RDX3\nX\n") => 7,
        _ => {
            let reason = "no data of R in the binary form (RDX2 or RDX3); save it with save() as it stands";
            return Err(ExchangeError::at(0, reason));
        }
    };
    let mut reader = Reader { bytes: &bytes, at: start, references: Vec::new() };
    let version = reader.integer()?;
    reader.skip(8)?;
    if version == 3 {
        let length = reader.count()?;
        reader.skip(length)?;
    }
    let root = reader.value(0)?;
    let mut found = Vec::new();
    for (name, value) in root.attributes {
        found.push((name, value));
    }
    if found.is_empty() {
        return Err(ExchangeError::at(start, "a workspace without objects"));
    }
    Ok(found)
}

fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, ExchangeError> {
    let most = (MOST_UNPACKED * bytes.len() as u64).clamp(UNPACKED_ANYWAY, MOST_BYTES);
    let mut found = Vec::new();
    let read = |reader: &mut dyn Read, found: &mut Vec<u8>| {
        let read = reader.take(most + 1).read_to_end(found);
        read.map_err(|error| ExchangeError::whole(format!("cannot be unpacked: {error}")))
    };
    match bytes {
        [0x1f, 0x8b, ..] => read(&mut flate2::read::MultiGzDecoder::new(bytes), &mut found)?,
        [b'B', b'Z', b'h', ..] => read(&mut *bunzip(bytes)?, &mut found)?,
        [0xfd, b'7', b'z', b'X', b'Z', ..] => {
            found = unxz(bytes, most)?;
            0
        }
        _ => {
            found = bytes.to_vec();
            0
        }
    };
    if found.len() as u64 > most {
        let reason = format!("{} bytes unpack to more than {most}: no table does", bytes.len());
        return Err(ExchangeError::whole(reason));
    }
    Ok(found)
}

#[cfg(feature = "packed")]
fn bunzip(bytes: &[u8]) -> Result<Box<dyn Read + '_>, ExchangeError> {
    Ok(Box::new(bzip2::read::MultiBzDecoder::new(bytes)))
}

#[cfg(not(feature = "packed"))]
fn bunzip(_: &[u8]) -> Result<Box<dyn Read>, ExchangeError> {
    Err(not_built("bzip2"))
}

#[cfg(feature = "packed")]
fn unxz(bytes: &[u8], most: u64) -> Result<Vec<u8>, ExchangeError> {
    /// Refuses more than a file may hold while it is unpacked.
    struct Bounded(Vec<u8>, u64);
    impl std::io::Write for Bounded {
        fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
            if (self.0.len() + part.len()) as u64 > self.1 {
                return Err(std::io::Error::other("it unpacks to more than any table"));
            }
            self.0.extend(part);
            Ok(part.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut found = Bounded(Vec::new(), most);
    let mut input = bytes;
    lzma_rs::xz_decompress(&mut input, &mut found)
        .map_err(|error| ExchangeError::whole(format!("cannot be unpacked: {error:?}")))?;
    Ok(found.0)
}

#[cfg(not(feature = "packed"))]
fn unxz(_: &[u8], _: u64) -> Result<Vec<u8>, ExchangeError> {
    Err(not_built("xz"))
}

#[cfg(not(feature = "packed"))]
fn not_built(packing: &str) -> ExchangeError {
    let reason = format!(
        "is packed by {packing}, which this build does not read; build with the feature `exchange`, or save it in R with compress = \"gzip\""
    );
    ExchangeError::whole(reason)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    references: Vec<String>,
}

impl Reader<'_> {
    fn part(&mut self, length: usize) -> Result<&[u8], ExchangeError> {
        let at = self.at;
        let part = at.checked_add(length).and_then(|end| self.bytes.get(at..end));
        let part =
            part.ok_or_else(|| ExchangeError::at(at, format!("the data end before {length} more bytes")))?;
        self.at += length;
        Ok(part)
    }

    fn skip(&mut self, length: usize) -> Result<(), ExchangeError> {
        self.part(length).map(|_| ())
    }

    fn integer(&mut self) -> Result<i32, ExchangeError> {
        let part = self.part(4)?;
        Ok(i32::from_be_bytes([part[0], part[1], part[2], part[3]]))
    }

    fn count(&mut self) -> Result<usize, ExchangeError> {
        let at = self.at;
        let found = self.integer()?;
        usize::try_from(found).map_err(|_| ExchangeError::at(at, format!("{found} where a length belongs")))
    }

    /// The length of so many cells of a width, held against what is left.
    fn length(&mut self, width: usize) -> Result<usize, ExchangeError> {
        let at = self.at;
        let count = self.count()?;
        if count.saturating_mul(width) > self.bytes.len() - self.at {
            return Err(ExchangeError::at(at, format!("{count} values do not fit the data")));
        }
        Ok(count)
    }

    fn value(&mut self, depth: usize) -> Result<Value, ExchangeError> {
        let at = self.at;
        if depth > DEEPEST {
            return Err(ExchangeError::at(at, format!("lists in lists more than {DEEPEST} deep")));
        }
        let flags = self.integer()?;
        let (kind, has_attributes, has_tag) = (flags & 0xff, flags & 0x200 != 0, flags & 0x400 != 0);
        let plain = |kind: Kind| Value { kind, attributes: Vec::new() };
        let mut value = match kind {
            // Nothing, the global and the empty environment, and a value that is missing.
            254 | 253 | 242 | 241 | 251 => return Ok(plain(Kind::Null)),
            1 => {
                let name = self.value(depth + 1)?;
                let name = name.words().pop().unwrap_or_default();
                self.references.push(name.clone());
                return Ok(plain(Kind::Text(vec![Some(name)])));
            }
            255 => {
                let packed = (flags >> 8) as usize;
                let index = if packed == 0 { self.count()? } else { packed };
                let name = index.checked_sub(1).and_then(|at| self.references.get(at)).cloned();
                let name = name.ok_or_else(|| ExchangeError::at(at, "a reference to nothing"))?;
                return Ok(plain(Kind::Text(vec![Some(name)])));
            }
            2 => return self.pairs(flags, has_attributes, has_tag, depth),
            9 => {
                let length = self.integer()?;
                if length == -1 {
                    return Ok(plain(Kind::Text(vec![None])));
                }
                let length =
                    usize::try_from(length).map_err(|_| ExchangeError::at(at, "a word of no length"))?;
                let latin = flags & (1 << 14) != 0;
                let part = self.part(length)?;
                let word = if latin {
                    part.iter().map(|byte| char::from(*byte)).collect()
                } else {
                    String::from_utf8_lossy(part).into_owned()
                };
                return Ok(plain(Kind::Text(vec![Some(word)])));
            }
            10 | 13 => {
                let length = self.length(4)?;
                let cells =
                    (0..length).map(|_| self.integer().map(|cell| (cell != i32::MIN).then_some(cell)));
                plain(Kind::Integer(cells.collect::<Result<_, _>>()?))
            }
            14 => {
                let length = self.length(8)?;
                let part = self.part(8 * length)?;
                let cells = part
                    .chunks_exact(8)
                    .map(|b| f64::from_be_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]));
                plain(Kind::Number(cells.collect()))
            }
            16 => {
                let length = self.length(8)?;
                let mut words = Vec::new();
                for _ in 0..length {
                    match self.value(depth + 1)?.kind {
                        Kind::Text(mut word) => words.push(word.pop().flatten()),
                        _ => return Err(ExchangeError::at(at, "other than words in a vector of words")),
                    }
                }
                plain(Kind::Text(words))
            }
            19 => {
                let length = self.length(4)?;
                let cells = (0..length).map(|_| self.value(depth + 1));
                plain(Kind::List(cells.collect::<Result<_, _>>()?))
            }
            238 => return self.alternative(at, depth),
            other => {
                return Err(ExchangeError::at(
                    at,
                    format!("an object of R of type {other}; numbers, words, lists and data frames are read"),
                ));
            }
        };
        if has_attributes {
            value.attributes = self.value(depth + 1)?.attributes;
        }
        Ok(value)
    }

    /// A chain of named values; it comes back as attributes of nothing.
    fn pairs(
        &mut self,
        flags: i32,
        has_attributes: bool,
        has_tag: bool,
        depth: usize,
    ) -> Result<Value, ExchangeError> {
        let mut found = Vec::new();
        let (mut attributes, mut tag) = (has_attributes, has_tag);
        let mut flags = flags;
        loop {
            if flags & 0xff != 2 {
                // The end of the chain: nothing, or (in wrappers) a value of its own.
                if flags & 0xff != 254 {
                    self.at -= 4;
                    found.push((String::new(), self.value(depth + 1)?));
                }
                break;
            }
            if attributes {
                self.value(depth + 1)?;
            }
            let name =
                if tag { self.value(depth + 1)?.words().pop().unwrap_or_default() } else { String::new() };
            found.push((name, self.value(depth + 1)?));
            flags = self.integer()?;
            (attributes, tag) = (flags & 0x200 != 0, flags & 0x400 != 0);
        }
        Ok(Value { kind: Kind::Null, attributes: found })
    }

    /// Compact forms of version 3: sequences, and wrappers around a plain vector.
    fn alternative(&mut self, at: usize, depth: usize) -> Result<Value, ExchangeError> {
        let info = self.value(depth + 1)?;
        let state = self.value(depth + 1)?;
        let attributes = self.value(depth + 1)?.attributes;
        let class = info.attributes.first().map(|(_, class)| class.words()).unwrap_or_default().join("");
        let kind = match class.as_str() {
            "compact_intseq" | "compact_realseq" => {
                let three = state.numbers().unwrap_or_default();
                let [count, first, step] = three[..] else {
                    return Err(ExchangeError::at(at, "a sequence without count, first and step"));
                };
                if !(0.0..=1e8).contains(&count) {
                    return Err(ExchangeError::at(at, format!("a sequence of {count} numbers")));
                }
                let cells = (0..count as usize).map(|k| first + step * k as f64);
                if class == "compact_intseq" {
                    Kind::Integer(cells.map(|cell| Some(cell as i32)).collect())
                } else {
                    Kind::Number(cells.collect())
                }
            }
            _ if class.starts_with("wrap_") => match state.kind {
                Kind::List(mut values) if !values.is_empty() => values.swap_remove(0).kind,
                _ => state.attributes.into_iter().next().map(|(_, value)| value.kind).unwrap_or(Kind::Null),
            },
            other => {
                return Err(ExchangeError::at(at, format!("a compact vector of R of class `{other}`")));
            }
        };
        Ok(Value { kind, attributes })
    }
}
