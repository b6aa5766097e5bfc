//! Pictures as SVG text, made by the program and shared by pages and the desk.
//!
//! Every picture is a [`figure::Picture`]: a finding as its title, one sentence for those who do not see it, the drawing in two widths, and
//! the data behind it as a table. Colours stand in [`colour`] and nowhere else; drawings hold presentation attributes only, so that they
//! pass a content policy that allows no style of their own. Marks are few and each has its file; there is no general grammar.

pub mod axes;
pub mod best_responses;
pub mod canvas;
pub mod colour;
pub mod curves;
pub mod dials;
pub mod diversion;
pub mod duty_line;
pub mod figure;
pub mod histogram;
pub mod in_force;
pub mod legend;
pub mod outcomes;
pub mod payoffs;
pub mod scale;
pub mod sectors;
pub mod tornado;
pub mod who_loses;
