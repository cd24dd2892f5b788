use serde::{Deserialize, Serialize};

/// Something that happened, that starts or discharges a duty, and that no scan can know: an assessment was done, an
/// incident was found. Recorded by a named person; appended, never changed: a later row takes an earlier one back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// Counts up from 1 in an inventory; 0 before it is recorded.
    pub id: i64,
    /// What happened: an event of `catalogs/miit-166/duties.toml`.
    pub event: String,
    /// The civil date on which it happened, `YYYY-MM-DD`.
    pub date: String,
    /// The time of day in China, `HH:MM`, for periods in hours; `None` where nobody has said.
    pub time: Option<String>,
    /// Which of several: an incident, a recipient, an assessment.
    pub subject: Option<String>,
    /// Who recorded it.
    pub by: String,
    /// What else is to be said; the reason, where it takes an earlier one back.
    pub note: Option<String>,
    /// The civil date on which it was recorded.
    pub recorded: String,
    /// The id of the earlier row that this one takes back; then the row says nothing else.
    pub voids: Option<i64>,
}

impl Occurrence {
    /// Those that stand: neither taken back nor taking back, in the order in which they were recorded.
    #[must_use]
    pub fn standing(all: &[Self]) -> Vec<&Self> {
        let is_void = |id: i64| all.iter().any(|other| other.voids == Some(id));
        all.iter().filter(|one| one.voids.is_none() && !is_void(one.id)).collect()
    }
}
