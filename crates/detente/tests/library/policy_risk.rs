//! What policy risk costs, against an independent program on the world that it was run on.

use detente_engine::benchmark::SectorKind;
use detente_engine::calibration::SolveSettings;
use detente_engine::equilibrium::Equilibrium;
use detente_engine::games::deadline::{Deadline, StateFlows};
use detente_engine::games::handley_limao::PUBLISHED;
use detente_engine::games::policy_risk::{Entrants, PolicyChain, Tail, UnderRisk, under_risk};
use detente_engine::instruments::Instruments;
use detente_engine::solver::Solver;
use detente_testkit::{Table, needs, shared};

use crate::dials::world;

/// Truce, lapse and deal of the reference: points on goods, both ways.
fn states(world: &Solver) -> Vec<Instruments> {
    let d = world.dimensions;
    let (usa, chn) = (0, 1);
    [(0.30, 0.25), (0.54, 0.49), (0.15, 0.12)]
        .into_iter()
        .map(|(on_chn, on_usa)| {
            let mut state = Instruments::of(&world.benchmark);
            for (s, sector) in world.benchmark.sectors.iter().enumerate() {
                if sector.kind != SectorKind::Services {
                    state.tariff_rate[d.cell(usa, chn, s)] += on_chn;
                    state.tariff_rate[d.cell(chn, usa, s)] += on_usa;
                }
            }
            state
        })
        .collect()
}

fn risk(world: &Solver, [beta, lapse, deal, restored, breakdown]: [f64; 5]) -> UnderRisk {
    let chain = PolicyChain {
        transition: vec![
            vec![1.0 - lapse - deal, lapse, deal],
            vec![restored, 1.0 - restored, 0.0],
            vec![0.0, breakdown, 1.0 - breakdown],
        ],
        discount: beta.powf(90.0 / 365.0),
    };
    let entrants = Entrants::of_goods(&world.benchmark, Tail::Substitution(3.0));
    under_risk(world, &states(world), &chain, &entrants, &SolveSettings::default()).expect("solved")
}

/// 100 ln of real income over the data's.
fn welfare(world: &Solver, e: &Equilibrium, economy: usize) -> f64 {
    100.0 * (e.income[economy] / e.price_index_hat[economy] / world.income[economy]).ln()
}

#[needs("reference/rebalancing/policy_risk.csv", "reference/rebalancing/world-cat")]
#[test]
fn risk_costs_in_equilibrium_what_the_reference_says() {
    let world = world();
    let table = Table::read(&shared("reference/rebalancing/policy_risk.csv")).expect("risk");
    let mut worst = 0.0f64;
    for row in 0..table.rows.len() {
        let chain = ["beta_year", "lapse_per_90d", "deal", "restored", "breakdown"]
            .map(|name| table.number(row, name));
        let found = risk(&world, chain);
        for (economy, name) in [(0, "welfare_USA_logpts"), (1, "welfare_CHN_logpts")] {
            let cost =
                welfare(&world, &found.risky[0], economy) - welfare(&world, &found.certain[0], economy);
            worst = worst.max((cost - table.number(row, name)).abs());
            if chain[1] == 0.0 {
                assert_eq!(cost, 0.0, "no hazard costs nothing");
            }
        }
        let trade = |e: &Equilibrium, importer: usize, exporter: usize| -> f64 {
            let d = world.dimensions;
            let goods = (0..d.sectors).filter(|s| world.benchmark.sectors[*s].kind != SectorKind::Services);
            goods.map(|s| e.border_value[d.cell(importer, exporter, s)]).sum()
        };
        let fell = |n, i| 100.0 * (trade(&found.risky[0], n, i) / trade(&found.certain[0], n, i)).ln();
        for (flow, name) in
            [(fell(0, 1), "US_imports_from_CHN_logpts"), (fell(1, 0), "CHN_imports_from_US_logpts")]
        {
            println!("{name}: {flow} against {}", table.number(row, name));
            assert!((flow - table.number(row, name)).abs() < 1e-6, "{name}: {flow}");
        }
    }
    println!("welfare off by {worst:.1e} log points");
    assert!(worst < 1e-8, "{worst:e}");
}

/// With risk in, one more extension is worth less and a longer truce more.
#[needs("reference/rebalancing/deadline_risk.csv", "reference/rebalancing/world-cat")]
#[test]
fn a_deadline_with_risk_is_worth_what_the_reference_says() {
    let world = world();
    let table = Table::read(&shared("reference/rebalancing/deadline_risk.csv")).expect("risk");
    let year = 90.0 / 365.0;
    for row in 0..table.rows.len() {
        let odds = ["lapse_per_90d", "deal", "restored", "breakdown"].map(|name| table.number(row, name));
        let found = risk(&world, [0.85, odds[0], odds[1], odds[2], odds[3]]);
        let economy = world.benchmark.economy(table.text(row, "side")).expect("a side");
        let flows = |states: &[Equilibrium]| -> Vec<f64> {
            states.iter().map(|e| 100.0 * (welfare(&world, e, economy) / 100.0).exp_m1()).collect()
        };
        let (certain, risky) = (flows(&found.certain), flows(&found.risky));
        let deadline = Deadline {
            extension: 1.0 - odds[0] - odds[1],
            deal: odds[1],
            restored: odds[2],
            breakdown: odds[3],
        };
        let extension = |flow: &[f64]| {
            let flows = StateFlows { truce: flow[0] * year, lapsed: flow[1] * year, deal: flow[2] * year };
            deadline.value_of_extension(&flows, 0.96f64.powf(year)).expect("in its domain")
        };
        for (value, name) in [
            (certain[0], "flow_truce_certain"),
            (certain[1], "flow_lapsed"),
            (certain[2], "flow_deal_certain"),
            (risky[0], "flow_truce_risk"),
            (risky[2], "flow_deal_risk"),
            (extension(&certain), "V_truce_minus_lapsed_certain"),
            (extension(&risky), "V_truce_minus_lapsed_risk"),
            (certain[0] - risky[0], "cost_of_risk_per_year"),
        ] {
            let expected = table.number(row, name);
            assert!((value - expected).abs() < 1.1e-5, "{name}: {value} against {expected}");
        }
        assert!(extension(&risky) < extension(&certain));
    }
}

/// The paper's table from its archive's parameters.
#[needs("reference/rebalancing/hl2017_inputs.toml")]
#[test]
fn handley_and_limao_s_table_is_theirs() {
    let text = std::fs::read_to_string(shared("reference/rebalancing/hl2017_inputs.toml")).expect("read");
    let inputs: toml::Table = text.parse().expect("TOML");
    let p = PUBLISHED;
    for (name, value) in [
        ("k", p.k),
        ("sigma", p.sigma),
        ("beta_foreign", p.beta_foreign),
        ("beta_home", p.beta_home),
        ("u_times_g", p.u_times_g),
        ("alpha", p.alpha),
        ("import_penetration", p.import_penetration),
        ("Uw0", p.entry_weight),
        ("Uhat", p.entry_weight_on_the_way),
        ("trade_ratio", p.trade_ratio),
        ("U_entry", p.entry),
        ("tau_exports", p.tariffs_on_exports),
        ("tau_prices", p.tariffs_on_prices),
        ("q0", p.first_exports),
    ] {
        assert_eq!(inputs[name].as_float(), Some(value), "{name}");
    }
    let found = p.cost_of_doubt().expect("settles");
    for (value, expected) in [
        (found.exports, -32.40),
        (found.entry, -61.19),
        (found.prices, 0.522),
        (found.as_tariff_on_exports, 5.02),
        (found.as_tariff_on_entry, 9.44),
        (found.as_tariff_on_prices, 12.74),
    ] {
        assert!((value - expected).abs() < 0.01, "{value} against {expected}");
    }
    // The published numbers hang on the inputs: less doubt costs less, and none nothing but what applied tariffs did.
    let less = detente_engine::games::handley_limao::HandleyLimao { u_times_g: 0.5 * p.u_times_g, ..p };
    let less = less.cost_of_doubt().expect("settles");
    assert!(less.exports > found.exports && less.as_tariff_on_prices < found.as_tariff_on_prices, "{less:?}");
}
