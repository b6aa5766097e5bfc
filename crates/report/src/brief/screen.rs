//! The first screen of a brief: sentences first, then one table, then what is missing, in the order in which a meeting asks. Nothing is cut:
//! what does not fit a line goes on in the next.

use super::outcome_rows;
use crate::paragraph::lines;
use crate::width;
use detente::brief::{Brief, Party};
use detente::words::effects::{self, shown};
use detente::words::{deadline, deal, duty, number, record};
use detente_engine::horizon::Horizon;
use detente_ledger::talks::OutcomeKind;

/// Most lines of the screen at [`COLUMNS`] and wider.
pub const LINES: usize = 25;
/// From this width on the screen is held to its lines; narrower ones have as many as the same sentences need.
pub const COLUMNS: usize = 100;

/// How much is said by name where the lines are few: the first that fits is taken, and what is not said is counted.
#[derive(Clone, Copy)]
struct Room {
    authorities: usize,
    areas: usize,
    series_by_name: bool,
    days_of_reference: bool,
    /// The other stated aim, household consumption; it stands in `--details` and the data too.
    consumption: bool,
}

const ROOMS: [Room; 5] = [
    Room { authorities: 5, areas: 5, series_by_name: true, days_of_reference: true, consumption: true },
    Room { authorities: 3, areas: 4, series_by_name: true, days_of_reference: true, consumption: true },
    Room { authorities: 2, areas: 2, series_by_name: false, days_of_reference: true, consumption: true },
    Room { authorities: 1, areas: 1, series_by_name: false, days_of_reference: false, consumption: true },
    Room { authorities: 1, areas: 0, series_by_name: false, days_of_reference: false, consumption: false },
];

/// The first screen at the width of the terminal.
pub fn render(brief: &Brief, names: &effects::Names) -> String {
    render_at(brief, names, width::columns())
}

/// The brief with the names that a screen has room for: those of the talks' own title, where that names each side by its name or by its
/// initials.
pub fn with_short_names(brief: &Brief) -> Brief {
    let mut brief = brief.clone();
    let words: Vec<String> =
        brief.title.split(' ').next().unwrap_or_default().split('-').map(str::to_owned).collect();
    let initials =
        |name: &str| -> String { name.split(' ').filter_map(|word| word.chars().next()).collect() };
    let is_meant = |(party, word): (&Party, &String)| party.name == *word || initials(&party.name) == *word;
    if words.len() == brief.parties.len() && brief.parties.iter().zip(&words).all(is_meant) {
        brief.parties.iter_mut().zip(words).for_each(|(party, word)| party.name = word);
    }
    brief
}

/// The same at a width.
pub fn render_at(brief: &Brief, names: &effects::Names, width: usize) -> String {
    let brief = &with_short_names(brief);
    let mut text = String::new();
    for room in ROOMS {
        let found = at(brief, names, width, room);
        text = found.join("\n");
        if found.len() <= LINES || width < COLUMNS {
            break;
        }
    }
    text.push('\n');
    text
}

fn at(brief: &Brief, names: &effects::Names, width: usize, room: Room) -> Vec<String> {
    let mut found = lines("", &[heading(brief)], 2, width);
    let mut part = |label: &str, sentences: Vec<String>| {
        if !sentences.is_empty() {
            found.extend(lines(label, &sentences, 2, width));
        }
    };
    part("1 DEADLINE  ", question(brief));
    part("2 DUTY  ", vec![duty::averages_by_authority(brief, room.authorities)]);
    found.extend(outcome_rows::lines(brief, "3 ", room.days_of_reference, width));
    let mut part = |label: &str, sentences: Vec<String>| {
        if !sentences.is_empty() {
            found.extend(lines(label, &sentences, 2, width));
        }
    };
    part("  ", outcomes(brief, names, room));
    part("4 NOT COUNTED  ", vec![record::not_measured(brief, room.areas)]);
    let pace = if room.series_by_name { record::pace(brief) } else { record::pace_in_short(brief) };
    let mut last: Vec<String> = pace.into_iter().collect();
    last.push(if room.series_by_name { record::promises(brief) } else { record::promises_in_short(brief) });
    last.push("More: add --details.".to_owned());
    part("5 RECORD  ", last);
    found
}

fn heading(brief: &Brief) -> String {
    let known = if brief.known_on == brief.on {
        "as known that day".to_owned()
    } else {
        format!("as known on {}", number::day(&brief.known_on))
    };
    let verified = brief
        .not_verified_after
        .as_ref()
        .map_or(String::new(), |last| format!("; not verified after {}", number::day(last)));
    let begins = brief.before_the_record.as_ref().map_or(String::new(), |first| {
        format!("; the record begins on {}: base rates only", number::day(first))
    });
    format!("{} on {}, {known}{verified}{begins}", brief.title, number::day(&brief.on))
}

fn question(brief: &Brief) -> Vec<String> {
    let mut found = vec![deadline::days_left(brief)];
    found.extend(deadline::if_nobody_signs(brief));
    found.extend(deadline::not_counted(brief));
    found
}

/// What stands below the table: who loses more, the first year, manufacturing, the others, a deal, what was left out.
fn outcomes(brief: &Brief, names: &effects::Names, room: Room) -> Vec<String> {
    let mut found = outcome_rows::notes();
    found.extend(effects::as_the_benchmark(brief));
    let first = shown(brief, Horizon::Long).find(|outcome| brief.is_beside_today(outcome));
    let lapse = first.filter(|outcome| outcome.kind == OutcomeKind::Lapse);
    let today = shown(brief, Horizon::Long).find(|outcome| outcome.kind == OutcomeKind::InForce);
    if let Some(outcome) = lapse {
        found.extend(effects::who_loses_more_both_ways(brief));
        found.extend(effects::others(brief, outcome, names));
    }
    if let Some(outcome) = today {
        if lapse.is_none() {
            found.extend(effects::others(brief, outcome, names));
        }
        found.extend(effects::consumption(brief, outcome).filter(|_| room.consumption));
    }
    found.extend(deal::in_one_rate(brief));
    found
}
