//! The brief as one self-contained page with pictures, and its details for the terminal.

use super::{band_tables, outcome_tables, screen};
use crate::chart::{self, OutcomeBar, OutcomeGroup, Timeline};
use crate::deal_chart;
use crate::page::{Part, render};
use detente::brief::deal::{Deal, NoDeal};
use detente::brief::tariff_steps::SteppedTariff;
use detente::brief::{Against, Brief, Outcome};
use detente_data::benchmark_directory::quality::Grade;
use detente_engine::horizon::Horizon;
use detente_tables::number::{UNKNOWN, dollars, signed};

/// Pictures that need more than the brief's own data.
#[derive(Clone, Debug, Default)]
pub struct Pictures {
    /// Stepped tariffs, one panel per direction.
    pub tariffs: Vec<SteppedTariff>,
    /// Meetings and deadlines.
    pub timeline: Timeline,
}

/// The page.
pub fn html(brief: &Brief, pictures: &Pictures, deal: &Result<Deal, NoDeal>) -> String {
    let mut parts = vec![
        Part::Text(format!(
            "On {}, {}. Would, not will: each outcome is what the model and the accounts say would follow, all else equal.",
            brief.on,
            if brief.known_on == brief.on {
                "as known that day".to_owned()
            } else {
                format!("as known on {}", brief.known_on)
            }
        )),
        Part::Screen(screen::render(brief)),
        Part::Heading("Duties in force, and what would return by itself".into()),
        Part::Chart(Box::new(chart::tariffs_and_talks(&pictures.tariffs, &pictures.timeline))),
        Part::Heading("What each outcome would do".into()),
        Part::Chart(Box::new(outcome_chart(brief))),
    ];
    parts.push(Part::Heading("Where a deal can lie".into()));
    match deal {
        Ok(deal) => parts.extend(deal_parts(deal)),
        Err(reason) => parts.push(Part::Text(format!("Not shown: {reason}"))),
    }
    parts.extend(details(brief));
    render(&format!("{}: where they stand on {}", brief.title, brief.on), &parts)
}

fn deal_parts(deal: &Deal) -> Vec<Part> {
    let [first, second] = &deal.curves.sides;
    let zone = if deal.plane.zone_is_empty {
        format!("No deal in one rate per side leaves both better off than {}", deal.without)
    } else {
        format!("A zone in which both gain over {}", deal.without)
    };
    let nash = format!(
        "In a war of one rate each, {first} would choose {:.0}% and {second} {:.0}%",
        100.0 * deal.curves.nash[0],
        100.0 * deal.curves.nash[1]
    );
    let mut parts = vec![
        Part::Text(
            "One rate per side on all of the other's goods, trade balanced, long run, everybody else holding their tariffs: a \
             bilateral zone. Best for a side means for its own income under this model, not for anybody else. The commands \
             frontier and bargain do the same sector by sector. It leaves out what uncertainty costs."
                .to_owned(),
        ),
        Part::Chart(Box::new(deal_chart::best_responses(&nash, &deal.curves))),
        Part::Chart(Box::new(deal_chart::payoffs(&zone, &deal.plane))),
    ];
    if let Some(curve) = &deal.patience {
        let title = match curve.critical {
            [Some(a), Some(b)] => format!(
                "Without a court the deal of equal gains holds from a discount factor of {:.2} per {:.0} days on",
                a.max(b),
                curve.period_days
            ),
            _ => "Without a court one side would break the deal of equal gains at any patience".to_owned(),
        };
        parts.push(Part::Chart(Box::new(deal_chart::patience(&title, curve))));
    }
    if let Some(curve) = &deal.deadline {
        let title = format!(
            "What one more extension is worth to {first} and to {second}; after a lapse: {}",
            deal.without
        );
        parts.push(Part::Chart(Box::new(deal_chart::deadline(&title, curve))));
    }
    parts
}

/// The parts below the first screen, in its order.
pub fn details(brief: &Brief) -> Vec<Part> {
    vec![
        band_tables::duties(brief),
        band_tables::bands(brief),
        Part::Fold("Outcomes, all economies and both starting points".into(), outcome_tables::parts(brief)),
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

/// Bars of welfare by outcome, from today, long run: the parties first, then the others most affected.
fn outcome_chart(brief: &Brief) -> plotly::Plot {
    let shown: Vec<&Outcome> = brief
        .outcomes
        .iter()
        .filter(|outcome| outcome.horizon == Horizon::Long && outcome.against == Against::Today)
        .collect();
    let mut economies: Vec<String> = brief.parties.iter().map(|party| party.economy.clone()).collect();
    let mut others: Vec<(String, f64)> = shown
        .iter()
        .flat_map(|outcome| &outcome.economies)
        .filter(|(code, _)| !economies.contains(code))
        .filter_map(|(code, effects)| Some((code.clone(), effects.income_pct?.abs())))
        .collect();
    others.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (code, _) in others {
        if economies.len() < 10 && !economies.contains(&code) {
            economies.push(code);
        }
    }
    let groups: Vec<OutcomeGroup> = shown
        .iter()
        .map(|outcome| OutcomeGroup {
            name: outcome.name.clone(),
            bars: economies
                .iter()
                .filter_map(|code| {
                    let effects = outcome.economies.get(code)?;
                    Some(OutcomeBar {
                        economy: code.clone(),
                        value: effects.income_pct?,
                        band: effects.income_band_pct,
                        weak: effects.quality == Some(Grade::Weak),
                    })
                })
                .collect(),
        })
        .collect();
    let label = shown.first().map_or("", |outcome| outcome.horizon_label.as_str());
    chart::outcomes(&finding(brief, &shown), &format!("income, percent ({label})"), &groups)
}

/// The finding in words: what the first outcome beside today would do to each party.
fn finding(brief: &Brief, shown: &[&Outcome]) -> String {
    let Some(outcome) = shown.first() else {
        return format!("No other outcome could be shown on {}", brief.on);
    };
    let effects: Vec<String> = brief
        .parties
        .iter()
        .map(|party| {
            let income = outcome.economies.get(&party.economy).and_then(|effects| effects.income_pct);
            format!("{} {}%", party.name, signed(income))
        })
        .collect();
    format!("{}, {}: income {}", outcome.name, brief.on, effects.join(", "))
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
                    item.points.map_or_else(|| "none".to_owned(), |points| format!("{points:+}")),
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
