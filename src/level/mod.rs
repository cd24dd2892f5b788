//! Category, scale, findings, enterprise facts → a proposed level with its criteria. Pure: it proposes, a named
//! person confirms, the authority may override.

mod facts;
mod propose;
mod see;

pub use facts::{Facts, Identifiers};
pub use propose::{articles, fired, highest, notices, open, propose, stops, with_open};
