//! How fast buyers of goods find other origins: the share free to switch by the year after a change (`data/horizons`).

use serde::Deserialize;

use detente_facts::needed;
use detente_tables::nearest::suggestion;

/// A path from nobody to everybody.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchingPath {
    /// Its name in scenarios.
    pub name: String,
    /// Where it comes from.
    pub source: String,
    /// Terms.
    pub licence: String,
    /// By what, in words.
    pub label: String,
    /// What a reader should know.
    pub note: String,
    /// The set of trade elasticities in which it ends, where that is not the benchmark's.
    pub trade_elasticities: Option<String>,
    /// By how much flows without the duty had fallen after each year, in logarithms; the last stands for the long run.
    #[serde(default)]
    elasticity: Vec<f64>,
    /// By how much flows of a buyer who keeps quantities fall: the exporter's part of spending.
    exporter_share: Option<f64>,
    /// The part of those not free that is not free a year later either.
    stay: Option<f64>,
}

/// What is wrong with a path.
#[derive(Debug, thiserror::Error)]
pub enum SwitchingError {
    /// No such path.
    #[error("no path is called `{0}`; {1}")]
    Unknown(String, String),
    /// A file that the program carries is not what it should be.
    #[error("data/horizons/{0}.toml: {1}")]
    File(&'static str, String),
}

/// The paths; the default first, that of the default trade elasticities.
pub const PATHS: [&str; 2] = ["record_2024", "boehm_levchenko_pandalai_nayar_2023"];

/// The path of a name: dashes and underscores alike.
///
/// # Errors
/// A name that no file has, with the nearest.
pub fn named(name: &str) -> Result<SwitchingPath, SwitchingError> {
    let sought = name.replace('-', "_");
    let file = PATHS
        .into_iter()
        .find(|path| *path == sought)
        .ok_or_else(|| SwitchingError::Unknown(name.to_owned(), suggestion(&sought, PATHS)))?;
    let wrong = |reason: String| SwitchingError::File(file, reason);
    let text = needed(&format!("horizons/{file}.toml")).map_err(|error| wrong(error.to_string()))?;
    let path: SwitchingPath = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
    let measured = path.exporter_share.is_some() && path.elasticity.len() > 1;
    if measured == path.stay.is_some() {
        return Err(wrong("either `elasticity` by year with `exporter_share`, or `stay`".into()));
    }
    Ok(path)
}

impl SwitchingPath {
    /// The share of buyers that is free to switch some years after a change: nobody at once, everybody in the end.
    ///
    /// ```
    /// let path = detente_data::switching::named("record_2024")?;
    /// assert_eq!((path.free(0.0), path.free(50.0)), (0.0, 1.0));
    /// assert!(path.free(1.0) < path.free(1.5) && path.free(1.5) < path.free(2.0));
    /// # Ok::<(), detente_data::switching::SwitchingError>(())
    /// ```
    pub fn free(&self, years: f64) -> f64 {
        if let Some(stay) = self.stay {
            return 1.0 - stay.powf(years);
        }
        let by_year = self.by_year();
        let before = years.floor() as usize;
        match (by_year.get(before), by_year.get(before + 1)) {
            (Some(from), Some(to)) => from + (years - years.floor()) * (to - from),
            _ => 1.0,
        }
    }

    /// The shares at the end of each year, year zero first. What was measured is read as a mixture of buyers who switch and buyers who keep
    /// quantities; where a year's number is below an earlier one both are pooled, since nobody is taken to unlearn.
    fn by_year(&self) -> Vec<f64> {
        let kept = self.exporter_share.unwrap_or(0.0);
        let Some(last) = self.elasticity.last() else { return Vec::new() };
        let mut pools: Vec<(f64, usize)> = Vec::new();
        for elasticity in &self.elasticity {
            pools.push(((elasticity - kept) / (last - kept), 1));
            while let [.., (earlier, several), (later, more)] = pools[..]
                && earlier > later
            {
                pools.truncate(pools.len() - 2);
                let years = several + more;
                pools.push(((earlier * several as f64 + later * more as f64) / years as f64, years));
            }
        }
        let pooled = pools.into_iter().flat_map(|(share, years)| std::iter::repeat_n(share, years));
        // A pool that is all but rounding is all.
        let whole = |share: f64| if share > 1.0 - 1e-12 { 1.0 } else { share.max(0.0) };
        std::iter::once(0.0).chain(pooled.map(whole)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The record's path by hand: (1.1 − 0.145) / (3.1 − 0.145) and so on; 2.9 in the fifth year after 3.3 in the fourth are pooled to the
    /// long run's own number.
    #[test]
    fn the_record_s_path_is_its_medians_made_monotone() {
        let path = named("record-2024").unwrap();
        let by_hand = [0.0, 0.955 / 2.955, 2.355 / 2.955, 2.755 / 2.955, 1.0, 1.0, 1.0, 1.0];
        for (year, expected) in by_hand.into_iter().enumerate() {
            let found = path.free(year as f64);
            assert!((found - expected).abs() < 1e-12, "year {year}: {found} {expected}");
        }
        assert!((path.free(1.25) - (0.75 * by_hand[1] + 0.25 * by_hand[2])).abs() < 1e-12);
    }

    #[test]
    fn boehm_and_others_are_met_in_the_first_year_and_unknown_names_are_told() {
        let path = named("boehm_levchenko_pandalai_nayar_2023").unwrap();
        assert!((path.free(1.0) - 0.38).abs() < 1e-12 && (path.free(2.0) - 0.6156).abs() < 1e-12);
        assert!(path.free(1e4) == 1.0 && path.free(0.0) == 0.0);
        let refused = named("record_2042").unwrap_err().to_string();
        assert!(refused.contains("record_2024"), "{refused}");
    }
}
