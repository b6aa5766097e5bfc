//! Why a command ends without a result, and with which exit status.

use std::fmt;

/// Exit status of what was interrupted, as shells have it: 128 and the signal's number.
pub const INTERRUPTED: u8 = 130;

/// Why a command ends without a result.
#[derive(Debug)]
#[allow(dead_code, reason = "each verb uses the kinds that it can meet")]
pub enum Failure {
    /// The question has no answer: not converged, infeasible. Exit status 1.
    NoAnswer(String),
    /// The input is wrong. Exit status 2.
    WrongInput(String),
    /// A fault of the program's own. Exit status 3.
    Fault(String),
    /// Ctrl-C, and what is kept. Exit status 130.
    Stopped(String),
}

impl Failure {
    /// Exit status.
    pub fn status(&self) -> u8 {
        match self {
            Failure::NoAnswer(_) => 1,
            Failure::WrongInput(_) => 2,
            Failure::Fault(_) => 3,
            Failure::Stopped(_) => INTERRUPTED,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Failure::NoAnswer(text)
        | Failure::WrongInput(text)
        | Failure::Fault(text)
        | Failure::Stopped(text)) = self;
        formatter.write_str(text)
    }
}
