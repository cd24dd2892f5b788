//! Answers against labels: how often the category is right, and whether the scores mean what they say. Pure.
//!
//! A label is a line of JSON that a person wrote ([`Label`]); tables may stand in a file instead of a database
//! ([`metadata`]). `docs/accuracy.md` describes both to people who label their own data.

mod error;
mod judged;
mod label;
pub mod metadata;
mod report;

pub use error::Error;
pub use judged::{Judged, NONE};
pub use label::Label;
pub use report::{Bin, Report, Tally};
