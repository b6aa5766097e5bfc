//! A second language is a second catalogue: in a language of nobody's no label of the page stays English.

use detente::World;
use detente::desk::state::DeskState;
use detente_report::desk::words::{Catalogue, ENGLISH};
use detente_report::desk::{answer, levers, page};
use detente_server::asset;

use crate::kit::DAY;

/// The words of a language that has every letter of English changed and everything else as it was.
fn nobodys() -> Catalogue {
    let changed = |word: &str| {
        let mut inside = false;
        let letters = word.chars().map(|letter| {
            inside = (inside || letter == '{') && letter != '}';
            if letter.is_ascii_alphabetic() && !inside { 'ж' } else { letter }
        });
        format!("⟦{}⟧", letters.collect::<String>())
    };
    let words = ENGLISH.keys().map(|key| (key, &*Box::leak(changed(ENGLISH.say(key)).into_boxed_str())));
    Catalogue::new("zz", Box::leak(words.collect::<Vec<_>>().into_boxed_slice()))
}

/// The text without what stands between two marks, whichever times they stand.
fn without(text: &str, from: &str, to: &str) -> String {
    let mut found = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(from) {
        found.push_str(before);
        found.push(' ');
        rest = after.split_once(to).map_or("", |(_, after)| after);
    }
    found + rest
}

/// What a reader sees or hears of a page: texts between tags, and labels in them.
fn texts(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in html.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        found.push(text.to_owned());
        for name in ["aria-label=\"", "title=\"", "alt=\"", "placeholder=\""] {
            let value = tag.split_once(name).and_then(|(_, rest)| rest.split('"').next());
            found.extend(value.map(str::to_owned));
        }
    }
    found
}

#[test]
fn in_another_language_no_label_stays_english() {
    let world = World::embedded().expect("a world");
    let today = "2026-01-01".parse().expect("a day");
    let query = format!("{DAY}&others=day&x=USA.VNM.all+5,USA.BRA.AGR-1");
    let state = DeskState::from_query(&query, "us-china", today).expect("a state");
    let day = answer::day(&world, &world.directory().digest(), &state).expect("a day");
    let found = answer::answer(&world, &day, &state, None).expect("an answer");
    let words = nobodys();
    let look = page::Assets { words, ..asset::addresses() };
    let ledger = world.record().expect("a record").ledger();
    let title = ledger.talks("us-china").expect("talks").title;
    let talks = [("us-china".to_owned(), title.clone())];
    let whole =
        page::html(&world, &day, &state, &found, &talks, &look, Some("0.0.1~2020-01-01~0")).expect("a page");
    assert!(whole.contains("<html lang=\"zz\">"));
    let pair = levers::pair(&world, &state, ["USA", "VNM"], words).expect("a pair");
    let part = page::part(words.say("part_record"), &day, &state, &[], "", &look);
    // Sentences and pictures are functions of a language, names are the record's and the benchmark's: neither is a label.
    let mut labels = whole;
    for (from, to) in [
        ("<head>", "</head>"),
        ("<div id=\"day\">", "<h2>"),
        ("<div id=\"sentences\"", "</div>"),
        ("<div class=\"grid\">", "<section id=\"more\">"),
        ("<ul>", "</ul>"),
        ("<p id=\"made-by\">", "</p>"),
        ("<a href=\"/desk?", "</a>"),
        ("<datalist", "</datalist>"),
    ] {
        let shorter = without(&labels, from, to);
        assert!(shorter.len() < labels.len() || from == "<ul>", "{from} is on the page");
        labels = shorter;
    }
    let labels =
        labels + &pair + &without(&without(&part, "<head>", "</head>"), "<p id=\"made-by\">", "</p>");
    let benchmark = &world.directory().benchmark;
    let mut names: Vec<String> = vec![title];
    names.extend(benchmark.economies.iter().map(|held| held.name.clone()));
    names.extend(benchmark.sectors.iter().map(|held| held.name.clone()));
    names.extend(ledger.instruments.iter().flat_map(|held| [held.title.clone(), held.authority.clone()]));
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let escaped = |name: &String| name.replace('&', "&amp;").replace('\'', "&#39;");
    let names: Vec<String> = names.iter().map(escaped).collect();
    let mut seen = 0;
    for text in texts(&labels) {
        seen += text.matches('⟦').count();
        let mut bare = without(&text, "⟦", "⟧").replace("⟧", " ");
        for name in &names {
            bare = bare.replace(name.as_str(), " ");
        }
        let is_english = bare.split(|letter: char| !letter.is_ascii_alphabetic()).any(|word| word.len() > 2);
        assert!(!is_english, "{text:?} is of no catalogue: {bare:?}");
    }
    assert!(seen > 300, "labels of the language: {seen}");
}
