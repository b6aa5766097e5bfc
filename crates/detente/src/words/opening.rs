//! The first five seconds: three sentences and two numbers.

use super::certainty;
use super::deadline::{days_left, if_nobody_signs, returning};
use super::effects::{beside_today, fares_worse, who_loses_more};
use super::number::{dollars, named, points, whole};
use crate::brief::Brief;

/// A number with what it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The number.
    pub number: String,
    /// What it counts.
    pub words: String,
}

/// The three sentences: days left, what returns by law, who would lose more and how surely.
pub fn sentences(brief: &Brief) -> Vec<String> {
    [Some(days_left(brief)), if_nobody_signs(brief), who_loses_more(brief)].into_iter().flatten().collect()
}

/// The two numbers: what returns on how much trade, and how sure it is who loses more.
pub fn cards(brief: &Brief) -> Vec<Card> {
    let mut cards = Vec::new();
    let steps = returning(brief).into_iter().flat_map(|held| held.steps).filter(|([low, _], _)| *low > 0.0);
    let largest = steps.max_by(|a, b| a.1.unwrap_or(0.0).total_cmp(&b.1.unwrap_or(0.0)));
    let reached: f64 = returning(brief)
        .iter()
        .flat_map(|held| &held.steps)
        .filter_map(|(_, trade)| *trade)
        .filter(|trade| *trade > 0.0)
        .sum();
    if let Some(([low, high], _)) = largest {
        let number = if high > low { format!("{}–{}", points(low), points(high)) } else { points(low) };
        cards.push(Card {
            number: format!("+{number} points"),
            words: format!("return by law, if nobody signs, on {} of trade in all", dollars(reached)),
        });
    } else if let Some(deadline) = &brief.deadline {
        cards.push(Card {
            number: deadline.days.to_string(),
            words: "days left; no tariff returns by itself".to_owned(),
        });
    }
    if let Some(found) = beside_today(brief) {
        let worse = fares_worse(brief, found);
        let Some(share) = found.first_loses_more else {
            let driver = found.depends_on.as_ref().map_or("what is assumed", String::as_str);
            let words = format!("who would {worse}: it depends on {driver}");
            cards.push(Card { number: "Open".to_owned(), words });
            return cards;
        };
        let first = share >= 0.5;
        let share = if first { share } else { 1.0 - share };
        let name = named(brief.economy_name(if first { &found.first } else { &found.second }));
        let sure = certainty::word(share).unwrap_or(certainty::TOO_CLOSE);
        cards.push(Card {
            number: format!("{} %", whole(share)),
            words: format!("of runs: {name} would {worse} ({sure})"),
        });
    }
    cards
}
