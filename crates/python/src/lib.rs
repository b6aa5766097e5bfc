//! The native half of the Python package `detente`: thin, owns no logic. What it returns is JSON, columns of tables, and arrays that live in
//! the answers themselves; what people write is the typed package above it.

mod arrays;
mod arrow;
mod benchmarks;
mod errors;
mod frames;
mod games;
mod objectives;
mod rebalancing;
mod record;
mod signals;
mod solution;
mod sweeps;
mod world;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::arrow::arrow_stream;
    #[pymodule_export]
    use super::benchmarks::{aggregated, balanced, exported, extrapolated, with_elasticities};
    #[pymodule_export]
    use super::frames::{har, write_table, write_workbook};
    #[pymodule_export]
    use super::games::game;
    #[pymodule_export]
    use super::rebalancing::{levers, rebalance};
    #[pymodule_export]
    use super::record::{Record, talks_ids};
    #[pymodule_export]
    use super::solution::Solution;
    #[pymodule_export]
    use super::sweeps::{sweep, sweep_files, sweep_merge, sweep_part};
    #[pymodule_export]
    use super::world::{World, check_scenario, example, examples, import_benchmark, version};
}
