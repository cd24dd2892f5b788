//! Fragments → findings and evidence. Pure: what it is given, it reads; what it returns holds no value of it.
//!
//! A [`Scanner`] takes the fragments of one asset. Running text goes through `blocks` (which bytes are worth a look),
//! `seek` (what candidate stands there) and `judge` (is it one); cells through `table`, which knows their columns.
//! Words go through `vocabulary`, names through [`names`].

mod blocks;
mod chance;
pub mod checksum;
mod context;
mod fold;
mod judge;
mod literals;
mod masks;
pub mod names;
mod normalise;
mod parts;
mod scanner;
mod seek;
mod selftest;
mod shape;
mod shapes;
mod share;
mod simd;
mod statistics;
mod table;
mod tally;
mod vocabulary;

pub use scanner::{Detected, ScanOptions, Scanner};
pub use selftest::{ExampleResult, selftest};
pub use share::Share;

#[cfg(test)]
mod tests;

#[cfg(test)]
mod corpus_tests;

#[cfg(test)]
mod documentation_tests;

#[cfg(test)]
mod noise_tests;

#[cfg(test)]
mod place_tests;

#[cfg(test)]
mod work_tests;
