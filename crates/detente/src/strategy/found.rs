//! What questions about strategy find beside the point itself, as data: shares of income as fractions, money in the benchmark's unit.
//! Words, screens and JSON are made from it elsewhere.

use super::baseline_world::StartingTariffs;
use super::certificates;
use super::doubt::DeadlineRisk;
use super::policies::{PartnerTreatment, PolicyAtPoint};
use detente_engine::strategy::certificate::StrategyCertificate;
use detente_engine::uncertainty::statistics::quantile;
use serde::{Serialize, Serializer};

/// What happens without a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Disagreement {
    /// The Nash point of the sides in the same instruments.
    Nash,
    /// What the scenario's own changes make of the tariffs: what lapses.
    Lapse,
    /// The tariffs that the game starts from.
    Today,
}

impl Disagreement {
    /// The words of the command line.
    pub const WORDS: [(&'static str, Disagreement); 3] =
        [("nash", Disagreement::Nash), ("lapse", Disagreement::Lapse), ("today", Disagreement::Today)];

    /// The word of the command line.
    ///
    /// ```
    /// use detente::strategy::found::Disagreement;
    ///
    /// assert_eq!(Disagreement::Lapse.word(), "lapse");
    /// ```
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, known)| *known == self).map_or("", |(word, _)| word)
    }

    /// In words, in a game from these tariffs.
    pub fn words(self, start: StartingTariffs) -> &'static str {
        match self {
            Disagreement::Nash => "the trade war (Nash)",
            Disagreement::Lapse => "what lapses",
            Disagreement::Today => start.words(),
        }
    }
}

/// What a question found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// Nothing beside the point.
    Point,
    /// A war.
    War(War),
    /// Equal gains for everybody at a table.
    Cooperation(Cooperation),
    /// What a deadline is worth.
    Deadline(DeadlineValue),
    /// A frontier between two sides.
    Frontier(FrontierLine),
    /// Where a deal between two sides can lie.
    Zone(Box<Zone>),
    /// What holds a deal.
    Sustained(Box<Sustained>),
}

/// How a Nash point was found and how far it is one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct War {
    /// Rounds of best responses.
    pub rounds: usize,
    /// Largest change of a rate in the last of them, in logarithms of tariff factors.
    pub last_change: f64,
    /// Gradients that a best response took on average.
    pub gradients_per_best_response: f64,
    /// What each player could still gain.
    pub deviation_gains: Vec<PlayerGain>,
}

/// What a player could still gain by another choice, in logarithms of its objective.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlayerGain {
    /// Code of the player.
    pub player: String,
    /// The gain.
    pub gain: f64,
}

/// Equal gains for everybody at a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cooperation {
    /// From where gains are counted.
    pub from: Disagreement,
    /// What each gains, a fraction.
    pub common_gain: f64,
    /// How far the gains are from equal, in logarithms.
    pub largest_gap: f64,
    /// Weights of the players at the point, in their order.
    pub weights: Vec<f64>,
    /// Codes of those who gain more at nobody's cost.
    pub let_off: Vec<String>,
}

/// What a deadline is worth to two sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeadlineValue {
    /// Probability of an extension at each deadline.
    pub extension: f64,
    /// Probability of a deal.
    pub deal: f64,
    /// Probability of a lapse.
    pub lapse: f64,
    /// Chance per period that a lapsed truce is restored.
    pub restored: f64,
    /// Chance per period that a deal breaks down.
    pub breakdown: f64,
    /// Discount factor per year.
    pub yearly_discount: f64,
    /// Discount factor per period.
    pub period_discount: f64,
    /// Days of a period.
    pub period_days: f64,
    /// What comes after a lapse.
    pub after_a_lapse: Disagreement,
    /// Whether there is a deal to be had.
    pub has_deal: bool,
    /// Unit of money.
    pub unit: String,
    /// One a side.
    pub sides: Vec<SideValue>,
    /// The same where exporters wait while a truce may lapse; what kept it from being found otherwise.
    pub risk: Result<DeadlineRisk, String>,
}

/// What a deadline is worth to one side; flows are shares of its income a year, values of a year's income.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideValue {
    /// Code of the side.
    pub player: String,
    /// Its income a year.
    pub income: f64,
    /// What a lapse means, a year.
    pub lapse: f64,
    /// What the deal means, a year, where there is one.
    pub deal: Option<f64>,
    /// What a period more of today is worth whatever follows it: what a lapse would cost in that time, a share of a year's income.
    pub period_of_today: f64,
    /// The value of the truce.
    pub value_of_truce: f64,
    /// The value of a lapse.
    pub value_of_lapse: f64,
    /// The value of a deal.
    pub value_of_deal: f64,
    /// The value of keeping the truce alive at the odds given: of one more extension, with all that may follow it.
    pub value_of_extension: f64,
    /// What it would rather do; none where there is no deal.
    pub waiting: Option<Waiting>,
    /// The first year of a lapse by accounting, money a week.
    pub week: WeekOfLapse,
}

/// Whether a side would rather wait or take the deal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waiting {
    /// It does not care where an extension has this probability.
    IndifferentAt(f64),
    /// It prefers the deal whatever the odds.
    AlwaysDeal,
    /// It would rather wait whatever the odds.
    AlwaysWait,
}

/// Accounts of the first year after a lapse, money a week.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WeekOfLapse {
    /// Cost to private buyers.
    pub private_cost: f64,
    /// What the treasury takes more.
    pub tariff_revenue: f64,
    /// What is lost to everybody.
    pub deadweight_loss: f64,
    /// Sales abroad at risk.
    pub sales_at_risk: f64,
    /// Change of the value added that sales abroad pay.
    pub value_added: f64,
    /// What buyers and the treasury gain together, less what exporters concede.
    pub importers_account: f64,
}

/// A frontier between two sides, from the most for the second to the most for the first.
#[derive(Clone, Debug, Serialize)]
pub struct FrontierLine {
    /// From where gains are counted.
    pub from: Disagreement,
    /// Codes of the economies, in the benchmark's order.
    pub economies: Vec<String>,
    /// Positions of the two sides among them.
    pub sides: [usize; 2],
    /// Points in order.
    pub points: Vec<FrontierSpot>,
    /// By how much the others' responses would still move, in logarithms of tariff factors, where they respond.
    pub others_still_move: Option<f64>,
    /// At how many points they were searched for.
    pub searched_responses: usize,
    /// Seconds it took.
    pub seconds: f64,
}

/// A point of a frontier; vectors are by economy.
#[derive(Clone, Debug, Serialize)]
pub struct FrontierSpot {
    /// Change of each economy's objective, percent of where the game starts; none where it has none.
    pub objective_pct: Vec<Option<f64>>,
    /// The same from the point without a deal.
    pub gain_from_disagreement_pct: Vec<f64>,
    /// Weights of the two sides.
    pub weights: [f64; 2],
    /// How far the point is from where it was asked for, in logarithms.
    pub gap: f64,
    /// How it is established.
    #[serde(serialize_with = "certificate")]
    pub certificate: StrategyCertificate,
}

impl FrontierLine {
    /// Points that did not converge.
    pub fn not_converged(&self) -> usize {
        self.points.iter().filter(|point| !point.certificate.status.is_converged()).count()
    }
}

fn certificate<S: Serializer>(certificate: &StrategyCertificate, serializer: S) -> Result<S::Ok, S::Error> {
    certificates::json_of(certificate).serialize(serializer)
}

/// What holds a deal between two sides without a court; payoffs are shares of income a year, from the deal.
#[derive(Clone, Debug, Serialize)]
pub struct Sustained {
    /// Discount factor per year.
    pub yearly_patience: f64,
    /// Chance per period that each side's counterpart stays in office.
    pub office_survival: f64,
    /// Discount factor per period, times that chance.
    pub effective_discount: f64,
    /// Periods until a breach is detected.
    pub detection_lag: u32,
    /// Periods that the punishment lasts; none: for ever.
    pub punishment_periods: Option<u32>,
    /// Days of a period.
    pub period_days: f64,
    /// One a side.
    pub sides: [SideHold; 2],
    /// Whether the war, as the punishment, is an equilibrium of the game that is repeated.
    pub war_is_equilibrium: bool,
    /// The most that a side could gain by leaving the punishment: of the war in logarithms, of a path a share of income a year.
    pub punishment_gain: f64,
    /// A punishment of the asker's own, where it is one.
    pub path: Option<PunishmentPath>,
    /// Where both sides would go over to something else; none: weakly renegotiation-proof.
    pub talked_away: Option<GoingOver>,
    /// A punishment that nobody would want to talk away, where it was looked for.
    pub penance: Option<FoundPenance>,
    /// How much of the way from the punishment to the deal holds; none where no step does.
    pub most_cooperative_share: Option<f64>,
    /// Shares tried, with the largest net temptation at each.
    pub tried: Option<Vec<(f64, f64)>>,
}

/// What a side gains by breaking a deal, and loses by the punishment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideHold {
    /// Code of the side.
    pub player: String,
    /// What a breach brings until it is detected.
    pub temptation: f64,
    /// What the punishment costs, average per period.
    pub loss_from_punishment: f64,
    /// The discount factor per period from which it keeps the deal; none where no patience is enough.
    pub critical_discount: Option<f64>,
    /// What a breach brings within the first year by accounting, percent of income.
    pub first_year_temptation_pct: f64,
}

/// A punishment of the asker's own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PunishmentPath {
    /// Its states: what they are called, and their lengths in periods.
    pub states: Vec<(String, u32)>,
    /// Whether the deal returns behind them; else the last state lasts for ever.
    pub returns: bool,
    /// Each side's best way of leaving it.
    pub leaving: [SideLeaving; 2],
}

/// A side's best way of leaving a punishment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideLeaving {
    /// What it brings, a share of income a year on average; at most zero where nobody leaves.
    pub gain: f64,
    /// In which state.
    pub state: String,
    /// In which period, the first being one.
    pub period: usize,
}

/// A stage of a deal and its punishment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The deal.
    Deal,
    /// The war that punishes.
    War,
    /// A period of the asker's own punishment, the first being one.
    Period(usize),
}

/// Both sides would rather go over from one stage to another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GoingOver {
    /// From.
    pub from: Stage,
    /// To.
    pub to: Stage,
    /// What each side gains by it, a share of income a year on average.
    pub gains: [f64; 2],
}

/// The least demanding renegotiation-proof punishment that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundPenance {
    /// Critical discount factor and periods of penance; none where none holds.
    pub critical: Option<(f64, u32)>,
    /// The longest that was tried, periods.
    pub longest: u32,
    /// Payoffs of both sides.
    pub sides: [SidePenance; 2],
    /// Share of the way down to the punishment's payoff that the penitent is left at.
    pub share: f64,
    /// Whether both sides would rather go over from one of its stages to another.
    pub talked_away: bool,
}

/// Payoffs of a side under penance, shares of income a year from the deal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SidePenance {
    /// By breaking the deal.
    pub deviation: f64,
    /// While it makes up for it.
    pub penance: f64,
    /// By breaking its penance.
    pub deviation_in_penance: f64,
    /// While the other makes up for it.
    pub reward: f64,
    /// By breaking that.
    pub deviation_in_reward: f64,
}

/// What one draw of elasticities comes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawnGame {
    /// The published set that it starts from.
    pub elasticity_set: String,
    /// Common factor of all elasticities.
    pub common_factor: f64,
    /// Average rates of the two sides on each other at war, fractions, weights: today's trade.
    pub war_rate: [f64; 2],
    /// Objectives of the two sides at war, percent from today.
    pub war_pct: [f64; 2],
    /// The most that each side can gain in the zone, percent; none where the zone is empty.
    pub most_pct: Option<[f64; 2]>,
    /// The gain at the point of equal gains, percent.
    pub equal_gain_pct: Option<f64>,
    /// The most that searching again could still find at any point of the zone; of an empty one at its ends.
    pub gain_left: f64,
    /// Largest residual of all equilibria behind it.
    pub max_residual: f64,
}

/// The draws of a game between two sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawnGames {
    /// Codes of the sides.
    pub sides: [String; 2],
    /// What happens without a deal.
    pub from: Disagreement,
    /// Which tariffs changes are from.
    #[serde(skip)]
    pub start: StartingTariffs,
    /// Draws that were solved.
    pub draws: Vec<DrawnGame>,
    /// Draws that had no answer.
    pub not_converged: usize,
}

impl DrawnGames {
    /// Share of the draws in which no deal leaves both better off.
    pub fn empty_share(&self) -> f64 {
        self.draws.iter().filter(|draw| draw.most_pct.is_none()).count() as f64
            / self.draws.len().max(1) as f64
    }

    /// The 5th percentile, the median and the 95th percentile of something; none where no draw has it.
    pub fn range(&self, of: impl Fn(&DrawnGame) -> Option<f64>) -> Option<[f64; 3]> {
        let mut values: Vec<f64> = self.draws.iter().filter_map(of).collect();
        values.sort_by(f64::total_cmp);
        Some([quantile(&values, 0.05)?, quantile(&values, 0.5)?, quantile(&values, 0.95)?])
    }
}

/// Where a deal between two sides can lie.
#[derive(Clone, Debug, Serialize)]
pub struct Zone {
    /// What happens without a deal.
    pub from: Disagreement,
    /// Codes of the two sides.
    pub sides: [String; 2],
    /// Their positions among the economies.
    pub positions: [usize; 2],
    /// Whether everybody else holds their tariffs.
    pub is_bilateral: bool,
    /// Unit of money.
    pub unit: String,
    /// The points of the zone; none where it is empty.
    pub points: Option<ZonePoints>,
    /// What money on the table would add.
    pub side_payments: SidePayments,
    /// How the point without a deal is established, where it was searched for.
    #[serde(serialize_with = "certificate_where_searched")]
    pub without: Option<StrategyCertificate>,
}

/// The points of a zone.
#[derive(Clone, Debug, Serialize)]
pub struct ZonePoints {
    /// The most that each side could gain with the other at nothing, a fraction.
    pub largest_gains: [f64; 2],
    /// How these two are established.
    #[serde(serialize_with = "both_certificates")]
    pub ends: [StrategyCertificate; 2],
    /// The bargaining points.
    pub points: Vec<ZonePoint>,
    /// By how much the others' responses would still move at any of them, in logarithms of tariff factors, where they respond.
    pub others_still_move: Option<f64>,
}

/// A bargaining point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BargainingPoint {
    /// Nash's.
    NashBargain,
    /// Kalai and Smorodinsky's.
    KalaiSmorodinsky,
    /// Equal gains.
    EqualGains,
}

impl BargainingPoint {
    /// Its name in data.
    pub fn code(self) -> &'static str {
        match self {
            BargainingPoint::NashBargain => "nash_bargain",
            BargainingPoint::KalaiSmorodinsky => "kalai_smorodinsky",
            BargainingPoint::EqualGains => "equal_gains",
        }
    }

    /// In words.
    pub fn words(self) -> String {
        self.code().replace('_', " ")
    }
}

/// A point of a zone with what it does to everybody.
#[derive(Clone, Debug, Serialize)]
pub struct ZonePoint {
    /// Which.
    pub name: BargainingPoint,
    /// By economy.
    pub economies: Vec<EconomyAtPoint>,
    /// Its policies.
    pub policies: Vec<PolicyAtPoint>,
    /// Whether the sides treat partners alike.
    pub most_favoured_nation: Vec<PartnerTreatment>,
    /// The economy outside that fares worst.
    pub largest_loser_outside: Option<Loser>,
    /// How it is established.
    #[serde(serialize_with = "certificate")]
    pub certificate: StrategyCertificate,
    /// Largest residual of its equilibrium.
    pub max_residual: f64,
}

/// An economy at a point.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EconomyAtPoint {
    /// Code.
    pub economy: String,
    /// Change of its objective, percent of where the game starts.
    pub objective_pct: Option<f64>,
    /// The same from the point without a deal.
    pub gain_from_disagreement_pct: f64,
    /// Change of welfare.
    pub welfare_pct: Option<f64>,
}

/// What of a deal's gains needs no deal, by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Split {
    /// One a side, in the order asked.
    pub sides: [SideSplit; 2],
}

/// Percent changes of a side's objective from where the game starts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideSplit {
    /// Code of the side.
    pub player: String,
    /// It chooses its rates on the other alone; the other stays.
    pub alone_pct: f64,
    /// The other chooses alone; it stays itself.
    pub other_alone_pct: f64,
    /// Both choose, neither agrees: the war.
    pub war_pct: f64,
    /// The deal, where one was asked about and there is one.
    pub deal_pct: Option<f64>,
    /// What the deal adds to the war.
    pub deal_over_war_pct: Option<f64>,
}

/// An economy that loses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loser {
    /// Code.
    pub economy: String,
    /// Change of its welfare.
    pub welfare_pct: f64,
}

/// What money on the table would add: the sides choose the point of largest joint gain and split it evenly.
#[derive(Clone, Debug, Serialize)]
pub struct SidePayments {
    /// Joint gain at that point over disagreement, benchmark unit a year.
    pub joint_gain: f64,
    /// Joint income.
    pub joint_income: f64,
    /// What each side gains there before anything is paid, in order of the sides.
    pub gains: [f64; 2],
    /// Who pays so that both gain the same money: the side that gains more.
    pub payer: String,
    /// Who is paid.
    pub payee: String,
    /// What the payer pays a year; never negative.
    pub payment: f64,
    /// How the point of largest joint gain is established.
    #[serde(serialize_with = "certificate")]
    pub certificate: StrategyCertificate,
}

impl SidePayments {
    /// The joint gain as percent of joint income.
    pub fn joint_gain_pct(&self) -> f64 {
        100.0 * self.joint_gain / self.joint_income
    }
}

fn certificate_where_searched<S: Serializer>(
    certificate: &Option<StrategyCertificate>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    certificate.as_ref().map(certificates::json_of).serialize(serializer)
}

fn both_certificates<S: Serializer>(
    both: &[StrategyCertificate; 2],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    both.each_ref().map(certificates::json_of).serialize(serializer)
}
