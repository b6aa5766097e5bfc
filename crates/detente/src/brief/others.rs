//! Duties on everybody else that stand on the day of a brief, in both worlds that are compared.

use crate::basis::Basis;
use crate::collection::CollectionRatio;
use crate::join::Join;
use crate::ledger_tariffs::{LedgerTariffError, Schedule};
use crate::others::Others;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_ledger::products::ProductError;
use detente_ledger::tariff::{TariffError, Tariffs};

/// Where duties on others come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OthersDuties {
    /// The benchmark's own: none of the day.
    None,
    /// The record's instruments of the day, by sector.
    #[default]
    Day,
}

/// The word that a scenario file or a command has for each.
pub const WORDS: [(&str, OthersDuties); 2] = [("none", OthersDuties::None), ("day", OthersDuties::Day)];

impl OthersDuties {
    /// Its word in data.
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|(_, held)| *held == self).map_or("none", |(word, _)| word)
    }
}

/// Tariffs with the duties of a day on others, the parties' own left as the benchmark has them.
#[derive(Clone, Debug)]
pub struct WithOthers {
    /// t\[n,i,s\], N·N·S.
    pub tariff_rate: Vec<f64>,
    /// What of a step on them is collected, where measured.
    pub ratios: Vec<CollectionRatio>,
    /// What a reader should know of them.
    pub caveats: Vec<String>,
}

/// Groups the lines of every importer on record for all origins at once, before questions about one pair group them for that pair.
///
/// # Errors
/// What the record refuses.
pub fn prepare(tariffs: &Tariffs, world: &BenchmarkDirectory) -> Result<(), TariffError> {
    for importer in &world.benchmark.economies {
        match tariffs.library().lines(&importer.code) {
            Err(ProductError::Absent { .. }) => continue,
            lines => lines?,
        };
        if tariffs.origins(&importer.code)?.len() > 1 {
            tariffs.prepare_all_origins(&importer.code)?;
        }
    }
    Ok(())
}

/// The benchmark's tariffs with the duties on others of a day.
///
/// # Errors
/// An origin that measures reach and whose duty nothing on record gives: it is refused, not zero.
pub fn with_others(
    join: Join<'_>,
    day: Schedule<'_>,
    basis: Basis,
    duties: OthersDuties,
) -> Result<WithOthers, LedgerTariffError> {
    let mut found = WithOthers {
        tariff_rate: join.directory.benchmark.tariff_rate.clone(),
        ratios: Vec::new(),
        caveats: Vec::new(),
    };
    if duties == OthersDuties::None {
        return Ok(found);
    }
    let others = join.others(day, basis)?;
    found.caveats.extend(partial(&others));
    found.ratios = others.ratios;
    for (cell, rate) in others.rates {
        found.tariff_rate[cell] = rate;
    }
    found.caveats.push(
        "Duties on others are those of the record's instruments on the day; they stand before and after in what the two sides' measures do."
            .to_owned(),
    );
    found.caveats.push(NO_ANSWER.to_owned());
    Ok(found)
}

/// What duties on others leave out on every day.
pub(crate) const NO_ANSWER: &str =
    "What other economies answered in 2025 is missing from the record: they pay here and do not retaliate.";

/// What of duties on others is not on record, in words.
pub(crate) fn partial(others: &Others) -> Vec<String> {
    let mut found = Vec::new();
    if !others.not_on_record.is_empty() {
        let members = others.not_on_record.join(" ");
        found.push(format!(
            "Duties on others: {members} have no trade by line on record; others of their economy stand for them."
        ));
    }
    if !others.in_part.is_empty() {
        let importers = others.in_part.join(" ");
        found.push(format!(
            "Duties of {importers} on others are counted where its trade by line is on record; elsewhere the benchmark's stand."
        ));
    }
    found
}
