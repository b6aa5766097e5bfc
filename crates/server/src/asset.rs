//! Styles and scripts: their addresses name their content, so that they are kept for good.

use std::sync::OnceLock;

use detente_report::desk::page::Assets;
use detente_report::desk::words::ENGLISH;
use detente_report::page::{PICTURE_SCRIPT, style_sheet};
use detente_tables::digest::sha256;

/// One file that pages ask for.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its address.
    pub address: String,
    /// Its kind.
    pub kind: &'static str,
    /// Its content.
    pub content: String,
}

/// All of them.
pub fn all() -> &'static [Asset] {
    static ALL: OnceLock<Vec<Asset>> = OnceLock::new();
    ALL.get_or_init(|| {
        let style = format!("{}{}", style_sheet(), include_str!("asset/desk.css"));
        [
            ("desk.css", "text/css; charset=utf-8", style),
            ("picture.js", "text/javascript; charset=utf-8", PICTURE_SCRIPT.to_owned()),
            ("icon.svg", "image/svg+xml", include_str!("asset/icon.svg").to_owned()),
            ("desk.js", "text/javascript; charset=utf-8", include_str!("asset/desk.js").to_owned()),
        ]
        .into_iter()
        .map(|(name, kind, content)| {
            let hash: String = sha256(content.as_bytes()).chars().take(12).collect();
            Asset { address: format!("/asset/{hash}/{name}"), kind, content }
        })
        .collect()
    })
}

/// The addresses that a page names.
pub fn addresses() -> Assets {
    let of = |end: &str| -> Vec<String> {
        let found = all().iter().filter(|asset| asset.address.ends_with(end));
        found.map(|asset| asset.address.clone()).collect()
    };
    Assets { style: of(".css").concat(), icon: of(".svg").concat(), scripts: of(".js"), words: ENGLISH }
}
