//! Words of the desk beside its sentences: labels, buttons, headings, what the script says. One catalogue a language; a second one stands beside
//! this after a review by somebody whose language it is, with the sentences of `detente::words` in the same language.

use serde_json::{Map, Value};

/// The words of a language by their keys; `{0}`, `{1}` are places for what differs.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue {
    /// Code of the language, as pages declare it.
    pub lang: &'static str,
    words: &'static [(&'static str, &'static str)],
}

/// English.
pub const ENGLISH: Catalogue = Catalogue { lang: "en", words: &WORDS };

/// A text with its places filled.
pub fn filled(text: &str, values: &[&str]) -> String {
    values
        .iter()
        .enumerate()
        .fold(text.to_owned(), |text, (k, value)| text.replace(&format!("{{{k}}}"), value))
}

impl Catalogue {
    /// A catalogue of a language; a test of it asks [`keys`](Self::keys) of both.
    pub const fn new(lang: &'static str, words: &'static [(&'static str, &'static str)]) -> Self {
        Self { lang, words }
    }

    /// All keys, in their order.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.words.iter().map(|(key, _)| *key)
    }

    /// A word by its key; a key that is none is shown as it is, and a test finds it.
    pub fn say<'a>(&self, key: &'a str) -> &'a str {
        self.words.iter().find(|(held, _)| *held == key).map_or(key, |(_, word)| word)
    }

    /// All of them.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.words.iter().map(|(_, word)| *word)
    }

    /// What the page's script says, as it reads it.
    pub fn of_the_script(&self) -> String {
        let said = SCRIPT.iter().map(|key| ((*key).to_owned(), Value::String(self.say(key).to_owned())));
        Value::Object(said.collect::<Map<String, Value>>()).to_string()
    }
}

/// Keys of what the script says.
const SCRIPT: [&str; 18] = [
    "busy",
    "no_answer",
    "two_economies",
    "copied",
    "marked",
    "computing",
    "looking",
    "pinned",
    "now",
    "unpin",
    "pin",
    "not_known",
    "of_income",
    "differs",
    "pair",
    "one_point_less",
    "one_point_more",
    "points_word",
];

const WORDS: [(&str, &str); 80] = [
    ("title_on", "{0} on {1}"),
    ("to_the_answer", "To the answer"),
    ("what_it_would_do", "What it would do"),
    ("scenario_file", "Scenario file"),
    ("all_numbers", "All numbers"),
    ("as_one_page", "This as one page"),
    ("state_of_the_desk", "State of the desk"),
    ("talks_label", "Talks"),
    ("day_label", "Day"),
    ("known_on", "Known on"),
    ("if_nobody_signs", "If nobody signs"),
    ("by_statute", "By statute"),
    ("others_of_the_day", "Duties on others of the day"),
    ("answer_button", "Answer"),
    ("undo", "Undo"),
    ("redo", "Redo"),
    ("reset", "Reset"),
    ("pin", "Pin"),
    ("copy_link", "Copy link"),
    ("dark_or_light", "Dark or light"),
    ("print", "Print"),
    ("levers_heading", "Levers: points added to what is in force"),
    ("duty_on_a_line", "The duty on a line"),
    ("product_code", "Product code"),
    ("from", "From"),
    ("into", "Into"),
    ("show_the_duty", "Show the duty"),
    ("link_label", "Link"),
    ("keys_label", "Keys"),
    ("part_deal", "Where a deal can lie"),
    ("part_record", "The record and its sources"),
    ("key_day_before", "the last day before on which something changed"),
    ("key_day_after", "the next such day"),
    ("key_lapse", "if nobody signs, or today"),
    ("key_undo", "undo"),
    ("key_redo", "redo"),
    ("key_pin", "pin or unpin the answer, to compare"),
    ("key_reset", "all levers back"),
    ("key_line", "the duty on a line"),
    ("key_keys", "these keys"),
    ("as_a_page", "as a page of its own"),
    ("more_of_the_day", "More of the day: what needs an act, what is in force, what is not counted"),
    ("to_the_desk", "To the desk"),
    ("older_link", "This link was made with {0}; this is {1}. Numbers may differ."),
    ("any_other_pair", "Any other pair"),
    ("who_charges", "Who charges"),
    ("on_goods_from", "on goods from"),
    ("what_label", "what"),
    ("add_a_lever", "Add a lever"),
    ("show_the_pair", "Show its measures"),
    ("part_pair", "The duties of a pair"),
    (
        "pair_note",
        "By statute on the day. These duties stand before and after, in the place of the benchmark's own; what is moved is compared with them.",
    ),
    ("whose_duties", "{0} duties on {1} goods"),
    ("of_another_pair", "of another pair"),
    ("kind_all", "everything"),
    ("kind_agriculture", "farm goods"),
    ("kind_mining", "fuels and ores"),
    ("kind_manufacturing", "manufactures"),
    ("kind_services", "services"),
    ("by_sector", "by sector"),
    ("adds_points", "adds {0} points"),
    ("percent_by_statute", "{0} % by statute"),
    ("take_off", "take off"),
    ("points_word", "points"),
    ("one_point_less", "one point less"),
    ("one_point_more", "one point more"),
    ("busy", "Busy: the numbers shown are those of the last answer; asking again."),
    ("no_answer", "No answer: {0}"),
    ("two_economies", "Choose two different economies."),
    ("copied", "Copied: {0}"),
    ("marked", "Marked below for copying: {0}"),
    ("computing", "Computing: some seconds."),
    ("looking", "Looking it up."),
    ("pinned", "Pinned"),
    ("now", "Now"),
    ("unpin", "Unpin"),
    ("not_known", "not known"),
    ("of_income", "{0} % of income"),
    ("differs", "From the pinned state to this one, income differs most for {0}."),
    ("pair", "{0} on {1}: {2}"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_word_and_stands_once() {
        for (k, (key, word)) in WORDS.iter().enumerate() {
            assert!(!word.is_empty() && WORDS.iter().skip(k + 1).all(|(other, _)| other != key), "{key}");
        }
        for key in SCRIPT {
            assert!(WORDS.iter().any(|(held, _)| *held == key), "{key}");
        }
        for source in [include_str!("page.rs"), include_str!("levers.rs")] {
            for key in source.split(".say(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(WORDS.iter().any(|(held, _)| *held == key), "{key} has no word");
            }
        }
        assert_eq!(filled("{0} of {1}", &["a", "b"]), "a of b");
    }
}
