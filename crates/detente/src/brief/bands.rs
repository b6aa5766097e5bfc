//! Bands on a brief: every outcome asked again under each published set of elasticities, draws around them and three readings
//! of deficits. A draw is calibrated once for all outcomes.

use super::{Bands, LosesMore, Outcome, effects::Case};
use crate::uncertainty::{self, Answers, BandError, BandSettings};
use detente_engine::{
    benchmark::Benchmark, calibration::Calibration, closure::Closure, equilibrium::Equilibrium,
    instruments::Instruments, outcomes,
};

/// Runs behind each band.
const RUNS: usize = 200;
/// Two significant digits need no more.
const TOLERANCE: f64 = 1e-7;

/// Adds bands to the long-run outcomes that are measured from today, and says who loses more. `cases` are those of the
/// outcomes, today first; outcomes of cases that were left out have none.
pub fn add(
    benchmark: &Benchmark,
    cases: &[Case],
    parties: &[String],
    outcomes: &mut [Outcome],
) -> Result<Option<Bands>, BandError> {
    let shown: Vec<&Case> = cases
        .iter()
        .filter(|case| outcomes.iter().any(|outcome| outcome.name == case.name && outcome.horizon == "long"))
        .collect();
    if shown.is_empty() {
        return Ok(None);
    }
    // The benchmark's own tariffs come first: today is measured from them, the others from today.
    let instruments: Vec<Instruments> = std::iter::once(Instruments::of(benchmark))
        .chain(shown.iter().map(|case| {
            let mut instruments = Instruments::of(benchmark);
            instruments.tariff_rate.clone_from(&case.tariff_rate);
            instruments
        }))
        .collect();
    let borrowed: Vec<&Instruments> = instruments.iter().collect();
    let mut settings = BandSettings { draws: RUNS, ..BandSettings::default() };
    settings.solve.tolerance = TOLERANCE;
    let answers = uncertainty::solve(benchmark, &Closure::default(), &borrowed, &settings, measure)?;
    let economies = benchmark.economies.len();
    for (position, case) in shown.iter().enumerate() {
        let against = if position == 0 { "benchmark" } else { "hold" };
        let Some(outcome) = outcomes.iter_mut().find(|outcome| {
            outcome.name == case.name && outcome.horizon == "long" && outcome.against == against
        }) else {
            continue;
        };
        for (economy, named) in benchmark.economies.iter().enumerate() {
            let Some(band) = answers.band(position * economies + economy) else { continue };
            let Some(effects) = outcome.economies.get_mut(&named.code) else { continue };
            effects.income_band_pct = Some((band.low, band.high));
            effects.income_median_pct = Some(band.median);
            effects.income_sign_share = Some(band.sign_share);
            effects.income_driver = band.drivers.first().map(|(name, _)| name.clone());
        }
    }
    Ok(Some(Bands {
        runs: RUNS,
        not_converged: answers.not_converged(),
        loses_more: loses_more(benchmark, &shown, parties, &answers),
    }))
}

/// Welfare of every economy: today from the benchmark's tariffs, then each other outcome from today.
fn measure(calibration: &Calibration, solved: &[Equilibrium]) -> Vec<f64> {
    let Some((data, cases)) = solved.split_first() else { return Vec::new() };
    let mut values = Vec::new();
    for (position, case) in cases.iter().enumerate() {
        let before = if position == 0 { data } else { &cases[0] };
        let found = outcomes::compare(calibration, before, case);
        values.extend(found.economies.iter().map(|row| row.welfare_pct.unwrap_or(f64::NAN)));
    }
    values
}

fn loses_more(
    benchmark: &Benchmark,
    shown: &[&Case],
    parties: &[String],
    answers: &Answers,
) -> Vec<LosesMore> {
    let [first, second, ..] = parties else { return Vec::new() };
    let (Some(a), Some(b)) = (benchmark.economy(first), benchmark.economy(second)) else { return Vec::new() };
    let economies = benchmark.economies.len();
    shown
        .iter()
        .enumerate()
        .skip(1)
        .filter_map(|(position, case)| {
            let found = answers.compare(position * economies + a, position * economies + b)?;
            Some(LosesMore {
                outcome: case.name.clone(),
                first: first.clone(),
                second: second.clone(),
                first_loses_more: found.first_loses_more,
                depends_on: found.driver.map(|(name, _)| name),
            })
        })
        .collect()
}
