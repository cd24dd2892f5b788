//! Numbers of cells (3GPP TS 23.003, 36.211, 38.211): whether they fit the bits that they are given.

use super::{Verdict, number};

/// LAC 16 bits, TAC 16 or 24. 0 and all ones name no area.
pub(super) fn verify_area(candidate: &[u8]) -> Option<Verdict> {
    within(candidate, 1, (1 << 24) - 2)
}

/// CI 16 bits, ECI 28, NCI 36.
pub(super) fn verify_identity(candidate: &[u8]) -> Option<Verdict> {
    within(candidate, 1, (1 << 36) - 1)
}

/// eNodeB 20 bits, gNB up to 32.
pub(super) fn verify_node(candidate: &[u8]) -> Option<Verdict> {
    within(candidate, 1, (1 << 32) - 1)
}

/// Physical cells: 0 to 503 in LTE, to 1007 in NR.
pub(super) fn verify_physical(candidate: &[u8]) -> Option<Verdict> {
    within(candidate, 0, 1007)
}

fn within(candidate: &[u8], least: u64, most: u64) -> Option<Verdict> {
    if candidate.len() > 11 || candidate.first() == Some(&b'0') && candidate.len() > 1 {
        return None;
    }
    let (upper, lower) = candidate.split_at(candidate.len().saturating_sub(9));
    let upper = if upper.is_empty() { 0 } else { u64::from(number(upper)?) };
    let value = upper * 1_000_000_000 + u64::from(number(lower).filter(|_| !lower.is_empty())?);
    (least..=most).contains(&value).then_some(Verdict::Unknown)
}
