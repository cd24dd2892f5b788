use std::collections::{BTreeMap, BTreeSet};

use crate::model::{CategoryId, Distinct, Examined, Finding, Measure, Sketch};
use crate::regime::Criteria;

/// Findings less sure than this count nobody (our own choice: more likely right than wrong).
const LEAST_CONFIDENCE: f64 = 0.5;

/// What the criteria look at, of one asset or of a whole class. Merging is commutative and associative, and
/// never takes anything away, so that more data never lowers a level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The category. Facts that are merged are those of one class; of two the first by id is kept.
    pub category: Option<CategoryId>,
    /// Records together.
    pub records: Option<Measure>,
    /// Bytes together.
    pub bytes: Option<Measure>,
    /// What each detector found, over all parts.
    pub identifiers: BTreeMap<String, Identifiers>,
    /// Field marks, with how often they were seen.
    pub fields: BTreeMap<String, u64>,
    /// Markers.
    pub markers: BTreeSet<String>,
    /// Distinct persons, where a person counted them and no detector did.
    pub stated_subjects: Option<Measure>,
}

/// What one detector found in all parts together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identifiers {
    /// Matches seen.
    pub matches: u64,
    /// The distinct values seen.
    pub sketch: Sketch,
    /// For coordinates: the most decimals.
    pub decimals: Option<u8>,
    /// Whether some part was only sampled.
    pub sampled: bool,
    /// The parts' upper bounds together.
    most: u64,
}

impl Identifiers {
    /// How many distinct values: a range as soon as one part was sampled.
    #[must_use]
    pub fn distinct(&self) -> Distinct {
        if self.sampled {
            Distinct::range(&self.sketch, self.most)
        } else {
            Distinct::Estimate { estimate: self.sketch.estimate(), relative_error: Sketch::RELATIVE_ERROR }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.matches = self.matches.saturating_add(other.matches);
        self.sketch.merge(&other.sketch);
        self.decimals = self.decimals.max(other.decimals);
        self.sampled |= other.sampled;
        self.most = self.most.saturating_add(other.most);
    }
}

impl Facts {
    /// The facts of one asset, from the parts of its examination.
    #[must_use]
    pub fn of(
        category: Option<&CategoryId>,
        records: Option<Measure>,
        bytes: Option<Measure>,
        findings: &[Finding],
        fields: &[(String, u64)],
        markers: &[String],
    ) -> Self {
        let mut facts = Self {
            category: category.cloned(),
            records,
            bytes,
            markers: markers.iter().cloned().collect(),
            ..Self::default()
        };
        for finding in findings.iter().filter(|finding| finding.confidence >= LEAST_CONFIDENCE) {
            facts.identifiers.entry(finding.detector.clone()).or_default().merge(&Identifiers {
                matches: finding.matches,
                sketch: finding.sketch.clone(),
                decimals: finding.decimals,
                sampled: finding.sample.is_some(),
                most: finding.distinct().at_most(),
            });
        }
        for (field, times) in fields {
            let seen = facts.fields.entry(field.clone()).or_default();
            *seen = seen.saturating_add(*times);
        }
        facts
    }

    /// The facts of an examined asset.
    #[must_use]
    pub fn of_examined(examined: &Examined) -> Self {
        let classification = examined.classification.as_ref();
        Self::of(
            classification.and_then(|found| found.best.as_ref()).map(|best| &best.id),
            examined.records,
            examined.bytes,
            &examined.findings,
            classification.map_or(&[], |found| &found.fields),
            &examined.markers,
        )
    }

    /// Adds what another part of the same class has.
    pub fn merge(&mut self, other: &Self) {
        self.category = match (self.category.take(), &other.category) {
            (Some(ours), Some(theirs)) => Some(ours.min(theirs.clone())),
            (ours, theirs) => ours.or_else(|| theirs.clone()),
        };
        self.records = Measure::together(self.records, other.records);
        self.bytes = Measure::together(self.bytes, other.bytes);
        for (detector, theirs) in &other.identifiers {
            self.identifiers.entry(detector.clone()).or_default().merge(theirs);
        }
        for (field, times) in &other.fields {
            let seen = self.fields.entry(field.clone()).or_default();
            *seen = seen.saturating_add(*times);
        }
        self.markers.extend(other.markers.iter().cloned());
        // Whether they are the same persons nobody has said: the larger count is sure.
        let counts = [self.stated_subjects, other.stated_subjects];
        self.stated_subjects = counts.into_iter().flatten().max_by_key(|count| (count.value, count.exact));
    }

    /// Distinct persons: the largest of the person identifiers, never their sum.
    #[must_use]
    pub fn subjects(&self, criteria: &Criteria) -> Option<Distinct> {
        let stated =
            self.stated_subjects.map(|count| Distinct::Estimate { estimate: count.value, relative_error: 0.0 });
        let found = self.largest(&criteria.persons);
        [found, stated].into_iter().flatten().max_by_key(|distinct| (distinct.at_least(), distinct.at_most()))
    }

    /// The largest merged distinct among some detectors; by what is sure to be there, then by what may be.
    pub(super) fn largest(&self, detectors: &[String]) -> Option<Distinct> {
        detectors
            .iter()
            .filter_map(|detector| self.identifiers.get(detector))
            .map(Identifiers::distinct)
            .max_by_key(|distinct| (distinct.at_least(), distinct.at_most()))
    }
}
