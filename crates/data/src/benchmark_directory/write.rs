//! Writes a benchmark in the contract's layout. What is written is read back to the same numbers.

use std::fmt::Write as _;

use detente_engine::benchmark::Benchmark;

use super::codes::kind_word;
use super::metadata;
use super::quality::{Quality, TariffProvenance};

/// Decimals that are kept; none keeps every digit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Precision {
    /// Of values in the benchmark's unit.
    pub value: Option<usize>,
    /// Of shares.
    pub share: Option<usize>,
    /// Of rates.
    pub rate: Option<usize>,
}

/// The files of a benchmark directory: names and contents. Zero rows are left out; rows stand in the order of the codes.
pub fn files(
    benchmark: &Benchmark,
    quality: &[Quality],
    provenance: &[TariffProvenance],
    precision: Precision,
) -> Vec<(String, String)> {
    let mut files = vec![
        (metadata::FILE.to_string(), metadata_text(benchmark)),
        ("economies.csv".to_string(), economies(benchmark)),
        ("sectors.csv".to_string(), sectors(benchmark)),
        ("trade.csv".to_string(), cells(benchmark, "value", &benchmark.border_value, precision.value)),
    ];
    let mut add =
        |name: &str, text: Option<String>| files.extend(text.map(|text| (format!("{name}.csv"), text)));
    let pairs = |column, array: &Option<Vec<f64>>, decimals| {
        array.as_ref().map(|array| pair_rows(benchmark, column, array, decimals, 0.0))
    };
    add(
        "tariffs",
        benchmark.tariffs_given.then(|| cells(benchmark, "rate", &benchmark.tariff_rate, precision.rate)),
    );
    if let Some(shares) = &benchmark.input_share {
        let (value_added, inputs) = cost_shares(benchmark, shares, precision.share);
        add("value_added_shares", Some(value_added));
        let published = benchmark.value_added.as_ref();
        add("value_added", published.map(|values| economy_rows(benchmark, "value", values)));
        add("input_shares", Some(inputs));
    }
    add("final_shares", pairs("share", &benchmark.final_share, None));
    add("final_demand", final_demand(benchmark, precision.value));
    add(
        "deficits",
        benchmark.trade_deficit.as_ref().map(|values| economy_rows(benchmark, "deficit", values)),
    );
    let weights = benchmark.political_weight.as_ref();
    add("political_weights", weights.map(|array| pair_rows(benchmark, "weight", array, None, 1.0)));
    add(
        "capital_shares",
        benchmark.capital_share.as_ref().map(|array| pair_rows(benchmark, "share", array, None, f64::NAN)),
    );
    add(
        "local_cost_shares",
        benchmark.local_cost_share.as_ref().map(|values| economy_rows(benchmark, "share", values)),
    );
    add("quality", (!quality.is_empty()).then(|| quality_rows(benchmark, quality)));
    add("tariff_provenance", (!provenance.is_empty()).then(|| provenance_rows(benchmark, provenance)));
    files
}

/// A number in decimal notation, rounded where decimals are given, without trailing zeros.
pub fn decimal(value: f64, decimals: Option<usize>) -> String {
    let Some(decimals) = decimals else { return format!("{value}") };
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_string() } else { text.to_string() }
}

/// A field of CSV, quoted where needed.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}

fn metadata_text(benchmark: &Benchmark) -> String {
    let text = |value: &str| toml::Value::String(value.to_string()).to_string();
    let mut out = format!("name = {}\n", text(&benchmark.name));
    if let Some(year) = benchmark.year {
        let _ = writeln!(out, "year = {year}");
    }
    let _ = writeln!(out, "unit = {}", text(&benchmark.unit));
    let _ = writeln!(out, "source = {}", text(&benchmark.source));
    let _ = writeln!(out, "licence = {}", text(&benchmark.licence));
    out
}

fn economies(benchmark: &Benchmark) -> String {
    let mut out = "economy,name,members\n".to_string();
    for economy in &benchmark.economies {
        let _ = writeln!(
            out,
            "{},{},{}",
            quoted(&economy.code),
            quoted(&economy.name),
            economy.members.join(" ")
        );
    }
    out
}

fn sectors(benchmark: &Benchmark) -> String {
    let optional = [
        (
            "elasticity_of_substitution",
            benchmark.sectors.iter().map(|s| s.elasticity_of_substitution).collect::<Vec<_>>(),
        ),
        ("scale_elasticity", benchmark.sectors.iter().map(|s| s.scale_elasticity).collect()),
        ("tariff_elasticity", benchmark.sectors.iter().map(|s| s.tariff_elasticity).collect()),
    ];
    let given: Vec<_> = optional.iter().filter(|(_, values)| values.iter().any(Option::is_some)).collect();
    let mut out = "sector,name,kind,trade_elasticity".to_string();
    for (name, _) in &given {
        let _ = write!(out, ",{name}");
    }
    out.push('\n');
    for (position, sector) in benchmark.sectors.iter().enumerate() {
        let kind = kind_word(sector.kind);
        let _ = write!(
            out,
            "{},{},{kind},{}",
            quoted(&sector.code),
            quoted(&sector.name),
            sector.trade_elasticity
        );
        for (_, values) in &given {
            let _ = write!(out, ",{}", values[position].map_or(String::new(), |value| value.to_string()));
        }
        out.push('\n');
    }
    out
}

fn cells(benchmark: &Benchmark, column: &str, array: &[f64], decimals: Option<usize>) -> String {
    let dimensions = benchmark.dimensions();
    let mut out = format!("exporter,importer,sector,{column}\n");
    for (exporter, origin) in benchmark.economies.iter().enumerate() {
        for (importer, destination) in benchmark.economies.iter().enumerate() {
            for (sector, good) in benchmark.sectors.iter().enumerate() {
                let number = decimal(array[dimensions.cell(importer, exporter, sector)], decimals);
                if number != "0" {
                    let (origin, destination) = (quoted(&origin.code), quoted(&destination.code));
                    let _ = writeln!(out, "{origin},{destination},{},{number}", quoted(&good.code));
                }
            }
        }
    }
    // A table that is there and all zero says so in one row: without rows it would be refused as empty.
    if out.lines().count() == 1
        && let (Some(economy), Some(sector)) = (benchmark.economies.first(), benchmark.sectors.first())
    {
        let code = quoted(&economy.code);
        let _ = writeln!(out, "{code},{code},{},0", quoted(&sector.code));
    }
    out
}

/// Rows `economy,sector,NUMBER`, those equal to `absent` left out.
fn pair_rows(
    benchmark: &Benchmark,
    column: &str,
    array: &[f64],
    decimals: Option<usize>,
    absent: f64,
) -> String {
    let dimensions = benchmark.dimensions();
    let mut out = format!("economy,sector,{column}\n");
    for (position, economy) in benchmark.economies.iter().enumerate() {
        for (sector, good) in benchmark.sectors.iter().enumerate() {
            let value = array[dimensions.pair(position, sector)];
            if value != absent {
                let (economy, good) = (quoted(&economy.code), quoted(&good.code));
                let _ = writeln!(out, "{economy},{good},{}", decimal(value, decimals));
            }
        }
    }
    out
}

fn economy_rows(benchmark: &Benchmark, column: &str, values: &[f64]) -> String {
    let mut out = format!("economy,{column}\n");
    for (economy, value) in benchmark.economies.iter().zip(values) {
        let _ = writeln!(out, "{},{}", quoted(&economy.code), decimal(*value, None));
    }
    out
}

/// Value-added and input shares. Rounded inputs leave the rest of one, in decimals, to value added, so that the rounded
/// shares add up to one exactly and the rounded world closes.
fn cost_shares(benchmark: &Benchmark, inputs: &[f64], decimals: Option<usize>) -> (String, String) {
    let dimensions = benchmark.dimensions();
    let mut value_added = "economy,sector,share\n".to_string();
    let mut input_rows = "economy,using_sector,input_sector,share\n".to_string();
    for (position, economy) in benchmark.economies.iter().enumerate() {
        let economy = quoted(&economy.code);
        for (using, user) in benchmark.sectors.iter().enumerate() {
            let user = quoted(&user.code);
            let mut units = 0_i64;
            for (input, good) in benchmark.sectors.iter().enumerate() {
                let share = inputs[dimensions.input(position, using, input)];
                let number = decimal(share, decimals);
                if let Some(decimals) = decimals {
                    units += (share * 10f64.powi(decimals as i32)).round() as i64;
                }
                if number != "0" {
                    let _ = writeln!(input_rows, "{economy},{user},{},{number}", quoted(&good.code));
                }
            }
            let own = benchmark.value_added_share[dimensions.pair(position, using)];
            let number = match decimals {
                None => decimal(own, None),
                Some(decimals) => {
                    let one = 10_i64.pow(decimals as u32);
                    decimal((one - units) as f64 / one as f64, Some(decimals))
                }
            };
            // A sector without output has no shares.
            if own != 0.0 {
                let _ = writeln!(value_added, "{economy},{user},{number}");
            }
        }
    }
    if input_rows.lines().count() == 1
        && let (Some(economy), Some(sector)) = (benchmark.economies.first(), benchmark.sectors.first())
    {
        let sector = quoted(&sector.code);
        let _ = writeln!(input_rows, "{},{sector},{sector},0", quoted(&economy.code));
    }
    (value_added, input_rows)
}

fn final_demand(benchmark: &Benchmark, decimals: Option<usize>) -> Option<String> {
    let demand = benchmark.final_demand.as_ref()?;
    let dimensions = benchmark.dimensions();
    let mut out = "economy,category,sector,value\n".to_string();
    for (position, economy) in benchmark.economies.iter().enumerate() {
        for (category, values) in demand.categories.iter().zip(&demand.value) {
            for (sector, good) in benchmark.sectors.iter().enumerate() {
                let number = decimal(values[dimensions.pair(position, sector)], decimals);
                if number != "0" {
                    let (economy, good) = (quoted(&economy.code), quoted(&good.code));
                    let _ = writeln!(out, "{economy},{},{good},{number}", quoted(category));
                }
            }
        }
    }
    Some(out)
}

fn quality_rows(benchmark: &Benchmark, quality: &[Quality]) -> String {
    let mut out = "economy,input_source,input_year,moved_share,value_added_source,grade\n".to_string();
    for row in quality {
        let _ = writeln!(
            out,
            "{},{},{},{},{},{}",
            quoted(&benchmark.economies[row.economy].code),
            quoted(&row.input_source),
            row.input_year.map_or(String::new(), |year| year.to_string()),
            row.moved_share.map_or(String::new(), |share| share.to_string()),
            quoted(&row.value_added_source),
            row.grade.word()
        );
    }
    out
}

fn provenance_rows(benchmark: &Benchmark, provenance: &[TariffProvenance]) -> String {
    let mut out = "importer,rates,ledger_day,why\n".to_string();
    for row in provenance {
        let importer = quoted(&benchmark.economies[row.importer].code);
        let _ = writeln!(out, "{importer},{},{},{}", quoted(&row.rates), row.ledger_day, quoted(&row.why));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_rounded_and_trimmed() {
        assert_eq!(decimal(1234.56789, Some(3)), "1234.568");
        assert_eq!(decimal(1200.0, Some(0)), "1200");
        assert_eq!(decimal(0.5, Some(3)), "0.5");
        assert_eq!(decimal(-0.00001, Some(3)), "0");
        assert_eq!(decimal(0.1, None), "0.1");
    }
}
