//! GTAP base data as header arrays: `basedata.har`, `sets.har` and `default.prm`, in the form of version 7 (`VDFB`) or the classic one (`VDFM`).
//!
//! Agents' purchases are taken at basic prices, so that every tax at home but tariffs is counted with value added, as net taxes are in the
//! other layouts. Values are of single precision: identities hold to 1e-8 of the totals, and what is off by less than a millionth is mended
//! and counted. The data are GTAP's and on its terms: what they state of their licence goes with the benchmark.

use detente_exchange::har::{self, HarFile};
use detente_tables::atomic_write::Files;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::table::csv_text;

use crate::benchmark_directory::codes::kind_word;
use crate::default_world;

use super::recipe::Labels;
use super::rules::{Margins, Report, Rules};
use super::source::Source;

/// Files of a folder of base data.
pub const BASE: &str = "basedata.har";
const SETS: &str = "sets.har";
const PARAMETERS: &str = "default.prm";
/// Kinds of the sectors that GTAP has, and of some that others made of them.
const KINDS: &str = include_str!("gtap_kinds.csv");
/// Of spending: residual use below zero by less is single precision.
const ROUNDING: f64 = 1e-6;

/// An array of the file in double precision, the first index fastest.
#[derive(Clone)]
struct Array {
    sizes: Vec<usize>,
    values: Vec<f64>,
}

impl Array {
    fn zeros(sizes: &[usize]) -> Self {
        Self { sizes: sizes.to_vec(), values: vec![0.0; sizes.iter().product()] }
    }

    fn position(&self, index: &[usize]) -> usize {
        index.iter().zip(&self.sizes).rev().fold(0, |at, (index, size)| at * size + index)
    }

    fn at(&self, index: &[usize]) -> f64 {
        self.values[self.position(index)]
    }

    fn add(&mut self, index: &[usize], value: f64) {
        let at = self.position(index);
        self.values[at] += value;
    }
}

/// The three files.
struct Base {
    label: String,
    base: HarFile,
    sets: Option<HarFile>,
    parameters: HarFile,
}

impl Base {
    /// An array of the base data with these sizes.
    fn array(&self, name: &str, sizes: &[usize]) -> Result<Array, Problem> {
        of_file(&self.base, &self.label, name, Some(sizes))
    }

    /// Names of the elements of a dimension.
    fn elements(&self, name: &str, dimension: usize) -> Result<Vec<String>, Problem> {
        let header = self.base.header(name);
        header.and_then(|header| header.elements.get(dimension).cloned().flatten()).ok_or_else(|| {
            let reason =
                format!("array `{name}` does not name the elements of its dimension {}", dimension + 1);
            Problem::whole(self.label.clone(), Finding::Unreadable { reason })
        })
    }

    fn words(&self, name: &str) -> Vec<String> {
        let files = [Some(&self.base), self.sets.as_ref()];
        let found = files.into_iter().flatten().find_map(|file| file.header(name)?.words());
        found.map(<[String]>::to_vec).unwrap_or_default()
    }
}

fn of_file(file: &HarFile, label: &str, name: &str, sizes: Option<&[usize]>) -> Result<Array, Problem> {
    let Some(header) = file.header(name) else {
        let right = "GTAP base data of version 7 (with VDFB) or classic (with VDFM) have it".to_string();
        let finding = Finding::Missing { what: "array", right };
        return Err(Problem::whole(format!("{label} {name}"), finding));
    };
    let refuse = |reason: String| Problem::whole(label, Finding::Unreadable { reason });
    let values = header.numbers().ok_or_else(|| refuse(format!("array `{name}` holds no numbers")))?;
    let found = header.dimensions().to_vec();
    if let Some(sizes) = sizes
        && found != sizes
    {
        return Err(refuse(format!("array `{name}` has sizes {found:?} where {sizes:?} belong")));
    }
    Ok(Array { sizes: found, values })
}

fn open(source: &Source, name: &str) -> Result<Option<(String, HarFile)>, Problem> {
    let names = source.names()?;
    let Some(found) = names.iter().find(|known| known.eq_ignore_ascii_case(name)) else { return Ok(None) };
    let Some(bytes) = source.bytes(found)? else { return Ok(None) };
    let label = source.label(found);
    match har::read(&bytes) {
        Ok(file) => Ok(Some((label, file))),
        Err(error) => Err(Problem::whole(label, Finding::Unreadable { reason: error.to_string() })),
    }
}

/// What agents buy, whatever the form: domestic and imported, at basic prices.
struct Purchases {
    commodities: Vec<String>,
    regions: Vec<String>,
    /// Commodity, product, region.
    domestic: Array,
    imported: Array,
    /// Household, government, investment: commodity, region.
    domestic_final: [Array; 3],
    imported_final: [Array; 3],
    /// Commodity, exporter, importer.
    fob: Array,
    cif: Array,
    market: Array,
    /// What the household, the government and investment are called.
    notes: Vec<String>,
}

/// Reads the folder and restates it in the contract's tables.
///
/// # Errors
/// Files and arrays that are missing or of other sizes, residual use below zero by more than single precision.
pub fn restate(
    source: &Source,
    rules: &Rules,
    labels: &mut Labels,
    report: &mut Report,
) -> Result<Files, Problems> {
    let need = |name: &str| -> Result<(String, HarFile), Problem> {
        open(source, name)?.ok_or_else(|| {
            let right = format!("a folder of GTAP base data has {BASE}, {SETS} and {PARAMETERS}");
            Problem::whole(source.label(name), Finding::Missing { what: "file", right })
        })
    };
    let (label, base) = need(BASE)?;
    let (_, parameters) = need(PARAMETERS)?;
    let sets = open(source, SETS)?.map(|(_, file)| file);
    let data = Base { label: label.clone(), base, sets, parameters };
    let bought = if data.base.header("VDFB").is_some() { version_seven(&data)? } else { classic(&data)? };
    bought.notes.iter().for_each(|note| report.note(note.clone()));
    let release = data.words("DREL").join(" ");
    let licence = data.words("LICN").join(" ");
    if labels.source.is_none() && !release.is_empty() {
        labels.source = Some(format!("GTAP base data, {release}"));
    }
    if labels.licence.is_none() {
        let words = if licence.is_empty() { String::new() } else { format!(": {licence}") };
        labels.licence = Some(format!("as the base data state{words}; GTAP data are not to be passed on"));
    }
    if labels.unit.is_none() {
        labels.unit = Some("million USD".into());
    }
    let accounts = accounts(&data, bought, rules, report)?;
    tables(&data, &accounts, report)
}

fn version_seven(data: &Base) -> Result<Purchases, Problem> {
    let (commodities, activities, regions) =
        (data.elements("VDFB", 0)?, data.elements("VDFB", 1)?, data.elements("VDFB", 2)?);
    let (c, a, r) = (commodities.len(), activities.len(), regions.len());
    let (mut domestic, mut imported) = (data.array("VDFB", &[c, a, r])?, data.array("VMFB", &[c, a, r])?);
    let make = data.array("MAKB", &[c, a, r])?;
    let mut notes = Vec::new();
    let total: f64 = make.values.iter().sum();
    let diagonal: f64 = if c == a {
        (0..r).flat_map(|r| (0..c).map(move |k| (k, r))).map(|(k, r)| make.at(&[k, k, r])).sum()
    } else {
        0.0
    };
    if total - diagonal > 1e-9 * total {
        notes.push(format!(
            "the make matrix is not diagonal: activities' inputs follow their products in the shares of what each makes (industry technology; {:.6} of output is off the diagonal)",
            (total - diagonal) / total
        ));
        for array in [&mut domestic, &mut imported] {
            let mut moved = Array::zeros(&[c, c, r]);
            for region in 0..r {
                for activity in 0..a {
                    let made: f64 = (0..c).map(|k| make.at(&[k, activity, region])).sum();
                    if made <= 0.0 {
                        continue;
                    }
                    for product in 0..c {
                        let share = make.at(&[product, activity, region]) / made;
                        for input in 0..c {
                            moved
                                .add(&[input, product, region], share * array.at(&[input, activity, region]));
                        }
                    }
                }
            }
            *array = moved;
        }
    }
    let two = |name: &str| data.array(name, &[c, r]);
    let three = |name: &str| data.array(name, &[c, r, r]);
    Ok(Purchases {
        domestic,
        imported,
        domestic_final: [two("VDPB")?, two("VDGB")?, two("VDIB")?],
        imported_final: [two("VMPB")?, two("VMGB")?, two("VMIB")?],
        fob: three("VFOB")?,
        cif: three("VCIF")?,
        market: three("VMSB")?,
        commodities,
        regions,
        notes,
    })
}

/// The classic form: firms have columns for products and for capital goods, which are investment.
fn classic(data: &Base) -> Result<Purchases, Problem> {
    let (commodities, producers, regions) =
        (data.elements("VDFM", 0)?, data.elements("VDFM", 1)?, data.elements("VDFM", 2)?);
    let (c, p, r) = (commodities.len(), producers.len(), regions.len());
    let split = |name: &str| -> Result<(Array, Array), Problem> {
        let all = data.array(name, &[c, p, r])?;
        let (mut firms, mut investment) = (Array::zeros(&[c, c, r]), Array::zeros(&[c, r]));
        for (column, producer) in producers.iter().enumerate() {
            let product = commodities.iter().position(|known| known.eq_ignore_ascii_case(producer));
            for region in 0..r {
                for input in 0..c {
                    let value = all.at(&[input, column, region]);
                    match product {
                        Some(product) => firms.add(&[input, product, region], value),
                        None => investment.add(&[input, region], value),
                    }
                }
            }
        }
        Ok((firms, investment))
    };
    let (domestic, domestic_investment) = split("VDFM")?;
    let (imported, imported_investment) = split("VIFM")?;
    let two = |name: &str| data.array(name, &[c, r]);
    let three = |name: &str| data.array(name, &[c, r, r]);
    Ok(Purchases {
        domestic,
        imported,
        domestic_final: [two("VDPM")?, two("VDGM")?, domestic_investment],
        imported_final: [two("VIPM")?, two("VIGM")?, imported_investment],
        fob: three("VXWD")?,
        cif: three("VIWS")?,
        market: three("VIMS")?,
        commodities,
        regions,
        notes: Vec::new(),
    })
}

/// The contract's accounts.
struct Accounts {
    commodities: Vec<String>,
    regions: Vec<String>,
    /// Commodity, exporter, importer.
    trade: Array,
    rate: Array,
    /// Input, product, region.
    inputs: Array,
    output: Array,
    spending: Array,
    finals: [Array; 3],
}

fn accounts(data: &Base, bought: Purchases, rules: &Rules, report: &mut Report) -> Result<Accounts, Problem> {
    let (c, r) = (bought.commodities.len(), bought.regions.len());
    let mut trade = match rules.margins {
        Margins::Importer => bought.fob.clone(),
        Margins::Cif => bought.cif.clone(),
    };
    let mut imported = bought.imported.clone();
    match rules.margins {
        Margins::Cif => {
            report.note("transport margins belong to the exporter of the good (flows at cif values)")
        }
        Margins::Importer => {
            margins(data, &bought, &mut trade, &mut imported)?;
            report.note(
                "transport margins are bought by the importer of all economies that sell transport, in the world's shares; users of imports buy \
                 them in proportion",
            );
        }
    }
    for k in 0..c {
        for region in 0..r {
            let firms: f64 = (0..c).map(|product| bought.domestic.at(&[k, product, region])).sum();
            let finals: f64 = bought.domestic_final.iter().map(|array| array.at(&[k, region])).sum();
            // Trade within a region joins home sales.
            trade.add(&[k, region, region], firms + finals);
        }
    }
    let mut rate = Array::zeros(&[c, r, r]);
    for at in 0..rate.values.len() {
        if trade.values[at] > 0.0 {
            rate.values[at] = (bought.market.values[at] - bought.cif.values[at]) / trade.values[at];
        }
    }
    let mut inputs = bought.domestic.clone();
    inputs.values.iter_mut().zip(&imported.values).for_each(|(input, more)| *input += more);
    let (mut output, mut spending) = (Array::zeros(&[c, r]), Array::zeros(&[c, r]));
    for k in 0..c {
        for exporter in 0..r {
            for importer in 0..r {
                let value = trade.at(&[k, exporter, importer]);
                output.add(&[k, exporter], value);
                spending.add(&[k, importer], value * (1.0 + rate.at(&[k, exporter, importer])));
            }
        }
    }
    single_precision(&bought, &mut inputs, &spending, report);
    let finals = [0, 1, 2].map(|k| {
        let mut array = bought.domestic_final[k].clone();
        array
            .values
            .iter_mut()
            .zip(&bought.imported_final[k].values)
            .for_each(|(value, more)| *value += more);
        array
    });
    let (commodities, regions) = (bought.commodities, bought.regions);
    Ok(Accounts { commodities, regions, trade, rate, inputs, output, spending, finals })
}

/// The buying economy buys each margin from the world's pool; users of imports buy it in proportion to their use.
fn margins(data: &Base, bought: &Purchases, trade: &mut Array, imported: &mut Array) -> Result<(), Problem> {
    let (c, r) = (bought.commodities.len(), bought.regions.len());
    let names = data.elements("VST", 0)?;
    let supply = data.array("VST", &[names.len(), r])?;
    let margin = data.array("VTWR", &[names.len(), c, r, r])?;
    for (m, name) in names.iter().enumerate() {
        let pool: f64 = (0..r).map(|region| supply.at(&[m, region])).sum();
        let Some(good) = bought.commodities.iter().position(|known| known.eq_ignore_ascii_case(name)) else {
            let reason = format!("margin `{name}` is none of the commodities");
            return Err(Problem::whole(data.label.clone(), Finding::Unreadable { reason }));
        };
        if pool <= 0.0 {
            continue;
        }
        // Shifts of all goods first, from the imports before this margin's own shift.
        let mut shift = Array::zeros(&[c, c, r]);
        let mut received = Array::zeros(&[c, r]);
        for importer in 0..r {
            let mut all = 0.0;
            for k in 0..c {
                let amount: f64 = (0..r).map(|exporter| margin.at(&[m, k, exporter, importer])).sum();
                let imports: f64 = (0..r).map(|exporter| bought.market.at(&[k, exporter, importer])).sum();
                all += amount;
                let share = amount / imports.max(1e-30);
                for product in 0..c {
                    let moved = bought.imported.at(&[k, product, importer]) * share;
                    shift.add(&[k, product, importer], moved);
                    received.add(&[product, importer], moved);
                }
            }
            for exporter in 0..r {
                trade.add(&[good, exporter, importer], all * supply.at(&[m, exporter]) / pool);
            }
        }
        imported.values.iter_mut().zip(&shift.values).for_each(|(value, moved)| *value -= moved);
        for product in 0..c {
            for importer in 0..r {
                imported.add(&[good, product, importer], received.at(&[product, importer]));
            }
        }
    }
    Ok(())
}

/// Residual use below zero by single precision: the inputs of that product are scaled to what is spent on it.
fn single_precision(bought: &Purchases, inputs: &mut Array, spending: &Array, report: &mut Report) {
    let (c, r) = (bought.commodities.len(), bought.regions.len());
    let mut cells = Vec::new();
    for k in 0..c {
        for region in 0..r {
            let used: f64 = (0..c).map(|product| inputs.at(&[k, product, region])).sum();
            let spent = spending.at(&[k, region]);
            // What is below zero by more is refused where the benchmark is read, with the cell.
            if used > spent && used - spent <= ROUNDING * spent {
                let factor = spent / used * (1.0 - 1e-12);
                for product in 0..c {
                    let at = inputs.position(&[k, product, region]);
                    inputs.values[at] *= factor;
                }
                cells.push((
                    format!("[{}, {}]", bought.regions[region], short(&bought.commodities[k])),
                    spent - used,
                ));
            }
        }
    }
    let what = if cells.len() == 1 { "residual use" } else { "residual uses" };
    report.apply(
        format!(
            "{what} below zero by single precision ({{sum}}): the product's inputs are scaled to spending"
        ),
        cells,
    );
}

/// A code without the mark of commodities.
fn short(code: &str) -> &str {
    code.strip_prefix("c_").or_else(|| code.strip_prefix("C_")).unwrap_or(code)
}

fn tables(data: &Base, found: &Accounts, report: &mut Report) -> Result<Files, Problems> {
    let (c, r) = (found.commodities.len(), found.regions.len());
    let commodity = |k: usize| short(&found.commodities[k]).to_string();
    let region = |k: usize| found.regions[k].clone();
    let cells = || (0..r).flat_map(move |from| (0..r).flat_map(move |to| (0..c).map(move |k| (from, to, k))));
    let rows = |array: &Array| {
        let rows: Vec<[String; 4]> = cells()
            .filter(|(from, to, k)| array.at(&[*k, *from, *to]) != 0.0)
            .map(|(from, to, k)| {
                [region(from), region(to), commodity(k), array.at(&[k, from, to]).to_string()]
            })
            .collect();
        rows
    };
    let (mut inputs, mut value_added, mut demand) = (Vec::new(), Vec::new(), Vec::new());
    for place in 0..r {
        for product in 0..c {
            let output = found.output.at(&[product, place]);
            if output <= 0.0 {
                continue;
            }
            let mut left = 1.0;
            for input in 0..c {
                let share = found.inputs.at(&[input, product, place]) / output;
                left -= share;
                if share != 0.0 {
                    inputs.push([region(place), commodity(product), commodity(input), share.to_string()]);
                }
            }
            value_added.push([region(place), commodity(product), left.to_string()]);
        }
        for (category, array) in ["household", "government", "investment"].iter().zip(&found.finals) {
            for k in 0..c {
                let value = array.at(&[k, place]);
                if value != 0.0 {
                    demand.push([region(place), (*category).to_string(), commodity(k), value.to_string()]);
                }
            }
        }
    }
    let economies = members(data, found, report)
        .into_iter()
        .enumerate()
        .map(|(k, members)| [region(k), region(k), members]);
    let sectors = sectors(data, found, report)?;
    let rates = rows(&found.rate);
    let mut files: Files = vec![
        ("economies.csv".into(), csv_text(&["economy", "name", "members"], economies)),
        ("sectors.csv".into(), csv_text(&["sector", "name", "kind", "trade_elasticity"], sectors)),
        ("trade.csv".into(), csv_text(&["exporter", "importer", "sector", "value"], rows(&found.trade))),
        ("input_shares.csv".into(), csv_text(&["economy", "using_sector", "input_sector", "share"], inputs)),
        ("value_added_shares.csv".into(), csv_text(&["economy", "sector", "share"], value_added)),
        ("final_demand.csv".into(), csv_text(&["economy", "category", "sector", "value"], demand)),
    ];
    if !rates.is_empty() {
        files.push(("tariffs.csv".into(), csv_text(&["exporter", "importer", "sector", "rate"], rates)));
    }
    Ok(files)
}

/// Members of each region by the mapping of the sets; rests of the world (`x..`) have no code of their own.
fn members(data: &Base, found: &Accounts, report: &mut Report) -> Vec<String> {
    let from = if data.words("DREG").is_empty() { data.words("DH1") } else { data.words("DREG") };
    let to = if data.words("MREG").is_empty() { data.words("MAPR") } else { data.words("MREG") };
    if from.len() != to.len() || from.is_empty() {
        report.note("the sets have no mapping of countries to regions: ledgers will not find their parties by code unless regions have theirs");
        return vec![String::new(); found.regions.len()];
    }
    let of = |region: &String| -> Vec<&String> {
        from.iter().zip(&to).filter(|(_, to)| *to == region).map(|(from, _)| from).collect()
    };
    let is_rest = |code: &str| code.starts_with(['x', 'X']);
    found
        .regions
        .iter()
        .map(|region| {
            let all = of(region);
            let known: Vec<String> =
                all.iter().filter(|code| !is_rest(code)).map(|code| code.to_uppercase()).collect();
            // One country with a rest trades with it: one member alone would say that it trades with itself.
            if known.len() == 1 && all.len() > 1 { String::new() } else { known.join(" ") }
        })
        .collect()
}

fn sectors(data: &Base, found: &Accounts, report: &mut Report) -> Result<Vec<[String; 4]>, Problem> {
    let (c, r) = (found.commodities.len(), found.regions.len());
    let elasticity = of_file(&data.parameters, &data.label, "ESBM", None)?;
    let by_region = elasticity.sizes == [c, r];
    if !by_region && elasticity.sizes != [c] {
        let reason =
            format!("array `ESBM` has sizes {:?} where [{c}] or [{c}, {r}] belong", elasticity.sizes);
        return Err(Problem::whole(data.label.clone(), Finding::Unreadable { reason }));
    }
    report.note(
        "trade elasticities are the base data's elasticities of substitution between origins (ESBM) less one",
    );
    // Codes that are those of the world that the program carries have its kinds.
    let own = default_world::open().map(|world| world.benchmark.sectors).unwrap_or_default();
    let mut guessed = Vec::new();
    let rows = (0..c).map(|k| {
        let theta = if by_region {
            let weight = |region: usize| found.spending.at(&[k, region]);
            let sum: f64 = (0..r).map(weight).sum();
            (0..r).map(|region| elasticity.at(&[k, region]) * weight(region)).sum::<f64>() / sum - 1.0
        } else {
            elasticity.values[k] - 1.0
        };
        let code = short(&found.commodities[k]).to_string();
        let known = KINDS.lines().skip(1).filter_map(|line| line.split_once(','));
        let kind =
            known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(&code)).map(|(_, kind)| kind);
        let kind = kind
            .or_else(|| own.iter().find(|sector| sector.code == code).map(|sector| kind_word(sector.kind)));
        let kind = kind.unwrap_or_else(|| {
            guessed.push(code.clone());
            "manufacturing"
        });
        [code.clone(), code.clone(), kind.to_string(), theta.to_string()]
    });
    let rows = rows.collect();
    if !guessed.is_empty() {
        report.note(format!(
            "sectors of unknown kind are taken as manufacturing: {}; a table of sectors settles it (a scenario that names kinds reaches them so)",
            guessed.join(", ")
        ));
    }
    Ok(rows)
}
