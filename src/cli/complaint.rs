//! Errors of the command line itself, and how any error is told in the reader's language.

use crate::model::{Lang, Speak, mask_logins};
use crate::{accuracy, discover, inventory, pipeline, regime, rules};

/// Something that a person got wrong, said in both languages: what, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{en}")]
pub(crate) struct Complaint {
    zh: String,
    en: String,
}

impl Complaint {
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

impl Speak for Complaint {
    fn say(&self, lang: Lang) -> String {
        lang.pick(&self.zh, &self.en).to_owned()
    }
}

/// The one line that a person reads of an error.
pub(crate) fn tell(error: &anyhow::Error, lang: Lang) -> String {
    let spoken: [Option<&dyn Speak>; 8] = [
        error.downcast_ref::<Complaint>().map(|error| error as &dyn Speak),
        error.downcast_ref::<pipeline::Error>().map(|error| error as &dyn Speak),
        error.downcast_ref::<inventory::Error>().map(|error| error as &dyn Speak),
        error.downcast_ref::<rules::Error>().map(|error| error as &dyn Speak),
        error.downcast_ref::<accuracy::Error>().map(|error| error as &dyn Speak),
        error.downcast_ref::<regime::Error>().map(|error| error as &dyn Speak),
        error.downcast_ref::<discover::database::Error>().map(|error| error as &dyn Speak),
        error.downcast_ref::<discover::share::Error>().map(|error| error as &dyn Speak),
    ];
    let told = spoken.into_iter().flatten().next().map_or_else(|| error.to_string(), |error| error.say(lang));
    // One line, whatever a path or a name holds, and no password where an address stands in place of a path.
    mask_logins(&escape_controls(&told))
}

/// Control characters as blanks: a path or an argument may hold what moves the cursor of a terminal.
fn escape_controls(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
