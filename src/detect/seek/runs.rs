//! Runs of digits, of letters and digits, and groups of digits.

use super::{Block, LONGEST_LOCAL, LONGEST_RUN, Seek};
use crate::detect::blocks::BLOCK;
use crate::detect::checksum;
use crate::detect::judge::Candidate;
use crate::detect::normalise::Compact;

impl Seek<'_, '_> {
    /// Four digits or more: on their own, in a run with letters, or the first of groups.
    pub(super) fn run(&mut self, at: usize, block: &Block, place: u32) {
        let seen = (!(block.digit >> place)).trailing_zeros() as usize;
        let length = if place as usize + seen >= BLOCK { self.run_length(at) } else { seen };
        let (before, after) = (self.before(at), self.byte(at + length));
        // A date has two digits behind its year; only what begins with six or more has groups as short.
        let next = at + length + 1;
        let is_grouped = length >= 6 || self.byte(next + 1).is_ascii_digit() && self.byte(next + 2).is_ascii_digit();
        if matches!(after, b' ' | b'-') && is_grouped {
            self.groups(at, length);
        }
        if at < self.progress.done.max(self.progress.judged) {
            return;
        }
        if before.is_ascii_alphabetic() || after.is_ascii_alphabetic() {
            return self.letters_and_digits(at);
        }
        let detectors = self.judge.pack.anchors().digit_run(length);
        if !detectors.is_empty() && self.stands_alone(at, at + length) {
            self.judge(detectors, at..at + length, false);
        }
    }

    /// One to three digits before a gap, and a group of digits behind it.
    pub(super) fn short_groups(&mut self, gap: usize) {
        let left = self.text.get(gap.saturating_sub(3)..gap).unwrap_or_default();
        let length = left.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        self.groups(gap - length, length);
    }

    /// Whether a run of digits is not a piece of a longer number, of a decimal fraction, of a name with hyphens and
    /// digits (UUID, order number), or of an address.
    fn stands_alone(&self, start: usize, end: usize) -> bool {
        let joined_before = match self.before(start) {
            b'.' | b',' => start >= 2 && self.byte(start - 2).is_ascii_digit(),
            b'-' => start >= 2 && (self.byte(start - 2).is_ascii_digit() || self.is_uuid_group(start)),
            _ => false,
        };
        let joined_after = match self.byte(end) {
            b'.' | b'-' => self.byte(end + 1).is_ascii_digit() || self.byte(end) == b'-' && self.starts_uuid(end),
            b'@' => true,
            _ => false,
        };
        !joined_before && !joined_after && !self.begins_mailbox(end)
    }

    /// Whether what follows at `end` is the rest of the name of a mailbox (`13907160428_li@…`).
    pub(super) fn begins_mailbox(&self, end: usize) -> bool {
        let rest = self.text.get(end..).unwrap_or_default();
        let behind = || rest.iter().take(LONGEST_LOCAL).find(|byte| !checksum::is_of_local(**byte));
        rest.first().is_some_and(|byte| checksum::is_of_local(*byte)) && behind() == Some(&b'@')
    }

    /// Whether `-xxxx` stands before the hyphen at `start - 1`.
    fn is_uuid_group(&self, start: usize) -> bool {
        start >= 6
            && self.byte(start - 6) == b'-'
            && self.text.get(start - 5..start - 1).is_some_and(|group| group.iter().all(u8::is_ascii_hexdigit))
    }

    /// Whether `-xxxx-` stands at `end`.
    fn starts_uuid(&self, end: usize) -> bool {
        self.byte(end + 5) == b'-'
            && self.text.get(end + 1..end + 5).is_some_and(|group| group.iter().all(u8::is_ascii_hexdigit))
    }

    /// The run of letters and digits that holds the digits at `at`.
    fn letters_and_digits(&mut self, at: usize) {
        let alphanumeric = |byte: &&u8| byte.is_ascii_alphanumeric();
        let left = self.text.get(at.saturating_sub(LONGEST_RUN)..at).unwrap_or_default();
        let start = at - left.iter().rev().take_while(alphanumeric).count();
        let end = at + self.text.iter().skip(at).take(LONGEST_RUN).take_while(alphanumeric).count();
        self.progress.judged = end;
        let detectors = self.judge.pack.anchors().letter_digit_run(end - start);
        // `a@`, `a.b@`: the name of a mailbox; `-`: a piece of a UUID or of an order number.
        if !detectors.is_empty() && self.stands_alone(start, end) {
            self.judge(detectors, start..end, false);
        }
    }

    /// Groups of digits parted by single spaces or hyphens; where a space follows, a shorter number may end there.
    fn groups(&mut self, at: usize, length: usize) {
        let anchors = self.judge.pack.anchors();
        let chained = self.before(at) == b'-' && at >= 2 && self.byte(at - 2).is_ascii_alphanumeric();
        let starts = anchors.starts_groups(length) && !self.before(at).is_ascii_alphabetic() && !chained;
        if !starts || at < self.progress.done || !self.byte(at + length + 1).is_ascii_digit() {
            return;
        }
        let mut lengths = [0u8; 7];
        let mut ends = [0usize; 7];
        if !anchors.continues_groups(length, self.run_length(at + length + 1)) {
            return;
        }
        let (mut count, mut end, mut next) = (0, at, length);
        while next > 0 && count < lengths.len() {
            end += next + usize::from(count > 0);
            if let (Some(slot), Some(end_slot)) = (lengths.get_mut(count), ends.get_mut(count)) {
                *slot = next as u8;
                *end_slot = end;
            }
            count += 1;
            let separated = matches!(self.byte(end), b' ' | b'-');
            next = if separated { self.run_length(end + 1).min(LONGEST_RUN) } else { 0 };
        }
        for kept in (2..=count).rev() {
            let (Some(groups), Some(end)) = (lengths.get(..kept), ends.get(kept - 1).copied()) else { return };
            let detectors = anchors.grouped(groups);
            let next = self.byte(end);
            let cut = next.is_ascii_alphanumeric()
                || matches!(next, b'-' | b'.') && self.byte(end + 1).is_ascii_alphanumeric();
            if detectors.is_empty() || cut {
                continue;
            }
            let compact = Compact::of(self.text.get(at..end).unwrap_or_default());
            let candidate = Candidate { text: self.text, range: at..end, value: compact.as_slice(), open: false };
            if let Some(end) = self.judge.judge(detectors, &candidate, &mut self.nearby, self.tell) {
                self.progress.done = end;
                return;
            }
        }
    }
}
