//! From anchors to candidates. Every identifier of running text is met here once, at its anchor, and told with what
//! stands around it; whether it is one is for the judge.

use std::ops::Range;

use memchr::memchr_iter;

use super::blocks::{BLOCK, Masks};
use super::judge::{Candidate, Hit, Judge};
use super::normalise::Compact;
use crate::rules::schema::Anchor;

/// Bytes around an anchor that a candidate and its context may reach into. A region must be followed by as many, or
/// by the end of the text, for what is found to be independent of where regions end.
pub(super) const REACH_BYTES: usize = 512;

/// The longest run of letters and digits that is looked at as one.
const LONGEST_RUN: usize = 41;
/// Local part and domain of an address (RFC 5321, section 4.5.3.1, has 64 and 255; long ones are cut).
const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 128;
/// The longest text form of an IPv6 address.
const LONGEST_HEXADECIMAL: usize = 45;
/// What an open pattern may look at.
const LONGEST_OPEN: usize = 200;
/// The longest name of an assignment, and the longest value.
const LONGEST_KEY: usize = 24;
const LONGEST_SECRET: usize = 128;

/// Looks for anchors in a region of a text.
pub(super) struct Seek<'s, 't> {
    judge: Judge<'s>,
    text: &'t [u8],
    /// The end of the last match: nothing is looked for inside an identifier.
    done: usize,
    tell: &'s mut dyn FnMut(&Hit),
}

/// Tells every hit whose anchor stands in the region.
pub(super) fn seek(judge: Judge<'_>, text: &[u8], region: Range<usize>, tell: &mut dyn FnMut(&Hit)) {
    let start = region.start;
    seek_behind(judge, text, region, start, tell);
}

/// The same where a match of the region before ended at `done`: a candidate may begin before the region that its anchor
/// stands in. Gives the end of the last match.
pub(super) fn seek_behind(
    judge: Judge<'_>,
    text: &[u8],
    region: Range<usize>,
    done: usize,
    tell: &mut dyn FnMut(&Hit),
) -> usize {
    let mut seek = Seek { judge, text, done, tell };
    let mut at = region.start;
    while at < region.end {
        let end = (at + BLOCK).min(region.end);
        seek.block(at, end);
        at = end;
    }
    let done = seek.done;
    seek.words(region);
    done
}

impl Seek<'_, '_> {
    fn block(&mut self, start: usize, end: usize) {
        let Some(bytes) = self.text.get(start..end) else { return };
        let masks = if let Ok(block) = bytes.try_into() {
            Masks::of(block)
        } else {
            let mut padded = [0; BLOCK];
            padded.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = *byte);
            Masks::of(&padded)
        };
        let before = start.checked_sub(1).and_then(|before| self.text.get(before)).copied().unwrap_or(0);
        let run_starts = masks.digit & !((masks.digit << 1) | u64::from(before.is_ascii_digit()));
        let behind_wide = masks.capital & ((masks.wide << 1) | u64::from(!before.is_ascii()));
        let mut events = run_starts | masks.at | masks.sign | behind_wide;
        while events != 0 {
            let bit = events.trailing_zeros();
            events &= events - 1;
            let at = start + bit as usize;
            let flag = 1u64 << bit;
            if run_starts & flag != 0 {
                let seen = (!(masks.digit >> bit)).trailing_zeros() as usize;
                let length = if bit as usize + seen >= BLOCK { self.run_length(at) } else { seen };
                self.digits(at, length);
            } else if behind_wide & flag != 0 {
                self.behind_wide(at);
            } else if masks.at & flag != 0 {
                self.at_sign(at);
            } else {
                self.hexadecimal_at_colon(at);
                self.assignment(at);
            }
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |before| self.byte(before))
    }

    fn run_length(&self, at: usize) -> usize {
        self.text.iter().skip(at).take(LONGEST_RUN + 1).take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// Judges a stretch whose check sees it as it stands.
    fn judge(&mut self, detectors: &[usize], range: Range<usize>, open: bool) {
        if detectors.is_empty() || range.start < self.done {
            return;
        }
        let Some(value) = self.text.get(range.clone()) else { return };
        let candidate = Candidate { text: self.text, range, value, open };
        if let Some(end) = self.judge.judge(detectors, &candidate, self.tell) {
            self.done = end;
        }
    }

    /// A run of digits: on its own, in a run with letters, the first of groups, of a dotted or decimal number.
    fn digits(&mut self, at: usize, length: usize) {
        let (before, after) = (self.before(at), self.byte(at + length));
        match after {
            b'.' if length <= 3 && self.byte(at + length + 1).is_ascii_digit() => return self.dotted(at),
            b' ' | b'-' => self.groups(at, length),
            _ => {}
        }
        if length <= 2 {
            return self.hexadecimal_at_hyphen(at, length);
        }
        if length < 4 || at < self.done {
            return;
        }
        if before.is_ascii_alphabetic() || after.is_ascii_alphabetic() {
            return self.letters_and_digits(at);
        }
        let anchors = self.judge.pack.anchors();
        let (runs, mixed) = (anchors.digit_run(length), anchors.letter_digit_run(length));
        if runs.is_empty() && mixed.is_empty() || !self.stands_alone(at, at + length) {
            return;
        }
        let range = at..at + length;
        if mixed.is_empty() || runs.is_empty() {
            self.judge(if runs.is_empty() { mixed } else { runs }, range, false);
        } else {
            let all: Vec<usize> = runs.iter().chain(mixed).copied().collect();
            self.judge(&all, range, false);
        }
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
        !joined_before && !joined_after
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

    fn letters_and_digits(&mut self, at: usize) {
        let alphanumeric = |byte: &&u8| byte.is_ascii_alphanumeric();
        let left = self.text.get(at.saturating_sub(LONGEST_RUN)..at).unwrap_or_default();
        let start = at - left.iter().rev().take_while(alphanumeric).count();
        let right = self.text.iter().skip(at).take(LONGEST_RUN).take_while(alphanumeric).count();
        let detectors = self.judge.pack.anchors().letter_digit_run(at + right - start);
        // `a@`, `a.b@`: the name of a mailbox; `-`: a piece of a UUID or of an order number.
        if detectors.is_empty() || !self.stands_alone(start, at + right) {
            return;
        }
        self.judge(detectors, start..at + right, false);
    }

    /// Groups of digits parted by single spaces or hyphens; where a space follows, a shorter number may end there.
    fn groups(&mut self, at: usize, length: usize) {
        let anchors = self.judge.pack.anchors();
        let chained = self.before(at) == b'-' && at >= 2 && self.byte(at - 2).is_ascii_alphanumeric();
        let starts = anchors.starts_groups(length) && !self.before(at).is_ascii_alphabetic() && !chained;
        if !starts || at < self.done || !self.byte(at + length + 1).is_ascii_digit() {
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
            if let Some(end) = self.judge.judge(detectors, &candidate, self.tell) {
                self.done = end;
                return;
            }
        }
    }

    /// Digits and dots: an IPv4 address, or a decimal number that a second follows.
    fn dotted(&mut self, at: usize) {
        let before = self.before(at);
        let inside = before == b'.' && at >= 2 && self.byte(at - 2).is_ascii_digit();
        if inside || before.is_ascii_alphanumeric() || matches!(before, b'_' | b'#') || at < self.done {
            return;
        }
        let number = |from: usize, longest: usize| {
            let dotted = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
            from + self.text.iter().skip(from).take(longest).take_while(dotted).count()
        };
        let end = number(at, 24);
        let dots = memchr_iter(b'.', self.text.get(at..end).unwrap_or_default()).count();
        let anchors = self.judge.pack.anchors();
        if dots >= 3 {
            let end = if self.before(end) == b'.' { end - 1 } else { end };
            // `Suite/4.3.1.2`: a product and its version; `host/10.1.2.3:80`: an address and its port.
            let version =
                before == b'/' && at >= 2 && self.byte(at - 2).is_ascii_alphabetic() && self.byte(end) != b':';
            if !self.byte(end).is_ascii_alphanumeric() && !version {
                self.judge(anchors.of(Anchor::Dotted), at..end, false);
            }
            return;
        }
        let mut second = end;
        while second < end + 3 && matches!(self.byte(second), b',' | b' ' | b'\t' | b';') {
            second += 1;
        }
        if dots == 1 && second > end && self.byte(second).is_ascii_digit() {
            let end = number(second, 24);
            if !self.byte(end).is_ascii_alphanumeric() {
                self.judge(anchors.of(Anchor::DecimalPair), at..end, false);
            }
        }
    }

    /// `3c-…` six times: only the first octet of an address with hyphens gets here with all of its hyphens ahead.
    fn hexadecimal_at_hyphen(&mut self, at: usize, length: usize) {
        let start = if length == 1 && self.before(at).is_ascii_hexdigit() { at - 1 } else { at };
        let hyphens = [2, 5, 8, 11, 14].iter().all(|place| self.byte(start + place) == b'-');
        let cut = self.before(start).is_ascii_alphanumeric()
            || self.before(start) == b'-'
            || self.byte(start + 17).is_ascii_alphanumeric()
            || self.byte(start + 17) == b'-';
        if hyphens && !cut {
            self.judge(self.judge.pack.anchors().of(Anchor::Hexadecimal), start..start + 17, false);
        }
    }

    /// Hexadecimal digits and colons, looked at from their first colon.
    fn hexadecimal_at_colon(&mut self, at: usize) {
        let part = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
        if self.byte(at) != b':' || !part(self.byte(at + 1)) || self.before(at) == b':' {
            return;
        }
        let left = self.text.get(at.saturating_sub(5)..at).unwrap_or_default();
        let start = at - left.iter().rev().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let edge = self.before(start);
        if edge.is_ascii_alphanumeric() || matches!(edge, b'_' | b'.') || edge == b':' && !self.ends_label(start - 1) {
            return;
        }
        let rest = self.text.iter().skip(at).take(LONGEST_HEXADECIMAL);
        let mut end = at + rest.take_while(|byte| part(**byte)).count();
        if self.before(end) == b':' && end >= 2 && self.byte(end - 2) != b':' {
            end -= 1;
        }
        let stretch = self.text.get(start..end).unwrap_or_default();
        let colons = memchr_iter(b':', stretch).count();
        let shortened = stretch.windows(2).any(|two| two == b"::");
        if self.byte(end).is_ascii_alphanumeric() || !(colons >= 5 || colons >= 2 && shortened) {
            return;
        }
        self.judge(self.judge.pack.anchors().of(Anchor::Hexadecimal), start..end, false);
    }

    /// Whether the colon at `colon` ends a label (`mac:`, `地址：`) and no group of an address.
    fn ends_label(&self, colon: usize) -> bool {
        let left = self.text.get(colon.saturating_sub(LONGEST_KEY)..colon).unwrap_or_default();
        let word = || left.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric());
        let group = word().all(u8::is_ascii_hexdigit) && (1..=4).contains(&word().count());
        !group && self.before(colon) != b':'
    }

    fn at_sign(&mut self, at: usize) {
        let local = |byte: &&u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
        let left = self.text.get(at.saturating_sub(LONGEST_LOCAL)..at).unwrap_or_default();
        let mut start = at - left.iter().rev().take_while(local).count();
        while start < at && !self.byte(start).is_ascii_alphanumeric() {
            start += 1;
        }
        let domain = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
        let right = self.text.iter().skip(at + 1).take(LONGEST_DOMAIN);
        let mut end = at + 1 + right.take_while(domain).count();
        while end > at && matches!(self.before(end), b'.' | b'-') {
            end -= 1;
        }
        if start < at && end > at + 1 {
            self.judge(self.judge.pack.anchors().of(Anchor::AtSign), start..end, false);
        }
    }

    /// `name = value`: the value is the candidate, for the detectors whose words end the name.
    fn assignment(&mut self, at: usize) {
        let anchors = self.judge.pack.anchors();
        let mut key_end = at;
        while key_end > 0 && at - key_end < 3 && matches!(self.before(key_end), b' ' | b'"' | b'\'' | b'\t') {
            key_end -= 1;
        }
        if !anchors.ends_key(self.before(key_end)) {
            return;
        }
        let key = self.text.get(key_end.saturating_sub(LONGEST_KEY)..key_end).unwrap_or_default();
        let ends_key = |word: &String| {
            let mut letters = key.iter().rev();
            word.bytes().rev().all(|byte| letters.next().is_some_and(|letter| letter.to_ascii_lowercase() == byte))
        };
        let wanted = |detector: &usize| {
            self.judge.pack.detectors().get(*detector).is_some_and(|rule| rule.words.iter().any(ends_key))
        };
        if !anchors.of(Anchor::Assignment).iter().any(wanted) {
            return;
        }
        let mut start = at + 1;
        while start < at + 6 && matches!(self.byte(start), b' ' | b'"' | b'\'' | b'\t' | b'=' | b'>') {
            start += 1;
        }
        let value = |byte: &&u8| byte.is_ascii_graphic() && !b"\"',;&<>|`".contains(byte);
        let end = start + self.text.iter().skip(start).take(LONGEST_SECRET).take_while(value).count();
        if self.text.get(start..end).is_none_or(|value| value.is_empty() || value.starts_with(b"//")) {
            return;
        }
        for detector in anchors.of(Anchor::Assignment) {
            let rule = self.judge.pack.detectors().get(*detector);
            if rule.is_some_and(|rule| rule.words.iter().any(ends_key)) {
                self.judge(&[*detector], start..end, false);
            }
        }
    }

    /// A capital behind a Chinese character, which is the first of the candidate.
    fn behind_wide(&mut self, at: usize) {
        let Some(start) = at.checked_sub(3).filter(|start| self.byte(*start) >= 0xe0) else { return };
        let end = (start + LONGEST_OPEN).min(self.text.len());
        self.judge(self.judge.pack.anchors().of(Anchor::AfterWide), start..end, true);
    }

    /// The literals.
    fn words(&mut self, region: Range<usize>) {
        let anchors = self.judge.pack.anchors();
        let searched_end = (region.end + anchors.longest_word()).min(self.text.len());
        let Some(searched) = self.text.get(region.start..searched_end) else { return };
        self.done = region.start;
        for (offset, detector) in anchors.find_words(searched) {
            let start = region.start + offset;
            let first = self.byte(start);
            let cut = first.is_ascii_alphanumeric() && self.before(start).is_ascii_alphanumeric();
            if start < region.end && !cut {
                self.judge(&[detector], start..(start + LONGEST_OPEN).min(self.text.len()), true);
            }
        }
    }
}
