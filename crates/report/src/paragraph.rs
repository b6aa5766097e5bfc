//! Sentences on a terminal: wrapped to its width and never cut.

/// Sentences as one paragraph that begins with `label`; later lines stand `indent` columns in. A number keeps its percent sign.
///
/// ```
/// let lines = detente_report::paragraph::lines("1 DUTY  ", &["It is 5 % today.".to_owned()], 2, 14);
/// assert_eq!(lines, ["1 DUTY  It is", "  5 % today."]);
/// ```
pub fn lines(label: &str, sentences: &[String], indent: usize, width: usize) -> Vec<String> {
    let text = sentences.join(" ").replace(" %", "\u{a0}%");
    let mut lines = Vec::new();
    let mut line = label.to_owned();
    let mut is_first_word = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let gap = usize::from(!is_first_word);
        if !is_first_word && columns(&line) + gap + columns(word) > width {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            is_first_word = true;
        }
        if !is_first_word {
            line.push(' ');
        }
        line.push_str(word);
        is_first_word = false;
    }
    lines.push(line);
    lines.iter().map(|line| line.replace('\u{a0}', " ").trim_end().to_owned()).collect()
}

/// Columns that a text takes.
pub fn columns(text: &str) -> usize {
    text.chars().count()
}
