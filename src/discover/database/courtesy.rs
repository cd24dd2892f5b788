//! When a server may be asked: in its quiet hours, and not while it is busy.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::civil::Time;

use crate::model::{Lang, Speak};

use super::Window;

/// How often a server is asked how busy it is: often enough to give way within seconds, rare beside the work itself.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// How long to wait before a busy server is looked at again.
const PAUSE: Duration = Duration::from_secs(2);

/// Longest sleep between two looks at the clock, which somebody may set meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// Why a scan waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Until the window opens.
    Window(Window),
    /// More statements run on the server than are allowed beside ours.
    Busy {
        /// Statements of others that run.
        running: u64,
        /// How many may.
        most: u32,
    },
    /// The replica is behind its primary.
    Behind {
        /// Seconds by which it is.
        seconds: u64,
        /// How many it may be.
        most: u32,
    },
}

impl Speak for Waiting {
    fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Window(window), Lang::Zh) => format!("等待允许扫描的时段 {window}"),
            (Self::Window(window), Lang::En) => format!("waiting for the hours {window} in which it may be read"),
            (Self::Busy { running, most }, Lang::Zh) => {
                format!("服务器繁忙，暂停：有 {running} 条语句在运行，上限 {most}")
            }
            (Self::Busy { running, most }, Lang::En) => {
                format!("pausing, the server is busy: {running} statements run, at most {most} may")
            }
            (Self::Behind { seconds, most }, Lang::Zh) => {
                format!("副本落后，暂停：落后 {seconds} 秒，上限 {most} 秒")
            }
            (Self::Behind { seconds, most }, Lang::En) => {
                format!("pausing, the replica is {seconds} seconds behind, at most {most} are allowed")
            }
        }
    }
}

/// The time, and a way to let it pass. A test brings its own.
pub trait Clock: Send + Sync {
    /// The time of day here.
    fn now(&self) -> Time;
    /// Waits.
    fn sleep(&self, duration: Duration);
}

/// The clock of the machine.
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        jiff::Zoned::now().time()
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}

/// Who is told when a scan begins to wait.
pub type Told = dyn Fn(Waiting) + Send + Sync;

/// When a store may be read.
#[derive(Clone)]
pub struct Courtesy {
    /// The hours; `None`: at any time.
    pub window: Option<Window>,
    /// Statements of others that may run on the server while it is read; `None`: any number.
    pub max_load: Option<u32>,
    /// Seconds by which a replica may be behind; `None`: any number.
    pub max_lag_seconds: Option<u32>,
    /// Who is told of waiting.
    pub told: Option<Arc<Told>>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl Default for Courtesy {
    fn default() -> Self {
        Self { window: None, max_load: None, max_lag_seconds: None, told: None, clock: Arc::new(SystemClock) }
    }
}

/// What a server says of its load; `None` where it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Load {
    /// Statements of others that run.
    pub(super) running: Option<u64>,
    /// Seconds by which a replica is behind.
    pub(super) lag_seconds: Option<u64>,
}

/// Holds back whoever wants to ask a server something.
pub(super) struct Gate {
    courtesy: Courtesy,
    last_look: Mutex<Option<Instant>>,
}

impl Gate {
    pub(super) fn new(courtesy: Courtesy) -> Self {
        Self { courtesy, last_look: Mutex::new(None) }
    }

    /// Waits until the window is open. What has begun goes on to its end when it closes.
    pub(super) fn wait_for_window(&self) {
        let Some(window) = self.courtesy.window else { return };
        let mut is_told = false;
        loop {
            let left = window.opens_in(self.courtesy.clock.now());
            if left.is_zero() {
                return;
            }
            self.tell(Waiting::Window(window), &mut is_told);
            self.courtesy.clock.sleep(left.min(LONGEST_SLEEP));
        }
    }

    /// Waits until the server is not busy, as `look` sees it; looks only now and then, and only while the window is open.
    ///
    /// # Errors
    /// What `look` could not see.
    pub(super) fn wait_for_quiet<E>(&self, mut look: impl FnMut() -> Result<Load, E>) -> Result<(), E> {
        if !self.wants_to_look() {
            return Ok(());
        }
        let mut is_told = false;
        while let Some(waiting) = self.obstacle(look()?) {
            self.tell(waiting, &mut is_told);
            self.courtesy.clock.sleep(PAUSE);
            self.wait_for_window();
        }
        Ok(())
    }

    fn wants_to_look(&self) -> bool {
        if self.courtesy.max_load.is_none() && self.courtesy.max_lag_seconds.is_none() {
            return false;
        }
        let mut last = self.last_look.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|last| last.elapsed() >= BETWEEN_LOOKS);
        if is_due {
            *last = Some(Instant::now());
        }
        is_due
    }

    fn obstacle(&self, load: Load) -> Option<Waiting> {
        let over = |value: Option<u64>, most: Option<u32>| {
            Some((value?, most?)).filter(|(value, most)| *value > u64::from(*most))
        };
        let busy = over(load.running, self.courtesy.max_load).map(|(running, most)| Waiting::Busy { running, most });
        busy.or_else(|| {
            over(load.lag_seconds, self.courtesy.max_lag_seconds)
                .map(|(seconds, most)| Waiting::Behind { seconds, most })
        })
    }

    fn tell(&self, waiting: Waiting, is_told: &mut bool) {
        if !*is_told && let Some(told) = &self.courtesy.told {
            told(waiting);
        }
        *is_told = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that moves when somebody sleeps, and only then.
    struct Hands(Mutex<Time>);

    impl Clock for Hands {
        fn now(&self) -> Time {
            *self.0.lock().unwrap()
        }

        fn sleep(&self, duration: Duration) {
            let mut time = self.0.lock().unwrap();
            *time = time.wrapping_add(jiff::SignedDuration::try_from(duration).unwrap());
        }
    }

    fn courtesy(now: &str, window: Option<&str>, told: &Arc<Mutex<Vec<Waiting>>>) -> Courtesy {
        let told = Arc::clone(told);
        Courtesy {
            window: window.map(|window| Window::parse(window).unwrap()),
            told: Some(Arc::new(move |waiting| told.lock().unwrap().push(waiting))),
            clock: Arc::new(Hands(Mutex::new(now.parse().unwrap()))),
            ..Courtesy::default()
        }
    }

    #[test]
    fn a_window_is_waited_for_and_told_once() {
        for (now, window, opens_at) in [
            ("21:59:30", "22:00-06:00", "22:00:00"),
            ("22:00:00", "22:00-06:00", "22:00:00"),
            ("05:59:59", "22:00-06:00", "05:59:59"),
            ("06:00:00", "22:00-06:00", "22:00:00"),
            ("13:00:00", "12:00-13:00", "12:00:00"),
            ("00:00:00", "22:00–24:00", "22:00:00"),
        ] {
            let told = Arc::default();
            let courtesy = courtesy(now, Some(window), &told);
            let clock = Arc::clone(&courtesy.clock);
            Gate::new(courtesy).wait_for_window();
            assert_eq!(clock.now(), opens_at.parse::<Time>().unwrap(), "{now} in {window}");
            assert_eq!(told.lock().unwrap().len(), usize::from(now != opens_at));
        }
    }

    #[test]
    fn a_busy_server_is_left_alone_until_it_is_not() {
        let told = Arc::default();
        let polite = Courtesy { max_load: Some(3), max_lag_seconds: Some(10), ..courtesy("12:00:00", None, &told) };
        let clock = Arc::clone(&polite.clock);
        let gate = Gate::new(polite);
        let mut loads = [(9, None), (4, Some(0)), (3, Some(60)), (3, Some(10))].into_iter();
        let look = || {
            let (running, lag_seconds) = loads.next().unwrap();
            Ok::<_, ()>(Load { running: Some(running), lag_seconds })
        };
        gate.wait_for_quiet(look).unwrap();
        assert_eq!(loads.next(), None);
        assert_eq!(clock.now(), "12:00:06".parse::<Time>().unwrap(), "three pauses");
        assert_eq!(*told.lock().unwrap(), [Waiting::Busy { running: 9, most: 3 }]);
        gate.wait_for_quiet(|| Err::<Load, ()>(())).expect("so soon it is not asked again");
    }

    #[test]
    fn a_window_that_closes_while_the_server_is_busy_is_waited_for_again() {
        let told = Arc::default();
        let polite = Courtesy { max_load: Some(3), ..courtesy("05:59:59", Some("22:00-06:00"), &told) };
        let clock = Arc::clone(&polite.clock);
        let mut loads = [9, 3].into_iter();
        let look = || Ok::<_, ()>(Load { running: loads.next(), lag_seconds: None });
        Gate::new(polite).wait_for_quiet(look).unwrap();
        assert_eq!(clock.now(), "22:00:00".parse::<Time>().unwrap());
    }

    #[test]
    fn who_sets_no_limit_and_who_is_not_told_the_load_does_not_wait() {
        let told = Arc::default();
        Gate::new(courtesy("12:00:00", None, &told)).wait_for_quiet(|| Err::<Load, ()>(())).expect("nobody asked");
        let polite = Courtesy { max_load: Some(0), ..courtesy("12:00:00", None, &told) };
        Gate::new(polite).wait_for_quiet(|| Ok::<_, ()>(Load::default())).expect("the server does not say");
    }
}
