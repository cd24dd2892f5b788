//! The integration tests, one binary: a table of contents.
