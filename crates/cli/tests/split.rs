//! `data split` through the real command: a product carved out of a sector, and what its ban costs.

mod support;

use detente_testkit::{Table, needs, shared};
use support::{Folder, by_code, detente, number, small_benchmark, transcript};

/// Runs the command and expects it to be right; returns what it says and prints.
fn right(folder: &Folder, arguments: &[&str]) -> String {
    let output = detente(&folder.0, arguments);
    let said = transcript(&output);
    assert!(output.status.success(), "{arguments:?}: {said}");
    said
}

/// Runs the command and expects a refusal (exit 2) that says all of these.
fn refused(folder: &Folder, arguments: &[&str], expected: &[&str]) {
    let output = detente(&folder.0, arguments);
    let said = transcript(&output);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    for words in expected {
        assert!(said.contains(words), "{arguments:?}: no {words:?} in {said}");
    }
    assert!(!folder.path("out").exists(), "{arguments:?} left something behind");
}

const SPLIT: [&str; 11] = [
    "data",
    "split",
    "--sector",
    "steel",
    "--product",
    "magnets",
    "--trade",
    "part.csv",
    "--benchmark",
    "world",
    "--elasticity",
];

/// Every flow of steel times a number.
fn part_of_steel(folder: &Folder, part: f64) {
    let flows = [("NOR", "NOR", 120.0), ("NOR", "SOU", 40.0), ("SOU", "NOR", 25.0), ("SOU", "SOU", 60.0)];
    let rows = flows.map(|(from, to, value)| format!("{from},{to},{}\n", value * part));
    folder.write("part.csv", &format!("exporter,importer,value\n{}", rows.concat()));
}

/// A product that is everywhere the same part of its sector changes no result, with constant shares and where inputs substitute.
#[test]
fn a_proportional_part_changes_nothing() {
    let folder = Folder::new("split-neutral");
    small_benchmark(&folder);
    part_of_steel(&folder, 0.07);
    let said = right(&folder, &[SPLIT.as_slice(), &["parent", "--out", "out"]].concat());
    assert!(said.contains("decided by how fast others"), "{said}");
    for closure in
        ["", "[closure]\ninput_elasticity = 0.1\nvalue_added_elasticity = { steel = 0, all = 0.4 }\n"]
    {
        // The elasticities of the product are its parent's.
        let own = closure.replace("{ steel = 0,", "{ steel = 0, magnets = 0,");
        let shock = "[[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\nadd = 0.5\n";
        folder.write("whole.toml", &format!("{closure}{shock}"));
        folder.write("split.toml", &format!("{own}{shock}"));
        let solve = |scenario: &str, world: &str| {
            let arguments = ["solve", scenario, "--benchmark", world, "--format", "csv"];
            by_code(&String::from_utf8(detente(&folder.0, &arguments).stdout).expect("text"))
        };
        let (whole, split) = (solve("whole.toml", "world"), solve("split.toml", "out"));
        for code in ["NOR", "SOU"] {
            let mut moved = 0.0_f64;
            for column in ["welfare_pct", "real_wage_pct", "exports_pct", "manufacturing_share"] {
                let (found, expected) = (number(&split, code, column), number(&whole, code, column));
                assert!((found - expected).abs() < 1e-10, "{code} {column}: {found} and {expected}");
                moved = moved.max(expected.abs());
            }
            assert!(moved > 1e-3, "nothing moved");
        }
    }
}

/// What is written is a benchmark like any: read, described, in balance; flows and use add up to the parent's.
#[test]
fn the_parts_are_the_whole() {
    let folder = Folder::new("split-parts");
    small_benchmark(&folder);
    folder.write("part.csv", "exporter,importer,value\nSOU,NOR,5\nSOU,SOU,2\nNOR,NOR,1\n");
    let shares = ["0.5", "--use-share", "steel=0.6,farm=0.3,final=0.1", "--out", "out"];
    let said = right(&folder, &[SPLIT.as_slice(), &shares].concat());
    assert!(said.contains("market gap 0") || said.contains("e-1"), "{said}");
    assert!(said.contains("0.5 as asked, where steel has 6"), "{said}");
    right(&folder, &["data", "check", "out"]);
    let trade = Table::read(&folder.path("out/trade.csv")).expect("read");
    let value = |exporter: &str, importer: &str, sector: &str| -> f64 {
        (0..trade.rows.len())
            .filter(|row| {
                trade.text(*row, "exporter") == exporter
                    && trade.text(*row, "importer") == importer
                    && trade.text(*row, "sector") == sector
            })
            .map(|row| trade.number(row, "value"))
            .sum()
    };
    assert_eq!((value("SOU", "NOR", "magnets"), value("SOU", "NOR", "steel")), (5.0, 20.0));
    assert_eq!((value("NOR", "SOU", "magnets"), value("NOR", "SOU", "steel")), (0.0, 40.0));
    let inputs = Table::read(&folder.path("out/input_shares.csv")).expect("read");
    let share = |economy: &str, using: &str, input: &str| -> f64 {
        (0..inputs.rows.len())
            .filter(|row| {
                inputs.text(*row, "economy") == economy
                    && inputs.text(*row, "using_sector") == using
                    && inputs.text(*row, "input_sector") == input
            })
            .map(|row| inputs.number(row, "share"))
            .sum()
    };
    // The North's steel and magnets have one recipe: 0.6 of 6 bought (no tariff on steel there), over an output of 160.
    for using in ["steel", "magnets"] {
        assert!((share("NOR", using, "magnets") - 0.6 * 6.0 / 160.0).abs() < 1e-12);
        assert!((share("NOR", using, "steel") + share("NOR", using, "magnets") - 0.4).abs() < 1e-12);
    }
}

/// An economy without a row takes each exporter's part in the market named, and the report lists the flows; without, it buys none and that is
/// said.
#[test]
fn silent_economies_are_filled_or_named() {
    let folder = Folder::new("split-fill");
    small_benchmark(&folder);
    folder.write("part.csv", "exporter,importer,value\nSOU,NOR,5\nNOR,NOR,12\n");
    let said = right(&folder, &[SPLIT.as_slice(), &["parent", "--out", "out"]].concat());
    assert!(said.contains("no row gives what SOU buy"), "{said}");
    let said =
        right(&folder, &[SPLIT.as_slice(), &["parent", "--fill-from", "NOR", "--out", "out"]].concat());
    assert!(said.contains("2 flows"), "{said}");
    let report = std::fs::read_to_string(folder.path("out/split-report.json")).expect("read");
    // A fifth of what the South sells at home, a tenth of what the North sells to it.
    assert!(report.contains("SOU, SOU 12") && report.contains("SOU, NOR 4"), "{report}");
}

/// The sectors that use magnets in the reference, whose elasticities it varies.
const USERS: [&str; 6] = ["MVH", "MCH", "EEQ", "ELE", "OTN", "OMF"];

/// The reference's table of bans on Chinese magnets, every entry: by the elasticity of the product, that of its users, and who is cut off. Asked
/// are 2 percent of each entry; the two programs agree to ten thousand times less.
#[needs("reference/rebalancing/bottleneck_magnets.csv", "reference/rebalancing/world-cat")]
#[test]
fn a_ban_on_magnets_costs_what_the_reference_says() {
    let table = Table::read(&shared("reference/rebalancing/bottleneck_magnets.csv")).expect("read");
    let world = shared("reference/rebalancing/world-cat").display().to_string();
    let trade = shared("reference/rebalancing/magnets_trade.csv").display().to_string();
    let shares = "MVH=.35,MCH=.2,EEQ=.15,ELE=.15,OTN=.05,OMF=.05,final=.05";
    let folder = Folder::new("magnets");
    let mut read = 0;
    for row in 0..table.rows.len() {
        let theta = table.text(row, "theta_product").to_owned();
        let name = format!("with-{theta}");
        if !folder.path(&name).exists() {
            let place = ["--benchmark", &world, "--out", &name, "--trade", &trade, "--elasticity", &theta];
            let what = ["data", "split", "--sector", "EEQ", "--product", "PMG", "--use-share", shares];
            let said = right(&folder, &[what.as_slice(), &place].concat());
            assert!(said.contains("where EEQ has 4.74"), "{said}");
        }
        let eta = table.number(row, "eta_users");
        let elasticities = format!("{{ {} }}", USERS.map(|user| format!("{user} = {eta}")).join(", "));
        let importer = if table.text(row, "ban") == "to USA" { "USA" } else { "all" };
        folder.write(
            "ban.toml",
            &format!(
                "[closure]\ninput_elasticity = {elasticities}\nvalue_added_elasticity = {elasticities}\n\
                 [[trade_cost]]\nexporter = \"CHN\"\nimporter = \"{importer}\"\nsector = \"PMG\"\nfactor = 10000\n"
            ),
        );
        right(&folder, &["solve", "ban.toml", "--benchmark", &name, "--out", "answer"]);
        let economies = by_code(&std::fs::read_to_string(folder.path("answer/economies.csv")).expect("read"));
        let sectors = Table::read(&folder.path("answer/sectors.csv")).expect("read");
        let factor = |code: &str, column: &str| -> f64 {
            let found = (0..sectors.rows.len())
                .find(|row| sectors.text(*row, "economy") == "USA" && sectors.text(*row, "sector") == code);
            1.0 + sectors.number(found.expect("a row"), column) / 100.0
        };
        // The reference has volumes in hundredths of logarithms.
        let volume = |code: &str| 100.0 * (factor(code, "output_pct") / factor(code, "unit_cost_pct")).ln();
        for (column, found) in [
            ("welfare_USA_pct", number(&economies, "USA", "welfare_pct")),
            ("welfare_CHN_pct", number(&economies, "CHN", "welfare_pct")),
            ("price_hat_USA", factor("PMG", "price_pct")),
            ("output_volume_MVH_pct", volume("MVH")),
            ("MCH_pct", volume("MCH")),
            ("ELE_pct", volume("ELE")),
        ] {
            let expected = table.number(row, column);
            let gap = (found - expected).abs();
            let allowed = 2e-6 * expected.abs() + 1e-9;
            assert!(gap < allowed, "{theta}, {eta}, {importer}, {column}: {found} against {expected}");
        }
        read += 1;
    }
    assert_eq!(read, 48);
}

#[test]
fn what_cannot_be_carved_out_is_refused_with_its_place() {
    let folder = Folder::new("split-refused");
    small_benchmark(&folder);
    part_of_steel(&folder, 0.07);
    let with = |more: &[&'static str]| [SPLIT.as_slice(), more].concat();
    refused(&folder, &with(&["fast", "--out", "out"]), &["--elasticity `fast`", "parent"]);
    refused(&folder, &with(&["-1", "--out", "out"]), &["above zero"]);
    let mut unknown = with(&["parent", "--out", "out"]);
    unknown[3] = "stele";
    refused(&folder, &unknown, &["sector:", "stele", "steel"]);
    let mut taken = with(&["parent", "--out", "out"]);
    taken[5] = "farm";
    refused(&folder, &taken, &["product:", "`farm` is taken"]);
    let off = ["parent", "--use-share", "steel=0.5", "--out", "out"];
    refused(&folder, &with(&off), &["--use-share", "add up to 0.5"]);
    for (rows, expected) in [
        ("NOR,SOU,41\n", ["part.csv:2", "is 41", "a product is a part of its sector", "40"]),
        ("NOR,SOU,4\nNOR,SOU,4\n", ["part.csv:3", "second time", "NOR", "SOU"]),
        ("NOR,SOU,-4\n", ["part.csv:2", "-4", "zero or above", "value"]),
        ("NOR,WEST,4\n", ["part.csv:2", "WEST", "economy", "unknown"]),
        ("NOR,SOU,0\n", ["part.csv", "nobody buys", "is empty", "none"]),
        ("NOR,NOR,119\nSOU,NOR,24\n", ["part.csv", "final use", "NOR", "shares"]),
    ] {
        folder.write("part.csv", &format!("exporter,importer,value\n{rows}"));
        let shares = ["parent", "--use-share", "steel=0.01,farm=0.01,final=0.98", "--out", "out"];
        refused(&folder, &with(&shares), &expected);
    }
    // What decides the answer is asked for.
    refused(
        &folder,
        &["data", "split", "--sector", "steel", "--product", "m", "--trade", "part.csv"],
        &["--elasticity"],
    );
}
