//! What the first year is told: four published numbers and whether home goods are among what buyers turn to.

use crate::error::EngineError;

/// Elasticities of the first year, one number each for every sector. Sources in `data/elasticities/short_run.toml`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirstYearParameters {
    /// ρ in (0, 1]: share of the (log) change of 1+t that reaches the importer's price at the border.
    pub pass_through: f64,
    /// σ, zero or above: substitution between the origins of a product.
    pub between_origins: f64,
    /// η, zero or above: substitution between the imported products of a sector.
    pub between_products: f64,
    /// κ, zero or above: substitution between home and imported goods of a sector, spending on the sector given. None: home goods
    /// are left out, and demand for a product has its own price alone to answer to.
    pub with_home: Option<f64>,
}

impl FirstYearParameters {
    /// Complete pass-through, home goods left out.
    pub fn two_nests(between_origins: f64, between_products: f64) -> Self {
        Self { pass_through: 1.0, between_origins, between_products, with_home: None }
    }

    pub(super) fn check(&self) -> Result<(), EngineError> {
        let domain = |what, found: f64, allowed: bool, rule| {
            if allowed {
                Ok(())
            } else {
                Err(EngineError::Domain { what, place: String::new(), found, rule })
            }
        };
        let elasticity = |what, found: f64| {
            let allowed = found.is_finite() && found >= 0.0;
            domain(what, found, allowed, "a finite number, zero or above, is needed")
        };
        let rho = self.pass_through;
        domain("pass_through", rho, rho > 0.0 && rho <= 1.0, "above 0, at most 1")?;
        elasticity("between_origins", self.between_origins)?;
        elasticity("between_products", self.between_products)?;
        self.with_home.map_or(Ok(()), |kappa| elasticity("with_home", kappa))
    }
}
