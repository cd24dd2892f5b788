//! Columns that are taken for one of a kind by the shape of their cells, without a name that says so.
//!
//! No cell is searched: its first byte and its length say which kinds are worth a look, and a kind that has missed too
//! many of the first cells is not asked again in this column.

use super::checksum::{self, Verdict};
use super::judge::{Judge, Stance, matched};
use super::normalise;
use super::tally::Tally;
use crate::model::SketchKey;
use crate::rules::{DetectorRule, RulePack};

/// By this many cells a column has shown what it holds.
const CELLS_TRIED: u64 = 64;
/// A kind that misses more of them cannot reach four fifths of a column that goes on like this.
const MOST_MISSES: u64 = 12;
/// A column of fewer different values is a list of states, whatever they look like.
const FEWEST_DISTINCT: u64 = 3;

/// The kinds that a column may still be of.
#[derive(Default)]
pub(super) struct Shapes {
    cells: u64,
    kinds: Vec<Kind>,
}

struct Kind {
    detector: usize,
    misses: u64,
    tally: Tally,
}

impl Shapes {
    /// Every kind that the name of the column neither promises nor denies.
    pub(super) fn new(pack: &RulePack, stances: &[Stance]) -> Self {
        let is_open = |detector: &&usize| stances.get(**detector).is_none_or(|stance| *stance == Stance::Silent);
        let kind = |detector: &usize| Kind { detector: *detector, misses: 0, tally: Tally::default() };
        Self { cells: 0, kinds: pack.anchors().shapes().iter().filter(is_open).map(kind).collect() }
    }

    /// Takes a cell that is not empty.
    pub(super) fn cell(&mut self, pack: &RulePack, key: SketchKey, value: &[u8]) {
        if self.kinds.is_empty() {
            return;
        }
        self.cells += 1;
        for kind in &mut self.kinds {
            let rule = pack.detectors().get(kind.detector).filter(|rule| has_shape(rule, value));
            if let Some(rule) = rule {
                let hash = normalise::hash(key, rule.normalise, value);
                kind.tally.count(Judge::named_confidence(rule), hash);
            } else {
                kind.misses += 1;
            }
        }
        if self.cells <= CELLS_TRIED {
            self.kinds.retain(|kind| kind.misses <= MOST_MISSES);
        }
    }

    /// The kind that holds of the column, which `is_mostly` answers by the number of cells that have the shape.
    pub(super) fn held(&self, is_mostly: impl Fn(u64) -> bool) -> Option<(usize, &Tally)> {
        let held = self.kinds.iter().filter(|kind| is_mostly(kind.tally.matches));
        let varied = held.filter(|kind| kind.tally.distinct() >= FEWEST_DISTINCT);
        varied.max_by_key(|kind| kind.tally.matches).map(|kind| (kind.detector, &kind.tally))
    }
}

/// Whether a whole cell has the shape of the kind, and no check refutes it.
fn has_shape(rule: &DetectorRule, value: &[u8]) -> bool {
    let Some(shape) = &rule.shape else { return false };
    if !shape.lengths.contains(&value.len()) || !value.first().is_some_and(|first| shape.first.contains(first)) {
        return false;
    }
    let pattern = shape.pattern.as_ref().or(rule.pattern.as_ref());
    let fits = pattern.is_none_or(|pattern| matched(pattern, value).is_some_and(|found| found.end == value.len()));
    fits && rule.check.is_none_or(|check| !matches!(checksum::verify(check, value), None | Some(Verdict::Refuted)))
}
