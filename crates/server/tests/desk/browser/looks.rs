//! Views: small and large, light and dark, on paper, and what axe finds in them.

use std::path::{Path, PathBuf};

use detente_testkit_attributes::needs;
use serde_json::Value;

use super::Bench;

/// Views of the desk: a name, what follows the day in the address, and what is opened.
const VIEWS: [(&str, &str, &str); 4] = [
    ("today", "", ""),
    ("lapse", "&case=lapse", ""),
    ("moved", "&case=lapse&x=USA.CHN.US-IEEPA-FENT-20,USA.VNM.all%2B10", "levers"),
    ("opened", "&x=CHN.USA.AGR%2B5", "parts"),
];

fn screens() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screens");
    std::fs::create_dir_all(&folder).expect("a place for screens");
    folder
}

/// Opens what a view shows opened.
fn opened(bench: &Bench, what: &str) {
    let browser = &bench.browser;
    match what {
        "levers" => {
            browser.script("document.querySelectorAll('#levers details').forEach((held) => { held.open = true; }); document.getElementById('pin').click();");
        }
        "parts" => {
            browser.script(
                "document.querySelectorAll('.part, #keys, #day details').forEach((held) => { held.open = true; }); document.querySelector('#line button').click();",
            );
            browser.until("return !!document.querySelector('#line-answer svg') && !!document.querySelector('.part[data-part=record] table')");
            browser.until("return !!document.querySelector('.part[data-part=deal] svg')");
        }
        _ => {}
    }
}

#[needs("program:chromedriver")]
#[test]
fn every_view_fits_small_and_large_light_dark_and_paper() {
    let bench = Bench::set_up("looks", &[]);
    let browser = &bench.browser;
    let axe =
        std::env::var("DETENTE_AXE").ok().map(|file| std::fs::read_to_string(file).expect("the file of axe"));
    if axe.is_none() {
        println!("left out: axe; DETENTE_AXE names no file of it (`.ci/run` fetches it)");
    }
    let mut found = Vec::new();
    for (name, more, what) in VIEWS {
        bench.open(more);
        opened(&bench, what);
        if name != "today" {
            browser.until("return !!document.querySelector('[data-cell=who-loses] svg')");
        }
        for (width, height) in [(1440, 900), (390, 844), (320, 640), (3840, 2160)] {
            browser.size(width, height);
            for scheme in ["light", "dark"] {
                browser.medium("screen", scheme);
                let wide = browser.script(
                    "const most = document.documentElement.clientWidth; if (document.documentElement.scrollWidth <= most) return ''; \
                     return 'page of ' + document.documentElement.scrollWidth + ': ' + [...document.querySelectorAll('body *')].filter((held) => held.getBoundingClientRect().right > most + 1 && !held.closest('.table')).slice(0, 4).map((held) => held.outerHTML.slice(0, 120)).join(' | ')",
                );
                assert_eq!(wide, "", "{name} at {width}: no sideways scroll");
                if width <= 390 {
                    let small = browser.script(
                        "return [...document.querySelectorAll('button, summary, select, input, a.button')].filter((held) => held.checkVisibility() && held.type !== 'hidden').filter((held) => \
                         { const box = (held.type === 'checkbox' ? held.closest('label') : held).getBoundingClientRect(); return box.height < 43.5; }).slice(0, 4).map((held) => held.outerHTML.slice(0, 120)).join(' | ')",
                    );
                    assert_eq!(small, "", "{name} at {width}: what is touched is 44 px high");
                }
                if let Some(axe) = axe.as_ref().filter(|_| width == 1440 || width == 390) {
                    found.extend(
                        serious(&bench, axe).into_iter().map(|row| format!("{name} {width} {scheme}: {row}")),
                    );
                }
                if width != 320 && (width < 2_000 || scheme == "light") {
                    browser.picture(&screens().join(format!("{name}-{width}-{scheme}.png")));
                }
            }
        }
        browser.size(794, 1_123);
        browser.medium("print", "light");
        browser.picture(&screens().join(format!("{name}-print.png")));
        let controls = browser.script("return [...document.querySelectorAll('form, button')].filter((held) => held.checkVisibility()).length");
        assert_eq!(controls, 0, "{name}: paper has no controls");
        // While paper is the medium, as a reader's own print has it.
        let paper = browser.paper();
        browser.medium("screen", "light");
        assert!(paper.starts_with(b"%PDF") && paper.len() > 20_000, "{name}: {} bytes", paper.len());
        std::fs::write(screens().join(format!("{name}.pdf")), &paper).expect("written");
        browser.size(1_280, 900);
    }
    let text = browser.text("return document.body.innerText");
    for key in ["undefined", "NaN", "[object", "null", "{name}"] {
        assert!(!text.contains(key), "{key} stands on the page");
    }
    assert_eq!(found, Vec::<String>::new(), "axe finds nothing serious");
    assert_eq!(bench.complaints(), Vec::<String>::new());
}

/// What axe calls serious or critical.
fn serious(bench: &Bench, axe: &str) -> Vec<String> {
    // The text is run by the driver, so that the page's own policy stays as it is.
    bench.browser.devtools(
        "Runtime.evaluate",
        &serde_json::json!({ "expression": format!("if (!window.axe) {{ {axe}\n }}") }),
    );
    let found = bench.browser.script(
        "return axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations.filter((held) => held.impact === 'serious' || held.impact === 'critical') \
         .map((held) => held.id + ' (' + held.impact + '): ' + held.nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + node.failureSummary.replace(/\\s+/g, ' ').slice(0, 200)).join(' | ')))",
    );
    assert!(found.is_array(), "axe ran: {found}");
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[needs("program:chromedriver")]
#[test]
fn a_reader_of_screens_has_captions_tables_and_one_place_that_speaks() {
    let bench = Bench::set_up("heard", &[]);
    bench.open("&case=lapse");
    let missing = bench.browser.script(
        "return [...document.querySelectorAll('figure[data-picture]')].filter((held) => !held.querySelector('figcaption').textContent.trim() || \
         !held.querySelector('[role=img]').getAttribute('aria-label') || !held.querySelector('table caption') || !held.querySelector('th[scope=col]')).map((held) => held.id)",
    );
    assert_eq!(missing, serde_json::json!([]));
    let speaking = bench.browser.script("return [...document.querySelectorAll('[aria-live]')].filter((held) => held.textContent.trim()).map((held) => held.id)");
    assert_eq!(speaking, serde_json::json!(["sentences"]));
}
