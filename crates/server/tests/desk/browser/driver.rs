//! A browser through its driver: the commands of WebDriver that the tests need, over a plain socket, and nothing more.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// What an element is called in answers.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// One browser with a page.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

impl Browser {
    /// Starts a browser that saves files in a folder; `arguments` are its own.
    pub fn start(saves: &Path, arguments: &[&str]) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let mut lines = BufReader::new(driver.stdout.take().expect("its words"));
        let port = loop {
            let mut line = String::new();
            assert!(
                lines.read_line(&mut line).expect("its words") > 0,
                "chromedriver ended before it named its port"
            );
            let number = line
                .rsplit_once("on port ")
                .and_then(|(_, rest)| rest.trim().trim_end_matches('.').parse().ok());
            if let Some(port) = number.filter(|port| *port != 0) {
                break port;
            }
        };
        // Somebody must read on, or the driver waits with its words.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        let mut browser = Self { driver, port, session: String::new() };
        let fixed = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1280,900",
        ];
        let arguments: Vec<&str> = fixed.iter().chain(arguments).copied().collect();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "goog:chromeOptions": { "args": arguments },
        }}});
        let begun = browser.request("POST", "/session", &wanted).expect("a session");
        browser.session = begun["sessionId"].as_str().expect("its name").to_owned();
        browser.command("POST", "timeouts", &json!({ "script": 60_000, "pageLoad": 60_000 }));
        let saves = saves.to_str().expect("a path");
        browser
            .devtools("Browser.setDownloadBehavior", &json!({ "behavior": "allow", "downloadPath": saves }));
        browser
    }

    fn request(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let text = if method == "POST" { body.to_string() } else { String::new() };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(|error| error.to_string())?;
        stream.set_read_timeout(Some(Duration::from_secs(120))).map_err(|error| error.to_string())?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
            self.port,
            text.len()
        );
        stream.write_all(request.as_bytes()).map_err(|error| error.to_string())?;
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).map_err(|error| error.to_string())?;
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(|_| format!("a length: {line}"))?;
            }
        }
        let mut bytes = vec![0; length];
        reader.read_exact(&mut bytes).map_err(|error| error.to_string())?;
        let reply: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        let value = reply["value"].clone();
        match value["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", value["message"].as_str().unwrap_or_default())),
            None => Ok(value),
        }
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        let found = self.request(method, &format!("/session/{}/{path}", self.session), body);
        found.unwrap_or_else(|error| panic!("{path} {body}: {error}"))
    }

    /// A command of the browser's own protocol.
    pub fn devtools(&self, name: &str, parameters: &Value) -> Value {
        self.command("POST", "goog/cdp/execute", &json!({ "cmd": name, "params": parameters }))
    }

    /// Opens an address.
    pub fn open(&self, address: &str) {
        self.command("POST", "url", &json!({ "url": address }));
    }

    /// Opens a tab and goes on in it.
    pub fn tab(&self) {
        let made = self.command("POST", "window/new", &json!({ "type": "tab" }));
        self.command("POST", "window", &json!({ "handle": made["handle"] }));
    }

    /// What a script returns; it may wait.
    pub fn script(&self, text: &str) -> Value {
        self.command("POST", "execute/sync", &json!({ "script": text, "args": [] }))
    }

    /// The same with an argument.
    pub fn script_with(&self, text: &str, argument: &Value) -> Value {
        self.command("POST", "execute/sync", &json!({ "script": text, "args": [argument] }))
    }

    /// A script's text.
    pub fn text(&self, script: &str) -> String {
        self.script(script).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a script says so.
    pub fn until(&self, script: &str) {
        let begun = Instant::now();
        loop {
            let found = self.script(script);
            if found == Value::Bool(true) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "never: {script}: {found}");
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    fn element(&self, selector: &str) -> String {
        let found = self.command("POST", "element", &json!({ "using": "css selector", "value": selector }));
        found[ELEMENT].as_str().unwrap_or_else(|| panic!("no {selector}")).to_owned()
    }

    /// Clicks where the element is, as a hand does.
    pub fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.command("POST", &format!("element/{element}/click"), &json!({}));
    }

    /// Presses and lets go of keys, one after the other, wherever the focus is.
    pub fn press(&self, keys: &str) {
        let strokes: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() }))
            })
            .collect();
        let held = json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] });
        self.command("POST", "actions", &held);
    }

    /// The width and height of the page's window, as a phone's where it is narrow.
    pub fn size(&self, width: u32, height: u32) {
        let mobile = width < 640;
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile }),
        );
    }

    /// Screen or paper, light or dark.
    pub fn medium(&self, medium: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "media": medium, "features": features }));
    }

    /// The whole page as a picture.
    pub fn picture(&self, file: &Path) {
        let wanted = json!({ "format": "png", "captureBeyondViewport": true });
        let found = self.devtools("Page.captureScreenshot", &wanted);
        std::fs::write(file, bytes_of(found["data"].as_str().unwrap_or_default()))
            .expect("a place for screens");
    }

    /// The page as paper.
    pub fn paper(&self) -> Vec<u8> {
        let found = self.devtools(
            "Page.printToPDF",
            &json!({ "printBackground": false, "paperWidth": 8.27, "paperHeight": 11.69 }),
        );
        bytes_of(found["data"].as_str().unwrap_or_default())
    }

    /// What was written to a log since it was last asked: `browser` or `performance`.
    pub fn log(&self, kind: &str) -> Vec<Value> {
        let found = self.command("POST", "se/log", &json!({ "type": kind }));
        found.as_array().cloned().unwrap_or_default()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.request("DELETE", &format!("/session/{}", self.session), &Value::Null);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The bytes behind letters of base 64.
pub fn bytes_of(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut held, mut bits, mut found) = (0_u32, 0, Vec::with_capacity(text.len() / 4 * 3));
    for value in text.bytes().filter_map(value) {
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            found.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    found
}

#[test]
fn letters_of_base_64_are_bytes_again() {
    assert_eq!(bytes_of("aGVsbG8="), b"hello");
    assert_eq!(bytes_of("AP+/"), [0, 255, 191]);
}
