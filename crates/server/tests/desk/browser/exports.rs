//! What is saved: each picture as SVG, PNG and CSV with what made it, the state as one page, paper.

use detente_testkit_attributes::needs;
use serde_json::Value;

use super::Bench;

#[needs("program:chromedriver")]
#[test]
fn every_picture_is_saved_as_drawing_image_and_table() {
    let bench = Bench::set_up("exports", &[]);
    let browser = &bench.browser;
    bench.open("&case=lapse");
    browser.until("return !!document.querySelector('[data-cell=who-loses] svg')");
    let made = browser.text("return document.getElementById('made-by').textContent.trim()");
    let ids = browser.script(
        "return [...document.querySelectorAll('figure[data-picture]')].map((held) => held.dataset.picture)",
    );
    let ids: Vec<&str> = ids.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for wanted in ["in-force", "income", "who-loses", "sectors", "dials", "diversion"] {
        assert!(ids.contains(&wanted), "{wanted} among {ids:?}");
    }
    for id in ids {
        let title = browser.text(&format!("return document.querySelector('#{id} figcaption').textContent"));
        for (place, kind) in ["svg", "png", "csv"].iter().enumerate() {
            let click = format!("document.querySelectorAll('#{id} .save button')[{place}].click()");
            let bytes = bench.saved(&format!("{id}.{kind}"), |browser| _ = browser.script(&click));
            match *kind {
                "svg" => {
                    let text = String::from_utf8(bytes).expect("text");
                    let parsed = browser.script_with(
                        "const held = document.implementation.createHTMLDocument(''); const box = held.createElement('img'); \
                         const blob = new Blob([arguments[0]], { type: 'image/svg+xml' }); return new Promise((done) => { const image = new Image(); \
                         image.onload = () => done([image.naturalWidth, image.naturalHeight]); image.onerror = () => done(null); image.src = URL.createObjectURL(blob); });",
                        &Value::String(text.clone()),
                    );
                    assert!(
                        parsed[0].as_u64() > Some(300) && parsed[1].as_u64() > Some(40),
                        "{id}: {parsed}"
                    );
                    let words =
                        |whole: &str| whole.split_whitespace().next_back().unwrap_or_default().to_owned();
                    assert!(text.contains(&words(&made)) && !text.contains("var("), "{id} says what made it");
                }
                "png" => look_at(&bench, id, &bytes),
                _ => {
                    let text = String::from_utf8(bytes).expect("text");
                    assert!(text.starts_with(&format!("# {made}\n")), "{id}: {text}");
                    let rows: Vec<&str> = text.lines().skip(1).collect();
                    assert!(rows.len() >= 2, "{id} ({title}): {text}");
                }
            }
        }
    }
    assert_eq!(bench.complaints(), Vec::<String>::new());
}

/// An image is decoded; it has ink in its picture and ink in its foot.
fn look_at(bench: &Bench, id: &str, bytes: &[u8]) {
    assert!(bytes.starts_with(b"\x89PNG"), "{id}");
    let numbers = Value::from(bytes.iter().map(|byte| u64::from(*byte)).collect::<Vec<_>>());
    let seen = bench.browser.script_with(
        "return (async () => { const bitmap = await createImageBitmap(new Blob([Uint8Array.from(arguments[0])], { type: 'image/png' })); \
         const canvas = new OffscreenCanvas(bitmap.width, bitmap.height); const held = canvas.getContext('2d'); held.drawImage(bitmap, 0, 0); \
         const ink = (top, height) => { const all = held.getImageData(0, top, bitmap.width, height).data; let count = 0; \
         for (let k = 0; k < all.length; k += 4) if (all[k] + all[k + 1] + all[k + 2] < 600) count += 1; return count; }; \
         return [bitmap.width, bitmap.height, ink(0, bitmap.height), ink(bitmap.height - 44, 44)]; })();",
        &numbers,
    );
    let number = |place: usize| seen[place].as_u64().unwrap_or(0);
    assert!(
        number(0) >= 1_000 && number(2) > 2_000 && number(3) > 100,
        "{id}: width, height, ink, ink of the foot {seen}"
    );
}

#[needs("program:chromedriver")]
#[test]
fn the_state_is_saved_as_one_page_that_opens_without_a_network() {
    let bench = Bench::set_up("page", &[]);
    let browser = &bench.browser;
    bench.open("&x=USA.CHN.all-10");
    let (said, made) =
        (bench.sentences(), browser.text("return document.getElementById('made-by').textContent.trim()"));
    let page = bench.saved("desk.html", |browser| browser.click("a[data-save='page.html']"));
    let page = String::from_utf8(page).expect("text");
    assert!(page.contains("</html>") && !page.contains("src=\"") && !page.contains("http-equiv"));
    browser.open(&format!("file://{}", bench.saves.join("desk.html").display()));
    let seen = browser.text("return document.body.innerText");
    for line in said
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.contains("5 to 95") && !line.contains("runs"))
    {
        assert!(seen.contains(line.trim()) || line.contains("computing"), "{line} in {seen}");
    }
    assert!(seen.contains(&made), "{made}");
    assert!(browser.script("return document.querySelectorAll('svg').length").as_u64() >= Some(8));
}
