//! Assets → data classes: everything of one category leaf in one store.

use std::collections::{BTreeMap, HashSet};

use super::declared::declared;
use crate::inventory::AssetRecord;
use crate::level::{Facts, fired, highest, notices, open, stops, with_open};
use crate::model::{
    Act, AssetKind, Basis, CategoryId, ClassId, Decision, Distinct, Enterprise, Finding, Level, LevelDecision,
    LevelFigures, Measure, Notice, Proposal, Register, StoreKind,
};
use crate::regime::{Criteria, Regime};

/// A data class: what the catalog is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its id, that of (category, store), without the level.
    pub id: ClassId,
    /// The category leaf.
    pub category: CategoryId,
    /// The store that carries it.
    pub store: String,
    /// Proposed, confirmed, authority: of the class itself.
    pub level: LevelDecision,
    /// Why the level is proposed. Criteria that rest on the content of single assets stand here only where an asset
    /// carries them.
    pub proposal: Proposal,
    /// Whether the level is that of all its assets (scale, or a person's decision) or only of those that carry it.
    pub class_wide: bool,
    /// What the entry counts: all assets, or only those that carry the level.
    pub scale: Scale,
    /// The document of the authority's decision.
    pub document: Option<String>,
    /// What holds beside the level: other rules, and duties.
    pub notices: Vec<Notice>,
    /// Versions of the rules and of the regime that its assets were examined with, joined where they differ.
    pub versions: (String, String),
}

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

/// Takes the assets one by one, in the order of store and locator, and keeps only sums.
///
/// A stored object counts once: a container counts by its members wherever one of them has a category, and by itself
/// only where none has. So of any two assets that lie one in the other at most one is counted, in all classes together.
pub struct ClassCollector<'r> {
    regime: &'r Regime,
    enterprise: &'r Enterprise,
    register: Option<&'r Register>,
    drafts: BTreeMap<(CategoryId, String), Draft>,
    containers: Vec<Waiting>,
}

/// An asset that later ones may turn out to be members of: it is counted when no more can come.
struct Waiting {
    record: AssetRecord,
    /// Whether it was read in part, or something around it was.
    partial: bool,
    /// The level that somebody set for it, or for something around it.
    decided: Option<Level>,
    /// Whether its members are counted instead of it.
    displaced: bool,
}

#[derive(Default)]
struct Draft {
    whole: Part,
    carrying: Part,
    by_level: BTreeMap<Level, Part>,
    carried: Option<Level>,
    /// Whether a person or the authority gave one of the levels that are carried.
    is_decided: bool,
    rules: Vec<String>,
    regimes: Vec<String>,
}

#[derive(Default)]
struct Part {
    facts: Facts,
    scale: Scale,
    /// The content hashes seen.
    contents: HashSet<u128>,
}

impl<'r> ClassCollector<'r> {
    /// A collector that proposes levels by the criteria of `regime` and the facts of `enterprise`.
    #[must_use]
    pub fn new(regime: &'r Regime, enterprise: &'r Enterprise) -> Self {
        Self { regime, enterprise, register: None, drafts: BTreeMap::new(), containers: Vec::new() }
    }

    /// The same with what persons declared of entries, which some notices look at.
    #[must_use]
    pub fn with_register(self, register: &'r Register) -> Self {
        Self { register: Some(register), ..self }
    }

    /// Whether an asset bears a marking of state secrets (`miit-166/39`): then it is of no class and stands in no catalog,
    /// unless a person rejects the detector for it.
    #[must_use]
    pub fn isolates(&self, record: &AssetRecord) -> bool {
        // Whatever marks an asset sets a marker; most have none.
        let category = record.category.as_ref().filter(|_| !record.examined.markers.is_empty());
        let facts = category.map(|category| facts_of(record, category));
        facts.is_some_and(|facts| stops(&facts, &self.regime.criteria, self.enterprise))
    }

    /// Adds an asset to its class. One that was not read, or has no category, belongs to none.
    pub fn take(&mut self, record: AssetRecord) {
        let asset = &record.examined.asset;
        // A locator sorts before those of its members, and nothing after `locator"` can be a member any more
        // (`"` follows `!`), so only a few possible containers wait.
        let over = |waiting: &mut Waiting| {
            let other = &waiting.record.examined.asset;
            other.store != asset.store || asset.locator.as_str() >= format!("{}\"", other.locator).as_str()
        };
        for waiting in self.containers.extract_if(.., over).collect::<Vec<_>>() {
            self.count(&waiting);
        }
        let around = |waiting: &&mut Waiting| asset.is_in(&waiting.record.examined.asset);
        // A view shows what is stored elsewhere, and stands for nothing.
        let stands_for_its_container = asset.kind != AssetKind::View && has_category(&record);
        let mut partial = record.examined.reason.is_some();
        let mut inherited = None;
        // From the outermost to the innermost.
        for container in self.containers.iter_mut().filter(around) {
            container.displaced |= stands_for_its_container;
            partial |= container.partial;
            inherited = container.decided;
        }
        let decided = record.decision.authority.or(record.decision.confirmed).or(inherited);
        self.containers.push(Waiting { record, partial, decided, displaced: false });
    }

    fn count(&mut self, waiting: &Waiting) {
        let record = &waiting.record;
        let read = record.category.as_ref().filter(|_| record.examined.proposal.is_some());
        let Some(category) = read.filter(|_| !waiting.displaced) else { return };
        let mut facts = facts_of(record, category);
        if stops(&facts, &self.regime.criteria, self.enterprise) {
            return;
        }
        if record.examined.asset.kind == AssetKind::View {
            (facts.records, facts.bytes) = (None, None);
        }
        // What somebody says of a container is said of what is in it.
        let level = waiting.decided.max(record.decision.effective().filter(|_| !record.decision.is_confirmed()));
        let draft = self.drafts.entry((category.clone(), record.examined.asset.store.clone())).or_default();
        draft.whole.add(waiting, &facts);
        if let Some(level) = level.filter(|level| level.is_filed()) {
            draft.carrying.add(waiting, &facts);
            draft.by_level.entry(level).or_default().add(waiting, &facts);
            draft.carried = draft.carried.max(Some(level));
            draft.is_decided |= waiting.decided.is_some();
        }
        remember(&mut draft.rules, &record.rules_version);
        remember(&mut draft.regimes, &record.regime_version);
    }

    /// The classes, sorted by category and store, with what persons decided on them (`decisions`, oldest first).
    #[must_use]
    pub fn finish(mut self, decisions: &[Decision]) -> Vec<Class> {
        for waiting in std::mem::take(&mut self.containers) {
            self.count(&waiting);
        }
        let Self { regime, enterprise, register, drafts, .. } = self;
        let finish = |((category, store), draft): ((CategoryId, String), Draft)| {
            let id = ClassId::of(category.as_str(), &store);
            let (criteria, facts) = (&regime.criteria, &draft.whole.facts);
            // Where the authority's own catalog speaks of the category, what single assets were proposed counts no more.
            let carried =
                draft.carried.filter(|_| !criteria.authority_speaks_of(category.as_str()) || draft.is_decided);
            let bases = of_class(fired(facts, criteria, enterprise), carried);
            let wide = bases.iter().any(|basis| basis.class_wide && basis.level.is_filed());
            let mut proposal = highest(bases, criteria);
            proposal.level = proposal.level.max(carried.unwrap_or(Level::General));
            let open = open(facts, criteria, enterprise).into_iter().filter(|basis| basis.class_wide);
            let proposal = with_open(proposal, open.collect());
            let declared = declared(register, (category.as_str(), &store), criteria);
            let notices = notices(facts, criteria, enterprise, &declared);
            let (level, document) = class_decision(id.0.as_str(), proposal.level, decisions);
            let class_wide = wide || carried.is_none();
            let scale = if class_wide {
                draft.whole.finish(&regime.criteria)
            } else {
                let levels = levels(draft.by_level, level.effective(), &regime.criteria);
                Scale { levels, ..draft.carrying.finish(&regime.criteria) }
            };
            Class {
                id,
                category,
                store,
                level,
                proposal,
                class_wide,
                scale,
                document,
                notices,
                versions: (draft.rules.join("+"), draft.regimes.join("+")),
            }
        };
        drafts.into_iter().map(finish).collect()
    }
}

impl Part {
    fn add(&mut self, waiting: &Waiting, facts: &Facts) {
        let examined = &waiting.record.examined;
        self.scale.records = Measure::together(self.scale.records, facts.records);
        let hash = examined.content_hash.as_deref().and_then(|hash| u128::from_str_radix(hash, 16).ok());
        let is_copy = hash.is_some_and(|hash| !self.contents.insert(hash));
        let distinct = facts.records.filter(|_| !is_copy);
        self.scale.records_distinct = Measure::together(self.scale.records_distinct, distinct);
        self.scale.bytes = Measure::together(self.scale.bytes, facts.bytes);
        self.facts.merge(facts);
        self.scale.assets += 1;
        self.scale.partial |= waiting.partial;
        let structured =
            examined.records.is_some() || matches!(examined.asset.kind, AssetKind::Table | AssetKind::View);
        self.scale.forms.structured |= structured;
        self.scale.forms.unstructured |= !structured;
        for marker in &examined.markers {
            remember(&mut self.scale.markers, marker);
        }
    }

    fn finish(mut self, criteria: &Criteria) -> Scale {
        self.scale.subjects = self.facts.subjects(criteria);
        self.scale
    }
}

/// The figures of each level that single assets carry, where there is more than one. The decided level of the class caps
/// them: what a person calls important as a whole holds no core data.
fn levels(by_level: BTreeMap<Level, Part>, effective: Option<Level>, criteria: &Criteria) -> Vec<LevelFigures> {
    if by_level.len() < 2 || by_level.keys().last().copied() != effective {
        return Vec::new();
    }
    let figures = |(level, part): (Level, Part)| {
        let scale = part.finish(criteria);
        LevelFigures { level, records: scale.records_distinct, bytes: scale.bytes, subjects: scale.subjects_filed() }
    };
    by_level.into_iter().map(figures).collect()
}

/// What the criteria look at in one asset: its rejected detectors found nothing.
fn facts_of(record: &AssetRecord, category: &CategoryId) -> Facts {
    let examined = &record.examined;
    let findings: Vec<Finding> = examined
        .findings
        .iter()
        .filter(|finding| !record.rejected_detectors.contains(&finding.detector))
        .cloned()
        .collect();
    let fields = examined.classification.as_ref().map_or(&[][..], |found| &found.fields);
    Facts::of(Some(category), examined.records, examined.bytes, &findings, fields, &examined.markers)
}

/// Of the criteria that fire on merged facts those that hold for the class: what rests on scale, and what an asset
/// carries by itself. Field marks of one asset and the content of its neighbour together are nobody's level.
fn of_class(mut merged: Vec<Basis>, carried: Option<Level>) -> Vec<Basis> {
    merged.retain(|basis| basis.class_wide || Some(basis.level) <= carried || !basis.level.is_filed());
    merged
}

/// Whether a scan or a person gave it a category. One whose category a person rejected stands for its container too:
/// the container has its category from there.
fn has_category(record: &AssetRecord) -> bool {
    let classified = record.examined.classification.as_ref().is_some_and(|found| found.best.is_some());
    record.examined.proposal.is_some() && (classified || record.category.is_some())
}

/// The level of a class with what persons decided on it, and the document of the authority's decision.
#[must_use]
pub fn class_decision(class: &str, proposed: Level, decisions: &[Decision]) -> (LevelDecision, Option<String>) {
    let mut level = LevelDecision { proposed: Some(proposed), ..LevelDecision::default() };
    let mut document = None;
    for decision in decisions.iter().filter(|decision| decision.target == class) {
        match decision.act {
            // What is said of a detector says nothing of the level.
            Act::Confirm | Act::Reject if decision.detector.is_some() => {}
            Act::Confirm => {
                level.confirmed = decision.level.or(Some(proposed));
                level.saw = decision.saw.as_ref().and_then(|saw| saw.level);
            }
            // A class whose proposal is wrong belongs to no catalog.
            Act::Reject => {
                level.confirmed = Some(decision.level.unwrap_or(Level::General));
                level.saw = decision.saw.as_ref().and_then(|saw| saw.level);
            }
            Act::Override => {
                level.authority = decision.level.or(level.authority);
                document.clone_from(&decision.document);
            }
        }
    }
    (level, document)
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

/// 载体类型 that a store of this kind is, unless a person says otherwise.
#[must_use]
pub(super) fn carrier_type(kind: StoreKind) -> &'static str {
    match kind {
        StoreKind::Share => "文件服务器",
        StoreKind::Sqlite | StoreKind::Postgres | StoreKind::Mysql => "数据库",
    }
}

fn remember(list: &mut Vec<String>, text: &str) {
    if let Err(place) = list.binary_search_by(|one| one.as_str().cmp(text)) {
        list.insert(place, text.to_owned());
    }
}

#[cfg(test)]
#[path = "class_tests.rs"]
mod tests;
