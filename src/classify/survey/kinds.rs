//! Which kind of system a database, or a module of it, is: told from the words of all its tables together.

use std::collections::BTreeMap;

use super::reading::Reading;
use crate::model::Place;
use crate::regime::Weighing;
use crate::rules::{Meaning, RulePack};

/// How likely each kind of system is, in the order of the pack's systems; what is left to 1 is a kind that no pack knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Kinds(pub(super) Vec<f64>);

impl Kinds {
    /// The kind of tables that have been read: each word that tells one adds its weight, each further table with the
    /// word adds less.
    pub(super) fn told<'r>(
        pack: &RulePack,
        kind_of_term: &[Option<(usize, f64)>],
        readings: impl Iterator<Item = &'r Reading>,
        weighing: &Weighing,
    ) -> Self {
        let mut tables_with: BTreeMap<usize, u32> = BTreeMap::new();
        for reading in readings {
            let terms = pack.lexicon().terms();
            let counts =
                |(term, place): &(usize, Place)| terms.get(*term).is_some_and(|term| term.may_stand_in(*place));
            let mut told: Vec<usize> = reading.terms().filter(counts).map(|(term, _)| term).collect();
            told.sort_unstable();
            told.dedup();
            for term in told.into_iter().filter(|term| kind_of_term.get(*term).is_some_and(Option::is_some)) {
                *tables_with.entry(term).or_default() += 1;
            }
        }
        let mut sums = vec![0.0; pack.systems().len()];
        for (term, tables) in tables_with {
            let Some((kind, weight)) = kind_of_term.get(term).copied().flatten() else { continue };
            if let Some(sum) = sums.get_mut(kind) {
                *sum += weight * (1.0 + weighing.survey.doubling * f64::from(tables).log2());
            }
        }
        Self::of_sums(&sums, weighing.survey.doubt)
    }

    /// Squares part the likely from the merely possible.
    fn of_sums(sums: &[f64], doubt: f64) -> Self {
        let all = sums.iter().map(|sum| sum * sum).sum::<f64>() + doubt * doubt;
        Self(sums.iter().map(|sum| if all > 0.0 { sum * sum / all } else { 0.0 }).collect())
    }

    /// What no kind has.
    fn unknown(&self) -> f64 {
        (1.0 - self.0.iter().sum::<f64>()).max(0.0)
    }

    /// The kind of a module within its database: what the module does not tell is as in the whole, and even what it
    /// tells leaves the whole a share.
    pub(super) fn within(&self, whole: &Self, share_of_whole: f64) -> Self {
        let of_whole = share_of_whole + (1.0 - share_of_whole) * self.unknown();
        Self(self.0.iter().zip(&whole.0).map(|(own, whole)| (1.0 - of_whole) * own + of_whole * whole).collect())
    }

    /// How likely a kind is.
    pub(super) fn of(&self, kind: usize) -> f64 {
        self.0.get(kind).copied().unwrap_or_default()
    }
}

/// By term: the kind that it tells, and how strongly.
pub(super) fn kinds_of_terms(pack: &RulePack) -> Vec<Option<(usize, f64)>> {
    let terms = pack.lexicon().terms().iter();
    terms
        .map(|term| match &term.meaning {
            Meaning::Tell(kind, weight) => Some((number_of(pack, kind)?, *weight)),
            _ => None,
        })
        .collect()
}

/// By term: the kind in which it has its meaning.
pub(super) fn kinds_of_roles(pack: &RulePack) -> Vec<Option<usize>> {
    let terms = pack.lexicon().terms().iter();
    terms
        .map(|term| match &term.meaning {
            Meaning::Role(kind) => number_of(pack, kind),
            _ => None,
        })
        .collect()
}

fn number_of(pack: &RulePack, kind: &str) -> Option<usize> {
    pack.systems().binary_search_by(|system| system.id.as_str().cmp(kind)).ok()
}
