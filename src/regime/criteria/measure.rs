//! What a criterion speaks of: whom harm befalls how badly, factors, and measures.

use serde::Deserialize;

/// 影响程度 of GB/T 43697-2024.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Degree {
    /// 特别严重危害.
    Extreme,
    /// 严重危害.
    Serious,
    /// 一般危害.
    Ordinary,
}

impl Degree {
    /// The id used in JSON and TOML.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Extreme => "extreme",
            Self::Serious => "serious",
            Self::Ordinary => "ordinary",
        }
    }

    /// The degree of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Extreme, Self::Serious, Self::Ordinary].into_iter().find(|degree| degree.id() == id)
    }

    /// The words of the form.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Extreme => "特别严重危害",
            Self::Serious => "严重危害",
            Self::Ordinary => "一般危害",
        }
    }
}

/// 分级要素 of GB/T 43697-2024, and the category itself, which alone proves neither side of the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Factor {
    /// 领域.
    Field,
    /// 群体.
    Group,
    /// 区域.
    Region,
    /// 精度.
    Precision,
    /// 规模.
    Scale,
    /// 深度.
    Depth,
    /// 覆盖度.
    Coverage,
    /// 重要性.
    Importance,
    /// The category, which narrows a criterion.
    Category,
}

impl Factor {
    /// The id used in JSON and TOML.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Group => "group",
            Self::Region => "region",
            Self::Precision => "precision",
            Self::Scale => "scale",
            Self::Depth => "depth",
            Self::Coverage => "coverage",
            Self::Importance => "importance",
            Self::Category => "category",
        }
    }

    /// Whether it says *which* data, the first half of the definition of important data.
    #[must_use]
    pub fn is_which(self) -> bool {
        matches!(self, Self::Field | Self::Group | Self::Region)
    }

    /// Whether it says *how much* it matters, the second half.
    #[must_use]
    pub fn is_how_much(self) -> bool {
        matches!(self, Self::Precision | Self::Scale | Self::Coverage | Self::Importance)
    }
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// The category of the data.
    Category,
    /// Field marks seen, with how often.
    FieldMarks,
    /// Matches of the detectors named in `any`.
    Identifiers,
    /// Distinct persons.
    Subjects,
    /// Distinct places.
    Places,
    /// Decimals of coordinates.
    CoordinateDecimals,
    /// Records.
    Records,
    /// Bytes.
    Bytes,
    /// Markers such as `credential`.
    Markers,
    /// Distinct persons whose personal information is sensitive.
    SensitiveSubjects,
    /// What the enterprise is: `critical-infrastructure`, `backbone`, `export-control`, `platform`…
    Standing,
    /// Provinces that the enterprise's data cover.
    Provinces,
    /// What persons declared of an entry, as `column=value`; for notices alone.
    Declared,
    /// The enterprise's code of GB/T 4754.
    Industry,
    /// The enterprise's domains.
    Domains,
}

impl Measure {
    /// The id used in JSON and TOML.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::FieldMarks => "field-marks",
            Self::Identifiers => "identifiers",
            Self::Subjects => "subjects",
            Self::Places => "places",
            Self::CoordinateDecimals => "coordinate-decimals",
            Self::Records => "records",
            Self::Bytes => "bytes",
            Self::Markers => "markers",
            Self::SensitiveSubjects => "sensitive-subjects",
            Self::Standing => "standing",
            Self::Provinces => "provinces",
            Self::Declared => "declared",
            Self::Industry => "industry",
            Self::Domains => "domains",
        }
    }

    /// Whether it grows with the assets of a class.
    #[must_use]
    pub fn is_scale(self) -> bool {
        matches!(self, Self::Subjects | Self::SensitiveSubjects | Self::Places | Self::Records | Self::Bytes)
    }

    /// Whether it needs names to look for.
    pub(super) fn needs_names(self) -> bool {
        !self.is_scale() && !matches!(self, Self::CoordinateDecimals | Self::Provinces)
    }
}
