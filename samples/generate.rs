//! Writes samples/plant.

fn main() {}
