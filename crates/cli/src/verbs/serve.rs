//! `detente serve`: the desk, a local page that answers while one moves it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;

/// What `serve` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Where it listens: an address of this machine and a port; the port 0 takes any that is free.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7801")]
    pub address: SocketAddr,
    /// The address of a proxy in front of it that encrypts, `https://…`.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Listen beyond this machine although whoever shares the network can read along.
    #[arg(long)]
    pub i_know_this_is_plain_http: bool,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// A folder with measures of your own, laid over the record.
    #[arg(long, value_name = "DIR")]
    pub ledger: Vec<PathBuf>,
    /// Write no line for each request.
    #[arg(long)]
    pub quiet: bool,
}

/// Serves until it is told to stop.
#[cfg(feature = "page")]
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    use crate::output;
    use crate::own_facts;
    use crate::record::wrong;
    use detente::World;
    use detente_server::serve::{Options, run};

    let world = match &arguments.benchmark {
        Some(directory) => World::open(directory).map_err(wrong)?,
        None => World::embedded().map_err(crate::record::fault)?,
    };
    let world = world.with_measures(arguments.ledger.clone());
    if !arguments.ledger.is_empty() {
        own_facts::tell(&world.record().map_err(wrong)?.ledger().own, std::sync::Arc::new(true.into()));
        own_facts::on_standard_error();
    }
    let options = Options {
        address: arguments.address,
        base_url: arguments.base_url.clone(),
        knows_plain_http: arguments.i_know_this_is_plain_http,
        is_logged: !arguments.quiet,
    };
    run(world, options, |address| {
        output::note(format_args!("the desk is at http://{address}/desk; Ctrl-C stops it"));
    })
    .map_err(wrong)
}

/// Says how to have it.
#[cfg(not(feature = "page"))]
pub fn run(_arguments: Arguments) -> Result<(), Failure> {
    Err(crate::record::wrong(
        "this program was built without the page; `cargo run --release --features page -- serve` has it",
    ))
}
