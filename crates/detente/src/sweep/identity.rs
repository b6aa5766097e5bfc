//! What a sweep asks, told from every other question by its contents: paths and names are not in it, every byte read is.
//!
//! Two sweeps with one identity find the same numbers, so that an unfinished one is taken up only where this is the same. It stands in the
//! sweep's folder as `sweep.toml`, with the texts beside it for a reader.

use std::path::Path;

use toml::{Table, Value};

use super::spec::Spec;
use crate::ledger_tariffs::EmbeddedRecord;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::calibration::SolveSettings;
use detente_tables::digest::{sha256, sha256_of_named};
use detente_tables::input_file;

/// Texts for a reader: what they say is in the digests.
const TEXTS: &str = "texts";

/// All that decides what a sweep finds: name of a part, and its digest or value.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    parts: Table,
    texts: Table,
}

impl Identity {
    /// Digests of the specification, of the scenario and of every table that it names, of the benchmark, and, where the runs use them, of
    /// the record and of the published elasticities; beside them the settings of the solve and the program's version.
    pub fn of(
        spec: &Spec,
        directory: &BenchmarkDirectory,
        record: Option<&EmbeddedRecord>,
        settings: &SolveSettings,
    ) -> Self {
        let mut parts = Table::new();
        let mut put = |part: &str, value: String| parts.insert(part.to_owned(), Value::String(value));
        put("version", env!("CARGO_PKG_VERSION").to_owned());
        put("tolerance", format!("{:e}", settings.tolerance));
        put("iterations", settings.max_iterations.to_string());
        put("specification", sha256(spec.text().as_bytes()));
        put("scenario", sha256(spec.scenario_text().as_bytes()));
        put("benchmark", directory.digest());
        for file in spec.files() {
            let path = spec.folder().unwrap_or(Path::new(".")).join(&file);
            // One that cannot be read is refused when the scenario is; until then it has a digest of its own.
            put(
                &format!("table {file}"),
                input_file::read(&path).ok().flatten().map_or("unread".into(), |bytes| sha256(&bytes)),
            );
        }
        if let Some(record) = record.filter(|_| spec.names_ledger()) {
            put("basis", record.basis.map_or("as the scenario says", |basis| basis.word()).to_owned());
            // A record that cannot say what it holds is another one every time.
            let unknown = || format!("{:?}", std::time::SystemTime::now());
            put("record", record.digest().unwrap_or_else(unknown));
        }
        if spec.moves_elasticities() {
            put("elasticities", sha256_of_named(detente_facts::below("elasticities/")));
        }
        let texts = [("specification", spec.text()), ("scenario", spec.scenario_text())];
        let texts = texts.into_iter().map(|(name, text)| (name.to_owned(), Value::String(text.to_owned())));
        Self { parts, texts: texts.collect() }
    }

    /// One digest of all that decides what is found.
    pub fn digest(&self) -> String {
        sha256(toml::to_string(&self.parts).unwrap_or_default().as_bytes())
    }

    /// As `sweep.toml` has it.
    pub fn text(&self) -> String {
        let mut all = self.parts.clone();
        all.insert(TEXTS.to_owned(), Value::Table(self.texts.clone()));
        format!(
            "# What these runs answer, by content: an unfinished sweep is taken up only where all of it is the same.\n{}",
            toml::to_string(&all).unwrap_or_default()
        )
    }

    /// In what it differs from another sweep's `sweep.toml`, in words; empty where in nothing.
    pub fn differs(&self, other: &str) -> Vec<String> {
        let Ok(mut other) = toml::from_str::<Table>(other) else {
            return vec!["an earlier version of this program wrote it".to_owned()];
        };
        other.remove(TEXTS);
        let mut names: Vec<&String> = self.parts.keys().chain(other.keys()).collect();
        names.sort();
        names.dedup();
        let differing = names.into_iter().filter(|name| self.parts.get(*name) != other.get(*name));
        differing
            .map(|name| match name.as_str() {
                "version" => "the program's version".to_owned(),
                "benchmark" => "what the benchmark's tables say".to_owned(),
                "record" => "what the record or a folder laid over it says".to_owned(),
                "basis" => "how steps of the record reach the model (collected or statute)".to_owned(),
                "tolerance" => "the tolerance".to_owned(),
                table if table.starts_with("table ") => format!("what `{}` says", &table["table ".len()..]),
                other => format!("the {other}"),
            })
            .collect()
    }
}
