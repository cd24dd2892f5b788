//! Words of names: `inspectionOrder_no2`, `IQCCode`, `来料检验` cut into parts that can be compared.

use std::ops::Range;

/// Parts longer than this are no words (base64, hashes) and match nothing.
pub const LONGEST_PART_BYTES: usize = 32;

/// Whether an ASCII word part starts at `at`: `snake_case`, `kebab-case`, `camelCase`, `ABBRCase`, `word12`.
#[must_use]
pub fn starts_part(text: &[u8], at: usize) -> bool {
    let Some(here) = text.get(at).filter(|byte| byte.is_ascii_alphanumeric()) else { return false };
    let Some(before) = at.checked_sub(1).and_then(|before| text.get(before)) else { return true };
    if !before.is_ascii_alphanumeric() {
        return true;
    }
    let digits_change = before.is_ascii_digit() != here.is_ascii_digit();
    let hump = before.is_ascii_lowercase() && here.is_ascii_uppercase();
    // `IPs`, `SKUs`: a lone plural letter belongs to the abbreviation.
    let plural = text.get(at + 1) == Some(&b's') && !text.get(at + 2).is_some_and(u8::is_ascii_alphanumeric);
    let word_follows = text.get(at + 1).is_some_and(u8::is_ascii_lowercase) && !plural;
    let last_hump = before.is_ascii_uppercase() && here.is_ascii_uppercase() && word_follows;
    digits_change || hump || last_hump
}

/// Where the part that starts at `at` ends.
#[must_use]
pub fn part_end(text: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while text.get(end).is_some_and(u8::is_ascii_alphanumeric) && !starts_part(text, end) {
        end += 1;
    }
    end
}

/// The hash of a part, caseless and without an English plural; `None` for parts too long to be words.
#[must_use]
#[inline]
pub fn part_hash(part: &[u8]) -> Option<u64> {
    part_hash_at(part, 0, part.len())
}

/// The hash of the part of a text that begins at `at` and is so long.
#[must_use]
#[inline]
pub fn part_hash_at(text: &[u8], at: usize, length: usize) -> Option<u64> {
    if length > WORD_BYTES {
        return long_part_hash(text.get(at..at + length)?);
    }
    let eight = match text.get(at..).and_then(<[u8]>::first_chunk) {
        Some(eight) => u64::from_le_bytes(*eight) & low_bytes(length),
        None => text.get(at..at + length)?.iter().rev().fold(0, |eight, byte| eight << 8 | u64::from(*byte)),
    };
    Some(word_hash(stem(lower(eight) & low_bytes(length), length)))
}

/// Bytes of a word that go through a register in one piece.
const WORD_BYTES: usize = 8;

/// As many bytes of ones.
fn low_bytes(count: usize) -> u64 {
    if count >= WORD_BYTES { u64::MAX } else { (1 << (8 * count)) - 1 }
}

/// Letters in lower case; digits have the bit anyway, and bytes that are not ASCII stay.
fn lower(eight: u64) -> u64 {
    eight | (!eight & 0x8080_8080_8080_8080) >> 2
}

/// A word of up to eight lower-case letters without its plural: `batches` = `batch`, `categories` = `category`.
#[inline]
fn stem(word: u64, length: usize) -> u64 {
    let from_end = |place: usize| (word >> (8 * (length - place))) as u8;
    if length < 4 || from_end(1) != b's' {
        return word;
    }
    let kept = |bytes: usize| word & low_bytes(bytes);
    match (from_end(3), from_end(2)) {
        (b'i', b'e') if length > 4 => kept(length - 3) | u64::from(b'y') << (8 * (length - 3)),
        (b'x', b'e') if length > 4 => kept(length - 2),
        (b's' | b'h', b'e') if length > 4 && ends_in_hiss(word, length) => kept(length - 2),
        (_, b's' | b'u' | b'i') => word,
        _ => kept(length - 1),
    }
}

/// Whether `es` stands behind `ss`, `ch` or `sh`.
fn ends_in_hiss(word: u64, length: usize) -> bool {
    let two = (word >> (8 * (length - 4))) as u16;
    [*b"ss", *b"ch", *b"sh"].iter().any(|hiss| u16::from_le_bytes(*hiss) == two)
}

/// Distance between words, 2⁶⁴ divided by the golden ratio (Knuth, The Art of Computer Programming, volume 3, 6.4).
fn word_hash(word: u64) -> u64 {
    word.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The same for words of more than eight bytes, each eight on top of those before.
fn long_part_hash(part: &[u8]) -> Option<u64> {
    if part.len() > LONGEST_PART_BYTES {
        return None;
    }
    let mut lower = [0u8; LONGEST_PART_BYTES];
    let letters = lower.get_mut(..part.len())?;
    letters.copy_from_slice(part);
    letters.make_ascii_lowercase();
    let kept = long_stem(letters);
    if part.len() >= 3 && kept == part.len() - 3 {
        *lower.get_mut(kept)? = b'y';
        lower.get_mut(kept + 1..)?.fill(0);
    } else {
        lower.get_mut(kept..)?.fill(0);
    }
    let (eights, _) = lower.as_chunks::<WORD_BYTES>();
    let eights = eights.iter().map(|eight| u64::from_le_bytes(*eight)).take_while(|eight| *eight != 0);
    Some(eights.fold(0u64, |hash, eight| word_hash(hash.rotate_left(29) ^ eight)))
}

/// How much of a long word stays; three bytes less than all of it when a `y` follows.
fn long_stem(word: &[u8]) -> usize {
    let ends = |suffix: &[u8]| word.ends_with(suffix);
    if ends(b"ies") {
        word.len() - 3
    } else if ends(b"sses") || ends(b"xes") || ends(b"ches") || ends(b"shes") {
        word.len() - 2
    } else if ends(b"s") && !ends(b"ss") && !ends(b"us") && !ends(b"is") {
        word.len() - 1
    } else {
        word.len()
    }
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): words are short, and a hostile collision only adds a wrong hint.
const HASH_START: u64 = 0xcbf2_9ce4_8422_2325;

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// The hash of a whole name: of its parts in their order, whatever separates them.
#[must_use]
pub fn name_hash(name: &str) -> u64 {
    parts(name).iter().fold(HASH_START, |hash, part| {
        let part = part_value(name, part);
        part.to_le_bytes().iter().fold(hash, |hash, byte| step(hash, *byte))
    })
}

fn part_value(name: &str, part: &Range<usize>) -> u64 {
    let bytes = name.as_bytes().get(part.clone()).unwrap_or_default();
    part_hash(bytes).unwrap_or_else(|| bytes.iter().fold(HASH_START, |hash, byte| step(hash, *byte)))
}

/// The parts of a name: ASCII word parts, and runs of other characters as they stand.
#[must_use]
pub fn parts(name: &str) -> Vec<Range<usize>> {
    let bytes = name.as_bytes();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let end = if byte.is_ascii_alphanumeric() {
            part_end(bytes, at)
        } else if byte.is_ascii() {
            at += 1;
            continue;
        } else {
            at + bytes.iter().skip(at).take_while(|byte| !byte.is_ascii()).count()
        };
        parts.push(at..end);
        at = end;
    }
    parts
}

/// A word of a rule, ready to be looked for in names: ASCII as a sequence of whole parts, other text anywhere.
#[derive(Clone, Debug)]
pub enum NameWord {
    /// Part hashes that must follow each other.
    Parts(Vec<u64>),
    /// Text that must occur, lower case.
    Wide(String),
}

impl NameWord {
    /// Takes a word as the rule writes it.
    #[must_use]
    pub fn new(word: &str) -> Self {
        if word.is_ascii() {
            Self::Parts(parts(word).iter().map(|part| part_value(word, part)).collect())
        } else {
            Self::Wide(word.to_lowercase())
        }
    }
}

/// A name, cut once and asked many times.
#[derive(Clone, Debug)]
pub struct Name {
    parts: Vec<u64>,
    lower: String,
}

impl Name {
    /// Cuts a name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { parts: parts(name).iter().map(|part| part_value(name, part)).collect(), lower: name.to_lowercase() }
    }

    /// Whether the word stands in the name.
    #[must_use]
    pub fn holds(&self, word: &NameWord) -> bool {
        match word {
            NameWord::Parts(parts) => {
                !parts.is_empty() && self.parts.windows(parts.len()).any(|window| window == parts)
            }
            NameWord::Wide(text) => self.lower.contains(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However a word is written, and wherever it stands, it is the same; another one is another.
        #[test]
        fn a_word_and_its_plural_hash_alike_in_any_case_and_place(
            word in "[a-rt-z][a-z0-9]{3,14}[a-hj-rtvwz0-9]", before in "[ _]{0,9}", after in "[ _]{0,9}",
        ) {
            let hash = |word: &str| part_hash(word.as_bytes());
            let plural = match word.as_bytes() {
                [.., b's' | b'c', b'h'] => format!("{word}es"),
                _ => format!("{word}s"),
            };
            prop_assert_eq!(hash(&word), hash(&plural));
            prop_assert_eq!(hash(&word), hash(&word.to_uppercase()));
            prop_assert_ne!(hash(&word), hash(&format!("{word}0")));
            let text = format!("{before}{word}{after}");
            prop_assert_eq!(part_hash_at(text.as_bytes(), before.len(), word.len()), hash(&word));
        }
    }

    #[test]
    fn plurals_of_every_kind_and_length_are_their_singular() {
        let same = |one: &str, many: &str| part_hash(one.as_bytes()) == part_hash(many.as_bytes());
        for (one, many) in [
            ("batch", "batches"),
            ("category", "categories"),
            ("order", "orders"),
            ("class", "classes"),
            ("box", "boxes"),
            ("mesh", "meshes"),
            ("assembly", "assemblies"),
            ("warehouse", "warehouses"),
            ("subassembly", "subassemblies"),
            ("crosscheckswitch", "crosscheckswitches"),
            ("sky", "skies"),
            ("measurement", "measurements"),
            ("lot", "lots"),
        ] {
            assert!(same(one, many), "{one} {many}");
        }
        for (one, other) in [
            ("状态", "状忁"),
            ("status", "statu"),
            ("bus", "bu"),
            ("gas", "ga"),
            ("analysis", "analysi"),
            ("gras", "grass"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
    }

    fn cut(name: &str) -> Vec<&str> {
        parts(name).into_iter().map(|part| &name[part]).collect()
    }

    #[test]
    fn names_are_cut_where_a_person_would() {
        assert_eq!(cut("inspectionOrder_no2"), ["inspection", "Order", "no", "2"]);
        assert_eq!(cut("IQCCode"), ["IQC", "Code"]);
        assert_eq!(cut("SKUs"), ["SKUs"]);
        assert_eq!(cut("iqc-来料检验.xlsx"), ["iqc", "来料检验", "xlsx"]);
        assert_eq!(cut(""), [""; 0]);
    }

    #[test]
    fn a_plural_is_its_word_and_a_word_that_ends_in_s_stays() {
        assert_eq!(part_hash(b"Orders"), part_hash(b"order"));
        assert_eq!(part_hash(b"batches"), part_hash(b"batch"));
        assert_eq!(part_hash(b"categories"), part_hash(b"category"));
        assert_ne!(part_hash(b"gas"), part_hash(b"ga"));
        assert_ne!(part_hash(b"status"), part_hash(b"statu"));
        assert_eq!(part_hash(&[b'a'; 33]), None);
    }

    #[test]
    fn a_word_is_found_as_whole_parts_only() {
        let name = Name::new("duplicate_idCardNo");
        assert!(name.holds(&NameWord::new("id_card")));
        assert!(!name.holds(&NameWord::new("lic")));
        assert!(Name::new("员工身份证号码").holds(&NameWord::new("身份证")));
    }
}
