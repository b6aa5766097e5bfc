//! What questions about strategy find beside the point itself, as data: shares of income as fractions, money in the benchmark's unit.
//! Words, screens and JSON are made from it elsewhere.

use super::baseline_world::StartingTariffs;
use super::certificates;
use detente_engine::strategy::certificate::StrategyCertificate;
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
    /// The value of the truce.
    pub value_of_truce: f64,
    /// The value of a lapse.
    pub value_of_lapse: f64,
    /// The value of a deal.
    pub value_of_deal: f64,
    /// The value of one more extension.
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
