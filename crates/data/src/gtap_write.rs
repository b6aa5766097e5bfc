//! A benchmark as GTAP base data of version 7: `basedata.har`, `sets.har`, `default.prm`, for programs that read these.
//!
//! Values are of single precision. There are no margins, no taxes but tariffs, and one activity for each commodity; use is spread over domestic
//! and imported goods in proportion, as the model has it, so that the import of what is written is the benchmark again to seven digits.

use detente_engine::benchmark::Benchmark;
use detente_exchange::ExchangeError;
use detente_exchange::har::write::{Set, Writer};

use crate::benchmark_directory::consistency::Accounts;

/// Share of value added that is written as labour's where the benchmark has no capital shares: programs want two factors, the model none of them.
const LABOUR: f64 = 0.6;
/// Final uses in the order of the format, by the words in a category's name.
const USES: [(char, &str, &str); 3] =
    [('P', "private", "household"), ('G', "government", "government"), ('I', "investment", "investment")];

/// The three files.
///
/// # Errors
/// Codes of more than ten characters (two are taken by the mark of commodities and activities), or that are one without case.
pub fn files(benchmark: &Benchmark) -> Result<Vec<(String, Vec<u8>)>, ExchangeError> {
    let size = benchmark.dimensions();
    let (n, s) = (size.economies, size.sectors);
    let codes =
        |mark: &'static str| benchmark.sectors.iter().map(move |sector| format!("{mark}{}", sector.code));
    let (comm, acts) = (Set::new("COMM", codes("c_"))?, Set::new("ACTS", codes("a_"))?);
    let reg = Set::new("REG", benchmark.economies.iter().map(|economy| economy.code.clone()))?;
    let marg = Set::new("MARG", comm.elements.first().cloned())?;
    let endw = Set::new("ENDW", ["Labor", "Capital"])?;
    let accounts = Accounts::of(benchmark);
    let value = |exporter: usize, importer: usize, good: usize| {
        benchmark.border_value[size.cell(importer, exporter, good)]
    };
    let factor = |exporter: usize, importer: usize, good: usize| {
        1.0 + benchmark.tariff_rate[size.cell(importer, exporter, good)]
    };
    // A group of economies that charges within itself imports from itself; anybody else's own sales are domestic.
    let is_trade = |exporter: usize, importer: usize, good: usize| {
        exporter != importer || factor(exporter, importer, good) != 1.0
    };
    let spending = |r: usize, k: usize| accounts.spending[size.pair(r, k)];
    let domestic = |r: usize, k: usize| {
        if is_trade(r, r, k) { 0.0 } else { value(r, r, k) / spending(r, k).max(f64::MIN_POSITIVE) }
    };
    let input = |r: usize, user: usize, k: usize| {
        benchmark
            .input_share
            .as_ref()
            .map_or(0.0, |shares| shares[size.input(r, user, k)] * accounts.output[size.pair(r, user)])
    };
    // First index fastest: commodity, activity, region and so on.
    let firms = |own: bool| -> Vec<f64> {
        let cell = |r: usize, user: usize, k: usize| {
            let share = domestic(r, k);
            input(r, user, k) * if own { share } else { 1.0 - share }
        };
        (0..n)
            .flat_map(|r| (0..s).flat_map(move |user| (0..s).map(move |k| (r, user, k))))
            .map(|(r, user, k)| cell(r, user, k))
            .collect()
    };
    let pairs = || (0..n).flat_map(move |r| (0..s).map(move |k| (r, k)));
    let finals = |category: usize, own: bool| -> Vec<f64> {
        let cell = |r: usize, k: usize| {
            let left = (spending(r, k) - accounts.input_use[size.pair(r, k)]).max(0.0);
            let share = domestic(r, k);
            left * part(benchmark, category, size.pair(r, k)) * if own { share } else { 1.0 - share }
        };
        pairs().map(|(r, k)| cell(r, k)).collect()
    };
    let flows = |of: &dyn Fn(usize, usize, usize) -> f64| -> Vec<f64> {
        (0..n)
            .flat_map(|importer| {
                (0..n).flat_map(move |exporter| (0..s).map(move |k| (exporter, importer, k)))
            })
            .map(
                |(exporter, importer, k)| {
                    if is_trade(exporter, importer, k) { of(exporter, importer, k) } else { 0.0 }
                },
            )
            .collect()
    };
    let make: Vec<f64> = (0..n)
        .flat_map(|r| (0..s).flat_map(move |activity| (0..s).map(move |k| (r, activity, k))))
        .map(|(r, activity, k)| if activity == k { accounts.output[size.pair(r, k)] } else { 0.0 })
        .collect();
    let value_added: Vec<f64> = pairs()
        .flat_map(|(r, k)| {
            let pair = size.pair(r, k);
            let sum = benchmark.value_added_share[pair] * accounts.output[pair];
            let capital = benchmark.capital_share.as_ref().map_or(1.0 - LABOUR, |shares| shares[pair]);
            [(1.0 - capital) * sum, capital * sum]
        })
        .collect();

    let mut base = Writer::default();
    base.words("DREL", "data release identifier", std::slice::from_ref(&benchmark.name))?;
    base.words("LICN", "terms of the data", std::slice::from_ref(&benchmark.licence))?;
    let car = [&comm, &acts, &reg];
    for (own, mark) in [(true, 'D'), (false, 'M')] {
        for price in ['B', 'P'] {
            base.array(&format!("V{mark}F{price}"), "purchases by firms", &car, &firms(own))?;
            for (category, (letter, name, _)) in USES.iter().enumerate() {
                let header = format!("V{mark}{letter}{price}");
                base.array(&header, &format!("purchases, {name}"), &[&comm, &reg], &finals(category, own))?;
            }
        }
    }
    let crr = [&comm, &reg, &reg];
    for (header, name) in [
        ("VXSB", "exports at basic prices"),
        ("VFOB", "exports at fob prices"),
        ("VCIF", "imports at cif prices"),
    ] {
        base.array(header, name, &crr, &flows(&value))?;
    }
    base.array("VMSB", "imports at basic prices", &crr, &flows(&|e, i, k| value(e, i, k) * factor(e, i, k)))?;
    base.array("VST", "margin exports", &[&marg, &reg], &vec![0.0; n])?;
    base.array("VTWR", "margins", &[&marg, &comm, &reg, &reg], &vec![0.0; s * n * n])?;
    base.array("EVFB", "primary factors at basic prices", &[&endw, &acts, &reg], &value_added)?;
    base.array("MAKB", "make matrix at basic prices", &car, &make)?;
    base.array("MAKS", "make matrix before taxes on output", &car, &make)?;

    let mut sets = Writer::default();
    for (set, name) in [
        (&reg, "regions"),
        (&comm, "commodities"),
        (&acts, "activities"),
        (&marg, "margin commodities"),
        (&endw, "endowments"),
    ] {
        sets.set(&set.name, set, name)?;
    }
    let mut members: Vec<(String, String)> = Vec::new();
    for economy in benchmark.economies.iter().filter(|economy| !economy.members.is_empty()) {
        members.extend(economy.members.iter().map(|member| (member.clone(), economy.code.clone())));
    }
    let (from, to): (Vec<String>, Vec<String>) = members.into_iter().unzip();
    if !from.is_empty() {
        sets.words("DREG", "Set DREG disaggregated regions", &from)?;
        sets.words("MREG", "regional aggregation mapping", &to)?;
    }

    let mut parameters = Writer::default();
    let elasticity = |offset: f64, factor: f64| -> Vec<f64> {
        pairs().map(|(_, k)| (benchmark.sectors[k].trade_elasticity + offset) * factor).collect()
    };
    parameters.array(
        "ESBM",
        "elasticity of substitution between origins",
        &[&comm, &reg],
        &elasticity(1.0, 1.0),
    )?;
    parameters.array(
        "ESBD",
        "elasticity of substitution, domestic and imported",
        &[&comm, &reg],
        &elasticity(1.0, 0.5),
    )?;
    Ok(vec![
        ("basedata.har".into(), base.into_bytes()),
        ("sets.har".into(), sets.into_bytes()),
        ("default.prm".into(), parameters.into_bytes()),
    ])
}

/// The share of final use that a category has in a cell; all is private where the benchmark does not tell them apart.
fn part(benchmark: &Benchmark, category: usize, pair: usize) -> f64 {
    let private = |category: usize| if category == 0 { 1.0 } else { 0.0 };
    let Some(demand) = &benchmark.final_demand else { return private(category) };
    let word = |name: &str| USES.iter().position(|(_, _, word)| name.contains(word)).unwrap_or(0);
    // Inventories that are run down have no place in shares.
    let held = |values: &Vec<f64>| values[pair].max(0.0);
    let total: f64 = demand.value.iter().map(held).sum();
    let own = demand.categories.iter().zip(&demand.value).filter(|(name, _)| word(name) == category);
    let own: f64 = own.map(|(_, values)| held(values)).sum();
    if total > 0.0 { own / total } else { private(category) }
}
