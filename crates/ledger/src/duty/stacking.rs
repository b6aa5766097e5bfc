//! How families of layers stack. The rules are data: a new authority is a row here and not a branch in the code.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One rule between families.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, tag = "rule", rename_all = "kebab-case")]
pub enum StackingRule {
    /// Of the layers of a family that reach a good, only the highest is charged.
    Highest {
        /// The family.
        family: String,
        /// Where the rule is written.
        source: String,
    },
    /// Goods, or the part of their value, on which `by` is charged are free of `of`. `by` is a family, or one instrument.
    Blocks {
        /// The family that is charged, or one instrument of it.
        by: String,
        /// The family that is kept off.
        of: String,
        /// First day of the rule; always where absent.
        #[serde(default)]
        from: Option<Date>,
        /// First day without the rule; never where absent.
        #[serde(default)]
        until: Option<Date>,
        /// Where the rule is written.
        source: String,
    },
    /// No good is on the lists of two of these: what the record knows only as shares of each adds up as expected, and never to
    /// more than the highest of them.
    OneOf {
        /// Families, or instruments by their id.
        of: Vec<String>,
        /// Where the rule is written.
        source: String,
    },
}

/// The table of rules. What no rule names adds up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stacking {
    /// The rules.
    #[serde(default, rename = "stacking")]
    pub rules: Vec<StackingRule>,
}

impl Stacking {
    /// Whether only the highest layer of `family` is charged.
    pub fn only_highest(&self, family: &str) -> bool {
        self.rules
            .iter()
            .any(|rule| matches!(rule, StackingRule::Highest { family: held, .. } if held == family))
    }

    /// The sets of families or instruments of which a good meets one at most.
    pub fn one_of(&self) -> impl Iterator<Item = &[String]> {
        self.rules.iter().filter_map(|rule| match rule {
            StackingRule::OneOf { of, .. } => Some(of.as_slice()),
            _ => None,
        })
    }

    /// The families or instruments whose goods are free of `family` on the day.
    pub fn blockers<'a>(&'a self, family: &'a str, on: Date) -> impl Iterator<Item = &'a str> {
        self.rules.iter().filter_map(move |rule| match rule {
            StackingRule::Blocks { by, of, from, until, .. }
                if of == family && from.is_none_or(|day| day <= on) && until.is_none_or(|day| on < day) =>
            {
                Some(by.as_str())
            }
            _ => None,
        })
    }
}
