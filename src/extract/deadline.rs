//! How long one file has been read. Who ends in time keeps what was found; who is ended from outside keeps nothing.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use rustix::time::{ClockId, clock_gettime};

use crate::open::Limits;

/// Bytes after which the time is asked: some milliseconds of the fastest reader.
const PACE_BYTES: u64 = 4 << 20;

/// Of the time that a guarded child has for a file, what a reader takes before it stops by itself: three quarters, so that
/// what was found is kept.
const IN_TIME: u32 = 3;
const WHOLE_TIME: u32 = 4;

/// The time since the first byte, of this thread's processor and on the wall.
pub(super) struct Deadline {
    processor: Duration,
    wall: Duration,
    processor_from: Duration,
    wall_from: Instant,
    unasked_bytes: Cell<u64>,
    is_over: Cell<bool>,
}

impl Deadline {
    /// Begins now, for a file of so many bytes.
    pub(super) fn new(limits: &Limits, stored_bytes: u64) -> Self {
        let processor = Duration::from_secs(limits.cpu_seconds_for(stored_bytes)) * IN_TIME / WHOLE_TIME;
        Self {
            processor,
            wall: processor * Limits::WALL_FOR_CPU,
            processor_from: processor_time(),
            wall_from: Instant::now(),
            unasked_bytes: Cell::new(0),
            is_over: Cell::new(false),
        }
    }

    /// Whether the time is over, now that so many more bytes have passed.
    pub(super) fn is_over(&self, more_bytes: u64) -> bool {
        let unasked = self.unasked_bytes.get().saturating_add(more_bytes);
        self.unasked_bytes.set(unasked);
        if unasked >= PACE_BYTES {
            self.unasked_bytes.set(0);
            self.ask();
        }
        self.is_over.get()
    }

    /// Whether the time is over.
    pub(super) fn ask(&self) -> bool {
        let used = processor_time().saturating_sub(self.processor_from);
        let is_over = used >= self.processor || self.wall_from.elapsed() >= self.wall;
        self.is_over.set(self.is_over.get() || is_over);
        self.is_over.get()
    }
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or(0);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_over_once_it_was_seen_to_be() {
        let deadline = Deadline::new(&Limits { cpu_seconds: 0, ..Limits::default() }, 9);
        assert!(!deadline.is_over(1), "not asked yet");
        assert!(deadline.is_over(PACE_BYTES) && deadline.is_over(0));
        assert!(!Deadline::new(&Limits::default(), 9).ask());
    }
}
