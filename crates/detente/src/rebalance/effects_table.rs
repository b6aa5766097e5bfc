//! `levers.csv` of the verb `levers`: what each lever does to each dial.

use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::calibration::SolveSettings;
use detente_engine::equilibrium::Equilibrium;
use detente_engine::error::EngineError;
use detente_engine::instruments::Instruments;
use detente_engine::rebalancing::dial::{Dial, DialOf};
use detente_engine::rebalancing::effects::{Effects, SizedLever, effects};
use detente_engine::solver::Solver;
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::result_table::{Column, ResultTable};
use detente_tables::toml_file;

use super::lever_meant::{self, MeantLever};
use super::typed::TypedLevers;
use crate::results::keys;
use crate::scenario::selection::Frame;
use crate::words::number::named;

/// Our own levers, for two economies.
const OWN: &str = "rebalancing/levers.toml";

/// A table of levers and dials.
pub struct LeverTable {
    /// Levers, in the order of the file.
    pub levers: Vec<MeantLever>,
    /// Dials of the economies named.
    pub dials: Vec<DialOf>,
    /// What levers do to dials.
    pub found: Effects,
    /// What the reader should know.
    pub notes: Vec<String>,
    codes: Vec<String>,
    names: Vec<String>,
}

/// Why there is no table.
#[derive(Debug, thiserror::Error)]
pub enum LeversError {
    /// The input is wrong.
    #[error(transparent)]
    Input(#[from] Problems),
    /// Two economies are needed.
    #[error(
        "`{0}`: two economies are needed, for instance the two sides of talks: codes with a comma between"
    )]
    Two(String),
    /// An economy is not known.
    #[error("unknown economy `{0}`; {1}")]
    Economy(String, String),
    /// The engine refuses, or there is no equilibrium to start from.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<Problem> for LeversError {
    fn from(problem: Problem) -> Self {
        Self::Input(problem.into())
    }
}

/// Reads levers (`file`: label and text; our own where none) on the dials of two economies, at the benchmark's tariffs under a closure.
pub fn levers(
    directory: &BenchmarkDirectory,
    closure: &detente_engine::closure::Closure,
    economies: &[String],
    file: Option<(&str, &str)>,
    settings: &SolveSettings,
) -> Result<LeverTable, LeversError> {
    let benchmark = &directory.benchmark;
    let [first, second] = economies else { return Err(LeversError::Two(economies.join(","))) };
    let position = |code: &String| {
        benchmark.economy_of_member(code).ok_or_else(|| {
            let known = benchmark.economies.iter().map(|economy| economy.code.as_str());
            LeversError::Economy(code.clone(), detente_tables::nearest::suggestion(code, known))
        })
    };
    let pair = [position(first)?, position(second)?];
    if pair[0] == pair[1] {
        return Err(LeversError::Two(economies.join(",")));
    }
    let mut notes = Vec::new();
    let levers = match file {
        Some((label, text)) => {
            let typed: TypedLevers = toml_file::parse(label, text)?;
            let frame = Frame::new(label, text, benchmark);
            let mut levers = Vec::new();
            for entry in &typed.lever {
                levers.extend(lever_meant::read(&frame, entry)?);
            }
            levers
        }
        None => own_levers(directory, pair, &mut notes)?,
    };
    let solver = Solver::new(benchmark, closure)?;
    let base = base(&solver, settings)?;
    let mut dials = Vec::new();
    for (economy, other) in [(pair[0], pair[1]), (pair[1], pair[0])] {
        dials.extend(Dial::ALL.into_iter().map(|dial| DialOf {
            dial,
            economy,
            partner: dial.has_partner().then_some(other),
        }));
    }
    let sized: Vec<SizedLever> = levers
        .iter()
        .map(|meant| SizedLever { lever: meant.lever.clone(), unit: meant.sizes.0, large: meant.sizes.1 })
        .collect();
    let found = effects(&solver, &base, &sized, &dials, settings)?;
    if found.baseline.iter().any(Option::is_none) {
        notes.push(detente_engine::rebalancing::lever::NO_USES.to_owned());
    }
    let codes = benchmark.economies.iter().map(|economy| economy.code.clone()).collect();
    let names = benchmark.economies.iter().map(|economy| named(&economy.name)).collect();
    Ok(LeverTable { levers, dials, found, notes, codes, names })
}

/// The equilibrium at the benchmark's own tariffs.
fn base(solver: &Solver, settings: &SolveSettings) -> Result<Equilibrium, EngineError> {
    let solution = solver.solve(Instruments::of(&solver.benchmark), settings, None)?;
    solution.solved().map_err(|unsolved| EngineError::Unsolved(unsolved.cause.to_string()))
}

/// Our own levers with the two economies' codes and adjectives; one that the benchmark has no sector for is left out and said.
fn own_levers(
    directory: &BenchmarkDirectory,
    pair: [usize; 2],
    notes: &mut Vec<String>,
) -> Result<Vec<MeantLever>, LeversError> {
    let benchmark = &directory.benchmark;
    let text = detente_facts::text(OWN).ok_or_else(|| {
        Problem::whole(OWN, Finding::Missing { what: "file", right: "it is carried by the program".into() })
    })?;
    let head: TypedLevers = toml_file::parse(OWN, text)?;
    let mut text = text.to_owned();
    for (mark, economy) in ["a", "b"].into_iter().zip(pair) {
        let economy = &benchmark.economies[economy];
        let called = head.called.get(&economy.code).unwrap_or(&economy.code);
        text = text
            .replace(&format!("{{{}}}", mark.to_uppercase()), called)
            .replace(&format!("{{{mark}.name}}"), &economy.name)
            .replace(&format!("{{{mark}}}"), &economy.code);
    }
    let typed: TypedLevers = toml_file::parse(OWN, &text)?;
    let frame = Frame::new(OWN, &text, benchmark);
    let mut levers = Vec::new();
    for entry in &typed.lever {
        match lever_meant::read(&frame, entry) {
            Ok(found) => levers.extend(found),
            Err(problem) => notes.push(format!("left out: {problem}")),
        }
    }
    Ok(levers)
}

impl LeverTable {
    /// The name of a lever, its part included.
    pub fn name(&self, lever: usize) -> String {
        let meant = &self.levers[lever];
        if meant.cell.is_empty() { meant.name.clone() } else { format!("{}: {}", meant.name, meant.cell) }
    }

    /// Code of an economy.
    pub fn code(&self, economy: usize) -> &str {
        &self.codes[economy]
    }

    /// Name of an economy, as sentences have it.
    pub fn economy(&self, economy: usize) -> &str {
        &self.names[economy]
    }

    /// How many economies the world has.
    pub fn economies(&self) -> usize {
        self.codes.len()
    }

    /// `levers.csv`.
    pub fn table(&self) -> ResultTable {
        let rows: Vec<(usize, usize)> = (0..self.levers.len())
            .flat_map(|lever| (0..self.dials.len()).map(move |dial| (lever, dial)))
            .filter(|(lever, dial)| self.found.effects[*lever][*dial].is_some())
            .collect();
        let of = |dial: usize| &self.dials[dial];
        let number = |name: &str, label: &str, read: &dyn Fn(usize, usize) -> Option<f64>| {
            Column::number(name, "", label, rows.iter().map(|(lever, dial)| read(*lever, *dial)))
        };
        let effect = |lever: usize, dial: usize| self.found.effects[lever][dial];
        ResultTable::new(vec![
            Column::text("lever", "lever", rows.iter().map(|(lever, _)| self.name(*lever))),
            Column::text("unit", "unit", rows.iter().map(|(lever, _)| self.levers[*lever].unit)),
            number("unit_size", "size of a unit", &|lever, _| Some(self.levers[lever].sizes.0)),
            number("large_size", "size meant", &|lever, _| Some(self.levers[lever].sizes.1)),
            keys::ECONOMY.text(rows.iter().map(|(_, dial)| self.code(of(*dial).economy))),
            keys::DIAL.text(rows.iter().map(|(_, dial)| of(*dial).dial.entry().id)),
            keys::PARTNER.words(
                rows.iter()
                    .map(|(_, dial)| of(*dial).partner.map(|partner| self.code(partner).to_owned()))
                    .collect(),
            ),
            number("baseline", "dial at the start", &|_, dial| self.found.baseline[dial]),
            number("linear_per_unit", "linear, a unit", &|lever, dial| Some(effect(lever, dial)?.linear)),
            number("finite_unit", "in full, a unit", &|lever, dial| effect(lever, dial)?.finite_unit),
            number("finite_large", "in full, the size meant", &|lever, dial| {
                effect(lever, dial)?.finite_large
            }),
            Column::text(
                "sign_turns",
                "sign turns",
                rows.iter().map(|(lever, dial)| {
                    let turns = effect(*lever, *dial).is_some_and(|effect| effect.turns());
                    if turns { "yes" } else { "no" }
                }),
            ),
        ])
    }
}
