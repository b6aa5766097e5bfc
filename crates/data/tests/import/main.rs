//! Importers against files of other programs with expected values. What the project may not ship stands beside the checkout.

mod balancing;
mod header_arrays;
mod layouts;
mod mutations;
