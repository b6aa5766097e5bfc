//! The parts of the reference page that ask what drives it: objectives, elasticities, draws.

use std::fmt::Write;

use super::draws;
use super::page_cells::{average, number, worst_outside};
use detente::scenario::meant::Scenario;
use detente::strategy::bargain::Disagreement;
use detente::strategy::baseline_world::{BaselineWorld, GameDeficits};
use detente::strategy::board::{Reach, Rules};
use detente::strategy::calibrated::Family;
use detente::strategy::certificates::one_cell;
use detente::strategy::draws::drawn_games;
use detente::strategy::error::NoStrategy;
use detente::strategy::first_order::calibrate;
use detente::strategy::instruments::InstrumentSet;
use detente::strategy::nash::war;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_engine::parallel::Control;

/// Weights under which today's tariffs would be chosen, and how far they go.
pub(super) fn objectives(
    text: &mut String,
    ground: &BaselineWorld,
    seats: [usize; 2],
) -> Result<(), NoStrategy> {
    text.push_str(
        "## Weights under which today's tariffs would be chosen\n\nFitted to the first-order conditions at today's tariffs; never what a \
         government wants. \"Conditions\" is the share of their squares that the weights remove; \"variance\" is the share of the variance of \
         today's rates across sectors and partners that the optimum under the weights explains (negative: further from today's rates than one \
         average rate for all); \"in the data\" and \"after the lapse\" ask the same of other dates' tariffs. Weights are fitted where today's rates \
         are; the optimum under them may lie elsewhere. Flows \"at the bound\" run to a thousand percent: under such weights today is not near any \
         optimum, and a very negative variance says just that. Political weights (mean one) are fitted to the pattern of rates across sectors, \
         sector by sector.\n\n\
         | player | objective | weights | conditions | variance | in the data | after the lapse | flows at the bound | its average tariff, % | today's, % | certificate |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (player, rival) in [(seats[0], seats[1]), (seats[1], seats[0])] {
        for family in Family::ALL {
            let found = match calibrate(ground, player, rival, family) {
                Ok(found) => found,
                Err(NoStrategy::Game(error)) => {
                    let _ = writeln!(
                        text,
                        "| {} | {} | {error} | | | | | | | | |",
                        ground.code(player),
                        family.words()
                    );
                    continue;
                }
                Err(error) => return Err(error),
            };
            let weight = match found.weights.as_slice() {
                [] => "–".to_owned(),
                [weight] => format!("{weight:+.5}"),
                many => {
                    let low = many.iter().copied().fold(f64::INFINITY, f64::min);
                    let high = many.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    format!("{low:+.5} to {high:+.5}")
                }
            };
            let _ = writeln!(
                text,
                "| {} | {} | {weight} | {} | {:.2} | {:.2} | {} | {} | {:.1} | {:.1} | {} |",
                ground.code(player),
                family.words(),
                found.conditions_explained.map_or("–".into(), |share| format!("{share:.2}")),
                found.variance_explained,
                found.variance_explained_in_data,
                found.variance_explained_after_lapse.map_or("–".into(), |v| format!("{v:.2}")),
                found.at_the_bound,
                100.0 * found.average_rate.0,
                100.0 * found.average_rate.1,
                one_cell([&found.certificate])
            );
        }
    }
    text.push('\n');
    Ok(())
}

/// The war under other elasticities and instruments.
pub(super) fn assumptions(
    text: &mut String,
    control: &Control,
    directory: &BenchmarkDirectory,
    scenario: &Scenario,
    sides: [&str; 2],
) -> Result<(), NoStrategy> {
    let _ = write!(
        text,
        "## Which assumptions drive it\n\nThe war with rates on everybody under other trade elasticities and instruments.\n\n\
         | assumption | {0}'s tariffs, % | {1}'s tariffs, % | {0} | {1} | worst outside | certificate |\n|---|---|---|---|---|---|---|\n",
        sides[0], sides[1]
    );
    let cases: [(&str, f64, Option<&InstrumentSet>); 4] = [
        ("as above", 1.0, None),
        ("all trade elasticities halved", 0.5, None),
        ("all trade elasticities doubled", 2.0, None),
        ("one rate per sector for all partners", 1.0, Some(&InstrumentSet::Mfn)),
    ];
    for (name, factor, instruments) in cases {
        let mut other = directory.clone();
        other.benchmark.sectors.iter_mut().for_each(|sector| {
            sector.trade_elasticity *= factor;
            if let Some(tariff) = &mut sector.tariff_elasticity {
                *tariff *= factor;
            }
        });
        let ground = BaselineWorld::new_under(control, &other, scenario, GameDeficits::Zero)?;
        let seats = [ground.economy(sides[0])?, ground.economy(sides[1])?];
        let answer = war(&ground, &seats, Reach::Everybody, Rules { instruments, ..Rules::default() })?;
        let rates = seats.map(|j| average(&ground, &answer, j, None).1);
        let _ = writeln!(
            text,
            "| {name} | {:.1} | {:.1} | {} | {} | {} | {} |",
            rates[0],
            rates[1],
            number(answer.objective_pct[seats[0]]),
            number(answer.objective_pct[seats[1]]),
            worst_outside(&ground, &answer, seats),
            one_cell([&answer.certificate])
        );
    }
    text.push('\n');
    Ok(())
}

/// The war and the zone under draws of elasticities.
pub(super) fn draws(
    text: &mut String,
    control: &Control,
    directory: &BenchmarkDirectory,
    scenario: &Scenario,
    sides: [&str; 2],
    lapses: bool,
) -> Result<(), NoStrategy> {
    const DRAWS: usize = 40;
    text.push_str(
        "## Draws of elasticities\n\nElasticities drawn as for the brief's bands; rates on each other, one \
         per side. A zone that is empty in some draws is one that depends on elasticities.\n\n",
    );
    let rules = Rules { instruments: Some(&InstrumentSet::OneRate), ..Rules::default() };
    let from = if lapses { vec![Disagreement::Nash, Disagreement::Lapse] } else { vec![Disagreement::Nash] };
    for from in from {
        let found = drawn_games(control, directory, scenario, sides, from, DRAWS, rules)?;
        for line in draws::lines(&found) {
            let _ = writeln!(text, "* without a deal: {}; {line}", from.word());
        }
    }
    text.push('\n');
    Ok(())
}
