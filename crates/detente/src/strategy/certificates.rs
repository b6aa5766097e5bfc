//! Certificates for readers: as JSON, as rows of a table, as one short cell.

use detente_engine::strategy::certificate::{SearchStatus, StrategyCertificate};
use serde_json::{Map, Value, json};

/// Certificates of the points that an answer rests on, by name.
pub type Certificates = Vec<(String, StrategyCertificate)>;

/// What the columns of a certificate say, in one sentence.
pub const LEGEND: &str = "projected gradient (of the logarithm of what is maximised); the most that searching again from around the point and from other \
                          starts could still find; starts tried; local optima found; largest residual of all equilibria solved on the way";

/// Whether a point was searched for at all: today's tariffs and what lapses are given.
pub fn is_searched(certificate: &StrategyCertificate) -> bool {
    certificate.starts > 0
}

/// A certificate as JSON, each of its numbers a finding of the search.
pub fn json_of(certificate: &StrategyCertificate) -> Value {
    let status = match certificate.status {
        _ if !is_searched(certificate) => "given, not searched for",
        SearchStatus::Converged => "converged",
        SearchStatus::IterationLimit => "iteration limit",
        SearchStatus::Stalled => "stalled",
    };
    let optima: Vec<Value> = certificate
        .optima
        .iter()
        .map(|optimum| {
            json!({
                "start": optimum.start,
                "value": finite(optimum.value),
                "found_by": optimum.found_by,
                "converged": optimum.status.is_converged(),
            })
        })
        .collect();
    json!({
        "status": status,
        "projected_gradient": finite(certificate.projected_gradient),
        "best_response_gain": certificate.best_response_gain.and_then(finite),
        "starts": certificate.starts,
        "local_optima": certificate.local_optima(),
        "optima": optima,
        "max_residual": finite(certificate.effort.worst_residual),
        "evaluations": certificate.effort.evaluations,
        "gradients": certificate.effort.gradients,
        "curvature_products": certificate.effort.curvature_products,
        "seconds": certificate.seconds,
    })
}

/// All certificates of an answer as JSON.
pub fn json_of_all(certified: &Certificates) -> Value {
    let all: Map<String, Value> =
        certified.iter().map(|(name, certificate)| (name.clone(), json_of(certificate))).collect();
    Value::Object(all)
}

/// The cells of a certificate: projected gradient, gain left, starts, optima, residual.
pub fn cells(certificate: &StrategyCertificate) -> [String; 5] {
    if !is_searched(certificate) {
        return ["given".into(), "–".into(), "–".into(), "–".into(), "–".into()];
    }
    let optima = match certificate.local_optima() {
        _ if !certificate.status.is_converged() => "not converged".to_owned(),
        0 => "–".to_owned(),
        some => some.to_string(),
    };
    [
        exponent(certificate.projected_gradient),
        certificate.best_response_gain.map_or("not asked".into(), exponent),
        certificate.starts.to_string(),
        optima,
        exponent(certificate.effort.worst_residual),
    ]
}

/// The worst of several certificates in one cell of a page: `gradient; gain left; starts; optima; residual`.
pub fn one_cell<'a>(certified: impl IntoIterator<Item = &'a StrategyCertificate>) -> String {
    let searched: Vec<&StrategyCertificate> =
        certified.into_iter().filter(|certificate| is_searched(certificate)).collect();
    if searched.is_empty() {
        return "given".to_owned();
    }
    let most = |of: &dyn Fn(&StrategyCertificate) -> f64| searched.iter().map(|c| of(c)).fold(0.0, f64::max);
    let gain = if searched.iter().all(|c| c.best_response_gain.is_some()) {
        exponent(most(&|c| c.best_response_gain.unwrap_or(0.0)))
    } else {
        "not asked".to_owned()
    };
    let not_settled = searched.iter().filter(|c| !c.status.is_converged()).count();
    format!(
        "{}; {gain}; {}; {}; {}{}",
        exponent(most(&|c| c.projected_gradient)),
        searched.iter().map(|c| c.starts).sum::<usize>(),
        searched.iter().map(|c| c.local_optima()).max().unwrap_or(0),
        exponent(most(&|c| c.effort.worst_residual)),
        if not_settled > 0 { "; NOT CONVERGED" } else { "" }
    )
}

fn exponent(value: f64) -> String {
    match value {
        value if !value.is_finite() => "n/a".to_owned(),
        0.0 => "0".to_owned(),
        value => format!("{value:.0e}"),
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_takes_the_worst_of_all_and_says_what_was_not_asked() {
        let good = StrategyCertificate {
            projected_gradient: 1e-12,
            best_response_gain: Some(2e-15),
            starts: 3,
            ..StrategyCertificate::default()
        };
        let worse = StrategyCertificate { projected_gradient: 4e-10, starts: 2, ..good.clone() };
        assert_eq!(one_cell([&good, &worse]), "4e-10; 2e-15; 5; 0; 0");
        let open = StrategyCertificate { best_response_gain: None, ..good };
        assert!(one_cell([&open, &worse]).contains("not asked"));
        assert_eq!(one_cell([&StrategyCertificate::default()]), "given");
    }
}
