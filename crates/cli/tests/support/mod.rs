//! What tests of the command share: a small benchmark on disk, and one way to run the program.

#![allow(dead_code, reason = "each test file uses what it needs")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that goes away with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("detente-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub fn write(&self, file: &str, text: &str) -> PathBuf {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, text).expect("written");
        path
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Two economies, two sectors, input-output links; its own equilibrium.
pub const SMALL: [(&str, &str); 7] = [
    (
        "benchmark.toml",
        "name = \"Small\"\nunit = \"million USD\"\nsource = \"made up for tests\"\nlicence = \"none\"\nyear = 2020\n",
    ),
    ("economies.csv", "economy,name,members\nNOR,North,NOR\nSOU,South,SOU\n"),
    (
        "sectors.csv",
        "sector,name,kind,trade_elasticity\nfarm,Farming,agriculture,4\nsteel,Steel,manufacturing,6\n",
    ),
    (
        "trade.csv",
        "exporter,importer,sector,value\nNOR,NOR,farm,100\nNOR,SOU,farm,20\nSOU,NOR,farm,30\nSOU,SOU,farm,80\n\
         NOR,NOR,steel,120\nNOR,SOU,steel,40\nSOU,NOR,steel,25\nSOU,SOU,steel,60\n",
    ),
    ("tariffs.csv", "exporter,importer,sector,rate\nSOU,NOR,farm,0.1\nNOR,SOU,steel,0.05\n"),
    (
        "value_added_shares.csv",
        "economy,sector,share\nNOR,farm,0.6\nNOR,steel,0.5\nSOU,farm,0.7\nSOU,steel,0.5\n",
    ),
    (
        "input_shares.csv",
        "economy,using_sector,input_sector,share\nNOR,farm,farm,0.2\nNOR,farm,steel,0.2\nNOR,steel,farm,0.1\n\
         NOR,steel,steel,0.4\nSOU,farm,farm,0.2\nSOU,farm,steel,0.1\nSOU,steel,farm,0.2\nSOU,steel,steel,0.3\n",
    ),
];

/// Writes the small benchmark below `folder/world`.
pub fn small_benchmark(folder: &Folder) -> PathBuf {
    for (file, text) in SMALL {
        folder.write(&format!("world/{file}"), text);
    }
    folder.path("world")
}

/// Runs the command in a folder.
pub fn detente(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.current_dir(folder).args(arguments).output().expect("the command runs")
}

/// Exit status and both streams, for snapshots.
pub fn transcript(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!(
        "exit {}\n--- stdout\n{}--- stderr\n{}",
        output.status.code().unwrap_or(-1),
        text(&output.stdout),
        text(&output.stderr)
    )
}

/// Cells of a CSV by the code in its first column, then by column.
pub type ByCode = HashMap<String, HashMap<String, String>>;

/// Reads a CSV whose first column holds codes.
pub fn by_code(text: &str) -> ByCode {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    lines
        .map(|line| {
            let cells: Vec<String> = line.split(',').map(str::to_string).collect();
            (cells[0].clone(), header.iter().map(ToString::to_string).zip(cells).collect())
        })
        .collect()
}

pub fn number(table: &ByCode, code: &str, column: &str) -> f64 {
    table[code][column].parse().unwrap_or_else(|_| panic!("{code} {column}: {}", table[code][column]))
}
