//! Caliendo & Parro (2015): NAFTA's tariff cuts, to the digit.

use detente_engine::calibration::SolveSettings;
use detente_engine::closure::{Closure, Deficits};
use detente_engine::equilibrium::Equilibrium;
use detente_engine::instruments::Instruments;
use detente_engine::outcomes::{self, Outcomes};
use detente_engine::solver::Solver;
use detente_testkit::Table;
use detente_testkit::needs;

fn solve_nafta(deficits: Deficits, published_value_added: bool) -> (Solver, Equilibrium, Equilibrium) {
    let folder = detente_testkit::shared("benchmarks/nafta-1993");
    let mut benchmark = detente_testkit::benchmark(&folder);
    if published_value_added {
        let file = detente_testkit::shared("data/cp2015-nafta/value_added_total.csv");
        let by = Table::read(&file).unwrap().by("region", "value_added");
        let totals: Vec<f64> = benchmark.economies.iter().map(|e| by[&e.code]).collect();
        benchmark.value_added = Some(totals);
    }
    let calibration = Solver::new(&benchmark, &Closure { deficits, ..Closure::default() }).unwrap();
    let settings = SolveSettings::default();
    let before = Instruments::of(&benchmark);
    let mut after = before.clone();
    detente_testkit::set_tariffs(
        &benchmark,
        &folder.join("scenarios/nafta-tariffs-2005.csv"),
        &mut after.tariff_rate,
    );
    let baseline = calibration.solve(&before, &settings, None).unwrap().solved().unwrap();
    let counterfactual = calibration.solve(&after, &settings, Some(&baseline)).unwrap().solved().unwrap();
    for solved in [&baseline, &counterfactual] {
        println!("{:?}", solved.certificate);
    }
    (calibration, baseline, counterfactual)
}

/// Exact welfare and real wage, percent.
fn outcome(c: &Solver, baseline: &Equilibrium, counterfactual: &Equilibrium, code: &str) -> (f64, f64) {
    let i = c.benchmark.economy(code).unwrap();
    let price = counterfactual.price_index_hat[i] / baseline.price_index_hat[i];
    let income = counterfactual.income[i] / baseline.income[i];
    let wage = counterfactual.wage_hat[i] / baseline.wage_hat[i];
    (100.0 * (income / price - 1.0), 100.0 * (wage / price - 1.0))
}

#[needs("benchmarks/nafta-1993", "data/cp2015-nafta/value_added_total.csv")]
#[test]
fn balanced_trade_to_the_digit() {
    let (c, baseline, counterfactual) = solve_nafta(Deficits::Zero, true);
    for (code, real_wage) in [("Canada", 0.3228290269), ("Mexico", 1.7153229133), ("USA", 0.1124427521)] {
        let (_, found) = outcome(&c, &baseline, &counterfactual, code);
        assert!((found - real_wage).abs() < 1e-9, "{code}: {found} where {real_wage} is published");
    }
}

#[needs("benchmarks/nafta-1993")]
#[test]
fn observed_deficits_to_the_digit() {
    let (c, baseline, counterfactual) = solve_nafta(Deficits::Fixed, false);
    for (code, welfare, real_wage) in [
        ("Canada", -0.0821068658, 0.3340755522),
        ("Mexico", -0.0450602523, 1.6404932925),
        ("USA", 0.0758310230, 0.1178363016),
    ] {
        let (found_welfare, found_wage) = outcome(&c, &baseline, &counterfactual, code);
        assert!((found_wage - real_wage).abs() < 1e-9, "{code}: {found_wage} where {real_wage} is published");
        assert!(
            (found_welfare - welfare).abs() < 1e-9,
            "{code}: {found_welfare} where {welfare} is published"
        );
    }
}

/// The largest of many differences, and where.
#[derive(Default)]
struct Worst {
    difference: f64,
    place: String,
}

impl Worst {
    fn compare(&mut self, place: impl Fn() -> String, found: f64, expected: f64) {
        let difference = (found - expected).abs();
        if difference.is_nan() || difference > self.difference {
            self.difference = difference;
            self.place = format!("{}: {found} where {expected} is published", place());
        }
    }

    fn assert_below(&self, what: &str, tolerance: f64) {
        println!("{what}: largest difference {:.2e} ({})", self.difference, self.place);
        assert!(self.difference <= tolerance, "{what}: {}", self.place);
    }
}

#[needs("benchmarks/nafta-1993", "data/cp2015-nafta/expected")]
#[test]
fn every_published_table_from_the_benchmark_directory() {
    // The reference measures wages against value added as published, which is off the flows' own by up to 4e-8; the
    // directory has no such table. That is all of the difference, as the next test shows.
    compare_all(false, 100.0);
}

#[needs("benchmarks/nafta-1993", "data/cp2015-nafta/expected")]
#[test]
fn every_published_table_with_published_value_added() {
    compare_all(true, 1.0);
}

/// Compares every table, at a multiple of what rounding allows.
fn compare_all(published_value_added: bool, slack: f64) {
    let folder = detente_testkit::shared("data/cp2015-nafta/expected");
    let (c, baseline, counterfactual) = solve_nafta(Deficits::Zero, published_value_added);
    let o = outcomes::compare(&c, &baseline, &counterfactual).unwrap();
    let table = |name: &str| Table::read(&folder.join(name)).unwrap();
    let economy = |t: &Table, r: usize, column: &str| c.benchmark.economy(t.text(r, column)).unwrap();

    let t = table("nafta_balanced_welfare.csv");
    let mut worst = Worst::default();
    for r in 0..t.rows.len() {
        let e = &o.economies[economy(&t, r, "region")];
        for (column, found) in [
            ("terms_of_trade_pct", e.terms_of_trade_pct),
            ("volume_of_trade_pct", e.volume_of_trade_pct),
            ("technical_efficiency_pct", e.trade_cost_pct),
            ("welfare_pct", e.first_order_welfare_pct),
            ("real_wage_pct", e.real_wage_pct),
        ] {
            worst.compare(
                || format!("{} {column}", t.text(r, "region")),
                found.unwrap(),
                t.number(r, column),
            );
        }
    }
    worst.assert_below("welfare, points", 1e-9 * slack);

    let t = table("nafta_balanced_country.csv");
    let (mut hats, mut points, mut levels) = (Worst::default(), Worst::default(), Worst::default());
    for r in 0..t.rows.len() {
        let i = economy(&t, r, "region");
        let e = &o.economies[i];
        let place = |column: &str| format!("{} {column}", t.text(r, "region"));
        points.compare(|| place("real_income_pct"), e.welfare_pct.unwrap(), t.number(r, "real_income_pct"));
        let wage = counterfactual.wage_hat[i] / baseline.wage_hat[i];
        let price = counterfactual.price_index_hat[i] / baseline.price_index_hat[i];
        hats.compare(|| place("wage_hat"), wage, t.number(r, "wage_hat"));
        hats.compare(|| place("price_index_hat"), price, t.number(r, "price_index_hat"));
        for (column, found) in [
            ("income_baseline", e.income_before),
            ("income_counterfactual", e.income_after),
            ("tariff_revenue_baseline", e.tariff_revenue_before),
            ("tariff_revenue_counterfactual", e.tariff_revenue),
            ("imports_baseline", e.imports_before),
            ("imports_counterfactual", e.imports_after),
            ("exports_baseline", e.exports_before),
            ("exports_counterfactual", e.exports_after),
        ] {
            levels.compare(|| place(column), found.unwrap() / t.number(r, column), 1.0);
        }
    }
    points.assert_below("real income, points", 1e-9 * slack);
    hats.assert_below("wages and price indices, ratios", 1e-11 * slack);
    levels.assert_below("levels, relative", 1e-9 * slack);

    let t = table("nafta_balanced_sector.csv");
    let (mut worst, mut spending) = (Worst::default(), Worst::default());
    for r in 0..t.rows.len() {
        let pair =
            c.dimensions.pair(economy(&t, r, "region"), c.benchmark.sector(t.text(r, "sector")).unwrap());
        let place = |column: &str| format!("{} {} {column}", t.text(r, "region"), t.text(r, "sector"));
        let hat =
            |values: fn(&Equilibrium) -> &Vec<f64>| values(&counterfactual)[pair] / values(&baseline)[pair];
        worst.compare(
            || place("cost"),
            100.0 * hat(|e| &e.unit_cost_hat),
            100.0 * t.number(r, "input_cost_hat"),
        );
        worst.compare(|| place("price"), 100.0 * hat(|e| &e.price_hat), 100.0 * t.number(r, "price_hat"));
        let change =
            100.0 * (t.number(r, "expenditure_counterfactual") / t.number(r, "expenditure_baseline"));
        let found = 100.0 * o.sectors[pair].expenditure_after / o.sectors[pair].expenditure_before;
        spending.compare(|| place("expenditure"), found, change);
    }
    worst.assert_below("costs and prices by sector, points", 1e-9 * slack);
    spending.assert_below("spending by sector, points", 1e-8 * slack);

    compare_terms(&table("nafta_balanced_sector_welfare.csv"), &c, &o, slack);
    let t = table("nafta_balanced_nafta_trade.csv");
    let mut worst = Worst::default();
    for r in 0..t.rows.len() {
        let (n, i) = (economy(&t, r, "importer"), economy(&t, r, "exporter"));
        let total = |values: &[f64]| -> f64 {
            (0..c.dimensions.sectors).map(|s| values[c.dimensions.cell(n, i, s)]).sum()
        };
        let found = 100.0 * (total(&o.trade_after) / total(&o.trade_before) - 1.0);
        worst.compare(
            || format!("{} from {}", t.text(r, "importer"), t.text(r, "exporter")),
            found,
            t.number(r, "change_pct"),
        );
    }
    worst.assert_below("trade within NAFTA, points", 1e-7 * slack);

    let t = table("nafta_balanced_trade.csv");
    let mut worst = Worst::default();
    let (before, after) = (t.column("trade_baseline"), t.column("trade_counterfactual"));
    for r in 0..t.rows.len() {
        let sector = c.benchmark.sector(t.text(r, "sector")).unwrap();
        let cell = c.dimensions.cell(economy(&t, r, "importer"), economy(&t, r, "exporter"), sector);
        let number = |column: usize| -> f64 { t.rows[r][column].parse().unwrap() };
        if number(before) > 1.0 {
            let place =
                || format!("{} {} {}", t.text(r, "importer"), t.text(r, "exporter"), t.text(r, "sector"));
            worst.compare(
                place,
                100.0 * o.trade_after[cell] / o.trade_before[cell],
                100.0 * number(after) / number(before),
            );
        }
    }
    worst.assert_below("trade, points of change", 1e-6 * slack);
}

/// Terms by economy and sector.
fn compare_terms(t: &Table, c: &Solver, o: &Outcomes, slack: f64) {
    let mut worst = Worst::default();
    for r in 0..t.rows.len() {
        let n = c.benchmark.economy(t.text(r, "region")).unwrap();
        let s = c.benchmark.sector(t.text(r, "sector")).unwrap();
        let total = |terms: &[f64]| -> f64 {
            (0..c.dimensions.economies).map(|m| terms[c.dimensions.cell(n, m, s)]).sum()
        };
        let place = || format!("{} {}", t.text(r, "region"), t.text(r, "sector"));
        worst.compare(place, total(&o.decomposition.terms_of_trade), t.number(r, "terms_of_trade_pct"));
        worst.compare(place, total(&o.decomposition.volume_of_trade), t.number(r, "volume_of_trade_pct"));
    }
    worst.assert_below("first-order terms by sector, points", 1e-9 * slack);
}
