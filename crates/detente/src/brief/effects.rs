//! What each outcome of the talks does: one long-run solve per outcome and the first year by accounting beside it.

use super::{Against, Certificate, Effects, LeftOut, Outcome};
use detente_data::benchmark_directory::quality::Grade;
use detente_engine::{
    calibration::SolveSettings,
    catalogue::{OutcomeEntry, Place, economy::*, first_year::DIRECT_GAIN, lists},
    equilibrium::Equilibrium,
    error::EngineError,
    horizon::{
        Horizon,
        truce::{TruceOutcome, TruceParameters, truce},
    },
    instruments::Instruments,
    outcomes::{self, Outcomes},
    solver::Solver,
};
use crate::uncertainty::tariff_range::TariffRange;
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

/// Solves every case and compares it with the benchmark's tariffs and, where a case before it is the one in which today's measures go on, with today's.
pub fn solve(
    calibration: &Solver,
    cases: &[Case],
    parties: &[String],
    truce_parameters: &TruceParameters,
    quality: &dyn Fn(&str) -> Option<Grade>,
) -> Result<Solved, EngineError> {
    let settings = SolveSettings::default();
    let benchmark = &calibration.benchmark;
    let baseline = calibration.solve(Instruments::of(benchmark), &settings, None)?.solved()?;
    let mut solved = Solved::default();
    let mut today: Option<(&Case, Equilibrium)> = None;
    for case in cases {
        let mut instruments = Instruments::of(benchmark);
        instruments.tariff_rate.clone_from(&case.tariff_rate);
        let found = calibration.solve(
            &instruments,
            &settings,
            Some(today.as_ref().map_or(&baseline, |(_, today)| today)),
        )?;
        let found = match found.solved() {
            Ok(found) => found,
            Err(unsolved) => {
                let residual = unsolved.certificate.max_residual();
                let reason = format!("not converged, largest residual {residual:.1e}: {}", unsolved.cause);
                solved.left_out.push(LeftOut { name: case.name.clone(), reason });
                continue;
            }
        };
        let reader = Reader { calibration, case, parties, quality };
        solved.outcomes.push(reader.long(Against::Benchmark, &baseline, &found)?);
        let before = &benchmark.tariff_rate;
        solved.outcomes.push(
            reader.truce(Against::Benchmark, &truce(benchmark, before, &case.tariff_rate, truce_parameters)?),
        );
        if let Some((held, before)) = &today {
            solved.outcomes.push(reader.long(Against::Today, before, &found)?);
            let changed = truce(benchmark, &held.tariff_rate, &case.tariff_rate, truce_parameters)?;
            solved.outcomes.push(reader.truce(Against::Today, &changed));
        } else if case.kind == OutcomeKind::InForce {
            today = Some((case, found));
        }
    }
    Ok(solved)
}

struct Reader<'a> {
    calibration: &'a Solver,
    case: &'a Case,
    parties: &'a [String],
    quality: &'a dyn Fn(&str) -> Option<Grade>,
}

impl Reader<'_> {
    fn long(
        &self,
        against: Against,
        before: &Equilibrium,
        after: &Equilibrium,
    ) -> Result<Outcome, EngineError> {
        let found = outcomes::compare(self.calibration, before, after)?;
        let economies = (0..self.calibration.dimensions.economies)
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
        Ok(self.outcome(Horizon::Long, against, economies, Some(certificate)))
    }

    fn long_effects(&self, found: &Outcomes, economy: usize) -> Effects {
        let row = &found.economies[economy];
        let read = |entry: &OutcomeEntry| entry.equilibrium.and_then(|read| read(row));
        Effects {
            income_pct: read(&WELFARE),
            real_wage_pct: read(&REAL_WAGE),
            price_index_pct: read(&PRICE_INDEX),
            imports_from_pct: self.imports(economy, |importer, exporter| {
                (
                    self.bilateral(&found.trade_before, importer, exporter),
                    self.bilateral(&found.trade_after, importer, exporter),
                )
            }),
            tariff_revenue_points: read(&TARIFF_REVENUE_POINTS),
            manufacturing_share_points: read(&MANUFACTURING_POINTS),
            deficit_points: read(&DEFICIT_POINTS),
            quality: (self.quality)(&self.code(economy)),
            ..Effects::default()
        }
    }

    fn truce(&self, against: Against, found: &TruceOutcome) -> Outcome {
        let economies = (0..self.calibration.dimensions.economies)
            .map(|economy| (self.code(economy), self.truce_effects(found, economy)))
            .collect();
        self.outcome(Horizon::Truce, against, economies, None)
    }

    fn truce_effects(&self, found: &TruceOutcome, economy: usize) -> Effects {
        let accounts = &found.accounts[economy];
        let read = |entry: &OutcomeEntry| entry.first_year.and_then(|read| read(accounts));
        Effects {
            income_pct: read(&DIRECT_GAIN),
            imports_from_pct: self.imports(economy, |importer, exporter| found.bilateral(importer, exporter)),
            tariff_revenue_points: read(&TARIFF_REVENUE_POINTS),
            quality: (self.quality)(&self.code(economy)),
            ..Effects::default()
        }
    }

    fn imports(
        &self,
        importer: usize,
        flows: impl Fn(usize, usize) -> (f64, f64),
    ) -> BTreeMap<String, Option<f64>> {
        let economies = &self.calibration.benchmark.economies;
        (0..economies.len())
            .filter(|&exporter| exporter != importer && self.parties.contains(&economies[exporter].code))
            .map(|exporter| {
                let (before, after) = flows(importer, exporter);
                let change = (before > 0.0).then(|| 100.0 * (after / before - 1.0));
                (economies[exporter].code.clone(), change)
            })
            .collect()
    }

    fn bilateral(&self, flows: &[f64], importer: usize, exporter: usize) -> f64 {
        let size = self.calibration.dimensions;
        (0..size.sectors).map(|sector| flows[size.cell(importer, exporter, sector)]).sum()
    }

    fn code(&self, economy: usize) -> String {
        self.calibration.benchmark.economies[economy].code.clone()
    }

    fn outcome(
        &self,
        horizon: Horizon,
        against: Against,
        economies: BTreeMap<String, Effects>,
        certificate: Option<Certificate>,
    ) -> Outcome {
        let closure = &self.calibration.closure;
        let numbers = lists::of_a_brief(horizon).iter();
        let mut others: Vec<(String, f64)> = economies
            .iter()
            .filter(|(code, _)| !self.parties.contains(code))
            .filter_map(|(code, effects)| effects.income_pct.map(|value| (code.clone(), value)))
            .collect();
        others.sort_by(|a, b| a.1.total_cmp(&b.1));
        Outcome {
            name: self.case.name.clone(),
            kind: self.case.kind,
            description: self.case.description.clone(),
            horizon,
            horizon_label: horizon.label(),
            against,
            economies,
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
            if directory.benchmark.sectors[sector].kind != detente_engine::benchmark::SectorKind::Services {
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
        let case = |name: &str, kind: OutcomeKind, tariff_rate: &[f64]| Case {
            name: name.into(),
            kind,
            description: String::new(),
            tariff_rate: tariff_rate.to_vec(),
            range: TariffRange::default(),
        };
        let today = calibration.benchmark.tariff_rate.clone();
        let parameters = TruceParameters::uniform(calibration.dimensions.sectors, 0.76, 0.5);
        let cases = [case("stay", OutcomeKind::InForce, &today), case("rise", OutcomeKind::Threats, &raised)];
        let solved = solve(&calibration, &cases, &parties, &parameters, &|_| None).expect("solves");
        assert!(solved.left_out.is_empty());
        let find = |name: &str, horizon: Horizon, against: Against| {
            solved
                .outcomes
                .iter()
                .find(|o| o.name == name && o.horizon == horizon && o.against == against)
                .expect("an outcome for each name, horizon and start")
        };
        for horizon in [Horizon::Long, Horizon::Truce] {
            for effects in find("stay", horizon, Against::Benchmark).economies.values() {
                assert!(effects.income_pct.is_some_and(|value| value.abs() < 1e-9));
            }
            // Today is the benchmark here, so the two starting points must agree.
            for (code, effects) in &find("rise", horizon, Against::Benchmark).economies {
                let from_hold =
                    find("rise", horizon, Against::Today).economies[code].income_pct.expect("income");
                assert!(
                    (effects.income_pct.expect("income") - from_hold).abs() < 1e-9,
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
