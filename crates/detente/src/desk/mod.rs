//! The desk: a state that one moves, the scenario that it means, the levers that a day has.
//!
//! One type, [`state::DeskState`], makes the link, the file and the hash. What a state means is the scenario that the command reads from the
//! saved file: a page asks the same library the same question, so that its numbers are those of the command to the last digit.

pub mod document;
pub mod levers;
pub mod measure;
pub mod state;
