//! What a code does not show: conditions that an importer claims or that the goods fulfil, asked once and used by name.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::own_folder::put;

/// Who settles a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConditionKind {
    /// The importer, who must claim it: unanswered, it is not made.
    Claim,
    /// The goods: unanswered, both answers are possible.
    Fact,
    /// The goods: a share of their value.
    Content,
}

/// A condition, with its question and answers in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Identifier.
    pub id: String,
    /// Who settles it.
    pub kind: ConditionKind,
    /// The question.
    pub question: String,
    /// The answer where it is met.
    #[serde(default)]
    pub yes: Option<String>,
    /// The answer where it is not.
    #[serde(default)]
    pub no: Option<String>,
    /// Share of trade that meets it, or share of value, for averages.
    #[serde(default)]
    pub expected: Option<f64>,
    /// First day on which it is asked; always where absent. Before, it is not met.
    #[serde(default)]
    pub from: Option<Date>,
    /// First day on which it is asked no longer.
    #[serde(default)]
    pub until: Option<Date>,
    /// Contents with the same word share one value.
    #[serde(default)]
    pub of: Option<String>,
    /// Citations.
    #[serde(default)]
    pub sources: Vec<String>,
}

impl Condition {
    /// A claim that is named and not described: a programme of preference.
    pub fn claim(id: &str, question: String) -> Self {
        Self {
            id: id.to_owned(),
            kind: ConditionKind::Claim,
            question,
            yes: None,
            no: None,
            expected: None,
            from: None,
            until: None,
            of: None,
            sources: Vec::new(),
        }
    }

    /// The words for an answer.
    pub fn answer(&self, met: bool) -> &str {
        let (said, word) = if met { (&self.yes, "yes") } else { (&self.no, "no") };
        said.as_deref().unwrap_or(word)
    }

    /// Whether it is asked on a day.
    pub fn is_asked(&self, on: Date) -> bool {
        self.from.is_none_or(|day| day <= on) && self.until.is_none_or(|day| on < day)
    }

    /// Its weight in averages.
    fn expected(&self) -> f64 {
        self.expected.unwrap_or(match self.kind {
            ConditionKind::Claim => 0.0,
            ConditionKind::Fact => 1.0,
            ConditionKind::Content => 0.5,
        })
    }
}

/// A condition that must be met, or must not: `metal-weight`, `!metal-weight`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Requirement {
    /// The condition.
    pub id: String,
    /// It must not be met.
    pub negated: bool,
}

impl TryFrom<String> for Requirement {
    type Error = String;

    fn try_from(typed: String) -> Result<Self, String> {
        let negated = typed.starts_with('!');
        let id = typed.trim_start_matches('!').trim().to_owned();
        if id.is_empty() || id.contains(' ') {
            return Err(format!(
                "`{typed}` names no condition; write its id, with `!` before it for `not met`"
            ));
        }
        Ok(Self { id, negated })
    }
}

impl From<Requirement> for String {
    fn from(held: Requirement) -> Self {
        held.to_string()
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", if self.negated { "!" } else { "" }, self.id)
    }
}

/// The conditions on record.
#[derive(Clone, Debug, Default)]
pub struct Conditions(Vec<Condition>);

impl Conditions {
    /// Adds a condition; one of the same name is replaced. Whether there was one.
    pub(crate) fn put(&mut self, condition: Condition) -> bool {
        put(&mut self.0, condition, |held, one| held.id == one.id)
    }

    /// A condition by its name.
    pub fn get(&self, id: &str) -> Option<&Condition> {
        self.0.iter().find(|held| held.id == id)
    }

    /// Every condition.
    pub fn iter(&self) -> impl Iterator<Item = &Condition> {
        self.0.iter()
    }

    /// The same conditions with every content at all of the value, for the most that an average can be.
    pub(crate) fn with_contents_at_most(&self) -> Self {
        let mut held = self.clone();
        for condition in held.0.iter_mut().filter(|condition| condition.kind == ConditionKind::Content) {
            condition.expected = Some(1.0);
        }
        held
    }

    /// The same conditions with other expected shares.
    pub(crate) fn with_expected(&self, shares: &[(String, f64)]) -> Self {
        let mut held = self.clone();
        for condition in &mut held.0 {
            if let Some((_, share)) = shares.iter().find(|(id, _)| *id == condition.id) {
                condition.expected = Some(*share);
            }
        }
        held
    }

    /// How far a condition is met on a day: 0 or 1 where it is answered, its expected share where not.
    pub fn weight(&self, id: &str, on: Date, situation: &Situation) -> f64 {
        if let Some(answer) = situation.answer(id) {
            return answer;
        }
        match self.get(id) {
            Some(condition) if condition.is_asked(on) => condition.expected(),
            Some(_) => 0.0,
            // Within a quota, unless said otherwise; a programme is claimed only where it is said.
            None => f64::from(u8::from(id.starts_with(QUOTA))),
        }
    }

    /// How far all of `required` are met.
    pub fn met(&self, required: &[Requirement], on: Date, situation: &Situation) -> f64 {
        required
            .iter()
            .map(|one| {
                let weight = self.weight(&one.id, on, situation);
                if one.negated { 1.0 - weight } else { weight }
            })
            .product()
    }
}

/// The beginning of the name of a condition that asks for the state of a quota.
pub const QUOTA: &str = "quota:";

/// Answers to conditions: shares from 0 (not met) to 1 (met, or all of the value).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Situation(Vec<(String, f64)>);

impl Situation {
    /// The answer on record here.
    pub fn answer(&self, id: &str) -> Option<f64> {
        self.0.iter().find(|(held, _)| held == id).map(|(_, answer)| *answer)
    }

    /// The same with an answer put in.
    #[must_use]
    pub fn with(&self, id: &str, answer: f64) -> Self {
        let mut found = self.clone();
        match found.0.iter_mut().find(|(held, _)| held == id) {
            Some((_, held)) => *held = answer,
            None => found.0.push((id.to_owned(), answer)),
        }
        found
    }
}
