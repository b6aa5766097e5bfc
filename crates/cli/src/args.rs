//! What several verbs take alike.

use crate::failure::Failure;
use crate::record::wrong;
use clap::Args;
use detente::collection::Basis;
use detente_engine::calibration::SolveSettings;
use std::path::PathBuf;

/// More draws or points than this are a slip: no memory holds them.
const MOST: usize = 100_000;

/// A count of draws or points: one at the least.
pub fn count(typed: &str) -> Result<usize, String> {
    match count_or_none(typed) {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(format!("a whole number from 1 to {MOST} is needed")),
    }
}

/// The file of a page: a name that says another format would be believed.
pub fn page(typed: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(typed);
    let says = path.extension().and_then(|said| said.to_str()).unwrap_or("html");
    match says.to_ascii_lowercase().as_str() {
        "html" | "htm" | "xhtml" => Ok(path),
        "pdf" => {
            Err("the page is HTML: write a name that ends in .html (a browser prints the page to PDF)"
                .to_owned())
        }
        _ => Err(format!("the page is HTML and the name says {says}: write one that ends in .html")),
    }
}

/// A count of draws, none where it is zero.
pub fn count_or_none(typed: &str) -> Result<usize, String> {
    let count = typed.parse().ok().filter(|count| *count <= MOST);
    count.ok_or_else(|| format!("a whole number up to {MOST} is needed"))
}

/// `--basis`.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum BasisWord {
    /// Times the measured share that is collected, where data give it.
    #[default]
    Collected,
    /// As the law has it.
    Statute,
}

impl From<BasisWord> for Basis {
    fn from(word: BasisWord) -> Self {
        match word {
            BasisWord::Collected => Basis::Collected,
            BasisWord::Statute => Basis::Statute,
        }
    }
}

/// How exactly a question is solved, and whether it is asked many times.
#[derive(Args, Debug)]
pub struct Numerics {
    /// Largest residual allowed.
    #[arg(long, value_name = "NUMBER", default_value_t = SolveSettings::default().tolerance)]
    pub tolerance: f64,
    /// Steps before giving up, wherever the solve has to start from.
    #[arg(long, value_name = "NUMBER", default_value_t = SolveSettings::default().max_iterations)]
    pub max_iterations: usize,
    /// Also median and 5–95 over published elasticities, draws around them and deficit closures (200 runs unless said otherwise).
    #[arg(long, value_name = "RUNS", num_args = 0..=1, default_missing_value = "200", value_parser = count)]
    pub bands: Option<usize>,
}

impl Numerics {
    /// Settings of a solve, refused where they ask for nothing or for more than floating point can give.
    pub fn settings(&self) -> Result<SolveSettings, Failure> {
        Ok(SolveSettings { max_iterations: self.max_iterations, ..to_tolerance(self.tolerance)? })
    }
}

/// Settings of a solve to this tolerance, refused where floating point cannot give it or nothing is asked for.
pub fn to_tolerance(tolerance: f64) -> Result<SolveSettings, Failure> {
    if !(1e-15..=1e-2).contains(&tolerance) {
        return Err(wrong(format!("--tolerance {tolerance:e}: a number between 1e-15 and 0.01 is needed")));
    }
    Ok(SolveSettings { tolerance, ..SolveSettings::default() })
}
