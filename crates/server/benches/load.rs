//! What the desk carries: `cargo bench -p detente-server --bench load`. Prints the table that stands in `docs/how-to/desk.md`.
//!
//! The clients run on the same processors as the server. Every figure is the time that a client waits, from its connection to the last byte.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::json;

#[path = "../tests/desk/kit.rs"]
mod kit;

use kit::{DAY, Server};

/// Seconds that a crowd asks.
const CROWD: Duration = Duration::from_secs(20);
/// Seconds that greedy clients ask.
const GREED: Duration = Duration::from_secs(60);

/// A place in a sorted list of times, milliseconds.
fn at(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(place).copied().unwrap_or(f64::NAN)
}

fn row(what: &str, times: &mut [f64], more: &str) {
    let (middle, high) = (at(times, 0.5), at(times, 0.95));
    println!("| {what} | {} | {middle:.1} | {high:.1} | {more} |", times.len());
}

/// A state that nobody asked before.
fn state(k: usize) -> String {
    let points = |k: usize| format!("{}", (k % 197) as f64 / 2.0 - 49.25);
    let sign = |text: String| if text.starts_with('-') { text } else { format!("+{text}") };
    format!("{DAY}&case=lapse&x=USA.CHN.all{},CHN.USA.all{}", sign(points(k)), sign(points(k / 197 + 11)))
}

/// A move: its status and its milliseconds.
fn moved(server: &Server, k: usize) -> (u16, f64) {
    let body = json!({ "state": state(k) }).to_string();
    let begun = Instant::now();
    let (status, _, reply) = server.post("/api/desk/answer", "", &body);
    assert!(status == 200 || status == 503, "{status}: {reply}");
    (status, 1e3 * begun.elapsed().as_secs_f64())
}

fn memory() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1e3)
}

fn main() {
    let begun = Instant::now();
    let server = Server::start();
    let page = format!("/desk?{DAY}&case=lapse");
    let size = server.get(&page).2.len();
    println!(
        "From start to the first page: {:.0} ms. The page: {:.0} kB.\n",
        1e3 * begun.elapsed().as_secs_f64(),
        size as f64 / 1e3
    );
    println!("| what is asked | asked | median, ms | 95th, ms | |\n|---|---|---|---|---|");
    let mut times: Vec<f64> = (0..100)
        .map(|_| {
            let begun = Instant::now();
            assert_eq!(server.get(&page).0, 200);
            1e3 * begun.elapsed().as_secs_f64()
        })
        .collect();
    row("the page again", &mut times, "");
    let mut times: Vec<f64> = (0..500).map(|k| moved(&server, k).1).collect();
    row("one user, a move after a move", &mut times, "");
    let mut times: Vec<f64> = (0..200).map(|_| moved(&server, 499).1).collect();
    row("the same move again", &mut times, "");

    let crowd = Mutex::new((Vec::new(), 0));
    std::thread::scope(|scope| {
        for client in 0..400_usize {
            let (server, crowd) = (&server, &crowd);
            scope.spawn(move || {
                std::thread::sleep(Duration::from_micros(12_500 * client as u64));
                for turn in 0..(CROWD.as_secs() / 5) as usize {
                    let begun = Instant::now();
                    let (status, time) = moved(server, 1_000 + 400 * turn + client);
                    let mut held = crowd.lock().expect("no panic");
                    held.0.push(time);
                    held.1 += usize::from(status == 503);
                    drop(held);
                    std::thread::sleep(Duration::from_secs(5).saturating_sub(begun.elapsed()));
                }
            });
        }
    });
    let (mut times, shed) = crowd.into_inner().expect("no panic");
    row("400 open pages, a new move each every 5 s", &mut times, &format!("{shed} told to come again"));

    let greed = Mutex::new((Vec::new(), 0));
    let until = Instant::now() + GREED;
    std::thread::scope(|scope| {
        for client in 0..10_usize {
            let (server, greed) = (&server, &greed);
            scope.spawn(move || {
                let mut k = 10_000 + 3_000 * client;
                while Instant::now() < until {
                    let (status, time) = moved(server, k);
                    k += 1;
                    let mut held = greed.lock().expect("no panic");
                    held.0.push(time);
                    held.1 += usize::from(status == 503);
                }
            });
        }
    });
    let (mut times, shed) = greed.into_inner().expect("no panic");
    row("10 greedy clients for a minute", &mut times, &format!("{shed} told to come again"));
    println!("\nMemory of server and clients together: {:.0} MB.", memory());
}
