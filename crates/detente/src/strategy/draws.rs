//! Uncertainty through the game: draws of elasticities give a cloud of Nash points and a share of draws with an empty zone.
//!
//! Draws are those of the brief's bands: every published set of elasticities first, then factors around them. In each the world is balanced
//! anew, the two sides' war and the zone are searched for.

use detente_engine::closure::Deficits;
use detente_engine::horizon::Horizon;
use detente_engine::strategy::certificate::StrategyCertificate;
use detente_engine::strategy::error::StrategyError;
use detente_engine::uncertainty::statistics::quantile;
use serde::Serialize;

use super::bargain::{Disagreement, strike_bargain};
use super::baseline_world::{BaselineWorld, GameDeficits};
use super::board::{Reach, Rules};
use super::error::NoStrategy;
use super::nash::fight;
use super::tagged::tagged;
use super::words::average_rate;
use crate::results::keys;
use crate::results::tags::Tag;
use crate::scenario::meant::Scenario;
use crate::uncertainty::{self, BandSettings};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::elasticities::ElasticityError;
use detente_tables::output::OutputFile;
use detente_tables::result_table::{Column, ResultTable};

/// What one draw of elasticities comes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawnGame {
    /// The published set that it starts from.
    pub elasticity_set: String,
    /// Common factor of all elasticities.
    pub common_factor: f64,
    /// Average rates of the two sides on each other at war, fractions, weights: today's trade.
    pub war_rate: [f64; 2],
    /// Objectives of the two sides at war, percent from today.
    pub war_pct: [f64; 2],
    /// The most that each side can gain in the zone, percent; none where the zone is empty.
    pub most_pct: Option<[f64; 2]>,
    /// The gain at the point of equal gains, percent.
    pub equal_gain_pct: Option<f64>,
    /// The most that searching again could still find at any point of the zone; of an empty one at its ends.
    pub gain_left: f64,
    /// Largest residual of all equilibria behind it.
    pub max_residual: f64,
}

/// The draws of a game between two sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawnGames {
    /// Codes of the sides.
    pub sides: [String; 2],
    /// What happens without a deal.
    pub from: String,
    /// Draws that were solved.
    pub draws: Vec<DrawnGame>,
    /// Draws that had no answer.
    pub not_converged: usize,
}

impl DrawnGames {
    /// Share of the draws in which no deal leaves both better off.
    pub fn empty_share(&self) -> f64 {
        self.draws.iter().filter(|draw| draw.most_pct.is_none()).count() as f64
            / self.draws.len().max(1) as f64
    }

    /// The 5th percentile, the median and the 95th percentile of something; none where no draw has it.
    pub fn range(&self, of: impl Fn(&DrawnGame) -> Option<f64>) -> Option<[f64; 3]> {
        let mut values: Vec<f64> = self.draws.iter().filter_map(of).collect();
        values.sort_by(f64::total_cmp);
        Some([quantile(&values, 0.05)?, quantile(&values, 0.5)?, quantile(&values, 0.95)?])
    }

    /// In words.
    pub fn words(&self) -> Vec<String> {
        let range = |of: &dyn Fn(&DrawnGame) -> Option<f64>| {
            self.range(of).map_or("none".to_owned(), |[low, middle, high]| {
                format!("{middle:+.3} ({low:+.3} to {high:+.3})")
            })
        };
        let side = |k: usize| {
            format!(
                "{}: at war {} percent of today at rates of {} percent on average",
                self.sides[k],
                range(&|draw| Some(draw.war_pct[k])),
                range(&|draw| Some(100.0 * draw.war_rate[k]))
            )
        };
        vec![
            format!(
                "{} draws of elasticities ({} without an answer): the zone is empty in {:.0} percent of them; equal gains {} percent; in no draw \
                 is more than {:.0e} left to be found, and no residual is above {:.0e}",
                self.draws.len() + self.not_converged,
                self.not_converged,
                100.0 * self.empty_share(),
                range(&|draw| draw.equal_gain_pct),
                self.draws.iter().fold(0.0, |m: f64, draw| m.max(draw.gain_left)),
                self.draws.iter().fold(0.0, |m: f64, draw| m.max(draw.max_residual))
            ),
            format!("medians with 5th and 95th percentiles: {}; {}", side(0), side(1)),
        ]
    }

    /// As JSON, each number with how it came about.
    pub fn json(&self) -> serde_json::Value {
        let draws: Vec<serde_json::Value> = self
            .draws
            .iter()
            .map(|draw| {
                let model =
                    ["war_rate", "war_pct", "most_pct", "equal_gain_pct", "gain_left", "max_residual"];
                let mut tags: Vec<(&str, Tag)> = model.iter().map(|name| (*name, Tag::Model)).collect();
                tags.push(("common_factor", Tag::Assumed));
                tagged(serde_json::json!(draw), Horizon::Long, "today; gains from disagreement", &tags)
            })
            .collect();
        serde_json::json!({
            "sides": self.sides,
            "from": self.from,
            "draws": draws,
            "not_converged": self.not_converged,
        })
    }

    /// `draws.csv`.
    pub fn file(&self) -> OutputFile {
        let [a, b] = &self.sides;
        let draws = self.draws.iter();
        let number = |name: String, unit: &str, label: String, of: &dyn Fn(&DrawnGame) -> Option<f64>| {
            Column::number(name, unit, label, self.draws.iter().map(of))
        };
        let most = |draw: &DrawnGame, k: usize| draw.most_pct.map(|most| most[k]);
        let (rate, percent) = ("fraction", "percent");
        OutputFile::table(
            "draws",
            ResultTable::new(vec![
                Column::integer("draw", "", "draw", (1..).zip(draws.clone()).map(|(k, _)| k)),
                Column::text("elasticities", "elasticities", draws.map(|draw| &draw.elasticity_set)),
                keys::COMMON_FACTOR.number(self.draws.iter().map(|draw| Some(draw.common_factor))),
                number(format!("war_rate_{a}"), rate, format!("{a}'s rate at war"), &|draw| {
                    Some(draw.war_rate[0])
                }),
                number(format!("war_rate_{b}"), rate, format!("{b}'s rate at war"), &|draw| {
                    Some(draw.war_rate[1])
                }),
                number(format!("war_pct_{a}"), percent, format!("{a} at war"), &|draw| Some(draw.war_pct[0])),
                number(format!("war_pct_{b}"), percent, format!("{b} at war"), &|draw| Some(draw.war_pct[1])),
                number(format!("most_pct_{a}"), percent, format!("the most for {a}"), &|draw| most(draw, 0)),
                number(format!("most_pct_{b}"), percent, format!("the most for {b}"), &|draw| most(draw, 1)),
                number("equal_gain_pct".into(), percent, "equal gain".into(), &|draw| draw.equal_gain_pct),
            ]),
        )
    }
}

/// Plays the war and the talks of two sides under draws of elasticities.
pub fn drawn_games(
    directory: &BenchmarkDirectory,
    scenario: &Scenario,
    sides: [&str; 2],
    from: Disagreement,
    count: usize,
    rules: Rules,
) -> Result<DrawnGames, NoStrategy> {
    let unread = |error: ElasticityError| NoStrategy::Unknown(format!("elasticities: {error}"));
    let settings = BandSettings { draws: count, deficits: vec![Deficits::Zero], ..BandSettings::default() };
    let draws = uncertainty::drawn(&directory.benchmark, &settings).map_err(unread)?;
    let mut found = DrawnGames {
        sides: sides.map(str::to_owned),
        from: from.word().into(),
        draws: Vec::new(),
        not_converged: 0,
    };
    for draw in draws {
        let mut world = directory.clone();
        draw.lay_on(&mut world.benchmark);
        match play(&world, scenario, sides, from, rules) {
            Ok(game) => found.draws.push(DrawnGame {
                elasticity_set: draw.elasticity_set,
                common_factor: draw.common_factor,
                ..game
            }),
            Err(NoStrategy::World(_))
            | Err(NoStrategy::Game(StrategyError::Unsolved(_) | StrategyError::NotConverged { .. })) => {
                found.not_converged += 1;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn play(
    world: &BenchmarkDirectory,
    scenario: &Scenario,
    sides: [&str; 2],
    from: Disagreement,
    rules: Rules,
) -> Result<DrawnGame, NoStrategy> {
    let ground = BaselineWorld::new(world, scenario, GameDeficits::Zero)?;
    let seats = [ground.economy(sides[0])?, ground.economy(sides[1])?];
    let mut struck = strike_bargain(&ground, seats, from, rules)?;
    let (war_point, war_payoffs) = if from == Disagreement::Nash {
        (struck.disagreement_point.clone(), struck.disagreement.clone())
    } else {
        let mut board = super::board::Board::new(&ground, &seats, Reach::EachOther, rules)?;
        let (movers, today) = (board.movers(), board.today.clone());
        let war = fight(&mut board, &movers, &today)?;
        (war.point, war.payoffs)
    };
    let rates = struck.board.game.instruments(&war_point).tariff_rate;
    let base = struck.board.base.clone();
    let gains = |payoffs: &[f64], from: &[f64]| seats.map(|j| 100.0 * (payoffs[j] - from[j]).exp_m1());
    let points = struck.bargain.points.take();
    let mut certified: Vec<&StrategyCertificate> =
        struck.bargain.ends.iter().map(|end| &end.certificate).collect();
    if let Some(points) = &points {
        certified.extend([
            &points.nash.certificate,
            &points.kalai_smorodinsky.certificate,
            &points.equal_gains.certificate,
        ]);
    }
    let most = |of: &dyn Fn(&StrategyCertificate) -> f64| certified.iter().map(|c| of(c)).fold(0.0, f64::max);
    Ok(DrawnGame {
        gain_left: most(&|certificate| certificate.best_response_gain.unwrap_or(0.0)),
        max_residual: most(&|certificate| certificate.effort.worst_residual),
        elasticity_set: String::new(),
        common_factor: 1.0,
        war_rate: [(0, 1), (1, 0)].map(|(a, b)| average_rate(&ground, &rates, seats[a], Some(seats[b]))),
        war_pct: gains(&war_payoffs, &base),
        most_pct: points.as_ref().map(|_| struck.bargain.largest_gains.map(|gain| 100.0 * gain)),
        equal_gain_pct: points.map(|points| gains(&points.equal_gains.payoffs, &struck.disagreement)[0]),
    })
}
