//! What an importer buys by product, where that is on record: the nest within a sector.

use crate::error::EngineError;
use crate::index::Dimensions;
use crate::model::benchmark::Benchmark;

/// Imports of one economy by product and origin, at the duties at which they were observed.
///
/// Values may be of another year and in another unit than the benchmark's: within a sector only their pattern counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProductTrade {
    /// Position of the importer.
    pub importer: usize,
    /// Products, in any order; those of one sector need not stand together.
    pub products: Vec<Product>,
    /// By sector: the share of spending on imports that goes to origins with products on record. One where all origins have them. The rest
    /// is spent in every product alike on the benchmark's other origins of the sector.
    pub share_on_record: Vec<f64>,
}

/// One product: its sector and what is bought of it from each origin on record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Product {
    /// Position of the sector.
    pub sector: usize,
    /// Purchases; an origin twice counts as two varieties.
    pub from: Vec<Purchase>,
}

/// What is bought of a product from an origin.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Purchase {
    /// Position of the origin.
    pub origin: usize,
    /// Border value before duty, zero or above.
    pub value: f64,
    /// Duty at which it was bought, a fraction.
    pub rate: f64,
}

impl ProductTrade {
    /// Purchases in the order in which rates by product are given: product by product.
    pub fn purchases(&self) -> impl Iterator<Item = (usize, &Purchase)> {
        self.products
            .iter()
            .flat_map(|product| product.from.iter().map(|purchase| (product.sector, purchase)))
    }

    pub(super) fn check(&self, benchmark: &Benchmark) -> Result<(), EngineError> {
        let size = benchmark.dimensions();
        let refused = |what, found: f64, rule| {
            Err(EngineError::Domain { what, place: " of the imports by product".to_owned(), found, rule })
        };
        if self.share_on_record.len() != size.sectors {
            let (found, expected) = (self.share_on_record.len(), size.sectors);
            return Err(EngineError::Size { what: "share_on_record", found, expected });
        }
        if let Some(share) = self.share_on_record.iter().find(|share| !(**share > 0.0 && **share <= 1.0)) {
            return refused("share_on_record", *share, "above 0, at most 1");
        }
        position("importer", self.importer, size.economies)?;
        for (sector, purchase) in self.purchases() {
            position("sector", sector, size.sectors)?;
            position("origin", purchase.origin, size.economies)?;
            if purchase.origin == self.importer {
                let rule = "an economy imports nothing from itself";
                return refused("origin", purchase.origin as f64, rule);
            }
            if !(purchase.value.is_finite() && purchase.value >= 0.0) {
                return refused("value", purchase.value, "a finite number, zero or above, is needed");
            }
            if !(purchase.rate.is_finite() && purchase.rate > -1.0) {
                return refused("rate", purchase.rate, "finite and above -1");
            }
        }
        Ok(())
    }
}

fn position(what: &'static str, found: usize, size: usize) -> Result<(), EngineError> {
    if found < size {
        return Ok(());
    }
    let place = " of the imports by product".to_owned();
    Err(EngineError::Domain {
        what,
        place,
        found: found as f64,
        rule: "a position in the benchmark is needed",
    })
}

/// Duties on the purchases of one importer's products.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductRates {
    /// Position of the importer.
    pub importer: usize,
    /// One rate a purchase, in the order of [`ProductTrade::purchases`].
    pub rates: Vec<f64>,
}

/// Cells of an importer's sector from which nothing is on record by product.
pub(super) fn without_products(size: Dimensions, sector: usize, trade: &ProductTrade) -> Vec<usize> {
    let mut held = vec![false; size.economies];
    held[trade.importer] = true;
    for purchase in
        trade.products.iter().filter(|product| product.sector == sector).flat_map(|product| &product.from)
    {
        held[purchase.origin] = true;
    }
    (0..size.economies).filter(|origin| !held[*origin]).collect()
}
