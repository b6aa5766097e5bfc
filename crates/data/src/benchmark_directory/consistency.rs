//! What must hold between the tables: shares, deficits, residual use, and the market gap.

use detente_engine::benchmark::Benchmark;

use super::shares::Filling;
use detente_tables::diagnostics::{Finding, Problem};

/// Shares may be off one by this much: rounding of published tables.
pub const SHARE_TOLERANCE: f64 = 1e-6;
/// Above this gap the data are no equilibrium and a baseline is solved first.
pub const EQUILIBRIUM_GAP: f64 = 1e-9;
/// Above this gap the data are refused.
pub const REFUSED_GAP: f64 = 0.10;

/// The accounts that follow from flows, tariffs and shares, at the data. N·S or N.
pub struct Accounts {
    /// Y\[i,s\], gross output.
    pub output: Vec<f64>,
    /// X\[n,s\], spending with tariffs.
    pub spending: Vec<f64>,
    /// Σ_k γ\[n,s→k\] Y\[n,k\]: inputs bought, by sector of the input.
    pub input_use: Vec<f64>,
    /// Value added, N.
    pub value_added: Vec<f64>,
    /// Tariff revenue, N.
    pub revenue: Vec<f64>,
    /// Imports less exports in the flows, N.
    pub flow_deficit: Vec<f64>,
    /// Value added, revenue and deficit, N.
    pub income: Vec<f64>,
}

impl Accounts {
    /// Adds the accounts up.
    ///
    /// ```
    /// use detente_data::benchmark_directory::consistency::Accounts;
    ///
    /// let world = detente_data::default_world::open()?;
    /// let accounts = Accounts::of(&world.benchmark);
    /// assert_eq!(accounts.flow_deficit.len(), 24);
    /// # Ok::<(), detente_tables::diagnostics::Problems>(())
    /// ```
    pub fn of(benchmark: &Benchmark) -> Self {
        let dimensions = benchmark.dimensions();
        let (economies, sectors) = (dimensions.economies, dimensions.sectors);
        let mut accounts = Accounts {
            output: vec![0.0; dimensions.pairs()],
            spending: vec![0.0; dimensions.pairs()],
            input_use: vec![0.0; dimensions.pairs()],
            value_added: vec![0.0; economies],
            revenue: vec![0.0; economies],
            flow_deficit: vec![0.0; economies],
            income: vec![0.0; economies],
        };
        for sector in 0..sectors {
            for importer in 0..economies {
                for exporter in 0..economies {
                    let cell = dimensions.cell(importer, exporter, sector);
                    let (value, rate) = (benchmark.border_value[cell], benchmark.tariff_rate[cell]);
                    accounts.output[dimensions.pair(exporter, sector)] += value;
                    accounts.spending[dimensions.pair(importer, sector)] += value * (1.0 + rate);
                    accounts.revenue[importer] += value * rate;
                    if importer != exporter {
                        accounts.flow_deficit[importer] += value;
                        accounts.flow_deficit[exporter] -= value;
                    }
                }
            }
        }
        for using in 0..sectors {
            for economy in 0..economies {
                let pair = dimensions.pair(economy, using);
                accounts.value_added[economy] += benchmark.value_added_share[pair] * accounts.output[pair];
                if let Some(shares) = &benchmark.input_share {
                    for input in 0..sectors {
                        accounts.input_use[dimensions.pair(economy, input)] +=
                            shares[dimensions.input(economy, using, input)] * accounts.output[pair];
                    }
                }
            }
        }
        let deficit = benchmark.trade_deficit.as_ref().unwrap_or(&accounts.flow_deficit);
        for (economy, deficit) in deficit.iter().enumerate() {
            accounts.income[economy] = accounts.value_added[economy] + accounts.revenue[economy] + deficit;
        }
        accounts
    }
}

/// How far the data are from clearing markets.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MarketGap {
    /// Σ|use − spending| / Σ spending.
    pub gap: f64,
    /// The cells that add most to it: economy code, sector code, use, spending.
    pub worst: Vec<(String, String, f64, f64)>,
}

impl MarketGap {
    /// Whether the data are an equilibrium of the model.
    pub fn is_equilibrium(&self) -> bool {
        self.gap <= EQUILIBRIUM_GAP
    }

    /// Use is final use and inputs: final shares times income where they are given, else residual use in proportion.
    pub fn of(benchmark: &Benchmark, accounts: &Accounts) -> Self {
        let dimensions = benchmark.dimensions();
        let mut cells: Vec<(f64, usize, usize, f64, f64)> = Vec::new();
        let (mut gap, mut spending_sum) = (0.0, 0.0);
        for economy in 0..dimensions.economies {
            let residual = |sector: usize| {
                let pair = dimensions.pair(economy, sector);
                accounts.spending[pair] - accounts.input_use[pair]
            };
            let residual_sum: f64 = (0..dimensions.sectors).map(residual).sum();
            for sector in 0..dimensions.sectors {
                let pair = dimensions.pair(economy, sector);
                let share = match &benchmark.final_share {
                    Some(shares) => shares[pair],
                    None if residual_sum > 0.0 => residual(sector) / residual_sum,
                    None => 0.0,
                };
                let used = share * accounts.income[economy] + accounts.input_use[pair];
                let spent = accounts.spending[pair];
                gap += (used - spent).abs();
                spending_sum += spent;
                cells.push(((used - spent).abs(), economy, sector, used, spent));
            }
        }
        cells.sort_by(|left, right| right.0.total_cmp(&left.0));
        let name = |&(_, economy, sector, used, spent): &(f64, usize, usize, f64, f64)| {
            (benchmark.economies[economy].code.clone(), benchmark.sectors[sector].code.clone(), used, spent)
        };
        let worst = cells.iter().take(5).filter(|cell| cell.0 > 0.0).map(name).collect();
        Self { gap: if spending_sum > 0.0 { gap / spending_sum } else { 0.0 }, worst }
    }

    /// The worst cells in words.
    pub fn worst_words(&self) -> String {
        let word = |(economy, sector, used, spent): &(String, String, f64, f64)| {
            format!("{economy}, {sector}: use {used:.6}, spending {spent:.6}")
        };
        self.worst.iter().map(word).collect::<Vec<_>>().join("; ")
    }
}

/// Which tables the shares came from, for messages.
pub(super) struct Given<'a> {
    pub trade_file: &'a str,
    pub value_added: Option<&'a Filling>,
    pub published: Option<&'a Filling>,
    pub inputs: Option<&'a Filling>,
    pub final_shares: Option<&'a Filling>,
    pub deficits: Option<&'a Filling>,
}

/// Refuses what contradicts itself. Where value added and inputs are off one by rounding only, value added is what the
/// inputs leave, so that income and spending close exactly.
pub(super) fn check(benchmark: &mut Benchmark, given: &Given<'_>) -> (MarketGap, Vec<Problem>) {
    let accounts = Accounts::of(benchmark);
    let mut problems = Vec::new();
    check_cost_shares(benchmark, &accounts, given, &mut problems);
    check_final_shares(benchmark, given, &mut problems);
    let accounts = Accounts::of(benchmark);
    check_value_added(benchmark, &accounts, given, &mut problems);
    check_deficits(benchmark, &accounts, given, &mut problems);
    check_use(benchmark, &accounts, given, &mut problems);
    let gap = MarketGap::of(benchmark, &accounts);
    if problems.is_empty() && gap.gap > REFUSED_GAP {
        let finding = Finding::MarketGap { gap: gap.gap, worst: gap.worst_words() };
        problems.push(Problem::whole(given.trade_file, finding));
    }
    (gap, problems)
}

fn check_cost_shares(
    benchmark: &mut Benchmark,
    accounts: &Accounts,
    given: &Given<'_>,
    problems: &mut Vec<Problem>,
) {
    let dimensions = benchmark.dimensions();
    let file = given
        .value_added
        .or(given.inputs)
        .map_or(given.trade_file, |filling| filling.file.as_str())
        .to_string();
    for economy in 0..dimensions.economies {
        for sector in 0..dimensions.sectors {
            let pair = dimensions.pair(economy, sector);
            if accounts.output[pair] <= 0.0 {
                continue;
            }
            let cell =
                || format!(" [{}, {}]", benchmark.economies[economy].code, benchmark.sectors[sector].code);
            let share = benchmark.value_added_share[pair];
            let inputs: f64 = benchmark.input_share.as_ref().map_or(0.0, |shares| {
                (0..dimensions.sectors).map(|input| shares[dimensions.input(economy, sector, input)]).sum()
            });
            if share <= 0.0 {
                let rule = "a sector with output needs value added above zero".to_string();
                let finding =
                    Finding::Domain { what: "value-added share".into(), cell: cell(), found: share, rule };
                problems.push(Problem::whole(file.clone(), finding));
            } else if (share + inputs - 1.0).abs() > SHARE_TOLERANCE {
                let what = "value-added share and input shares";
                let finding = Finding::SharesOffOne { what, cell: cell(), found: share + inputs };
                problems.push(Problem::whole(file.clone(), finding));
            } else if benchmark.input_share.is_some() {
                benchmark.value_added_share[pair] = 1.0 - inputs;
            }
        }
    }
}

fn check_final_shares(benchmark: &Benchmark, given: &Given<'_>, problems: &mut Vec<Problem>) {
    let (Some(shares), Some(filling)) = (&benchmark.final_share, given.final_shares) else { return };
    let dimensions = benchmark.dimensions();
    for economy in 0..dimensions.economies {
        let sum: f64 = (0..dimensions.sectors).map(|sector| shares[dimensions.pair(economy, sector)]).sum();
        if (sum - 1.0).abs() > SHARE_TOLERANCE {
            let cell = format!(" [{}]", benchmark.economies[economy].code);
            let finding = Finding::SharesOffOne { what: "final shares", cell, found: sum };
            problems.push(Problem::whole(filling.file.clone(), finding));
        }
    }
}

/// Published totals may differ from shares times output by rounding, as deficits may.
fn check_value_added(
    benchmark: &Benchmark,
    accounts: &Accounts,
    given: &Given<'_>,
    problems: &mut Vec<Problem>,
) {
    let (Some(published), Some(filling)) = (&benchmark.value_added, given.published) else { return };
    for (economy, published) in published.iter().enumerate() {
        let implied = accounts.value_added[economy];
        if (published - implied).abs() > SHARE_TOLERANCE * implied {
            let finding = Finding::Inconsistent {
                what: format!("value added of `{}`", benchmark.economies[economy].code),
                found: format!("{published}, where shares times output say {implied}"),
                rule: "the two may differ by 1e-6; leave the file out to take it from the shares".into(),
            };
            problems.push(Problem::whole(filling.file.clone(), finding));
        }
    }
}

fn check_deficits(
    benchmark: &Benchmark,
    accounts: &Accounts,
    given: &Given<'_>,
    problems: &mut Vec<Problem>,
) {
    let (Some(deficits), Some(filling)) = (&benchmark.trade_deficit, given.deficits) else { return };
    let world: f64 = accounts.value_added.iter().sum();
    let sum: f64 = deficits.iter().sum();
    if sum.abs() > SHARE_TOLERANCE * world {
        let finding = Finding::Inconsistent {
            what: "deficits".into(),
            found: format!("they add up to {sum}"),
            rule: "over the world, imports equal exports: they must add up to zero".into(),
        };
        problems.push(Problem::whole(filling.file.clone(), finding));
    }
    for (economy, deficit) in deficits.iter().enumerate() {
        let flows = accounts.flow_deficit[economy];
        if (deficit - flows).abs() > SHARE_TOLERANCE * accounts.value_added[economy] {
            let finding = Finding::Inconsistent {
                what: format!("deficit of `{}`", benchmark.economies[economy].code),
                found: format!(
                    "{deficit}, where the flows say {flows} (imports less exports at border values)"
                ),
                rule:
                    "the two may differ by 1e-6 of value added; leave the file out to take it from the flows"
                        .into(),
            };
            problems.push(Problem::whole(filling.file.clone(), finding));
        }
    }
}

fn check_use(benchmark: &Benchmark, accounts: &Accounts, given: &Given<'_>, problems: &mut Vec<Problem>) {
    let dimensions = benchmark.dimensions();
    for economy in 0..dimensions.economies {
        let code = &benchmark.economies[economy].code;
        if accounts.income[economy] <= 0.0 {
            let finding = Finding::Inconsistent {
                what: format!("income of `{code}`"),
                found: format!("value added, revenue and deficit come to {}", accounts.income[economy]),
                rule: "every economy needs income above zero; check its rows of trade and deficits, or leave it out".into(),
            };
            problems.push(Problem::whole(given.trade_file, finding));
        }
        if benchmark.final_share.is_some() {
            continue;
        }
        for sector in 0..dimensions.sectors {
            let pair = dimensions.pair(economy, sector);
            let (spending, inputs) = (accounts.spending[pair], accounts.input_use[pair]);
            // Rounding of a sector that is all inputs is no negative use.
            if spending - inputs < -1e-9 * spending.max(inputs) {
                let finding = Finding::Inconsistent {
                    what: format!("residual use [{code}, {}]", benchmark.sectors[sector].code),
                    found: format!("spending {spending:.6} less inputs {inputs:.6} is negative"),
                    rule: "spending must cover inputs; balance the table, or give final_shares".into(),
                };
                problems.push(Problem::whole(given.trade_file, finding));
            }
        }
    }
}
