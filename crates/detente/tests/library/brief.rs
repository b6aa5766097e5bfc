//! Briefs with and without duties on others of the day, and the first year by product.

use detente::basis::Basis;
use detente::brief::assemble::{Asked, Sources, without_bands};
use detente::brief::others::OthersDuties;
use detente::brief::{Against, Brief, Measures, Outcome};
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::default_world;
use detente_engine::first_year::Horizon;
use detente_engine::parallel::Control;
use detente_ledger::AsOf;
use detente_ledger::tariff::Tariffs;
use jiff::civil::date;

fn asked(tariffs: &Tariffs, world: &BenchmarkDirectory, others: OthersDuties) -> Result<Brief, String> {
    let talks = tariffs.ledger().talks("us-china").unwrap();
    let day = date(2025, 9, 16);
    let control = Control::default();
    let sources = Sources { tariffs, world, control: &control };
    let asked = Asked { clock: AsOf { on: day, known_on: day }, basis: Basis::Collected, others };
    without_bands(sources, &talks, asked).map_err(|error| error.to_string())
}

fn find(brief: &Brief, horizon: Horizon, measures: Measures) -> &Outcome {
    let held = brief.outcomes.iter().find(|outcome| {
        outcome.name == "hold"
            && outcome.horizon == horizon
            && (outcome.against, outcome.measures) == (Against::Benchmark, measures)
    });
    held.unwrap()
}

/// What others' duties take from each: those that only gain from what the two sides do to each other lose once their own duties count. Numbers of
/// an independent program under the record's elasticities, whose duties on others are one level a partner: the instruments by line are nearer to
/// what each pays, and leave Canada and Mexico what the agreement frees.
#[test]
fn all_measures_turn_the_gains_of_others() {
    let (tariffs, world) = (Tariffs::embedded().unwrap(), default_world::open().unwrap());
    let brief = asked(&tariffs, &world, OthersDuties::Day).unwrap();
    let income =
        |measures, code: &str| find(&brief, Horizon::Long, measures).economies[code].income_pct.unwrap();
    for code in ["VNM", "MEX", "THA", "CAN", "KOR", "TWN", "EU27", "JPN", "CHE", "IND"] {
        assert!(income(Measures::All, code) < 0.0, "{code} {}", income(Measures::All, code));
    }
    for code in ["VNM", "MEX", "THA", "CAN"] {
        assert!(income(Measures::TwoSides, code) > 0.0, "{code} {}", income(Measures::TwoSides, code));
    }
    for (code, there, apart) in [("VNM", -0.487, 0.1), ("MEX", -0.141, 0.08), ("USA", -0.004, 0.05)] {
        let found = income(Measures::All, code);
        assert!((found - there).abs() < apart, "{code}: {found}, there {there}");
    }
    assert!(brief.caveats.iter().any(|caveat| caveat.contains("answered in 2025 is missing")));
    // The worst off among others are those of all measures, not of the two sides' alone.
    let (worst, value) = find(&brief, Horizon::Long, Measures::All).others_worst.clone().unwrap();
    assert!((income(Measures::All, &worst) - value).abs() < 1e-15 && value < -0.3);
}

/// Products say what sectors say, less what exempt goods hide: imports from the other side fall by less. Independently of this program, from the
/// same lines: goods imports of the United States from China -35.7 on customs values of 2024.
#[test]
fn the_first_year_is_asked_by_product() {
    let (tariffs, world) = (Tariffs::embedded().unwrap(), default_world::open().unwrap());
    let brief = asked(&tariffs, &world, OthersDuties::None).unwrap();
    let hold = find(&brief, Horizon::FirstYear, Measures::TwoSides);
    let usa = &hold.economies["USA"];
    let goods = usa.goods_imports_from_pct["CHN"].unwrap();
    assert!((-38.5..-34.5).contains(&goods), "{goods}");
    let account = usa.importers_account_pct.unwrap();
    assert!((-0.175..-0.145).contains(&account), "{account}");
    assert!(usa.income_pct.is_none() && usa.income_money.is_none());
    // China's exports to the United States are what it has most to lose by.
    assert!(hold.economies["CHN"].value_added_at_risk_pct.unwrap() < -0.7);
    assert_eq!(hold.economies["VNM"].importers_account_pct, Some(0.0));
}
