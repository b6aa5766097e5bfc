//! The shelf of product facts: what the program carries, with a user's own folders laid over it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Concordance, LineTable, ProductError, ProductList};
use crate::embedded;

/// Reads line tables, lists and concordances once and hands them out.
///
/// A file in an overlay folder stands in for the carried file of the same name, or adds one:
/// `DIR/products/USA/lists/mine.csv` is the list `mine` of the importer USA.
#[derive(Debug, Default)]
pub struct ProductLibrary {
    overlays: Vec<PathBuf>,
    lists: Mutex<BTreeMap<String, Arc<ProductList>>>,
    lines: Mutex<BTreeMap<String, Arc<LineTable>>>,
}

impl ProductLibrary {
    /// The carried facts under these folders; the last folder is uppermost.
    pub fn new(overlays: Vec<PathBuf>) -> Self {
        Self { overlays, ..Self::default() }
    }

    /// The tariff lines of `importer`.
    pub fn lines(&self, importer: &str) -> Result<Arc<LineTable>, ProductError> {
        let name = format!("products/{importer}/lines.csv");
        if let Some(found) = held(&self.lines).get(&name) {
            return Ok(Arc::clone(found));
        }
        let table = Arc::new(LineTable::read(&name, &self.text(&name)?)?);
        held(&self.lines).insert(name, Arc::clone(&table));
        Ok(table)
    }

    /// A product list of `importer` by its name below `products/<importer>/lists`.
    pub fn list(&self, importer: &str, list: &str) -> Result<Arc<ProductList>, ProductError> {
        let name = format!("products/{importer}/lists/{list}.csv");
        if let Some(found) = held(&self.lists).get(&name) {
            return Ok(Arc::clone(found));
        }
        let read = Arc::new(ProductList::read(&name, &self.text(&name)?)?);
        held(&self.lists).insert(name, Arc::clone(&read));
        Ok(read)
    }

    /// The concordance to the sectors of a benchmark.
    pub fn concordance(&self, benchmark: &str) -> Result<Concordance, ProductError> {
        let name = format!("concordances/{benchmark}.csv");
        Concordance::read(&name, &self.text(&name)?)
    }

    /// The text of a file below `data/`, the uppermost folder first.
    pub fn text(&self, name: &str) -> Result<String, ProductError> {
        for folder in self.overlays.iter().rev() {
            let path = folder.join(name);
            if path.is_file() {
                return std::fs::read_to_string(&path).map_err(|error| {
                    ProductError::row(&path.display().to_string(), 0, error.to_string(), "check the file")
                });
            }
        }
        let content = embedded::file(name).ok_or_else(|| absent(name))?;
        String::from_utf8(content.to_vec())
            .map_err(|_| ProductError::row(name, 0, "it is no UTF-8 text", "save it as UTF-8"))
    }
}

/// A panic elsewhere cannot leave a map of whole tables half written, so a poisoned lock is as good as a sound one.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn absent(name: &str) -> ProductError {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let top = folder.split('/').take(2).collect::<Vec<_>>().join("/");
    let nearest = embedded::below(&top)
        .map(|(held, _)| (strsim::normalized_levenshtein(held, name), held))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > 0.6)
        .map(|(_, held)| held.to_owned());
    ProductError::Absent { file: name.to_owned(), nearest }
}
