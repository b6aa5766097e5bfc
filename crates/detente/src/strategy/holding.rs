//! Deals that hold without a court, and what a deadline is worth.

use detente_engine::strategy::deadline::{Deadline, Indifference, LEAVES_OUT, StateFlows};
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::payoff::PayoffScale;
use detente_engine::strategy::projected_newton::SearchSettings;
use detente_engine::strategy::sustain::{
    Deal, Punishment, check_discount_factor, most_cooperative, per_period, sustain as hold,
};
use serde_json::{Value, json};

use super::answer::Answer;
use super::board::Rules;
use super::error::NoStrategy;
use super::ground::Ground;
use super::talks::{Disagreement, Struck, strike_bargain};
use super::war::payoffs_at;

/// Days of a period: talks extend by 90 days.
pub const PERIOD_DAYS: f64 = 90.0;

/// Patience and office of the sides in a repeated game.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// Discount factor per year.
    pub yearly: f64,
    /// Chance per period that each side's counterpart stays in office.
    pub office: f64,
    /// Periods until a breach is detected.
    pub detection_lag: u32,
    /// Periods that the punishment lasts; none: for ever.
    pub punishment_periods: Option<u32>,
    /// Days of a period.
    pub period_days: f64,
}

impl Patience {
    /// The effective discount factor per period: patience times office.
    pub fn effective(&self) -> Result<f64, StrategyError> {
        let per_period = per_period(self.yearly, self.period_days)?;
        if !(self.office > 0.0 && self.office <= 1.0) {
            let rule = "a chance of staying in office lies in (0, 1]";
            return Err(StrategyError::Domain { what: "office survival", found: self.office, rule });
        }
        check_discount_factor("effective discount factor", per_period * self.office)
    }
}

/// Which of the zone's points is the deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealPoint {
    /// Equal gains.
    EqualGains,
    /// Nash's bargaining point.
    NashBargain,
    /// Kalai and Smorodinsky's.
    KalaiSmorodinsky,
}

impl DealPoint {
    /// The words of the command line.
    pub const WORDS: [(&'static str, DealPoint); 3] = [
        ("equal-gains", DealPoint::EqualGains),
        ("nash-bargain", DealPoint::NashBargain),
        ("kalai-smorodinsky", DealPoint::KalaiSmorodinsky),
    ];
}

/// The deal that is asked about: struck from the trade war, since reversion to it is the punishment.
fn deal_point(struck: &Struck, which: DealPoint) -> Result<Vec<f64>, NoStrategy> {
    let Some(points) = &struck.bargain.points else {
        return Err(StrategyError::EmptyZone(
            "no deal leaves both sides better off, so none can be held".into(),
        )
        .into());
    };
    Ok(match which {
        DealPoint::EqualGains => points.equal_gains.point.clone(),
        DealPoint::NashBargain => points.nash.point.clone(),
        DealPoint::KalaiSmorodinsky => points.kalai_smorodinsky.point.clone(),
    })
}

/// Whether a deal holds against Nash reversion, and the most cooperative one that does.
pub fn sustain(
    ground: &Ground,
    sides: [usize; 2],
    which: DealPoint,
    patience: Patience,
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let effective = patience.effective()?;
    let mut struck = strike_bargain(ground, sides, Disagreement::Nash, rules)?;
    let point = deal_point(&struck, which)?;
    let punishment =
        Punishment { detection_lag: patience.detection_lag.max(1), length: patience.punishment_periods };
    let deal = Deal {
        players: sides.to_vec(),
        point: point.clone(),
        punishment_point: struck.disagreement_point.clone(),
        punishment,
        office_survival: vec![patience.office; 2],
        scale: PayoffScale::Logarithm,
    };
    let settings = SearchSettings::default();
    let starts = struck.board.starts();
    let answer = hold(&mut struck.board.game, &deal, &starts, &settings)?;
    let best = most_cooperative(&mut struck.board.game, &deal, &[effective; 2], &settings)?;
    let codes: Vec<&str> = sides.iter().map(|j| ground.code(*j)).collect();
    let title =
        format!("What holds a deal between {} and {}: temptation against the trade war", codes[0], codes[1]);
    let mut certificate = match &struck.bargain.points {
        Some(points) => points.equal_gains.certificate.clone(),
        None => return Err(StrategyError::EmptyZone("no deal".into()).into()),
    };
    certificate.effort.add(answer.effort);
    let shown = best.as_ref().map_or(&point, |best| &best.point);
    let mut report = Answer::at(&mut struck.board, title, shown, certificate)?;
    let mut lines = Vec::new();
    let mut rows = Vec::new();
    for (hold, code) in answer.holds.iter().zip(&codes) {
        let yearly = hold.critical_patience.map(|d| d.powf(365.0 / patience.period_days));
        lines.push(match hold.critical_discount_factor {
            Some(d) => format!(
                "{code}: breaking the deal brings {:+.4} percent a year until detected, the war costs {:+.4}; it keeps the deal from a \
                 discount factor of {d:.4} per {:.0} days on",
                100.0 * hold.temptation,
                100.0 * hold.loss_from_punishment,
                patience.period_days
            ),
            None => format!(
                "{code}: breaking the deal brings {:+.4} percent a year, and the punishment costs too little at any patience ({:+.4})",
                100.0 * hold.temptation,
                100.0 * hold.loss_from_punishment
            ),
        });
        rows.push(json!({
            "player": code,
            "temptation_pct": 100.0 * hold.temptation,
            "loss_from_punishment_pct": 100.0 * hold.loss_from_punishment,
            "critical_discount_factor": hold.critical_discount_factor,
            "critical_patience_per_period": hold.critical_patience,
            "critical_patience_per_year": yearly,
        }));
    }
    lines.push(match &best {
        Some(best) if best.share >= 1.0 => format!("at {effective:.4} per period (patience times office) the whole deal holds"),
        Some(best) => format!(
            "at {effective:.4} per period (patience times office) {:.1} percent of the way from the war to the deal holds",
            100.0 * best.share
        ),
        None => format!("at {effective:.4} per period (patience times office) not even a twentieth of the way to the deal holds"),
    });
    lines.push(format!(
        "the punishment is {}: the most that a side could gain by leaving it is {:.1e}; Nash reversion is not renegotiation-proof",
        if answer.punishment_is_equilibrium { "an equilibrium of the stage game" } else { "NOT an equilibrium: an empty threat" },
        answer.punishment_gain
    ));
    lines.push("payoffs are long-run flows per year; temptation pays at once, so that the true critical patience is lower or higher as short-run stakes are".into());
    lines.append(&mut report.lines);
    report.lines = lines;
    let detail = json!({
        "effective_discount_factor": effective,
        "yearly_patience": patience.yearly,
        "office_survival_per_period": patience.office,
        "detection_lag_periods": punishment.detection_lag,
        "punishment_periods": punishment.length,
        "period_days": patience.period_days,
        "holds": rows,
        "punishment_gain": answer.punishment_gain,
        "punishment_is_equilibrium": answer.punishment_is_equilibrium,
        "most_cooperative_share": best.as_ref().map(|best| best.share),
        "tried": best.as_ref().map(|best| best.tried.clone()),
    });
    report.fields.insert("sustain".into(), detail);
    Ok(report)
}

/// What may happen at the deadline: inputs of the user's, shown with the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Odds {
    /// Probabilities.
    pub deadline: Deadline,
    /// Discount factor per year.
    pub yearly: f64,
    /// Days of an extension.
    pub period_days: f64,
}

impl Odds {
    /// Refuses probabilities and discount factors outside their domain before anything is solved.
    pub fn check(&self) -> Result<(), StrategyError> {
        let nothing = StateFlows { truce: 0.0, lapsed: 0.0, deal: 0.0 };
        self.deadline.values(&nothing, per_period(self.yearly, self.period_days)?).map(|_| ())
    }
}

/// The value of a truce, of one more extension, and where each side is indifferent.
pub fn deadline(
    ground: &Ground,
    sides: [usize; 2],
    which: DealPoint,
    odds: Odds,
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let discount = per_period(odds.yearly, odds.period_days)?;
    // What lapses is the scenario's own change; without one, the war.
    let from = if ground.lapse.is_some() { Disagreement::Lapse } else { Disagreement::Nash };
    let mut struck = strike_bargain(ground, sides, from, rules)?;
    let point = deal_point(&struck, which).unwrap_or_else(|_| struck.board.today.clone());
    let has_deal = struck.bargain.points.is_some();
    let deal = payoffs_at(&mut struck.board, &point)?;
    let codes: Vec<&str> = sides.iter().map(|j| ground.code(*j)).collect();
    let title = format!(
        "What a deadline between {} and {} is worth; after a lapse: {}",
        codes[0],
        codes[1],
        from.word()
    );
    let mut certificate = match (&struck.bargain.points, struck.certificate.clone()) {
        (Some(points), _) => points.equal_gains.certificate.clone(),
        (None, Some(found)) => found,
        (None, None) => {
            return Err(StrategyError::EmptyZone("neither a deal nor a war to value".into()).into());
        }
    };
    certificate.starts = certificate.starts.max(1);
    let mut report = Answer::at(&mut struck.board, title, &point, certificate)?;
    let share_of_year = odds.period_days / 365.0;
    let unit = &ground.calibration.benchmark.unit;
    let mut lines = vec![format!(
        "inputs: extension {:.2}, deal {:.2}, lapse {:.2} at each deadline; discount factor {:.4} per {:.0} days ({} per year)",
        odds.deadline.extension,
        odds.deadline.deal,
        odds.deadline.lapse(),
        discount,
        odds.period_days,
        odds.yearly
    )];
    let mut rows: Vec<Value> = Vec::new();
    for (j, code) in sides.iter().zip(&codes) {
        // Flows from today's: percent of income a year, times the period's share of a year.
        let level = |payoff: f64| (payoff - struck.board.base[*j]).exp_m1();
        let (lapsed, dealt) = (level(struck.disagreement[*j]), level(deal[*j]));
        let flows = StateFlows { truce: 0.0, lapsed: lapsed * share_of_year, deal: dealt * share_of_year };
        let values = odds.deadline.values(&flows, discount)?;
        let extension = odds.deadline.value_of_extension(&flows, discount)?;
        let indifference = odds.deadline.indifference(&flows, discount)?;
        let income = ground.baseline.income[*j];
        let words = match indifference {
            Indifference::At(p) => {
                format!("indifferent between waiting and the deal at an extension probability of {p:.3}")
            }
            Indifference::AlwaysDeal => "prefers the deal whatever the odds of an extension".to_owned(),
            Indifference::AlwaysWait => "would rather wait than take the deal, whatever the odds".to_owned(),
        };
        lines.push(format!(
            "{code}: a lapse means {:+.4} percent of income a year ({:+.0} {unit} a year, long run), a deal {:+.4}; one more extension is worth {:+.4} percent of a year's income; {}",
            100.0 * lapsed,
            lapsed * income,
            100.0 * dealt,
            100.0 * extension,
            if has_deal { words.as_str() } else { "there is no deal to compare with: the zone is empty" }
        ));
        rows.push(json!({
            "player": code,
            "lapse_pct_per_year": 100.0 * lapsed,
            "deal_pct_per_year": has_deal.then_some(100.0 * dealt),
            "lapse_money_per_year": lapsed * income,
            "value_of_truce_pct": 100.0 * values.truce,
            "value_of_lapse_pct": 100.0 * values.lapsed,
            "value_of_deal_pct": has_deal.then_some(100.0 * values.deal),
            "value_of_one_more_extension_pct": 100.0 * extension,
            "indifference_probability": match (has_deal, indifference) { (true, Indifference::At(p)) => Some(p), _ => None },
            "preference": has_deal.then_some(words),
        }));
    }
    lines.push(LEAVES_OUT.into());
    lines.push("all flows are long-run, per year; money per week within the truce is another accounting (`detente brief`)".into());
    lines.append(&mut report.lines);
    report.lines = lines;
    report.fields.insert(
        "deadline".into(),
        json!({
            "extension": odds.deadline.extension,
            "deal": odds.deadline.deal,
            "lapse": odds.deadline.lapse(),
            "restored": odds.deadline.restored,
            "breakdown": odds.deadline.breakdown,
            "discount_factor_per_period": discount,
            "period_days": odds.period_days,
            "after_a_lapse": from.word(),
            "horizon": "long run, flows per year",
            "sides": rows,
            "unit": unit,
            "caveat": LEAVES_OUT,
        }),
    );
    Ok(report)
}
