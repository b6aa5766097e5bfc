//! What made a page or a picture: program, world, record and question, in one line.

use detente_data::benchmark_directory::BenchmarkDirectory;

/// The line that stands below pages and on every picture that is saved; `asked` says what was asked.
pub fn line(world: Option<&BenchmarkDirectory>, record: Option<&str>, asked: &str) -> String {
    let mut parts = vec![format!("Détente {}", env!("CARGO_PKG_VERSION"))];
    parts.extend(record.map(|last| format!("record to {last}")));
    parts.extend(world.map(|world| {
        let benchmark = &world.benchmark;
        let year = benchmark.year.map_or(String::new(), |year| format!(", {year}"));
        format!("world: {}{year}", benchmark.name)
    }));
    parts.push(asked.to_owned());
    parts.join(" · ")
}
