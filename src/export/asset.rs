//! One asset as `mulu assets --format jsonl` writes it: the keys of contract.md, in its order, `null` where unknown.

use serde::Serialize;

use crate::inventory::AssetRecord;
use crate::level::articles;
use crate::model::{Distinct, Finding, Level, LevelDecision, Measure, Sample, Score};

/// An asset as JSON.
#[derive(Debug, Serialize)]
pub struct AssetLine<'a> {
    id: &'a str,
    store: &'a str,
    locator: &'a str,
    kind: &'a str,
    status: &'a str,
    reason: Option<&'a str>,
    format: Option<&'a str>,
    encoding: Option<&'a str>,
    bytes: Option<Measure>,
    records: Option<Measure>,
    modified: Option<&'a str>,
    category: Option<CategoryLine<'a>>,
    level: Option<LevelLine>,
    identifiers: Vec<IdentifierLine<'a>>,
    markers: &'a [String],
}

#[derive(Debug, Serialize)]
struct CategoryLine<'a> {
    id: &'a str,
    top: &'a str,
    score: f64,
    alternatives: Vec<Alternative<'a>>,
}

#[derive(Debug, Serialize)]
struct Alternative<'a> {
    id: &'a str,
    score: f64,
}

/// The three fields of a level and what follows from them, with the articles that the proposal rests on.
#[derive(Debug, Serialize)]
pub struct LevelLine {
    effective: Option<Level>,
    proposed: Option<Level>,
    confirmed: Option<Level>,
    authority: Option<Level>,
    criteria: Vec<String>,
}

impl LevelLine {
    /// The level of an asset or a class.
    #[must_use]
    pub fn of(decision: LevelDecision, criteria: Vec<String>) -> Self {
        Self {
            effective: decision.effective(),
            proposed: decision.proposed,
            confirmed: decision.confirmed,
            authority: decision.authority,
            criteria,
        }
    }
}

#[derive(Debug, Serialize)]
struct IdentifierLine<'a> {
    detector: &'a str,
    matches: u64,
    sample: Option<Sample>,
    distinct: Distinct,
    columns: Vec<&'a str>,
    confidence: f64,
}

impl<'a> AssetLine<'a> {
    /// The line of a record; a detector that a person rejected for the asset is left out.
    #[must_use]
    pub fn of(record: &'a AssetRecord) -> Self {
        let examined = &record.examined;
        let proposal = examined.proposal.as_ref();
        let criteria = proposal.map(|proposal| articles(&record.decision, proposal)).unwrap_or_default();
        let has_level = record.decision.effective().is_some();
        Self {
            id: &record.id.0,
            store: &examined.asset.store,
            locator: examined.asset.locator.as_str(),
            kind: examined.asset.kind.id(),
            status: examined.status.id(),
            reason: examined.reason.map(crate::model::Reason::id),
            format: examined.format.as_deref(),
            encoding: examined.encoding.as_deref(),
            bytes: examined.bytes,
            records: examined.records,
            modified: examined.modified.as_deref(),
            category: category(record),
            level: has_level.then(|| LevelLine::of(record.decision, criteria)),
            identifiers: examined
                .findings
                .iter()
                .filter(|finding| !record.rejected_detectors.contains(&finding.detector))
                .map(identifier)
                .collect(),
            markers: &examined.markers,
        }
    }
}

/// What a person set, else what was classified; the score is 1 where a person spoke.
fn category(record: &AssetRecord) -> Option<CategoryLine<'_>> {
    let chosen = record.category.as_ref()?;
    let classification = record.examined.classification.as_ref();
    let best = classification.and_then(|classification| classification.best.as_ref());
    let score = best.filter(|best| best.id == *chosen).map_or(1.0, |best| best.score);
    let alternatives = classification.map(|classification| classification.alternatives.as_slice()).unwrap_or_default();
    Some(CategoryLine {
        id: chosen.as_str(),
        top: chosen.top(),
        score: rounded(score),
        alternatives: alternatives.iter().map(alternative).collect(),
    })
}

fn alternative(score: &Score) -> Alternative<'_> {
    Alternative { id: score.id.as_str(), score: rounded(score.score) }
}

fn identifier(finding: &Finding) -> IdentifierLine<'_> {
    IdentifierLine {
        detector: &finding.detector,
        matches: finding.matches,
        sample: finding.sample.map(|sample| Sample { share: sample.share.map(rounded), ..sample }),
        distinct: finding.distinct(),
        columns: finding.columns.iter().map(crate::model::PublicName::as_str).collect(),
        confidence: rounded(finding.confidence),
    }
}

/// Four decimals: more would be noise, and would differ with the order of additions.
fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
