//! What the desk shows: the answer to a move, the levers and the page, from the library's own answers.

pub mod answer;
mod dials;
pub mod levers;
pub mod page;
pub mod parts;
pub mod words;
