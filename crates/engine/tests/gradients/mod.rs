//! What the tests of gradients share: points to check at, and the model written anew in numbers of any kind.
#![allow(dead_code)]

pub mod cases;
pub mod equations;
pub mod number;
