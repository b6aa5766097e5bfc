//! Dials of the rebalancing beside a move on the desk: both sides, before and after.

use detente::counterfactual::Counterfactual;
use detente::words::number;
use detente_engine::rebalancing::dial::{Dial as Measure, DialOf};

use crate::picture::dials;
use crate::picture::figure::{DESK, Picture};

/// Dials of the sides that are shown, in their order.
const SHOWN: [Measure; 5] = [
    Measure::TradeBalance,
    Measure::BilateralBalance,
    Measure::ManufacturingShare,
    Measure::HomeShare,
    Measure::Dependence,
];

/// Dials of both sides before and after; none where the benchmark has none of them.
pub fn dials_of(found: &Counterfactual, sides: [usize; 2], names: [&str; 2], from: &str) -> Option<Picture> {
    let mut rows = Vec::new();
    for dial in SHOWN {
        for side in 0..2 {
            let partner = dial.has_partner().then_some(sides[1 - side]);
            let of = DialOf { dial, economy: sides[side], partner };
            let value = |equilibrium| of.value(&found.calibration, equilibrium);
            let (Some(before), Some(after)) = (value(&found.baseline), value(&found.equilibrium)) else {
                continue;
            };
            let entry = dial.entry();
            rows.push(dials::Dial {
                name: format!("{}: {}, %", names[side], entry.label),
                side: Some(side),
                before: 100.0 * before,
                after: 100.0 * after,
                band: None,
                target: None,
                tag: if dial == Measure::TradeBalance { "assumed".into() } else { "model".into() },
            });
        }
    }
    let most = rows.iter().max_by(|a, b| {
        let moved = |dial: &dials::Dial| (dial.after - dial.before).abs();
        moved(a).total_cmp(&moved(b))
    })?;
    let moved = most.after - most.before;
    let title = if moved.abs() < 0.005 {
        "No dial of the rebalancing moves".to_owned()
    } else {
        let name = most.name.trim_end_matches(", %");
        format!(
            "Of the dials of the rebalancing, that of {name} would move most, by {} points",
            number::change(moved)
        )
    };
    let note = format!(
        "Shares in percent, long run, {from}; deficits are held as they are, so that balances move with incomes alone."
    );
    Some(dials::picture(&title, &note, &rows, DESK))
}
