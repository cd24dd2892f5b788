use crate::discover::{database, share};
use crate::model::{Lang, Speak};
use crate::{inventory, regime, rules};

/// Why a scan could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rule packs are wrong.
    #[error(transparent)]
    Rules(#[from] rules::Error),
    /// The regime's files are wrong.
    #[error(transparent)]
    Regime(#[from] regime::Error),
    /// The inventory cannot be used.
    #[error(transparent)]
    Inventory(#[from] inventory::Error),
    /// The machinery for databases could not be started.
    #[error(transparent)]
    Database(#[from] database::Error),
    /// A share that cannot be listed. Reported for its store; the others are scanned.
    #[error(transparent)]
    Share(#[from] share::Error),
    /// The system gives no threads.
    #[error("{}", self.say(Lang::En))]
    Threads,
}

impl Speak for Error {
    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Rules(error) => error.say(lang),
            Self::Regime(error) => error.say(lang),
            Self::Inventory(error) => error.say(lang),
            Self::Database(error) => error.say(lang),
            Self::Share(error) => error.say(lang),
            Self::Threads => {
                lang.pick("无法启动工作线程；请降低 --jobs", "cannot start worker threads; lower --jobs").to_owned()
            }
        }
    }
}
