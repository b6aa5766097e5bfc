//! World input-output tables in long form: `orig,oind,dest,use,value`, where `use` is an industry or a category of final
//! demand (WIOD's C_HH, C_NPISH, C_GOV, I_GFCF, I_INV).

use std::collections::HashMap;
use std::path::Path;

use super::input_output::{InputOutputTable, Use};
use super::recipe::Recipe;
use super::source_bytes;
use detente_tables::atomic_write::Files;

use detente_tables::diagnostics::{Finding, Place, Problem, Problems};
use detente_tables::folder::Folder;
use detente_tables::table::{Table, csv_text};

/// Final uses and the categories that they are counted under.
const CATEGORIES: [(&str, &str); 5] = [
    ("C_HH", "household"),
    ("C_NPISH", "household"),
    ("C_GOV", "government"),
    ("I_GFCF", "investment"),
    ("I_INV", "investment"),
];
/// Tables that stand beside a table of flows and cannot come from it.
const COMPANIONS: [&str; 3] = ["economies", "sectors", "tariffs"];

/// Restates the table in the contract's tables.
pub fn restate(source: &Path, recipe: &Recipe, notes: &mut Vec<String>) -> Result<Files, Problems> {
    let label = source.display().to_string();
    let table = Table::parse(label, &source_bytes(source)?)?;
    let name = |contract: &'static str| recipe.columns.get(contract).map_or(contract, String::as_str);
    let ([origin, sector, destination, using, value], [year]) =
        table.expect([name("orig"), name("oind"), name("dest"), name("use"), name("value")], ["year"])?;
    let mut flows = InputOutputTable::default();
    let mut first: HashMap<[String; 4], Place> = HashMap::new();
    for row in table.rows() {
        if let (Some(column), Some(wanted)) = (year, recipe.benchmark.year)
            && row.number(column)? != f64::from(wanted)
        {
            continue;
        }
        let user = row.text(using);
        let key = [origin, sector, destination, using].map(|column| row.text(column).into_owned());
        if let Some(place) = first.insert(key.clone(), row.place()) {
            let finding = Finding::Duplicate { key: key.join(", "), first: place.words() };
            return Err(row.problem(finding).into());
        }
        let category = CATEGORIES.iter().find(|(known, _)| *known == user).map(|(_, category)| *category);
        let using = category.map_or(Use::Sector(&user), Use::Final);
        flows.add(&row.text(origin), &row.text(sector), &row.text(destination), using, row.number(value)?);
    }
    if flows.economies().is_empty() {
        let right = "no row of the year that the recipe names".to_string();
        return Err(Problem::whole(table.file.clone(), Finding::Empty { right }).into());
    }
    let mut files = flows.restate(notes);
    files.extend(companions(source, recipe, &flows)?);
    Ok(files)
}

/// Economies, sectors and tariffs from the files that the recipe names, relative to the source. Names of economies may be
/// absent (then the codes stand for them); kinds and elasticities of sectors may not.
pub(super) fn companions(
    source: &Path,
    recipe: &Recipe,
    flows: &InputOutputTable,
) -> Result<Files, Problems> {
    let parent = source.parent().unwrap_or(Path::new("."));
    let mut files = Files::new();
    for name in COMPANIONS {
        let Some(file) = recipe.files.get(name) else { continue };
        let path = parent.join(file);
        let label = path.display().to_string();
        let table = Table::parse(label, &source_bytes(&path)?)?;
        let header: Vec<&str> = table.columns().iter().map(String::as_str).collect();
        let rows =
            table.rows().map(|row| (0..header.len()).map(|c| row.text(c).into_owned()).collect::<Vec<_>>());
        files.push((format!("{name}.csv"), csv_text(&header, rows)));
    }
    if !recipe.files.contains_key("economies") {
        let rows = flows.economies().iter().map(|code| [code.clone(), code.clone(), code.clone()]);
        files.push(("economies.csv".into(), csv_text(&["economy", "name", "members"], rows)));
    }
    if !recipe.files.contains_key("sectors") {
        let right = format!(
            "the flows have no kinds and trade elasticities; name a table `sector,name,kind,trade_elasticity` for the \
             sectors {} (as a file of its own, or as `[files] sectors` in the recipe)",
            flows.sectors().join(" ")
        );
        let folder = Folder::Disk(parent.to_path_buf());
        return Err(
            Problem::whole(folder.label("sectors.csv"), Finding::Missing { what: "table", right }).into()
        );
    }
    Ok(files)
}
