//! The integration tests, one binary: a table of contents. All of it is test code, so that what tests may do, such as
//! to unwrap, helpers of theirs may do too.
#![cfg(test)]

// What tests share: a folder with a share in it, the built program, its answers.
mod support;

// The invented plant of `samples/`, written by the same code as the committed files.
#[path = "../samples/content/mod.rs"]
mod plant;

// One small file of each format, shared with the tests of the readers.
#[expect(dead_code, reason = "what only the tests of the readers look for")]
mod fixtures;

// The house: direction of dependencies, length of files, who may print.
mod architecture;

// The sample plant: as committed, and as the README scans it.
mod samples;

// The command line: help, the story that people live with, and each way to be wrong.
mod cli;

// No value of scanned data in any output, error, log or the inventory.
mod leaks;

// Shares made to hurt: hostile names, what is no file, links that lead elsewhere.
mod hostile;

// Databases: listed and read without a trace, whatever is in them.
mod databases;

// Texts in every encoding, cut anywhere, damaged, or without an end: what is found stays the same.
mod encodings;

// Distinct values: all spellings of one value are one.
mod counting;

// The laws that fuzzing holds against all bytes, and the inputs that it began with or once broke on.
mod fuzzed;
#[path = "../fuzz/laws/mod.rs"]
mod laws;

// Real files and systems, where a corpus of them is present.
mod corpus;

// The catalogs of those systems: listed as they are, and alike from each kind of database.
mod corpus_catalogs;
