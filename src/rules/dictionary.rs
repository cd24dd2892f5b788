//! The vocabulary, arranged for one pass: a hash of the first word part, or of the first two Chinese characters,
//! a bitmap in front of the table, and a comparison only where the bitmap says perhaps.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::ops::Range;

use super::Error;
use super::parting::Parting;
use super::schema::TermEntry;
use super::system::Meaning;
use super::words;
use crate::model::{CategoryId, Evidence, Place};

/// Initials of pinyin are ambiguous (TZ is 图纸, 台账, 台站 and 跳闸): what is left of their weight. Design.
const INITIALS_SHARE: f64 = 0.15;

/// One word of a pack with what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The word as the pack writes it.
    pub word: String,
    /// The pack.
    pub rule: String,
    /// The file that it stands in.
    pub file: String,
    /// What it speaks for.
    pub weights: Vec<(CategoryId, f64)>,
    /// The field that it marks.
    pub field: Option<String>,
    /// How strongly it tells plumbing, 0 to 1.
    pub plumbing: f64,
    /// What it is for.
    pub meaning: Meaning,
    places: u16,
}

impl Term {
    /// Whether it speaks for its category in a place, whatever the system.
    #[must_use]
    pub fn counts_in(&self, place: Place) -> bool {
        self.meaning == Meaning::General && self.may_stand_in(place)
    }

    /// Whether its pack names the place.
    #[must_use]
    pub fn may_stand_in(&self, place: Place) -> bool {
        self.places & bit(place) != 0
    }

    /// The evidence of having seen it `count` times in a place.
    #[must_use]
    pub fn evidence(&self, place: Place, count: u64) -> Evidence {
        Evidence {
            term: self.word.clone(),
            rule: self.rule.clone(),
            place,
            count,
            weights: self.weights.clone(),
            field: self.field.clone(),
            plumbing: self.plumbing,
        }
    }
}

fn bit(place: Place) -> u16 {
    1 << match place {
        Place::Location | Place::Folder => 0,
        Place::Name => 1,
        Place::Comment => 2,
        Place::Column => 3,
        Place::Part => 4,
        Place::Content => 5,
        Place::Format
        | Place::Identifier
        | Place::Shape
        | Place::Neighbours
        | Place::Structure
        | Place::System
        | Place::Relation => 6,
    }
}

/// A term, seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermHit {
    /// Its number in the dictionary.
    pub term: usize,
    /// Where in the text.
    pub range: Range<usize>,
}

/// All words of all packs.
#[derive(Debug, Default)]
pub struct Dictionary {
    terms: Vec<Term>,
    /// Words that begin with an ASCII part, by the hash of that part; longest first.
    ascii: HashMap<u64, Vec<Sequence>>,
    ascii_bitmap: Bitmap,
    /// Words that begin with other characters, by their first six bytes, or three where they are shorter.
    wide: HashMap<u64, Vec<WideWord>>,
    wide_bitmap: Bitmap,
    parting: Parting,
    longest_leading_digits: usize,
    /// Whole names of columns, by `words::name_hash`.
    columns: HashMap<u64, Vec<usize>>,
}

/// Terms by first hash, all hashes, and the text behind them; ordered, so that a pack always compiles alike.
type Sequences = BTreeMap<(u64, Vec<u64>, Vec<u8>), Vec<usize>>;
/// Terms by first bytes and whole text.
type WideWords = BTreeMap<(u64, Vec<u8>), Vec<usize>>;

/// Part hashes in a row, then perhaps text that is not ASCII (`IP地址`).
#[derive(Debug, PartialEq)]
struct Sequence {
    parts: Vec<u64>,
    tail: Vec<u8>,
    terms: Vec<usize>,
}

impl Sequence {
    /// Its length, where it stands at `at`, and the first part there ends at `part_end`.
    fn length_at(&self, text: &[u8], at: usize, part_end: usize) -> Option<usize> {
        let end = follow(text, part_end, self.parts.get(1..).unwrap_or_default())?;
        let stands = self.tail.is_empty() || stands_at(text, end, &self.tail);
        stands.then(|| end + self.tail.len() - at)
    }
}

#[derive(Debug, PartialEq)]
struct WideWord {
    /// Lower case.
    text: Vec<u8>,
    terms: Vec<usize>,
}

/// A term with where it stands and what it is for.
#[derive(Clone, Debug)]
pub(super) struct FiledTerm {
    pub(super) pack: String,
    pub(super) file: String,
    pub(super) entry: TermEntry,
    pub(super) meaning: Meaning,
}

impl Dictionary {
    /// Arranges the terms of all packs.
    ///
    /// `joints` are words that say nothing, and part those that run together with them.
    pub(super) fn new(entries: &[FiledTerm], joints: &[String]) -> Result<Self, Error> {
        let mut dictionary = Self::default();
        dictionary.parting.know(joints.iter().filter_map(|joint| words::part_hash(joint.as_bytes())));
        let mut sequences: Sequences = BTreeMap::new();
        let mut wide: WideWords = BTreeMap::new();
        for filed in entries {
            let FiledTerm { pack, file, entry, .. } = filed;
            if !(0.0..=1.0).contains(&entry.weight) {
                return Err(Error::Value { file: file.clone(), rule: pack.clone(), field: "weight" });
            }
            let everywhere = if entry.places.is_empty() { u16::MAX } else { 0 };
            let places = entry.places.iter().fold(everywhere, |places, place| places | bit(*place));
            for word in &entry.words {
                let number = dictionary.add(filed, word, entry.weight, places);
                Self::file_word(word, number, &mut sequences, &mut wide).ok_or_else(|| Error::Value {
                    file: file.clone(),
                    rule: format!("{pack} ({word})"),
                    field: "words",
                })?;
            }
            for word in &entry.initials {
                let named = places & (bit(Place::Name) | bit(Place::Column));
                let number = dictionary.add(filed, word, entry.weight * INITIALS_SHARE, named);
                Self::file_word(word, number, &mut sequences, &mut wide).ok_or_else(|| Error::Value {
                    file: file.clone(),
                    rule: format!("{pack} ({word})"),
                    field: "initials",
                })?;
            }
            for word in &entry.columns {
                let number = dictionary.add(filed, word, entry.weight, bit(Place::Column));
                dictionary.columns.entry(words::name_hash(word)).or_default().push(number);
            }
        }
        dictionary.arrange(sequences, wide);
        Ok(dictionary)
    }

    fn add(&mut self, filed: &FiledTerm, word: &str, weight: f64, places: u16) -> usize {
        let FiledTerm { pack, file, entry, meaning } = filed;
        let weights = entry.category.iter().map(|category| (CategoryId::new(category.as_str()), weight)).collect();
        self.terms.push(Term {
            word: word.to_owned(),
            rule: pack.clone(),
            file: file.clone(),
            weights,
            field: entry.field.clone(),
            // A word of plumbing that gives no weight tells it for sure.
            plumbing: match (entry.plumbing, weight) {
                (false, _) => 0.0,
                (true, weight) if weight > 0.0 => weight,
                (true, _) => 1.0,
            },
            meaning: meaning.clone(),
            places,
        });
        self.terms.len() - 1
    }

    /// Puts a word where the scan will look for it; `None` where it could never be found.
    fn file_word(word: &str, number: usize, sequences: &mut Sequences, wide: &mut WideWords) -> Option<()> {
        let first = word.bytes().next()?;
        if !first.is_ascii() {
            let text = word.to_lowercase().into_bytes();
            let key = six_bytes(&text, 0).or_else(|| three_bytes(&text, 0))?;
            wide.entry((key, text)).or_default().push(number);
            return Some(());
        }
        let ascii_end = word.find(|character: char| !character.is_ascii()).unwrap_or(word.len());
        let (ascii, tail) = word.split_at(ascii_end);
        let parts: Option<Vec<u64>> =
            words::parts(ascii).into_iter().map(|part| words::part_hash(ascii.as_bytes().get(part)?)).collect();
        let parts = parts.filter(|parts| !parts.is_empty())?;
        let key = *parts.first()?;
        sequences.entry((key, parts, tail.to_lowercase().into_bytes())).or_default().push(number);
        Some(())
    }

    fn arrange(&mut self, sequences: Sequences, wide: WideWords) {
        let leading_digits = |term: &Term| term.word.bytes().take_while(u8::is_ascii_digit).count();
        self.longest_leading_digits = self.terms.iter().map(leading_digits).max().unwrap_or(0);
        for ((key, parts, tail), terms) in sequences {
            self.parting.know(parts.iter().copied());
            self.ascii_bitmap.set(key);
            let place = self.ascii.entry(key).or_default();
            place.push(Sequence { parts, tail, terms });
            place.sort_by_key(|sequence| std::cmp::Reverse((sequence.parts.len(), sequence.tail.len())));
        }
        for ((key, text), terms) in wide {
            self.wide_bitmap.set(key);
            let place = self.wide.entry(key).or_default();
            place.push(WideWord { text, terms });
            place.sort_by_key(|word| std::cmp::Reverse(word.text.len()));
        }
    }

    /// All terms, by number.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The terms that are the whole name of a column.
    pub fn column(&self, name: &str) -> impl Iterator<Item = usize> {
        self.columns.get(&words::name_hash(name)).into_iter().flatten().copied()
    }

    /// A name with a space between words that run together in it (`caseresult`), so that words of several parts are
    /// found too.
    #[must_use]
    pub fn part_words<'n>(&self, name: &'n str) -> Cow<'n, str> {
        self.parting.part(name)
    }

    /// Tells every word that starts in `range` of `text`, the longest where several do; a word inside a longer one
    /// is not told. Looks at what surrounds the range, so a word may end behind it.
    pub fn scan(&self, text: &[u8], range: Range<usize>, hit: impl FnMut(TermHit)) {
        let beginnings = range.filter_map(|at| {
            let is_wide = text.get(at).is_some_and(|byte| *byte >= 0xc0);
            (is_wide || words::starts_part(text, at)).then(|| at..if is_wide { at } else { words::part_end(text, at) })
        });
        self.scan_at(text, beginnings, 0, hit);
    }

    /// The same, where the parts of ASCII are known, and where other characters begin: as empty ranges. What begins
    /// before `done` is part of a word that was told; gives the end of the last one.
    pub fn scan_at(
        &self,
        text: &[u8],
        beginnings: impl Iterator<Item = Range<usize>>,
        mut done: usize,
        mut hit: impl FnMut(TermHit),
    ) -> usize {
        for part in beginnings {
            let at = part.start;
            if at < done {
                continue;
            }
            let found = if part.is_empty() { self.wide_at(text, at) } else { self.ascii_at(text, at, part.end) };
            if let Some((length, terms)) = found {
                for term in terms {
                    hit(TermHit { term: *term, range: at..at + length });
                }
                done = at + length.max(1);
            }
        }
        done
    }

    /// Tells every word that starts anywhere in a text, shorter and longer ones and those inside of others.
    pub fn scan_every(&self, text: &[u8], mut hit: impl FnMut(TermHit)) {
        for at in 0..text.len() {
            let is_wide = text.get(at).is_some_and(|byte| *byte >= 0xc0);
            let mut tell = |length: usize, terms: &[usize]| {
                for term in terms {
                    hit(TermHit { term: *term, range: at..at + length });
                }
            };
            if is_wide {
                for key in [six_bytes(text, at), three_bytes(text, at)].into_iter().flatten() {
                    let words = self.wide.get(&key).into_iter().flatten();
                    words
                        .filter(|word| stands_at(text, at, &word.text))
                        .for_each(|word| tell(word.text.len(), &word.terms));
                }
            } else if words::starts_part(text, at) {
                let part_end = words::part_end(text, at);
                let key = words::part_hash_at(text, at, part_end - at);
                for sequence in key.and_then(|key| self.ascii.get(&key)).into_iter().flatten() {
                    if let Some(length) = sequence.length_at(text, at, part_end) {
                        tell(length, &sequence.terms);
                    }
                }
            }
        }
    }

    /// Whether some word begins with a number of so many digits or more.
    #[must_use]
    pub fn begins_with_digits(&self, digits: usize) -> bool {
        self.longest_leading_digits >= digits
    }

    fn wide_at(&self, text: &[u8], at: usize) -> Option<(usize, &[usize])> {
        [six_bytes(text, at), three_bytes(text, at)].into_iter().flatten().find_map(|key| {
            if !self.wide_bitmap.holds(key) {
                return None;
            }
            let word = self.wide.get(&key)?.iter().find(|word| stands_at(text, at, &word.text))?;
            Some((word.text.len(), word.terms.as_slice()))
        })
    }

    fn ascii_at(&self, text: &[u8], at: usize, part_end: usize) -> Option<(usize, &[usize])> {
        let key = words::part_hash_at(text, at, part_end - at)?;
        if !self.ascii_bitmap.holds(key) {
            return None;
        }
        // Many words begin alike: what follows is looked at once.
        let mut second = None;
        self.ascii.get(&key)?.iter().find_map(|sequence| {
            let mut end = part_end;
            if let [_, hash, rest @ ..] = sequence.parts.as_slice() {
                let (found, second_end) = (*second.get_or_insert_with(|| next_part(text, part_end)))?;
                end = (found == *hash).then(|| follow(text, second_end, rest))??;
            }
            let stands = sequence.tail.is_empty() || stands_at(text, end, &sequence.tail);
            stands.then(|| (end + sequence.tail.len() - at, sequence.terms.as_slice()))
        })
    }
}

/// Follows the parts of a word from where its first ends; gives the end of the last.
fn follow(text: &[u8], mut end: usize, parts: &[u64]) -> Option<usize> {
    for part in parts {
        let (hash, next_end) = next_part(text, end)?;
        if hash != *part {
            return None;
        }
        end = next_end;
    }
    Some(end)
}

/// The part that follows one that ends at `end`, at once or behind a sign: its hash and its end.
fn next_part(text: &[u8], end: usize) -> Option<(u64, usize)> {
    let start =
        if text.get(end).is_some_and(|byte| matches!(byte, b' ' | b'_' | b'-' | b'.' | b'/')) { end + 1 } else { end };
    if !words::starts_part(text, start) {
        return None;
    }
    let end = words::part_end(text, start);
    Some((words::part_hash_at(text, start, end - start)?, end))
}

/// Whether the lower-case word stands at `at`, and does not end amid an ASCII word.
fn stands_at(text: &[u8], at: usize, word: &[u8]) -> bool {
    let Some(found) = text.get(at..at + word.len()) else { return false };
    let cut = word.last().is_some_and(u8::is_ascii_alphanumeric)
        && text.get(at + word.len()).is_some_and(u8::is_ascii_alphanumeric)
        && !words::starts_part(text, at + word.len());
    found.eq_ignore_ascii_case(word) && !cut
}

fn six_bytes(text: &[u8], at: usize) -> Option<u64> {
    let six = text.get(at..at + 6)?;
    // Only where the second character is not ASCII: its case would change the key.
    if six.iter().any(u8::is_ascii) {
        return None;
    }
    Some(six.iter().fold(0, |key, byte| (key << 8) | u64::from(*byte)))
}

fn three_bytes(text: &[u8], at: usize) -> Option<u64> {
    Some(text.get(at..at + 3)?.iter().fold(0, |key, byte| (key << 8) | u64::from(*byte)))
}

/// 2¹⁷ bits (16 KiB, stays in the first cache): with 5,000 words one probe in 25 goes on to the table.
#[derive(Debug)]
struct Bitmap(Vec<u64>);

impl Default for Bitmap {
    fn default() -> Self {
        Self(vec![0; 1 << 11])
    }
}

impl Bitmap {
    fn place(key: u64) -> (usize, u64) {
        let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 47;
        ((mixed >> 6) as usize, 1 << (mixed & 63))
    }

    fn set(&mut self, key: u64) {
        let (word, bit) = Self::place(key);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    fn holds(&self, key: u64) -> bool {
        let (word, bit) = Self::place(key);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

#[cfg(test)]
#[path = "dictionary_tests.rs"]
mod tests;
