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
