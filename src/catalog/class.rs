//! Assets → data classes: everything of one category leaf in one store.

use std::collections::BTreeMap;

use crate::inventory::AssetRecord;
use crate::level::{Facts, propose};
use crate::model::{
    Act, AssetKind, Basis, CategoryId, ClassId, Decision, Distinct, Enterprise, Finding, Level, LevelDecision, Locator,
    Measure, Proposal, StoreKind,
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
    /// All its assets, whatever the entry counts.
    pub whole: Scale,
    /// The document of the authority's decision.
    pub document: Option<String>,
    /// Versions of the rules and of the regime that its assets were examined with, joined where they differ.
    pub versions: (String, String),
}

/// How much a class, or the part of it that carries a level, holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scale {
    /// Assets, views included.
    pub assets: u64,
    /// 数据条目数量: each stored object once.
    pub records: Option<Measure>,
    /// 存储总量: a container or its members, never both; views add nothing.
    pub bytes: Option<Measure>,
    /// Distinct persons: the largest merged distinct among the person identifiers, never a sum.
    pub subjects: Option<Distinct>,
    /// Whether a part of it was read only in part.
    pub partial: bool,
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
pub struct ClassCollector<'r> {
    regime: &'r Regime,
    enterprise: &'r Enterprise,
    drafts: BTreeMap<(CategoryId, String), Draft>,
    ancestors: Vec<Ancestor>,
}

/// An asset that later ones may turn out to be members of.
struct Ancestor {
    store: String,
    locator: Locator,
    category: Option<CategoryId>,
    has_records: bool,
    has_bytes: bool,
    carries: bool,
}

#[derive(Default)]
struct Draft {
    whole: Part,
    carrying: Part,
    carried: Option<Level>,
    rules: Vec<String>,
    regimes: Vec<String>,
}

#[derive(Default)]
struct Part {
    facts: Facts,
    scale: Scale,
}

impl<'r> ClassCollector<'r> {
    /// A collector that proposes levels by the criteria of `regime` and the facts of `enterprise`.
    #[must_use]
    pub fn new(regime: &'r Regime, enterprise: &'r Enterprise) -> Self {
        Self { regime, enterprise, drafts: BTreeMap::new(), ancestors: Vec::new() }
    }

    /// Adds an asset to its class. One that was not read, or has no category, belongs to none.
    pub fn take(&mut self, record: &AssetRecord) {
        let examined = &record.examined;
        let asset = &examined.asset;
        let category = record.category.as_ref().filter(|_| examined.proposal.is_some());
        let carries = category.is_some() && record.decision.effective().is_some_and(Level::is_filed);
        // A locator sorts before those of its members, and nothing after `locator"` can be a member any more
        // (`"` follows `!`), so only a few possible ancestors are kept.
        self.ancestors.retain(|ancestor| {
            ancestor.store == asset.store && asset.locator.as_str() < format!("{}\"", ancestor.locator).as_str()
        });
        let inside = |ancestor: &&Ancestor| {
            asset.locator.as_str().strip_prefix(ancestor.locator.as_str()).is_some_and(|rest| rest.starts_with('!'))
                && ancestor.category.as_ref() == category
        };
        let above: Vec<&Ancestor> = match asset.parent {
            Some(_) => self.ancestors.iter().filter(inside).collect(),
            None => Vec::new(),
        };
        let stored = asset.kind != AssetKind::View;
        let counted = |carrying: bool| Counted {
            records: stored && !above.iter().any(|one| one.has_records && (!carrying || one.carries)),
            bytes: stored && !above.iter().any(|one| one.has_bytes && (!carrying || one.carries)),
        };
        if let Some(category) = category {
            let (of_class, of_carriers) = (counted(false), counted(true));
            let facts = facts_of(record, category);
            let draft = self.drafts.entry((category.clone(), asset.store.clone())).or_default();
            draft.whole.add(record, &facts, of_class);
            if carries {
                draft.carrying.add(record, &facts, of_carriers);
                draft.carried = draft.carried.max(record.decision.effective());
            }
            remember(&mut draft.rules, &record.rules_version);
            remember(&mut draft.regimes, &record.regime_version);
        }
        self.ancestors.push(Ancestor {
            store: asset.store.clone(),
            locator: asset.locator.clone(),
            category: category.cloned(),
            has_records: examined.records.is_some(),
            has_bytes: examined.bytes.is_some(),
            carries,
        });
    }

    /// The classes, sorted by category and store, with what persons decided on them (`decisions`, oldest first).
    #[must_use]
    pub fn finish(self, decisions: &[Decision]) -> Vec<Class> {
        let Self { regime, enterprise, drafts, .. } = self;
        let finish = |((category, store), draft): ((CategoryId, String), Draft)| {
            let id = ClassId::of(category.as_str(), &store);
            let merged = propose(&draft.whole.facts, &regime.criteria, enterprise);
            let proposal = of_class(merged, draft.carried);
            let wide = proposal.bases.iter().any(|basis| basis.class_wide && basis.level.is_filed());
            let (level, document) = class_decision(id.0.as_str(), proposal.level, decisions);
            let class_wide = wide || draft.carried.is_none();
            let whole = draft.whole.finish(&regime.criteria);
            Class {
                id,
                category,
                store,
                level,
                proposal,
                class_wide,
                scale: if class_wide { whole.clone() } else { draft.carrying.finish(&regime.criteria) },
                whole,
                document,
                versions: (draft.rules.join("+"), draft.regimes.join("+")),
            }
        };
        drafts.into_iter().map(finish).collect()
    }
}

/// Which measures of an asset are not in its container's already.
#[derive(Clone, Copy)]
struct Counted {
    records: bool,
    bytes: bool,
}

impl Part {
    fn add(&mut self, record: &AssetRecord, facts: &Facts, counted: Counted) {
        let examined = &record.examined;
        let mut facts = facts.clone();
        facts.records = facts.records.filter(|_| counted.records);
        facts.bytes = facts.bytes.filter(|_| counted.bytes);
        self.scale.records = plus(self.scale.records, facts.records);
        self.scale.bytes = plus(self.scale.bytes, facts.bytes);
        self.facts.merge(&facts);
        self.scale.assets += 1;
        self.scale.partial |= examined.reason.is_some();
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

/// The part of a proposal on merged facts that holds for the class: what rests on scale, and what an asset carries
/// by itself. Field marks of one asset and the content of its neighbour together are nobody's level.
fn of_class(merged: Proposal, carried: Option<Level>) -> Proposal {
    let holds = |basis: &Basis| basis.class_wide || Some(basis.level) <= carried || !basis.level.is_filed();
    let bases: Vec<Basis> = merged.bases.into_iter().filter(holds).collect();
    let level = bases.iter().map(|basis| basis.level).max().max(carried).unwrap_or(Level::General);
    Proposal { level, bases }
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
            Act::Confirm => level.confirmed = decision.level.or(Some(proposed)),
            // A class whose proposal is wrong belongs to no catalog.
            Act::Reject => level.confirmed = Some(decision.level.unwrap_or(Level::General)),
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

fn plus(mine: Option<Measure>, theirs: Option<Measure>) -> Option<Measure> {
    match (mine, theirs) {
        (Some(mine), Some(theirs)) => Some(mine.plus(theirs)),
        (mine, theirs) => mine.or(theirs),
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
