//! A small matcher of vocabulary, for tests of classification alone: the real one is `detect::names`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;

use crate::model::{CategoryId, Evidence, Place};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    #[serde(rename = "schema")]
    _schema: u32,
    #[serde(rename = "pack")]
    rule: String,
    #[serde(default)]
    term: Vec<Term>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    category: Option<String>,
    #[serde(default)]
    weight: f64,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    columns: Vec<String>,
    #[serde(default)]
    initials: Vec<String>,
    field: Option<String>,
    #[serde(default)]
    plumbing: bool,
    #[serde(default)]
    places: Vec<Place>,
    #[serde(rename = "basis")]
    _basis: String,
}

/// One word of a term, cut once.
struct Word {
    text: String,
    /// Empty for Chinese words, which are looked for anywhere.
    parts: Vec<String>,
    share: f64,
    columns_only: bool,
}

pub(super) struct Matcher {
    terms: Vec<(String, Term, Vec<Word>)>,
}

impl Matcher {
    pub(super) fn read(folder: &Path) -> Self {
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        let mut terms = Vec::new();
        for file in files {
            let mut text = String::new();
            File::open(&file).unwrap().take(1 << 22).read_to_string(&mut text).unwrap();
            let pack: Pack = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            for term in pack.term {
                let words = term.cut();
                terms.push((pack.rule.clone(), term, words));
            }
        }
        Self { terms }
    }

    pub(super) fn categories(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter_map(|(_, term, _)| term.category.as_deref())
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter_map(|(_, term, _)| term.field.as_deref())
    }

    pub(super) fn find(&self, text: &str, place: Place) -> Vec<Evidence> {
        let parts = split(text);
        let mut evidence = Vec::new();
        for (rule, term, words) in &self.terms {
            if !term.places.is_empty() && !term.places.contains(&place) {
                continue;
            }
            for word in words.iter().filter(|word| !word.columns_only || place == Place::Column) {
                if word.is_in(text, &parts) {
                    let weights =
                        term.category.iter().map(|id| (CategoryId::new(id.as_str()), term.weight * word.share));
                    evidence.push(Evidence {
                        term: word.text.clone(),
                        rule: rule.clone(),
                        place,
                        count: 1,
                        weights: weights.collect(),
                        field: term.field.clone(),
                        plumbing: term.plumbing,
                    });
                }
            }
        }
        evidence
    }
}

impl Term {
    fn cut(&self) -> Vec<Word> {
        let kinds = [(&self.words, 1.0, false), (&self.columns, 1.0, true), (&self.initials, 0.15, true)];
        let cut = |(words, share, columns_only): (&Vec<String>, f64, bool)| -> Vec<Word> {
            let parts = |word: &String| if word.is_ascii() { split(word) } else { Vec::new() };
            words.iter().map(|word| Word { text: word.clone(), parts: parts(word), share, columns_only }).collect()
        };
        kinds.into_iter().flat_map(cut).collect()
    }
}

impl Word {
    fn is_in(&self, text: &str, parts: &[String]) -> bool {
        if self.parts.is_empty() {
            return !self.text.is_ascii() && text.contains(&self.text);
        }
        parts.windows(self.parts.len()).any(|window| window.iter().zip(&self.parts).all(|(a, b)| same(a, b)))
    }
}

/// Equal, or the plural of the other.
fn same(a: &str, b: &str) -> bool {
    let sibilant = |stem: &&str| stem.ends_with(['s', 'x']) || stem.ends_with("ch") || stem.ends_with("sh");
    a == b
        || a.strip_suffix('s') == Some(b)
        || a.strip_suffix("es").filter(sibilant) == Some(b)
        || a.strip_suffix("ies").is_some_and(|stem| b.strip_suffix('y') == Some(stem))
}

/// The word parts of an identifier, lower case: `snake_case`, `camelCase`, `kebab-case`, digits apart.
fn split(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    let letters: Vec<char> = text.chars().collect();
    for (place, letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|earlier| letters.get(earlier));
        let after = letters.get(place + 1);
        let digits_change = letter.is_ascii_alphanumeric()
            && before.is_some_and(|before| before.is_ascii_digit() != letter.is_ascii_digit());
        let hump = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || (before.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase))
            });
        if (hump || digits_change || !letter.is_ascii_alphanumeric()) && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
        }
        if letter.is_ascii_alphanumeric() {
            part.push(letter.to_ascii_lowercase());
        }
    }
    parts.extend((!part.is_empty()).then_some(part));
    parts
}
