//! Paths below the root of a share that are left out.

use std::sync::atomic::{AtomicBool, Ordering};

/// Prefixes of raw paths, as globs are too rich for this; each remembers whether it left anything out.
#[derive(Debug, Default)]
pub struct Exclusion {
    prefixes: Vec<(String, AtomicBool)>,
}

impl From<Vec<String>> for Exclusion {
    fn from(prefixes: Vec<String>) -> Self {
        Self { prefixes: prefixes.into_iter().map(|prefix| (prefix, AtomicBool::new(false))).collect() }
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
        // Each of them is asked, so that each remembers.
        self.prefixes.iter().fold(false, |any, (prefix, has_matched)| {
            let matches = path.starts_with(prefix.as_bytes());
            if matches {
                has_matched.store(true, Ordering::Relaxed);
            }
            matches || any
        })
    }

    /// Those of the prefixes that have left nothing out so far.
    pub fn unmatched(&self) -> impl Iterator<Item = &str> {
        let idle = self.prefixes.iter().filter(|(_, has_matched)| !has_matched.load(Ordering::Relaxed));
        idle.map(|(prefix, _)| prefix.as_str())
    }
}
