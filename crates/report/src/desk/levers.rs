//! The levers as a form: one fieldset a side, one group an authority, one row an instrument or a sector.

use detente::World;
use detente::desk::levers::{Direction, of_day};
use detente::desk::state::DeskState;
use detente::words::number::{points, whose};

use super::answer::{Day, NoDeskAnswer};
use crate::picture::canvas::escape;

/// The levers of a state as HTML.
///
/// # Errors
/// What the record refuses.
pub fn html(world: &World, day: &Day, state: &DeskState) -> Result<String, NoDeskAnswer> {
    let tariffs = world.record()?;
    let talks = tariffs.ledger().talks(&state.talks).map_err(detente::Error::from)?;
    let directions = of_day(tariffs, &talks, state.on, state.known_on).map_err(detente::Error::from)?;
    Ok(directions.iter().map(|direction| side(world, day, state, direction)).collect())
}

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
    let row = |what: &str, label: &str, now: Option<f64>| {
        let place = format!("{importer}.{exporter}.{what}");
        let held = state
            .levers
            .iter()
            .find(|lever| lever.importer == importer && lever.exporter == exporter && lever.what == what);
        lever(&place, label, now, held.map_or(0.0, |lever| lever.points))
    };
    body.push_str(&row("all", "everything", Some(direction.average_pct)));
    for authority in &direction.authorities {
        let rows: String = authority
            .instruments
            .iter()
            .map(|held| row(&held.id, &held.title, Some(held.rate_pct)))
            .collect();
        body.push_str(&format!(
            "<details{}><summary>{} <span>adds {} points</span></summary>{rows}</details>",
            if authority.adds_points >= 5.0 && authority.instruments.len() <= 4 { " open" } else { "" },
            escape(&authority.name),
            points(authority.adds_points)
        ));
    }
    let sectors: String = world
        .directory()
        .benchmark
        .sectors
        .iter()
        .map(|sector| row(&sector.code, &sector.name, None))
        .collect();
    body.push_str(&format!("<details><summary>by sector</summary>{sectors}</details>"));
    format!(
        "<fieldset><legend>{} <span>{} % by statute</span></legend>{body}</fieldset>",
        escape(&title),
        points(direction.average_pct)
    )
}

/// One lever: a slider and a number of points, moved from zero.
fn lever(place: &str, label: &str, now: Option<f64>, moved: f64) -> String {
    let low = now.map_or(-50.0, |rate| -rate.max(10.0).ceil());
    let id = place.replace('.', "-");
    let now = now.map_or(String::new(), |rate| format!(" <span>{} %</span>", points(rate)));
    let (place, label) = (escape(place), escape(label));
    format!(
        "<div class=\"lever\"><label for=\"{id}\">{label}{now}</label>\
         <input type=\"range\" class=\"slide\" min=\"{low}\" max=\"100\" step=\"1\" value=\"{moved}\" data-lever=\"{place}\" aria-label=\"{label}, points\">\
         <button type=\"button\" data-step=\"-1\" data-lever=\"{place}\" aria-label=\"{label}: one point less\">−</button>\
         <input type=\"number\" id=\"{id}\" name=\"l.{place}\" min=\"-500\" max=\"500\" step=\"0.5\" value=\"{moved}\" data-lever=\"{place}\">\
         <button type=\"button\" data-step=\"1\" data-lever=\"{place}\" aria-label=\"{label}: one point more\">+</button></div>"
    )
}
