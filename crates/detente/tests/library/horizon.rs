//! A horizon in years: an independent program's path, its ends, gradients, and what the path is read from.

use detente::counterfactual::{self, Counterfactual};
use detente::results::dials::saving;
use detente::scenario;
use detente_data::benchmark_directory::{self, BenchmarkDirectory};
use detente_data::default_world;
use detente_engine::benchmark::SectorKind;
use detente_engine::calibration::SolveSettings;
use detente_engine::equilibrium::Equilibrium;
use detente_engine::objective::{Objective, Outcome, Scalar};
use detente_testkit::{Table, needs, shared};

fn solved(directory: &BenchmarkDirectory, closure: &str, measures: &str) -> Counterfactual {
    let text = format!("[closure]\n{closure}\n{measures}");
    let read = scenario::parse("years.toml", &text, None, directory, None).expect("read");
    counterfactual::solve(directory, read, &SolveSettings::default()).expect("solved")
}

fn welfare(answer: &Counterfactual, code: &str) -> f64 {
    let economy = answer.calibration.benchmark.economy(code).expect("there");
    answer.outcomes.economies[economy].welfare_pct.expect("defined")
}

/// Fall of what an importer buys of a partner, all goods, in logarithms.
fn fall(answer: &Counterfactual, importer: &str, exporter: &str) -> f64 {
    let benchmark = &answer.calibration.benchmark;
    let d = benchmark.dimensions();
    let (n, i) = (benchmark.economy(importer).expect("there"), benchmark.economy(exporter).expect("there"));
    let bought = |values: &[f64]| -> f64 {
        (0..d.sectors)
            .filter(|s| benchmark.sectors[*s].kind != SectorKind::Services)
            .map(|s| values[d.cell(n, i, s)])
            .sum()
    };
    (bought(&answer.equilibrium.border_value) / bought(&answer.baseline.border_value)).ln()
}

const TEN_ON_GOODS: &str = "[[tariff]]\nimporter = \"USA\"\nexporter = \"CHN\"\nsector = [\"agriculture\", \"mining\", \"manufacturing\"]\nadd = 0.1\n";

#[needs("reference/rebalancing/horizon_path.csv", "reference/rebalancing/world-cat")]
#[test]
fn the_path_of_boehm_and_others_is_the_reference_s() {
    let world = benchmark_directory::open(&shared("reference/rebalancing/world-cat")).expect("read");
    let reference = Table::read(&shared("reference/rebalancing/horizon_path.csv")).expect("a path");
    for row in 0..reference.rows.len() {
        let (years, free) = (reference.number(row, "years"), reference.number(row, "share_free_to_switch"));
        let capital = reference.number(row, "capital_share_now");
        let factors = if capital > 0.0 {
            format!("factor_market = \"specific\"\ncapital_share = {}\n", capital * 0.9f64.powf(years))
        } else {
            String::new()
        };
        let closure = format!(
            "horizon = {{ years = {years}, path = \"boehm_levchenko_pandalai_nayar_2023\" }}\n{factors}"
        );
        let answer = solved(&world, &closure, TEN_ON_GOODS);
        // Those free at the reference's ends are 1e-6 short of none and of all.
        let found = answer.scenario.in_years.as_ref().expect("years").free();
        assert!((found - free).abs() < 1.1e-6, "{found} {free}");
        let expected = ["US_imports_from_CHN_logpts_for_10_points", "welfare_USA", "welfare_CHN"]
            .map(|name| reference.number(row, name));
        let found = [100.0 * fall(&answer, "USA", "CHN"), welfare(&answer, "USA"), welfare(&answer, "CHN")];
        for (found, expected) in found.into_iter().zip(expected) {
            let tolerance = if years == 0.0 || years == 99.0 { 3e-5 } else { 1e-7 };
            assert!((found - expected).abs() < tolerance, "{years} years, {capital}: {found} {expected}");
        }
    }
}

const RECORD: &str = "horizon = { years = 2 }\n";
const MEASURES: &str = "[[tariff]]\nimporter = \"USA\"\nexporter = \"CHN\"\nadd = 0.3\n[[tariff]]\nimporter = \"CHN\"\nexporter = \"USA\"\nadd = 0.1\n";

/// The record's path is read from the fall of flows a year: what the model's flows fall by in a year, over what they fall by in the end, is
/// what was measured in that year over the last. Wages and incomes move both alike, which is why the ratio is compared.
#[test]
fn flows_fall_by_what_the_record_did_in_each_year() {
    let world = default_world::open().expect("embedded");
    let small = TEN_ON_GOODS.replace("0.1", "0.001");
    let benchmark = &world.benchmark;
    let (usa, chn) = (benchmark.economy("USA").expect("there"), benchmark.economy("CHN").expect("there"));
    let d = benchmark.dimensions();
    // By sector, since the path was measured by product; weighed by what is bought.
    let elasticity = |years: u8| {
        let answer = solved(&world, &format!("horizon = {{ years = {years} }}\n"), &small);
        let (mut above, mut below) = (0.0, 0.0);
        for (s, sector) in benchmark.sectors.iter().enumerate() {
            let cell = d.cell(usa, chn, s);
            let bought = answer.baseline.border_value[cell];
            if sector.kind == SectorKind::Services || bought <= 0.0 {
                continue;
            }
            let rate = |e: &Equilibrium| e.instruments.tariff_rate[cell].ln_1p();
            let step = rate(&answer.equilibrium) - rate(&answer.baseline);
            above -= bought * (answer.equilibrium.border_value[cell] / bought).ln() / step;
            below += bought;
        }
        above / below
    };
    let end = elasticity(7);
    assert!((2.6..3.2).contains(&end), "in the end {end}; 3.1 was measured before wages answer");
    for (years, measured) in [(1, 1.1), (2, 2.5), (3, 2.9)] {
        let found = elasticity(years) / end;
        assert!(
            (found - measured / 3.1).abs() < 0.02,
            "{years} years: {found} here, {} measured",
            measured / 3.1
        );
    }
}

/// In the end it is the long run, to the digit; the word of before is three years.
#[test]
fn the_end_of_the_path_is_the_long_run_and_the_old_word_is_read() {
    let world = default_world::open().expect("embedded");
    let long = solved(&world, "", MEASURES);
    for years in ["4", "50", "1e9"] {
        let late = solved(&world, &format!("horizon = {{ years = {years} }}\n"), MEASURES);
        assert!(late.equilibrium.border_value == long.equilibrium.border_value, "{years} years");
        assert_eq!(welfare(&late, "USA"), welfare(&long, "USA"));
    }
    let near = solved(&world, "horizon = { years = 3.9999999 }\n", MEASURES);
    assert!((welfare(&near, "CHN") - welfare(&long, "CHN")).abs() < 1e-7, "and comes to it without a step");
    let three = solved(&world, "horizon = { years = 3 }\n", MEASURES);
    let word = solved(&world, "horizon = \"years\"\n", MEASURES);
    assert!(three.equilibrium.border_value == word.equilibrium.border_value);
    assert!(three.caveats().iter().any(|line| line.contains("after 3 years") && line.contains("93 percent")));
}

/// At once nobody can switch: what a dollar bought of China is bought still, so that the flow moves by prices at home alone.
#[test]
fn nobody_is_free_at_once_and_nothing_happens_without_a_measure() {
    let world = default_world::open().expect("embedded");
    for years in ["0", "0.5", "2"] {
        let quiet = solved(&world, &format!("horizon = {{ years = {years} }}\n"), "");
        let moved = quiet.equilibrium.border_value.iter().zip(&world.benchmark.border_value);
        let most = moved.map(|(found, data)| (found - data).abs() / data.max(1.0)).fold(0.0, f64::max);
        assert!(most < 1e-8, "{years} years: {most}");
    }
    let at_once = solved(&world, "horizon = { years = 0 }\n", TEN_ON_GOODS);
    let soon = solved(&world, "horizon = { years = 1 }\n", TEN_ON_GOODS);
    let (first, later) = (fall(&at_once, "USA", "CHN"), fall(&soon, "USA", "CHN"));
    assert!(-0.03 < first && first < 0.0 && later < 3.0 * first, "{first} {later}");
}

/// Nominal units change no real number; saving less investment is the trade balance; every residual is as small as in the long run.
#[test]
fn units_change_nothing_and_identities_hold() {
    let world = default_world::open().expect("embedded");
    let plain = solved(&world, RECORD, MEASURES);
    assert!(plain.equilibrium.certificate.max_residual() < 1e-12);
    for numeraire in ["wage:CHN", "world-prices"] {
        let other = solved(&world, &format!("{RECORD}numeraire = \"{numeraire}\"\n"), MEASURES);
        for code in ["USA", "CHN", "VNM"] {
            assert!((welfare(&plain, code) - welfare(&other, code)).abs() < 1e-9, "{numeraire}, {code}");
        }
    }
    for economy in 0..24 {
        let held = saving(&plain.calibration, &plain.equilibrium, economy).expect("uses are known");
        assert!((held.saving - held.investment - held.trade_balance).abs() < 1e-11, "{held:?}");
    }
}

/// The gradient at some years against central differences of whole answers, in tariffs, trade costs and productivity.
#[test]
fn gradients_of_some_years_are_those_of_the_answers() {
    let world = default_world::open().expect("embedded");
    let at = solved(&world, RECORD, MEASURES);
    let benchmark = &at.calibration.benchmark;
    let d = benchmark.dimensions();
    let position = |code: &str| benchmark.economy(code).expect("there");
    let (usa, chn) = (position("USA"), position("CHN"));
    let electronics = benchmark.sector("ELE").expect("there");
    let cell = d.cell(usa, chn, electronics);
    let step = 1e-4;
    let half = |size: f64, kind: &str| {
        let factor = size.exp();
        let measure = match kind {
            "tariff" => {
                let rate = (1.0 + at.equilibrium.instruments.tariff_rate[cell]) * factor - 1.0;
                format!(
                    "[[tariff]]\nimporter = \"USA\"\nexporter = \"CHN\"\nsector = \"ELE\"\nset = {rate:.17}\n"
                )
            }
            "trade_cost" => format!(
                "[[trade_cost]]\nimporter = \"USA\"\nexporter = \"CHN\"\nsector = \"ELE\"\nfactor = {factor:.17}\n"
            ),
            _ => format!("[[productivity]]\neconomy = \"CHN\"\nsector = \"ELE\"\nfactor = {factor:.17}\n"),
        };
        solved(&world, RECORD, &format!("{MEASURES}{measure}"))
    };
    for (outcome, economy) in [
        (Outcome::Welfare, usa),
        (Outcome::Welfare, chn),
        (Outcome::RealWage, chn),
        (Outcome::ManufacturingShare, usa),
        (Outcome::ImportsFrom(chn), usa),
        (Outcome::Output(electronics), chn),
    ] {
        let objective = Objective::Sum(vec![(1.0, Scalar { outcome, economy })]);
        let found = at.gradient(&objective).expect("a gradient");
        let value = |answer: &Counterfactual| objective.value(&answer.calibration, &answer.equilibrium);
        assert!(
            (found.value / value(&at) - 1.0).abs() < 1e-12,
            "{outcome:?}: {} {}",
            found.value,
            value(&at)
        );
        for (kind, derivative) in [
            ("tariff", found.tariff[cell]),
            ("trade_cost", found.trade_cost[cell]),
            ("productivity", found.productivity[d.pair(chn, electronics)]),
        ] {
            let measured = (value(&half(step, kind)) - value(&half(-step, kind))) / (2.0 * step);
            let scale = measured.abs().max(1e-6 * value(&at).abs());
            assert!(
                (derivative - measured).abs() < 1e-5 * scale,
                "{outcome:?} in {kind}: {derivative} {measured}"
            );
        }
    }
    let own = Objective::log(Outcome::Output(electronics), chn);
    assert!(at.gradient(&own).expect_err("no sum").to_string().contains("ask for the number itself"));
}

/// What two halves of a sector are not the sector for, and what is no horizon.
#[test]
fn what_a_horizon_in_years_is_not_is_refused_in_words() {
    let world = default_world::open().expect("embedded");
    let asked = |closure: &str| {
        let text = format!("[closure]\n{closure}\n{TEN_ON_GOODS}");
        let read = scenario::parse("years.toml", &text, None, &world, None)
            .map_err(|problems| problems.to_string())?;
        let settings = SolveSettings::default();
        counterfactual::solve(&world, read, &settings).map(|_| ()).map_err(|error| error.to_string())
    };
    for (closure, words) in [
        ("horizon = { years = 2 }\nmarket_structure = \"krugman\"", "market_structure"),
        ("horizon = { years = 2 }\ndemand = \"ces\"\ndemand_elasticity = 0.5", "ces"),
        ("horizon = { years = 2 }\nfactor_market = \"roy\"\nroy_shape = 2.0", "roy"),
        ("horizon = { years = 2 }\ncapital = \"steady\"", "decades"),
        ("horizon = { years = -1 }", "zero or above"),
        ("horizon = { years = \"two\" }", "a number is needed"),
        ("horizon = { year = 2 }", "did you mean `years`"),
        ("horizon = { path = \"record_2024\" }", "how many"),
        ("horizon = { years = 2, path = \"record_2042\" }", "record_2024"),
        ("horizon = 3", "first-year"),
        ("horizon = \"lang\"", "did you mean `long`"),
    ] {
        let refused = asked(closure).expect_err(closure);
        assert!(refused.contains(words), "{closure}: {refused}");
    }
    let settings = detente::uncertainty::BandSettings { draws: 8, ..Default::default() };
    let refused = solved(&world, RECORD, MEASURES).bands(&settings).expect_err("no bands").to_string();
    assert!(refused.contains("long run"), "{refused}");
}
