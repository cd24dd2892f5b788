//! Quiet hours.

use std::fmt;
use std::time::Duration;

use jiff::civil::Time;

/// The hours in which a store may be read, by the clock of this machine: from the first time to the second, which may be
/// on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    from: Time,
    to: Time,
}

impl Window {
    /// Reads `22:00-06:00`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(['-', '–', '～', '~'])?;
        let time = |text: &str| -> Option<Time> {
            let (hour, minute) = text.trim().split_once([':', '：'])?;
            let is_number = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
            let (hour, minute): (i8, i8) = match (is_number(hour), is_number(minute)) {
                (true, true) => (hour.parse().ok()?, minute.parse().ok()?),
                _ => return None,
            };
            Time::new(if hour == 24 && minute == 0 { 0 } else { hour }, minute, 0, 0).ok()
        };
        let window = Self { from: time(from)?, to: time(to)? };
        // From a time to itself could mean a day or no time at all.
        (window.from != window.to).then_some(window)
    }

    /// How long it is until the window opens; zero while it is open.
    #[must_use]
    pub fn opens_in(self, now: Time) -> Duration {
        let is_open =
            if self.from < self.to { (self.from..self.to).contains(&now) } else { now >= self.from || now < self.to };
        if is_open {
            return Duration::ZERO;
        }
        let left = self.from.duration_since(now);
        let left = if left.is_negative() { left + jiff::SignedDuration::from_hours(24) } else { left };
        left.unsigned_abs()
    }
}

impl fmt::Display for Window {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        write!(formatter, "{}-{}", part(self.from), part(self.to))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_window_is_refused() {
        for text in
            ["", "22:00", "22-06", "25:00-06:00", "22:00-06:60", "6:00-6:00", "-1:00-2:00", "+1:00-2:00", "00:00-24:00"]
        {
            assert_eq!(Window::parse(text), None, "{text}");
        }
        assert_eq!(Window::parse(" 22:00 - 6:30 ").map(|window| window.to_string()).as_deref(), Some("22:00-06:30"));
    }

    proptest! {
        #[test]
        fn a_window_opens_within_a_day_and_is_then_open(now in 0i8..24, from in 0i8..24, to in 0i8..24, minute in 0i8..60) {
            prop_assume!(from != to);
            let window = Window::parse(&format!("{from}:00-{to}:00")).unwrap();
            let now = Time::new(now, minute, 0, 0).unwrap();
            let left = window.opens_in(now);
            prop_assert!(left < Duration::from_hours(24));
            let later = now.wrapping_add(jiff::SignedDuration::try_from(left).unwrap());
            prop_assert_eq!(window.opens_in(later), Duration::ZERO);
        }
    }
}
