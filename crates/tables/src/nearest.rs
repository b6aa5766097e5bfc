//! The names nearest to a misspelt one, so that a refusal can say what would be right.

/// Longer words are no slip of a name: comparing them would cost the product of their lengths.
const LONGEST: usize = 128;

/// Up to three of `candidates` that look like `found`, best first.
///
/// ```
/// let near = detente_tables::nearest::nearest("CNH", ["USA", "CHN", "MEX"]);
/// assert_eq!(near.first().map(String::as_str), Some("CHN"));
/// ```
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    if found.len() > LONGEST {
        return Vec::new();
    }
    let lower = found.to_lowercase();
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (likeness(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(score, _)| *score >= 0.55)
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0));
    scored.dedup_by(|left, right| left.1 == right.1);
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    // Far worse than the best is noise, not a suggestion.
    scored
        .iter()
        .take_while(|(score, _)| *score >= best - 0.25)
        .take(3)
        .map(|(_, name)| (*name).to_string())
        .collect()
}

/// Swapped neighbours count as one slip; a common beginning counts for more in long names.
fn likeness(found: &str, candidate: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(found, candidate).max(strsim::jaro_winkler(found, candidate) - 0.1)
}

/// The sentence "did you mean …?" for a message; falls back on the whole list where it is short.
///
/// ```
/// use detente_tables::nearest::suggestion;
///
/// assert_eq!(suggestion("sectr", ["sector", "name"]), "did you mean `sector`?");
/// assert_eq!(suggestion("zzz", ["USA", "CHN"]), "known are `USA`, `CHN`");
/// ```
pub fn suggestion<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<&str> = candidates.into_iter().collect();
    let near = nearest(found, all.iter().copied());
    match near.as_slice() {
        [] if all.is_empty() => "none is known".to_string(),
        [] if all.len() <= 12 => format!("known are {}", list(&all)),
        [] => format!("known are {} and {} more", list(&all[..8]), all.len() - 8),
        [one] => format!("did you mean `{one}`?"),
        several => format!(
            "did you mean {}?",
            several.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
        ),
    }
}

/// A name as a message shows it: its beginning where it is very long.
pub fn shown(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({} bytes)", &name[..end], name.len()),
        None => name.to_owned(),
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{}`", shown(name))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_noise_finds_none() {
        assert_eq!(nearest("vehicels", ["vehicles", "textiles"]), ["vehicles"]);
        assert!(nearest("zzz", ["USA", "CHN"]).is_empty());
        assert_eq!(suggestion("zzz", ["USA", "CHN"]), "known are `USA`, `CHN`");
        assert_eq!(suggestion("sector_", ["sector", "name"]), "did you mean `sector`?");
        // A word of a million letters costs nothing and is shown by its beginning.
        let long = "x".repeat(1_000_000);
        assert_eq!(suggestion(&long, ["sector"]), "known are `sector`");
        assert!(suggestion("zzz", [long.as_str()]).len() < 200);
    }
}
