//! Classes that no scan can see: entered by hand, in the catalog beside the scanned ones, and never missing because of a scan.

use std::collections::BTreeMap;

use super::class::{Class, Forms, Scale, class_decision};
use crate::level::{Facts, notices, propose};
use crate::model::{CategoryId, Decision, Distinct, Enterprise, ManualClass, RegisterEdit, RegisterScope};
use crate::regime::Regime;

/// The versions that a class entered by hand was counted with: no rules counted it.
pub const BY_HAND: &str = "by-hand";

/// The classes that stand of those entered by hand, sorted by category and carrier. What the criteria propose for the
/// figures that a person gave is proposed; that person's level is the confirmation, until a decision says otherwise.
#[must_use]
pub fn classes(
    entered: &[ManualClass],
    decisions: &[Decision],
    regime: &Regime,
    enterprise: &Enterprise,
) -> Vec<Class> {
    let class = |entered: &&ManualClass| class(entered, decisions, regime, enterprise);
    ManualClass::standing(entered).iter().map(class).collect()
}

fn class(entered: &ManualClass, decisions: &[Decision], regime: &Regime, enterprise: &Enterprise) -> Class {
    let id = entered.id();
    let category = CategoryId::new(&entered.category);
    let facts = Facts {
        category: Some(category.clone()),
        records: entered.records,
        bytes: entered.bytes,
        stated_subjects: entered.subjects,
        ..Facts::default()
    };
    let proposal = propose(&facts, &regime.criteria, enterprise);
    let notices = notices(&facts, &regime.criteria, enterprise, &BTreeMap::new());
    let (mut level, document) = class_decision(&id.0, proposal.level, decisions);
    level.confirmed = level.confirmed.or(Some(entered.level));
    let subjects = entered.subjects.map(|subjects| {
        if subjects.exact {
            Distinct::Estimate { estimate: subjects.value, relative_error: 0.0 }
        } else {
            // A person's estimate bounds nothing from above.
            Distinct::Range { at_least: subjects.value, at_most: subjects.value }
        }
    });
    Class {
        id,
        category,
        store: entered.carrier.clone(),
        level,
        proposal,
        class_wide: true,
        scale: Scale {
            assets: 0,
            records: entered.records,
            records_distinct: entered.records,
            bytes: entered.bytes,
            subjects,
            partial: false,
            levels: Vec::new(),
            forms: Forms { structured: false, unstructured: true },
            markers: Vec::new(),
        },
        document,
        notices,
        versions: (BY_HAND.to_owned(), BY_HAND.to_owned()),
    }
}

/// What was said of classes on entering them, as values of the register for their entries: what carries them, as of when
/// they were counted, what they are.
#[must_use]
pub fn declared(entered: &[ManualClass]) -> Vec<RegisterEdit> {
    let of_class = |class: &&ManualClass| {
        let scope = RegisterScope::Entry { category: class.category.clone(), store: class.carrier.clone() };
        let persons = if class.subjects.is_some_and(|subjects| subjects.value > 0) { "是" } else { "否" };
        let values = [
            ("carrier_type", class.carrier_type.as_str()),
            ("as_of", class.as_of.as_str()),
            ("description", class.reason.as_str()),
            ("personal_information", persons),
        ];
        values.map(|(field, value)| RegisterEdit {
            scope: scope.clone(),
            field: field.to_owned(),
            value: Some(value.to_owned()),
            by: class.by.clone(),
            date: class.date.clone(),
            reason: None,
        })
    };
    ManualClass::standing(entered).iter().flat_map(of_class).collect()
}

impl Class {
    /// Whether a person entered it by hand, so that no scan says anything of it.
    #[must_use]
    pub fn is_by_hand(&self) -> bool {
        self.versions.0 == BY_HAND
    }
}
