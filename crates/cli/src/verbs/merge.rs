//! `detente merge`: the parts of a sweep put together.

use std::path::PathBuf;

use clap::Args;
use detente::sweep::merge;

use crate::failure::Failure;
use crate::output;
use crate::record::wrong;

/// What `merge` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder that `sweep --shard` wrote into: it holds shard-1-of-8 and so on.
    pub folder: PathBuf,
    /// Where the whole is written (DIR/merged where absent).
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The parts that are there, where some are missing; the summary then says `"complete": false` and which.
    #[arg(long)]
    pub partial: bool,
}

/// Merges and says how many runs there are.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let out = arguments.out.unwrap_or_else(|| arguments.folder.join("merged"));
    let merged = merge::merge(&arguments.folder, &out, arguments.partial).map_err(wrong)?;
    if !merged.missing.is_empty() {
        output::note(format_args!("note: not complete; missing: {}", merged.missing.join(", ")));
    }
    output::note(format_args!("{} runs in {}", merged.runs, out.display()));
    Ok(())
}
