use super::Label;
use crate::model::Classification;
use crate::regime::Signals;

/// The answer for what is left unclassified, and the label for what should be.
pub const NONE: &str = Classification::PLUMBING;

/// One asset with its label and its answer.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What a person says.
    pub label: Label,
    /// What the program says.
    pub answer: Classification,
    /// What its score was made of, where that is known.
    pub signals: Option<Signals>,
}

impl Judged {
    /// The answer's category as fine as it is; `none` for an asset that was left unclassified.
    #[must_use]
    pub fn category(&self) -> &str {
        self.answer.best.as_ref().map_or(NONE, |best| best.id.as_str())
    }

    /// The answer's category on top.
    #[must_use]
    pub fn top(&self) -> &str {
        self.answer.best.as_ref().map_or(NONE, |best| best.id.top())
    }

    /// The score of a classified asset.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        self.answer.best.as_ref().map(|best| best.score)
    }

    /// Whether the answer is the label.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.label.accepts(self.category(), false)
    }

    /// Whether the answer is the label or one of its alternates.
    #[must_use]
    pub fn is_acceptable(&self) -> bool {
        self.label.accepts(self.category(), true)
    }

    /// The label's category on top.
    #[must_use]
    pub fn label_top(&self) -> &str {
        self.label.category.split('.').next().unwrap_or(NONE)
    }
}
