//! The open engine for trade wars and trade talks: the library.
//!
//! Two questions in a few lines each. What would a tariff do?
//!
//! ```
//! let world = detente::World::embedded()?;
//! let answer = world.solve(&detente::Scenario::example("us-plus-10-on-china")?)?;
//! println!("welfare of China: {:+.3} percent", world.value(&answer, "welfare_pct", "CHN")?);
//! # Ok::<(), detente::Error>(())
//! ```
//!
//! What is the duty on a line?
//!
//! ```
//! let world = detente::World::embedded()?;
//! println!("{:?} percent", world.duty("8471.30.01", "CHN", "USA", "2025-09-16")?.total_pct);
//! # Ok::<(), detente::Error>(())
//! ```
//!
//! # Concepts
//!
//! | word | meaning | type |
//! |---|---|---|
//! | world | a benchmark and the record, asked together | [`World`] |
//! | benchmark | the observed economies that the model is calibrated to: trade, tariffs, inputs, deficits | [`Benchmark`] |
//! | scenario | what is done and under which settings; a file, or built in code | [`Scenario`] |
//! | baseline, counterfactual | the two equilibria that are compared | [`counterfactual::Counterfactual`] |
//! | answer | an equilibrium, the accounts of the first year, or an exposure | [`Answer`] |
//! | record | dated, cited measures and talks: in force *on* a day, as *known on* a day | [`Tariffs`], [`Ledger`] |
//! | band | median and 5 to 95 over elasticities and deficits | [`Bands`] |
//! | closure | what adjusts and what is held: factor markets, deficits, revenue, market structure | [`Closure`] |
//!
//! A hat is new over old. Indices run importer, exporter, sector. `tariff_rate` is t, the factor is 1+t; rates and shares are fractions, and
//! what ends in `_pct` is percent. No number is given from an unsolved model.
//!
//! # Cookbook
//!
//! A scenario in code, under another closure, written as the file that the command reads:
//!
//! ```
//! use detente::{Scenario, scenario::document::Rate};
//!
//! let scenario = Scenario::new("Ten points on machines and cars, balanced trade")
//!     .tariff(Rate::add(0.10).importer("USA").exporter(["CHN", "MEX"]).sector(["MCH", "MVH"]))
//!     .setting("deficits", "zero")?;
//! assert!(scenario.to_toml()?.starts_with("name = "));
//! # Ok::<(), detente::Error>(())
//! ```
//!
//! The tariffs of a day on record, and every economy's welfare:
//!
//! ```
//! use detente::{Scenario, World};
//!
//! let world = World::embedded()?;
//! let answer = world.solve(&Scenario::new("The second truce").ledger("us-china", "2025-11-15"))?;
//! for economy in world.economies() {
//!     println!("{economy} {:+.3}", world.value(&answer, "welfare_pct", economy)?);
//! }
//! for caveat in answer.caveats() {
//!     println!("note: {caveat}");
//! }
//! # Ok::<(), detente::Error>(())
//! ```
//!
//! The same question within a year, by accounting:
//!
//! ```
//! use detente::{Answer, Scenario, World};
//!
//! let world = World::embedded()?;
//! let answer = world.solve(&Scenario::example("us-plus-10-on-china-within-a-year")?)?;
//! assert!(matches!(answer, Answer::FirstYear(_)));
//! # Ok::<(), detente::Error>(())
//! ```
//!
//! How sure is it? Medians and ranges over elasticities and deficits (a headline wants 200 runs or more):
//!
//! ```
//! use detente::{BandSettings, Scenario, World};
//!
//! let world = World::embedded()?;
//! let answer = world.solve(&Scenario::example("us-plus-10-on-china")?)?;
//! let Some(equilibrium) = answer.equilibrium() else { unreachable!("asked in the long run") };
//! let bands = world.bands(equilibrium, &BandSettings { draws: 24, ..BandSettings::default() })?;
//! let china = bands.row("CHN", "welfare_pct").expect("a headline");
//! assert!(china.low < china.median && china.median < china.high);
//! # Ok::<(), detente::Error>(())
//! ```
//!
//! What is refused says what would be right:
//!
//! ```
//! let world = detente::World::embedded()?;
//! let answer = world.solve(&detente::Scenario::example("us-plus-10-on-china")?)?;
//! let refusal = world.value(&answer, "welfare_pct", "CNH").unwrap_err();
//! assert!(refusal.to_string().contains("did you mean `CHN`?"), "{refusal}");
//! # Ok::<(), detente::Error>(())
//! ```
//!
//! # Where things are
//!
//! [`scenario`] reads and resolves scenarios, [`counterfactual`] solves them, [`first_year`] keeps the accounts of the first year, [`uncertainty`]
//! draws bands, [`sweep`] asks a scenario many times, [`strategy`] plays the games of tariffs, [`brief`] puts a day of talks together. What
//! people read (screens, pages, charts) is made from these answers in the crate `detente-report`.

pub mod answer;
pub mod basis;
pub mod brief;
pub mod by_product;
pub mod capital;
pub mod collection;
pub mod counterfactual;
pub mod desk;
pub mod entry_stability;
pub mod error;
pub mod exposure;
pub mod first_year;
mod in_years;
pub mod join;
pub mod kept;
mod kept_solves;
pub mod ledger_tariffs;
pub mod others;
pub mod rebalance;
pub mod reconciliation;
pub mod results;
pub mod scenario;
pub mod strategy;
pub mod sweep;
pub mod uncertainty;
pub mod version;
pub mod words;
pub mod world;

pub use answer::Answer;
pub use detente_data::benchmark_directory::BenchmarkDirectory;
pub use detente_engine::benchmark::Benchmark;
pub use detente_engine::calibration::SolveSettings;
pub use detente_engine::closure::Closure;
pub use detente_engine::horizon::Horizon;
pub use detente_engine::parallel::Control;
pub use detente_ledger::tariff::Tariffs;
pub use detente_ledger::{Ledger, duty, talks};
pub use error::Error;
pub use scenario::document::Scenario;
pub use uncertainty::BandSettings;
pub use uncertainty::headline::Bands;
pub use world::World;
