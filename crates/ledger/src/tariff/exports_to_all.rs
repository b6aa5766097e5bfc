//! Our average with the weights of those who weigh by what the exporter sells to everybody: by sector, as the embedded world has it.

use std::collections::BTreeMap;

use super::causes::mean_over;
use super::published::{Published, latest};
use super::{TariffError, Tariffs};
use crate::products::ProductError;

/// The world whose trade by sector gives the weights, and the concordance to its sectors.
const TRADE: &str = "benchmark/world-2022/trade.csv";
const SECTORS: &str = "world-2022-estimate";

impl Tariffs {
    /// Our figure as if sectors weighed as in the exporter's exports to all others; within a sector lines weigh as in our figure, or each
    /// counts once. Percent.
    pub(super) fn by_exports_to_all(
        &self,
        row: &Published,
        each_line_once: bool,
    ) -> Result<Option<f64>, TariffError> {
        let exports = self.exports_to_all(&row.exporter)?;
        let concordance = self.library().concordance(SECTORS)?;
        let panel = self.panel(&row.importer, &row.exporter)?;
        let (stacking, weights) = (&self.ledger().stacking, self.weights_of(row));
        mean_over(self.days_of(row, row.on), |on| {
            let layers = self.layers(latest(row, on))?;
            let sectors = match each_line_once {
                true => panel.simple_by_sector(&layers, stacking, on, &concordance),
                false => panel.by_sector(&layers, stacking, on, &weights, &concordance),
            };
            let (mut sum, mut value) = (0.0, 0.0);
            for (sector, average) in
                sectors.iter().filter_map(|held| Some((&held.sector, held.average.as_ref()?)))
            {
                let exported = exports.get(sector).copied().unwrap_or(0.0);
                sum += average.total * exported;
                value += exported;
            }
            Ok((value > 0.0).then_some(sum / value))
        })
    }

    /// What an exporter sells to all others, by sector.
    fn exports_to_all(&self, exporter: &str) -> Result<BTreeMap<String, f64>, TariffError> {
        let text = self.library().text(TRADE)?;
        let mut found = BTreeMap::new();
        for (at, row) in text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty()) {
            let cells: Vec<&str> = row.split(',').map(str::trim).collect();
            let [from, to, sector, value] = cells.as_slice() else {
                let repair = "write exporter,importer,sector,value";
                return Err(ProductError::row(TRADE, at + 1, format!("the row is `{row}`"), repair).into());
            };
            let value: f64 = value.parse().map_err(|_| {
                ProductError::row(TRADE, at + 1, format!("the value is `{value}`"), "write a number")
            })?;
            if *from == exporter && *to != exporter {
                *found.entry((*sector).to_owned()).or_insert(0.0) += value;
            }
        }
        Ok(found)
    }
}
