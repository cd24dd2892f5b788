//! Checks of identifiers, one a file. Each answers in three values, or says that the text has not even the shape.

mod bank_card;
mod coordinate;
mod email;
mod imei;
mod internet;
mod mobile;
mod organisation_code;
mod plate;
mod resident_id;
mod secret;
mod uscc;
mod vin;

pub(super) use coordinate::decimals as coordinate_decimals;
pub(super) use coordinate::{is_latitude, is_longitude};
pub(super) use email::{is_of_domain, is_of_local};
pub(super) use mobile::subscriber as mobile_subscriber;
pub(super) use resident_id::upgrade as upgrade_resident_id;

use crate::rules::Check;

/// What a check says of a text that has the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The check digit, or what else can be verified, is right.
    Confirmed,
    /// It is wrong: this is something else, or mistyped.
    Refuted,
    /// The shape has nothing to verify.
    Unknown,
}

/// Carries out a check on a candidate without separators; `None` where it has not the shape.
#[must_use]
pub fn verify(check: Check, candidate: &[u8]) -> Option<Verdict> {
    match check {
        Check::ResidentId => resident_id::verify(candidate),
        Check::Uscc => uscc::verify(candidate),
        Check::OrganisationCode => organisation_code::verify(candidate),
        Check::BankCard => bank_card::verify(candidate),
        Check::Vin => vin::verify(candidate),
        Check::Imei => imei::verify(candidate),
        Check::Imeisv => imei::verify_with_version(candidate),
        Check::Mobile => mobile::verify(candidate),
        Check::Ipv4 => internet::verify_ipv4(candidate),
        Check::Ipv6 => internet::verify_ipv6(candidate),
        Check::Mac => internet::verify_mac(candidate),
        Check::CoordinatePair => coordinate::verify_pair(candidate),
        Check::Plate => plate::verify(candidate),
        Check::Email => email::verify(candidate),
        Check::Secret => secret::verify(candidate),
    }
}

/// `Confirmed` or `Refuted`.
fn verdict(right: bool) -> Verdict {
    if right { Verdict::Confirmed } else { Verdict::Refuted }
}

/// The value of an ASCII digit.
fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

/// The number that ASCII digits write; `None` where one is no digit or they are more than nine.
fn number(digits: &[u8]) -> Option<u32> {
    if digits.len() > 9 {
        return None;
    }
    digits.iter().try_fold(0, |number, byte| Some(number * 10 + digit(*byte)?))
}

/// Luhn's check (ISO/IEC 7812-1, annex B): every second digit from the right doubled, cross sums, multiple of ten.
fn luhn_holds(digits: &[u8]) -> Option<bool> {
    /// Cross sums of twice a digit.
    const DOUBLED: [u32; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let sum = digits.rchunks(2).try_fold(0, |sum, pair| {
        let (second, first) = pair.split_last()?;
        let doubled = first.first().map_or(Some(0), |byte| DOUBLED.get(digit(*byte)? as usize).copied())?;
        Some(sum + digit(*second)? + doubled)
    })?;
    Some(sum % 10 == 0)
}

#[cfg(test)]
mod tests;
