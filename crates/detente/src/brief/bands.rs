//! Bands on a brief: every headline of every outcome asked again. In the long run under each published set of elasticities, draws around
//! them and three readings of deficits, a draw calibrated once for all outcomes; within a year under draws of the first year's parameters.

use super::{
    Against, Bands, EffectBand, LosesMore, Measures, Outcome,
    effects::{self, Case, Ground},
};
use crate::uncertainty::headline::{self, FIRST_YEAR_OVER, FirstYearDrawing, Row};
use crate::uncertainty::tariff_range::TariffRange;
use crate::uncertainty::{self, Answers, BandError, BandSettings};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::benchmark_directory::paid::{self, PaidAt};
use detente_engine::{
    benchmark::Benchmark,
    catalogue::{
        OutcomeEntry, Place,
        economy::{GOODS_IMPORTS_FROM, IMPORTS_FROM, WELFARE, WELFARE_MONEY},
        lists,
    },
    closure::Closure,
    equilibrium::Equilibrium,
    first_year::{FirstYearCase, FirstYearOutcome, Horizon},
    instruments::Instruments,
    outcomes::headline::headlines,
    parallel::Control,
    solver::Solver,
};
use detente_ledger::talks::OutcomeKind;

/// Runs behind each band.
const RUNS: usize = 200;
/// Two significant digits need no more than 1e-7; a spread that is nothing but the end of a search should not show in six.
const TOLERANCE: f64 = 1e-9;

/// An outcome measured from a starting point: positions among the tariffs, zero for those without the two sides' measures.
struct Question {
    name: String,
    kind: OutcomeKind,
    against: Against,
    measures: Measures,
    before: usize,
    after: usize,
}

/// The questions of the screen: today from the world without the two sides' measures, every other outcome from today; where others' duties
/// stand on the day, today also from the benchmark's own tariffs, which then come last.
fn questions(shown: &[&Case], has_others: bool) -> Vec<Question> {
    let today = effects::today(shown);
    let asked = |position: usize, against, measures, before| {
        let case = shown[position];
        Question { name: case.name.clone(), kind: case.kind, against, measures, before, after: position + 1 }
    };
    let two_sides = (0..shown.len()).filter_map(|position| {
        let (against, before) =
            if Some(position) == today { (Against::Benchmark, 0) } else { (Against::Today, today? + 1) };
        Some(asked(position, against, Measures::TwoSides, before))
    });
    let all = today.filter(|_| has_others);
    let all = all.map(|position| asked(position, Against::Benchmark, Measures::All, shown.len() + 1));
    two_sides.chain(all).collect()
}

/// How a benchmark's own tariffs move with the paid share.
pub fn own_range(directory: &BenchmarkDirectory) -> TariffRange {
    let (benchmark, shares) = (&directory.benchmark, &directory.paid_shares);
    let at = |end| paid::tariffs(benchmark, shares, end);
    TariffRange::between(&benchmark.tariff_rate, &at(PaidAt::Low), &at(PaidAt::High), None)
}

/// Adds bands to the outcomes, and says who loses more. `cases` are those of the outcomes; cases that were left out have
/// none.
pub fn add(
    control: &Control,
    ground: &Ground<'_>,
    directory: &BenchmarkDirectory,
    cases: &[Case],
    outcomes: &mut [Outcome],
) -> Result<Option<Bands>, BandError> {
    let (benchmark, parties) = (&*ground.calibration.benchmark, ground.parties);
    let shown: Vec<&Case> = cases
        .iter()
        .filter(|case| {
            outcomes.iter().any(|outcome| outcome.name == case.name && outcome.horizon == Horizon::Long)
        })
        .collect();
    if shown.is_empty() {
        return Ok(None);
    }
    let questions = questions(&shown, ground.has_others());
    let with_cases = std::iter::once(ground.without).chain(shown.iter().copied());
    let mut tariffs: Vec<&[f64]> = with_cases.clone().map(|case| case.tariff_rate.as_slice()).collect();
    let mut laid: Vec<&FirstYearCase> = with_cases.map(|case| &case.first_year).collect();
    let as_it_was = ground.first_year.case(&benchmark.tariff_rate, &[])?;
    if ground.has_others() {
        tariffs.push(&benchmark.tariff_rate);
        laid.push(&as_it_was);
    }
    let partners: Vec<usize> = parties.iter().filter_map(|code| benchmark.economy(code)).collect();
    let mut settings = BandSettings {
        draws: RUNS,
        control: control.clone(),
        paid_shares: directory.paid_shares.clone(),
        ..BandSettings::default()
    };
    settings.solve.tolerance = TOLERANCE;
    let instruments: Vec<Instruments> = tariffs
        .iter()
        .map(|rates| Instruments { tariff_rate: rates.to_vec(), ..Instruments::of(benchmark) })
        .collect();
    let borrowed: Vec<&Instruments> = instruments.iter().collect();
    let own = own_range(directory);
    // The benchmark's own tariffs are those that a run is calibrated to; with others' measures they are the last case too.
    let with_cases = std::iter::once(ground.without).chain(shown.iter().copied());
    let mut ranges: Vec<TariffRange> =
        std::iter::once(own.clone()).chain(with_cases.map(|case| case.range.clone())).collect();
    if ground.has_others() {
        ranges.push(own);
    }
    let closure = Closure::default();
    let answers = uncertainty::solve_ranges(
        benchmark,
        &closure,
        &borrowed,
        &ranges,
        &settings,
        |calibration, solved| {
            Ok(questions.iter().flat_map(|asked| long(calibration, solved, asked, &partners)).collect())
        },
    )?;
    let asked = FirstYearDrawing {
        question: ground.first_year,
        cases: &laid,
        changes: &questions.iter().map(|asked| (asked.before, asked.after)).collect::<Vec<_>>(),
        point: ground.parameters,
    };
    let within = asked.draw(&settings, |found| {
        found.iter().flat_map(|outcome| first_year(ground, outcome, &partners)).collect()
    })?;
    let place = Filling { benchmark, parties, questions: &questions };
    place.fill(outcomes, Horizon::Long, lists::BRIEF_BANDS, &|row, position| {
        Some(Row::new(row.0, row.1, &answers.band(position)?).beside(&answers, position))
    });
    place.fill(outcomes, Horizon::FirstYear, lists::BRIEF_FIRST_YEAR_BANDS, &|row, position| {
        // What the first year does not know, income in money, has no band.
        let band = within.band(position).filter(|band| band.low.is_finite())?;
        Some(Row { point: within.point(position), ..Row::new(row.0, row.1, &band) })
    });
    Ok(Some(Bands {
        runs: RUNS,
        not_converged: answers.not_converged(),
        over: headline::over(&answers, &settings),
        over_within_a_year: FIRST_YEAR_OVER.to_owned(),
        loses_more: place.loses_more(&answers),
    }))
}

/// Headlines of every economy under one question: [`lists::BRIEF_BANDS`], income in money, then imports from each party, all and goods.
fn long(calibration: &Solver, solved: &[Equilibrium], asked: &Question, partners: &[usize]) -> Vec<f64> {
    let (before, after) = (&solved[asked.before], &solved[asked.after]);
    let mut values = Vec::new();
    for (economy, row) in headlines(calibration, before, after).iter().enumerate() {
        values.extend(lists::BRIEF_BANDS.iter().map(|entry| headline::number(entry.equilibrium, row)));
        values.push(headline::number(WELFARE_MONEY.equilibrium, row));
        values.extend(imports([&before.border_value, &after.border_value], calibration, economy, partners));
    }
    values
}

/// Changes of imports from each party in percent: of everything, then of goods.
fn imports<'a>(
    flows: [&'a [f64]; 2],
    calibration: &'a Solver,
    importer: usize,
    partners: &'a [usize],
) -> impl Iterator<Item = f64> + 'a {
    [false, true].into_iter().flat_map(move |goods| {
        partners.iter().map(move |partner| {
            let [before, after] =
                flows.map(|flows| effects::bilateral(calibration, flows, importer, *partner, goods));
            100.0 * (after / before - 1.0)
        })
    })
}

/// Headlines of every economy within a year: [`lists::BRIEF_FIRST_YEAR_BANDS`], no income in money, then imports as in the long run.
fn first_year(ground: &Ground<'_>, found: &FirstYearOutcome, partners: &[usize]) -> Vec<f64> {
    let mut values = Vec::new();
    let flows = [&found.border_value_before[..], &found.border_value[..]];
    for (economy, accounts) in found.accounts.iter().enumerate() {
        let headlines = lists::BRIEF_FIRST_YEAR_BANDS.iter();
        values.extend(headlines.map(|entry| headline::number(entry.first_year, accounts)));
        values.push(f64::NAN);
        values.extend(imports(flows, ground.calibration, economy, partners));
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
    /// Position of a question's economy in a measure with so many headlines beside income in money and what is bought from the parties.
    fn position(&self, headlines: usize, question: usize, economy: usize) -> usize {
        (question * self.benchmark.economies.len() + economy) * (headlines + 1 + 2 * self.parties.len())
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
                outcome.name == asked.name
                    && outcome.horizon == horizon
                    && (outcome.against, outcome.measures) == (asked.against, asked.measures)
            });
            let Some(outcome) = found else { continue };
            for (economy, named) in self.benchmark.economies.iter().enumerate() {
                let Some(effects) = outcome.economies.get_mut(&named.code) else { continue };
                let start = self.position(headlines.len(), question, economy);
                let imports = [&IMPORTS_FROM, &GOODS_IMPORTS_FROM].into_iter().flat_map(|entry| {
                    self.parties.iter().map(|party| format!("{}.{party}", entry.key(Place::Brief)))
                });
                let shown = headlines.iter().copied().chain([&WELFARE_MONEY]);
                let names = shown.map(|entry| entry.key(Place::Brief).to_owned()).chain(imports);
                for (offset, name) in names.enumerate() {
                    if name.ends_with(&format!(".{}", named.code)) {
                        continue; // what an economy buys from itself is no import
                    }
                    let Some(row) = band((&named.code, &name), start + offset) else { continue };
                    effects.bands.insert(name.clone(), EffectBand::from(row));
                }
                // Income is what the short list shows with its band.
                let Some(income) = effects.bands.get(WELFARE.key(Place::Brief)) else { continue };
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
        let asked = asked.filter(|(_, asked)| asked.measures == Measures::TwoSides);
        asked
            .filter_map(|(question, asked)| {
                let at = |economy| self.position(lists::BRIEF_BANDS.len(), question, economy);
                let still =
                    |economy| answers.band(at(economy)).is_none_or(|band| headline::is_nothing(&band));
                if still(a) && still(b) {
                    return None; // an outcome that is today: who of two that lose nothing loses more is rounding
                }
                let found = answers.compare(at(a), at(b))?;
                let money = |economy| at(economy) + lists::BRIEF_BANDS.len();
                let in_money = answers.compare(money(a), money(b))?;
                let in_money = in_money.stands().then_some(in_money.first_loses_more);
                let words = headline::depends_on(first, second, &found);
                Some(LosesMore {
                    outcome: asked.name.clone(),
                    kind: asked.kind,
                    first: first.clone(),
                    second: second.clone(),
                    first_loses_more: found.stands().then_some(found.first_loses_more),
                    first_loses_more_in_money: in_money,
                    depends_on: found.driver.map(|(name, _)| name),
                    words,
                })
            })
            .collect()
    }
}
