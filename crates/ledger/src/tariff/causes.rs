//! Why our average is not a published one, measured: our own figure once more with one cause taken out.

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use super::published::{FILE, Published, latest};
use super::{ShareOnTheWay, TariffError, Tariffs};
use crate::duty::{Bound, Layer, Setting};
use crate::products::{ALL_PARTNERS, ProductError};

/// The concordance from tariff lines to the sectors of `imports-by-month.csv`.
pub(super) const MONTHLY_SECTORS: &str = "naics-3";

const MEASURES: &str = "write `on:DATE`, `most`, `exports-to-all`, `exports-to-all:each-line-once`, `layers:AUTHORITY+AUTHORITY`, `layers-as-on:AUTHORITY@DATE`, \
                        `unexempt`, `without:AUTHORITY`, `on-top:INSTRUMENT`, \
                        `goods-of-the-month`, `goods-without-lines`, `unpaid`, `as-on:INSTRUMENT@DATE<BEFORE~EPISODE`, \
                        `waited:INSTRUMENT@DATE`, several with `;` between, or leave it empty";

/// A cause and what it comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CauseSize {
    /// The cause in words.
    pub what: String,
    /// What taking it out adds to our figure, percentage points; one cause after the other.
    pub points: f64,
    /// Of goods on the way: what all of them would come to, and which share counts.
    pub on_the_way: Option<ShareOnTheWay>,
    /// Of a cause whose share is not on record: what it would come to at most; nothing of it counts in `points`.
    pub uncounted_at_most: Option<f64>,
}

impl CauseSize {
    /// A cause of a known size.
    pub(super) fn counted(what: String, points: f64) -> Self {
        Self { what, points, on_the_way: None, uncounted_at_most: None }
    }
}

/// How our figure is read: what has been taken out of it so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Without<'a> {
    /// An instrument as on the first day for goods that enter before the second, and the share of goods that this holds for.
    pub(super) on_the_way: Option<(&'a str, Date, Date, f64)>,
    /// The month whose goods are the weights, by its first day.
    pub(super) goods_of: Option<Date>,
}

impl Tariffs {
    /// Each named cause, measured one after the other from our figure `ours`.
    pub(super) fn causes(
        &self,
        row: &Published,
        ours: f64,
        at: usize,
    ) -> Result<Vec<CauseSize>, TariffError> {
        let mut found = Vec::new();
        let (mut without, mut now) = (Without::default(), ours);
        for measure in measures(row) {
            if let Some(cause) = self.without(row, measure, &mut without, (ours, now), at)? {
                now += cause.points;
                found.push(cause);
            }
        }
        Ok(found)
    }

    /// A cause; `(ours, now)` is our figure before any and before this cause is taken out.
    fn without<'a>(
        &self,
        row: &Published,
        measure: &'a str,
        without: &mut Without<'a>,
        (ours, now): (f64, f64),
        at: usize,
    ) -> Result<Option<CauseSize>, TariffError> {
        let (kind, of) = measure.split_once(':').unwrap_or((measure, ""));
        let (what, after) = match kind {
            "on" => {
                let there = self.average_of(row, day(of, at)?, &self.weights_of(row))?;
                (format!("the schedule of {of}"), moved(there, ours, now))
            }
            "most" => {
                ("unknown shares of value at their most".to_owned(), moved(self.at_most(row)?, ours, now))
            }
            "exports-to-all" => {
                let once = of == "each-line-once";
                let within = if once { ", within them each line once" } else { "" };
                let words = format!("sectors weighed by {}'s exports to the world{within}", row.exporter);
                (words, moved(self.by_exports_to_all(row, once)?, ours, now))
            }
            "layers-as-on" => {
                let (authority, then) = of.split_once('@').unwrap_or((of, ""));
                let there = self.authority_as_on(row, authority, day(then, at)?)?;
                (format!("{authority} as on {then}"), moved(there, ours, now))
            }
            "layers" => {
                let there = self.layers_with_other_weights(row, of, ours)?;
                (format!("{of} with trade with the partner"), moved(there, ours, now))
            }
            "unexempt" => {
                ("no exemption and no blocking".to_owned(), moved(self.unexempt(row, ours)?, ours, now))
            }
            "without" => (format!("without {of}"), moved(self.without_authority(row, of, ours)?, ours, now)),
            "on-top" => {
                let title = self.titled(of, at)?;
                (format!("{title} on top of all else"), moved(self.on_top(row, of)?, ours, now))
            }
            "goods-without-lines" => (
                "returned goods and low values, which have no line".to_owned(),
                self.without_lines(row, now)?,
            ),
            "unpaid" => ("claims and exclusions as in the year of trade".to_owned(), self.unpaid(row, now)?),
            "goods-of-the-month" => {
                without.goods_of = Some(row.on);
                ("the goods of that month".to_owned(), self.figure(row, without)?)
            }
            "as-on" => {
                let way = self.on_the_way(row, of, at)?;
                let share_of = |share| Without {
                    on_the_way: Some((way.instrument, way.left, way.before, share)),
                    ..*without
                };
                let (after, all) =
                    (self.figure(row, &share_of(way.share))?, self.figure(row, &share_of(1.0))?);
                *without = share_of(way.share);
                let words = format!("goods on the way, entered before {}", way.before);
                return Ok(after.zip(all).map(|(after, all)| CauseSize {
                    on_the_way: Some(way.share_that_counts(all - now)),
                    ..CauseSize::counted(words, after - now)
                }));
            }
            "waited" => {
                let (instrument, until) = of.split_once('@').unwrap_or((of, ""));
                let (title, until) = (self.titled(instrument, at)?, day(until, at)?);
                let most = self.waited(row, without, instrument, until)?;
                let words = format!("all goods not on the way waited in bond for {title} of {until}");
                return Ok(most.map(|most| CauseSize {
                    uncounted_at_most: Some(most),
                    ..CauseSize::counted(words, 0.0)
                }));
            }
            other => {
                let problem = format!("`{other}` is no measure of a cause");
                return Err(ProductError::row(FILE, at, problem, MEASURES).into());
            }
        };
        Ok(after.map(|after| CauseSize::counted(what, after - now)))
    }

    /// What it would come to if all goods that had not left in time had entered once the instrument stood as on `until`.
    fn waited(
        &self,
        row: &Published,
        without: &Without<'_>,
        instrument: &str,
        until: Date,
    ) -> Result<Option<f64>, TariffError> {
        let on_the_way = without.on_the_way.map_or(0.0, |(_, _, _, share)| share);
        let at_once = self.figure_with(row, without.goods_of, None)?;
        let later = self.figure_with(row, without.goods_of, Some((instrument, until, until)))?;
        Ok(at_once.zip(later).map(|(at_once, later)| (1.0 - on_the_way) * (later - at_once)))
    }

    fn titled(&self, instrument: &str, at: usize) -> Result<String, TariffError> {
        let held = self.ledger().instrument(instrument);
        Ok(held.map_err(|error| ProductError::row(FILE, at, error.to_string(), MEASURES))?.title.clone())
    }

    /// As if the instrument blocked nothing and were blocked by nothing: no rule names a family of its own.
    fn on_top(&self, row: &Published, instrument: &str) -> Result<Option<f64>, TariffError> {
        let mut layers = self.layers(latest(row, row.on))?;
        for layer in layers.iter_mut().filter(|layer| layer.instrument == instrument) {
            layer.family.clear();
            layer.instrument.clear();
        }
        let panel = self.panel(&row.importer, &row.exporter)?;
        let average = panel.average(&layers, &self.ledger().stacking, row.on, &self.weights_of(row));
        Ok(average.map(|average| average.total * 100.0))
    }

    fn at_most(&self, row: &Published) -> Result<Option<f64>, TariffError> {
        if row.exporter == ALL_PARTNERS {
            return Ok(None);
        }
        let mut layers = self.layers(latest(row, row.on))?;
        for layer in &mut layers {
            let conditions = Arc::new(layer.setting.conditions.with_contents_at_most());
            layer.setting = Arc::new(Setting { conditions, ..(*layer.setting).clone() });
        }
        let panel = self.panel(&row.importer, &row.exporter)?;
        let most =
            panel.average_at(&layers, &self.ledger().stacking, row.on, &self.weights_of(row), Bound::Most);
        Ok(most.map(|most| most.total * 100.0))
    }

    /// The layers of one authority as they stood on another day.
    fn authority_as_on(
        &self,
        row: &Published,
        authority: &str,
        then: Date,
    ) -> Result<Option<f64>, TariffError> {
        let mut layers = self.layers(latest(row, row.on))?;
        layers.retain(|layer| layer.authority != authority);
        layers
            .extend(self.layers(latest(row, then))?.into_iter().filter(|layer| layer.authority == authority));
        let panel = self.panel(&row.importer, &row.exporter)?;
        let average = panel.average(&layers, &self.ledger().stacking, row.on, &self.weights_of(row));
        Ok(average.map(|average| average.total * 100.0))
    }

    /// The named authorities' layers with trade with the partner as weights, the rest as before.
    fn layers_with_other_weights(
        &self,
        row: &Published,
        named: &str,
        ours: f64,
    ) -> Result<Option<f64>, TariffError> {
        let layers = self.layers(latest(row, row.on))?;
        let here = self.average_on(row, row.on, &row.compare_with, Bound::Expected)?;
        let there = self.average_on(row, row.on, &row.exporter, Bound::Expected)?;
        Ok(here.zip(there).map(|(here, there)| {
            let moved: f64 = layers
                .iter()
                .zip(here.layers.iter().zip(&there.layers))
                .filter(|(layer, _)| named.split('+').any(|authority| authority == layer.authority))
                .map(|(_, (here, there))| there - here)
                .sum();
            ours + moved * 100.0
        }))
    }

    /// As if the layers on all goods knew no exemption and nothing blocked them.
    fn unexempt(&self, row: &Published, ours: f64) -> Result<Option<f64>, TariffError> {
        let layers = self.layers(latest(row, row.on))?;
        let weights = self.weights_of(row);
        let average = self.average_on(row, row.on, &weights, Bound::Expected)?;
        Ok(average.map(|average| {
            let missing: f64 = layers
                .iter()
                .zip(&average.layers)
                .filter(|(layer, _)| layer.is_charged() && layer.scope.is_for_all_goods())
                .map(|(layer, contribution)| layer.rate.expected - contribution)
                .sum();
            ours + missing * 100.0
        }))
    }

    /// The layers of one authority left out.
    fn without_authority(
        &self,
        row: &Published,
        authority: &str,
        ours: f64,
    ) -> Result<Option<f64>, TariffError> {
        let layers = self.layers(latest(row, row.on))?;
        let average = self.average_on(row, row.on, &self.weights_of(row), Bound::Expected)?;
        Ok(average.map(|average| {
            let named = layers.iter().zip(&average.layers).filter(|(layer, _)| layer.authority == authority);
            ours - named.map(|(_, share)| share * 100.0).sum::<f64>()
        }))
    }

    /// Our figure as if what was bought without a line of its own had been in the value and free of duty.
    fn without_lines(&self, row: &Published, ours: f64) -> Result<Option<f64>, TariffError> {
        let bought = self.imports_of_month(&row.importer, &row.exporter, row.on)?;
        let concordance = self.library().concordance(MONTHLY_SECTORS)?;
        let total: f64 = bought.iter().map(|month| month.customs_value).sum();
        let lineless: f64 = bought
            .iter()
            .filter(|month| !concordance.sectors().contains(&month.sector))
            .map(|month| month.customs_value)
            .sum();
        Ok((total > 0.0).then(|| ours * (1.0 - lineless / total)))
    }

    /// What the schedule of the year of trade came to less what was collected in it, off our figure.
    fn unpaid(&self, row: &Published, ours: f64) -> Result<Option<f64>, TariffError> {
        let (mut gap, mut value) = (0.0, 0.0);
        for sector in self.collected_duties(&row.importer, &row.exporter, MONTHLY_SECTORS)? {
            gap += sector.statutory - sector.collected;
            value += sector.value;
        }
        Ok((value > 0.0).then_some(ours - gap / value * 100.0))
    }

    /// Our figure under a reading, percent: the mean over the days of the row.
    pub(super) fn figure(&self, row: &Published, without: &Without<'_>) -> Result<Option<f64>, TariffError> {
        let all_charged = self.figure_with(row, without.goods_of, None)?;
        let Some((instrument, left, before, share)) = without.on_the_way else { return Ok(all_charged) };
        let spared = self.figure_with(row, without.goods_of, Some((instrument, left, before)))?;
        Ok(all_charged.zip(spared).map(|(charged, spared)| share * spared + (1.0 - share) * charged))
    }

    /// The same with an instrument as on a day for all goods that enter before another day.
    fn figure_with(
        &self,
        row: &Published,
        goods_of: Option<Date>,
        spared: Option<(&str, Date, Date)>,
    ) -> Result<Option<f64>, TariffError> {
        let weights = self.weights_of(row);
        let panel = self.panel(&row.importer, &row.exporter)?;
        let concordance = self.library().concordance(MONTHLY_SECTORS)?;
        let bought = match goods_of {
            Some(month) => self.imports_of_month(&row.importer, &row.exporter, month)?,
            None => Vec::new(),
        };
        let stacking = &self.ledger().stacking;
        let days = match spared {
            Some((_, _, before)) => self.days_split_at(row, before),
            None => self.days_of(row, row.on),
        };
        mean_over(days, |on| {
            let layers = self.layers_as_on(row, on, spared)?;
            if goods_of.is_none() {
                return Ok(panel.average(&layers, stacking, on, &weights).map(|average| average.total));
            }
            let (mut sum, mut value) = (0.0, 0.0);
            for sector in panel.by_sector(&layers, stacking, on, &weights, &concordance) {
                let months = bought.iter().filter(|month| month.sector == sector.sector);
                let weight: f64 = months.map(|month| month.customs_value).sum();
                if let Some(average) = sector.average {
                    sum += weight * average.total;
                    value += weight;
                }
            }
            Ok((value > 0.0).then_some(sum / value))
        })
    }

    /// The layers of a day, an instrument as it stood when goods on the way had left.
    fn layers_as_on(
        &self,
        row: &Published,
        on: Date,
        spared: Option<(&str, Date, Date)>,
    ) -> Result<Vec<Layer>, TariffError> {
        let mut layers = self.layers(latest(row, on))?;
        if let Some((instrument, left, _)) = spared.filter(|(_, _, before)| on < *before) {
            let is_it = |layer: &Layer| layer.instrument == instrument;
            layers.retain(|layer| !is_it(layer));
            layers.extend(self.layers(latest(row, left))?.into_iter().filter(is_it));
        }
        Ok(layers)
    }

    /// The steps of the row's month with a further step on `day`.
    pub(super) fn days_split_at(&self, row: &Published, day: Date) -> Vec<(Date, f64)> {
        let mut split = Vec::new();
        for (start, length) in self.days_of(row, row.on) {
            let until_day = f64::from((day - start).get_days());
            if until_day > 0.0 && until_day < length {
                split.extend([(start, until_day), (day, length - until_day)]);
            } else {
                split.push((start, length));
            }
        }
        split
    }
}

/// The measures that a row names.
pub(super) fn measures(row: &Published) -> impl Iterator<Item = &str> {
    row.size_of_cause.split(';').map(str::trim).filter(|measure| !measure.is_empty())
}

fn day(text: &str, at: usize) -> Result<Date, ProductError> {
    text.parse::<Date>().map_err(|error| {
        ProductError::row(FILE, at, format!("`{text}` is no day: {error}"), "write year-month-day")
    })
}

/// A figure measured from `ours`, as a step from `now`.
fn moved(there: Option<f64>, ours: f64, now: f64) -> Option<f64> {
    there.map(|there| now + there - ours)
}

/// The mean over days with their weights, percent; none where a day has no figure.
pub(super) fn mean_over(
    days: Vec<(Date, f64)>,
    of: impl Fn(Date) -> Result<Option<f64>, TariffError>,
) -> Result<Option<f64>, TariffError> {
    let (mut sum, mut count) = (0.0, 0.0);
    for (day, length) in days {
        let Some(rate) = of(day)? else { return Ok(None) };
        sum += rate * 100.0 * length;
        count += length;
    }
    Ok((count > 0.0).then_some(sum / count))
}
