//! The duty on a product, with what it would be for goods that an exclusion describes, and without what rests on memory.

use super::{TariffError, Tariffs, View};
use crate::duty::{Alternative, Answer, Layer, Provenance, Question, Standing, answer};
use crate::instrument::{Change, Kind};
use crate::products::LineTable;
use crate::schedule::{Reading, governing};

/// What an answer is made of, besides its question.
struct Ground<'a> {
    table: &'a LineTable,
    provenance: &'a Provenance,
    layers: &'a [Layer],
}

impl Tariffs {
    /// The duty on a product, part by part.
    pub fn duty(&self, question: &Question<'_>, reading: Reading) -> Result<Answer, TariffError> {
        let view = View {
            importer: question.to,
            exporter: question.from,
            on: question.on,
            known_on: question.known_on,
            reading,
        };
        let table = self.library().lines(question.to)?;
        let provenance = self.provenance(question.to)?;
        let layers = self.layers(view)?;
        let mut found = answer(question, &table, &provenance, &layers, &self.ledger().stacking)?;
        let ground = Ground { table: &table, provenance: &provenance, layers: &layers };
        found.if_excluded = self.if_excluded(question, view, &ground, &found)?;
        found.without_unsourced = self.without_unsourced(question, &ground, &found)?;
        Ok(found)
    }

    /// Exclusions that relieve a measure charged on the product: their goods are described in words, and not on record.
    fn if_excluded(
        &self,
        question: &Question<'_>,
        view: View<'_>,
        ground: &Ground<'_>,
        found: &Answer,
    ) -> Result<Option<Alternative>, TariffError> {
        let exclusions = self
            .ledger()
            .between(view.importer, view.exporter)
            .filter(|held| held.kind == Kind::Exclusion && !held.acts_on.is_empty());
        for exclusion in exclusions {
            let Some(step) = governing(exclusion, view.on, view.known_on, view.reading) else { continue };
            if step.entry.change != Change::Relieves {
                continue;
            }
            let acts_on = |layer: &Layer| exclusion.acts_on.contains(&layer.instrument);
            let until = step.days.until.map(|until| format!(" to {until}")).unwrap_or_default();
            let why = format!("{}: {} ({}{until})", exclusion.title, exclusion.covers, step.days.from);
            let mut sources = vec![step.entry.act.clone()];
            sources.extend(self.ledger().sources.citations(&step.entry.sources));
            let without = self.alternative(question, ground, found, acts_on, why, sources)?;
            if without.is_some() {
                return Ok(without);
            }
        }
        Ok(None)
    }

    /// The same without the layers that no source is on record for.
    fn without_unsourced(
        &self,
        question: &Question<'_>,
        ground: &Ground<'_>,
        found: &Answer,
    ) -> Result<Option<Alternative>, TariffError> {
        let unsourced = crate::confidence::Confidence::Memory.word();
        let is_unsourced = |layer: &Layer| layer.confidence == unsourced;
        let why = "recalled, without a source on record".to_owned();
        self.alternative(question, ground, found, is_unsourced, why, Vec::new())
    }

    /// The duty with the layers that `left_out` names not charged; none where that changes nothing.
    fn alternative(
        &self,
        question: &Question<'_>,
        ground: &Ground<'_>,
        found: &Answer,
        left_out: impl Fn(&Layer) -> bool,
        why: String,
        sources: Vec<String>,
    ) -> Result<Option<Alternative>, TariffError> {
        let mut layers = ground.layers.to_vec();
        let mut without: Vec<String> = Vec::new();
        for (layer, part) in layers.iter_mut().zip(found.parts.iter().skip(1)) {
            if left_out(layer) && layer.is_charged() {
                layer.standing = Standing::NotCharged(why.clone());
                if part.applies && !without.contains(&layer.measure) {
                    without.push(layer.measure.clone());
                }
            }
        }
        if without.is_empty() {
            return Ok(None);
        }
        let other = answer(question, ground.table, ground.provenance, &layers, &self.ledger().stacking)?;
        Ok(Some(Alternative {
            without,
            why,
            sources,
            total_pct: other.total_pct,
            range_pct: other.range_pct,
            specific: other.specific,
            duty: other.duty,
        }))
    }
}
