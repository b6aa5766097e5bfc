//! Text as wide as the terminal.

use detente_report::width;

/// Text broken at spaces so that no line is wider than the terminal; what is carried over is indented.
pub fn wrap(text: &str) -> String {
    let broken: Vec<String> = text.split('\n').map(wrap_line).collect();
    broken.join("\n")
}

fn wrap_line(line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    let mut out = " ".repeat(indent);
    let mut width = indent;
    for (at, word) in line.split_whitespace().enumerate() {
        let length = word.chars().count();
        if at > 0 && width + 1 + length > width::columns() {
            out += "\n    ";
            width = 4;
        } else if at > 0 {
            out.push(' ');
            width += 1;
        }
        out += word;
        width += length;
    }
    out
}
