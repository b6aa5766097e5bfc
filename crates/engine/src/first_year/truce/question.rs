//! A change of tariffs, checked once and asked under many parameters: only rows in which a rate changes are reckoned again.

use super::{
    Cell, TruceAccounts, TruceOutcome, TruceParameters, book, check_rates, incomes, resource, respond,
};
use crate::error::EngineError;
use crate::index::Dimensions;
use crate::model::benchmark::Benchmark;

/// Tariffs before and after on a benchmark's flows, with what no parameter moves reckoned beforehand.
#[derive(Clone, Debug)]
pub struct TruceQuestion<'a> {
    benchmark: &'a Benchmark,
    before: &'a [f64],
    after: &'a [f64],
    /// Importers and sectors with a rate that changes, in the order in which they are stored.
    changed: Vec<(usize, usize)>,
    /// Accounts of all other rows.
    accounts: Vec<TruceAccounts>,
    /// Border values between economies, all sectors, `[importer, exporter]`.
    bilateral_before: Vec<f64>,
    /// The same of the rows in which nothing changes.
    bilateral: Vec<f64>,
}

/// What the truce horizon says of each economy and of trade between two, without the cells behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct TruceTotals {
    /// Accounts by economy.
    pub accounts: Vec<TruceAccounts>,
    before: Vec<f64>,
    after: Vec<f64>,
}

impl TruceTotals {
    /// Border value of imports of `importer` from `exporter`, all sectors: before and after.
    pub fn bilateral(&self, importer: usize, exporter: usize) -> (f64, f64) {
        let at = importer * self.accounts.len() + exporter;
        (self.before[at], self.after[at])
    }
}

impl<'a> TruceQuestion<'a> {
    /// Checks the rates, which are levels on the benchmark's cells, above -1, N·N·S.
    pub fn new(
        benchmark: &'a Benchmark,
        tariffs_before: &'a [f64],
        tariffs_after: &'a [f64],
    ) -> Result<Self, EngineError> {
        check_rates(benchmark, "tariffs before", tariffs_before)?;
        check_rates(benchmark, "tariffs after", tariffs_after)?;
        let size = benchmark.dimensions();
        let n = size.economies;
        let mut question = Self {
            benchmark,
            before: tariffs_before,
            after: tariffs_after,
            changed: Vec::new(),
            accounts: incomes(benchmark),
            bilateral_before: vec![0.0; n * n],
            bilateral: vec![0.0; n * n],
        };
        let still = TruceParameters::uniform(size.sectors, 1.0, 0.0);
        let mut cells = vec![Cell::default(); n];
        for sector in 0..size.sectors {
            for importer in 0..n {
                let row = size.cell(importer, 0, sector)..size.cell(importer, 0, sector) + n;
                let between = importer * n..(importer + 1) * n;
                let flows = &benchmark.border_value[row.clone()];
                add(&mut question.bilateral_before[between.clone()], flows);
                if tariffs_before[row.clone()] != tariffs_after[row] {
                    question.changed.push((importer, sector));
                    continue;
                }
                add(&mut question.bilateral[between], flows);
                question.row(&still, importer, sector, &mut cells);
                book_row(&cells, importer, &mut question.accounts);
            }
        }
        Ok(question)
    }

    fn size(&self) -> Dimensions {
        self.benchmark.dimensions()
    }

    /// Equations 1 and 2 for a row's cells.
    fn row(&self, parameters: &TruceParameters, importer: usize, sector: usize, cells: &mut [Cell]) {
        let (rho, epsilon) = (parameters.pass_through, parameters.short_run_elasticity[sector]);
        for (exporter, cell) in cells.iter_mut().enumerate() {
            let at = self.size().cell(importer, exporter, sector);
            *cell = respond(self.benchmark.border_value[at], self.before[at], self.after[at], rho, epsilon);
        }
    }

    /// All rows that change under these parameters, each with what is bought at home instead; books them on top of the others.
    fn rows(
        &self,
        parameters: &TruceParameters,
        mut visit: impl FnMut(usize, usize, f64, &[Cell]),
    ) -> Result<Vec<TruceAccounts>, EngineError> {
        parameters.check(self.size())?;
        let mut accounts = self.accounts.clone();
        let mut cells = vec![Cell::default(); self.size().economies];
        for &(importer, sector) in &self.changed {
            self.row(parameters, importer, sector, &mut cells);
            let home = resource(&mut cells, importer, parameters, &mut accounts[importer]);
            visit(importer, sector, home, &cells);
            book_row(&cells, importer, &mut accounts);
        }
        Ok(accounts)
    }

    /// The accounts and every cell behind them.
    pub fn answer(&self, parameters: &TruceParameters) -> Result<TruceOutcome, EngineError> {
        let size = self.size();
        let flows = &self.benchmark.border_value;
        let (mut border_value, mut duty) = (flows.clone(), vec![0.0; size.cells()]);
        for (cell, duty) in duty.iter_mut().enumerate() {
            let (importer, exporter, _) = size.cell_of(cell);
            if importer != exporter {
                *duty = self.after[cell] * flows[cell];
            }
        }
        let accounts = self.rows(parameters, |importer, sector, home, cells| {
            border_value[size.cell(importer, importer, sector)] += home;
            for (exporter, cell) in cells.iter().enumerate().filter(|(exporter, _)| *exporter != importer) {
                let at = size.cell(importer, exporter, sector);
                border_value[at] = cell.border_price * cell.after;
                duty[at] = cell.rate * cell.border_price * cell.after;
            }
        })?;
        Ok(TruceOutcome {
            dimensions: size,
            border_value_before: flows.clone(),
            border_value,
            duty,
            accounts,
        })
    }

    /// The accounts, and trade between economies: what a band needs of each draw.
    pub fn totals(&self, parameters: &TruceParameters) -> Result<TruceTotals, EngineError> {
        let n = self.size().economies;
        let mut after = self.bilateral.clone();
        let accounts = self.rows(parameters, |importer, _, home, cells| {
            let after = &mut after[importer * n..(importer + 1) * n];
            for (exporter, (after, cell)) in after.iter_mut().zip(cells).enumerate() {
                *after += match exporter == importer {
                    true => cell.before + home,
                    false => cell.border_price * cell.after,
                };
            }
        })?;
        Ok(TruceTotals { accounts, before: self.bilateral_before.clone(), after })
    }
}

/// What a change of tariffs does within a year. Rates are levels on the benchmark's cells; where `before` differs from the benchmark's
/// own tariffs the benchmark's flows are still the flows before. Asked more than once, a [`TruceQuestion`] is quicker.
pub fn truce(
    benchmark: &Benchmark,
    tariffs_before: &[f64],
    tariffs_after: &[f64],
    parameters: &TruceParameters,
) -> Result<TruceOutcome, EngineError> {
    TruceQuestion::new(benchmark, tariffs_before, tariffs_after)?.answer(parameters)
}

fn book_row(cells: &[Cell], importer: usize, accounts: &mut [TruceAccounts]) {
    for (exporter, cell) in cells.iter().enumerate().filter(|(exporter, _)| *exporter != importer) {
        book(cell, importer, exporter, accounts);
    }
}

fn add(to: &mut [f64], values: &[f64]) {
    for (to, value) in to.iter_mut().zip(values) {
        *to += value;
    }
}
