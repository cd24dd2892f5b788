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

pub(super) struct Matcher {
    terms: Vec<(String, Term)>,
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
            terms.extend(pack.term.into_iter().map(|term| (pack.rule.clone(), term)));
        }
        Self { terms }
    }

    pub(super) fn find(&self, text: &str, place: Place) -> Vec<Evidence> {
        let parts = split(text);
        let mut evidence = Vec::new();
        for (rule, term) in &self.terms {
            if !term.places.is_empty() && !term.places.contains(&place) {
                continue;
            }
            let columns: &[String] = if place == Place::Column { &term.columns } else { &[] };
            let strong = term.words.iter().chain(columns).map(|word| (word, 1.0));
            let weak = term.initials.iter().map(|word| (word, 0.15));
            for (word, share) in strong.chain(weak).filter(|(word, _)| is_in(word, text, &parts)) {
                let weights =
                    term.category.iter().map(|id| (CategoryId::new(id.as_str()), term.weight * share)).collect();
                let (term_text, rule, field) = (word.clone(), rule.clone(), term.field.clone());
                evidence.push(Evidence {
                    term: term_text,
                    rule,
                    place,
                    count: 1,
                    weights,
                    field,
                    plumbing: term.plumbing,
                });
            }
        }
        evidence
    }
}

fn is_in(word: &str, text: &str, parts: &[String]) -> bool {
    if !word.is_ascii() {
        return text.contains(word);
    }
    let wanted = split(word);
    !wanted.is_empty() && parts.windows(wanted.len()).any(|window| window.iter().zip(&wanted).all(|(a, b)| same(a, b)))
}

/// Equal, or the plural of the other.
fn same(a: &str, b: &str) -> bool {
    a == b
        || a.strip_suffix('s') == Some(b)
        || a.strip_suffix("es") == Some(b)
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
        let hump = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || (before.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase))
            });
        if (hump || !letter.is_ascii_alphanumeric()) && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
        }
        if letter.is_ascii_alphanumeric() {
            part.push(letter.to_ascii_lowercase());
        }
    }
    parts.extend((!part.is_empty()).then_some(part));
    parts
}
