//! A recipe: how a benchmark directory is made from the files of a source. It is kept beside the tables it makes.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::rules::Rules;
use crate::benchmark_directory::write::Precision;

/// Layout of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// A directory of long tables, one number per row, with any file and column names.
    #[default]
    LongCsv,
    /// The OECD's inter-country input-output table as one wide CSV (`ECONOMY_SECTOR` both ways, TLS, VA, OUT).
    OecdIcio,
    /// A world input-output table of WIOD: long (`orig,oind,dest,use,value`), the wide tables of 2013 and 2016 as CSV, workbook or data of R.
    Wiod,
    /// A folder (or archive) as pymrio writes it.
    Pymrio,
    /// A folder of GTAP base data as header arrays.
    Gtap,
    /// Whichever of these the bytes show.
    Auto,
}

/// What `recipe.toml` says.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Layout of the source.
    #[serde(default)]
    pub layout: Layout,
    /// `benchmark.toml` of the result; keys that are absent are taken from the source.
    #[serde(default)]
    pub benchmark: Labels,
    /// Decimals that are kept.
    #[serde(default)]
    pub precision: Precision,
    /// File of each table where it is not `TABLE.csv`, `.csv.gz` or `.parquet`.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Column of the source for a column of the contract, in every table that has it.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Tables of the source that are not taken over.
    #[serde(default)]
    pub leave_out: Vec<String>,
    /// What is done to values that the model cannot take.
    #[serde(default)]
    pub rules: Rules,
    /// Rows of `quality.csv`.
    #[serde(default)]
    pub quality: Vec<QualityRow>,
    /// Rows of `tariff_provenance.csv`.
    #[serde(default)]
    pub tariff_provenance: Vec<ProvenanceRow>,
}

/// Keys of `benchmark.toml`, all optional here.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// Name.
    pub name: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Source.
    pub source: Option<String>,
    /// Licence.
    pub licence: Option<String>,
    /// Year.
    pub year: Option<i32>,
}

/// One row of `quality.csv`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct QualityRow {
    /// Code of the economy.
    pub economy: String,
    /// Source of its input structure.
    pub input_source: String,
    /// Year of that source.
    pub input_year: Option<i32>,
    /// Share of the seed that balancing moved.
    pub moved_share: Option<f64>,
    /// Source of its value added.
    pub value_added_source: String,
    /// `good`, `fair` or `weak`.
    pub grade: String,
}

/// Rows of `tariff_provenance.csv` for some importers.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ProvenanceRow {
    /// Codes of the importers; empty means all that no other row names.
    #[serde(default)]
    pub importers: Vec<String>,
    /// What the rates are.
    pub rates: String,
    /// The day of a ledger on which they stand.
    pub ledger_day: String,
    /// Why this day.
    pub why: String,
}
