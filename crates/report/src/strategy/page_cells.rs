//! Cells of the reference page's tables.

use detente::strategy::answer::Answer;
use detente::strategy::baseline_world::BaselineWorld;
use detente::strategy::policies::average_rate;

pub(super) fn number(value: Option<f64>) -> String {
    value.map_or("–".into(), |value| format!("{value:+.3}"))
}

/// Average tariff of one side on some partners, percent, weights: today's trade; before and after.
pub(super) fn average(
    ground: &BaselineWorld,
    answer: &Answer,
    player: usize,
    partner: Option<usize>,
) -> (f64, f64) {
    let before = &ground.calibration.benchmark.tariff_rate;
    let after = &answer.counterfactual.equilibrium.instruments.tariff_rate;
    (
        100.0 * average_rate(ground, before, player, partner),
        100.0 * average_rate(ground, after, player, partner),
    )
}

pub(super) fn worst_outside(ground: &BaselineWorld, answer: &Answer, seats: [usize; 2]) -> String {
    let economies = answer.counterfactual.outcomes.economies.iter().enumerate();
    let outside =
        economies.filter(|(j, _)| !seats.contains(j)).filter_map(|(j, row)| Some((j, row.welfare_pct?)));
    outside
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map_or("–".into(), |(j, change)| format!("{} {change:+.3}", ground.code(j)))
}
