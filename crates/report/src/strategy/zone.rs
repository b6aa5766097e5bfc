//! Where a deal can lie, in words, as JSON and as a table.

use super::money::money;
use super::policy_words;
use detente::results::tags::Tag;
use detente::strategy::baseline_world::StartingTariffs;
use detente::strategy::certificates;
use detente::strategy::found::{Loser, SidePayments, Zone, ZonePoint, ZonePoints};
use detente::strategy::point_table::PointTable;
use detente::strategy::tagged::tagged;
use detente_engine::catalogue::economy::WELFARE;
use detente_engine::horizon::Horizon;
use detente_tables::output::OutputFile;
use serde_json::{Map, Value, json};

/// What gains on two sides leave out.
pub(super) const LEFT_OUT: &str = "security, jobs and capital on the way, what a war costs beside trade, and why a government may want the rates \
     that it has";

/// What the zone's numbers do not hold, said before them.
fn leaves_out() -> String {
    format!("gains are of long-run real income alone; left out are {LEFT_OUT}")
}

/// A finding a line; policies of a point stand further in.
pub fn lines(zone: &Zone) -> Vec<String> {
    let Some(points) = &zone.points else {
        return vec![
            leaves_out(),
            "the zone is empty: no setting of these instruments leaves both sides better off".into(),
            payments_words(zone),
        ];
    };
    let bilateral = if zone.is_bilateral { "bilateral " } else { "" };
    let largest: Vec<String> = (0..2)
        .map(|k| format!("{} up to {:+.4} percent", zone.sides[k], 100.0 * points.largest_gains[k]))
        .collect();
    let both = format!(
        "both gain in the {bilateral}zone, one side the most with the other at nothing: {}",
        largest.join(", ")
    );
    let mut lines = vec![leaves_out(), both];
    for point in &points.points {
        let [a, b] = gains(zone, point);
        let (first, second) = (&zone.sides[0], &zone.sides[1]);
        lines.push(format!("{}: {first} {a:+.4}, {second} {b:+.4} percent", point.name.words()));
        lines.extend(policy_words::lines(&point.policies, &zone.unit).iter().map(|line| format!("  {line}")));
    }
    lines.push(payments_words(zone));
    lines.extend(points.others_still_move.map(|unsettled| {
        format!(
            "the others' responses are settled at the point of equal gains; at the other points they would still move by up to {unsettled:.1e} \
             (logarithms of tariff factors)"
        )
    }));
    lines
}

/// What the two sides gain from the point without a deal, percent.
pub fn gains(zone: &Zone, point: &ZonePoint) -> [f64; 2] {
    zone.positions.map(|j| point.economies[j].gain_from_disagreement_pct)
}

fn payments_words(zone: &Zone) -> String {
    let SidePayments { joint_gain, payer, payee, payment, .. } = &zone.side_payments;
    if *joint_gain <= 0.0 {
        return "with side payments too: no point has a joint gain".into();
    }
    format!(
        "with side payments: the largest joint gain is {} a year ({:+.4} percent of joint income); {payer} pays {payee} {} a year so that both gain \
         half of it (to first order: what the payment itself does to prices is left out)",
        money(&zone.unit, *joint_gain),
        zone.side_payments.joint_gain_pct(),
        money(&zone.unit, *payment)
    )
}

/// As JSON, each number with its horizon, what it is compared with and how it came about.
pub fn json_of(zone: &Zone, start: StartingTariffs) -> Value {
    let without = zone.from.words(start);
    let payments = payments_json(zone, without);
    let Some(points) = &zone.points else {
        let empty = json!({ "empty": true, "from": zone.from, "side_payments": payments });
        return tagged(empty, Horizon::Long, without, &[]);
    };
    let ZonePoints { largest_gains, ends, points: held, others_still_move } = points;
    let (first, second) = (zone.sides[0].as_str(), zone.sides[1].as_str());
    let held: Map<String, Value> =
        held.iter().map(|point| (point.name.code().to_owned(), point_json(zone, point, start))).collect();
    let found = json!({
        "empty": false,
        "from": zone.from,
        "largest_gain_pct": { first: 100.0 * largest_gains[0], second: 100.0 * largest_gains[1] },
        "largest_gain_certificates": {
            first: certificates::json_of(&ends[0]),
            second: certificates::json_of(&ends[1]),
        },
        "points": held,
        "disagreement": zone.without.as_ref().map(certificates::json_of),
        "side_payments": payments,
        "others_still_move": others_still_move,
    });
    let tags = [("largest_gain_pct", Tag::Model), ("others_still_move", Tag::Model)];
    tagged(found, Horizon::Long, without, &tags)
}

/// Who gains more pays: `from` the payer, `to` the payee, the money never negative.
fn payments_json(zone: &Zone, without: &str) -> Value {
    let SidePayments { joint_gain, gains, payer, payee, payment, certificate, .. } = &zone.side_payments;
    let found = json!({
        "joint_gain": joint_gain,
        "joint_gain_pct_of_joint_income": zone.side_payments.joint_gain_pct(),
        "gains_before_payment": {
            zone.sides[0].as_str(): gains[0],
            zone.sides[1].as_str(): gains[1],
        },
        "payment": { "from": payer, "to": payee, "money_per_year": payment },
        "certificate": certificates::json_of(certificate),
    });
    // The split in halves is an assumption, and the payment to first order is accounting.
    let tags = [
        ("joint_gain", Tag::Model),
        ("joint_gain_pct_of_joint_income", Tag::Model),
        ("gains_before_payment", Tag::Model),
        ("payment", Tag::Accounting),
    ];
    tagged(found, Horizon::Long, without, &tags)
}

fn point_json(zone: &Zone, point: &ZonePoint, start: StartingTariffs) -> Value {
    let [a, b] = gains(zone, point);
    let (first, second) = (zone.sides[0].as_str(), zone.sides[1].as_str());
    let found = json!({
        "gains_pct": { first: a, second: b },
        "words": policy_words::lines(&point.policies, &zone.unit),
        "largest_loser_outside": point.largest_loser_outside.as_ref().map(|loser| loser_json(loser, start)),
        "most_favoured_nation": policy_words::treatment_lines(&point.most_favoured_nation, start),
        "certificate": certificates::json_of(&point.certificate),
        "max_residual": point.max_residual,
    });
    tagged(found, Horizon::Long, zone.from.words(start), &[("gains_pct", Tag::Model)])
}

/// The economy outside a game that fares worst.
pub fn loser_json(loser: &Loser, start: StartingTariffs) -> Value {
    tagged(json!(loser), Horizon::Long, start.words(), &[(WELFARE.id, Tag::Model)])
}

/// The points of the zone by economy; none where the zone is empty.
pub fn table(zone: &Zone) -> Option<OutputFile> {
    let mut table = PointTable::default();
    for point in &zone.points.as_ref()?.points {
        for at in &point.economies {
            table.add(
                point.name.code().to_owned(),
                &at.economy,
                at.objective_pct,
                at.gain_from_disagreement_pct,
                at.welfare_pct,
            );
        }
    }
    Some(OutputFile::table("bargaining_points", table.gains_and_welfare()))
}
