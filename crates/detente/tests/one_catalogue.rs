//! An outcome is named once: its column, label, unit and tag are literals of the catalogue and of no other file. The Rust is read with a
//! parser; tests and documentation may name what they like.

use std::fs;
use std::path::{Path, PathBuf};

use detente_engine::catalogue::{OutcomeEntry, Unit, dials, lists};
use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// Literals that mean something else than the outcome of the same name, by file and with the reason.
const OTHER_MEANINGS: &[(&str, &[&str], &str)] = &[
    ("crates/detente/src/results/gradient.rs", &["deficit"], "an instrument"),
    ("crates/detente/src/scenario/", &["deficit", "rate"], "keys of a scenario"),
    ("crates/detente/src/rebalance/", &["rate"], "a key of a lever"),
    ("crates/data/src/", &["deficit", "rate"], "columns of a benchmark directory, which are inputs"),
    (
        "crates/report/src/benchmark.rs",
        &["deficit", "imports", "exports", "tariff", "value added"],
        "a description of the data",
    ),
    (
        "crates/report/src/strategy/found_json.rs",
        &["income"],
        "money of a week of lapse: a key that programs read",
    ),
    ("crates/ledger/src/", &["rate", "price", "output", "exports", "imports"], "words of the record"),
    ("crates/cli/src/verbs/data.rs", &["rate"], "a column of a benchmark directory"),
    ("crates/engine/src/first_year/", &["rate"], "a duty in the question, named in its errors"),
    ("crates/report/src/reach.rs", &["income"], "the name of a picture"),
    ("crates/report/src/desk/page.rs", &["income"], "the name of a picture"),
    ("crates/report/src/strategy/policy_words.rs", &["goods"], "which measures an instrument covers"),
    (
        "crates/report/src/strategy/answer.rs",
        &["objective"],
        "what a side maximizes: its name, not its value",
    ),
    ("crates/python/src/solution.rs", &["deficit"], "an instrument of the gradient"),
    ("crates/cli/src/verbs/sectors.rs", &["rate"], "a duty of the record"),
    ("crates/cli/src/verbs/status.rs", &["rate"], "a duty of the record"),
    ("crates/cli/src/verbs/ledger/reconcile.rs", &["imports"], "trade that weights the record's duties"),
];

/// Files that are the catalogue.
const CATALOGUE: &str = "crates/engine/src/catalogue/";

/// Folders whose numbers are those of games, which are no outcomes of an economy: they have tags of their own.
const GAMES: [&str; 2] = ["crates/detente/src/strategy/", "crates/report/src/strategy/"];

/// What production code says: string literals, and the variants of `Tag` that it names.
#[derive(Default)]
struct Said {
    literals: Vec<String>,
    tags: Vec<String>,
}

impl Said {
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        self.literals.push(text.value());
                    }
                }
                _ => {}
            }
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test")))
    })
}

impl<'a> Visit<'a> for Said {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }
    // Documentation is an attribute.
    fn visit_attribute(&mut self, _: &'a syn::Attribute) {}
    fn visit_lit_str(&mut self, literal: &'a syn::LitStr) {
        self.literals.push(literal.value());
    }
    fn visit_macro(&mut self, called: &'a syn::Macro) {
        self.tokens(called.tokens.clone());
    }
    fn visit_expr_path(&mut self, path: &'a syn::ExprPath) {
        let words: Vec<String> = path.path.segments.iter().map(|part| part.ident.to_string()).collect();
        if let [.., kind, variant] = words.as_slice()
            && kind == "Tag"
            && ["Assumed", "Accounting", "Model"].contains(&variant.as_str())
        {
            self.tags.push(variant.clone());
        }
        visit::visit_expr_path(self, path);
    }
}

fn said(text: &str) -> Said {
    let mut said = Said::default();
    said.visit_file(&syn::parse_file(text).expect("Rust"));
    said
}

/// What of a file's literals and tags belongs into the catalogue.
fn strays(file: &str, text: &str) -> Vec<String> {
    let said = said(text);
    let mut found: Vec<String> = said
        .literals
        .iter()
        .filter(|literal| names_an_outcome(literal, file) && !is_excused(file, literal))
        .map(|literal| format!("{file}: \"{literal}\""))
        .collect();
    if !GAMES.iter().any(|folder| file.starts_with(folder)) {
        // Comparing with a tag is reading one; the only comparison marks what is assumed.
        found.extend(
            said.tags.iter().filter(|tag| *tag != "Assumed").map(|tag| format!("{file}: Tag::{tag}")),
        );
    }
    found
}

fn is_excused(file: &str, literal: &str) -> bool {
    OTHER_MEANINGS.iter().any(|(place, words, _)| file.starts_with(place) && words.contains(&literal))
}

/// Whether a literal is the name or an older key of an outcome, alone or in a row of names; or, where readers are spoken to, its label.
fn names_an_outcome(literal: &str, file: &str) -> bool {
    // Dials have words of the field for names (`government`, `investment`, `before`), which data, records and screens use in their own meanings; code asks
    // for them by the type `Dial`, so that their names need no second place.
    let is_of_dials = |entry: &OutcomeEntry| {
        let names_of = |list: &[&'static OutcomeEntry]| list.iter().any(|held| std::ptr::eq(*held, entry));
        names_of(lists::DIALS) || std::ptr::eq(&dials::BEFORE, entry) || std::ptr::eq(&dials::AFTER, entry)
    };
    let entries =
        || lists::ALL.iter().flat_map(|group| group.entries).filter(move |entry| !is_of_dials(entry));
    let for_readers = file.starts_with("crates/report/") || file.starts_with("crates/cli/");
    let is_name = |word: &str| {
        entries().any(|entry| entry.id == word || entry.aliases.iter().any(|(_, key)| *key == word))
    };
    let is_label = entries().any(|entry| {
        let with_unit = format!("{}, {}", entry.label, entry.unit.words(None));
        literal == entry.label || literal == entry.short || literal == with_unit
    });
    let in_a_row =
        literal.contains(',') && literal.split(',').any(|word| word.contains('_') && is_name(word));
    let carries = entries().any(|entry| {
        matches!(entry.unit, Unit::Percent | Unit::Points)
            && literal.split_whitespace().count() == 1
            && literal.ends_with(&format!("_{}", entry.id))
    });
    is_name(literal) || in_a_row || carries || (for_readers && is_label)
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn outcomes_are_named_in_the_catalogue_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository");
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join("crates")).expect("the crates") {
        let sources = entry.expect("an entry can be read").path().join("src");
        // The test kit draws worlds and reads published tables: it is never shipped.
        if sources.is_dir() && !sources.ends_with("testkit/src") {
            rust_files(&sources, &mut files);
        }
    }
    assert!(files.len() > 300, "{} files", files.len());
    let mut found = Vec::new();
    for path in files {
        let file = path.strip_prefix(&root).expect("below the repository").display().to_string();
        if file.starts_with(CATALOGUE) {
            continue;
        }
        found.extend(strays(&file, &fs::read_to_string(&path).expect("text")));
    }
    assert!(found.is_empty(), "named outside the catalogue:\n{}", found.join("\n"));
}

#[test]
fn the_reader_finds_what_it_looks_for() {
    let at = |text: &str| strays("crates/report/src/x.rs", text).len();
    assert_eq!(at("const A: &str = \"welfare_pct\";"), 1);
    assert_eq!(at("fn f() { g(json!({ \"income_pct\": 1 })) }"), 1, "in a macro");
    assert_eq!(at("const A: &str = \"economy,real_wage_pct\\n\";"), 0, "not a whole name");
    assert_eq!(at("const A: &str = \"economy,real_wage_pct,sector\";"), 1, "in a row of names");
    assert_eq!(at("const A: &str = \"lowest_welfare_pct\";"), 1);
    assert_eq!(at("const A: [&str; 2] = [\"wages\", \"economy\"];"), 1, "a label");
    assert_eq!(at("const A: &str = \"prices rise, wages fall\";"), 0, "a sentence");
    assert_eq!(at("const A: Tag = Tag::Model;"), 1);
    assert_eq!(
        at("/// `welfare_pct`\nfn f() {}\n#[cfg(test)]\nmod tests { const A: &str = \"welfare_pct\"; }"),
        0
    );
    assert_eq!(strays("crates/detente/src/results/gradient.rs", "const A: &str = \"deficit\";").len(), 0);
}
