//! How much a class holds: sums over its assets.

use std::collections::{BTreeMap, HashSet};

use crate::inventory::AssetRecord;
use crate::level::Facts;
use crate::model::{AssetKind, Distinct, Level, LevelFigures, Measure};
use crate::regime::Criteria;

/// How much a class, or the part of it that carries a level, holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scale {
    /// Assets, views included.
    pub assets: u64,
    /// Records: each stored object once, and copies as often as they are stored.
    pub records: Option<Measure>,
    /// 数据条目数量 as it is filed: of copies of the same content, by content hash, only one.
    pub records_distinct: Option<Measure>,
    /// 存储总量: a container or its members, never both; views add nothing.
    pub bytes: Option<Measure>,
    /// Distinct persons: the largest merged distinct among the person identifiers, never a sum.
    pub subjects: Option<Distinct>,
    /// Whether a part of it was read only in part.
    pub partial: bool,
    /// The figures of each level by itself, where single assets carry more than one; else empty.
    pub levels: Vec<LevelFigures>,
    /// Whether assets of it are tables or views, files with a structure, or others.
    pub forms: Forms,
    /// Markers and detectors seen, sorted.
    pub markers: Vec<String>,
}

/// What kinds of data a class holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    /// Tables and views, and files that count records.
    pub structured: bool,
    /// Everything else.
    pub unstructured: bool,
}

impl Scale {
    /// The count of persons as it is filed: a point where everything was read, else what is sure to be there.
    #[must_use]
    pub fn subjects_filed(&self) -> Option<Measure> {
        self.subjects.map(|subjects| match subjects {
            Distinct::Estimate { estimate, .. } => Measure::exact(estimate),
            Distinct::Range { at_least, .. } => Measure::estimate(at_least),
        })
    }
}

/// A part of a class: what the criteria look at, and what is counted.
#[derive(Default)]
pub(super) struct Part {
    pub(super) facts: Facts,
    pub(super) scale: Scale,
    /// The content hashes seen.
    contents: HashSet<u128>,
}

impl Part {
    /// Adds an asset; `partial` where it, or something around it, was read only in part.
    pub(super) fn add(&mut self, record: &AssetRecord, partial: bool, facts: &Facts) {
        let examined = &record.examined;
        self.scale.records = Measure::together(self.scale.records, facts.records);
        let hash = examined.content_hash.as_deref().and_then(|hash| u128::from_str_radix(hash, 16).ok());
        let is_copy = hash.is_some_and(|hash| !self.contents.insert(hash));
        let distinct = facts.records.filter(|_| !is_copy);
        self.scale.records_distinct = Measure::together(self.scale.records_distinct, distinct);
        self.scale.bytes = Measure::together(self.scale.bytes, facts.bytes);
        self.facts.merge(facts);
        self.scale.assets += 1;
        self.scale.partial |= partial;
        let structured =
            examined.records.is_some() || matches!(examined.asset.kind, AssetKind::Table | AssetKind::View);
        self.scale.forms.structured |= structured;
        self.scale.forms.unstructured |= !structured;
        for marker in &examined.markers {
            remember(&mut self.scale.markers, marker);
        }
    }

    pub(super) fn finish(mut self, criteria: &Criteria) -> Scale {
        self.scale.subjects = self.facts.subjects(criteria);
        self.scale
    }
}

/// The figures of each level that single assets carry, where there is more than one. The decided level of the class caps
/// them: what a person calls important as a whole holds no core data.
pub(super) fn levels(
    by_level: BTreeMap<Level, Part>,
    effective: Option<Level>,
    criteria: &Criteria,
) -> Vec<LevelFigures> {
    if by_level.len() < 2 || by_level.keys().last().copied() != effective {
        return Vec::new();
    }
    let figures = |(level, part): (Level, Part)| {
        let scale = part.finish(criteria);
        LevelFigures { level, records: scale.records_distinct, bytes: scale.bytes, subjects: scale.subjects_filed() }
    };
    by_level.into_iter().map(figures).collect()
}

/// Adds a text to a sorted list, once.
pub(super) fn remember(list: &mut Vec<String>, text: &str) {
    if let Err(place) = list.binary_search_by(|one| one.as_str().cmp(text)) {
        list.insert(place, text.to_owned());
    }
}
