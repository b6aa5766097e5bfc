//! What a folder of one's own brings to the record, so that an answer can name it.

use serde::Serialize;

/// How many replaced entries are named; the rest are counted.
const NAMED: usize = 2;

/// A folder that is laid over the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OwnFolder {
    /// The folder, as it was given.
    pub folder: String,
    /// How many entries it holds: acts and heads of measures, rows of talks, rules, conditions, tables of goods.
    pub entries: usize,
    /// Those that take the place of an entry on record, each by its name.
    pub replaces: Vec<String>,
    /// The measures that it tells of.
    #[serde(skip)]
    pub measures: Vec<String>,
}

impl OwnFolder {
    /// A folder of which nothing is counted yet.
    pub(crate) fn new(folder: impl Into<String>) -> Self {
        Self { folder: folder.into(), ..Self::default() }
    }

    /// Whether it is no folder at all: the record itself.
    pub(crate) fn is_the_record(&self) -> bool {
        self.folder.is_empty()
    }

    /// Counts an entry; `replaces` names what it takes the place of.
    pub(crate) fn count(&mut self, replaces: Option<String>) {
        self.entries += 1;
        self.replaces.extend(replaces);
    }

    /// Whether a file of the record is one of this folder's.
    pub(crate) fn holds(&self, file: &str) -> bool {
        let folder = self.folder.replace('\\', "/");
        file.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The folder with its counts, in words.
    ///
    /// ```
    /// use detente_ledger::OwnFolder;
    ///
    /// let folder = "mine".to_owned();
    /// let own = OwnFolder { folder, entries: 3, replaces: vec!["US-301-L1 (E5)".to_owned()], measures: Vec::new() };
    /// assert_eq!(own.words(), "folder mine (3 entries, of which 1 takes the place of one on record: US-301-L1 (E5))");
    /// ```
    pub fn words(&self) -> String {
        let entries = if self.entries == 1 { "1 entry" } else { &format!("{} entries", self.entries) };
        let named = self.replaces.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = match self.replaces.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let replaced = match self.replaces.len() {
            0 => String::new(),
            1 => format!(", of which 1 takes the place of one on record: {named}"),
            several => format!(", of which {several} take the place of some on record: {named}{more}"),
        };
        format!("folder {} ({entries}{replaced})", self.folder)
    }

    /// One sentence on all folders that are laid over the record; none where there are none.
    ///
    /// ```
    /// use detente_ledger::OwnFolder;
    ///
    /// assert_eq!(OwnFolder::sentence(&[]), None);
    /// ```
    pub fn sentence(folders: &[Self]) -> Option<String> {
        let words: Vec<String> = folders.iter().map(Self::words).collect();
        (!words.is_empty()).then(|| format!("With your own facts: {}", words.join("; ")))
    }
}

/// Puts an entry in the place of the one that is the same, or adds it; whether it took a place.
pub(crate) fn put<T>(held: &mut Vec<T>, one: T, same: impl Fn(&T, &T) -> bool) -> bool {
    match held.iter_mut().find(|known| same(known, &one)) {
        Some(known) => {
            *known = one;
            true
        }
        None => {
            held.push(one);
            false
        }
    }
}
