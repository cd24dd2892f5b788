use serde::{Deserialize, Serialize};

use super::{CategoryId, Lang, Level, Locator, stable_id};

/// What a named person, or the authority, said of an asset or a class. Appended, never changed: the latest of
/// each kind counts, and it survives every re-scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The id of the asset (`a…`), class (`c…`) or place ([`Under`], `p…`) that it speaks of.
    pub target: String,
    /// The place that `target` is the id of, where it speaks of everything under one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<Under>,
    /// What was done.
    pub act: Act,
    /// The category that it sets.
    pub category: Option<CategoryId>,
    /// The level that it sets.
    pub level: Option<Level>,
    /// The detector that it rejects for this target.
    pub detector: Option<String>,
    /// Who decided.
    pub by: String,
    /// The civil date of the decision, `YYYY-MM-DD`.
    pub date: String,
    /// Why.
    pub reason: String,
    /// The document number, for a decision of the authority.
    pub document: Option<String>,
    /// What was proposed when it was taken: where something else is proposed later, the evidence has changed.
    /// `None` where nobody recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saw: Option<Saw>,
}

/// A folder of a share, a schema of a database, or a whole store: a decision on it speaks of every asset under it that
/// no decision of its own, and none on a place further in, speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Under {
    /// The store.
    pub store: String,
    /// What the locators of its assets begin with, e.g. `drawings/`; empty for the whole store.
    pub prefix: String,
}

impl Under {
    /// Its id: `p` and 16 hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> String {
        stable_id("p", &[&self.store, &self.prefix])
    }

    /// Whether an asset lies under it: `drawings` holds `drawings/a.dwg` and `drawings` itself, not `drawings.dwg`; a
    /// schema is named with its dot, `public.`.
    #[must_use]
    pub fn holds(&self, store: &str, locator: &Locator) -> bool {
        let at_an_edge = |rest: &str| {
            self.prefix.is_empty()
                || self.prefix.ends_with(['/', '!', '.'])
                || rest.is_empty()
                || rest.starts_with(['/', '!'])
        };
        self.store == store && locator.as_str().strip_prefix(self.prefix.as_str()).is_some_and(at_an_edge)
    }
}

/// What a scan proposed when somebody decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saw {
    /// The level.
    pub level: Option<Level>,
    /// The category.
    pub category: Option<CategoryId>,
}

/// The kinds of decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// The proposal is right, or this level is.
    Confirm,
    /// The authority's decision; outranks a confirmation.
    Override,
    /// The proposal, or one detector's finding, is wrong.
    Reject,
}

impl Act {
    /// The id used in JSON and the inventory.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Override => "override",
            Self::Reject => "reject",
        }
    }

    /// What it is called.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Confirm => lang.pick("确认", "confirm"),
            Self::Override => lang.pick("主管部门认定", "override"),
            Self::Reject => lang.pick("否定", "reject"),
        }
    }

    /// The act of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Confirm, Self::Override, Self::Reject].into_iter().find(|act| act.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_holds_what_lies_under_it_and_nothing_that_only_begins_alike() {
        let holds = |prefix: &str, locator: &str| {
            let under = Under { store: "plant".to_owned(), prefix: prefix.to_owned() };
            under.holds("plant", &Locator::stored(locator.to_owned()))
        };
        assert!(holds("", "a.csv") && holds("docs", "docs/a.csv") && holds("docs/", "docs/b/a.csv"));
        assert!(holds("a.zip", "a.zip!b.csv") && holds("a.zip", "a.zip") && holds("public.", "public.hr"));
        assert!(!holds("docs", "docs-old/a.csv") && !holds("docs", "docs.csv") && !holds("docs/", "doc"));
        let other = Under { store: "mes".to_owned(), prefix: String::new() };
        assert!(!other.holds("plant", &Locator::stored("a.csv".to_owned())));
    }
}
