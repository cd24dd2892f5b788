//! Parse, run, outcome → exit code. Nothing else.

fn main() {}
