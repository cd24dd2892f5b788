//! Connections to a server, lent one at a time and never more than agreed.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

/// A connection that can be closed politely.
pub(crate) trait Goodbye {
    /// Tells the server that we leave.
    async fn goodbye(self) -> Result<(), sqlx::Error>;
}

impl<C: sqlx::Connection> Goodbye for C {
    async fn goodbye(self) -> Result<(), sqlx::Error> {
        self.close().await
    }
}

/// At most so many connections to one server, whatever their database. sqlx's own pool counts for each database, and
/// waits instead of failing when nobody answers.
pub(crate) struct Connections<C> {
    most: u32,
    state: Mutex<State<C>>,
    returned: Condvar,
}

struct State<C> {
    lent: u32,
    idle: Vec<Idle<C>>,
}

/// A connection that nobody uses.
pub(crate) struct Idle<C> {
    /// The database that it is logged in to.
    database: String,
    /// The connection.
    pub(crate) connection: C,
    /// The limit on statements that it was last given, where it is kept by the session.
    pub(crate) limit: Option<Duration>,
    since: Instant,
}

/// A connection that was used so recently is taken to be alive: asking it first would cost a round trip for each table.
const TAKEN_FOR_ALIVE: Duration = Duration::from_secs(1);

impl<C> Idle<C> {
    /// Whether it has rested so long that somebody may have cut it.
    pub(crate) fn may_be_cut(&self) -> bool {
        self.since.elapsed() > TAKEN_FOR_ALIVE
    }
}

impl<C: Goodbye> Connections<C> {
    pub(crate) fn new(most: u32) -> Self {
        Self { most: most.max(1), state: Mutex::new(State { lent: 0, idle: Vec::new() }), returned: Condvar::new() }
    }

    /// Waits until one more connection may be used; gives an idle one to `database` where there is one.
    pub(crate) fn borrow(&self, runtime: &Runtime, database: &str) -> (Place<'_, C>, Option<Idle<C>>) {
        let mut state = self.state();
        while state.lent >= self.most {
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.lent += 1;
        let place = state.idle.iter().position(|idle| idle.database == database);
        let found = place.map(|place| state.idle.swap_remove(place));
        // An idle connection to another database would make one too many.
        let surplus = if found.is_none() && state.lent as usize + state.idle.len() > self.most as usize {
            state.idle.pop()
        } else {
            None
        };
        drop(state);
        if let Some(surplus) = surplus {
            close(runtime, surplus.connection);
        }
        (Place { connections: self }, found)
    }

    /// Takes a connection back for the next one who asks.
    pub(crate) fn give_back(&self, database: &str, connection: C, limit: Option<Duration>) {
        self.state().idle.push(Idle { database: database.to_owned(), connection, limit, since: Instant::now() });
    }

    /// Closes all idle connections.
    pub(crate) fn close(&self, runtime: &Runtime) {
        let idle = std::mem::take(&mut self.state().idle);
        for one in idle {
            close(runtime, one.connection);
        }
    }

    /// Connections that somebody works with.
    pub(crate) fn lent(&self) -> u32 {
        self.state().lent
    }

    fn state(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to use one connection; it returns when this is dropped, even if whoever reads the rows panics.
pub(crate) struct Place<'c, C> {
    connections: &'c Connections<C>,
}

impl<C> Drop for Place<'_, C> {
    fn drop(&mut self) {
        let mut state = self.connections.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.lent = state.lent.saturating_sub(1);
        drop(state);
        self.connections.returned.notify_one();
    }
}

/// Closes politely; a server that does not answer is left alone after a second.
pub(crate) fn close<C: Goodbye>(runtime: &Runtime, connection: C) {
    // Whether the goodbye arrives changes nothing: the socket is closed either way.
    drop(super::wait(runtime, Duration::from_secs(1), connection.goodbye()));
}
