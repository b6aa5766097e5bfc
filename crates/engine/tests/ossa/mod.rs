//! The seven regions of Ossa (2014), imbalances removed, as a game.
#![allow(dead_code)]

use std::collections::HashMap;
use std::path::PathBuf;

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::Calibration;
use detente_engine::closure::{Closure, Deficits, Intermediates, MarketStructure};
use detente_engine::strategy::reduced::{Objective, ReducedEconomy, TariffGame};

use crate::shared::{Table, benchmark, shared};

pub const RATES: (f64, f64) = (0.0, 10.0);

pub fn expected(name: &str) -> Option<Table> {
    Table::read(&shared("data/ossa-2014/expected")?.join(name))
}

pub fn raw() -> Option<(Benchmark, PathBuf)> {
    let path = shared("benchmarks/ossa-7x33")?;
    Some((benchmark(&path), path))
}

/// INTERIM until fixed entry lands.
pub fn calibrate(data: &Benchmark) -> Calibration {
    let mut c = Calibration::new(data, &closure()).unwrap();
    let d = c.dimensions;
    c.labour_income.fill(0.0);
    for s in 0..d.sectors {
        for i in 0..d.economies {
            let p = d.pair(i, s);
            c.profit_share[p] = 1.0 / (1.0 + c.trade_elasticity[s]);
            c.surplus_share[p] = c.profit_share[p];
            c.labour_share[p] = 1.0 - c.profit_share[p];
            c.labour_income[i] += c.labour_share[p] * c.output[p];
        }
    }
    c
}

pub fn closure() -> Closure {
    Closure {
        market_structure: MarketStructure::Perfect,
        intermediates: Intermediates::None,
        deficits: Deficits::Zero,
        ..Closure::default()
    }
}

/// The flows after the imbalances are removed at unchanged tariffs.
pub fn balanced(mut data: Benchmark) -> Benchmark {
    let calibration = calibrate(&data);
    let mut economy = ReducedEconomy::new(&calibration).unwrap();
    economy.solve(std::iter::empty()).unwrap();
    data.border_value = economy.flow().to_vec();
    data
}

pub fn political(data: &Benchmark, path: &std::path::Path) -> Vec<Objective> {
    let table = Table::read(&path.join("political_weights.csv")).unwrap();
    let weights: HashMap<(String, String), f64> = (0..table.rows.len())
        .map(|r| {
            ((table.text(r, "economy").into(), table.text(r, "sector").into()), table.number(r, "weight"))
        })
        .collect();
    let of = |j: &String| data.sectors.iter().map(|s| weights[&(j.clone(), s.code.clone())]).collect();
    data.economies.iter().map(|e| Objective::Political(of(&e.code))).collect()
}

pub struct World {
    pub data: Benchmark,
    pub objectives: Vec<Objective>,
}

impl World {
    pub fn new(politics: bool) -> Option<Self> {
        let (data, path) = raw()?;
        let objectives =
            if politics { political(&data, &path) } else { vec![Objective::Welfare; data.economies.len()] };
        Some(Self { data: balanced(data), objectives })
    }

    pub fn codes(&self) -> Vec<String> {
        self.data.economies.iter().map(|e| e.code.clone()).collect()
    }

    pub fn economy(&self) -> ReducedEconomy {
        ReducedEconomy::new(&calibrate(&self.data)).unwrap()
    }

    pub fn game(&self) -> TariffGame {
        TariffGame::every_cell(self.economy(), self.codes(), self.objectives.clone(), RATES).unwrap()
    }

    pub fn mfn_game(&self) -> TariffGame {
        TariffGame::most_favoured_nation(self.economy(), self.codes(), self.objectives.clone(), RATES).unwrap()
    }

    /// ln(1 + 1/θ) for every cell.
    pub fn markup_start(&self) -> Vec<f64> {
        let n = self.data.economies.len();
        self.data
            .sectors
            .iter()
            .flat_map(|s| std::iter::repeat_n((1.0 / s.trade_elasticity).ln_1p(), n * n))
            .collect()
    }
}
