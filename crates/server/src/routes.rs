//! What there is: the page, its assets, the answer to a move, its bands, what is saved.

use std::sync::Arc;

use bytes::Bytes;
use detente::Control;
use detente::desk::document;
use detente::desk::state::{self, DeskState};
use detente_engine::catalogue::economy::WELFARE;
use detente_report::desk::answer::NoDeskAnswer;
use detente_report::desk::page;
use detente_report::desk::words::ENGLISH;
use detente_report::picture::figure::Picture;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::asset;
use crate::desk::Desk;
use crate::part;
use crate::reply::{Reply, as_file, kept, of, refusal};
use crate::site::{HTML, JSON, Site, no_answer, opened, shed, state_of};
use crate::work::threads_of_a_job;

/// A request as routes see it: what the guard let through.
#[derive(Clone, Debug)]
pub struct Asked {
    /// GET, HEAD or POST.
    pub method: Method,
    /// The path, as it was sent.
    pub path: String,
    /// The query without its `?`.
    pub query: String,
    /// The body.
    pub body: Bytes,
}

/// Name of a route for the log: never the address itself.
pub fn pattern(path: &str) -> &'static str {
    const KNOWN: [&str; 13] = [
        "/",
        "/desk",
        "/desk/deal",
        "/desk/duty",
        "/desk/pair",
        "/desk/record",
        "/api/desk/answer",
        "/api/desk/bands",
        "/api/desk/scenario.toml",
        "/api/desk/answer.json",
        "/api/desk/page.html",
        "/api/desk/data.csv",
        "/api/health",
    ];
    if path.starts_with("/asset/") {
        return "/asset/…";
    }
    KNOWN.iter().find(|known| **known == path).copied().unwrap_or("unknown")
}

/// Answers a request.
pub async fn answer(site: &Arc<Site>, asked: Asked) -> Reply {
    let is_read = asked.method == Method::GET || asked.method == Method::HEAD;
    match (is_read, asked.path.as_str()) {
        (true, "/") => moved("/desk"),
        (true, "/desk") => desk_page(site, asked.query).await,
        (true, "/desk/deal") => part::deal(site, asked.query).await,
        (true, "/desk/duty") => part::duty(site, asked.query).await,
        (true, "/desk/pair") => part::pair(site, asked.query).await,
        (true, "/desk/record") => part::record(site, asked.query).await,
        (true, path) if path.starts_with("/asset/") => asset_of(path),
        (true, "/api/health") => of(StatusCode::OK, JSON, json!({ "well": true }).to_string()),
        (true, "/api/desk/scenario.toml") => scenario_file(site, asked.query).await,
        (true, "/api/desk/answer.json") => {
            let reply = answered(site, asked.query, |_, _, answer| Ok(answer.to_string())).await;
            reply.map_or_else(
                |refused| *refused,
                |text| as_file(of(StatusCode::OK, JSON, text), "attachment; filename=\"answer.json\""),
            )
        }
        (true, "/api/desk/data.csv") => data_csv(site, asked.query).await,
        (true, "/api/desk/page.html") => {
            let whole = answered(site, asked.query, |desk, state, answer| {
                Ok(page::self_contained(&*desk.day(state)?, answer, ENGLISH))
            });
            whole.await.map_or_else(
                |refused| *refused,
                |text| as_file(of(StatusCode::OK, HTML, text), "attachment; filename=\"desk.html\""),
            )
        }
        (false, "/api/desk/answer") => match state_in(&asked.body) {
            Ok(query) => {
                let reply = answered(site, query, |_, _, answer| Ok(answer.to_string())).await;
                reply.map_or_else(|refused| *refused, |text| of(StatusCode::OK, JSON, text))
            }
            Err(refused) => *refused,
        },
        (false, "/api/desk/bands") => match state_in(&asked.body) {
            Ok(query) => banded(site, query).await,
            Err(refused) => *refused,
        },
        _ => refusal(StatusCode::NOT_FOUND, "address", "there is nothing here"),
    }
}

fn moved(to: &'static str) -> Reply {
    let mut reply = of(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", to);
    reply.headers_mut().insert(hyper::header::LOCATION, hyper::header::HeaderValue::from_static(to));
    reply
}

fn asset_of(path: &str) -> Reply {
    match asset::all().iter().find(|held| held.address == path) {
        Some(held) => kept(of(StatusCode::OK, held.kind, held.content.as_str())),
        None => refusal(StatusCode::NOT_FOUND, "address", "there is no such file"),
    }
}

/// A move as it is sent: read by a type, a key that stands twice is refused.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    #[serde(rename = "state")]
    _state: String,
}

/// The state in the body of a move: `{"state": "v=1&…"}` and nothing else.
fn state_in(body: &[u8]) -> Result<String, Box<Reply>> {
    let bad = |key: &str, reason: &str| Box::new(refusal(StatusCode::UNPROCESSABLE_ENTITY, key, reason));
    let value: Value = serde_json::from_slice(body).map_err(|_| bad("body", "is no JSON"))?;
    let Value::Object(fields) = value else { return Err(bad("body", "an object with `state`")) };
    if let Some(other) = fields.keys().find(|key| *key != "state") {
        let other: String = other.chars().take(40).collect();
        return Err(bad(&other, "no key of a move; there is `state`"));
    }
    // A reader of JSON keeps the last of two; another might keep the first.
    match fields.get("state") {
        Some(Value::String(_)) if serde_json::from_slice::<Move>(body).is_err() => {
            Err(bad("state", "stands twice"))
        }
        Some(Value::String(query)) => Ok(query.clone()),
        _ => Err(bad("state", "the query of a link, as text")),
    }
}

/// Solves a state as a move and writes something of it.
async fn answered(
    site: &Arc<Site>,
    query: String,
    write: impl Fn(&Desk, &DeskState, &Value) -> Result<String, NoDeskAnswer> + Send + 'static,
) -> Result<String, Box<Reply>> {
    let state = opened(site, &query).await?;
    let desk = Arc::clone(&site.desk);
    let work = move || {
        let found = desk.answer(&state).and_then(|answer| write(&desk, &state, &answer));
        found.map_err(|error| Box::new(no_answer(&error)))
    };
    site.work.a_move(work).await.map_err(|why| Box::new(shed(why)))?
}

async fn desk_page(site: &Arc<Site>, query: String) -> Reply {
    let made = state::made(&query).map(str::to_owned);
    // Whoever asks for nothing is shown what returns by law: the first thing that a reader comes for.
    let query = if query.is_empty() { "case=lapse".to_owned() } else { query };
    let write = move |desk: &Desk, state: &DeskState, answer: &Value| {
        let day = desk.day(state)?;
        page::html(&desk.world, &day, state, answer, &desk.talks, &asset::addresses(), made.as_deref())
    };
    match answered(site, query, write).await {
        Ok(text) => of(StatusCode::OK, HTML, text),
        Err(refused) => *refused,
    }
}

async fn scenario_file(site: &Arc<Site>, query: String) -> Reply {
    let desk = Arc::clone(&site.desk);
    let work = move || {
        let state = state_of(&desk, &query)?;
        document::text(&desk.world, &state).map_err(|error| Box::new(no_answer(&error.into())))
    };
    match site.work.a_move(work).await {
        Ok(Ok(text)) => {
            as_file(of(StatusCode::OK, "application/toml", text), "attachment; filename=\"scenario.toml\"")
        }
        Ok(Err(refused)) => *refused,
        Err(why) => shed(why),
    }
}

/// Welfare of every economy as CSV, with what made it as a first line.
async fn data_csv(site: &Arc<Site>, query: String) -> Reply {
    let write = |_: &Desk, _: &DeskState, answer: &Value| {
        let rows = answer["economies"].as_array().into_iter().flatten();
        let rows = rows.map(|row| {
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            vec![text("economy"), text("name"), row[WELFARE.id].to_string()]
        });
        let picture = Picture::new("economies", [100.0, 100.0], |_| 0.0);
        let picture = picture.with_data(&["economy", "name", WELFARE.id], rows.collect());
        Ok(picture.csv(answer["made_by"].as_str().unwrap_or_default()))
    };
    match answered(site, query, write).await {
        Ok(text) => as_file(
            of(StatusCode::OK, "text/csv; charset=utf-8", text),
            "attachment; filename=\"economies.csv\"",
        ),
        Err(refused) => *refused,
    }
}

/// The same answer once its bands are drawn: a job, which yields to moves and takes part of the machine.
async fn banded(site: &Arc<Site>, query: String) -> Reply {
    let desk = Arc::clone(&site.desk);
    let work = move || {
        let state = state_of(&desk, &query)?;
        let control = Control { threads: threads_of_a_job(), ..Control::default() };
        let found = desk.draw(&state, control).and_then(|()| desk.answer(&state));
        found.map(|answer| answer.to_string()).map_err(|error| Box::new(no_answer(&error)))
    };
    match site.work.a_job(work).await {
        Ok(Ok(text)) => of(StatusCode::OK, JSON, text),
        Ok(Err(refused)) => *refused,
        Err(why) => shed(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_names_routes_and_nothing_that_was_sent() {
        assert_eq!(pattern("/desk/duty"), "/desk/duty");
        for sent in ["/asset/0123/../../etc", "/asset/secret"] {
            assert_eq!(pattern(sent), "/asset/…");
        }
        for sent in ["/desk/secret", "/secret", "/desk?secret", "/API/HEALTH", "", "/desk\u{1b}[2J"] {
            assert_eq!(pattern(sent), "unknown", "{sent}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        assert_eq!(state_in(br#"{"state":"v=1"}"#).ok().as_deref(), Some("v=1"));
        assert!(state_in(br#"{"state":"v=1","state":"v=1&case=lapse"}"#).is_err());
    }
}
