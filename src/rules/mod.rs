//! What to look for: `patterns/**/*.toml` → a compiled [`RulePack`].
//!
//! Three kinds of rule: `[[detector]]` finds identifiers, `[[term]]` names words that speak for a category, and
//! `[[format]]` says what a file extension means. `schema` is the file as written; the other files compile it.
//! `patterns/README.md` explains each field to the people who write rules.

mod error;
pub use error::Error;

pub mod schema;

mod compile;
pub use compile::compile;

pub mod words;

mod check;
pub use check::Check;

mod detector;
pub use detector::{DetectorRule, Normalise, Shape};

mod dictionary;
pub use dictionary::{Dictionary, Term, TermHit};

mod format;
pub use format::FormatRule;

mod anchors;
pub use anchors::AnchorIndex;

mod pack;
pub use pack::RulePack;

mod lint;
pub use lint::lint;

#[cfg(test)]
mod tests;

#[cfg(test)]
mod literal_tests;
