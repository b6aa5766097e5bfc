//! What routes share: the desk with its places at the machine, and how a refusal is said.

use std::sync::Arc;

use detente::Error;
use detente::desk::document::NoDocument;
use detente::desk::state::DeskState;
use detente_report::desk::answer::NoDeskAnswer;
use hyper::StatusCode;
use jiff::civil::Date;

use crate::desk::Desk;
use crate::reply::{Reply, later, refusal};
use crate::work::{Shed, Work};

/// What routes work with.
#[derive(Debug)]
pub struct Site {
    /// The desk.
    pub desk: Arc<Desk>,
    /// Places at the machine.
    pub work: Work,
}

/// A page.
pub const HTML: &str = "text/html; charset=utf-8";
/// Data.
pub const JSON: &str = "application/json";

/// Today, by universal time.
fn today() -> Date {
    jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}

/// The state that a query means.
///
/// # Errors
/// The refusal to send.
pub fn state_of(desk: &Desk, query: &str) -> Result<DeskState, Box<Reply>> {
    let (talks, day) = desk.opening(today());
    DeskState::from_query(query, &talks, day)
        .map_err(|error| Box::new(refusal(StatusCode::UNPROCESSABLE_ENTITY, &error.key, &error.reason)))
}

/// Sees to it that the day of a state is open, in a place of its own: moves on other days go on meanwhile.
///
/// # Errors
/// The refusal to send.
pub async fn opened(site: &Site, query: &str) -> Result<DeskState, Box<Reply>> {
    let state = state_of(&site.desk, query)?;
    if !site.desk.has_day(&state) {
        let (desk, asked) = (Arc::clone(&site.desk), state.clone());
        let found = site.work.a_day(move || desk.day(&asked).map(|_| ())).await;
        found.map_err(|why| Box::new(shed(why)))?.map_err(|error| Box::new(no_answer(&error)))?;
    }
    Ok(state)
}

/// The refusal of what has no answer.
pub fn no_answer(error: &NoDeskAnswer) -> Reply {
    match error {
        NoDeskAnswer::State(NoDocument::State(state)) => {
            refusal(StatusCode::UNPROCESSABLE_ENTITY, &state.key, &state.reason)
        }
        NoDeskAnswer::State(NoDocument::Asked(Error::Bands(_))) => {
            refusal(StatusCode::UNPROCESSABLE_ENTITY, "state", "bands cannot be drawn of it")
        }
        other => refusal(StatusCode::UNPROCESSABLE_ENTITY, "state", &other.to_string()),
    }
}

/// The refusal of what was not done.
pub fn shed(shed: Shed) -> Reply {
    match shed {
        Shed::Busy => later(refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "load",
            "more is asked than can be answered just now; the same question in a second",
        )),
        Shed::Fault => refusal(StatusCode::INTERNAL_SERVER_ERROR, "fault", "a fault of the program's own"),
    }
}
