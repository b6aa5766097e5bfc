//! Deals that hold without a court.

use detente_engine::horizon::Horizon;
use detente_engine::first_year;
use detente_engine::strategy::best_response::{Start, once_more};
use detente_engine::strategy::certificate::{SAME_OPTIMUM, StrategyCertificate};
use detente_engine::strategy::criterion::WeightedSum;
use detente_engine::strategy::error::StrategyError;
use detente_engine::strategy::payoff::{Game, PayoffScale, variables_of};
use detente_engine::strategy::projected_newton::SearchSettings;
use detente_engine::strategy::punishment_path::{Leaving, PathPayoffs, critical_discount_factor};
use detente_engine::strategy::renegotiation::{TalkedAway, talked_away};
use detente_engine::strategy::sustain::{
    Deal, EMPTY_THREAT_ABOVE, Hold, MostCooperative, Punishment, Sustainability, check_discount_factor,
    furthest, most_cooperative, per_period, sustain as hold,
};
use serde_json::{Value, json};

use super::answer::Answer;
use super::bargain::{Disagreement, StruckBargain, from_words, strike_bargain};
use super::baseline_world::BaselineWorld;
use super::board::Rules;
use super::error::NoStrategy;
use super::penance;
use super::punishment::{OwnPunishment, PlayedPath, play};
use super::tagged::tagged;
use crate::results::tags::Tag;
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
    let renegotiation = Renegotiation::of(&found, path.as_ref(), effective, &deal.punishment);
    let mut report = Answer::at(&mut struck.board, title, shown, certificate)?;
    report.certified = certified;
    let told = Told {
        codes: &codes,
        patience,
        effective,
        found: &found,
        path: path.as_ref(),
        best: best.as_ref(),
        penance: penance.as_ref(),
        renegotiation: &renegotiation,
        first_year: &first_year,
    };
    report.lead(told.lines());
    report.fields.insert("sustain".into(), told.json());
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

/// Whether the sides would rather go on with something else than with the punishment.
struct Renegotiation {
    names: Vec<String>,
    talked_away: Option<TalkedAway>,
}

impl Renegotiation {
    /// Average values of the deal and of each stage of the punishment, compared pair by pair.
    fn of(found: &Sustainability, path: Option<&OwnPath>, effective: f64, punishment: &Punishment) -> Self {
        let mut names = vec!["the deal".to_owned()];
        let mut values = vec![vec![0.0, 0.0]];
        match path {
            None => {
                // With the deal behind a war of some periods its first one is the worst.
                let weight = punishment.length.map_or(1.0, |n| 1.0 - effective.powi(n.min(1 << 20) as i32));
                names.push("the war".to_owned());
                values.push(found.holds.iter().map(|hold| -weight * hold.loss_from_punishment).collect());
            }
            Some(path) => {
                let stages = path.sides.each_ref().map(|side| side.values(effective));
                for period in 0..stages[0].len() {
                    names.push(format!("period {} of the punishment", period + 1));
                    values.push(vec![stages[0][period], stages[1][period]]);
                }
            }
        }
        Self { names, talked_away: talked_away(&values, EMPTY_THREAT_ABOVE) }
    }

    fn words(&self, codes: &[&str]) -> String {
        match &self.talked_away {
            Some(found) => format!(
                "renegotiation: in {} both sides are better off by going over to {} ({} {:+.4}, {} {:+.4} percent a year on average), so that \
                 this threat is talked away: it is not weakly renegotiation-proof",
                self.names[found.from],
                self.names[found.to],
                codes[0],
                100.0 * found.gains[0],
                codes[1],
                100.0 * found.gains[1]
            ),
            None => "renegotiation: no stage of the deal or the punishment leaves both sides better off than another: weakly \
                     renegotiation-proof"
                .to_owned(),
        }
    }

    fn json(&self, codes: &[&str]) -> Value {
        json!({
            "weakly_renegotiation_proof": self.talked_away.is_none(),
            "talked_away": self.talked_away.as_ref().map(|found| json!({
                "from": self.names[found.from],
                "to": self.names[found.to],
                "gains_pct": { codes[0]: 100.0 * found.gains[0], codes[1]: 100.0 * found.gains[1] },
            })),
        })
    }
}

/// What was found, for words and JSON.
struct Told<'a> {
    codes: &'a [&'a str],
    patience: Patience,
    effective: f64,
    found: &'a Sustainability,
    path: Option<&'a OwnPath>,
    best: Option<&'a MostCooperative>,
    penance: Option<&'a penance::FoundPenance>,
    renegotiation: &'a Renegotiation,
    first_year: &'a [f64],
}

impl Told<'_> {
    /// From which discount factor a side keeps the deal.
    fn critical(&self, slot: usize) -> Option<f64> {
        match self.path {
            Some(path) => path.critical[slot],
            None => self.found.holds[slot].critical_discount_factor,
        }
    }

    /// What the punishment costs a side, average per period.
    fn loss(&self, slot: usize) -> f64 {
        match self.path {
            Some(path) => -path.sides[slot].values(self.effective).first().copied().unwrap_or(0.0),
            None => self.found.holds[slot].loss_from_punishment,
        }
    }

    fn side(&self, slot: usize, hold: &Hold) -> String {
        let code = self.codes[slot];
        let (brings, costs) = (100.0 * hold.temptation, 100.0 * self.loss(slot));
        let Some(d) = self.critical(slot) else {
            return format!(
                "{code}: breaking the deal brings {brings:+.4} percent a year, and the punishment costs too little at any patience ({costs:+.4})"
            );
        };
        let office = self.patience.office;
        let average = if self.path.is_some() { " on average from then on" } else { "" };
        let with_office = match d / office {
            _ if office >= 1.0 => String::new(),
            p if p < 1.0 => {
                format!(" (patience {p:.4} where the counterpart stays with a chance of {office} a period)")
            }
            _ => " (no patience is enough for that chance of the counterpart's staying)".to_owned(),
        };
        format!(
            "{code}: breaking the deal brings {brings:+.4} percent a year until detected, the punishment costs {costs:+.4}{average}; it keeps the deal from \
             a discount factor of {d:.4} per {:.0} days on{with_office}",
            self.patience.period_days
        )
    }

    fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.found.holds.iter().enumerate().map(|(slot, hold)| self.side(slot, hold)).collect();
        let at = format!("at {:.4} per period (patience times office)", self.effective);
        lines.push(match self.best {
            Some(best) if best.share >= 1.0 => format!("{at} the whole deal holds"),
            Some(best) => {
                format!("{at} {:.1} percent of the way from the war to the deal holds", 100.0 * best.share)
            }
            None => format!("{at} not even a twentieth of the way to the deal holds"),
        });
        lines.push(match self.path {
            None => format!(
                "the punishment is {}: the most that a side could gain by leaving it is {:.1e}",
                if self.found.punishment_is_equilibrium {
                    "an equilibrium of the stage game"
                } else {
                    "NOT an equilibrium: an empty threat"
                },
                self.found.punishment_gain
            ),
            Some(path) => format!(
                "the punishment: {}; whoever leaves it starts it anew, and nobody gains by that at any stage: the most is {:+.1e} percent a year \
                 on average for {} (period {}) and {:+.1e} for {} (period {})",
                path.played.words(),
                100.0 * path.leaving[0].gain,
                self.codes[0],
                path.leaving[0].period + 1,
                100.0 * path.leaving[1].gain,
                self.codes[1],
                path.leaving[1].period + 1
            ),
        });
        lines.push(self.renegotiation.words(self.codes));
        lines.extend(self.penance.map(|penance| penance.words(self.codes, self.patience.period_days)));
        lines.push(format!(
            "payoffs are long-run flows per year (7 to 10 years); within the first year breaking the deal brings {} {:+.4} and {} \
             {:+.4} percent of income on the importer's account (wages and border prices held: gains in the terms of trade come later)",
            self.codes[0], self.first_year[0], self.codes[1], self.first_year[1]
        ));
        lines
    }

    fn side_json(&self, slot: usize, hold: &Hold) -> Value {
        let critical = self.critical(slot);
        let patience = critical.map(|d| d / self.patience.office).filter(|patience| *patience < 1.0);
        let first_year = json!({ "temptation_pct": self.first_year[slot] });
        let side = json!({
            "player": self.codes[slot],
            "temptation_pct": 100.0 * hold.temptation,
            "loss_from_punishment_pct": 100.0 * self.loss(slot),
            "critical_discount_factor": critical,
            "critical_patience_per_period": patience,
            "critical_patience_per_year": patience.map(|d| d.powf(365.0 / self.patience.period_days)),
            "within_a_year": tagged(first_year, Horizon::FirstYear, "the deal", &[("temptation_pct", Tag::Accounting)]),
        });
        let fields = [
            "temptation_pct",
            "loss_from_punishment_pct",
            "critical_discount_factor",
            "critical_patience_per_period",
            "critical_patience_per_year",
        ];
        tagged(side, Horizon::Long, "the deal, flows per year", &fields.map(|name| (name, Tag::Model)))
    }

    fn json(&self) -> Value {
        let holds = self.found.holds.iter().enumerate();
        let sides: Vec<Value> = holds.map(|(slot, hold)| self.side_json(slot, hold)).collect();
        let mut renegotiation = self.renegotiation.json(self.codes);
        renegotiation["penance"] = json!(self.penance.map(|penance| penance.json(self.codes)));
        let punishment_gain = self
            .path
            .map_or(self.found.punishment_gain, |path| path.leaving[0].gain.max(path.leaving[1].gain));
        let found = json!({
            "effective_discount_factor": self.effective,
            "yearly_patience": self.patience.yearly,
            "office_survival_per_period": self.patience.office,
            "detection_lag_periods": self.patience.detection_lag.max(1),
            "punishment_periods": self.patience.punishment_periods,
            "period_days": self.patience.period_days,
            "holds": sides,
            "punishment_gain": punishment_gain,
            "punishment_is_equilibrium": punishment_gain <= EMPTY_THREAT_ABOVE,
            "punishment_path": self.path.map(|path| path.played.json(self.codes, &path.leaving)),
            "renegotiation": renegotiation,
            "most_cooperative_share": self.best.map(|best| best.share),
            "tried": self.best.map(|best| best.tried.clone()),
        });
        let inputs = [
            "effective_discount_factor",
            "yearly_patience",
            "office_survival_per_period",
            "detection_lag_periods",
            "punishment_periods",
            "period_days",
        ];
        let computed =
            ["punishment_gain", "punishment_path", "renegotiation", "most_cooperative_share", "tried"];
        let tags: Vec<(&str, Tag)> = inputs
            .iter()
            .map(|name| (*name, Tag::Assumed))
            .chain(computed.iter().map(|name| (*name, Tag::Model)))
            .collect();
        tagged(found, Horizon::Long, "the deal, flows per year", &tags)
    }
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
