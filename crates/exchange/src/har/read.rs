//! Reading: framing, then headers, then arrays. Every length is held against the bytes that are there before anything is made room for.

use super::{Data, Framing, HarFile, Header};
use crate::ExchangeError;

/// The first byte of a file in the old framing.
const OLD: u8 = 0xfd;
/// Width of names of elements, sets and coefficients.
const NAME: usize = 12;

/// One record with the place where it begins.
#[derive(Clone, Copy)]
struct Record<'a> {
    at: usize,
    data: &'a [u8],
}

impl<'a> Record<'a> {
    fn bytes(&self, from: usize, length: usize) -> Result<&'a [u8], ExchangeError> {
        from.checked_add(length).and_then(|to| self.data.get(from..to)).ok_or_else(|| {
            ExchangeError::at(
                self.at,
                format!("a record of {} bytes is too short for {length} at {from}", self.data.len()),
            )
        })
    }

    fn integer(&self, from: usize) -> Result<i32, ExchangeError> {
        let bytes = self.bytes(from, 4)?;
        Ok(i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// A whole number that counts something.
    fn count(&self, from: usize) -> Result<usize, ExchangeError> {
        let found = self.integer(from)?;
        usize::try_from(found)
            .map_err(|_| ExchangeError::at(self.at + from, format!("{found} where a count belongs")))
    }

    fn counts(&self, from: usize, number: usize) -> Result<Vec<usize>, ExchangeError> {
        self.bytes(from, number.saturating_mul(4))?;
        (0..number).map(|k| self.count(from + 4 * k)).collect()
    }

    fn text(&self, from: usize, length: usize) -> Result<String, ExchangeError> {
        Ok(latin(self.bytes(from, length)?))
    }

    /// Names of twelve characters.
    fn names(&self, from: usize, number: usize) -> Result<Vec<String>, ExchangeError> {
        let bytes = self.bytes(from, number.saturating_mul(NAME))?;
        Ok(bytes.chunks_exact(NAME).map(latin).collect())
    }

    fn floats(&self, from: usize) -> Result<Vec<f32>, ExchangeError> {
        let bytes = self.data.get(from..).unwrap_or_default();
        if !bytes.len().is_multiple_of(4) {
            return Err(ExchangeError::at(self.at, "numbers do not fill the record"));
        }
        Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    fn refuse(&self, reason: impl Into<String>) -> ExchangeError {
        ExchangeError::at(self.at, reason)
    }
}

/// Text of one byte a character; zeros count as spaces, trailing spaces are cut.
fn latin(bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|byte| if *byte == 0 { ' ' } else { char::from(*byte) }).collect();
    text.trim_end().to_string()
}

/// Reads a file.
///
/// # Errors
/// With the byte where the file is not what its own lengths and sizes say. An array of a kind that is not known is kept as unread.
///
/// ```
/// let refused = detente_exchange::har::read(b"\x00\x00\x00\x04VDFB").unwrap_err();
/// assert!(refused.to_string().contains("other byte order"), "{refused}");
/// ```
pub fn read(bytes: &[u8]) -> Result<HarFile, ExchangeError> {
    if bytes.is_empty() {
        return Err(ExchangeError::at(0, "an empty file; a header-array file has at least one array"));
    }
    if bytes.starts_with(&[0, 0, 0, 4]) {
        let reason = "a file of the other byte order (big-endian); write it anew on a machine of today";
        return Err(ExchangeError::at(0, reason));
    }
    let framing = if bytes[0] == OLD { Framing::Old } else { Framing::Standard };
    let records = match framing {
        Framing::Standard => standard_records(bytes)?,
        Framing::Old => old_records(bytes)?,
    };
    let mut headers = Vec::new();
    let mut at = 0;
    while at < records.len() {
        let name = records[at];
        if !is_name(&name) {
            // Records of four spaces stand between arrays in some files; anything else needs a name before it.
            if name.data == b"    " {
                at += 1;
                continue;
            }
            return Err(name.refuse("a record before the first name of an array"));
        }
        let end = (at + 1..records.len()).find(|k| is_name(&records[*k])).unwrap_or(records.len());
        let own: Vec<Record<'_>> =
            records[at + 1..end].iter().filter(|record| record.data != b"    ").copied().collect();
        headers.push(header(latin(name.data), name, &own, bytes.len())?);
        at = end;
    }
    if headers.is_empty() {
        return Err(ExchangeError::at(0, "no array; a header-array file has at least one"));
    }
    Ok(HarFile { framing, headers })
}

fn is_name(record: &Record<'_>) -> bool {
    record.data.len() == 4 && record.data != b"    "
}

fn standard_records(bytes: &[u8]) -> Result<Vec<Record<'_>>, ExchangeError> {
    let length = |at: usize| -> Result<i32, ExchangeError> {
        let part = bytes.get(at..at.saturating_add(4));
        let part =
            part.ok_or_else(|| ExchangeError::at(at, "the file ends within the length of a record"))?;
        Ok(i32::from_le_bytes([part[0], part[1], part[2], part[3]]))
    };
    let mut records = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let found = length(at)?;
        let data = usize::try_from(found).ok().and_then(|n| bytes.get(at + 4..(at + 4).checked_add(n)?));
        let Some(data) = data else {
            let reason = format!("a record of {found} bytes does not fit the file of {}", bytes.len());
            return Err(ExchangeError::at(at, reason));
        };
        let closing = length(at + 4 + data.len())?;
        if closing != found {
            let reason = format!("a record begins with length {found} and ends with {closing}");
            return Err(ExchangeError::at(at, reason));
        }
        records.push(Record { at, data });
        at += 8 + data.len();
    }
    Ok(records)
}

fn old_records(bytes: &[u8]) -> Result<Vec<Record<'_>>, ExchangeError> {
    let mut records = Vec::new();
    let mut at = 1;
    while at < bytes.len() {
        let start = at;
        let cut = || ExchangeError::at(start, "the file ends within a record");
        let extra = usize::from(bytes[at] & 3);
        let tag = bytes.get(at..at + 1 + extra).ok_or_else(cut)?;
        let mut length = usize::from(tag[0] >> 2);
        for (k, byte) in tag[1..].iter().enumerate() {
            length |= usize::from(*byte) << (6 + 8 * k);
        }
        at += tag.len();
        let data = bytes.get(at..at + length).ok_or_else(cut)?;
        at += length;
        // The closing tag holds the length of opening tag and data in the fewest bytes, backwards.
        let total = length + tag.len();
        let more = match total {
            0..0x40 => 0,
            0x40..0x4000 => 1,
            0x4000..0x40_0000 => 2,
            _ => 3,
        };
        let mut closing = vec![(((total & 63) << 2) | more) as u8];
        closing.extend((0..more).map(|k| (total >> (6 + 8 * k) & 255) as u8));
        closing.reverse();
        if bytes.get(at..at + closing.len()) != Some(&closing[..]) {
            let reason =
                format!("a record of {length} bytes from byte {start} is not closed as it was opened");
            return Err(ExchangeError::at(at, reason));
        }
        at += closing.len();
        records.push(Record { at: start, data });
    }
    Ok(records)
}

fn header(
    name: String,
    place: Record<'_>,
    records: &[Record<'_>],
    file: usize,
) -> Result<Header, ExchangeError> {
    let Some((second, rest)) = records.split_first() else {
        return Err(place.refuse(format!("array `{name}` ends after its name")));
    };
    if second.bytes(0, 4)? != b"    " {
        return Err(second.refuse(format!("the second record of `{name}` does not begin with four spaces")));
    }
    let (kind, storage) = (second.text(4, 2)?, second.text(6, 4)?);
    let rank = second.count(80)?;
    if rank > 7 || second.data.len() != 84 + 4 * rank {
        return Err(
            second.refuse(format!("array `{name}` states {rank} sizes, which its record does not hold"))
        );
    }
    let mut found = Header {
        kind: format!("{kind}{storage}"),
        long_name: second.text(10, 70)?,
        sizes: second.counts(84, rank)?,
        used: rank,
        coefficient: String::new(),
        sets: Vec::new(),
        status: String::new(),
        elements: Vec::new(),
        data: Data::Unread(String::new()),
        name,
    };
    found.data = match kind.as_str() {
        "1C" => text(&found, *second, rest)?,
        "2I" | "2R" => matrix(&found, *second, rest, kind == "2R")?,
        "RE" | "RL" => {
            let rest = if kind == "RE" { sets(&mut found, *second, rest)? } else { rest };
            match storage.as_str() {
                "FULL" => full(&found, *second, rest, file)?,
                "SPSE" => sparse(&found, *second, rest)?,
                other => Data::Unread(format!("storage `{other}` is neither FULL nor SPSE")),
            }
        }
        other => Data::Unread(format!("kind `{other}` is none of 1C, 2I, 2R, RE, RL")),
    };
    Ok(found)
}

/// The number of records that are left, this one counted, stands in each.
fn count_down(record: &Record<'_>, left: usize) -> Result<(), ExchangeError> {
    let found = record.integer(4)?;
    if usize::try_from(found) != Ok(left) {
        return Err(record.refuse(format!("says that {found} records are left, where {left} are")));
    }
    Ok(())
}

fn two_sizes(header: &Header, second: Record<'_>) -> Result<(usize, usize), ExchangeError> {
    match header.sizes[..] {
        [first, other] => Ok((first, other)),
        _ => Err(second.refuse(format!("array `{}` of this kind has two sizes", header.name))),
    }
}

/// Text in blocks of records: total, how many here, the words.
fn words(records: &[Record<'_>], count: usize, width: usize) -> Result<Vec<String>, ExchangeError> {
    let mut found = Vec::new();
    for (k, record) in records.iter().enumerate() {
        count_down(record, records.len() - k)?;
        let (total, here) = (record.count(8)?, record.count(12)?);
        let body = record.data.get(16..).unwrap_or_default();
        if total != count || here.checked_mul(width) != Some(body.len()) || found.len() + here > count {
            let reason =
                format!("{here} of {total} words of {width} where {count} belong to {} bytes", body.len());
            return Err(record.refuse(reason));
        }
        if width == 0 {
            found.extend(std::iter::repeat_n(String::new(), here.min(body.len())));
        } else {
            found.extend(body.chunks_exact(width).map(latin));
        }
    }
    Ok(found)
}

fn text(header: &Header, second: Record<'_>, records: &[Record<'_>]) -> Result<Data, ExchangeError> {
    let (count, width) = two_sizes(header, second)?;
    let found = words(records, count, width)?;
    if found.len() != count {
        return Err(second.refuse(format!("array `{}` has {} of {count} words", header.name, found.len())));
    }
    Ok(Data::Text(found))
}

fn matrix(
    header: &Header,
    second: Record<'_>,
    records: &[Record<'_>],
    real: bool,
) -> Result<Data, ExchangeError> {
    let (rows, columns) = two_sizes(header, second)?;
    let held: usize = records.iter().map(|record| record.data.len().saturating_sub(32) / 4).sum();
    if rows.checked_mul(columns) != Some(held) {
        let reason = format!("array `{}` is {rows} by {columns} and holds {held} numbers", header.name);
        return Err(second.refuse(reason));
    }
    let mut bits = vec![None; held];
    for (k, record) in records.iter().enumerate() {
        count_down(record, records.len() - k)?;
        let at = record.counts(8, 6)?;
        let (wide, high) = ((at[2], at[3]), (at[4], at[5]));
        let body = record.data.get(32..).unwrap_or_default();
        let fits = (at[0], at[1]) == (rows, columns)
            && (held == 0 || (wide.0 >= 1 && wide.1 <= rows && high.0 >= 1 && high.1 <= columns));
        if !fits {
            return Err(record.refuse("a block outside the array"));
        }
        let mut numbers = body.chunks_exact(4).map(|b| [b[0], b[1], b[2], b[3]]);
        if held > 0 {
            for column in high.0..=high.1 {
                for row in wide.0..=wide.1 {
                    let number =
                        numbers.next().ok_or_else(|| record.refuse("fewer numbers than its block"))?;
                    bits[(column - 1) * rows + row - 1] = Some(number);
                }
            }
        }
        if numbers.next().is_some() {
            return Err(record.refuse("more numbers than its block"));
        }
    }
    let bits: Vec<[u8; 4]> = bits.into_iter().flatten().collect();
    if bits.len() != held {
        return Err(second.refuse("blocks overlap or leave holes"));
    }
    Ok(if real {
        Data::Real(bits.into_iter().map(f32::from_le_bytes).collect())
    } else {
        Data::Integer(bits.into_iter().map(i32::from_le_bytes).collect())
    })
}

/// The third record and the lists of elements: one for each set of status `k`, in the order of first appearance.
fn sets<'a, 'b>(
    header: &mut Header,
    second: Record<'_>,
    records: &'b [Record<'a>],
) -> Result<&'b [Record<'a>], ExchangeError> {
    let Some((third, mut rest)) = records.split_first() else {
        return Err(second.refuse(format!("array `{}` has no record of its sets", header.name)));
    };
    let used = third.count(12)?;
    if used > header.sizes.len() {
        return Err(third.refuse(format!("{used} dimensions, where the array has {}", header.sizes.len())));
    }
    header.used = used;
    header.coefficient = third.text(16, NAME)?;
    let known = third.integer(28)?;
    let mut at = 32;
    let mut status: Vec<u8> = Vec::new();
    if known != 0 {
        header.sets = third.names(at, used)?;
        at += NAME * used;
        status = third.bytes(at, used)?.to_vec();
        at += used + 4 * used;
    } else {
        header.sets = vec![String::new(); used];
    }
    let explicit = third.count(at)?;
    let mut single = third.names(at + 4, explicit)?.into_iter();
    header.status = latin(&status);
    let mut known: Vec<(String, Vec<String>)> = Vec::new();
    for (dimension, name) in header.sets.clone().iter().enumerate() {
        let elements = match status.get(dimension) {
            Some(b'k') => {
                let earlier = known.iter().find(|(set, _)| set == name);
                let list = match earlier {
                    Some((_, list)) => list.clone(),
                    None => {
                        let first =
                            rest.first().ok_or_else(|| third.refuse("a list of elements is missing"))?;
                        let left = first.count(4)?.max(1);
                        let own =
                            rest.get(..left).ok_or_else(|| first.refuse("lists of elements are missing"))?;
                        let list = words(own, first.count(8)?, NAME)?;
                        rest = &rest[left..];
                        known.push((name.clone(), list.clone()));
                        list
                    }
                };
                if list.len() != header.sizes[dimension] {
                    let reason = format!(
                        "set `{name}` has {} elements, where the array has {}",
                        list.len(),
                        header.sizes[dimension]
                    );
                    return Err(third.refuse(reason));
                }
                Some(list)
            }
            Some(b'e') => single.next().map(|element| vec![element]),
            _ => None,
        };
        header.elements.push(elements);
    }
    Ok(rest)
}

fn product(sizes: &[usize]) -> Option<usize> {
    sizes.iter().try_fold(1_usize, |product, size| product.checked_mul(*size))
}

fn full(
    header: &Header,
    second: Record<'_>,
    records: &[Record<'_>],
    file: usize,
) -> Result<Data, ExchangeError> {
    let sizes = &header.sizes;
    let rank = sizes.len();
    let Some((stated, blocks)) = records.split_first() else {
        return Err(second.refuse(format!("array `{}` has no values", header.name)));
    };
    count_down(stated, records.len())?;
    if stated.count(8)? != rank || stated.counts(12, rank)? != *sizes {
        return Err(stated.refuse(format!("array `{}` states other sizes before its values", header.name)));
    }
    let cells = product(sizes).filter(|cells| cells.saturating_mul(4) <= file);
    let Some(cells) = cells else {
        let reason = format!("array `{}` of sizes {sizes:?} does not fit the file", header.name);
        return Err(stated.refuse(reason));
    };
    let mut values = vec![0.0_f32; cells];
    let mut filled = vec![false; cells];
    for (k, pair) in blocks.chunks(2).enumerate() {
        let left = blocks.len() - 2 * k;
        let [range, numbers] = pair else {
            return Err(pair[0].refuse("a range without values"));
        };
        count_down(range, left)?;
        count_down(numbers, left - 1)?;
        let ends = range.counts(8, 2 * rank)?;
        let numbers_left = numbers.floats(8)?.into_iter();
        let (first, last): (Vec<usize>, Vec<usize>) = ends.chunks(2).map(|end| (end[0], end[1])).unzip();
        let inside = first.iter().zip(&last).zip(sizes).all(|((f, l), size)| *f >= 1 && f <= l && l <= size);
        let count = first.iter().zip(&last).map(|(f, l)| (l + 1).saturating_sub(*f)).collect::<Vec<_>>();
        if !(cells == 0 || inside && product(&count) == Some(numbers_left.len())) {
            let reason = format!("a block of array `{}` does not hold what its range says", header.name);
            return Err(range.refuse(reason));
        }
        let mut index = first.clone();
        for number in numbers_left {
            let mut flat = 0;
            for dimension in (0..rank).rev() {
                flat = flat * sizes[dimension] + index[dimension] - 1;
            }
            if filled.get(flat) != Some(&false) {
                return Err(range.refuse(format!("blocks of array `{}` overlap", header.name)));
            }
            filled[flat] = true;
            values[flat] = number;
            for dimension in 0..rank {
                index[dimension] += 1;
                if index[dimension] <= last[dimension] {
                    break;
                }
                index[dimension] = first[dimension];
            }
        }
    }
    if !filled.iter().all(|filled| *filled) {
        return Err(stated.refuse(format!("blocks of array `{}` leave holes", header.name)));
    }
    Ok(Data::Real(values))
}

fn sparse(header: &Header, second: Record<'_>, records: &[Record<'_>]) -> Result<Data, ExchangeError> {
    /// Cells that an array may claim.
    const MOST: usize = 1 << 31;
    let cells = product(&header.sizes).filter(|cells| *cells <= MOST);
    let cells =
        cells.ok_or_else(|| second.refuse(format!("array `{}` claims more than 2^31 cells", header.name)))?;
    let Some((stated, parts)) = records.split_first() else {
        return Err(second.refuse(format!("array `{}` has no values", header.name)));
    };
    let nonzero = stated.count(4)?;
    if (stated.integer(8)?, stated.integer(12)?) != (4, 4) {
        return Err(stated.refuse("positions and values of other than four bytes"));
    }
    let mut values: Vec<(usize, f32)> = Vec::new();
    for (k, record) in parts.iter().enumerate() {
        count_down(record, parts.len() - k)?;
        let (total, here) = (record.count(8)?, record.count(12)?);
        if total != nonzero || record.data.len() != 16 + 8 * here.min(1 << 28) {
            return Err(record.refuse(format!("{here} of {total} values where {nonzero} belong")));
        }
        let positions = record.counts(16, here)?;
        let numbers = record.floats(16 + 4 * here)?;
        for (position, number) in positions.into_iter().zip(numbers) {
            if position == 0 || position > cells {
                return Err(record.refuse(format!("position {position} outside an array of {cells} cells")));
            }
            values.push((position - 1, number));
        }
    }
    let mut sorted: Vec<usize> = values.iter().map(|(position, _)| *position).collect();
    sorted.sort_unstable();
    if values.len() != nonzero || sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(stated.refuse(format!("{} values where {nonzero} different ones belong", values.len())));
    }
    Ok(Data::Sparse(cells, values))
}
