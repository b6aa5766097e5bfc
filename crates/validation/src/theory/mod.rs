//! "Break it": what theory says must hold, checked by a command, on a page and in tests.
//!
//! Each check names its claim with its conditions, the expected value, what was found and the tolerance. A check that needs data which may not be
//! shipped says so instead of passing.

mod deals;
mod doubt;
mod efficiency;
mod first_year;
mod games;
mod optimum;
mod symmetry;
mod worlds;

pub use games::by_elasticity;

use detente_engine::benchmark::Benchmark;
use detente_engine::error::EngineError;
use detente_tables::diagnostics::Problems;
use std::fmt::Write as _;
use std::path::Path;

/// How a check ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// Found is within the tolerance of expected.
    Holds,
    /// It is not.
    Broken,
    /// Could not be run, with the reason.
    Skipped(String),
}

/// One check.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Short name.
    pub name: String,
    /// What theory says, with its conditions.
    pub claim: String,
    /// Expected.
    pub expected: String,
    /// Found.
    pub found: String,
    /// Largest distance between the two, in the unit of the claim.
    pub distance: f64,
    /// Largest distance allowed.
    pub tolerance: f64,
    /// How it ended.
    pub status: Status,
}

impl Check {
    fn new(name: &str, claim: &str, expected: String, found: String, distance: f64, tolerance: f64) -> Self {
        // A distance that is no number is no pass.
        let status = if distance <= tolerance { Status::Holds } else { Status::Broken };
        Self { name: name.into(), claim: claim.into(), expected, found, distance, tolerance, status }
    }

    fn skipped(name: &str, claim: &str, reason: &str) -> Self {
        Self {
            name: name.into(),
            claim: claim.into(),
            expected: String::new(),
            found: String::new(),
            distance: 0.0,
            tolerance: 0.0,
            status: Status::Skipped(reason.into()),
        }
    }
}

/// Why the checks cannot be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Data do not read.
    #[error(transparent)]
    Data(#[from] Problems),
    /// A game was refused or did not converge.
    #[error("{0}")]
    Game(String),
    /// A solve did not converge.
    #[error("{what} did not converge: largest residual {residual:e}")]
    NotConverged {
        /// Which.
        what: String,
        /// Its largest residual.
        residual: f64,
    },
}

/// Runs every check on a benchmark. `validation` is the folder of data that may not be shipped, if there is one.
pub fn run(benchmark: &Benchmark, validation: Option<&Path>) -> Result<Vec<Check>, CheckError> {
    let mut checks = optimum::small_open_economy()?;
    checks.extend(symmetry::lerner(benchmark)?);
    checks.push(symmetry::tariff_with_export_subsidy(benchmark)?);
    checks.extend(efficiency::at_zero_tariffs(benchmark)?);
    checks.extend(efficiency::autarky(benchmark)?);
    checks.extend(games::optimal_tariffs(validation)?);
    checks.push(deals::fixed_deficits(benchmark)?);
    checks.extend(deals::purchase_pledge(benchmark)?);
    checks.push(deals::product_too_small(benchmark));
    checks.extend(doubt::published()?);
    checks.extend(first_year::identities(benchmark)?);
    checks.push(first_year::long_run_asked_at_ninety_days(benchmark)?);
    Ok(checks)
}

/// The page, in Markdown.
pub fn markdown(checks: &[Check]) -> String {
    let mut page = String::from(
        "# Break it\n\n<!-- made by `detente break-it --validation ../shared --write docs/reference/break-it.md`; do not edit -->\n\n\
         What theory says must hold, and what the program finds. Every row is a test. If you find a setting in which one of these fails, we want to know.\n\n\
         | | expected | found | distance | allowed |\n|---|---|---|--:|--:|\n",
    );
    for check in checks {
        let mark = match &check.status {
            Status::Holds => "holds",
            Status::Broken => "**BROKEN**",
            Status::Skipped(_) => "skipped",
        };
        if let Status::Skipped(reason) = &check.status {
            let _ = writeln!(page, "| {} ({mark}) | | {reason} | | |", check.name);
            continue;
        }
        let _ = writeln!(
            page,
            "| {} ({mark}) | {} | {} | {:.0e} | {:.0e} |",
            check.name, check.expected, check.found, check.distance, check.tolerance
        );
    }
    page.push_str("\n## The claims\n\n");
    let mut claims: Vec<(&str, &str)> =
        checks.iter().map(|check| (check.name.as_str(), check.claim.as_str())).collect();
    claims.dedup_by_key(|(_, claim)| *claim);
    for (name, claim) in claims {
        // Variants of one check differ in a parameter after the comma or the colon.
        let name = name.split([',', ':']).next().unwrap_or(name);
        let _ = writeln!(page, "- **{name}.** {claim}");
    }
    page
}
