//! The tariffs of a day on everybody else: what the record's instruments add on every origin of a benchmark that does not stand between the
//! parties of a join.
//!
//! ```text
//! b = benchmark + c · (record on the day − record on the day of the importer's own tariffs)      on all cells but the parties'
//! ```
//!
//! The formula is that of [`join`]. An importer counts whose lines are weighed by trade with more than the parties; an economy of
//! several origins has the mean of those whose trade by line is on record.

use crate::basis::Basis;
use crate::collection::{self, CollectionRatio};
use crate::join::{self, Join};
use crate::ledger_tariffs::{LedgerTariffError, Schedule};
use detente_engine::benchmark::Benchmark;
use detente_ledger::products::ProductError;
use detente_ledger::tariff::{AddedOnOrigin, TariffError, View, Weighed};
use jiff::civil::Date;

/// Tariffs of a day on the cells that are not between the parties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Others {
    /// Cell of the benchmark and its tariff on the day, a fraction.
    pub rates: Vec<(usize, f64)>,
    /// What of a step is collected, by pair, where it was measured; empty by statute.
    pub ratios: Vec<CollectionRatio>,
    /// Members of economies whose trade by line is not on record: those that are stand for them. In order of the economies.
    pub not_on_record: Vec<String>,
    /// Importers that are no party and whose trade by line is on record with some economies only: on those their duties are counted, on the
    /// rest the benchmark's stand.
    pub in_part: Vec<String>,
}

/// An importer with the economies that sell to it, each with the origins that its trade by line is on record for.
struct Importer {
    code: String,
    place: usize,
    economies: Vec<(usize, Vec<String>)>,
}

impl Join<'_> {
    /// New rates of all cells of importers on record that are not between the parties.
    ///
    /// # Errors
    /// An economy that measures of a party reach and none of whose members has trade by line: it is refused, not zero. And as
    /// [`changed`](Join::changed).
    pub fn others(&self, schedule: Schedule<'_>, basis: Basis) -> Result<Others, LedgerTariffError> {
        let benchmark = &self.directory.benchmark;
        let mut found = Others::default();
        let importers = self.importers(schedule, &mut found)?;
        if basis == Basis::Collected {
            for importer in &importers {
                found.ratios.extend(self.ratios_of(importer, schedule)?);
            }
        }
        let on_day = |schedule: Schedule<'_>| -> Result<Vec<(usize, f64)>, LedgerTariffError> {
            let cells = importers.iter().map(|importer| self.added(importer, schedule));
            Ok(cells.collect::<Result<Vec<_>, _>>()?.concat())
        };
        let collected = collection::shares(benchmark, &found.ratios)?;
        let known_on = schedule.known_on;
        found.rates = join::rates(
            self.directory,
            &self.directory.benchmark.tariff_rate,
            &on_day(schedule)?,
            &collected,
            known_on,
            |on, known_on| on_day(Schedule::on_day(on, known_on)),
        )?;
        Ok(found)
    }

    /// Importers with trade by line beyond the parties'.
    fn importers(
        &self,
        schedule: Schedule<'_>,
        noted: &mut Others,
    ) -> Result<Vec<Importer>, LedgerTariffError> {
        let benchmark = &self.directory.benchmark;
        let parties: Vec<usize> =
            self.parties.iter().filter_map(|party| benchmark.economy_of_member(party)).collect();
        let mut found = Vec::new();
        for (place, importer) in benchmark.economies.iter().enumerate() {
            let mut economies: Vec<(usize, Vec<String>)> = Vec::new();
            match self.ledger.tariffs.library().lines(&importer.code) {
                Err(ProductError::Absent { .. }) => continue,
                lines => lines.map_err(TariffError::from)?,
            };
            for origin in self.ledger.tariffs.origins(&importer.code)? {
                let Some(economy) = self.economy_of(benchmark, &origin, schedule.on) else { continue };
                match economies.iter_mut().find(|(held, _)| *held == economy) {
                    Some((_, origins)) => origins.push(origin),
                    None => economies.push((economy, vec![origin])),
                }
            }
            let between = |economy: usize| parties.contains(&place) && parties.contains(&economy);
            if !economies.iter().any(|(economy, _)| *economy != place && !between(*economy)) {
                continue;
            }
            for economy in (0..benchmark.economies.len()).filter(|other| *other != place && !between(*other))
            {
                let held = economies.iter().find(|(held, _)| *held == economy);
                let held = held.map(|(_, origins)| origins);
                match self.missing(&importer.code, economy, held, schedule, &mut noted.not_on_record) {
                    // The talks are not about this importer: what is on record of it counts, and the rest is said.
                    Err(LedgerTariffError::NoTrade { importer, .. }) if !parties.contains(&place) => {
                        if !noted.in_part.contains(&importer) {
                            noted.in_part.push(importer);
                        }
                    }
                    found => found?,
                }
            }
            economies.retain(|(economy, _)| *economy != place && !between(*economy));
            economies.sort_by_key(|(economy, _)| *economy);
            found.push(Importer { code: importer.code.clone(), place, economies });
        }
        Ok(found)
    }

    /// Puts down the members of an economy without trade by line; refuses where they are all that it has and a measure reaches one.
    fn missing(
        &self,
        importer: &str,
        economy: usize,
        origins: Option<&Vec<String>>,
        schedule: Schedule<'_>,
        not_on_record: &mut Vec<String>,
    ) -> Result<(), LedgerTariffError> {
        let tariffs = self.ledger.tariffs;
        let economy = &self.directory.benchmark.economies[economy];
        let parties = &tariffs.ledger().parties;
        let is_held = |member: &String| {
            let within = |origin: &String| {
                origin == member || parties.members(origin, schedule.on).contains(&member.as_str())
            };
            origins.is_some_and(|origins| origins.iter().any(within))
        };
        let without: Vec<&String> = economy.members.iter().filter(|member| !is_held(member)).collect();
        if origins.is_none() {
            for member in without {
                if tariffs.ledger().party(member).is_none() {
                    continue;
                }
                let layers = schedule.layers(tariffs, importer, member)?;
                if layers.iter().any(|layer| layer.holds) {
                    return Err(LedgerTariffError::NoTrade {
                        importer: importer.to_owned(),
                        economy: economy.code.clone(),
                    });
                }
            }
            return Ok(());
        }
        for member in without {
            if !not_on_record.contains(member) {
                not_on_record.push(member.clone());
            }
        }
        Ok(())
    }

    /// The economy that an origin belongs to: by its own code, or a group by the one economy that all its members belong to.
    pub(crate) fn economy_of(&self, benchmark: &Benchmark, origin: &str, on: Date) -> Option<usize> {
        benchmark.economy_of_member(origin).or_else(|| {
            let members = self.ledger.tariffs.ledger().parties.members(origin, on);
            let mut economies = members.iter().map(|member| benchmark.economy_of_member(member));
            let first = economies.next().flatten()?;
            economies.all(|economy| economy == Some(first)).then_some(first)
        })
    }

    /// What the record adds on a day on the cells of an importer: cell and fraction.
    fn added(
        &self,
        importer: &Importer,
        schedule: Schedule<'_>,
    ) -> Result<Vec<(usize, f64)>, LedgerTariffError> {
        let benchmark = &self.directory.benchmark;
        let concordance = self.ledger.concordance_name(benchmark)?;
        let sectors = self.ledger.tariffs.library().concordance(&concordance);
        let sectors = sectors.map_err(TariffError::from)?;
        let view = View {
            importer: &importer.code,
            exporter: &importer.code,
            on: schedule.on,
            known_on: schedule.known_on,
            reading: schedule.reading,
        };
        let origins: Vec<String> =
            importer.economies.iter().flat_map(|(_, origins)| origins.iter().cloned()).collect();
        let by_origin = self.ledger.tariffs.added_on_origins(view, &origins, &concordance)?;
        let size = benchmark.dimensions();
        let mut cells = Vec::new();
        for (economy, origins) in &importer.economies {
            let own: Vec<&AddedOnOrigin> =
                by_origin.iter().filter(|held| origins.contains(&held.exporter)).collect();
            for (place, sector) in sectors.sectors().iter().enumerate() {
                let Some(sector) = benchmark.sector(sector) else { continue };
                let sum = |of: fn(&AddedOnOrigin) -> &[Weighed]| {
                    own.iter().fold(Weighed::default(), |sum, held| sum.with(of(held)[place]))
                };
                let rate = sum(|held| &held.own).mean().or_else(|| sum(|held| &held.all).mean());
                if let Some(rate) = rate {
                    cells.push((size.cell(importer.place, *economy, sector), rate));
                }
            }
        }
        Ok(cells)
    }

    /// What is collected of a step on each economy, in the newest month that was published and has data.
    fn ratios_of(
        &self,
        importer: &Importer,
        schedule: Schedule<'_>,
    ) -> Result<Vec<CollectionRatio>, LedgerTariffError> {
        let benchmark = &self.directory.benchmark;
        let mut found = Vec::new();
        for (economy, _) in &importer.economies {
            let code = &benchmark.economies[*economy].code;
            found.extend(collection::of_pair(
                self.ledger,
                benchmark,
                &importer.code,
                code,
                schedule.on,
                schedule.known_on,
            )?);
        }
        Ok(found)
    }
}
