//! Whether the model can say anything about a measure: it knows sectors, measures name products.

use serde::Serialize;
use std::fmt;

/// Smallest share of its sector's flow that a product must have to be measured (assumption `smallest-measurable-share`).
pub const SMALLEST_SHARE: f64 = 0.5;

/// What can be said about a measure on a product.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Measurability {
    /// The product is most of its sector's flow: the sector may stand for it.
    Measurable,
    /// The product is too small for its sector: no welfare number, only the exposure.
    NotMeasurableHere {
        /// Trade in the product, benchmark unit: an exposure, never an effect.
        exposure: f64,
        /// Its share of the sector's flow; none where the sector's flow is zero.
        share: Option<f64>,
    },
}

/// Whether a measure on a product can be answered by acting on its sector's flow between the two economies.
pub fn of_product(product_value: f64, sector_value: f64) -> Measurability {
    let share = (sector_value > 0.0).then(|| product_value / sector_value);
    match share {
        Some(share) if share >= SMALLEST_SHARE => Measurability::Measurable,
        _ => Measurability::NotMeasurableHere { exposure: product_value, share },
    }
}

impl fmt::Display for Measurability {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Measurability::Measurable => formatter.write_str("measurable"),
            Measurability::NotMeasurableHere { exposure, share } => {
                write!(formatter, "not measurable here; exposure {exposure:.0}")?;
                match share {
                    Some(share) => write!(formatter, ", {:.1} percent of its sector's flow", 100.0 * share),
                    None => formatter.write_str(", in a sector without a flow"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_magnet_is_not_a_sector() {
        let magnets = of_product(600.0, 48_000.0);
        assert_eq!(
            magnets.to_string(),
            "not measurable here; exposure 600, 1.2 percent of its sector's flow"
        );
        assert_eq!(of_product(30.0, 50.0), Measurability::Measurable);
        assert_eq!(of_product(30.0, 0.0), Measurability::NotMeasurableHere { exposure: 30.0, share: None });
    }
}
