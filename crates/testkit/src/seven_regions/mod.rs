//! The seven regions of Ossa (2014), imbalances removed, as a game.
#![allow(clippy::needless_range_loop)]

pub mod published;

use std::collections::HashMap;
use std::path::PathBuf;

use detente_engine::benchmark::Benchmark;
use detente_engine::closure::{Closure, Deficits, Intermediates, MarketStructure};
use detente_engine::games::best_response::{BestResponse, Start, best_response};
use detente_engine::games::payoff::{Game, Variable};
use detente_engine::games::projected_newton::SearchSettings;
use detente_engine::games::reduced::{Objective, ReducedEconomy, TariffGame};
use detente_engine::solver::Solver;

use crate::{Table, benchmark, shared};

pub const RATES: (f64, f64) = (0.0, 10.0);

pub fn expected(name: &str) -> Table {
    Table::read(&shared("data/ossa-2014/expected").join(name)).unwrap()
}

pub fn raw() -> (Benchmark, PathBuf) {
    let path = shared("benchmarks/ossa-7x33");
    (benchmark(&path), path)
}

pub fn calibrate(data: &Benchmark) -> Solver {
    Solver::new(data, &closure()).unwrap()
}

pub fn closure() -> Closure {
    Closure {
        market_structure: MarketStructure::FixedEntry,
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
    pub fn new(politics: bool) -> Self {
        Self::with_elasticities(politics, None)
    }

    /// With another column of the elasticities' file in place of σ; the imbalances are removed anew.
    pub fn with_elasticities(politics: bool, column: Option<&str>) -> Self {
        let (mut data, path) = raw();
        if let Some(column) = column {
            let table = Table::read(&shared("data/ossa-2014/elasticities.csv")).unwrap();
            let sigma = table.by("industry", column);
            data.sectors.iter_mut().for_each(|s| s.trade_elasticity = sigma[&s.code] - 1.0);
        }
        let objectives =
            if politics { political(&data, &path) } else { vec![Objective::Welfare; data.economies.len()] };
        Self { data: balanced(data), objectives }
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
        TariffGame::most_favoured_nation(self.economy(), self.codes(), self.objectives.clone(), RATES)
            .unwrap()
    }

    /// One government's MFN tariffs; the others' cells stay at applied tariffs, partner by partner.
    pub fn mfn_game_of(&self, player: usize) -> TariffGame {
        let economy = self.economy();
        let d = self.data.dimensions();
        let variables = (0..d.sectors)
            .map(|s| {
                let cells = (0..d.economies).filter(|i| *i != player).map(|i| d.cell(player, i, s)).collect();
                (Variable { owner: player, lower: RATES.0.ln_1p(), upper: RATES.1.ln_1p() }, cells)
            })
            .collect();
        TariffGame::new(economy, self.codes(), self.objectives.clone(), variables).unwrap()
    }

    /// Each government's MFN optimum against applied tariffs, and all of them side by side as tariff factors of all cells.
    pub fn mfn_optima(&self) -> (Vec<BestResponse>, Vec<f64>) {
        let mut all = self.economy().log_tariff_factor_of_data().to_vec();
        let markup = self.markup_start();
        let optima = (0..7)
            .map(|player| {
                let mut game = self.mfn_game_of(player);
                let today = game.point_of(game.economy().log_tariff_factor_of_data());
                let starts = [
                    Start::new("1/(σ−1)", game.point_of(&markup)),
                    Start::new("ten percent", vec![0.1_f64.ln_1p(); today.len()]),
                ];
                let settings = SearchSettings { probe_bounds: true, ..SearchSettings::default() };
                let best = best_response(&mut game, player, &today, &starts, &settings).unwrap();
                assert!(best.certificate.status.is_converged());
                for (cells, value) in game.cells().iter().zip(&best.point) {
                    cells.iter().for_each(|cell| all[*cell] = *value);
                }
                best
            })
            .collect();
        (optima, all)
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

/// The columns of the published tables, percent, by region.
#[derive(Clone, Debug)]
pub struct Columns {
    pub government: Vec<f64>,
    pub welfare: Vec<f64>,
    pub wage: Vec<f64>,
    pub profits: Vec<f64>,
}

/// Everything that the columns are made of, at a point.
#[derive(Clone, Debug)]
pub struct Levels {
    payoffs: Vec<f64>,
    welfare: Vec<f64>,
    wage: Vec<f64>,
    profits: Vec<f64>,
}

impl Levels {
    pub fn payoffs(&self) -> &[f64] {
        &self.payoffs
    }
}

pub fn levels(game: &mut TariffGame, world: &World, point: &[f64]) -> Levels {
    let mut payoffs = vec![0.0; 7];
    game.evaluate(point, &mut payoffs).unwrap();
    let d = world.data.dimensions();
    let economy = game.economy();
    let mut profits = vec![0.0; 7];
    for s in 0..d.sectors {
        let omega = 1.0 / (1.0 + world.data.sectors[s].trade_elasticity);
        for j in 0..7 {
            for i in 0..7 {
                profits[i] += omega * economy.flow()[d.cell(j, i, s)];
            }
        }
    }
    Levels {
        payoffs,
        welfare: (0..7).map(|j| economy.log_income()[j] - economy.log_price()[j]).collect(),
        wage: economy.log_wage().iter().map(|w| w.exp()).collect(),
        profits,
    }
}

pub fn columns(from: &Levels, to: &Levels) -> Columns {
    let percent = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| 100.0 * (b - a).exp_m1()).collect();
    let wage: Vec<f64> = (0..7).map(|j| to.wage[j] / from.wage[j]).collect();
    let mean = wage.iter().sum::<f64>() / 7.0;
    Columns {
        government: percent(&from.payoffs, &to.payoffs),
        welfare: percent(&from.welfare, &to.welfare),
        wage: wage.iter().map(|w| 100.0 * (w - mean)).collect(),
        profits: (0..7).map(|j| 100.0 * (to.profits[j] / from.profits[j] / wage[j] - 1.0)).collect(),
    }
}

pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for v in values {
        sum += v;
        count += 1.0;
    }
    sum / count
}

/// Median over the tariffs of one importer, percent.
pub fn median_tariff(game: &TariffGame, point: &[f64], player: usize) -> f64 {
    let owned = game.variables().iter().zip(point).filter(|(v, _)| v.owner == player);
    let mut rates: Vec<f64> = owned.map(|(_, u)| 100.0 * u.exp_m1()).collect();
    rates.sort_by(f64::total_cmp);
    let n = rates.len();
    if n % 2 == 1 { rates[n / 2] } else { 0.5 * (rates[n / 2 - 1] + rates[n / 2]) }
}

/// Counts how printed numbers compare with ours. Medians stand on steps, moved by cells in which hardly anything is traded and whose
/// rate is all but irrelevant; the stored solution is not exact there, so they are counted apart.
#[derive(Default)]
pub struct Tally {
    pub cells: usize,
    pub off: Vec<String>,
    pub medians: usize,
    pub medians_off: Vec<String>,
    pub widest_median: f64,
}

impl Tally {
    /// A printed number with its number of decimals (as in the file) against ours.
    pub fn compare(&mut self, label: &str, printed: &str, decimals: i32, ours: f64) {
        let value: f64 = printed.parse().unwrap();
        let distance = (ours - value).abs();
        let off = distance > 0.5 * 10f64.powi(-decimals) + 1e-6;
        let line = format!("{label}: printed {printed}, ours {ours:.5}");
        if label.ends_with("median") || label.ends_with("median_tariff_pct") {
            self.medians += 1;
            self.widest_median = self.widest_median.max(distance);
            self.medians_off.extend(off.then_some(line));
        } else {
            self.cells += 1;
            self.off.extend(off.then_some(line));
        }
    }

    /// Every number but the medians to the printed digit, save those that are known not to be and are named (with our number); the
    /// medians within what they are known to move by.
    pub fn verdict(&self, tables: &str, median_tolerance: f64, known: &[&str]) {
        println!(
            "{tables}: {} of {} numbers to the printed digit; {} of {} medians, widest {:.2}",
            self.cells - self.off.len(),
            self.cells,
            self.medians - self.medians_off.len(),
            self.medians,
            self.widest_median
        );
        self.medians_off.iter().for_each(|line| println!("  {line}"));
        assert_eq!(self.off, known);
        assert!(self.widest_median <= median_tolerance, "{:#?}", self.medians_off);
    }
}
