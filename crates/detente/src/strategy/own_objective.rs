//! A player whose objective is a function of the asker's own: what it reads, by name, and whether its slopes are its slopes.
//!
//! Outcomes are told as the table of economies has them: `real_wage` (or `real_wage_pct`) is the change in percent from the game's
//! baseline, `tariff_revenue` the amount, `manufacturing_share` the fraction; a name that ends in `_pct` is the change of any of them.

use std::sync::Arc;

use detente_engine::catalogue::{Unit, lists};
use detente_engine::gradient::gradient;
use detente_engine::objective::{FunctionOfOutcomes, Objective, Outcome, OutcomeFunction, Read, Scalar};
use detente_tables::nearest::suggestion;

use super::baseline_world::BaselineWorld;
use super::error::NoStrategy;
use super::objectives::{ObjectiveKind, Objectives};

/// Change of the logarithm of its tariffs over which a player's whole objective is differenced.
const STEP: f64 = 1e-3;
/// By how much of its parts that difference may be off the gradient.
const OFF: f64 = 1e-4;

/// A player's own function.
#[derive(Clone, Debug)]
pub struct OwnFunction {
    /// Code of the player.
    pub player: String,
    /// What readers call it.
    pub name: String,
    /// Outcomes that it is told, in order: `real_wage:USA`, `imports_from:USA,partner=CHN`, `output:CHN,sector=ELE`; the player's own where
    /// no economy is named.
    pub reads: Vec<String>,
    /// The function.
    pub function: Arc<dyn OutcomeFunction>,
}

impl Objectives {
    /// These with a player's own function in place of what it wanted. Refused where it has no value at the baseline, or where its slopes are
    /// not those of its values.
    pub fn with_own(mut self, ground: &BaselineWorld, own: OwnFunction) -> Result<Self, NoStrategy> {
        let player = ground.economy(&own.player)?;
        let wrong = |reason: String| NoStrategy::Objective { name: own.name.clone(), reason };
        if own.reads.is_empty() {
            return Err(wrong(
                "reads nothing; name an outcome or more, for instance `real_wage:CODE`".into(),
            ));
        }
        let reads = own
            .reads
            .iter()
            .map(|word| read(ground, player, word))
            .collect::<Result<Vec<_>, _>>()
            .map_err(wrong)?;
        let (scalars, reads): (Vec<Scalar>, Vec<Read>) = reads.into_iter().unzip();
        let held = FunctionOfOutcomes::new(reads, own.function);
        // Whoever stopped the work has their own reason for it.
        ground.calibration.control().check().map_err(detente_engine::strategy::error::StrategyError::from)?;
        if !held.at_baseline().is_finite() {
            return Err(wrong(format!("is {} at the baseline, and no number there", held.at_baseline())));
        }
        let objective = Objective::Own(scalars, held);
        if let Some((slope, difference)) = slopes_off(ground, player, &objective)? {
            return Err(wrong(format!(
                "its gradient says {slope:.6e} where the whole differs by {difference:.6e} (payoff, for each unit that all tariffs of {} rise, \
                 in logarithms): its slopes are not those of its values, or it has a corner at the baseline",
                ground.code(player)
            )));
        }
        self.players[player].objective = objective;
        self.kind = ObjectiveKind::Own;
        self.name = own.name;
        Ok(self)
    }
}

/// The gradient along all tariffs of the player and the difference of the whole, where they are not the same.
fn slopes_off(
    ground: &BaselineWorld,
    player: usize,
    objective: &Objective,
) -> Result<Option<(f64, f64)>, NoStrategy> {
    let solver = &ground.calibration;
    let d = solver.dimensions;
    let cells: Vec<usize> = (0..d.cells())
        .filter(|cell| {
            let (importer, exporter, _) = d.cell_of(*cell);
            importer == player && exporter != player && solver.benchmark.border_value[*cell] > 0.0
        })
        .collect();
    let engine = |error| NoStrategy::Game(detente_engine::strategy::error::StrategyError::Economy(error));
    let found = gradient(solver, &ground.baseline, objective).map_err(engine)?;
    let parts = || cells.iter().map(|cell| found.tariff[*cell]);
    let slope: f64 = parts().sum();
    let at = |step: f64| -> Result<f64, NoStrategy> {
        let mut moved = ground.today();
        for cell in &cells {
            moved.tariff_rate[*cell] = (moved.tariff_rate[*cell].ln_1p() + step).exp_m1();
        }
        let settings = detente_engine::calibration::SolveSettings::default();
        let solved = solver.solve(moved, &settings, Some(&ground.baseline)).map_err(engine)?;
        let unsolved = |_| NoStrategy::Objective {
            name: ground.code(player).to_owned(),
            reason: "its slopes cannot be judged: no equilibrium beside the baseline".into(),
        };
        Ok(objective.value(solver, &solved.solved().map_err(unsolved)?))
    };
    let difference = (at(STEP)? - at(-STEP)?) / (2.0 * STEP);
    let size = parts().map(f64::abs).sum::<f64>().max(difference.abs());
    let same = (slope - difference).abs() <= OFF * size || size < 1e-9;
    Ok((!same).then_some((slope, difference)))
}

/// What an outcome's name means.
fn read(ground: &BaselineWorld, player: usize, typed: &str) -> Result<(Scalar, Read), String> {
    let (word, rest) = typed.split_once(':').unwrap_or((typed, ""));
    let benchmark = &ground.calibration.benchmark;
    let economy = |code: &str| {
        benchmark.economy(code).ok_or_else(|| {
            let known = benchmark.economies.iter().map(|economy| economy.code.as_str());
            format!("reads `{typed}`: economy `{code}`; {}", suggestion(code, known))
        })
    };
    let (mut whose, mut partner, mut sector) = (player, None, None);
    for part in rest.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part.split_once('=') {
            None => whose = economy(part)?,
            Some(("economy", code)) => whose = economy(code)?,
            Some(("partner", code)) => partner = Some(economy(code)?),
            Some(("sector", code)) => {
                let known = || benchmark.sectors.iter().map(|sector| sector.code.as_str());
                let found = benchmark.sector(code);
                let unknown = || format!("reads `{typed}`: sector `{code}`; {}", suggestion(code, known()));
                sector = Some(found.ok_or_else(unknown)?);
            }
            Some((key, _)) => {
                return Err(format!("reads `{typed}`: `{key}` is none of economy, partner, sector"));
            }
        }
    }
    let (outcome, percent) = match (word.strip_suffix("_pct").unwrap_or(word), partner, sector) {
        ("imports_from", Some(partner), None) => (Outcome::ImportsFrom(partner), word.ends_with("_pct")),
        ("output", None, Some(sector)) => (Outcome::Output(sector), word.ends_with("_pct")),
        ("imports_from" | "output", ..) => {
            return Err(format!(
                "reads `{typed}`: `imports_from` needs `partner=CODE`, `output` needs `sector=CODE`"
            ));
        }
        (_, None, None) => named(word).ok_or_else(|| {
            let known = detente_engine::catalogue::objectives().map(|(name, ..)| name);
            format!("reads `{typed}`: {}", suggestion(word, known.chain(["imports_from", "output"])))
        })?,
        _ => return Err(format!("reads `{typed}`: `{word}` has neither partner nor sector")),
    };
    let scalar = Scalar { outcome, economy: whose };
    let baseline = scalar.value(&ground.calibration, &ground.baseline);
    if !baseline.is_finite() || (percent && baseline == 0.0) {
        return Err(format!(
            "reads `{typed}`: it is {baseline} at the baseline, so that there is no change of it"
        ));
    }
    Ok((scalar, Read { baseline, percent }))
}

/// An outcome by its word, its column's name, or either with `_pct` behind it, and whether it is a change in percent.
fn named(word: &str) -> Option<(Outcome, bool)> {
    let plain = word.strip_suffix("_pct");
    lists::ALL.iter().flat_map(|group| group.entries).find_map(|entry| {
        let (name, old, outcome) = entry.objective?;
        let is = |word: &str| word == name || old == Some(word) || word == entry.id;
        let percent = entry.unit == Unit::Percent;
        if is(word) { Some((outcome, percent)) } else { plain.is_some_and(is).then_some((outcome, true)) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_told_as_the_table_of_economies_has_them() {
        assert_eq!(named("real_wage"), Some((Outcome::RealWage, true)));
        assert_eq!(named("real_wage_pct"), named("real_wage"));
        assert_eq!(named("tariff_revenue"), Some((Outcome::TariffRevenue, false)));
        assert_eq!(named("tariff_revenue_pct"), Some((Outcome::TariffRevenue, true)));
        assert_eq!(named("manufacturing_share"), Some((Outcome::ManufacturingShare, false)));
        assert_eq!(named("happiness"), None);
    }
}
