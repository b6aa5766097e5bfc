//! The brief as one self-contained page with pictures, and its details for the terminal.

use super::pictures::{self, Pictures};
use super::{band_tables, dial_tables, outcome_tables, screen};
use crate::page::{Part, render};
use crate::picture::figure::PAGE;
use detente::brief::Brief;
use detente::brief::deal::{Deal, NoDeal};
use detente::words::effects::{aims, as_the_benchmark, both_horizons, others, shown};
use detente::words::{deadline, duty, number, opening, record};
use detente_engine::horizon::Horizon;
use detente_ledger::talks::OutcomeKind;
use detente_tables::number::{UNKNOWN, dollars};

/// The page: three sentences and two numbers, then the pictures in the order in which a meeting asks; what economists ask for and every table
/// are folded below. `made_by` says which program, record and world it is made from.
pub fn html(brief: &Brief, pictures: &Pictures, deal: &Result<Deal, NoDeal>, made_by: &str) -> String {
    let mut parts: Vec<Part> = opening::sentences(brief).into_iter().map(Part::Lead).collect();
    parts.push(Part::Cards(opening::cards(brief)));
    parts.extend(deadline::not_verified(brief).map(Part::Text));
    let known = if brief.known_on == brief.on {
        "only what was known on that day".to_owned()
    } else {
        format!("what was known on {}", number::day(&brief.known_on))
    };
    parts.push(Part::Text(format!(
        "Day shown: {}, with {known}. Would, not will: what the model and the accounts say would follow, all else equal.",
        number::day(&brief.on)
    )));
    parts.push(Part::Heading("What is in force, and what would return".into()));
    parts.extend(deadline::not_counted(brief).into_iter().map(Part::Text));
    parts.push(Part::picture(pictures.in_force.clone()));
    parts.push(Part::List(duty::averages(brief)));
    parts.push(Part::Heading("What each outcome would do".into()));
    parts.extend(as_the_benchmark(brief).map(Part::Text));
    if let Some(first) = shown(brief, Horizon::Long).find(|outcome| brief.is_beside_today(outcome)) {
        parts.push(Part::Text(both_horizons(brief, first)));
        parts.extend(others(brief, first, &pictures.names).map(Part::Text));
    }
    parts.extend(pictures.outcomes.iter().chain(&pictures.who_loses).cloned().map(Part::picture));
    parts.push(Part::Heading("Where trade goes instead, and which sectors pay".into()));
    parts.extend(pictures.reach.iter().cloned().map(Part::picture));
    parts.push(Part::Heading("Where a deal can lie".into()));
    match (deal, brief.parties.as_slice()) {
        (Ok(deal), [first, second]) => {
            let names = [first.name.as_str(), second.name.as_str()];
            parts.push(Part::picture(pictures::zone(brief, deal, names, PAGE)));
            let inner = pictures::for_economists(deal, names, PAGE).into_iter().map(Part::picture);
            parts.push(Part::Fold(
                "For economists: best responses, patience, the worth of an extension".into(),
                inner.collect(),
            ));
        }
        (Ok(_), _) => {}
        (Err(reason), _) => parts.push(Part::Text(format!("Not shown: {reason}"))),
    }
    parts.extend(
        shown(brief, Horizon::Long)
            .find(|outcome| outcome.kind == OutcomeKind::InForce)
            .and_then(|today| aims(brief, today))
            .map(Part::Text),
    );
    parts.push(Part::Heading("What is not counted".into()));
    parts.push(Part::Text(record::not_measured(brief, 5)));
    parts.push(Part::Heading("The record".into()));
    parts.extend(record::pace(brief).map(Part::Text));
    parts.push(Part::Text(record::promises(brief)));
    parts.push(Part::Fold(
        "The screen of the terminal".into(),
        vec![Part::Screen(screen::render(brief, &pictures.names))],
    ));
    parts.extend(details(brief));
    render(&format!("{} on {}", brief.title, number::day(&brief.on)), &parts, made_by)
}

/// The parts below the first screen, in its order.
pub fn details(brief: &Brief) -> Vec<Part> {
    vec![
        band_tables::duties(brief),
        band_tables::bands(brief),
        Part::Fold("Outcomes, all economies and both starting points".into(), outcome_tables::parts(brief)),
        Part::Fold("Dials of a rebalancing, both sides".into(), dial_tables::parts(brief)),
        Part::Fold("By law, by new act, and without legal basis".into(), vec![deadline_table(brief)]),
        Part::Fold(
            "Not in these numbers".into(),
            vec![not_in_numbers_table(brief), Part::List(brief.not_counted.clone())],
        ),
        Part::Fold("Rounds".into(), vec![rounds_table(brief)]),
        Part::Fold("Frameworks".into(), vec![frameworks_table(brief)]),
        Part::Fold("Commitments".into(), vec![commitments_table(brief)]),
        Part::Fold("Positions".into(), vec![positions_table(brief)]),
        Part::Fold("How this series compares".into(), vec![intensity_table(brief)]),
        Part::Fold("What every reader should know".into(), vec![Part::List(caveats(brief))]),
    ]
}

fn caveats(brief: &Brief) -> Vec<String> {
    brief.caveats.iter().chain(&brief.duty.resting_on_memory).cloned().collect()
}

fn deadline_table(brief: &Brief) -> Part {
    let mut rows = Vec::new();
    if let Some(deadline) = &brief.deadline {
        for (tense, items) in [("by law", &deadline.by_law), ("no legal basis", &deadline.no_legal_basis)] {
            for item in items {
                rows.push(vec![
                    tense.to_owned(),
                    item.imposer.clone(),
                    item.target.clone(),
                    match (item.points, item.points_high) {
                        (Some(low), Some(high)) => format!("{low:+} to {high:+}"),
                        (Some(0.0), None) => "0".to_owned(),
                        (Some(points), None) => format!("{points:+}"),
                        _ if item.is_tariff => "by line".to_owned(),
                        _ => "none".to_owned(),
                    },
                    item.measures.join(", "),
                    dollars(item.trade_at_stake_usd),
                    item.legal_basis.clone(),
                ]);
            }
        }
        for act in &deadline.needs_new_act {
            let available = if act.legally_available { "" } else { " (not available on that day)" };
            rows.push(vec![
                "needs a new act".to_owned(),
                act.imposer.clone(),
                act.target.clone(),
                act.points.map_or_else(|| "no figure".to_owned(), |points| format!("{points:+}")),
                format!("{} ({})", act.what, act.announced_by),
                UNKNOWN.to_owned(),
                format!("{}{available}", act.statute),
            ]);
        }
    }
    Part::table(&["tense", "imposer", "target", "points", "what", "trade at stake", "legal basis"], rows)
}

fn not_in_numbers_table(brief: &Brief) -> Part {
    let rows = brief
        .not_in_these_numbers
        .iter()
        .map(|item| {
            vec![
                item.measure.clone(),
                item.area.clone(),
                item.imposer.clone(),
                item.status.word().to_owned(),
                item.scope.clone(),
                dollars(item.trade_at_stake_usd),
            ]
        })
        .collect();
    Part::table(&["measure", "area", "imposer", "status", "scope", "exposure, never an effect"], rows)
}

fn rounds_table(brief: &Brief) -> Part {
    let rows = brief
        .record
        .rounds
        .iter()
        .map(|round| {
            vec![
                round.number.map_or_else(String::new, |number| number.to_string()),
                round.kind.clone(),
                round.city.clone(),
                round.start.clone(),
                round.end.clone(),
                round.leads.join(" / "),
                round.outcome.clone(),
            ]
        })
        .collect();
    Part::table(&["no.", "kind", "city", "from", "to", "led by", "outcome"], rows)
}

fn frameworks_table(brief: &Brief) -> Part {
    let rows = brief
        .record
        .frameworks
        .iter()
        .map(|held| vec![held.name.clone(), held.date.clone(), held.settled.clone()])
        .collect();
    Part::table(&["framework", "date", "what it settled"], rows)
}

fn commitments_table(brief: &Brief) -> Part {
    let rows = brief
        .record
        .commitments
        .iter()
        .map(|held| {
            vec![
                held.by.clone(),
                held.framework.clone(),
                held.what.clone(),
                held.due.clone().unwrap_or_default(),
                held.status.word().to_owned(),
                if held.matched {
                    "both sides".to_owned()
                } else {
                    format!("not matched: {}", held.accounts.join("; "))
                },
            ]
        })
        .collect();
    Part::table(&["by", "framework", "what", "due", "status", "accounts"], rows)
}

fn positions_table(brief: &Brief) -> Part {
    let rows = brief
        .record
        .positions
        .iter()
        .map(|held| {
            vec![
                held.date.clone(),
                held.party.clone(),
                held.speaker.clone(),
                held.topic.clone(),
                held.position.clone(),
            ]
        })
        .collect();
    Part::table(&["date", "party", "speaker", "topic", "position"], rows)
}

fn intensity_table(brief: &Brief) -> Part {
    let rows = brief
        .intensity
        .iter()
        .map(|held| {
            vec![
                held.series.clone(),
                held.meetings.to_string(),
                format!("{:.1}", held.years),
                format!("{:.2}", held.per_year),
                held.days_between.map_or_else(String::new, |days| format!("{days:.0}")),
                held.this_series_times.map_or_else(String::new, |times| format!("{times:.1}")),
                held.counting_rule.clone(),
            ]
        })
        .collect();
    Part::table(
        &["series", "meetings", "years", "a year", "days between", "this series, times", "what is counted"],
        rows,
    )
}
