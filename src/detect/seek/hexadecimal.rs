//! Hexadecimal digits with hyphens or colons between them.

use memchr::memchr_iter;

use super::{LONGEST_KEY, Seek};
use crate::rules::schema::Anchor;

/// The longest text form of an IPv6 address.
const LONGEST_HEXADECIMAL: usize = 45;

impl Seek<'_, '_> {
    /// `3c-…` six times, looked at from the first of its five gaps.
    pub(super) fn hexadecimal_at_gap(&mut self, gap: usize) {
        let Some(start) = gap.checked_sub(2) else { return };
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
    pub(super) fn hexadecimal_at_colon(&mut self, at: usize) {
        let part = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
        if self.byte(at) != b':' || !part(self.byte(at + 1)) || self.before(at) == b':' {
            return;
        }
        let mut start = self.group_start(at);
        // `2001:db8::9` has too few colons to be looked at from its first.
        if self.byte(at + 1) == b':' && self.before(start) == b':' && !self.ends_label(start - 1) {
            start = self.group_start(start - 1);
        }
        let edge = self.before(start);
        if edge.is_ascii_alphanumeric() || matches!(edge, b'_' | b'.') || edge == b':' && !self.ends_label(start - 1) {
            return;
        }
        let rest = self.text.iter().skip(start).take(LONGEST_HEXADECIMAL);
        let mut end = start + rest.take_while(|byte| part(**byte)).count();
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

    /// Where the hexadecimal digits that stand before a colon begin; one more than a group can have is seen.
    fn group_start(&self, colon: usize) -> usize {
        let left = self.text.get(colon.saturating_sub(5)..colon).unwrap_or_default();
        colon - left.iter().rev().take_while(|byte| byte.is_ascii_hexdigit()).count()
    }

    /// Whether the colon at `colon` ends a label (`mac:`, `地址：`) and no group of an address.
    fn ends_label(&self, colon: usize) -> bool {
        let left = self.text.get(colon.saturating_sub(LONGEST_KEY)..colon).unwrap_or_default();
        let word = || left.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric());
        let group = word().all(u8::is_ascii_hexdigit) && (1..=4).contains(&word().count());
        !group && self.before(colon) != b':'
    }
}
