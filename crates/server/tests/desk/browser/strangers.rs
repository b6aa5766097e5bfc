//! Other origins, a name that is not of this machine, many tabs.

use std::io::{Read, Write};
use std::net::TcpListener;

use detente_testkit_attributes::needs;

use super::Bench;
use crate::kit::DAY;

#[needs("program:chromedriver")]
#[test]
fn a_page_of_another_origin_reads_and_writes_nothing() {
    let bench = Bench::set_up("strangers", &[]);
    let stranger = TcpListener::bind("127.0.0.1:0").expect("a port");
    let other = stranger.local_addr().expect("its address");
    std::thread::spawn(move || {
        for stream in stranger.incoming().flatten() {
            // One thread each: a browser opens connections ahead and leaves them silent.
            std::thread::spawn(move || {
                let mut stream = stream;
                let _ = stream.read(&mut [0; 4_096]);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 31\r\nConnection: close\r\n\r\n<!doctype html><title>x</title>");
            });
        }
    });
    let desk = bench.address("");
    for origin in [format!("http://{other}"), format!("http://localhost:{}", other.port())] {
        bench.browser.open(&origin);
        let seen = bench.browser.script_with(
            "return (async () => { const [desk, state] = arguments[0]; const body = JSON.stringify({ state }); const tried = []; \
             const attempt = async (name, how) => { try { const reply = await fetch(desk + '/api/desk/answer', how); tried.push(name + ' ' + reply.type + ' ' + (await reply.text()).length); } \
             catch (error) { tried.push(name + ' blocked'); } }; \
             await attempt('json', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }); \
             await attempt('plain', { method: 'POST', body }); \
             await attempt('opaque', { method: 'POST', mode: 'no-cors', body }); \
             try { const reply = await fetch(desk + '/desk'); tried.push('read ' + (await reply.text()).length); } catch (error) { tried.push('read blocked'); } \
             await new Promise((done) => { const frame = document.createElement('iframe'); frame.src = desk + '/desk'; frame.onload = () => { let inside = 'unseen'; \
             try { inside = frame.contentDocument && frame.contentDocument.body ? 'seen' : 'unseen'; } catch (error) { inside = 'unseen'; } tried.push('frame ' + inside); done(); }; document.body.append(frame); }); \
             return tried.join(', '); })();",
            &serde_json::json!([desk, DAY]),
        );
        let seen = seen.as_str().unwrap_or_default();
        assert_eq!(
            seen, "json blocked, plain blocked, opaque blocked, read blocked, frame unseen",
            "from {origin}"
        );
    }
}

#[needs("program:chromedriver")]
#[test]
fn a_plain_http_name_that_is_not_of_this_machine_works_without_what_browsers_withhold_there() {
    let bench = Bench::set_up("plain", &["--host-resolver-rules=MAP desk.example 127.0.0.1"]);
    let browser = &bench.browser;
    let port = bench.server.address.port();
    // The name is not ours unless it was said to be.
    browser.open(&format!("http://desk.example:{port}/desk"));
    assert!(browser.text("return document.body.innerText").contains("does not answer under that name"));
    drop(bench);
    let bench = Bench::set_up_as(
        "plain",
        &["--host-resolver-rules=MAP desk.example:80 127.0.0.1:PORT"],
        Some("http://desk.example"),
    );
    let browser = &bench.browser;
    browser.open(&format!("http://desk.example/desk?{DAY}"));
    bench.shown();
    assert_eq!(
        browser.script(
            "return window.isSecureContext || !!navigator.clipboard || !!(window.crypto && crypto.randomUUID)"
        ),
        false
    );
    bench.lever("USA.CHN.all", 4.0);
    browser.click("#share");
    browser.until("return !!document.getElementById('notice')");
    let said = browser.text("return document.getElementById('notice').textContent");
    assert!(said.contains("Marked below") && said.contains("http://desk.example/desk?"), "{said}");
    let marked = browser.text("return String(getSelection())");
    assert!(marked.contains("x=USA.CHN.all+4"), "{marked}");
    // The one thing the browser says: without encryption it does not keep windows of other origins apart.
    let complaints = bench.complaints();
    assert!(complaints.iter().all(|row| row.contains("Cross-Origin-Opener-Policy")), "{complaints:?}");
}

#[needs("program:chromedriver")]
#[test]
fn seven_tabs_all_load() {
    let bench = Bench::set_up("tabs", &[]);
    for tab in 0..7 {
        bench.browser.tab();
        bench.open(&format!("&x=USA.CHN.all%2B{}", tab + 1));
        assert!(bench.state().ends_with(&format!("+{}", tab + 1)));
    }
}
