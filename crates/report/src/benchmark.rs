//! `data describe` and `data check`: what a benchmark is, how far it can be trusted, how far its markets are from clearing.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde::Serialize;

use detente_data::benchmark_directory::consistency::{Accounts, EQUILIBRIUM_GAP};
use detente_data::benchmark_directory::{AbsentFlows, BenchmarkDirectory, consistency_of_final_demand};
use detente_tables::table::{csv_text, digits};

/// What `data describe` says.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    /// Name of the benchmark.
    pub name: String,
    /// Path, or name of the embedded one.
    pub location: String,
    /// Year of the data.
    pub year: Option<i32>,
    /// Unit of values.
    pub unit: String,
    /// Where the data come from.
    pub source: String,
    /// On which terms.
    pub licence: String,
    /// Number of economies.
    pub economies_count: usize,
    /// Number of sectors.
    pub sectors_count: usize,
    /// World gross output.
    pub world_output: f64,
    /// World value added.
    pub world_value_added: f64,
    /// Σ|use − spending| / Σ spending.
    pub market_gap: f64,
    /// Optional tables that are there.
    pub has: Vec<&'static str>,
    /// By economy.
    pub economies: Vec<EconomyDescription>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// What `data describe` says about one economy.
#[derive(Clone, Debug, Serialize)]
pub struct EconomyDescription {
    /// Code.
    pub economy: String,
    /// Name.
    pub name: String,
    /// ISO codes of its members.
    pub members: Vec<String>,
    /// Value added.
    pub value_added: f64,
    /// Exports at border values, home sales excluded.
    pub exports: f64,
    /// Imports at border values, home sales excluded.
    pub imports: f64,
    /// Imports less exports.
    pub deficit: f64,
    /// Tariff revenue over imports: the average tariff with import weights, a fraction.
    pub average_tariff_import_weights: Option<f64>,
    /// What its tariffs are.
    pub tariffs: Option<String>,
    /// The day of a ledger on which they stand.
    pub tariffs_ledger_day: Option<String>,
    /// Source of its input structure.
    pub input_source: Option<String>,
    /// Year of that source.
    pub input_year: Option<i32>,
    /// Share of the seed that balancing moved.
    pub moved_share: Option<f64>,
    /// Source of its value added.
    pub value_added_source: Option<String>,
    /// Grade of its input structure.
    pub grade: Option<&'static str>,
}

/// Describes a benchmark.
pub fn describe(directory: &BenchmarkDirectory) -> Description {
    let benchmark = &directory.benchmark;
    let accounts = Accounts::of(benchmark);
    let dimensions = benchmark.dimensions();
    let optional = [
        ("tariffs", benchmark.tariffs_given),
        ("value_added", benchmark.value_added.is_some()),
        ("input_shares", benchmark.input_share.is_some()),
        ("final_shares", benchmark.final_share.is_some()),
        ("final_demand", benchmark.final_demand.is_some()),
        ("deficits", benchmark.trade_deficit.is_some()),
        ("political_weights", benchmark.political_weight.is_some()),
        ("capital_shares", benchmark.capital_share.is_some()),
        ("local_cost_shares", benchmark.local_cost_share.is_some()),
        ("quality", !directory.quality.is_empty()),
        ("tariff_provenance", !directory.tariff_provenance.is_empty()),
    ];
    let (mut exports, mut imports) = (vec![0.0; dimensions.economies], vec![0.0; dimensions.economies]);
    for (cell, value) in benchmark.border_value.iter().enumerate() {
        let (importer, exporter, _) = dimensions.cell_of(cell);
        if importer != exporter {
            exports[exporter] += value;
            imports[importer] += value;
        }
    }
    let economies = benchmark.economies.iter().enumerate().map(|(n, economy)| {
        let (quality, tariffs) = (directory.quality(n), directory.tariffs_of(n));
        EconomyDescription {
            economy: economy.code.clone(),
            name: economy.name.clone(),
            members: economy.members.clone(),
            value_added: accounts.value_added[n],
            exports: exports[n],
            imports: imports[n],
            deficit: benchmark.trade_deficit.as_ref().unwrap_or(&accounts.flow_deficit)[n],
            average_tariff_import_weights: (imports[n] > 0.0).then(|| accounts.revenue[n] / imports[n]),
            tariffs: tariffs.map(|tariffs| tariffs.rates.clone()),
            tariffs_ledger_day: tariffs.map(|tariffs| tariffs.ledger_day.to_string()),
            input_source: quality.map(|quality| quality.input_source.clone()),
            input_year: quality.and_then(|quality| quality.input_year),
            moved_share: quality.and_then(|quality| quality.moved_share),
            value_added_source: quality.map(|quality| quality.value_added_source.clone()),
            grade: quality.map(|quality| quality.grade.word()),
        }
    });
    Description {
        name: benchmark.name.clone(),
        location: directory.location.clone(),
        year: benchmark.year,
        unit: benchmark.unit.clone(),
        source: benchmark.source.clone(),
        licence: benchmark.licence.clone(),
        economies_count: dimensions.economies,
        sectors_count: dimensions.sectors,
        world_output: accounts.output.iter().sum(),
        world_value_added: accounts.value_added.iter().sum(),
        market_gap: directory.market_gap.gap,
        has: optional.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect(),
        economies: economies.collect(),
        notes: directory.notes.clone(),
    }
}

impl Description {
    /// For people.
    pub fn screen(&self) -> String {
        let year = self.year.map_or("year not stated".to_string(), |year| year.to_string());
        let mut out = format!(
            "{} ({year}), {} economies, {} sectors, {}\nsource:  {}\nlicence: {}\nworld:   output {:.6e}, value added {:.6e}, market gap {:.1e}\ntables:  {}\n\n",
            self.name,
            self.economies_count,
            self.sectors_count,
            self.unit,
            self.source,
            self.licence,
            self.world_output,
            self.world_value_added,
            self.market_gap,
            if self.has.is_empty() { "no optional ones".to_string() } else { self.has.join(", ") },
        );
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.set_header([
            "economy",
            "value added",
            "exports",
            "imports",
            "tariff",
            "grade",
            "moved",
            "input structure",
        ]);
        for row in &self.economies {
            table.add_row([
                row.economy.clone(),
                format!("{:.0}", row.value_added),
                format!("{:.0}", row.exports),
                format!("{:.0}", row.imports),
                row.average_tariff_import_weights
                    .map_or(String::new(), |rate| format!("{:.2}%", 100.0 * rate)),
                row.grade.unwrap_or_default().to_string(),
                row.moved_share.map_or(String::new(), |share| format!("{:.0}%", 100.0 * share)),
                row.input_source.clone().unwrap_or_default(),
            ]);
        }
        for column in table.column_iter_mut().skip(1).take(4) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        out.push_str(&table.to_string());
        out.push_str(
            "\ntariff: revenue over imports; moved: share of the input structure that balancing changed\n",
        );
        let mut tariffs: Vec<(&str, &str, Vec<&str>)> = Vec::new();
        for row in &self.economies {
            if let (Some(rates), Some(day)) = (&row.tariffs, &row.tariffs_ledger_day) {
                match tariffs.iter_mut().find(|(known, at, _)| known == rates && at == day) {
                    Some((_, _, importers)) => importers.push(&row.economy),
                    None => tariffs.push((rates, day, vec![&row.economy])),
                }
            }
        }
        for (rates, day, importers) in tariffs {
            out.push_str(&format!(
                "tariffs of {}: {rates}; on a ledger they stand on {day}\n",
                importers.join(" ")
            ));
        }
        for note in &self.notes {
            out.push_str(&format!("note: {note}\n"));
        }
        out
    }

    /// One row per economy.
    pub fn csv(&self) -> String {
        let header = [
            "economy",
            "name",
            "value_added",
            "exports",
            "imports",
            "deficit",
            "average_tariff_import_weights",
            "tariffs",
            "tariffs_ledger_day",
            "input_source",
            "input_year",
            "moved_share",
            "value_added_source",
            "grade",
        ];
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let rows = self.economies.iter().map(|row| {
            vec![
                row.economy.clone(),
                row.name.clone(),
                digits(Some(row.value_added)),
                digits(Some(row.exports)),
                digits(Some(row.imports)),
                digits(Some(row.deficit)),
                digits(row.average_tariff_import_weights),
                text(&row.tariffs),
                text(&row.tariffs_ledger_day),
                text(&row.input_source),
                row.input_year.map_or(String::new(), |year| year.to_string()),
                digits(row.moved_share),
                text(&row.value_added_source),
                row.grade.unwrap_or_default().to_string(),
            ]
        });
        csv_text(&header, rows)
    }
}

/// What `data check` says of a benchmark that is not refused.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// Path, or name of the embedded one.
    pub location: String,
    /// Σ|use − spending| / Σ spending.
    pub market_gap: f64,
    /// Whether the data are an equilibrium of the model.
    pub is_equilibrium: bool,
    /// The cells that add most to the gap.
    pub worst_cells: Vec<WorstCell>,
    /// Cells where final_demand is off the residual use by more than five percent.
    pub final_demand_off: Vec<WorstCell>,
    /// Flows that no row states, or that one states as zero: absent means zero.
    pub absent_flows: usize,
    /// All flows: economies squared times sectors.
    pub flows: usize,
    /// Where something is bought abroad and nothing at home.
    pub no_home_sales: Vec<NoHomeSales>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// A cell where two numbers should be one.
#[derive(Clone, Debug, Serialize)]
pub struct WorstCell {
    /// Economy.
    pub economy: String,
    /// Sector.
    pub sector: String,
    /// Use, or the sum over categories.
    pub found: f64,
    /// Spending, or the residual use.
    pub expected: f64,
}

/// Where something is bought abroad and nothing at home.
#[derive(Clone, Debug, Serialize)]
pub struct NoHomeSales {
    /// Code of the economy.
    pub economy: String,
    /// Code of the sector.
    pub sector: String,
}

/// Checks a benchmark that was read.
pub fn check(directory: &BenchmarkDirectory) -> Check {
    let benchmark = &directory.benchmark;
    let off = consistency_of_final_demand(benchmark, &Accounts::of(benchmark));
    let absent = AbsentFlows::of(benchmark);
    let worst = directory.market_gap.worst.iter().filter(|_| directory.market_gap.gap > EQUILIBRIUM_GAP);
    Check {
        location: directory.location.clone(),
        market_gap: directory.market_gap.gap,
        is_equilibrium: directory.market_gap.is_equilibrium(),
        worst_cells: worst
            .map(|(economy, sector, used, spent)| WorstCell {
                economy: economy.clone(),
                sector: sector.clone(),
                found: *used,
                expected: *spent,
            })
            .collect(),
        final_demand_off: off
            .into_iter()
            .map(|(economy, sector, found, expected)| WorstCell {
                economy: benchmark.economies[economy].code.clone(),
                sector: benchmark.sectors[sector].code.clone(),
                found,
                expected,
            })
            .collect(),
        absent_flows: absent.cells.0,
        flows: absent.cells.1,
        no_home_sales: absent
            .home_cells
            .into_iter()
            .map(|(economy, sector)| NoHomeSales { economy, sector })
            .collect(),
        notes: directory.notes.clone(),
    }
}

impl Check {
    /// For people.
    pub fn screen(&self) -> String {
        let mut out = format!("{}: nothing is refused\n", self.location);
        let verdict = if self.is_equilibrium {
            "an equilibrium of the model"
        } else {
            "not an equilibrium: a baseline is solved first"
        };
        out.push_str(&format!("market gap {:.3e}: {verdict}\n", self.market_gap));
        out.push_str(&format!("{} of {} flows absent or zero\n", self.absent_flows, self.flows));
        if !self.no_home_sales.is_empty() {
            let cells =
                self.no_home_sales.iter().take(8).map(|cell| format!("{} {}", cell.economy, cell.sector));
            out.push_str(&format!(
                "nothing bought at home in {} cells: {}{}\n",
                self.no_home_sales.len(),
                cells.collect::<Vec<_>>().join(", "),
                if self.no_home_sales.len() > 8 { ", …" } else { "" }
            ));
        }
        for cell in &self.worst_cells {
            out.push_str(&format!(
                "  {}, {}: use {:.6e}, spending {:.6e}\n",
                cell.economy, cell.sector, cell.found, cell.expected
            ));
        }
        if !self.final_demand_off.is_empty() {
            out.push_str("final_demand is off the residual use by more than 5 percent, and rescaled, in\n");
            for cell in &self.final_demand_off {
                out.push_str(&format!(
                    "  {}, {}: categories {:.6e}, residual {:.6e}\n",
                    cell.economy, cell.sector, cell.found, cell.expected
                ));
            }
        }
        for note in &self.notes {
            out.push_str(&format!("note: {note}\n"));
        }
        out
    }
}
