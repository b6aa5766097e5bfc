//! The catalogue of outcomes: for every number of a result its name, label, unit, formula, how it comes about, which direction is better,
//! and the accessor that reads it. Columns, screens, bands, gradients, tags, sweeps and the dictionary of columns are made from it: an
//! outcome is named nowhere else.
//!
//! An entry's `id` is its name. Where files that other programs read carry an older key, that key is an alias, said by [`Place`]:
//!
//! ```
//! use detente_engine::catalogue::{Place, economy::WELFARE};
//!
//! assert_eq!(WELFARE.id, "welfare_pct");
//! assert_eq!(WELFARE.key(Place::Economies), "welfare_pct");
//! assert_eq!(WELFARE.key(Place::Brief), "income_pct"); // the older word
//! ```
//!
//! For readers *income* is one number only: exact long-run welfare as a share of income. What an economy spends is *final spending*, and
//! what the accounts of the first year find is the *importer's account*.

pub mod capital;
pub mod dials;
pub mod economy;
mod entry;
pub mod first_year;
pub mod flow;
pub mod lists;
pub mod sector;
mod tag;

pub use entry::{Better, Origin, OutcomeEntry, Place, Unit};
pub use tag::Tag;

use crate::objective::Outcome;

/// The outcome that a gradient or an objective names: the entry's own word, or an older one.
pub fn objective(name: &str) -> Option<Outcome> {
    objectives().find(|(word, old, _)| *word == name || *old == Some(name)).map(|(_, _, outcome)| outcome)
}

/// Every outcome that can be differentiated: its word, an older word for it where there is one, and what it is.
pub fn objectives() -> impl Iterator<Item = (&'static str, Option<&'static str>, Outcome)> {
    lists::ALL.iter().flat_map(|group| group.entries).filter_map(|entry| entry.objective)
}

#[cfg(test)]
mod tests {
    use super::lists::ALL;
    use super::*;
    use crate::outcomes::economy::EconomyOutcome;

    #[test]
    fn a_name_is_one_number_and_a_number_has_one_name() {
        let all: Vec<&OutcomeEntry> = ALL.iter().flat_map(|group| group.entries.iter().copied()).collect();
        for group in ALL {
            for (at, entry) in group.entries.iter().enumerate() {
                let before = &group.entries[..at];
                assert!(before.iter().all(|other| other.id != entry.id), "{} stands twice", entry.id);
                assert!(
                    before.iter().all(|other| other.label != entry.label),
                    "two are called {}",
                    entry.label
                );
                assert!(!entry.formula.is_empty(), "{} has no formula", entry.id);
            }
        }
        // Reading an accessor twice is how one number gets two names.
        let told: EconomyOutcome = EconomyOutcome {
            welfare_pct: Some(1.0),
            income_before: Some(2.0),
            income_after: Some(3.0),
            ..EconomyOutcome::default()
        };
        let reads = |wanted: f64| -> Vec<&str> {
            let held =
                all.iter().filter(|entry| entry.equilibrium.and_then(|read| read(&told)) == Some(wanted));
            held.map(|entry| entry.id).collect()
        };
        assert_eq!(reads(1.0), ["welfare_pct"]);
        assert_eq!(reads(2.0), ["final_spending_before"]);
        assert_eq!(reads(3.0), ["final_spending"]);
        for entry in &all {
            let income = entry.label == "income" || entry.short == "income";
            assert_eq!(income, entry.id == "welfare_pct", "{} is called income", entry.id);
        }
    }

    #[test]
    fn names_say_the_unit() {
        for entry in ALL.iter().flat_map(|group| group.entries) {
            assert_eq!(entry.id.ends_with("_pct"), entry.unit == Unit::Percent, "{}", entry.id);
            assert_eq!(entry.id.ends_with("_points"), entry.unit == Unit::Points, "{}", entry.id);
        }
    }

    #[test]
    fn old_words_for_what_is_differentiated_are_read() {
        assert_eq!(objective("final_spending"), Some(Outcome::Income));
        assert_eq!(objective("income"), Some(Outcome::Income));
        assert_eq!(objective("welfare"), Some(Outcome::Welfare));
        assert_eq!(objective("happiness"), None);
    }
}
