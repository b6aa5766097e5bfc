//! Requests that chance has changed: refused or answered, never a fault, and nothing is kept of them.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use crate::kit::{DAY, Server, memory};

/// Chance with a seed, so that what broke is found again.
pub struct Chance(u64);

impl Chance {
    pub fn of(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }
}

/// What stands in requests, so that a change meets more than the parser of heads.
const WORDS: [&str; 24] = [
    "&x=USA.CHN.all+",
    "1e309",
    "NaN",
    "&case=lapse",
    "&on=2025-02-30",
    "&on=9999-12-31",
    "%00",
    "%ff",
    "..",
    "\u{202e}",
    "\"",
    "}",
    "&l.USA.CHN.AGR=",
    "&known=2030-01-01",
    "USA.USA.all+1,",
    "&basis=statute",
    "&t=us-eu",
    "&code=8471.30",
    "&from=CHN&to=USA",
    "<script>",
    "&",
    "=",
    "\r\nHost: evil\r\n",
    "-0",
];

/// Whole requests of every kind.
fn whole(host: &str) -> Vec<Vec<u8>> {
    let body = json!({ "state": format!("{DAY}&x=USA.CHN.US-IEEPA-FENT-20,USA.VNM.all+10") }).to_string();
    let mut all: Vec<String> = ["answer", "bands"]
        .iter()
        .map(|route| {
            format!(
                "POST /api/desk/{route} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
        })
        .collect();
    for address in [
        "/desk?{}",
        "/api/desk/scenario.toml?{}&x=CHN.USA.AGR-2",
        "/api/desk/data.csv?{}",
        "/desk/duty?{}&code=8471.30&from=CHN&to=USA",
        "/desk/record?{}",
        "/api/health",
    ] {
        let address = address.replace("{}", DAY);
        all.push(format!("GET {address} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    }
    all.into_iter().map(String::into_bytes).collect()
}

/// Changes a request: a byte, a word put in, a piece cut out, a piece doubled.
fn changed(mut bytes: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
    for _ in 0..chance.below(4) {
        let at = chance.below(bytes.len().max(1));
        match chance.below(5) {
            0 | 1 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = chance.below(256) as u8;
                }
            }
            2 => {
                let word = WORDS[chance.below(WORDS.len())];
                bytes.splice(at..at, word.bytes());
            }
            3 => {
                let end = (at + chance.below(12)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let end = (at + chance.below(40)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// Whether a server has all that the heads announce.
fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((heads, _)) = text.split_once("\r\n\r\n") else { return false };
    let body = bytes.windows(4).position(|end| end == b"\r\n\r\n").map_or(0, |at| bytes.len() - at - 4);
    // One that does not say that it is the last on its connection is waited for as well.
    if !text.contains("\r\nConnection: close\r\n") {
        return false;
    }
    let mut lengths = heads.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())
    });
    match (lengths.next(), lengths.next()) {
        (None, _) => body == 0,
        (Some(Some(length)), None) => body >= length,
        _ => false,
    }
}

/// Bytes that the server may hold.
const MOST: usize = 150_000_000;

/// Counts of what came back.
#[derive(Debug, Default)]
pub struct Counted {
    pub answered: usize,
    pub refused: usize,
    pub silent: usize,
}

/// Sends so many changed requests, one after the other.
///
/// # Panics
/// Where the server answers with a fault, or does not answer and does not close either.
pub fn send(server: &Server, count: usize, seed: u64) -> Counted {
    let host = server.address.to_string();
    let (all, mut chance, mut counted) = (whole(&host), Chance::of(seed), Counted::default());
    for k in 0..count {
        // Bands cost a thousand times the rest: they are asked for once in a while.
        let kind = chance.below(all.len());
        let kind = if kind == 1 && chance.below(50) != 0 { 0 } else { kind };
        let bytes = changed(all[kind].clone(), &mut chance);
        let mut stream = TcpStream::connect(server.address).expect("it takes connections");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time");
        let _ = stream.write_all(&bytes);
        // What is not whole would be waited for: its write side is closed, so that it ends.
        if !is_whole(&bytes) {
            let _ = stream.shutdown(Shutdown::Write);
        }
        let mut reply = Vec::new();
        if let Err(error) = stream.read_to_end(&mut reply) {
            let is_closed = error.kind() == std::io::ErrorKind::ConnectionReset;
            assert!(is_closed, "request {k} of seed {seed}: {error}\n{}", String::from_utf8_lossy(&bytes));
        }
        let head = String::from_utf8_lossy(&reply[..reply.len().min(400)]).into_owned();
        assert!(
            !head.starts_with("HTTP/1.1 500"),
            "request {k} of seed {seed}: {head}\n{}",
            String::from_utf8_lossy(&bytes)
        );
        match head.split(' ').nth(1) {
            Some("200" | "303") => counted.answered += 1,
            Some(_) => counted.refused += 1,
            None => counted.silent += 1,
        }
    }
    counted
}

#[test]
fn requests_that_chance_has_changed_are_no_fault() {
    let server = Server::start();
    let counted = send(&server, 1_500, 0x2545_F491_4F6C_DD1D);
    assert!(counted.answered > 100 && counted.refused > 300, "both happen: {counted:?}");
    assert_eq!(server.get("/api/health").0, 200, "it goes on");
}

/// `cargo test --release -p detente-server --test desk -- --ignored --nocapture a_hundred_thousand`.
#[test]
#[ignore = "a hundred thousand requests: the smaller count runs with every test"]
fn a_hundred_thousand_changed_requests_leave_memory_flat() {
    const BATCH: usize = 10_000;
    let server = Server::start();
    let mut held = Vec::new();
    for batch in 0..10_u64 {
        let counted = send(&server, BATCH, 0x9E37_79B9_7F4A_7C15 ^ (batch << 7));
        let memory = memory();
        println!("{}: {counted:?}, {:.1} MB", (batch + 1) * BATCH as u64, memory.unwrap_or(0) as f64 / 1e6);
        held.extend(memory);
    }
    assert_eq!(server.get("/api/health").0, 200, "it goes on");
    // What is kept is kept to a number; once that is full nothing grows.
    if let (Some(filled), Some(last)) = (held.get(4), held.last()) {
        assert!(*last < filled + filled / 10, "memory from {filled} to {last} bytes over the second half");
        assert!(*last < MOST, "{last} bytes");
    }
}

/// `cargo test --release -p detente-server --test desk -- --ignored --nocapture four_hundred_days`.
#[test]
#[ignore = "four hundred days, some minutes: the record keeps what it finds of each"]
fn four_hundred_days_leave_memory_flat() {
    let server = Server::start();
    let first: Date = "2019-01-01".parse().expect("a day");
    let mut held = Vec::new();
    for k in 0..400_i64 {
        let on = first.saturating_add((7 * k).days());
        let (status, _, body) = server.get(&format!("/api/desk/data.csv?v=1&t=us-china&on={on}"));
        assert_eq!(status, 200, "{on}: {body}");
        if (k + 1) % 40 == 0 {
            println!("{}: {:.1} MB", k + 1, memory().unwrap_or(0) as f64 / 1e6);
            held.extend(memory());
        }
    }
    if let (Some(filled), Some(last)) = (held.get(4), held.last()) {
        assert!(*last < filled + filled / 10, "memory from {filled} to {last} bytes over the second half");
        assert!(*last < MOST, "{last} bytes");
    }
}
