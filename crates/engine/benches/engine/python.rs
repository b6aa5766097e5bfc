//! The numpy program beside the engine: run in the same run, so that ratios are measured side by side.

use std::path::{Path, PathBuf};
use std::process::Command;

use detente_engine::benchmark::Benchmark;
use detente_engine::instruments::Instruments;

/// What the numpy program measured.
#[derive(Default)]
pub struct Timings {
    milliseconds: Vec<(String, f64)>,
    /// A sentence on how it went.
    pub said: String,
}

impl Timings {
    /// Time of a case by its name there.
    pub fn milliseconds(&self, case: &str) -> Option<f64> {
        self.milliseconds.iter().find(|(name, _)| name == case).map(|(_, ms)| *ms)
    }
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches").join(name)
}

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared")
}

/// Runs `benches/numpy_reference.py --lines` on its own cases and on these raw arrays, one thread.
pub fn run(arrays: &[PathBuf]) -> Timings {
    let mut command = Command::new("python3");
    command
        .arg(script("numpy_reference.py"))
        .arg("--lines")
        .arg("--shared")
        .arg(shared())
        .env("OPENBLAS_NUM_THREADS", "1");
    for folder in arrays.iter().filter(|folder| folder.join("shape.txt").exists()) {
        command.arg("--arrays").arg(folder);
    }
    let failed = |why: String| Timings {
        milliseconds: Vec::new(),
        said: format!("no numpy program to compare with: {why}"),
    };
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => return failed(format!("python3 did not start ({error})")),
    };
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return failed(text.lines().last().unwrap_or("it said nothing").to_owned());
    }
    let mut milliseconds = Vec::new();
    let mut said = String::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            [case, ms, ..] => milliseconds.extend(ms.parse().ok().map(|ms| (case.to_owned(), ms))),
            _ => said = line.to_owned(),
        }
    }
    Timings { milliseconds, said: format!("compared with {said}, one thread, to the same tolerance") }
}

/// Runs a recipe; none where it cannot run.
pub fn recipe(name: &str, out: &Path) -> Option<()> {
    let status = Command::new("python3")
        .arg(script(name))
        .arg("--shared")
        .arg(shared())
        .arg("--out")
        .arg(out)
        .output()
        .ok()?;
    status.status.success().then_some(())
}

fn doubles(path: &Path) -> Option<Vec<f64>> {
    let bytes = std::fs::read(path).ok()?;
    Some(bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().expect("eight bytes"))).collect())
}

/// What `icio_81x50.py` wrote, and its two parties.
pub fn read_recipe(folder: &Path) -> Option<(Benchmark, (usize, usize))> {
    let shape = std::fs::read_to_string(folder.join("shape.txt")).ok()?;
    let numbers: Vec<usize> = shape.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let &[n, sectors, first, second] = &numbers[..] else { return None };
    let mut benchmark = super::random_world(n, sectors);
    benchmark.name = "ICIO 81 x 50 for timing".to_owned();
    benchmark.border_value = doubles(&folder.join("border_value.f64"))?;
    benchmark.tariff_rate.fill(0.0);
    let input = doubles(&folder.join("input_share.f64"))?;
    let d = benchmark.dimensions();
    for pair in 0..d.pairs() {
        let (using, economy) = (pair / n, pair % n);
        benchmark.value_added_share[pair] =
            1.0 - (0..sectors).map(|k| input[d.input(economy, using, k)]).sum::<f64>();
    }
    benchmark.input_share = Some(input);
    for (sector, theta) in benchmark.sectors.iter_mut().zip(doubles(&folder.join("trade_elasticity.f64"))?) {
        sector.trade_elasticity = theta;
    }
    Some((benchmark, (first, second)))
}

/// Writes a benchmark and the tariffs of a counterfactual for `numpy_reference.py --arrays`.
pub fn write_arrays(folder: &Path, case: &str, benchmark: &Benchmark, after: &Instruments) {
    let write = |name: &str, values: &[f64]| {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(folder.join(format!("{name}.f64")), bytes).expect("the target folder can be written");
    };
    std::fs::create_dir_all(folder).expect("the target folder can be written");
    let d = benchmark.dimensions();
    std::fs::write(folder.join("shape.txt"), format!("{} {} {case}\n", d.economies, d.sectors))
        .expect("the target folder can be written");
    write("border_value", &benchmark.border_value);
    write("tariff_rate", &benchmark.tariff_rate);
    write("tariff_rate_after", &after.tariff_rate);
    write("trade_elasticity", &benchmark.sectors.iter().map(|s| s.trade_elasticity).collect::<Vec<_>>());
    let inputs = folder.join("input_share.f64");
    match &benchmark.input_share {
        Some(share) => write("input_share", share),
        None => drop(std::fs::remove_file(inputs)),
    }
}
