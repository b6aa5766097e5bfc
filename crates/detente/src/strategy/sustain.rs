//! Deals that hold without a court.

use detente_engine::first_year;
use detente_engine::strategy::best_response::{Start, once_more};
use detente_engine::strategy::certificate::{SAME_OPTIMUM, StrategyCertificate};
use detente_engine::strategy::criterion::WeightedSum;
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::payoff::{Game, PayoffScale, variables_of};
use detente_engine::strategy::projected_newton::SearchSettings;
use detente_engine::strategy::punishment_path::{Leaving, PathPayoffs, critical_discount_factor};
use detente_engine::strategy::renegotiation::talked_away;
use detente_engine::strategy::sustain::{
    Deal, EMPTY_THREAT_ABOVE, Punishment, Sustainability, check_discount_factor, furthest, most_cooperative,
    per_period, sustain as hold,
};

use super::answer::Answer;
use super::bargain::{Disagreement, StruckBargain, from_words, strike_bargain};
use super::baseline_world::BaselineWorld;
use super::board::Rules;
use super::error::NoStrategy;
use super::found::{Found, GoingOver, SideHold, Stage, Sustained};
use super::penance;
use super::punishment::{OwnPunishment, PlayedPath, play};
use super::split::split;
use detente_data::elasticities;

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

    fn punishment(&self) -> Punishment {
        Punishment { detection_lag: self.detection_lag.max(1), length: self.punishment_periods }
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

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            DealPoint::EqualGains => "equal gains",
            DealPoint::NashBargain => "Nash bargain",
            DealPoint::KalaiSmorodinsky => "Kalai–Smorodinsky",
        }
    }
}

fn no_zone() -> NoStrategy {
    let reason = "no deal leaves both sides better off, so none can be held".into();
    StrategyError::EmptyZone(reason).into()
}

/// The deal that is asked about.
pub(super) fn deal_point(struck: &StruckBargain, which: DealPoint) -> Result<Vec<f64>, NoStrategy> {
    let points = struck.bargain.points.as_ref().ok_or_else(no_zone)?;
    Ok(match which {
        DealPoint::EqualGains => points.equal_gains.point.clone(),
        DealPoint::NashBargain => points.nash.point.clone(),
        DealPoint::KalaiSmorodinsky => points.kalai_smorodinsky.point.clone(),
    })
}

/// How the deal that is asked about is established.
pub(super) fn deal_certificate(
    struck: &StruckBargain,
    which: DealPoint,
) -> Result<StrategyCertificate, NoStrategy> {
    let points = struck.bargain.points.as_ref().ok_or_else(no_zone)?;
    Ok(match which {
        DealPoint::EqualGains => points.equal_gains.certificate.clone(),
        DealPoint::NashBargain => points.nash.certificate.clone(),
        DealPoint::KalaiSmorodinsky => points.kalai_smorodinsky.certificate.clone(),
    })
}

/// What answers a breach.
#[derive(Clone, Copy, Debug, Default)]
pub struct Threat<'a> {
    /// A punishment of the user's own, instead of the war that the two sides would have.
    pub own: Option<&'a OwnPunishment>,
    /// Whether a punishment that nobody would want to talk away is looked for too.
    pub renegotiation_proof: bool,
}

/// Temptations and punishments, each side's best breach searched for once more until nothing better is found.
fn held(
    struck: &mut StruckBargain,
    deal: &Deal,
    settings: &SearchSettings,
) -> Result<Sustainability, NoStrategy> {
    let mut starts = struck.board.starts();
    let players = struck.board.base.len();
    loop {
        let mut found = hold(&mut struck.board.game, deal, &starts, settings)?;
        let mut better = false;
        for (slot, j) in deal.players.iter().enumerate() {
            let chosen = variables_of(&struck.board.game, *j);
            let criterion = WeightedSum::of_player(*j, players);
            let breach = found.deviations[slot].clone();
            let value = breach.value;
            let again = once_more(&mut struck.board.game, &criterion, &chosen, breach, settings)?;
            better |= again.value > value + SAME_OPTIMUM;
            starts.push(Start::new("a better breach", again.point.clone()));
            found.deviations[slot] = again;
        }
        if !better || starts.len() > 12 {
            return Ok(found);
        }
    }
}

/// Whether a deal holds against a punishment, and the most cooperative one that does.
pub fn sustain(
    ground: &BaselineWorld,
    sides: [usize; 2],
    which: DealPoint,
    patience: Patience,
    threat: Threat,
    rules: Rules,
) -> Result<Answer, NoStrategy> {
    let effective = patience.effective()?;
    let mut struck = strike_bargain(ground, sides, Disagreement::Nash, rules)?;
    let point = deal_point(&struck, which)?;
    let certificate = deal_certificate(&struck, which)?;
    let deal = Deal {
        players: sides.to_vec(),
        point: point.clone(),
        punishment_point: struck.disagreement_point.clone(),
        punishment: patience.punishment(),
        office_survival: vec![patience.office; 2],
        scale: PayoffScale::Logarithm,
    };
    let settings = SearchSettings::default();
    let found = held(&mut struck, &deal, &settings)?;
    let mut at_deal = vec![0.0; struck.board.base.len()];
    struck.board.game.evaluate(&point, &mut at_deal)?;
    let path = match threat.own {
        None => None,
        Some(own) => Some(OwnPath::accepted(&mut struck, sides, own, &found, &at_deal, &patience)?),
    };
    let best = match &path {
        None => most_cooperative(&mut struck.board.game, &deal, &[effective; 2], &settings)?,
        Some(path) => {
            let net = |part: &Sustainability, payoffs: &[f64]| path.net(sides, part, payoffs, effective);
            furthest(&mut struck.board.game, &deal, &net, &settings)?
        }
    };
    let first_year = first_year(&mut struck, &found, &point)?;
    let penance = if threat.renegotiation_proof {
        Some(penance::search(&mut struck, sides, &point, &found, &deal.punishment)?)
    } else {
        None
    };
    let codes: Vec<&str> = sides.iter().map(|j| ground.code(*j)).collect();
    let against = threat.own.map_or("the trade war", |own| own.name.as_str());
    let title =
        format!("What holds a deal between {} and {}: temptation against {against}", codes[0], codes[1]);
    let shown = best.as_ref().map_or(&point, |best| &best.point);
    let mut certified = vec![
        (format!("the deal ({})", which.words()), certificate.clone()),
        (from_words(ground, Disagreement::Nash).to_owned(), struck.certificate.clone().unwrap_or_default()),
    ];
    for (code, breach) in codes.iter().zip(&found.deviations) {
        certified.push((format!("{code} breaks the deal"), breach.certificate.clone()));
    }
    certified.extend(path.iter().flat_map(|path| path.played.certified.clone()));
    let talked_away = going_over(&found, path.as_ref(), effective, &deal.punishment);
    let hold = |slot: usize| {
        let held = &found.holds[slot];
        let path = path.as_ref();
        SideHold {
            player: codes[slot].to_owned(),
            temptation: held.temptation,
            loss_from_punishment: path.map_or(held.loss_from_punishment, |path| path.loss(slot, effective)),
            critical_discount: path.map_or(held.critical_discount_factor, |path| path.critical[slot]),
            first_year_temptation_pct: first_year[slot],
        }
    };
    let leaving = path.as_ref().map(|path| path.leaving[0].gain.max(path.leaving[1].gain));
    let sustained = Sustained {
        yearly_patience: patience.yearly,
        office_survival: patience.office,
        effective_discount: effective,
        detection_lag: patience.detection_lag.max(1),
        punishment_periods: patience.punishment_periods,
        period_days: patience.period_days,
        sides: [hold(0), hold(1)],
        war_is_equilibrium: found.punishment_is_equilibrium,
        punishment_gain: leaving.unwrap_or(found.punishment_gain),
        path: path.as_ref().map(|path| path.played.found(&path.leaving)),
        talked_away,
        penance,
        most_cooperative_share: best.as_ref().map(|best| best.share),
        tried: best.as_ref().map(|best| best.tried.clone()),
    };
    let mut report = Answer::at(&mut struck.board, title, shown, certificate)?;
    report.certified = certified;
    report.found = Found::Sustained(Box::new(sustained));
    let war = Some(struck.disagreement.clone());
    let (parts, alone) = split(&mut struck.board, sides, war, Some(&at_deal))?;
    report.split = Some(parts);
    report.certified.extend(alone);
    Ok(report)
}

/// A path of the user's own that nobody leaves.
struct OwnPath {
    played: PlayedPath,
    sides: [PathPayoffs; 2],
    leaving: [Leaving; 2],
    lag: u32,
    critical: [Option<f64>; 2],
}

impl OwnPath {
    /// Plays the path and refuses it where a side gains by leaving it at any stage.
    fn accepted(
        struck: &mut StruckBargain,
        sides: [usize; 2],
        own: &OwnPunishment,
        found: &Sustainability,
        at_deal: &[f64],
        patience: &Patience,
    ) -> Result<Self, NoStrategy> {
        let (effective, lag) = (patience.effective()?, patience.punishment().detection_lag);
        let played = play(struck, sides, own)?;
        let payoffs =
            [0, 1].map(|slot| played.of_side(slot, at_deal[sides[slot]], found.holds[slot].temptation));
        let none = Leaving { state: 0, period: 0, gain: 0.0 };
        let leaving = [0, 1].map(|slot| payoffs[slot].leaving(effective, lag).unwrap_or(none));
        for (slot, leaving) in leaving.iter().enumerate() {
            if leaving.gain > EMPTY_THREAT_ABOVE {
                return Err(NoStrategy::Unknown(format!(
                    "punishment {}: it is an empty threat, {} gains {:.2e} percent a year on average by leaving it in period {} (`{}`), at \
                     {effective:.4} a period (patience times office); a punishment must be one that no player gains by leaving",
                    own.name,
                    struck.board.ground.code(sides[slot]),
                    100.0 * leaving.gain,
                    leaving.period + 1,
                    played.states[leaving.state].0
                )));
            }
        }
        let critical = [0, 1].map(|slot| {
            critical_discount_factor(std::slice::from_ref(&payoffs[slot]), lag, EMPTY_THREAT_ABOVE)
        });
        Ok(Self { played, sides: payoffs, leaving, lag, critical })
    }

    /// What the punishment costs a side, average per period.
    fn loss(&self, slot: usize, effective: f64) -> f64 {
        -self.sides[slot].values(effective).first().copied().unwrap_or(0.0)
    }

    /// The largest amount by which a part of the deal, or the path behind it, fails to hold.
    fn net(&self, sides: [usize; 2], part: &Sustainability, payoffs: &[f64], effective: f64) -> f64 {
        (0..2)
            .map(|slot| {
                let side = self.played.of_side(slot, payoffs[sides[slot]], part.holds[slot].temptation);
                let leaving = side.leaving(effective, self.lag).map_or(0.0, |leaving| leaving.gain);
                // What stays within the tolerance for an empty threat does not count against the deal.
                let leaving = if leaving > EMPTY_THREAT_ABOVE { leaving } else { f64::NEG_INFINITY };
                side.net_temptation(effective, self.lag).max(leaving)
            })
            .fold(f64::NEG_INFINITY, f64::max)
    }
}

/// Whether both sides would rather go over from one stage of the deal and its punishment to another: average values of the deal and of each
/// stage, compared pair by pair.
fn going_over(
    found: &Sustainability,
    path: Option<&OwnPath>,
    effective: f64,
    punishment: &Punishment,
) -> Option<GoingOver> {
    let mut stages = vec![Stage::Deal];
    let mut values = vec![vec![0.0, 0.0]];
    match path {
        None => {
            // With the deal behind a war of some periods its first one is the worst.
            let weight = punishment.length.map_or(1.0, |n| 1.0 - effective.powi(n.min(1 << 20) as i32));
            stages.push(Stage::War);
            values.push(found.holds.iter().map(|hold| -weight * hold.loss_from_punishment).collect());
        }
        Some(path) => {
            let by_side = path.sides.each_ref().map(|side| side.values(effective));
            for period in 0..by_side[0].len() {
                stages.push(Stage::Period(period + 1));
                values.push(vec![by_side[0][period], by_side[1][period]]);
            }
        }
    }
    let away = talked_away(&values, EMPTY_THREAT_ABOVE)?;
    Some(GoingOver { from: stages[away.from], to: stages[away.to], gains: [away.gains[0], away.gains[1]] })
}

/// What each side's breach brings it within the first year, percent of income: the importer's account on the flows of the deal.
fn first_year(
    struck: &mut StruckBargain,
    found: &Sustainability,
    deal: &[f64],
) -> Result<Vec<f64>, NoStrategy> {
    let ground = struck.board.ground;
    let at_deal = struck.board.game.equilibrium(deal)?;
    let mut flows = ground.calibration.rebased(&at_deal).map_err(StrategyError::from)?;
    let parameters = elasticities::short_run()
        .map_err(|error| NoStrategy::Unknown(format!("short-run elasticities: {error}")))?
        .published();
    flows.tariff_rate = struck.board.game.instruments(deal).tariff_rate;
    let mut brings = Vec::new();
    for (hold, breach) in found.holds.iter().zip(&found.deviations) {
        let after = struck.board.game.instruments(&breach.point).tariff_rate;
        let found = first_year::first_year(&flows, &after, &parameters).map_err(StrategyError::from)?;
        brings.push(found.accounts[hold.player].importers_account_pct());
    }
    Ok(brings)
}
