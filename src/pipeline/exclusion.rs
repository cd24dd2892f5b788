//! Paths below the root of a share that are left out.

use std::sync::atomic::{AtomicBool, Ordering};

/// Prefixes of raw paths, as globs are too rich for this; each remembers whether it left anything out.
#[derive(Debug, Default)]
pub struct Exclusion {
    prefixes: Vec<(String, AtomicBool)>,
}

impl From<Vec<String>> for Exclusion {
    fn from(prefixes: Vec<String>) -> Self {
        // Every path begins with nothing: who writes nothing (a variable of a shell that is not set) means nothing.
        let written = prefixes.into_iter().filter(|prefix| !prefix.trim().is_empty());
        Self { prefixes: written.map(|prefix| (prefix, AtomicBool::new(false))).collect() }
    }
}

impl Exclusion {
    /// The prefixes as written.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        self.prefixes.iter().map(|(prefix, _)| prefix.as_str())
    }

    /// Whether a path, relative to the root of its share, is left out.
    #[must_use]
    pub fn covers(&self, path: &[u8]) -> bool {
        let covering = self.prefixes.iter().filter(|(prefix, _)| path.starts_with(prefix.as_bytes()));
        // Each of them is asked, so that each remembers.
        covering.map(|(_, has_matched)| has_matched.store(true, Ordering::Relaxed)).count() > 0
    }

    /// Those of the prefixes that have left nothing out so far.
    pub fn unmatched(&self) -> impl Iterator<Item = &str> {
        let idle = self.prefixes.iter().filter(|(_, has_matched)| !has_matched.load(Ordering::Relaxed));
        idle.map(|(prefix, _)| prefix.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_leaves_out_what_begins_so_and_nothing_written_leaves_out_nothing() {
        let exclusion = Exclusion::from(vec!["backup/".to_owned(), String::new(), " ".to_owned(), "tmp".to_owned()]);
        assert!(exclusion.covers(b"backup/a.txt") && !exclusion.covers(b"data/backup/a.txt") && !exclusion.covers(b""));
        assert_eq!(exclusion.unmatched().collect::<Vec<_>>(), ["tmp"]);
    }
}
