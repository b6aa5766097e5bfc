//! Tables of one number per economy, per economy and sector, or per economy and pair of sectors.

use detente_engine::benchmark::FinalDemand;

use super::flows::{Domain, Filled, Frame, MOST_PROBLEMS};
use detente_tables::diagnostics::{Finding, Problem, Problems};
use detente_tables::folder::Folder;
use detente_tables::table::{Row, Table};

/// An array with the places that a table filled.
pub struct Filling {
    /// Path of the table.
    pub file: String,
    /// The numbers; the places not filled hold the default.
    pub value: Vec<f64>,
    /// Which places were filled.
    pub filled: Filled,
}

/// Reads `economy,sector,NUMBER` into N·S; `None` where the table is absent.
pub fn read_pairs(
    folder: &Folder,
    name: &str,
    column: &'static str,
    domain: Domain,
    default: f64,
    frame: &Frame,
) -> Result<Option<Filling>, Problems> {
    let Some(table) = folder.table_of(name, frame.dimensions.pairs())? else { return Ok(None) };
    let ([economy, sector, value], []) = table.expect(["economy", "sector", column], [])?;
    let keys = [economy, sector];
    fill(&table, frame.dimensions.pairs(), default, (column, value), domain, &keys, |row| {
        Ok(frame.dimensions.pair(frame.economies.at(row, economy)?, frame.sectors.at(row, sector)?))
    })
    .map(Some)
}

/// Reads `economy,NUMBER` into N; `None` where the table is absent.
pub fn read_economies(
    folder: &Folder,
    name: &str,
    column: &'static str,
    domain: Domain,
    frame: &Frame,
) -> Result<Option<Filling>, Problems> {
    let Some(table) = folder.table_of(name, frame.dimensions.economies)? else { return Ok(None) };
    let ([economy, value], []) = table.expect(["economy", column], [])?;
    fill(&table, frame.dimensions.economies, 0.0, (column, value), domain, &[economy], |row| {
        frame.economies.at(row, economy)
    })
    .map(Some)
}

/// Reads `input_shares`: `economy,using_sector,input_sector,share` into N·S·S.
pub fn read_inputs(folder: &Folder, frame: &Frame) -> Result<Option<Filling>, Problems> {
    let Some(table) = folder.table_of("input_shares", frame.dimensions.inputs())? else { return Ok(None) };
    let ([economy, using, input, share], []) =
        table.expect(["economy", "using_sector", "input_sector", "share"], [])?;
    let keys = [economy, using, input];
    fill(&table, frame.dimensions.inputs(), 0.0, ("input share", share), Domain::INPUT_SHARE, &keys, |row| {
        let using_sector = frame.sectors.at(row, using)?;
        let input_sector = frame.sectors.at(row, input)?;
        Ok(frame.dimensions.input(frame.economies.at(row, economy)?, using_sector, input_sector))
    })
    .map(Some)
}

/// Reads `final_demand`: `economy,category,sector,value`; inventories may be negative.
pub fn read_final_demand(folder: &Folder, frame: &Frame) -> Result<Option<FinalDemand>, Problems> {
    let Some(table) = folder.table("final_demand")? else { return Ok(None) };
    let ([economy, category, sector, value], []) =
        table.expect(["economy", "category", "sector", "value"], [])?;
    let mut categories: Vec<String> = Vec::new();
    for row in table.rows() {
        let name = row.text(category);
        if !categories.iter().any(|known| *known == name) {
            categories.push(name.into_owned());
        }
    }
    let pairs = frame.dimensions.pairs();
    let keys = [economy, category, sector];
    let filling = fill(&table, pairs * categories.len(), 0.0, ("value", value), Domain::ANY, &keys, |row| {
        let name = row.text(category);
        // Every category was collected above.
        let layer = categories.iter().position(|known| *known == name).unwrap_or_default();
        Ok(layer * pairs
            + frame.dimensions.pair(frame.economies.at(row, economy)?, frame.sectors.at(row, sector)?))
    })?;
    let value = filling.value.chunks(pairs).map(<[f64]>::to_vec).collect();
    Ok(Some(FinalDemand { categories, value }))
}

fn fill(
    table: &Table,
    size: usize,
    default: f64,
    (what, column): (&'static str, usize),
    domain: Domain,
    keys: &[usize],
    position: impl Fn(&Row<'_>) -> Result<usize, Problem>,
) -> Result<Filling, Problems> {
    let mut value = vec![default; size];
    let mut filled = Filled::new(size);
    let mut problems = Vec::new();
    for row in table.rows() {
        let mut read = || -> Result<(), Problem> {
            let position = position(&row)?;
            let number = row.number(column)?;
            let names = || keys.iter().map(|key| row.text(*key).into_owned()).collect::<Vec<_>>().join(", ");
            filled.mark(&row, position, names)?;
            if !domain.holds(number) {
                let (cell, rule) = (format!(" [{}]", names()), domain.rule.to_string());
                return Err(row.problem(Finding::Domain { what: what.into(), cell, found: number, rule }));
            }
            value[position] = number;
            Ok(())
        };
        if let Err(problem) = read() {
            problems.push(problem);
            if problems.len() == MOST_PROBLEMS {
                break;
            }
        }
    }
    if problems.is_empty() {
        Ok(Filling { file: table.file.clone(), value, filled })
    } else {
        Err(Problems(problems))
    }
}
