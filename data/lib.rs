//! The facts that the program carries with it: every file of this folder, by its name here.
//!
//! Facts and figures only, no logic: measures in force, talks, product lists, a benchmark world, elasticities, outturns and example
//! scenarios, each beside its source and licence (see the `README.md` of its folder). Names are relative to the folder and are written
//! with `/`.
//!
//! ```
//! let sources = detente_facts::text("ledger/sources.csv").expect("carried");
//! assert!(sources.lines().count() > 100);
//! ```

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The content of the file `name`, if the program carries it.
pub fn file(name: &str) -> Option<&'static [u8]> {
    let at = FILES.binary_search_by(|(held, _)| (*held).cmp(name)).ok()?;
    FILES.get(at).map(|(_, content)| *content)
}

/// The file `name` as text; `None` where it is not carried or is no text (compressed).
pub fn text(name: &str) -> Option<&'static str> {
    file(name).and_then(|content| std::str::from_utf8(content).ok())
}

/// The file `name` as text, for what cannot go on without it.
///
/// # Errors
/// The name, where it is not carried or is no text.
///
/// ```
/// assert!(detente_facts::needed("assumptions.toml").is_ok());
/// let missing = detente_facts::needed("assumption.toml").unwrap_err();
/// assert_eq!(missing.to_string(), "data/assumption.toml: no such text is carried with the program");
/// ```
pub fn needed(name: &str) -> Result<&'static str, Missing> {
    text(name).ok_or_else(|| Missing { name: name.to_owned() })
}

/// A file that the program should carry and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its name in this folder.
    pub name: String,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "data/{}: no such text is carried with the program", self.name)
    }
}

impl std::error::Error for Missing {}

/// Every carried file whose name starts with `folder`, in order of name.
pub fn below(folder: &str) -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let first = FILES.partition_point(|(name, _)| *name < folder);
    FILES[first..].iter().take_while(move |(name, _)| name.starts_with(folder)).copied()
}

/// What the carried files whose name starts with `folder` weigh together, in bytes.
pub fn weight(folder: &str) -> usize {
    below(folder).map(|(_, content)| content.len()).sum()
}

#[cfg(test)]
mod tests {
    /// A file is found by its name whatever stands beside it: names are looked up in the order in which they are held.
    #[test]
    fn every_file_is_found_by_its_name() {
        assert!(super::FILES.is_sorted_by(|one, next| one.0 < next.0));
        assert!(super::FILES.iter().all(|(name, _)| super::file(name).is_some()));
    }
}
