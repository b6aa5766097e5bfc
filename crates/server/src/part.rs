//! Pages of their own for what the desk opens on a click: where a deal can lie, the duty on a line, the record.

use std::sync::Arc;

use detente::Control;
use detente::desk::state::DeskState;
use detente_report::desk::answer::{NoDeskAnswer, foot_of_day};
use detente_report::desk::levers;
use detente_report::desk::page;
use detente_report::desk::parts::{self, Line};
use detente_report::desk::words::ENGLISH;
use detente_report::page::Part;
use hyper::StatusCode;

use crate::asset;
use crate::desk::Desk;
use crate::reply::{Reply, of};
use crate::site::{HTML, Site, no_answer, opened, shed};
use crate::work::threads_of_a_job;

/// A part as a page; `key` is that of its name in the catalogue.
fn whole(desk: &Desk, state: &DeskState, key: &str, parts: &[Part]) -> Result<String, NoDeskAnswer> {
    let day = desk.day(state)?;
    let foot = foot_of_day(&desk.world, &day.brief, state);
    Ok(page::part(ENGLISH.say(key), &day, state, parts, &foot, &asset::addresses()))
}

type Work = Box<dyn FnOnce(&Desk, &DeskState) -> Result<String, NoDeskAnswer> + Send>;

async fn written(site: &Arc<Site>, query: String, is_job: bool, work: Work) -> Reply {
    let state = match opened(site, &query).await {
        Ok(state) => state,
        Err(refused) => return *refused,
    };
    let desk = Arc::clone(&site.desk);
    let work = move || work(&desk, &state).map_err(|error| Box::new(no_answer(&error)));
    let done = if is_job { site.work.a_job(work).await } else { site.work.a_move(work).await };
    match done {
        Ok(Ok(text)) => of(StatusCode::OK, HTML, text),
        Ok(Err(refused)) => *refused,
        Err(why) => shed(why),
    }
}

/// The duties of one importer on one origin, as levers.
pub async fn pair(site: &Arc<Site>, query: String) -> Reply {
    let (line, query) = line_of(&query);
    let work: Work = Box::new(move |desk, state| {
        let rows = levers::pair(&desk.world, state, [line.to.trim(), line.from.trim()], ENGLISH)?;
        whole(desk, state, "part_pair", &[Part::Drawn(rows)])
    });
    written(site, query, false, work).await
}

/// Where a deal can lie: a job.
pub async fn deal(site: &Arc<Site>, query: String) -> Reply {
    let work: Work = Box::new(|desk, state| {
        let control = Control { threads: threads_of_a_job(), ..Control::default() };
        whole(desk, state, "part_deal", &desk.deal(state, &control)?)
    });
    written(site, query, true, work).await
}

/// The record of the talks.
pub async fn record(site: &Arc<Site>, query: String) -> Reply {
    let work: Work = Box::new(|desk, state| {
        let found = parts::record(&*desk.day(state)?);
        whole(desk, state, "part_record", &found)
    });
    written(site, query, false, work).await
}

/// The duty on a line: the query names it beside the state.
pub async fn duty(site: &Arc<Site>, query: String) -> Reply {
    let (line, query) = line_of(&query);
    let work: Work = Box::new(move |desk, state| {
        let found = parts::duty(&desk.world, state, &line)?;
        whole(desk, state, "duty_on_a_line", &found)
    });
    written(site, query, false, work).await
}

/// The line that a query asks about, and the rest of the query.
fn line_of(query: &str) -> (Line, String) {
    let mut line = Line::default();
    let mut rest = Vec::new();
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        // Codes and names of parties: letters, digits, points; a blank comes as a plus.
        let value = || value.replace('+', " ").replace("%20", " ").chars().take(40).collect();
        match key {
            "code" => line.code = value(),
            "from" => line.from = value(),
            "to" => line.to = value(),
            _ => rest.push(pair),
        }
    }
    (line, rest.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_from_the_state() {
        let (line, rest) = line_of("v=1&t=a-b&code=8471.30&from=viet+nam&to=USA&on=2025-09-16");
        assert_eq!(
            (line.code.as_str(), line.from.as_str(), line.to.as_str()),
            ("8471.30", "viet nam", "USA")
        );
        assert_eq!(rest, "v=1&t=a-b&on=2025-09-16");
    }
}
