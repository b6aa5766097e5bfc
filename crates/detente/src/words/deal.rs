//! A deal in words: whether there is one that leaves both better off, how large, and what holds it.

use super::number::{change, joined, named, percent};
use crate::brief::{Brief, OneRateSide};
use crate::strategy::found::Disagreement;
use crate::strategy::pictures::{BestResponseCurves, PatienceCurve, PayoffPlane};

/// Whether a deal in these items leaves both better off, and the largest equal gain; `names` are the sides'.
pub fn exists(plane: &PayoffPlane, curves: &BestResponseCurves, without: &str, names: [&str; 2]) -> String {
    if plane.zone_is_empty {
        return format!("In one rate a side there is no deal that leaves both better off than {without}.");
    }
    let gains = plane.points.iter().rev().find(|point| point.objective_pct != plane.disagreement_pct);
    let gains = gains.map(|point| [0, 1].map(|k| point.objective_pct[k] - plane.disagreement_pct[k]));
    let rates = curves.agreed.map_or(String::new(), |agreed| {
        let sides: Vec<String> = (0..2)
            .map(|k| {
                format!(
                    "{} {} % instead of {}",
                    named(names[k]),
                    percent(agreed[k]),
                    percent(curves.today[k])
                )
            })
            .collect();
        format!("; a balanced one would set {}", joined(&sides))
    });
    let worth = gains.map_or(String::new(), |[a, b]| {
        format!(
            ", worth {} % of income to {} and {} to {}",
            change(a),
            named(names[0]),
            change(b),
            named(names[1])
        )
    });
    format!("In one rate a side a deal exists that leaves both better off than {without}{rates}{worth}.")
}

/// The deal of the first screen: one rate a side, equal gains, and what of them needs no deal.
pub fn in_one_rate(brief: &Brief) -> Option<String> {
    let Some(deal) = &brief.deal else {
        return brief.no_deal.as_ref().map(|reason| format!("A deal: not found, {reason}."));
    };
    let without = match deal.without {
        Disagreement::Lapse => "nobody signing",
        _ => "a war of free choice",
    };
    let Some(sides) = &deal.sides else {
        return Some(format!("A deal in one rate a side that leaves both better off than {without}: none."));
    };
    let each = |words: &dyn Fn(&OneRateSide) -> String| {
        let sides =
            sides.iter().map(|side| format!("{} {}", named(brief.economy_name(&side.economy)), words(side)));
        joined(&sides.collect::<Vec<_>>())
    };
    let rates = each(&|side| format!("{} % (now {})", percent(side.rate_in_deal), percent(side.rate_today)));
    let both = |value: fn(&OneRateSide) -> f64| {
        let [a, b] = [value(&sides[0]), value(&sides[1])].map(change);
        if a == b { format!("{a} % to each") } else { format!("{a} and {b} %") }
    };
    let over_war = match deal.without {
        Disagreement::Lapse => format!(", over a war of free choice {}", both(|side| side.gain_over_war_pct)),
        _ => String::new(),
    };
    Some(format!(
        "A balanced deal in one rate a side, as collected: {rates}; worth in income over {without} {}{over_war}.",
        both(|side| side.gain_pct),
    ))
}

/// From which patience on it holds without a court.
pub fn holds(curve: &PatienceCurve) -> String {
    match curve.critical {
        [Some(a), Some(b)] => format!(
            "It holds by itself if each side weighs the next {:.0} days at {:.2} or more of today.",
            curve.period_days,
            a.max(b)
        ),
        _ => "Without a court one side would break it however patient both are.".to_owned(),
    }
}
