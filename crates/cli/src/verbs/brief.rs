//! `detente brief`: one page on the state of talks.

use crate::{failure::Failure, output::Format};
use clap::Args;
use std::path::PathBuf;

/// What `brief` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Code of the talks.
    #[arg(default_value = "us-china")]
    pub talks: String,
    /// The day the brief is about (today unless said otherwise).
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// The day whose knowledge it uses (`--on` unless said otherwise), or `latest`.
    #[arg(long, value_name = "DATE")]
    pub known_on: Option<String>,
    /// Also write the brief as one self-contained page.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// How the brief is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Prints the brief.
pub fn run(_arguments: Arguments) -> Result<(), Failure> {
    Err(Failure::NoAnswer("the brief is being put together on this branch".into()))
}
