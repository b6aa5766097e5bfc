//! A small world of two economies and two sectors, made up: for examples, and for trying out.

use super::{Benchmark, Economy, Sector, SectorKind};

impl Benchmark {
    /// Two economies, two sectors, inputs and two tariffs: made up, and an equilibrium by itself.
    ///
    /// ```
    /// let world = detente_engine::benchmark::Benchmark::example();
    /// assert_eq!(world.border_value.len(), world.dimensions().cells());
    /// ```
    #[must_use]
    pub fn example() -> Self {
        let economy = |code: &str, name: &str| Economy {
            code: code.to_owned(),
            name: name.to_owned(),
            members: vec![code.to_owned()],
        };
        let sector = |code: &str, name: &str, kind, trade_elasticity| Sector {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            trade_elasticity,
            elasticity_of_substitution: None,
            scale_elasticity: None,
            tariff_elasticity: None,
        };
        Self {
            name: "Two economies".to_owned(),
            unit: "million USD".to_owned(),
            source: "made up".to_owned(),
            licence: "none".to_owned(),
            year: None,
            economies: vec![economy("NOR", "North"), economy("SOU", "South")],
            sectors: vec![
                sector("farm", "Farming", SectorKind::Agriculture, 4.0),
                sector("steel", "Steel", SectorKind::Manufacturing, 6.0),
            ],
            border_value: vec![100.0, 30.0, 20.0, 80.0, 120.0, 25.0, 40.0, 60.0],
            tariff_rate: vec![0.0, 0.1, 0.0, 0.0, 0.0, 0.0, 0.05, 0.0],
            tariffs_given: true,
            value_added_share: vec![0.6, 0.7, 0.5, 0.5],
            value_added: None,
            input_share: Some(vec![0.2, 0.2, 0.2, 0.1, 0.1, 0.2, 0.4, 0.3]),
            final_share: None,
            final_demand: None,
            trade_deficit: None,
            political_weight: None,
            capital_share: None,
            local_cost_share: None,
        }
    }
}
