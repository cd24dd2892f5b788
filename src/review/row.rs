//! A row of the workbook as it stands now: what it shows locked, and what a person may fill.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use super::decide::Subject;
use crate::catalog::Class;
use crate::inventory::AssetRecord;
use crate::model::{CategoryId, Distinct, Lang, Level, LevelDecision, Proposal, Register, RegisterScope, Saw};
use crate::regime::Taxonomy;
use crate::regime::form::{Column, Form, From};
use crate::regime::form_remarks::SCANNED;

/// The ids of the locked columns, in their order.
pub const LOCKED: [&str; 13] = [
    "id",
    "kind",
    "store",
    "locator",
    "category",
    "category_name",
    "proposed",
    "effective",
    "criteria",
    "records",
    "bytes",
    "subjects",
    "assets",
];

/// What stands between two texts that are hashed together; no cell holds it.
const BETWEEN: char = '\u{1f}';

/// A class or an asset, and what is known and was decided of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// The store that holds it.
    pub store: String,
    /// Where it is; `None` for a class.
    pub locator: Option<String>,
    /// Its category.
    pub category: Option<CategoryId>,
    /// The category that a scan found, whatever persons said since.
    pub classified: Option<CategoryId>,
    /// Proposed, confirmed, decided by the authority.
    pub level: LevelDecision,
    /// The articles that the proposal rests on.
    pub criteria: Vec<String>,
    /// Records, bytes, persons, assets, as far as they are known.
    pub figures: [Option<u64>; 4],
    /// Facts of the register by column id, of a class: its own, or those that flow to it.
    pub facts: BTreeMap<String, String>,
    /// Those of them that a person gave for the class itself, and can take back.
    pub own: BTreeSet<String>,
    /// Facts that the form asks for and nobody has given.
    pub missing: Vec<String>,
}

/// The columns of the form that a person fills in a review, in the order of the form. The authority's document comes with its
/// decision.
pub fn facts(form: &Form) -> impl Iterator<Item = &Column> {
    form.catalog.columns.iter().filter(|column| column.from == From::Register && column.id != "authority_document")
}

impl Row {
    /// The row of a class, with what the register says of it.
    #[must_use]
    pub fn of_class(class: &Class, register: &Register, form: &Form) -> Self {
        let value = |id: &str| {
            let value = register.value(class.category.as_str(), &class.store, id).map(str::trim);
            value.filter(|value| !value.is_empty())
        };
        let given = |column: &Column| Some((column.id.clone(), value(&column.id)?.to_owned()));
        let level = class.level.effective();
        // What a scan proposes stands in the form unless a person says otherwise.
        let is_missing = |column: &&Column| {
            column.required.holds(level, value) && value(&column.id).is_none() && !SCANNED.contains(&column.id.as_str())
        };
        let is_own = |column: &&Column| {
            let stated = register.stated(class.category.as_str(), &class.store, &column.id);
            stated.is_some_and(|one| one.giver.is_some() && matches!(one.scope, RegisterScope::Entry { .. }))
        };
        let scale = &class.scale;
        Self {
            id: class.id.0.clone(),
            store: class.store.clone(),
            locator: None,
            category: Some(class.category.clone()),
            classified: Some(class.category.clone()),
            level: class.level,
            criteria: class.proposal.articles(),
            figures: [
                scale.records.map(|records| records.value),
                scale.bytes.map(|bytes| bytes.value),
                scale.subjects.map(persons),
                Some(scale.assets),
            ],
            facts: facts(form).filter_map(given).collect(),
            own: facts(form).filter(is_own).map(|column| column.id.clone()).collect(),
            missing: facts(form).filter(is_missing).map(|column| column.id.clone()).collect(),
        }
    }

    /// The row of an asset.
    #[must_use]
    pub fn of_asset(record: &AssetRecord) -> Self {
        let examined = &record.examined;
        Self {
            id: record.id.0.clone(),
            store: examined.asset.store.clone(),
            locator: Some(examined.asset.locator.as_str().to_owned()),
            category: record.category.clone(),
            classified: record.classified().cloned(),
            level: record.decision,
            criteria: examined.proposal.as_ref().map(Proposal::articles).unwrap_or_default(),
            figures: [
                examined.records.map(|records| records.value),
                examined.bytes.map(|bytes| bytes.value),
                None,
                None,
            ],
            facts: BTreeMap::new(),
            own: BTreeSet::new(),
            missing: Vec::new(),
        }
    }

    /// Whether it is a class: facts belong to classes alone.
    #[must_use]
    pub fn is_class(&self) -> bool {
        self.locator.is_none()
    }

    /// What a decision on it is about.
    #[must_use]
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            id: &self.id,
            under: None,
            is_class: self.is_class(),
            proposed: self.level.proposed,
            category: self.category.as_ref(),
            saw: Some(Saw { level: self.level.proposed, category: self.classified.clone() }),
        }
    }

    /// The texts of the locked cells, in the order of [`LOCKED`]; the workbook is Chinese, as the form is.
    #[must_use]
    pub fn locked(&self, taxonomy: &Taxonomy) -> [String; LOCKED.len()] {
        let level = |level: Option<Level>| level.map_or("", |level| level.label(Lang::Zh));
        let category = self.category.as_ref().map_or("", CategoryId::as_str);
        let name = if category.is_empty() { "" } else { taxonomy.label(category, Lang::Zh) };
        let decided = match (self.level.authority, self.level.confirmed) {
            (Some(_), _) => "（主管部门认定）",
            (None, Some(_)) if self.level.is_contradicted() => "（已确认，证据有变）",
            (None, Some(_)) => "（已确认）",
            (None, None) => "",
        };
        let number = |place: usize| self.figures[place].map_or_else(String::new, |number: u64| number.to_string());
        [
            self.id.clone(),
            if self.is_class() { "数据类" } else { "数据资产" }.to_owned(),
            self.store.clone(),
            self.locator.clone().unwrap_or_default(),
            category.to_owned(),
            name.to_owned(),
            level(self.level.proposed).to_owned(),
            format!("{}{decided}", level(self.level.effective())),
            self.criteria.join(" "),
            number(0),
            number(1),
            number(2),
            number(3),
        ]
    }

    /// What the hidden cell of the row holds: a hash of its locked cells, and one of what a decision would rest on and
    /// replace. They guard against slips of the hand, not against a person who wants to deceive.
    #[must_use]
    pub fn seal(&self, taxonomy: &Taxonomy) -> String {
        format!("{}-{}", sealed(&self.locked(taxonomy)), self.basis())
    }

    /// A hash of the proposal, the decisions and the facts, without the figures: what a decision rests on and replaces.
    #[must_use]
    pub fn basis(&self) -> String {
        let level = |level: Option<Level>| level.map_or("", Level::id).to_owned();
        let mut texts = vec![
            self.id.clone(),
            self.category.as_ref().map_or("", CategoryId::as_str).to_owned(),
            level(self.level.proposed),
            level(self.level.confirmed),
            level(self.level.authority),
            self.criteria.join(" "),
        ];
        texts.extend(self.facts.iter().flat_map(|(id, value)| [id.clone(), value.clone()]));
        sealed(&texts)
    }
}

/// A hash of texts, each told from its neighbours. Letters and digits alone count: programs write blanks and signs of their
/// own when they save a workbook.
pub(super) fn sealed<T: AsRef<str>>(texts: &[T]) -> String {
    let mut all = String::new();
    for text in texts {
        all.extend(text.as_ref().chars().filter(|character| character.is_alphanumeric()));
        all.push(BETWEEN);
    }
    format!("{:016x}", xxh3_64(all.as_bytes()))
}

/// Persons as they are shown: what was counted, or what is sure to be there.
fn persons(distinct: Distinct) -> u64 {
    match distinct {
        Distinct::Estimate { estimate, .. } => estimate,
        Distinct::Range { at_least, .. } => at_least,
    }
}
