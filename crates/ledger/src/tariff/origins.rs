//! What the record adds on goods of every origin at once, by sector: the schedule of a day as a model of many economies needs it.

use super::{TariffError, Tariffs, View};
use crate::duty::Bound;
use crate::panel::{Day, Part};
use crate::products::ALL_PARTNERS;

/// What is added on the goods of a sector, with the trade that weighs it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Weighed {
    /// Σ added · value.
    pub duty: f64,
    /// Σ value, in the currency of the line table.
    pub value: f64,
}

impl Weighed {
    /// The mean, a share of value; none where there was no trade.
    pub fn mean(self) -> Option<f64> {
        (self.value > 0.0).then(|| self.duty / self.value)
    }

    /// With the trade of another origin.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { duty: self.duty + other.duty, value: self.value + other.value }
    }
}

/// What the record adds on one origin's goods, by the sectors of a concordance.
#[derive(Debug, Clone, PartialEq)]
pub struct AddedOnOrigin {
    /// Exporting party.
    pub exporter: String,
    /// By its own trade.
    pub own: Vec<Weighed>,
    /// By the importer's trade with all partners: for sectors in which the origin sold nothing.
    pub all: Vec<Weighed>,
}

impl Tariffs {
    /// Origins whose trade with the importer is on record by line, in order of code.
    pub fn origins(&self, importer: &str) -> Result<Vec<String>, TariffError> {
        let mut partners = self.library().partners(importer)?;
        // A column may hold the trade of another year, under a name that is no party's.
        partners.retain(|partner| self.ledger().party(partner).is_some());
        Ok(partners)
    }

    /// What is added on goods of each of `exporters` on the day of `view`, whose own exporter does not count: duties beyond the base, after
    /// stacking, as expected, by the sectors of a concordance in its order.
    ///
    /// # Errors
    /// What the record refuses for one of the origins.
    pub fn added_on_origins(
        &self,
        view: View<'_>,
        exporters: &[String],
        concordance: &str,
    ) -> Result<Vec<AddedOnOrigin>, TariffError> {
        let concordance = self.library().concordance(concordance)?;
        if exporters.len() > 1 {
            self.prepare_all_origins(view.importer)?;
        }
        let lines = self.library().lines(view.importer)?;
        let places = concordance.places(lines.lines().iter().map(|line| line.code));
        let all_values = lines.values(ALL_PARTNERS);
        let mut found = Vec::with_capacity(exporters.len());
        for exporter in exporters {
            let view = View { exporter, ..view };
            let layers = self.layers(view)?;
            let panel = self.panel(view.importer, exporter)?;
            let panel = panel.ready(&layers);
            let day = Day::new(&panel, &layers, &self.ledger().stacking, view.on, Bound::Expected);
            let own_values = panel.table().values(exporter);
            let nothing = vec![Weighed::default(); concordance.sectors().len()];
            let (mut own, mut all) = (nothing.clone(), nothing);
            for ((line, class), place) in panel.lines().zip(&places) {
                let Some(place) = place else { continue };
                let total =
                    |part: Part<'_>| part.share * part.added.iter().map(|(_, adds)| adds).sum::<f64>();
                let added: f64 = day.parts(line, class).map(total).sum();
                for (sums, value) in [(&mut own, own_values(line)), (&mut all, all_values(line))] {
                    if let Some(value) = value {
                        let duty = added * value;
                        sums[*place] = sums[*place].with(Weighed { duty, value });
                    }
                }
            }
            found.push(AddedOnOrigin { exporter: exporter.clone(), own, all });
        }
        Ok(found)
    }
}
