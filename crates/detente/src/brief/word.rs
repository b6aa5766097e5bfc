//! The words of a brief's data for the kinds of other crates that know no file format.

use detente_data::benchmark_directory::quality::Grade;
use detente_engine::horizon::Horizon;
use detente_ledger::talks::{CommitmentStatus, NonTariffState};
use serde::{Serialize, Serializer};

/// The word of a horizon, as in scenario files.
pub fn horizon<S: Serializer>(horizon: &Horizon, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(horizon.code())
}

/// The word of a grade; null where none is known.
pub fn grade<S: Serializer>(grade: &Option<Grade>, serializer: S) -> Result<S::Ok, S::Error> {
    grade.map(Grade::word).serialize(serializer)
}

/// The word of a promise's status.
pub fn commitment_status<S: Serializer>(status: &CommitmentStatus, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(status.word())
}

/// The word of the state of a measure without a tariff.
pub fn nontariff_state<S: Serializer>(state: &NonTariffState, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(state.word())
}
