//! The shipped lists of the United States against the law's own text, read again here by a reader that knows no list: it is told by which
//! words of the text a list opens and closes, takes every code between them, and compares. Needs `../shared`.

use flate2::read::GzDecoder;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::PathBuf;

type Codes = BTreeSet<String>;

fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
    println!("skipped: {} is missing", path.display());
    None
}

fn unpacked(name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    GzDecoder::new(std::fs::File::open(shared(name)?).unwrap()).read_to_end(&mut bytes).unwrap();
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

// ------------------------------------------------------------------------------------------------ the text

/// The digits of a word that is a code of goods, at the digits printed.
fn code(word: &str) -> Option<String> {
    let word = word.trim_matches(|letter: char| !letter.is_ascii_digit());
    let parts: Vec<&str> = word.split('.').collect();
    let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let shape = matches!(widths.as_slice(), [4] | [4, 2] | [4, 2, 2] | [4, 2, 4] | [4, 2, 2, 2]);
    let numeric = parts.iter().all(|part| part.bytes().all(|letter| letter.is_ascii_digit()));
    let digits: String = parts.concat();
    (shape && numeric && !digits.starts_with("98") && !digits.starts_with("99")).then_some(digits)
}

/// A word, the line and the page it stands in, its first column, and whether its line holds nothing but codes.
struct Word {
    text: String,
    line: usize,
    page: usize,
    column: usize,
    among_codes: bool,
}

struct Text(Vec<Word>);

impl Text {
    /// Words in the order of the page, without what stands between pages.
    fn read(text: &str) -> Self {
        let mut words = Vec::new();
        let mut page = 0;
        for (line, row) in text.lines().enumerate() {
            let furniture = row.contains("Harmonized Tariff Schedule of the United States Revision")
                || row.contains("Annotated for Statistical Reporting")
                || row.contains("99 - III - ")
                || row.trim() == "XXII";
            page += usize::from(row.contains("Harmonized Tariff Schedule of the United States Revision"));
            if furniture {
                continue;
            }
            let row = row.replace("U.S. Notes (con.)", "                 ");
            // A heading's own line in a page of two columns: what follows its colon are codes.
            let after =
                row.split_once(':').filter(|_| row.trim_start().starts_with('(')).map_or("", |cut| cut.1);
            let all = |part: &str| {
                !part.trim().is_empty()
                    && part.split_whitespace().all(|word| code(word).is_some() || chapter_98(word))
            };
            let (whole, tail) = (all(&row), all(after));
            let bytes = row.as_bytes();
            let mut at = 0;
            while at < bytes.len() {
                if bytes[at].is_ascii_whitespace() {
                    at += 1;
                    continue;
                }
                let end = (at..bytes.len())
                    .find(|&place| bytes[place].is_ascii_whitespace())
                    .unwrap_or(bytes.len());
                let among_codes = whole || (tail && at + after.len() >= bytes.len());
                words.push(Word {
                    text: String::from_utf8_lossy(&bytes[at..end]).into_owned(),
                    line,
                    page,
                    column: at,
                    among_codes,
                });
                at = end;
            }
        }
        Self(words)
    }

    fn find(&self, phrase: &str, from: usize) -> usize {
        let wanted: Vec<&str> = phrase.split_whitespace().collect();
        (from..=self.0.len() - wanted.len())
            .find(|&at| wanted.iter().zip(&self.0[at..]).all(|(wanted, word)| same(&word.text, wanted)))
            .unwrap_or_else(|| panic!("the text has no `{phrase}`"))
    }

    fn between(&self, opening: &str, closing: &str) -> &[Word] {
        let start = self.find(opening, 0);
        &self.0[start..self.find(closing, start + 1)]
    }
}

/// The same word, whatever sign follows it: a comma, or the dash of a range.
fn same(word: &str, wanted: &str) -> bool {
    word.strip_prefix(wanted).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn chapter_98(word: &str) -> bool {
    word.starts_with("98") && word.len() == 10 && word.as_bytes()[4] == b'.'
}

/// How a list is printed.
#[derive(Clone, Copy)]
enum Print {
    /// In columns: lines of nothing but codes.
    Columns,
    /// In sentences: any code with a dot.
    Sentences,
    /// Numbered provisions, each with numbers that it does not reach: the provisions.
    Provisions,
    /// The numbers that they do not reach.
    NotReached,
    /// In sentences, headings of four digits too.
    Headings,
}

fn codes(words: &[Word], print: Print) -> Codes {
    let mut found = Codes::new();
    for word in words {
        // "[Compiler's note: so in original; likely should be X]": a printed 9403.770.4001 is no code, its correction is one.
        for piece in word.text.split(';') {
            let Some(digits) = code(piece) else { continue };
            let dotted = piece.contains('.') && digits.len() >= 6;
            let counts = match print {
                Print::Columns => word.among_codes,
                Print::Sentences => dotted,
                Print::Provisions => dotted && digits.len() == 8,
                Print::NotReached => dotted && digits.len() == 10,
                Print::Headings => digits.starts_with('7') && (dotted || digits.len() == 4),
            };
            if counts {
                found.insert(digits);
            }
        }
    }
    found
}

/// Note 16(c): lists one after another, each under a heading with its number. One page runs two columns; there a list goes on in the
/// right column, and the next begins where the order of codes falls.
fn lists_of_note_16(text: &Text) -> BTreeMap<String, Codes> {
    let words = text.between("(c) Headings 9903.82.02", "(d) Headings 9903.82.04 and 9903.82.05");
    let heading = |at: usize| -> Option<String> {
        let number = words[at].text.strip_prefix('(')?.strip_suffix(')')?;
        let roman = !number.is_empty() && number.bytes().all(|letter| b"ivx".contains(&letter));
        let next = words.get(at + 1)?.text.as_str();
        (roman && (next == "Articles" || next == "Derivative")).then(|| number.to_owned())
    };
    let beside = |at: usize| {
        words[at..].iter().take_while(|word| word.line == words[at].line).any(|word| word.among_codes)
    };
    let mut lists: Vec<(String, Codes)> = Vec::new();
    let mut start = 0;
    while start < words.len() {
        let page = words[start].page;
        let end = (start..words.len()).find(|&at| words[at].page != page).unwrap_or(words.len());
        let columns = (start..end).any(|at| heading(at).is_some() && beside(at));
        let first = lists.len();
        let mut right = Vec::new();
        for (at, word) in words.iter().enumerate().take(end).skip(start) {
            if let Some(number) = heading(at) {
                lists.push((number, Codes::new()));
            }
            let (Some(digits), true) = (code(&word.text), word.among_codes) else { continue };
            if columns && word.column >= 45 {
                right.push(digits);
            } else {
                lists.last_mut().unwrap().1.insert(digits);
            }
        }
        let falls = (1..right.len()).find(|&at| right[at] < right[at - 1]).unwrap_or(right.len());
        for (at, digits) in right.into_iter().enumerate() {
            lists[first + usize::from(at >= falls)].1.insert(digits);
        }
        start = end;
    }
    lists.into_iter().collect()
}

// ------------------------------------------------------------------------------------------------ which words open and close a list

/// The lists of ours that one list of the law stands in, where in the text it opens and closes, and how it is printed.
const PRINTED: &[(&[&str], &str, &str, Print)] = &[
    (
        &["section-301/list-1"],
        "(b) Heading 9903.88.01 applies to all products",
        "(c) For the purposes of heading 9903.88.02",
        Print::Columns,
    ),
    (
        &["section-301/list-2"],
        "(d) Heading 9903.88.02 applies to all products",
        "(e) For the purposes of heading 9903.88.03",
        Print::Columns,
    ),
    (
        &["section-301/list-3"],
        "(f) Heading 9903.88.03 applies to all products",
        "(g) For the purposes of heading 9903.88.04",
        Print::Columns,
    ),
    (
        &["section-301/list-4a"],
        "(s) Heading 9903.88.15 applies to:",
        "1. Other printed books, brochures",
        Print::Columns,
    ),
    (
        &["section-301/list-4b"],
        "(u) Heading 9903.88.16 applies to",
        "1. Other non-aromatic organa-inorganic",
        Print::Columns,
    ),
    (
        &["section-301/list-3-named"],
        "1. Other non-aromatic organo-inorganic",
        "Notwithstanding U.S. note 1",
        Print::Provisions,
    ),
    (
        &["section-301/list-3-named-except"],
        "1. Other non-aromatic organo-inorganic",
        "Notwithstanding U.S. note 1",
        Print::NotReached,
    ),
    (
        &["section-301/list-4a-named"],
        "1. Other printed books, brochures",
        "(t) For the purposes of heading 9903.88.16",
        Print::Provisions,
    ),
    (
        &["section-301/list-4a-named-except"],
        "1. Other printed books, brochures",
        "(t) For the purposes of heading 9903.88.16",
        Print::NotReached,
    ),
    (
        &["section-301/list-4b-named"],
        "1. Other non-aromatic organa-inorganic",
        "(v) The U.S. Trade Representative",
        Print::Provisions,
    ),
    (
        &["section-301/list-4b-named-except"],
        "1. Other non-aromatic organa-inorganic",
        "(v) The U.S. Trade Representative",
        Print::NotReached,
    ),
    (
        &["section-301/note-31b-steel-aluminium-batteries-minerals"],
        "(b) Heading 9903.91.01 applies",
        "(c) Heading 9903.91.02 applies",
        Print::Columns,
    ),
    (
        &["section-301/note-31c-solar"],
        "(c) Heading 9903.91.02 applies",
        "(d) Heading 9903.91.03 applies",
        Print::Sentences,
    ),
    (
        &["section-301/note-31d-electric-vehicles-syringes"],
        "(d) Heading 9903.91.03 applies",
        "(e) Heading 9903.91.04 applies",
        Print::Sentences,
    ),
    (
        &["section-301/note-31e-disposable-masks"],
        "(e) Heading 9903.91.04 applies",
        "(i) Heading 9903.91.05 applies",
        Print::Sentences,
    ),
    (
        &["section-301/note-31f-semiconductors"],
        "(i) Heading 9903.91.05 applies",
        "(ii) The additional rate of duty under heading 9903.91.05",
        Print::Sentences,
    ),
    (
        &["section-301/note-31g-graphite-magnets-batteries"],
        "(g) Heading 9903.91.06 applies",
        "(h) Heading 9903.91.07 applies",
        Print::Sentences,
    ),
    (
        &["section-301/note-31h-masks"],
        "(h) Heading 9903.91.07 applies",
        "(i) Heading 9903.91.08 applies",
        Print::Sentences,
    ),
    (
        &["section-301/note-31i-gloves"],
        "(i) Heading 9903.91.08 applies",
        "(j) Heading 9903.91.11 applies",
        Print::Sentences,
    ),
    (
        &["section-301/note-31j-tungsten"],
        "(j) Heading 9903.91.11 applies",
        "(i) Heading 9903.91.12 applies",
        Print::Sentences,
    ),
    (
        &["section-301/maritime-chassis"],
        "(i) Heading 9903.91.12 applies",
        "The articles consist of chassis",
        Print::Sentences,
    ),
    (
        &["section-301/ship-to-shore-cranes"],
        "9903.92.10 1/ Except as provided",
        "9903.92.80 1/ Other",
        Print::Sentences,
    ),
    (
        &["ieepa/annex-ii"],
        "(a) As provided for in heading 9903.01.32",
        "(b) As provided in heading 9903.02.78",
        Print::Columns,
    ),
    (
        &["ieepa/named-articles"],
        "(b) As provided in heading 9903.02.78",
        "(iv) As provided in 9903.01.26",
        Print::Sentences,
    ),
    (
        &["section-122/exempt"],
        "(ii) As provided in heading 9903.03.03",
        "(iii) As provided in heading 9903.03.04",
        Print::Columns,
    ),
    (
        &["section-122/named-articles"],
        "(iii) As provided in heading 9903.03.04",
        "(iv) As provided in heading 9903.03.05",
        Print::Sentences,
    ),
    (
        &["section-122/civil-aircraft"],
        "(iv) As provided in heading 9903.03.05",
        "(v) As provided in heading 9903.03.06",
        Print::Columns,
    ),
    (
        &["section-232/aluminium"],
        "(g) The rates of duty set forth in heading 9903.85.02",
        "Any reference above to aluminum products",
        Print::Headings,
    ),
    (
        &["section-232/aluminium-derivatives-2020"],
        "(i) The rates of duty set forth in heading 9903.85.04",
        "(j) The rates of duty set forth in heading 9903.85.07",
        Print::Sentences,
    ),
    (
        &["section-232/aluminium-derivatives"],
        "(j) The rates of duty set forth in heading 9903.85.07",
        "(k) The rates of duty in heading 9903.85.08",
        Print::Sentences,
    ),
    (
        &["section-232/aluminium-derivatives-content"],
        "(k) The rates of duty in heading 9903.85.08",
        "For any derivative aluminum product that is classified",
        Print::Sentences,
    ),
    (
        &["section-232/passenger-vehicles", "section-232/light-trucks"],
        "(b) The rates of duty set forth in headings 9903.94.01",
        "(c) Heading 9903.94.02 applies",
        Print::Columns,
    ),
    (
        &["section-232/automobile-parts", "section-232/automobile-parts-in-general-provisions"],
        "(g) Subject to a manufacturer's import adjustment",
        "(h) Heading 9903.94.06 applies",
        Print::Columns,
    ),
    (
        &["section-232/heavy-truck-parts", "section-232/heavy-truck-parts-in-general-provisions"],
        "(i) The rates of duty set forth in heading 9903.74.08",
        "(j) Heading 9903.74.09 applies",
        Print::Columns,
    ),
    (
        &["section-232/softwood"],
        "(b) The rates of duty set forth in heading 9903.76.01",
        "(c) Heading 9903.76.02 provides",
        Print::Columns,
    ),
    (
        &["section-232/upholstered-furniture"],
        "(d) The rates of duty set forth in headings 9903.76.02,",
        "(e) Except for as provided by 9903.76.04,",
        Print::Columns,
    ),
    (
        &["section-232/kitchen-cabinets"],
        "(f) Except for as provided by 9903.76.04,",
        "(g) Heading 9903.76.04 applies",
        Print::Columns,
    ),
    (
        &["section-232/heavy-trucks"],
        "(b) The rate of duty set forth in heading 9903.74.01",
        "(c) Heading 9903.74.02 applies",
        Print::Columns,
    ),
    (
        &["section-232/buses"],
        "(c) Heading 9903.74.02 applies",
        "(d) Heading 9903.74.03 applies",
        Print::Columns,
    ),
    (
        &["section-232/semiconductors"],
        "(b) For the purposes of this note, \"semiconductor articles\"",
        "To be included within the definition",
        Print::Columns,
    ),
];

/// Lists of note 16(c) by its numbers.
const METALS: &[(&str, &str)] = &[
    ("section-232/annex-1a-aluminium", "i"),
    ("section-232/annex-1a-aluminium-derivatives", "ii"),
    ("section-232/annex-1a-steel", "iii"),
    ("section-232/annex-1a-steel-derivatives", "iv"),
    ("section-232/annex-1a-copper", "v"),
    ("section-232/annex-1b-aluminium-derivatives", "vi"),
    ("section-232/annex-1b-steel-derivatives", "vii"),
    ("section-232/annex-1b-copper", "viii"),
    ("section-232/annex-3-aluminium-derivatives", "ix"),
    ("section-232/annex-3-steel-derivatives", "x"),
];

/// Note 19(g) names castings and forgings "provided for in subheading 7616.99.51": of its numbers those of castings and of forgings are shipped,
/// as note 16(c)(i) prints them.
const CASTINGS: (&str, [&str; 2]) = ("76169951", ["7616995160", "7616995170"]);

/// Every list that the text prints: our names for it, and its codes as read here.
fn read_again(text: &str) -> Vec<(Vec<&'static str>, Codes)> {
    let text = Text::read(text);
    let mut found: Vec<(Vec<&str>, Codes)> = PRINTED
        .iter()
        .map(|(lists, opening, closing, print)| {
            (lists.to_vec(), codes(text.between(opening, closing), *print))
        })
        .collect();
    let mut metals = lists_of_note_16(&text);
    for (list, number) in METALS {
        found.push((vec![list], metals.remove(*number).unwrap_or_default()));
    }
    assert!(metals.is_empty(), "lists of note 16(c) that nothing of ours carries: {:?}", metals.keys());
    for (lists, codes) in &mut found {
        if lists[0] == "section-232/aluminium" && codes.remove(CASTINGS.0) {
            codes.extend(CASTINGS.1.map(str::to_owned));
        }
    }
    found
}

// ------------------------------------------------------------------------------------------------ what ships

#[derive(serde::Deserialize)]
struct Row {
    code: String,
    #[serde(default)]
    note: Option<String>,
}

#[derive(serde::Deserialize)]
struct ListRow {
    list: String,
    note: String,
    count: usize,
    checked: String,
    source: String,
}

fn rows<T: serde::de::DeserializeOwned>(text: &[u8]) -> Vec<T> {
    csv::Reader::from_reader(text).deserialize().collect::<Result<_, _>>().unwrap()
}

fn shipped_rows(list: &str) -> Vec<Row> {
    let name = format!("products/USA/lists/{list}.csv");
    rows(detente_facts::file(&name).unwrap_or_else(|| panic!("{name} does not ship")))
}

fn shipped(list: &str) -> Codes {
    shipped_rows(list).into_iter().map(|row| row.code.replace('.', "")).collect()
}

fn table_of_lists() -> Vec<ListRow> {
    rows(detente_facts::file("products/USA/lists.csv").expect("a table of lists"))
}

/// What differs between the law's codes and ours.
fn difference(law: &Codes, ours: &Codes) -> Option<String> {
    let missing: Vec<_> = law.difference(ours).collect();
    let added: Vec<_> = ours.difference(law).collect();
    (!missing.is_empty() || !added.is_empty())
        .then(|| format!("in the law and not shipped {missing:?}; shipped and not in the law {added:?}"))
}

fn differences(law: &[(Vec<&str>, Codes)], ours: &dyn Fn(&str) -> Codes) -> Vec<String> {
    law.iter()
        .filter_map(|(lists, codes)| {
            let held: Codes = lists.iter().flat_map(|list| ours(list)).collect();
            difference(codes, &held).map(|found| format!("{}: {found}", lists.join(" + ")))
        })
        .collect()
}

#[test]
fn every_list_is_the_laws() {
    let Some(text) = unpacked("law/chapter99_2026_rev6.txt.gz") else { return };
    let law = read_again(&text);
    assert_eq!(differences(&law, &|list| shipped(list)), Vec::<String>::new());
    // Every list that says it was compared is compared here, and no other.
    let compared: BTreeSet<&str> = law.iter().flat_map(|(lists, _)| lists.iter().copied()).collect();
    let table = table_of_lists();
    let said: BTreeSet<&str> =
        table.iter().filter(|row| row.checked == "text").map(|row| row.list.as_str()).collect();
    assert_eq!(compared, said);
    let total: usize = law.iter().map(|(_, codes)| codes.len()).sum();
    println!("{} lists, {total} codes compared with the text", compared.len());
    assert!(total > 14_000, "{total}");
}

/// The check finds what it is for: a code cut, added or dropped in any list, and a code taken from or put into the text.
#[test]
fn a_code_cut_added_or_dropped_is_found() {
    let Some(text) = unpacked("law/chapter99_2026_rev6.txt.gz") else { return };
    let law = read_again(&text);
    for (lists, codes) in &law {
        let last = lists[lists.len() - 1];
        let mutants: [&dyn Fn(&mut Codes); 3] =
            [&|ours| drop(ours.pop_last()), &|ours| assert!(ours.insert("01012199".to_owned())), &|ours| {
                let whole = ours.pop_last().unwrap();
                ours.insert(whole[..whole.len() - 2].to_owned());
            }];
        assert!(!codes.is_empty(), "{lists:?}");
        for (at, mutate) in mutants.iter().enumerate() {
            let mutant = |list: &str| {
                let mut ours = shipped(list);
                if list == last {
                    mutate(&mut ours);
                }
                ours
            };
            let found = differences(std::slice::from_ref(&(lists.clone(), codes.clone())), &mutant);
            assert_eq!(found.len(), 1, "mutant {at} of {lists:?} lives");
        }
    }
    for (was, is) in [
        ("7216.91.0010", "            "),
        ("8544.42.90", "8544.42.91"),
        ("9032.89.20  9032.89.40", "9032.89.20            "),
        ("8708.29.51    8708.30.1010", "8708.29.51    8708.30    "),
    ] {
        assert!(text.contains(was), "{was}");
        let changed = read_again(&text.replace(was, is));
        assert!(!differences(&changed, &|list| shipped(list)).is_empty(), "{was} may become `{is}`");
    }
}

/// The metals lists a second time, against the annexes to the proclamation: another text of the same law.
#[test]
fn metals_lists_stand_in_the_annexes_too() {
    let Some(text) = unpacked("law/section232_annexes_2026_04.txt.gz") else { return };
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("no {words}"));
    let annexes = [
        ("section-232/annex-1a-", at("Annex I-A:"), at("Annex I-B:")),
        ("section-232/annex-1b-", at("Annex I-B:"), at("Annex II:")),
        ("section-232/annex-3-", at("Annex III:"), at("Annex IV")),
    ];
    for (start, from, to) in annexes {
        // A statistical number that ends in 00 is its line.
        let printed: Codes = text[from..to]
            .split_whitespace()
            .filter_map(code)
            .map(|digits| {
                digits.strip_suffix("00").filter(|_| digits.len() == 10).unwrap_or(&digits).to_owned()
            })
            .collect();
        let ours: Codes = METALS
            .iter()
            .filter(|(list, _)| list.starts_with(start))
            .flat_map(|(list, _)| shipped(list))
            .collect();
        let missing: Vec<_> = ours.difference(&printed).filter(|code| code.len() > 4).collect();
        assert!(missing.is_empty(), "{start}: {missing:?}");
    }
}

/// Lists without a text at hand: as many codes as their source counts.
#[test]
fn lists_without_a_text_have_their_sources_count() {
    for row in table_of_lists() {
        assert_eq!(shipped_rows(&row.list).len(), row.count, "{}", row.list);
        assert!(!row.note.is_empty() && !row.source.is_empty(), "{}", row.list);
        assert!(["text", "count", "none"].contains(&row.checked.as_str()), "{}", row.list);
    }
    let Some(index) = shared("facts-partners/lists/lists_index.csv") else { return };
    let counts: BTreeMap<String, usize> = csv::Reader::from_path(index)
        .unwrap()
        .deserialize::<BTreeMap<String, String>>()
        .map(|row| row.unwrap())
        .map(|row| (row["list"].clone(), row["distinct_codes"].parse().unwrap()))
        .collect();
    let mut held: BTreeMap<String, Codes> = BTreeMap::new();
    for row in table_of_lists().iter().filter(|row| row.checked == "count") {
        let Some(named) = row.source.strip_prefix("facts on all partners, ") else { continue };
        let (source, _) = named.split_once(".csv").unwrap();
        held.entry(source.to_owned()).or_default().extend(shipped(&row.list));
    }
    for (source, codes) in held {
        let file = shared(&format!("facts-partners/lists/{source}.csv")).unwrap();
        let given: Codes = csv::Reader::from_path(file)
            .unwrap()
            .deserialize::<Row>()
            .map(|row| row.unwrap().code.replace('.', ""))
            .collect();
        let added: Vec<_> = codes.difference(&given).collect();
        assert!(added.is_empty(), "{source}: {added:?}");
        // What is left out of a source: chapter 98, what the text prints itself, what another list carries.
        let left_out = given.difference(&codes).filter(|code| !code.starts_with("98")).count();
        let expected = match source.as_str() {
            "ieepa_annex_ii_all_partners" => 1082,
            "s232_metals_annex_1b" => 388,
            "s232_metals_annex_3" => 47,
            "s232_metals_mill_products" => 37,
            _ => 0,
        };
        assert_eq!(left_out, expected, "{source}");
        if expected == 0 {
            assert_eq!(given.len(), counts[&source], "{source}");
        }
    }
}

/// A code that the schedule of its day has not is said where it stands.
#[test]
fn a_code_without_a_line_is_said() {
    let lines: Codes = rows::<Row>(detente_facts::file("products/USA/lines.csv").unwrap())
        .into_iter()
        .map(|row| row.code)
        .collect();
    let below = |code: &str| lines.range(code.to_owned()..).next().is_some_and(|line| line.starts_with(code));
    let mut without = 0;
    for list in table_of_lists() {
        for row in shipped_rows(&list.list) {
            let code = row.code.replace('.', "");
            if !below(&code) {
                without += 1;
                let note = row.note.unwrap_or_default();
                assert!(note.contains("not in the schedule"), "{} {code}: `{note}`", list.list);
            }
        }
    }
    assert!((1..40).contains(&without), "{without}");
}
