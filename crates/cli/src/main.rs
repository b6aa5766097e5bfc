//! The `detente` command.

fn main() {}
