//! What the desk carries: `cargo bench -p detente-server --bench load -- --write docs/reference/desk-load.md`; without `--write` the page is
//! printed.
//!
//! The clients run on the same processors as the server and in its process. Every figure of the server is the time that a client waits, from
//! its connection to the last byte; those of the browser are its own clock's.

use std::fmt::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use detente::World;
use detente::desk::document;
use detente::desk::state::DeskState;
use detente_server::desk::Desk;
use serde_json::json;

#[path = "../tests/desk/browser/driver.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod driver;
#[path = "../tests/desk/kit.rs"]
mod kit;

use driver::Browser;
use kit::{DAY, Server, memory};

/// Seconds that a crowd asks.
const CROWD: Duration = Duration::from_secs(60);
/// Seconds between two questions of one of the crowd.
const PAUSE: Duration = Duration::from_secs(5);
/// Seconds that greedy clients ask.
const GREED: Duration = Duration::from_secs(60);
/// Moves of a hand in the browser.
const MOVES: usize = 100;

/// Places in a list of times, milliseconds: the middle and the 95th of a hundred.
fn places(times: &mut [f64]) -> [f64; 2] {
    times.sort_by(f64::total_cmp);
    [0.5, 0.95].map(|share| {
        let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(place).copied().unwrap_or(f64::NAN)
    })
}

fn row(text: &mut String, what: &str, mut times: Vec<f64>, goal: &str, more: &str) {
    let ([middle, high], count) = (places(&mut times), times.len());
    let _ = writeln!(text, "| {what} | {count} | {middle:.1} | {high:.1} | {goal} | {more} |");
    eprintln!("{what}: median {middle:.1} ms, 95th {high:.1} ms {more}");
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
    assert!(status == 200 || reply.contains("in a second"), "a refusal says what to do: {reply}");
    (status, 1e3 * begun.elapsed().as_secs_f64())
}

fn milliseconds(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    1e3 * begun.elapsed().as_secs_f64()
}

/// Times of many clients at once and how many were told to come again.
fn many(clients: usize, client: impl Fn(usize, &dyn Fn((u16, f64))) + Sync) -> (Vec<f64>, usize) {
    let held = Mutex::new((Vec::new(), 0));
    let heard = |(status, time): (u16, f64)| {
        let mut held = held.lock().expect("no panic");
        held.0.push(time);
        held.1 += usize::from(status == 503);
    };
    std::thread::scope(|scope| {
        for k in 0..clients {
            let (client, heard) = (&client, &heard);
            scope.spawn(move || client(k, heard));
        }
    });
    held.into_inner().expect("no panic")
}

/// Processor time of this process so far, milliseconds: ticks of a hundredth of a second, of all its threads.
fn worked() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some(10.0 * (next()? + next()?))
}

/// What a move costs, part by part, without the socket: processor time of one thread that asks one thing after the other.
fn of_a_move(text: &mut String) {
    const MOVES: usize = 200;
    let desk = Desk::on(World::embedded().expect("a world")).expect("a desk");
    let of = |k: usize| {
        let today = "2026-01-01".parse().expect("a day");
        DeskState::from_query(&state(k), "us-china", today).expect("a state")
    };
    desk.answer(&of(90_000)).expect("an answer");
    let each = |work: &dyn Fn(usize)| {
        let begun = worked();
        (0..MOVES).for_each(work);
        begun.zip(worked()).map_or(f64::NAN, |(begun, ended)| (ended - begun) / MOVES as f64)
    };
    let scenario = |k: usize| document::document(&desk.world, &of(k)).expect("a scenario");
    let written = each(&|k| drop(scenario(k)));
    let resolved = each(&|k| drop(desk.world.resolve(&scenario(k)).expect("a meaning")));
    let solved = each(&|k| drop(desk.world.solve(&scenario(k)).expect("an answer")));
    let answered = each(&|k| drop(desk.answer(&of(k)).expect("an answer").to_string()));
    let _ = writeln!(
        text,
        "\nProcessor time of a move: {answered:.1} ms (goal 5): its scenario written and read {written:.1}, laid on the world {:.1}, solved {:.1}, said and drawn {:.1}.",
        resolved - written,
        solved - resolved,
        answered - solved
    );
}

fn of_the_server(text: &mut String, server: &Server, page: &str) {
    let pages = (0..100).map(|_| milliseconds(|| assert_eq!(server.get(page).0, 200)));
    row(text, "the page again", pages.collect(), "300", "");
    let moves = (0..500).map(|k| moved(server, k).1).collect();
    row(text, "one user, a new move after a new move", moves, "10", "");
    let same = (0..200).map(|_| moved(server, 499).1).collect();
    row(text, "the same move again", same, "10", "");
    let (times, shed) = many(400, |client, heard| {
        std::thread::sleep(PAUSE.mul_f64(client as f64 / 400.0));
        for turn in 0..(CROWD.as_secs() / PAUSE.as_secs()) as usize {
            let begun = Instant::now();
            heard(moved(server, 1_000 + 400 * turn + client));
            std::thread::sleep(PAUSE.saturating_sub(begun.elapsed()));
        }
    });
    let told = |shed: usize| format!("{shed} told in words to come again, no error");
    row(text, "400 open pages, a new move each every 5 s", times, "40", &told(shed));
    let until = Instant::now() + GREED;
    let (times, shed) = many(10, |client, heard| {
        let mut k = 10_000 + 3_000 * client;
        while Instant::now() < until {
            heard(moved(server, k));
            k += 1;
        }
    });
    row(text, "10 greedy clients for a minute", times, "-", &told(shed));
}

/// Times a hand's moves in the page: from the event to the frame after the new pictures stand. Long tasks are those of 50 ms and more.
const HAND: &str = "return (async () => { const held = document.querySelector(\"input[type=range][data-lever='USA.CHN.all']\"), times = []; \
    const frame = () => new Promise((done) => requestAnimationFrame(done)), count = arguments[0]; \
    const long = []; new PerformanceObserver((list) => list.getEntries().forEach((entry) => long.push(entry.duration))).observe({ type: 'longtask' }); \
    for (let k = 0; k < count; k++) { const points = (k % 2 ? 1 : -1) * (1 + k % 37), begun = performance.now(); \
    held.value = points; held.dispatchEvent(new Event('input', { bubbles: true })); \
    while (!(document.body.dataset.shown || '').includes('USA.CHN.all' + (points > 0 ? '+' : '') + points)) await new Promise((done) => setTimeout(done, 1)); \
    await frame(); await frame(); times.push(performance.now() - begun); await new Promise((done) => setTimeout(done, 60)); } \
    await new Promise((done) => setTimeout(done, 300)); return { times, long }; })();";

/// What the page weighed and when it stood.
const FIRST: &str = "const [own] = performance.getEntriesByType('navigation'), others = performance.getEntriesByType('resource').filter((held) => !held.name.includes('/api/')); \
    const paint = performance.getEntriesByName('first-contentful-paint')[0]; \
    return { bytes: [own, ...others].reduce((sum, held) => sum + held.encodedBodySize, 0), painted: paint ? paint.startTime : null, loaded: own.domContentLoadedEventEnd };";

fn of_the_browser(text: &mut String, server: &Server, page: &str) {
    let saves = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("load");
    std::fs::create_dir_all(&saves).expect("a place for files");
    let browser = Browser::start(&saves, &[]);
    let address = format!("http://{}{page}", server.address);
    let (mut painted, mut bytes) = (Vec::new(), 0.0);
    for turn in 0..12 {
        // Nothing is kept from the time before: each opening is a first one for the browser; the first two warm both.
        browser.devtools("Network.enable", &json!({}));
        browser.devtools("Network.clearBrowserCache", &json!({}));
        browser.open(&address);
        browser.until("return !!document.body.dataset.shown && performance.getEntriesByName('first-contentful-paint').length > 0");
        let found = browser.script(FIRST);
        bytes = found["bytes"].as_f64().expect("a size");
        if turn >= 2 {
            painted.push(found["painted"].as_f64().expect("a time"));
        }
    }
    let weight = format!("{:.0} kB with its assets, as sent (goal 250)", bytes / 1e3);
    row(text, "first page in Chromium, to its first paint", painted, "300", &weight);
    browser.until("return !!document.body.dataset.sure");
    let found = browser.script_with(HAND, &json!(MOVES));
    let numbers = |key: &str| -> Vec<f64> {
        found[key].as_array().into_iter().flatten().filter_map(serde_json::Value::as_f64).collect()
    };
    let long = numbers("long");
    let longest = long.iter().copied().fold(0.0, f64::max);
    let tasks = match long.len() {
        0 => "no task of 50 ms or more".to_owned(),
        count => format!("{count} tasks of 50 ms or more, the longest {longest:.0} ms (goal: none)"),
    };
    row(text, "a move in Chromium, to the frame with its new pictures", numbers("times"), "100", &tasks);
}

/// The machine's load over the last minute (0), five (1) or fifteen (2).
fn load_of(place: usize) -> Option<String> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').nth(place).map(str::to_owned)
}

fn main() {
    let load_before = load_of(0);
    let write = std::env::args().skip_while(|argument| argument != "--write").nth(1);
    let begun = Instant::now();
    let server = Server::start();
    let page = format!("/desk?{DAY}&case=lapse");
    let size = server.get(&page).2.len();
    let first = 1e3 * begun.elapsed().as_secs_f64();
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let mut text = format!(
        "# What the desk carries\n\n\
         Made by `cargo bench -p detente-server --bench load -- --write docs/reference/desk-load.md`; do not edit by hand. {processors} processors, \
         clients on the same ones and in the server's own process, LOAD. From start to the first page sent: {first:.0} ms (goal 1,000), a page of {:.0} kB.\n\n\
         | what is asked | asked | median, ms | 95th of 100, ms | goal, ms | |\n|---|---:|---:|---:|---:|---|\n",
        size as f64 / 1e3
    );
    of_the_server(&mut text, &server, &page);
    let held = memory().map_or(f64::NAN, |bytes| bytes as f64 / 1e6);
    let before = text.len();
    of_a_move(&mut text);
    let of_a_move = text.split_off(before);
    if std::process::Command::new("chromedriver").arg("--version").output().is_ok() {
        of_the_browser(&mut text, &server, &page);
    } else {
        text.push_str("\nNo browser on this machine: its figures are left out.\n");
    }
    text.push_str(&of_a_move);
    let _ = writeln!(
        text,
        "\nMemory of the server with its 400 clients in one process, after all of that: {held:.0} MB (goal 150)."
    );
    // Who else works on the machine is part of the figure; what was there before is not this benchmark's own.
    let load = match (load_before, load_of(1)) {
        (Some(before), Some(after)) => format!(
            "the machine's load {before} in the minute before it began (zero is idle) and {after} over its last five, its own work included"
        ),
        _ => "the machine's load not known".to_owned(),
    };
    let text = text.replace("LOAD", &load);
    match write {
        Some(file) => {
            let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
            std::fs::write(std::path::Path::new(root).join(file), text).expect("the page can be written");
        }
        None => print!("{text}"),
    }
}
