//! What a condition sees in the facts: names that are there, or a count, which may be a range.

use std::collections::BTreeMap;
use std::fmt;

use super::Facts;
use crate::model::{Distinct, Enterprise};
use crate::regime::criteria::{Condition, Measure};
use crate::regime::{Criteria, Taxonomy};

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Of the names that are looked for, those that are there, and how often together.
    Names(Vec<String>, u64),
    /// A count: what is sure to be there (of an estimate, the estimate), and what may be.
    Count {
        /// What is sure to be there.
        least: u64,
        /// What may be there.
        most: u64,
        /// Whether it was counted in a sample.
        is_sampled: bool,
    },
}

impl Seen {
    /// Whether the condition holds whatever the count turns out to be.
    pub(super) fn is_sure(&self, condition: &Condition) -> bool {
        let is_below = |most: u64| condition.below.is_none_or(|bound| most < bound);
        match self {
            Self::Names(names, times) => !names.is_empty() && *times >= condition.at_least,
            Self::Count { least, most, .. } => *least >= condition.at_least && is_below(*most),
        }
    }

    /// Whether the condition may hold.
    pub(super) fn is_possible(&self, condition: &Condition) -> bool {
        match self {
            Self::Names(..) => self.is_sure(condition),
            Self::Count { most, .. } => *most >= condition.at_least,
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Names(names, _) => formatter.write_str(&names.join(", ")),
            Self::Count { least, most, is_sampled: true } => write!(formatter, "{least}…{most}"),
            Self::Count { least, .. } => write!(formatter, "{least}"),
        }
    }
}

/// What a condition looks at; `None` where there is nothing of the kind.
pub(super) fn see(
    condition: &Condition,
    facts: &Facts,
    criteria: &Criteria,
    (enterprise, declared): (&Enterprise, &BTreeMap<String, String>),
) -> Option<Seen> {
    let exactly = |count: u64| Seen::Count { least: count, most: count, is_sampled: false };
    let range = |distinct: Distinct| Seen::Count {
        least: distinct.at_least(),
        most: distinct.may_reach(),
        is_sampled: matches!(distinct, Distinct::Range { .. }),
    };
    Some(match condition.measure {
        Measure::Category => named(condition, facts.category.iter().map(|category| (category.as_str(), 1))),
        Measure::FieldMarks => named(condition, facts.fields.iter().map(|(field, times)| (field.as_str(), *times))),
        Measure::Identifiers => {
            named(condition, facts.identifiers.iter().map(|(detector, found)| (detector.as_str(), found.matches)))
        }
        Measure::Subjects => range(facts.subjects(criteria)?),
        Measure::SensitiveSubjects => range(facts.largest(&criteria.sensitive)?),
        Measure::Places => range(facts.largest(&criteria.places)?),
        Measure::CoordinateDecimals => {
            let decimals = criteria.places.iter().filter_map(|place| facts.identifiers.get(place)?.decimals).max()?;
            exactly(u64::from(decimals))
        }
        Measure::Records => exactly(facts.records?.value),
        Measure::Bytes => exactly(facts.bytes?.value),
        Measure::Markers => named(condition, facts.markers.iter().map(|marker| (marker.as_str(), 1))),
        Measure::Standing => named(condition, enterprise.standings().into_iter().map(|standing| (standing, 1))),
        Measure::Industry => named(condition, enterprise.industry.iter().map(|code| (code.as_str(), 1))),
        Measure::Domains => named(condition, enterprise.domains.iter().map(|domain| (domain.as_str(), 1))),
        Measure::Provinces => exactly(enterprise.provinces.as_ref()?.len() as u64),
        Measure::Declared => {
            let said: Vec<String> = declared.iter().map(|(column, value)| format!("{column}={value}")).collect();
            named(condition, said.iter().map(|said| (said.as_str(), 1)))
        }
    })
}

/// The names that are looked for and are there.
fn named<'a>(condition: &Condition, there: impl Iterator<Item = (&'a str, u64)>) -> Seen {
    let is_named = |name: &str| condition.any.iter().any(|pattern| Taxonomy::covers(pattern, name));
    let present: Vec<(&str, u64)> = there.filter(|(name, times)| *times > 0 && is_named(name)).collect();
    let times = present.iter().fold(0u64, |sum, (_, times)| sum.saturating_add(*times));
    Seen::Names(present.iter().map(|(name, _)| (*name).to_owned()).collect(), times)
}

/// What a condition asks, as text.
pub(super) fn asked(condition: &Condition) -> String {
    let names = condition.any.join(", ");
    let below = condition.below.map(|below| format!(", < {below}")).unwrap_or_default();
    match (condition.any.is_empty(), condition.at_least) {
        (true, least) => format!("≥ {least}{below}"),
        (false, 1) => names,
        (false, least) => format!("{names}; ≥ {least}"),
    }
}
