//! From anchors to candidates. Every identifier of running text is met here once, at its anchor, and told with what
//! stands around it; whether it is one is for the judge.

use std::ops::Range;

use memchr::memchr_iter;

use super::blocks::{BLOCK, Block, LONGEST_DOTTED_HEAD, Stops, low_bits};
use super::checksum;
use super::context::Nearby;
use super::judge::{Candidate, Hit, Judge};
use super::literals;
use super::normalise::Compact;
use super::simd;
use crate::rules::AnchorIndex;
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
/// Digits and dots of one number.
const LONGEST_NUMBER: usize = 24;
/// Digits before the point of a number of degrees.
const LONGEST_DEGREES: usize = 3;
/// What an open pattern may look at.
pub(super) const LONGEST_OPEN: usize = 200;
/// The longest name of an assignment, and the longest value.
const LONGEST_KEY: usize = 24;
const LONGEST_SECRET: usize = 128;

/// Blocks looked at in one go.
const STRIP: usize = 64;

/// How far a text has been judged.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// The end of the last match: nothing is looked for inside an identifier.
    done: usize,
    /// The end of the last match that began with a literal.
    done_literals: usize,
    /// The end of the last run of letters and digits that was judged: it may have several runs of digits.
    judged: usize,
}

impl Progress {
    /// The same, where the first `bytes` of the text are gone.
    pub(super) fn moved(self, bytes: usize) -> Self {
        Self {
            done: self.done.saturating_sub(bytes),
            done_literals: self.done_literals.saturating_sub(bytes),
            judged: self.judged.saturating_sub(bytes),
        }
    }
}

/// Looks for anchors in a region of a text.
struct Seek<'s, 't> {
    judge: Judge<'s>,
    nearby: Nearby<'s>,
    text: &'t [u8],
    progress: Progress,
    tell: &'s mut dyn FnMut(&Hit),
}

/// Tells every hit of a text.
pub(super) fn seek(judge: Judge<'_>, text: &[u8], tell: &mut dyn FnMut(&Hit)) {
    seek_in(judge, text, 0..text.len(), Progress::default(), tell);
}

/// Tells every hit of a text of no more than a block, of which is known what stands where.
pub(super) fn seek_short(judge: Judge<'_>, text: &[u8], block: &Block, tell: &mut dyn FnMut(&Hit)) {
    if let Some(detectors) = whole_candidates(judge.pack.anchors(), text.len(), block) {
        let candidate = Candidate { text, range: 0..text.len(), value: text, open: false };
        let is_found = !detectors.is_empty() && judge.judge(detectors, &candidate, &mut judge.nearby(), tell).is_some();
        if is_found || block.at == 0 {
            return;
        }
    }
    let nearby = judge.nearby();
    Seek { judge, nearby, text, progress: Progress::default(), tell }.short(block);
}

/// The detectors of a text that is one run of digits, one of letters and digits, one number with dots, or perhaps an
/// address of mail: of which all that can be asked is what it is as a whole. `None` where more must be looked for.
#[inline]
fn whole_candidates<'p>(anchors: &'p AnchorIndex, length: usize, block: &Block) -> Option<&'p [usize]> {
    let whole = low_bits(length);
    if block.digit == whole {
        Some(anchors.digit_run(length))
    } else if block.digit | block.letter == whole && anchors.literals().is_empty() {
        Some(if four_in_a_row(block.digit) { anchors.letter_digit_run(length) } else { &[] })
    } else if block.digit | block.dot == whole {
        match block.dot.count_ones() {
            1 => Some(&[]),
            3 => Some(anchors.of(Anchor::Dotted)),
            _ => None,
        }
    } else {
        (block.at.is_power_of_two() && block.lead == 0).then(|| anchors.of(Anchor::AtSign))
    }
}

/// Whether four bits stand side by side.
fn four_in_a_row(bits: u64) -> bool {
    let two = bits & bits >> 1;
    two & two >> 2 != 0
}

/// Tells every hit whose anchor stands in the region; gives the progress that the region behind it needs.
pub(super) fn seek_in(
    judge: Judge<'_>,
    text: &[u8],
    region: Range<usize>,
    progress: Progress,
    tell: &mut dyn FnMut(&Hit),
) -> Progress {
    let nearby = judge.nearby();
    let mut seek = Seek { judge, nearby, text, progress, tell };
    if region == (0..text.len()) && text.len() <= BLOCK {
        seek.short(&simd::look_at_cut(text));
    } else {
        seek.strips(region);
    }
    seek.progress
}

impl Seek<'_, '_> {
    /// Looks at a text of no more than a block.
    fn short(&mut self, block: &Block) {
        let length = self.text.len();
        self.block([&Block::default(), block, &Block::default()], 0, length);
        let literals = self.judge.pack.anchors().literals();
        if block.letter | block.lead != 0 && !literals.is_empty() {
            let mut may_begin = [0];
            simd::look_for_literals(self.text, &[Block::default(), *block], literals, &mut may_begin);
            self.literals(may_begin[0], 0, length);
        }
    }

    /// Looks at a region, strip after strip; what stands before and behind each is seen too.
    fn strips(&mut self, region: Range<usize>) {
        let mut blocks = [Block::default(); STRIP + 2];
        let mut may_begin = [0; STRIP];
        let literals = self.judge.pack.anchors().literals();
        let mut start = region.start;
        while start < region.end {
            let end = region.end.min(start + STRIP * BLOCK);
            let wanted = (end - start).div_ceil(BLOCK);
            simd::look_around(self.text, start, &mut blocks, wanted);
            if !literals.is_empty() {
                let may_begin = may_begin.get_mut(..wanted).unwrap_or_default();
                let seen = self.text.get(start..).unwrap_or_default();
                simd::look_for_literals(seen, &blocks, literals, may_begin.get_mut(..wanted).unwrap_or_default());
            }
            for (number, (three, may_begin)) in blocks.windows(3).zip(may_begin).take(wanted).enumerate() {
                let [before, here, after] = three else { continue };
                let at = start + number * BLOCK;
                self.block([before, here, after], at, end - at);
                self.literals(may_begin, at, end - at);
            }
            start = end;
        }
    }

    /// Stops where a block is worth it, in its first `length` bytes.
    #[inline]
    fn block(&mut self, [before, here, after]: [&Block; 3], start: usize, length: usize) {
        let stops = Stops::of(before, here, after);
        let mut any = stops.any() & low_bits(length);
        while any != 0 {
            let place = any.trailing_zeros();
            let flag = 1u64 << place;
            any &= any - 1;
            let at = start + place as usize;
            if stops.run & flag != 0 {
                self.run(at, here, place);
            }
            if stops.group & flag != 0 {
                self.short_groups(at);
            }
            if stops.sign & flag != 0 {
                self.assignment(at);
            }
            if (stops.at | stops.behind_wide) & flag != 0 {
                if stops.at & flag != 0 { self.at_sign(at) } else { self.behind_wide(at) }
            }
            if (stops.dotted | stops.precise) & flag != 0 {
                if stops.dotted & flag != 0 { self.dotted(at) } else { self.decimal_pair(at) }
            }
            if stops.octets & flag != 0 {
                self.hexadecimal_at_gap(at);
            }
            if stops.colons & flag != 0 {
                self.hexadecimal_at_colon(at);
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
        if detectors.is_empty() || range.start < self.progress.done {
            return;
        }
        let Some(value) = self.text.get(range.clone()) else { return };
        let candidate = Candidate { text: self.text, range, value, open };
        if let Some(end) = self.judge.judge(detectors, &candidate, &mut self.nearby, self.tell) {
            self.progress.done = end;
        }
    }

    /// Four digits or more: on their own, in a run with letters, or the first of groups.
    fn run(&mut self, at: usize, block: &Block, place: u32) {
        let seen = (!(block.digit >> place)).trailing_zeros() as usize;
        let length = if place as usize + seen >= BLOCK { self.run_length(at) } else { seen };
        let (before, after) = (self.before(at), self.byte(at + length));
        if matches!(after, b' ' | b'-') {
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
    fn short_groups(&mut self, gap: usize) {
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
    fn dotted(&mut self, second_dot: usize) {
        let left = self.text.get(second_dot.saturating_sub(LONGEST_DOTTED_HEAD)..second_dot).unwrap_or_default();
        let head = left.iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b'.');
        let mut at = second_dot - head.count();
        while self.byte(at) == b'.' {
            at += 1;
        }
        let end = self.number_end(at);
        let dots = memchr_iter(b'.', self.text.get(at..end).unwrap_or_default()).count();
        let before = self.before(at);
        if dots < 2 || !self.begins_number(at) {
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
    fn decimal_pair(&mut self, point: usize) {
        let left = self.text.get(point.saturating_sub(LONGEST_DEGREES + 1)..point).unwrap_or_default();
        let whole = left.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let at = point - whole;
        if whole > LONGEST_DEGREES || !self.begins_number(at) {
            return;
        }
        let end = self.number_end(at);
        let mut second = end;
        while second < end + 3 && matches!(self.byte(second), b',' | b' ' | b'\t' | b';') {
            second += 1;
        }
        let lone_point = memchr_iter(b'.', self.text.get(at..end).unwrap_or_default()).count() == 1;
        if !lone_point || second == end || !self.byte(second).is_ascii_digit() {
            return;
        }
        let end = self.number_end(second);
        if !self.byte(end).is_ascii_alphanumeric() {
            self.judge(self.judge.pack.anchors().of(Anchor::DecimalPair), at..end, false);
        }
    }

    /// `3c-…` six times, looked at from the first of its five gaps.
    fn hexadecimal_at_gap(&mut self, gap: usize) {
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
        let local = |byte: &&u8| checksum::is_of_local(**byte);
        let left = self.text.get(at.saturating_sub(LONGEST_LOCAL)..at).unwrap_or_default();
        let mut start = at - left.iter().rev().take_while(local).count();
        while start < at && !self.byte(start).is_ascii_alphanumeric() {
            start += 1;
        }
        let domain = |byte: &&u8| checksum::is_of_domain(**byte);
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

    /// Looks where a literal or a label may begin in a block, in its first bytes.
    #[inline]
    fn literals(&mut self, may_begin: u64, start: usize, length: usize) {
        let mut places = may_begin & low_bits(length);
        while places != 0 {
            let at = start + places.trailing_zeros() as usize;
            places &= places - 1;
            if self.judge.pack.anchors().literals().may_begin(self.text, at) {
                let done = self.progress.done_literals;
                self.progress.done_literals =
                    literals::seek_at(self.judge, self.text, at, done, &mut self.nearby, self.tell);
            }
        }
    }
}
