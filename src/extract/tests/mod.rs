//! Files made by hand, format by format: which words are found and where, and what a hostile one ends as.

mod containers;
pub(super) mod corpus;
mod each_format;
mod files;
#[path = "../../../tests/fixtures/mod.rs"]
pub(super) mod fixtures;
mod hostile;
