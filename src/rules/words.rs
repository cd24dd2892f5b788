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
pub fn part_hash(part: &[u8]) -> Option<u64> {
    if part.len() > LONGEST_PART_BYTES {
        return None;
    }
    let mut lower = [0u8; LONGEST_PART_BYTES];
    let lower = lower.get_mut(..part.len())?;
    lower.copy_from_slice(part);
    lower.make_ascii_lowercase();
    Some(stem_hash(lower))
}

/// Hashes a lower-case word so that `batches` = `batch`, `categories` = `category`, `orders` = `order`.
fn stem_hash(word: &[u8]) -> u64 {
    let length = word.len();
    let ends = |suffix: &[u8]| word.ends_with(suffix);
    let (kept, added): (usize, &[u8]) = if length > 4 && ends(b"ies") {
        (length - 3, b"y")
    } else if length > 4 && (ends(b"sses") || ends(b"xes") || ends(b"ches") || ends(b"shes")) {
        (length - 2, b"")
    } else if length > 3 && ends(b"s") && !ends(b"ss") && !ends(b"us") && !ends(b"is") {
        (length - 1, b"")
    } else {
        (length, b"")
    };
    word.iter().take(kept).chain(added).fold(HASH_START, |hash, byte| step(hash, *byte))
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
    use super::*;

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
