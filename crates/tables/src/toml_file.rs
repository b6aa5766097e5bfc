//! TOML files whose refusals name the line, the key and the nearest key that exists.

use serde::de::DeserializeOwned;

use crate::diagnostics::{Finding, Place, Problem};
use crate::nearest::suggestion;

/// Reads a TOML text into `T`; `label` is the file's path, for messages.
///
/// A file without a single key is refused, with the keys that its kind knows: it is more often a slip than a wish for nothing.
///
/// ```
/// #[derive(serde::Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct Typed {
///     rate: f64,
/// }
///
/// let typed: Typed = detente_tables::toml_file::parse("own.toml", "rate = 0.25")?;
/// assert_eq!(typed.rate, 0.25);
/// let wrong = detente_tables::toml_file::parse::<Typed>("own.toml", "rte = 0.25").err();
/// assert!(wrong.is_some_and(|problem| problem.to_string().contains("own.toml")), "file and line are named");
/// # Ok::<(), detente_tables::diagnostics::Problem>(())
/// ```
pub fn parse<T: DeserializeOwned>(label: &str, text: &str) -> Result<T, Problem> {
    if text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#')) {
        return Err(Problem::whole(label, Finding::Empty { right: keys_wanted::<T>() }));
    }
    toml::from_str(text).map_err(|error| refusal(label, text, &error))
}

/// Which keys a file of a kind may have: what is said of one that it does not.
fn keys_wanted<T: DeserializeOwned>() -> String {
    /// Keys that are named; a reader who needs more has the reference.
    const NAMED: usize = 8;
    let refused = toml::from_str::<T>("\"\" = 0").err().map(|error| error.message().to_owned());
    let wanted = refused.as_deref().and_then(|message| message.split_once("expected ")).map(|(_, rest)| rest);
    let keys: Vec<&str> = wanted.map_or(Vec::new(), |wanted| wanted.split('`').skip(1).step_by(2).collect());
    let named = keys.iter().take(NAMED).map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    match keys.len() {
        0 => "it needs at least one key".to_owned(),
        several if several > NAMED => {
            format!("it needs at least one key: {named} and {} more are known", several - NAMED)
        }
        _ => format!("it needs at least one key: {named}"),
    }
}

/// The line on which the byte at `offset` stands, counted from one.
///
/// ```
/// assert_eq!(detente_tables::toml_file::line_of("a = 1\nb = 2\n", 6), 2);
/// ```
pub fn line_of(text: &str, offset: usize) -> u64 {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() as u64 + 1
}

/// The line on which a key stands, dots between its parts and numbers counting the entries of a list; of the nearest part above it where it does not stand.
///
/// ```
/// let text = "name = \"x\"\n[[input]]\na = 1\n[[input]]\na = 2\n";
/// assert_eq!(detente_tables::toml_file::line_of_key(text, "input.1.a"), 5);
/// assert_eq!(detente_tables::toml_file::line_of_key(text, "input.1.b"), 4);
/// ```
pub fn line_of_key(text: &str, key: &str) -> u64 {
    let Ok(table) = toml::de::DeTable::parse(text) else { return 1 };
    let mut found = table.span().start;
    let whole = toml::de::DeValue::Table(table.into_inner());
    let mut here = &whole;
    for part in key.split('.') {
        let next = match here {
            toml::de::DeValue::Table(held) => {
                let entry = held.iter().find(|(name, _)| name.as_ref() == part);
                entry.map(|(name, value)| (name.span().start, value.as_ref()))
            }
            toml::de::DeValue::Array(held) => {
                let entry = part.parse::<usize>().ok().and_then(|at| held.get(at));
                entry.map(|value| (value.span().start, value.as_ref()))
            }
            _ => None,
        };
        let Some((start, below)) = next else { break };
        (found, here) = (start, below);
    }
    line_of(text, found)
}

fn refusal(label: &str, text: &str, error: &toml::de::Error) -> Problem {
    let line = error.span().map(|span| line_of(text, span.start));
    let message = error.message();
    // Serde lists the keys that exist between back-quotes: `unknown field `x`, expected one of `a`, `b``.
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let mut quoted = rest.split('`').step_by(2);
        let key = quoted.next().unwrap_or_default().to_string();
        let known: Vec<&str> = quoted.filter(|word| !word.is_empty()).collect();
        let finding = Finding::UnknownKey { suggestion: suggestion(&key, known) };
        return Problem::key(label, key, line.unwrap_or(1), finding);
    }
    if let Some(rest) = message.strip_prefix("missing field `") {
        let key = rest.trim_end_matches('`').to_string();
        let reason = "is missing and has no default".to_string();
        return Problem::key(label, key, line.unwrap_or(1), Finding::Combination { reason });
    }
    let reason = in_words(message.trim()).unwrap_or_else(|| match message.trim() {
        "duplicate key" => "this key or table stands here a second time; each may stand once (a list of tables has double brackets)".into(),
        other if other.starts_with("data did not match any variant of untagged enum") => {
            "a value of the wrong kind stands here; the page of this file says which is right".into()
        }
        other => other.replace('\n', "; "),
    });
    Problem::at(label.to_string(), line.map_or(Place::Whole, Place::Line), Finding::Syntax { reason })
}

/// A value of the wrong kind, said without the names of Rust's types.
fn in_words(message: &str) -> Option<String> {
    let (found, expected) = message.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let right = match expected {
        "f64" => "a number (without quotes)",
        "bool" => "true or false (without quotes)",
        "a string" | "string" => "text in quotes",
        "i32" | "i64" | "u32" | "u64" | "usize" => "a whole number (without quotes)",
        "a sequence" => "a list (of tables: double brackets, `[[name]]`)",
        "a map" => "a table of keys",
        other => other,
    };
    let found = match found {
        "map" => "a table",
        "sequence" => "a list",
        other => other,
    };
    Some(format!("{found} stands where {right} is needed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[allow(dead_code)]
        name: String,
        #[allow(dead_code)]
        year: Option<i32>,
    }

    #[test]
    fn a_misspelt_key_is_refused_with_its_line_and_the_nearest_key() {
        let refused = parse::<Sample>("a.toml", "name = \"x\"\n\nyaer = 1\n").expect_err("refused");
        assert_eq!(refused.to_string(), "a.toml:3: `yaer`: unknown key; did you mean `year`?");
        let refused = parse::<Sample>("a.toml", "year = 1\n").expect_err("refused");
        assert!(refused.to_string().contains("`name`: is missing"), "{refused}");
    }

    #[test]
    fn what_is_empty_or_of_the_wrong_kind_is_refused_in_words() {
        let refused = parse::<Sample>("a.toml", "# nothing\n").expect_err("refused");
        assert!(refused.to_string().starts_with("a.toml: is empty; "), "{refused}");
        let refused = parse::<Sample>("a.toml", "name = \"x\"\nyear = \"one\"\n").expect_err("refused");
        let expected = "a.toml:2: string \"one\" stands where a whole number (without quotes) is needed";
        assert_eq!(refused.to_string(), expected);
    }

    /// What the parser says of itself is no answer to whoever typed a file.
    #[test]
    fn no_word_of_the_parsers_own_reaches_the_reader() {
        #[derive(Debug, serde::Deserialize)]
        struct Listed {
            #[allow(dead_code)]
            tariff: Vec<toml::Table>,
        }
        let refused = parse::<Listed>("a.toml", "[tariff]\nadd = 1\n").expect_err("refused").to_string();
        assert_eq!(
            refused,
            "a.toml:1: a table stands where a list (of tables: double brackets, `[[name]]`) is needed"
        );
        let refused =
            parse::<Listed>("a.toml", "[[tariff]]\nadd = 1\nadd = 2\n").expect_err("refused").to_string();
        assert!(refused.contains("a.toml:3") && refused.contains("a second time"), "{refused}");
    }
}
