//! What of a name is masked: more than what counts.
//!
//! A name has no context, and is glued together with letters, dates and extensions (`sfz110…`, `138-1234-5678.txt`). So
//! what passes a check is masked without the context that counting it would need, and each run of digits is also looked
//! at as if nothing stood around it. A serial number that is masked in vain costs a reader little.

use std::ops::Range;

use super::judge::{Hit, Judge, Standing};
use super::seek::seek;
use crate::rules::RulePack;

/// Stands for what is taken away around digits: no anchor, no letter, no separator.
const NOTHING: u8 = b'#';
/// Digits before the check character of a resident id, which may be an X.
const RESIDENT_DIGITS: usize = 17;

/// A part of a name that is not shown.
#[derive(Clone, Debug)]
pub(super) struct Mask {
    /// The detector, as an index into the pack.
    pub(super) detector: usize,
    /// Where.
    pub(super) range: Range<usize>,
    /// How sure we are, in thousandths, where it counts as found.
    pub(super) counts: Option<u32>,
}

/// The parts of a folded name that must not be shown, in their order, none in another.
pub(super) fn find(pack: &RulePack, folded: &[u8]) -> Vec<Mask> {
    let mut masks: Vec<Mask> = Vec::new();
    let views = [folded.to_vec(), grouped_digits(folded), lone_digits(folded)];
    for (number, view) in views.iter().enumerate() {
        let mut hits = identifiers(pack, view);
        // Sure ones before those that lack context, then the longer one.
        hits.sort_by_key(|hit| (hit.standing != Standing::Sure, hit.range.start, std::cmp::Reverse(hit.range.end)));
        for hit in hits {
            let is_free =
                masks.iter().all(|mask| hit.range.end <= mask.range.start || mask.range.end <= hit.range.start);
            if is_free {
                let counts = (number == 0 && hit.standing == Standing::Sure).then_some(hit.confidence);
                masks.push(Mask { detector: hit.detector, range: hit.range, counts });
            }
        }
    }
    masks.sort_by_key(|mask| mask.range.start);
    masks
}

/// Every identifier, and what would be one in the right context, but for those that name nobody and nothing secret.
fn identifiers(pack: &RulePack, text: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    seek(Judge { pack, stances: &[] }, text, &mut |hit| {
        let is_masked = pack.detectors().get(hit.detector).is_some_and(|rule| rule.mask);
        if hit.standing != Standing::Refuted && is_masked {
            hits.push(hit.clone());
        }
    });
    hits
}

/// Digits, and the separators that may part the groups of one number.
fn grouped_digits(folded: &[u8]) -> Vec<u8> {
    let byte_at = |at: Option<usize>| at.and_then(|at| folded.get(at)).copied().unwrap_or(NOTHING);
    let parts_digits =
        |at: usize| byte_at(at.checked_sub(1)).is_ascii_digit() && byte_at(at.checked_add(1)).is_ascii_digit();
    let kept = |(at, byte): (usize, &u8)| match byte {
        b' ' | b'-' | b'_' if parts_digits(at) => b'-',
        _ => digit_or_nothing(folded, at, *byte),
    };
    folded.iter().enumerate().map(kept).collect()
}

/// Digits alone.
fn lone_digits(folded: &[u8]) -> Vec<u8> {
    folded.iter().enumerate().map(|(at, byte)| digit_or_nothing(folded, at, *byte)).collect()
}

fn digit_or_nothing(folded: &[u8], at: usize, byte: u8) -> u8 {
    let ends_resident_id = || {
        let before = folded.get(..at).unwrap_or_default();
        before.iter().rev().take_while(|byte| byte.is_ascii_digit()).count() == RESIDENT_DIGITS
    };
    let is_check = byte.eq_ignore_ascii_case(&b'x') && ends_resident_id();
    if byte.is_ascii_digit() || is_check { byte } else { NOTHING }
}
