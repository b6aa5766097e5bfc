//! The layers on one tariff line, stacked and added up.

use jiff::civil::Date;

use super::precedence::{Precedence, Stacked};
use super::scope::in_words;
use super::{ActiveRules, Bound, Effect, Estimate, FloorBase, Layer, Meets, Reach, Stacking, Standing};
use crate::condition::Situation;
use crate::products::{BaseRate, Line, ProductCode};

/// What became of a layer on a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Charged, on this share of the value.
    Charged(Estimate),
    /// The line is not in its scope.
    OutOfScope,
    /// A list takes the line out.
    Exempt(String),
    /// A higher layer of the same family is charged in its place.
    Replaced(String),
    /// Another part of the same measure holds the goods.
    Held,
    /// Another family's duty keeps it off; the measures that do.
    Blocked(String),
    /// Charged only under a condition that the code does not show.
    OnlyIf(String),
    /// It is on the books and not charged.
    NotCharged(String),
}

/// A layer with its outcome.
#[derive(Debug, Clone)]
pub struct Charge<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// Its outcome.
    pub outcome: Outcome,
    /// How its scope meets the line.
    pub reach: Reach,
    /// What it adds, as a share of customs value.
    pub added: Estimate,
}

/// The goods that a duty is asked for.
pub struct Goods<'a> {
    /// The product: the line's code, or a longer one below it.
    pub code: ProductCode,
    /// The base rate.
    pub base: BaseRate,
    /// What a specific rate came to, as a share of value.
    pub equivalent: Option<f64>,
    /// The general rate as a share of value, where a preference took its place.
    pub general: Option<f64>,
    /// Rates of other columns of the schedule.
    pub column: &'a dyn Fn(&str) -> Option<BaseRate>,
    /// The rows of lists that meet the product.
    pub meets: &'a dyn Meets,
}

/// The duty on one line.
#[derive(Debug, Clone)]
pub struct LineDuty<'a> {
    /// The product.
    pub code: ProductCode,
    /// Its base rate, or what stands in its place.
    pub base: BaseRate,
    /// What a specific base rate came to.
    pub equivalent: Option<f64>,
    /// The measure that stands in place of the base rate.
    pub replaced_by: Option<String>,
    /// Every layer with its outcome.
    pub charges: Vec<Charge<'a>>,
    /// What the layers add to the base.
    pub added: Estimate,
    /// No entry: the measures that forbid it.
    pub prohibited: Vec<String>,
    /// Amounts per unit besides.
    pub amounts: Vec<String>,
}

impl LineDuty<'_> {
    /// Base and layers as one share of value; `None` where the base is no share of value.
    pub fn total(&self) -> Option<Estimate> {
        self.base.ad_valorem().map(|base| self.above(base))
    }

    /// The same, a specific base taken at what it came to in the year of the trade figures.
    pub fn estimated_total(&self) -> Option<Estimate> {
        self.base.ad_valorem().or(self.equivalent).map(|base| self.above(base))
    }

    fn above(&self, base: f64) -> Estimate {
        Estimate {
            least: base + self.added.least,
            expected: base + self.added.expected,
            most: base + self.added.most,
        }
    }
}

/// Stacks `layers` on `line`, entered on `on`, nothing settled.
pub fn charge<'a>(line: &Line, layers: &'a [Layer], stacking: &Stacking, on: Date) -> LineDuty<'a> {
    let goods = Goods {
        code: line.code,
        base: line.base.clone(),
        equivalent: line.ad_valorem_equivalent,
        general: None,
        column: &|_| None,
        meets: &line.code,
    };
    let rules = stacking.active(layers, on, Some(line.code));
    charge_in(&goods, layers, &rules, &Situation::default())
}

/// Stacks `layers` on goods, with conditions as the situation answers them.
pub fn charge_in<'a>(
    goods: &Goods<'_>,
    layers: &'a [Layer],
    rules: &ActiveRules<'_>,
    situation: &Situation,
) -> LineDuty<'a> {
    let reaches: Vec<Reach> =
        layers.iter().map(|layer| layer.scope.reach_in(goods.meets, &layer.setting, situation)).collect();
    let shares: Vec<Estimate> = layers
        .iter()
        .zip(&reaches)
        .map(|(layer, reach)| if layer.holds { reach.share } else { Estimate::NOTHING })
        .collect();
    let precedence = Precedence::new(layers, rules, situation);
    let shares_at = |reading| shares.iter().map(|share: &Estimate| share.at(reading)).collect::<Vec<_>>();
    let readings = [Bound::Least, Bound::Expected, Bound::Most]
        .map(|reading| precedence.stack(&shares_at(reading), reading));
    let (base, replaced_by) = base(goods, layers, &readings[1].reach);
    let paid = base.ad_valorem().or(goods.equivalent);
    let general = goods.general.or_else(|| goods.base.ad_valorem()).or(goods.equivalent);
    let mut prohibited: Vec<String> = Vec::new();
    let mut amounts = Vec::new();
    let mut charges = Vec::with_capacity(layers.len());
    for (at, layer) in layers.iter().enumerate() {
        let reach = [0, 1, 2].map(|which: usize| readings[which].reach[at]);
        let bounds = [Bound::Least, Bound::Expected, Bound::Most];
        let adds = [0, 1, 2].map(|which| reach[which] * rate(layer, paid, general, situation, bounds[which]));
        let outcome =
            outcome(layers, &shares, rules, at, &readings[1], spread(reach), &reaches[at], situation);
        if matches!(outcome, Outcome::Charged(_)) {
            if forbids(layer, situation) && !prohibited.contains(&layer.measure) {
                prohibited.push(layer.measure.clone());
            }
            if layer.effect == Effect::Specific {
                amounts.extend(layer.note.clone());
            }
        }
        charges.push(Charge { layer, outcome, reach: reaches[at].clone(), added: spread(adds) });
    }
    let total = |which: usize, reading| {
        let reach = precedence.apart(reading, readings[which].reach.clone());
        layers
            .iter()
            .zip(&reach)
            .map(|(layer, reach)| rate(layer, paid, general, situation, reading) * reach)
            .sum::<f64>()
    };
    let totals = [total(0, Bound::Least), total(1, Bound::Expected), total(2, Bound::Most)];
    LineDuty {
        code: goods.code,
        equivalent: if replaced_by.is_some() { None } else { goods.equivalent },
        base,
        replaced_by,
        charges,
        added: spread(totals),
        prohibited,
        amounts,
    }
}

/// The base rate, or what stands in its place.
fn base(goods: &Goods<'_>, layers: &[Layer], reach: &[f64]) -> (BaseRate, Option<String>) {
    let standing =
        layers.iter().zip(reach).find(|(layer, reach)| layer.effect == Effect::ReplacesBase && **reach > 0.5);
    let Some((layer, _)) = standing else { return (goods.base.clone(), None) };
    let rate = match &layer.column {
        Some(column) => (goods.column)(column).unwrap_or(BaseRate::Unknown),
        None => BaseRate::AdValorem(layer.rate.expected),
    };
    (rate, Some(layer.measure.clone()))
}

/// What a layer charges on the value that it reaches, a fraction.
pub(crate) fn rate(
    layer: &Layer,
    paid: Option<f64>,
    general: Option<f64>,
    situation: &Situation,
    bound: Bound,
) -> f64 {
    let own = layer.rate.at(bound);
    match layer.effect {
        Effect::Adds => own,
        Effect::Floor => {
            let base = if layer.floor_on == FloorBase::General { general } else { paid };
            (own - base.unwrap_or(0.0)).max(0.0)
        }
        Effect::Quota => {
            let within = within_quota(layer, situation);
            own * within + layer.over.unwrap_or(0.0) * (1.0 - within)
        }
        Effect::ReplacesBase | Effect::Exempt | Effect::Prohibits | Effect::Specific => 0.0,
    }
}

fn within_quota(layer: &Layer, situation: &Situation) -> f64 {
    let setting = &layer.setting;
    layer.quota().map_or(1.0, |quota| setting.conditions.weight(&quota, setting.on, situation))
}

fn forbids(layer: &Layer, situation: &Situation) -> bool {
    match layer.effect {
        Effect::Prohibits => true,
        Effect::Quota => layer.over.is_none() && within_quota(layer, situation) == 0.0,
        _ => false,
    }
}

/// The share of value on which each layer is charged where its scope's shares are known already: what averages are made of.
pub fn reaches(
    layers: &[Layer],
    shares: &[Estimate],
    stacking: &Stacking,
    on: Date,
    reading: Bound,
) -> Vec<f64> {
    let rules = stacking.active(layers, on, None);
    let shares: Vec<f64> = shares.iter().map(|share| share.at(reading)).collect();
    Precedence::new(layers, &rules, &Situation::default()).reaches(&shares, reading)
}

/// Least, expected and most of three readings, in order whatever came out.
fn spread(readings: [f64; 3]) -> Estimate {
    let [low, expected, high] = readings;
    Estimate { least: low.min(high).min(expected), expected, most: low.max(high).max(expected) }
}

/// What became of the layer `at`, whose scope meets the line as `reach` says and of which `after` is left by stacking.
#[allow(clippy::too_many_arguments)]
fn outcome(
    layers: &[Layer],
    shares: &[Estimate],
    rules: &ActiveRules<'_>,
    at: usize,
    stacked: &Stacked,
    after: Estimate,
    reach: &Reach,
    situation: &Situation,
) -> Outcome {
    let layer = &layers[at];
    if reach.by.is_none() {
        return Outcome::OutOfScope;
    }
    if let Standing::NotCharged(why) = &layer.standing {
        return Outcome::NotCharged(why.clone());
    }
    if after.most > 0.0 {
        return Outcome::Charged(after);
    }
    if shares[at].most == 0.0 {
        return match (&reach.exempt_by, &reach.only_if) {
            (None, Some(condition)) => Outcome::OnlyIf(condition.clone()),
            (list, _) => Outcome::Exempt(list.clone().unwrap_or_else(|| "its scope".to_owned())),
        };
    }
    if layer.setting.met(&layer.requires, situation) == 0.0 {
        return Outcome::OnlyIf(in_words(&layer.requires, &layer.setting));
    }
    if layer.effect == Effect::Exempt && stacked.articles[at] > 0.0 {
        let words = in_words(&layer.requires, &layer.setting);
        return Outcome::Exempt(if words.is_empty() { reach.by.clone().unwrap_or_default() } else { words });
    }
    if stacked.articles[at] == 0.0 {
        return Outcome::Held;
    }
    let mut blockers: Vec<&str> = Vec::new();
    for rule in rules.against(layer) {
        for (place, other) in layers.iter().enumerate() {
            let blocks = place != at && rule.is_by(other) && stacked.reach[place] > 0.0;
            if blocks && !blockers.contains(&other.measure.as_str()) {
                blockers.push(&other.measure);
            }
        }
    }
    if !blockers.is_empty() {
        return Outcome::Blocked(blockers.join(", "));
    }
    if layer.content.is_some() && !rules.only_highest(&layer.family) {
        return Outcome::OnlyIf("some of the value is of its content".to_owned());
    }
    let higher = layers
        .iter()
        .zip(&stacked.reach)
        .filter(|(other, reach)| {
            other.family == layer.family && other.instrument != layer.instrument && **reach > 0.0
        })
        .max_by(|a, b| a.0.rate.expected.total_cmp(&b.0.rate.expected));
    match higher {
        Some((other, _)) => Outcome::Replaced(other.measure.clone()),
        None if layer.content.is_some() => Outcome::OnlyIf("some of the value is of its content".to_owned()),
        None => Outcome::Replaced("a higher layer of its family".to_owned()),
    }
}
