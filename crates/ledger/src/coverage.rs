//! What the record covers: its last day of evidence, what it knows to be missing, and what it decided where texts are open.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::confidence::Confidence;
use crate::own_folder::{OwnFolder, put};

/// The days for which an importer's law was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Importing party.
    pub importer: String,
    /// The record begins.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last day of evidence.
    pub until: Date,
}

/// Something that the record knows to be missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// Identifier.
    pub id: String,
    /// Importing party.
    pub importer: String,
    /// Origins; all where absent.
    #[serde(default)]
    pub targets: Vec<String>,
    /// Said where one of these is charged.
    #[serde(default)]
    pub instruments: Vec<String>,
    /// Said on goods of these lists.
    #[serde(default)]
    pub lists: Vec<String>,
    /// Said on goods of these codes.
    #[serde(default)]
    pub codes: Vec<String>,
    /// First day.
    #[serde(default)]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default)]
    pub until: Option<Date>,
    /// What is missing, in words.
    pub what: String,
    /// The duty is no surer than this where it is said.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Citations.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// A question that the texts leave open, and how the record answers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ambiguity {
    /// Identifier.
    pub id: String,
    /// The question.
    pub question: String,
    /// The answer that this record takes.
    pub decided: String,
    /// Why.
    #[serde(default)]
    pub why: Option<String>,
    /// Importing party.
    pub importer: String,
    /// Origins; all where absent.
    #[serde(default)]
    pub targets: Vec<String>,
    /// Shown where one of these is on the books.
    #[serde(default)]
    pub instruments: Vec<String>,
    /// First day.
    #[serde(default)]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default)]
    pub until: Option<Date>,
    /// Citations.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// Everything of this kind on record.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Days of evidence.
    pub evidence: Vec<Evidence>,
    /// What is missing.
    pub missing: Vec<Missing>,
    /// What was decided.
    pub ambiguities: Vec<Ambiguity>,
}

impl Coverage {
    /// Adds days of evidence and what is missing; a row with an importer or identifier on record takes its place.
    pub(crate) fn lay(&mut self, evidence: Vec<Evidence>, missing: Vec<Missing>, own: &mut OwnFolder) {
        for one in evidence {
            let name = format!("evidence of {}", one.importer);
            let took_a_place = put(&mut self.evidence, one, |held, one| held.importer == one.importer);
            own.count(took_a_place.then_some(name));
        }
        for one in missing {
            let name = format!("what is missing, {}", one.id);
            let took_a_place = put(&mut self.missing, one, |held, one| held.id == one.id);
            own.count(took_a_place.then_some(name));
        }
    }

    /// Adds questions that the texts leave open; one with an identifier on record takes its place.
    pub(crate) fn lay_ambiguities(&mut self, added: Vec<Ambiguity>, own: &mut OwnFolder) {
        for one in added {
            let name = format!("open question {}", one.id);
            let took_a_place = put(&mut self.ambiguities, one, |held, one| held.id == one.id);
            own.count(took_a_place.then_some(name));
        }
    }

    /// The days for which an importer's law was read, where the record says so.
    pub fn evidence_of(&self, importer: &str) -> Option<&Evidence> {
        self.evidence.iter().find(|held| held.importer == importer)
    }
}
