//! A deal in words: whether there is one that leaves both better off, how large, and what holds it.

use super::number::{change, joined, named, percent};
use crate::brief::{Brief, OneRateDeal, OneRateSide};
use crate::strategy::found::Disagreement;
use crate::strategy::pictures::PatienceCurve;

/// The deal of the first screen, or why none was found.
pub fn in_one_rate(brief: &Brief) -> Option<String> {
    match (&brief.deal, &brief.no_deal) {
        (Some(deal), _) => Some(balanced(brief, deal)),
        (None, reason) => reason.as_ref().map(|reason| format!("A deal: not found, {reason}.")),
    }
}

/// A deal in one rate a side with equal gains, and what of them needs no deal.
pub fn balanced(brief: &Brief, deal: &OneRateDeal) -> String {
    let without = match deal.without {
        Disagreement::Lapse => "nobody signing",
        _ => "a war of free choice",
    };
    let Some(sides) = &deal.sides else {
        return format!(
            "A balanced deal, one rate a side, that leaves both better off than {without}: none."
        );
    };
    let each = |words: &dyn Fn(&OneRateSide) -> String| {
        let sides =
            sides.iter().map(|side| format!("{} {}", named(brief.economy_name(&side.economy)), words(side)));
        joined(&sides.collect::<Vec<_>>())
    };
    let rates = each(&|side: &OneRateSide| {
        format!("{} % (now {})", percent(side.rate_in_deal), percent(side.rate_today))
    });
    let both = |value: fn(&OneRateSide) -> f64| {
        let [a, b] = [value(&sides[0]), value(&sides[1])].map(change);
        if a == b { format!("{a} % to each") } else { format!("{a} and {b} %") }
    };
    let over_war = match deal.without {
        Disagreement::Lapse => format!(", {} over a war of free choice", both(|side| side.gain_over_war_pct)),
        _ => String::new(),
    };
    // Most of what a deal brings over high duties a side has by cutting its own to where they are best for it.
    let alone = both(|side| side.gain_over_alone_pct);
    format!(
        "A balanced deal, one rate a side as collected: {rates}; worth in income {} over {without}{over_war}, {alone} over cutting alone.",
        both(|side| side.gain_pct),
    )
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
