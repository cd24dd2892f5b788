//! Columns that are taken for one of a kind by the shape of their cells, without a name that says so.
//!
//! No cell is searched: its first byte and its length say which kinds are worth a look, and a kind that has missed too
//! many of the first cells is not asked again in this column.

use super::checksum::{self, Verdict};
use super::judge::{Stance, matched};
use super::normalise::{Compact, KeyedHash};
use super::share::{Cluster, MatchedRows};
use super::tally::Tally;
use crate::rules::schema::Anchor;
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
    /// A row has one cell of a column, so these are its matches.
    rows: MatchedRows,
}

impl Shapes {
    /// Every kind that the name of the column neither promises nor denies.
    pub(super) fn new(pack: &RulePack, stances: &[Stance]) -> Self {
        let is_open = |detector: &&usize| stances.get(**detector).is_none_or(|stance| *stance == Stance::Silent);
        let kind = |detector: &usize| Kind {
            detector: *detector,
            misses: 0,
            tally: Tally::default(),
            rows: MatchedRows::default(),
        };
        Self { cells: 0, kinds: pack.anchors().shapes().iter().filter(is_open).map(kind).collect() }
    }

    /// Takes a cell that is not empty.
    pub(super) fn cell(&mut self, pack: &RulePack, keyed: &KeyedHash, value: &[u8]) {
        if self.kinds.is_empty() {
            return;
        }
        self.cells += 1;
        for kind in &mut self.kinds {
            let rule = pack.detectors().get(kind.detector).filter(|rule| has_shape(rule, value));
            if let Some(rule) = rule {
                kind.tally.count(rule.confidence.supported, keyed.of(rule.normalise, value));
                kind.rows.add_row();
            } else {
                kind.misses += 1;
            }
        }
        if self.cells <= CELLS_TRIED {
            self.kinds.retain(|kind| kind.misses <= MOST_MISSES);
        }
    }

    /// Ends a cluster of rows.
    pub(super) fn cluster_end(&mut self, cluster: Cluster) {
        self.kinds.iter_mut().for_each(|kind| kind.rows.end_cluster(cluster));
    }

    /// The kind that holds of the column, which `is_mostly` answers by the number of cells that have the shape.
    pub(super) fn held(&self, is_mostly: impl Fn(u64) -> bool) -> Option<(usize, &Tally, MatchedRows)> {
        let held = self.kinds.iter().filter(|kind| is_mostly(kind.tally.matches));
        let varied = held.filter(|kind| kind.tally.distinct() >= FEWEST_DISTINCT);
        varied.max_by_key(|kind| kind.tally.matches).map(|kind| (kind.detector, &kind.tally, kind.rows))
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
    let compact = Compact::of(value);
    // A pattern of its own may take separators, which the check of a run does not know.
    let is_run = matches!(rule.anchor, Anchor::DigitRun | Anchor::LetterDigitRun);
    let checked = if is_run { compact.as_slice() } else { value };
    fits && rule.check.is_none_or(|check| !matches!(checksum::verify(check, checked), None | Some(Verdict::Refuted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyed() -> KeyedHash {
        KeyedHash::new(crate::model::SketchKey([9; 16]))
    }

    /// The detector that holds of an unnamed column, and how many of its cells.
    fn held(values: &[&str]) -> Option<(String, u64)> {
        let pack = RulePack::builtin().expect("the built-in packs load");
        let mut shapes = Shapes::new(&pack, &[]);
        for value in values {
            shapes.cell(&pack, &keyed(), value.as_bytes());
        }
        let is_mostly = |matches: u64| matches * 5 >= values.len() as u64 * 4;
        shapes.held(is_mostly).map(|(detector, tally, _)| (pack.detectors()[detector].id.clone(), tally.matches))
    }

    #[test]
    fn a_column_is_what_four_fifths_of_its_cells_look_like() {
        let tags = ["FIC-2738", "TT-1041", "PT-3302A", "LIC-2201.PV"];
        assert_eq!(held(&tags.repeat(10)), Some(("isa.tag".to_owned(), 40)));
        let mixed: Vec<&str> = tags.iter().copied().chain(["spare"]).collect();
        assert_eq!(held(&mixed.repeat(10)), Some(("isa.tag".to_owned(), 40)));
        let worse: Vec<&str> = tags.iter().copied().chain(["spare", "none"]).collect();
        assert_eq!(held(&worse.repeat(10)), None);
    }

    #[test]
    fn few_different_values_are_states_and_no_tags() {
        assert_eq!(held(&["TT-1041", "TT-1042"].repeat(20)), None);
    }

    #[test]
    fn a_column_that_begins_as_something_else_is_not_looked_at_again() {
        let pack = RulePack::builtin().expect("the built-in packs load");
        let mut shapes = Shapes::new(&pack, &[]);
        for _ in 0..=MOST_MISSES {
            shapes.cell(&pack, &keyed(), "运行".as_bytes());
        }
        assert!(shapes.kinds.is_empty());
        let cells = shapes.cells;
        shapes.cell(&pack, &keyed(), b"FIC-2738");
        assert_eq!(shapes.cells, cells);
    }

    #[test]
    fn a_name_that_promises_or_denies_the_kind_leaves_it_to_the_name() {
        let pack = RulePack::builtin().expect("the built-in packs load");
        let named: Vec<Stance> = pack.detectors().iter().map(|_| Stance::Named).collect();
        assert!(Shapes::new(&pack, &named).kinds.is_empty());
        assert_eq!(Shapes::new(&pack, &[]).kinds.len(), pack.anchors().shapes().len());
    }
}
