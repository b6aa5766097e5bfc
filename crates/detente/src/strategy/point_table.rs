//! Points of a bargain or of a frontier as a table: every economy's objective at each, and its gain over no deal.

use detente_engine::catalogue::OutcomeEntry;
use detente_engine::catalogue::economy::{OBJECTIVE, WELFARE};
use detente_tables::result_table::{Column, ResultTable};

use crate::results::keys;

/// Rows, one for each point and economy.
#[derive(Clone, Debug, Default)]
pub struct PointTable {
    points: Vec<String>,
    economies: Vec<String>,
    objective: Vec<Option<f64>>,
    gain: Vec<Option<f64>>,
    welfare: Vec<Option<f64>>,
}

impl PointTable {
    /// Adds an economy at a point: its objective and its gain over no deal in percent, and its welfare where that is told too.
    pub fn add(
        &mut self,
        point: String,
        economy: &str,
        objective: Option<f64>,
        gain: f64,
        welfare: Option<f64>,
    ) {
        self.points.push(point);
        self.economies.push(economy.to_owned());
        self.objective.push(objective);
        self.gain.push(Some(gain));
        self.welfare.push(welfare);
    }

    /// Objectives and gains.
    pub fn gains(self) -> ResultTable {
        ResultTable::new(vec![
            keys::POINT.text(self.points),
            keys::ECONOMY.text(self.economies),
            percent(&OBJECTIVE, self.objective),
            keys::GAIN_FROM_DISAGREEMENT.number(self.gain),
        ])
    }

    /// Objectives, gains and welfare.
    pub fn gains_and_welfare(mut self) -> ResultTable {
        let welfare = percent(&WELFARE, std::mem::take(&mut self.welfare));
        let mut table = self.gains();
        table.columns.push(welfare);
        table
    }
}

fn percent(entry: &OutcomeEntry, cells: Vec<Option<f64>>) -> Column {
    Column::number(entry.id, entry.unit.words(None), entry.label, cells)
}
