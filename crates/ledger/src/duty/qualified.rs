//! A duty as a total or a range, for each answer to what a code does not show.

use serde::Serialize;

use super::LineDuty;

/// Least and most, percent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bounds {
    /// Least.
    pub least: f64,
    /// Most.
    pub most: f64,
}

/// The duty under an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerGiven {
    /// The answer in words.
    pub answer: String,
    /// The duty.
    #[serde(flatten)]
    pub duty: Qualified,
}

/// What a code does not show.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConditionAsked {
    /// Its name, for settling it.
    pub id: String,
    /// Who settles it: `claim`, `fact`, `content`, `loading`, `quota`.
    pub kind: &'static str,
    /// The question.
    pub question: String,
    /// The duty for each answer.
    pub answers: Vec<AnswerGiven>,
}

/// A duty as a total or a range.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Qualified {
    /// Percent of customs value, where it is one rate.
    pub total_pct: Option<f64>,
    /// Its ends, where it is not.
    pub range_pct: Option<Bounds>,
    /// The base rate as printed, where it is no share of value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specific: Option<String>,
    /// No entry.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub prohibited: bool,
    /// What a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The ends of a duty over lines and answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ends {
    pub(super) range: Option<(f64, f64)>,
    pub(super) prohibited: bool,
    pub(super) allowed: bool,
    /// The base is a share of value on every line.
    pub(super) known: bool,
}

impl Ends {
    pub(super) const NONE: Self = Self { range: None, prohibited: false, allowed: false, known: true };

    pub(super) fn of(duty: &LineDuty<'_>, estimate: bool) -> Self {
        let total = if estimate { duty.estimated_total() } else { duty.total() };
        let prohibited = !duty.prohibited.is_empty();
        let range = total.filter(|_| !prohibited).map(|total| (pct(total.least), pct(total.most)));
        Self { range, prohibited, allowed: !prohibited, known: duty.total().is_some() }
    }

    pub(super) fn with(self, other: Self) -> Self {
        // A line or an answer whose duty is no share of value leaves the whole without one.
        let range = match (self.range, other.range) {
            (Some(one), Some(two)) => Some((one.0.min(two.0), one.1.max(two.1))),
            (one, two) if self.allowed && other.allowed => one.and(two),
            (one, two) => one.or(two),
        };
        Self {
            range,
            prohibited: self.prohibited || other.prohibited,
            allowed: self.allowed || other.allowed,
            known: self.known && other.known,
        }
    }

    pub(super) fn as_duty(self, specific: Option<String>) -> Qualified {
        let bounds = self.range.map(|(least, most)| Bounds { least, most });
        let exact = bounds.filter(|held| held.least == held.most && self.known && !self.prohibited);
        Qualified {
            total_pct: exact.map(|held| held.least),
            range_pct: if exact.is_some() { None } else { bounds },
            specific,
            prohibited: self.prohibited && !self.allowed,
            note: None,
        }
    }
}

/// Percent without the noise of binary fractions.
pub(super) fn pct(share: f64) -> f64 {
    let rounded = (share * 1e8).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}
