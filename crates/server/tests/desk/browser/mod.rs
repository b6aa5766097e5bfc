//! The desk in a browser: what a hand, a keyboard and a reader of screens meet. Pictures of the views go to `target/tmp/screens`.

mod driver;
mod exports;
mod hands;
mod looks;
mod questions;
mod strangers;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::Value;

use crate::kit::{DAY, Server};
use driver::Browser;

/// One browser at a time: two of them on two processors wait for each other.
static ONE: Mutex<()> = Mutex::new(());

/// A desk with a browser before it.
struct Bench {
    browser: Browser,
    server: Server,
    saves: PathBuf,
    _one: std::sync::MutexGuard<'static, ()>,
}

impl Bench {
    fn set_up(name: &str, arguments: &[&str]) -> Self {
        Self::set_up_as(name, arguments, None)
    }

    /// The same behind a name; `PORT` in an argument is the server's.
    fn set_up_as(name: &str, arguments: &[&str], base: Option<&str>) -> Self {
        let one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let saves = Path::new(env!("CARGO_TARGET_TMPDIR")).join("saves").join(name);
        let _ = std::fs::remove_dir_all(&saves);
        std::fs::create_dir_all(&saves).expect("a place for files");
        let server = Server::start_as(base);
        let port = server.address.port().to_string();
        let arguments: Vec<String> =
            arguments.iter().map(|argument| argument.replace("PORT", &port)).collect();
        let browser = Browser::start(&saves, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        Self { browser, server, saves, _one: one }
    }

    fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }

    /// Opens a state and waits until its answer stands.
    fn open(&self, more: &str) {
        self.browser.open(&self.address(&format!("/desk?{DAY}{more}")));
        self.shown();
    }

    /// Waits until the answer of what the form says stands.
    fn shown(&self) {
        self.browser.until(
            "return !!document.body.dataset.shown && location.search.slice(1) === document.body.dataset.shown && !document.querySelector('#answer.stale')",
        );
    }

    /// The state that is shown.
    fn state(&self) -> String {
        self.browser.text("return document.body.dataset.shown")
    }

    fn sentences(&self) -> String {
        self.browser.text("return document.getElementById('sentences').innerText")
    }

    /// Sets a lever to points, as typing does, and waits for its answer.
    fn lever(&self, place: &str, points: f64) {
        let set = "const held = document.querySelector(`input[type=number][data-lever='${arguments[0][0]}']`); \
                   for (let at = held.parentElement; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true; \
                   held.value = arguments[0][1]; held.dispatchEvent(new Event('input', { bubbles: true })); held.dispatchEvent(new Event('change', { bubbles: true }));";
        self.browser.script_with(set, &serde_json::json!([place, points]));
        let sign = if points > 0.0 { format!("+{points}") } else { format!("{points}") };
        self.browser.until(&format!("return (document.body.dataset.shown || '').includes('{place}{sign}')"));
        self.shown();
    }

    /// A file that the browser saves after a click. Chromium drops one of many saves in a row now and then, without a word and on
    /// loaded machines only; whoever is missing a file clicks again, and so does this, twice, aloud.
    fn saved(&self, name: &str, click: impl Fn(&Browser)) -> Vec<u8> {
        let file = self.saves.join(name);
        for attempt in 1..=3 {
            click(&self.browser);
            let begun = std::time::Instant::now();
            while begun.elapsed() < std::time::Duration::from_secs(20) {
                match std::fs::read(&file) {
                    Ok(bytes) if !bytes.is_empty() => return bytes,
                    _ => std::thread::sleep(std::time::Duration::from_millis(50)),
                }
            }
            eprintln!("{name} was not saved at click {attempt}");
        }
        let beside: Vec<_> = std::fs::read_dir(&self.saves)
            .expect("the place for files")
            .filter_map(|entry| entry.ok().map(|entry| entry.file_name()))
            .collect();
        panic!("{name} was not saved; beside it stand {beside:?}; the page said {:?}", self.complaints())
    }

    /// What went wrong in the page since it was last asked: refused content, errors of scripts.
    fn complaints(&self) -> Vec<String> {
        let said = self.browser.log("browser");
        let said = said.iter().map(|row| format!("{}: {}", row["level"], row["message"]));
        said.filter(|row| row.contains("SEVERE") || row.contains("Content Security Policy")).collect()
    }

    /// Hosts that the page asked since that was last asked.
    fn hosts(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for row in self.browser.log("performance") {
            let Ok(held) = serde_json::from_str::<Value>(row["message"].as_str().unwrap_or_default()) else {
                continue;
            };
            if held["message"]["method"] != "Network.requestWillBeSent" {
                continue;
            }
            let address = held["message"]["params"]["request"]["url"].as_str().unwrap_or_default().to_owned();
            if let Some((scheme, rest)) = address.split_once("://")
                && scheme.starts_with("http")
            {
                found.push(rest.split('/').next().unwrap_or_default().to_owned());
            }
        }
        found.sort();
        found.dedup();
        found
    }
}
