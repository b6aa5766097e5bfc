//! The whole panel: every line, every layer that is charged on it, and the days on which it adds the same.

use jiff::civil::Date;

use super::{TariffError, Tariffs, View};
use crate::duty::Bound;
use crate::products::Line;

/// Days on which a layer adds the same to the lines of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Identifier of the instrument.
    pub instrument: String,
    /// The power it is taken under.
    pub authority: String,
    /// First day.
    pub from: Date,
    /// First day no longer; open where nothing on record ends it.
    pub until: Option<Date>,
    /// Rate of the act, percent.
    pub rate_pct: f64,
    /// What it adds after stacking, percent of value, as expected.
    pub adds_pct: f64,
}

/// The runs of a pair of parties, by class of lines.
#[derive(Debug)]
pub struct Runs {
    panel: std::sync::Arc<crate::panel::Panel>,
    classes: Vec<Vec<Run>>,
}

impl Runs {
    /// Every line with its runs.
    pub fn lines(&self) -> impl Iterator<Item = (&Line, &[Run])> {
        self.panel.lines().map(|(line, class)| (line, self.classes[class].as_slice()))
    }

    /// How many rows the panel has: one for each line and run.
    pub fn rows(&self) -> usize {
        self.lines().map(|(_, runs)| runs.len()).sum()
    }
}

impl Tariffs {
    /// The panel between two parties from `view.on` to the last change on record, as known on `view.known_on`.
    pub fn runs(&self, view: View<'_>) -> Result<Runs, TariffError> {
        let panel = self.panel(view.importer, view.exporter)?;
        let mut classes: Vec<Vec<Run>> = vec![Vec::new(); panel.classes()];
        let mut days = vec![view.on];
        days.extend(self.days_of_change(view).into_iter().filter(|day| *day > view.on));
        for (at, day) in days.iter().enumerate() {
            let until = days.get(at + 1).copied();
            let layers = self.layers(View { on: *day, ..view })?;
            let added = panel.added(&layers, &self.ledger().stacking, *day, Bound::Expected);
            for (runs, class) in classes.iter_mut().zip(added.classes()) {
                for (place, adds) in class.iter().filter(|(_, adds)| *adds > 0.0) {
                    let layer = &layers[*place];
                    let (rate_pct, adds_pct) = (percent(layer.rate.expected), percent(*adds));
                    let same = |run: &&mut Run| {
                        run.until == Some(*day)
                            && run.instrument == layer.instrument
                            && (run.rate_pct, run.adds_pct) == (rate_pct, adds_pct)
                    };
                    match runs.iter_mut().find(same) {
                        Some(run) => run.until = until,
                        None => runs.push(Run {
                            instrument: layer.instrument.clone(),
                            authority: layer.authority.clone(),
                            from: *day,
                            until,
                            rate_pct,
                            adds_pct,
                        }),
                    }
                }
            }
        }
        Ok(Runs { panel, classes })
    }
}

/// Percent without the noise of binary fractions.
fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}
