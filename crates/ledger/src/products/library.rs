//! The shelf of product facts: what the program carries, with a user's own folders laid over it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use detente_tables::diagnostics::Finding;
use detente_tables::input_file::gunzip;

use super::{Claims, Columns, Concordance, LineTable, ProductCode, ProductError, ProductList, TradeByLine};

/// Reads line tables, lists and concordances once and hands them out.
///
/// A file in an overlay folder stands in for the carried file of the same name, or adds one:
/// `DIR/products/USA/lists/mine.csv` is the list `mine` of the importer USA.
#[derive(Debug, Default)]
pub struct ProductLibrary {
    overlays: Vec<PathBuf>,
    lists: Mutex<BTreeMap<String, Arc<ProductList>>>,
    lines: Mutex<BTreeMap<String, Arc<LineTable>>>,
    trade: Mutex<BTreeMap<String, Arc<TradeByLine>>>,
    claims: Mutex<BTreeMap<String, Arc<Claims>>>,
    about: Mutex<BTreeMap<String, Arc<BTreeMap<String, AboutList>>>>,
    columns: Mutex<BTreeMap<String, Option<Arc<Columns>>>>,
    concordances: Mutex<BTreeMap<String, Arc<Concordance>>>,
    bytes_unpacked: AtomicUsize,
}

/// What a library has read so far: what an answer costs, whatever the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkDone {
    /// Lines of schedules.
    pub lines: usize,
    /// Product lists.
    pub lists: usize,
    /// Bytes of tables that are carried packed.
    pub bytes_unpacked: usize,
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
        let table = Arc::new(LineTable::read(&name, &self.content(&name)?)?);
        held(&self.lines).insert(name, Arc::clone(&table));
        Ok(table)
    }

    /// The tariff lines of `importer` in the chapter of `code`, or all where they are at hand: one duty needs no others, and reading them
    /// all was a fifth of its time.
    pub fn lines_of_chapter(
        &self,
        importer: &str,
        code: ProductCode,
    ) -> Result<Arc<LineTable>, ProductError> {
        let name = format!("products/{importer}/lines.csv");
        let chapter = code.cut(2).undotted();
        let key = format!("{name}#{chapter}");
        let at_hand = held(&self.lines);
        if let Some(found) = at_hand.get(&name).or_else(|| at_hand.get(&key)) {
            return Ok(Arc::clone(found));
        }
        drop(at_hand);
        let table = Arc::new(LineTable::read_chapter(&name, &self.content(&name)?, &chapter)?);
        held(&self.lines).insert(key, Arc::clone(&table));
        Ok(table)
    }

    /// What has been read so far.
    pub fn work_done(&self) -> WorkDone {
        WorkDone {
            lines: held(&self.lines).values().map(|table| table.lines().len()).sum(),
            lists: held(&self.lists).len(),
            bytes_unpacked: self.bytes_unpacked.load(Ordering::Relaxed),
        }
    }

    /// The lines of `importer` with its trade with `exporter`, which stands in `products/<importer>/trade.csv` where the line table
    /// itself has no column for it.
    pub fn lines_weighed(&self, importer: &str, exporter: &str) -> Result<Arc<LineTable>, ProductError> {
        let table = self.lines(importer)?;
        if table.weighs(exporter) {
            return Ok(table);
        }
        let key = format!("{importer}<{exporter}");
        if let Some(found) = held(&self.lines).get(&key) {
            return Ok(Arc::clone(found));
        }
        let trade = self.trade(importer)?;
        let Some(values) = trade.of(exporter) else { return Ok(table) };
        let read = Arc::new(table.with_trade(exporter, values));
        held(&self.lines).insert(key, Arc::clone(&read));
        Ok(read)
    }

    /// Exporters whose trade the record has by line, in order.
    pub fn partners(&self, importer: &str) -> Result<Vec<String>, ProductError> {
        let mut found: Vec<String> = self.lines(importer)?.exporters().map(str::to_owned).collect();
        found.extend(self.trade(importer)?.exporters().map(str::to_owned));
        found.retain(|exporter| exporter != super::ALL_PARTNERS);
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Customs value by line from each exporter of the importer's table of trade; empty where it has none.
    fn trade(&self, importer: &str) -> Result<Arc<TradeByLine>, ProductError> {
        if let Some(found) = held(&self.trade).get(importer) {
            return Ok(Arc::clone(found));
        }
        let name = trade_file(importer);
        let read = match self.find(&name)? {
            Some(text) => Arc::new(TradeByLine::read(&name, &text)?),
            None => Arc::default(),
        };
        held(&self.trade).insert(importer.to_owned(), Arc::clone(&read));
        Ok(read)
    }

    /// Which share of imports claims a preference; empty where the importer has no such files.
    pub fn claims(&self, importer: &str) -> Result<Arc<Claims>, ProductError> {
        if let Some(found) = held(&self.claims).get(importer) {
            return Ok(Arc::clone(found));
        }
        let names = ["claims", "claims-by-month"].map(|name| format!("products/{importer}/{name}.csv"));
        let read = match (self.text(&names[0]), self.text(&names[1])) {
            (Ok(lines), Ok(months)) => Arc::new(Claims::read([&names[0], &names[1]], &lines, &months)?),
            (Err(ProductError::Absent { .. }), _) => Arc::default(),
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        held(&self.claims).insert(importer.to_owned(), Arc::clone(&read));
        Ok(read)
    }

    /// A product list of `importer` by its name below `products/<importer>/lists`.
    pub fn list(&self, importer: &str, list: &str) -> Result<Arc<ProductList>, ProductError> {
        let name = format!("products/{importer}/lists/{list}.csv");
        if let Some(found) = held(&self.lists).get(&name) {
            return Ok(Arc::clone(found));
        }
        let read = Arc::new(ProductList::read(&name, &self.content(&name)?)?);
        held(&self.lists).insert(name, Arc::clone(&read));
        Ok(read)
    }

    /// What a reader calls a list of `importer`; its name where nothing on record says.
    pub fn title(&self, importer: &str, list: &str) -> Result<String, ProductError> {
        let about = self.about_lists(importer)?;
        Ok(about.get(list).map_or_else(|| list.to_owned(), |held| held.title.clone()))
    }

    /// What a list of `importer` rests on, by `products/<importer>/lists.csv`; none where the file does not say.
    pub fn about(&self, importer: &str, list: &str) -> Result<Option<AboutList>, ProductError> {
        Ok(self.about_lists(importer)?.get(list).cloned())
    }

    /// What every list of `importer` rests on, by name.
    pub fn about_lists(&self, importer: &str) -> Result<Arc<BTreeMap<String, AboutList>>, ProductError> {
        if let Some(known) = held(&self.about).get(importer) {
            return Ok(Arc::clone(known));
        }
        // An importer that a user's folder adds may have none.
        let mut found = BTreeMap::new();
        let titles = format!("products/{importer}/list-titles.csv");
        let lists = format!("products/{importer}/lists.csv");
        for (name, read) in [(titles, read_titles as Reader), (lists, read_about as Reader)] {
            if let Some(text) = self.find(&name)? {
                found.extend(read(&name, &text)?);
            }
        }
        let found = Arc::new(found);
        held(&self.about).insert(importer.to_owned(), Arc::clone(&found));
        Ok(found)
    }

    /// The columns of the schedule of `importer`; none where it has no such file.
    pub fn columns(&self, importer: &str) -> Result<Option<Arc<Columns>>, ProductError> {
        let name = format!("products/{importer}/columns.csv");
        if let Some(found) = held(&self.columns).get(&name) {
            return Ok(found.clone());
        }
        let read = match self.find(&name)? {
            Some(text) => Some(Arc::new(Columns::read(&name, text)?)),
            None => None,
        };
        held(&self.columns).insert(name, read.clone());
        Ok(read)
    }

    /// The concordance to the sectors of a benchmark.
    pub fn concordance(&self, benchmark: &str) -> Result<Arc<Concordance>, ProductError> {
        let name = format!("concordances/{benchmark}.csv");
        if let Some(found) = held(&self.concordances).get(&name) {
            return Ok(Arc::clone(found));
        }
        let read = Arc::new(Concordance::read(&name, &self.text(&name)?)?);
        held(&self.concordances).insert(name, Arc::clone(&read));
        Ok(read)
    }

    /// Importers whose lines are at hand, in order.
    pub fn importers(&self) -> Result<Vec<String>, ProductError> {
        let of_name = |name: &str| {
            let (importer, file) = name.strip_prefix("products/")?.split_once('/')?;
            (file == "lines.csv").then(|| importer.to_owned())
        };
        let mut found: Vec<String> =
            detente_facts::below("products/").filter_map(|(name, _)| of_name(name)).collect();
        for name in self.files_of_folders()? {
            found.extend(of_name(&name));
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The lists that the folders hold: importer and name.
    pub fn lists_of_folders(&self) -> Result<Vec<(String, String)>, ProductError> {
        let of_name = |name: &String| {
            let (importer, file) = name.strip_prefix("products/")?.split_once('/')?;
            let list = file.strip_prefix("lists/")?.strip_suffix(".csv")?;
            Some((importer.to_owned(), list.to_owned()))
        };
        Ok(self.files_of_folders()?.iter().filter_map(of_name).collect())
    }

    /// Names of the tables of products that the folders hold.
    fn files_of_folders(&self) -> Result<Vec<String>, ProductError> {
        let mut names = Vec::new();
        for folder in &self.overlays {
            files_below(folder, "products", &mut names)?;
        }
        Ok(names)
    }

    /// Reads every file that an overlay folder holds below `products/` and `concordances/`, so that a broken one is refused before
    /// anything is answered, whether the answer would have needed it or not.
    pub fn read_overlays(&self) -> Result<(), ProductError> {
        for folder in &self.overlays {
            let mut names = Vec::new();
            for top in ["products", "concordances"] {
                files_below(folder, top, &mut names)?;
            }
            for name in names {
                self.read_one(folder, &name)?;
            }
        }
        Ok(())
    }

    fn read_one(&self, folder: &Path, name: &str) -> Result<(), ProductError> {
        let parts: Vec<&str> = name.split('/').collect();
        let Some(stem) = name.strip_suffix(".csv") else { return Ok(()) };
        match parts.as_slice() {
            ["products", importer, "lines.csv"] => self.lines(importer).map(drop),
            ["products", importer, "trade.csv"] => self.partners(importer).map(drop),
            ["products", importer, "claims.csv" | "claims-by-month.csv"] => self.claims(importer).map(drop),
            ["products", importer, "list-titles.csv"] => self.title(importer, "").map(drop),
            ["products", importer, "lists.csv"] => self.about_lists(importer).map(drop),
            // Read where they are asked for, line by line.
            ["products", _, "columns.csv" | "names.csv"] => Ok(()),
            ["products", importer, "lists", ..] => {
                let list = stem.split('/').skip(3).collect::<Vec<_>>().join("/");
                self.list(importer, &list).map(drop)
            }
            ["concordances", _] => self.concordance(stem.trim_start_matches("concordances/")).map(drop),
            _ => {
                let file = folder.join(name).display().to_string();
                let found = "no such table of products is known";
                let known = "products/<IMPORTER>/ holds lines.csv, trade.csv, claims.csv, claims-by-month.csv, columns.csv, names.csv, lists.csv and lists/, concordances/ one table a benchmark";
                Err(ProductError::row(&file, 1, found, known))
            }
        }
    }

    /// The text of a file below `data/`, the uppermost folder first.
    pub fn text(&self, name: &str) -> Result<String, ProductError> {
        self.content(name).map(Cow::into_owned)
    }

    /// The same, where it stands if the program carries it as text.
    fn content(&self, name: &str) -> Result<Cow<'static, str>, ProductError> {
        self.find(name)?.ok_or_else(|| absent(name))
    }

    /// The same of a file that an importer need not have; names like it are not looked for, which would be a twentieth of a duty's time.
    fn find(&self, name: &str) -> Result<Option<Cow<'static, str>>, ProductError> {
        for folder in self.overlays.iter().rev() {
            let path = folder.join(name);
            if path.is_file() {
                return std::fs::read_to_string(&path).map(|text| Some(Cow::Owned(text))).map_err(|error| {
                    ProductError::row(&path.display().to_string(), 0, error.to_string(), "check the file")
                });
            }
        }
        let no_text = || ProductError::row(name, 0, "it is no UTF-8 text", "save it as UTF-8");
        if let Some(content) = detente_facts::file(name) {
            return std::str::from_utf8(content).map(|text| Some(Cow::Borrowed(text))).map_err(|_| no_text());
        }
        // Tables that only averages need are carried packed.
        let Some(packed) = detente_facts::file(&format!("{name}.gz")) else { return Ok(None) };
        let broken =
            |finding: Finding| ProductError::row(name, 0, finding.to_string(), "pack it again with gzip");
        let unpacked = gunzip(packed).map_err(broken)?;
        self.bytes_unpacked.fetch_add(unpacked.len(), Ordering::Relaxed);
        String::from_utf8(unpacked).map(|text| Some(Cow::Owned(text))).map_err(|_| no_text())
    }
}

/// The tables of products of a folder, each with its name where it stands in for one that the program carries. A folder that cannot be read is
/// refused where its tables are.
pub(crate) fn tables_of_folder(folder: &Path) -> impl Iterator<Item = Option<String>> {
    let mut names = Vec::new();
    let read = ["products", "concordances"].iter().try_for_each(|top| files_below(folder, top, &mut names));
    names.retain(|_| read.is_ok());
    names.into_iter().map(|name| {
        let is_carried =
            detente_facts::file(&name).or_else(|| detente_facts::file(&format!("{name}.gz"))).is_some();
        is_carried.then_some(name)
    })
}

/// The names of all files below `folder/top`, relative to `folder`.
fn files_below(folder: &Path, top: &str, names: &mut Vec<String>) -> Result<(), ProductError> {
    let place = folder.join(top);
    if !place.is_dir() {
        return Ok(());
    }
    let shown = place.display().to_string();
    let wrong = |error: std::io::Error| ProductError::row(&shown, 0, error.to_string(), "check the folder");
    let mut entries =
        std::fs::read_dir(&place).map_err(wrong)?.collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{top}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files_below(folder, &name, names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

fn trade_file(importer: &str) -> String {
    format!("products/{importer}/trade.csv")
}

/// What a list rests on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AboutList {
    /// Its name.
    pub list: String,
    /// What a reader calls it.
    pub title: String,
    /// The note of the law that prints it.
    #[serde(default)]
    pub note: String,
    /// How many rows it has by its source.
    #[serde(default)]
    pub count: Option<usize>,
    /// `text`: its codes were compared with the law's text; `count`: with its source's count; `none`.
    #[serde(default)]
    pub checked: String,
    /// Citation.
    #[serde(default)]
    pub source: String,
    /// How sure the record is.
    #[serde(default)]
    pub confidence: String,
    /// Newest evidence read.
    #[serde(default)]
    pub last_evidence: Option<jiff::civil::Date>,
}

impl AboutList {
    /// Whether its codes were compared with the law's text.
    pub fn is_checked_with_the_text(&self) -> bool {
        self.checked == "text"
    }
}

type Reader = fn(&str, &str) -> Result<BTreeMap<String, AboutList>, ProductError>;

/// Reads `list,title`.
fn read_titles(file: &str, text: &str) -> Result<BTreeMap<String, AboutList>, ProductError> {
    read_table(file, text, &["list", "title"])
}

/// Reads `list,title,note,count,checked,source,confidence,last_evidence`.
fn read_about(file: &str, text: &str) -> Result<BTreeMap<String, AboutList>, ProductError> {
    let header = ["list", "title", "note", "count", "checked", "source", "confidence", "last_evidence"];
    read_table(file, text, &header)
}

fn read_table(file: &str, text: &str, header: &[&str]) -> Result<BTreeMap<String, AboutList>, ProductError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = format!("write `{}`, a list once", header.join(","));
    let found: Vec<&str> = text.lines().next().unwrap_or_default().trim().split(',').collect();
    if found != header {
        return Err(ProductError::row(file, 1, format!("the header is `{}`", found.join(",")), columns));
    }
    let mut lists = BTreeMap::new();
    for (at, row) in reader.deserialize::<AboutList>().enumerate() {
        let row = row.map_err(|error| ProductError::row(file, at + 2, error.to_string(), columns.clone()))?;
        if !matches!(row.checked.as_str(), "" | "text" | "count" | "none") {
            let problem = format!("`checked` is `{}`", row.checked);
            return Err(ProductError::row(file, at + 2, problem, "write `text`, `count` or `none`"));
        }
        if let Some(twice) = lists.insert(row.list.clone(), row) {
            let problem = format!("`{}` is `{}` already", twice.list, twice.title);
            return Err(ProductError::row(file, at + 2, problem, columns));
        }
    }
    Ok(lists)
}

/// A panic elsewhere cannot leave a map of whole tables half written, so a poisoned lock is as good as a sound one.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn absent(name: &str) -> ProductError {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let top = folder.split('/').take(2).collect::<Vec<_>>().join("/");
    let nearest = detente_facts::below(&top)
        .map(|(held, _)| (strsim::normalized_levenshtein(held, name), held))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > 0.6)
        .map(|(_, held)| held.to_owned());
    ProductError::Absent { file: name.to_owned(), nearest }
}
