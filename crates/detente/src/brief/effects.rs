//! What each outcome of the talks does: one long-run solve per outcome and the first year beside it.
//!
//! Duties on others that stand on the day stand in both worlds that are compared: what the two sides' measures do is read given those. What
//! all measures in force do is read beside it, from the benchmark's own tariffs.

use super::dials::{self, Levels};
use super::{Against, Certificate, Effects, LeftOut, Measures, Outcome};
use crate::uncertainty::tariff_range::TariffRange;
use detente_data::benchmark_directory::quality::Grade;
use detente_data::elasticities;
use detente_engine::{
    benchmark::{Benchmark, SectorKind},
    calibration::SolveSettings,
    catalogue::{OutcomeEntry, Place, economy::*, first_year::*, lists},
    equilibrium::Equilibrium,
    error::EngineError,
    first_year::{FirstYear, FirstYearCase, FirstYearOutcome, FirstYearParameters, FirstYearState, Horizon},
    instruments::Instruments,
    outcomes::{self, Outcomes},
    solver::Solver,
};
use detente_ledger::talks::OutcomeKind;
use std::collections::BTreeMap;

/// An outcome of the talks as tariffs on the benchmark's cells.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name, as the talks' file gives it.
    pub name: String,
    /// Where its measures come from.
    pub kind: OutcomeKind,
    /// One sentence.
    pub description: String,
    /// t'\[n,i,s\], N·N·S, levels.
    pub tariff_rate: Vec<f64>,
    /// How they move where what was paid or is collected is another.
    pub range: TariffRange,
    /// The same on the flows of the first year, by product for importers whose imports are known by product.
    pub first_year: FirstYearCase,
}

/// The long run in words: how far ahead a benchmark's trade elasticities look, where they say so.
pub fn long_run(benchmark: &Benchmark) -> String {
    let label = elasticities::of_benchmark(benchmark).and_then(|set| set.label);
    label.unwrap_or_else(|| format!("{}, elasticities without a window", Horizon::Long.label()))
}

/// Position among some cases of the one in which today's measures go on; none where none does.
pub fn today(cases: &[&Case]) -> Option<usize> {
    cases.iter().position(|case| case.kind == OutcomeKind::InForce)
}

/// What the outcomes come to, and which could not be solved.
#[derive(Clone, Debug, Default)]
pub struct Solved {
    /// Outcomes, by name, horizon and starting point.
    pub outcomes: Vec<Outcome>,
    /// Not converged, with the residual.
    pub left_out: Vec<LeftOut>,
}

/// What outcomes are asked on.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The model.
    pub calibration: &'a Solver,
    /// Codes of the parties' economies.
    pub parties: &'a [String],
    /// Tariffs without the two sides' measures: the benchmark's, with duties on others where they are asked for.
    pub without: &'a Case,
    /// The flows of the first year.
    pub first_year: &'a FirstYear<'a>,
    /// Its elasticities.
    pub parameters: &'a FirstYearParameters,
    /// Grades of the economies' input structures.
    pub quality: &'a (dyn Fn(&str) -> Option<Grade> + Sync),
}

/// A world of an outcome: in the long run and within a year.
struct World {
    equilibrium: Equilibrium,
    within_a_year: FirstYearState,
    dials: Levels,
}

impl Ground<'_> {
    /// Whether duties on others stand in the world without the two sides' measures.
    pub fn has_others(&self) -> bool {
        self.without.tariff_rate != self.calibration.benchmark.tariff_rate
    }

    /// Solves every case and compares it with the world without the two sides' measures and, where a case before it is the one in which
    /// today's measures go on, with today's; that one also with the benchmark's own tariffs, where others' duties stand beside.
    pub fn solve(&self, cases: &[Case]) -> Result<Solved, EngineError> {
        let settings = SolveSettings::default();
        let benchmark = &self.calibration.benchmark;
        let data = self.calibration.solve(Instruments::of(benchmark), &settings, None)?.solved()?;
        let data = World {
            dials: dials::levels(self.calibration, &data, self.parties),
            equilibrium: data,
            within_a_year: self
                .first_year
                .answer(&self.first_year.case(&benchmark.tariff_rate, &[])?, self.parameters)?,
        };
        let with_others =
            match self.has_others() {
                true => Some(self.world(self.without, &data.equilibrium)?.map_err(|unsolved| {
                    EngineError::Unsolved(format!("{}: {unsolved}", self.without.name))
                })?),
                false => None,
            };
        let without = with_others.as_ref().unwrap_or(&data);
        let mut solved = Solved::default();
        let mut today: Option<World> = None;
        for case in cases {
            let start = today.as_ref().unwrap_or(without);
            let found = match self.world(case, &start.equilibrium)? {
                Ok(found) => found,
                Err(reason) => {
                    solved.left_out.push(LeftOut { name: case.name.clone(), reason });
                    continue;
                }
            };
            let mut compare = |against, measures, before: &World| -> Result<(), EngineError> {
                let reader = Reader { ground: self, case, against, measures };
                solved.outcomes.push(reader.long(before, &found)?);
                let changed = self.first_year.between(&before.within_a_year, &found.within_a_year);
                solved.outcomes.push(reader.first_year(&changed));
                Ok(())
            };
            compare(Against::Benchmark, Measures::TwoSides, without)?;
            if let Some(before) = &today {
                compare(Against::Today, Measures::TwoSides, before)?;
            } else if case.kind == OutcomeKind::InForce {
                if with_others.is_some() {
                    compare(Against::Benchmark, Measures::All, &data)?;
                }
                today = Some(found);
            }
        }
        Ok(solved)
    }

    /// The world of a case, or why it has no equilibrium.
    fn world(&self, case: &Case, start: &Equilibrium) -> Result<Result<World, String>, EngineError> {
        let mut instruments = Instruments::of(&self.calibration.benchmark);
        instruments.tariff_rate.clone_from(&case.tariff_rate);
        let found = self.calibration.solve(&instruments, &SolveSettings::default(), Some(start))?;
        Ok(match found.solved() {
            Ok(equilibrium) => {
                let within_a_year = self.first_year.answer(&case.first_year, self.parameters)?;
                let dials = dials::levels(self.calibration, &equilibrium, self.parties);
                Ok(World { equilibrium, within_a_year, dials })
            }
            Err(unsolved) => {
                let residual = unsolved.certificate.max_residual();
                Err(format!("not converged, largest residual {residual:.1e}: {}", unsolved.cause))
            }
        })
    }

    /// Border value of imports of `importer` from `exporter`, of goods or of everything.
    pub fn bilateral(&self, flows: &[f64], importer: usize, exporter: usize, goods: bool) -> f64 {
        bilateral(self.calibration, flows, importer, exporter, goods)
    }
}

/// Border value of imports of `importer` from `exporter`, of goods or of everything.
pub fn bilateral(calibration: &Solver, flows: &[f64], importer: usize, exporter: usize, goods: bool) -> f64 {
    let (size, sectors) = (calibration.dimensions, &calibration.benchmark.sectors);
    let counted = |sector: &usize| !goods || sectors[*sector].kind != SectorKind::Services;
    (0..size.sectors).filter(counted).map(|sector| flows[size.cell(importer, exporter, sector)]).sum()
}

struct Reader<'a> {
    ground: &'a Ground<'a>,
    case: &'a Case,
    against: Against,
    measures: Measures,
}

impl Reader<'_> {
    fn long(&self, from: &World, to: &World) -> Result<Outcome, EngineError> {
        let calibration = self.ground.calibration;
        let (before, after) = (&from.equilibrium, &to.equilibrium);
        let found = outcomes::compare(calibration, before, after)?;
        let economies = (0..calibration.dimensions.economies)
            .map(|economy| (self.code(economy), self.long_effects(&found, economy)))
            .collect();
        let certificate = Certificate {
            converged: true,
            max_residual: before.certificate.max_residual().max(after.certificate.max_residual()),
            walras: before.certificate.walras.abs().max(after.certificate.walras.abs()),
            iterations: after.certificate.iterations,
            evaluations: after.certificate.evaluations,
            seconds: after.certificate.seconds,
        };
        let dials = dials::moves(calibration, &from.dials, &to.dials);
        Ok(Outcome { dials, ..self.outcome(Horizon::Long, economies, Some(certificate)) })
    }

    fn long_effects(&self, found: &Outcomes, economy: usize) -> Effects {
        let row = &found.economies[economy];
        let read = |entry: &OutcomeEntry| entry.equilibrium.and_then(|read| read(row));
        let flows = [&found.trade_before[..], &found.trade_after[..]];
        Effects {
            income_pct: read(&WELFARE),
            income_money: read(&WELFARE_MONEY),
            real_wage_pct: read(&REAL_WAGE),
            price_index_pct: read(&PRICE_INDEX),
            prices_over_wages_pct: read(&PRICES_OVER_WAGES),
            imports_from_pct: self.imports(economy, flows, false),
            goods_imports_from_pct: self.imports(economy, flows, true),
            tariff_revenue_points: read(&TARIFF_REVENUE_POINTS),
            manufacturing_share_points: read(&MANUFACTURING_POINTS),
            deficit_points: read(&DEFICIT_POINTS),
            quality: (self.ground.quality)(&self.code(economy)),
            ..Effects::default()
        }
    }

    fn first_year(&self, found: &FirstYearOutcome) -> Outcome {
        let economies = (0..self.ground.calibration.dimensions.economies)
            .map(|economy| (self.code(economy), self.first_year_effects(found, economy)))
            .collect();
        self.outcome(Horizon::FirstYear, economies, None)
    }

    fn first_year_effects(&self, found: &FirstYearOutcome, economy: usize) -> Effects {
        let accounts = &found.accounts[economy];
        let read = |entry: &OutcomeEntry| entry.first_year.and_then(|read| read(accounts));
        let flows = [&found.border_value_before[..], &found.border_value[..]];
        Effects {
            importers_account_pct: read(&IMPORTERS_ACCOUNT),
            value_added_at_risk_pct: read(&VALUE_ADDED_AT_RISK),
            imports_from_pct: self.imports(economy, flows, false),
            goods_imports_from_pct: self.imports(economy, flows, true),
            tariff_revenue_points: read(&TARIFF_REVENUE_POINTS),
            quality: (self.ground.quality)(&self.code(economy)),
            ..Effects::default()
        }
    }

    fn imports(&self, importer: usize, flows: [&[f64]; 2], goods: bool) -> BTreeMap<String, Option<f64>> {
        let economies = &self.ground.calibration.benchmark.economies;
        (0..economies.len())
            .filter(|&exporter| {
                exporter != importer && self.ground.parties.contains(&economies[exporter].code)
            })
            .map(|exporter| {
                let [before, after] =
                    flows.map(|flows| self.ground.bilateral(flows, importer, exporter, goods));
                let change = (before > 0.0).then(|| 100.0 * (after / before - 1.0));
                (economies[exporter].code.clone(), change)
            })
            .collect()
    }

    fn code(&self, economy: usize) -> String {
        self.ground.calibration.benchmark.economies[economy].code.clone()
    }

    fn outcome(
        &self,
        horizon: Horizon,
        economies: BTreeMap<String, Effects>,
        certificate: Option<Certificate>,
    ) -> Outcome {
        let closure = &self.ground.calibration.closure;
        let numbers = lists::of_a_brief(horizon).iter();
        // Within a year others import as before; what moves is what they sell.
        let ranked = if horizon == Horizon::FirstYear { &VALUE_ADDED_AT_RISK } else { &WELFARE };
        let mut others: Vec<(String, f64)> = economies
            .iter()
            .filter(|(code, _)| !self.ground.parties.contains(code))
            .filter_map(|(code, effects)| effects.value(ranked).map(|value| (code.clone(), value)))
            .collect();
        others.sort_by(|a, b| a.1.total_cmp(&b.1));
        Outcome {
            name: self.case.name.clone(),
            kind: self.case.kind,
            description: self.case.description.clone(),
            horizon,
            horizon_label: match horizon {
                Horizon::Long => long_run(&self.ground.calibration.benchmark),
                other => other.label().to_owned(),
            },
            against: self.against,
            measures: self.measures,
            economies,
            dials: BTreeMap::new(),
            others_worst: others.first().cloned(),
            others_best: others.last().cloned(),
            certificate,
            tags: numbers
                .map(|entry| (entry.key(Place::Brief).to_owned(), entry.tag(horizon, closure, false)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::tags::Tag;
    use detente_data::default_world;
    use detente_engine::closure::Closure;

    fn world_and_rise(points: f64) -> (Solver, Vec<f64>, Vec<String>) {
        let directory = default_world::open().expect("the embedded world opens");
        let size = directory.benchmark.dimensions();
        let mut raised = directory.benchmark.tariff_rate.clone();
        for sector in 0..size.sectors {
            if directory.benchmark.sectors[sector].kind != SectorKind::Services {
                raised[size.cell(0, 1, sector)] += points;
            }
        }
        let parties = directory.benchmark.economies[..2].iter().map(|economy| economy.code.clone()).collect();
        let calibration = Solver::new(&directory.benchmark, &Closure::default()).expect("calibrates");
        (calibration, raised, parties)
    }

    #[test]
    fn today_like_the_benchmark_changes_nothing_and_a_rise_is_measured_from_both_starts() {
        let (calibration, raised, parties) = world_and_rise(0.10);
        let today = calibration.benchmark.tariff_rate.clone();
        let parameters = FirstYearParameters::two_nests(2.53, 1.53);
        let first_year = FirstYear::new(&calibration.benchmark).expect("flows");
        let case = |name: &str, kind: OutcomeKind, tariff_rate: &[f64]| Case {
            name: name.into(),
            kind,
            description: String::new(),
            tariff_rate: tariff_rate.to_vec(),
            range: TariffRange::default(),
            first_year: first_year.case(tariff_rate, &[]).expect("tariffs"),
        };
        let without = case("benchmark", OutcomeKind::InForce, &today);
        let ground = Ground {
            calibration: &calibration,
            parties: &parties,
            without: &without,
            first_year: &first_year,
            parameters: &parameters,
            quality: &|_| None,
        };
        let cases = [case("stay", OutcomeKind::InForce, &today), case("rise", OutcomeKind::Threats, &raised)];
        let solved = ground.solve(&cases).expect("solves");
        assert!(solved.outcomes.iter().all(|outcome| outcome.measures == Measures::TwoSides));
        assert!(solved.left_out.is_empty());
        let find = |name: &str, horizon: Horizon, against: Against| {
            solved
                .outcomes
                .iter()
                .find(|o| o.name == name && o.horizon == horizon && o.against == against)
                .expect("an outcome for each name, horizon and start")
        };
        for (horizon, headline) in [(Horizon::Long, &WELFARE), (Horizon::FirstYear, &IMPORTERS_ACCOUNT)] {
            for effects in find("stay", horizon, Against::Benchmark).economies.values() {
                assert!(effects.value(headline).is_some_and(|value| value.abs() < 1e-9));
            }
            // Today is the benchmark here, so the two starting points must agree.
            for (code, effects) in &find("rise", horizon, Against::Benchmark).economies {
                let from_hold = find("rise", horizon, Against::Today).economies[code].value(headline);
                assert!(
                    (effects.value(headline).expect("a number") - from_hold.expect("a number")).abs() < 1e-9,
                    "{code} at {horizon:?}"
                );
            }
            let taxed =
                &find("rise", horizon, Against::Today).economies[&parties[0]].imports_from_pct[&parties[1]];
            assert!(
                taxed.is_some_and(|change| change < -1.0),
                "the taxed flow falls at {horizon:?}: {taxed:?}"
            );
        }
        let deficit = find("rise", Horizon::Long, Against::Today).tags[DEFICIT_POINTS.key(Place::Brief)];
        assert_eq!(deficit, Tag::Assumed);
    }
}
