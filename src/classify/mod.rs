//! Evidence → a category with its score, the reasons for and against it, and the alternatives. Pure.
//!
//! Additive, so that it can be explained: each piece of evidence weighs its term's weight times what its place is
//! worth, damped where it repeats. The branch (one of the five) with the most weight wins, and in it the heaviest leaf.

pub mod summary;
pub mod survey;
mod weigh;

use std::collections::BTreeMap;

use crate::model::{CategoryId, Classification, Contribution, Evidence, Place, Score};
use crate::regime::{Signals, Taxonomy, Weighing};
use weigh::{Branch, Weights};

/// The category that the evidence speaks for; none where it is too weak, or says that the asset is plumbing.
#[must_use]
pub fn classify(evidence: &[Evidence], taxonomy: &Taxonomy) -> Classification {
    weigh_up(evidence, taxonomy).0
}

/// The same, with what the score was made of.
#[must_use]
pub fn weigh_up(evidence: &[Evidence], taxonomy: &Taxonomy) -> (Classification, Signals) {
    let weighing = taxonomy.weighing();
    let weights = Weights::of(evidence, taxonomy);
    let fields = count_fields(evidence, weighing);
    let branches = weights.branches(weighing);
    let contributions = contributions(evidence, branches.first(), taxonomy);
    let Some(winner) = branches.first() else {
        return (Classification { contributions, fields, ..Classification::default() }, Signals::default());
    };
    let all = branches.iter().map(|branch| branch.weight).sum::<f64>() + weighing.doubt;
    let marks = marks_of_plumbing(evidence, weighing);
    let named = weights.named(winner);
    let signals = Signals {
        share: winner.weight / all,
        weight: winner.weight,
        named,
        plumbing: if marks > 0.0 { marks / (marks + named) } else { 0.0 },
    };
    let score = taxonomy.calibration().score(signals);
    let best = Score { id: winner.leaf.clone(), score };
    let mut alternatives = alternatives(&branches, &weights, all, weighing);
    // What the best leaves is shared among the others as their weights are; none is likelier than the best. A second
    // leaf of the best's branch is in the share of the best too, so all of them may come to more than what that leaves.
    let others = alternatives.iter().map(|other| other.score).sum::<f64>().max(1.0 - signals.share);
    let left = if others > 0.0 { (1.0 - score) / others } else { 0.0 };
    for other in &mut alternatives {
        other.score = (other.score * left).min(score);
    }
    // Marks of plumbing win where they outweigh what the names say for the category.
    let carried = winner.weight >= weighing.threshold && !(marks > 0.0 && marks >= named);
    if !carried {
        alternatives.insert(0, best.clone());
    }
    (Classification { best: carried.then_some(best), alternatives, contributions, fields }, signals)
}

/// What marks of plumbing weigh. A file of a format of its own is no plumbing, whatever it is called: `block.dxf`.
fn marks_of_plumbing(evidence: &[Evidence], weighing: &Weighing) -> f64 {
    if evidence.iter().any(|piece| piece.place == Place::Format && !piece.weights.is_empty()) {
        return 0.0;
    }
    let mut marks: Vec<f64> = evidence
        .iter()
        .filter(|piece| marks_plumbing(piece.place))
        .map(|piece| weighing.plumbing * piece.plumbing * weighing.place(piece.place).factor)
        .collect();
    marks.sort_by(f64::total_cmp);
    marks.iter().sum()
}

/// Where a mark of plumbing counts.
fn marks_plumbing(place: Place) -> bool {
    matches!(place, Place::Name | Place::Comment | Place::Structure | Place::Relation | Place::Format)
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

/// What spoke for the winner, what for its rivals, and what for leaving the asset unclassified; heaviest first.
fn contributions(evidence: &[Evidence], winner: Option<&Branch>, taxonomy: &Taxonomy) -> Vec<Contribution> {
    let weighing = taxonomy.weighing();
    let plumbing = CategoryId::new(Classification::PLUMBING);
    let mut heaviest: BTreeMap<(&str, &str, Place, &CategoryId), (u64, f64)> = BTreeMap::new();
    for piece in evidence {
        let mut add = |category, weight: f64| {
            let said = heaviest.entry((&piece.term, &piece.rule, piece.place, category)).or_insert((0, 0.0));
            *said = (said.0.saturating_add(piece.count), said.1 + weight);
        };
        for (category, weight) in piece.weights.iter().filter(|(category, _)| taxonomy.contains(category.as_str())) {
            add(category, weigh::weigh(*weight, piece, weighing));
        }
        if piece.plumbing > 0.0 && marks_plumbing(piece.place) {
            add(&plumbing, weighing.plumbing * piece.plumbing * weighing.place(piece.place).factor);
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
    let supports = |said: &Contribution| winner.is_some_and(|winner| said.category.top() == winner.leaf.top());
    contributions.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| supports(b).cmp(&supports(a)))
            .then_with(|| (&a.term, &a.rule, a.place, &a.category).cmp(&(&b.term, &b.rule, b.place, &b.category)))
    });
    contributions.retain(|said| said.weight >= LEAST_WEIGHT);
    contributions.truncate(Classification::MOST_CONTRIBUTIONS);
    contributions
}

/// Lighter contributions are shown as nothing, so they are not kept.
const LEAST_WEIGHT: f64 = 0.005;

#[cfg(test)]
mod tests;

#[cfg(test)]
mod vocabulary_tests;
