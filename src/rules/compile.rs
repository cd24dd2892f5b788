//! The one place where a regex is compiled.

use regex::bytes::{Regex, RegexBuilder};

/// A compiled pattern may take this much: the largest of ours takes a twentieth of it, and a counted repetition
/// of a Unicode class, which is what explodes, takes more.
const SIZE_LIMIT_BYTES: usize = 2 << 20;

/// Compiles a pattern of a rule, which matches from the first byte of a candidate on.
///
/// # Errors
/// When the pattern is not a regex or compiles to more than the limit.
pub fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&format!(r"\A(?:{pattern})"))
        .size_limit(SIZE_LIMIT_BYTES)
        .dfa_size_limit(SIZE_LIMIT_BYTES)
        .build()
}
