//! Curves of a question between two sides, as data: what pictures are drawn from.

use serde::Serialize;

/// Best responses in the plane of one rate against another.
#[derive(Clone, Debug, Serialize)]
pub struct BestResponseCurves {
    /// Codes of the sides.
    pub sides: [String; 2],
    /// Rates on the grid, fractions; both sides.
    pub grid: Vec<f64>,
    /// The first side's best rate against each rate of the second.
    pub first_responds: Vec<f64>,
    /// The second side's best rate against each rate of the first.
    pub second_responds: Vec<f64>,
    /// `objective_pct[first rate][second rate][side]`: for iso-welfare lines.
    pub objective_pct: Vec<Vec<[f64; 2]>>,
    /// The Nash point.
    pub nash: [f64; 2],
    /// Objectives at the Nash point, percent from today.
    pub nash_pct: [f64; 2],
    /// Today's averages, weighted with today's trade.
    pub today: [f64; 2],
    /// The pair that the Nash bargain agrees on; none where the zone is empty.
    pub agreed: Option<[f64; 2]>,
}

/// Which share of the way from war to the deal holds at which discount factor.
#[derive(Clone, Debug, Serialize)]
pub struct PatienceCurve {
    /// Codes of the sides.
    pub sides: [String; 2],
    /// Discount factors per period.
    pub discount_factor: Vec<f64>,
    /// Largest share of the way from war to the deal that holds, zero to one.
    pub share: Vec<f64>,
    /// Each side's critical discount factor for the whole deal; none: it keeps it at none.
    pub critical: [Option<f64>; 2],
    /// Days of a period.
    pub period_days: f64,
}

/// What one more extension is worth against the chance that there will be others.
#[derive(Clone, Debug, Serialize)]
pub struct DeadlineCurve {
    /// Codes of the sides.
    pub sides: [String; 2],
    /// Probability of an extension at each deadline; the rest lapses.
    pub extension: Vec<f64>,
    /// Value of one more extension to each side, percent of a year's income.
    pub value_pct: Vec<[f64; 2]>,
    /// What comes after a lapse.
    pub after_a_lapse: String,
    /// Discount factor per year.
    pub yearly_discount: f64,
    /// Days of an extension.
    pub period_days: f64,
}

/// A named point of the payoff plane.
#[derive(Clone, Debug, Serialize)]
pub struct PayoffPoint {
    /// Name.
    pub name: String,
    /// Objectives of the sides, percent from today.
    pub objective_pct: [f64; 2],
}

/// The payoff plane: frontier, zone, points.
#[derive(Clone, Debug, Serialize)]
pub struct PayoffPlane {
    /// Codes of the sides.
    pub sides: [String; 2],
    /// The frontier in order; objectives in percent from today.
    pub frontier: Vec<[f64; 2]>,
    /// Disagreement, today, and the bargaining points where there is a zone.
    pub points: Vec<PayoffPoint>,
    /// What happens without a deal: the zone's corner.
    pub disagreement_pct: [f64; 2],
    /// Whether the zone is empty.
    pub zone_is_empty: bool,
}

/// The curves of a question between two sides, for pictures.
#[derive(Clone, Debug, Serialize)]
pub struct Pictures {
    /// How each side answers the other's rate.
    pub best_responses: BestResponseCurves,
    /// What both want, with the points that have a name.
    pub plane: PayoffPlane,
    /// How patience holds a deal; none where there is no deal to hold.
    pub patience: Option<PatienceCurve>,
    /// What a deadline is worth by the odds of its extension.
    pub deadline: DeadlineCurve,
}
