//! Texts of engineering, by their first lines.

use crate::open::Format;

/// What a text is, if it is one of these. `body` is the beginning of the text without blanks before it.
pub(super) fn kind(_extension: &str, _body: &str) -> Option<Format> {
    None
}
