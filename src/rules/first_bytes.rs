//! What a pattern can begin with: the look at a byte that spares most candidates the regex.

use regex_syntax::hir::literal::Extractor;

/// Bytes, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstBytes([u64; 4]);

impl FirstBytes {
    /// Every byte.
    const ANY: Self = Self([u64::MAX; 4]);

    /// The bytes that a match of a pattern can begin with; every one where that cannot be told.
    pub(super) fn of(pattern: &str) -> Self {
        let parsed = regex_syntax::ParserBuilder::new().utf8(false).build().parse(pattern);
        let prefixes = parsed.map(|pattern| Extractor::new().limit_class(256).extract(&pattern));
        let Some(literals) = prefixes.ok().as_ref().and_then(|prefixes| prefixes.literals().map(<[_]>::to_vec)) else {
            return Self::ANY;
        };
        let mut bytes = Self([0; 4]);
        for literal in literals {
            let Some(first) = literal.as_bytes().first() else { return Self::ANY };
            bytes.insert(*first);
        }
        bytes
    }

    fn insert(&mut self, byte: u8) {
        if let Some(bits) = self.0.get_mut(usize::from(byte / 64)) {
            *bits |= 1 << (byte % 64);
        }
    }

    /// Whether a match can begin with the byte.
    #[must_use]
    #[inline]
    pub fn contains(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte / 64)).is_some_and(|bits| bits & 1 << (byte % 64) != 0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A text that the pattern matches begins with one of its bytes.
        #[test]
        fn no_match_is_turned_away(
            text in prop::collection::vec(any::<u8>(), 1..6),
            pattern in prop::sample::select(&[
                "0[0-9]+|[48]00", "(?i)E[0-9]|(?:PE|SE)[0-9]", "[京津沪][A-Z]", "[0-9]*x", "(?:a|b)?c", "", "[^0-9]a",
            ][..]),
        ) {
            let regex = crate::rules::compile(pattern).expect("compiles");
            prop_assert!(!regex.is_match(&text) || FirstBytes::of(pattern).contains(text[0]));
        }
    }

    #[test]
    fn a_plain_pattern_turns_other_bytes_away() {
        let bytes = FirstBytes::of("(?:0(?:10|2[0-9])|[48]00)");
        let kept: Vec<u8> = (0..=255).filter(|byte| bytes.contains(*byte)).collect();
        assert_eq!(kept, b"048");
    }
}
