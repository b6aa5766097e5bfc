//! World input-output tables in long form: `orig,oind,dest,use,value`, where `use` is an industry or a category of final
//! demand (WIOD's C_HH, C_NPISH, C_GOV, I_GFCF, I_INV).

use std::collections::HashMap;

use super::input_output::{InputOutputTable, Names, Use};
use super::recipe::Recipe;

use detente_tables::diagnostics::{Finding, Place, Problem, Problems};
use detente_tables::table::Table;

/// Final uses and the categories that they are counted under.
const CATEGORIES: [(&str, &str); 5] = [
    ("C_HH", "household"),
    ("C_NPISH", "household"),
    ("C_GOV", "government"),
    ("I_GFCF", "investment"),
    ("I_INV", "investment"),
];

/// Reads the table.
///
/// # Errors
/// Columns that are missing, rows that stand twice, a year without rows.
pub fn read(table: &Table, recipe: &Recipe) -> Result<InputOutputTable, Problems> {
    let name = |contract: &'static str| recipe.columns.get(contract).map_or(contract, String::as_str);
    let ([origin, sector, destination, using, value], [year]) =
        table.expect([name("orig"), name("oind"), name("dest"), name("use"), name("value")], ["year"])?;
    let (mut economies, mut sectors, mut categories) = (Names::default(), Names::default(), Names::default());
    let mut first: HashMap<[usize; 4], Place> = HashMap::new();
    let mut rows: Vec<([usize; 3], Use, f64)> = Vec::new();
    let columns = [sector, using];
    for row in table.rows() {
        if let (Some(column), Some(wanted)) = (year, recipe.benchmark.year)
            && row.number(column)? != f64::from(wanted)
        {
            continue;
        }
        let user = row.text(using);
        let from = economies.position(&row.text(origin));
        let to = economies.position(&row.text(destination));
        let sector = sectors.position(&row.text(sector));
        let category = CATEGORIES.iter().position(|(known, _)| *known == user);
        let using = match category {
            Some(at) => Use::Final(categories.position(CATEGORIES[at].1)),
            None => Use::Sector(sectors.position(&user)),
        };
        // Categories that count under one name are still rows of their own.
        let own = match (category, using) {
            (Some(at), _) => usize::MAX - at,
            (None, Use::Sector(at) | Use::Final(at)) => at,
        };
        if let Some(place) = first.insert([from, sector, to, own], row.place()) {
            let key =
                [origin, columns[0], destination, columns[1]].map(|column| row.text(column).into_owned());
            let finding = Finding::Duplicate { key: key.join(", "), first: place.words() };
            return Err(row.problem(finding).into());
        }
        rows.push(([from, sector, to], using, row.number(value)?));
    }
    if rows.is_empty() {
        let right = "no row of the year that the recipe names".to_string();
        return Err(Problem::whole(table.file.clone(), Finding::Empty { right }).into());
    }
    let mut flows =
        InputOutputTable::new(economies.into_names(), sectors.into_names(), categories.into_names());
    for ([origin, sector, destination], using, value) in rows {
        flows.add(origin, sector, destination, using, value);
    }
    Ok(flows)
}
