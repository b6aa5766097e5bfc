//! What holds a deal, in words and as JSON.

use detente::results::tags::Tag;
use detente::strategy::found::{
    FoundPenance, GoingOver, PunishmentPath, SideHold, SidePenance, Stage, Sustained,
};
use detente::strategy::tagged::tagged;
use detente_engine::horizon::Horizon;
use detente_engine::strategy::sustain::EMPTY_THREAT_ABOVE;
use serde_json::{Value, json};

/// What the numbers are compared with.
const AGAINST: &str = "the deal, flows per year";

/// A finding a line.
pub fn lines(found: &Sustained) -> Vec<String> {
    let mut lines: Vec<String> = found.sides.iter().map(|side| side_words(found, side)).collect();
    let at = format!("at {:.4} per period (patience times office)", found.effective_discount);
    lines.push(match found.most_cooperative_share {
        Some(share) if share >= 1.0 => format!("{at} the whole deal holds"),
        Some(share) => format!("{at} {:.1} percent of the way from the war to the deal holds", 100.0 * share),
        None => format!("{at} not even a twentieth of the way to the deal holds"),
    });
    lines.push(match &found.path {
        None => format!(
            "the punishment is {}: the most that a side could gain by leaving it is {:.1e}",
            if found.war_is_equilibrium {
                "an equilibrium of the stage game"
            } else {
                "NOT an equilibrium: an empty threat"
            },
            found.punishment_gain
        ),
        Some(path) => path_words(found, path),
    });
    lines.push(renegotiation(found));
    lines.extend(found.penance.as_ref().map(|penance| penance_words(found, penance)));
    lines.push(format!(
        "payoffs are long-run flows per year; within the first year, on the importer's account, breaking the deal brings {} {:+.4} and {} \
         {:+.4} percent of income (wages and border prices held: gains in the terms of trade come later)",
        found.sides[0].player,
        found.sides[0].first_year_temptation_pct,
        found.sides[1].player,
        found.sides[1].first_year_temptation_pct
    ));
    lines
}

fn side_words(found: &Sustained, side: &SideHold) -> String {
    let code = &side.player;
    let (brings, costs) = (100.0 * side.temptation, 100.0 * side.loss_from_punishment);
    let Some(d) = side.critical_discount else {
        return format!(
            "{code}: breaking the deal brings {brings:+.4} percent a year, and the punishment costs too little at any patience ({costs:+.4})"
        );
    };
    let office = found.office_survival;
    let average = if found.path.is_some() { " on average from then on" } else { "" };
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
        found.period_days
    )
}

fn path_words(found: &Sustained, path: &PunishmentPath) -> String {
    let [first, second] = &path.leaving;
    format!(
        "the punishment: {}; whoever leaves it starts it anew, and nobody gains by that at any stage: the most is {:+.1e} percent a year \
         on average for {} (period {}) and {:+.1e} for {} (period {})",
        states(path),
        100.0 * first.gain,
        found.sides[0].player,
        first.period,
        100.0 * second.gain,
        found.sides[1].player,
        second.period
    )
}

/// The states of a path, and what comes then.
fn states(path: &PunishmentPath) -> String {
    let last = path.states.len() - 1;
    let state = |(k, (name, periods)): (usize, &(String, u32))| match (k == last && !path.returns, periods) {
        (true, _) => format!("`{name}` for ever"),
        (false, 1) => format!("`{name}` for 1 period"),
        (false, n) => format!("`{name}` for {n} periods"),
    };
    let states: Vec<String> = path.states.iter().enumerate().map(state).collect();
    states.join(", then ") + if path.returns { ", then the deal again" } else { "" }
}

fn stage(stage: Stage) -> String {
    match stage {
        Stage::Deal => "the deal".to_owned(),
        Stage::War => "the war".to_owned(),
        Stage::Period(period) => format!("period {period} of the punishment"),
    }
}

fn renegotiation(found: &Sustained) -> String {
    match &found.talked_away {
        Some(GoingOver { from, to, gains }) => format!(
            "renegotiation: in {} both sides are better off by going over to {} ({} {:+.4}, {} {:+.4} percent a year on average), so that \
             this threat is talked away: it is not weakly renegotiation-proof",
            stage(*from),
            stage(*to),
            found.sides[0].player,
            100.0 * gains[0],
            found.sides[1].player,
            100.0 * gains[1]
        ),
        None => "renegotiation: no stage of the deal or the punishment leaves both sides better off than another: weakly \
                 renegotiation-proof"
            .to_owned(),
    }
}

fn penance_words(found: &Sustained, penance: &FoundPenance) -> String {
    let days = found.period_days;
    let [first, second] = &penance.sides;
    match penance.critical {
        Some((d, periods)) => format!(
            "penance instead: a side that broke the deal makes up for it for {periods} {} of {days:.0} days at {:+.4} ({}) or \
             {:+.4} ({}) percent from the deal, while the other gains {:+.4} or {:+.4}; so punished, the deal holds from a discount factor of {d:.4} on{}",
            if periods == 1 { "period" } else { "periods" },
            100.0 * first.penance,
            found.sides[0].player,
            100.0 * second.penance,
            found.sides[1].player,
            100.0 * second.reward,
            100.0 * first.reward,
            if penance.talked_away {
                " (but both would rather go over to another stage: it is talked away)"
            } else {
                ", and no stage of it leaves both better off than another"
            }
        ),
        None => format!(
            "penance instead: none of up to {} periods on the frontier is kept by both sides at any discount factor",
            penance.longest
        ),
    }
}

/// As JSON, each number with its horizon, what it is compared with and how it came about.
pub fn json_of(found: &Sustained) -> Value {
    let sides: Vec<Value> = found.sides.iter().map(|side| side_json(found, side)).collect();
    let [a, b] = found.sides.each_ref().map(|side| side.player.as_str());
    let talked_away = found.talked_away.as_ref().map(|away| {
        json!({
            "from": stage(away.from),
            "to": stage(away.to),
            "gains_pct": { a: 100.0 * away.gains[0], b: 100.0 * away.gains[1] },
        })
    });
    let renegotiation = json!({
        "weakly_renegotiation_proof": found.talked_away.is_none(),
        "talked_away": talked_away,
        "penance": found.penance.as_ref().map(|penance| penance_json(found, penance)),
    });
    let value = json!({
        "effective_discount_factor": found.effective_discount,
        "yearly_patience": found.yearly_patience,
        "office_survival_per_period": found.office_survival,
        "detection_lag_periods": found.detection_lag,
        "punishment_periods": found.punishment_periods,
        "period_days": found.period_days,
        "holds": sides,
        "punishment_gain": found.punishment_gain,
        "punishment_is_equilibrium": found.punishment_gain <= EMPTY_THREAT_ABOVE,
        "punishment_path": found.path.as_ref().map(|path| path_json(found, path)),
        "renegotiation": renegotiation,
        "most_cooperative_share": found.most_cooperative_share,
        "tried": found.tried,
    });
    let inputs = [
        "effective_discount_factor",
        "yearly_patience",
        "office_survival_per_period",
        "detection_lag_periods",
        "punishment_periods",
        "period_days",
    ];
    let computed = ["punishment_gain", "punishment_path", "renegotiation", "most_cooperative_share", "tried"];
    let tags: Vec<(&str, Tag)> = inputs
        .iter()
        .map(|name| (*name, Tag::Assumed))
        .chain(computed.iter().map(|name| (*name, Tag::Model)))
        .collect();
    tagged(value, Horizon::Long, AGAINST, &tags)
}

fn side_json(found: &Sustained, side: &SideHold) -> Value {
    let patience =
        side.critical_discount.map(|d| d / found.office_survival).filter(|patience| *patience < 1.0);
    let first_year = json!({ "temptation_pct": side.first_year_temptation_pct });
    let value = json!({
        "player": side.player,
        "temptation_pct": 100.0 * side.temptation,
        "loss_from_punishment_pct": 100.0 * side.loss_from_punishment,
        "critical_discount_factor": side.critical_discount,
        "critical_patience_per_period": patience,
        "critical_patience_per_year": patience.map(|d| d.powf(365.0 / found.period_days)),
        "within_a_year": tagged(first_year, Horizon::FirstYear, "the deal", &[("temptation_pct", Tag::Accounting)]),
    });
    let fields = [
        "temptation_pct",
        "loss_from_punishment_pct",
        "critical_discount_factor",
        "critical_patience_per_period",
        "critical_patience_per_year",
    ];
    tagged(value, Horizon::Long, AGAINST, &fields.map(|name| (name, Tag::Model)))
}

fn path_json(found: &Sustained, path: &PunishmentPath) -> Value {
    let side = |slot: usize| {
        let leaving = &path.leaving[slot];
        json!({
            "player": found.sides[slot].player,
            "largest_gain_from_leaving_pct": 100.0 * leaving.gain,
            "state": leaving.state,
            "period": leaving.period,
        })
    };
    let states: Vec<Value> =
        path.states.iter().map(|(name, periods)| json!({ "tariffs": name, "periods": periods })).collect();
    let then = if path.returns { "return" } else { "for-ever" };
    json!({ "states": states, "then": then, "sides": [side(0), side(1)] })
}

fn penance_json(found: &Sustained, penance: &FoundPenance) -> Value {
    let side = |slot: usize| {
        let SidePenance { deviation, penance, deviation_in_penance, reward, deviation_in_reward } =
            penance.sides[slot];
        json!({
            "player": found.sides[slot].player,
            "deviation_pct": 100.0 * deviation,
            "penance_pct": 100.0 * penance,
            "deviation_in_penance_pct": 100.0 * deviation_in_penance,
            "reward_pct": 100.0 * reward,
            "deviation_in_reward_pct": 100.0 * deviation_in_reward,
        })
    };
    json!({
        "critical_discount_factor": penance.critical.map(|(d, _)| d),
        "periods": penance.critical.map(|(_, periods)| periods),
        "share": penance.share,
        "sides": [side(0), side(1)],
        "talked_away": penance.talked_away,
    })
}
