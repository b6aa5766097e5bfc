//! Duties on everybody else from the derived table of other partners: one level a partner and day, spread over its goods as the record's own
//! instruments lie on the day, and evenly where they do not.

use crate::basis::Basis;
use crate::join::Join;
use crate::ledger_tariffs::{LedgerTariffError, Schedule};
use detente_ledger::products::ProductError;
use detente_ledger::tariff::TariffError;
use jiff::civil::Date;
use serde::Deserialize;

const TABLE: &str = "validation/other-partners.csv";
/// The row that stands for every partner without one of its own.
const EVERYBODY_ELSE: &str = "others";
/// What is collected of a step of the table (assumption `others-collected-share`).
pub const COLLECTED: f64 = 0.8;

/// What is added on a partner from a day on.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    importer: String,
    exporter: String,
    trade_of: String,
    from: Date,
    #[serde(rename = "base_pct")]
    _base_pct: f64,
    added_pct: f64,
    #[serde(rename = "added_pct_if_claimed")]
    _added_pct_if_claimed: f64,
}

impl Join<'_> {
    /// New rates of the table's importers on all economies but the parties: cell and fraction, goods that the concordance knows.
    ///
    /// # Errors
    /// An economy without a row, where the table has none for everybody else: it is refused, not zero.
    pub fn others_of_table(
        &self,
        schedule: Schedule<'_>,
        basis: Basis,
    ) -> Result<Vec<(usize, f64)>, LedgerTariffError> {
        let (benchmark, tariffs) = (&self.directory.benchmark, self.ledger.tariffs);
        let size = benchmark.dimensions();
        let steps = self.steps()?;
        let concordance = self.ledger.concordance_name(benchmark)?;
        let concordance = tariffs.library().concordance(&concordance).map_err(TariffError::from)?;
        let goods: Vec<usize> =
            concordance.sectors().iter().filter_map(|sector| benchmark.sector(sector)).collect();
        let parties: Vec<usize> =
            self.parties.iter().filter_map(|party| benchmark.economy_of_member(party)).collect();
        let mut by_law = vec![None; size.cells()];
        for (cell, rate) in self.others(schedule, Basis::Statute)?.rates {
            by_law[cell] = Some(rate - benchmark.tariff_rate[cell]);
        }
        let mut found = Vec::new();
        for (importer, named) in benchmark.economies.iter().enumerate() {
            if !steps.iter().any(|step| step.importer == named.code) {
                continue;
            }
            let Some(own) = self.directory.tariffs_of(importer) else {
                return Err(LedgerTariffError::Provenance { economy: named.code.clone() });
            };
            for economy in (0..size.economies).filter(|economy| {
                *economy != importer && !(parties.contains(&importer) && parties.contains(economy))
            }) {
                let on = |day| self.level(&steps, &named.code, economy, day);
                let collected = if basis == Basis::Collected { COLLECTED } else { 1.0 };
                let step = collected * (on(schedule.on)? - on(own.ledger_day)?);
                let cells = goods.iter().map(|sector| size.cell(importer, economy, *sector));
                let (sum, trade) = cells.clone().fold((0.0, 0.0), |(sum, trade), cell| {
                    let value = benchmark.border_value[cell];
                    (sum + value * by_law[cell].unwrap_or(0.0), trade + value)
                });
                let mean = sum / trade;
                found.extend(cells.map(|cell| {
                    let own = match by_law[cell] {
                        Some(own) if mean > 0.0 => own * step / mean,
                        _ => step,
                    };
                    (cell, (benchmark.tariff_rate[cell] + own).max(0.0))
                }));
            }
        }
        Ok(found)
    }

    fn steps(&self) -> Result<Vec<Step>, LedgerTariffError> {
        let library = self.ledger.tariffs.library();
        let text = library.text(TABLE).map_err(TariffError::from)?;
        let mut steps = Vec::new();
        for (at, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<Step>().enumerate() {
            let repair = "see data/validation/README.md for the columns";
            steps.push(row.map_err(|error| {
                TariffError::from(ProductError::row(TABLE, at + 2, error.to_string(), repair))
            })?);
        }
        Ok(steps)
    }

    /// What is added on an economy on a day, a fraction: the mean over its members, weighed by their trade by line where it has several.
    fn level(
        &self,
        steps: &[Step],
        importer: &str,
        economy: usize,
        day: Date,
    ) -> Result<f64, LedgerTariffError> {
        let economy = &self.directory.benchmark.economies[economy];
        let library = self.ledger.tariffs.library();
        let year = self.ledger.tariffs.provenance(importer)?.year_of_trade;
        let year = year.map(|year| year.to_string()).unwrap_or_default();
        let of = |exporter: &str| -> Option<f64> {
            let own = steps.iter().filter(|step| {
                step.importer == importer
                    && step.exporter == exporter
                    && step.trade_of == year
                    && step.from <= day
            });
            own.max_by_key(|step| step.from).map(|step| step.added_pct / 100.0)
        };
        if let Some(rate) = of(&economy.code) {
            return Ok(rate);
        }
        let (mut sum, mut all) = (0.0, 0.0);
        for member in &economy.members {
            let Some(rate) = of(member).or_else(|| of(EVERYBODY_ELSE)) else { continue };
            let table = library.lines_weighed(importer, member).map_err(TariffError::from)?;
            let value_of = table.values(member);
            let value: f64 = table.lines().iter().filter_map(value_of).sum();
            (sum, all) = (sum + value * rate, all + value);
        }
        if all > 0.0 {
            return Ok(sum / all);
        }
        // No trade by line to weigh with: the row of everybody else, where there is one.
        of(EVERYBODY_ELSE).ok_or_else(|| LedgerTariffError::NoRow {
            table: TABLE,
            importer: importer.to_owned(),
            economy: economy.code.clone(),
            day,
        })
    }
}
