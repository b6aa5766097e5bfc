//! What is written is read back to the same numbers, whatever they are.

use detente_data::benchmark_directory::{self, write};
use detente_engine::benchmark::{Benchmark, Economy, Sector, SectorKind};
use detente_engine::index::Dimensions;
use detente_tables::folder::Folder;
use proptest::prelude::*;

fn benchmark(n: usize, s: usize, flows: &[f64], rates: &[f64], shares: &[f64]) -> Benchmark {
    let dimensions = Dimensions { economies: n, sectors: s };
    let mut input_share = vec![0.0; dimensions.inputs()];
    let mut value_added_share = vec![0.0; dimensions.pairs()];
    for economy in 0..n {
        for using in 0..s {
            for input in 0..s {
                let position = dimensions.input(economy, using, input);
                // Only own inputs, few of them, and no large subsidies, so that residual use cannot be negative.
                input_share[position] = if input == using { shares[position % shares.len()] } else { 0.0 };
            }
            let sum: f64 = (0..s).map(|input| input_share[dimensions.input(economy, using, input)]).sum();
            value_added_share[dimensions.pair(economy, using)] = 1.0 - sum;
        }
    }
    let mut border_value: Vec<f64> = (0..dimensions.cells()).map(|cell| flows[cell % flows.len()]).collect();
    for sector in 0..s {
        for economy in 0..n {
            // Home sales dominate, so that every economy has income.
            border_value[dimensions.cell(economy, economy, sector)] = 1e4;
        }
    }
    Benchmark {
        name: "Käse, \"Wein\" & Brot".into(),
        unit: "u".into(),
        source: "s".into(),
        licence: "l".into(),
        year: None,
        economies: (0..n)
            .map(|i| Economy {
                code: format!("E {i}, \"x\""),
                name: format!("n&{i}"),
                members: vec![format!("M{i}")],
            })
            .collect(),
        sectors: (0..s)
            .map(|i| Sector {
                code: format!("R&D {i}"),
                name: "a, b".into(),
                kind: SectorKind::Services,
                trade_elasticity: 1.5 + i as f64,
                elasticity_of_substitution: None,
                scale_elasticity: (i % 2 == 0).then_some(0.25),
                tariff_elasticity: None,
            })
            .collect(),
        border_value,
        // What an economy buys from itself pays no tariff.
        tariff_rate: (0..dimensions.cells())
            .map(|cell| {
                let (importer, exporter, _) = dimensions.cell_of(cell);
                if importer == exporter { 0.0 } else { rates[cell % rates.len()] }
            })
            .collect(),
        tariffs_given: true,
        value_added_share,
        input_share: Some(input_share),
        final_share: None,
        final_demand: None,
        value_added: None,
        trade_deficit: None,
        political_weight: None,
        capital_share: None,
        local_cost_share: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_written_benchmark_is_read_back_to_the_last_bit(
        n in 2_usize..5,
        s in 1_usize..4,
        flows in prop::collection::vec(prop_oneof![Just(0.0), 1e-9..1e3], 7..30),
        rates in prop::collection::vec(prop_oneof![Just(0.0), -0.3..3.0], 5..20),
        shares in prop::collection::vec(0.0..0.3, 3..9),
    ) {
        let written = benchmark(n, s, &flows, &rates, &shares);
        let files = write::files(&written, &[], &[], write::Precision::default());
        let folder = Folder::Memory { name: "memory".into(), files };
        let read = benchmark_directory::read(&folder).map_err(|problems| TestCaseError::fail(problems.to_string()))?;
        prop_assert!(read.market_gap.gap < 1e-12);
        // Value added is what inputs leave, which may differ in the last bit from what was written.
        let mut found = read.benchmark;
        for (found, written) in found.value_added_share.iter_mut().zip(&written.value_added_share) {
            prop_assert!((*found - written).abs() < 1e-15);
            *found = *written;
        }
        prop_assert_eq!(found, written);
    }
}
