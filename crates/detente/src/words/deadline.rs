//! The next deadline in its two tenses: what returns by itself, what cannot, what somebody would have to decide.

use super::number::{day, days, dollars, flow, joined, named, opening, percent, points, whose};
use crate::brief::{Brief, ByLaw, ByNotices, Deadline, LostBasis, ShownAverage};

/// How many days, to what.
pub fn days_left(brief: &Brief) -> String {
    let Some(deadline) = &brief.deadline else {
        return format!("No deadline is set on {}; nothing lapses by itself.", day(&brief.on));
    };
    // A date that was only said must not hide the nearer one of the texts.
    let notices = deadline.by_notices.as_ref().filter(|found| changes_the_same(brief, found));
    let notices = notices.map_or(String::new(), |found| {
        format!("; by the notices seen {}, in {}", day(&found.date), days(found.days))
    });
    let standing = match deadline.standing {
        Some(_) if notices.is_empty() => " (said, no notice seen)".to_owned(),
        Some(_) => format!(" (said{notices})"),
        None => String::new(),
    };
    format!(
        "{} to {}: {}{standing}.",
        opening(&days(deadline.days)),
        day(&deadline.date),
        what_ends(deadline)
    )
}

/// What ends on the deadline: two names at the most, the others counted.
fn what_ends(deadline: &Deadline) -> String {
    let names: Vec<&str> = deadline.measure.split("; ").collect();
    match names.as_slice() {
        [] | [_] | [_, _] => joined(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()),
        [first, second, others @ ..] => format!("{first}, {second} and {} others", others.len()),
    }
}

/// Said where the day lies past the last evidence.
pub fn not_verified(brief: &Brief) -> Option<String> {
    brief.not_verified_after.as_ref().map(|last| format!("Not verified after {}.", day(last)))
}

/// A direction of trade at the deadline.
#[derive(Clone, Debug, PartialEq)]
pub struct Returning {
    /// Code of the importer.
    pub importer: String,
    /// Code of the exporter.
    pub exporter: String,
    /// Average duty today, a fraction.
    pub today: f64,
    /// Average duty after the deadline if nobody signs, a fraction.
    pub after: f64,
    /// What returns, by size of the trade that it reaches: points (least, most) and dollars.
    pub steps: Vec<([f64; 2], Option<f64>)>,
    /// What that trade is, and of which year.
    pub flow: String,
}

/// What returns in each direction, in the order of the averages.
pub fn returning(brief: &Brief) -> Vec<Returning> {
    let Some(deadline) = &brief.deadline else { return Vec::new() };
    let of = |shown: &ShownAverage| {
        let after = brief.duty.if_nobody_signs.iter();
        let after =
            after.clone().find(|held| held.importer == shown.importer && held.exporter == shown.exporter);
        let mut steps: Vec<([f64; 2], Option<f64>)> = deadline
            .by_law
            .iter()
            .filter(|item| item.imposer == shown.importer && item.target == shown.exporter)
            .filter_map(|item| {
                Some(([item.points?, item.points_high.or(item.points)?], item.trade_at_stake_usd))
            })
            .collect();
        steps.sort_by(|a, b| b.1.unwrap_or(0.0).total_cmp(&a.1.unwrap_or(0.0)));
        Returning {
            importer: shown.importer.clone(),
            exporter: shown.exporter.clone(),
            today: shown.rate,
            after: after.map_or(shown.rate, |held| held.rate),
            steps,
            flow: flow(&shown.weights),
        }
    };
    brief.duty.shown.iter().map(of).collect()
}

/// What would happen to the duties if nobody signs; none where no deadline is set.
pub fn if_nobody_signs(brief: &Brief) -> Option<String> {
    let deadline = brief.deadline.as_ref()?;
    let found = returning(brief);
    let others = deadline.by_law.iter().filter(|item| !item.is_tariff).count();
    let others = match others {
        0 => String::new(),
        1 => "; one measure without a rate too".to_owned(),
        count => format!("; {count} measures without a rate too"),
    };
    let rising: Vec<&Returning> = found.iter().filter(|held| !held.steps.is_empty()).collect();
    let unweighed = unweighed(brief, deadline);
    let duty = if rising.is_empty() { " average duty" } else { "" };
    let unmoved = found.iter().filter(|held| held.steps.is_empty());
    let still: Vec<String> = unmoved.map(|held| still(brief, held, duty)).collect();
    if rising.is_empty() && unweighed.is_empty() {
        let adopted = found.iter().any(|held| percent(held.after) != percent(held.today));
        let still = if adopted { format!("; {}", joined(&still)) } else { String::new() };
        return Some(format!("If nobody signs, no tariff would change by itself{still}{others}."));
    }
    let mut said: Option<&str> = None;
    let clauses: Vec<String> = rising
        .iter()
        .map(|held| {
            let (today, after) = (percent(held.today), percent(held.after));
            let moves = match held.after - held.today {
                _ if today == after => "would stay at",
                change if change.abs() < 0.005 => "would barely move",
                change if change < 0.0 => "would fall",
                _ => "would rise",
            };
            // What the clause before has said is not said again.
            let duty = if said.is_none() {
                format!(" average duty on {} goods", whose(brief.party_name(&held.exporter)))
            } else {
                String::new()
            };
            let verb = if said == Some(moves) { String::new() } else { format!(" {moves}") };
            said = Some(moves);
            let rates =
                if today == after { format!("{today} %") } else { format!("from {today} to {after} %") };
            format!("{}{duty}{verb} {rates}{}", whose(brief.party_name(&held.importer)), step_words(held))
        })
        .collect();
    let clauses = [clauses, unweighed].concat();
    let still = if still.is_empty() { String::new() } else { format!("; {}", joined(&still)) };
    Some(format!("If nobody signs, {}{still}{others}.", joined(&clauses)))
}

/// A direction in which nothing changes on the day; what is adopted until then may.
fn still(brief: &Brief, held: &Returning, duty: &str) -> String {
    let (today, after) = (percent(held.today), percent(held.after));
    let importer = whose(brief.party_name(&held.importer));
    match today == after {
        true => format!("{importer}{duty} would stay at {today} %"),
        false => format!("{importer}{duty} would go from {today} to {after} % by what is adopted until then"),
    }
}

/// Tariffs that return in a direction of which no average is known: each by its own points.
fn unweighed(brief: &Brief, deadline: &Deadline) -> Vec<String> {
    let is_shown = |item: &&ByLaw| {
        let same = |held: &ShownAverage| (&held.importer, &held.exporter) == (&item.imposer, &item.target);
        item.is_tariff && !brief.duty.shown.iter().any(same)
    };
    let words = |item: &ByLaw| {
        let name = item.measures.join(", ");
        let importer = named(brief.party_name(&item.imposer));
        match (item.points, item.points_high.or(item.points)) {
            (Some(low), Some(high)) if low > 0.0 => {
                format!(
                    "{importer} would charge {} points more ({name}), on trade that is not known by line",
                    span(low, high)
                )
            }
            (Some(low), Some(high)) if low < 0.0 => {
                format!("{importer} would charge {} points less ({name})", span(-high, -low))
            }
            (Some(_), _) => format!("{name} of {importer} would end and charges nothing today"),
            _ => format!("{importer} would go from {} to {} ({name})", item.before, item.after),
        }
    };
    deadline.by_law.iter().filter(is_shown).map(words).collect()
}

/// A number of points, or two.
fn span(low: f64, high: f64) -> String {
    if high > low { format!("{} to {}", points(low), points(high)) } else { points(low) }
}

/// The largest step of a direction, with the trade that it reaches.
fn step_words(held: &Returning) -> String {
    let Some(([low, high], trade)) = held.steps.first() else { return String::new() };
    let trade = trade
        .filter(|trade| *trade > 0.0)
        .map_or(String::new(), |trade| format!(" on {} of {}", dollars(trade), held.flow));
    match *low < 0.0 {
        true => format!(" ({} points less{trade})", points(-low)),
        false => format!(" ({} points{trade})", span(*low, *high)),
    }
}

/// Whether the notices alone change the averages to what the deadline does.
fn changes_the_same(brief: &Brief, found: &ByNotices) -> bool {
    let same = |held: &ShownAverage| {
        brief.duty.if_nobody_signs.iter().any(|after| {
            (&after.importer, &after.exporter) == (&held.importer, &held.exporter)
                && percent(after.rate) == percent(held.rate)
        })
    };
    found.averages.iter().all(same)
}

/// What the notices seen would change before a deadline that was only said, where that is something else; [`days_left`] says the rest.
pub fn by_notices(brief: &Brief) -> Option<String> {
    let deadline = brief.deadline.as_ref()?;
    let found = deadline.by_notices.as_ref().filter(|found| !changes_the_same(brief, found))?;
    let (when, left) = (day(&found.date), days(found.days));
    let averages: Vec<String> = found
        .averages
        .iter()
        .map(|held| format!("{} to {} %", whose(brief.party_name(&held.importer)), percent(held.rate)))
        .collect();
    Some(format!("The notices alone would move them on {when}, in {left}: {}.", joined(&averages)))
}

/// What the texts still say and the law no longer carries, and what needs somebody's act; empty where there is neither.
pub fn not_counted(brief: &Brief) -> Vec<String> {
    let Some(deadline) = &brief.deadline else { return own_steps(brief).into_iter().collect() };
    let mut found: Vec<String> = by_notices(brief).into_iter().collect();
    found.extend(without_basis(brief, deadline));
    let acts: Vec<String> = deadline
        .needs_new_act
        .iter()
        .map(|act| {
            let size = match (act.points, act.of_which_by_law) {
                (None, _) => "without a figure".to_owned(),
                (Some(size), _) if act.is_on_top => format!("{} points on top", points(size)),
                (Some(size), Some(part)) => {
                    format!("{} points, the {} included", points(size), points(part))
                }
                (Some(size), None) => format!("{} points", points(size)),
            };
            let may = if act.legally_available { "" } else { ", which the law does not permit on that day" };
            format!("{} {size} ({}{may})", named(brief.party_name(&act.imposer)), short_statute(&act.statute))
        })
        .collect();
    if !acts.is_empty() {
        found.push(format!("Only by a new act: {}.", joined(&acts)));
    }
    found.extend(own_steps(brief));
    found
}

/// What acts of a folder of one's own change on days ahead; none where there is no such act.
fn own_steps(brief: &Brief) -> Option<String> {
    let change = |item: &ByLaw| {
        let importer = named(brief.party_name(&item.imposer));
        let size = match (item.points, item.points_high.or(item.points)) {
            (Some(low), Some(high)) if low > 0.0 => format!("{} points more", span(low, high)),
            (Some(low), Some(high)) if high < 0.0 => format!("{} points less", span(-high, -low)),
            _ => format!("{} instead of {}", item.after, item.before),
        };
        let basis =
            item.trade_basis.as_deref().map_or(String::new(), |weights| format!(" of {}", flow(weights)));
        let trade = item.trade_at_stake_usd.filter(|trade| *trade > 0.0);
        let trade = trade.map_or(String::new(), |trade| format!(" on {}{basis}", dollars(trade)));
        format!("{importer} {size}{trade} ({})", item.measures.join(", "))
    };
    let steps: Vec<String> = brief
        .own_steps
        .iter()
        .map(|step| {
            let changes: Vec<String> = step.changes.iter().map(change).collect();
            format!("from {} {}", day(&step.date), joined(&changes))
        })
        .collect();
    (!steps.is_empty()).then(|| format!("By your own facts: {}.", steps.join("; ")))
}

/// What cannot return since its legal basis fell: a sentence for each act that says so.
fn without_basis(brief: &Brief, deadline: &Deadline) -> Vec<String> {
    let words = |item: &ByLaw| {
        let size = item.points.map_or("measure".to_owned(), |size| format!("{} points", points(size)));
        format!("{} {size} ({})", whose(brief.party_name(&item.imposer)), short_statute(&item.legal_basis))
    };
    let mut by_reason: Vec<(Option<&LostBasis>, Vec<String>)> = Vec::new();
    for item in &deadline.no_legal_basis {
        let reason = item.lost_basis.as_ref();
        match by_reason.iter_mut().find(|(held, _)| *held == reason) {
            Some((_, items)) => items.push(words(item)),
            None => by_reason.push((reason, vec![words(item)])),
        }
    }
    let sentence = |(reason, items): (Option<&LostBasis>, Vec<String>)| {
        let why = reason.map_or("the law no longer carries them".to_owned(), |held| {
            // An order that carries a ruling out names it after itself: the ruling is the reason.
            let ruling = held.act.rsplit(" after ").next().unwrap_or(&held.act);
            format!("no legal basis since {} ({ruling})", day(&held.on))
        });
        opening(&format!("{} cannot return: {why}.", joined(&items)))
    };
    by_reason.into_iter().map(sentence).collect()
}

/// The part of a statute that people say: what stands in brackets, else what comes before the first semicolon.
pub fn short_statute(statute: &str) -> &str {
    match (statute.find('('), statute.find(')')) {
        (Some(open), Some(close)) if open < close => &statute[open + 1..close],
        _ => statute.split(';').next().unwrap_or(statute),
    }
}
