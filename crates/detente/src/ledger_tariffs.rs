//! The ledger on a benchmark: the tariffs of a day, as known on a day, on the benchmark's cells.
//!
//! Parties are found through the members of the benchmark's economies, sectors through the concordance whose sectors the benchmark has.
//! Each sector's rate is the average over its tariff lines, weighted by trade with the exporter. How these rates meet the benchmark's own
//! is said in [`join`](crate::join).

use crate::basis::Basis;
use crate::kept::Kept;
use detente_data::benchmark_directory::BenchmarkDirectory;
use detente_data::benchmark_directory::paid::PaidAt;
use detente_engine::benchmark::Benchmark;
use detente_ledger::{
    OwnFolder,
    duty::{Estimate, Layer, Standing},
    products::Concordance,
    schedule::Reading,
    talks::Threat,
    tariff::{PutInForce, TariffError, Tariffs, View},
};
use detente_tables::digest::sha256_of_named;
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Why the ledger's tariffs cannot be laid on a benchmark.
#[derive(Debug, thiserror::Error)]
pub enum LedgerTariffError {
    /// The ledger cannot answer.
    #[error(transparent)]
    Ledger(#[from] TariffError),
    /// A party is no economy of the benchmark and no member of one.
    #[error("the benchmark has no economy with the member `{party}`; add it to `members` in economies.csv")]
    Party {
        /// ISO code of the party.
        party: String,
    },
    /// No concordance leads from tariff lines to the benchmark's sectors.
    #[error("no concordance leads from tariff lines to this benchmark's sectors; those at hand: {known}")]
    Concordance {
        /// Names of the concordances at hand.
        known: String,
    },
    /// Measures reach an economy whose trade is not on record by line: what they come to is unknown, and not nothing.
    #[error(
        "no trade of {importer} with `{economy}` is on record by line, and measures reach it: its tariffs of the day are unknown; add a column customs_value_{economy} to products/{importer}/trade.csv in a folder of your own"
    )]
    NoTrade {
        /// Importing party.
        importer: String,
        /// Economy of the benchmark.
        economy: String,
    },
    /// The benchmark does not say which day its tariffs stand for.
    #[error(
        "the benchmark does not say on which day its tariffs of `{economy}` stand; add tariff_provenance.csv (importer, rates, ledger_day, why)"
    )]
    Provenance {
        /// Economy.
        economy: String,
    },
}

/// Which measures count: a day, whose knowledge, which acts, and threats put in force on top.
#[derive(Clone, Copy, Debug)]
pub struct Schedule<'a> {
    /// The day asked about.
    pub on: Date,
    /// The day whose knowledge is used.
    pub known_on: Date,
    /// Which acts count.
    pub reading: Reading,
    /// Threats taken as carried out.
    pub threats: &'a [&'a Threat],
}

impl Schedule<'_> {
    /// What was in force on a day, as known on a day.
    ///
    /// ```
    /// use detente::ledger_tariffs::Schedule;
    /// use jiff::civil::date;
    ///
    /// let today = Schedule::on_day(date(2025, 9, 16), date(2025, 9, 16));
    /// assert!(today.threats.is_empty(), "what is threatened is not in force");
    /// ```
    pub fn on_day(on: Date, known_on: Date) -> Self {
        Self { on, known_on, reading: Reading::default(), threats: &[] }
    }

    /// The layers between two parties under this schedule.
    pub fn layers(
        &self,
        tariffs: &Tariffs,
        importer: &str,
        exporter: &str,
    ) -> Result<Vec<Layer>, TariffError> {
        tariffs.layers_with(self.view(importer, exporter), &self.put_in_force(importer, exporter))
    }

    fn view<'v>(&self, importer: &'v str, exporter: &'v str) -> View<'v> {
        View { importer, exporter, on: self.on, known_on: self.known_on, reading: self.reading }
    }

    /// Instruments that the threats put in force at a rate.
    fn put_in_force(&self, importer: &str, exporter: &str) -> Vec<PutInForce<'_>> {
        let reaching =
            self.threats.iter().filter(|threat| threat.imposer == importer && threat.reaches(exporter));
        reaching
            .filter_map(|threat| {
                let instrument = threat.instrument.as_deref()?;
                Some(PutInForce { instrument, rate: threat.rate_pct? / 100.0 })
            })
            .collect()
    }

    /// What the threats add on every good, a fraction.
    pub fn added(&self, importer: &str, exporter: &str) -> f64 {
        self.threats
            .iter()
            .filter(|threat| threat.imposer == importer && threat.reaches(exporter))
            .filter_map(|threat| threat.adds_pct)
            .sum::<f64>()
            / 100.0
    }
}

/// A list of the record on a benchmark: one rate on the goods of an instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct ListOnBenchmark {
    /// What a reader calls the instrument.
    pub title: String,
    /// Its rate on the day, a fraction; the mean where it has several.
    pub rate: f64,
    /// Cell, and by how much its tariff moves with the rate: the share of its trade on the list, after stacking.
    pub shares: Vec<(usize, f64)>,
}

/// A ledger and a benchmark that has its parties.
#[derive(Clone, Copy, Debug)]
pub struct LedgerTariffs<'a> {
    /// The record with the products at hand.
    pub tariffs: &'a Tariffs,
}

impl LedgerTariffs<'_> {
    /// The additional tariffs between `parties` on the cells of a benchmark: cell and fraction.
    pub fn additional(
        &self,
        benchmark: &Benchmark,
        parties: &[String],
        schedule: Schedule<'_>,
    ) -> Result<Vec<(usize, f64)>, LedgerTariffError> {
        self.weighed(benchmark, parties, schedule, |_, _| 1.0)
    }

    /// The same, a measure that was in force on the day of the importer's tariffs in the benchmark weighed by the share of it that was paid.
    pub fn paid(
        &self,
        directory: &BenchmarkDirectory,
        parties: &[String],
        schedule: Schedule<'_>,
        end: PaidAt,
    ) -> Result<Vec<(usize, f64)>, LedgerTariffError> {
        let benchmark = &directory.benchmark;
        if directory.paid_shares.is_empty() {
            return self.additional(benchmark, parties, schedule);
        }
        let contained = self.contained(directory, parties, schedule.known_on)?;
        self.weighed(benchmark, parties, schedule, |cell, layer| {
            let (importer, exporter, _) = benchmark.dimensions().cell_of(cell);
            let held = contained.iter().any(|(to, from, instrument)| {
                (*to, *from) == (importer, exporter) && *instrument == layer.instrument
            });
            if held { directory.paid_of(cell, end) } else { 1.0 }
        })
    }

    /// Importer, exporter and instrument of what was charged on the day of the importer's tariffs, where the benchmark has paid shares.
    fn contained(
        &self,
        directory: &BenchmarkDirectory,
        parties: &[String],
        known_on: Date,
    ) -> Result<Vec<(usize, usize, String)>, LedgerTariffError> {
        let benchmark = &directory.benchmark;
        let concordance = self.concordance_name(benchmark)?;
        let mut contained = Vec::new();
        for importer in parties {
            for exporter in parties.iter().filter(|other| *other != importer) {
                let (to, from) = (economy(benchmark, importer)?, economy(benchmark, exporter)?);
                let concerned = directory.paid_shares.iter().any(|held| {
                    let (importer, exporter, _) = benchmark.dimensions().cell_of(held.cell);
                    (importer, exporter) == (to, from)
                });
                let Some(provenance) = directory.tariffs_of(to).filter(|_| concerned) else { continue };
                let then = Schedule::on_day(provenance.ledger_day, known_on.max(provenance.ledger_day));
                let view = then.view(importer, exporter);
                let found = self.tariffs.sector_duties(view, &[], &concordance)?;
                let charged = found.layers.iter().filter(|layer| layer.is_charged());
                contained.extend(charged.map(|layer| (to, from, layer.instrument.clone())));
            }
        }
        Ok(contained)
    }

    fn weighed(
        &self,
        benchmark: &Benchmark,
        parties: &[String],
        schedule: Schedule<'_>,
        weight: impl Fn(usize, &Layer) -> f64,
    ) -> Result<Vec<(usize, f64)>, LedgerTariffError> {
        let concordance = self.concordance_name(benchmark)?;
        let size = benchmark.dimensions();
        let mut cells = Vec::new();
        for importer in parties {
            for exporter in parties.iter().filter(|other| *other != importer) {
                let (to, from) = (economy(benchmark, importer)?, economy(benchmark, exporter)?);
                let put_in_force = schedule.put_in_force(importer, exporter);
                let view = schedule.view(importer, exporter);
                let found = self.tariffs.sector_duties(view, &put_in_force, &concordance)?;
                let added = schedule.added(importer, exporter);
                for duty in &found.sectors {
                    let (Some(average), Some(sector)) = (&duty.average, benchmark.sector(&duty.sector))
                    else {
                        continue;
                    };
                    let cell = size.cell(to, from, sector);
                    let parts = average.layers.iter().zip(&found.layers);
                    let held: f64 = parts.map(|(part, layer)| part * weight(cell, layer)).sum();
                    cells.push((cell, held + added));
                }
            }
        }
        Ok(cells)
    }

    /// The tariff of every sector of a benchmark with goods, base rates included: sector code and average, a fraction.
    pub fn by_sector(
        &self,
        benchmark: &Benchmark,
        view: View<'_>,
    ) -> Result<Vec<(String, f64)>, LedgerTariffError> {
        let found = self.tariffs.sector_duties(view, &[], &self.concordance_name(benchmark)?)?;
        let rates = found.sectors.iter();
        Ok(rates.filter_map(|duty| Some((duty.sector.clone(), duty.average.as_ref()?.total))).collect())
    }

    /// An instrument's goods on the benchmark's cells: the change of each cell's tariff per point on all of them, stacking included.
    /// None where the instrument is not on the books between the two parties on the day.
    pub fn list(
        &self,
        benchmark: &Benchmark,
        importer: &str,
        exporter: &str,
        instrument: &str,
        schedule: Schedule<'_>,
    ) -> Result<Option<ListOnBenchmark>, LedgerTariffError> {
        /// Step of the rate by which a cell's response is measured, a fraction.
        const STEP: f64 = 0.01;
        let concordance = self.concordance(benchmark)?;
        let (to, from) = (economy(benchmark, importer)?, economy(benchmark, exporter)?);
        let size = benchmark.dimensions();
        let mut layers = schedule.layers(self.tariffs, importer, exporter)?;
        let mut held = Vec::new();
        for layer in layers.iter_mut().filter(|layer| layer.instrument == instrument) {
            let rate = if layer.is_charged() { layer.rate.expected } else { 0.0 };
            layer.rate = Estimate::exactly(rate);
            layer.standing = Standing::InForce;
            held.push((layer.measure.clone(), rate));
        }
        let Some((title, _)) = held.first().cloned() else { return Ok(None) };
        let panel = self.tariffs.panel(importer, exporter)?;
        let stacking = &self.tariffs.ledger().stacking;
        let by_sector = |layers: &[Layer]| {
            panel.by_sector(layers, stacking, schedule.on, exporter, &concordance).into_iter().map(|duty| {
                (duty.sector, duty.average.map_or(0.0, |average| average.layers.iter().sum::<f64>()))
            })
        };
        let before: Vec<(String, f64)> = by_sector(&layers).collect();
        for layer in layers.iter_mut().filter(|layer| layer.instrument == instrument) {
            layer.rate = Estimate::exactly(layer.rate.expected + STEP);
        }
        let shares = (before.into_iter().zip(by_sector(&layers)))
            .filter_map(|((sector, was), (_, is))| Some((benchmark.sector(&sector)?, (is - was) / STEP)))
            .filter(|(_, share)| *share > 1e-9)
            .map(|(sector, share)| (size.cell(to, from, sector), share))
            .collect();
        let rate = held.iter().map(|(_, rate)| rate).sum::<f64>() / held.len() as f64;
        Ok(Some(ListOnBenchmark { title, rate, shares }))
    }

    /// The concordance whose sectors are all sectors of the benchmark.
    fn concordance(&self, benchmark: &Benchmark) -> Result<Arc<Concordance>, LedgerTariffError> {
        let name = self.concordance_name(benchmark)?;
        Ok(self.tariffs.library().concordance(&name).map_err(TariffError::from)?)
    }

    /// Its name.
    pub fn concordance_name(&self, benchmark: &Benchmark) -> Result<String, LedgerTariffError> {
        let mut known = Vec::new();
        for (name, _) in detente_facts::below("concordances") {
            let Some(name) = name.rsplit('/').next().and_then(|file| file.strip_suffix(".csv")) else {
                continue;
            };
            let concordance = self.tariffs.library().concordance(name).map_err(TariffError::from)?;
            if concordance.sectors().iter().all(|sector| benchmark.sector(sector).is_some()) {
                return Ok(name.to_owned());
            }
            known.push(name.to_owned());
        }
        Err(LedgerTariffError::Concordance { known: known.join(", ") })
    }
}

/// The position of a party among the economies of a benchmark.
pub(crate) fn economy(benchmark: &Benchmark, party: &str) -> Result<usize, LedgerTariffError> {
    benchmark.economy_of_member(party).ok_or_else(|| LedgerTariffError::Party { party: party.to_owned() })
}

/// The record that the program carries with folders laid over it, read when a scenario first asks for it: most scenarios name no
/// ledger.
#[derive(Debug, Default)]
pub struct EmbeddedRecord {
    /// How steps reach the model, whatever a scenario says; as the scenario says where none.
    pub basis: Option<Basis>,
    overlays: Vec<PathBuf>,
    tariffs: std::sync::OnceLock<Tariffs>,
    used: Arc<AtomicBool>,
    kept: Option<Kept<KeptKey, Arc<DayOfRecord>>>,
}

/// Which day of the record was laid on the benchmark: talks, day, known on, basis, the day of duties on others.
type KeptKey = (String, Date, Date, Basis, Option<Date>);

/// Days that are kept at most, some ten thousand rates each.
const KEPT_DAYS: usize = 48;

/// A day of the record on a benchmark: new rates of the covered cells; in words how steps reached them, and what else should be known of them.
pub(crate) type DayOfRecord = (Vec<(usize, f64)>, Vec<String>);

impl EmbeddedRecord {
    /// The record, with steps that reach the model in one way whatever a scenario says.
    pub fn with_basis(basis: Option<Basis>) -> Self {
        Self { basis, ..Self::default() }
    }

    /// With a user's own measures over it; the last folder is uppermost.
    #[must_use]
    pub fn over(self, overlays: Vec<PathBuf>) -> Self {
        Self { overlays, ..self }
    }

    /// Keeps the days that scenarios ask for. For a record that is only ever laid on one benchmark, as that of a [`World`](crate::World).
    #[must_use]
    pub(crate) fn keeping_days(self) -> Self {
        Self { kept: Some(Kept::of(KEPT_DAYS)), ..self }
    }

    /// A day that is kept, or one that is found now and then kept.
    pub(crate) fn day<E>(
        &self,
        key: KeptKey,
        find: impl FnOnce() -> Result<DayOfRecord, E>,
    ) -> Result<Arc<DayOfRecord>, E> {
        match &self.kept {
            Some(kept) => kept.get_or(key, || find().map(Arc::new)),
            None => find().map(Arc::new),
        }
    }

    /// How many days were laid on the benchmark so far and kept.
    pub(crate) fn days_made(&self) -> usize {
        self.kept.as_ref().map_or(0, Kept::made)
    }

    /// The record with its tariff lines, read when first asked for.
    ///
    /// ```
    /// use detente::ledger_tariffs::EmbeddedRecord;
    ///
    /// let record = EmbeddedRecord::default();
    /// assert!(record.read().expect("the carried record").ledger().talks("us-china").is_ok());
    /// ```
    pub fn read(&self) -> Result<&Tariffs, TariffError> {
        self.used.store(true, Ordering::Relaxed);
        self.held()
    }

    /// The user's folders that are laid over it, which are refused here where they are wrong; that is not yet a use of the record.
    ///
    /// ```
    /// use detente::ledger_tariffs::EmbeddedRecord;
    ///
    /// assert!(EmbeddedRecord::default().own()?.is_empty());
    /// # Ok::<(), detente_ledger::tariff::TariffError>(())
    /// ```
    pub fn own(&self) -> Result<Vec<OwnFolder>, TariffError> {
        match self.overlays.is_empty() {
            true => Ok(Vec::new()),
            false => Ok(self.held()?.ledger().own.clone()),
        }
    }

    /// One sentence on the user's folders that went into what was asked so far; none where none did.
    pub fn own_facts(&self) -> Option<String> {
        let used = self.used.load(Ordering::Relaxed);
        OwnFolder::sentence(&self.own().ok().filter(|_| used)?)
    }

    /// Whether anything has asked the record, as it stands when one looks.
    pub fn used(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.used)
    }

    fn held(&self) -> Result<&Tariffs, TariffError> {
        match self.tariffs.get() {
            Some(tariffs) => Ok(tariffs),
            None => {
                let tariffs = Tariffs::with_overlays(&self.overlays)?;
                Ok(self.tariffs.get_or_init(|| tariffs))
            }
        }
    }
    /// SHA-256 of all that the record's answers are made from: of the carried facts but for benchmarks and scenarios, and of every file in
    /// the folders laid over them. None where a folder cannot be read.
    pub fn digest(&self) -> Option<String> {
        let carried = detente_facts::below("")
            .filter(|(name, _)| !name.starts_with("benchmark/") && !name.starts_with("scenarios/"));
        let mut digest = sha256_of_named(carried);
        for folder in &self.overlays {
            let mut files = Vec::new();
            files_below(folder, folder, &mut files).ok()?;
            files.sort();
            let laid = files.iter().map(|(name, content)| (name.as_str(), content.as_slice()));
            digest = sha256_of_named([(digest.as_str(), sha256_of_named(laid).as_bytes())]);
        }
        Some(digest)
    }
}

/// Every regular file below a folder: its name there and what it holds. Links to folders are not followed.
fn files_below(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) -> Result<(), std::io::Error> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.is_symlink() {
            files_below(root, &path, files)?;
        } else if path.is_file() {
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            files.push((name, std::fs::read(&path)?));
        }
    }
    Ok(())
}
