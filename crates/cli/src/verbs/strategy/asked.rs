//! What questions about strategy take on the command line.

use std::path::PathBuf;

use clap::Args;
use detente::strategy::doubt::Doubt;
use detente::strategy::sustain::PERIOD_DAYS;

use crate::args::BasisWord;
use crate::record::Record;

/// What all questions about strategy take.
#[derive(Args, Debug)]
pub struct Common {
    /// The scenario whose closures and baseline the game has (its own changes are what lapses): a TOML file or one of our examples.
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// Talks of the record: today's tariffs are the record's on `--on`, what lapses is the law at the next deadline. On the embedded
    /// world talks between just the two sides are found by themselves; `none`: the benchmark's own tariffs.
    #[arg(long, value_name = "TALKS")]
    pub talks: Option<String>,
    /// Whether a step of the record counts as far as it is collected (`collected`) or as the law has it (`statute`).
    #[arg(long, value_enum, default_value_t)]
    pub basis: BasisWord,
    /// What players set: `tariffs` (by sector and partner), `mfn`, `one-rate`, `export-taxes`, `tariffs-and-export-taxes`,
    /// `tariffs-and-subsidies` (rates may go below zero), `purchases` (each commits to buy so much a year), or a file (which may name lists
    /// of the record, and purchases in money with bounds).
    #[arg(long, value_name = "FILE")]
    pub instruments: Option<PathBuf>,
    /// What players want: `welfare`, `political` (the benchmark's weights), or a file.
    #[arg(long, value_name = "FILE")]
    pub objective: Option<PathBuf>,
    /// What the others do: `hold`, `mfn`, `respond`, `match`.
    #[arg(long, value_name = "WORD", default_value = "hold")]
    pub others: String,
    /// Deficits of the game: `zero` (balanced before it begins), `observed`, or `both`: the balanced game with the observed one beside it.
    #[arg(long, value_name = "WORD", default_value = "both")]
    pub deficits: String,
    /// Where the results are written, whole or not at all.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Every economy, rates by sector, each finding and certificate, in place of the paragraph and the one table.
    #[arg(long)]
    pub details: bool,
    #[command(flatten)]
    pub record: Record,
}

impl Common {
    /// What of these another question on the same game is asked with, as it was typed.
    pub fn typed(&self) -> String {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let named = [
            ("--scenario", path(&self.scenario)),
            ("--benchmark", path(&self.benchmark)),
            ("--talks", self.talks.clone()),
            ("--on", self.record.on.clone()),
            ("--known-on", self.record.known_on.clone()),
            ("--instruments", path(&self.instruments)),
            ("--objective", path(&self.objective)),
        ];
        named.iter().filter_map(|(flag, typed)| Some(format!(" {flag} {}", typed.as_ref()?))).collect()
    }
}

/// What `optimal` takes.
#[derive(Args, Debug)]
pub struct Optimal {
    /// Who chooses.
    #[arg(long, value_name = "ECONOMY")]
    pub player: String,
    /// Towards whom only (everybody where absent).
    #[arg(long, value_name = "ECONOMY")]
    pub against: Option<String>,
    /// `steady`: beside welfare also consumption, capital and the real wage once capital has answered, and the present value of the way.
    #[arg(long, value_name = "WORD", default_value = "fixed")]
    pub capital: String,
    #[command(flatten)]
    pub common: Common,
}

/// What `nash` takes.
#[derive(Args, Debug)]
pub struct Nash {
    /// Who is at war: codes with commas, or `all`.
    #[arg(long, value_name = "ECONOMIES")]
    pub players: String,
    /// Only rates on each other, not on everybody.
    #[arg(long)]
    pub bilateral: bool,
    #[command(flatten)]
    pub common: Common,
}

/// What `cooperate` takes.
#[derive(Args, Debug)]
pub struct Cooperate {
    /// Who sits at the table: codes with commas, or `all`.
    #[arg(long, value_name = "ECONOMIES", default_value = "all")]
    pub players: String,
    /// From where gains are counted: `nash`, `lapse`, `today`.
    #[arg(long, value_name = "WORD", default_value = "today")]
    pub from: String,
    /// Only rates on each other.
    #[arg(long)]
    pub bilateral: bool,
    /// Exactly equal gains even where somebody could gain more at nobody's cost.
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    pub common: Common,
}

/// What `bargain` takes.
#[derive(Args, Debug)]
pub struct Bargain {
    /// The two sides, with a comma (the parties of `--talks` unless said otherwise).
    #[arg(long, value_name = "ECONOMIES")]
    pub between: Option<String>,
    /// What happens without a deal: `nash`, `lapse` (the scenario's changes), `today`.
    #[arg(long, value_name = "WORD", default_value = "nash")]
    pub from: String,
    /// Also play the war and the talks under so many draws of elasticities (balanced trade).
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = crate::args::count_or_none)]
    pub draws: usize,
    /// Write the reference page on the two sides instead: alone, at war, zones, frontier, what holds, calibrated objectives. Takes minutes.
    #[arg(long, value_name = "FILE")]
    pub page: Option<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

/// What `frontier` takes.
#[derive(Args, Debug)]
pub struct Frontier {
    /// The two sides, with a comma (the parties of `--talks` unless said otherwise).
    #[arg(long, value_name = "ECONOMIES")]
    pub between: Option<String>,
    /// What happens without a deal: `nash`, `lapse`, `today`.
    #[arg(long, value_name = "WORD", default_value = "nash")]
    pub from: String,
    /// Points.
    #[arg(long, value_name = "NUMBER", default_value_t = 41, value_parser = crate::args::count)]
    pub points: usize,
    /// Only the part on which both gain over disagreement.
    #[arg(long)]
    pub zone: bool,
    /// Also the numbers of the pictures: best-response curves and the payoff plane, as JSON files in `--out`.
    #[arg(long)]
    pub pictures: bool,
    #[command(flatten)]
    pub common: Common,
}

/// What `sustain` takes.
#[derive(Args, Debug)]
pub struct Sustain {
    /// The two sides, with a comma (the parties of `--talks` unless said otherwise).
    #[arg(long, value_name = "ECONOMIES")]
    pub between: Option<String>,
    /// Which deal: `equal-gains`, `nash-bargain`, `kalai-smorodinsky`.
    #[arg(long, value_name = "WORD", default_value = "equal-gains")]
    pub deal: String,
    /// Patience: the discount factor per year.
    #[arg(long, value_name = "NUMBER", default_value_t = 0.95)]
    pub patience: f64,
    /// Chance per period that the counterpart stays in office.
    #[arg(long, value_name = "NUMBER", default_value_t = 1.0)]
    pub office: f64,
    /// Periods until a breach is detected.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub lag: u32,
    /// Periods that the punishment lasts (for ever where absent).
    #[arg(long, value_name = "NUMBER")]
    pub punishment_periods: Option<u32>,
    /// Days of a period.
    #[arg(long, value_name = "NUMBER", default_value_t = PERIOD_DAYS)]
    pub period_days: f64,
    /// A punishment of your own: a scenario whose tariffs, on top of today's, answer a breach, or a file with a path of states period by
    /// period. Accepted only if no side gains by leaving it at any stage.
    #[arg(long, value_name = "FILE")]
    pub punishment: Option<PathBuf>,
    /// Also look for a punishment that nobody would want to talk away.
    #[arg(long)]
    pub renegotiation_proof: bool,
    #[command(flatten)]
    pub common: Common,
}

/// What `deadline` takes.
#[derive(Args, Debug)]
pub struct DeadlineArguments {
    /// The two sides, with a comma (the parties of `--talks` unless said otherwise).
    #[arg(long, value_name = "ECONOMIES")]
    pub between: Option<String>,
    /// Probability of an extension at each deadline.
    #[arg(long, value_name = "NUMBER")]
    pub extension: f64,
    /// Probability of a deal at each deadline; the rest lapses.
    #[arg(long = "deal-chance", value_name = "NUMBER", default_value_t = 0.0)]
    pub deal_chance: f64,
    /// Chance per period that a lapsed truce is restored.
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    pub restored: f64,
    /// Chance per period that a deal breaks down.
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    pub breakdown: f64,
    /// Which deal: `equal-gains`, `nash-bargain`, `kalai-smorodinsky`.
    #[arg(long, value_name = "WORD", default_value = "equal-gains")]
    pub deal: String,
    /// The discount factor per year.
    #[arg(long, value_name = "NUMBER", default_value_t = 0.95)]
    pub discount: f64,
    /// Days of an extension.
    #[arg(long, value_name = "NUMBER", default_value_t = PERIOD_DAYS)]
    pub period_days: f64,
    /// Periods of the longer truce that is valued beside one of a single period.
    #[arg(long, value_name = "NUMBER", default_value_t = Doubt::default().periods)]
    pub truce_periods: usize,
    /// The discount factor per year of exporters who wait, survival included.
    #[arg(long, value_name = "NUMBER", default_value_t = Doubt::default().yearly)]
    pub entry_discount: f64,
    /// How firms' sales are spread, above one.
    #[arg(long, value_name = "NUMBER", default_value_t = Doubt::default().tail)]
    pub firm_size_tail: f64,
    #[command(flatten)]
    pub common: Common,
}
