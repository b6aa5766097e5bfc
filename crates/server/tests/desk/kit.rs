//! What tests and timings of the desk share: a server on a free port and the plainest of clients.
#![allow(dead_code, reason = "timings use a part of it")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use detente::World;
use detente_server::memory::give_back;
use detente_server::serve::{Options, listen, until};
use serde_json::json;
use tokio::sync::oneshot;

/// The day that tests ask about.
pub const DAY: &str = "v=1&t=us-china&on=2025-09-16";

/// A server on a free port, stopped when it goes.
pub struct Server {
    pub address: SocketAddr,
    pub stop: Option<oneshot::Sender<()>>,
    pub ended: Mutex<mpsc::Receiver<Result<(), String>>>,
}

impl Server {
    pub fn start() -> Self {
        Self::start_as(None)
    }

    /// The same behind a name of its own.
    pub fn start_as(base: Option<&str>) -> Self {
        give_back();
        let base_url = base.map(str::to_owned);
        let (ready, address) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let (done, ended) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
            let options = Options {
                address: "127.0.0.1:0".parse().expect("an address"),
                base_url,
                knows_plain_http: false,
                is_logged: false,
            };
            let result = runtime.block_on(async {
                let listener = listen(&options).await?;
                let world = World::embedded()?;
                let end = async {
                    let _ = stopped.await;
                };
                until(world, options, listener, |address| ready.send(address).expect("heard"), end).await
            });
            let _ = done.send(result.map_err(|error| error.to_string()));
        });
        let address = address.recv_timeout(Duration::from_secs(60)).expect("it listens");
        Self { address, stop: Some(stop), ended: Mutex::new(ended) }
    }

    pub fn send(&self, text: &[u8]) -> (u16, String, String) {
        let mut stream = TcpStream::connect(self.address).expect("it takes connections");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time");
        let _ = stream.write_all(text);
        let mut reply = Vec::new();
        let _ = stream.read_to_end(&mut reply);
        let reply = String::from_utf8_lossy(&reply).into_owned();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap_or((&reply, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, head.to_owned(), body.to_owned())
    }

    pub fn get(&self, address: &str) -> (u16, String, String) {
        let host = self.address;
        self.send(format!("GET {address} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes())
    }

    pub fn post(&self, address: &str, heads: &str, body: &str) -> (u16, String, String) {
        let (host, size) = (self.address, body.len());
        let text = format!(
            "POST {address} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n{heads}\r\n{body}"
        );
        self.send(text.as_bytes())
    }

    /// The answer as it was sent: a reader of JSON may round the last digit.
    pub fn answer(&self, state: &str) -> String {
        let (status, _, body) = self.post("/api/desk/answer", "", &json!({ "state": state }).to_string());
        assert_eq!(status, 200, "{state}: {body}");
        body
    }
}

/// Welfare of an economy in an answer, digit for digit.
pub fn welfare<'a>(answer: &'a str, code: &str) -> &'a str {
    let row = answer.split(&format!("\"economy\":\"{code}\"")).nth(1).expect("a row");
    row.split("\"welfare_pct\":").nth(1).and_then(|rest| rest.split('}').next()).expect("a number")
}

/// Memory of this process in use, bytes; none where the system does not say.
pub fn memory() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<usize>().ok().map(|kilobytes| 1_024 * kilobytes)
}
