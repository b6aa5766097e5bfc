//! Bands of headlines as a screen.

use detente::uncertainty::headline::Bands;
use detente_engine::catalogue::lists;
use detente_tables::number::{signed, signed_range};

use crate::counterfactual::{plain, right};

/// Headlines side by side on the screen.
const COLUMNS: usize = 4;

/// Tables for people: the first headline of every economy with its sign and driver, then who loses more, then every other headline.
pub fn screen(bands: &Bands) -> String {
    let mut headlines: Vec<&str> = Vec::new();
    for row in &bands.rows {
        if !headlines.contains(&row.outcome.as_str()) {
            headlines.push(&row.outcome);
        }
    }
    let Some((first, others)) = headlines.split_first() else { return String::new() };
    let mut text = format!("{}: median, 5–95, sign holds in, spread driven by\n", heading(first));
    for row in bands.rows.iter().filter(|row| row.outcome == *first) {
        text.push_str(&format!(
            "  {:<6}{:>8}  {:>18}{:>5.0} %  {}\n",
            row.economy,
            signed(Some(row.median)),
            signed_range((row.low, row.high)),
            100.0 * row.sign_share,
            row.driver.as_deref().unwrap_or_default()
        ));
    }
    for row in bands.rows.iter().filter(|row| row.outcome == *first) {
        let shown = bands
            .loses_more
            .as_ref()
            .is_some_and(|who| row.economy == who.first || row.economy == who.second);
        if let Some(deficits) = row.deficits.filter(|_| shown) {
            let dots: Vec<String> =
                row.dots.iter().map(|(set, value)| format!("{set} {}", signed(Some(*value)))).collect();
            text.push_str(&format!(
                "{}: readings of deficits {}; published elasticities: {}\n",
                row.economy,
                signed_range(deficits),
                dots.join(", ")
            ));
        }
    }
    if let Some(who) = &bands.loses_more {
        text.push_str(&match who.first_loses_more {
            Some(share) => format!(
                "{} loses more than {} in {:.0} percent of runs; who loses more depends on {}.\n",
                who.first,
                who.second,
                100.0 * share,
                who.depends_on
            ),
            None => format!(
                "Which of {} and {} loses more depends on {}.\n",
                who.first, who.second, who.depends_on
            ),
        });
    }
    for part in others.chunks(COLUMNS) {
        text.push_str(&table_of(bands, part));
    }
    text.push_str(&format!("{} runs over {}", bands.runs, bands.over));
    if bands.not_converged > 0 {
        text.push_str(&format!("; {} did not converge and are left out", bands.not_converged));
    }
    text.push('\n');
    text
}

/// A headline for readers, with its unit.
fn heading(key: &str) -> String {
    lists::banded(key)
        .map_or_else(|| key.to_owned(), |entry| format!("{}, {}", entry.label, entry.unit.words(None)))
}

/// Some headlines of every economy: median and 5–95.
fn table_of(bands: &Bands, headlines: &[&str]) -> String {
    let mut table = plain();
    table.set_header(
        std::iter::once("median (5–95)".to_owned()).chain(headlines.iter().map(|key| heading(key))),
    );
    let mut economies: Vec<&str> = bands.rows.iter().map(|row| row.economy.as_str()).collect();
    economies.dedup();
    for economy in economies {
        let cells = headlines.iter().map(|headline| {
            bands.row(economy, headline).map_or(String::new(), |row| {
                format!("{} ({})", signed(Some(row.median)), signed_range((row.low, row.high)))
            })
        });
        table.add_row(std::iter::once(economy.to_owned()).chain(cells));
    }
    right(&mut table);
    format!("{table}\n")
}
