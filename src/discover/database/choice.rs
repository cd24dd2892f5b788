//! Which databases, schemas and tables are wanted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a person wants of a store: everything, unless `include` names less; never what `exclude` names.
///
/// A pattern is a name in parts, each with `*` for any run of characters and `?` for one, compared from the left with
/// `schema.table` (of several PostgreSQL databases `database.schema.table`). What it has fewer parts than the name
/// stands for everything below: `archive` is a whole schema, `*.tmp_*` a table of any schema. A part with a point in
/// it is written in double quotes.
///
/// It remembers which patterns named anything, together with those that were cloned from it: one that never did is most
/// likely misspelt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    include: Vec<Arc<Pattern>>,
    exclude: Vec<Arc<Pattern>>,
}

/// One pattern.
#[derive(Debug)]
struct Pattern {
    parts: Vec<String>,
    written: String,
    has_named: AtomicBool,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// Whether every part of it matches its part of the path.
    fn covers(&self, path: &[&str]) -> bool {
        let parts = &self.parts;
        let covers = parts.len() <= path.len() && parts.iter().zip(path).all(|(pattern, name)| matches(pattern, name));
        if covers {
            self.has_named.store(true, Ordering::Relaxed);
        }
        covers
    }

    /// Whether it may name something below the path.
    fn may_cover(&self, path: &[&str]) -> bool {
        self.parts.iter().zip(path).all(|(pattern, name)| matches(pattern, name))
    }
}

impl Choice {
    /// Reads patterns as a person writes them.
    #[must_use]
    pub fn new(include: &[String], exclude: &[String]) -> Self {
        let read = |patterns: &[String]| {
            let read = |written: &String| {
                let parts = name_parts(written.trim());
                let says_something = parts.iter().any(|part| !part.is_empty());
                let pattern = Pattern { parts, written: written.clone(), has_named: AtomicBool::new(false) };
                says_something.then(|| Arc::new(pattern))
            };
            patterns.iter().filter_map(read).collect()
        };
        Self { include: read(include), exclude: read(exclude) }
    }

    /// Whether the table or view at `path` is wanted.
    #[must_use]
    pub fn wants(&self, path: &[&str]) -> bool {
        // Each of them is asked, so that each remembers.
        let named = |patterns: &[Arc<Pattern>]| patterns.iter().fold(false, |any, pattern| pattern.covers(path) || any);
        let (included, excluded) = (named(&self.include), named(&self.exclude));
        (self.include.is_empty() || included) && !excluded
    }

    /// Whether anything below `path` may be wanted: a database in which nothing is need not be entered.
    #[must_use]
    pub fn enters(&self, path: &[&str]) -> bool {
        let excluded = self.exclude.iter().fold(false, |any, pattern| pattern.covers(path) || any);
        let enters =
            (self.include.is_empty() || self.include.iter().any(|pattern| pattern.may_cover(path))) && !excluded;
        if !enters {
            // What is in there nobody will see, and so not what these would have named of it.
            let unseen = self.exclude.iter().filter(|pattern| pattern.may_cover(path));
            unseen.for_each(|pattern| pattern.has_named.store(true, Ordering::Relaxed));
        }
        enters
    }

    /// The patterns, as written, that have named nothing so far.
    pub fn unmatched(&self) -> impl Iterator<Item = &str> {
        let patterns = self.include.iter().chain(&self.exclude);
        let idle = patterns.filter(|pattern| !pattern.has_named.load(Ordering::Relaxed));
        idle.map(|pattern| pattern.written.as_str())
    }
}

/// Whether a pattern can be taken apart: each double quote has its partner.
#[must_use]
pub fn is_pattern(written: &str) -> bool {
    written.bytes().filter(|byte| *byte == b'"').count() % 2 == 0
}

/// The patterns, for telling two choices apart.
impl std::fmt::Display for Choice {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts =
            |patterns: &[Arc<Pattern>]| patterns.iter().map(|pattern| pattern.parts.clone()).collect::<Vec<_>>();
        write!(formatter, "{:?} {:?}", parts(&self.include), parts(&self.exclude))
    }
}

/// `*` and `?` as a shell has them. Linear in the name for each `*`: the last one alone is ever taken back.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(it) if *it == '?' || name.get(from) == Some(it) => {
                at += 1;
                from += 1;
            }
            _ => match &mut star {
                Some((place, taken)) => {
                    *taken += 1;
                    (at, from) = (*place + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|it| *it == '*')
}

/// The parts of a name or pattern between points; quotes hold a part together, and two of them inside are one.
#[must_use]
pub fn name_parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, is_quoted) {
            ('"', true) if characters.peek() == Some(&'"') => {
                characters.next();
                parts.last_mut().into_iter().for_each(|part| part.push('"'));
            }
            ('"', _) => is_quoted = !is_quoted,
            ('.', false) => parts.push(String::new()),
            _ => parts.last_mut().into_iter().for_each(|part| part.push(character)),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn choice(include: &[&str], exclude: &[&str]) -> Choice {
        let owned = |patterns: &[&str]| patterns.iter().map(|pattern| (*pattern).to_owned()).collect::<Vec<_>>();
        Choice::new(&owned(include), &owned(exclude))
    }

    #[test]
    fn a_pattern_stands_for_what_it_names_and_all_below() {
        let wanted = choice(&["public", "mes.pro_*", "\"a.b\".t"], &["*.tmp_*", "public.log"]);
        for (schema, table, is_wanted) in [
            ("public", "task", true),
            ("public", "log", false),
            ("public", "logs", true),
            ("public", "tmp_1", false),
            ("mes", "pro_task", true),
            ("mes", "sys_user", false),
            ("a.b", "t", true),
            ("a", "b", false),
            ("生产", "任务", false),
        ] {
            assert_eq!(wanted.wants(&[schema, table]), is_wanted, "{schema}.{table}");
        }
        assert!(choice(&[], &[]).wants(&["any", "thing"]));
        assert!(choice(&["生?.*务"], &[]).wants(&["生产", "任务"]));
        assert!(choice(&[], &["", " "]).wants(&["any", "thing"]), "nothing written, nothing meant");
    }

    #[test]
    fn a_database_is_entered_only_where_something_in_it_may_be_wanted() {
        let wanted = choice(&["erp.public.order_*", "mes"], &["mes.archive", "old"]);
        for (database, enters) in [("erp", true), ("mes", true), ("old", false), ("hr", false)] {
            assert_eq!(wanted.enters(&[database]), enters, "{database}");
        }
        assert!(!wanted.wants(&["mes", "archive", "x"]) && wanted.wants(&["mes", "public", "x"]));
    }

    #[test]
    fn a_pattern_that_never_named_anything_is_told() {
        let all = choice(&["public", "mes.pro_*", "gone"], &["*.tmp_*", "public.lgo", "old"]);
        assert!(!all.clone().wants(&["public", "tmp_1"]) && all.wants(&["mes", "pro_task"]));
        assert!(!all.enters(&["old"]));
        assert_eq!(all.unmatched().collect::<Vec<_>>(), ["gone", "public.lgo"]);
        assert_eq!(choice(&[], &[]).unmatched().count(), 0);
    }

    proptest! {
        #[test]
        fn globs_say_what_an_anchored_regex_says(pattern in "[ab*?]{0,8}", name in "[abc]{0,8}") {
            let regex: String = pattern.chars().map(|it| match it {
                '*' => ".*".to_owned(),
                '?' => ".".to_owned(),
                other => other.to_string(),
            }).collect();
            let oracle = regex::RegexBuilder::new(&format!("^{regex}$")).build().unwrap();
            prop_assert_eq!(matches(&pattern, &name), oracle.is_match(&name));
        }

        #[test]
        fn a_quoted_name_is_one_part(schema in "[a.\"b]{1,6}", table in "[c.\"d]{1,6}") {
            let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
            let written = format!("{}.{}", quoted(&schema), quoted(&table));
            prop_assert_eq!(name_parts(&written), vec![schema, table]);
        }
    }
}
