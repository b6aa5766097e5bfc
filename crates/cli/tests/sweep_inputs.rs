//! Sweeps over inputs with distributions: indices as an independent program has them, parts, kills, one run, and slips.

mod support;

use std::fs;
use std::process::{Command, Stdio};

use detente_report::picture::colour::Ink;
use detente_report::picture::curves::{Curve, CurveWords};
use detente_testkit::{Table, needs, shared};
use serde_json::Value;
use support::{Folder, detente, transcript};

const SCENARIO: &str = "[[tariff]]\nimporter = \"USA\"\nexporter = \"CHN\"\nsector = [\"agriculture\", \"mining\", \"manufacturing\"]\nadd = 0.3\n\
    [[tariff]]\nimporter = \"CHN\"\nexporter = \"USA\"\nsector = [\"agriculture\", \"mining\", \"manufacturing\"]\nadd = 0.1\n[closure]\ndeficits = \"fixed\"\n";

const INPUTS: &str = "scenario = \"s.toml\"\n\
    [[input]]\nname = \"set\"\ntarget = \"elasticity.set\"\n\
    [[input]]\nname = \"closure\"\ntarget = \"closure.deficits\"\nchoices = [\"fixed\", \"zero\", \"share-of-gdp\"]\n\
    [[input]]\nname = \"common\"\ntarget = \"elasticity.common\"\nlognormal = [1.0, 0.2]\n\
    [[input]]\nname = \"own\"\ntarget = \"elasticity.own\"\nlognormal = [1.0, 0.2]\n";

fn folder(name: &str, design: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("s.toml", SCENARIO);
    folder.write("spec.toml", &format!("{INPUTS}[design]\n{design}\n"));
    folder
}

fn read(folder: &Folder, file: &str) -> String {
    fs::read_to_string(folder.path(file)).expect(file)
}

fn swept(folder: &Folder, arguments: &[&str]) -> String {
    let output = detente(&folder.0, &[&["sweep", "spec.toml"], arguments].concat());
    assert!(output.status.success(), "{}", transcript(&output));
    transcript(&output)
}

/// Eight sets, three readings of deficits, a common factor and 28 own ones: shares of the spread as the reference's intervals have them.
#[needs("reference/rebalancing/uq_indices.csv", "reference/rebalancing/world-cat")]
#[test]
fn indices_are_those_of_the_reference() {
    let outcomes = [
        "welfare_pct:USA",
        "welfare_pct:CHN",
        "exports_pct:USA",
        "manufacturing_share-manufacturing_share_before:USA",
    ];
    let folder = folder(
        "sweep-indices",
        &format!("runs = 512\nseed = 3\nindices = \"groups\"\noutcomes = {outcomes:?}"),
    );
    let world = shared("reference/rebalancing/world-cat");
    swept(&folder, &["--out", "out", "--benchmark", &world.display().to_string(), "--tolerance", "1e-9"]);
    let summary: Value = serde_json::from_str(&read(&folder, "out/summary.json")).expect("JSON");
    let reference = Table::read(&shared("reference/rebalancing/uq_indices.csv")).expect("read");
    for row in 0..reference.rows.len() {
        let outcome = match reference.text(row, "outcome") {
            "welfare USA" => outcomes[0],
            "welfare CHN" => outcomes[1],
            "exports USA" => outcomes[2],
            "manuf USA pts" => outcomes[3],
            other => panic!("{other} is in the reference and not in this test"),
        };
        let of = &summary["indices"][outcome];
        assert_eq!(of["points"], 512, "{of}");
        let groups = of["groups"].as_array().expect("groups");
        let input = reference.text(row, "input");
        let found = groups.iter().find(|held| held["group"] == input).expect("a group");
        // Both are estimates with an interval over replicates or resamples: the reference's columns 3 and 4, and 6 and 7.
        for (index, first) in [("first_order", 3), ("total", 6)] {
            let at = |key: &str| found[index][key].as_f64().expect("a number");
            let cell = |column: usize| reference.rows[row][column].parse::<f64>().expect("a number");
            let (low, high) = (cell(first), cell(first + 1));
            // Ours stands inside the reference's interval; totals, which are the surer, within a tenth of its estimate too.
            assert!(
                (low..=high).contains(&at("value")),
                "{outcome} by {input}, {index}: {} against {low} to {high}",
                found[index]
            );
            let off = (at("value") - cell(first - 1)).abs();
            assert!(index == "first_order" || off < 0.1, "{outcome} by {input}, {index}: off by {off}");
        }
    }
}

/// Points of the designs that are compared; the first of many are those of few.
const COUNTS: [usize; 4] = [16, 32, 64, 128];

/// Mean incomes of both sides over the first runs, by count.
fn means(points: &str, seed: usize, world: &str) -> Vec<[f64; 2]> {
    let folder = folder("sweep-points", &format!("points = \"{points}\"\nruns = 128\nseed = {seed}"));
    swept(&folder, &["--out", "out", "--benchmark", world, "--tolerance", "1e-9"]);
    let economies = Table::read(&folder.path("out/economies.csv")).expect("read");
    let of = |code: &str| -> Vec<f64> {
        let rows = (0..economies.rows.len()).filter(|row| economies.text(*row, "economy") == code);
        rows.map(|row| economies.number(row, "welfare_pct")).collect()
    };
    let values = ["USA", "CHN"].map(of);
    assert!(values.iter().all(|held| held.len() == 128), "all runs converge");
    let mean = |held: &[f64], count: usize| held[..count].iter().sum::<f64>() / count as f64;
    COUNTS.iter().map(|count| [mean(&values[0], *count), mean(&values[1], *count)]).collect()
}

/// The mean over 128 scrambled points moves with the seed at most a fifth as much as over 128 independent ones. The picture of it in the documentation is
/// made with `DETENTE_RENEW_PICTURES=1 cargo test --release -p detente-cli --test sweep_inputs sobol`.
#[needs("reference/rebalancing/world-cat")]
#[test]
fn sobol_points_err_a_fifth_of_random_ones() {
    let world = shared("reference/rebalancing/world-cat").display().to_string();
    let spread = |points: &str| -> Vec<[f64; 2]> {
        let found: Vec<Vec<[f64; 2]>> = (1..=8).map(|seed| means(points, seed, &world)).collect();
        let deviation = |at: usize, economy: usize| {
            let values = || found.iter().map(|means| means[at][economy]);
            let mean = values().sum::<f64>() / 8.0;
            (values().map(|value| (value - mean).powi(2)).sum::<f64>() / 7.0).sqrt()
        };
        (0..COUNTS.len()).map(|at| [deviation(at, 0), deviation(at, 1)]).collect()
    };
    let (sobol, random) = (spread("sobol"), spread("random"));
    for economy in [0, 1] {
        let last = COUNTS.len() - 1;
        assert!(sobol[last][economy] <= 0.2 * random[last][economy], "{sobol:?} against {random:?}");
    }
    if std::env::var_os("DETENTE_RENEW_PICTURES").is_some() {
        let line = |name: &str, ink: Ink, errors: &[[f64; 2]]| Curve {
            name: name.to_owned(),
            ink,
            points: COUNTS.iter().zip(errors).map(|(n, of)| [(*n as f64).log2(), of[0].log10()]).collect(),
            is_stepped: false,
            is_dashed: false,
        };
        let words = CurveWords {
            id: "sweep-points",
            title: "Scrambled Sobol points need far fewer runs than random ones",
            note: "Standard deviation over eight seeds of the mean of US income, percent: 30 points on Chinese goods, 10 on US goods, eight sets of elasticities, \
                   three readings of deficits, 29 factors.",
            across: "runs, powers of two",
            up: "error, powers of ten",
        };
        let curves = [line("Sobol", Ink::First, &sobol), line("random", Ink::Second, &random)];
        let picture = detente_report::picture::curves::picture(words, &curves, [720.0, 360.0]);
        let made_by =
            "DETENTE_RENEW_PICTURES=1 cargo test --release -p detente-cli --test sweep_inputs sobol";
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/sweep-points.svg");
        fs::write(file, picture.standing_alone(made_by)).expect("written");
    }
}

/// Parts merged, and a run killed twenty times, write what one undisturbed process writes.
#[test]
fn parts_and_kills_change_no_byte() {
    let folder = folder("sweep-kills", "runs = 64\nseed = 5\nindices = \"groups\"");
    swept(&folder, &["--out", "whole"]);
    let same = |out: &str| {
        for file in ["runs.csv", "economies.csv", "summary.json", "sweep.toml"] {
            assert_eq!(
                read(&folder, &format!("{out}/{file}")),
                read(&folder, &format!("whole/{file}")),
                "{file}"
            );
        }
    };
    for part in ["2/3", "1/3", "3/3"] {
        swept(&folder, &["--out", "parts", "--shard", part]);
    }
    let output = detente(&folder.0, &["merge", "parts"]);
    assert!(output.status.success(), "{}", transcript(&output));
    same("parts/merged");
    for kill in 0..20 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_detente"))
            .current_dir(&folder.0)
            .args(["sweep", "spec.toml", "--out", "killed"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        std::thread::sleep(std::time::Duration::from_millis(20 + 17 * (kill * 7 % 20)));
        let _ = child.kill();
        let _ = child.wait();
    }
    swept(&folder, &["--out", "killed"]);
    same("killed");
}

/// One run is the `solve` of the scenario with its values.
#[test]
fn a_run_is_the_solve_of_its_values() {
    let folder = Folder::new("sweep-one");
    folder.write("s.toml", SCENARIO);
    folder.write(
        "spec.toml",
        "scenario = \"s.toml\"\n[[input]]\nname = \"rate\"\ntarget = \"tariff.0.add\"\nuniform = [0.1, 0.5]\n\
         [[input]]\nname = \"closure\"\ntarget = \"closure.deficits\"\nchoices = [\"fixed\", \"share-of-gdp\"]\nweights = [3, 1]\n[design]\nruns = 8\n",
    );
    swept(&folder, &["--out", "out"]);
    let runs = read(&folder, "out/runs.csv");
    let at =
        |column: &str| runs.lines().next().and_then(|line| line.split(',').position(|held| held == column));
    let (rate, closure) = (at("tariff.0.add").expect("a column"), at("closure.deficits").expect("a column"));
    let shares = runs.lines().filter(|line| line.contains(",share-of-gdp,")).count();
    assert_eq!(shares, 2, "a quarter of eight points: {runs}");
    let row: Vec<&str> = runs.lines().nth(6).expect("run 5").split(',').collect();
    folder.write(
        "alone.toml",
        &SCENARIO
            .replace("add = 0.3", &format!("add = {}", row[rate]))
            .replace("\"fixed\"", &format!("\"{}\"", row[closure])),
    );
    let output = detente(&folder.0, &["solve", "alone.toml", "--out", "alone"]);
    assert!(output.status.success(), "{}", transcript(&output));
    let economies = read(&folder, "out/economies.csv");
    let run: Vec<&str> = economies.lines().filter_map(|line| line.strip_prefix("5,")).collect();
    assert_eq!(run, read(&folder, "alone/economies.csv").lines().skip(1).collect::<Vec<_>>());
}

const MEASURED: &str = "[[input]]\nname = \"rate\"\ntarget = \"tariff.0.add\"\nuniform = [0.1, 0.5]\n[design]\nruns = 16\nindices = \"groups\"\n";
const TWO: &str = "[[input]]\nname = \"rate\"\ntarget = \"tariff.0.add\"\nuniform = [0.1, 0.5]\n\
    [[input]]\nname = \"answer\"\ntarget = \"tariff.1.add\"\ntriangular = [0.0, 0.1, 0.4]\n";
const BETWEEN: &str = "[[correlation]]\nbetween = ";

/// Inputs that move together do so by rank as far as their normal scores were asked to; those without a word stay where they were.
#[test]
fn inputs_move_together() {
    let folder = Folder::new("sweep-together");
    folder.write("s.toml", SCENARIO);
    let rates = |correlation: &str| -> Vec<[f64; 2]> {
        folder.write(
            "spec.toml",
            &format!("scenario = \"s.toml\"\n{TWO}{correlation}[design]\nruns = 64\nseed = 2\n"),
        );
        let _ = fs::remove_dir_all(folder.path("out"));
        swept(&folder, &["--out", "out", "--tolerance", "1e-6"]);
        let table = Table::read(&folder.path("out/runs.csv")).expect("read");
        (0..table.rows.len())
            .map(|row| ["tariff.0.add", "tariff.1.add"].map(|key| table.number(row, key)))
            .collect()
    };
    // Kendall's tau of a Gaussian copula is 2/π asin r.
    let tau = |rates: &[[f64; 2]]| {
        let pairs = || (0..rates.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
        let sign =
            |(a, b): (usize, usize)| ((rates[a][0] - rates[b][0]) * (rates[a][1] - rates[b][1])).signum();
        pairs().map(sign).sum::<f64>() / pairs().count() as f64
    };
    let (apart, together) =
        (rates(""), rates(&format!("{BETWEEN}[\"answer\", \"rate\"]\ncoefficient = 0.8\n")));
    let expected = 2.0 / std::f64::consts::PI * 0.8f64.asin();
    assert!(tau(&apart).abs() < 0.1, "{}", tau(&apart));
    assert!((tau(&together) - expected).abs() < 0.08, "{} against {expected}", tau(&together));
    for (alone, mixed) in apart.iter().zip(&together) {
        assert!((alone[0] - mixed[0]).abs() < 1e-12, "the first of them is not moved by the second");
        assert!((0.0..=0.4).contains(&mixed[1]));
    }
}

#[test]
fn slips_in_inputs_are_refused() {
    let folder = Folder::new("sweep-input-slips");
    folder.write("s.toml", SCENARIO);
    let rate = "[[input]]\nname = \"rate\"\ntarget = \"tariff.0.add\"\n";
    let cases = [
        (format!("{rate}uniform = [0.1, 0.5]\n"), "needs a `[design]`"),
        ("[design]\nruns = 8\n".to_owned(), "has no input"),
        (format!("{rate}uniform = [0.5, 0.1]\n[design]\nruns = 8\n"), "in order"),
        (format!("{rate}uniform = [0.1, 0.5]\nnormal = [0.0, 1.0]\n[design]\nruns = 8\n"), "give one of"),
        (format!("{rate}uniform = [0.1, 0.5]\n[design]\nruns = 70000\n"), "65536"),
        (
            format!("{rate}choices = [0.1, 0.2]\nweights = [1]\n[design]\nruns = 8\n"),
            "`weights` are 2 numbers",
        ),
        (format!("{rate}uniform = [0.1, 0.5]\n[design]\nruns = 8\nindices = \"groups\"\n"), "16 points"),
        (
            format!("{rate}uniform = [0.1, 0.5]\n{rate}uniform = [0.1, 0.5]\n[design]\nruns = 8\n"),
            "earlier input",
        ),
        (
            format!(
                "{rate}uniform = [0.1, 0.5]\n[[vary]]\nkey = \"tariff.1.add\"\nvalues = [0.1]\n[design]\nruns = 8\n"
            ),
            "neither",
        ),
        (
            format!("{}uniform = [0.1, 0.5]\n[design]\nruns = 8\n", rate.replace("tariff.0", "tariff.5")),
            "no entry of a list",
        ),
        (
            format!(
                "{}lognormal = [1, 0.2]\n[design]\nruns = 8\n",
                rate.replace("tariff.0.add", "elasticity.all")
            ),
            "no target",
        ),
        (
            format!("{MEASURED}outcomes = [\"welfare_pct:CNH\"]\n"),
            "spec.toml:9: `design.outcomes`: unknown economy `CNH`; did you mean `CHN`",
        ),
        (
            format!("{MEASURED}outcomes = [\"welfare_pc:CHN\"]\n"),
            "spec.toml:9: `design.outcomes`: unknown column of economies.csv `welfare_pc`; did you mean `welfare_pct`",
        ),
        (
            format!("{MEASURED}outcomes = [\"welfare_pct\"]\n"),
            "spec.toml:9: `design.outcomes`: `welfare_pct` is no outcome",
        ),
        (
            format!("{TWO}{BETWEEN}[\"rate\", \"answr\"]\ncoefficient = 0.5\n[design]\nruns = 8\n"),
            "spec.toml:11: `correlation.0.between`: `answr` is the name of no `[[input]]`",
        ),
        (
            format!("{TWO}{BETWEEN}[\"rate\", \"answer\"]\ncoefficient = 1.5\n[design]\nruns = 8\n"),
            "between -1 and 1",
        ),
        (
            format!(
                "{TWO}{BETWEEN}[\"rate\", \"answer\"]\ncoefficient = 0.5\n[design]\nruns = 16\nindices = \"groups\"\n"
            ),
            "give them one `group`",
        ),
    ];
    for (spec, expected) in cases {
        folder.write("spec.toml", &format!("scenario = \"s.toml\"\n{spec}"));
        let output = detente(&folder.0, &["sweep", "spec.toml", "--out", "out"]);
        let said = transcript(&output);
        assert_eq!(output.status.code(), Some(2), "{spec}\n{said}");
        assert!(said.contains(expected), "{spec}\n{said}");
    }
}
