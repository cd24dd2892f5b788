//! From anchors to candidates. Every identifier of running text is met here once, at its anchor, and told with what
//! stands around it; whether it is one is for the judge.

mod assignment;
mod dotted;
mod hexadecimal;
mod runs;

use std::ops::Range;

use super::blocks::{BLOCK, Block, Stops, low_bits};
use super::checksum;
use super::context::Nearby;
use super::judge::{Candidate, Hit, Judge};
use super::literals;
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
/// Name and word before the host of an address of the web.
const LONGEST_LOGIN: usize = 128;
/// What an open pattern may look at.
pub(super) const LONGEST_OPEN: usize = 200;
/// The longest name of an assignment, and the longest value.
const LONGEST_KEY: usize = 24;

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
    } else if block.digit | block.dot == whole && block.dot & !(block.digit << 1 & block.digit >> 1) == 0 {
        // Digits on both sides of each dot: not what ends a sentence.
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
        if start < at && end > at + 1 && !self.is_login(start) {
            self.judge(self.judge.pack.anchors().of(Anchor::AtSign), start..end, false);
        }
    }

    /// Whether what stands from `start` on up to an `@` is who logs in at an address (`https://name:word@host`), or the end
    /// of it, and no mailbox.
    fn is_login(&self, start: usize) -> bool {
        let left = self.text.get(start.saturating_sub(LONGEST_LOGIN)..start).unwrap_or_default();
        let ends_login = |byte: &u8| !byte.is_ascii_graphic() || b"/?#@,;\"'<>()".contains(byte);
        let Some(inside) = left.iter().rev().position(ends_login) else { return false };
        left.get(..left.len() - inside).is_some_and(|before| before.ends_with(b"://"))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::judge::Standing;
    use crate::detect::tests::pack;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// A short text is asked what it is as a whole only where that is all that can be asked.
        #[test]
        fn a_short_text_tells_what_a_text_tells(
            text in prop_oneof![
                "[0-9]{1,22}",
                "1[3-9][0-9]{9}",
                "[0-9]{1,4}([.][0-9]{1,4}){1,4}[.]?",
                "[A-Z0-9]{1,22}",
                "[a-z0-9.]{1,12}@[a-z0-9.@]{1,12}[.](com|cn)",
                "1[3-9][0-9]{9}[ ,;@_.-][0-9a-z_.@-]{0,20}",
                "[0-9a-f]{2}([:-][0-9a-f]{2}){4,6}",
                "(DB|%I|ns=|AT %|LTAI)[0-9A-Z;=.]{1,30}",
            ],
        ) {
            let judge = Judge { pack: pack(), stances: &[] };
            let text = text.as_bytes();
            let sure = |told: &mut Vec<(usize, Range<usize>, u32)>, hit: &Hit| {
                if hit.standing == Standing::Sure {
                    told.push((hit.detector, hit.range.clone(), hit.confidence));
                }
            };
            let (mut short, mut whole) = (Vec::new(), Vec::new());
            seek_short(judge, text, &simd::look_at_cut(text), &mut |hit| sure(&mut short, hit));
            seek(judge, text, &mut |hit| sure(&mut whole, hit));
            prop_assert_eq!(short, whole);
        }
    }
}
