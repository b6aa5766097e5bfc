//! `economies.csv` and `sectors.csv`: the codes that every other table uses.

use std::borrow::Cow;
use std::collections::HashMap;

use detente_engine::benchmark::{Benchmark, Economy, Sector, SectorKind};

use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::folder::Folder;
use detente_tables::nearest::suggestion;
use detente_tables::table::Row;

/// Words of the contract for the kinds of sectors.
pub const KINDS: [(&str, SectorKind); 4] = [
    ("agriculture", SectorKind::Agriculture),
    ("mining", SectorKind::Mining),
    ("manufacturing", SectorKind::Manufacturing),
    ("services", SectorKind::Services),
];

/// The contract's word for a kind.
pub fn kind_word(kind: SectorKind) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == kind).map_or("", |(word, _)| word)
}

/// A code that means every economy or sector in scenarios and can therefore be none's own.
pub const ALL: &str = "all";

/// Codes with their positions.
pub struct Codes {
    what: &'static str,
    position: HashMap<String, usize>,
    order: Vec<String>,
}

impl Codes {
    /// The codes of economies.
    pub fn of_economies(economies: &[Economy]) -> Self {
        Self::new("economy", economies.iter().map(|economy| economy.code.clone()))
    }

    /// The codes of sectors.
    pub fn of_sectors(sectors: &[Sector]) -> Self {
        Self::new("sector", sectors.iter().map(|sector| sector.code.clone()))
    }

    fn new(what: &'static str, codes: impl Iterator<Item = String>) -> Self {
        let order: Vec<String> = codes.collect();
        let position = order.iter().enumerate().map(|(position, code)| (code.clone(), position)).collect();
        Self { what, position, order }
    }

    /// Position of the code in a column of a row; refused with the nearest codes where it is unknown.
    pub fn at(&self, row: &Row<'_>, column: usize) -> Result<usize, Problem> {
        let code: Cow<'_, str> = row.text(column);
        self.position.get(code.as_ref()).copied().ok_or_else(|| row.problem(self.unknown(&code)))
    }

    /// The code at a position; empty where there is none.
    pub fn code(&self, position: usize) -> &str {
        self.order.get(position).map_or("", String::as_str)
    }

    /// Position of a code.
    pub fn position(&self, code: &str) -> Option<usize> {
        self.position.get(code).copied()
    }

    /// The finding for a code that is not there.
    pub fn unknown(&self, found: &str) -> Finding {
        Finding::UnknownCode {
            what: self.what,
            found: found.to_string(),
            suggestion: suggestion(found, self.order.iter().map(String::as_str)),
        }
    }
}

/// The economy that was meant: the code as it is written, else the only one that differs by the size of its letters alone.
///
/// ```
/// use detente_data::benchmark_directory::codes::economy_as_typed;
///
/// let world = detente_data::default_world::open()?;
/// assert_eq!(economy_as_typed(&world.benchmark, "usa"), world.benchmark.economy("USA"));
/// # Ok::<(), detente_tables::diagnostics::Problems>(())
/// ```
pub fn economy_as_typed(benchmark: &Benchmark, typed: &str) -> Option<usize> {
    benchmark.economy(typed).or_else(|| {
        let mut alike = (0..benchmark.economies.len())
            .filter(|position| benchmark.economies[*position].code.eq_ignore_ascii_case(typed));
        alike.next().filter(|_| alike.next().is_none())
    })
}

pub(super) fn read_economies(folder: &Folder) -> Result<Vec<Economy>, Problems> {
    let table = folder.needed_table("economies")?;
    let ([code, name], [members]) = table.expect(["economy", "name"], ["members"])?;
    let mut problems = Vec::new();
    let mut economies: Vec<Economy> = Vec::new();
    let mut seen = HashMap::new();
    for row in table.rows() {
        let economy = Economy {
            code: row.text(code).into_owned(),
            name: row.text(name).into_owned(),
            members: members
                .map(|column| row.text(column).split_whitespace().map(str::to_string).collect())
                .unwrap_or_default(),
        };
        refuse_code(&row, "economy", &economy.code, &mut seen, &mut problems);
        economies.push(economy);
    }
    let mut owner: HashMap<&str, &str> = HashMap::new();
    for economy in &economies {
        for member in &economy.members {
            if let Some(other) = owner.insert(member, &economy.code) {
                problems.push(Problem::whole(
                    table.file.clone(),
                    Finding::Inconsistent {
                        what: format!("member `{member}`"),
                        found: format!("stands under `{other}` and under `{}`", economy.code),
                        rule: "an ISO code belongs to one economy".into(),
                    },
                ));
            }
        }
    }
    if problems.is_empty() { Ok(economies) } else { Err(Problems(problems)) }
}

pub(super) fn read_sectors(folder: &Folder) -> Result<Vec<Sector>, Problems> {
    let table = folder.needed_table("sectors")?;
    let ([code, name, kind, trade_elasticity], [substitution, scale, tariff]) = table.expect(
        ["sector", "name", "kind", "trade_elasticity"],
        ["elasticity_of_substitution", "scale_elasticity", "tariff_elasticity"],
    )?;
    let mut problems = Vec::new();
    let mut sectors: Vec<Sector> = Vec::new();
    let mut seen = HashMap::new();
    for row in table.rows() {
        let own_code = row.text(code).into_owned();
        refuse_code(&row, "sector", &own_code, &mut seen, &mut problems);
        let word = row.text(kind);
        let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == word) else {
            let suggestion = suggestion(&word, KINDS.iter().map(|(known, _)| *known));
            problems.push(row.problem(Finding::UnknownWord { found: word.into_owned(), suggestion }));
            continue;
        };
        let read = || -> Result<Sector, Problem> {
            let above = |column: &str, value: f64, least: f64, rule: &str| {
                if value > least {
                    Ok(value)
                } else {
                    let cell = format!(" [{own_code}]");
                    Err(row.problem(Finding::Domain {
                        what: column.into(),
                        cell,
                        found: value,
                        rule: rule.into(),
                    }))
                }
            };
            let optional = |column: Option<usize>, name: &str, least: f64, rule: &str| {
                row.number_or_empty(column)?.map(|value| above(name, value, least, rule)).transpose()
            };
            Ok(Sector {
                code: own_code.clone(),
                name: row.text(name).into_owned(),
                kind: *kind,
                trade_elasticity: above(
                    "trade_elasticity",
                    row.number(trade_elasticity)?,
                    0.0,
                    "a trade elasticity is above zero (Armington: the elasticity of substitution less one)",
                )?,
                elasticity_of_substitution: optional(
                    substitution,
                    "elasticity_of_substitution",
                    1.0,
                    "an elasticity of substitution is above one",
                )?,
                scale_elasticity: optional(
                    scale,
                    "scale_elasticity",
                    -f64::MIN_POSITIVE,
                    "it is zero or above",
                )?,
                tariff_elasticity: optional(tariff, "tariff_elasticity", 0.0, "it is above zero")?,
            })
        };
        match read() {
            Ok(sector) => sectors.push(sector),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(sectors) } else { Err(Problems(problems)) }
}

fn refuse_code(
    row: &Row<'_>,
    what: &'static str,
    code: &str,
    seen: &mut HashMap<String, String>,
    problems: &mut Vec<Problem>,
) {
    if code.trim().is_empty() || code == ALL {
        let right = format!("any code that is not empty and not `{ALL}`, which means every {what}");
        let finding = Finding::UnknownWord { found: code.to_string(), suggestion: right };
        problems.push(row.problem(finding));
    }
    if let Some(first) = seen.insert(code.to_string(), row.place().words()) {
        problems.push(row.problem(Finding::Duplicate { key: format!("`{code}`"), first }));
    }
}
