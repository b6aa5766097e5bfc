//! `detente data split`: a product carved out of a sector.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use detente_data::benchmark_directory::{self, paid, write};
use detente_data::default_world;
use detente_data::split::{self, FINAL, Product, Report};
use detente_tables::atomic_write;
use detente_tables::folder::Folder;
use detente_tables::table::Table;

use super::table_file::table;
use crate::failure::Failure;
use crate::output;
use crate::record::wrong;

/// Name of the report in the directory of the benchmark.
const REPORT: &str = "split-report.json";
/// The word for the parent's own elasticity.
const PARENT: &str = "parent";

/// What `data split` takes.
#[derive(Args, Debug)]
pub struct Split {
    /// The sector it is carved out of.
    #[arg(long, value_name = "CODE")]
    sector: String,
    /// The product's own code.
    #[arg(long, value_name = "CODE")]
    product: String,
    /// The product's name for people (its code where absent).
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Table `exporter,importer,value` in the benchmark's unit, home sales included.
    #[arg(long, value_name = "FILE")]
    trade: PathBuf,
    /// The product's trade elasticity: how fast others can take a supplier's place, which decides what losing one costs. A number, or
    /// `parent` for the sector's.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    elasticity: String,
    /// Table `using_sector,share` and optionally `economy`; `final` is final use. As the sector is used where absent.
    #[arg(long = "use", value_name = "FILE", conflicts_with = "use_share")]
    users: Option<PathBuf>,
    /// The same on the command line: `CODE=SHARE`, several with commas.
    #[arg(long, value_name = "CODE=SHARE", value_delimiter = ',')]
    use_share: Vec<String>,
    /// Economies without a row buy of each exporter the part of its sector that this economy buys.
    #[arg(long, value_name = "ECONOMY")]
    fill_from: Option<String>,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    benchmark: Option<PathBuf>,
    /// Where the benchmark is written.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Runs `data split`.
pub fn run(arguments: &Split) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let trade_elasticity = match arguments.elasticity.as_str() {
        PARENT => None,
        number => Some(number.parse::<f64>().map_err(|_| {
            wrong(format!(
                "--elasticity `{number}` is no number; give the product's trade elasticity (below one where suppliers cannot be replaced \
                 within the time that is meant, the sector's where they can), or `{PARENT}`"
            ))
        })?),
    };
    let product = Product {
        sector: arguments.sector.clone(),
        code: arguments.product.clone(),
        name: arguments.name.clone().unwrap_or_else(|| arguments.product.clone()),
        trade_elasticity,
    };
    let trade = table(&arguments.trade)?;
    let users = match (&arguments.users, arguments.use_share.as_slice()) {
        (Some(file), _) => Some(table(file)?),
        (None, []) => None,
        (None, typed) => Some(typed_shares(typed)?),
    };
    let (made, paid_shares, report) = split::split(
        &directory.benchmark,
        &directory.paid_shares,
        &product,
        &trade,
        users.as_ref(),
        arguments.fill_from.as_deref(),
    )
    .map_err(wrong)?;
    let mut files =
        write::files(&made, &directory.quality, &directory.tariff_provenance, write::Precision::default());
    if !paid_shares.is_empty() {
        files.push((format!("{}.csv", paid::TABLE), paid::text(&made, &paid_shares)));
    }
    // What is written is read back before it is put in its place: it is refused for the same reasons as any.
    let name = arguments.out.display().to_string();
    let read = benchmark_directory::read(&Folder::Memory { name, files: files.clone() }).map_err(wrong)?;
    let text = serde_json::to_string_pretty(&report).map_err(|error| Failure::Fault(error.to_string()))?;
    files.push((REPORT.into(), text + "\n"));
    let sources = [Some(&arguments.trade), arguments.users.as_ref(), arguments.benchmark.as_ref()];
    let sources = sources.into_iter().flatten().map(PathBuf::as_path);
    atomic_write::refuse_sources(&arguments.out, sources).map_err(wrong)?;
    output::directory(&arguments.out, &benchmark_directory::OUTPUTS, &files)?;
    report.notes.iter().for_each(|note| output::note(format_args!("note: {note}")));
    if let Some(first) = report.capped.first() {
        let users = report.capped.len();
        output::note(format_args!(
            "note: {users} users buy too little of {} for their share, half of it at most, and the rest went to others (first {first}; \
             {REPORT} has all)",
            report.parent
        ));
    }
    if !report.filled.is_empty() {
        let flows = report.filled.len();
        output::note(format_args!(
            "note: {flows} flows that {} does not give are filled from another market; {REPORT} has them",
            arguments.trade.display()
        ));
    }
    let unit = &made.unit;
    output::print(&format!(
        "{}\n{}market gap {:.1e}, {} files in {}\n",
        made.name,
        what_it_is(&report, unit),
        read.market_gap.gap,
        files.len(),
        arguments.out.display()
    ))
}

/// What was carved out, and what decides what its loss would cost.
fn what_it_is(report: &Report, unit: &str) -> String {
    let Report { product, parent, trade_elasticity, parent_elasticity, value, traded, .. } = report;
    format!(
        "{product} is {value:.1} {unit}, of which {traded:.1} crosses borders. What the loss of a supplier costs is decided by how fast others \
         can take its place, the trade elasticity of {product}: {trade_elasticity} as asked, where {parent} has {parent_elasticity}; then by how \
         far users can do without (`input_elasticity` and `value_added_elasticity` of a scenario's [closure], one unless set).\n"
    )
}

/// Shares typed as `CODE=SHARE`, as the table that a file would give.
fn typed_shares(typed: &[String]) -> Result<Table, Failure> {
    let mut text = String::from("using_sector,share\n");
    for one in typed {
        let Some((code, share)) = one.split_once('=') else {
            return Err(wrong(format!(
                "--use-share `{one}`: write CODE=SHARE, with `{FINAL}` for final use"
            )));
        };
        let _ = writeln!(text, "{},{}", code.trim(), share.trim());
    }
    Table::parse("--use-share".into(), text.as_bytes()).map_err(wrong)
}
