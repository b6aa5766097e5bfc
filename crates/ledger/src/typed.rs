//! An instrument file as typed, and how it is laid over what is on record.

use crate::{
    duty::ScopeRule,
    error::LedgerError,
    instrument::{Basis, Entry, Instrument, Kind},
    own_folder::OwnFolder,
    undone_by::UndoneBy,
};
use serde::Deserialize;

/// An instrument file. Everything but `id` may be absent where the instrument is on record already.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypedInstrument {
    id: String,
    title: Option<String>,
    imposer: Option<String>,
    targets: Option<Vec<String>>,
    #[serde(default)]
    except_targets: Vec<String>,
    authority: Option<String>,
    statute: Option<String>,
    family: Option<String>,
    kind: Option<Kind>,
    reversible_by: Option<UndoneBy>,
    reinstated_in: Option<String>,
    covers: Option<String>,
    printed_codes: Option<String>,
    scope: Option<ScopeRule>,
    acts_on: Option<Vec<String>>,
    basis: Option<Basis>,
    #[serde(default)]
    entry: Vec<Entry>,
}

impl TypedInstrument {
    /// Whether it says what a new instrument must; a file of further acts does not.
    pub(crate) fn is_whole(&self) -> bool {
        self.title.is_some()
    }

    /// Adds entries to the instrument of this name, or adds the instrument.
    pub(crate) fn lay_over(
        mut self,
        file: &str,
        held: &mut Vec<Instrument>,
        own: &mut OwnFolder,
    ) -> Result<(), LedgerError> {
        for (at, entry) in self.entry.iter_mut().enumerate() {
            entry.written = (file.to_owned(), at + 1);
        }
        self.refuse_twins(file)?;
        if !own.measures.contains(&self.id) {
            own.measures.push(self.id.clone());
        }
        match held.iter_mut().find(|instrument| instrument.id == self.id) {
            Some(instrument) => self.add_to(instrument, own),
            None => {
                self.entry.iter().for_each(|_| own.count(None));
                held.push(self.into_new(file)?);
            }
        }
        Ok(())
    }

    /// The same act twice in one file: which holds would hang on the order.
    fn refuse_twins(&self, file: &str) -> Result<(), LedgerError> {
        for (at, entry) in self.entry.iter().enumerate() {
            if self.entry[..at].iter().any(|other| entry.is_same_act(other)) {
                return Err(LedgerError::entry(
                    file,
                    format!("entry {} of {}", at + 1, entry.from),
                    "the same act stands in this file before it",
                    "keep one of the two",
                ));
            }
        }
        Ok(())
    }

    fn add_to(self, instrument: &mut Instrument, own: &mut OwnFolder) {
        fn put<T>(place: &mut T, typed: Option<T>) {
            if let Some(typed) = typed {
                *place = typed;
            }
        }
        // What a file says of a measure beside its acts is one entry more; one of the folder's own it only goes on with.
        if self.is_whole() && !own.holds(&instrument.file) {
            own.count(Some(instrument.id.clone()));
        }
        put(&mut instrument.title, self.title);
        put(&mut instrument.imposer, self.imposer);
        put(&mut instrument.targets, self.targets);
        instrument.except_targets.extend(self.except_targets);
        put(&mut instrument.authority, self.authority);
        put(&mut instrument.statute, self.statute);
        put(&mut instrument.family, self.family);
        put(&mut instrument.kind, self.kind);
        put(&mut instrument.covers, self.covers);
        put(&mut instrument.scope, self.scope);
        put(&mut instrument.acts_on, self.acts_on);
        put(&mut instrument.basis, self.basis);
        instrument.reversible_by = self.reversible_by.or_else(|| instrument.reversible_by.take());
        instrument.reinstated_in = self.reinstated_in.or_else(|| instrument.reinstated_in.take());
        instrument.printed_codes = self.printed_codes.or_else(|| instrument.printed_codes.take());
        for entry in self.entry {
            match instrument.entries.iter_mut().find(|held| entry.is_same_act(held)) {
                Some(held) => {
                    own.count((!own.holds(&held.written.0)).then(|| instrument.id.clone() + &entry.short()));
                    *held = entry;
                }
                None => {
                    own.count(None);
                    instrument.entries.push(entry);
                }
            }
        }
    }

    fn into_new(self, file: &str) -> Result<Instrument, LedgerError> {
        let id = self.id;
        let needed = |key: &str| {
            LedgerError::entry(
                file,
                format!("instrument `{id}`"),
                format!("no `{key}`"),
                format!("a new instrument needs `{key}`; only one that is on record may leave it out"),
            )
        };
        let authority = self.authority.ok_or_else(|| needed("authority"))?;
        Ok(Instrument {
            title: self.title.ok_or_else(|| needed("title"))?,
            imposer: self.imposer.ok_or_else(|| needed("imposer"))?,
            targets: self.targets.ok_or_else(|| needed("targets"))?,
            except_targets: self.except_targets,
            kind: self.kind.ok_or_else(|| needed("kind"))?,
            family: self.family.ok_or_else(|| needed("family"))?,
            statute: self.statute.unwrap_or_default(),
            reversible_by: self.reversible_by,
            reinstated_in: self.reinstated_in,
            covers: self.covers.unwrap_or_default(),
            printed_codes: self.printed_codes,
            scope: self.scope.unwrap_or_default(),
            acts_on: self.acts_on.unwrap_or_default(),
            basis: self.basis.unwrap_or_default(),
            entries: self.entry,
            file: file.to_owned(),
            authority,
            id,
        })
    }
}
