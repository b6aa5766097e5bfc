//! Games: in closed form, on seven regions as published, and on the default world.

mod armington;
mod default_world;
mod formulas;
mod ossa;
mod ossa_economy;
mod ossa_elasticities;
mod purchases;
mod small;
mod threats;
