//! `timeouts` of a `[[store]]`.

use std::time::Duration;

use serde::Deserialize;

use crate::discover::database::Timeouts;

/// `timeouts = { statement = 300 }`, in seconds; what is not said is as [`Timeouts::default`] has it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeoutsEntry {
    connect: Option<u32>,
    statement: Option<u32>,
    full: Option<u32>,
    view: Option<u32>,
    lock: Option<u32>,
    idle: Option<u32>,
    reconnect: Option<u32>,
}

impl TimeoutsEntry {
    /// Whether one of them is no time at all: servers take it for no limit.
    pub(super) fn has_nothing(self) -> bool {
        let all = [self.connect, self.statement, self.full, self.view, self.lock, self.idle, self.reconnect];
        all.contains(&Some(0))
    }

    /// What is said here, and else what is said there.
    pub(super) fn over(self, others: Timeouts) -> Timeouts {
        let or = |seconds: Option<u32>, other| seconds.map_or(other, |seconds| Duration::from_secs(seconds.into()));
        Timeouts {
            connect: or(self.connect, others.connect),
            statement: or(self.statement, others.statement),
            full: or(self.full, others.full),
            view: or(self.view, others.view),
            lock: or(self.lock, others.lock),
            idle: or(self.idle, others.idle),
            reconnect: or(self.reconnect, others.reconnect),
        }
    }
}
