//! The duty over time: every day on which it changes, and by which act.

use jiff::civil::Date;
use serde::Serialize;

use super::{TariffError, Tariffs, View};
use crate::duty::{Answer, Bounds, Part, Question};
use crate::schedule::Reading;

/// Days on which the duty is the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DutyStep {
    /// First day.
    pub from: Date,
    /// First day of another duty; open where none is on record.
    pub until: Option<Date>,
    /// Percent of value; null where it is no single rate.
    pub total_pct: Option<f64>,
    /// Bounds where it is not one rate.
    pub range_pct: Option<Bounds>,
    /// The base rate as printed, where it is specific or compound.
    pub specific: Option<String>,
    /// What changed on the first day, in words; empty on the first step.
    pub changes: Vec<String>,
}

impl Tariffs {
    /// Every step of the duty from the question's day to `until` (exclusive), as known on the question's `known_on`.
    pub fn duty_steps(
        &self,
        question: &Question<'_>,
        until: Date,
        reading: Reading,
    ) -> Result<Vec<DutyStep>, TariffError> {
        let (from, to) = (self.party(question.from)?, self.party(question.to)?);
        let question = &Question { from: &from, to: &to, ..question.clone() };
        self.refuse(question)?;
        let view = View {
            importer: question.to,
            exporter: question.from,
            on: question.on,
            known_on: question.known_on,
            reading,
        };
        let mut days = vec![question.on];
        days.extend(self.days_of_change(view).into_iter().filter(|day| *day > question.on && *day < until));
        let mut steps: Vec<DutyStep> = Vec::new();
        let mut before: Option<Answer> = None;
        for day in days {
            let answer = self.duty_of_day(&Question { on: day, ..question.clone() }, reading)?;
            let changes = before.as_ref().map(|before| changes(before, &answer)).unwrap_or_default();
            let same = before.as_ref().is_some_and(|before| {
                (before.total_pct, before.range_pct, &before.specific)
                    == (answer.total_pct, answer.range_pct, &answer.specific)
            });
            if !same {
                if let Some(last) = steps.last_mut() {
                    last.until = Some(day);
                }
                steps.push(DutyStep {
                    from: day,
                    until: None,
                    total_pct: answer.total_pct,
                    range_pct: answer.range_pct,
                    specific: answer.specific.clone(),
                    changes,
                });
            }
            before = Some(answer);
        }
        Ok(steps)
    }
}

/// Which measures add something else than before, in words, with the act.
fn changes(before: &Answer, after: &Answer) -> Vec<String> {
    let adds = |parts: &[Part], measure: &str| -> f64 {
        parts
            .iter()
            .filter(|part| part.measure == measure)
            .filter_map(|part| part.adds_pct)
            .map(|adds| adds.most)
            // An empty sum of binary fractions is minus zero, which would be printed.
            .sum::<f64>()
            + 0.0
    };
    let mut measures: Vec<&str> = Vec::new();
    for part in before.parts.iter().chain(&after.parts) {
        if !measures.contains(&part.measure.as_str()) {
            measures.push(&part.measure);
        }
    }
    measures
        .into_iter()
        .filter_map(|measure| {
            let (was, is) = (adds(&before.parts, measure), adds(&after.parts, measure));
            if was == is {
                return None;
            }
            let act = after
                .parts
                .iter()
                .find(|part| part.measure == measure)
                .and_then(|part| part.sources.first())
                .map_or_else(|| "off the books".to_owned(), Clone::clone);
            Some(format!("{measure}: {was} to {is} ({act})"))
        })
        .collect()
}
