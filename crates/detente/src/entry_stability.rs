//! Whether equilibria under economies of scale would hold: the root of entry before and after, in words.

use std::sync::Arc;

use detente_engine::benchmark::Benchmark;
use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, MarketStructure};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::sensitivity::entry_root::{EntryRoot, entry_root};
use detente_engine::solver::Solver;

/// The [root of entry](entry_root) at a baseline and at a counterfactual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// At the baseline.
    pub baseline: EntryRoot,
    /// Sectors that produce in the data and stand empty at the baseline.
    pub emptied: usize,
    /// At the counterfactual; none where that is not solved.
    pub counterfactual: Option<EntryRoot>,
    /// Where the baseline would not hold under `krugman`: the largest scale times trade elasticity, the same in all sectors, under which
    /// the data would.
    pub holds_up_to: Option<f64>,
}

/// Parts into which the scale that holds is found.
const PARTS: f64 = 100.0;

/// Reads the roots; none without economies of scale, and none where one equilibrium is certain.
pub fn read(
    (before, baseline): (&Arc<Solver>, &Equilibrium),
    after: Option<(&Arc<Solver>, &Equilibrium)>,
) -> Option<Entry> {
    if before.uniqueness.is_none_or(|uniqueness| uniqueness.is_proven()) {
        return None;
    }
    let emptied = baseline.certificate.corners.map_or(0, |corners| corners.empty);
    let baseline = entry_root(before, baseline).ok()??;
    let counterfactual =
        after.and_then(|(calibration, equilibrium)| entry_root(calibration, equilibrium).ok()?);
    let krugman = before.closure.market_structure == MarketStructure::Krugman;
    let holds_up_to =
        (krugman && !baseline.is_stable()).then(|| holds_up_to(&before.benchmark, &before.closure)).flatten();
    Some(Entry { baseline, emptied, counterfactual, holds_up_to })
}

/// The largest product of scale and trade elasticity, to a hundredth below, at which the data hold; none where none does.
fn holds_up_to(benchmark: &Arc<Benchmark>, closure: &Closure) -> Option<f64> {
    let instruments = Arc::new(Instruments::of(benchmark));
    let holds = |parts: f64| {
        let closure = Closure {
            scale_elasticity: None,
            scale_times_trade_elasticity: Some(parts / PARTS),
            ..closure.clone()
        };
        let solved = Solver::new(Arc::clone(benchmark), &closure).and_then(|calibration| {
            let data = calibration.solve(Arc::clone(&instruments), &SolveSettings::default(), None)?;
            data.solved().map_or(Ok(None), |data| entry_root(&calibration, &data))
        });
        solved.is_ok_and(|root| root.is_some_and(|root| root.is_stable()))
    };
    let (mut below, mut above) = (0.0, PARTS);
    while above - below > 1.0 {
        let middle = ((below + above) / 2.0_f64).floor();
        if holds(middle) {
            below = middle;
        } else {
            above = middle;
        }
    }
    (below > 0.0).then_some(below / PARTS)
}

impl Entry {
    /// Whether both equilibria would hold, as far as they are known.
    pub fn is_stable(&self) -> bool {
        self.baseline.is_stable() && self.counterfactual.is_none_or(|root| root.is_stable())
    }

    /// What a reader must know before reading the numbers, if anything.
    pub fn warning(&self, benchmark: &Benchmark) -> Option<String> {
        let place = |root: &EntryRoot| {
            let (economy, sector) = root.most;
            format!("{} {}", benchmark.economies[economy].code, benchmark.sectors[sector].code)
        };
        if !self.baseline.is_stable() {
            let remedy = self.holds_up_to.map_or(String::new(), |most| {
                format!("; with `scale_times_trade_elasticity = {most}` or less they would")
            });
            return Some(format!(
                "the baseline would not hold under these economies of scale: entry draws {:.2} of itself after it ({} most), so that any \
                 change at all, this one or another, lets sectors move until entry comes to rest elsewhere; an answer says where, and is no \
                 effect of the change{remedy}",
                self.baseline.root,
                place(&self.baseline)
            ));
        }
        if self.emptied > 0 {
            return Some(format!(
                "the baseline is not the economy of the data: {} sectors that produce there stand empty at it",
                self.emptied
            ));
        }
        let unstable = self.counterfactual.as_ref().filter(|root| !root.is_stable())?;
        Some(format!(
            "the answer would not hold: entry draws {:.2} of itself after it ({} most), and firms would move on to another equilibrium",
            unstable.root,
            place(unstable)
        ))
    }
}
