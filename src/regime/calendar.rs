//! Working days and holidays as data.

use super::Error;

/// The calendar of the State Council.
#[derive(Clone, Debug, Default)]
pub struct Calendar {}

impl Calendar {
    /// Reads `calendar/*.toml`, given as (file, text).
    pub fn parse(_texts: &[(String, &str)]) -> Result<Self, Error> {
        Ok(Self {})
    }
}
