//! Checks of identifiers, one a file. Each answers in three values, or says that the text has not even the shape.

mod address;
mod bank_card;
mod cell;
mod cnaps;
mod coordinate;
mod countries;
mod email;
mod emission_designator;
mod emission_permit;
mod foreign_resident_id;
mod gtin;
mod hong_kong_id;
mod iccid;
mod imei;
mod imsi;
mod internet;
mod iot_mobile;
mod iso7064;
mod landline;
mod meid;
mod mmsi;
mod mobile;
mod organisation_code;
mod passport;
mod patent;
mod person_name;
mod plate;
mod projected;
mod registration_number;
mod resident_id;
mod secret;
mod software_copyright;
mod swift;
mod taiwan_id;
mod tax_number;
mod travel_permit;
mod uscc;
mod vin;

pub(super) use coordinate::decimals as coordinate_decimals;
pub(super) use email::{is_of_domain, is_of_local};
pub(super) use internet::octets;
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
        Check::Address => address::verify(candidate),
        Check::BankCard => bank_card::verify(candidate),
        Check::CellArea => cell::verify_area(candidate),
        Check::CellIdentity => cell::verify_identity(candidate),
        Check::CellNode => cell::verify_node(candidate),
        Check::CellPhysical => cell::verify_physical(candidate),
        Check::Cnaps => cnaps::verify(candidate),
        Check::CoordinateSexagesimal => coordinate::verify_sexagesimal(candidate),
        Check::CoordinatePair => coordinate::verify_pair(candidate),
        Check::Email => email::verify(candidate),
        Check::EmissionDesignator => emission_designator::verify(candidate),
        Check::EmissionPermit => emission_permit::verify(candidate),
        Check::ForeignResidentId => foreign_resident_id::verify(candidate),
        Check::ExitPermit => travel_permit::verify_exit(candidate),
        Check::HomeReturnPermit => travel_permit::verify_home_return(candidate),
        Check::HongKongId => hong_kong_id::verify(candidate),
        Check::Iccid => iccid::verify(candidate),
        Check::Imei => imei::verify(candidate),
        Check::Imeisv => imei::verify_with_version(candidate),
        Check::Imsi => imsi::verify(candidate),
        Check::IotMobile => iot_mobile::verify(candidate),
        Check::Ipv4 => internet::verify_ipv4(candidate),
        Check::Ipv6 => internet::verify_ipv6(candidate),
        Check::Landline => landline::verify(candidate),
        Check::Mac => internet::verify_mac(candidate),
        Check::Meid => meid::verify(candidate),
        Check::Mmsi => mmsi::verify(candidate),
        Check::Mobile => mobile::verify(candidate),
        Check::OrganisationCode => organisation_code::verify(candidate),
        Check::Passport => passport::verify(candidate),
        Check::Patent => patent::verify(candidate),
        Check::PersonName => person_name::verify(candidate),
        Check::Plate => plate::verify(candidate),
        Check::ProjectedPair => projected::verify_pair(candidate),
        Check::RegistrationNumber => registration_number::verify(candidate),
        Check::ResidentId => resident_id::verify(candidate),
        Check::Secret => secret::verify(candidate),
        Check::SoftwareCopyright => software_copyright::verify(candidate),
        Check::Swift => swift::verify(candidate),
        Check::TaiwanId => taiwan_id::verify(candidate),
        Check::TaxNumber => tax_number::verify(candidate),
        Check::Uscc => uscc::verify(candidate),
        Check::Vin => vin::verify(candidate),
    }
}

/// Whether two cells of one row are the halves of a pair: of coordinates, in either order.
#[must_use]
pub(super) fn is_pair(check: Check, first: &[u8], second: &[u8]) -> bool {
    match check {
        Check::CoordinatePair => coordinate::is_pair(first, second),
        Check::ProjectedPair => projected::is_pair(first, second),
        _ => false,
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

#[cfg(test)]
mod laws;
