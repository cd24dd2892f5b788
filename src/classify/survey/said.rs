//! What the words of a table say once it is likely in what kind of system it stands.

use std::collections::BTreeMap;
use std::ops::Range;

use super::kinds::Kinds;
use super::reading::Text;
use crate::model::{Evidence, Place};
use crate::regime::SurveyWeights;
use crate::rules::{Meaning, RulePack, Term};

/// Less than this of a word's weight is not worth telling.
const LEAST_SHARE: f64 = 0.05;

/// Evidence of words, by place and term.
pub(super) struct Said<'s> {
    pub(super) pack: &'s RulePack,
    pub(super) roles: &'s [Option<usize>],
    pub(super) kinds: &'s Kinds,
    pub(super) found: BTreeMap<(Place, usize), Evidence>,
}

impl Said<'_> {
    /// The words of a text. At each place the longest word counts, as far as it means something here: a role only in
    /// the measure in which the system is of its kind; what is left goes to shorter words, and to those inside of it.
    pub(super) fn text(&mut self, text: &Text, weights: SurveyWeights) {
        let mut taken: Vec<(Range<usize>, f64)> = Vec::new();
        for spot in &text.spots {
            let is_held = |(range, _): &&(Range<usize>, f64)| range.contains(&spot.range.start);
            let left = 1.0 - taken.iter().filter(is_held).map(|(_, share)| share).sum::<f64>();
            if left < LEAST_SHARE {
                continue;
            }
            let of_roles = self.share_of_roles(&spot.terms);
            let is_general = spot.terms.iter().any(|term| self.is_general(*term, text.place));
            let of_general = if is_general { 1.0 - of_roles } else { 0.0 };
            let worth = worth(text, &spot.range, weights);
            let mut said: Vec<(Option<usize>, usize)> = Vec::new();
            for term in &spot.terms {
                let role = self.roles.get(*term).copied().flatten();
                // Spellings of one word (`log`, `logs`) say what they say once, in a kind of system as everywhere.
                if said.iter().any(|(other, said)| *other == role && self.say_the_same(*said, *term)) {
                    continue;
                }
                said.push((role, *term));
                let share = role.map_or(of_general, |kind| self.kinds.of(kind));
                self.term(text.place, *term, 1, left * share * worth);
            }
            taken.push((spot.range.clone(), left * (of_roles + of_general)));
        }
    }

    /// One term with a share of its weight.
    pub(super) fn term(&mut self, place: Place, term: usize, count: u64, share: f64) {
        let Some(known) = self.pack.lexicon().terms().get(term).filter(|known| known.may_stand_in(place)) else {
            return;
        };
        if share < LEAST_SHARE || matches!(known.meaning, Meaning::Tell(..)) {
            return;
        }
        let piece = self.found.entry((place, term)).or_insert_with(|| {
            let mut piece = known.evidence(place, 0);
            for (_, weight) in &mut piece.weights {
                *weight *= share;
            }
            piece.plumbing *= share;
            piece
        });
        piece.count = piece.count.saturating_add(count);
    }

    /// How much of a word the roles of the kinds take that the system may be.
    fn share_of_roles(&self, terms: &[usize]) -> f64 {
        let mut kinds: Vec<usize> = terms.iter().filter_map(|term| self.roles.get(*term).copied().flatten()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.into_iter().map(|kind| self.kinds.of(kind)).sum::<f64>().min(1.0)
    }

    fn say_the_same(&self, one: usize, other: usize) -> bool {
        let terms = self.pack.lexicon().terms();
        let (Some(one), Some(other)) = (terms.get(one), terms.get(other)) else { return false };
        let categories = |term: &Term| term.weights.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
        categories(one) == categories(other)
            && (one.plumbing > 0.0) == (other.plumbing > 0.0)
            && one.field == other.field
    }

    fn is_general(&self, term: usize, place: Place) -> bool {
        self.pack.lexicon().terms().get(term).is_some_and(|term| term.counts_in(place))
    }
}

/// What a word is worth for where it stands in its text.
fn worth(text: &Text, range: &Range<usize>, weights: SurveyWeights) -> f64 {
    if range.end <= text.module_end {
        weights.prefix
    } else if range.end < text.end {
        weights.early
    } else {
        1.0
    }
}
