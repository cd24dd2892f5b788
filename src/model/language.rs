use serde::{Deserialize, Serialize};

/// The language of everything a person reads. JSON keys and ids are English in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Simplified Chinese.
    Zh,
    /// English, the language of logs and of `Display`.
    #[default]
    En,
}

impl Lang {
    /// Picks one of two texts that say the same.
    #[must_use]
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// Something that can be told to a person in either language.
///
/// Every error of the library speaks; `Display` says the English sentence, so a log is always English.
pub trait Speak {
    /// One line without a full stop: what, where, and what to do. Never a scanned value, never the raw
    /// message of a parser or a server.
    fn say(&self, lang: Lang) -> String;
}
