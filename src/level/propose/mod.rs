use std::collections::BTreeMap;

use super::Facts;
use super::see::{Seen, asked, see};
use crate::model::{Basis, Enterprise, Level, LevelDecision, Notice, Predicate, Proposal};
use crate::regime::Criteria;
use crate::regime::criteria::{Condition, Criterion, Effect};

/// The highest level that a criterion asks for, with all criteria that ask for it; the residual article where
/// none fires. Sampled counts fire on what is sure to be there; what they leave open is told.
#[must_use]
pub fn propose(facts: &Facts, criteria: &Criteria, enterprise: &Enterprise) -> Proposal {
    let proposal = highest(fired(facts, criteria, enterprise), criteria);
    with_open(proposal, open(facts, criteria, enterprise))
}

/// Every criterion that fires, of whatever level, in the order of the data file.
#[must_use]
pub fn fired(facts: &Facts, criteria: &Criteria, enterprise: &Enterprise) -> Vec<Basis> {
    judged(facts, criteria, enterprise, Seen::is_sure)
}

/// Every criterion that does not fire on what is sure to be there, and would on what may be there.
#[must_use]
pub fn open(facts: &Facts, criteria: &Criteria, enterprise: &Enterprise) -> Vec<Basis> {
    if facts.identifiers.is_empty() {
        // Only distinct values are counted within a range.
        return Vec::new();
    }
    let sure = fired(facts, criteria, enterprise);
    let mut possible = judged(facts, criteria, enterprise, Seen::is_possible);
    possible.retain(|basis| !sure.iter().any(|fired| fired.criterion == basis.criterion));
    possible
}

/// The proposal that rests on some bases: those of the highest level among them, else the residual article.
#[must_use]
pub fn highest(mut bases: Vec<Basis>, criteria: &Criteria) -> Proposal {
    let level = bases.iter().map(|basis| basis.level).max().unwrap_or(Level::General);
    bases.retain(|basis| basis.level == level);
    if bases.is_empty() {
        bases.push(Basis {
            criterion: Criteria::RESIDUAL.to_owned(),
            article: criteria.residual.clone(),
            level,
            class_wide: false,
            object: None,
            degree: None,
            predicates: Vec::new(),
        });
    }
    Proposal { level, bases, open: Vec::new() }
}

/// The proposal with the criteria that may ask for more than it does.
#[must_use]
pub fn with_open(proposal: Proposal, mut open: Vec<Basis>) -> Proposal {
    open.retain(|basis| basis.level > proposal.level);
    Proposal { open, ..proposal }
}

/// What holds beside the level: other rules, and duties. `declared` is what persons said of the entry, by column.
#[must_use]
pub fn notices(
    facts: &Facts,
    criteria: &Criteria,
    enterprise: &Enterprise,
    declared: &BTreeMap<String, String>,
) -> Vec<Notice> {
    let judge = |notice: &crate::regime::criteria::Notice| {
        let seen = |condition: &Condition| see(condition, facts, criteria, (enterprise, declared));
        let predicates = predicates(&notice.conditions, seen, Seen::is_sure)?;
        Some(Notice {
            notice: notice.id.clone(),
            article: notice.article.clone(),
            effect: notice.effect.id().to_owned(),
            predicates,
        })
    };
    criteria.notices().filter_map(judge).collect()
}

/// Whether data are outside of the regime, by a notice that stops (`miit-166/39`).
#[must_use]
pub fn stops(facts: &Facts, criteria: &Criteria, enterprise: &Enterprise) -> bool {
    let nothing_declared = BTreeMap::new();
    let holds = |condition: &Condition| {
        let seen = see(condition, facts, criteria, (enterprise, &nothing_declared));
        seen.is_some_and(|seen| seen.is_sure(condition))
    };
    let mut stopping = criteria.notices().filter(|notice| notice.effect == Effect::Stop);
    stopping.any(|notice| notice.conditions.iter().all(holds))
}

/// The articles that the effective level rests on: what the authority determined rests on `miit-166/10.5` or `11.4`.
#[must_use]
pub fn articles(decision: &LevelDecision, proposal: &Proposal) -> Vec<String> {
    match decision.authority {
        Some(Level::Core) => vec!["miit-166/11.4".to_owned()],
        Some(Level::Important) => vec!["miit-166/10.5".to_owned()],
        Some(Level::General) => vec!["miit-166/9.3".to_owned()],
        None => proposal.articles(),
    }
}

fn judged(
    facts: &Facts,
    criteria: &Criteria,
    enterprise: &Enterprise,
    holds: fn(&Seen, &Condition) -> bool,
) -> Vec<Basis> {
    let nothing_declared = BTreeMap::new();
    let seen = |condition: &Condition| see(condition, facts, criteria, (enterprise, &nothing_declared));
    let judge = |criterion: &Criterion| {
        Some(Basis {
            criterion: criterion.id.clone(),
            article: criterion.article.clone(),
            level: criterion.level,
            class_wide: criterion.is_class_wide(),
            object: criterion.harm.as_ref().map(|(object, _)| object.clone()),
            degree: criterion.harm.as_ref().map(|(_, degree)| degree.id().to_owned()),
            predicates: predicates(&criterion.conditions, seen, holds)?,
        })
    };
    let category = facts.category.as_ref().map(crate::model::CategoryId::as_str);
    criteria.judging(category).filter_map(judge).collect()
}

/// What each condition saw, where all of them hold.
fn predicates(
    conditions: &[Condition],
    see: impl Fn(&Condition) -> Option<Seen>,
    holds: fn(&Seen, &Condition) -> bool,
) -> Option<Vec<Predicate>> {
    let predicate = |condition: &Condition| {
        let seen = see(condition).filter(|seen| holds(seen, condition))?;
        Some(Predicate {
            factor: condition.factor.id().to_owned(),
            measure: condition.measure.id().to_owned(),
            seen: seen.to_string(),
            asked: asked(condition),
            source: condition.source.clone(),
            mark: condition.mark,
        })
    };
    conditions.iter().map(predicate).collect()
}

#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod tests;
