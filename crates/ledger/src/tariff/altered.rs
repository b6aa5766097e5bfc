//! The schedule of a day as somebody else read it: another day, an instrument as on another day or left out, exemptions that free nothing,
//! claims as they answer them. What separates two readings of one law is measured by changing one of these after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::{TariffError, Tariffs, View};
use crate::condition::Situation;
use crate::duty::{Bound, Effect, Estimate, Layer, Setting, Standing};
use crate::panel::{Day, Part};
use crate::products::ProductCode;

/// Lists whose exemption frees nothing, but on some goods.
#[derive(Debug, Clone, Default, PartialEq)]
struct NoExemption {
    lists: Vec<String>,
    but_on: Vec<ProductCode>,
}

/// How a schedule is read; as the record has it by default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Altered {
    day: Option<Date>,
    /// Instruments as on another day.
    instruments: Vec<(String, Date)>,
    /// Instruments at another rate, a fraction.
    rates: Vec<(String, f64)>,
    /// The origin whose measures are laid on the goods.
    origin: Option<String>,
    /// Authorities or instruments left out.
    without: Vec<String>,
    no_exemption: Option<NoExemption>,
    /// Conditions, and the share of trade or value that meets them.
    answered: Vec<(String, f64)>,
    /// Programmes claimed on one share of all goods.
    claimed: Vec<(String, f64)>,
    /// Programmes claimed by line as on another day; moved together to this mean over all goods where one is given.
    claimed_on: Vec<(String, Date, Option<f64>)>,
    /// Instruments that add on top of all else: no rule of stacking means them.
    apart: Vec<String>,
    /// The share of imports that has no line, which is in the value and free of duty.
    without_lines: f64,
    /// The same where such goods are charged like all goods.
    without_lines_charged: f64,
    /// Goods on which nothing is added.
    free: Vec<ProductCode>,
    /// Instruments whose ceilings are charged on top of the base.
    on_top: Vec<String>,
}

/// An average in its two parts, shares of value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BaseAndAdded {
    /// Base rates.
    pub base: f64,
    /// What layers add.
    pub added: f64,
}

/// The measures that [`Altered::with`] understands.
pub const MEASURES: &str = "write `day:DATE`, `instrument:ID@DATE`, `rate:ID=PERCENT`, `layers-of:ORIGIN`, `without:AUTHORITY-or-ID`, `frees-nothing:LIST+LIST` (with ` but CODE CODE` \
                            where it does), `answered:CONDITION=SHARE`, `claimed:PROGRAMME=SHARE`, `claimed-as-on:PROGRAMME@DATE` (with `=SHARE` moved to that mean), \
                            `free:CODE CODE`, `apart:ID+ID`, `on-top-of-base:ID`, `goods-without-lines:SHARE`, `goods-without-lines-charged:SHARE`";

impl Altered {
    /// The same with one thing more changed; none where the words mean nothing.
    pub fn with(&self, measure: &str) -> Option<Self> {
        let mut found = self.clone();
        let (kind, of) = measure.split_once(':')?;
        let share = |of: &str| -> Option<(String, f64)> {
            let (name, number) = of.split_once('=')?;
            let number = number.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0)?;
            Some((name.to_owned(), number))
        };
        match kind {
            "day" => found.day = Some(of.parse().ok()?),
            "instrument" => {
                let (id, day) = of.split_once('@')?;
                found.instruments.push((id.to_owned(), day.parse().ok()?));
            }
            "rate" => found.rates.push(share(of).map(|(id, percent)| (id, percent / 100.0))?),
            "layers-of" => found.origin = Some(of.to_owned()),
            "without" => found.without.push(of.to_owned()),
            "frees-nothing" => {
                let (lists, but_on) = of.split_once(" but ").unwrap_or((of, ""));
                let but_on = but_on.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
                let lists = lists.split('+').map(str::to_owned).collect();
                found.no_exemption = Some(NoExemption { lists, but_on });
            }
            "answered" => found.answered.push(share(of)?),
            "claimed" => found.claimed.push(share(of)?),
            "claimed-as-on" => {
                let (id, of) = of.split_once('@')?;
                let (day, mean) = match of.split_once('=') {
                    Some((day, _)) => (day, Some(Some(share(of)?.1).filter(|mean| *mean < 1.0)?)),
                    None => (of, None),
                };
                found.claimed_on.push((id.to_owned(), day.parse().ok()?, mean));
            }
            "free" => found.free = of.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?,
            "apart" => found.apart.extend(of.split('+').map(str::to_owned)),
            "on-top-of-base" => found.on_top.push(of.to_owned()),
            "goods-without-lines-charged" => {
                let share = of.parse::<f64>().ok().filter(|share| (0.0..1.0).contains(share))?;
                found.without_lines_charged = share;
            }
            "goods-without-lines" => {
                found.without_lines = of.parse::<f64>().ok().filter(|share| (0.0..1.0).contains(share))?;
            }
            _ => return None,
        }
        Some(found)
    }
}

impl Tariffs {
    /// The average of a day on an exporter's goods by its own trade, read in a way of its own; none where its trade is not on record by line.
    ///
    /// # Errors
    /// What the record refuses.
    pub fn average_as_read(
        &self,
        view: View<'_>,
        altered: &Altered,
    ) -> Result<Option<BaseAndAdded>, TariffError> {
        let view = View { on: altered.day.unwrap_or(view.on), ..view };
        let layers = self.layers_as_read(view, altered)?;
        let mut panel = self.panel(view.importer, view.exporter)?;
        for (programme, share) in &altered.claimed {
            panel = Arc::new(panel.claiming_at(programme, *share));
        }
        for (programme, day, mean) in &altered.claimed_on {
            panel = Arc::new(panel.claiming_as_on(programme, *day, view.exporter, *mean));
        }
        let stacking = &self.ledger().stacking;
        let own = panel.ready(&layers);
        let day = Day::new(&own, &layers, stacking, view.on, Bound::Expected);
        let unexempt = altered.no_exemption.as_ref().map(|nothing| {
            let mut layers = layers.clone();
            for layer in &mut layers {
                layer.scope = Arc::new(layer.scope.exempting_nothing_by(&nothing.lists));
            }
            (nothing, panel.ready(&layers).into_owned(), layers)
        });
        let unexempt = unexempt.as_ref().map(|(nothing, panel, layers)| {
            (*nothing, panel, Day::new(panel, layers, stacking, view.on, Bound::Expected))
        });
        let other_class = |place: usize| unexempt.as_ref().and_then(|(_, panel, _)| panel.class_at(place));
        let value_of = own.table().values(view.exporter);
        let (mut value, mut base, mut known, mut added) = (0.0, 0.0, 0.0, 0.0);
        for (line, class) in own.lines() {
            let Some(own_value) = value_of(line) else { continue };
            value += own_value;
            let mut add = |part: Part<'_>| {
                let goods = own_value * part.share;
                if let Some(rate) = part.base {
                    base += rate * goods;
                    known += goods;
                }
                if !altered.free.iter().any(|code| code.covers(line.code)) {
                    added += goods * part.added.iter().map(|(_, adds)| adds).sum::<f64>();
                }
            };
            let frees = |nothing: &NoExemption| nothing.but_on.iter().any(|code| code.covers(line.code));
            match (&unexempt, other_class(line.place())) {
                (Some((nothing, _, unexempt)), Some(class)) if !frees(nothing) => {
                    unexempt.parts(line, class).for_each(&mut add);
                }
                _ => day.parts(line, class).for_each(&mut add),
            }
        }
        let base = if known > 0.0 { base / known } else { 0.0 };
        let on_all_goods = match altered.without_lines_charged > 0.0 {
            true => on_goods_without_a_line(&layers)?,
            false => 0.0,
        };
        let charged = altered.without_lines_charged;
        let with_lines = 1.0 - altered.without_lines;
        Ok((value > 0.0).then(|| BaseAndAdded {
            base: base * with_lines,
            added: (added / value * (1.0 - charged) + on_all_goods * charged) * with_lines,
        }))
    }

    fn layers_as_read(&self, view: View<'_>, altered: &Altered) -> Result<Vec<Layer>, TariffError> {
        let view = View { exporter: altered.origin.as_deref().unwrap_or(view.exporter), ..view };
        let mut layers = self.layers(view)?;
        for (id, day) in &altered.instruments {
            layers.retain(|layer| layer.instrument != *id);
            let then = self.layers(View { on: *day, ..view })?.into_iter();
            layers.extend(then.filter(|layer| layer.instrument == *id));
        }
        for layer in layers.iter_mut().filter(|layer| altered.on_top.contains(&layer.instrument)) {
            if layer.effect == Effect::Floor {
                layer.effect = Effect::Adds;
            }
        }
        for (id, rate) in &altered.rates {
            let mut own: Vec<&mut Layer> =
                layers.iter_mut().filter(|layer| layer.instrument == *id).collect();
            // One that is suspended is charged where the publisher charges it.
            if own.iter().any(|layer| layer.is_charged()) {
                own.retain(|layer| layer.is_charged());
            }
            for layer in own {
                layer.rate = Estimate::exactly(*rate);
                layer.standing = Standing::InForce;
                layer.holds = true;
            }
        }
        for layer in layers.iter_mut().filter(|layer| altered.apart.contains(&layer.instrument)) {
            layer.instrument = format!("{} apart", layer.instrument);
            layer.family.clear();
            layer.heading = None;
        }
        for layer in &mut layers {
            if altered.without.iter().any(|name| layer.authority == *name || layer.instrument == *name) {
                layer.holds = false;
                layer.standing = Standing::NotCharged("left out".to_owned());
            }
        }
        if let Some(first) = layers.first().filter(|_| !altered.answered.is_empty()) {
            let conditions = Arc::new(first.setting.conditions.with_expected(&altered.answered));
            for layer in &mut layers {
                let setting = Setting { conditions: Arc::clone(&conditions), ..(*layer.setting).clone() };
                layer.setting = Arc::new(setting);
            }
        }
        Ok(layers)
    }
}

/// What the measures on all goods add on goods that no line of a schedule holds, as returned ones; of a measure's rates the highest that reaches them.
fn on_goods_without_a_line(layers: &[Layer]) -> Result<f64, TariffError> {
    let returned: ProductCode = "9801".parse()?;
    let mut of_measure: BTreeMap<&str, f64> = BTreeMap::new();
    for layer in layers.iter().filter(|layer| layer.holds && layer.effect == Effect::Adds) {
        let reach = layer.scope.share_in(&returned, &layer.setting, &Situation::default()).expected;
        let met = layer.setting.met(&layer.requires, &Situation::default());
        let held = of_measure.entry(&layer.instrument).or_default();
        *held = held.max(reach * met * layer.rate.expected);
    }
    Ok(of_measure.values().sum())
}
