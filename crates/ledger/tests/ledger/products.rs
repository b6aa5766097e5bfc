//! The product facts that the program carries: whole, reachable, and never a zero for a rate that is none.

use detente_ledger::duty::Question;
use detente_ledger::products::{
    ALL_PARTNERS, BaseRate, Concordance, Coverage, LineTable, ProductCode, ProductList,
};
use detente_ledger::schedule::Reading;
use detente_ledger::tariff::Tariffs;
use jiff::civil::Date;
use proptest::prelude::*;

fn text(name: &str) -> &'static str {
    std::str::from_utf8(detente_facts::file(name).unwrap()).unwrap()
}

fn lines(importer: &str) -> LineTable {
    let name = format!("products/{importer}/lines.csv");
    LineTable::read(&name, text(&name)).unwrap()
}

fn code(text: &str) -> ProductCode {
    text.parse().unwrap()
}

#[test]
fn codes_are_read_with_and_without_dots() {
    for typed in ["84713001", "8471.30.01", " 8471.30.01 "] {
        assert_eq!(code(typed).to_string(), "8471.30.01");
    }
    assert_eq!(code("0101").undotted(), "0101");
    for typed in ["", "1", "123", "84713001001", "84x1", "..", "１２"] {
        let said = typed.parse::<ProductCode>().unwrap_err().to_string();
        assert!(said.contains("with or without dots"), "{said}");
    }
}

#[test]
fn trade_of_2024_is_whole() {
    // Census 2024, imports for consumption: China 429.4 bn in all; 418.0 without chapters 98 and 99. See data/products/README.md.
    let table = lines("USA");
    let sum =
        |exporter| table.lines().iter().filter_map(|line| table.value(line, exporter)).sum::<f64>() / 1e9;
    assert!((sum("CHN") - 417.99).abs() < 0.01, "{}", sum("CHN"));
    assert!((sum(ALL_PARTNERS) - 3084.25).abs() < 0.1, "{}", sum(ALL_PARTNERS));
}

#[test]
fn a_rate_per_unit_is_never_a_share_of_zero() {
    assert_eq!(BaseRate::read("0.068"), BaseRate::AdValorem(0.068));
    assert_eq!(BaseRate::read("").ad_valorem(), None);
    let beef = BaseRate::read("4.4¢/kg");
    assert_eq!((beef.ad_valorem(), beef.unit()), (None, Some("kg")));
    // 2,500 kg worth 12,000 dollars: 2,500 × 0.044.
    assert!((beef.duty(12_000.0, Some(2_500.0)).unwrap() - 110.0).abs() < 1e-9);
    assert_eq!(beef.duty(12_000.0, None), None);
    let compound = BaseRate::read("$1.035/kg + 17%");
    assert!((compound.duty(100.0, Some(10.0)).unwrap() - 27.35).abs() < 1e-9);
    for unclear in [
        "51¢ each + 6.25% on the case",
        "2.8¢/kg on lead content",
        "The rate applicable to the natural juice in heading 2009",
    ] {
        assert_eq!(BaseRate::read(unclear).duty(100.0, Some(1.0)), None, "{unclear}");
    }
}

#[test]
fn every_printed_rate_of_the_schedule_keeps_its_text() {
    let table = lines("USA");
    let mut printed = 0;
    for line in table.lines() {
        match &line.base {
            BaseRate::AdValorem(share) => assert!(*share <= 3.6, "{}", line.code),
            BaseRate::Specific { duties, .. } => {
                assert!(duties.iter().all(|duty| duty.amount > 0.0), "{}", line.code)
            }
            BaseRate::Printed(_) | BaseRate::Unknown => printed += 1,
        }
    }
    // Watches by part, ensembles by garment, sugar by degree: 1 to 2 percent of lines have no formula in value and quantity.
    assert!(printed * 100 < table.lines().len() * 2, "{printed}");
}

#[test]
fn lists_reach_lines() {
    // A code of a list that no line holds is a dead entry. The schedule of 2025 has dropped a few old lines: at most 6 percent.
    for (name, content) in detente_facts::below("products/").filter(|(name, _)| name.contains("/lists/")) {
        let table = lines(if name.contains("/USA/") { "USA" } else { "CHN" });
        let list = ProductList::read(name, std::str::from_utf8(content).unwrap()).unwrap();
        let dead: Vec<_> = list
            .codes()
            .iter()
            .filter(|code| table.below(**code).is_empty())
            .map(ToString::to_string)
            .collect();
        assert!(
            dead.len() * 100 <= list.codes().len() * 6,
            "{name}: {} of {} dead: {dead:?}",
            dead.len(),
            list.codes().len()
        );
    }
}

#[test]
fn every_line_has_a_sector() {
    let name = "concordances/world-2022-estimate.csv";
    let concordance = Concordance::read(name, text(name)).unwrap();
    for importer in ["USA", "CHN"] {
        // Electricity (2716) is a service in the default world.
        for line in lines(importer).lines().iter().filter(|line| !code("2716").covers(line.code)) {
            assert!(concordance.sector(line.code).is_some(), "{}", line.code);
        }
    }
    assert_eq!(concordance.sector(code("6109.10.00")), Some("TEX"));
    assert_eq!(concordance.sector(code("8703.80.00")), Some("MVH"));
    assert_eq!(concordance.sector(code("8542.31.00")), Some("ELE"));
}

#[test]
fn facts_stay_small() {
    // Compressed, as a crate's archive carries them: two megabytes are the goal.
    let compressed = |content: &[u8]| {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut writer, content).expect("memory");
        writer.finish().expect("memory").len()
    };
    let weight: usize = detente_facts::below("").map(|(_, content)| compressed(content)).sum();
    assert!((1_000_000..2_000_000).contains(&weight), "{weight} bytes compressed");
}

fn any_code() -> impl Strategy<Value = ProductCode> {
    (0u64..10_000_000_000, 1u32..6).prop_map(|(number, pairs)| {
        let digits = format!("{number:010}");
        digits[..(pairs * 2) as usize].parse().unwrap()
    })
}

proptest! {
    #[test]
    fn coverage_agrees_with_the_codes(codes in prop::collection::vec(any_code(), 1..40), asked in any_code()) {
        let list = ProductList::new(codes.clone());
        let all = codes.iter().any(|held| held.covers(asked));
        let part = codes.iter().any(|held| asked.covers(*held));
        let right = if all { Coverage::All } else if part { Coverage::Part } else { Coverage::None };
        prop_assert_eq!(list.coverage(asked), right);
    }

    #[test]
    fn a_code_survives_its_text(asked in any_code()) {
        prop_assert_eq!(code(&asked.to_string()), asked);
        prop_assert_eq!(code(&asked.undotted()), asked);
    }

    #[test]
    fn readers_refuse_and_never_panic(text in "\\PC*(\n\\PC*){0,5}") {
        let _ = LineTable::read("x.csv", &text);
        let _ = LineTable::read("x.csv", &format!("code,base_rate,ad_valorem_equivalent,customs_value_all\n{text}"));
        let _ = ProductList::read("x.csv", &format!("code\n{text}"));
        let _ = Concordance::read("x.csv", &format!("code,sector\n{text}"));
        let _ = BaseRate::read(&text);
        let _ = text.parse::<ProductCode>();
    }
}

/// One duty looks into the lines of its chapter and into the lists of the day, and unpacks nothing: counted, whatever the machine.
#[test]
fn one_duty_reads_no_more_than_it_needs() {
    let pairs = [
        ("8471.30.01", "CHN", "USA", "2025-12-01"),
        ("8703.23.01", "DEU", "USA", "2025-08-10"),
        ("6109.10.00", "VNM", "USA", "2026-09-01"),
        ("1201.90", "USA", "CHN", "2025-11-15"),
    ];
    for (typed, from, to, on) in pairs {
        let on: Date = on.parse().unwrap();
        let tariffs = Tariffs::embedded().unwrap();
        let question = Question::new(code(typed), from, to, on);
        let found = tariffs.duty(&question, Reading::Stated).unwrap();
        let work = tariffs.library().work_done();
        let chapter = lines(to).below(code(typed).cut(2)).len();
        assert!(work.lines == chapter && work.bytes_unpacked == 0, "{typed}: {work:?}, chapter {chapter}");
        let all = detente_facts::below(&format!("products/{to}/lists/")).count();
        // China has no measure whose lists are not on the books.
        assert!(work.lists * 4 < all * 3 || to == "CHN", "{typed}: {work:?} of {all} lists");
        // Reading a chapter alone changes no answer.
        let whole = Tariffs::embedded().unwrap();
        whole.library().lines(to).unwrap();
        assert_eq!(whole.duty(&question, Reading::Stated).unwrap(), found);
    }
}

/// A list is read cell by cell: quotes may hold commas, a quote that does not close is refused with its line.
#[test]
fn cells_of_a_list_may_stand_in_quotes() {
    let text = "code,from,note\n0101,2024-01-01,\"note 1, as amended\"\n# a remark, with a comma\n\n\"0102\",2024-01-01,\"a \"\"note\"\"\"\n0103,2024-01-01,plain\n0104,2024-01-01,plain\n0105,2024-01-01,\"plain\"\n";
    let list = ProductList::read("mine.csv", text).unwrap();
    let notes: Vec<(String, Option<&str>)> =
        list.rows().map(|(code, terms)| (code.to_string(), terms.note.as_deref())).collect();
    let expected = [
        ("0101", "note 1, as amended"),
        ("0102", "a \"note\""),
        ("0103", "plain"),
        ("0104", "plain"),
        ("0105", "plain"),
    ];
    let expected: Vec<(String, Option<&str>)> =
        expected.iter().map(|(code, note)| ((*code).to_owned(), Some(*note))).collect();
    assert_eq!(notes, expected);
    assert_eq!(list.terms().len(), 3, "what is written in two ways is one thing");
    let refused = ProductList::read("mine.csv", "code,note\n0101,a\n0102,\"b\n").unwrap_err().to_string();
    assert!(
        refused.contains("mine.csv") && refused.contains("line 3") && refused.contains("quote"),
        "{refused}"
    );
}
