//! Bands on the embedded world.

use detente::uncertainty::headline::{Bands, first_year_bands, long};
use detente::uncertainty::{self, BandSettings};
use detente_data::default_world;
use detente_data::elasticities;
use detente_engine::benchmark::{Benchmark, SectorKind};
use detente_engine::closure::{Closure, FactorMarket};
use detente_engine::first_year::FirstYear;
use detente_engine::horizon::Horizon;
use detente_engine::instruments::Instruments;

/// Twenty points on one supplier, ten back.
fn question() -> (Benchmark, Instruments, Instruments) {
    let world = default_world::open().unwrap().benchmark;
    let (first, second) = (world.economy("USA").unwrap(), world.economy("CHN").unwrap());
    let size = world.dimensions();
    let before = Instruments::of(&world);
    let mut after = before.clone();
    for sector in (0..size.sectors).filter(|sector| world.sectors[*sector].kind != SectorKind::Services) {
        after.tariff_rate[size.cell(first, second, sector)] += 0.20;
        after.tariff_rate[size.cell(second, first, sector)] += 0.10;
    }
    (world, before, after)
}

#[test]
fn bands_repeat_contain_the_point_and_name_a_driver() {
    let (world, before, after) = question();
    let settings = BandSettings { draws: 48, ..BandSettings::default() };
    let pair = Some((world.economy("USA").unwrap(), world.economy("CHN").unwrap()));
    let bands = long(&world, &Closure::default(), &before, &after, &settings, pair).unwrap();
    assert_eq!(bands, long(&world, &Closure::default(), &before, &after, &settings, pair).unwrap());
    assert_eq!((bands.not_converged, bands.rows.len()), (0, 24 * 8));
    for row in &bands.rows {
        assert!(row.low <= row.median && row.median <= row.high, "{row:?}");
        assert!((0.0..=1.0).contains(&row.sign_share) && row.driver_share.unwrap() <= 1.0 + 1e-9, "{row:?}");
    }
    // The default elasticities, deficits fixed, are the first draw: the point lies within the draws' range.
    let calibration = detente_engine::solver::Solver::new(&world, &Closure::default()).unwrap();
    let point = calibration.solve(&after, &Default::default(), None).unwrap().solved().unwrap();
    let usa = world.economy("USA").unwrap();
    let welfare = 100.0 * (point.income[usa] / calibration.income[usa] / point.price_index_hat[usa] - 1.0);
    let row = bands.row("USA", "welfare_pct").unwrap();
    assert!((row.low - 0.1..row.high + 0.1).contains(&welfare), "{welfare} {row:?}");
    let who = bands.loses_more.unwrap();
    assert_eq!((who.first.as_str(), who.second.as_str()), ("USA", "CHN"));
    assert!(
        who.first_loses_more.is_none_or(|share| (0.0..=1.0).contains(&share)) && !who.depends_on.is_empty()
    );
}

/// At some years the sets are those of some years: imports respond less than in the long run.
#[test]
fn some_years_have_their_own_sets() {
    let (world, before, after) = question();
    let closure =
        Closure { factor_market: FactorMarket::Specific, capital_share: Some(0.4), ..Closure::default() };
    let ask = |horizon, closure: &Closure| {
        let settings = BandSettings { draws: 12, horizon, ..BandSettings::default() };
        long(&world, closure, &before, &after, &settings, None).unwrap()
    };
    let (years, long) = (ask(Horizon::Years, &closure), ask(Horizon::Long, &Closure::default()));
    assert_eq!((years.horizon.as_str(), years.not_converged), ("years", 0));
    assert!(years.over.contains("record 2021"), "{}", years.over);
    let imports = |bands: &Bands| bands.row("USA", "imports_pct").unwrap().median;
    assert!(imports(&long) < imports(&years) && imports(&years) < 0.0);
}

#[test]
fn no_change_has_no_spread() {
    let (world, before, _) = question();
    let settings = BandSettings { draws: 16, ..BandSettings::default() };
    let bands = long(&world, &Closure::default(), &before, &before, &settings, None).unwrap();
    assert!(bands.rows.iter().all(|row| row.low.abs() < 1e-6 && row.high.abs() < 1e-6));
}

#[test]
fn the_first_year_contains_its_headline() {
    let (world, before, after) = question();
    let settings = BandSettings::default();
    let question = FirstYear::new(&world).unwrap();
    let case = |rates: &[f64]| question.case(rates, &[]).unwrap();
    let cases = [&case(&before.tariff_rate), &case(&after.tariff_rate)];
    let parameters = elasticities::short_run().unwrap().published();
    let bands = first_year_bands(&question, cases, &parameters, &settings, None).unwrap();
    assert_eq!(bands.runs, 200);
    let point = question.change(cases[0], cases[1], &parameters).unwrap();
    for code in ["USA", "CHN", "VNM"] {
        let economy = world.economy(code).unwrap();
        let row = bands.row(code, "private_cost_pct").unwrap();
        let said = point.accounts[economy].private_cost_pct();
        // Inside the band as drawn: the point is the median of what is drawn, and nothing is widened for it.
        assert!((row.low..=row.high).contains(&said), "{code} {said} {row:?}");
        let middle = (row.median - said).abs() / (row.high - row.low).max(1e-9);
        assert!(middle < 0.1, "{code}: the median {} is not near the point {said}", row.median);
    }
    // Who pays does not depend on the elasticity's exact value: the buyer's cost is positive in every run.
    assert_eq!(bands.row("USA", "private_cost_pct").unwrap().sign_share, 1.0);
    assert_eq!(bands.row("CHN", "value_added_at_risk_pct").unwrap().sign_share, 1.0);
}

/// The three closures of the deficit are three answers: none is silently another.
#[test]
fn every_deficit_closure_counts() {
    let (world, before, after) = question();
    let usa = world.economy("USA").unwrap();
    let mut medians = Vec::new();
    for deficits in BandSettings::default().deficits {
        let settings = BandSettings { draws: 8, deficits: vec![deficits], ..BandSettings::default() };
        let closure = Closure::default();
        let answers = uncertainty::solve(&world, &closure, &[&before, &after], &settings, |_, found| {
            let welfare = |at: usize| found[at].income[usa] / found[at].price_index_hat[usa];
            Ok(vec![welfare(1) / welfare(0)])
        })
        .unwrap();
        medians.push(answers.band(0).unwrap().median);
    }
    for (k, median) in medians.iter().enumerate() {
        assert!(medians[..k].iter().all(|other| (other - median).abs() > 1e-7), "{medians:?}");
    }
}
