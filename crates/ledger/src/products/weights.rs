//! Weights of average duties: whose trade weighs an average. A weight is a column of `data/products/<importer>/lines.csv` or a row of
//! `trade.csv`, its public name under `[weights]` in `lines.toml`, and where it belongs to every pair an entry here.

/// The trade of the importer with everybody, among the exporters of a line table.
pub const ALL_PARTNERS: &str = "all";

/// The weights of every average between two parties: the importer's trade with the exporter first, with everybody after it.
///
/// ```
/// assert_eq!(detente_ledger::products::weights_of_a_pair("CHN"), ["CHN", "all"]);
/// ```
pub fn weights_of_a_pair(exporter: &str) -> [&str; 2] {
    [exporter, ALL_PARTNERS]
}
