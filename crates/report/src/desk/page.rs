//! The desk's page: sentences first, then levers and pictures; whole without a script, by a form and a button.

use detente::World;
use detente::desk::state::{Case, DeskState, StateBasis};
use detente::words::number;
use serde_json::Value;

use super::answer::{Day, NoDeskAnswer, day_details, day_sentences};
use super::levers;
use crate::page::{Part, html as parts_html};
use crate::picture::canvas::escape;
use detente::words::opening::cards;

/// Addresses of the page's assets.
#[derive(Clone, Debug)]
pub struct Assets {
    /// Style sheet.
    pub style: String,
    /// Scripts, in their order.
    pub scripts: Vec<String>,
}

/// Order of the pictures that answer a move.
const PICTURES: [&str; 3] = ["income", "sectors", "diversion"];

/// The page of a state with its answer.
///
/// # Errors
/// What the record refuses.
pub fn html(
    world: &World,
    day: &Day,
    state: &DeskState,
    answer: &Value,
    talks: &[(String, String)],
    assets: &Assets,
) -> Result<String, NoDeskAnswer> {
    let brief = &day.brief;
    let lead: Vec<Part> =
        day_sentences(day).into_iter().map(Part::Lead).chain([Part::Cards(cards(brief))]).collect();
    let details = parts_html(&[Part::Fold("More of the day".into(), vec![Part::List(day_details(day))])]);
    let sentences = answer["sentences"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let sentences: String = sentences.map(|text| format!("<p>{}</p>", escape(text))).collect();
    let pictures: String = PICTURES
        .iter()
        .map(|id| {
            let drawn = answer["pictures"][*id].as_str().unwrap_or_default();
            format!("<section class=\"cell\" data-cell=\"{id}\">{drawn}</section>")
        })
        .collect();
    let options: String = talks
        .iter()
        .map(|(code, title)| {
            let chosen = if *code == state.talks { " selected" } else { "" };
            format!("<option value=\"{}\"{chosen}>{}</option>", escape(code), escape(title))
        })
        .collect();
    let checked = |is: bool| if is { " checked" } else { "" };
    let known = if state.known_on == state.on { String::new() } else { state.known_on.to_string() };
    let scripts: String = assets
        .scripts
        .iter()
        .map(|address| format!("<script src=\"{}\" defer></script>", escape(address)))
        .collect();
    let query = escape(&state.query());
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} on {on}</title>\n<link rel=\"stylesheet\" href=\"{style}\">\n{scripts}\n</head>\n<body data-state=\"{query}\">\n\
         <a class=\"skip\" href=\"#answer\">To the answer</a>\n<main class=\"desk\">\n<h1>{title} on {on_words}</h1>\n<div id=\"day\">{lead}{details}</div>\n\
         <section id=\"answer\" tabindex=\"-1\" aria-label=\"What it would do\"><h2>What it would do</h2><div id=\"sentences\" aria-live=\"polite\">{sentences}</div><div id=\"pinned\" hidden></div>\
         <p class=\"bar\" id=\"saves\"><a class=\"button\" data-save=\"scenario.toml\" href=\"/api/desk/scenario.toml?{query}\">Scenario file</a> \
         <a class=\"button\" data-save=\"answer.json\" href=\"/api/desk/answer.json?{query}\">All numbers</a> \
         <a class=\"button\" data-save=\"page.html\" href=\"/api/desk/page.html?{query}\">This as one page</a></p></section>\n\
         <form id=\"levers\" method=\"get\" action=\"/desk\" aria-label=\"State of the desk\">\n\
         <div class=\"bar\"><label>Talks <select name=\"t\">{options}</select></label>\
         <label>Day <input type=\"date\" name=\"on\" value=\"{on}\"></label>\
         <label>Known on <input type=\"date\" name=\"known\" value=\"{known}\"></label>\
         <label class=\"check\"><input type=\"checkbox\" name=\"case\" value=\"lapse\"{lapse}> If nobody signs</label>\
         <label class=\"check\"><input type=\"checkbox\" name=\"basis\" value=\"statute\"{statute}> By statute</label>\
         <button type=\"submit\">Answer</button></div>\n\
         <div class=\"bar tools\" hidden><button type=\"button\" id=\"undo\">Undo</button><button type=\"button\" id=\"redo\">Redo</button>\
         <button type=\"button\" id=\"reset\">Reset</button><button type=\"button\" id=\"pin\">Pin</button><button type=\"button\" id=\"share\">Copy link</button>\
         <button type=\"button\" id=\"scheme\">Dark or light</button><button type=\"button\" id=\"print\">Print</button></div>\n\
         <details class=\"levers\" open><summary>Levers: points added to what is in force</summary><div class=\"sides\">{levers}</div></details>\n</form>\n\
         <div class=\"grid\"><section class=\"cell\" data-cell=\"in-force\">{in_force}</section>{pictures}</div>\n\
         <p id=\"link\" class=\"note\">Link: <a href=\"/desk?{query}\">/desk?{query}</a></p>\n</main>\n<footer><p id=\"made-by\">{made_by}</p></footer>\n</body>\n</html>\n",
        title = escape(&brief.title),
        on = state.on,
        on_words = number::day(&brief.on),
        style = escape(&assets.style),
        lead = parts_html(&lead),
        lapse = checked(state.case == Case::Lapse),
        statute = checked(state.basis == StateBasis::Statute),
        levers = levers::html(world, day, state)?,
        in_force = day.in_force.html(),
        made_by = escape(answer["made_by"].as_str().unwrap_or_default()),
    ))
}

/// The state as one self-contained page, without levers.
pub fn self_contained(day: &Day, answer: &Value) -> String {
    let brief = &day.brief;
    let mut parts: Vec<Part> = day_sentences(day).into_iter().map(Part::Lead).collect();
    parts.push(Part::Cards(cards(brief)));
    parts.push(Part::Heading(answer["name"].as_str().unwrap_or_default().to_owned()));
    let sentences = answer["sentences"].as_array().into_iter().flatten().filter_map(Value::as_str);
    parts.extend(sentences.map(|text| Part::Text(text.to_owned())));
    parts.push(Part::picture(day.in_force.clone()));
    let drawn = PICTURES.iter().filter_map(|id| answer["pictures"][*id].as_str());
    parts.extend(drawn.map(|drawn| Part::Drawn(drawn.to_owned())));
    parts.push(Part::List(day_details(day)));
    let title = format!("{} on {}", brief.title, number::day(&brief.on));
    crate::page::render(&title, &parts, answer["made_by"].as_str().unwrap_or_default())
}
