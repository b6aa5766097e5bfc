//! What a brief costs, counted: seconds are the machine's, solves and panels are the program's.

use detente::basis::Basis;
use detente::brief::assemble::{Asked, Sources, brief};
use detente::brief::others::OthersDuties;
use detente_data::default_world;
use detente_engine::parallel::Control;
use detente_ledger::AsOf;
use detente_ledger::tariff::Tariffs;
use jiff::civil::date;

/// Equilibria, steps and gradients of the default brief of a day with all its outcomes, and panels of sectors of the record: 1,713, 4,343, 239 and
/// 27. Some 1,060 of the solves are the bands' (212 runs of five cases, a sixth is the data), the rest the deal's, with what each side would have by
/// choosing alone, and doubt's. A mark that is passed is a question asked twice.
#[test]
fn a_brief_asks_each_question_once() {
    let (world, tariffs, control) =
        (default_world::open().unwrap(), Tariffs::embedded().unwrap(), Control::default());
    let talks = tariffs.ledger().talks("us-china").unwrap();
    let day = date(2025, 9, 16);
    let sources = Sources { tariffs: &tariffs, world: &world, control: &control };
    let clock = AsOf { on: day, known_on: day };
    let asked = Asked { clock, basis: Basis::Collected, others: OthersDuties::Day };
    let found = brief(sources, &talks, asked).unwrap();
    assert!(found.bands.is_some() && found.deal.is_some());
    let work = &control.work;
    let counted = (work.solves(), work.steps(), work.transposed(), tariffs.sector_duties_worked_out());
    println!("solves, steps, gradients, panels: {counted:?}");
    let marks = (1730, 4400, 245, 27);
    assert!(
        counted.0 <= marks.0 && counted.1 <= marks.1 && counted.2 <= marks.2 && counted.3 <= marks.3,
        "solves, steps, gradients, panels {counted:?}, at the most {marks:?}"
    );
}
