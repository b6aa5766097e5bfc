//! Faults that were met by running the program with mutated inputs, kills and other people's habits, each with the smallest input that shows
//! it. Refusals are wrong input (2) with a place; nothing is written over that is not the same command's own.

mod support;

use std::fs;

use support::{Folder, SMALL, detente, small_benchmark, transcript};

fn run(folder: &Folder, arguments: &[&str]) -> (i32, String) {
    let output = detente(&folder.0, arguments);
    (output.status.code().unwrap_or(-1), transcript(&output))
}

/// Refused as wrong input, with all of these words.
fn refused(folder: &Folder, arguments: &[&str], words: &[&str]) {
    let (code, said) = run(folder, arguments);
    assert_eq!(code, 2, "{arguments:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?}: `{word}` is not in\n{said}");
    }
}

fn answered(folder: &Folder, arguments: &[&str]) -> String {
    let (code, said) = run(folder, arguments);
    assert_eq!(code, 0, "{arguments:?}: {said}");
    said
}

fn small(name: &str) -> Folder {
    let folder = Folder::new(&format!("faults-{name}"));
    small_benchmark(&folder);
    folder
}

const SOLVE: [&str; 4] = ["solve", "s.toml", "--benchmark", "world"];

#[test]
fn a_percent_typed_for_a_fraction_is_refused_in_words() {
    let folder = small("percent");
    for (typed, line) in [("add = 10", 4), ("set = 50", 4), ("add = -25.0", 4)] {
        folder.write("s.toml", &format!("[[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\n{typed}\n"));
        refused(&folder, &SOLVE, &[&format!("s.toml:{line}"), "fraction"]);
    }
    folder.write("s.toml", "[[tariff]]\nimporter = \"nor\"\nexporter = \"Sou\"\nadd = 2.5\n");
    answered(&folder, &SOLVE);
    folder.write("after.csv", "exporter,importer,sector,rate\nSOU,NOR,farm,25\n");
    folder.write("s.toml", "[[tariff]]\nfile = \"after.csv\"\n");
    refused(&folder, &SOLVE, &["after.csv:2", "0.25 for 25 percent"]);
    folder.write("world/tariffs.csv", "exporter,importer,sector,rate\nSOU,NOR,farm,25\n");
    refused(&folder, &["data", "check", "world"], &["tariffs.csv:2", "0.25 for 25 percent"]);
}

#[test]
fn a_parameter_that_means_nothing_is_refused_at_its_line() {
    let folder = small("parameters");
    for (key, value) in [
        ("capital_share", "1000.0"),
        ("capital_share", "1.0"),
        ("scale_elasticity", "nan"),
        ("roy_shape", "-2.0"),
        ("input_elasticity", "-0.1"),
        ("value_added_elasticity", "{ steel = nan }"),
        ("input_elasticity", "{ stele = 0.1 }"),
    ] {
        folder.write("s.toml", &format!("name = \"x\"\n\n[closure]\ndeficits = \"zero\"\n{key} = {value}\n"));
        refused(&folder, &SOLVE, &["s.toml:5", &format!("`{key}`")]);
    }
    folder.write("s.toml", "name = \"x\"\n");
    refused(&folder, &[SOLVE.as_slice(), &["--tolerance", "1e-300"]].concat(), &["--tolerance 1e-300:"]);
}

#[test]
fn a_tariff_on_home_sales_is_refused() {
    let folder = small("home");
    for table in ["tariff", "export_tax"] {
        folder.write("s.toml", &format!("[[{table}]]\nimporter = \"NOR\"\nexporter = \"NOR\"\nset = 0.1\n"));
        refused(&folder, &SOLVE, &["s.toml:1", "`NOR` buys from itself"]);
        folder.write("s.toml", &format!("[[{table}]]\nimporter = \"all\"\nexporter = \"all\"\nset = 0.1\n"));
        answered(&folder, &SOLVE);
    }
    folder.write("after.csv", "exporter,importer,sector,rate\nNOR,NOR,farm,0.1\n");
    folder.write("s.toml", "[[tariff]]\nfile = \"after.csv\"\n");
    refused(&folder, &SOLVE, &["`NOR` buys from itself"]);
    folder.write("world/tariffs.csv", "exporter,importer,sector,rate\nNOR,NOR,farm,0.1\n");
    refused(&folder, &["data", "check", "world"], &["tariffs.csv", "[NOR, NOR, farm]"]);
}

#[test]
fn flows_that_are_absent_are_counted_and_home_sales_that_are_absent_are_named() {
    let folder = small("absent");
    assert!(answered(&folder, &["data", "check", "world"]).contains("0 of 8 flows absent or zero"));
    let trade = "exporter,importer,sector,value\nNOR,NOR,farm,100\nNOR,SOU,farm,80\nSOU,NOR,farm,30\n\
                 NOR,NOR,steel,120\nNOR,SOU,steel,60\nSOU,NOR,steel,45\n";
    folder.write("world/trade.csv", trade);
    for file in ["input_shares.csv", "value_added_shares.csv"] {
        fs::remove_file(folder.path("world").join(file)).expect("removed");
    }
    let said = answered(&folder, &["data", "check", "world"]);
    assert!(said.contains("2 of 8 flows absent or zero"), "{said}");
    assert!(said.contains("nothing bought at home in 2 cells: SOU farm, SOU steel"), "{said}");
    assert!(said.contains("no home sales in any sector of SOU"), "{said}");
    // The table cut off: no flow at all from SOU to NOR.
    folder.write(
        "world/trade.csv",
        &SMALL[3]
            .1
            .lines()
            .filter(|line| !line.starts_with("SOU,NOR"))
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    );
    let said = answered(&folder, &["data", "check", "world"]);
    assert!(said.contains("1 of 2 pairs of economies have no flow in any sector: SOU to NOR"), "{said}");
}

/// Two economies and two sectors as the OECD lays them out.
const WIDE: &str = "V1,A_X,A_Y,B_X,B_Y,A_HFCE,B_HFCE,OUT\n\
    A_X,10,5,2,1,60,22,100\nA_Y,4,20,1,5,40,30,100\nB_X,3,2,10,5,20,60,100\nB_Y,2,3,4,20,21,50,100\n\
    VA,81,70,83,69,0,0,303\nOUT,100,100,100,100,141,162,703\n";

#[test]
fn wide_tables_that_are_cut_doubled_or_changed_are_refused() {
    let folder = Folder::new("faults-wide");
    folder.write(
        "sectors.csv",
        "sector,name,kind,trade_elasticity\nX,Goods,manufacturing,4\nY,Services,services,5\n",
    );
    let import =
        ["data", "import", "icio.csv", "--from", "oecd-icio", "--sectors", "sectors.csv", "--out", "made"];
    folder.write("icio.csv", WIDE);
    answered(&folder, &import);
    let lines: Vec<&str> = WIDE.lines().collect();
    let of = |kept: &[usize]| kept.iter().map(|at| format!("{}\n", lines[*at])).collect::<String>();
    let cases = [
        (
            "cut off",
            of(&[0, 1, 2]),
            "2 of 4 sectors of economies: stand in the columns and in no row (B_X, B_Y)",
        ),
        ("a row is missing", of(&[0, 1, 2, 3, 5, 6]), "B_Y"),
        ("a row twice", of(&[0, 1, 2, 2, 3, 4, 5, 6]), "icio.csv:4: the key `A_Y` stands here a second time"),
        (
            "another number",
            WIDE.replace("A_X,10,5", "A_X,10,55"),
            "`A_X` sells 150 where the row OUT states 100",
        ),
        ("a column twice", WIDE.replace("B_HFCE,OUT", "A_HFCE,OUT"), "`A_HFCE`"),
    ];
    for (what, text, words) in cases {
        folder.write("icio.csv", &text);
        let (code, said) = run(&folder, &import);
        assert!(code == 2 && said.contains(words), "{what}: {said}");
    }
    // Long form: a row twice was added up.
    let long = "orig,oind,dest,use,value\nA,X,A,C_HH,60\nB,X,A,C_HH,10\nA,X,B,C_HH,10\nB,X,B,C_HH,60\nA,X,A,C_HH,60\n";
    folder.write("wiod.csv", long);
    folder.write("sectors.csv", "sector,name,kind,trade_elasticity\nX,Goods,manufacturing,4\n");
    let import =
        ["data", "import", "wiod.csv", "--from", "wiod", "--sectors", "sectors.csv", "--out", "long"];
    refused(&folder, &import, &["wiod.csv:6", "first in line 2"]);
}

#[test]
fn what_is_not_this_commands_own_is_never_replaced() {
    let folder = small("out");
    folder.write("s.toml", "[[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\nadd = 0.1\n");
    let solve = [SOLVE.as_slice(), &["--out", "r"]].concat();
    answered(&folder, &solve);
    answered(&folder, &solve);
    folder.write("r/figures/plot.py", "work");
    folder.write("r/notes.md", "x");
    refused(&folder, &solve, &["`figures`, `notes.md`"]);
    assert!(folder.path("r/figures/plot.py").exists() && folder.path("r/notes.md").exists());
    // Another command's result, marked by a file of the same name.
    answered(&folder, &[SOLVE.as_slice(), &["--out", "solved"]].concat());
    folder.write("spec.toml", "scenario = \"s.toml\"\n[[vary]]\nkey = \"tariff.0.add\"\nvalues = [0.1]\n");
    refused(&folder, &["sweep", "spec.toml", "--benchmark", "world", "--out", "solved"], &["`sectors.csv`"]);
    // A benchmark is not replaced by what is made from it.
    refused(
        &folder,
        &["data", "aggregate", "--benchmark", "world", "--out", "world"],
        &["holds what the result is made from"],
    );
    refused(&folder, &["data", "import", "world", "--out", "world"], &["holds what the result is made from"]);
    answered(&folder, &["data", "import", "world", "--out", "copy"]);
    folder.write("copy/scenarios/mine.toml", "name = \"mine\"\n");
    refused(&folder, &["data", "import", "world", "--out", "copy"], &["`scenarios`"]);
    assert!(folder.path("copy/scenarios/mine.toml").exists());
}

#[test]
fn a_scenarios_tables_stay_in_its_folder() {
    let folder = small("beside");
    folder.write("secret.txt", "root:*:20228\n");
    let secret = folder.path("secret.txt").display().to_string();
    for file in ["../secret.txt", &secret, "./../secret.txt"] {
        folder.write("mine/s.toml", &format!("[[tariff]]\nfile = \"{file}\"\n"));
        let (code, said) = run(&folder, &["solve", "mine/s.toml", "--benchmark", "world"]);
        assert!(code == 2 && said.contains("leads out of the scenario's folder"), "{file}: {said}");
        assert!(!said.contains("root:"), "{said}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret.txt", folder.path("mine/link.csv")).expect("linked");
        folder.write("mine/s.toml", "[[tariff]]\nfile = \"link.csv\"\n");
        refused(
            &folder,
            &["solve", "mine/s.toml", "--benchmark", "world"],
            &["leads out of the scenario's folder"],
        );
    }
    folder.write("mine/tables/after.csv", "exporter,importer,sector,rate\nSOU,NOR,farm,0.2\n");
    folder.write("mine/s.toml", "[[tariff]]\nfile = \"tables/after.csv\"\n");
    answered(&folder, &["solve", "mine/s.toml", "--benchmark", "world"]);
}

#[cfg(unix)]
#[test]
fn pipes_are_refused_and_not_waited_for() {
    let folder = small("pipes");
    let pipe = |path: &str| {
        let _ = fs::remove_file(folder.path(path));
        let made = std::process::Command::new("mkfifo").arg(folder.path(path)).status().expect("mkfifo runs");
        assert!(made.success());
    };
    pipe("s.toml");
    refused(&folder, &SOLVE, &["a pipe or a device"]);
    fs::remove_file(folder.path("s.toml")).expect("removed");
    folder.write("s.toml", "[[tariff]]\nfile = \"after.csv\"\n");
    pipe("after.csv");
    refused(&folder, &SOLVE, &["after.csv", "a pipe or a device"]);
    pipe("world/tariffs.csv");
    refused(&folder, &["data", "check", "world"], &["a pipe or a device"]);
    folder.write(
        "spec.toml",
        "scenario = \"s.toml\"\n[[vary]]\nkey = \"closure.deficits\"\nvalues = [\"zero\"]\n",
    );
    fs::remove_file(folder.path("world/tariffs.csv")).expect("removed");
    refused(
        &folder,
        &["sweep", "spec.toml", "--benchmark", "world", "--out", "out"],
        &["after.csv", "a pipe or a device"],
    );
    fs::create_dir_all(folder.path("mine")).expect("a folder");
    pipe("mine/own.toml");
    refused(&folder, &["status", "--ledger", "mine"], &["own.toml", "a pipe or a device"]);
    fs::remove_file(folder.path("mine/own.toml")).expect("removed");
    std::os::unix::fs::symlink("/", folder.path("mine/all")).expect("linked");
    refused(&folder, &["status", "--ledger", "mine"], &["mine/all", "a link to a folder"]);
    fs::remove_file(folder.path("spec.toml")).expect("removed");
    pipe("spec.toml");
    refused(&folder, &["sweep", "spec.toml", "--out", "out"], &["a pipe or a device"]);
}

#[test]
fn counts_are_bounded_before_they_are_used() {
    let folder = small("counts");
    folder.write("s.toml", "[[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\nadd = 0.1\n");
    for count in ["0", "1000000000", "18446744073709551615", "-1", "many"] {
        refused(&folder, &[SOLVE.as_slice(), &[&format!("--bands={count}")]].concat(), &["--bands"]);
        refused(&folder, &["backtest", "2025", &format!("--draws={count}")], &["--draws"]);
    }
    refused(&folder, &["bargain", "--between", "USA,CHN", "--draws", "18446744073709551615"], &["--draws"]);
    folder.write("recipe.toml", "layout = \"long-csv\"\n[precision]\nvalue = 65536\n");
    refused(
        &folder,
        &["data", "import", "world", "--recipe", "recipe.toml", "--out", "made"],
        &["precision.value", "15 decimals"],
    );
}

#[test]
fn own_benchmarks_have_bands_and_draws() {
    let folder = small("bands");
    folder.write("s.toml", "[[tariff]]\nimporter = \"NOR\"\nexporter = \"SOU\"\nadd = 0.1\n");
    let said = answered(&folder, &[SOLVE.as_slice(), &["--bands", "40", "--format", "csv"]].concat());
    let row = said.lines().find(|line| line.starts_with("NOR,")).expect("a row").to_owned();
    assert!(row.split(',').filter_map(|cell| cell.parse::<f64>().ok()).count() >= 3, "{said}");
    folder.write("spec.toml", "scenario = \"s.toml\"\n[draws]\nruns = 5\nseed = 3\n");
    answered(&folder, &["sweep", "spec.toml", "--benchmark", "world", "--out", "out"]);
    let runs = fs::read_to_string(folder.path("out/runs.csv")).expect("there");
    assert!(runs.lines().nth(1).expect("run 0").starts_with("0,the benchmark's own,1,converged"), "{runs}");
}

#[test]
fn one_map_groups_economies_and_sectors_and_any_set_lies_on_what_it_makes() {
    let folder = Folder::new("faults-map");
    let rows =
        "from,to,name\nCAN,NAM,North America\nMEX,NAM,\nTEX,LGT,Light manufactures\nWOD,LGT,\nXXX,ROW,\n";
    folder.write("map.csv", rows);
    let refused = |arguments: &[&str]| {
        let output = detente(&folder.0, arguments);
        assert_eq!(output.status.code(), Some(2), "{}", transcript(&output));
        transcript(&output)
    };
    let said = refused(&["data", "aggregate", "--map", "map.csv", "--out", "small"]);
    assert!(said.contains("map.csv:6") && said.contains("XXX"), "{said}");
    let map = ["data", "aggregate", "--map", "map.csv", "--drop-unused", "--out", "small"];
    let said = answered(&folder, &map);
    assert!(said.contains("1 codes of the map are not here: XXX"), "{said}");
    // The same as by two files that name every code.
    let sectors = fs::read_to_string(folder.path("small/sectors.csv")).expect("written");
    assert!(sectors.contains("LGT,Light manufactures,manufacturing"), "{sectors}");
    assert_eq!((sectors.lines().count(), sectors.contains("TEX,")), (1 + 27, false));
    let economies = fs::read_to_string(folder.path("small/economies.csv")).expect("written");
    assert!(economies.contains("NAM,North America") && economies.lines().count() == 1 + 23, "{economies}");
    folder.write("both.csv", "from,to\nCAN,NAM\nCAN,ROW\n");
    let said = refused(&["data", "aggregate", "--map", "both.csv", "--out", "small"]);
    assert!(said.contains("both.csv:3"), "{said}");

    // A set does not know the new sector: a concordance says what stands for it.
    let on =
        ["data", "elasticities", "--benchmark", "small", "--set", "caliendo_parro_2015", "--out", "laid"];
    let said = refused(&on);
    assert!(said.contains("1 of 27 sectors: LGT"), "{said}");
    folder.write("concordance.csv", "sector,source\nLGT,TEX\nLGT,WOD\n");
    let said = answered(&folder, &[&on[..], &["--concordance", "concordance.csv"]].concat());
    assert!(said.contains("27 sectors, 26 by their own code, 1 through the concordance"), "{said}");
    let report = fs::read_to_string(folder.path("laid/elasticities-report.json")).expect("written");
    assert!(report.contains("\"through the concordance\": 1"), "{report}");
    answered(&folder, &["solve", "us-plus-10-on-china", "--benchmark", "laid"]);
}

#[test]
fn an_aggregate_of_the_world_can_be_used_with_the_record() {
    let folder = Folder::new("faults-aggregate");
    let described = answered(&folder, &["data", "describe", "--format", "csv"]);
    let codes = described.lines().skip_while(|line| !line.starts_with("economy,")).skip(1);
    let codes: Vec<&str> = codes
        .take_while(|line| line.contains(','))
        .map(|line| line.split(',').next().expect("a code"))
        .collect();
    let group = |code: &str| if ["USA", "CHN"].contains(&code) { code.to_owned() } else { "ROW".to_owned() };
    let rows: String = codes.iter().map(|code| format!("{code},{}\n", group(code))).collect();
    folder.write("groups.csv", &format!("economy,group\n{rows}"));
    answered(&folder, &["data", "aggregate", "--economies", "groups.csv", "--out", "three"]);
    for file in ["tariff_provenance.csv", "quality.csv"] {
        let text = fs::read_to_string(folder.path("three").join(file)).expect(file);
        assert_eq!(text.lines().count(), 4, "{file}: {text}");
    }
    folder.write("s.toml", "ledger = \"us-china\"\non = \"2025-05-01\"\n");
    let said = answered(&folder, &["solve", "s.toml", "--benchmark", "three"]);
    assert!(said.contains("CHN"), "{said}");
}

#[test]
fn a_day_is_a_day_and_has_names() {
    let folder = Folder::new("faults-days");
    let hours = ["2025-05-14T06:00+08:00", "2025-09-16T00:00", "2025-09-16 12:00"];
    for typed in hours {
        refused(&folder, &["talks", "--on", typed], &[typed, "no hours and no time zones", "2025-09-16"]);
    }
    for (typed, words) in [
        ("20250916", "not of that form"),
        ("-8471", "not of that form"),
        ("2025-02-30", "no such day"),
        ("tomorrow", "not of that form"),
    ] {
        refused(&folder, &["talks", &format!("--on={typed}")], &[words]);
    }
    let today = answered(&folder, &["talks", "--on", "today", "--format", "json"]);
    assert_eq!(today, answered(&folder, &["talks", "--format", "json"]));
    // A framework by its name, whatever its letters; a city where the talks met once.
    let compared = |since: &str| {
        answered(&folder, &["status", "--on", "2025-09-16", "--compare", since, "--format", "csv"])
    };
    assert_eq!(compared("geneva"), compared("Geneva"));
    assert_eq!(compared("geneva"), compared("2025-05-14"));
    refused(&folder, &["status", "--compare", "genf"], &["neither a day", "2025-09-16"]);
}

#[test]
fn what_there_is_can_be_listed_and_products_found_by_words() {
    let folder = small("list");
    let listed = |arguments: &[&str]| {
        answered(&folder, &[["list"].as_slice(), arguments, &["--format", "csv"]].concat())
    };
    assert!(listed(&["economies"]).contains("\nUSA,United States,USA\n"));
    assert!(listed(&["economies", "--benchmark", "world"]).contains("\nNOR,North,NOR\n"));
    assert!(listed(&["sectors", "steel", "--benchmark", "world"]).contains("steel,Steel,"));
    assert!(listed(&["scenarios"]).contains("\ntruce-lapses,"));
    assert!(listed(&["talks"]).contains("\nus-china,"));
    assert!(listed(&["measures", "fentanyl"]).contains("on CHN"));
    assert!(listed(&["products", "soybeans"]).contains("\n1201,"));
    assert!(listed(&["products", "Lithium", "batteries"]).contains("\n8507.60,"));
    assert!(listed(&["products", "8471.30"]).contains("data processing"));
    refused(&folder, &["list", "products"], &["give a word"]);
    let (code, said) = run(&folder, &["list", "products", "unobtainium"]);
    assert!(code == 1 && said.contains("nothing has all of these words"), "{said}");
}

#[test]
fn tables_take_the_width_that_is_there() {
    let folder = Folder::new("faults-width");
    let widest = |columns: &str, arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_detente"))
            .current_dir(&folder.0)
            .env("COLUMNS", columns)
            .args(arguments)
            .output()
            .expect("the command runs");
        assert!(output.status.success(), "{}", transcript(&output));
        let text = String::from_utf8(output.stdout).expect("text");
        text.lines().map(|line| line.trim_end().chars().count()).max().unwrap_or_default()
    };
    for arguments in
        [["list", "scenarios"].as_slice(), &["list", "measures"], &["talks", "--on", "2025-09-16"]]
    {
        let (narrow, wide) = (widest("80", arguments), widest("140", arguments));
        assert!(narrow <= 80 && wide > 110 && wide <= 140, "{arguments:?}: {narrow}, {wide}");
    }
}
