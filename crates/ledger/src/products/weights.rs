//! Weights for averages of duties: a weight is a column of trade in `data/products/<importer>/lines.csv` or rows of `trade.csv`, its public name
//! is under `[weights]` in `lines.toml`, and where it belongs to every pair it is an entry here.

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
