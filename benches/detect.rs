//! Throughput of detection.

fn main() {}
