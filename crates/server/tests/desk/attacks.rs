//! Attacks on the desk and its limits.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use detente_server::limits;
use serde_json::{Value, json};

use crate::kit::{DAY, Server};

/// What comes until the other side closes, and how long that took.
fn waited(mut stream: TcpStream) -> (String, Duration) {
    let begun = Instant::now();
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
    let mut found = Vec::new();
    let ended = stream.read_to_end(&mut found);
    let is_closed = !matches!(&ended, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock);
    assert!(is_closed, "the connection stands open after {:?}", begun.elapsed());
    (String::from_utf8_lossy(&found).into_owned(), begun.elapsed())
}

#[test]
fn heads_and_bodies_that_do_not_come_are_not_waited_for() {
    let server = Server::start();
    let host = server.address;
    let slow: Vec<TcpStream> = [
        String::new(),
        "GET /desk HT".to_owned(),
        format!("GET /desk HTTP/1.1\r\nHost: {host}\r\nX-"),
        format!("POST /api/desk/answer HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{{\"sta"),
        // One that asked and was answered, and then says nothing more.
        format!("GET /api/health HTTP/1.1\r\nHost: {host}\r\n\r\n"),
    ]
    .iter()
    .map(|text| {
        let mut stream = TcpStream::connect(host).expect("a connection");
        stream.write_all(text.as_bytes()).expect("sent");
        stream
    })
    .collect();
    let most = limits::HEADERS.max(limits::BODY_TIME) + Duration::from_secs(4);
    for (place, stream) in slow.into_iter().enumerate() {
        let (said, took) = waited(stream);
        assert!(took < most, "{place}: {took:?}");
        match place {
            3 => assert!(said.starts_with("HTTP/1.1 408"), "{said}"),
            4 => assert!(said.starts_with("HTTP/1.1 200"), "{said}"),
            _ => assert!(!said.starts_with("HTTP/1.1 2"), "{said}"),
        }
    }
    assert_eq!(server.get("/api/health").0, 200);
}

#[test]
fn a_crowd_of_silent_connections_does_not_shut_others_out_for_long() {
    let server = Server::start();
    // More than there are places, or as many as this machine gives one program.
    let mut crowd = Vec::new();
    while crowd.len() < limits::CONNECTIONS + 200 {
        match TcpStream::connect(server.address) {
            Ok(stream) => crowd.push(stream),
            Err(_) => break,
        }
    }
    assert!(crowd.len() > 200, "a crowd: {}", crowd.len());
    crowd.truncate(crowd.len() - 10);
    let begun = Instant::now();
    assert_eq!(server.get("/api/health").0, 200);
    let most = 3 * limits::HEADERS;
    assert!(begun.elapsed() < most, "answered after {:?} with {} silent", begun.elapsed(), crowd.len());
}

#[test]
fn whoever_does_not_read_is_let_go() {
    let server = Server::start();
    let host = server.address;
    let mut deaf = TcpStream::connect(host).expect("a connection");
    deaf.set_write_timeout(Some(Duration::from_millis(500))).expect("a time");
    let request = format!("GET /desk?{DAY}&case=lapse HTTP/1.1\r\nHost: {host}\r\n\r\n");
    // Asks on and on and reads nothing, until what the system holds between the two is full.
    let begun = Instant::now();
    let closed = loop {
        match deaf.write(request.as_bytes()) {
            Ok(_) => std::thread::sleep(Duration::from_millis(2)),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break true,
        }
        if begun.elapsed() > limits::STALLED + Duration::from_secs(30) {
            break false;
        }
    };
    assert!(closed, "it was let go");
    assert_eq!(server.get("/api/health").0, 200);
}

#[test]
fn a_crowd_that_moves_gets_answers_or_words() {
    let server = Server::start();
    let address = server.address;
    // The day is there, as it is once a first page has been looked at.
    server.answer(DAY);
    let states: Vec<String> =
        (0..400).map(|k| format!("{DAY}&x=USA.CHN.all+{},CHN.USA.all-{}", k % 90 + 1, k % 7 + 1)).collect();
    let asked: Vec<_> = states
        .into_iter()
        .map(|state| {
            std::thread::spawn(move || {
                let body = json!({ "state": state }).to_string();
                let text = format!(
                    "POST /api/desk/answer HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
                let mut stream = TcpStream::connect(address).expect("a connection");
                stream.write_all(text.as_bytes()).expect("sent");
                waited(stream).0
            })
        })
        .collect();
    let mut counts = [0, 0];
    for reply in asked.into_iter().map(|asked| asked.join().expect("an answer")) {
        if reply.starts_with("HTTP/1.1 200") {
            counts[0] += 1;
        } else {
            let lower = reply.to_ascii_lowercase();
            assert!(
                lower.starts_with("http/1.1 503")
                    && lower.contains("retry-after: 1")
                    && lower.contains("more is asked"),
                "{reply}"
            );
            counts[1] += 1;
        }
    }
    assert!(counts[0] > 10, "answers and words: {counts:?}");
    assert_eq!(
        server.post("/api/desk/answer", "", &json!({ "state": DAY }).to_string()).0,
        200,
        "and then it is quiet again"
    );
}

#[test]
fn scripts_in_what_is_sent_come_back_as_words_or_not_at_all() {
    let server = Server::start();
    let payloads = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'-alert(1)-'",
        "</title><svg onload=alert(1)>",
        "javascript:alert(1)",
        "\u{202e}evil",
        "a\u{0}b",
    ];
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    for payload in payloads {
        for place in [
            "t={}",
            "on={}",
            "x=USA.CHN.{}+1",
            "x={}",
            "case={}",
            "made={}",
            "{}=1",
            "l.USA.CHN.{}=2",
            "l.USA.CHN.all={}",
        ] {
            let query = place.replace("{}", &encoded(payload));
            for route in
                ["/desk", "/desk/record", "/desk/deal", "/api/desk/page.html", "/api/desk/scenario.toml"]
            {
                let (status, head, body) = server.get(&format!("{route}?v=1&{query}"));
                let lower = head.to_ascii_lowercase();
                assert!(lower.contains("nosniff") && lower.contains("default-src 'none'"), "{head}");
                let is_page = lower.contains("content-type: text/html");
                assert!(!is_page || !body.contains(payload), "{route} {query}: {status}");
                assert!(
                    is_page || lower.contains("application/json") || lower.contains("attachment"),
                    "{head}"
                );
                assert!(status == 200 || status == 422, "{route} {query}: {status}");
            }
        }
        for (key, value) in [("code", payload), ("from", payload), ("to", payload)] {
            let mut query = format!("{DAY}&code=8471.30&from=CHN&to=USA");
            let at = query.find(&format!("{key}=")).expect("a key");
            let end = query[at..].find('&').map_or(query.len(), |end| at + end);
            query.replace_range(at..end, &format!("{key}={}", encoded(value)));
            let (status, _, body) = server.get(&format!("/desk/duty?{query}"));
            let reply: Value = serde_json::from_str(&body).expect("words");
            assert_eq!((status, reply["key"].as_str()), (422, Some(key)), "{query}: {reply}");
        }
    }
}

#[test]
fn every_method_on_every_route_is_answered_or_refused_by_name() {
    let server = Server::start();
    let host = server.address;
    for route in [
        "/",
        "/desk",
        "/desk/duty",
        "/desk/record",
        "/api/health",
        "/api/desk/answer",
        "/api/desk/bands",
        "/api/desk/scenario.toml",
        "/nothing",
    ] {
        for method in ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "BREW"] {
            let (status, head, _) = server.send(
                format!("{method} {route} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes(),
            );
            assert!(matches!(status, 400 | 405 | 421), "{method} {route}: {status}");
            assert!(!head.to_ascii_lowercase().contains("access-control"), "{head}");
        }
    }
    // What reads does not write, and what writes does not read.
    assert_eq!(server.get("/api/desk/answer").0, 404);
    assert_eq!(server.post("/desk", "", "{}").0, 404);
    let two = format!("GET /desk HTTP/1.1\r\nHost: {host}\r\nHost: evil\r\nConnection: close\r\n\r\n");
    assert!(matches!(server.send(two.as_bytes()).0, 400 | 421));
    let proxy = format!("GET http://{host}/desk HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    assert!(matches!(server.send(proxy.as_bytes()).0, 400 | 421));
    let long = format!(
        "GET /desk?x={} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
        "a".repeat(limits::ADDRESS)
    );
    assert_eq!(server.send(long.as_bytes()).0, 414);
    // A length and pieces at once: what two readers would read differently.
    let both = format!(
        "POST /api/desk/answer HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /api/health HTTP/1.1\r\nHost: {host}\r\n\r\n"
    );
    let (_, _, body) = server.send(both.as_bytes());
    assert!(!body.contains("HTTP/1.1 200"), "no second request hides in the first: {body}");
}

#[test]
fn every_test_that_the_guide_names_is_there() {
    let guide = include_str!("../../../../docs/how-to/desk.md");
    let sources = [
        include_str!("answers.rs"),
        include_str!("attacks.rs"),
        include_str!("languages.rs"),
        include_str!("mutated.rs"),
        include_str!("browser/exports.rs"),
        include_str!("browser/hands.rs"),
        include_str!("browser/looks.rs"),
        include_str!("browser/questions.rs"),
        include_str!("browser/strangers.rs"),
        include_str!("../../src/guard.rs"),
        include_str!("../../src/routes.rs"),
        include_str!("../../src/work.rs"),
        include_str!("../../../detente/src/desk/state.rs"),
    ];
    let is_name = |text: &&str| text.contains('_') && !text.contains([' ', '.', '/', '-']);
    let rows = guide.lines().filter(|line| line.starts_with("| "));
    let named: Vec<&str> = rows
        .filter_map(|row| row.rsplit(" | ").next())
        .flat_map(|cell| cell.split('`').filter(is_name))
        .collect();
    assert!(named.len() > 30, "{named:?}");
    for name in named {
        let is_there = sources.iter().any(|source| source.contains(&format!("fn {name}()")));
        assert!(is_there, "{name} is named in the guide and is no test");
    }
}
