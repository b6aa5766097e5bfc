//! The programs under `examples/` run.

use detente::Error;

#[path = "../../examples/bands.rs"]
mod bands;
#[path = "../../examples/closures.rs"]
mod closures;
#[path = "../../examples/diversion.rs"]
mod diversion;
#[path = "../../examples/duty.rs"]
mod duty;
#[path = "../../examples/first_year.rs"]
mod first_year;
#[path = "../../examples/ledger_day.rs"]
mod ledger_day;
#[path = "../../examples/own_benchmark.rs"]
mod own_benchmark;
#[path = "../../examples/scenario_in_code.rs"]
mod scenario_in_code;
#[path = "../../examples/talks.rs"]
mod talks;
#[path = "../../examples/welfare.rs"]
mod welfare;

#[test]
fn the_example_bands_runs() -> Result<(), Error> {
    bands::main()
}

#[test]
fn the_example_closures_runs() -> Result<(), Error> {
    closures::main()
}

#[test]
fn the_example_diversion_runs() -> Result<(), Error> {
    diversion::main()
}

#[test]
fn the_example_duty_runs() -> Result<(), Error> {
    duty::main()
}

#[test]
fn the_example_first_year_runs() -> Result<(), Error> {
    first_year::main()
}

#[test]
fn the_example_ledger_day_runs() -> Result<(), Error> {
    ledger_day::main()
}

#[test]
fn the_example_own_benchmark_runs() -> Result<(), Error> {
    own_benchmark::main()
}

#[test]
fn the_example_scenario_in_code_runs() -> Result<(), Error> {
    scenario_in_code::main()
}

#[test]
fn the_example_talks_runs() -> Result<(), Error> {
    talks::main()
}

#[test]
fn the_example_welfare_runs() -> Result<(), Error> {
    welfare::main()
}
