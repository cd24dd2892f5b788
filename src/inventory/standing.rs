//! What people and the authority have said of an asset or a class, taken together.

use std::collections::BTreeSet;

use crate::model::{Act, CategoryId, Decision, Level, LevelDecision};

/// The outcome of all decisions on one target over what the scan proposes for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Set by the authority, else by a person, else classified.
    pub category: Option<CategoryId>,
    /// Proposed, confirmed, decided by the authority.
    pub level: LevelDecision,
    /// Detectors whose findings are rejected, sorted.
    pub rejected_detectors: Vec<String>,
    /// Whether new evidence speaks against what a person confirmed, of level or category: it is flagged, and nothing is
    /// overwritten.
    pub contradicted: bool,
}

impl Standing {
    /// Applies decisions in the order in which they are given: those on places from the outermost to the innermost, then those
    /// on the target itself, each oldest first; the last of each kind counts, so that the nearest does.
    ///
    /// - A confirmation sets what it names. One that names neither category nor level confirms both as proposed now.
    /// - A rejection says that the category is wrong: none, and level general, unless it names better ones.
    /// - One that names a detector speaks of that detector's findings alone; a later confirmation takes it back.
    /// - What the authority names outranks all of these, whenever they were said.
    pub fn of<'d>(
        classified: Option<&CategoryId>,
        proposed: Option<Level>,
        decisions: impl IntoIterator<Item = &'d Decision>,
    ) -> Self {
        let mut category = classified.cloned();
        let mut authority_category = None;
        let mut level = LevelDecision { proposed, ..LevelDecision::default() };
        let mut rejected = BTreeSet::new();
        let mut saw_category = None;
        for decision in decisions {
            if decision.act != Act::Override && decision.detector.is_none() {
                let saw = decision.saw.as_ref();
                level.saw = saw.and_then(|saw| saw.level);
                saw_category = saw.map(|saw| saw.category.clone());
            }
            match (decision.act, &decision.detector) {
                (Act::Reject, Some(detector)) => _ = rejected.insert(detector.clone()),
                (Act::Confirm, Some(detector)) => _ = rejected.remove(detector),
                (Act::Confirm, None) if decision.category.is_none() && decision.level.is_none() => {
                    category = classified.cloned();
                    level.confirmed = proposed;
                }
                (Act::Confirm, None) => {
                    // What an earlier rejection took away is back, as it is proposed now.
                    category = decision.category.clone().or(category).or_else(|| classified.cloned());
                    level.confirmed = decision.level.or(level.confirmed);
                }
                (Act::Reject, None) => {
                    category.clone_from(&decision.category);
                    level.confirmed = Some(decision.level.unwrap_or(Level::General));
                }
                (Act::Override, _) => {
                    authority_category = decision.category.clone().or(authority_category);
                    level.authority = decision.level.or(level.authority);
                }
            }
        }
        let is_other = saw_category.is_some_and(|saw| saw.as_ref() != classified);
        let contradicted =
            level.is_contradicted() || is_other && authority_category.is_none() && category.as_ref() != classified;
        let rejected_detectors = rejected.into_iter().collect();
        Self { category: authority_category.or(category), level, rejected_detectors, contradicted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Saw;

    fn decision(act: Act, category: Option<&str>, level: Option<Level>, detector: Option<&str>) -> Decision {
        Decision {
            target: "a0000000000000001".to_owned(),
            act,
            category: category.map(CategoryId::new),
            level,
            detector: detector.map(str::to_owned),
            by: "王工".to_owned(),
            date: "2026-11-22".to_owned(),
            reason: "checked".to_owned(),
            document: None,
            under: None,
            saw: None,
        }
    }

    fn stand(decisions: &[Decision]) -> Standing {
        Standing::of(Some(&CategoryId::new("management.hr")), Some(Level::Important), decisions)
    }

    #[test]
    fn without_decisions_the_proposal_stands_unconfirmed() {
        let standing = stand(&[]);
        assert_eq!(standing.category, Some(CategoryId::new("management.hr")));
        assert_eq!(standing.level.effective(), Some(Level::Important));
        assert!(!standing.level.is_confirmed());
    }

    #[test]
    fn a_rejection_takes_the_category_away_and_leaves_the_level_general() {
        let standing = stand(&[decision(Act::Reject, None, None, None)]);
        assert_eq!(standing.category, None);
        assert_eq!(standing.level.effective(), Some(Level::General));
        assert_eq!(standing.level.proposed, Some(Level::Important));
    }

    #[test]
    fn a_later_confirmation_takes_a_rejection_back() {
        let standing = stand(&[decision(Act::Reject, None, None, None), decision(Act::Confirm, None, None, None)]);
        assert_eq!(standing.category, Some(CategoryId::new("management.hr")));
        assert_eq!(standing.level.confirmed, Some(Level::Important));
    }

    #[test]
    fn the_authority_outranks_what_a_person_says_later() {
        let standing = stand(&[
            decision(Act::Override, Some("production.quality"), Some(Level::Core), None),
            decision(Act::Confirm, Some("service.user"), Some(Level::General), None),
        ]);
        assert_eq!(standing.category, Some(CategoryId::new("production.quality")));
        assert_eq!(standing.level.effective(), Some(Level::Core));
        assert_eq!(standing.level.confirmed, Some(Level::General));
    }

    #[test]
    fn a_confirmed_level_leaves_an_earlier_corrected_category_alone() {
        let standing = stand(&[
            decision(Act::Confirm, Some("service.user"), None, None),
            decision(Act::Confirm, None, Some(Level::General), None),
        ]);
        assert_eq!(standing.category, Some(CategoryId::new("service.user")));
        assert_eq!(standing.level.confirmed, Some(Level::General));
    }

    #[test]
    fn a_rejected_detector_says_nothing_of_category_and_level_and_can_be_taken_back() {
        let reject = decision(Act::Reject, None, None, Some("vin"));
        let standing = stand(std::slice::from_ref(&reject));
        assert_eq!(standing.rejected_detectors, ["vin"]);
        assert_eq!(standing.level.confirmed, None);
        assert_eq!(standing.category, Some(CategoryId::new("management.hr")));
        let back = stand(&[reject, decision(Act::Confirm, None, None, Some("vin"))]);
        assert!(back.rejected_detectors.is_empty());
    }

    #[test]
    fn new_evidence_against_a_confirmation_is_flagged_and_overwrites_nothing() {
        let saw =
            |level: Level, category: &str| Some(Saw { level: Some(level), category: Some(CategoryId::new(category)) });
        let confirmed = |saw| Decision { saw, ..decision(Act::Confirm, None, Some(Level::General), None) };
        // The same proposal as then was looked at: a person knew better.
        let standing = stand(&[confirmed(saw(Level::Important, "management.hr"))]);
        assert_eq!((standing.contradicted, standing.level.effective()), (false, Some(Level::General)));
        let standing = stand(&[confirmed(saw(Level::General, "management.hr"))]);
        assert_eq!((standing.contradicted, standing.level.effective()), (true, Some(Level::General)));
        // Looked at again, it is settled.
        let again =
            [confirmed(saw(Level::General, "management.hr")), confirmed(saw(Level::Important, "management.hr"))];
        assert!(!stand(&again).contradicted);
        // What is proposed now is what was confirmed.
        let right = Decision { level: Some(Level::Important), ..confirmed(saw(Level::General, "management.hr")) };
        assert!(!stand(&[right]).contradicted);
        let authority = decision(Act::Override, Some("service.user"), Some(Level::Core), None);
        assert!(!stand(&[confirmed(saw(Level::General, "management.hr")), authority]).contradicted);
        // Nobody recorded what was proposed then.
        assert!(!stand(&[confirmed(None)]).contradicted);
        let category = Decision {
            category: Some(CategoryId::new("service.user")),
            ..confirmed(saw(Level::Important, "production.quality"))
        };
        assert!(stand(&[category]).contradicted, "it is classified as something else than then, and than confirmed");
    }
}
