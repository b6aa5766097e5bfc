//! `data aggregate`: a benchmark with fewer economies or sectors, by mapping files.
//!
//! Flows, deficits and final demand are added up. A tariff becomes revenue over imports, a share its mean with the weights
//! of what it is a share of (gross output, value added, income, spending), an elasticity its mean with border trade as
//! weights. Everything nominal is preserved, so that an equilibrium aggregates to an equilibrium.

use std::collections::HashMap;

use detente_engine::benchmark::{Benchmark, Economy, FinalDemand, Sector};
use detente_engine::index::Dimensions;

use crate::benchmark_directory::BenchmarkDirectory;
use crate::benchmark_directory::codes::Codes;
use crate::benchmark_directory::consistency::Accounts;
use crate::benchmark_directory::quality::{Quality, TariffProvenance};
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::nearest::suggestion;
use detente_tables::table::Table;

/// Groups of the old codes: for each old position its group, and for each group its code and name.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    group_of: Vec<usize>,
    groups: Vec<(String, String)>,
}

impl Mapping {
    /// Every code stays alone.
    pub fn identity<'a>(codes: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let groups: Vec<(String, String)> =
            codes.map(|(code, name)| (code.to_string(), name.to_string())).collect();
        Self { group_of: (0..groups.len()).collect(), groups }
    }

    /// Reads `FROM,TO` and optionally `name` (of the group), where `FROM` is `economy` or `sector` and `TO` is `group`.
    /// Each old code must stand once.
    pub fn read(table: &Table, from: &'static str, codes: &Codes, old: &[String]) -> Result<Self, Problems> {
        let ([code, group], [name]) = table.expect([from, "group"], ["name"])?;
        let mut group_of: Vec<Option<usize>> = vec![None; old.len()];
        let mut groups: Vec<(String, String)> = Vec::new();
        let mut position: HashMap<String, usize> = HashMap::new();
        let mut problems = Vec::new();
        for row in table.rows() {
            let old = match codes.at(&row, code) {
                Ok(old) => old,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            let new = row.text(group).into_owned();
            let label = name.map(|column| row.text(column).into_owned()).filter(|label| !label.is_empty());
            let at = *position.entry(new.clone()).or_insert_with(|| {
                groups.push((new.clone(), label.clone().unwrap_or_else(|| new.clone())));
                groups.len() - 1
            });
            if group_of[old].replace(at).is_some() {
                let key = row.text(code).into_owned();
                problems.push(row.problem(Finding::Duplicate { key, first: "the same table".into() }));
            }
        }
        for (code, _) in old.iter().zip(&group_of).filter(|(_, group)| group.is_none()) {
            let finding = Finding::Inconsistent {
                what: format!("{from} `{code}`"),
                found: "stands in no row".into(),
                rule: "every code needs a group; map it to itself to keep it".into(),
            };
            problems.push(Problem::whole(table.file.clone(), finding));
        }
        if problems.is_empty() {
            Ok(Self { group_of: group_of.into_iter().flatten().collect(), groups })
        } else {
            Err(Problems(problems))
        }
    }
}

/// One file for both: groups of economies, groups of sectors, and codes of the file that are neither.
#[derive(Clone, Debug, PartialEq)]
pub struct BothMaps {
    /// Of the economies.
    pub economies: Mapping,
    /// Of the sectors.
    pub sectors: Mapping,
    /// Codes that the benchmark does not have, where they may be left out.
    pub unused: Vec<String>,
}

impl Mapping {
    /// Reads `from,to` and optionally `name` (of the group): a code is that of an economy or of a sector, and what no row names stays alone.
    ///
    /// # Errors
    /// A code twice, one that is an economy and a sector, one that is neither (unless `drop_unused`), a map that groups nothing here.
    pub fn of_map(table: &Table, benchmark: &Benchmark, drop_unused: bool) -> Result<BothMaps, Problems> {
        let ([from, to], [name]) = table.expect(["from", "to"], ["name"])?;
        let codes = [Codes::of_economies(&benchmark.economies), Codes::of_sectors(&benchmark.sectors)];
        let mut groups: [HashMap<usize, (String, Option<String>)>; 2] = Default::default();
        let (mut unused, mut problems) = (Vec::new(), Vec::new());
        for row in table.rows() {
            let code = row.text(from).into_owned();
            let at = [codes[0].position(&code), codes[1].position(&code)];
            let (which, position) = match at {
                [Some(_), Some(_)] => {
                    let reason =
                        format!("`{code}` is an economy and a sector; map them by two files, one for each");
                    problems.push(row.problem(Finding::Combination { reason }));
                    continue;
                }
                [Some(economy), None] => (0, economy),
                [None, Some(sector)] => (1, sector),
                [None, None] if drop_unused => {
                    unused.push(code);
                    continue;
                }
                [None, None] => {
                    let known = benchmark.economies.iter().map(|economy| economy.code.as_str());
                    let known = known.chain(benchmark.sectors.iter().map(|sector| sector.code.as_str()));
                    let suggestion = suggestion(&code, known);
                    let what = "economy or sector";
                    problems.push(row.problem(Finding::UnknownCode { what, found: code, suggestion }));
                    continue;
                }
            };
            let label = name.map(|column| row.text(column).into_owned()).filter(|label| !label.is_empty());
            if groups[which].insert(position, (row.text(to).into_owned(), label)).is_some() {
                problems.push(row.problem(Finding::Duplicate { key: code, first: "the same table".into() }));
            }
        }
        if problems.is_empty() && groups.iter().all(HashMap::is_empty) {
            let reason = "none of its codes is an economy or a sector of the benchmark".into();
            problems.push(Problem::whole(table.file.clone(), Finding::Combination { reason }));
        }
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        let economies = benchmark.economies.iter().map(|held| (held.code.as_str(), held.name.as_str()));
        let sectors = benchmark.sectors.iter().map(|held| (held.code.as_str(), held.name.as_str()));
        Ok(BothMaps {
            economies: Self::grouped(economies, &groups[0]),
            sectors: Self::grouped(sectors, &groups[1]),
            unused,
        })
    }

    /// Codes in their order, those that a group names in it.
    fn grouped<'a>(
        codes: impl Iterator<Item = (&'a str, &'a str)>,
        named: &HashMap<usize, (String, Option<String>)>,
    ) -> Self {
        let mut groups: Vec<(String, String)> = Vec::new();
        let group_of = codes.enumerate().map(|(at, (code, name))| {
            let (group, label) = match named.get(&at) {
                Some((group, label)) => (group.as_str(), label.as_deref()),
                None => (code, Some(name)),
            };
            let known = groups.iter().position(|(code, _)| code == group).unwrap_or_else(|| {
                groups.push((group.to_owned(), group.to_owned()));
                groups.len() - 1
            });
            if let Some(label) = label {
                groups[known].1 = label.to_owned();
            }
            known
        });
        Self { group_of: group_of.collect(), groups }
    }

    /// Positions of the old codes in a group.
    fn members(&self, group: usize) -> Vec<usize> {
        (0..self.group_of.len()).filter(|old| self.group_of[*old] == group).collect()
    }
}

/// A weighted mean in the making.
struct Mean {
    weighted: Vec<f64>,
    weight: Vec<f64>,
    plain: Vec<f64>,
    count: Vec<f64>,
}

impl Mean {
    fn new(size: usize) -> Self {
        Self {
            weighted: vec![0.0; size],
            weight: vec![0.0; size],
            plain: vec![0.0; size],
            count: vec![0.0; size],
        }
    }

    fn add(&mut self, position: usize, value: f64, weight: f64) {
        self.weighted[position] += value * weight;
        self.weight[position] += weight;
        self.plain[position] += value;
        self.count[position] += 1.0;
    }

    /// Where all weights are zero, the plain mean.
    fn finish(self) -> Vec<f64> {
        let plain = self
            .plain
            .iter()
            .zip(&self.count)
            .map(|(sum, count)| if *count > 0.0 { sum / count } else { 0.0 });
        let weighted = self.weighted.iter().zip(&self.weight).zip(plain);
        weighted.map(|((sum, weight), plain)| if *weight > 0.0 { sum / weight } else { plain }).collect()
    }
}

/// Aggregates a benchmark.
pub fn aggregate(benchmark: &Benchmark, economies: &Mapping, sectors: &Mapping) -> Benchmark {
    let old = benchmark.dimensions();
    let new = Dimensions { economies: economies.groups.len(), sectors: sectors.groups.len() };
    let accounts = Accounts::of(benchmark);
    let (n, s) = (&economies.group_of, &sectors.group_of);
    let mut border_value = vec![0.0; new.cells()];
    let mut tariff = Mean::new(new.cells());
    for (cell, value) in benchmark.border_value.iter().enumerate() {
        let (importer, exporter, sector) = old.cell_of(cell);
        let at = new.cell(n[importer], n[exporter], s[sector]);
        border_value[at] += value;
        tariff.add(at, benchmark.tariff_rate[cell], *value);
    }
    let pairs = |values: &[f64], weight: &[f64]| {
        let mut mean = Mean::new(new.pairs());
        for (sector, new_sector) in s.iter().enumerate() {
            for (economy, new_economy) in n.iter().enumerate() {
                let pair = old.pair(economy, sector);
                mean.add(new.pair(*new_economy, *new_sector), values[pair], weight[pair]);
            }
        }
        mean.finish()
    };
    let value_added: Vec<f64> = accounts
        .output
        .iter()
        .zip(&benchmark.value_added_share)
        .map(|(output, share)| output * share)
        .collect();
    let vector = |values: &[f64]| {
        let mut sum = vec![0.0; new.economies];
        values.iter().enumerate().for_each(|(economy, value)| sum[n[economy]] += value);
        sum
    };
    Benchmark {
        name: format!("{} ({} economies, {} sectors)", benchmark.name, new.economies, new.sectors),
        unit: benchmark.unit.clone(),
        source: benchmark.source.clone(),
        licence: benchmark.licence.clone(),
        year: benchmark.year,
        economies: grouped_economies(benchmark, economies),
        sectors: grouped_sectors(benchmark, sectors, &accounts),
        border_value,
        tariff_rate: tariff.finish(),
        tariffs_given: benchmark.tariffs_given,
        value_added_share: pairs(&benchmark.value_added_share, &accounts.output),
        input_share: benchmark
            .input_share
            .as_ref()
            .map(|shares| grouped_inputs(shares, old, new, (n, s), &accounts)),
        final_share: benchmark
            .final_share
            .as_ref()
            .map(|shares| grouped_final_shares(shares, old, new, (n, s), &accounts)),
        final_demand: benchmark.final_demand.as_ref().map(|demand| FinalDemand {
            categories: demand.categories.clone(),
            value: demand
                .value
                .iter()
                .map(|values| {
                    let mut sum = vec![0.0; new.pairs()];
                    for sector in 0..old.sectors {
                        for economy in 0..old.economies {
                            sum[new.pair(n[economy], s[sector])] += values[old.pair(economy, sector)];
                        }
                    }
                    sum
                })
                .collect(),
        }),
        value_added: benchmark.value_added.as_ref().map(|values| vector(values)),
        trade_deficit: benchmark.trade_deficit.as_ref().map(|values| vector(values)),
        political_weight: benchmark.political_weight.as_ref().map(|values| pairs(values, &accounts.output)),
        capital_share: benchmark.capital_share.as_ref().map(|values| pairs(values, &value_added)),
        local_cost_share: benchmark.local_cost_share.as_ref().map(|values| {
            let mut mean = Mean::new(new.economies);
            for (economy, share) in values.iter().enumerate() {
                let spending =
                    (0..old.sectors).map(|sector| accounts.spending[old.pair(economy, sector)]).sum();
                mean.add(n[economy], *share, spending);
            }
            mean.finish()
        }),
    }
}

/// What a group's tariffs contain: what each member's do, joined. Rates stand on one day of a ledger, so that a group whose members stand on
/// several takes the day of the member that imports most, and says so; one with a member of which nothing is known has none.
pub fn provenance(directory: &BenchmarkDirectory, economies: &Mapping) -> Vec<TariffProvenance> {
    let benchmark = &directory.benchmark;
    let dimensions = benchmark.dimensions();
    let mut imports = vec![0.0; dimensions.economies];
    for (cell, value) in benchmark.border_value.iter().enumerate() {
        let (importer, exporter, _) = dimensions.cell_of(cell);
        if importer != exporter {
            imports[importer] += value;
        }
    }
    let of_group = |group: usize| {
        let members = economies.members(group);
        let held = members.iter().map(|member| directory.tariffs_of(*member)).collect::<Option<Vec<_>>>()?;
        let largest =
            held.iter().max_by(|one, other| imports[one.importer].total_cmp(&imports[other.importer]))?;
        let mut why = largest.why.clone();
        if held.iter().any(|member| member.ledger_day != largest.ledger_day) {
            let code = &benchmark.economies[largest.importer].code;
            why = format!("{why}; the day of {code}, which imports most of a group that stands on several");
        }
        let rates = joined(held.iter().map(|member| member.rates.as_str()));
        Some(TariffProvenance { importer: group, rates, ledger_day: largest.ledger_day, why })
    };
    (0..economies.groups.len()).filter_map(of_group).collect()
}

/// How far a group's input structure can be trusted: as far as that of its weakest member.
pub fn quality(directory: &BenchmarkDirectory, economies: &Mapping) -> Vec<Quality> {
    let of_group = |group: usize| {
        let members = economies.members(group);
        let held = members.iter().map(|member| directory.quality(*member)).collect::<Option<Vec<_>>>()?;
        Some(Quality {
            economy: group,
            input_source: joined(held.iter().map(|member| member.input_source.as_str())),
            input_year: held.iter().filter_map(|member| member.input_year).min(),
            moved_share: held.iter().filter_map(|member| member.moved_share).reduce(f64::max),
            value_added_source: joined(held.iter().map(|member| member.value_added_source.as_str())),
            grade: held.iter().map(|member| member.grade).min()?,
        })
    };
    (0..economies.groups.len()).filter_map(of_group).collect()
}

/// Different words of several members, each once, in order.
fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut distinct: Vec<&str> = Vec::new();
    for word in words {
        if !distinct.contains(&word) {
            distinct.push(word);
        }
    }
    distinct.join("; ")
}

fn grouped_economies(benchmark: &Benchmark, mapping: &Mapping) -> Vec<Economy> {
    let group = |(group, (code, name)): (usize, &(String, String))| {
        let members = benchmark.economies.iter().zip(&mapping.group_of).filter(|(_, at)| **at == group);
        let members: Vec<&Economy> = members.map(|(economy, _)| economy).collect();
        // A single economy keeps its own name.
        let name = if let ([only], true) = (members.as_slice(), name == code) { &only.name } else { name };
        Economy {
            code: code.clone(),
            name: name.clone(),
            members: members.iter().flat_map(|economy| economy.members.iter().cloned()).collect(),
        }
    };
    mapping.groups.iter().enumerate().map(group).collect()
}

fn grouped_sectors(benchmark: &Benchmark, mapping: &Mapping, accounts: &Accounts) -> Vec<Sector> {
    let dimensions = benchmark.dimensions();
    let mut trade = vec![0.0; dimensions.sectors];
    for (cell, value) in benchmark.border_value.iter().enumerate() {
        let (importer, exporter, sector) = dimensions.cell_of(cell);
        if importer != exporter {
            trade[sector] += value;
        }
    }
    let output = |sector: usize| -> f64 {
        (0..dimensions.economies).map(|economy| accounts.output[dimensions.pair(economy, sector)]).sum()
    };
    let group = |(group, (code, name)): (usize, &(String, String))| {
        let positions: Vec<usize> =
            (0..dimensions.sectors).filter(|sector| mapping.group_of[*sector] == group).collect();
        let mean = |number: &dyn Fn(&Sector) -> Option<f64>| {
            let mut mean = Mean::new(1);
            for sector in &positions {
                mean.add(0, number(&benchmark.sectors[*sector])?, trade[*sector]);
            }
            mean.finish().first().copied()
        };
        // The kind is that of the largest output; a group has at least one sector, since groups are made from rows.
        let largest = positions
            .iter()
            .copied()
            .max_by(|left, right| output(*left).total_cmp(&output(*right)))
            .unwrap_or(0);
        let only = positions.len() == 1 && name == code;
        Sector {
            code: code.clone(),
            name: if only { benchmark.sectors[largest].name.clone() } else { name.clone() },
            kind: benchmark.sectors[largest].kind,
            trade_elasticity: mean(&|sector| Some(sector.trade_elasticity))
                .unwrap_or(benchmark.sectors[largest].trade_elasticity),
            elasticity_of_substitution: mean(&|sector| sector.elasticity_of_substitution),
            scale_elasticity: mean(&|sector| sector.scale_elasticity),
            tariff_elasticity: mean(&|sector| sector.tariff_elasticity),
        }
    };
    mapping.groups.iter().enumerate().map(group).collect()
}

/// Input shares: inputs in values over output in values.
fn grouped_inputs(
    shares: &[f64],
    old: Dimensions,
    new: Dimensions,
    (n, s): (&[usize], &[usize]),
    accounts: &Accounts,
) -> Vec<f64> {
    let mut values = vec![0.0; new.inputs()];
    let mut output = vec![0.0; new.pairs()];
    for using in 0..old.sectors {
        for economy in 0..old.economies {
            let produced = accounts.output[old.pair(economy, using)];
            output[new.pair(n[economy], s[using])] += produced;
            for input in 0..old.sectors {
                values[new.input(n[economy], s[using], s[input])] +=
                    shares[old.input(economy, using, input)] * produced;
            }
        }
    }
    for using in 0..new.sectors {
        for economy in 0..new.economies {
            let produced = output[new.pair(economy, using)];
            for input in 0..new.sectors {
                let at = new.input(economy, using, input);
                values[at] = if produced > 0.0 { values[at] / produced } else { 0.0 };
            }
        }
    }
    values
}

/// Final shares: final use in values over income.
fn grouped_final_shares(
    shares: &[f64],
    old: Dimensions,
    new: Dimensions,
    (n, s): (&[usize], &[usize]),
    accounts: &Accounts,
) -> Vec<f64> {
    let mut values = vec![0.0; new.pairs()];
    let mut income = vec![0.0; new.economies];
    for economy in 0..old.economies {
        income[n[economy]] += accounts.income[economy];
        for sector in 0..old.sectors {
            values[new.pair(n[economy], s[sector])] +=
                shares[old.pair(economy, sector)] * accounts.income[economy];
        }
    }
    for sector in 0..new.sectors {
        for (economy, income) in income.iter().enumerate() {
            values[new.pair(economy, sector)] /= income;
        }
    }
    values
}
