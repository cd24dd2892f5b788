//! The filing form as data.

use super::Error;

/// The filing form.
#[derive(Clone, Debug, Default)]
pub struct Form {}

impl Form {
    /// Reads `filing.toml`.
    pub fn parse(_text: &str, _file: &str) -> Result<Self, Error> {
        Ok(Self {})
    }
}
