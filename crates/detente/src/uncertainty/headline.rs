//! Bands of headlines: median and 5–95 of what every economy gains or loses, how often the sign holds, and what the spread depends on.

use crate::results::keys;

use super::{Answers, BandError, BandSettings, Comparison, solve};
use detente_data::elasticities;
use detente_engine::benchmark::Benchmark;
use detente_engine::catalogue::{OutcomeEntry, Place, lists};
use detente_engine::closure::Closure;
use detente_engine::error::EngineError;
use detente_engine::first_year::{FirstYear, FirstYearCase, FirstYearOutcome, FirstYearParameters, Horizon};
use detente_engine::instruments::Instruments;
use detente_engine::outcomes;
use detente_engine::parallel::Control;
use detente_engine::uncertainty::draw::Random;
use detente_engine::uncertainty::interpolation::Grid;
use detente_engine::uncertainty::statistics::{Band, Input, band};
use detente_tables::output::OutputFile;
use detente_tables::result_table::ResultTable;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One band: an outcome of an economy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Code of the economy.
    pub economy: String,
    /// Column of `economies.csv` (long), or of the accounts (first year).
    pub outcome: String,
    /// Median.
    pub median: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
    /// Share of runs with the sign of the median.
    pub sign_share: f64,
    /// Input that explains most of the spread alone.
    pub driver: Option<String>,
    /// Share of the variance that it explains.
    pub driver_share: Option<f64>,
    /// The answer at the medians; none where the band is not drawn about a point, or has it at its very edge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<f64>,
    /// Least and largest over the readings of deficits, at the point: a second band, not mixed into the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deficits: Option<(f64, f64)>,
    /// The point under each published set of elasticities, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub dots: BTreeMap<String, f64>,
}

impl Row {
    /// From a band. A spread of rounding has neither sign nor driver.
    pub fn new(economy: &str, outcome: &str, band: &Band) -> Self {
        let nothing = band.high - band.low < ROUNDING;
        let driver = band.drivers.first().filter(|_| !nothing);
        Self {
            economy: economy.to_owned(),
            outcome: outcome.to_owned(),
            median: band.median,
            low: band.low,
            high: band.high,
            sign_share: if nothing { 1.0 } else { band.sign_share },
            driver: driver.map(|(name, _)| name.clone()),
            driver_share: driver.map(|(_, share)| *share),
            point: None,
            deficits: None,
            dots: BTreeMap::new(),
        }
    }

    /// With what stands beside the band at a position of a measure: the point, the readings of deficits, the published sets.
    #[must_use]
    pub fn beside(mut self, answers: &Answers, position: usize) -> Self {
        let (deficits, dots) = answers.beside(position);
        // Where an answer is at its extreme in what is drawn, the point can stand a thousandth of itself outside 5 to 95: then it is not
        // said to lie in the band. The outcome itself is said as it is.
        self.point = answers.point(position).filter(|point| (self.low..=self.high).contains(point));
        self.deficits = deficits;
        self.dots = dots.into_iter().collect();
        self
    }
}

/// Who loses more, of two economies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LosesMore {
    /// The first economy.
    pub first: String,
    /// The second.
    pub second: String,
    /// Share of runs in which the first loses more (or gains less); none where that turns with what it depends on.
    pub first_loses_more: Option<f64>,
    /// What it depends on, in words.
    pub depends_on: String,
}

/// Bands of one question at one horizon.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bands {
    /// `long` or `first-year`.
    pub horizon: String,
    /// Runs asked for.
    pub runs: usize,
    /// Runs that did not converge and are left out.
    pub not_converged: usize,
    /// What was varied.
    pub over: String,
    /// The bands.
    pub rows: Vec<Row>,
    /// Who of two loses more.
    pub loses_more: Option<LosesMore>,
}

/// Spread, in the outcome's unit (percent), below which a band is rounding.
const ROUNDING: f64 = 1e-7;

/// Whether nothing changes in any run but by what a search leaves: then neither side loses more.
pub(crate) fn is_nothing(band: &Band) -> bool {
    band.low.abs().max(band.high.abs()) < 10.0 * ROUNDING
}

/// Bands of the long run. Deficits follow each closure in baseline and counterfactual alike; where the question itself sets deficits, they are
/// not varied. `pair`: whose losses are compared; the two largest losers where none.
pub fn long(
    benchmark: &Benchmark,
    closure: &Closure,
    before: &Instruments,
    after: &Instruments,
    settings: &BandSettings,
    pair: Option<(usize, usize)>,
) -> Result<Bands, BandError> {
    let (mut before, mut after) = (before.clone(), after.clone());
    let sets_deficits =
        closure.deficits.are_set_by_the_scenario() || before.trade_deficit != after.trade_deficit;
    let mut settings = settings.clone();
    if sets_deficits {
        settings.deficits = vec![closure.deficits];
    } else {
        // The closure's own is that of every run about a point.
        if let Some(own) = settings.deficits.iter().position(|held| *held == closure.deficits) {
            settings.deficits.swap(0, own);
        }
        // Levels that merely persist would silence the closures.
        before.trade_deficit = vec![None; benchmark.economies.len()];
        after.trade_deficit.clone_from(&before.trade_deficit);
    }
    let answers = solve(benchmark, closure, &[&before, &after], &settings, |calibration, solved| {
        let found = outcomes::compare(calibration, &solved[0], &solved[1])?;
        let headlines = |row| lists::HEADLINES.iter().map(move |entry| number(entry.equilibrium, row));
        Ok(found.economies.iter().flat_map(headlines).collect())
    })?;
    let mut rows = Vec::new();
    for (economy, named) in benchmark.economies.iter().enumerate() {
        for (offset, outcome) in lists::HEADLINES.iter().enumerate() {
            let position = economy * lists::HEADLINES.len() + offset;
            let Some(band) = answers.band(position) else { continue };
            rows.push(Row::new(&named.code, outcome.key(Place::Bands), &band).beside(&answers, position));
        }
    }
    let pair = pair.or_else(|| largest_losers(&rows, benchmark, lists::HEADLINES));
    let loses_more = pair.and_then(|(first, second)| {
        let comparison = answers.compare(first * lists::HEADLINES.len(), second * lists::HEADLINES.len())?;
        Some(loses_more(benchmark, first, second, &comparison))
    });
    Ok(Bands {
        horizon: settings.horizon.code().to_owned(),
        runs: settings.draws,
        not_converged: answers.not_converged(),
        over: over(&answers, &settings),
        rows,
        loses_more,
    })
}

/// Bands of the first year: the elasticities of its nests around those of `point`. `cases`: tariffs before and after on the flows of
/// `question`. `pair`: as in [`long`].
pub fn first_year_bands(
    question: &FirstYear<'_>,
    cases: [&FirstYearCase; 2],
    point: &FirstYearParameters,
    settings: &BandSettings,
    pair: Option<(usize, usize)>,
) -> Result<Bands, BandError> {
    let benchmark = question.benchmark();
    let asked = FirstYearDrawing { question, cases: &cases, changes: &[(0, 1)], point };
    let drawn = asked.draw(settings, |outcomes| {
        let accounts = outcomes.iter().flat_map(|outcome| &outcome.accounts);
        accounts
            .flat_map(|accounts| {
                lists::FIRST_YEAR_BANDS.iter().map(|entry| number(entry.first_year, accounts))
            })
            .collect()
    })?;
    let rows = rows(benchmark, lists::FIRST_YEAR_BANDS, |position| drawn.band(position));
    let pair = pair.or_else(|| largest_losers(&rows, benchmark, lists::FIRST_YEAR_BANDS));
    let loses_more = pair.and_then(|(first, second)| {
        let at = |economy: usize| economy * lists::FIRST_YEAR_BANDS.len();
        Some(loses_more(benchmark, first, second, &drawn.compare(at(first), at(second))?))
    });
    Ok(Bands {
        horizon: Horizon::FirstYear.code().to_owned(),
        runs: settings.draws,
        not_converged: 0,
        over: FIRST_YEAR_OVER.to_owned(),
        rows,
        loses_more,
    })
}

/// What bands of the first year vary.
pub const FIRST_YEAR_OVER: &str = "substitution between origins and between products, log-normal around the published \
     values";

/// Runs of the first year: what was measured in each, and the parameters it used. The first run is the point itself, which is the median
/// of what is drawn.
#[derive(Clone, Debug)]
pub struct FirstYearDraws {
    /// By position in the measure, by run.
    values: Vec<Vec<f64>>,
    inputs: Vec<(&'static str, Input)>,
}

impl FirstYearDraws {
    /// The band of the measure at this position.
    pub fn band(&self, position: usize) -> Option<Band> {
        band(self.values.get(position)?, &self.inputs)
    }

    /// The point: what the first run found.
    pub fn point(&self, position: usize) -> Option<f64> {
        self.values.get(position)?.first().copied().filter(|value| value.is_finite())
    }

    /// Who of two loses more: the measures at two positions.
    pub fn compare(&self, first: usize, second: usize) -> Option<Comparison> {
        let (first, second) = (self.values.get(first)?, self.values.get(second)?);
        let values: Vec<f64> = first.iter().zip(second).map(|(first, second)| first - second).collect();
        let below = values.iter().filter(|value| **value < 0.0).count();
        Some(Comparison {
            first_loses_more: below as f64 / values.len().max(1) as f64,
            by_driver: vec![below as f64 / values.len().max(1) as f64],
            driver: band(&values, &self.inputs)?.drivers.into_iter().next(),
            first_under: Vec::new(),
            second_under: Vec::new(),
        })
    }
}

/// Questions on one set of flows, asked under draws of the first year's elasticities.
#[derive(Clone, Copy, Debug)]
pub struct FirstYearDrawing<'a> {
    /// The flows.
    pub question: &'a FirstYear<'a>,
    /// Tariffs on them.
    pub cases: &'a [&'a FirstYearCase],
    /// Changes from one of the cases to another, by position.
    pub changes: &'a [(usize, usize)],
    /// Median of what is drawn.
    pub point: &'a FirstYearParameters,
}

impl FirstYearDrawing<'_> {
    /// Draws, and measures all changes of a draw together.
    pub fn draw(
        &self,
        settings: &BandSettings,
        measure: impl Fn(&[FirstYearOutcome]) -> Vec<f64> + Sync,
    ) -> Result<FirstYearDraws, BandError> {
        let short_run = elasticities::short_run()?;
        let mut random = Random::new(settings.seed);
        let mut draw = |run| if run == 0 { *self.point } else { short_run.draw(self.point, &mut random) };
        let drawn: Vec<FirstYearParameters> = (0..settings.draws).map(&mut draw).collect();
        let mut values: Vec<Vec<f64>> = Vec::new();
        for measured in self.measured(&drawn, &settings.control, &measure)? {
            values.resize(measured.len(), Vec::new());
            values.iter_mut().zip(measured).for_each(|(held, value)| held.push(value));
        }
        let logs = |read: fn(&FirstYearParameters) -> Option<f64>| -> Option<Input> {
            Some(Input::Number(drawn.iter().map(|held| read(held).map(f64::ln)).collect::<Option<_>>()?))
        };
        let inputs = [
            ("substitution between origins", logs(|held| Some(held.between_origins))),
            ("substitution between products", logs(|held| Some(held.between_products))),
            ("substitution with home goods", logs(|held| held.with_home)),
        ];
        let inputs = inputs.into_iter().filter_map(|(name, input)| Some((name, input?))).collect();
        Ok(FirstYearDraws { values, inputs })
    }

    /// What is measured under each of the parameters. Where no more than two numbers vary among many, it is asked on a grid of the two and read
    /// there, if what is read at the ends of what was drawn is what is asked there.
    fn measured(
        &self,
        drawn: &[FirstYearParameters],
        control: &Control,
        measure: &(impl Fn(&[FirstYearOutcome]) -> Vec<f64> + Sync),
    ) -> Result<Vec<Vec<f64>>, EngineError> {
        let asked = |parameters: &[FirstYearParameters]| -> Result<Vec<Vec<f64>>, EngineError> {
            // Neighbours that share a product's prices are asked together.
            let shared = |a: &FirstYearParameters, b: &FirstYearParameters| {
                (a.between_origins, a.pass_through) == (b.between_origins, b.pass_through)
            };
            let together: Vec<&[FirstYearParameters]> = parameters.chunk_by(shared).collect();
            let found = control.map(together, || (), |(), along| self.ask(along, measure))?;
            Ok(found.into_iter().collect::<Result<Vec<_>, _>>()?.concat())
        };
        let (Some(first), Some(grid)) = (drawn.first(), grid_of(drawn)) else { return asked(drawn) };
        let on_grid: Vec<FirstYearParameters> = grid
            .points()
            .map(|(between_origins, between_products)| FirstYearParameters {
                between_origins,
                between_products,
                ..*first
            })
            .collect();
        let mut ends = farthest(drawn);
        ends.insert(0, 0);
        let at_ends: Vec<FirstYearParameters> = ends.iter().map(|at| drawn[*at]).collect();
        let mut answers = asked(&[on_grid, at_ends].concat())?;
        let at_ends = answers.split_off(answers.len() - ends.len());
        let mut read: Vec<Vec<f64>> = (drawn.iter())
            .map(|held| grid.read(&answers, held.between_origins, held.between_products))
            .collect();
        let is_near = |(a, b): (&f64, &f64)| {
            (a - b).abs() <= READING * (1.0 + b.abs()) || !(a.is_finite() || b.is_finite())
        };
        for (at, found) in ends.into_iter().zip(at_ends) {
            if !read[at].iter().zip(&found).all(is_near) {
                return asked(drawn);
            }
            read[at] = found;
        }
        Ok(read)
    }

    fn ask(
        &self,
        along: &[FirstYearParameters],
        measure: &impl Fn(&[FirstYearOutcome]) -> Vec<f64>,
    ) -> Result<Vec<Vec<f64>>, EngineError> {
        let by_parameters = self.question.answers(self.cases, along)?.into_iter();
        Ok(by_parameters
            .map(|worlds| {
                let changes = self.changes.iter();
                let changes =
                    changes.map(|(before, after)| self.question.between(&worlds[*before], &worlds[*after]));
                measure(&changes.collect::<Vec<_>>())
            })
            .collect())
    }
}

/// Points of the grid that a band within a year is asked on: of substitution between origins, and between products.
const GRID: [usize; 2] = [12, 7];
/// How far a number read on the grid may be from the one asked, of one percent and of itself.
const READING: f64 = 1e-5;

/// A grid over what was drawn; none where more than two numbers vary, or where asking each run is as quick.
fn grid_of(drawn: &[FirstYearParameters]) -> Option<Grid> {
    let first = drawn.first()?;
    let two = drawn.iter().all(|held| held.pass_through == first.pass_through && held.with_home.is_none());
    if !two || drawn.len() <= 2 * GRID[0] * GRID[1] {
        return None;
    }
    let range = |read: fn(&FirstYearParameters) -> f64| {
        drawn
            .iter()
            .map(read)
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)])
    };
    Some(Grid::over(range(|held| held.between_origins), range(|held| held.between_products), GRID))
}

/// The runs in which the two numbers lie farthest out, in sum and in difference of their logarithms.
fn farthest(drawn: &[FirstYearParameters]) -> Vec<usize> {
    let logs = |held: &FirstYearParameters| (held.between_origins.ln(), held.between_products.ln());
    let at = |of: fn((f64, f64)) -> f64| {
        let runs = drawn.iter().map(logs).map(of).enumerate();
        runs.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(run, _)| run)
    };
    [at(|(a, b)| a + b), at(|(a, b)| a - b), at(|(a, b)| b - a)].into_iter().flatten().collect()
}

/// An outcome as a run measures it; not a number where it is not defined.
pub(crate) fn number<T>(read: Option<fn(&T) -> Option<f64>>, row: &T) -> f64 {
    read.and_then(|read| read(row)).unwrap_or(f64::NAN)
}

fn rows(benchmark: &Benchmark, outcomes: &[&OutcomeEntry], band: impl Fn(usize) -> Option<Band>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (economy, named) in benchmark.economies.iter().enumerate() {
        for (position, outcome) in outcomes.iter().enumerate() {
            let Some(band) = band(economy * outcomes.len() + position) else { continue };
            rows.push(Row::new(&named.code, outcome.key(Place::Bands), &band));
        }
    }
    rows
}

/// The two economies that lose most by the first of the headlines.
fn largest_losers(
    rows: &[Row],
    benchmark: &Benchmark,
    headlines: &[&OutcomeEntry],
) -> Option<(usize, usize)> {
    let outcome = headlines.first()?.key(Place::Bands);
    let mut losers: Vec<(&str, f64)> = rows
        .iter()
        .filter(|row| row.outcome == outcome && row.median < 0.0)
        .map(|row| (row.economy.as_str(), row.median))
        .collect();
    losers.sort_by(|a, b| a.1.total_cmp(&b.1));
    let [first, second, ..] = losers[..] else { return None };
    Some((benchmark.economy(first.0)?, benchmark.economy(second.0)?))
}

fn loses_more(benchmark: &Benchmark, first: usize, second: usize, comparison: &Comparison) -> LosesMore {
    let code = |economy: usize| benchmark.economies[economy].code.clone();
    LosesMore {
        first: code(first),
        second: code(second),
        first_loses_more: comparison.stands().then_some(comparison.first_loses_more),
        depends_on: depends_on(&code(first), &code(second), comparison),
    }
}

/// On what it depends which of two loses more, in words.
pub fn depends_on(first: &str, second: &str, comparison: &Comparison) -> String {
    let share = comparison.first_loses_more;
    let Some((driver, explained)) = &comparison.driver else { return "one run only".to_owned() };
    if share == 0.0 || share == 1.0 {
        return "nothing that was varied".to_owned();
    }
    let mut words = format!("{driver} ({:.0} percent of the spread of the difference)", 100.0 * explained);
    if !comparison.first_under.is_empty() && !comparison.second_under.is_empty() {
        let (rarer, under) = if comparison.first_under.len() < comparison.second_under.len() {
            (first, &comparison.first_under)
        } else {
            (second, &comparison.second_under)
        };
        words.push_str(&format!("; {rarer} under {}", under.join(", ")));
    }
    words
}

/// What a band of an equilibrium was drawn over, in words.
pub fn over(answers: &Answers, settings: &BandSettings) -> String {
    if !answers.about.is_empty() {
        let held = settings.deficits.first().map_or("fixed", |deficits| deficits.word());
        return format!("{}; deficits {held}", answers.about.join(", "));
    }
    let mut sets: Vec<&str> = answers.draws.iter().map(|draw| draw.elasticity_set.as_str()).collect();
    sets.sort_unstable();
    sets.dedup();
    let deficits: Vec<&str> = settings.deficits.iter().map(|deficits| deficits.word()).collect();
    format!("{} published elasticity sets, draws around them, deficits {}", sets.len(), deficits.join(", "))
}

impl Bands {
    /// The band of an outcome of an economy.
    pub fn row(&self, economy: &str, outcome: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.economy == economy && row.outcome == outcome)
    }

    /// For `--format json`.
    pub fn json(&self) -> Value {
        json!(self)
    }

    /// `bands.csv`.
    pub fn table(&self) -> ResultTable {
        let rows = self.rows.iter();
        ResultTable::new(vec![
            keys::ECONOMY.text(rows.clone().map(|row| &row.economy)),
            keys::OUTCOME.text(rows.clone().map(|row| &row.outcome)),
            keys::MEDIAN.number(rows.clone().map(|row| Some(row.median))),
            keys::LOW.number(rows.clone().map(|row| Some(row.low))),
            keys::HIGH.number(rows.clone().map(|row| Some(row.high))),
            keys::SIGN_SHARE.number(rows.clone().map(|row| Some(row.sign_share))),
            keys::DRIVER.words(rows.clone().map(|row| row.driver.clone()).collect()),
            keys::DRIVER_SHARE.number(rows.map(|row| row.driver_share)),
        ])
    }

    /// `bands.csv` as a file of a result.
    pub fn file(&self) -> OutputFile {
        OutputFile::table("bands", self.table())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by_product::ByProduct;
    use crate::join::Join;
    use crate::ledger_tariffs::{LedgerTariffs, Schedule};
    use detente_data::default_world;
    use detente_ledger::tariff::Tariffs;
    use jiff::civil::date;

    /// By product on a day of the record, from the highest duties to none: every account of every economy in every run, read on the grid, is
    /// what is asked of the run itself.
    #[test]
    fn what_is_read_on_the_grid_is_what_is_asked() {
        let (world, record) = (default_world::open().unwrap(), Tariffs::embedded().unwrap());
        let parties = ["USA".to_owned(), "CHN".to_owned()];
        let join = Join { ledger: LedgerTariffs { tariffs: &record }, directory: &world, parties: &parties };
        let schedule = Schedule::on_day(date(2025, 4, 12), date(2025, 4, 12));
        let by_product = ByProduct::new(join, schedule.known_on).unwrap();
        let question = FirstYear::with_products(&world.benchmark, by_product.trade()).unwrap();
        let (levels, none) =
            (join.levels(schedule, &[]).unwrap(), vec![0.0; world.benchmark.tariff_rate.len()]);
        let laid = question.case(&levels, &by_product.rates(&levels, schedule).unwrap()).unwrap();
        let (own, none) =
            (question.case(&world.benchmark.tariff_rate, &[]).unwrap(), question.case(&none, &[]).unwrap());
        let short_run = elasticities::short_run().unwrap();
        let point = short_run.published();
        let asked = FirstYearDrawing {
            question: &question,
            cases: &[&own, &laid, &none],
            changes: &[(0, 1), (0, 2)],
            point: &point,
        };
        let mut random = Random::new(7);
        let drawn: Vec<FirstYearParameters> =
            (0..200).map(|run| if run == 0 { point } else { short_run.draw(&point, &mut random) }).collect();
        assert!(grid_of(&drawn).is_some() && grid_of(&drawn[..100]).is_none());
        let measure = |outcomes: &[FirstYearOutcome]| {
            let accounts = outcomes.iter().flat_map(|outcome| &outcome.accounts);
            let read = |accounts| {
                lists::FIRST_YEAR_BANDS.iter().map(move |entry| number(entry.first_year, accounts))
            };
            accounts.flat_map(read).collect::<Vec<f64>>()
        };
        let control = Control::default();
        let read = asked.measured(&drawn, &control, &measure).unwrap();
        let alone =
            |parameters: &FirstYearParameters| asked.ask(&[*parameters], &measure).unwrap().swap_remove(0);
        let mut apart = 0.0_f64;
        for (parameters, read) in drawn.iter().zip(&read).step_by(9) {
            for (a, b) in read.iter().zip(alone(parameters)).filter(|(a, b)| a.is_finite() || b.is_finite()) {
                apart = apart.max((a - b).abs() / (1.0 + b.abs()));
            }
        }
        assert!(apart < READING, "{apart:e}");
        assert_eq!(read[0], alone(&point), "the point is asked itself");
    }
}
