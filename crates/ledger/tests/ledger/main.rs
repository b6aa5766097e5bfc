//! The ledger's tests in one program: what is shared between them is compiled and linked once.

mod any_origin;
mod averages;
mod broken_products;
mod broken_talks;
mod by_partner;
mod china;
mod data_health;
mod drawn_lines;
mod duty;
mod facts;
mod lists_of_the_law;
mod mutations;
mod panel;
mod products;
mod record;
mod status;
mod talks;
mod whole_panel;
