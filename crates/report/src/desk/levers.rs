//! The levers as a form: one fieldset a side, one group an authority, one row an instrument or a sector.

use detente::World;
use detente::desk::levers::{Direction, direction, of_day};
use detente::desk::state::{DeskState, Lever};
use detente::words::number::{points, whose};

use detente::desk::document::NoDocument;
use detente::desk::measure;
use detente_ledger::talks::Party;
use detente_tables::nearest::suggestion;

use super::answer::{Day, NoDeskAnswer, refused_key};
use super::words::{Catalogue, filled};
use crate::picture::canvas::escape;

/// The levers of a state as HTML.
///
/// # Errors
/// What the record refuses.
pub fn html(world: &World, day: &Day, state: &DeskState, words: Catalogue) -> Result<String, NoDeskAnswer> {
    let tariffs = world.record()?;
    let talks = tariffs.ledger().talks_held(&state.talks).map_err(detente::Error::from)?;
    let directions = of_day(tariffs, &talks, state.on, state.known_on).map_err(detente::Error::from)?;
    let sides: String = directions
        .iter()
        .map(|direction| {
            let pair = [&direction.importer.code, &direction.exporter.code].map(|code| {
                let held = day.brief.parties.iter().find(|party| party.code == *code);
                held.map_or(code.as_str(), |party| party.economy.as_str())
            });
            side(world, (state, words), direction, pair)
        })
        .collect();
    Ok(sides.clone() + &other_pairs(world, (state, words), &sides))
}

/// The levers of one importer on one origin beside the sides: a form by itself, whose rows the desk takes in.
///
/// # Errors
/// Economies that are not there, with the nearest; several origins at once; trade that is not on record by line.
pub fn pair(
    world: &World,
    state: &DeskState,
    codes: [&str; 2],
    words: Catalogue,
) -> Result<String, NoDeskAnswer> {
    let benchmark = &world.directory().benchmark;
    let mut places = [0; 2];
    for (place, (key, code)) in places.iter_mut().zip(["to", "from"].into_iter().zip(codes)) {
        let known =
            || refused_key(key, format!("no economy `{code}`; {}", suggestion(code, world.economies())));
        *place = benchmark.economy(code).ok_or_else(known)?;
    }
    let [importer, exporter] = places;
    if importer == exporter {
        return Err(refused_key("from", words.say("two_economies").to_owned()));
    }
    let origin = measure::origin_of(world, importer, exporter, state.on).map_err(NoDocument::from)?;
    let party = |code: String, place: usize| Party {
        code,
        name: benchmark.economies[place].name.clone(),
        reads: Vec::new(),
    };
    let sides = [party(codes[0].to_owned(), importer), party(origin, exporter)];
    let found = direction(world.record()?, &sides[0], &sides[1], state.on, state.known_on);
    let rows = side(world, (state, words), &found.map_err(detente::Error::from)?, codes);
    // What else the state moves goes on with the form.
    let shown = |held: &&Lever| held.importer != codes[0] || held.exporter != codes[1];
    let hidden: String = (state.levers.iter().filter(shown))
        .map(|held| (format!("l.{}.{}.{}", held.importer, held.exporter, held.what), held.points.to_string()))
        .chain(
            DeskState { others_of_the_day: true, levers: Vec::new(), ..state.clone() }
                .query()
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(key, value)| (key.to_owned(), value.to_owned())),
        )
        .map(|(key, value)| {
            format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(&key), escape(&value))
        })
        .collect();
    Ok(format!(
        "<form class=\"pair\" method=\"get\" action=\"/desk\">{hidden}{rows}<p class=\"note\">{}</p><button type=\"submit\">{}</button></form>",
        words.say("pair_note"),
        words.say("answer_button")
    ))
}

/// Levers on any pair of economies: those that the state moves and the sides do not have, and a row that makes more.
fn other_pairs(world: &World, (state, words): (&DeskState, Catalogue), sides: &str) -> String {
    let benchmark = &world.directory().benchmark;
    let name = |code: &str| {
        let held = benchmark.economy(code).map(|at| benchmark.economies[at].name.clone());
        held.unwrap_or_else(|| code.to_owned())
    };
    let goods = |code: &str| {
        let sector =
            benchmark.sectors.iter().find(|sector| sector.code == code).map(|held| held.name.as_str());
        let kind = || KINDS.iter().find(|kind| kind.0 == code).map(|kind| words.say(kind.1));
        let instruments =
            world.record().map(|record| record.ledger().instruments.as_slice()).unwrap_or_default();
        let measure = || instruments.iter().find(|held| held.id == code).map(|held| held.title.as_str());
        sector.or_else(kind).or_else(measure).unwrap_or(code).to_owned()
    };
    let rows: String = state
        .levers
        .iter()
        .map(|held| (format!("{}.{}.{}", held.importer, held.exporter, held.what), held))
        .filter(|(place, _)| !sides.contains(&format!("data-lever=\"{place}\"")))
        .map(|(place, held)| {
            let label = filled(
                words.say("pair"),
                &[&name(&held.importer), &name(&held.exporter), &goods(&held.what)],
            );
            lever(words, (&place, &label), None, held.points, false)
        })
        .collect();
    let option =
        |(code, name): (&str, &str)| format!("<option value=\"{}\">{}</option>", escape(code), escape(name));
    let economies: String = benchmark.economies.iter().map(|held| option((&held.code, &held.name))).collect();
    let what: String = KINDS
        .map(|(code, key)| (code, words.say(key)))
        .into_iter()
        .chain(benchmark.sectors.iter().map(|held| (held.code.as_str(), held.name.as_str())))
        .map(option)
        .collect();
    let blank = lever(words, ("A.B.all", words.say("of_another_pair")), None, 0.0, false);
    format!(
        "<fieldset id=\"others\"><legend>{any_other_pair}</legend><div id=\"other-rows\">{rows}</div>\
         <div class=\"bar tools\" hidden><label>{who_charges} <select id=\"other-importer\">{economies}</select></label>\
         <label>{on_goods_from} <select id=\"other-exporter\">{economies}</select></label>\
         <label>{what_label} <select id=\"other-what\">{what}</select></label>\
         <button type=\"button\" id=\"other-add\">{add_a_lever}</button>\
         <button type=\"button\" id=\"other-show\">{show_the_pair}</button></div><template id=\"other-row\">{blank}</template></fieldset>",
        any_other_pair = words.say("any_other_pair"),
        who_charges = words.say("who_charges"),
        on_goods_from = words.say("on_goods_from"),
        what_label = words.say("what_label"),
        add_a_lever = words.say("add_a_lever"),
        show_the_pair = words.say("show_the_pair"),
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

fn side(
    world: &World,
    (state, words): (&DeskState, Catalogue),
    direction: &Direction,
    [importer, exporter]: [&str; 2],
) -> String {
    let title = filled(
        words.say("whose_duties"),
        &[&whose(&direction.importer.name), &whose(&direction.exporter.name)],
    );
    let title = detente::words::number::opening(&title);
    let mut body = String::new();
    let row = |what: &str, label: &str, now: Option<f64>, goes_off: bool| {
        let place = format!("{importer}.{exporter}.{what}");
        let held = state
            .levers
            .iter()
            .find(|lever| lever.importer == importer && lever.exporter == exporter && lever.what == what);
        lever(words, (&place, label), now, held.map_or(0.0, |lever| lever.points), goes_off)
    };
    body.push_str(&row("all", words.say("kind_all"), Some(direction.average_pct), false));
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
            filled(words.say("adds_points"), &[&points(authority.adds_points)])
        ));
    }
    let sectors: String = world
        .directory()
        .benchmark
        .sectors
        .iter()
        .map(|sector| row(&sector.code, &sector.name, None, false))
        .collect();
    body.push_str(&format!("<details><summary>{}</summary>{sectors}</details>", words.say("by_sector")));
    format!(
        "<fieldset data-pair=\"{importer}.{exporter}\"><legend>{} <span>{}</span></legend>{body}</fieldset>",
        escape(&title),
        filled(words.say("percent_by_statute"), &[&points(direction.average_pct)])
    )
}

/// One lever: a slider and a number of points, moved from zero; a measure of one rate has a button that takes it off whole.
fn lever(
    words: Catalogue,
    (place, label): (&str, &str),
    now: Option<f64>,
    moved: f64,
    goes_off: bool,
) -> String {
    let low = now.map_or(-50.0, |rate| -rate.max(10.0).ceil());
    let id = place.replace('.', "-");
    let (place, label) = (escape(place), escape(label));
    let off = now.filter(|rate| goes_off && *rate > 0.0).map_or(String::new(), |rate| {
        format!("<button type=\"button\" class=\"off\" data-off=\"{1}\" data-lever=\"{place}\" aria-label=\"{0} {label}\">{0}</button>", words.say("take_off"), -(100.0 * rate).round() / 100.0)
    });
    let now = now.map_or(String::new(), |rate| format!(" <span>{} %</span>", points(rate)));
    format!(
        "<div class=\"lever\"><label for=\"{id}\">{label}{now}</label>\
         <input type=\"range\" class=\"slide\" min=\"{low}\" max=\"100\" step=\"1\" value=\"{moved}\" data-lever=\"{place}\" aria-label=\"{label}, {points_word}\">\
         <button type=\"button\" data-step=\"-1\" data-lever=\"{place}\" aria-label=\"{label}: {less}\">−</button>\
         <input type=\"number\" id=\"{id}\" name=\"l.{place}\" min=\"-500\" max=\"500\" step=\"0.5\" value=\"{moved}\" data-lever=\"{place}\">\
         <button type=\"button\" data-step=\"1\" data-lever=\"{place}\" aria-label=\"{label}: {more}\">+</button>{off}</div>",
        points_word = words.say("points_word"),
        less = words.say("one_point_less"),
        more = words.say("one_point_more"),
    )
}
