//! The answer of a rebalancing as a scenario.

use std::fmt::Write as _;

use detente_engine::rebalancing::lever::{self, Lever, gdp_of_data};

use super::question::{Question, RebalanceError};
use crate::scenario::typed::TypedScenario;
use detente_tables::diagnostics::{Finding, Problem};

impl Question {
    /// The answer as a scenario that `solve` reads: rates, costs, deficits and shifts in full digits.
    ///
    /// # Errors
    ///
    /// What the engine refuses of the instruments.
    pub fn scenario(&self, sizes: &[f64]) -> Result<String, RebalanceError> {
        write(self, sizes)
    }
}

/// Writes it: what the levers are at `sizes`, over the settings and the day that the question names.
fn write(question: &Question, sizes: &[f64]) -> Result<String, RebalanceError> {
    let benchmark = question.benchmark();
    let d = benchmark.dimensions();
    let levers: Vec<&Lever> = question.levers.iter().map(|meant| &meant.lever).collect();
    let before = &question.base.instruments;
    let after = lever::apply(&question.solver, before, &levers, sizes)?;
    let head =
        TypedScenario { name: Some(format!("{}: the answer", question.name)), ..question.head.clone() };
    let unwritten = |error: toml::ser::Error| {
        RebalanceError::from(Problem::whole(
            "answer.toml",
            Finding::Combination { reason: error.to_string() },
        ))
    };
    let mut text = toml::to_string(&head).map_err(unwritten)?;
    let economy = |position: usize| &benchmark.economies[position].code;
    let sector = |position: usize| &benchmark.sectors[position].code;
    let flow = |cell: usize| {
        let (importer, exporter, s) = d.cell_of(cell);
        format!(
            "importer = {:?}\nexporter = {:?}\nsector = {:?}\n",
            economy(importer),
            economy(exporter),
            sector(s)
        )
    };
    // Writing into a text cannot fail.
    for cell in 0..d.cells() {
        if after.tariff_rate[cell] != before.tariff_rate[cell] {
            let _ = write!(text, "\n[[tariff]]\n{}set = {:?}\n", flow(cell), after.tariff_rate[cell]);
        }
    }
    let subsidised = |cell: usize| {
        let by = |lever: &&Lever| match lever {
            Lever::OutputSubsidy(cells) | Lever::OutputTopUp(cells) => cells.contains(&cell),
            _ => false,
        };
        levers.iter().any(by)
    };
    let tax = |rates: &[f64], cell: usize| rates.get(cell).copied().unwrap_or(0.0);
    for cell in 0..d.cells() {
        let (importer, exporter, s) = d.cell_of(cell);
        let moved = tax(&after.export_tax_rate, cell) - tax(&before.export_tax_rate, cell);
        if moved == 0.0 {
            continue;
        }
        // A subsidy has one rate on all destinations, said once.
        match (subsidised(cell), importer == exporter) {
            (true, true) => {
                let _ = write!(
                    text,
                    "\n[[output_subsidy]]\neconomy = {:?}\nsector = {:?}\nrate = {:?}\n",
                    economy(exporter),
                    sector(s),
                    -moved
                );
            }
            (true, false) => {}
            (false, _) => {
                let _ =
                    write!(text, "\n[[export_tax]]\n{}set = {:?}\n", flow(cell), after.export_tax_rate[cell]);
            }
        }
    }
    let hat = |hats: &[f64], place: usize| hats.get(place).copied().unwrap_or(1.0);
    for cell in 0..d.cells() {
        let factor = hat(&after.trade_cost_hat, cell) / hat(&before.trade_cost_hat, cell);
        if factor != 1.0 {
            let _ = write!(text, "\n[[trade_cost]]\n{}factor = {factor:?}\n", flow(cell));
        }
    }
    for pair in 0..d.pairs() {
        let place = format!(
            "economy = {:?}\nsector = {:?}\n",
            economy(pair % d.economies),
            sector(pair / d.economies)
        );
        let factor = hat(&after.productivity_hat, pair) / hat(&before.productivity_hat, pair);
        if factor != 1.0 {
            let _ = write!(text, "\n[[productivity]]\n{place}factor = {factor:?}\n");
        }
        let factor = hat(&after.capital_hat, pair) / hat(&before.capital_hat, pair);
        if factor != 1.0 {
            let owner = after.capital_owner.get(pair).copied().unwrap_or(pair % d.economies);
            let _ = write!(text, "\n[[capital]]\n{place}factor = {factor:?}\nowner = {:?}\n", economy(owner));
        }
    }
    if after.trade_deficit != before.trade_deficit {
        for (position, level) in after.trade_deficit.iter().enumerate() {
            if let Some(level) = level {
                let _ = write!(text, "\n[[deficit]]\neconomy = {:?}\nset = {level:?}\n", economy(position));
            }
        }
    }
    for shift in &after.final_demand_shifts[before.final_demand_shifts.len()..] {
        final_demand(question, shift, &mut text);
    }
    Ok(text)
}

/// A shift between uses as entries from one use to another: what loses gives to what gains.
fn final_demand(
    question: &Question,
    shift: &detente_engine::instruments::FinalDemandShift,
    text: &mut String,
) {
    use detente_engine::benchmark::FinalUse;
    let sectors = question.benchmark().sectors.len();
    let to_gdp = question.solver.income[shift.economy] / gdp_of_data(&question.solver, shift.economy);
    let mut moved: Vec<(FinalUse, f64)> = FinalUse::ALL
        .into_iter()
        .map(|by| (by, shift.by_use[by as usize * sectors..][..sectors].iter().sum::<f64>() * to_gdp))
        .collect();
    moved.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (mut from, mut to) = (0, moved.len() - 1);
    while from < to {
        let part = (-moved[from].1).min(moved[to].1);
        if part > 0.0 {
            let _ = write!(
                text,
                "\n[[final_demand]]\neconomy = {:?}\nfrom = {:?}\nto = {:?}\nshare_of_gdp = {part:?}\n",
                question.benchmark().economies[shift.economy].code,
                moved[from].0.word(),
                moved[to].0.word()
            );
        }
        moved[from].1 += part.max(0.0);
        moved[to].1 -= part.max(0.0);
        if moved[from].1 >= -1e-300 { from += 1 } else { to -= 1 }
    }
}
