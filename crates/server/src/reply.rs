//! What is sent: a status, a body, and the heads that every reply has.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{HeaderMap, Response, StatusCode};
use serde_json::json;

/// A reply.
pub type Reply = Response<Full<Bytes>>;

/// What scripts, styles and pictures a page may use: its own, and nothing else.
pub const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types detente";

/// Heads of every reply.
const HEADS: [(&str, &str); 7] = [
    ("content-security-policy", CONTENT_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "accelerometer=(), camera=(), clipboard-read=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    ),
    ("x-frame-options", "DENY"),
];

/// A body of some kind with a status; it is not to be kept.
pub fn of(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    let heads = reply.headers_mut();
    for (name, value) in HEADS {
        put(heads, name, value);
    }
    put(heads, "content-type", kind);
    put(heads, "cache-control", "no-store");
    reply
}

fn put(heads: &mut HeaderMap, name: &'static str, value: &'static str) {
    heads.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
}

/// The same reply, to be kept for good: its address names its content.
#[must_use]
pub fn kept(mut reply: Reply) -> Reply {
    put(reply.headers_mut(), "cache-control", "public, max-age=31536000, immutable");
    reply
}

/// The same reply as a file of this name.
#[must_use]
pub fn as_file(mut reply: Reply, disposition: &'static str) -> Reply {
    put(reply.headers_mut(), "content-disposition", disposition);
    reply
}

/// A reply that asks to come again in a second.
#[must_use]
pub fn later(mut reply: Reply) -> Reply {
    put(reply.headers_mut(), "retry-after", "1");
    reply
}

/// A refusal in words, as JSON.
pub fn refusal(status: StatusCode, key: &str, reason: &str) -> Reply {
    let body = json!({ "key": key, "reason": reason }).to_string();
    of(status, "application/json", body)
}
