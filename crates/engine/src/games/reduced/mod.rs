//! The economy without intermediates, reduced to wages and incomes: the fast ground for games with a thousand tariffs.
//!
//! Where sectors do not buy from each other, prices, shares, sales and revenue are explicit in wages and incomes, so that the
//! equilibrium is 2N equations however many sectors there are. It is the same model as
//! [`Solver::solve`](crate::search::solver::Solver::solve) gives under `intermediates = "none"` (a test holds the two
//! together), written so that a point, its gradient and a product with its second derivative cost a few passes over the cells.
//! Perfect competition and a fixed number of firms (Ossa 2014) differ only in the labour and profit shares of sales.
//!
//! With importer j, exporter i, `u = ln(1+t')`, `x = ln Î`, `ω = ln ŵ`:
//!
//! ```text
//! a_jis = π_jis exp(−θ_s (u_jis − u⁰_jis + ω_i)),   g = a/Σ_i a,   ln P̂_j = −Σ_s α_js/θ_s ln Σ_i a_jis
//! T_jis = g_jis α_js I_j e^{x_j} e^{−u_jis},   R_is = Σ_j T_jis,   TR_j = Σ_is (e^u − 1) T_jis
//! wages:    W_i e^{ω_i} = Σ_s ℓ_is R_is            (that of the first economy gives way to Σ W e^ω = Σ W)
//! incomes:  I_j e^{x_j} = W_j e^{ω_j} + Σ_s (1−ℓ_js) R_js + TR_j + D_j
//! ```

// Indices i, j, k, s are the equations' own.
#![allow(clippy::needless_range_loop)]

mod derivative;
mod economy;
mod game;
mod objective;

pub use economy::ReducedEconomy;
pub use game::TariffGame;
pub use objective::Objective;
