//! What is known of a text that is read line by line.

use encoding_rs::{Encoding, UTF_8};

use super::legacy::Legacy;
use crate::open::encoding::{self, Guess, Mixture};

/// Bytes beyond ASCII from which on a guess is not made again.
const SETTLED_BYTES: usize = 64;

/// A text whose lines are either UTF-8 or not.
pub(super) struct Lines {
    pub(super) mixture: Mixture,
    /// Of the lines that are not UTF-8.
    pub(super) decoder: Legacy,
    /// Bytes beyond ASCII that the guess rests on.
    evidence_bytes: usize,
    /// The encoding of a line that was cut where a character may have been cut too.
    pub(super) inside: Option<&'static Encoding>,
}

impl Lines {
    pub(super) fn new(base: &'static Encoding, sample: &[u8]) -> Self {
        let mixture = Mixture::new(base, sample);
        let decoder = Legacy::new(mixture.legacy());
        Self { mixture, decoder, evidence_bytes: beyond_ascii(sample), inside: None }
    }

    /// Asks again, with the next lines, where the first had too little to tell by.
    pub(super) fn ask_again(&mut self, text: &[u8], declared: Option<&'static Encoding>) {
        if self.mixture.base() == UTF_8 || self.evidence_bytes >= SETTLED_BYTES {
            return;
        }
        if beyond_ascii(text) > self.evidence_bytes
            && let Guess::Known(base) = encoding::guess(text, declared)
            && base.is_ascii_compatible()
        {
            *self = Self::new(base, text);
        }
    }
}

fn beyond_ascii(text: &[u8]) -> usize {
    text.iter().filter(|byte| !byte.is_ascii()).count()
}
