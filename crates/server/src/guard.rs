//! Who may ask: the host by its exact name, the origin of what writes, the kind and the size of what is sent.

use hyper::header::{CONTENT_TYPE, HOST, HeaderName, ORIGIN};
use hyper::{HeaderMap, Method, StatusCode, Uri};

use crate::limits;

/// A request that is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Status.
    pub status: StatusCode,
    /// Why.
    pub reason: &'static str,
}

/// The names under which the server answers: host with port, and the origin that pages of it have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    hosts: Vec<String>,
    origins: Vec<String>,
}

impl Names {
    /// The names of this machine to itself at a port.
    pub fn loopback(port: u16) -> Self {
        let mut hosts: Vec<String> =
            ["127.0.0.1", "localhost", "[::1]"].iter().map(|host| format!("{host}:{port}")).collect();
        if port == 80 {
            hosts.extend(["127.0.0.1", "localhost", "[::1]"].map(str::to_owned));
        }
        let origins = hosts.iter().map(|host| format!("http://{host}")).collect();
        Self { hosts, origins }
    }

    /// And the name that a proxy in front of it has: `https://desk.example`; none where that is no address of a host alone.
    pub fn and_base(mut self, base: &str) -> Option<Self> {
        let base = base.strip_suffix('/').unwrap_or(base);
        let host = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"))?;
        let is_host = !host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
        is_host.then(|| {
            self.hosts.push(host.to_ascii_lowercase());
            self.origins.push(base.to_ascii_lowercase());
            self
        })
    }
}

/// Whether a request may be answered at all; asked before anything else.
///
/// # Errors
/// 421 for a host that is not ours; 414 and 400 for addresses; 405 for a method; 403 for an origin; 415 for what is no JSON.
pub fn check(names: &Names, method: &Method, address: &Uri, heads: &HeaderMap) -> Result<(), Refusal> {
    let refused = |status, reason| Err(Refusal { status, reason });
    let mut hosts = heads.get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or_default().to_ascii_lowercase(),
        _ => return refused(StatusCode::MISDIRECTED_REQUEST, "one Host, and ours"),
    };
    if !names.hosts.contains(&host) {
        return refused(StatusCode::MISDIRECTED_REQUEST, "this server does not answer under that name");
    }
    if address.authority().is_some() {
        return refused(StatusCode::MISDIRECTED_REQUEST, "this server is no proxy");
    }
    if address.path_and_query().is_none_or(|held| held.as_str().len() > limits::ADDRESS) {
        return refused(StatusCode::URI_TOO_LONG, "the address is too long");
    }
    match *method {
        Method::GET | Method::HEAD => return Ok(()),
        Method::POST => {}
        _ => return refused(StatusCode::METHOD_NOT_ALLOWED, "GET or POST"),
    }
    let mut origins = heads.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) if is_browser(heads) => {
            return refused(StatusCode::FORBIDDEN, "a page that writes says its origin");
        }
        (None, _) => {}
        (Some(origin), None) => {
            let origin = origin.to_str().unwrap_or_default().to_ascii_lowercase();
            let ours = names.origins.contains(&origin);
            // The origin must be the very host that is asked, not another of our names.
            let same = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"))
                == Some(host.as_str());
            if !ours || !same {
                return refused(StatusCode::FORBIDDEN, "another origin may not write here");
            }
        }
        (Some(_), Some(_)) => return refused(StatusCode::FORBIDDEN, "one Origin"),
    }
    let kind = heads.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().unwrap_or_default().trim() != "application/json" {
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "what is sent is application/json");
    }
    Ok(())
}

/// Whether a browser asks, by heads that only browsers send.
fn is_browser(heads: &HeaderMap) -> bool {
    [HeaderName::from_static("sec-fetch-site"), HeaderName::from_static("sec-fetch-mode")]
        .iter()
        .any(|name| heads.contains_key(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    fn asked(method: Method, heads: &[(&'static str, &'static str)]) -> Result<(), u16> {
        let mut map = HeaderMap::new();
        for (name, value) in heads {
            map.append(*name, HeaderValue::from_static(value));
        }
        let names = Names::loopback(7801).and_base("https://desk.example").expect("a base");
        check(&names, &method, &Uri::from_static("/desk"), &map).map_err(|refusal| refusal.status.as_u16())
    }

    #[test]
    fn only_our_own_names_are_answered() {
        for host in ["127.0.0.1:7801", "localhost:7801", "LOCALHOST:7801", "[::1]:7801", "desk.example"] {
            assert_eq!(asked(Method::GET, &[("host", host)]), Ok(()), "{host}");
        }
        for host in [
            "",
            "localhost",
            "127.0.0.1",
            "localhost.evil:7801",
            "127.0.0.1.evil:7801",
            "evil:7801",
            "localhost:7802",
            "127.0.0.1:7801.evil",
            "localhost:7801@evil",
            "desk.example.evil",
            "127.0.0.1:07801",
            "127.1:7801",
            "0.0.0.0:7801",
        ] {
            assert_eq!(asked(Method::GET, &[("host", host)]), Err(421), "{host}");
        }
        assert_eq!(asked(Method::GET, &[]), Err(421));
        assert_eq!(asked(Method::GET, &[("host", "localhost:7801"), ("host", "evil")]), Err(421));
        // A rebound name stays refused although its origin is that of its host.
        assert_eq!(asked(Method::POST, &[("host", "evil:7801"), ("origin", "http://evil:7801")]), Err(421));
    }

    #[test]
    fn only_our_own_pages_write() {
        let json = ("content-type", "application/json");
        let host = ("host", "localhost:7801");
        assert_eq!(asked(Method::POST, &[host, json, ("origin", "http://localhost:7801")]), Ok(()));
        assert_eq!(
            asked(Method::POST, &[host, ("content-type", "application/json; charset=utf-8")]),
            Ok(()),
            "no browser"
        );
        for origin in [
            "http://evil",
            "null",
            "http://localhost:7802",
            "http://127.0.0.1:7801",
            "https://localhost:7801",
            "http://localhost:7801.evil",
        ] {
            assert_eq!(asked(Method::POST, &[host, json, ("origin", origin)]), Err(403), "{origin}");
        }
        assert_eq!(asked(Method::POST, &[host, json, ("sec-fetch-site", "cross-site")]), Err(403));
        assert_eq!(
            asked(
                Method::POST,
                &[host, json, ("origin", "http://localhost:7801"), ("origin", "http://evil")]
            ),
            Err(403)
        );
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/jsonp",
            "",
        ] {
            assert_eq!(asked(Method::POST, &[host, ("content-type", kind)]), Err(415), "{kind}");
        }
        for method in
            [Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE, Method::CONNECT, Method::PATCH]
        {
            assert_eq!(asked(method, &[host]), Err(405));
        }
    }
}
