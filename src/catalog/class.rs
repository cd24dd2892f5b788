//! Assets → data classes: everything of one category leaf in one store.

use std::collections::BTreeMap;

use super::declared::declared;
pub use super::scale::{Forms, Scale};
use super::scale::{Part, levels, remember};
use crate::inventory::AssetRecord;
use crate::level::{Facts, fired, highest, notices, open, stops, with_open};
use crate::model::{
    Act, AssetKind, Basis, CategoryId, ClassId, Decision, Enterprise, Finding, Level, LevelDecision, Notice, Proposal,
    Register, StoreKind,
};
use crate::regime::Regime;

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
        draft.whole.add(record, waiting.partial, &facts);
        if let Some(level) = level.filter(|level| level.is_filed()) {
            draft.carrying.add(record, waiting.partial, &facts);
            draft.by_level.entry(level).or_default().add(record, waiting.partial, &facts);
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
                document = decision.document.clone().or(document);
            }
        }
    }
    (level, document)
}

/// 载体类型 that a store of this kind is, unless a person says otherwise.
#[must_use]
pub(super) fn carrier_type(kind: StoreKind) -> &'static str {
    match kind {
        StoreKind::Share => "文件服务器",
        StoreKind::Sqlite | StoreKind::Postgres | StoreKind::Mysql | StoreKind::SqlServer => "数据库",
    }
}

#[cfg(test)]
#[path = "class_tests.rs"]
mod tests;
