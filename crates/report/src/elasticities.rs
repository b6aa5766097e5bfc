//! Sets of trade elasticities side by side: what each rests on, by horizon, and the page of the reference.

use std::fmt::Write as _;

use detente_data::elasticities::{self, ElasticityError, ElasticitySet};
use detente_engine::benchmark::{Benchmark, SectorKind};
use serde::Serialize;

/// One set on a benchmark's sectors.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Name of the set.
    pub name: String,
    /// Which default it is, in words; none of the others.
    pub default_of: Option<&'static str>,
    /// The set as its file has it.
    pub set: ElasticitySet,
    /// Least, middle and largest θ over the benchmark's goods; none where the set does not know them all.
    pub goods: Option<[f64; 3]>,
}

impl Listed {
    /// Names of [`cells`](Self::cells).
    pub const COLUMNS: [&'static str; 8] =
        ["set", "default", "window", "n", "standard error", "theta of goods", "5 to 95", "horizon"];

    /// Every set, those with a window first.
    ///
    /// # Errors
    /// Files that do not read.
    pub fn of(benchmark: &Benchmark, sets: &[ElasticitySet]) -> Result<Vec<Self>, ElasticityError> {
        let long = elasticities::of_benchmark(benchmark).map(|set| set.name);
        let years = elasticities::for_some_years()?.name;
        let mut listed: Vec<Self> = sets
            .iter()
            .map(|set| Self {
                name: set.name.clone(),
                default_of: if Some(&set.name) == long.as_ref() {
                    Some("the long run")
                } else if set.name == years {
                    Some("some years")
                } else {
                    None
                },
                goods: goods(benchmark, set),
                set: set.clone(),
            })
            .collect();
        listed.sort_by_key(|held| !held.set.has_window());
        Ok(listed)
    }

    /// Whether it is a default.
    pub fn is_default(&self) -> bool {
        self.default_of.is_some()
    }

    /// One cell for each of [`COLUMNS`](Self::COLUMNS); a dash where the set does not say.
    pub fn cells(&self) -> [String; 8] {
        let dash = || "-".to_owned();
        let set = &self.set;
        [
            self.name.clone(),
            self.default_of.map_or_else(dash, str::to_owned),
            set.window.clone().unwrap_or_else(dash),
            set.n.map_or_else(dash, |n| n.to_string()),
            set.standard_error.map_or_else(dash, |error| error.to_string()),
            self.goods.map_or_else(dash, |[low, middle, high]| {
                if low == high { format!("{middle}") } else { format!("{middle} ({low} to {high})") }
            }),
            set.range.map_or_else(dash, |[low, high]| format!("{low} to {high}")),
            set.label.clone().unwrap_or_else(|| "none: a published set without a window".to_owned()),
        ]
    }

    /// What a reader should know, in one line.
    pub fn note(&self) -> String {
        format!("{}: {}", self.name, self.set.note)
    }
}

fn goods(benchmark: &Benchmark, set: &ElasticitySet) -> Option<[f64; 3]> {
    let values = set.on(benchmark).ok()?;
    let sectors = benchmark.sectors.iter().zip(values);
    let mut goods: Vec<f64> =
        sectors.filter(|(sector, _)| sector.kind != SectorKind::Services).map(|(_, value)| value).collect();
    goods.sort_by(f64::total_cmp);
    let (low, high) = (*goods.first()?, *goods.last()?);
    let half = goods.len() / 2;
    let middle = if goods.len() % 2 == 1 { goods[half] } else { (goods[half - 1] + goods[half]) / 2.0 };
    Some([low, (1000.0 * middle).round() / 1000.0, high])
}

/// The page of the reference.
pub fn page(listed: &[Listed]) -> String {
    let mut out = String::from(
        "# Trade elasticities by horizon\n\nMade by `detente elasticities --write docs/reference/elasticities.md`.\n\n\
         θ of the model is the elasticity of spending with the duty inside; flows without the duty fall by θ+1 less what the importer's own \
         price level takes back. A set without a window was estimated over a panel of levels, or inside another model: it names no horizon, \
         and is no default. Any of them is taken by `trade_elasticities = \"NAME\"` in a scenario, and so is a file of the same form. \
         The rows that the sets with a window rest on are remade by `data/recipes/elasticity_by_horizon.py`.\n",
    );
    let (with, without): (Vec<&Listed>, Vec<&Listed>) = listed.iter().partition(|held| held.set.has_window());
    out += "\n## Sets with a window\n\n";
    table(&mut out, &Listed::COLUMNS, with.iter().map(|held| held.cells().to_vec()));
    for held in &with {
        let _ = writeln!(out, "\n**{}**. {}. {}", held.name, held.set.source, held.set.note);
    }
    out += "\n## Published sets: variants with names\n\n";
    let columns = ["set", "default", "theta of goods", "varies", "flows", "in bands' dots", "source"];
    let rows = without.iter().map(|held| {
        let [name, default, _, _, _, goods, _, _] = held.cells();
        let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let varies = word(serde_json::json!(held.set.with_respect_to));
        let flows = word(serde_json::json!(held.set.flows));
        let dots = if held.set.in_bands { "yes" } else { "no" };
        vec![name, default, goods, varies, flows, dots.to_owned(), held.set.source.clone()]
    });
    table(&mut out, &columns, rows);
    out
}

fn table(out: &mut String, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let _ = writeln!(out, "| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
}
