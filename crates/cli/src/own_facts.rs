//! A folder of one's own (`--ledger`) named on the face of every answer that it went into: told once where the record is read, and put on
//! whatever is printed or written after that, so that no verb can leave it out.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use detente_ledger::OwnFolder;
use detente_tables::output::{Content, OutputFile};
use serde_json::{Value, json};

use crate::format::Format;
use crate::note::note;
use crate::wrap::wrap;

/// Its name in data.
const KEY: &str = "own_facts";

static TOLD: OnceLock<Told> = OnceLock::new();
static FORMAT: OnceLock<Format> = OnceLock::new();

struct Told {
    folders: Vec<OwnFolder>,
    /// Whether anything asked the record: a scenario need not.
    used: Arc<AtomicBool>,
}

/// Tells what folders are laid over the record; `used` says whether anything asked it, or will have when an answer is printed.
pub fn tell(folders: &[OwnFolder], used: Arc<AtomicBool>) {
    if !folders.is_empty() {
        let _ = TOLD.set(Told { folders: folders.to_vec(), used });
    }
}

/// Tells in which form the verb prints.
pub fn asked_in(format: Format) {
    let _ = FORMAT.set(format);
}

impl Told {
    fn is_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }

    fn sentence(&self) -> String {
        if self.is_used() {
            return OwnFolder::sentence(&self.folders).unwrap_or_default();
        }
        let words: Vec<String> = self.folders.iter().map(OwnFolder::words).collect();
        format!("Not in this answer, since nothing here asks the record: {}", words.join("; "))
    }

    fn json(&self) -> Value {
        json!({ "sentence": self.sentence(), "used": self.is_used(), "folders": self.folders })
    }
}

/// A text as it is printed: a screen says so in its first line, a page of prose below its heading, an object in a key of its own, an array in
/// each of its objects. Rows of CSV have no place for it; it is said on standard error.
pub fn on(text: &str) -> Cow<'_, str> {
    let Some(told) = TOLD.get() else { return Cow::Borrowed(text) };
    match FORMAT.get().copied().unwrap_or_default() {
        Format::Csv => {
            on_standard_error();
            Cow::Borrowed(text)
        }
        Format::Json => match serde_json::from_str::<Value>(text) {
            Ok(mut value) => {
                put(&mut value, told);
                Cow::Owned(format!("{value:#}\n"))
            }
            Err(_) => Cow::Borrowed(text),
        },
        Format::Table => Cow::Owned(on_prose(text, told)),
    }
}

/// Says it on standard error: for rows.
pub fn on_standard_error() {
    if let Some(told) = TOLD.get() {
        note(told.sentence());
    }
}

/// The same for a file: a page of HTML or of prose, or text of any other kind.
pub fn on_page(page: &str) -> Cow<'_, str> {
    let Some(told) = TOLD.get() else { return Cow::Borrowed(page) };
    match page.split_once("</h1>") {
        Some((head, rest)) => {
            let sentence = told.sentence().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            Cow::Owned(format!("{head}</h1>\n<p id=\"own-facts\"><strong>{sentence}.</strong></p>{rest}"))
        }
        None => Cow::Owned(on_prose(page, told)),
    }
}

/// Files of a result: its summaries say so.
pub fn in_summaries(files: &[OutputFile]) -> Cow<'_, [OutputFile]> {
    let Some(told) = TOLD.get() else { return Cow::Borrowed(files) };
    let mut files = files.to_vec();
    for file in &mut files {
        if let Content::Json(value) = &mut file.content {
            put(value, told);
        }
    }
    Cow::Owned(files)
}

fn put(value: &mut Value, told: &Told) {
    match value {
        Value::Object(fields) => _ = fields.shift_insert(0, KEY.to_owned(), told.json()),
        Value::Array(rows) => rows.iter_mut().filter(|row| row.is_object()).for_each(|row| put(row, told)),
        _ => {}
    }
}

fn on_prose(text: &str, told: &Told) -> String {
    let sentence = wrap(&told.sentence());
    match text.split_once('\n') {
        Some((heading, rest)) if heading.starts_with("# ") => format!("{heading}\n\n**{sentence}.**\n{rest}"),
        _ => format!("{sentence}\n{text}"),
    }
}
