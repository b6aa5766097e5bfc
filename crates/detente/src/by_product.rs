//! Imports of the parties by product and origin, and what a day's measures come to on them: the nest of the first year within a sector.
//!
//! Trade is the record's own by line, six digits of the code together; duties before are those of the benchmark's cell, spread over its
//! products as customs calculated them where the record has that, else as the lines of the day of the benchmark's tariffs bear them. The
//! step of a cell is spread over its products as the lines' own steps lie, so that both say the same on average. Origins that are no
//! party take the cell's step on every product.

use crate::join::Join;
use crate::ledger_tariffs::{LedgerTariffError, Schedule};
use detente_engine::first_year::{Product, ProductRates, ProductTrade, Purchase};
use detente_ledger::panel::ProductDuty;
use detente_ledger::products::{ProductCode, ProductError};
use detente_ledger::tariff::TariffError;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Digits of a product: those that all countries share.
const DIGITS: u8 = 6;
/// A cell's step is spread as its lines' steps lie where it is at most so many times their mean.
const LARGEST_RATIO: f64 = 3.0;

/// Imports of the parties by product.
#[derive(Clone, Debug)]
pub struct ByProduct<'a> {
    join: Join<'a>,
    known_on: Date,
    imports: Vec<Imports>,
}

/// Imports of one party.
#[derive(Clone, Debug)]
struct Imports {
    importer: String,
    trade: ProductTrade,
    /// Cell of each purchase.
    cells: Vec<usize>,
    parties: Vec<PartySales>,
}

/// What one party sells to another by product.
#[derive(Clone, Debug)]
struct PartySales {
    exporter: String,
    /// Products in the order of the panel on the day of the benchmark's tariffs.
    before: Vec<ProductDuty>,
    /// Which purchase each of them is.
    purchases: Vec<usize>,
}

impl<'a> ByProduct<'a> {
    /// Trade and duties before of every party that the record has lines of.
    ///
    /// # Errors
    /// What the record refuses.
    pub fn new(join: Join<'a>, known_on: Date) -> Result<Self, LedgerTariffError> {
        let mut found = Self { join, known_on, imports: Vec::new() };
        for importer in join.parties {
            match join.ledger.tariffs.library().lines(importer) {
                Err(ProductError::Absent { .. }) => continue,
                lines => lines.map_err(TariffError::from)?,
            };
            let imports = found.imports_of(importer)?;
            found.imports.extend(imports);
        }
        Ok(found)
    }

    /// The tables of trade, one an importer.
    pub fn trade(&self) -> Vec<&ProductTrade> {
        self.imports.iter().map(|held| &held.trade).collect()
    }

    fn imports_of(&self, importer: &str) -> Result<Option<Imports>, LedgerTariffError> {
        let benchmark = &self.join.directory.benchmark;
        let (size, tariffs) = (benchmark.dimensions(), self.join.ledger.tariffs);
        let Some(to) = benchmark.economy_of_member(importer) else { return Ok(None) };
        let Some(day) = self.join.directory.tariffs_of(to).map(|held| held.ledger_day) else {
            return Ok(None);
        };
        let concordance = self.join.ledger.concordance_name(benchmark)?;
        let concordance = tariffs.library().concordance(&concordance).map_err(TariffError::from)?;
        type Goods = BTreeMap<(ProductCode, usize), BTreeMap<usize, f64>>;
        let mut goods: Goods = BTreeMap::new();
        let mut by_party = Vec::new();
        for origin in tariffs.origins(importer)? {
            let Some(from) = self.join.economy_of(benchmark, &origin, day).filter(|from| *from != to) else {
                continue;
            };
            if self.join.parties.contains(&origin) {
                let schedule = Schedule::on_day(day, self.known_on.max(day));
                by_party.push((origin.clone(), from, self.duties(importer, &origin, schedule)?));
            }
            let table = tariffs.library().lines_weighed(importer, &origin).map_err(TariffError::from)?;
            let places = concordance.places(table.lines().iter().map(|line| line.code));
            let value_of = table.values(&origin);
            for (line, place) in table.lines().iter().zip(places) {
                let sector = place.and_then(|place| benchmark.sector(&concordance.sectors()[place]));
                let (Some(sector), Some(value)) = (sector, value_of(line).filter(|value| *value > 0.0))
                else {
                    continue;
                };
                let product = goods.entry((line.code.cut(DIGITS), sector)).or_default();
                *product.entry(from).or_default() += value;
            }
        }
        if by_party.is_empty() {
            return Ok(None);
        }
        let mut trade = ProductTrade { importer: to, products: Vec::new() };
        let (mut cells, mut place_of) = (Vec::new(), BTreeMap::new());
        for ((code, sector), origins) in &goods {
            let mut product = Product { sector: *sector, from: Vec::new() };
            for (origin, value) in origins {
                let cell = size.cell(to, *origin, *sector);
                place_of.insert((*code, *sector, *origin), cells.len());
                product.from.push(Purchase {
                    origin: *origin,
                    value: *value,
                    rate: benchmark.tariff_rate[cell],
                });
                cells.push(cell);
            }
            trade.products.push(product);
        }
        let mut parties = Vec::new();
        for (exporter, from, duties) in by_party {
            let known = |duty: &ProductDuty| {
                let sector = benchmark.sector(&duty.sector)?;
                place_of.get(&(duty.code, sector, from)).copied()
            };
            let (before, purchases): (Vec<ProductDuty>, Vec<usize>) =
                duties.into_iter().filter_map(|duty| known(&duty).map(|at| (duty, at))).unzip();
            parties.push(PartySales { exporter, before, purchases });
        }
        let mut imports = Imports { importer: importer.to_owned(), trade, cells, parties };
        imports.spread_duties(&benchmark.tariff_rate);
        Ok(Some(imports))
    }

    fn duties(
        &self,
        importer: &str,
        exporter: &str,
        schedule: Schedule<'_>,
    ) -> Result<Vec<ProductDuty>, LedgerTariffError> {
        let tariffs = self.join.ledger.tariffs;
        let concordance = self.join.ledger.concordance_name(&self.join.directory.benchmark)?;
        let concordance = tariffs.library().concordance(&concordance).map_err(TariffError::from)?;
        let layers = schedule.layers(tariffs, importer, exporter)?;
        let panel = tariffs.panel(importer, exporter)?;
        let stacking = &tariffs.ledger().stacking;
        Ok(panel.by_product(&layers, stacking, schedule.on, exporter, DIGITS, &concordance))
    }

    /// Duties by product where the cells bear these levels and the parties' measures are those of the schedule.
    ///
    /// # Errors
    /// What the record refuses.
    pub fn rates(
        &self,
        levels: &[f64],
        schedule: Schedule<'_>,
    ) -> Result<Vec<ProductRates>, LedgerTariffError> {
        let own = &self.join.directory.benchmark.tariff_rate;
        let mut found = Vec::new();
        for held in &self.imports {
            let step = |cell: usize| levels[cell] - own[cell];
            let purchases = held.trade.purchases().zip(&held.cells);
            let mut rates: Vec<f64> =
                purchases.map(|((_, purchase), cell)| (purchase.rate + step(*cell)).max(0.0)).collect();
            let bought: Vec<f64> = held.trade.purchases().map(|(_, purchase)| purchase.rate).collect();
            for party in &held.parties {
                let after = self.duties(&held.importer, &party.exporter, schedule)?;
                let mut steps: Vec<(usize, f64, f64)> = Vec::new();
                for (before, at) in party.before.iter().zip(&party.purchases) {
                    let same =
                        |duty: &&ProductDuty| (duty.code, &duty.sector) == (before.code, &before.sector);
                    let place = after.partition_point(|duty| duty.code < before.code);
                    let Some(now) =
                        after[place..].iter().take_while(|duty| duty.code == before.code).find(same)
                    else {
                        continue;
                    };
                    steps.push((*at, before.value, now.added - before.added));
                }
                for (cell, mean) in means(&steps, &held.cells) {
                    let ratio = step(cell) / mean;
                    if !(ratio.is_finite() && (0.0..=LARGEST_RATIO).contains(&ratio)) {
                        continue; // the lines say nothing of where this step lies
                    }
                    for (at, _, own) in steps.iter().filter(|(at, ..)| held.cells[*at] == cell) {
                        rates[*at] = (bought[*at] + ratio * own).max(0.0);
                    }
                }
            }
            found.push(ProductRates { importer: held.trade.importer, rates });
        }
        Ok(found)
    }
}

impl Imports {
    /// Spreads the duty of each cell between parties over its products.
    fn spread_duties(&mut self, levels: &[f64]) {
        let mut rates: Vec<f64> = self.cells.iter().map(|cell| levels[*cell]).collect();
        for party in &self.parties {
            let lies = |duty: &ProductDuty| duty.calculated.unwrap_or((duty.base + duty.added).max(0.0));
            let borne: Vec<(usize, f64, f64)> = party
                .before
                .iter()
                .zip(&party.purchases)
                .map(|(duty, at)| (*at, duty.value, lies(duty)))
                .collect();
            for (cell, mean) in means(&borne, &self.cells) {
                if mean > 0.0 {
                    for (at, _, own) in borne.iter().filter(|(at, ..)| self.cells[*at] == cell) {
                        rates[*at] = own * levels[cell] / mean;
                    }
                }
            }
        }
        let purchases = self.trade.products.iter_mut().flat_map(|product| &mut product.from);
        purchases.zip(rates).for_each(|(purchase, rate)| purchase.rate = rate);
    }
}

/// Means by cell of what lies on purchases: place of a purchase, its value, what lies on it.
fn means(lying: &[(usize, f64, f64)], cells: &[usize]) -> BTreeMap<usize, f64> {
    let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (at, value, own) in lying {
        let sum = sums.entry(cells[*at]).or_default();
        *sum = (sum.0 + value * own, sum.1 + value);
    }
    sums.into_iter().map(|(cell, (sum, value))| (cell, sum / value)).collect()
}
