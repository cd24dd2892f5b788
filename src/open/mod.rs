//! An asset → capped bytes or rows, with the promise that nothing in a store is written to.
//!
//! `file` opens a file of a share, `sniff` says what its first bytes are, `encoding` which characters they spell, and
//! `limits` holds every cap that the readers keep.

pub mod limits;
pub use limits::Limits;

pub mod format;
pub use format::Format;

pub mod file;
pub use file::FileSource;

pub mod encoding;

pub mod sniff;

pub mod table;
