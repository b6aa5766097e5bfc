//! Optimal tariffs fall in the elasticity: Ossa (2014), Table 3, by the mean of σ.

use crate::theory::{Check, CheckError};
use detente_data::benchmark_directory;
use detente_engine::benchmark::Benchmark;
use detente_engine::closure::{Closure, Deficits, Intermediates, MarketStructure};
use detente_engine::solver::Solver;
use detente_engine::strategy::best_response::{Start, best_response};
use detente_engine::strategy::projected_newton::SearchSettings;
use detente_engine::strategy::reduced::{Objective, ReducedEconomy, TariffGame};
use std::collections::BTreeMap;
use std::path::Path;

const NAME: &str = "optimal tariffs fall in the elasticity";
const CLAIM: &str = "Median optimal tariff of each of seven regions against applied tariffs, mean over regions, with elasticities scaled to a mean σ of 3.5, 5 \
    and 6.5; published to one decimal (Ossa 2014, Table 3). Needs flows under a GTAP licence, which are not shipped.";
/// Column of the elasticities' file and the published mean of medians, percent.
const PUBLISHED: [(&str, f64, f64); 3] = [
    ("sigma_scaled_to_mean_3_5", 3.5, 56.8),
    ("sigma_scaled_to_mean_5", 5.0, 34.3),
    ("sigma_scaled_to_mean_6_5", 6.5, 24.6),
];
const HIGHEST_RATE: f64 = 10.0;

/// The three published values, or why they were skipped.
pub fn optimal_tariffs(validation: Option<&Path>) -> Result<Vec<Check>, CheckError> {
    let folder = validation
        .map(|folder| (folder.join("benchmarks/ossa-7x33"), folder.join("data/ossa-2014/elasticities.csv")));
    let Some((flows, elasticities)) =
        folder.filter(|(flows, elasticities)| flows.is_dir() && elasticities.is_file())
    else {
        return Ok(vec![Check::skipped(
            NAME,
            CLAIM,
            "the flows may not be shipped; with them: 56.8, 34.3 and 24.6",
        )]);
    };
    PUBLISHED
        .iter()
        .map(|(column, mean_sigma, published)| {
            let found = by_elasticity(&flows, &elasticities, column)?;
            Ok(Check::new(
                &format!("{NAME}: mean σ {mean_sigma}"),
                CLAIM,
                format!("{published:.1} percent"),
                format!("{found:.2} percent"),
                (found - published).abs(),
                0.05 + 1e-9,
            ))
        })
        .collect()
}

/// Mean over regions of the median optimal tariff, percent, with σ from a column of the elasticities' file.
pub fn by_elasticity(flows: &Path, elasticities: &Path, column: &str) -> Result<f64, CheckError> {
    let mut data = benchmark_directory::open(flows)?.benchmark;
    let sigma = read_column(elasticities, column)?;
    for sector in &mut data.sectors {
        let value =
            sigma.get(&sector.code).ok_or_else(|| game(format!("no {column} for {}", sector.code)))?;
        sector.trade_elasticity = value - 1.0;
    }
    let economy = ReducedEconomy::new(calibrate(&data)?.calibration())?;
    let mut economy = economy;
    economy.solve(std::iter::empty()).map_err(|error| game(error.to_string()))?;
    data.border_value = economy.flow().to_vec();

    let size = data.dimensions();
    let codes: Vec<String> = data.economies.iter().map(|economy| economy.code.clone()).collect();
    let objectives = vec![Objective::Welfare; codes.len()];
    let economy = ReducedEconomy::new(calibrate(&data)?.calibration())?;
    let mut all = TariffGame::every_cell(economy, codes.clone(), objectives, (0.0, HIGHEST_RATE))
        .map_err(|error| game(error.to_string()))?;
    let today = all.point_of(all.economy().log_tariff_factor_of_data());
    let markup: Vec<f64> = (0..size.cells())
        .map(|at| (1.0 / data.sectors[size.cell_of(at).2].trade_elasticity).ln_1p())
        .collect();
    let starts = [Start::new("1/(σ−1)", all.point_of(&markup)), Start::new("today", today.clone())];
    let mut total = 0.0;
    for player in 0..codes.len() {
        let best = best_response(&mut all, player, &today, &starts, &SearchSettings::default())
            .map_err(|error| game(error.to_string()))?;
        if !best.certificate.status.is_converged() {
            return Err(game(format!("the best response of {} did not converge", codes[player])));
        }
        let mut own: Vec<f64> = all
            .cells()
            .iter()
            .zip(&best.point)
            .filter(|(cells, _)| cells.iter().any(|cell| size.cell_of(*cell).0 == player))
            .map(|(_, log_factor)| 100.0 * log_factor.exp_m1())
            .collect();
        own.sort_by(f64::total_cmp);
        let middle = own.len() / 2;
        total += if own.len() % 2 == 1 { own[middle] } else { 0.5 * (own[middle - 1] + own[middle]) };
    }
    Ok(total / codes.len() as f64)
}

fn calibrate(data: &Benchmark) -> Result<Solver, CheckError> {
    let closure = Closure {
        market_structure: MarketStructure::FixedEntry,
        intermediates: Intermediates::None,
        deficits: Deficits::Zero,
        ..Closure::default()
    };
    Ok(Solver::new(data, &closure)?)
}

fn game(text: String) -> CheckError {
    CheckError::Game(text)
}

fn read_column(file: &Path, column: &str) -> Result<BTreeMap<String, f64>, CheckError> {
    let wrong = |what: String| game(format!("{}: {what}", file.display()));
    let mut reader = csv::Reader::from_path(file).map_err(|error| wrong(error.to_string()))?;
    let headers = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let position =
        headers.iter().position(|name| name == column).ok_or_else(|| wrong(format!("no column {column}")))?;
    let mut values = BTreeMap::new();
    for row in reader.records() {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let (Some(code), Some(cell)) = (row.get(0), row.get(position)) else { continue };
        let value: f64 = cell.parse().map_err(|_| wrong(format!("{cell} is no number")))?;
        values.insert(code.to_owned(), value);
    }
    Ok(values)
}
