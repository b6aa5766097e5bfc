//! What tests share: random worlds, the model's equations written anew, and published material that the project may not ship.
//!
//! A test that needs such material says so with [`needs`]: it is then shown as ignored, with the reason, where that is missing.
#![allow(missing_docs, reason = "tests read code")]

pub mod count;
pub mod draw;
pub mod equations;
pub mod number;
pub mod random;
pub mod seven_regions;
pub mod violation;

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use detente_engine::benchmark::{Benchmark, Economy, Sector, SectorKind};

/// The engine as the kit knows it: to the engine's own unit tests another crate.
pub use detente_engine as engine;
pub use detente_testkit_attributes::needs;

/// The folder of published data beside the repository; a test that asks for it says so with [`needs`].
///
/// # Panics
///
/// Where it is missing.
pub fn shared(what: &str) -> PathBuf {
    find_shared(what)
        .unwrap_or_else(|| panic!("../shared/{what} is missing, and the test does not say that it needs it"))
}

/// The same where it is there; said where it is not. For timings, which leave a row out: a test says what it needs.
pub fn find_shared(what: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(what);
    if path.exists() {
        return Some(path);
    }
    println!("left out: ../shared/{what} is missing");
    None
}

/// A table as a header and rows.
pub struct Table {
    header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn read(path: &Path) -> Option<Self> {
        let zipped = path.with_file_name(format!("{}.gz", path.file_name()?.to_str()?));
        let mut text = String::new();
        if path.exists() {
            std::fs::File::open(path).ok()?.read_to_string(&mut text).ok()?;
        } else {
            flate2::read::MultiGzDecoder::new(std::fs::File::open(zipped).ok()?)
                .read_to_string(&mut text)
                .ok()?;
        }
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().ok()?.iter().map(str::to_owned).collect();
        let rows: Vec<Vec<String>> =
            reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
        assert!(!rows.is_empty(), "{} has no rows", path.display());
        Some(Self { header, rows })
    }

    pub fn column(&self, name: &str) -> usize {
        self.header.iter().position(|h| h == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    pub fn text(&self, row: usize, name: &str) -> &str {
        &self.rows[row][self.column(name)]
    }

    pub fn number(&self, row: usize, name: &str) -> f64 {
        let text = self.text(row, name);
        text.parse().unwrap_or_else(|_| panic!("{text:?} is no number in {name}"))
    }

    /// Numbers of a column by the text of another.
    pub fn by(&self, key: &str, value: &str) -> HashMap<String, f64> {
        (0..self.rows.len()).map(|r| (self.text(r, key).to_owned(), self.number(r, value))).collect()
    }
}

fn kind(name: &str) -> SectorKind {
    match name {
        "agriculture" => SectorKind::Agriculture,
        "mining" => SectorKind::Mining,
        "manufacturing" => SectorKind::Manufacturing,
        _ => SectorKind::Services,
    }
}

/// A benchmark directory.
pub fn benchmark(directory: &Path) -> Benchmark {
    let table = |name: &str| Table::read(&directory.join(name));
    let economies = table("economies.csv").unwrap();
    let sectors = table("sectors.csv").unwrap();
    let economies: Vec<Economy> = (0..economies.rows.len())
        .map(|r| Economy {
            code: economies.text(r, "economy").to_owned(),
            name: economies.text(r, "name").to_owned(),
            members: Vec::new(),
        })
        .collect();
    let sectors: Vec<Sector> = (0..sectors.rows.len())
        .map(|r| Sector {
            code: sectors.text(r, "sector").to_owned(),
            name: sectors.text(r, "name").to_owned(),
            kind: kind(sectors.text(r, "kind")),
            trade_elasticity: sectors.number(r, "trade_elasticity"),
            elasticity_of_substitution: None,
            scale_elasticity: None,
            tariff_elasticity: None,
        })
        .collect();
    let mut b = random::blank(directory.display().to_string(), economies, sectors);
    let d = b.dimensions();
    let economy: HashMap<String, usize> =
        b.economies.iter().enumerate().map(|(i, e)| (e.code.clone(), i)).collect();
    let sector: HashMap<String, usize> =
        b.sectors.iter().enumerate().map(|(i, e)| (e.code.clone(), i)).collect();
    let flows = |name: &str, value: &str| {
        table(name).map(|t| {
            let mut array = vec![0.0; d.cells()];
            let (i, n, s) = (t.column("exporter"), t.column("importer"), t.column("sector"));
            let v = t.column(value);
            for row in &t.rows {
                array[d.cell(economy[&row[n]], economy[&row[i]], sector[&row[s]])] = row[v].parse().unwrap();
            }
            array
        })
    };
    let pairs = |name: &str, value: &str| {
        table(name).map(|t| {
            let mut array = vec![0.0; d.pairs()];
            for r in 0..t.rows.len() {
                array[d.pair(economy[t.text(r, "economy")], sector[t.text(r, "sector")])] =
                    t.number(r, value);
            }
            array
        })
    };
    b.border_value = flows("trade.csv", "value").unwrap();
    b.tariff_rate = flows("tariffs.csv", "rate").unwrap_or_else(|| vec![0.0; d.cells()]);
    b.value_added_share = pairs("value_added_shares.csv", "share").unwrap_or_else(|| vec![1.0; d.pairs()]);
    b.final_share = pairs("final_shares.csv", "share");
    b.political_weight = pairs("political_weights.csv", "weight");
    b.input_share = table("input_shares.csv").map(|t| {
        let mut array = vec![0.0; d.inputs()];
        let (e, u, i, v) =
            (t.column("economy"), t.column("using_sector"), t.column("input_sector"), t.column("share"));
        for row in &t.rows {
            array[d.input(economy[&row[e]], sector[&row[u]], sector[&row[i]])] = row[v].parse().unwrap();
        }
        array
    });
    b.trade_deficit = table("deficits.csv").map(|t| {
        let by = t.by("economy", "deficit");
        b.economies.iter().map(|e| by[&e.code]).collect()
    });
    b
}

/// Sets the cells that a tariff file names.
pub fn set_tariffs(benchmark: &Benchmark, file: &Path, rates: &mut [f64]) {
    let t = Table::read(file).unwrap();
    for r in 0..t.rows.len() {
        let importer = benchmark.economy(t.text(r, "importer")).unwrap();
        let exporter = benchmark.economy(t.text(r, "exporter")).unwrap();
        let sector = benchmark.sector(t.text(r, "sector")).unwrap();
        rates[benchmark.dimensions().cell(importer, exporter, sector)] = t.number(r, "rate");
    }
}
