//! The brief's page, through the real command.

mod support;

use std::fs;
use support::{Folder, detente};

#[test]
fn what_lies_in_the_working_directory_takes_no_chart_from_the_page() {
    let folder = Folder::new("page");
    for name in ["one-rate", "mfn", "tariffs", "welfare"] {
        fs::create_dir(folder.path(name)).expect("a folder of that name");
    }
    let run = detente(&folder.0, &["brief", "--on", "2025-09-16", "--html", "brief.html"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let page = fs::read_to_string(folder.path("brief.html")).expect("a page");
    assert!(!page.contains("Not shown:"), "no part is left out");
    let pictures: Vec<&str> =
        page.split("<figure id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let expected = [
        "in-force",
        "outcomes",
        "who-loses",
        "diversion",
        "sectors",
        "zone",
        "best-responses",
        "patience",
        "extension",
    ];
    assert_eq!(pictures, expected, "every picture is on the page");
    assert!(page.len() <= 400_000, "a page is small enough for a phone: {} bytes", page.len());
    for (place, element) in
        [("style=\"", "an attribute"), ("src=\"http", "a fetched script"), ("href=\"http", "a fetched style")]
    {
        assert!(!page.contains(place), "the page has no {element} of its own: {place}");
    }
}

#[test]
fn the_largest_day_fits_a_phone_as_well() {
    let folder = Folder::new("page-large");
    let run = detente(&folder.0, &["brief", "--on", "2026-10-07", "--html", "brief.html"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let page = fs::read_to_string(folder.path("brief.html")).expect("a page");
    assert!(page.len() <= 400_000, "a page is small enough for a phone: {} bytes", page.len());
}

#[test]
fn the_history_of_a_duty_has_years_and_names() {
    let folder = Folder::new("page-history");
    let run = detente(&folder.0, &["ledger", "history", "8471.30", "--html", "history.html"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let page = fs::read_to_string(folder.path("history.html")).expect("a page");
    assert!(page.contains(">2020</text>") && page.contains(">2026</text>"), "years are marked");
    assert!(!page.contains(">200</text>"), "the axis does not begin at the year nought");
    assert!(page.contains(">from China into United States</text>"), "directions by name");
    assert!(!page.contains("EU27") && page.contains("European Union"), "groups by name");
}

#[test]
fn a_page_of_scenarios_has_names_and_no_screen_of_a_terminal() {
    let folder = Folder::new("page-scenarios");
    let asked: [&[&str]; 2] = [
        &["solve", "truce-lapses", "--html", "one.html"],
        &["compare", "truce-lapses", "us-plus-10-on-china", "--html", "two.html"],
    ];
    for arguments in asked {
        let run = detente(&folder.0, arguments);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let page = fs::read_to_string(folder.path(arguments.last().expect("a file"))).expect("a page");
        assert!(page.contains("<td>Viet Nam<") && !page.contains("<pre"), "{arguments:?}: a table by names");
        for unwanted in ["quality.csv", ".toml", "`"] {
            let body = page.split("<main>").nth(1).and_then(|rest| rest.split("<script>").next());
            assert!(
                !body.expect("a body").contains(unwanted),
                "{arguments:?}: {unwanted} in words for readers"
            );
        }
    }
}

/// A file whose name says another format is believed by whoever receives it.
#[test]
fn a_page_is_not_written_under_the_name_of_another_format() {
    let folder = Folder::new("page-name");
    for (name, said) in [("brief.pdf", "prints the page to PDF"), ("brief.csv", "the name says csv")] {
        for verb in [&["brief"][..], &["solve", "truce-lapses"], &["ledger", "history", "8471.30"]] {
            let run = detente(&folder.0, &[verb, &["--html", name]].concat());
            let words = String::from_utf8_lossy(&run.stderr).replace('\n', " ");
            assert_eq!(run.status.code(), Some(2), "{verb:?}: {words}");
            assert!(words.contains(said), "{verb:?}: {words}");
            assert!(!folder.path(name).exists(), "{verb:?} wrote {name}");
        }
    }
}
