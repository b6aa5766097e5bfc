//! What players want: welfare, welfare with political weights, or weighted outcomes from a file.
//!
//! ```toml
//! [[objective]]
//! player = "USA"
//! [[objective.term]]
//! outcome = "welfare"              # any named outcome, or output (with sector), imports_from (with partner)
//! weight  = 1.0                    # on the outcome's logarithm
//! [[objective.term]]
//! outcome = "welfare"
//! economy = "CHN"                  # the player's own where absent
//! weight  = -0.1                   # a rival's loss counts
//! ```
//!
//! The objective is `Σ weight · ln outcome`; weights are inputs, or were calibrated: "weights under which these tariffs would be
//! chosen", never what a government wants.

use detente_engine::benchmark::Benchmark;
use detente_engine::catalogue;
use detente_engine::objective::{Objective, Outcome, Scalar};
use detente_engine::strategy::policy::Player;
use serde::Deserialize;
use toml::Spanned;

use super::error::NoStrategy;
use detente_tables::diagnostics::{Finding, Problem};
use detente_tables::nearest::suggestion;
use detente_tables::toml_file;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedFile {
    objective: Vec<TypedObjective>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedObjective {
    player: Spanned<String>,
    term: Vec<TypedTerm>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedTerm {
    outcome: Spanned<String>,
    economy: Option<Spanned<String>>,
    partner: Option<Spanned<String>>,
    sector: Option<Spanned<String>>,
    weight: f64,
}

/// What kind of objectives players have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectiveKind {
    /// Each its own economy's welfare.
    Welfare,
    /// Welfare with political weights on sectors.
    Political,
    /// Weighted outcomes of the asker's own.
    Own,
}

/// Players with objectives, one per economy, and how the objectives are called.
#[derive(Clone, Debug, PartialEq)]
pub struct Objectives {
    /// What kind they are.
    pub kind: ObjectiveKind,
    /// What readers call them; nothing hangs on it.
    pub name: String,
    /// One per economy.
    pub players: Vec<Player>,
}

/// The objectives that have a name.
pub const NAMED: [(&str, ObjectiveKind); 2] =
    [("welfare", ObjectiveKind::Welfare), ("political", ObjectiveKind::Political)];

impl Objectives {
    /// Every player wants its own economy's welfare.
    ///
    /// ```
    /// use detente::strategy::objectives::{ObjectiveKind, Objectives};
    ///
    /// let world = detente::World::embedded()?;
    /// let wanted = Objectives::welfare(&world.directory().benchmark);
    /// assert_eq!((wanted.kind, wanted.players.len()), (ObjectiveKind::Welfare, 24));
    /// # Ok::<(), detente::Error>(())
    /// ```
    pub fn welfare(benchmark: &Benchmark) -> Self {
        let players = all(benchmark, Outcome::Welfare);
        Self { kind: ObjectiveKind::Welfare, name: "welfare".to_owned(), players }
    }

    /// Every player wants welfare with the benchmark's political weights; refused where it has none.
    pub fn political(benchmark: &Benchmark) -> Result<Self, NoStrategy> {
        if benchmark.political_weight.is_none() {
            return Err(NoStrategy::Unknown(format!(
                "objective `political`: the benchmark `{}` has no political_weights.csv (economy,sector,weight); without it every \
                 weight is one and the objective is welfare",
                benchmark.name
            )));
        }
        let players = all(benchmark, Outcome::GovernmentWelfare);
        Ok(Self { kind: ObjectiveKind::Political, name: "political".to_owned(), players })
    }

    /// The objectives that a text names, in the form at the head of this module, welfare for everybody else; `label` stands for its file
    /// in messages.
    pub fn parse(label: &str, text: &str, benchmark: &Benchmark) -> Result<Self, NoStrategy> {
        let mut players = all(benchmark, Outcome::Welfare);
        for (player, objective) in named_players(label, text, benchmark)? {
            players[player].objective = objective;
        }
        Ok(Self { kind: ObjectiveKind::Own, name: label.to_owned(), players })
    }
}

/// The same outcome for every economy.
fn all(benchmark: &Benchmark, outcome: Outcome) -> Vec<Player> {
    let economies = benchmark.economies.iter().enumerate();
    economies.map(|(j, e)| Player { code: e.code.clone(), objective: Objective::log(outcome, j) }).collect()
}

/// Objectives of the players that a text names.
fn named_players(
    label: &str,
    text: &str,
    benchmark: &Benchmark,
) -> Result<Vec<(usize, Objective)>, NoStrategy> {
    let typed: TypedFile = toml_file::parse(label, text)?;
    let problem =
        |key: &str, start, finding| Problem::key(label, key, toml_file::line_of(text, start), finding);
    let economy = |key: &str, name: &Spanned<String>| {
        benchmark.economy(name.as_ref()).ok_or_else(|| {
            let known = benchmark.economies.iter().map(|economy| economy.code.as_str());
            let found = name.as_ref().clone();
            let suggestion = suggestion(&found, known);
            problem(key, name.span().start, Finding::UnknownCode { what: "economy", found, suggestion })
        })
    };
    let mut found = Vec::new();
    for objective in &typed.objective {
        let player = economy("player", &objective.player)?;
        let mut terms = Vec::new();
        for term in &objective.term {
            let whose = term.economy.as_ref().map_or(Ok(player), |name| economy("economy", name))?;
            let start = term.outcome.span().start;
            let outcome = match (term.outcome.as_ref().as_str(), &term.partner, &term.sector) {
                ("imports_from", Some(partner), None) => Outcome::ImportsFrom(economy("partner", partner)?),
                ("output", None, Some(sector)) => {
                    let position = benchmark.sector(sector.as_ref()).ok_or_else(|| {
                        let known = benchmark.sectors.iter().map(|sector| sector.code.as_str());
                        let found = sector.as_ref().clone();
                        let suggestion = suggestion(&found, known);
                        let finding = Finding::UnknownCode { what: "sector", found, suggestion };
                        problem("sector", sector.span().start, finding)
                    })?;
                    Outcome::Output(position)
                }
                (name, None, None) => catalogue::objective(name).ok_or_else(|| {
                    let known =
                        catalogue::objectives().map(|(name, ..)| name).chain(["imports_from", "output"]);
                    let suggestion = suggestion(name, known);
                    problem("outcome", start, Finding::UnknownWord { found: name.to_owned(), suggestion })
                })?,
                _ => {
                    let reason =
                        "`imports_from` needs `partner`, `output` needs `sector`, the others neither"
                            .to_owned();
                    return Err(problem("outcome", start, Finding::Combination { reason }).into());
                }
            };
            if !term.weight.is_finite() {
                let reason = format!("weight {} is not a finite number", term.weight);
                return Err(problem("weight", start, Finding::Combination { reason }).into());
            }
            terms.push((term.weight, Scalar { outcome, economy: whose }));
        }
        found.push((player, Objective::LogSum(terms)));
    }
    Ok(found)
}
