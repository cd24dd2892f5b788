//! A detector, compiled.

use regex::bytes::Regex;

use super::schema::{Anchor, DetectorEntry, Example, Label, NormaliseName, Subject};
use super::words::{Name, NameWord};
use super::{Check, Confidence, Error, FirstBytes, compile};

/// How a value is brought to one form before it is counted as distinct.
pub type Normalise = NormaliseName;

/// How the cells of an unnamed column must look, compiled.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The bytes that a value may begin with.
    pub first: Vec<u8>,
    /// The fewest and the most bytes of a value.
    pub lengths: std::ops::RangeInclusive<usize>,
    /// What the whole cell must match, where that is not the detector's own pattern.
    pub pattern: Option<Regex>,
    /// That pattern as written, for the linter.
    pub pattern_text: Option<String>,
}

/// A detector, compiled.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the rule file, with a meaning of its own")]
pub struct DetectorRule {
    /// Its id, e.g. `cn.resident-id`.
    pub id: String,
    /// What a person reads.
    pub name: Label,
    /// The pack that it stands in.
    pub pack: String,
    /// The file that it stands in.
    pub file: String,
    /// What the first pass stops at for it.
    pub anchor: Anchor,
    /// Lengths of its runs.
    pub lengths: Vec<usize>,
    /// Those that count only with context.
    pub weak_lengths: Vec<usize>,
    /// Its groups of digits.
    pub groups: Vec<String>,
    /// Lengths that count only as a whole cell of a column named for it.
    pub column_lengths: Vec<usize>,
    /// Its literals.
    pub words: Vec<String>,
    /// Whether the candidate begins before its literals.
    pub back: bool,
    /// Words behind which it stands.
    pub labels: Vec<String>,
    /// The shape of an unnamed column of its kind.
    pub shape: Option<Shape>,
    /// Whether it is masked in names that are shown.
    pub mask: bool,
    /// What the candidate must match.
    pub pattern: Option<Regex>,
    /// What a candidate that matches it begins with.
    pub first_bytes: Option<FirstBytes>,
    /// The pattern as written, for the linter.
    pub pattern_text: Option<String>,
    /// Candidates that match it count only with context.
    pub weak_pattern: Option<Regex>,
    /// The weak pattern as written, for the linter.
    pub weak_pattern_text: Option<String>,
    /// The check of shape and check digit.
    pub check: Option<Check>,
    /// Words near it that speak for it, lower case.
    pub context: Vec<String>,
    /// Words near it that speak against it, lower case.
    pub negative_context: Vec<String>,
    column_words: Vec<NameWord>,
    second_column_words: Vec<NameWord>,
    pair_column_words: Vec<NameWord>,
    negative_words: Vec<NameWord>,
    excluded_words: Vec<NameWord>,
    /// Whether it counts only with context.
    pub needs_context: bool,
    /// Whether any value of a column named for it counts.
    pub any_value: bool,
    /// The marker that it puts on an asset.
    pub marker: Option<String>,
    /// What a distinct value stands for.
    pub subject: Option<Subject>,
    /// How values are brought to one form.
    pub normalise: Normalise,
    /// How sure it is of a checked candidate.
    pub confidence: Confidence,
    /// Categories that its presence speaks for.
    pub speaks_for: Vec<(String, f64)>,
    /// Where format and check come from.
    pub basis: Vec<String>,
    /// In these it must be found.
    pub examples: Vec<Example>,
    /// In these it must not be found.
    pub counter_examples: Vec<Example>,
}

impl DetectorRule {
    pub(super) fn new(entry: DetectorEntry, pack: &str, file: &str) -> Result<Self, Error> {
        let compiled = |pattern: &Option<String>| {
            let fault = || Error::Pattern { file: file.to_owned(), rule: entry.id.clone() };
            pattern.as_ref().map(|pattern| compile(pattern).map_err(|_| fault())).transpose()
        };
        let (pattern, weak_pattern) = (compiled(&entry.pattern)?, compiled(&entry.weak_pattern)?);
        let check = match &entry.validate {
            None => None,
            Some(name) => Some(Check::from_name(name).ok_or_else(|| Error::Unknown {
                file: file.to_owned(),
                rule: entry.id.clone(),
                what: "check",
                name: name.clone(),
                nearest: super::lint::nearest(name, Check::ALL.iter().map(|(known, _)| *known)),
            })?),
        };
        if !(0.0..=1.0).contains(&entry.confidence) {
            return Err(Error::Value { file: file.to_owned(), rule: entry.id, field: "confidence" });
        }
        let shape = match entry.shape_share {
            None => None,
            Some(share) => Some(Shape {
                pattern: compiled(&share.pattern)?,
                pattern_text: share.pattern,
                first: share.first.into_bytes(),
                lengths: share.lengths[0]..=share.lengths[1],
            }),
        };
        let lower = |words: &[String]| words.iter().map(|word| word.to_lowercase()).collect::<Vec<_>>();
        Ok(Self {
            column_words: entry.columns.iter().map(|word| NameWord::new(word)).collect(),
            second_column_words: entry.second_columns.iter().map(|word| NameWord::new(word)).collect(),
            negative_words: entry.negative_context.iter().map(|word| NameWord::new(word)).collect(),
            pair_column_words: entry.pair_columns.iter().map(|word| NameWord::new(word)).collect(),
            excluded_words: entry.negative_columns.iter().map(|word| NameWord::new(word)).collect(),
            context: lower(&entry.context),
            negative_context: lower(&entry.negative_context),
            id: entry.id,
            name: entry.name,
            pack: pack.to_owned(),
            file: file.to_owned(),
            anchor: entry.anchor,
            lengths: entry.lengths,
            weak_lengths: entry.weak_lengths,
            groups: entry.groups,
            column_lengths: entry.column_lengths,
            words: entry.words,
            back: entry.back,
            labels: entry.labels,
            shape,
            mask: entry.mask,
            first_bytes: entry.pattern.as_deref().map(FirstBytes::of),
            pattern,
            pattern_text: entry.pattern,
            weak_pattern,
            weak_pattern_text: entry.weak_pattern,
            check,
            needs_context: entry.needs_context,
            any_value: entry.any_value,
            marker: entry.marker,
            subject: entry.subject,
            normalise: entry.normalise,
            confidence: Confidence::of(entry.confidence),
            speaks_for: entry.speaks_for,
            basis: entry.basis,
            examples: entry.examples,
            counter_examples: entry.counter_examples,
        })
    }

    /// Whether each cell of a column of this name is meant to hold one, not half of a pair.
    #[must_use]
    pub fn names_whole_column(&self, name: &Name) -> bool {
        if self.is_pair() {
            self.pair_column_words.iter().any(|word| name.holds(word))
        } else {
            self.names_column(name)
        }
    }

    /// Whether a column of this name (or comment) is meant to hold it, or the first half of a pair.
    #[must_use]
    pub fn names_column(&self, name: &Name) -> bool {
        self.column_words.iter().any(|word| name.holds(word))
    }

    /// Whether a column of this name is meant to hold the second half of a pair.
    #[must_use]
    pub fn names_second_column(&self, name: &Name) -> bool {
        self.second_column_words.iter().any(|word| name.holds(word))
    }

    /// Whether a column of this name is meant to hold it, whole or by halves.
    #[must_use]
    pub fn asks_for(&self, name: &Name) -> bool {
        self.names_column(name) || self.names_second_column(name) || self.names_whole_column(name)
    }

    /// Whether a value of that many letters and digits, its separators aside, can be one.
    #[must_use]
    pub fn accepts_length(&self, length: usize) -> bool {
        self.lengths.contains(&length) || self.column_lengths.contains(&length)
    }

    /// Whether it finds pairs of columns.
    #[must_use]
    pub fn is_pair(&self) -> bool {
        !self.second_column_words.is_empty()
    }

    /// Whether no column is named for it.
    #[must_use]
    pub fn columns_are_empty(&self) -> bool {
        self.column_words.is_empty()
    }

    /// Whether a column of this name holds something else, whatever else is in the name.
    #[must_use]
    pub fn excludes_column(&self, name: &Name) -> bool {
        self.excluded_words.iter().any(|word| name.holds(word))
    }

    /// Whether a column of this name is meant to hold something else that looks alike.
    #[must_use]
    pub fn denies_column(&self, name: &Name) -> bool {
        self.negative_words.iter().any(|word| name.holds(word))
    }
}
