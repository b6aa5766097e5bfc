//! What each layer adds on the sectors of a model, asked once: briefs, games and bands ask for the same days over and over.

use std::sync::{Arc, PoisonError};

use super::held_duties::{MOST, Question, SectorDuties};
use super::{TariffError, Tariffs, View};
use crate::duty::{Estimate, Layer, Standing};

/// An instrument put in force at a rate, a fraction, whatever the record says of its standing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PutInForce<'a> {
    /// Identifier of the instrument.
    pub instrument: &'a str,
    /// Its rate, a fraction.
    pub rate: f64,
}

impl Tariffs {
    /// [`layers`](Self::layers) with some instruments put in force.
    ///
    /// # Errors
    /// As [`layers`](Self::layers).
    pub fn layers_with(
        &self,
        view: View<'_>,
        put_in_force: &[PutInForce<'_>],
    ) -> Result<Vec<Layer>, TariffError> {
        let mut layers = self.layers(view)?;
        for put in put_in_force {
            for layer in layers.iter_mut().filter(|layer| layer.instrument == put.instrument) {
                layer.rate = Estimate::exactly(put.rate);
                layer.standing = Standing::InForce;
            }
        }
        Ok(layers)
    }

    /// What each layer adds on the sectors of a concordance, by trade with the exporter; some instruments put in force.
    ///
    /// # Errors
    /// As [`layers`](Self::layers), and a concordance that is not there.
    pub fn sector_duties(
        &self,
        view: View<'_>,
        put_in_force: &[PutInForce<'_>],
        concordance: &str,
    ) -> Result<Arc<SectorDuties>, TariffError> {
        let question = Question {
            importer: view.importer.to_owned(),
            exporter: view.exporter.to_owned(),
            on: view.on,
            known_on: view.known_on,
            reading: view.reading,
            concordance: concordance.to_owned(),
            put_in_force: (put_in_force.iter())
                .map(|put| (put.instrument.to_owned(), put.rate.to_bits()))
                .collect(),
        };
        let held = || self.sector_duties.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = held().answers.get(&question) {
            return Ok(Arc::clone(found));
        }
        let layers = self.layers_with(view, put_in_force)?;
        let panel = self.panel(view.importer, view.exporter)?;
        let concordance = self.library().concordance(concordance)?;
        let stacking = &self.ledger().stacking;
        let sectors = panel.by_sector(&layers, stacking, view.on, view.exporter, &concordance);
        let found = Arc::new(SectorDuties { layers, sectors });
        let mut held = held();
        held.worked_out += 1;
        if held.answers.len() >= MOST {
            held.answers.clear();
        }
        held.answers.insert(question, Arc::clone(&found));
        Ok(found)
    }

    /// How many answers of [`sector_duties`](Self::sector_duties) were worked out and not held already.
    pub fn sector_duties_worked_out(&self) -> usize {
        self.sector_duties.lock().unwrap_or_else(PoisonError::into_inner).worked_out
    }
}
