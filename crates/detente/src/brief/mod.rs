//! The main job: where the talks stand, what is in force, what the deadline would bring, and what each outcome does.
//!
//! A [`Brief`] is data first (its JSON is part of the contract, `interfaces.md`), and the screen and the page are two
//! ways of writing the same data. Full precision is in the data; the screen shows two significant digits.

pub mod assemble;
pub mod bands;
pub mod deal;
pub mod dials;
pub mod doubt;
pub mod duty;
pub mod effects;
pub mod no_deal;
pub mod one_rate;
pub mod others;
pub mod record;
mod record_types;
pub mod tariff_steps;
mod word;

use crate::collection::{Basis, CollectionRatio};
pub use crate::results::tags::Tag;
use crate::strategy::found::Disagreement;
use crate::uncertainty::headline::Row;
use detente_data::benchmark_directory::quality::Grade;
use detente_engine::catalogue::{OutcomeEntry, economy::*, first_year::*};
use detente_engine::horizon::Horizon;
use detente_ledger::talks::{NonTariffState, OutcomeKind};
pub use record_types::{Commitment, Framework, Intensity, Position, Record, Round};
use serde::Serialize;
use std::collections::BTreeMap;

/// A table of rates: name of the weights → importer → exporter → average rate, a fraction; `None` where no data give it.
pub type WeightedRates = BTreeMap<String, BTreeMap<String, BTreeMap<String, Option<f64>>>>;

/// One page on the state of talks on a day, as known on a day.
#[derive(Clone, Debug, Serialize)]
pub struct Brief {
    /// Code of the talks.
    pub talks: String,
    /// Title of the talks.
    pub title: String,
    /// The day the brief is about.
    pub on: String,
    /// The day whose knowledge it uses.
    pub known_on: String,
    /// Last day with evidence in the ledger.
    pub last_evidence: String,
    /// Set where `on` is past the last evidence: "not verified after …".
    pub not_verified_after: Option<String>,
    /// Set where `on` is before the record's first measure: what was in force then is not on record.
    pub before_the_record: Option<String>,
    /// The parties' codes, in the order of the talks' file.
    pub parties: Vec<Party>,
    /// The next deadline; none where no deadline is set.
    pub deadline: Option<Deadline>,
    /// What acts of a folder of one's own change on days ahead, in order.
    pub own_steps: Vec<OwnStep>,
    /// Average duties both ways.
    pub duty: Duty,
    /// What each outcome would do.
    pub outcomes: Vec<Outcome>,
    /// What the bands rest on; none where no outcome was solved.
    pub bands: Option<Bands>,
    /// The deal of equal gains in one rate a side; none in a brief without bands, and where `no_deal` says why.
    pub deal: Option<OneRateDeal>,
    /// Why no deal was looked for or found.
    pub no_deal: Option<String>,
    /// The day whose duties of each party the benchmark holds: what today's duties are measured from.
    pub benchmark_duties: Vec<BenchmarkDuties>,
    /// Outcomes that the talks' file names and that are not shown, with the reason.
    pub outcomes_left_out: Vec<LeftOut>,
    /// Measures on the table that no tariff number carries.
    pub not_in_these_numbers: Vec<NotInNumbers>,
    /// What doubt about the next deadline costs; none in a brief without bands and where nothing lapses.
    pub cost_of_doubt: Option<doubt::CostOfDoubt>,
    /// What the numbers leave out besides measures.
    pub not_counted: Vec<String>,
    /// Unit of money in the outcomes.
    pub unit: String,
    /// Rounds, frameworks, commitments, positions.
    pub record: Record,
    /// How often these and earlier talks met.
    pub intensity: Vec<Intensity>,
    /// The share of statutory steps that reaches the model, where it was measured.
    pub collection_ratios: Vec<CollectionRatio>,
    /// Whether steps of the ledger reach the model as collected or by statute.
    pub basis: Basis,
    /// Which duties on others stand on the day: `none`, `table` or `day`.
    pub others: &'static str,
    /// What every reader of the numbers should know: weights, closure, horizon, quality of data.
    pub caveats: Vec<String>,
}

impl Brief {
    /// Name of a party by its code; the code where it is none of these talks.
    pub fn party_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.parties.iter().find(|party| party.code == code).map_or(code, |party| &party.name)
    }

    /// Whether an outcome is what comes, measured from today, if nothing is done. Days of reference and threats are answers to other questions.
    pub fn is_beside_today(&self, outcome: &Outcome) -> bool {
        outcome.kind == OutcomeKind::Lapse && outcome.against == Against::Today
    }

    /// Name of a party by the code of its economy; the code where it is none of these talks.
    pub fn economy_name<'a>(&'a self, economy: &'a str) -> &'a str {
        self.parties.iter().find(|party| party.economy == economy).map_or(economy, |party| &party.name)
    }
}

/// A party to the talks.
#[derive(Clone, Debug, Serialize)]
pub struct Party {
    /// Code in the ledger (ISO alpha-3).
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Code of the economy in the benchmark.
    pub economy: String,
}

/// Which day's duties of a party the benchmark holds.
#[derive(Clone, Debug, Serialize)]
pub struct BenchmarkDuties {
    /// Code of the party.
    pub importer: String,
    /// The day.
    pub day: String,
}

/// The next deadline and its two tenses: what the instruments say and what the law still permits.
#[derive(Clone, Debug, Serialize)]
pub struct Deadline {
    /// The day.
    pub date: String,
    /// Days from the day of the brief.
    pub days: i64,
    /// What it is, and how well it is documented.
    pub what: String,
    /// What it is, alone.
    pub measure: String,
    /// How well it is documented, where that is less than a legal notice.
    pub standing: Option<String>,
    /// What the notices seen would already change before a deadline that was only said; none where they change nothing earlier.
    pub by_notices: Option<ByNotices>,
    /// What would return by itself.
    pub by_law: Vec<ByLaw>,
    /// What was threatened and needs an act.
    pub needs_new_act: Vec<NeedsNewAct>,
    /// What the instruments' texts say would return but the law no longer permits.
    pub no_legal_basis: Vec<ByLaw>,
}

/// The first day before a stated deadline on which the notices alone would change an average duty.
#[derive(Clone, Debug, Serialize)]
pub struct ByNotices {
    /// The day.
    pub date: String,
    /// Days from the day of the brief.
    pub days: i64,
    /// The averages that would change, on that day.
    pub averages: Vec<ShownAverage>,
}

/// Something that would return by itself if nobody signs.
#[derive(Clone, Debug, Serialize)]
pub struct ByLaw {
    /// Who imposes it.
    pub imposer: String,
    /// On whom.
    pub target: String,
    /// Whether it is a tariff; its points may be unknown, where it stands in place of the base.
    pub is_tariff: bool,
    /// Before, as printed.
    pub before: String,
    /// After, as printed.
    pub after: String,
    /// Percentage points; `None` for measures without a tariff number.
    pub points: Option<f64>,
    /// Upper end where the points are a range.
    pub points_high: Option<f64>,
    /// Trade that would be subject to it, US dollars, where known.
    pub trade_at_stake_usd: Option<f64>,
    /// What that trade figure counts.
    pub trade_basis: Option<String>,
    /// Measures.
    pub measures: Vec<String>,
    /// Legal basis.
    pub legal_basis: String,
    /// When and by which act that basis was lost, where it was.
    pub lost_basis: Option<LostBasis>,
}

/// A day ahead on which acts of a folder of one's own change something.
#[derive(Clone, Debug, Serialize)]
pub struct OwnStep {
    /// The day.
    pub date: String,
    /// Days to it.
    pub days: i64,
    /// What changes.
    pub changes: Vec<ByLaw>,
}

/// How a measure lost its legal basis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LostBasis {
    /// The day.
    pub on: String,
    /// The act that says so, with the ruling behind it.
    pub act: String,
}

/// Something announced or threatened that does not return by itself.
#[derive(Clone, Debug, Serialize)]
pub struct NeedsNewAct {
    /// Who would impose it.
    pub imposer: String,
    /// On whom.
    pub target: String,
    /// Percentage points over what is in force, where a number was given.
    pub points: Option<f64>,
    /// Whether they come on top of everything; else they take the place of one measure's rate.
    pub is_on_top: bool,
    /// Points that return by law at the deadline and are part of `points`.
    pub of_which_by_law: Option<f64>,
    /// Who announced it.
    pub announced_by: String,
    /// When it was announced.
    pub announced: Option<String>,
    /// Statute that it would need.
    pub statute: String,
    /// Whether the statute permits it on the day.
    pub legally_available: bool,
    /// What it is.
    pub what: String,
}

/// Average duties both ways.
#[derive(Clone, Debug, Serialize)]
pub struct Duty {
    /// By statute, by named weights.
    pub by_statute: WeightedRates,
    /// The averages shown on the screen: each importer with its own weights.
    pub shown: Vec<ShownAverage>,
    /// The same averages after the next deadline if nobody signs; empty where none is set.
    pub if_nobody_signs: Vec<ShownAverage>,
    /// Contribution of each authority to the average shown: importer → exporter → authority → fraction.
    pub by_authority: Vec<AuthorityContribution>,
    /// Duties collected over imports, where data give them.
    pub collected: Option<Vec<Collected>>,
    /// The same in the month of the day itself, where that was published only later.
    pub collected_in_month: Option<Vec<Collected>>,
    /// Statute and collection in one line for each pair, weights and months named.
    pub both: Vec<String>,
    /// Figures that rest on a row recalled without a source, and the same figure without it.
    pub resting_on_memory: Vec<String>,
}

/// An average duty with the name of its weights.
#[derive(Clone, Debug, Serialize)]
pub struct ShownAverage {
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// Name of the weights.
    pub weights: String,
    /// The average, a fraction.
    pub rate: f64,
}

/// What one authority adds to an average duty.
#[derive(Clone, Debug, Serialize)]
pub struct AuthorityContribution {
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// Authority; "base rate" for the most-favoured-nation part.
    pub authority: String,
    /// Contribution to the average, a fraction.
    pub contribution: Option<f64>,
}

/// A collected rate: duty over import value in a month.
#[derive(Clone, Debug, Serialize)]
pub struct Collected {
    /// Importer.
    pub importer: String,
    /// Exporter.
    pub exporter: String,
    /// Rate, a fraction.
    pub rate: f64,
    /// Period that it covers.
    pub period: String,
    /// Source.
    pub source: String,
}

/// What an outcome is measured from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Against {
    /// Today's tariffs go on: the outcome of the kind in force.
    #[serde(rename = "hold")]
    Today,
    /// The benchmark's own tariffs.
    #[serde(rename = "benchmark")]
    Benchmark,
}

impl Against {
    /// Its word in data.
    pub fn word(self) -> &'static str {
        match self {
            Against::Today => "hold",
            Against::Benchmark => "benchmark",
        }
    }
}

/// Whose measures an outcome counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measures {
    /// Those of the two sides on each other; duties on others of the day stand before and after, unless none are asked for.
    TwoSides,
    /// All in force on the day, from the benchmark's own tariffs.
    All,
}

impl Measures {
    /// Its word in data.
    pub fn word(self) -> &'static str {
        match self {
            Measures::TwoSides => "two-sides",
            Measures::All => "all",
        }
    }
}

/// One outcome of the talks at one horizon, against one starting point.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Name, as the talks' file gives it; for readers only, nothing hangs on it.
    pub name: String,
    /// Where its measures come from.
    pub kind: OutcomeKind,
    /// One sentence.
    pub description: String,
    /// The long run or within a year.
    #[serde(serialize_with = "word::horizon")]
    pub horizon: Horizon,
    /// The horizon in words.
    pub horizon_label: String,
    /// What it is measured from.
    pub against: Against,
    /// Whose measures it counts.
    pub measures: Measures,
    /// Effects by economy of the benchmark.
    pub economies: BTreeMap<String, Effects>,
    /// Dials of a rebalancing by party's economy, in the long run.
    pub dials: BTreeMap<String, Vec<dials::DialMove>>,
    /// The worst and best off among the others: `(economy, income_pct)`, in the first year by value added at risk.
    pub others_worst: Option<(String, f64)>,
    /// See `others_worst`.
    pub others_best: Option<(String, f64)>,
    /// How well it is solved.
    pub certificate: Option<Certificate>,
    /// How the numbers came about, by column.
    pub tags: BTreeMap<String, Tag>,
}

impl Outcome {
    /// Whether a short list shows it: today's tariffs from the benchmark's, every other outcome from today's, the two sides' measures.
    pub fn is_shown(&self) -> bool {
        self.measures == Measures::TwoSides
            && (self.against == Against::Today) != (self.kind == OutcomeKind::InForce)
    }
}

/// Effects on one economy; changes in percent unless the name says otherwise.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Effects {
    /// Exact welfare: equivalent variation over income.
    pub income_pct: Option<f64>,
    /// The same in money, in the brief's `unit`, at the baseline's prices.
    pub income_money: Option<f64>,
    /// In the first year: what buyers of imports and the treasury gain, less what exporters concede, over income. No income.
    pub importers_account_pct: Option<f64>,
    /// In the first year: change of the value added at home that sales abroad pay, over income.
    pub value_added_at_risk_pct: Option<f64>,
    /// 5th and 95th percentile of `income_pct` over the runs of the band.
    pub income_band_pct: Option<(f64, f64)>,
    /// Median over the runs of the band.
    pub income_median_pct: Option<f64>,
    /// The band of every headline that is not assumed, by column (`imports_from_pct.CODE` for imports).
    pub bands: BTreeMap<String, EffectBand>,
    /// Share of runs that keep the sign of the median.
    pub income_sign_share: Option<f64>,
    /// The input that drives the spread most.
    pub income_driver: Option<String>,
    /// Real wages.
    pub real_wage_pct: Option<f64>,
    /// Index of all final use at the numeraire: no inflation.
    pub price_index_pct: Option<f64>,
    /// Index of all final use over wages.
    pub prices_over_wages_pct: Option<f64>,
    /// Border value of imports of goods and services from each of the other parties, real terms excluded.
    pub imports_from_pct: BTreeMap<String, Option<f64>>,
    /// The same of goods alone.
    pub goods_imports_from_pct: BTreeMap<String, Option<f64>>,
    /// Tariff revenue as a share of income: change in percentage points.
    pub tariff_revenue_points: Option<f64>,
    /// Manufacturing's share of value added: change in percentage points.
    pub manufacturing_share_points: Option<f64>,
    /// Aggregate trade deficit: change as a share of income, percentage points ("assumed" under `fixed`).
    pub deficit_points: Option<f64>,
    /// Grade of the economy's input structure.
    #[serde(serialize_with = "word::grade")]
    pub quality: Option<Grade>,
}

impl Effects {
    /// The number of an outcome; imports are told apart by their partners and stand in their own field.
    pub fn value(&self, entry: &OutcomeEntry) -> Option<f64> {
        let held = [
            (&WELFARE, self.income_pct),
            (&WELFARE_MONEY, self.income_money),
            (&IMPORTERS_ACCOUNT, self.importers_account_pct),
            (&VALUE_ADDED_AT_RISK, self.value_added_at_risk_pct),
            (&PRICES_OVER_WAGES, self.prices_over_wages_pct),
            (&REAL_WAGE, self.real_wage_pct),
            (&PRICE_INDEX, self.price_index_pct),
            (&TARIFF_REVENUE_POINTS, self.tariff_revenue_points),
            (&MANUFACTURING_POINTS, self.manufacturing_share_points),
            (&DEFICIT_POINTS, self.deficit_points),
        ];
        held.into_iter().find(|(known, _)| known.id == entry.id).and_then(|(_, value)| value)
    }
}

/// Median and 5–95 of a headline over the runs of its band.
#[derive(Clone, Debug, Serialize)]
pub struct EffectBand {
    /// Median.
    pub median: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
    /// Share of runs with the sign of the median.
    pub sign_share: f64,
    /// Input that drives the spread most; none where there is no spread.
    pub driver: Option<String>,
    /// Share of the variance that it explains alone.
    pub driver_share: Option<f64>,
    /// The answer at the medians; none where the band is not drawn about a point, or has it at its very edge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<f64>,
    /// Least and largest over the readings of deficits: a second band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deficits: Option<(f64, f64)>,
    /// The point under each published set of elasticities, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub dots: BTreeMap<String, f64>,
}

impl From<Row> for EffectBand {
    fn from(row: Row) -> Self {
        Self {
            median: row.median,
            low: row.low,
            high: row.high,
            sign_share: row.sign_share,
            driver: row.driver,
            driver_share: row.driver_share,
            point: row.point,
            deficits: row.deficits,
            dots: row.dots,
        }
    }
}

/// The deal of equal gains in one rate a side.
#[derive(Clone, Debug, Serialize)]
pub struct OneRateDeal {
    /// What comes about without a deal: `lapse`, or `nash` where nothing lapses.
    pub without: Disagreement,
    /// The two sides, in the order of the talks; none where no deal leaves both better off.
    pub sides: Option<[OneRateSide; 2]>,
}

/// One side of it. Rates are those of the model: what is collected, where that is known.
#[derive(Clone, Debug, Serialize)]
pub struct OneRateSide {
    /// Code of its economy.
    pub economy: String,
    /// Its average rate on the other's goods today, a fraction.
    pub rate_today: f64,
    /// Its rate in the deal, a fraction.
    pub rate_in_deal: f64,
    /// Gain over what comes about without a deal, percent of income.
    pub gain_pct: f64,
    /// Gain over the war in which both choose freely, percent of income.
    pub gain_over_war_pct: f64,
    /// Gain over choosing its own rate alone while the other's stays as without a deal (as today where nothing lapses), percent of income.
    pub gain_over_alone_pct: f64,
}

/// What the bands of a brief rest on.
#[derive(Clone, Debug, Serialize)]
pub struct Bands {
    /// Runs.
    pub runs: usize,
    /// Runs that did not converge: left out.
    pub not_converged: usize,
    /// What bands of the long run were drawn over.
    pub over: String,
    /// What bands within a year were drawn over.
    pub over_within_a_year: String,
    /// Which of the first two parties loses more, by outcome.
    pub loses_more: Vec<LosesMore>,
}

/// Which of two loses more under an outcome.
#[derive(Clone, Debug, Serialize)]
pub struct LosesMore {
    /// Name of the outcome.
    pub outcome: String,
    /// Its kind.
    pub kind: OutcomeKind,
    /// One economy.
    pub first: String,
    /// The other.
    pub second: String,
    /// Share of runs in which the first loses more in percent of income; none where that turns with what it depends on.
    pub first_loses_more: Option<f64>,
    /// Share of runs in which the first loses more in money; none where that turns with what it depends on.
    pub first_loses_more_in_money: Option<f64>,
    /// The input that the answer depends on most.
    pub depends_on: Option<String>,
    /// The same in words, with the elasticity sets under which the answer turns.
    pub words: String,
}

/// How well a solve ended.
#[derive(Clone, Debug, Serialize)]
pub struct Certificate {
    /// Whether the numbers may be read.
    pub converged: bool,
    /// Largest relative residual of the counterfactual and of what it is compared with.
    pub max_residual: f64,
    /// Residual of the redundant equation.
    pub walras: f64,
    /// Newton steps.
    pub iterations: usize,
    /// Evaluations.
    pub evaluations: usize,
    /// Seconds.
    pub seconds: f64,
}

/// An outcome that could not be shown.
#[derive(Clone, Debug, Serialize)]
pub struct LeftOut {
    /// Name.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// A measure on the table that no tariff number carries.
#[derive(Clone, Debug, Serialize)]
pub struct NotInNumbers {
    /// Measure.
    pub measure: String,
    /// Area: export control, investment, port fee, …
    pub area: String,
    /// Who imposes it.
    pub imposer: String,
    /// In force, suspended, proposed, unknown.
    #[serde(serialize_with = "word::nontariff_state")]
    pub status: NonTariffState,
    /// What it covers.
    pub scope: String,
    /// Exposure, US dollars; never an effect.
    pub trade_at_stake_usd: Option<f64>,
}
