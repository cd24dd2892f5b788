use std::collections::BTreeMap;

use crate::model::{CategoryId, Evidence, Place};
use crate::regime::{Taxonomy, Weighing};

/// What all evidence together weighs, by category and place.
pub(super) struct Weights {
    leaves: BTreeMap<CategoryId, Leaf>,
}

#[derive(Default)]
struct Leaf {
    /// The sum of the capped sums of the places.
    weight: f64,
    /// The part of it that names, comments, folders and the format have.
    named: f64,
}

/// One of the five, with its heaviest leaf.
pub(super) struct Branch {
    /// The heaviest leaf.
    pub(super) leaf: CategoryId,
    /// Its weight, and a share of that of its kin.
    pub(super) weight: f64,
}

/// The weight of one piece of evidence for a category: repetitions count by their logarithm.
pub(super) fn weigh(weight: f64, piece: &Evidence, weighing: &Weighing) -> f64 {
    let place = weighing.place(piece.place);
    let doublings = (piece.count.max(1) as f64).log2();
    weight.clamp(0.0, 1.0) * place.factor * (1.0 + place.doubling * doublings)
}

impl Weights {
    /// Adds up the evidence. The addends are sorted first, since floating sums depend on their order.
    pub(super) fn of(evidence: &[Evidence], taxonomy: &Taxonomy) -> Self {
        let weighing = taxonomy.weighing();
        let mut addends: BTreeMap<(&CategoryId, Place), Vec<f64>> = BTreeMap::new();
        for piece in evidence {
            for (category, weight) in &piece.weights {
                if taxonomy.contains(category.as_str()) {
                    addends.entry((category, piece.place)).or_default().push(weigh(*weight, piece, weighing));
                }
            }
        }
        let mut leaves: BTreeMap<CategoryId, Leaf> = BTreeMap::new();
        for ((category, place), mut of_place) in addends {
            of_place.sort_by(f64::total_cmp);
            let capped = cap(of_place.iter().sum(), weighing.place(place).most);
            let leaf = leaves.entry(category.clone()).or_default();
            leaf.weight += capped;
            if matches!(place, Place::Name | Place::Comment | Place::Format | Place::Folder) {
                leaf.named += capped;
            }
        }
        leaves.retain(|_, leaf| leaf.weight > 0.0);
        Self { leaves }
    }

    /// The branches that have any weight, heaviest first.
    pub(super) fn branches(&self, weighing: &Weighing) -> Vec<Branch> {
        let mut sums: BTreeMap<&str, (f64, &CategoryId, f64)> = BTreeMap::new();
        for (id, leaf) in &self.leaves {
            let (sum, heaviest, most) = sums.entry(id.top()).or_insert((0.0, id, 0.0));
            *sum += leaf.weight;
            // A leaf is worth more than the branch itself at the same weight: it says more.
            if leaf.weight > *most || (leaf.weight >= *most && heaviest.is_top()) {
                (*heaviest, *most) = (id, leaf.weight);
            }
        }
        let mut branches: Vec<Branch> = sums
            .into_values()
            .map(|(sum, leaf, most)| Branch { leaf: leaf.clone(), weight: most + weighing.kinship * (sum - most) })
            .collect();
        branches.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.leaf.cmp(&b.leaf)));
        branches
    }

    /// The second leaf of a branch.
    pub(super) fn second(&self, branch: &Branch) -> Option<(CategoryId, f64)> {
        let kin = self.leaves.iter().filter(|(id, _)| id.top() == branch.leaf.top() && **id != branch.leaf);
        kin.map(|(id, leaf)| (id.clone(), leaf.weight)).max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)))
    }

    /// The leaves with their weights.
    pub(super) fn leaves(&self) -> impl Iterator<Item = (CategoryId, f64)> {
        self.leaves.iter().map(|(id, leaf)| (id.clone(), leaf.weight))
    }

    /// What names, comments, folders and the format say for the leaf of a branch.
    pub(super) fn named(&self, branch: &Branch) -> f64 {
        self.leaves.get(&branch.leaf).map_or(0.0, |leaf| leaf.named)
    }
}

/// Approaches `most` smoothly: many weak words never outweigh a clear name, and each still adds a little.
fn cap(sum: f64, most: f64) -> f64 {
    if most > 0.0 { most * (1.0 - (-sum / most).exp()) } else { 0.0 }
}
