//! A part of a sweep: contiguous runs, numbered as in the whole.

use std::ops::Range;
use std::str::FromStr;

/// Part `index` of `of`, counted from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from one.
    pub index: usize,
    /// Of how many.
    pub of: usize,
}

impl Shard {
    /// Its runs of `count`: from `⌊(i−1)N/n⌋` to before `⌊iN/n⌋`.
    pub fn runs(self, count: usize) -> Range<usize> {
        let bound = |index: usize| (index as u128 * count as u128 / self.of as u128) as usize;
        bound(self.index - 1)..bound(self.index)
    }

    /// The name of its folder below that of the sweep.
    pub fn folder_name(self) -> String {
        format!("shard-{}-of-{}", self.index, self.of)
    }

    /// The part that a folder's name tells.
    pub fn of_folder(name: &str) -> Option<Self> {
        name.strip_prefix("shard-")?.replacen("-of-", "/", 1).parse().ok()
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let read = || {
            let (index, of) = typed.split_once('/')?;
            let (index, of): (usize, usize) = (index.parse().ok()?, of.parse().ok()?);
            (1..=of).contains(&index).then_some(Self { index, of })
        };
        read().ok_or_else(|| {
            format!("`{typed}`: a part is written i/n, counted from one: 3/8 is the third of eight")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_every_run_once() {
        for (count, of) in [(0, 3), (1, 7), (18, 2), (18, 7), (1_000_000, 64)] {
            let mut next = 0;
            for index in 1..=of {
                let runs = Shard { index, of }.runs(count);
                assert_eq!(runs.start, next);
                next = runs.end;
            }
            assert_eq!(next, count);
        }
    }

    #[test]
    fn parts_are_counted_from_one() {
        assert_eq!("3/8".parse(), Ok(Shard { index: 3, of: 8 }));
        assert_eq!(Shard::of_folder("shard-3-of-8"), Some(Shard { index: 3, of: 8 }));
        for wrong in ["0/8", "9/8", "3", "a/b", "1/0"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
