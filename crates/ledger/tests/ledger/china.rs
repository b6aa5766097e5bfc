//! China's duties on US goods by line against the material's own answers: a draw of lines and days, the highest line of a subheading after
//! the answer to List 4A, and averages by weights that may not ship. Needs `../shared`.

use detente_ledger::duty::{Answer, Question, Settled};
use detente_ledger::schedule::Reading;
use detente_ledger::tariff::Tariffs;
use detente_testkit::{needs, shared};
use flate2::read::GzDecoder;
use jiff::{ToSpan, civil::Date};
use std::{collections::BTreeMap, fs::File, sync::OnceLock};

type Row = BTreeMap<String, String>;

fn table(name: &str) -> Vec<Row> {
    let file = File::open(shared("data/china-lines").join(name)).expect("a file");
    csv::Reader::from_reader(GzDecoder::new(file)).deserialize().collect::<Result<_, _>>().expect("rows")
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn ask(code: &str, on: Date) -> Answer {
    static HELD: OnceLock<Tariffs> = OnceLock::new();
    let question = Question {
        code: code.parse().expect("a code"),
        from: "USA",
        to: "CHN",
        on,
        known_on: day("2026-10-01"),
        value: None,
        quantity: None,
        settled: Settled::default(),
    };
    HELD.get_or_init(|| Tariffs::embedded().expect("the record"))
        .duty(&question, Reading::Stated)
        .unwrap_or_else(|error| panic!("{code} on {on}: {error}"))
}

/// Least and most of an answer; none where the base is no share of value.
fn ends(answer: &Answer) -> Option<(f64, f64)> {
    let total = answer.total_pct.map(|total| (total, total));
    total.or(answer.range_pct.map(|range| (range.least, range.most)))
}

/// The base rate of a statistical line on a day, percent: the first rate and the changes up to then.
fn base(row: &Row, on: Date) -> Option<f64> {
    let mut rate: f64 = row["mfn_2018_01_01"].parse().ok()?;
    for (name, change) in
        row.iter().filter_map(|(name, cell)| Some((name.strip_prefix("mfn_change_")?, cell)))
    {
        if day(&name.replace('_', "-")) <= on {
            rate += change.parse::<f64>().unwrap_or(0.0);
        }
    }
    Some(rate)
}

/// What the answers to Section 232 and to Lists 1 to 3 add on a day, the suspension of cars counted.
fn added(row: &Row, on: Date) -> f64 {
    [
        ("answer_to_232_2018_04_02", "2018-04-02"),
        ("list_1_2018_07_06", "2018-07-06"),
        ("list_2_2018_08_23", "2018-08-23"),
        ("list_3_2018_09_24", "2018-09-24"),
        ("cars_suspended_2019_01_01", "2019-01-01"),
        ("list_3_step_2019_06_01", "2019-06-01"),
    ]
    .iter()
    .filter(|(_, from)| day(from) <= on)
    .map(|(column, _)| row[*column].parse::<f64>().expect("points"))
    .sum()
}

/// Statistical lines by line of eight digits.
fn lines() -> BTreeMap<String, Vec<Row>> {
    let mut held: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in table("china_lines_hs10_2018_2019.csv.gz") {
        held.entry(row["hs10"][..8].to_owned()).or_default().push(row);
    }
    held
}

/// A draw that anybody can repeat: Knuth's MMIX generator.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Four hundred lines on three days each before the answer to List 4A: base and answers as the material has them, line by line. Goods under
/// a quota have the material's rate at the upper end.
#[needs("data/china-lines")]
#[test]
fn a_draw_of_lines_and_days_is_as_the_material_has_it() {
    let held = lines();
    let codes: Vec<&String> = held.keys().collect();
    let mut draw = Draw(20_261_128);
    let (mut exact, mut ranges, mut quotas) = (0, 0, 0);
    for _ in 0..400 {
        let code = codes[draw.below(codes.len())];
        for _ in 0..3 {
            let on = day("2018-01-01") + (draw.below(608) as i32).days();
            // A letter keeps goods apart that are free from November 2018 on; before, they had the rate of the others.
            let rows = held[code]
                .iter()
                .filter(|row| !row["mfn_2018_01_01"].is_empty() || row["mfn_2019_01_01"].is_empty());
            let right: Option<Vec<f64>> =
                rows.map(|row| Some(base(row, on)? + added(row, on))).collect::<Option<Vec<f64>>>();
            let answer = ask(code, on);
            let found = ends(&answer);
            let Some(right) = right else {
                assert_eq!(found, None, "{code} on {on}");
                continue;
            };
            let least = right.iter().copied().fold(f64::INFINITY, f64::min);
            let most = right.iter().copied().fold(0.0, f64::max);
            let (low, high) = found.unwrap_or_else(|| panic!("{code} on {on}: no number"));
            assert!((high - most).abs() < 1e-6, "{code} on {on}: up to {high}, right {most}");
            if answer.conditions.iter().any(|asked| asked.question.contains("quota")) {
                assert!(low < least, "{code} on {on}: {low}");
                quotas += 1;
            } else if answer.conditions.is_empty() {
                assert!((low - least).abs() < 1e-6, "{code} on {on}: from {low}, right {least}");
                if low == high { exact += 1 } else { ranges += 1 }
            }
        }
    }
    println!("{exact} duties are one number, {ranges} differ below the line, {quotas} ask for the quota");
    assert!(exact > 1_000, "{exact}");
}

/// After the answer to List 4A the material knows the highest line of each subheading. It lies in our range; where the subheading is one
/// line, or one line alone can be it, it is our number or the upper end.
#[needs("data/china-lines")]
#[test]
fn the_highest_line_of_a_subheading_lies_in_the_range() {
    let held = lines();
    let totals = table("china_on_us_total_hs6_2018_2019.csv.gz");
    let mut draw = Draw(20_190_901);
    let mut single = 0;
    for _ in 0..500 {
        let row = &totals[draw.below(totals.len())];
        let Ok(right) = row["2019-09-01"].parse::<f64>() else { continue };
        let below: Vec<&String> = held.keys().filter(|code| code.starts_with(&row["hs6"])).collect();
        let answer = ask(&row["hs6"], day("2019-10-01"));
        let Some((low, high)) = ends(&answer) else { continue };
        assert!(
            low <= right + 0.01 && right <= high + 0.01,
            "{}: {right} outside {low} to {high}",
            row["hs6"]
        );
        let one_rate =
            held[below[0]].iter().all(|line| line["mfn_2019_01_01"] == held[below[0]][0]["mfn_2019_01_01"]);
        if below.len() == 1 && one_rate && answer.conditions.is_empty() {
            assert!(
                (low - right).abs() < 0.01 && (high - right).abs() < 0.01,
                "{}: {low} to {high}",
                row["hs6"]
            );
            single += 1;
        }
    }
    assert!(single > 200, "{single}");
}

/// Items of the notice of August 2019 that a printed list has (Sandler, Travis & Rosenberg, 2020-11-23, its first page), read apart from the
/// material: what was deduced agrees with each of them.
#[test]
fn the_first_items_of_the_list_of_2019_agree_with_what_was_deduced() {
    let halved = [
        ("01012900", 5.0),
        ("01013090", 2.5),
        ("01019000", 2.5),
        ("01022900", 2.5),
        ("01023900", 2.5),
        ("01029090", 2.5),
        ("01039110", 2.5),
        ("01039120", 2.5),
        ("01039200", 2.5),
        ("01041090", 2.5),
        ("01042090", 2.5),
        ("01051190", 2.5),
        ("01051290", 2.5),
        ("01051390", 2.5),
        ("01051490", 2.5),
        ("01051590", 2.5),
        ("01059490", 2.5),
        ("01059991", 2.5),
        ("01059992", 2.5),
        ("01059993", 2.5),
        ("01059994", 2.5),
        ("01061190", 2.5),
        ("01061219", 2.5),
        ("01061229", 2.5),
    ];
    for (code, right) in halved {
        let answer = ask(code, day("2020-03-01"));
        let parts = answer.parts.iter().filter(|part| part.measure.contains("List 4A"));
        let (mut least, mut most) = (0.0_f64, 0.0_f64);
        for adds in parts.filter_map(|part| part.adds_pct) {
            least = least.max(adds.least);
            most = most.max(adds.most);
        }
        assert!(least <= right && right <= most, "{code}: {right} outside {least} to {most}");
    }
}

/// Our duty on one statistical line as the reference counts it: goods under a quota beyond it, cotton let in at a sliding scale as good as
/// free, of two kinds with a letter the second free.
fn statistical_line(code: &str, on: Date) -> Option<f64> {
    let (digits, letter) = code.split_at(10);
    let answer = ask(digits, on);
    let (low, high) = ends(&answer)?;
    Some(if letter == "B" || (digits.ends_with("80") && !answer.conditions.is_empty()) { low } else { high })
}

/// Averages by China's own imports of 2017, which may not ship: the level of `design/forecast.md`, section 4, where the lists are known line
/// by line.
#[needs("data/china-lines", "reference/forecast")]
#[test]
fn averages_by_imports_of_2017_are_the_references() {
    let weights = table("china_imports_from_us_2017_hs8.csv.gz");
    let held = lines();
    let path = shared("reference/forecast/china_statutory_on_us_aggregate.csv");
    let reference: Vec<Row> =
        csv::Reader::from_path(path).expect("a table").deserialize().collect::<Result<_, _>>().expect("rows");
    for row in reference.iter().filter(|row| row["day"] == "2018-09-25" || row["day"] == "2019-06-14") {
        let on = day(&row["day"]);
        let (mut sum, mut value) = (0.0, 0.0);
        for line in &weights {
            let thousand: f64 = line["usd_thousand"].parse().expect("a value");
            if thousand == 0.0 {
                continue;
            }
            value += thousand;
            // Goods without a line of the schedule (returned goods, chapter 98) are free; a line is the mean of its statistical lines.
            let Some(below) = held.get(&line["hs8"]) else { continue };
            let means = below.iter().filter_map(|row| statistical_line(&row["hs10"], on));
            let (total, count) = means.fold((0.0, 0), |(sum, count), rate| (sum + rate, count + 1));
            sum += thousand * if count > 0 { total / f64::from(count) } else { 0.0 };
        }
        let (ours, right) = (sum / value, row["2017 HS8"].parse::<f64>().expect("a number"));
        println!("{on}: {ours:.3}, reference {right}");
        assert!((ours - right).abs() < 0.05, "{on}: {ours}, reference {right}");
    }
}

/// Lines of eight digits of each answer of 2018, as its notice counts them; the cars and parts whose duty was suspended in 2019 are those of
/// three of the lists.
#[test]
fn the_lists_of_2018_are_as_long_as_their_notices_say() {
    let tariffs = Tariffs::embedded().expect("the record");
    let count = |names: &[&str]| -> usize {
        let lists = names.iter().map(|name| {
            let held = tariffs.library().list("CHN", &format!("retaliation-2018-19/{name}"));
            held.unwrap_or_else(|error| panic!("{name}: {error}")).codes().len()
        });
        lists.sum()
    };
    let later =
        ["list-60bn-at-10-then-20", "list-60bn-at-10-then-25", "list-60bn-at-5", "list-60bn-at-5-then-10"];
    let vehicles = ["list-34bn-vehicles", "list-16bn-vehicles", "list-60bn-vehicle-parts"];
    for (names, expected) in [
        (vec!["to-section-232-at-15", "to-section-232-at-25"], 128),
        (vec!["list-34bn", vehicles[0]], 545),
        (vec!["list-16bn", vehicles[1]], 333),
        (later.into_iter().chain([vehicles[2]]).collect(), 5207),
        (vehicles.to_vec(), 211),
    ] {
        assert_eq!(count(&names), expected, "{names:?}");
    }
}
