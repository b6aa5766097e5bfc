//! Talks whose tables were read, so that they are read once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Talks;

/// Talks that were read, by their code in small letters. Copies of a ledger share them until one of them is laid over.
#[derive(Clone, Debug, Default)]
pub(crate) struct TalksRead(Arc<Mutex<BTreeMap<String, Arc<Talks>>>>);

impl TalksRead {
    /// Also where another thread broke while it held the lock: what is there is whole.
    pub(super) fn locked(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Talks>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
