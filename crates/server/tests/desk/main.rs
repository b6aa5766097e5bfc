//! The desk as it is asked: through its own socket, by programs, by attackers, and by people in a browser.

mod answers;
mod attacks;
mod browser;
mod kit;
mod languages;
mod mutated;
