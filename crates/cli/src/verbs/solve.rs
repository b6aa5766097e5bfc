//! `detente solve`: one counterfactual.

use std::path::PathBuf;

use clap::Args;
use detente::answer::{self, Answer};
use detente::counterfactual::{Counterfactual, NoAnswer};
use detente::first_year::WithinAYear;
use detente::results::gradient;
use detente::scenario::meant::Scenario;
use detente::uncertainty::headline::{self, Bands};
use detente::uncertainty::{BandError, BandSettings};
use detente::{first_year, results, scenario};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::default_world;
use detente_engine::first_year::FirstYear;
use detente_report::answers_page;

use crate::args::{BasisWord, Numerics};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{self, Format};
use crate::record::{for_scenarios, wrong};

/// What `solve` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The scenario: a TOML file, or the name of one of our examples.
    pub scenario: PathBuf,
    /// Directory of the benchmark (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    pub benchmark: Option<PathBuf>,
    /// Where the results are written, whole or not at all.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Also write gradient.csv: the derivative in all instruments of an outcome, for instance `welfare:CODE`, or of a
    /// weighted sum or ratio of outcomes in a TOML file.
    #[arg(long, value_name = "OUTCOME:ECONOMY|FILE", requires = "out")]
    pub gradient: Option<String>,
    /// A folder with measures of your own, laid over the record that the scenario's `ledger` names.
    #[arg(long, value_name = "DIR")]
    pub ledger: Vec<PathBuf>,
    /// Also write the answer as one self-contained page with pictures.
    #[arg(long, value_name = "FILE", value_parser = crate::args::page)]
    pub html: Option<PathBuf>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Whether steps of a ledger count as far as they are collected or as the law has them, whatever the scenario says.
    #[arg(long, value_enum, value_name = "BASIS")]
    pub basis: Option<BasisWord>,
    #[command(flatten)]
    pub numerics: Numerics,
}

/// Solves and prints.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let record = for_scenarios(arguments.basis.map(Into::into), &arguments.ledger)?;
    let scenario = scenario::open(&arguments.scenario, &directory, Some(&record)).map_err(wrong)?;
    let settings = arguments.numerics.settings()?;
    match answer::solve_under(interrupt::control(), &directory, scenario, &settings).map_err(no_answer)? {
        Answer::Equilibrium(answer) => equilibrium(&arguments, &directory, &answer),
        Answer::FirstYear(answer) => within_a_year(&arguments, &directory, &answer),
        Answer::Exposure { scenario, .. } => exposures(&arguments, &directory, &scenario),
        _ => Err(Failure::Fault("an answer of a kind that `solve` cannot print".to_owned())),
    }
}

/// Two equilibria compared.
fn equilibrium(
    arguments: &Arguments,
    directory: &BenchmarkDirectory,
    answer: &Counterfactual,
) -> Result<(), Failure> {
    let bands = arguments.numerics.bands.map(|runs| bands(directory, answer, runs)).transpose()?;
    if let Some(file) = &arguments.html {
        output::page(file, &answers_page::solved(directory, answer, bands.as_ref()))?;
    }
    if let Some(out) = &arguments.out {
        let mut files = results::files(directory, answer, &[]);
        files.extend(bands.iter().map(Bands::file));
        if let Some(typed) = &arguments.gradient {
            let wanted =
                gradient::parse(typed, answer).map_err(|error| wrong(format!("--gradient: {error}")))?;
            let found = gradient::solve(answer, &wanted).map_err(wrong)?;
            files.push(gradient::file(answer, &found));
        }
        output::results(out, &files)?;
    }
    output::print(&match arguments.format {
        Format::Table => {
            let bands = bands
                .as_ref()
                .map_or(String::new(), |bands| format!("\n{}", detente_report::bands::screen(bands)));
            detente_report::counterfactual::answer(directory, answer) + &bands
        }
        Format::Csv => bands.map_or_else(|| results::economies(answer, &[]), |bands| bands.table()).csv(),
        Format::Json => {
            let mut json = results::json(directory, answer);
            if let Some(bands) = bands {
                json["bands"] = bands.json();
            }
            format!("{json:#}\n")
        }
    })
}

/// Measures on products too small for their sectors: the exposure is the answer, and no effect is.
fn exposures(
    arguments: &Arguments,
    directory: &BenchmarkDirectory,
    scenario: &Scenario,
) -> Result<(), Failure> {
    if arguments.html.is_some() {
        return Err(wrong("--html: an exposure has no effect to draw"));
    }
    let unit = &directory.benchmark.unit;
    let json = serde_json::json!({
        "summary": {
            "scenario": scenario.name,
            "sentence": scenario.sentence,
            "measurable": false,
            "not_measurable_here": scenario.not_measurable,
            "unit": unit,
            "version": env!("CARGO_PKG_VERSION"),
        }
    });
    if let Some(out) = &arguments.out {
        let files = [results::summary_file(json["summary"].clone())];
        output::results(out, &files)?;
    }
    output::print(&match arguments.format {
        Format::Json => format!("{json:#}\n"),
        Format::Table | Format::Csv => {
            let lines: Vec<String> =
                scenario.not_measurable.iter().map(|measure| format!("  {measure}\n")).collect();
            format!(
                "{} (exposure in {unit}; an exposure is never an effect)\n{}The model knows sectors: no welfare number is given.\n",
                scenario.name,
                lines.concat()
            )
        }
    })
}

/// The horizon within a year: accounts instead of an equilibrium.
fn within_a_year(
    arguments: &Arguments,
    directory: &BenchmarkDirectory,
    answer: &WithinAYear,
) -> Result<(), Failure> {
    if arguments.gradient.is_some() {
        return Err(wrong("--gradient: derivatives are those of an equilibrium; ask at another horizon"));
    }
    if let Some(file) = &arguments.html {
        output::page(file, &answers_page::within_a_year(directory, answer))?;
    }
    let bands = |runs| -> Result<Bands, BandError> {
        let control = interrupt::control().clone();
        let settings = BandSettings { draws: runs, control, ..BandSettings::default() };
        let question = FirstYear::new(&directory.benchmark)?;
        let (before, after) =
            (question.case(&answer.tariffs_before, &[])?, question.case(&answer.tariffs_after, &[])?);
        headline::first_year_bands(&question, [&before, &after], &answer.parameters, &settings, None)
    };
    let bands = arguments.numerics.bands.map(bands).transpose().map_err(wrong)?;
    if let Some(out) = &arguments.out {
        let mut files = first_year::files(directory, answer);
        files.extend(bands.iter().map(Bands::file));
        output::results(out, &files)?;
    }
    output::print(&match arguments.format {
        Format::Table => {
            let bands = bands
                .as_ref()
                .map_or(String::new(), |bands| format!("\n{}", detente_report::bands::screen(bands)));
            detente_report::first_year::screen(directory, answer) + &bands
        }
        Format::Csv => {
            bands.map_or_else(|| first_year::economies(directory, answer), |bands| bands.table()).csv()
        }
        Format::Json => {
            let mut json = first_year::json(directory, answer);
            if let Some(bands) = bands {
                json["bands"] = bands.json();
            }
            format!("{json:#}\n")
        }
    })
}

/// Bands of a solved counterfactual.
pub fn bands(directory: &BenchmarkDirectory, answer: &Counterfactual, runs: usize) -> Result<Bands, Failure> {
    let settings = BandSettings {
        draws: runs,
        paid_shares: directory.paid_shares.clone(),
        control: interrupt::control().clone(),
        ..BandSettings::default()
    };
    answer.bands(&settings).map_err(wrong)
}

/// Wrong input, or a question without an answer.
pub fn no_answer(error: NoAnswer) -> Failure {
    if error.is_wrong_input() { wrong(error) } else { Failure::NoAnswer(error.to_string()) }
}
