//! The levers as a form: one fieldset a side, one group an authority, one row an instrument or a sector.

use detente::World;
use detente::desk::levers::{Direction, of_day};
use detente::desk::state::DeskState;
use detente::words::number::{points, whose};

use super::answer::{Day, NoDeskAnswer};
use super::words::{filled, say};
use crate::picture::canvas::escape;

/// The levers of a state as HTML.
///
/// # Errors
/// What the record refuses.
pub fn html(world: &World, day: &Day, state: &DeskState) -> Result<String, NoDeskAnswer> {
    let tariffs = world.record()?;
    let talks = tariffs.ledger().talks(&state.talks).map_err(detente::Error::from)?;
    let directions = of_day(tariffs, &talks, state.on, state.known_on).map_err(detente::Error::from)?;
    let sides: String = directions.iter().map(|direction| side(world, day, state, direction)).collect();
    Ok(sides.clone() + &other_pairs(world, state, &sides))
}

/// Levers on any pair of economies: those that the state moves and the sides do not have, and a row that makes more.
fn other_pairs(world: &World, state: &DeskState, sides: &str) -> String {
    let benchmark = &world.directory().benchmark;
    let name = |code: &str| {
        let held = benchmark.economy(code).map(|at| benchmark.economies[at].name.clone());
        held.unwrap_or_else(|| code.to_owned())
    };
    let goods = |code: &str| {
        let sector = benchmark.sectors.iter().find(|sector| sector.code == code);
        sector
            .map_or_else(
                || KINDS.iter().find(|kind| kind.0 == code).map_or(code, |kind| say(kind.1)),
                |held| &held.name,
            )
            .to_owned()
    };
    let rows: String = state
        .levers
        .iter()
        .map(|held| (format!("{}.{}.{}", held.importer, held.exporter, held.what), held))
        .filter(|(place, _)| !sides.contains(&format!("data-lever=\"{place}\"")))
        .map(|(place, held)| {
            let label =
                format!("{} on {}: {}", name(&held.importer), name(&held.exporter), goods(&held.what));
            lever(&place, &label, None, held.points, false)
        })
        .collect();
    let option =
        |(code, name): (&str, &str)| format!("<option value=\"{}\">{}</option>", escape(code), escape(name));
    let economies: String = benchmark.economies.iter().map(|held| option((&held.code, &held.name))).collect();
    let what: String = KINDS
        .map(|(code, key)| (code, say(key)))
        .into_iter()
        .chain(benchmark.sectors.iter().map(|held| (held.code.as_str(), held.name.as_str())))
        .map(option)
        .collect();
    let blank = lever("A.B.all", say("of_another_pair"), None, 0.0, false);
    format!(
        "<fieldset id=\"others\"><legend>{any_other_pair}</legend><div id=\"other-rows\">{rows}</div>\
         <div class=\"bar tools\" hidden><label>{who_charges} <select id=\"other-importer\">{economies}</select></label>\
         <label>{on_goods_from} <select id=\"other-exporter\">{economies}</select></label>\
         <label>{what_label} <select id=\"other-what\">{what}</select></label>\
         <button type=\"button\" id=\"other-add\">{add_a_lever}</button></div><template id=\"other-row\">{blank}</template></fieldset>",
        any_other_pair = say("any_other_pair"),
        who_charges = say("who_charges"),
        on_goods_from = say("on_goods_from"),
        what_label = say("what_label"),
        add_a_lever = say("add_a_lever"),
    )
}

/// What a lever may name beside sectors, with the key of its name.
const KINDS: [(&str, &str); 5] = [
    ("all", "kind_all"),
    ("agriculture", "kind_agriculture"),
    ("mining", "kind_mining"),
    ("manufacturing", "kind_manufacturing"),
    ("services", "kind_services"),
];

fn side(world: &World, day: &Day, state: &DeskState, direction: &Direction) -> String {
    let brief = &day.brief;
    let economy = |code: &str| {
        brief
            .parties
            .iter()
            .find(|party| party.code == code)
            .map_or(code.to_owned(), |party| party.economy.clone())
    };
    let (importer, exporter) = (economy(&direction.importer.code), economy(&direction.exporter.code));
    let title =
        format!("{} duties on {} goods", whose(&direction.importer.name), whose(&direction.exporter.name));
    let title = detente::words::number::opening(&title);
    let mut body = String::new();
    let row = |what: &str, label: &str, now: Option<f64>, goes_off: bool| {
        let place = format!("{importer}.{exporter}.{what}");
        let held = state
            .levers
            .iter()
            .find(|lever| lever.importer == importer && lever.exporter == exporter && lever.what == what);
        lever(&place, label, now, held.map_or(0.0, |lever| lever.points), goes_off)
    };
    body.push_str(&row("all", say("kind_all"), Some(direction.average_pct), false));
    for authority in &direction.authorities {
        let rows: String = authority
            .instruments
            .iter()
            .map(|held| row(&held.id, &held.title, Some(held.rate_pct), held.has_one_rate))
            .collect();
        body.push_str(&format!(
            "<details{}><summary>{} <span>{}</span></summary>{rows}</details>",
            if authority.adds_points >= 5.0 && authority.instruments.len() <= 4 { " open" } else { "" },
            escape(&authority.name),
            filled(say("adds_points"), &[&points(authority.adds_points)])
        ));
    }
    let sectors: String = world
        .directory()
        .benchmark
        .sectors
        .iter()
        .map(|sector| row(&sector.code, &sector.name, None, false))
        .collect();
    body.push_str(&format!("<details><summary>{}</summary>{sectors}</details>", say("by_sector")));
    format!(
        "<fieldset><legend>{} <span>{}</span></legend>{body}</fieldset>",
        escape(&title),
        filled(say("percent_by_statute"), &[&points(direction.average_pct)])
    )
}

/// One lever: a slider and a number of points, moved from zero; a measure of one rate has a button that takes it off whole.
fn lever(place: &str, label: &str, now: Option<f64>, moved: f64, goes_off: bool) -> String {
    let low = now.map_or(-50.0, |rate| -rate.max(10.0).ceil());
    let id = place.replace('.', "-");
    let (place, label) = (escape(place), escape(label));
    let off = now.filter(|rate| goes_off && *rate > 0.0).map_or(String::new(), |rate| {
        format!("<button type=\"button\" class=\"off\" data-off=\"{1}\" data-lever=\"{place}\" aria-label=\"{0} {label}\">{0}</button>", say("take_off"), -rate)
    });
    let now = now.map_or(String::new(), |rate| format!(" <span>{} %</span>", points(rate)));
    format!(
        "<div class=\"lever\"><label for=\"{id}\">{label}{now}</label>\
         <input type=\"range\" class=\"slide\" min=\"{low}\" max=\"100\" step=\"1\" value=\"{moved}\" data-lever=\"{place}\" aria-label=\"{label}, {points_word}\">\
         <button type=\"button\" data-step=\"-1\" data-lever=\"{place}\" aria-label=\"{label}: {less}\">−</button>\
         <input type=\"number\" id=\"{id}\" name=\"l.{place}\" min=\"-500\" max=\"500\" step=\"0.5\" value=\"{moved}\" data-lever=\"{place}\">\
         <button type=\"button\" data-step=\"1\" data-lever=\"{place}\" aria-label=\"{label}: {more}\">+</button>{off}</div>",
        points_word = say("points_word"),
        less = say("one_point_less"),
        more = say("one_point_more"),
    )
}
