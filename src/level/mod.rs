//! Category, scale, findings, enterprise facts → a proposed level with its criteria. Pure: it proposes, a named
//! person confirms, the authority may override.

mod facts;
mod propose;

pub use facts::{Facts, Identifiers};
pub use propose::{fired, highest, propose};
