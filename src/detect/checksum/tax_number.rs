//! 税务登记号 before it became the credit code: 15 characters with a region and an organisation code, 17 and 20 with a
//! person's identity number and two digits.

use super::resident_id::is_province;
use super::{Verdict, number, organisation_code, resident_id};

/// The longer ones say what the number inside says.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let counted = |length: usize| candidate.get(length..).is_some_and(|rest| rest.iter().all(u8::is_ascii_digit));
    match candidate.len() {
        15 => {
            let region = candidate.get(..6).and_then(number)?;
            is_province(region / 10_000).then(|| organisation_code::verify(candidate.get(6..)?)).flatten()
        }
        17 if counted(15) => resident_id::verify(candidate.get(..15)?),
        20 if counted(18) => resident_id::verify(candidate.get(..18)?),
        _ => None,
    }
}
