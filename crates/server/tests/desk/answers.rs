//! The desk through its own socket: what it answers, what it refuses, how it stops.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use detente::desk::state::DeskState;
use detente::scenario::document::Scenario;
use detente::world::Made;
use detente::{Answer, World};
use detente_server::desk::Desk;
use detente_server::serve::{Options, listen};
use serde_json::{Value, json};

use crate::kit::{DAY, Server, welfare};

#[test]
fn what_the_page_shows_is_what_the_command_reads_in_the_saved_file() {
    let server = Server::start();
    let world = World::embedded().expect("a world");
    for moved in [
        "&case=lapse",
        "&x=CHN.USA.AGR-2,USA.CHN.all+7",
        "&case=lapse&x=USA.CHN.US-IEEPA-FENT-20",
        "&case=lapse&others=day",
        "&basis=statute&others=day&x=USA.BRA.manufacturing-2.5",
        "&others=day&x=USA.VNM.US-IEEPA-RECIP-PARTNERS-20",
    ] {
        let state = format!("{DAY}{moved}");
        let answer = server.answer(&state);
        assert!(answer.contains(&format!("\"state\":\"{state}\"")), "its own link is canonical: {answer}");
        let (status, head, file) = server.get(&format!("/api/desk/scenario.toml?{state}"));
        assert_eq!(status, 200, "{file}");
        assert!(head.to_ascii_lowercase().contains("attachment"), "{head}");
        assert!(file.starts_with(&format!("# /desk?{state}\n")), "{file}");
        let solved = world.solve(&Scenario::from_toml(&file).expect("a scenario")).expect("an answer");
        assert!(matches!(solved, Answer::Equilibrium(_)));
        let mut most: f64 = 0.0;
        for code in world.economies() {
            let theirs = world.value(&solved, "welfare_pct", code).expect("a number");
            let written = serde_json::to_string(&theirs).expect("a number");
            assert_eq!(welfare(&answer, code), written, "{code} in {state}");
            most = most.max(theirs.abs());
        }
        assert!(most > 1e-3, "{state} moves something: {most}");
    }
}

#[test]
fn the_measures_of_any_origin_are_levers() {
    let server = Server::start();
    let (status, _, page) = server.get(&format!("/desk/pair?{DAY}&to=USA&from=VNM&x=CHN.USA.AGR-2"));
    assert_eq!(status, 200, "{page}");
    let held = "data-off=\"-20\" data-lever=\"USA.VNM.US-IEEPA-RECIP-PARTNERS\"";
    assert!(page.contains(held) && page.contains("% by statute"), "{page}");
    assert!(page.contains("name=\"others\" value=\"day\""), "its form asks of the day's duties: {page}");
    assert!(page.contains("name=\"l.CHN.USA.AGR\" value=\"-2\""), "and keeps what is moved: {page}");
    for (query, key, word) in [
        ("to=USA&from=ROW", "x", "several origins"),
        ("to=CHN&from=JPN", "x", "no trade of China with Japan"),
        ("to=USA&from=VNN", "from", "VNM"),
        ("to=USA&from=USA", "from", "two different"),
    ] {
        let (status, _, reply) = server.get(&format!("/desk/pair?{DAY}&{query}"));
        let said: Value = serde_json::from_str(&reply).expect("words");
        assert_eq!((status, said["key"].as_str()), (422, Some(key)), "{query}: {reply}");
        assert!(reply.contains(word), "{query}: {reply}");
    }
    // A measure on a pair whose duties of the day stand nowhere would be taken off the benchmark's: refused, with what to ask.
    let body = json!({ "state": format!("{DAY}&x=USA.VNM.US-IEEPA-RECIP-PARTNERS-20") }).to_string();
    let (status, _, reply) = server.post("/api/desk/answer", "", &body);
    assert!(status == 422 && reply.contains("others=day"), "{status} {reply}");
}

#[test]
fn a_move_makes_nothing_that_the_last_one_made() {
    let desk = Desk::on(World::embedded().expect("a world")).expect("a desk");
    let ask = |more: &str| {
        let today = "2026-01-01".parse().expect("a day");
        let state = DeskState::from_query(&format!("{DAY}{more}"), "us-china", today).expect("a state");
        desk.answer(&state).expect("an answer")
    };
    ask("&case=lapse");
    let first = desk.world.made();
    assert_eq!(
        (first.days, first.baselines, first.solvers),
        (2, 1, 1),
        "today and the deadline, solved once"
    );
    for k in 1..6 {
        ask(&format!("&case=lapse&x=USA.CHN.all+{k},CHN.USA.AGR-{k},USA.VNM.all+{k}"));
    }
    assert_eq!(desk.world.made(), first, "plain levers: one solve each and nothing else");
    assert_eq!(desk.found(), [1, 6], "one day of the desk, an answer a state");
    for k in 1..4 {
        ask(&format!("&case=lapse&x=USA.CHN.US-IEEPA-FENT-{k}"));
    }
    assert_eq!(desk.world.made(), Made { lists: 1, ..first }, "a measure is laid on its cells once");
    ask("&case=lapse&x=USA.CHN.US-IEEPA-FENT-2");
    assert_eq!(desk.found(), [1, 9], "what was asked before is kept");
}

#[test]
fn the_page_opens_with_sentences_and_needs_nothing_from_elsewhere() {
    let server = Server::start();
    let (status, head, page) = server.get(&format!("/desk?{DAY}"));
    assert_eq!(status, 200, "{page}");
    let lower = head.to_ascii_lowercase();
    for held in [
        "content-security-policy: default-src 'none'",
        "require-trusted-types-for",
        "nosniff",
        "no-referrer",
        "no-store",
    ] {
        assert!(lower.contains(held), "{head}");
    }
    assert!(!lower.contains("set-cookie") && !lower.contains("access-control"), "{head}");
    assert!(page.contains("If nobody signs") && page.contains("name=\"l."), "sentences and levers");
    for elsewhere in ["http://", "https://", "//", "style=\"", "onclick", "<script>"] {
        let bare = page.replace("http://www.w3.org/2000/svg", "");
        assert!(
            !bare.contains(&format!("src=\"{elsewhere}")) && !bare.contains(&format!("href=\"{elsewhere}")),
            "{elsewhere}"
        );
        assert!(elsewhere.contains('/') || !bare.contains(elsewhere), "{elsewhere} stands on the page");
    }
    for asset in page.split('"').filter(|text| text.starts_with("/asset/")) {
        let (status, head, content) = server.get(asset);
        assert_eq!(status, 200, "{asset}");
        assert!(head.to_ascii_lowercase().contains("immutable") && content.len() > 100, "{asset}");
    }
    let (status, head, _) = server.get("/");
    assert!(status == 303 && head.to_ascii_lowercase().contains("location: /desk"), "{head}");
    // What is drawn of duties is percent, as the words beside it say.
    let after =
        page.split(" % if nobody signs").next().and_then(|before| before.split_whitespace().next_back());
    let after = after.expect("what the duty would be");
    assert!(page.contains(&format!(">{after} %</text>")), "{after} % stands in the drawing");
    // A form without a script says the same.
    let by_form = "/desk?t=us-china&on=2025-09-16&known=&l.USA.CHN.all=5&l.CHN.USA.all=0".to_string();
    assert!(server.get(&by_form).2.contains("x=USA.CHN.all+5"));
}

#[test]
fn what_is_not_ours_is_refused_in_words_and_nothing_breaks() {
    let server = Server::start();
    let host = server.address;
    let ok = json!({ "state": DAY }).to_string();
    let origin = format!("Origin: http://{host}\r\n");
    assert_eq!(server.post("/api/desk/answer", &origin, &ok).0, 200);
    assert_eq!(server.post("/api/desk/answer", "Origin: http://evil\r\n", &ok).0, 403);
    assert_eq!(server.post("/api/desk/answer", "Sec-Fetch-Site: cross-site\r\n", &ok).0, 403);
    assert_eq!(
        server.send(b"GET /desk HTTP/1.1\r\nHost: localhost.evil\r\nConnection: close\r\n\r\n").0,
        421
    );
    assert_eq!(server.send(b"GET /desk HTTP/1.1\r\nConnection: close\r\n\r\n").0, 421);
    assert_eq!(
        server.send(format!("PUT /desk HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()).0,
        405
    );
    let large = format!("{{\"state\":\"{}\"}}", "a".repeat(20_000));
    assert_eq!(server.post("/api/desk/answer", "", &large).0, 413);
    let deep = "[".repeat(10_000);
    for (body, key) in [
        (r#"{"state":"v=1&x=A.B.all+1e309"}"#, "x"),
        (r#"{"state":"v=1&t=nobody"}"#, "t"),
        (r#"{"state":"v=1&x=USA.ZZZ.all+1"}"#, "x"),
        (r#"{"state":"v=1&x=USA.CHN.NO-SUCH-1+1"}"#, "x"),
        (r#"{"state":"v=3"}"#, "v"),
        (r#"{"state":1}"#, "state"),
        (r#"{"state":"v=1","more":1}"#, "more"),
        (r#"{"state":"v=1","state":"v=1"}"#, "state"),
        ("{}", "state"),
        ("[]", "body"),
        ("nothing", "body"),
        (deep.as_str(), "body"),
    ] {
        let (status, _, reply) = server.post("/api/desk/answer", "", body);
        let reply: Value = serde_json::from_str(&reply).expect("words");
        assert_eq!((status, reply["key"].as_str()), (422, Some(key)), "{body}: {reply}");
    }
    for path in [
        "/../Cargo.toml",
        "/asset/../../Cargo.toml",
        "/asset/%2e%2e/x",
        "/api/desk/../../etc/passwd",
        "/desk/",
        "/%00",
    ] {
        let (status, _, body) = server.get(path);
        assert!(status == 404 || status == 400, "{path}: {status} {body}");
    }
    assert_eq!(server.get("/api/health").0, 200, "it goes on");
}

#[test]
fn it_stops_within_seconds_although_a_connection_stands_open() {
    let mut server = Server::start();
    let idle = TcpStream::connect(server.address).expect("a connection");
    assert_eq!(server.get("/api/health").0, 200);
    let begun = Instant::now();
    server.stop.take().expect("once").send(()).expect("it is there");
    let ended =
        server.ended.get_mut().expect("no panic").recv_timeout(Duration::from_secs(10)).expect("it ends");
    assert_eq!(ended, Ok(()));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    drop(idle);
}

#[test]
fn beyond_this_machine_it_asks_first() {
    let options = Options {
        address: "0.0.0.0:0".parse().expect("an address"),
        base_url: None,
        knows_plain_http: false,
        is_logged: false,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let refused = runtime.block_on(listen(&options)).expect_err("refused");
    assert!(refused.to_string().contains("read along"), "{refused}");
}
