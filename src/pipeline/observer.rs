//! How a scan tells what it is doing, without knowing a terminal.

use crate::model::{Connection, Examined, Reason, StoreState, Tally};

/// Watches a scan. Called from many threads at once; must be quick.
pub trait Observer: Sync {
    /// Something happened.
    fn observe(&self, event: Event<'_>);
}

/// What can happen during a scan.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The scan has its id.
    Begun {
        /// The scan.
        scan: i64,
        /// Whether an unfinished one is taken up again.
        resumed: bool,
    },
    /// A store is being listed.
    Store {
        /// Its name.
        store: &'a str,
    },
    /// A database answered.
    Connected {
        /// The name of its store.
        store: &'a str,
        /// Who answered, and how safe the way there is.
        connection: &'a Connection,
    },
    /// One top-level asset, with its members, is done.
    Asset {
        /// Counts of the asset and its members.
        tally: &'a Tally,
        /// Their results, where they were examined now and not taken over from before.
        results: &'a [Examined],
    },
    /// A store is done.
    StoreDone {
        /// Its name.
        store: &'a str,
        /// How it ended.
        state: StoreState,
        /// Why it is not complete.
        reason: Option<Reason>,
    },
}

/// Watches nothing.
pub struct Silent;

impl Observer for Silent {
    fn observe(&self, _event: Event<'_>) {}
}

/// Several that watch the same scan.
impl Observer for Vec<&dyn Observer> {
    fn observe(&self, event: Event<'_>) {
        for observer in self {
            observer.observe(event);
        }
    }
}
