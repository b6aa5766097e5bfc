//! Random economies under random shocks: solved, refused or wrong, counted.
//!
//! A few hundred by default; the full count with `DETENTE_RANDOM_ECONOMIES=10000 cargo test --release -p
//! detente-engine --test random_economies -- --nocapture`. What is drawn, and what is not, stands in `shared/draw.rs`. A question is
//! refused by a test that has a name and is decided before solving, solved, or not converged; every solution is checked by equations written anew in `shared/violation.rs`, from the benchmark and the
//! instruments alone.
//!
//! When last counted in full, on one build: perfect competition with mobile labour 9,999 of 9,999 solved. Of 1,111 each under the others,
//! refused by the test of balanced trade that leads one way (before solving) and not converged:
//!
//! | family | refused | not converged | | family | refused | not converged |
//! |---|---|---|---|---|---|---|
//! | `krugman` | 9 | 2 | | `elastic` | 5 | 2 |
//! | `melitz` | 7 | 2 | | `ces` | 10 | 2 |
//! | fixed entry | 7 | 6 | | no intermediates | 2 | 1 |
//! | `roy` | 4 | 4 | | mixed | 8 | 4 |
//! | `specific` | 4 | 1 | | all nine | 56 | 24 |
//!
//! None wrong, none panicked: 80 of 9,999 left, 0.8 percent. Of the 24 that did not converge 19 have deficits that follow GDP and either
//! differ by more than GDP itself or belong to economies that sell one way: worlds that may have no equilibrium, and that are redrawn under perfect
//! competition; no test tells before solving which have none. Two are limits whose sides go in circles. The default run takes seconds, the
//! full one twelve minutes on two processors.

mod shared;

use std::collections::BTreeMap;
use std::fmt;

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::{Calibration, SolveSettings};
use detente_engine::closure::{Closure, Deficits};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::error::EngineError;
use detente_engine::instruments::Instruments;
use detente_engine::parallel::on_all_processors;
use shared::draw::{Case, Family, draw, draw_limits, draw_shift};
use shared::random::Random;
use shared::violation::violation;

/// How many economies are drawn for each half (perfect competition with mobile labour; all other closures).
fn count() -> u64 {
    std::env::var("DETENTE_RANDOM_ECONOMIES").ok().and_then(|text| text.parse().ok()).unwrap_or(90)
}

/// Seeds to be drawn alone, for work on one of them: `FAMILY:SEED,FAMILY:SEED`.
fn wanted() -> Option<Vec<String>> {
    Some(std::env::var("DETENTE_RANDOM_SEEDS").ok()?.split(',').map(str::to_owned).collect())
}

/// How a question ended.
enum End {
    Solved(Box<Equilibrium>, f64),
    Refused(EngineError),
    NotConverged(String),
}

/// A question that was put, for the message about it.
struct Asked {
    benchmark: Benchmark,
    closure: Closure,
    instruments: Instruments,
}

fn ask(family: Family, seed: u64) -> (Asked, End) {
    let mut random = Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ family as u64);
    let Case { benchmark, mut closure, mut instruments, limited } = draw(&mut random, family);
    let settings = SolveSettings::default();
    let end = |closure: &Closure, instruments: &Instruments| {
        let solved = Calibration::new(&benchmark, closure)
            .and_then(|calibration| calibration.solve(instruments, &settings, None));
        match solved {
            Err(error) => End::Refused(error),
            Ok(e) if !e.status.is_converged() => {
                let (name, worst) = e
                    .certificate
                    .residuals
                    .iter()
                    .copied()
                    .fold(("", 0.0), |worst, next| if next.1 > worst.1 { next } else { worst });
                let sweeps = e.certificate.sweeps;
                End::NotConverged(format!("{:?} {name} {worst:.1e} {sweeps} sweeps", e.status))
            }
            Ok(e) => {
                let gap = violation(&benchmark, closure, instruments, &e);
                End::Solved(Box::new(e), gap)
            }
        }
    };
    let mut answer = end(&closure, &instruments);
    if let (Family::Levels, End::Solved(e, gap)) = (family, &answer)
        && *gap < 1e-8
    {
        // The same levels, now fixed: an equilibrium is known, and has to be found from the data.
        closure.deficits = Deficits::Path;
        instruments.trade_deficit = e.trade_deficit.iter().map(|level| Some(*level)).collect();
        let known = e.clone();
        answer = end(&closure, &instruments);
        if let End::Solved(e, gap) = &mut answer {
            let pairs = e.income.iter().zip(&known.income);
            *gap = pairs.fold(*gap, |gap, (a, b)| gap.max((a / b - 1.0).abs() * 1e-2));
        }
    }
    if let (true, End::Solved(e, gap)) = (limited, &answer)
        && *gap < 1e-8
    {
        let d = benchmark.dimensions();
        if random.chance(0.5) {
            let share: Vec<f64> =
                e.final_use.iter().enumerate().map(|(p, use_)| use_ / e.income[p % d.economies]).collect();
            instruments.final_demand_shifts.push(draw_shift(&mut random, &share, d));
        }
        instruments.limits = draw_limits(&mut random, e, d);
        answer = end(&closure, &instruments);
    }
    (Asked { benchmark, closure, instruments }, answer)
}

#[derive(Default)]
struct Counts {
    solved: usize,
    limits: (usize, usize),
    not_converged: Vec<String>,
    refused: Vec<String>,
    /// How many were refused by the test of this name.
    by_test: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
    sweeps: Vec<usize>,
    worst: f64,
}

impl Counts {
    fn left(&self) -> usize {
        self.not_converged.len() + self.refused.len()
    }

    fn add(&mut self, family: Family, seed: u64) {
        let (asked, end) = ask(family, seed);
        let name = || {
            let d = asked.benchmark.dimensions();
            let theta = asked.benchmark.sectors.iter().map(|s| s.trade_elasticity).fold(0.0, f64::max);
            let tariff = asked.instruments.tariff_rate.iter().copied().fold(0.0, f64::max);
            let limits = asked.instruments.limits.len();
            format!(
                "{family:?}:{seed} ({}x{}, elasticity to {theta:.0}, tariff to {:.0} percent, {limits} limits)",
                d.economies,
                d.sectors,
                100.0 * tariff
            )
        };
        match end {
            End::Refused(error) => {
                let test = match error {
                    EngineError::Refused { setting, .. } => setting,
                    _ => "no named test",
                };
                *self.by_test.entry(test).or_default() += 1;
                self.refused.push(format!("{}: {error}", name()));
            }
            End::NotConverged(how) => {
                self.not_converged.push(format!("{}: {how} {:?}", name(), asked.closure.deficits));
            }
            End::Solved(e, gap) => {
                self.solved += 1;
                self.sweeps.push(e.certificate.sweeps);
                self.worst = self.worst.max(gap);
                let bind = e.limit_wedge.iter().filter(|wedge| **wedge > 0.0).count();
                self.limits.0 += bind;
                self.limits.1 += e.limit_wedge.len() - bind;
                if gap.is_nan() || gap > 1e-8 {
                    self.wrong.push(format!("{}: {gap:.1e}", name()));
                }
            }
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sweeps = self.sweeps.clone();
        sweeps.sort_unstable();
        let at =
            |share: f64| sweeps.get((share * (sweeps.len() as f64 - 1.0)) as usize).copied().unwrap_or(0);
        write!(
            f,
            "solved {}, not converged {}, refused {} {:?}, wrong {}; limits that bind {}, that do not {}; \
             sweeps median {}, 90 percent {}, most {}; largest violation {:.1e}",
            self.solved,
            self.not_converged.len(),
            self.refused.len(),
            self.by_test,
            self.wrong.len(),
            self.limits.0,
            self.limits.1,
            at(0.5),
            at(0.9),
            at(1.0),
            self.worst,
        )?;
        for line in self.not_converged.iter().chain(&self.refused).chain(&self.wrong) {
            write!(f, "\n    {line}")?;
        }
        Ok(())
    }
}

impl Counts {
    /// Takes in what another counted.
    fn merge(&mut self, other: Self) {
        self.solved += other.solved;
        self.limits.0 += other.limits.0;
        self.limits.1 += other.limits.1;
        self.not_converged.extend(other.not_converged);
        self.refused.extend(other.refused);
        self.wrong.extend(other.wrong);
        self.sweeps.extend(other.sweeps);
        self.worst = self.worst.max(other.worst);
        for (test, count) in other.by_test {
            *self.by_test.entry(test).or_default() += count;
        }
    }
}

/// Counts each family, on all processors.
fn run(families: &[Family]) -> Vec<(Family, Counts)> {
    families
        .iter()
        .map(|&family| {
            let seeds: Vec<u64> = (0..count() / families.len() as u64)
                .filter(|seed| wanted().is_none_or(|list| list.contains(&format!("{family:?}:{seed}"))))
                .collect();
            let one = |(): &mut (), seed| {
                let mut counts = Counts::default();
                counts.add(family, seed);
                counts
            };
            let mut counts = Counts::default();
            on_all_processors(seeds, || (), one).into_iter().for_each(|one| counts.merge(one));
            println!("random economies, {family:?}: {counts}");
            (family, counts)
        })
        .collect()
}

/// Under perfect competition and mobile labour nothing is refused and nothing is left unsolved.
#[test]
fn perfect_competition_with_mobile_labour_is_always_solved() {
    for (family, counts) in run(&Family::PLAIN) {
        assert!(counts.wrong.is_empty(), "{family:?} wrong: {:?}", counts.wrong);
        assert_eq!(counts.left(), 0, "{family:?}: {counts}");
    }
}

/// Of those drawn by default: a world that sells one way, with balanced trade (refused), and one in which an economy imports nothing and deficits
/// that follow GDP come to ask it to.
const KNOWN: [&str; 2] = ["Roy:1 ", "Melitz:9 "];

/// Under the other closures at most two percent are to be refused, a solve that does not converge among them. The counts are
/// printed.
#[test]
fn other_closures_are_nearly_always_solved() {
    let found = run(&Family::OTHERS);
    for (family, counts) in &found {
        assert!(counts.wrong.is_empty(), "{family:?} wrong: {:?}", counts.wrong);
        assert!(!counts.by_test.contains_key("no named test"), "{family:?}: {counts}");
    }
    let left: Vec<&String> =
        found.iter().flat_map(|(_, counts)| counts.not_converged.iter().chain(&counts.refused)).collect();
    let solved: usize = found.iter().map(|(_, counts)| counts.solved).sum();
    println!("random economies, other closures: {} of {} left unsolved", left.len(), left.len() + solved);
    if count() <= 90 {
        // Too few to tell two percent: those known to be left, and no others.
        let others = left.iter().filter(|line| !KNOWN.iter().any(|known| line.starts_with(known)));
        assert_eq!(others.count(), 0, "{left:#?}");
        return;
    }
    let most = (left.len() + solved) / 50;
    assert!(left.len() <= most, "{most} may be left unsolved: {left:#?}");
}
