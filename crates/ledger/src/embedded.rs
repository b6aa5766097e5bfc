//! The facts that the program carries with it: every file below `data/`, by its name there.

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The content of `data/<name>`, if the program carries it.
pub fn file(name: &str) -> Option<&'static [u8]> {
    let at = FILES.binary_search_by(|(held, _)| (*held).cmp(name)).ok()?;
    FILES.get(at).map(|(_, content)| *content)
}

/// Every carried file whose name starts with `folder`, in order of name.
pub fn below(folder: &str) -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let first = FILES.partition_point(|(name, _)| *name < folder);
    FILES[first..].iter().take_while(move |(name, _)| name.starts_with(folder)).copied()
}

/// What the carried facts weigh together, in bytes.
pub fn weight() -> usize {
    FILES.iter().map(|(_, content)| content.len()).sum()
}
