//! Bands on a brief: every headline of every outcome asked again. In the long run under each published set of elasticities, draws around
//! them and three readings of deficits, a draw calibrated once for all outcomes; within a year under draws of the first year's parameters.

use super::{
    Against, Bands, EffectBand, LosesMore, Outcome,
    effects::{self, Case},
};
use crate::uncertainty::headline::{self, Row, TRUCE_OVER};
use crate::uncertainty::tariff_range::TariffRange;
use crate::uncertainty::{self, Answers, BandError, BandSettings};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::benchmark_directory::paid::{self, PaidAt};
use detente_engine::{
    benchmark::Benchmark,
    catalogue::{OutcomeEntry, Place, economy::IMPORTS_FROM, lists},
    closure::Closure,
    equilibrium::Equilibrium,
    horizon::{Horizon, truce::TruceTotals},
    instruments::Instruments,
    outcomes::headline::headlines,
    solver::Solver,
};
use detente_ledger::talks::OutcomeKind;

/// Runs behind each band.
const RUNS: usize = 200;
/// Two significant digits need no more.
const TOLERANCE: f64 = 1e-7;

/// An outcome measured from a starting point: positions among the tariffs, zero for the benchmark's own, one for today's.
struct Question {
    name: String,
    kind: OutcomeKind,
    against: Against,
    before: usize,
    after: usize,
}

/// The questions of the screen: today from the benchmark's tariffs, every other outcome from today's.
fn questions(shown: &[&Case]) -> Vec<Question> {
    let today = effects::today(shown);
    let asked = shown.iter().enumerate().filter_map(|(position, case)| {
        let (against, before) =
            if Some(position) == today { (Against::Benchmark, 0) } else { (Against::Today, today? + 1) };
        Some(Question { name: case.name.clone(), kind: case.kind, against, before, after: position + 1 })
    });
    asked.collect()
}

/// Adds bands to the outcomes, and says who loses more. `cases` are those of the outcomes; cases that were left out have
/// none.
pub fn add(
    directory: &BenchmarkDirectory,
    cases: &[Case],
    parties: &[String],
    outcomes: &mut [Outcome],
) -> Result<Option<Bands>, BandError> {
    let benchmark = &directory.benchmark;
    let shown: Vec<&Case> = cases
        .iter()
        .filter(|case| {
            outcomes.iter().any(|outcome| outcome.name == case.name && outcome.horizon == Horizon::Long)
        })
        .collect();
    if shown.is_empty() {
        return Ok(None);
    }
    let tariffs: Vec<&[f64]> = std::iter::once(benchmark.tariff_rate.as_slice())
        .chain(shown.iter().map(|case| case.tariff_rate.as_slice()))
        .collect();
    let questions = questions(&shown);
    let partners: Vec<usize> = parties.iter().filter_map(|code| benchmark.economy(code)).collect();
    let mut settings =
        BandSettings { draws: RUNS, paid_shares: directory.paid_shares.clone(), ..BandSettings::default() };
    settings.solve.tolerance = TOLERANCE;
    let instruments: Vec<Instruments> = tariffs
        .iter()
        .map(|rates| Instruments { tariff_rate: rates.to_vec(), ..Instruments::of(benchmark) })
        .collect();
    let borrowed: Vec<&Instruments> = instruments.iter().collect();
    let own = TariffRange::between(
        &benchmark.tariff_rate,
        &paid::tariffs(benchmark, &directory.paid_shares, PaidAt::Low),
        &paid::tariffs(benchmark, &directory.paid_shares, PaidAt::High),
        None,
    );
    // The benchmark's own tariffs are those that a run is calibrated to, and the first case.
    let ranges: Vec<TariffRange> =
        [own.clone(), own].into_iter().chain(shown.iter().map(|case| case.range.clone())).collect();
    let closure = Closure::default();
    let answers =
        uncertainty::solve_ranges(benchmark, &closure, &borrowed, &ranges, &settings, |calibration, solved| {
            Ok(questions.iter().flat_map(|asked| long(calibration, solved, asked, &partners)).collect())
        })?;
    let pairs: Vec<(&[f64], &[f64])> =
        questions.iter().map(|asked| (tariffs[asked.before], tariffs[asked.after])).collect();
    let within = headline::truce_draws(benchmark, &pairs, &settings, |found| {
        found.iter().flat_map(|outcome| truce(outcome, &partners)).collect()
    })?;
    let place = Filling { benchmark, parties, questions: &questions };
    place.fill(outcomes, Horizon::Long, lists::BRIEF_BANDS, &|row, position| {
        Some(Row::new(row.0, row.1, &answers.band(position)?).beside(&answers, position))
    });
    place.fill(outcomes, Horizon::Truce, lists::BRIEF_FIRST_YEAR_BANDS, &|row, position| {
        Some(Row::new(row.0, row.1, &within.band(position)?))
    });
    Ok(Some(Bands {
        runs: RUNS,
        not_converged: answers.not_converged(),
        over: headline::over(&answers, &settings),
        over_within_a_year: TRUCE_OVER.to_owned(),
        loses_more: place.loses_more(&answers),
    }))
}

/// Headlines of every economy under one question: [`lists::BRIEF_BANDS`], then imports from each party.
fn long(calibration: &Solver, solved: &[Equilibrium], asked: &Question, partners: &[usize]) -> Vec<f64> {
    let (before, after) = (&solved[asked.before], &solved[asked.after]);
    let size = calibration.dimensions;
    let bilateral = |flows: &[f64], importer: usize, exporter: usize| -> f64 {
        (0..size.sectors).map(|sector| flows[size.cell(importer, exporter, sector)]).sum()
    };
    let mut values = Vec::new();
    for (economy, row) in headlines(calibration, before, after).iter().enumerate() {
        values.extend(lists::BRIEF_BANDS.iter().map(|entry| headline::number(entry.equilibrium, row)));
        values.extend(partners.iter().map(|partner| {
            let flow = |at: &Equilibrium| bilateral(&at.border_value, economy, *partner);
            100.0 * (flow(after) / flow(before) - 1.0)
        }));
    }
    values
}

/// Headlines of every economy within a year: [`lists::BRIEF_FIRST_YEAR_BANDS`], then imports from each party.
fn truce(found: &TruceTotals, partners: &[usize]) -> Vec<f64> {
    let mut values = Vec::new();
    for (economy, accounts) in found.accounts.iter().enumerate() {
        let headlines = lists::BRIEF_FIRST_YEAR_BANDS.iter();
        values.extend(headlines.map(|entry| headline::number(entry.first_year, accounts)));
        values.extend(partners.iter().map(|partner| {
            let (before, after) = found.bilateral(economy, *partner);
            100.0 * (after / before - 1.0)
        }));
    }
    values
}

/// Where a number of the measure belongs.
struct Filling<'a> {
    benchmark: &'a Benchmark,
    parties: &'a [String],
    questions: &'a [Question],
}

impl Filling<'_> {
    /// Position of a question's economy in a measure with so many headlines beside the parties.
    fn position(&self, headlines: usize, question: usize, economy: usize) -> usize {
        (question * self.benchmark.economies.len() + economy) * (headlines + self.parties.len())
    }

    fn fill(
        &self,
        outcomes: &mut [Outcome],
        horizon: Horizon,
        headlines: &[&OutcomeEntry],
        band: &dyn Fn((&str, &str), usize) -> Option<Row>,
    ) {
        for (question, asked) in self.questions.iter().enumerate() {
            let found = outcomes.iter_mut().find(|outcome| {
                outcome.name == asked.name && outcome.horizon == horizon && outcome.against == asked.against
            });
            let Some(outcome) = found else { continue };
            for (economy, named) in self.benchmark.economies.iter().enumerate() {
                let Some(effects) = outcome.economies.get_mut(&named.code) else { continue };
                let start = self.position(headlines.len(), question, economy);
                let imports =
                    self.parties.iter().map(|party| format!("{}.{party}", IMPORTS_FROM.key(Place::Brief)));
                let names = headlines.iter().map(|entry| entry.key(Place::Brief).to_owned()).chain(imports);
                for (offset, name) in names.enumerate() {
                    if name.ends_with(&format!(".{}", named.code)) {
                        continue; // what an economy buys from itself is no import
                    }
                    let Some(row) = band((&named.code, &name), start + offset) else { continue };
                    effects.bands.insert(name.clone(), EffectBand::from(row));
                }
                // The first headline is the one that the short list shows with its band.
                let Some(income) =
                    headlines.first().and_then(|entry| effects.bands.get(entry.key(Place::Brief)))
                else {
                    continue;
                };
                effects.income_band_pct = Some((income.low, income.high));
                effects.income_median_pct = Some(income.median);
                effects.income_sign_share = Some(income.sign_share);
                effects.income_driver.clone_from(&income.driver);
            }
        }
    }

    fn loses_more(&self, answers: &Answers) -> Vec<LosesMore> {
        let [first, second, ..] = self.parties else { return Vec::new() };
        let (Some(a), Some(b)) = (self.benchmark.economy(first), self.benchmark.economy(second)) else {
            return Vec::new();
        };
        let asked = self.questions.iter().enumerate();
        asked
            .filter_map(|(question, asked)| {
                let at = |economy| self.position(lists::BRIEF_BANDS.len(), question, economy);
                let found = answers.compare(at(a), at(b))?;
                let words = headline::depends_on(first, second, &found);
                Some(LosesMore {
                    outcome: asked.name.clone(),
                    kind: asked.kind,
                    first: first.clone(),
                    second: second.clone(),
                    first_loses_more: found.stands().then_some(found.first_loses_more),
                    depends_on: found.driver.map(|(name, _)| name),
                    words,
                })
            })
            .collect()
    }
}
