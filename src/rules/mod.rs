//! What to look for: `patterns/**/*.toml` → a compiled [`RulePack`].
//!
//! Six kinds of rule: `[[detector]]` finds identifiers, `[[term]]` names words that speak for a category, `[[format]]`
//! says what a file extension means, `[[shape]]` which kinds of columns stand together in a table, `[[structure]]` what a set
//! of columns means, and `[[system]]` tells a kind of system and what its words mean. `schema` is the file as written; the
//! other files compile it.
//! `patterns/README.md` explains each field to the people who write rules.

mod error;
pub use error::Error;

pub mod schema;

mod compile;
pub use compile::compile;

pub mod words;

mod confidence;
pub use confidence::{Confidence, FEWEST as FEWEST_CONFIDENCE};

mod first_bytes;
pub use first_bytes::FirstBytes;

mod detector_set;
pub use detector_set::DetectorSet;

mod check;
pub use check::Check;

mod detector;
pub use detector::{DetectorRule, Normalise, Shape};

mod parting;

mod dictionary;
pub use dictionary::{Dictionary, Term, TermHit};

mod system;
pub use system::{Meaning, StructureRule, SystemKind};

mod format;
pub use format::{FormatRule, ToldFormat};

mod table_shape;
pub use table_shape::TableShape;

mod literals;
pub use literals::{Fingerprint, Literals, SeenByte};

mod anchors;
pub use anchors::AnchorIndex;

mod context;
pub use context::{ContextWord, ContextWords};

mod pack;
pub use pack::RulePack;

mod lint;
pub use lint::lint;

#[cfg(test)]
mod tests;

#[cfg(test)]
mod literal_tests;
