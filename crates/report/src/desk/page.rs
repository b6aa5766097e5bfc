//! The desk's page: sentences first, then levers and pictures; whole without a script, by a form and a button.

use detente::World;
use detente::desk::state::{Case, DeskState, StateBasis};
use detente::words::number;
use serde_json::Value;

use super::answer::{Day, NoDeskAnswer, day_details, day_sentences};
use super::levers;
use super::words::{Catalogue, filled};
use crate::page::{Part, html as parts_html};
use crate::picture::canvas::escape;
use detente::words::opening::cards;

/// What a page is made with beside its numbers: addresses of its files, words of its language.
#[derive(Clone, Debug)]
pub struct Assets {
    /// Style sheet.
    pub style: String,
    /// The mark of its tab.
    pub icon: String,
    /// Scripts, in their order.
    pub scripts: Vec<String>,
    /// Words.
    pub words: Catalogue,
}

/// Order of the pictures that answer a move.
const PICTURES: [&str; 5] = ["income", "who-loses", "sectors", "dials", "diversion"];

/// What opens on a click: its place in addresses, and the key of what it is called.
pub const PARTS: [(&str, &str); 2] = [("deal", "part_deal"), ("record", "part_record")];

/// Keys of the desk and the keys of what they do.
const KEYS: [(&str, &str); 9] = [
    ("[", "key_day_before"),
    ("]", "key_day_after"),
    ("l", "key_lapse"),
    ("u", "key_undo"),
    ("r", "key_redo"),
    ("p", "key_pin"),
    ("0", "key_reset"),
    ("/", "key_line"),
    ("?", "key_keys"),
];

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
    made_with: Option<&str>,
) -> Result<String, NoDeskAnswer> {
    let (brief, words) = (&day.brief, assets.words);
    let lead: Vec<Part> =
        day_sentences(day).into_iter().map(Part::Lead).chain([Part::Cards(cards(brief))]).collect();
    let details =
        parts_html(&[Part::Heading(words.say("more_of_the_day").into()), Part::List(day_details(day))]);
    let sentences = answer["sentences"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let sentences: String = sentences.map(|text| format!("<p>{}</p>", escape(text))).collect();
    let pictures: String = PICTURES
        .iter()
        .map(|id| {
            let drawn = answer["pictures"][*id].as_str().unwrap_or_default();
            let hidden = if drawn.is_empty() { " hidden" } else { "" };
            format!("<section class=\"cell\" data-cell=\"{id}\"{hidden}>{drawn}</section>")
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
    let query = escape(&state.query());
    let older = made_with.filter(|made| *made != day.made).map_or(String::new(), |made| {
        format!(
            "<p id=\"older\" role=\"note\">{}</p>\n",
            escape(&filled(
                words.say("older_link"),
                &[&made.replace('~', ", "), &day.made.replace('~', ", ")]
            ))
        )
    });
    let parts: String = PARTS
        .iter()
        .map(|(part, key)| {
            let (name, own) = (words.say(key), words.say("as_a_page"));
            format!(
                "<details class=\"part\" data-part=\"{part}\"><summary>{name}</summary><div class=\"inner\">\
                 <p><a href=\"/desk/{part}?{query}\">{name}, {own}</a></p></div></details>\n"
            )
        })
        .collect();
    let [importer, exporter] =
        [0, 1].map(|place| brief.parties.get(place).map_or("", |party| party.code.as_str()));
    let asked = filled(words.say("title_on"), &[&brief.title, &state.on.to_string()]);
    Ok(format!(
        "{head}<body data-words=\"{script_words}\" data-state=\"{query}\" data-made=\"{made}\">\n\
         <a class=\"skip\" href=\"#answer\">{to_the_answer}</a>\n<main class=\"desk\">\n{older}<h1>{heading}</h1>\n<div id=\"day\">{lead}</div>\n\
         <section id=\"answer\" tabindex=\"-1\" aria-label=\"{what_it_would_do}\"><h2>{what_it_would_do}</h2><div id=\"sentences\" aria-live=\"polite\">{sentences}</div><div id=\"pinned\" hidden></div>\
         <p class=\"bar\" id=\"saves\"><a class=\"button\" data-save=\"scenario.toml\" href=\"/api/desk/scenario.toml?{query}\">{scenario_file}</a> \
         <a class=\"button\" data-save=\"answer.json\" href=\"/api/desk/answer.json?{query}\">{all_numbers}</a> \
         <a class=\"button\" data-save=\"page.html\" href=\"/api/desk/page.html?{query}\">{as_one_page}</a></p></section>\n\
         <form id=\"levers\" method=\"get\" action=\"/desk\" aria-label=\"{state_of_the_desk}\">\n\
         <div class=\"bar\"><label>{talks_label} <select name=\"t\">{options}</select></label>\
         <label>{day_label} <input type=\"date\" name=\"on\" value=\"{on}\" list=\"days\"></label><datalist id=\"days\">{days}</datalist>\
         <label>{known_on} <input type=\"date\" name=\"known\" value=\"{known}\"></label>\
         <label class=\"check\"><input type=\"checkbox\" name=\"case\" value=\"lapse\"{lapse}> {if_nobody_signs}</label>\
         <label class=\"check\"><input type=\"checkbox\" name=\"basis\" value=\"statute\"{statute}> {by_statute}</label>\
         <label class=\"check\"><input type=\"checkbox\" name=\"others\" value=\"day\"{others}> {others_of_the_day}</label>\
         <button type=\"submit\">{answer_button}</button></div>\n\
         <div class=\"bar tools\" hidden><button type=\"button\" id=\"undo\">{undo}</button><button type=\"button\" id=\"redo\">{redo}</button>\
         <button type=\"button\" id=\"reset\">{reset}</button><button type=\"button\" id=\"pin\">{pin}</button><button type=\"button\" id=\"share\">{copy_link}</button>\
         <button type=\"button\" id=\"scheme\">{dark_or_light}</button><button type=\"button\" id=\"print\">{print}</button></div>\n\
         <details class=\"levers\" open><summary>{levers_heading}</summary><div class=\"sides\">{levers}</div></details>\n</form>\n\
         <div class=\"grid\"><section class=\"cell\" data-cell=\"in-force\">{in_force}</section>{pictures}</div>\n\
         <section id=\"more\">{details}</section>\n<form id=\"line\" method=\"get\" action=\"/desk/duty\" aria-label=\"{duty_on_a_line}\"><h2>{duty_on_a_line}</h2><div class=\"bar\">\
         <input type=\"hidden\" name=\"t\" value=\"{talks}\"><input type=\"hidden\" name=\"on\" value=\"{on}\"><input type=\"hidden\" name=\"known\" value=\"{known}\">\
         <label>{product_code} <input type=\"text\" name=\"code\" value=\"8471.30\" size=\"12\" maxlength=\"14\" required></label>\
         <label>{from} <input type=\"text\" name=\"from\" value=\"{exporter}\" size=\"6\" maxlength=\"40\" required></label>\
         <label>{into} <input type=\"text\" name=\"to\" value=\"{importer}\" size=\"6\" maxlength=\"40\" required></label>\
         <button type=\"submit\">{show_the_duty}</button></div><div id=\"line-answer\" aria-live=\"polite\"></div></form>\n{parts}\
         <p id=\"link\" class=\"note\">{link_label}: <a href=\"/desk?{query}\">/desk?{query}</a></p>\n</main>\n<footer><details id=\"keys\"><summary>{keys_label}</summary><ul>{keys}</ul></details><p id=\"made-by\">{made_by}</p></footer>\n</body>\n</html>\n",
        to_the_answer = words.say("to_the_answer"),
        what_it_would_do = words.say("what_it_would_do"),
        scenario_file = words.say("scenario_file"),
        all_numbers = words.say("all_numbers"),
        as_one_page = words.say("as_one_page"),
        state_of_the_desk = words.say("state_of_the_desk"),
        talks_label = words.say("talks_label"),
        day_label = words.say("day_label"),
        known_on = words.say("known_on"),
        if_nobody_signs = words.say("if_nobody_signs"),
        by_statute = words.say("by_statute"),
        others_of_the_day = words.say("others_of_the_day"),
        others = checked(state.others_of_the_day),
        answer_button = words.say("answer_button"),
        undo = words.say("undo"),
        redo = words.say("redo"),
        reset = words.say("reset"),
        pin = words.say("pin"),
        copy_link = words.say("copy_link"),
        dark_or_light = words.say("dark_or_light"),
        print = words.say("print"),
        levers_heading = words.say("levers_heading"),
        duty_on_a_line = words.say("duty_on_a_line"),
        product_code = words.say("product_code"),
        from = words.say("from"),
        into = words.say("into"),
        show_the_duty = words.say("show_the_duty"),
        link_label = words.say("link_label"),
        keys_label = words.say("keys_label"),
        script_words = escape(&words.of_the_script()),
        head = head(&asked, assets),
        days = day.changes.iter().map(|day| format!("<option value=\"{day}\"></option>")).collect::<String>(),
        keys = KEYS
            .iter()
            .map(|(key, act)| format!("<li><kbd>{key}</kbd> {}</li>", words.say(act)))
            .collect::<String>(),
        made = escape(&day.made),
        talks = escape(&state.talks),
        importer = escape(importer),
        exporter = escape(exporter),
        heading = escape(&filled(words.say("title_on"), &[&brief.title, &number::day(&brief.on)])),
        on = state.on,
        lead = parts_html(&lead),
        lapse = checked(state.case == Case::Lapse),
        statute = checked(state.basis == StateBasis::Statute),
        levers = levers::html(world, day, state, words)?,
        in_force = day.in_force.html(),
        made_by = escape(answer["made_by"].as_str().unwrap_or_default()),
    ))
}

/// What stands before a page's body.
fn head(title: &str, assets: &Assets) -> String {
    let scripts: String = assets
        .scripts
        .iter()
        .map(|address| format!("<script src=\"{}\" defer></script>", escape(address)))
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<link rel=\"icon\" href=\"{}\">\n<link rel=\"stylesheet\" href=\"{}\">\n{scripts}\n</head>\n",
        assets.words.lang,
        escape(title),
        escape(&assets.icon),
        escape(&assets.style)
    )
}

/// A page of its own for what opens on a click.
pub fn part(
    title: &str,
    day: &Day,
    state: &DeskState,
    parts: &[Part],
    foot: &str,
    assets: &Assets,
) -> String {
    let query = escape(&state.query());
    let of_day = filled(assets.words.say("title_on"), &[&day.brief.title, &number::day(&day.brief.on)]);
    let whole = format!("{title}: {of_day}");
    format!(
        "{head}<body>\n<main>\n<h1>{whole}</h1>\n<p><a href=\"/desk?{query}\">{to_the_desk}</a></p>\n<div id=\"part\">{body}</div>\n</main>\n\
         <footer><p id=\"made-by\">{foot}</p></footer>\n</body>\n</html>\n",
        head = head(&whole, assets),
        whole = escape(&whole),
        to_the_desk = assets.words.say("to_the_desk"),
        body = parts_html(parts),
        foot = escape(foot),
    )
}

/// The state as one self-contained page, without levers.
pub fn self_contained(day: &Day, answer: &Value, words: Catalogue) -> String {
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
    let title = filled(words.say("title_on"), &[&brief.title, &number::day(&brief.on)]);
    crate::page::render(&title, &parts, answer["made_by"].as_str().unwrap_or_default())
}
