//! Ledger files: what each is by its name, and how text becomes a value.

use crate::error::LedgerError;
use detente_tables::input_file;
use serde::de::DeserializeOwned;
use std::{borrow::Cow, fs, path::Path};

/// The ledger's folder below `data/`.
pub const FOLDER: &str = "ledger/";

/// A file of the ledger.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its name, as an error should give it.
    pub name: String,
    /// Its text.
    pub text: Cow<'static, str>,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `sources.csv`.
    Sources,
    /// `stacking.toml`.
    Stacking,
    /// `conditions.toml`.
    Conditions,
    /// `preferences.toml`.
    Preferences,
    /// `coverage.toml`.
    Coverage,
    /// `ambiguities.toml`.
    Ambiguities,
    /// `parties.csv`.
    Parties,
    /// `groups.csv`.
    Groups,
    /// Anything below `talks/`.
    Talks,
    /// One instrument.
    Instrument,
}

/// What a file is, by its name.
pub fn role(name: &str) -> Role {
    let last = name.rsplit('/').next().unwrap_or(name);
    if name.split('/').rev().skip(1).any(|folder| folder == "talks") {
        return Role::Talks;
    }
    match last {
        "sources.csv" => Role::Sources,
        "stacking.toml" => Role::Stacking,
        "conditions.toml" => Role::Conditions,
        "preferences.toml" => Role::Preferences,
        "coverage.toml" => Role::Coverage,
        "ambiguities.toml" => Role::Ambiguities,
        "parties.csv" => Role::Parties,
        "groups.csv" => Role::Groups,
        _ => Role::Instrument,
    }
}

/// Reads TOML; the error names the file, the line and the key.
pub fn toml<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, LedgerError> {
    toml::from_str(text).map_err(|error| LedgerError::file(file, error.to_string().trim_end().to_owned()))
}

/// Every ledger file below a folder, in order of name. Product lists and line tables in the same folder are left to their own
/// reader.
pub fn below(folder: &Path) -> Result<Vec<Named>, LedgerError> {
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    found.sort_by(|one, two| one.name.cmp(&two.name));
    let has_products = ["products", "concordances"].iter().any(|name| folder.join(name).is_dir());
    if found.is_empty() && !has_products {
        return Err(LedgerError::file(
            &folder.display().to_string(),
            "no ledger file is in this folder; put instruments (`*.toml`), `sources.csv`, `products/` or `concordances/` there",
        ));
    }
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<Named>) -> Result<(), LedgerError> {
    let shown = folder.display().to_string();
    let entries = fs::read_dir(folder).map_err(|error| LedgerError::file(&shown, error))?;
    for entry in entries {
        let path = entry.map_err(|error| LedgerError::file(&shown, error))?.path();
        let name = path.to_string_lossy().replace('\\', "/");
        if path.is_dir() && path.is_symlink() {
            // A link may lead anywhere, back to where it stands or to the root of all files.
            return Err(LedgerError::file(&name, "is a link to a folder; put the folder itself there"));
        }
        if path.is_dir() {
            let last = path.file_name().and_then(|last| last.to_str());
            if !matches!(last, Some("products" | "concordances")) {
                collect(&path, found)?;
            }
        } else if path.extension().is_some_and(|kind| kind == "toml")
            || matches!(role(&name), Role::Sources | Role::Parties | Role::Groups)
            || (role(&name) == Role::Talks && path.extension().is_some_and(|kind| kind == "csv"))
        {
            let text = input_file::read_text(&path).map_err(|finding| LedgerError::file(&name, finding))?;
            let text = text.ok_or_else(|| LedgerError::file(&name, "is a link that leads nowhere"))?;
            found.push(Named { name, text: text.into() });
        }
    }
    Ok(())
}
