//! Files made by hand, format by format: which words are found and where, and what a hostile one ends as.

mod containers;
mod corpus;
mod files;
mod fixtures;
mod hostile;
