//! Evidence → a category with its score, the reasons for and against it, and the alternatives. Pure.
//!
//! Additive, so that it can be explained: each piece of evidence weighs its term's weight times what its place is
//! worth, damped where it repeats. The branch (one of the five) with the most weight wins, and in it the heaviest leaf.

pub mod survey;
mod weigh;

use std::collections::BTreeMap;

use crate::model::{CategoryId, Classification, Contribution, Evidence, Place, Score};
use crate::regime::{Taxonomy, Weighing};
use weigh::{Branch, Weights};

/// The category that the evidence speaks for; none where it is too weak, or says that the asset is plumbing.
#[must_use]
pub fn classify(evidence: &[Evidence], taxonomy: &Taxonomy) -> Classification {
    let weighing = taxonomy.weighing();
    let weights = Weights::of(evidence, taxonomy);
    let fields = count_fields(evidence, weighing);
    let branches = weights.branches(weighing);
    let Some(winner) = branches.first() else {
        return Classification { fields, ..Classification::default() };
    };
    let all = branches.iter().map(|branch| branch.weight).sum::<f64>() + weighing.doubt;
    let mut alternatives = alternatives(&branches, &weights, all, weighing);
    let best = Score { id: winner.leaf.clone(), score: winner.weight / all };
    let carried = winner.weight >= weighing.threshold && !is_plumbing(evidence, &weights, winner, weighing);
    if !carried {
        alternatives.insert(0, best.clone());
    }
    Classification {
        best: carried.then_some(best),
        alternatives,
        contributions: contributions(evidence, winner, taxonomy),
        fields,
    }
}

/// Marks of plumbing win where they outweigh what the names say for the category. A file of a format of its own is no
/// plumbing, whatever it is called: `block.dxf`.
fn is_plumbing(evidence: &[Evidence], weights: &Weights, winner: &Branch, weighing: &Weighing) -> bool {
    if evidence.iter().any(|piece| piece.place == Place::Format) {
        return false;
    }
    let marks = evidence.iter().filter(|piece| marks_plumbing(piece.place));
    let marks = marks.map(|piece| weighing.plumbing * piece.plumbing * weighing.place(piece.place).factor);
    let against = marks.sum::<f64>();
    let named = weights.named(winner);
    against > 0.0 && against >= named
}

/// Where a mark of plumbing counts.
fn marks_plumbing(place: Place) -> bool {
    matches!(place, Place::Name | Place::Comment | Place::Structure | Place::Relation)
}

/// The other branches, and the second leaf of the winning one, as far as they are worth a look.
fn alternatives(branches: &[Branch], weights: &Weights, all: f64, weighing: &Weighing) -> Vec<Score> {
    let others = branches.iter().skip(1).map(|branch| Score { id: branch.leaf.clone(), score: branch.weight / all });
    let second = branches.first().and_then(|winner| weights.second(winner));
    let second = second.map(|(id, weight)| Score { id, score: weight / all });
    let mut scores: Vec<Score> =
        others.chain(second).filter(|score| score.score >= weighing.least_alternative).collect();
    scores.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    scores
}

/// Field marks, with how many mentions they are worth.
fn count_fields(evidence: &[Evidence], weighing: &Weighing) -> Vec<(String, u64)> {
    let mut fields: BTreeMap<&str, u64> = BTreeMap::new();
    for piece in evidence {
        if let Some(field) = &piece.field {
            let seen = fields.entry(field).or_default();
            *seen = seen.saturating_add(piece.count.saturating_mul(weighing.place(piece.place).mentions));
        }
    }
    fields.into_iter().map(|(field, times)| (field.to_owned(), times)).collect()
}

/// What spoke for the winner, and what for its rivals, heaviest first.
fn contributions(evidence: &[Evidence], winner: &Branch, taxonomy: &Taxonomy) -> Vec<Contribution> {
    let mut heaviest: BTreeMap<(&str, &str, Place, &CategoryId), (u64, f64)> = BTreeMap::new();
    for piece in evidence {
        for (category, weight) in piece.weights.iter().filter(|(category, _)| taxonomy.contains(category.as_str())) {
            let weight = weigh::weigh(*weight, piece, taxonomy.weighing());
            let said = heaviest.entry((&piece.term, &piece.rule, piece.place, category)).or_insert((0, 0.0));
            *said = (said.0.saturating_add(piece.count), said.1 + weight);
        }
    }
    let mut contributions: Vec<Contribution> = heaviest
        .into_iter()
        .map(|((term, rule, place, category), (count, weight))| Contribution {
            term: term.to_owned(),
            rule: rule.to_owned(),
            place,
            count,
            category: category.clone(),
            weight,
        })
        .collect();
    let supports = |said: &Contribution| said.category.top() == winner.leaf.top();
    contributions.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| supports(b).cmp(&supports(a)))
            .then_with(|| (&a.term, &a.rule, a.place, &a.category).cmp(&(&b.term, &b.rule, b.place, &b.category)))
    });
    contributions.truncate(Classification::MOST_CONTRIBUTIONS);
    contributions
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod vocabulary_tests;
