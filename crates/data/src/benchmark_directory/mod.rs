//! A benchmark in a directory: the contract's tables, read whole or refused with everything that is wrong.
//!
//! [`open`] reads a directory; the one that is embedded in the program is [`default_world`](crate::default_world). What the tables must look like
//! stands in `docs/reference`; what must hold between them in [`consistency`].

pub mod codes;
pub mod consistency;
pub mod flows;
pub mod metadata;
pub mod paid;
pub mod quality;
pub mod shares;
pub mod write;

use std::path::Path;

use detente_engine::benchmark::{Benchmark, Economy};
use detente_engine::index::Dimensions;

use codes::Codes;
use consistency::{Accounts, Given, MarketGap};
use detente_tables::atomic_write::Outputs;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::digest::sha256_of_named;
use detente_tables::folder::Folder;
use detente_tables::nearest::nearest;
use detente_tables::table::FORMS;
use flows::{Domain, Frame, read_cells};
use paid::{PaidAt, PaidShare};
use quality::{Grade, Quality, TariffProvenance};
use shares::Filling;

/// Tables of the contract; `value_added` and the last three are ours.
pub const TABLES: [&str; 16] = [
    "economies",
    "sectors",
    "trade",
    "tariffs",
    "value_added_shares",
    "value_added",
    "input_shares",
    "final_shares",
    "final_demand",
    "deficits",
    "political_weights",
    "capital_shares",
    "local_cost_shares",
    "quality",
    "tariff_provenance",
    paid::TABLE,
];

/// Names that a benchmark which we write may have.
pub const OUTPUTS: Outputs = Outputs {
    mark: metadata::FILE,
    known: &[
        "economies.csv",
        "sectors.csv",
        "trade.csv",
        "tariffs.csv",
        "value_added_shares.csv",
        "value_added.csv",
        "input_shares.csv",
        "final_shares.csv",
        "final_demand.csv",
        "deficits.csv",
        "political_weights.csv",
        "capital_shares.csv",
        "local_cost_shares.csv",
        "quality.csv",
        "tariff_provenance.csv",
        "paid_shares.csv",
        "recipe.toml",
        "import-report.json",
        "balance-report.json",
        "elasticities-report.json",
        "split-report.json",
    ],
};

/// A benchmark with what is known about it.
#[derive(Clone, Debug)]
pub struct BenchmarkDirectory {
    /// Path of the directory, or the name of the embedded one.
    pub location: String,
    /// The observed economy.
    pub benchmark: Benchmark,
    /// How far its markets are from clearing.
    pub market_gap: MarketGap,
    /// Input structures by economy, where the benchmark grades them.
    pub quality: Vec<Quality>,
    /// What each importer's tariffs contain, where known.
    pub tariff_provenance: Vec<TariffProvenance>,
    /// What of the additional duties in its tariffs was paid, where that is an estimate.
    pub paid_shares: Vec<PaidShare>,
    /// What a reader of any answer should know: free trade assumed, no equilibrium, split of final demand that is off.
    pub notes: Vec<String>,
}

impl BenchmarkDirectory {
    /// SHA-256 of what the benchmark says, whatever it is called, wherever it stands and in whichever form its tables are: two benchmarks
    /// with one digest give one answer.
    ///
    /// ```
    /// let world = detente_data::default_world::open()?;
    /// let mut other = world.clone();
    /// other.benchmark.border_value[0] *= 2.0;
    /// assert_ne!(world.digest(), other.digest(), "the content is told apart, wherever it lies");
    /// # Ok::<(), detente_tables::diagnostics::Problems>(())
    /// ```
    pub fn digest(&self) -> String {
        let every_digit = write::Precision::default();
        let mut files = write::files(&self.benchmark, &self.quality, &self.tariff_provenance, every_digit);
        if !self.paid_shares.is_empty() {
            files.push((format!("{}.csv", paid::TABLE), paid::text(&self.benchmark, &self.paid_shares)));
        }
        sha256_of_named(files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())))
    }

    /// Quality of an economy's input structure.
    pub fn quality(&self, economy: usize) -> Option<&Quality> {
        self.quality.iter().find(|quality| quality.economy == economy)
    }

    /// Whether answers that hinge on this economy's input structure must say that it is weak.
    pub fn is_weak(&self, economy: usize) -> bool {
        self.quality(economy).is_some_and(|quality| quality.grade == Grade::Weak)
    }

    /// Codes of the economies with weak input structures.
    ///
    /// ```
    /// let world = detente_data::default_world::open()?;
    /// assert!(world.weak_economies().contains(&"VNM"), "a proxy stands for its input structure");
    /// # Ok::<(), detente_tables::diagnostics::Problems>(())
    /// ```
    pub fn weak_economies(&self) -> Vec<&str> {
        let weak = |position: &usize| self.is_weak(*position);
        (0..self.benchmark.economies.len())
            .filter(weak)
            .map(|n| self.benchmark.economies[n].code.as_str())
            .collect()
    }

    /// What of the additional duties on a cell was paid, at an end of its range; all of them where no row says otherwise.
    pub fn paid_of(&self, cell: usize, end: PaidAt) -> f64 {
        self.paid_shares.iter().find(|held| held.cell == cell).map_or(1.0, |held| held.at(end))
    }

    /// What an importer's tariffs contain.
    pub fn tariffs_of(&self, importer: usize) -> Option<&TariffProvenance> {
        self.tariff_provenance.iter().find(|provenance| provenance.importer == importer)
    }
}

/// Reads the benchmark in a directory on disk.
///
/// ```
/// let refused = detente_data::benchmark_directory::open(std::path::Path::new("no/such/folder"));
/// assert!(refused.is_err_and(|problems| problems.to_string().contains("no/such/folder")));
/// ```
pub fn open(path: &Path) -> Result<BenchmarkDirectory, Problems> {
    read(&Folder::open(path)?)
}

/// Reads a benchmark.
pub fn read(folder: &Folder) -> Result<BenchmarkDirectory, Problems> {
    let mut problems = Vec::new();
    refuse_unknown_files(folder, &mut problems);
    let metadata = metadata::read(folder).map_err(Problems::from);
    let economies = codes::read_economies(folder);
    let sectors = codes::read_sectors(folder);
    let metadata = keep(metadata, &mut problems);
    let (Some(economies), Some(sectors)) = (keep(economies, &mut problems), keep(sectors, &mut problems))
    else {
        return Err(Problems(problems));
    };
    let dimensions = Dimensions { economies: economies.len(), sectors: sectors.len() };
    let frame = Frame {
        economies: Codes::of_economies(&economies),
        sectors: Codes::of_sectors(&sectors),
        dimensions,
    };

    let trade = keep(read_trade(folder, &frame), &mut problems);
    let tariffs = keep(read_tariffs(folder, &frame, &economies), &mut problems);
    let pairs =
        |name, column, domain, default| shares::read_pairs(folder, name, column, domain, default, &frame);
    let value_added = keep(pairs("value_added_shares", "share", Domain::SHARE, 0.0), &mut problems).flatten();
    let inputs = keep(shares::read_inputs(folder, &frame), &mut problems).flatten();
    let final_shares = keep(pairs("final_shares", "share", Domain::SHARE, 0.0), &mut problems).flatten();
    let political = keep(pairs("political_weights", "weight", Domain::SHARE, 1.0), &mut problems).flatten();
    let capital = keep(pairs("capital_shares", "share", Domain::SHARE, 0.0), &mut problems).flatten();
    let final_demand = keep(shares::read_final_demand(folder, &frame), &mut problems).flatten();
    let vector = |name, column, domain| shares::read_economies(folder, name, column, domain, &frame);
    let deficits = keep(vector("deficits", "deficit", Domain::ANY), &mut problems).flatten();
    let published = keep(vector("value_added", "value", Domain::VALUE), &mut problems).flatten();
    let local_costs = keep(vector("local_cost_shares", "share", Domain::SHARE), &mut problems).flatten();
    let quality = keep(quality::read_quality(folder, &frame), &mut problems).unwrap_or_default();
    let tariff_provenance = keep(quality::read_provenance(folder, &frame), &mut problems).unwrap_or_default();
    let paid_shares = keep(paid::read(folder, &frame), &mut problems).unwrap_or_default();

    let (Some(metadata), Some((trade_file, border_value)), Some(tariffs)) = (metadata, trade, tariffs) else {
        return Err(Problems(problems));
    };
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let value = |filling: &Option<Filling>| filling.as_ref().map(|filling| filling.value.clone());
    let free = || vec![1.0; dimensions.pairs()];
    let mut benchmark = Benchmark {
        name: metadata.name,
        unit: metadata.unit,
        source: metadata.source,
        licence: metadata.licence,
        year: metadata.year,
        economies,
        sectors,
        border_value,
        tariffs_given: tariffs.is_some(),
        tariff_rate: tariffs.unwrap_or_else(|| vec![0.0; dimensions.cells()]),
        // Value added is all of output only where neither table speaks of inputs.
        value_added_share: value(&value_added)
            .unwrap_or_else(|| if inputs.is_some() { vec![0.0; dimensions.pairs()] } else { free() }),
        value_added: value(&published),
        input_share: value(&inputs),
        final_share: value(&final_shares),
        final_demand,
        trade_deficit: value(&deficits),
        political_weight: value(&political),
        capital_share: value(&capital),
        local_cost_share: value(&local_costs),
    };
    if inputs.is_some() && value_added.is_none() {
        let right =
            "input_shares need value_added_shares beside them: together they add up to one".to_string();
        let file = folder.label("value_added_shares.csv");
        return Err(Problem::whole(file, Finding::Missing { what: "table", right }).into());
    }
    refuse_shares_above_one(&benchmark, &capital, &local_costs, &mut problems);
    let given = Given {
        trade_file: &trade_file,
        value_added: value_added.as_ref(),
        published: published.as_ref(),
        inputs: inputs.as_ref(),
        final_shares: final_shares.as_ref(),
        deficits: deficits.as_ref(),
    };
    let (market_gap, found) = consistency::check(&mut benchmark, &given);
    problems.extend(found);
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let notes = notes(&benchmark, &market_gap);
    Ok(BenchmarkDirectory {
        location: folder.label("").trim_end_matches('/').to_string(),
        benchmark,
        market_gap,
        quality,
        tariff_provenance,
        paid_shares,
        notes,
    })
}

/// Moves what is wrong to the list of problems, so that one run names everything.
fn keep<T>(result: Result<T, Problems>, problems: &mut Vec<Problem>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(found) => {
            problems.extend(found.0);
            None
        }
    }
}

/// The flows, and the file that they stand in, which later refusals name.
fn read_trade(folder: &Folder, frame: &Frame) -> Result<(String, Vec<f64>), Problems> {
    let table = folder.needed_table_of("trade", frame.dimensions.cells())?;
    let mut values = vec![0.0; frame.dimensions.cells()];
    read_cells(&table, "value", Domain::VALUE, frame, |cell, value| values[cell] = value)?;
    Ok((table.file, values))
}

fn read_tariffs(folder: &Folder, frame: &Frame, economies: &[Economy]) -> Result<Option<Vec<f64>>, Problems> {
    let Some(table) = folder.table_of("tariffs", frame.dimensions.cells())? else { return Ok(None) };
    let mut rates = vec![0.0; frame.dimensions.cells()];
    read_cells(&table, "rate", Domain::RATE, frame, |cell, rate| rates[cell] = rate)?;
    let at_home = rates.iter().enumerate().filter(|(_, rate)| **rate != 0.0).find_map(|(cell, rate)| {
        let (importer, exporter, sector) = frame.dimensions.cell_of(cell);
        // A group of economies trades within itself, and may charge for it.
        (importer == exporter && economies[importer].members.len() == 1).then_some((importer, sector, *rate))
    });
    if let Some((economy, sector, found)) = at_home {
        let cell = format!(" [{0}, {0}, {1}]", frame.economies.code(economy), frame.sectors.code(sector));
        let rule = "goods that an economy buys from itself pay no tariff; leave the row out".into();
        let finding = Finding::Domain { what: "rate".into(), cell, found, rule };
        return Err(Problem::whole(table.file, finding).into());
    }
    Ok(Some(rates))
}

/// A misspelt table would be read as an absent one, and an absent one often has a meaning.
fn refuse_unknown_files(folder: &Folder, problems: &mut Vec<Problem>) {
    let files = match folder.files() {
        Ok(files) => files,
        Err(problem) => return problems.push(problem),
    };
    for file in files {
        let Some((stem, _)) = FORMS.iter().find_map(|form| Some((file.strip_suffix(form)?, form))) else {
            continue;
        };
        if !TABLES.contains(&stem)
            && let Some(near) = nearest(stem, TABLES).first()
        {
            let suggestion = format!("did you mean `{near}`? Other tables may stand in a folder below");
            problems.push(Problem::whole(folder.label(&file), Finding::UnknownFile { suggestion }));
        }
    }
}

fn refuse_shares_above_one(
    benchmark: &Benchmark,
    capital: &Option<Filling>,
    local_costs: &Option<Filling>,
    problems: &mut Vec<Problem>,
) {
    let dimensions = benchmark.dimensions();
    let accounts = Accounts::of(benchmark);
    if let Some(filling) = capital {
        for position in 0..dimensions.pairs() {
            let (economy, sector) = (position % dimensions.economies, position / dimensions.economies);
            let cell =
                format!(" [{}, {}]", benchmark.economies[economy].code, benchmark.sectors[sector].code);
            let share = filling.value[position];
            let what = "capital's share of value added".to_string();
            if share >= 1.0 {
                let rule = "labour's share must stay above zero".to_string();
                problems.push(Problem::whole(
                    filling.file.clone(),
                    Finding::Domain { what, cell, found: share, rule },
                ));
            } else if !filling.filled.is_marked(position) && accounts.output[position] > 0.0 {
                let (found, rule) = ("no row".to_string(), "every sector with output needs one".to_string());
                let what = format!("{what}{cell}");
                problems
                    .push(Problem::whole(filling.file.clone(), Finding::Inconsistent { what, found, rule }));
            }
        }
    }
    if let Some(filling) = local_costs {
        for (economy, share) in filling.value.iter().enumerate().filter(|(_, share)| **share >= 1.0) {
            let (what, cell) =
                ("local cost share".to_string(), format!(" [{}]", benchmark.economies[economy].code));
            let rule = "a share of an importer's spending, below one".to_string();
            problems.push(Problem::whole(
                filling.file.clone(),
                Finding::Domain { what, cell, found: *share, rule },
            ));
        }
    }
}

fn notes(benchmark: &Benchmark, market_gap: &MarketGap) -> Vec<String> {
    let mut notes = Vec::new();
    if !benchmark.tariffs_given {
        notes.push("no tariffs table: free trade is assumed in the benchmark".to_string());
    }
    if !market_gap.is_equilibrium() {
        notes.push(format!(
            "the data are not an equilibrium (market gap {:.6}); a baseline is solved first. Worst cells: {}",
            market_gap.gap,
            market_gap.worst_words()
        ));
    }
    let absent = AbsentFlows::of(benchmark);
    if !absent.home.is_empty() {
        notes.push(format!(
            "no home sales in any sector of {}: in this benchmark they buy nothing from themselves",
            first_of(&absent.home)
        ));
    }
    if !absent.pairs.is_empty() {
        notes.push(format!(
            "{} of {} pairs of economies have no flow in any sector: {}; is the table whole?",
            absent.pairs.len(),
            benchmark.economies.len() * benchmark.economies.len().saturating_sub(1),
            first_of(&absent.pairs)
        ));
    }
    let accounts = Accounts::of(benchmark);
    let off = consistency_of_final_demand(benchmark, &accounts);
    if !off.is_empty() {
        notes.push(format!(
            "final_demand is off the residual use by more than 5 percent in {} cells and rescaled there (`data check` lists them)",
            off.len()
        ));
    }
    notes
}

/// What no row of `trade` says, or says with zero: absent means zero, and a table that was cut off looks the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AbsentFlows {
    /// Cells without a flow, and all cells.
    pub cells: (usize, usize),
    /// Economies without home sales in any sector.
    pub home: Vec<String>,
    /// Economy and sector where something is bought abroad and nothing at home.
    pub home_cells: Vec<(String, String)>,
    /// Exporter and importer without a flow in any sector.
    pub pairs: Vec<String>,
}

impl AbsentFlows {
    /// Counts them.
    pub fn of(benchmark: &Benchmark) -> Self {
        let dimensions = benchmark.dimensions();
        let economies = dimensions.economies;
        let code = |economy: usize| benchmark.economies[economy].code.clone();
        let mut absent = Self { cells: (0, dimensions.cells()), ..Self::default() };
        let mut traded = vec![false; economies * economies];
        for sector in 0..dimensions.sectors {
            for importer in 0..economies {
                let value = |exporter| benchmark.border_value[dimensions.cell(importer, exporter, sector)];
                for exporter in 0..economies {
                    let is_there = value(exporter) > 0.0;
                    absent.cells.0 += usize::from(!is_there);
                    traded[importer * economies + exporter] |= is_there;
                }
                if value(importer) <= 0.0 && (0..economies).any(|exporter| value(exporter) > 0.0) {
                    absent.home_cells.push((code(importer), benchmark.sectors[sector].code.clone()));
                }
            }
        }
        for importer in 0..economies {
            for exporter in 0..economies {
                if traded[importer * economies + exporter] {
                    continue;
                }
                if importer == exporter {
                    absent.home.push(code(importer));
                } else {
                    absent.pairs.push(format!("{} to {}", code(exporter), code(importer)));
                }
            }
        }
        absent
    }
}

/// The first few of some names, and how many more there are.
fn first_of(names: &[String]) -> String {
    const SHOWN: usize = 6;
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

/// Cells where the categories of final demand do not add up to the residual use within 5 percent: economy, sector, their
/// sum, the residual use.
pub fn consistency_of_final_demand(
    benchmark: &Benchmark,
    accounts: &Accounts,
) -> Vec<(usize, usize, f64, f64)> {
    let Some(demand) = &benchmark.final_demand else { return Vec::new() };
    let dimensions = benchmark.dimensions();
    let mut off = Vec::new();
    for economy in 0..dimensions.economies {
        for sector in 0..dimensions.sectors {
            let pair = dimensions.pair(economy, sector);
            let sum: f64 = demand.value.iter().map(|category| category[pair]).sum();
            let residual = match &benchmark.final_share {
                Some(shares) => shares[pair] * accounts.income[economy],
                None => accounts.spending[pair] - accounts.input_use[pair],
            };
            if (sum - residual).abs() > 0.05 * residual.abs() {
                off.push((economy, sector, sum, residual));
            }
        }
    }
    off
}
