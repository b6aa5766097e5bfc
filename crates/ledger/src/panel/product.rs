//! Tariffs by product: the lines of one code of fewer digits together, weighed by an exporter's trade.

use jiff::civil::Date;

use super::{Day, Panel};
use crate::duty::{Bound, Layer, Stacking};
use crate::products::{Concordance, ProductCode};

/// Trade in a product of one sector and what its lines bear, weighed by that trade.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductDuty {
    /// The code, cut to the digits asked for. It stands once for each sector that its lines belong to.
    pub code: ProductCode,
    /// Sector code of the concordance.
    pub sector: String,
    /// Value of the trade.
    pub value: f64,
    /// The base rates, a share of value; zero where the record does not know one.
    pub base: f64,
    /// What the layers add, a share of value.
    pub added: f64,
    /// Duty that customs calculated on it, a share of value; none where the table has no such column.
    pub calculated: Option<f64>,
}

impl Panel {
    /// Products that the exporter sold, in order of code.
    pub fn by_product(
        &self,
        layers: &[Layer],
        stacking: &Stacking,
        on: Date,
        exporter: &str,
        digits: u8,
        concordance: &Concordance,
    ) -> Vec<ProductDuty> {
        let panel = self.ready(layers);
        let day = Day::new(&panel, layers, stacking, on, Bound::Expected);
        let table = panel.table();
        let (places, value_of) = (panel.places(concordance), table.values(exporter));
        let mut found: Vec<ProductDuty> = Vec::new();
        for ((line, class), place) in panel.lines().zip(places) {
            let (Some(place), Some(value)) = (place, value_of(line).filter(|value| *value > 0.0)) else {
                continue;
            };
            let code = line.code.cut(digits);
            let sector = &concordance.sectors()[place];
            let same = |held: &&mut ProductDuty| held.code == code && held.sector == *sector;
            // Lines stand in order of code: those of a product are the last.
            let last = found.iter_mut().rev().take_while(|held| held.code == code).find(same);
            let product = match last {
                Some(held) => held,
                None => {
                    let sector = sector.clone();
                    let (value, base, added) = (0.0, 0.0, 0.0);
                    found.push(ProductDuty { code, sector, value, base, added, calculated: None });
                    let Some(held) = found.last_mut() else { continue };
                    held
                }
            };
            product.value += value;
            for part in day.parts(line, class) {
                product.base += part.share * part.base.unwrap_or(0.0) * value;
                product.added += part.share * part.added.iter().map(|(_, share)| share).sum::<f64>() * value;
            }
            if let Some(duty) = table.calculated_duty(line, exporter) {
                *product.calculated.get_or_insert(0.0) += duty;
            }
        }
        for product in &mut found {
            product.base /= product.value;
            product.added /= product.value;
            product.calculated = product.calculated.map(|duty| duty / product.value);
        }
        found
    }
}
