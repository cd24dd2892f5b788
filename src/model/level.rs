use serde::{Deserialize, Serialize};

use super::Lang;

/// 级别: how much harm it would do if the data were changed, destroyed, leaked or misused (`miit-166/8`).
/// Ordered: `General < Important < Core`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// 一般数据 (`miit-166/9`): the residual level; what stands in no catalog.
    General,
    /// 重要数据 (`miit-166/10`).
    Important,
    /// 核心数据 (`miit-166/11`).
    Core,
}

impl Level {
    /// The id used in JSON, TOML and the inventory.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Important => "important",
            Self::Core => "core",
        }
    }

    /// The level of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::General, Self::Important, Self::Core].into_iter().find(|level| level.id() == id)
    }

    /// The word of the regulation, or its English word.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::General => lang.pick("一般", "general"),
            Self::Important => lang.pick("重要", "important"),
            Self::Core => lang.pick("核心", "core"),
        }
    }

    /// Whether data of this level is filed with the regulator (`miit-166/12`).
    #[must_use]
    pub fn is_filed(self) -> bool {
        self > Self::General
    }
}

/// Three fields, never one: a scan proposes, a named person confirms, the authority may override.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelDecision {
    /// What the criteria propose; `None` where nothing was read.
    pub proposed: Option<Level>,
    /// What a named person confirmed.
    pub confirmed: Option<Level>,
    /// What the authority decided; outranks both.
    pub authority: Option<Level>,
    /// What was proposed when a person confirmed; `None` where nobody recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saw: Option<Level>,
}

impl LevelDecision {
    /// Authority, else confirmed, else proposed.
    #[must_use]
    pub fn effective(&self) -> Option<Level> {
        self.authority.or(self.confirmed).or(self.proposed)
    }

    /// Whether new evidence speaks against what a person confirmed: something else is proposed than was then, and it is not
    /// what they confirmed. The confirmation stands until they look again; the authority's decision needs no second look.
    #[must_use]
    pub fn is_contradicted(&self) -> bool {
        let is_news = self.saw.is_some_and(|saw| self.proposed != Some(saw));
        self.authority.is_none() && self.confirmed.is_some() && is_news && self.proposed != self.confirmed
    }

    /// Whether a person or the authority has spoken.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.authority.is_some() || self.confirmed.is_some()
    }
}
