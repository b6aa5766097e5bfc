//! `detente ledger averages --published-by-partner`: our average on each partner beside every published one, as a page of the reference.

use detente_ledger::tariff::{Counts, OnPartner};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Distance to a published figure that counts as met, points.
const MET: f64 = 1.5;

const OPENING: &str = "# Averages by partner beside the published ones

Made by `detente ledger averages --published-by-partner --write docs/reference/averages-by-partner.md`; do not edit by hand. Published figures and causes:
`data/validation/averages-by-partner.csv.gz` (`data/recipes/averages_by_partner.py`). Percent of customs value.

*Ours* is the mean over tariff lines, weighed by imports of 2024 from the partner, of the law as it is known today, exemptions that need a claim counted as not
made; of goods for which the North American agreement may be claimed each line is counted in two parts, by the share that claimed it in that month
(`data/products/USA/claims.csv.gz`). A figure that is not met within 1.5 points has its causes measured: ours once more, read as the publisher reads the
law, one difference after the other. *Left* is what they leave. No published figure is an input to a cause.

| written as | means |
|---|---|
| `day:DATE` | the publisher dates a duty by its announcement; the first day on which it was charged |
| `frees-nothing:LISTS` | the publisher lets these exempt lists free nothing (but the goods after *but*) |
| `claimed:PROGRAMME=SHARE` | the publisher takes one share of all goods as claimed |
| `instrument:ID@DATE` | a measure as on another day: a deal counted from its announcement |
| `rate:ID=PERCENT` | a measure at another rate: announced, or never entered in the schedule; charged though it is suspended |
| `layers-of:ORIGIN` | the measures on another origin: the publisher does not leave the origin out where the order does |
| `answered:CONDITION=SHARE` | a condition that the publisher takes as met on that share |
| `claimed-as-on:PROGRAMME@DATE` | claims by line as in another month; with `=SHARE` moved together to that mean over all goods |
| `apart:IDS` | measures that add to what they replace or are kept off by |
| `free:CODES` | goods on which the publisher adds nothing |
| `on-top-of-base:ID` | a ceiling that includes the base counted as an addition |
| `goods-without-lines:SHARE` | goods of chapters 98 and 99 (returned goods, low values), which no line of ours holds, in the value and free |
| `goods-without-lines-charged:SHARE` | the same goods charged what all goods are |
| `without:NAME` | an authority or measure left out |

";

/// The page.
pub fn page(rows: &[OnPartner]) -> String {
    let mut text = OPENING.to_owned();
    let of = |counts: Counts| rows.iter().filter(move |row| row.counts == counts).collect::<Vec<_>>();
    let added = of(Counts::Added);
    let (met, explained, open) = count(&added);
    let _ = writeln!(
        text,
        "## What was added since January 2025, without the base\n\n{} figures: {met} within 1.5 points as they stand, {explained} more with measured causes, {open} \
         not.\n\nBy partner and day, ours / published; **bold** where the two are further apart than 1.5 points as they stand.\n",
        added.len()
    );
    matrix(&mut text, &added);
    text += "\n### Figures that are not met as they stand, with their causes\n\n";
    with_causes(&mut text, &added);
    let whole = of(Counts::Whole);
    let (met, explained, open) = count(&whole);
    let _ = writeln!(
        text,
        "\n## Whole schedules\n\n{} figures: {met} within 1.5 points, {explained} more with measured causes, {open} not. The second method of the same publisher works by \
         sectors of a model, with claims of 85 to 90 percent.\n",
        whole.len()
    );
    all(&mut text, &whole);
    text += "\n## Collected, beside the schedule of the day\n\nReceipts are no test of a schedule: they lie below it by claims, exclusions, goods on the way and what is no longer \
             bought.\n\n";
    all(&mut text, &of(Counts::Collected));
    text
}

fn count(rows: &[&OnPartner]) -> (usize, usize, usize) {
    let met = rows.iter().filter(|row| row.gap().abs() <= MET).count();
    let explained = rows.iter().filter(|row| row.gap().abs() > MET && row.left().abs() <= MET).count();
    (met, explained, rows.len() - met - explained)
}

/// A table of partners by day.
fn matrix(text: &mut String, rows: &[&OnPartner]) {
    let mut days: Vec<_> = rows.iter().map(|row| row.on).collect();
    days.sort_unstable();
    days.dedup();
    let mut partners: BTreeMap<&str, Vec<&OnPartner>> = BTreeMap::new();
    for row in rows {
        partners.entry(&row.exporter).or_default().push(row);
    }
    for days in days.chunks(7) {
        let heads: Vec<String> = days.iter().map(|day| format!(" {day} |")).collect();
        let _ = writeln!(text, "| |{}\n|---|{}", heads.concat(), "---:|".repeat(days.len()));
        for (partner, rows) in &partners {
            let cell = |day: &jiff::civil::Date| match rows.iter().find(|row| row.on == *day) {
                Some(row) if row.gap().abs() > MET => {
                    format!(" **{:.1} / {:.1}** |", row.ours_pct, row.published_pct)
                }
                Some(row) => format!(" {:.1} / {:.1} |", row.ours_pct, row.published_pct),
                None => " |".to_owned(),
            };
            let cells: Vec<String> = days.iter().map(cell).collect();
            let _ = writeln!(text, "| {partner} |{}", cells.concat());
        }
        text.push('\n');
    }
}

fn with_causes(text: &mut String, rows: &[&OnPartner]) {
    text.push_str("| partner | day | ours | published | gap | causes, points | left |\n|---|---|---:|---:|---:|---|---:|\n");
    for row in rows.iter().filter(|row| row.gap().abs() > MET) {
        let _ = writeln!(text, "| {} | {} | {}", row.exporter, row.on, tail(row));
    }
}

fn all(text: &mut String, rows: &[&OnPartner]) {
    text.push_str(
        "| partner | day | publisher | ours | published | gap | causes, points | left |\n|---|---|---|---:|---:|---:|---|---:|\n",
    );
    for row in rows {
        let _ = writeln!(text, "| {} | {} | {} | {}", row.exporter, row.on, row.publisher, tail(row));
    }
}

fn tail(row: &OnPartner) -> String {
    let causes: Vec<String> =
        row.causes.iter().map(|cause| format!("`{}` {:+.1}", cause.measure, cause.points)).collect();
    let left = if row.left().abs() > MET {
        format!("**{:+.1}**", row.left())
    } else {
        format!("{:+.1}", row.left())
    };
    format!(
        "{:.1} | {:.1} | {:+.1} | {} | {left} |",
        row.ours_pct,
        row.published_pct,
        row.gap(),
        causes.join("; ")
    )
}
