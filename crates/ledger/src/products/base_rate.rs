//! The base (most-favoured-nation) rate as the schedule prints it: a share of value, an amount per unit, or both.

use std::fmt;

/// An amount of duty per unit of quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecificDuty {
    /// US dollars, or the schedule's own currency, per unit.
    pub amount: f64,
    /// The unit as printed: `kg`, `each`, `liter`, `m3`.
    pub unit: String,
    /// What part of the goods is counted, where the schedule says so: `lead content`.
    pub of: Option<String>,
}

/// A base rate. A specific rate never becomes a zero share of value: it needs a quantity.
#[derive(Debug, Clone, PartialEq)]
pub enum BaseRate {
    /// A share of customs value; zero is free.
    AdValorem(f64),
    /// Amounts per unit, with or without a share of the whole value.
    Specific {
        /// The part that is a share of the whole value.
        ad_valorem: f64,
        /// The parts per unit.
        duties: Vec<SpecificDuty>,
        /// As printed.
        printed: String,
    },
    /// Printed text that is no formula in value and quantity: shares of parts, rates by reference, sliding scales.
    Printed(String),
    /// The record has no rate for this line.
    Unknown,
}

impl BaseRate {
    /// Reads a cell of a line table: empty, a fraction, or the text of the schedule.
    pub fn read(cell: &str) -> Self {
        let cell = cell.trim();
        if cell.is_empty() {
            return Self::Unknown;
        }
        if let Ok(share) = cell.parse::<f64>() {
            return if share.is_finite() && share >= 0.0 {
                Self::AdValorem(share)
            } else {
                Self::Printed(cell.to_owned())
            };
        }
        read_formula(cell).unwrap_or_else(|| Self::Printed(cell.to_owned()))
    }

    /// The rate as a share of value, where it is one.
    pub fn ad_valorem(&self) -> Option<f64> {
        match self {
            Self::AdValorem(share) => Some(*share),
            _ => None,
        }
    }

    /// Whether a quantity is needed to compute the duty, and its unit.
    pub fn unit(&self) -> Option<&str> {
        match self {
            Self::Specific { duties, .. } => duties.first().map(|duty| duty.unit.as_str()),
            _ => None,
        }
    }

    /// The duty in money on goods of `value`, with `quantity` in the rate's own unit where it needs one. `None` where what
    /// is given does not settle it.
    pub fn duty(&self, value: f64, quantity: Option<f64>) -> Option<f64> {
        match self {
            Self::AdValorem(share) => Some(share * value),
            Self::Specific { ad_valorem, duties, .. } => {
                let [duty] = duties.as_slice() else { return None };
                (duty.of.is_none()).then_some(())?;
                Some(ad_valorem * value + duty.amount * quantity?)
            }
            Self::Printed(_) | Self::Unknown => None,
        }
    }
}

impl fmt::Display for BaseRate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AdValorem(share) if *share == 0.0 => formatter.write_str("free"),
            Self::AdValorem(share) => write!(formatter, "{}%", tidy(share * 100.0)),
            Self::Specific { printed, .. } | Self::Printed(printed) => formatter.write_str(printed),
            Self::Unknown => formatter.write_str("not on record"),
        }
    }
}

/// A number without the noise of binary fractions: 6.8 and not 6.800000000000001.
fn tidy(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// `4.4¢/kg + 6%`, `$1.61 each + 6.4%`, `2.8¢/kg on lead content`.
fn read_formula(text: &str) -> Option<BaseRate> {
    let mut ad_valorem = 0.0;
    let mut duties = Vec::new();
    for part in text.split('+').map(str::trim) {
        if let Some(share) = part.strip_suffix('%') {
            ad_valorem += share.trim().parse::<f64>().ok()? / 100.0;
        } else {
            duties.push(read_specific(part)?);
        }
    }
    (!duties.is_empty()).then(|| BaseRate::Specific { ad_valorem, duties, printed: text.to_owned() })
}

fn read_specific(part: &str) -> Option<SpecificDuty> {
    let (amount, rest) = match part.strip_prefix('$') {
        Some(dollars) => {
            let end = dollars.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
            (dollars[..end].parse::<f64>().ok()?, &dollars[end..])
        }
        None => {
            let (cents, rest) = part.split_once('¢')?;
            (cents.trim().parse::<f64>().ok()? / 100.0, rest)
        }
    };
    let unit = rest.trim().trim_start_matches('/').trim();
    // "less ... for each degree", "over 1": a sliding scale is no amount per unit.
    if unit.is_empty() || unit.contains("less") || unit.contains("over") || unit.contains("if ") {
        return None;
    }
    let (unit, of) = match unit.split_once(" on ").or_else(|| unit.split_once(" of ")) {
        Some((unit, of)) => (unit, Some(of.trim().to_owned())),
        None => (unit, None),
    };
    Some(SpecificDuty { amount, unit: unit.trim().to_owned(), of })
}
