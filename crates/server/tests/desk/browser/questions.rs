//! What a new reader asks, and the sentence of the page that answers it: twelve questions of the brief on the page alone, three that need a
//! lever.

use detente_report::desk::words::ENGLISH;
use detente_testkit_attributes::needs;

use super::Bench;

/// Questions with the pieces of the sentence that answers each, in their order within one paragraph, item, card or caption.
const TWELVE: [(&str, &[&str]); 12] = [
    (
        "What is the deadline, how many days are left, what expires?",
        &["55 days to 10 November 2025", "90-day pause"],
    ),
    (
        "If nobody signs, what changes by law, by how many points on each side, on how much trade?",
        &[
            "If nobody signs",
            "from 4",
            "to 5",
            "24 points on $",
            "imports of 2024",
            "24 points on $",
            "imports of 2017",
        ],
    ),
    (
        "Could more come back by itself; what would have to happen?",
        &["Only by a new act", "115 points, the 24 included"],
    ),
    (
        "What is the average duty each way by law, and what is collected?",
        &[
            "By statute",
            "United States on China 4",
            "collected 40.4 % in July 2025",
            "China on the United States 2",
            "collected unknown",
        ],
    ),
    (
        "Which legal authority is the largest part of each side's duty?",
        &["By statute", "IEEPA fentanyl 20.0", "Retaliation to Section 301 11"],
    ),
    (
        "If nobody signs, who loses more, and how surely?",
        &["The United States would", "lose more", "% of runs"],
    ),
    (
        "What do today's tariffs cost each side, within the first year?",
        &[
            "Today's duties stay",
            "2024",
            "2022",
            "United States",
            "China",
            "within a year",
            "importer's account (gain of buyers and treasury less what exporters concede",
            "%",
        ],
    ),
    (
        "Which other country gains or loses most, and is that solid?",
        &["Of the others, best off Viet Nam", "almost surely, weak data", "worst"],
    ),
    (
        "Do the tariffs raise manufacturing's share; do they shrink the deficit?",
        &["Manufacturing's share", "points in the United States", "points in China", "deficits are assumed"],
    ),
    (
        "Is there a deal that leaves both better off, and what would it look like?",
        &[
            "A balanced deal, one rate a side as collected",
            "the United States",
            "(now 40.1)",
            "China",
            "(now 19.2)",
            "to each over nobody signing",
            "over a war of free choice",
            "over cutting alone",
        ],
    ),
    (
        "What is not in these numbers?",
        &["Not measurable here", "51 measures without a rate", "market access"],
    ),
    (
        "How intense are the talks compared with earlier ones?",
        &["These talks meet 8.6 times a year, earlier ones", "2018-20"],
    ),
];

/// Whether the pieces stand in a text, one after the other.
fn says(text: &str, pieces: &[&str]) -> bool {
    let mut rest = text;
    pieces.iter().all(|piece| match rest.split_once(piece) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// Every sentence that stands on the page where it can be read.
fn sentences(bench: &Bench) -> Vec<String> {
    let found = bench.browser.script(
        "return [...document.querySelectorAll('p, li, figcaption, .card')].filter((held) => held.checkVisibility()).map((held) => held.innerText.replace(/\\s+/g, ' ').trim()).filter(Boolean)",
    );
    found.as_array().into_iter().flatten().filter_map(|held| Some(held.as_str()?.to_owned())).collect()
}

#[needs("program:chromedriver")]
#[test]
fn the_page_alone_answers_twelve_questions() {
    let bench = Bench::set_up("questions", &[]);
    let browser = &bench.browser;
    bench.open("&case=lapse");
    browser.until("return !!document.body.dataset.sure");
    browser.click(".part[data-part='deal'] summary");
    browser.until("return !!document.querySelector('.part[data-part=deal] svg')");
    let found = sentences(&bench);
    for (question, pieces) in TWELVE {
        assert!(
            found.iter().any(|text| says(text, pieces)),
            "{question}\n{pieces:?} in none of:\n{}",
            found.join("\n")
        );
    }
}

#[needs("program:chromedriver")]
#[test]
fn three_questions_need_a_lever() {
    let bench = Bench::set_up("levers", &[]);
    let browser = &bench.browser;
    let answered = |question: &str, pieces: &[&str]| {
        let found = sentences(&bench);
        assert!(found.iter().any(|text| says(text, pieces)), "{question}\n{}", found.join("\n"));
    };
    bench.open("");
    browser.script("const off = document.querySelector('button[data-off][data-lever=\"USA.CHN.US-IEEPA-FENT\"]'); off.closest('details').open = true;");
    browser.click("button[data-off][data-lever='USA.CHN.US-IEEPA-FENT']");
    browser.until("return (document.body.dataset.shown || '').includes('US-IEEPA-FENT-20') && !!document.body.dataset.sure");
    answered(
        "What if only the fentanyl part went?",
        &[
            "With −20 points on",
            "fentanyl",
            "(the United States on China)",
            "from today's",
            "the United States +",
            "China +",
        ],
    );
    bench.open("");
    browser.script(
        "document.getElementById('other-importer').value = 'USA'; document.getElementById('other-exporter').value = 'VNM'; document.getElementById('other-what').value = 'all';",
    );
    browser.click("#other-add");
    bench.lever("USA.VNM.all", 20.0);
    browser.until("return !!document.body.dataset.sure");
    answered(
        "What does Viet Nam's duty do?",
        &[
            "With +20 points on all goods and services (the United States on Viet Nam)",
            "the United States",
            "China",
        ],
    );
    answered("What does Viet Nam's duty do to Viet Nam?", &["Of the others, best off", "worst Viet Nam −"]);
    // The duty that stands there is the record's, measure by measure, and one of them can be taken off.
    bench.open("");
    browser.script(
        "document.getElementById('other-importer').value = 'USA'; document.getElementById('other-exporter').value = 'VNM';",
    );
    browser.click("#other-show");
    let off = "button[data-off][data-lever='USA.VNM.US-IEEPA-RECIP-PARTNERS']";
    browser.until(&format!("return !!document.querySelector(\"{off}\") && (document.body.dataset.shown || '').includes('others=day')"));
    let legend =
        browser.text("return document.querySelector('fieldset[data-pair=\"USA.VNM\"] legend').textContent");
    assert!(legend.contains("Viet Nam's goods") && legend.contains("% by statute"), "{legend}");
    browser.script(&format!("document.querySelector(\"{off}\").closest('details').open = true;"));
    browser.click(off);
    browser.until("return (document.body.dataset.shown || '').includes('US-IEEPA-RECIP-PARTNERS-20') && !!document.body.dataset.sure");
    answered(
        "What does Viet Nam's duty do?",
        &["With −20 points on IEEPA reciprocal, partners (the United States on Viet Nam)", "from today's"],
    );
    answered("Who gains from taking it off?", &["Of the others, best off Viet Nam +"]);
    bench.open("&case=lapse");
    answered(
        "Which sector pays?",
        &["Output would fall most in the United States, in ", "%", "in China, in ", "%"],
    );
}

#[needs("program:chromedriver")]
#[test]
fn labels_and_buttons_are_of_the_catalogue() {
    let bench = Bench::set_up("words", &[]);
    let browser = &bench.browser;
    bench.open("");
    browser.script("document.querySelectorAll('#levers details, #keys').forEach((held) => { held.open = true; }); document.getElementById('pin').click();");
    let found = browser.script(
        "const own = (held) => [...held.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent).join(' ').replace(/\\s+/g, ' ').trim(); \
         return [...document.querySelectorAll('button:not([data-step]), a.button, .skip, h2, #pinned h3, .part summary, #keys summary, #keys li, #levers > .bar label, #line label, #others legend, #others .bar label, #others .bar button')] \
         .filter((held) => !held.closest('.save')).map(own).filter(Boolean)",
    );
    let found: Vec<&str> =
        found.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
    assert!(found.len() > 30, "{found:?}");
    for text in found {
        assert!(ENGLISH.words().any(|word| word == text), "{text:?} stands on the page and in no catalogue");
    }
}
