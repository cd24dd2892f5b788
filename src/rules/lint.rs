//! What a rule pack must be beyond well-formed. `detect::selftest` runs the examples.

use super::anchors::group_lengths;
use super::schema::Anchor;
use super::{ContextWords, DetectorRule, Error, Literals, Meaning, RulePack};

/// Classes of the regex crate that mean more than ASCII unless told otherwise, and what to write.
const BARE_CLASSES: [(&str, &str); 8] = [
    (r"\b", r"(?-u:\b)"),
    (r"\B", r"(?-u:\B)"),
    (r"\d", "[0-9]"),
    (r"\D", "[^0-9]"),
    (r"\w", "[0-9A-Za-z_]"),
    (r"\W", "[^0-9A-Za-z_]"),
    (r"\s", r"[ \t\r\n]"),
    (r"\S", r"[^ \t\r\n]"),
];

/// Bytes of values whose shape may speak for a column: shorter ones are states and grades, longer ones are texts.
const SHORTEST_SHAPE: usize = 4;
const LONGEST_SHAPE: usize = 200;

/// Everything that is wrong with a pack, in the order of its rules. `categories` are the ids that exist.
#[must_use]
pub fn lint(pack: &RulePack, categories: &[&str]) -> Vec<Error> {
    let mut errors = Vec::new();
    for detector in pack.detectors() {
        lint_detector(detector, &mut errors);
        for (category, weight) in &detector.speaks_for {
            errors.extend(unknown_category(&detector.file, &detector.id, category, categories));
            if !(0.0..=1.0).contains(weight) {
                errors.push(value(detector, "speaks_for"));
            }
        }
    }
    for term in pack.lexicon().terms() {
        for (category, _) in &term.weights {
            errors.extend(unknown_category(&term.file, &term.rule, category.as_str(), categories));
        }
        let says_nothing = term.weights.is_empty() && term.field.is_none() && term.plumbing <= 0.0;
        if says_nothing && !matches!(term.meaning, Meaning::Tell(..)) {
            errors.push(Error::Value { file: term.file.clone(), rule: term.rule.clone(), field: "category" });
        }
    }
    for format in pack.formats() {
        if let Some((category, _)) = &format.category {
            errors.extend(unknown_category(&format.file, &format.id, category, categories));
        }
        let pattern = format.line_pattern.as_ref().map(regex::bytes::Regex::as_str);
        lint_classes(&format.file, &format.id, pattern.unwrap_or_default(), &mut errors);
    }
    for shape in pack.shapes() {
        errors.extend(unknown_category(&shape.file, &shape.id, &shape.category, categories));
    }
    for system in pack.systems() {
        for (category, _) in &system.prior {
            errors.extend(unknown_category(&system.file, &system.id, category.as_str(), categories));
        }
    }
    for structure in pack.structures() {
        if let Some((category, _)) = &structure.category {
            errors.extend(unknown_category(&structure.file, &structure.id, category.as_str(), categories));
        }
    }
    errors.dedup();
    errors
}

fn lint_detector(detector: &DetectorRule, errors: &mut Vec<Error>) {
    let (file, rule) = (detector.file.clone(), detector.id.clone());
    let shape = detector.shape.as_ref().and_then(|shape| shape.pattern_text.as_ref());
    let patterns = [detector.pattern_text.as_ref(), detector.weak_pattern_text.as_ref(), shape];
    for pattern in patterns.into_iter().flatten() {
        lint_classes(&file, &rule, pattern, errors);
    }
    let missing = match detector.anchor {
        Anchor::DigitRun if detector.lengths.is_empty() && detector.groups.is_empty() => Some("lengths"),
        Anchor::LetterDigitRun if detector.lengths.is_empty() => Some("lengths"),
        Anchor::Words if detector.words.is_empty() => Some("words"),
        Anchor::Label if detector.labels.is_empty() => Some("labels"),
        Anchor::Column if detector.columns_are_empty() => Some("columns"),
        _ => None,
    };
    if let Some(field) = missing {
        errors.push(Error::Unanchored { file: file.clone(), rule: rule.clone(), field });
    }
    if detector.pattern.is_none() && detector.check.is_none() && !detector.any_value {
        errors.push(Error::Unanchored { file: file.clone(), rule: rule.clone(), field: "pattern" });
    }
    lint_literals(detector, errors);
    if detector.groups.iter().any(|groups| group_lengths(groups).is_none()) {
        errors.push(value(detector, "groups"));
    }
    for (field, words) in [("context", &detector.context), ("negative_context", &detector.negative_context)] {
        if !words.iter().all(|word| ContextWords::can_hold(word)) {
            errors.push(value(detector, field));
        }
    }
    if detector.needs_context && detector.context.is_empty() && detector.columns_are_empty() {
        errors.push(value(detector, "context"));
    }
    if detector.basis.is_empty() {
        errors.push(value(detector, "basis"));
    }
    if detector.examples.is_empty() {
        errors.push(Error::NoExamples { file: file.clone(), rule: rule.clone(), field: "examples" });
    }
    if detector.counter_examples.is_empty() {
        errors.push(Error::NoExamples { file, rule, field: "counter_examples" });
    }
}

fn lint_classes(file: &str, rule: &str, pattern: &str, errors: &mut Vec<Error>) {
    let ascii_only = pattern.replace(r"(?-u:\b)", "").replace(r"(?-u:\B)", "").replace(r"\\", "");
    for (class, instead) in BARE_CLASSES {
        if ascii_only.contains(class) {
            let (file, rule, class) = (file.to_owned(), rule.to_owned(), class.to_owned());
            errors.push(Error::BareClass { file, rule, class, instead });
        }
    }
}

/// What is looked for in every text: distinctive, or the pattern behind it would run nearly everywhere.
fn lint_literals(detector: &DetectorRule, errors: &mut Vec<Error>) {
    let is_words = detector.anchor == Anchor::Words;
    let literals = detector.words.iter().filter(|_| is_words).map(|word| (word, "words"));
    for (literal, field) in literals.chain(detector.labels.iter().map(|label| (label, "labels"))) {
        if !Literals::can_hold(literal) {
            errors.push(Error::Unanchored { file: detector.file.clone(), rule: detector.id.clone(), field });
        }
    }
    // The end of such a candidate is for the pattern to say.
    let is_open = matches!(detector.anchor, Anchor::Words | Anchor::Label | Anchor::DottedOpen | Anchor::AfterWide);
    if is_open && detector.pattern.is_none() {
        errors.push(Error::Unanchored { file: detector.file.clone(), rule: detector.id.clone(), field: "pattern" });
    }
    if detector.back && !is_words {
        errors.push(value(detector, "back"));
    }
    if !detector.labels.is_empty() && !matches!(detector.anchor, Anchor::Words | Anchor::Label) {
        errors.push(value(detector, "labels"));
    }
    let is_run = matches!(detector.anchor, Anchor::DigitRun | Anchor::LetterDigitRun);
    if !detector.column_lengths.is_empty() && !is_run {
        errors.push(value(detector, "column_lengths"));
    }
    if let Some(shape) = &detector.shape {
        let told_at_a_glance =
            !shape.first.is_empty() && shape.first.is_ascii() && *shape.lengths.start() >= SHORTEST_SHAPE;
        if !told_at_a_glance || shape.lengths.is_empty() || *shape.lengths.end() > LONGEST_SHAPE {
            errors.push(value(detector, "shape_share"));
        }
    }
}

fn value(detector: &DetectorRule, field: &'static str) -> Error {
    Error::Value { file: detector.file.clone(), rule: detector.id.clone(), field }
}

fn unknown_category(file: &str, rule: &str, category: &str, categories: &[&str]) -> Option<Error> {
    (!categories.contains(&category)).then(|| Error::Unknown {
        file: file.to_owned(),
        rule: rule.to_owned(),
        what: "category",
        name: category.to_owned(),
        nearest: nearest(category, categories.iter().copied()),
    })
}

/// The known name that a mistyped one most likely means: at most a third of its letters differ.
pub(super) fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    known
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance * 3 <= name.len().max(3))
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// Levenshtein's distance, by bytes: ids are ASCII.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, byte) in left.bytes().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        for (above, other) in row.iter_mut().skip(1).zip(right.bytes()) {
            let cost = (diagonal + usize::from(byte != other)).min(*above + 1).min(before + 1);
            diagonal = *above;
            before = cost;
            *above = cost;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
