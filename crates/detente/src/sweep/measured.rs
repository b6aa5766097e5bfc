//! Which inputs drive an outcome, from the runs of a design that stand in a table.

use std::collections::HashMap;
use std::io::Read;

use detente_engine::uncertainty::indices::{AtPoint, Indices, Share, indices};
use detente_tables::diagnostics::Problem;
use detente_tables::table::Table;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::results::keys;

/// What indices are of: as it stands in the summary, so that parts put together have them too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    pub(super) groups: Vec<String>,
    /// `column:economy` of economies.csv, or `column-column:economy` for one less another; empty: income of each.
    pub(super) outcomes: Vec<String>,
}

/// An outcome in the runs that have it.
struct InRuns {
    name: String,
    column: String,
    /// The column that is taken off, where the outcome is a difference.
    less: Option<String>,
    economy: String,
    values: HashMap<usize, f64>,
}

impl Measured {
    /// Indices from economies.csv: by outcome, the points that they rest on and each group's, largest total first. An outcome without a value in
    /// any run is there with no points.
    pub fn found(&self, file: &str, economies: impl Read, income: &str) -> Result<Value, Problem> {
        let mut found: Vec<InRuns> = self.outcomes.iter().filter_map(|name| InRuns::new(name)).collect();
        Table::each_row(file, economies, |row| {
            let run = row.number(row.column(keys::RUN.name)?)? as usize;
            let economy = row.text(row.column(keys::ECONOMY.name)?);
            if self.outcomes.is_empty() && found.iter().all(|of| of.economy != economy) {
                found.extend(InRuns::new(&format!("{income}:{economy}")));
            }
            for of in found.iter_mut().filter(|of| of.economy == economy) {
                let read = |column: &str| row.number_or_empty(Some(row.column(column)?));
                let less = of.less.as_deref().map_or(Ok(Some(0.0)), read)?;
                if let (Some(value), Some(less)) = (read(&of.column)?, less) {
                    of.values.insert(run, value - less);
                }
            }
            Ok(())
        })?;
        let rows = found.into_iter().map(|of| (of.name, self.of_outcome(&of.values)));
        Ok(Value::Object(rows.collect()))
    }

    fn of_outcome(&self, held: &HashMap<usize, f64>) -> Value {
        let blocks = self.groups.len() + 2;
        let points = held.keys().max().map_or(0, |last| last / blocks + 1);
        let at = |point: usize| {
            let of = |block: usize| held.get(&(point * blocks + block)).copied();
            let exchanged = (2..blocks).map(of).collect::<Option<Vec<f64>>>()?;
            Some(AtPoint { first: of(0)?, second: of(1)?, exchanged })
        };
        let points: Vec<AtPoint> = (0..points).filter_map(at).collect();
        let share = |share: Share| json!({ "value": share.value, "low_5": share.low, "high_95": share.high });
        let mut groups: Vec<(&String, Indices)> =
            self.groups.iter().zip(indices(&points).unwrap_or_default()).collect();
        groups.sort_by(|a, b| b.1.total.value.total_cmp(&a.1.total.value));
        let groups = groups.into_iter().map(|(name, of)| {
            json!({ "group": name, "total": share(of.total), "first_order": share(of.first_order) })
        });
        json!({ "points": points.len(), "groups": groups.collect::<Vec<_>>() })
    }
}

/// An outcome's column, the one that is taken off it, and the economy; none where it names no economy.
pub(super) fn columns(outcome: &str) -> Option<(&str, Option<&str>, &str)> {
    let (columns, economy) = outcome.split_once(':')?;
    let (column, less) = columns.split_once('-').map_or((columns, None), |(of, less)| (of, Some(less)));
    Some((column, less, economy))
}

impl InRuns {
    fn new(outcome: &str) -> Option<Self> {
        let (column, less, economy) = columns(outcome)?;
        Some(Self {
            name: outcome.to_owned(),
            column: column.to_owned(),
            less: less.map(str::to_owned),
            economy: economy.to_owned(),
            values: HashMap::new(),
        })
    }
}
