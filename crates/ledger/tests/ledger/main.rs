//! The ledger's tests in one program: what is shared between them is compiled and linked once.

mod averages;
mod broken_products;
mod broken_talks;
mod data_health;
mod duty;
mod facts;
mod mutations;
mod panel;
mod products;
mod record;
mod status;
mod talks;
mod whole_panel;
