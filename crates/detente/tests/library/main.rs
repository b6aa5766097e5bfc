//! The library's tests in one program: what is shared between them is compiled and linked once.

mod bands;
mod benchmarks;
mod examples;
mod gtap;
mod imports;
mod others;
mod round_trip;
mod scenarios;
mod stop;
mod strategy_day;
