//! The line to one server: a table whose connection was cut is read again from its beginning, once the server answers.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::model::Reason;

/// Times that one table is read when its connection is cut while the server goes on answering: it may be the table that
/// ends it.
const ATTEMPTS: u32 = 3;
/// The first pause before a server is asked again; each is twice as long as the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Whether a server still answers, and since when it does not.
pub(super) struct Line<'l> {
    /// How long a server that fell silent is waited for.
    patience: Duration,
    /// Asks the server for a sign of life.
    answers: &'l (dyn Fn() -> bool + Sync),
    silent_since: Mutex<Option<Instant>>,
    given_up: AtomicBool,
    unread: AtomicUsize,
}

impl<'l> Line<'l> {
    pub(super) fn new(patience: Duration, answers: &'l (dyn Fn() -> bool + Sync)) -> Self {
        Self {
            patience,
            answers,
            silent_since: Mutex::new(None),
            given_up: AtomicBool::new(false),
            unread: AtomicUsize::new(0),
        }
    }

    /// Does `read` until it comes to an end of which the line is innocent, `reason` says why it did not; `None` where
    /// the server is not asked any more.
    pub(super) fn persist<T>(&self, read: impl Fn() -> T, reason: impl Fn(&T) -> Option<Reason>) -> Option<T> {
        for attempt in 1.. {
            if self.given_up.load(Ordering::Relaxed) {
                break;
            }
            let done = read();
            if reason(&done) != Some(Reason::Unreachable) {
                self.note_answer();
                return Some(done);
            }
            if !self.wait_for_answer() {
                break;
            }
            if attempt >= ATTEMPTS {
                self.unread.fetch_add(1, Ordering::Relaxed);
                return Some(done);
            }
        }
        self.unread.fetch_add(1, Ordering::Relaxed);
        None
    }

    /// Tables of which the server cut every reading, or for which it was not asked any more.
    pub(super) fn unread(&self) -> usize {
        self.unread.load(Ordering::Relaxed)
    }

    fn note_answer(&self) {
        *self.silent_since.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Asks until there is an answer; gives `false` when patience is at its end, for good.
    fn wait_for_answer(&self) -> bool {
        let mut pause = FIRST_PAUSE;
        loop {
            if (self.answers)() {
                self.note_answer();
                return true;
            }
            let now = Instant::now();
            let mut silent_since = self.silent_since.lock().unwrap_or_else(PoisonError::into_inner);
            let silent = now.saturating_duration_since(*silent_since.get_or_insert(now));
            drop(silent_since);
            if silent >= self.patience || self.given_up.load(Ordering::Relaxed) {
                self.given_up.store(true, Ordering::Relaxed);
                return false;
            }
            std::thread::sleep(pause.min(self.patience.saturating_sub(silent)));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUT: Option<Reason> = Some(Reason::Unreachable);

    #[test]
    fn a_table_is_read_again_until_it_is_read() {
        let answers = || true;
        let line = Line::new(Duration::from_mins(1), &answers);
        let readings = AtomicUsize::new(0);
        let read = || if readings.fetch_add(1, Ordering::Relaxed) < 2 { CUT } else { None };
        assert_eq!((line.persist(read, |reason| *reason), line.unread()), (Some(None), 0));
    }

    #[test]
    fn a_table_that_cuts_every_connection_costs_itself() {
        let answers = || true;
        let line = Line::new(Duration::from_mins(1), &answers);
        let readings = AtomicUsize::new(0);
        let read = || {
            readings.fetch_add(1, Ordering::Relaxed);
            CUT
        };
        assert_eq!((line.persist(read, |reason| *reason), line.unread()), (Some(CUT), 1));
        assert_eq!(readings.into_inner(), ATTEMPTS as usize);
        assert_eq!(line.persist(|| None, |reason| *reason), Some(None), "the next table is read");
    }

    #[test]
    fn a_server_that_comes_back_in_time_is_read_on() {
        let asked = AtomicUsize::new(0);
        let answers = || asked.fetch_add(1, Ordering::Relaxed) >= 2;
        let line = Line::new(Duration::from_mins(1), &answers);
        let read = || if asked.load(Ordering::Relaxed) < 3 { CUT } else { None };
        assert_eq!((line.persist(read, |reason| *reason), line.unread()), (Some(None), 0));
    }

    #[test]
    fn a_server_that_stays_away_is_waited_for_once() {
        let answers = || false;
        let line = Line::new(Duration::ZERO, &answers);
        let readings = AtomicUsize::new(0);
        let read = || {
            readings.fetch_add(1, Ordering::Relaxed);
            CUT
        };
        for _ in 0..5 {
            assert_eq!(line.persist(read, |reason| *reason), None);
        }
        assert_eq!((readings.load(Ordering::Relaxed), line.unread()), (1, 5));
    }

    #[test]
    fn other_reasons_are_not_of_the_line() {
        let answers = || panic!("nobody asks");
        let line = Line::new(Duration::ZERO, &answers);
        let locked = Some(Reason::Locked);
        assert_eq!((line.persist(|| locked, |reason| *reason), line.unread()), (Some(locked), 0));
    }
}
