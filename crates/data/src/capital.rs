//! Capital and investment of a benchmark's economies: what the closure `capital = "steady"` is read from.
//!
//! Three tables: those of the embedded world stand in `data/capital`, those of a benchmark of one's own in a folder `capital` of its directory.

use std::path::Path;
use std::sync::OnceLock;

use crate::benchmark_directory::codes::Codes;
use crate::benchmark_directory::flows::{Domain, Frame};
use crate::benchmark_directory::{BenchmarkDirectory, shares};
use crate::default_world;
use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::Calibration;
use detente_engine::capital::{CapitalData, MOST_OF_CAPITAL_INCOME};
use detente_engine::error::EngineError;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::folder::Folder;

/// Investment is at most this part of an economy's final use of a sector: consumption keeps something of everything.
pub const MOST_OF_FINAL_USE: f64 = 0.9;

const EMBEDDED: &str = "capital/world-2022/";
const FOLDER: &str = "capital";

/// The tables as read.
#[derive(Clone, Debug, PartialEq)]
pub struct CapitalTables {
    /// Capital's share of value added, N.
    pub capital_share: Vec<f64>,
    /// Investment's share of final use, N.
    pub investment_of_final_use: Vec<f64>,
    /// What investment buys, N·S as pairs, as the file has it.
    pub basket: Vec<f64>,
}

/// Reads the tables of a benchmark.
///
/// # Errors
///
/// Where there are none, an economy is left out or a number is no share.
pub fn open(directory: &BenchmarkDirectory) -> Result<CapitalTables, Problems> {
    if directory.location == default_world::NAME {
        static FILES: OnceLock<Vec<(&str, &[u8])>> = OnceLock::new();
        let files = FILES.get_or_init(|| {
            detente_facts::below(EMBEDDED).map(|(name, content)| (&name[EMBEDDED.len()..], content)).collect()
        });
        return read(&Folder::Embedded { name: FOLDER, files }, &directory.benchmark);
    }
    let path = Path::new(&directory.location).join(FOLDER);
    if !path.is_dir() {
        let right = "capital = \"steady\" needs a folder `capital` of the benchmark's directory with capital_shares.csv, \
                     investment_shares.csv (economy,share) and baskets.csv (economy,sector,share)"
            .to_owned();
        return Err(
            Problem::whole(path.display().to_string(), Finding::Missing { what: "folder", right }).into()
        );
    }
    read(&Folder::open(&path)?, &directory.benchmark)
}

fn read(folder: &Folder, benchmark: &Benchmark) -> Result<CapitalTables, Problems> {
    let frame = Frame {
        economies: Codes::of_economies(&benchmark.economies),
        sectors: Codes::of_sectors(&benchmark.sectors),
        dimensions: benchmark.dimensions(),
    };
    let share =
        Domain { most: 1.0, rule: "a share is a fraction, zero or above and below one", ..Domain::SHARE };
    let missing = |name: &str, what: &'static str, right: String| {
        Problems::from(Problem::whole(folder.label(&format!("{name}.csv")), Finding::Missing { what, right }))
    };
    let of_economies = |name: &str| {
        let read = shares::read_economies(folder, name, "share", share, &frame)?;
        let filling =
            read.ok_or_else(|| missing(name, "table", "it has the columns economy,share".into()))?;
        match (0..filling.value.len()).find(|n| !filling.filled.is_marked(*n)) {
            Some(n) => Err(missing(name, "row", format!("a row for {}", benchmark.economies[n].code))),
            None => Ok(filling.value),
        }
    };
    let basket = shares::read_pairs(folder, "baskets", "share", Domain::SHARE, 0.0, &frame)?
        .ok_or_else(|| missing("baskets", "table", "it has the columns economy,sector,share".into()))?;
    let d = benchmark.dimensions();
    for n in 0..d.economies {
        let whole: f64 = (0..d.sectors).map(|s| basket.value[d.pair(n, s)]).sum();
        if (whole - 1.0).abs() > 1e-3 {
            let right =
                format!("the shares of {} sum to one; they sum to {whole:.5}", benchmark.economies[n].code);
            return Err(missing("baskets", "share", right));
        }
    }
    Ok(CapitalTables {
        capital_share: of_economies("capital_shares")?,
        investment_of_final_use: of_economies("investment_shares")?,
        basket: basket.value,
    })
}

impl CapitalTables {
    /// What the tables mean on a calibrated benchmark whose investment is part of final use, and a note on what was cut back.
    ///
    /// # Errors
    ///
    /// As [`CapitalData::fitted`].
    pub fn on(&self, calibration: &Calibration) -> Result<(CapitalData, Vec<String>), EngineError> {
        let d = calibration.dimensions;
        let n = d.economies;
        let used: Vec<f64> =
            (0..d.pairs()).map(|pair| calibration.final_share[pair] * calibration.income[pair % n]).collect();
        let asked: Vec<f64> = (0..n)
            .map(|i| self.investment_of_final_use[i] * calibration.income[i] / calibration.factor_income[i])
            .collect();
        let (data, cut) = CapitalData::fitted(
            &calibration.benchmark,
            self.capital_share.clone(),
            &asked,
            &self.basket,
            &used,
            &calibration.factor_income,
            MOST_OF_FINAL_USE,
        )?;
        let code = |i: usize| calibration.benchmark.economies[i].code.as_str();
        let list = |which: &dyn Fn(usize) -> bool| {
            let held: Vec<String> = (0..n)
                .filter_map(|i| cut[i].filter(|_| which(i)).map(|asked| (i, asked)))
                .map(|(i, asked)| {
                    format!("{} {:.1} to {:.1}", code(i), 100.0 * asked, 100.0 * data.investment_share[i])
                })
                .collect();
            held.join(", ")
        };
        let growth = |i: usize| asked[i] > MOST_OF_CAPITAL_INCOME * self.capital_share[i];
        let mut notes = Vec::new();
        for (list, why) in [
            (
                list(&growth),
                "0.9 of capital's income, since with more growth would be above the interest rate",
            ),
            (list(&|i| !growth(i)), "0.9 of final use in each sector"),
        ] {
            if !list.is_empty() {
                notes.push(format!("investment is cut back to {why} (percent of factor income): {list}"));
            }
        }
        Ok((data, notes))
    }
}
