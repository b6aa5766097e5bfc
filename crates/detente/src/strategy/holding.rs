//! Deals that hold without a court.

use detente_engine::horizon::truce::truce;
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::payoff::PayoffScale;
use detente_engine::strategy::projected_newton::SearchSettings;
use detente_engine::strategy::sustain::{
    Deal, Punishment, Sustainability, check_discount_factor, most_cooperative, per_period, sustain as hold,
};
use serde_json::json;

use super::answer::Answer;
use super::board::Rules;
use super::error::NoStrategy;
use super::ground::Ground;
use super::penance;
use super::talks::{Disagreement, Struck, strike_bargain};
use crate::elasticities;
use crate::scenario::meant::Scenario;

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
pub(super) fn deal_point(struck: &Struck, which: DealPoint) -> Result<Vec<f64>, NoStrategy> {
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

/// What answers a breach.
#[derive(Clone, Copy, Debug, Default)]
pub struct Threat<'a> {
    /// A scenario whose tariffs are the punishment, instead of the war that the two sides would have.
    pub own: Option<&'a Scenario>,
    /// Whether a punishment that nobody would want to talk away is looked for too.
    pub renegotiation_proof: bool,
}

/// The punishment as a point of the board: the war, or the user's own, which nobody may gain by leaving.
fn punishment_point(struck: &mut Struck, sides: [usize; 2], threat: Threat) -> Result<Vec<f64>, NoStrategy> {
    let Some(own) = threat.own else { return Ok(struck.disagreement_point.clone()) };
    let ground = struck.board.ground;
    // The scenario's changes, its baseline's first, on today's tariffs.
    let mut case = own.counterfactual.clone();
    if let Some(baseline) = &own.baseline {
        case.changes = baseline.changes.iter().chain(&case.changes).cloned().collect();
    }
    let instruments = case.instruments(&ground.calibration.benchmark, None)?;
    let point = struck.board.point_of(&instruments);
    let deal = Deal {
        players: sides.to_vec(),
        point: point.clone(),
        punishment_point: point.clone(),
        punishment: Punishment::default(),
        office_survival: vec![1.0; 2],
        scale: PayoffScale::Logarithm,
    };
    let starts = struck.board.starts();
    let found = hold(&mut struck.board.game, &deal, &starts, &SearchSettings::default())?;
    if found.punishment_is_equilibrium {
        return Ok(point);
    }
    Err(NoStrategy::Unknown(format!(
        "--punishment {}: it is an empty threat, a side gains {:.2e} percent by leaving it; a punishment must be one that no player \
         gains by leaving",
        own.name,
        100.0 * found.punishment_gain.exp_m1()
    )))
}

/// Whether a deal holds against a punishment, and the most cooperative one that does.
pub fn sustain(
    ground: &Ground,
    sides: [usize; 2],
    which: DealPoint,
    patience: Patience,
    threat: Threat,
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
        punishment_point: punishment_point(&mut struck, sides, threat)?,
        punishment,
        office_survival: vec![patience.office; 2],
        scale: PayoffScale::Logarithm,
    };
    let settings = SearchSettings::default();
    let starts = struck.board.starts();
    let answer = hold(&mut struck.board.game, &deal, &starts, &settings)?;
    let best = most_cooperative(&mut struck.board.game, &deal, &[effective; 2], &settings)?;
    let first_year = first_year(&mut struck, &answer, &point)?;
    let penance = if threat.renegotiation_proof {
        Some(penance::search(&mut struck, sides, &point, &answer, &punishment)?)
    } else {
        None
    };
    let codes: Vec<&str> = sides.iter().map(|j| ground.code(*j)).collect();
    let against = threat.own.map_or("the trade war", |own| own.name.as_str());
    let title =
        format!("What holds a deal between {} and {}: temptation against {against}", codes[0], codes[1]);
    let mut certificate = match &struck.bargain.points {
        Some(points) => points.equal_gains.certificate.clone(),
        None => return Err(StrategyError::EmptyZone("no deal".into()).into()),
    };
    certificate.effort.add(answer.effort);
    let shown = best.as_ref().map_or(&point, |best| &best.point);
    let mut report = Answer::at(&mut struck.board, title, shown, certificate)?;
    let mut lines = Vec::new();
    let mut rows = Vec::new();
    for (slot, (hold, code)) in answer.holds.iter().zip(&codes).enumerate() {
        let yearly = hold.critical_patience.map(|d| d.powf(365.0 / patience.period_days));
        lines.push(match hold.critical_discount_factor {
            Some(d) => format!(
                "{code}: breaking the deal brings {:+.4} percent a year until detected, the punishment costs {:+.4}; it keeps the deal from a \
                 discount factor of {d:.4} per {:.0} days on{}",
                100.0 * hold.temptation,
                100.0 * hold.loss_from_punishment,
                patience.period_days,
                match hold.critical_patience {
                    Some(p) if patience.office < 1.0 => format!(
                        " (patience {p:.4} where the counterpart stays with a chance of {} a period)",
                        patience.office
                    ),
                    Some(_) => String::new(),
                    None => " (no patience is enough for that chance of the counterpart's staying)".to_owned(),
                }
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
            "first_year_temptation_pct": first_year[slot],
            "horizon": "long run, flows per year; first_year_temptation_pct within a year",
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
        "the punishment is {}: the most that a side could gain by leaving it is {:.1e}; going back to war hurts the wronged side too, so that \
         both would rather start over: it is not renegotiation-proof",
        if answer.punishment_is_equilibrium { "an equilibrium of the stage game" } else { "NOT an equilibrium: an empty threat" },
        answer.punishment_gain
    ));
    if let Some(penance) = &penance {
        lines.push(penance.words(&codes, patience.period_days));
    }
    lines.push(format!(
        "payoffs are long-run flows per year (7 to 10 years); within the first year, by accounting, breaking the deal brings {} {:+.4} and {} \
         {:+.4} percent of income (wages and border prices held: gains in the terms of trade come later)",
        codes[0], first_year[0], codes[1], first_year[1]
    ));
    report.lead(lines);
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
        "renegotiation_proof": penance.as_ref().map(|penance| penance.json(&codes)),
        "most_cooperative_share": best.as_ref().map(|best| best.share),
        "tried": best.as_ref().map(|best| best.tried.clone()),
    });
    report.fields.insert("sustain".into(), detail);
    Ok(report)
}

/// What each side's breach brings it within the first year, percent of income: the accounts of the truce horizon on the flows of the deal.
fn first_year(struck: &mut Struck, found: &Sustainability, deal: &[f64]) -> Result<Vec<f64>, NoStrategy> {
    let ground = struck.board.ground;
    let at_deal = struck.board.game.equilibrium(deal)?;
    let flows = ground.calibration.rebased(&at_deal).map_err(StrategyError::from)?;
    let sectors = flows.sectors.len();
    let parameters = elasticities::short_run()
        .map_err(|error| NoStrategy::Unknown(format!("short-run elasticities: {error}")))?
        .headline(sectors);
    let before = struck.board.game.instruments(deal).tariff_rate;
    let mut brings = Vec::new();
    for (hold, point) in found.holds.iter().zip(&found.deviations) {
        let after = struck.board.game.instruments(point).tariff_rate;
        let accounts = truce(&flows, &before, &after, &parameters).map_err(StrategyError::from)?;
        brings.push(accounts.accounts[hold.player].income_pct());
    }
    Ok(brings)
}
