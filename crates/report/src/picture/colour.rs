//! Every colour of pages and pictures, one meaning each, for light and for dark paper.
//!
//! Colour is never alone: a shape, a dash, a hatching or a label stands beside it. A drawing names a colour as
//! `var(--first,#0072B2)`: the page's style sheet gives the value for its scheme, and a picture saved by itself falls back on the light one.

/// A colour by what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Words.
    Text,
    /// Words of lesser weight, axes.
    Soft,
    /// Rules and grids.
    Rule,
    /// What everything is drawn on.
    Paper,
    /// A surface beside the paper: controls, code.
    Tint,
    /// The side that the talks' file names first.
    First,
    /// The side that it names second.
    Second,
    /// Everybody else.
    Others,
    /// A gain.
    Gain,
    /// A loss.
    Loss,
    /// Law and deadlines.
    Law,
    /// What was agreed.
    Agreed,
    /// What rests on weak data.
    Weak,
    /// An authority by its place; the tones repeat after eight, hatched.
    Authority(usize),
}

/// Name in the style sheet, on light paper, on dark paper.
type Tone = (&'static str, &'static str, &'static str);

const TONES: [(Ink, Tone); 13] = [
    (Ink::Text, ("text", "#1B1F24", "#E8EAED")),
    (Ink::Soft, ("soft", "#565D66", "#A9B0B9")),
    (Ink::Rule, ("rule", "#D5D9DE", "#3A4048")),
    (Ink::Paper, ("paper", "#FFFFFF", "#15181C")),
    (Ink::Tint, ("tint", "#F3F5F8", "#1F242A")),
    (Ink::First, ("first", "#0072B2", "#56B4E9")),
    (Ink::Second, ("second", "#BB4B00", "#F0924C")),
    (Ink::Others, ("others", "#5F6670", "#A3ABB5")),
    (Ink::Gain, ("gain", "#1B7837", "#7FBF7B")),
    (Ink::Loss, ("loss", "#762A83", "#C2A5CF")),
    (Ink::Law, ("law", "#B2182B", "#FF8A80")),
    (Ink::Agreed, ("agreed", "#007A5E", "#4CC9A6")),
    (Ink::Weak, ("weak", "#8A9199", "#7C848D")),
];

/// Tones that stay apart for colour-blind readers (Okabe & Ito 2008).
const AUTHORITIES: [Tone; 8] = [
    ("authority-1", "#0072B2", "#3E9BD6"),
    ("authority-2", "#E69F00", "#E69F00"),
    ("authority-3", "#56B4E9", "#9AD4F5"),
    ("authority-4", "#009E73", "#2BBE93"),
    ("authority-5", "#D55E00", "#E8763B"),
    ("authority-6", "#F0E442", "#F0E442"),
    ("authority-7", "#CC79A7", "#D995BA"),
    ("authority-8", "#4B5058", "#C8CDD3"),
];

/// How many tones of authorities there are before they repeat.
pub const AUTHORITY_TONES: usize = AUTHORITIES.len();

impl Ink {
    fn tone(self) -> Tone {
        if let Ink::Authority(place) = self {
            return AUTHORITIES[place % AUTHORITIES.len()];
        }
        TONES.iter().find(|(ink, _)| *ink == self).map_or(TONES[0].1, |(_, tone)| *tone)
    }

    /// The value of an attribute.
    pub fn value(self) -> String {
        let (name, light, _) = self.tone();
        format!("var(--{name},{light})")
    }

    /// A side by its place in the talks' file.
    pub fn side(place: usize) -> Self {
        match place {
            0 => Ink::First,
            1 => Ink::Second,
            _ => Ink::Others,
        }
    }

    /// Gain or loss.
    pub fn of_change(change: f64) -> Self {
        if change < 0.0 { Ink::Loss } else { Ink::Gain }
    }
}

fn custom_properties(of: impl Fn(Tone) -> &'static str) -> String {
    let all = TONES.iter().map(|(_, tone)| *tone).chain(AUTHORITIES);
    all.map(|tone| format!("--{}:{};", tone.0, of(tone))).collect()
}

/// The custom properties of both schemes: the system's, and the reader's own choice over it; print is always light.
pub fn style_sheet() -> String {
    let (light, dark) = (custom_properties(|tone| tone.1), custom_properties(|tone| tone.2));
    format!(
        ":root{{color-scheme:light;{light}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root:not([data-scheme=light]){{color-scheme:dark;{dark}}}}}\n\
         @media screen{{:root[data-scheme=dark]{{color-scheme:dark;{dark}}}}}\n"
    )
}

/// A drawing that stands by itself: every colour by its light value.
pub fn in_light(drawing: &str) -> String {
    let mut text = String::with_capacity(drawing.len());
    let mut rest = drawing;
    while let Some(at) = rest.find("var(--") {
        text.push_str(&rest[..at]);
        let named = &rest[at..];
        let (Some(comma), Some(end)) = (named.find(','), named.find(')')) else { break };
        text.push_str(&named[comma + 1..end]);
        rest = &named[end + 1..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(hex: &str) -> f64 {
        let part = |at: usize| {
            let value = u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour") as f64 / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn words_and_marks_stand_out_on_both_papers() {
        let paper = Ink::Paper.tone();
        let tint = Ink::Tint.tone();
        let words = [Ink::Text, Ink::Soft, Ink::First, Ink::Second, Ink::Others];
        let more = [Ink::Gain, Ink::Loss, Ink::Law, Ink::Agreed];
        for ink in words.into_iter().chain(more) {
            let (name, light, dark) = ink.tone();
            for (tone, papers) in [(light, [paper.1, tint.1]), (dark, [paper.2, tint.2])] {
                for under in papers {
                    assert!(
                        contrast(tone, under) >= 4.5,
                        "{name} {tone} on {under}: {}",
                        contrast(tone, under)
                    );
                }
            }
        }
        assert!(contrast(Ink::Weak.tone().1, paper.1) >= 3.0);
        assert!(contrast(Ink::Weak.tone().2, paper.2) >= 3.0);
    }

    #[test]
    fn a_drawing_by_itself_has_no_custom_property_left() {
        let drawn =
            format!("<path fill=\"{}\" stroke=\"{}\"/>", Ink::First.value(), Ink::Authority(9).value());
        assert_eq!(in_light(&drawn), "<path fill=\"#0072B2\" stroke=\"#E69F00\"/>");
        assert!(style_sheet().contains("--first:#56B4E9;"));
    }
}
