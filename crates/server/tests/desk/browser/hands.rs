//! Opening, moving, undoing, other days, the keyboard alone.

use detente::scenario::document::Scenario;
use detente::{Answer, World};
use detente_testkit_attributes::needs;

use super::Bench;
use crate::kit::DAY;

#[needs("program:chromedriver")]
#[test]
fn it_opens_with_sentences_and_pictures_and_asks_nobody_else() {
    let bench = Bench::set_up("opens", &[]);
    let browser = &bench.browser;
    // Before any script has run: what the server sent.
    browser.devtools("Emulation.setScriptExecutionDisabled", &serde_json::json!({ "value": true }));
    browser.open(&bench.address(&format!("/desk?{DAY}&case=lapse")));
    browser.devtools("Emulation.setScriptExecutionDisabled", &serde_json::json!({ "value": false }));
    let first = browser.text("return document.getElementById('day').innerText");
    assert!(first.contains("If nobody signs") && first.contains("days to"), "{first}");
    let drawn = browser.script("return document.querySelectorAll('figure[data-picture] svg').length");
    assert!(drawn.as_u64() >= Some(8), "pictures stand before any script: {drawn}");
    let submit =
        browser.script("return document.querySelector('#levers button[type=submit]').offsetHeight > 0");
    assert_eq!(submit, true, "without a script there is a button");
    bench.open("&case=lapse");
    browser.until("return !!document.body.dataset.sure");
    browser.until("return !!document.querySelector('[data-cell=who-loses] svg')");
    assert_eq!(bench.hosts(), [bench.server.address.to_string()], "no request leaves the host");
    assert_eq!(bench.complaints(), Vec::<String>::new());
}

#[needs("program:chromedriver")]
#[test]
fn a_move_gives_one_answer_whose_numbers_are_those_of_the_saved_file() {
    let bench = Bench::set_up("moves", &[]);
    let browser = &bench.browser;
    bench.open("");
    browser.script(
        "const ask = window.fetch; window.asked = []; window.fetch = async (where, how) => { window.asked.push(String(where)); const reply = await ask(where, how); \
         if (String(where).endsWith('/answer')) window.answered = await reply.clone().text(); return reply; };",
    );
    bench.lever("USA.CHN.US-IEEPA-FENT", -20.0);
    let asked = browser.script("return window.asked.filter((where) => where.endsWith('/answer')).length");
    // Typing shows at once and is one step: the second question is the same state and is let go or kept.
    assert!(asked.as_u64() <= Some(2), "one gesture asked {asked} times");
    let answered = browser.text("return window.answered");
    let file = bench.saved("scenario.toml", |browser| browser.click("a[data-save='scenario.toml']"));
    let file = String::from_utf8(file).expect("text");
    let world = World::embedded().expect("a world");
    let solved = world.solve(&Scenario::from_toml(&file).expect("a scenario")).expect("an answer");
    assert!(matches!(solved, Answer::Equilibrium(_)));
    let mut most: f64 = 0.0;
    for code in world.economies() {
        let theirs = world.value(&solved, "welfare_pct", code).expect("a number");
        assert_eq!(
            crate::kit::welfare(&answered, code),
            serde_json::to_string(&theirs).expect("a number"),
            "{code}"
        );
        most = most.max(theirs.abs());
    }
    assert!(most > 1e-3, "it moves something: {most}");
    // "What if only the fentanyl part went?": one button says the same.
    let by_number = bench.state();
    bench.lever("USA.CHN.US-IEEPA-FENT", -5.0);
    browser.script("const off = document.querySelector('button[data-off][data-lever=\"USA.CHN.US-IEEPA-FENT\"]'); off.closest('details').open = true;");
    browser.click("button[data-off][data-lever='USA.CHN.US-IEEPA-FENT']");
    browser.until(&format!("return document.body.dataset.shown === '{by_number}'"));
    assert!(
        bench.sentences().contains("fentanyl") || bench.sentences().contains("Fentanyl"),
        "{}",
        bench.sentences()
    );
    assert_eq!(bench.complaints(), Vec::<String>::new());
}

#[needs("program:chromedriver")]
#[test]
fn a_link_gives_the_state_again_and_says_where_another_record_made_it() {
    let bench = Bench::set_up("links", &[]);
    let browser = &bench.browser;
    bench.open("");
    bench.lever("CHN.USA.AGR", 5.0);
    let (state, said) = (bench.state(), bench.sentences());
    let link = browser.text("return document.querySelector('#link a').href");
    assert!(link.contains("&made="), "{link}");
    browser.open(&link);
    bench.shown();
    assert_eq!((bench.state(), bench.sentences()), (state.clone(), said));
    assert_eq!(browser.script("return !!document.getElementById('older')"), false, "it was made here");
    let lever =
        browser.text("return document.querySelector(\"input[type=number][data-lever='CHN.USA.AGR']\").value");
    assert_eq!(lever, "5", "the lever stands where the link says");
    let stamp = link.split("made=").nth(1).expect("a stamp").to_owned();
    browser.open(&link.replace(&stamp, "9.9.9~2031-01-01~abcdef"));
    bench.shown();
    let bar = browser.text("return document.getElementById('older').innerText");
    assert!(bar.contains("9.9.9, 2031-01-01, abcdef") && bar.contains("may differ"), "{bar}");
    assert_eq!(bench.state(), state, "and it is answered");
    // A link as the first version wrote it.
    bench.open("&x=USA.CHN.all-10");
    assert!(bench.state().ends_with("x=USA.CHN.all-10"));
}

#[needs("program:chromedriver")]
#[test]
fn undo_redo_and_pin_and_any_pair() {
    let bench = Bench::set_up("undo", &[]);
    let browser = &bench.browser;
    bench.open("");
    let start = bench.state();
    bench.lever("USA.CHN.all", 10.0);
    let first = bench.sentences();
    browser.click("#pin");
    bench.lever("CHN.USA.all", 10.0);
    let second = bench.state();
    let compared = browser.text("return document.getElementById('pinned').innerText");
    assert!(compared.contains("Pinned") && compared.contains("income differs most for"), "{compared}");
    // Two cards beside one another, by names alone.
    let cards = browser.script(
        "return [...document.querySelectorAll('#pinned .card')].map((held) => { const box = held.getBoundingClientRect(); return [box.top, box.left, held.innerText]; })",
    );
    let cards = cards.as_array().expect("cards");
    assert_eq!(cards.len(), 2, "{cards:?}");
    assert_eq!(cards[0][0], cards[1][0], "side by side");
    assert_ne!(cards[0][2], cards[1][2], "two states");
    for held in cards {
        let text = held[2].as_str().unwrap_or_default();
        assert!(text.contains("United States") && text.contains("China") && text.contains('%'), "{text}");
        assert!(!text.contains("USA") && !text.contains("CHN"), "names, no codes: {text}");
    }
    let captions = browser
        .text("return [...document.querySelectorAll('figcaption')].map((held) => held.innerText).join(' ')");
    assert!(
        !captions.contains("USA") && !captions.contains("CHN") && !captions.contains("us-china"),
        "{captions}"
    );
    // The state is waited for, not whatever is shown: right after the click that is still the last one.
    browser.click("#undo");
    browser.until("return (document.body.dataset.shown || '').endsWith('x=USA.CHN.all+10')");
    bench.shown();
    assert_eq!(bench.sentences(), first);
    browser.click("#undo");
    browser.until(&format!("return document.body.dataset.shown === '{start}'"));
    assert_eq!(bench.state(), start);
    browser.click("#redo");
    browser.click("#redo");
    browser.until(&format!("return document.body.dataset.shown === '{second}'"));
    // "What does Viet Nam's duty do?": a lever on a pair that does not talk.
    browser.script(
        "document.getElementById('other-importer').value = 'USA'; document.getElementById('other-exporter').value = 'VNM'; document.getElementById('other-what').value = 'all';",
    );
    browser.click("#other-add");
    bench.lever("USA.VNM.all", 20.0);
    assert!(
        bench.state().contains("USA.VNM.all+20") && bench.sentences().contains("Viet Nam"),
        "{}",
        bench.sentences()
    );
    browser.click("#undo");
    browser.until(&format!("return document.body.dataset.shown === '{second}'"));
    browser.click("#redo");
    browser.until("return document.body.dataset.shown.includes('USA.VNM.all+20')");
    // A link with such a lever keeps it while another moves.
    bench.open("&x=USA.VNM.all%2B20");
    bench.lever("USA.CHN.all", 3.0);
    assert!(bench.state().contains("x=USA.CHN.all+3,USA.VNM.all+20"), "{}", bench.state());
    assert_eq!(bench.complaints(), Vec::<String>::new());
}

#[needs("program:chromedriver")]
#[test]
fn days_of_change_are_steps_and_nobody_signs_is_one_switch() {
    let bench = Bench::set_up("days", &[]);
    let browser = &bench.browser;
    bench.open("");
    let days: Vec<String> = (0..10)
        .map(|_| {
            let was = browser.text("return document.querySelector('[name=on]').value");
            browser.press("[");
            browser.until(&format!("return document.readyState === 'complete' && document.querySelector('[name=on]').value !== '{was}'"));
            browser.until("return !!document.body.dataset.shown");
            let on = browser.text("return document.querySelector('[name=on]').value");
            assert!(on < was && bench.state().contains(&on), "from {was} to {on}");
            let title = browser.text("return document.title");
            assert!(title.contains(&on), "{title}");
            on
        })
        .collect();
    assert_eq!(days.len(), 10);
    browser.press("]");
    browser.until(&format!("return document.querySelector('[name=on]').value === '{}'", days[8]));
    bench.open("");
    browser.press("l");
    browser.until("return (document.body.dataset.shown || '').includes('case=lapse')");
    assert!(bench.sentences().starts_with("If nobody signs"), "{}", bench.sentences());
    // What would return is what `status` says of the deadline.
    let world = World::embedded().expect("a world");
    let talks = world.record().expect("a record").ledger().talks("us-china").expect("talks");
    let clock = deadline_of(&talks);
    let said = browser.text("return document.getElementById('day').innerText");
    assert!(said.contains(&clock), "{clock} in {said}");
}

/// The next deadline of the day, as the record has it.
fn deadline_of(talks: &detente_ledger::talks::Talks) -> String {
    let on = "2025-09-16".parse().expect("a day");
    let deadline =
        talks.next_deadline(detente_ledger::status::AsOf { on, known_on: on }).expect("a deadline");
    detente::words::number::day(&deadline.to_string())
}

#[needs("program:chromedriver")]
#[test]
fn the_keyboard_alone_moves_shares_and_saves() {
    const TAB: &str = "\u{e004}";
    const UP: &str = "\u{e013}";
    const ENTER: &str = "\u{e007}";
    let bench = Bench::set_up("keys", &[]);
    let browser = &bench.browser;
    bench.open("");
    let walk = |until: &str| {
        for _ in 0..400 {
            browser.press(TAB);
            if browser.script(&format!("const held = document.activeElement; return !!held && ({until})"))
                == true
            {
                let seen = browser.script(
                    "const held = document.activeElement, style = getComputedStyle(held), box = held.getBoundingClientRect(); \
                     return box.width > 0 && (style.outlineStyle !== 'none' || style.boxShadow !== 'none')",
                );
                assert_eq!(seen, true, "the focus is seen on {until}");
                return;
            }
        }
        panic!("the keyboard does not reach {until}");
    };
    let step = |place: &str| {
        walk(&format!("held.type === 'number' && held.dataset.lever === '{place}'"));
        browser.press(UP);
        browser.press(UP);
        browser.until(&format!("return (document.body.dataset.shown || '').includes('{place}+1')"));
    };
    walk("held.id === 'share'");
    step("USA.CHN.all");
    step("USA.CHN.US-IEEPA-FENT");
    step("CHN.USA.all");
    let moved = bench.state();
    assert_eq!(moved.matches('+').count(), 3, "{moved}");
    browser.script("document.getElementById('answer').focus()");
    walk("held.dataset.save === 'scenario.toml'");
    let file = bench.saved("scenario.toml", |browser| browser.press(ENTER));
    let file = String::from_utf8(file).expect("text");
    assert!(file.starts_with(&format!("# /desk?{moved}\n")), "{file}");
    walk("held.id === 'share'");
    browser.press(ENTER);
    browser.until("return !!document.getElementById('notice')");
    let said = browser.text("return document.getElementById('notice').textContent");
    assert!(said.contains(&moved), "{said}");
    // The keys of the page, from the picture of the record to the list of keys.
    browser.script("document.activeElement.blur()");
    browser.press("u");
    browser.until(&format!("return document.body.dataset.shown !== '{moved}'"));
    browser.press("/");
    assert_eq!(browser.text("return document.activeElement.name"), "code");
    browser.press(ENTER);
    browser.until("return !!document.querySelector('#line-answer svg')");
    browser.script("document.activeElement.blur()");
    browser.press("?");
    browser.until("return document.getElementById('keys').open");
    assert_eq!(bench.complaints(), Vec::<String>::new());
}
