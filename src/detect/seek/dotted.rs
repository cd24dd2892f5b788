//! Numbers with dots: addresses, what such a number begins, and pairs of degrees.

use memchr::memchr_iter;

use super::{LONGEST_OPEN, Seek};
use crate::detect::blocks::LONGEST_DOTTED_HEAD;
use crate::detect::checksum;
use crate::rules::schema::Anchor;

/// Digits and dots of one number.
const LONGEST_NUMBER: usize = 24;
/// Digits before the point of a number of degrees.
const LONGEST_DEGREES: usize = 3;

impl Seek<'_, '_> {
    /// Whether a number with dots can begin at `start`: not amid another one, a word or a reference (`#7.2.2.3`).
    fn begins_number(&self, start: usize) -> bool {
        let before = self.before(start);
        let inside = before == b'.' && start >= 2 && self.byte(start - 2).is_ascii_digit();
        !inside && !before.is_ascii_alphanumeric() && !matches!(before, b'_' | b'#') && start >= self.progress.done
    }

    /// Where digits and dots from `start` on end.
    fn number_end(&self, start: usize) -> usize {
        let dotted = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
        start + self.text.iter().skip(start).take(LONGEST_NUMBER).take_while(dotted).count()
    }

    /// Digits and dots, looked at from their second dot: an IPv4 address, or what such a number begins.
    pub(super) fn dotted(&mut self, second_dot: usize) {
        let left = self.text.get(second_dot.saturating_sub(LONGEST_DOTTED_HEAD)..second_dot).unwrap_or_default();
        let head = left.iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b'.');
        let mut at = second_dot - head.count();
        while self.byte(at) == b'.' {
            at += 1;
        }
        let end = self.number_end(at);
        let dots = memchr_iter(b'.', self.text.get(at..end).unwrap_or_default()).count();
        let before = self.before(at);
        // `10.1.2.3@host`, `li.10.1.2.3_b@host`: the name of a mailbox.
        let mailbox = self.byte(end) == b'@' || self.begins_mailbox(end);
        if dots < 2 || mailbox || !self.begins_number(at) {
            return;
        }
        let anchors = self.judge.pack.anchors();
        // `Chrome/88.0.4324`: a product and its version.
        if before != b'/' {
            self.judge(anchors.of(Anchor::DottedOpen), at..(at + LONGEST_OPEN).min(self.text.len()), true);
        }
        if dots < 3 || self.progress.done > at {
            return;
        }
        let end = if self.before(end) == b'.' { end - 1 } else { end };
        // `Suite/4.3.1.2`: a product and its version; `host/10.1.2.3:80`: an address and its port.
        let version = before == b'/' && at >= 2 && self.byte(at - 2).is_ascii_alphabetic() && self.byte(end) != b':';
        if !self.byte(end).is_ascii_alphanumeric() && !version {
            self.judge(anchors.of(Anchor::Dotted), at..end, false);
        }
    }

    /// A decimal number with digits enough behind its point that another may follow as the second half of a pair.
    pub(super) fn decimal_pair(&mut self, point: usize) {
        let left = self.text.get(point.saturating_sub(LONGEST_DEGREES + 1)..point).unwrap_or_default();
        let whole = left.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let at = point - whole;
        let degrees = self.text.get(at..point).unwrap_or_default();
        if whole > LONGEST_DEGREES || !checksum::may_be_degrees(degrees) || !self.begins_number(at) {
            return;
        }
        let end = self.number_end(at);
        let mut second = end;
        while second < end + 3 && matches!(self.byte(second), b',' | b' ' | b'\t' | b';') {
            second += 1;
        }
        let lone_point = memchr_iter(b'.', self.text.get(at..end).unwrap_or_default()).count() == 1;
        let halves = self.text.get(at..end).zip(self.text.get(second..)).filter(|_| lone_point && second > end);
        if !halves.is_some_and(|(first, second)| checksum::may_be_pair(first, second)) {
            return;
        }
        let end = self.number_end(second);
        if !self.byte(end).is_ascii_alphanumeric() {
            self.judge(self.judge.pack.anchors().of(Anchor::DecimalPair), at..end, false);
        }
    }
}
