//! The literals and labels that the first pass stops at, arranged so that most of a text is passed over many bytes at a
//! time.
//!
//! They fall into eight buckets. For each of some of their first bytes, two tables of sixteen entries say by the lower and
//! by the upper half of a byte which buckets it can belong to (the idea of Teddy, from Hyperscan: Wang et al. 2019,
//! "Hyperscan: a fast multi-pattern regex matcher for modern CPUs", section 4.2). Where all tables agree on a bucket a
//! literal may stand. Those that begin with a letter and those that begin with Chinese characters have tables of their
//! own: what tells two Chinese words apart is in the second and third byte of each character. A filter of bits for their
//! whole beginning is asked next, and only then is a literal compared.

use std::collections::BTreeMap;

/// By what a literal is looked up that begins with a letter: it and two more bytes.
const FIRST_BYTES: usize = 3;
/// Bytes of two Chinese characters.
const TWO_CHARACTERS: usize = 6;
/// Of a literal that begins with a letter, these bytes are seen,
const LETTER_PLACES: &[usize] = &[0, 1, 2];
/// and of one that begins with two Chinese characters, these.
const WIDE_PLACES: &[usize] = &[0, 1, 2, 4, 5];
const BUCKETS: usize = 8;
/// Bits of the filter: with two hundred literals, one beginning in a hundred and fifty passes by chance.
const FILTER_BITS: usize = 1 << 15;
/// Places of the filter that share a shelf of literals.
const PLACES_A_SHELF: usize = 1 << 5;

/// Which buckets a byte in one place can belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeenByte {
    /// Where it stands, from the first byte of the literal on.
    pub place: usize,
    /// By its lower four bits.
    pub low: [u8; 16],
    /// By its upper four bits.
    pub high: [u8; 16],
}

/// What the beginnings of literals have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint(Vec<SeenByte>);

impl Fingerprint {
    /// The furthest place of a byte that is seen.
    pub const FURTHEST: usize = TWO_CHARACTERS - 1;

    /// The fingerprint of literals that are long enough: each bucket takes neighbours in their order, which share most
    /// bits.
    #[must_use]
    pub fn of(literals: &[&[u8]], places: &[usize]) -> Self {
        let places = if literals.is_empty() { &[] } else { places };
        let seen = places.iter().map(|place| {
            let mut seen = SeenByte { place: *place, ..SeenByte::default() };
            for (number, literal) in literals.iter().enumerate() {
                let byte = literal.get(*place).copied().unwrap_or(0);
                let bucket = 1 << (number * BUCKETS / literals.len());
                seen.low[usize::from(byte & 15)] |= bucket;
                seen.high[usize::from(byte >> 4)] |= bucket;
            }
            seen
        });
        Self(seen.collect())
    }

    /// The bytes that are seen.
    #[must_use]
    pub fn seen(&self) -> &[SeenByte] {
        &self.0
    }

    /// Whether a literal may stand at the beginning of these bytes.
    #[must_use]
    #[inline]
    pub fn may_begin(&self, bytes: &[u8]) -> bool {
        let all = if self.0.is_empty() { 0 } else { u8::MAX };
        let buckets = self.0.iter().fold(all, |buckets, seen| {
            let byte = bytes.get(seen.place).copied().unwrap_or(0);
            buckets & seen.low[usize::from(byte & 15)] & seen.high[usize::from(byte >> 4)]
        });
        buckets != 0
    }
}

/// All literals of all detectors.
#[derive(Debug, Default)]
pub struct Literals {
    letters: Fingerprint,
    wide: Fingerprint,
    filter: Vec<u64>,
    /// By the place of their beginning in the filter, the longest first, each with the detectors that own it.
    shelves: Vec<Vec<(Vec<u8>, Vec<usize>)>>,
}

impl Literals {
    /// From literals and the detectors that own them. What begins neither with a letter and two more bytes nor with two
    /// Chinese characters is never found: the linter refuses it.
    #[must_use]
    pub fn new(literals: &[(&str, usize)]) -> Self {
        let shelves = vec![Vec::new(); FILTER_BITS / PLACES_A_SHELF];
        let mut index = Self { filter: vec![0; FILTER_BITS / 64], shelves, ..Self::default() };
        let mut owners: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
        for (literal, owner) in literals.iter().filter(|(literal, _)| Self::can_hold(literal)) {
            owners.entry(literal.as_bytes()).or_default().push(*owner);
        }
        for (literal, owners) in &owners {
            let Some(place) = place_in_filter(literal, 0) else { continue };
            if let Some(bits) = index.filter.get_mut(place / 64) {
                *bits |= 1 << (place % 64);
            }
            if let Some(shelf) = index.shelves.get_mut(place / PLACES_A_SHELF) {
                shelf.push((literal.to_vec(), owners.clone()));
                shelf.sort_by_key(|(literal, _)| std::cmp::Reverse(literal.len()));
            }
        }
        let begins_with_letter = |literal: &&&[u8]| literal.first().is_some_and(u8::is_ascii);
        let (letters, wide): (Vec<&[u8]>, Vec<&[u8]>) = owners.keys().partition(|literal| begins_with_letter(&literal));
        index.letters = Fingerprint::of(&letters, LETTER_PLACES);
        index.wide = Fingerprint::of(&wide, WIDE_PLACES);
        index
    }

    /// Whether a literal can be found by its beginning: a letter and two more bytes, or two Chinese characters.
    #[must_use]
    pub fn can_hold(literal: &str) -> bool {
        match literal.as_bytes() {
            [first, _, _, ..] if first.is_ascii() => first.is_ascii_alphabetic(),
            _ => literal.chars().take(2).filter(|character| character.len_utf8() == 3).count() == 2,
        }
    }

    /// What of a text may be a literal that begins with a letter.
    #[must_use]
    pub fn letters(&self) -> &Fingerprint {
        &self.letters
    }

    /// What of a text may be a literal that begins with a Chinese character.
    #[must_use]
    pub fn wide(&self) -> &Fingerprint {
        &self.wide
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.letters.seen().is_empty() && self.wide.seen().is_empty()
    }

    /// Whether a literal may begin at `at`, where its fingerprint says so.
    #[must_use]
    #[inline]
    pub fn may_begin(&self, text: &[u8], at: usize) -> bool {
        let bit = |place: usize| self.filter.get(place / 64).is_some_and(|bits| bits & 1 << (place % 64) != 0);
        place_in_filter(text, at).is_some_and(bit)
    }

    /// The detectors that own the longest literal that stands at the beginning of a text.
    #[must_use]
    pub fn standing(&self, text: &[u8]) -> &[usize] {
        let shelf = place_in_filter(text, 0).and_then(|place| self.shelves.get(place / PLACES_A_SHELF));
        let longest = shelf.and_then(|literals| literals.iter().find(|(literal, _)| text.starts_with(literal)));
        longest.map_or(&[], |(_, owners)| owners)
    }
}

/// The place of a beginning in the filter.
#[inline]
fn place_in_filter(text: &[u8], at: usize) -> Option<usize> {
    let length = if text.get(at)?.is_ascii() { FIRST_BYTES } else { TWO_CHARACTERS };
    let beginning = text.get(at..at + length)?.iter().rev().fold(0, |key, byte| key << 8 | u64::from(*byte));
    Some((beginning.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 49) as usize)
}
