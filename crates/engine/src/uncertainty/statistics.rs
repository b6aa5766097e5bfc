//! What is said about a set of draws: quantiles, the sign, and which input drives the spread.

/// Median and 5–95 band of an outcome over draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Median.
    pub median: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
    /// Share of draws with the sign of the median.
    pub sign_share: f64,
    /// Inputs with the share of the variance that each explains alone, largest first.
    pub drivers: Vec<(String, f64)>,
    /// Number of draws that the band rests on.
    pub draws: usize,
}

/// An input of the draws, for attributing the spread.
#[derive(Clone, Debug)]
pub enum Input {
    /// A choice among named alternatives, one per draw.
    Choice(Vec<String>),
    /// A number, one per draw.
    Number(Vec<f64>),
}

/// The quantile of sorted values, linear between neighbours; none where there are no values.
///
/// ```
/// use detente_engine::uncertainty::statistics::quantile;
///
/// assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.5), Some(2.0));
/// assert_eq!(quantile(&[1.0, 2.0], 0.25), Some(1.25), "linear between neighbours");
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = share.clamp(0.0, 1.0) * last as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (position - below as f64) * (sorted[above] - sorted[below]))
}

/// The band of these values; none where there are none.
///
/// ```
/// use detente_engine::uncertainty::statistics::band;
///
/// let found = band(&[-0.3, -0.2, -0.1, 0.1], &[]).expect("there are values");
/// assert!(found.low < found.median && found.median < found.high);
/// assert_eq!((found.sign_share, found.draws), (0.75, 4));
/// ```
pub fn band(values: &[f64], inputs: &[(&str, Input)]) -> Option<Band> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = quantile(&sorted, 0.5)?;
    let same_sign = values.iter().filter(|value| value.signum() == median.signum()).count();
    let mut drivers: Vec<(String, f64)> =
        inputs.iter().map(|(name, input)| ((*name).to_owned(), explained(values, input))).collect();
    drivers.sort_by(|a, b| b.1.total_cmp(&a.1));
    Some(Band {
        median,
        low: quantile(&sorted, 0.05)?,
        high: quantile(&sorted, 0.95)?,
        sign_share: same_sign as f64 / values.len() as f64,
        drivers,
        draws: values.len(),
    })
}

impl Input {
    /// Share of the values that hold in the low, the middle and the high third of the runs by a number, or in each choice in the order of
    /// its name. Empty parts are left out.
    pub fn shares_along(&self, values: &[f64], holds: impl Fn(&f64) -> bool) -> Vec<f64> {
        let mut parts: Vec<Vec<f64>> = Vec::new();
        match self {
            Input::Number(numbers) => {
                let mut order: Vec<usize> = (0..values.len().min(numbers.len())).collect();
                order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
                let count = order.len();
                for third in 0..3 {
                    let places = third * count / 3..(third + 1) * count / 3;
                    parts.push(order[places].iter().map(|run| values[*run]).collect());
                }
            }
            Input::Choice(names) => {
                let mut distinct: Vec<&String> = names.iter().collect();
                distinct.sort();
                distinct.dedup();
                for name in distinct {
                    let own = names.iter().zip(values).filter(|(held, _)| *held == name);
                    parts.push(own.map(|(_, value)| *value).collect());
                }
            }
        }
        let share =
            |part: Vec<f64>| part.iter().filter(|value| holds(value)).count() as f64 / part.len() as f64;
        parts.into_iter().filter(|part| !part.is_empty()).map(share).collect()
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Share of the variance that one input explains alone: the correlation ratio of a choice, the squared correlation with a number.
fn explained(values: &[f64], input: &Input) -> f64 {
    match input {
        Input::Choice(names) => {
            let overall = mean(values);
            let total: f64 = values.iter().map(|value| (value - overall).powi(2)).sum();
            // By group: how many, and their sum.
            let mut groups: Vec<(&str, f64, f64)> = Vec::new();
            for (name, value) in names.iter().zip(values) {
                match groups.iter_mut().find(|(group, ..)| group == name) {
                    Some((_, count, sum)) => {
                        *count += 1.0;
                        *sum += value;
                    }
                    None => groups.push((name, 1.0, *value)),
                }
            }
            let between: f64 =
                groups.iter().map(|(_, count, sum)| count * (sum / count - overall).powi(2)).sum();
            if total > 0.0 { between / total } else { 0.0 }
        }
        Input::Number(numbers) => correlation(values, numbers).powi(2),
    }
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut both, mut own_a, mut own_b) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        both += (x - mean_a) * (y - mean_b);
        own_a += (x - mean_a).powi(2);
        own_b += (y - mean_b).powi(2);
    }
    if own_a > 0.0 && own_b > 0.0 { both / (own_a * own_b).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_between_neighbours() {
        let values: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!(quantile(&values, 0.05), Some(5.0));
        assert_eq!(quantile(&[1.0, 2.0], 0.25), Some(1.25));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn shares_along_an_input_show_where_an_answer_turns() {
        let numbers: Vec<f64> = (0..9).rev().map(f64::from).collect();
        let values: Vec<f64> = numbers.iter().map(|number| number - 2.5).collect();
        let shares = Input::Number(numbers).shares_along(&values, |value| *value < 0.0);
        assert_eq!(shares, [1.0, 0.0, 0.0]);
        let names = ["b", "a", "b"].map(str::to_owned).to_vec();
        assert_eq!(Input::Choice(names).shares_along(&[1.0, -1.0, -1.0], |value| *value < 0.0), [1.0, 0.5]);
    }

    #[test]
    fn the_driver_is_found() {
        let set: Vec<String> = (0..100).map(|k| ["low", "high"][k % 2].to_owned()).collect();
        let noise: Vec<f64> = (0..100).map(|k| f64::from((k * 37 % 100) as u32)).collect();
        let values: Vec<f64> =
            (0..100).map(|k| if k % 2 == 0 { -1.0 } else { 2.0 } + 0.001 * noise[k]).collect();
        let band =
            band(&values, &[("noise", Input::Number(noise)), ("elasticities", Input::Choice(set))]).unwrap();
        assert_eq!(band.drivers[0].0, "elasticities");
        assert!(band.drivers[0].1 > 0.99 && band.drivers[1].1 < 0.1, "{:?}", band.drivers);
        assert_eq!(band.sign_share, 0.5);
        assert!(band.low < -0.9 && band.high > 2.0);
    }
}
