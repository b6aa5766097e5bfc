//! `detente status`: what is in force both ways, averages, the next deadline and what it would bring by law.

use crate::{
    failure::Failure,
    output::{self, Format},
    record::{
        Record, csv, day_of_talks, dollars, grid, json, lapses_told, or_word, percent, section, wrap, wrong,
    },
    verbs::sectors::{self, SECTOR, Sector, by_benchmark_trade, by_sector},
};
use clap::Args;
use detente::collection::{self, BothRates};
use detente_data::default_world;
use detente_ledger::{
    confidence::Confidence,
    status::{
        AsOf, AverageTable, Comparison, Lapse, NextDeadline, NonTariffStatus, Status, StatusLayer, compare,
        status,
    },
    talks::{NonTariffState, Talks},
    tariff::Tariffs,
};

/// What `status` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Code of the talks.
    #[arg(default_value = "us-china")]
    pub talks: String,
    /// What changed from this day to `--on`, and by which act.
    #[arg(long, value_name = "DATE")]
    pub compare: Option<String>,
    /// Also the average tariff of each sector of this benchmark's concordance.
    #[arg(long, value_name = "BENCHMARK", num_args = 0..=1, default_missing_value = "world-2022-estimate")]
    pub sectors: Option<String>,
    /// Also measures without a tariff number that belong to no commitment.
    #[arg(long)]
    pub all: bool,
    /// Clocks, folders and format.
    #[command(flatten)]
    pub record: Record,
}

/// Prints the status.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let clock = arguments.record.clock()?;
    let tariffs = arguments.record.tariffs()?;
    let talks = tariffs.ledger().talks(&arguments.talks).map_err(wrong)?;
    if let Some(since) = &arguments.compare {
        let found = compare(tariffs.ledger(), &talks, AsOf::on_day(day_of_talks(&talks, since)?), clock);
        return output::print(&match arguments.record.format {
            Format::Json => json(&found)?,
            Format::Csv => csv(&DIFFERENCE, differences(&found)),
            Format::Table => {
                let mut table = grid(&DIFFERENCE);
                table.add_rows(differences(&found));
                format!("{}: what changed from {} to {}\n{table}\n", talks.title, found.from, found.to)
            }
        });
    }
    let found = status(tariffs.ledger(), &talks, clock, Some(&tariffs));
    let both = both_rates(&tariffs, &talks, clock)?;
    let sectors = match &arguments.sectors {
        Some(benchmark) => by_sector(&tariffs, &talks, clock, benchmark)?,
        None => Vec::new(),
    };
    output::print(&match arguments.record.format {
        Format::Json => {
            let mut value = serde_json::to_value(&found).map_err(crate::record::fault)?;
            if let Some(fields) = value.as_object_mut() {
                let both = serde_json::to_value(&both).map_err(crate::record::fault)?;
                fields.insert("statute_and_collected".to_owned(), both);
            }
            if let (false, Some(fields)) = (sectors.is_empty(), value.as_object_mut()) {
                fields.insert("sectors".to_owned(), sectors.iter().map(Sector::json).collect());
                if let Some(averages) = fields.get_mut("average_tariff") {
                    averages[default_world::NAME] =
                        serde_json::to_value(by_benchmark_trade(&sectors)).map_err(crate::record::fault)?;
                }
            }
            json(&value)?
        }
        Format::Csv if !sectors.is_empty() => csv(&SECTOR, sectors.iter().map(Sector::exact)),
        Format::Csv => csv(&LAYER, found.layers.iter().map(exact)),
        Format::Table => screen(&found, &both, &sectors, arguments.all),
    })
}

/// The duty by statute and as collected, for each pair.
fn both_rates(tariffs: &Tariffs, talks: &Talks, clock: AsOf) -> Result<Vec<BothRates>, Failure> {
    let pairs = talks.pairs();
    pairs
        .map(|(importer, exporter)| {
            collection::both(tariffs, &importer.code, &exporter.code, clock.on, clock.known_on).map_err(wrong)
        })
        .collect()
}

const DIFFERENCE: [&str; 8] =
    ["importer", "exporter", "authority", "measure", "before", "after", "since", "act"];

fn differences(found: &Comparison) -> impl Iterator<Item = Vec<String>> {
    found.differences.iter().map(|held| {
        vec![
            held.importer.clone(),
            held.exporter.clone(),
            held.authority.clone(),
            held.title.clone(),
            held.before.clone().unwrap_or_else(|| "none".to_owned()),
            held.after.clone().unwrap_or_else(|| "none".to_owned()),
            or_word(held.since, ""),
            held.act.clone().unwrap_or_default(),
        ]
    })
}

const LAYER: [&str; 13] = [
    "importer",
    "exporter",
    "authority",
    "measure",
    "title",
    "rate_pct",
    "suspended_pct",
    "average_contribution_pct",
    "from",
    "until",
    "by_notices",
    "confidence",
    "sources",
];

fn exact(layer: &StatusLayer) -> Vec<String> {
    let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![
        layer.importer.clone(),
        layer.exporter.clone(),
        layer.authority.clone(),
        layer.measure.clone(),
        layer.title.clone(),
        layer.printed.clone(),
        layer.suspended_pct.as_ref().map(ToString::to_string).unwrap_or_default(),
        number(layer.average_contribution_pct),
        layer.from.to_string(),
        or_word(layer.until, ""),
        layer.by_notices.clone().unwrap_or_default(),
        layer.confidence.word().to_owned(),
        layer.sources.join(" | "),
    ]
}

fn screen(status: &Status, both: &[BothRates], by_sector: &[Sector], all: bool) -> String {
    let known = if status.known_on == status.on {
        "as known that day".to_owned()
    } else {
        format!("as known on {}", status.known_on)
    };
    let verified =
        status.not_verified_after.map(|day| format!("; not verified after {day}")).unwrap_or_default();
    let begins = status.before_the_record;
    let begins =
        begins.map(|day| format!("; the record begins on {day}: base rates only")).unwrap_or_default();
    let mut text = format!("{} on {}, {known}{verified}{begins}\n", status.title, status.on);
    text += "\nAverage tariff by statute\n";
    text += &averages(&status.average_tariff);
    if let Some(reason) = &status.average_tariff_reason {
        text += &format!("  not given for all: {reason}\n");
    }
    // What no source bears out may weigh nothing, or stand where there is no average.
    let sourced = status.average_tariff_without_unsourced.as_ref();
    if let Some(table) = sourced.filter(|table| **table != status.average_tariff) {
        text += "  without layers that no source bears out:\n";
        text += &averages(table);
    }
    text += "\nBy statute and as collected\n";
    for rates in both {
        text += &wrap(&format!("  {}\n", rates.line()));
    }
    text += &layers(status);
    text += &deadline(status.next_deadline.as_ref());
    text += &adopted(status);
    let mut later = grid(&["day", "in days", "what", "what lapses or returns"]);
    for held in &status.other_deadlines {
        later.add_row(vec![
            held.date.to_string(),
            held.days.to_string(),
            held.what.clone(),
            lapses_told(&held.lapses, held.kind),
        ]);
    }
    text += &section("Other days on record", &later);
    text += &nontariff(&status.nontariff, all);
    text + &sectors::table(by_sector)
}

/// What adopted acts change on days ahead.
fn adopted(status: &Status) -> String {
    let mut rows = grid(&[
        "from",
        "in days",
        "measure",
        "on",
        "before",
        "after",
        "points",
        "trade a year",
        "duty a year",
    ]);
    let changes =
        || status.adopted.iter().flat_map(|step| step.changes.iter().map(move |change| (step, change)));
    for (step, change) in changes() {
        let amount =
            |value: Option<f64>| value.map_or_else(|| "n/a".to_owned(), |value| dollars(Some(value)));
        rows.add_row(vec![
            step.date.to_string(),
            step.days.to_string(),
            change.title.clone(),
            format!("{} on {}", change.imposer, change.target),
            change.before.clone(),
            change.after.clone(),
            points(change),
            amount(change.trade_at_stake_usd),
            amount(change.duty_at_stake_usd),
        ]);
    }
    let mut weights: Vec<String> = changes()
        .filter_map(|(_, change)| {
            Some(format!("{} on {} by {}", change.imposer, change.target, change.trade_basis.as_ref()?))
        })
        .collect();
    weights.sort_unstable();
    weights.dedup();
    let weights =
        if weights.is_empty() { String::new() } else { format!("; amounts: {}", weights.join(", ")) };
    section(&format!("Adopted and ahead{weights}"), &rows)
}

fn averages(table: &AverageTable) -> String {
    let mut text = String::new();
    for (weights, importers) in table {
        let cells: Vec<String> = importers
            .iter()
            .flat_map(|(importer, row)| {
                row.iter().map(move |(exporter, rate)| format!("{importer} on {exporter} {}", percent(*rate)))
            })
            .collect();
        text += &format!("  {weights}: {}\n", cells.join(", "));
    }
    text
}

fn layers(status: &Status) -> String {
    let mut text = String::new();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for layer in &status.layers {
        let pair = (layer.importer.as_str(), layer.exporter.as_str());
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    for (importer, exporter) in pairs {
        let mut table =
            grid(&["authority", "measure", "rate", "held back", "adds to average", "from", "until", "note"]);
        for layer in
            status.layers.iter().filter(|held| held.importer == importer && held.exporter == exporter)
        {
            table.add_row(vec![
                layer.authority.clone(),
                layer.title.clone(),
                layer.printed.clone(),
                layer.suspended_pct.as_ref().map(ToString::to_string).unwrap_or_default(),
                layer.average_contribution_pct.map(|points| format!("{points:.1}")).unwrap_or_default(),
                layer.from.to_string(),
                or_word(layer.until, ""),
                flags(layer),
            ]);
        }
        let parts = by_authority(status, importer, exporter);
        let weights = status.contribution_weights.get(importer).and_then(|row| row.get(exporter));
        let heading = match weights {
            Some(weights) if !parts.is_empty() => {
                format!(
                    "{importer} on {exporter}, percent of value; points of the average ({weights}):\n  {parts}"
                )
            }
            _ => format!("{importer} on {exporter}, percent of value"),
        };
        text += &section(&wrap(&heading), &table);
    }
    text
}

/// What each authority adds to the average, largest first.
fn by_authority(status: &Status, importer: &str, exporter: &str) -> String {
    let mut sums: Vec<(&str, f64)> = Vec::new();
    for layer in status.layers.iter().filter(|held| held.importer == importer && held.exporter == exporter) {
        let Some(points) = layer.average_contribution_pct else { continue };
        match sums.iter_mut().find(|(authority, _)| *authority == layer.authority) {
            Some((_, sum)) => *sum += points,
            None => sums.push((&layer.authority, points)),
        }
    }
    sums.sort_by(|one, two| two.1.total_cmp(&one.1));
    let parts: Vec<String> =
        sums.iter().map(|(authority, points)| format!("{authority} {points:.1}")).collect();
    parts.join(", ")
}

fn flags(layer: &StatusLayer) -> String {
    let mut flags = Vec::new();
    if layer.unsourced {
        flags.push("unsourced".to_owned());
    }
    if layer.stated {
        flags.push("stated, notice not seen".to_owned());
    }
    if let Some(rate) = &layer.by_notices {
        flags.push(format!("by notices: {rate}"));
    }
    if layer.no_legal_basis {
        flags.push("no legal basis".to_owned());
    }
    flags.join("; ")
}

fn deadline(next: Option<&NextDeadline>) -> String {
    let Some(next) = next else {
        return "\nNext deadline: none is set; nothing lapses by itself\n".to_owned();
    };
    let standing = next.standing.as_ref().map(|word| format!(" ({word})")).unwrap_or_default();
    let what = next.what.join("; ");
    let mut text = wrap(&format!("\nNext deadline: {} in {} days{standing}: {what}\n", next.date, next.days));
    text += &section("Would change by law if nobody acts", &lapse_table(&next.lapses));
    text += &section("In the texts, without legal basis", &lapse_table(&next.no_legal_basis));
    let mut acts =
        grid(&["by", "on", "points", "what", "announced", "by whom", "statute", "legally available"]);
    for act in &next.needs_new_act {
        acts.add_row(vec![
            act.imposer.clone(),
            act.target.clone(),
            act.points.map(|points| format!("{points:+}")).unwrap_or_default(),
            act.what.clone(),
            act.announced.to_string(),
            act.announced_by.clone(),
            act.statute.clone(),
            if act.legally_available { "yes" } else { "no" }.to_owned(),
        ]);
    }
    text += &section("Announced, would need a new act", &acts);
    if !next.average_tariff_after.is_empty() {
        text += "\nAverage tariff by statute after it\n";
        text += &averages(&next.average_tariff_after);
    }
    text
}

/// Points of a change, both ends where they are a range; a change without a sign is none.
fn points(lapse: &Lapse) -> String {
    let signed = |points: f64| if points == 0.0 { "0".to_owned() } else { format!("{points:+}") };
    match (lapse.points, lapse.points_high) {
        (Some(low), Some(high)) if low != high => format!("{}/{}", signed(low), signed(high)),
        (Some(low), _) => signed(low),
        _ if lapse.is_tariff => "by line".to_owned(),
        _ => String::new(),
    }
}

/// What changes, with trade and duty at stake.
pub fn lapse_table(lapses: &[Lapse]) -> comfy_table::Table {
    let mut table =
        grid(&["by", "on", "measure", "before", "after", "points", "trade", "duty a year", "day"]);
    for lapse in lapses {
        table.add_row(vec![
            lapse.imposer.clone(),
            lapse.target.clone(),
            lapse.title.clone(),
            lapse.before.clone(),
            lapse.after.clone(),
            points(lapse),
            dollars(lapse.trade_at_stake_usd),
            dollars(lapse.duty_at_stake_usd),
            lapse.on.to_string(),
        ]);
    }
    table
}

/// Measures without a tariff number: those that belong to a commitment, or all of them.
pub fn nontariff(measures: &[NonTariffStatus], all: bool) -> String {
    let shown: Vec<&NonTariffStatus> = measures
        .iter()
        .filter(|held| all || (!held.commitments.is_empty() && held.status != NonTariffState::Proposed))
        .collect();
    let mut table = grid(&["measure", "by, on", "what", "state", "days", "authority", "trade"]);
    for held in &shown {
        let days = match (held.from, held.until) {
            (Some(from), Some(until)) => format!("{from} to {until}"),
            (Some(from), None) => format!("{from} on"),
            (None, Some(until)) => format!("to {until}"),
            (None, None) => String::new(),
        };
        let mut state = held.status.word().to_owned();
        if held.stated {
            state += ", stated";
        }
        if held.confidence.is_unsourced() || held.confidence == Confidence::Low {
            state += &format!(", {}", held.confidence.word());
        }
        table.add_row(vec![
            held.measure.clone(),
            format!("{}, {}", held.imposer, held.target),
            held.scope.clone(),
            state,
            days,
            held.authority.clone(),
            dollars(held.trade_at_stake_usd),
        ]);
    }
    let left = measures.len() - shown.len();
    let more = if left > 0 { format!("{left} more are on record: --all\n") } else { String::new() };
    section("Without a tariff number (trade is an exposure, never an effect; measures share flows)", &table)
        + &more
}
