use super::Facts;
use crate::model::{Basis, Enterprise, Level, Predicate, Proposal};
use crate::regime::criteria::{Condition, Criterion, Measure};
use crate::regime::{Criteria, Taxonomy};

/// The highest level that a criterion asks for, with all criteria that ask for it; the residual article where
/// none fires. Sampled counts fire on what is sure to be there.
#[must_use]
pub fn propose(facts: &Facts, criteria: &Criteria, enterprise: &Enterprise) -> Proposal {
    highest(fired(facts, criteria, enterprise), criteria)
}

/// Every criterion that fires, of whatever level, in the order of the data file.
#[must_use]
pub fn fired(facts: &Facts, criteria: &Criteria, enterprise: &Enterprise) -> Vec<Basis> {
    criteria.iter().filter_map(|criterion| judge(criterion, facts, criteria, enterprise)).collect()
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
            predicates: Vec::new(),
        });
    }
    Proposal { level, bases }
}

fn judge(criterion: &Criterion, facts: &Facts, criteria: &Criteria, enterprise: &Enterprise) -> Option<Basis> {
    let predicates: Option<Vec<Predicate>> = criterion
        .conditions
        .iter()
        .map(|condition| {
            let seen = see(condition, facts, criteria, enterprise)?;
            Some(Predicate {
                factor: condition.factor.id().to_owned(),
                measure: condition.measure.id().to_owned(),
                seen,
                asked: asked(condition),
                source: condition.source.clone(),
                mark: condition.mark,
            })
        })
        .collect();
    Some(Basis {
        criterion: criterion.id.clone(),
        article: criterion.article.clone(),
        level: criterion.level,
        class_wide: criterion.is_class_wide(),
        predicates: predicates?,
    })
}

/// What a condition saw, where it holds.
fn see(condition: &Condition, facts: &Facts, criteria: &Criteria, enterprise: &Enterprise) -> Option<String> {
    let reached = |seen: u64| (seen >= condition.at_least).then(|| seen.to_string());
    match condition.measure {
        Measure::Category => {
            let id = facts.category.as_ref()?.as_str();
            is_named(condition, id).then(|| id.to_owned())
        }
        Measure::FieldMarks => counted(condition, facts.fields.iter().map(|(field, times)| (field.as_str(), *times))),
        Measure::Identifiers => {
            let found = facts.identifiers.iter();
            counted(condition, found.map(|(detector, found)| (detector.as_str(), found.matches)))
        }
        Measure::Subjects => reached(facts.subjects(criteria)?.at_least()),
        Measure::Places => reached(facts.largest(&criteria.places)?.at_least()),
        Measure::CoordinateDecimals => {
            let decimals = criteria.places.iter().filter_map(|place| facts.identifiers.get(place)?.decimals).max()?;
            reached(u64::from(decimals))
        }
        Measure::Records => reached(facts.records?.value),
        Measure::Bytes => reached(facts.bytes?.value),
        Measure::Markers => counted(condition, facts.markers.iter().map(|marker| (marker.as_str(), 1))),
        Measure::Standing => {
            let standing =
                [("critical-infrastructure", enterprise.critical_infrastructure), ("backbone", enterprise.backbone)];
            counted(
                condition,
                standing.into_iter().filter(|(_, holds)| *holds == Some(true)).map(|(name, _)| (name, 1)),
            )
        }
        Measure::Industry => counted(condition, enterprise.industry.iter().map(|code| (code.as_str(), 1))),
        Measure::Domains => counted(condition, enterprise.domains.iter().map(|domain| (domain.as_str(), 1))),
    }
}

/// The named ones that are there, `a, b`, where together they were seen often enough.
fn counted<'a>(condition: &Condition, there: impl Iterator<Item = (&'a str, u64)>) -> Option<String> {
    let present: Vec<(&str, u64)> = there.filter(|(name, times)| *times > 0 && is_named(condition, name)).collect();
    let times = present.iter().fold(0u64, |sum, (_, times)| sum.saturating_add(*times));
    let names: Vec<&str> = present.iter().map(|(name, _)| *name).collect();
    (!names.is_empty() && times >= condition.at_least).then(|| names.join(", "))
}

fn is_named(condition: &Condition, name: &str) -> bool {
    condition.any.iter().any(|pattern| Taxonomy::covers(pattern, name))
}

fn asked(condition: &Condition) -> String {
    let names = condition.any.join(", ");
    match (condition.any.is_empty(), condition.at_least) {
        (true, least) => format!("≥ {least}"),
        (false, 1) => names,
        (false, least) => format!("{names}; ≥ {least}"),
    }
}

#[cfg(test)]
mod tests;
