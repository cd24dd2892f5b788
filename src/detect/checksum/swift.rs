//! Bank identifier codes (ISO 9362): four letters of the bank, the country, two characters of the place, three of the
//! branch or none.

use super::{Verdict, countries};

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let mut code = [0u8; 11];
    let kept = code.get_mut(..candidate.len())?;
    kept.copy_from_slice(candidate);
    kept.make_ascii_uppercase();
    let one_case = candidate.iter().all(|byte| !byte.is_ascii_lowercase())
        || candidate.iter().all(|byte| !byte.is_ascii_uppercase());
    let shaped = matches!(kept.len(), 8 | 11)
        && kept.get(..4)?.iter().all(u8::is_ascii_uppercase)
        && kept.iter().all(u8::is_ascii_alphanumeric)
        && countries::is_letters(kept.get(4..6)?);
    (shaped && one_case).then_some(Verdict::Unknown)
}
