//! What an importer buys by product, where that is on record: the nest within a sector.

use crate::error::EngineError;
use crate::model::benchmark::Benchmark;

/// Imports of one economy by product and origin, at the duties at which they were observed.
///
/// Values may be of another year and in another unit than the benchmark's: what comes from one origin in one sector is scaled to the
/// benchmark's cell, and only its pattern over products counts. Origins of a cell without products are bought in every product alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProductTrade {
    /// Position of the importer.
    pub importer: usize,
    /// Products, in any order; those of one sector need not stand together.
    pub products: Vec<Product>,
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
