//! The averages of a day by sector, under every weight that is on record and under a benchmark's own trade.

use crate::{
    failure::Failure,
    record::{grid, percent, section, wrong},
};
use detente_data::default_world;
use detente_ledger::{
    schedule::Reading,
    status::AsOf,
    talks::Talks,
    tariff::{SectorTariff, Tariffs, View},
};
use std::collections::BTreeMap;

/// A sector's tariff and its imports in the benchmark.
pub struct Sector {
    tariff: SectorTariff,
    /// Imports in the benchmark; none where it has no such sector.
    imports: Option<f64>,
    /// Their unit.
    unit: String,
}

/// Columns of the sectors as CSV.
pub const SECTOR: [&str; 8] =
    ["importer", "exporter", "sector", "rate", "lines", "simple", "weights", "benchmark_imports"];

impl Sector {
    /// All digits.
    pub fn exact(&self) -> Vec<String> {
        let held = &self.tariff;
        let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        let weights: Vec<String> =
            held.weighted.iter().map(|(name, rate)| format!("{name}={rate}")).collect();
        vec![
            held.importer.clone(),
            held.exporter.clone(),
            held.sector.clone(),
            held.rate.to_string(),
            held.lines.to_string(),
            number(held.simple),
            weights.join(" "),
            number(self.imports),
        ]
    }

    /// As JSON.
    pub fn json(&self) -> serde_json::Value {
        let mut value = serde_json::to_value(&self.tariff).unwrap_or_default();
        value["benchmark_imports"] = self.imports.into();
        value
    }
}

/// Every sector of a concordance, both ways. `benchmark` names the concordance.
pub fn by_sector(
    tariffs: &Tariffs,
    talks: &Talks,
    clock: AsOf,
    benchmark: &str,
) -> Result<Vec<Sector>, Failure> {
    let world = default_world::open().map_err(|error| Failure::Fault(error.to_string()))?.benchmark;
    let size = world.dimensions();
    let mut found = Vec::new();
    for (importer, exporter) in talks.pairs() {
        let view = View {
            importer: &importer.code,
            exporter: &exporter.code,
            on: clock.on,
            known_on: clock.known_on,
            reading: Reading::Stated,
        };
        let pair = world.economy_of_member(&importer.code).zip(world.economy_of_member(&exporter.code));
        for tariff in tariffs.sector_table(view, benchmark).map_err(wrong)? {
            let imports = pair
                .zip(world.sector(&tariff.sector))
                .map(|((to, from), sector)| world.border_value[size.cell(to, from, sector)]);
            found.push(Sector { tariff, imports, unit: world.unit.clone() });
        }
    }
    Ok(found)
}

/// The averages over all sectors by the benchmark's imports: name of the benchmark → importer → exporter.
pub fn by_benchmark_trade(sectors: &[Sector]) -> BTreeMap<String, BTreeMap<String, f64>> {
    let mut sums: BTreeMap<String, BTreeMap<String, (f64, f64)>> = BTreeMap::new();
    for Sector { tariff, imports, .. } in sectors {
        let row = sums.entry(tariff.importer.clone()).or_default();
        let (sum, value) = row.entry(tariff.exporter.clone()).or_default();
        let imports = imports.unwrap_or_default();
        *sum += imports * tariff.rate;
        *value += imports;
    }
    let means = |row: BTreeMap<String, (f64, f64)>| {
        row.into_iter().filter(|(_, (_, value))| *value > 0.0).map(|(key, (sum, value))| (key, sum / value))
    };
    sums.into_iter().map(|(importer, row)| (importer, means(row).collect())).collect()
}

/// The table for people.
pub fn table(sectors: &[Sector]) -> String {
    let mut text = String::new();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for Sector { tariff, .. } in sectors {
        if !pairs.contains(&(tariff.importer.as_str(), tariff.exporter.as_str())) {
            pairs.push((&tariff.importer, &tariff.exporter));
        }
    }
    for (importer, exporter) in pairs {
        let own: Vec<&Sector> = sectors
            .iter()
            .filter(|held| held.tariff.importer == importer && held.tariff.exporter == exporter)
            .collect();
        let mut weights: Vec<&String> = own.iter().flat_map(|held| held.tariff.weighted.keys()).collect();
        weights.sort_unstable();
        weights.dedup();
        let mut header = vec!["sector", "lines", "simple"];
        header.extend(weights.iter().map(|name| name.as_str()));
        let unit = own.first().map_or("", |held| held.unit.as_str());
        let imports = format!("{} imports, {unit}", default_world::NAME);
        header.push(&imports);
        let mut rows = grid(&header);
        for held in own {
            let mut row =
                vec![held.tariff.sector.clone(), held.tariff.lines.to_string(), percent(held.tariff.simple)];
            row.extend(weights.iter().map(|name| percent(held.tariff.weighted.get(*name).copied())));
            row.push(held.imports.map(|imports| format!("{imports:.0}")).unwrap_or_default());
            rows.add_row(row);
        }
        text += &section(&format!("{importer} on {exporter} by sector, percent of value"), &rows);
    }
    for (importer, row) in by_benchmark_trade(sectors) {
        for (exporter, rate) in row {
            text += &format!(
                "weighted by the imports of {}: {importer} on {exporter} {}\n",
                default_world::NAME,
                percent(Some(rate))
            );
        }
    }
    text
}
