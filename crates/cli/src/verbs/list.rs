//! `detente list`: what there is to ask about, by code and name.

use crate::{
    failure::Failure,
    output::{self, Format},
    record::{csv, fault, grid, laid_over, wrong},
};
use clap::{Args, ValueEnum};
use detente::scenario::EXAMPLES;
use detente_data::benchmark_directory::codes::kind_word;
use detente_data::default_world;
use detente_ledger::Ledger;
use detente_tables::table::Table;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::path::PathBuf;

/// What `list` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Of what.
    #[arg(value_enum)]
    what: What,
    /// Only what has all of these words, in its code, its name or what stands beside it.
    words: Vec<String>,
    /// Directory of the benchmark whose economies and sectors are listed (the embedded world where absent).
    #[arg(long, value_name = "DIR")]
    benchmark: Option<PathBuf>,
    /// A folder with measures and talks of your own, laid over the record.
    #[arg(long, value_name = "DIR")]
    ledger: Vec<PathBuf>,
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Economies of the benchmark, with the ISO codes that they stand for.
    Economies,
    /// Sectors of the benchmark, with kind and trade elasticity.
    Sectors,
    /// Scenarios that come with the program.
    Scenarios,
    /// Talks on record.
    Talks,
    /// Measures on record: who on whom, by which authority.
    Measures,
    /// Product codes by what the goods are called.
    Products,
}

/// A list: names of its columns, and its rows.
struct List {
    columns: [&'static str; 3],
    rows: Vec<[String; 3]>,
}

/// Most rows on a screen: a longer list is for a file.
const MOST_ROWS: usize = 60;

/// Prints the list.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    if arguments.what == What::Products && arguments.words.is_empty() {
        return Err(wrong(
            "there are thousands of products; give a word or more of what the goods are called, or the beginning of a code: \
             `detente list products soybeans`",
        ));
    }
    let mut list = match arguments.what {
        What::Economies | What::Sectors => of_benchmark(&arguments)?,
        What::Scenarios => scenarios(),
        What::Talks | What::Measures => of_record(&arguments)?,
        What::Products => products()?,
    };
    let words: Vec<String> = arguments.words.iter().map(|word| word.to_lowercase()).collect();
    list.rows.retain(|row| {
        let text = row.join(" ").to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    });
    if list.rows.is_empty() {
        return Err(Failure::NoAnswer(format!(
            "nothing has all of these words: {}",
            arguments.words.join(" ")
        )));
    }
    output::print(&match arguments.format {
        Format::Table => list.screen(),
        Format::Csv => csv(&list.columns, list.rows.iter().map(|row| row.to_vec())),
        Format::Json => {
            let object = |row: &[String; 3]| -> Value {
                let fields = list.columns.iter().zip(row);
                fields
                    .map(|(name, cell)| ((*name).to_owned(), Value::from(cell.as_str())))
                    .collect::<Map<_, _>>()
                    .into()
            };
            let rows: Vec<Value> = list.rows.iter().map(object).collect();
            format!("{:#}\n", Value::from(rows))
        }
    })
}

impl List {
    fn screen(&self) -> String {
        let mut table = grid(&self.columns);
        table.add_rows(self.rows.iter().take(MOST_ROWS));
        let rest = self.rows.len().saturating_sub(MOST_ROWS);
        let more = match rest {
            0 => String::new(),
            rest => format!("and {rest} more: add a word, or take them all with --format csv\n"),
        };
        format!("{table}\n{more}")
    }
}

fn of_benchmark(arguments: &Arguments) -> Result<List, Failure> {
    let directory = default_world::open_or(arguments.benchmark.as_deref()).map_err(wrong)?;
    let benchmark = &directory.benchmark;
    if arguments.what == What::Economies {
        let rows = benchmark.economies.iter();
        let rows =
            rows.map(|economy| [economy.code.clone(), economy.name.clone(), economy.members.join(" ")]);
        return Ok(List { columns: ["economy", "name", "members"], rows: rows.collect() });
    }
    let rows = benchmark.sectors.iter().map(|sector| {
        let about = format!("{}, trade elasticity {}", kind_word(sector.kind), sector.trade_elasticity);
        [sector.code.clone(), sector.name.clone(), about]
    });
    Ok(List { columns: ["sector", "name", "about"], rows: rows.collect() })
}

fn scenarios() -> List {
    let of = |(name, text): &(&str, &str)| {
        let typed: toml::Table = toml::from_str(text).unwrap_or_default();
        let word = |key: &str| typed.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        [(*name).to_owned(), word("name"), word("sentence")]
    };
    List { columns: ["scenario", "name", "sentence"], rows: EXAMPLES.iter().map(of).collect() }
}

fn of_record(arguments: &Arguments) -> Result<List, Failure> {
    let tariffs = laid_over(&arguments.ledger)?;
    let ledger: &Ledger = tariffs.ledger();
    if arguments.what == What::Measures {
        let rows = ledger.instruments.iter().map(|held| {
            let about = format!("{} on {}, {}", held.imposer, held.targets.join(" "), held.authority);
            [held.id.clone(), held.title.clone(), about]
        });
        return Ok(List { columns: ["measure", "title", "about"], rows: rows.collect() });
    }
    let of = |id: &str| {
        let talks = ledger.talks(id).map_err(wrong)?;
        let parties: Vec<&str> = talks.parties.iter().map(|party| party.name.as_str()).collect();
        let about = format!("{}; evidence to {}", parties.join(" and "), talks.last_evidence);
        Ok([id.to_owned(), talks.title, about])
    };
    let rows = ledger.talks_ids().into_iter().map(of).collect::<Result<Vec<_>, Failure>>()?;
    Ok(List { columns: ["talks", "title", "about"], rows })
}

/// Headings and subheadings by the words of the schedule: a subheading's own words stand behind its heading's.
fn products() -> Result<List, Failure> {
    const FILE: &str = "products/USA/names.csv";
    let text = detente_facts::file(FILE).unwrap_or_default();
    let table = Table::parse(FILE.to_owned(), text).map_err(fault)?;
    let ([code, name], []) = table.expect(["code", "name"], []).map_err(fault)?;
    let mut headings: HashMap<String, String> = HashMap::new();
    let mut rows = Vec::new();
    for row in table.rows() {
        let (code, name) = (row.text(code).into_owned(), row.text(name).into_owned());
        match code.get(..4).and_then(|heading| headings.get(heading)) {
            Some(heading) => rows.push([dotted(&code), name, heading.clone()]),
            None => {
                rows.push([dotted(&code), name.clone(), String::new()]);
                headings.insert(code, name);
            }
        }
    }
    Ok(List { columns: ["code", "name", "heading"], rows })
}

/// A code as schedules print it: `8471.30`.
fn dotted(code: &str) -> String {
    match (code.get(..4), code.get(4..)) {
        (Some(heading), Some(rest)) if !rest.is_empty() => format!("{heading}.{rest}"),
        _ => code.to_owned(),
    }
}
