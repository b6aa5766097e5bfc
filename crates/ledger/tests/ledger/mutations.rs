//! The project's own files, broken at random: no reader panics, and what a reader lets through no question panics on.
//!
//! `PROPTEST_CASES=100000 cargo test --release -p detente-ledger --test mutations` runs longer. A file that makes a reader panic is
//! written down by proptest in `mutations.proptest-regressions` beside this one.

use detente_ledger::{
    Ledger,
    check::check,
    duty::{Provenance, Question, Settled},
    files::Named,
    negotiation::negotiating_table,
    products::{BaseRate, Concordance, LineTable, ProductList},
    schedule::{Reading, governing, schedule},
    status::{AsOf, compare, lapses, status},
    tariff::{Tariffs, View},
};
use jiff::civil::Date;
use proptest::prelude::*;

/// One act of vandalism on a text: where, as shares of its length, and what.
#[derive(Debug, Clone)]
enum Blow {
    Cut(f64, usize),
    Double(f64, usize),
    Put(f64, &'static str),
    Swap(f64, f64),
    Torn(f64),
    Letter(f64, char),
}

/// Tokens on which readers of numbers, dates, tables and TOML stumble.
const TOKENS: &[&str] = &[
    "",
    "nan",
    "-inf",
    "1e999",
    "-1",
    "0",
    "99999999999999999999",
    "\"",
    "\"\"\"",
    "'",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    "\n",
    "\r\n",
    ",",
    ",,,,",
    "#",
    "\u{feff}",
    "\u{0}",
    "\u{1f600}",
    "9999-12-31",
    "-9999-01-01",
    "2025-02-30",
    "0001-01-01",
    "all = true\n",
    "until = \"2018-01-01\"\n",
    "rate_pct = []\n",
    "rate_pct = 1e300\n",
    "id = \"\"\n",
    "[[entry]]\n",
    "[[scope]]\n",
    "1201",
    "00",
    "12345678901",
    "code,share\n",
    "true",
    "¢/kg + ",
    "% on the ",
];

fn any_blow() -> impl Strategy<Value = Blow> {
    let place = 0.0..1.0f64;
    prop_oneof![
        (place.clone(), 1..200usize).prop_map(|(at, length)| Blow::Cut(at, length)),
        (place.clone(), 1..200usize).prop_map(|(at, length)| Blow::Double(at, length)),
        (place.clone(), prop::sample::select(TOKENS)).prop_map(|(at, token)| Blow::Put(at, token)),
        (place.clone(), place.clone()).prop_map(|(one, two)| Blow::Swap(one, two)),
        place.clone().prop_map(Blow::Torn),
        (place, any::<char>()).prop_map(|(at, letter)| Blow::Letter(at, letter)),
    ]
}

/// The text with the blows dealt, one after the other.
fn struck(text: &str, blows: &[Blow]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for blow in blows {
        let size = letters.len();
        let at = |share: f64| ((share * size as f64) as usize).min(size);
        match blow {
            Blow::Cut(share, length) => {
                let from = at(*share);
                letters.drain(from..(from + length).min(size));
            }
            Blow::Double(share, length) => {
                let from = at(*share);
                let copy: Vec<char> = letters[from..(from + length).min(size)].to_vec();
                letters.splice(from..from, copy);
            }
            Blow::Put(share, token) => {
                let from = at(*share);
                letters.splice(from..from, token.chars());
            }
            Blow::Swap(one, two) => {
                let (one, two) = (at(*one), at(*two));
                if one < size && two < size {
                    letters.swap(one, two);
                }
            }
            Blow::Torn(share) => letters.truncate(at(*share)),
            Blow::Letter(share, letter) => {
                let from = at(*share);
                if from < size {
                    letters[from] = *letter;
                }
            }
        }
    }
    letters.into_iter().collect()
}

/// Every carried file below `folder` as text.
fn carried(folder: &str) -> Vec<(&'static str, &'static str)> {
    detente_facts::below(folder)
        .filter_map(|(name, content)| Some((name, std::str::from_utf8(content).ok()?)))
        .collect()
}

/// Every question that needs no tariff line, on days around those on record.
fn ask(ledger: Ledger) {
    let _ = check(&ledger);
    for on in ["2018-07-06", "2025-04-10", "2026-11-10"] {
        let on: Date = on.parse().unwrap();
        for instrument in &ledger.instruments {
            let _ = governing(instrument, on, on, Reading::Texts);
            let _ = schedule(instrument, on, Reading::Stated);
        }
        for id in ledger.talks_ids() {
            if let Ok(talks) = ledger.talks(id) {
                let clock = AsOf::on_day(on);
                let _ = status(&ledger, &talks, clock, None);
                let _ = lapses(&ledger, &talks, on, clock, None);
                let _ = compare(&ledger, &talks, AsOf::on_day("2019-01-01".parse().unwrap()), clock);
                if let Some(party) = talks.parties.first() {
                    let _ = negotiating_table(&ledger, &talks, clock, &party.code, None);
                }
            }
        }
    }
    let tariffs = Tariffs::new(ledger, Vec::new());
    for (code, from, to) in [("84713001", "CHN", "USA"), ("1201", "USA", "CHN")] {
        let on = "2025-06-01".parse().unwrap();
        let question = Question {
            code: code.parse().unwrap(),
            from,
            to,
            on,
            known_on: on,
            value: Some(1.0),
            quantity: None,
            settled: Settled::default(),
        };
        let _ = tariffs.duty(&question, Reading::Stated);
        let _ = tariffs.layers(View::on_day(to, from, on));
    }
}

/// The record with one file struck.
fn with_struck(place: usize, blows: &[Blow]) {
    let files = carried("ledger/");
    let (target, _) = files[place % files.len()];
    let mut ledger = Ledger::default();
    for (name, text) in files {
        let text = if name == target { struck(text, blows) } else { text.to_owned() };
        if ledger.lay(vec![Named { name: name.to_owned(), text: text.into() }]).is_err() {
            return;
        }
    }
    ask(ledger);
}

fn product_file(place: usize, blows: &[Blow]) {
    let mut files = carried("products/");
    files.extend(carried("concordances/"));
    let (name, text) = files[place % files.len()];
    // Whole tables are long; a beginning of them has every kind of cell.
    let head: String = text.lines().take(400).flat_map(|line| [line, "\n"]).collect();
    let text = struck(&head, blows);
    // Each reader is handed each kind of file: a user's mix-up is an input too.
    if let Ok(table) = LineTable::read(name, &text) {
        for line in table.lines() {
            let _ = (line.base.duty(1.0, Some(1.0)), line.base.ad_valorem(), line.base.to_string());
        }
    }
    let _ = ProductList::read(name, &text).map(|list| list.coverage("8471".parse().unwrap()));
    let _ = Concordance::read(name, &text).map(|held| held.place("8471".parse().unwrap()));
    let _ = toml::from_str::<Provenance>(&text);
    text.lines().take(50).for_each(|line| drop(BaseRate::read(line)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_struck_record_is_refused_or_answers(place in any::<usize>(), blows in prop::collection::vec(any_blow(), 1..5)) {
        with_struck(place, &blows);
    }

    #[test]
    fn struck_products_are_refused_or_read(place in any::<usize>(), blows in prop::collection::vec(any_blow(), 1..5)) {
        product_file(place, &blows);
    }

    #[test]
    fn struck_rates_keep_their_text(cell in 0..2000usize, blows in prop::collection::vec(any_blow(), 1..4)) {
        let lines = carried("products/USA/lines.csv");
        let row = lines[0].1.lines().nth(cell + 1).unwrap_or_default();
        let rate = BaseRate::read(&struck(row, &blows));
        let share = rate.ad_valorem();
        prop_assert!(share.is_none_or(|share| share.is_finite() && share >= 0.0), "{:?}", rate);
        let _ = rate.duty(1e12, Some(1e12));
    }
}

/// The three readers of published figures go through the library: a user's folder may hold them.
#[test]
fn struck_validation_files_are_refused_with_their_name() {
    let folder = std::env::temp_dir().join(format!("detente-struck-{}", std::process::id()));
    let validation = folder.join("validation");
    std::fs::create_dir_all(&validation).unwrap();
    std::fs::create_dir_all(folder.join("products/USA")).unwrap();
    let good = std::str::from_utf8(detente_facts::file("validation/average-tariffs.csv").unwrap()).unwrap();
    for (from, to) in [
        ("2018-01-01", "2018-13-01"),
        (",3.1,", ",three,"),
        ("statutory", "stated"),
        ("on:2019-05-09", "on:yesterday"),
        ("on:2019-05-09", "somehow"),
        ("as-on:US-IEEPA-RECIP", "as-on:US-IEEPA-RECIPE"),
        ("<2025-05-27", "<soon"),
        ("~2019-06", "~2019-04"),
        ("*2024-05", "*may"),
        ("waited:US-IEEPA-RECIP", "waited:US-IEEPA-RECIPE"),
        ("on-top:US-232-PARTS", "on-top:US-232-PART"),
        ("partners-of:2024-12", "partners-of:2024-11"),
        ("goods-of:2024-12", "goods-of:2023"),
        ("paid-later", "paid-earlier"),
        ("paid-as-in:2025-11", "paid-as-in:"),
        ("id,on", "id,on,on"),
    ] {
        std::fs::write(validation.join("average-tariffs.csv"), good.replacen(from, to, 1)).unwrap();
        let tariffs = Tariffs::new(Ledger::embedded().unwrap(), vec![folder.clone()]);
        let said = tariffs.published_averages().unwrap_err().to_string();
        assert!(said.contains("validation/average-tariffs.csv, line "), "{to}: {said}");
    }
    std::fs::remove_file(validation.join("average-tariffs.csv")).unwrap();
    for (file, from, to) in [
        ("goods-on-the-way.csv", "2019-05,", "2019-13,"),
        ("goods-on-the-way.csv", "US-301-L3", "US-301-L33"),
        ("goods-on-the-way.csv", "2019-06-15", "2019-04-15"),
        ("goods-on-the-way.csv", "2019-07", "2016-07"),
        ("goods-on-the-way.csv", "2019-05-09", "tomorrow"),
        ("trade-by-partner.csv", "16680584707", "much"),
        ("trade-by-partner.csv", "trade_of", "traded"),
        ("imports-by-month.csv", "45269375", "some"),
    ] {
        let name = format!("validation/{file}");
        let good = std::str::from_utf8(detente_facts::file(&name).unwrap()).unwrap();
        assert!(good.contains(from), "{file}: {from}");
        std::fs::write(validation.join(file), good.replacen(from, to, 1)).unwrap();
        let tariffs = Tariffs::new(Ledger::embedded().unwrap(), vec![folder.clone()]);
        let said = tariffs.published_averages().unwrap_err().to_string();
        assert!(said.contains(&format!("{name}, line ")), "{file}, {to}: {said}");
        std::fs::remove_file(validation.join(file)).unwrap();
    }
    for (text, repair) in
        [("list;title\n", "write `list,title`"), ("list,title\na,b\na,c\n", "`a` is `b` already")]
    {
        std::fs::write(folder.join("products/USA/list-titles.csv"), text).unwrap();
        let tariffs = Tariffs::new(Ledger::embedded().unwrap(), vec![folder.clone()]);
        let said = tariffs
            .layers(View::on_day("USA", "CHN", "2025-06-01".parse().unwrap()))
            .unwrap_err()
            .to_string();
        assert!(said.contains("products/USA/list-titles.csv") && said.contains(repair), "{said}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
