//! `detente ledger averages`: our averages beside the published ones, as a page of the reference.

use crate::{failure::Failure, output};
use clap::Args;
use detente_ledger::tariff::{AllPartners, CauseSize, Comparison, Episode, Kind, Tariffs};
use std::fmt::Write as _;
use std::path::PathBuf;

/// What `ledger averages` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Write the page to this file; printed where absent.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Instead of the page: the average of a day on every partner whose trade is on record by line, and on all of them, as CSV.
    #[arg(long)]
    partners: bool,
    /// Instead of the page: averages on each partner beside every published one, as a page of their own.
    #[arg(long, conflicts_with = "partners")]
    published_by_partner: bool,
    /// A folder of one's own over the record.
    #[arg(long, value_name = "DIR", requires = "published_by_partner")]
    ledger: Vec<PathBuf>,
    /// The day of `--partners` (today unless said otherwise).
    #[arg(long, value_name = "DATE", requires = "partners")]
    on: Option<String>,
}

/// Prints or writes the page.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::WrongInput(error.to_string());
    let tariffs = crate::record::laid_over(&arguments.ledger)?;
    if arguments.published_by_partner {
        let rows = tariffs.published_by_partner().map_err(crate::record::wrong)?;
        return output::print_or_write(arguments.write.as_deref(), &super::averages_by_partner::page(&rows));
    }
    if arguments.partners {
        let on = arguments.on.as_deref().map_or_else(|| Ok(crate::record::today()), crate::record::day)?;
        return output::print(&by_partner(&tariffs, on)?);
    }
    let rows = tariffs.published_averages().map_err(|error| wrong(&error))?;
    let episodes = tariffs.goods_on_the_way().map_err(|error| wrong(&error))?;
    let page = page(&rows, &episodes);
    output::print_or_write(arguments.write.as_deref(), &page)
}

/// One row a partner, and one for all of them with their trade as weights; shares of value in percent.
fn by_partner(tariffs: &Tariffs, on: jiff::civil::Date) -> Result<String, Failure> {
    let known_on = crate::record::today().max(on);
    let header = ["importer", "exporter", "on", "average_pct", "base_pct", "added_pct", "customs_value"];
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut importers: Vec<&str> =
        tariffs.ledger().instruments.iter().map(|held| held.imposer.as_str()).collect();
    importers.sort_unstable();
    importers.dedup();
    importers.retain(|importer| tariffs.library().lines(importer).is_ok());
    for importer in importers {
        let found = tariffs.averages_by_partner(importer, on, known_on).map_err(crate::record::wrong)?;
        let value: f64 = found.iter().map(|held| held.value).sum();
        let mean = |of: fn(&detente_ledger::tariff::PartnerAverage) -> f64| {
            found.iter().map(|held| of(held) * held.value).sum::<f64>() / value
        };
        let row = |exporter: &str, rate: f64, base: f64, value: f64| {
            let numbers =
                [rate * 100.0, base * 100.0, (rate - base) * 100.0].map(|number| format!("{number:.4}"));
            let [rate, base, added] = numbers;
            let importer = importer.to_owned();
            vec![importer, exporter.to_owned(), on.to_string(), rate, base, added, format!("{value:.0}")]
        };
        rows.extend(found.iter().map(|held| row(&held.exporter, held.rate, held.base, held.value)));
        if found.len() > 1 && value > 0.0 {
            rows.push(row("all", mean(|held| held.rate), mean(|held| held.base), value));
        }
    }
    Ok(crate::record::csv(&header, rows))
}

const OPENING: &str = "# Average tariffs beside the published ones

Made by `detente ledger averages --write docs/reference/average-tariffs.md`; do not edit by hand. Published figures and
causes: `data/validation/average-tariffs.csv`. All numbers are percent of customs value.

*Ours* is the average over tariff lines of the duty in force on the day, with the knowledge of today: base rate and all
layers after stacking. Weights: trade with the partner, or trade with all partners, in the year that
`data/products/<importer>/lines.toml` names. *Gap* is ours, with the weights nearest to the publisher's (marked by
the figure in bold), less the published figure. *Causes, measured* are what taking one cause after the other out of our
figure adds to it, in points; *left* is the gap without them.

";

fn page(rows: &[Comparison], episodes: &[Episode]) -> String {
    let mut text = OPENING.to_owned();
    let heads = [
        (
            Kind::Statutory,
            "By statute",
            "Every row is within two points, by itself or once its measured causes are taken out. PIIE weighs by what the exporter sold to the world in \
             2017 (recalled), by subheading; the record has it by sector, from the embedded world of 2022. Within a sector lines then weigh as in the column in bold, or each \
             counts once where trade with the partner is the only other weight.",
        ),
        (
            Kind::Collected,
            "Collected",
            "Receipts lie below the schedule: exclusions of described goods, duty-free claims, goods on the way, and goods that are no longer bought.",
        ),
    ];
    for (kind, head, words) in heads {
        let _ = write!(
            text,
            "## {head}\n\n{words}\n\n| id | day | tariff | publisher | published | ours, partner's trade | ours, all partners' trade | gap | causes, measured | left | cause |\n|---|---|---|---|---:|---:|---:|---:|---|---:|---|\n"
        );
        for row in rows.iter().filter(|row| row.kind == kind && row.all_partners.is_none()) {
            let _ = writeln!(text, "{}", line(row));
        }
        text.push('\n');
    }
    text += ON_THE_WAY;
    for episode in episodes {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.1} | {:.1} | {:.1} | {:.0} |",
            episode.month,
            episode.instrument,
            episode.days,
            episode.all_charged_pct,
            episode.all_on_the_way_pct,
            episode.collected_pct,
            episode.share * 100.0
        );
    }
    text += ALL_PARTNERS;
    for row in rows {
        if let Some(parts) = &row.all_partners {
            let _ = writeln!(text, "{}", line_on_all(row, parts));
        }
    }
    text
}

const ON_THE_WAY: &str = "## Goods on the way, in earlier episodes

How many goods had left before a duty and entered after it is published nowhere. In these months receipts tell it: they lie between the
schedule with the new rate on all goods and the schedule with it on none that could be on the way, both times the share of the schedule
that was paid in a month without such goods. *Counted* above is the share of the episode; where the duty stopped new shipments, times
usual trade over the trade of the month in the goods it reaches (values only; no receipts of the month explained are used).

| month | instrument | days since goods had to have left | schedule, all charged | schedule, none | collected | on the way, % |
|---|---|---|---:|---:|---:|---:|
";

const ALL_PARTNERS: &str = "
## On all partners

*Ours* is the mean over all partners of what the record's instruments come to on each, by line (`ledger averages --partners`), weighed by the imports of the
year of trade; goods without a line are in the value and free, those without a row of trade of their own (`data/validation/trade-by-partner.csv`) pay the mean of
the origins on record that have none. Independent of each other are the record (acts), customs' calculated duty by month, cash receipts, and the engines of those
who publish averages by statute. No published figure of this table is an input to ours (tests change them all, and nothing moves). The causes change one input
after the other: whom was bought from; what was bought from each, by sector; a partner as collected; goods on the way; the month in which cash comes. What is
left is what was paid below the schedule and no cause here explains: agreements that came into force backwards, vehicles taxed by content, claims other than
of the North American agreement.

| id | day | publisher | kind | published | most of it on (percent, share of imports) | ours | gap | causes, measured | left | cause |
|---|---|---|---|---:|---|---:|---:|---|---:|---|
";

fn line_on_all(row: &Comparison, parts: &AllPartners) -> String {
    let named = parts.most.iter().map(|held| {
        let share = held.share * 100.0;
        format!("{} {:.1} ({share:.1})", held.exporter, held.pct)
    });
    format!(
        "| {} | {} | {} | {} | {} | {} | **{:.1}** | {:+.1} | {} | {} | {} |",
        row.id,
        row.on,
        row.publisher,
        if row.kind == Kind::Statutory { "statute" } else { "collected" },
        row.published_pct,
        named.collect::<Vec<_>>().join(", "),
        parts.total_pct,
        parts.total_pct - row.published_pct,
        causes(row),
        left(row),
        row.cause
    )
}

fn left(row: &Comparison) -> String {
    let Some(without) = row.without_causes_pct else { return String::new() };
    let left = format!("{:+.1}", without - row.published_pct);
    match row.without_causes_at_most_pct {
        Some(most) => format!("{left} to {:+.1}", most - row.published_pct),
        None => left,
    }
}

fn line(row: &Comparison) -> String {
    let number = |number: Option<f64>| number.map(|number| format!("{number:.1}")).unwrap_or_default();
    let chosen = row.gap.map(|gap| gap + row.published_pct);
    let ours = |own: Option<f64>| match own {
        Some(own) if chosen.is_some_and(|chosen| (chosen - own).abs() < 1e-9) => format!("**{own:.1}**"),
        own => number(own),
    };
    format!(
        "| {} | {} | {} on {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        row.id,
        row.on,
        row.importer,
        row.exporter,
        row.publisher,
        row.published_pct,
        ours(row.partner_weights_pct),
        ours(row.all_weights_pct),
        row.gap.map(|gap| format!("{gap:+.1}")).unwrap_or_default(),
        causes(row),
        left(row),
        row.cause
    )
}

/// Each measured cause with its size; of goods on the way, what counts of what all would come to.
fn causes(row: &Comparison) -> String {
    row.causes.iter().map(words).collect::<Vec<_>>().join("; ")
}

fn words(cause: &CauseSize) -> String {
    let counted = match &cause.on_the_way {
        None => String::new(),
        Some(way) => {
            let more = way
                .usual
                .as_ref()
                .map(|(month, more)| format!(" x {more:.1}, trade in {month} over this month's"));
            format!(
                " (up to {:+.1}; {:.0}% counted: {:.0}% as in {}{})",
                way.at_most,
                way.share * 100.0,
                way.in_episode * 100.0,
                way.episode,
                more.unwrap_or_default()
            )
        }
    };
    match cause.uncounted_at_most {
        Some(most) => format!("{}: up to {most:+.1}, not counted", cause.what),
        None => format!("{}: {:+.1}{counted}", cause.what, cause.points),
    }
}
