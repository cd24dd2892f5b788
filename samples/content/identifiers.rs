//! Identifiers with right check digits that nobody has: the structure is real, the ranges are not handed out.

/// A resident id (GB 11643): division 3299 exists in no table of divisions. `sequence` counts invented people.
pub(crate) fn resident_id(sequence: u32) -> String {
    let (year, month, day) = (1962 + sequence % 41, 1 + sequence % 12, 1 + sequence % 28);
    let body = format!("329900{year:04}{month:02}{day:02}{:03}", sequence % 1_000);
    let check = resident_check(&body);
    format!("{body}{check}")
}

/// The ISO 7064 MOD 11-2 check character over the first 17 digits.
fn resident_check(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight).sum();
    ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][(sum % 11) as usize]
}

/// A mobile number of the block 0000, from which no subscriber is served.
pub(crate) fn mobile(sequence: u32) -> String {
    let prefix = ["135", "159", "178", "186", "199"][(sequence % 5) as usize];
    format!("{prefix}0000{:04}", (sequence * 37 + 11) % 10_000)
}

/// A unified social credit code (GB 32100) of the division 329900, with a right organisation code inside.
pub(crate) fn credit_code(sequence: u32) -> String {
    let organisation = format!("MA9Y{:04}", sequence % 10_000);
    let body = format!("91329900{organisation}{}", organisation_check(&organisation));
    let check = credit_check(&body);
    format!("{body}{check}")
}

/// The check character over the first 17.
fn credit_check(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |byte: u8| ALPHABET.iter().position(|&known| known == byte).unwrap_or(0) as u32;
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(byte, weight)| value(byte) * weight).sum();
    ALPHABET[((31 - sum % 31) % 31) as usize] as char
}

/// The check character of an organisation code (GB 11714) over its first eight.
fn organisation_check(body: &str) -> char {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let value = |character: char| character.to_digit(36).unwrap_or(0);
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(character, weight)| value(character) * weight).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// A bank card of 19 digits with the unassigned issuer number 629999, Luhn check digit last.
pub(crate) fn bank_card(sequence: u32) -> String {
    with_luhn(&format!("629999{:012}", u64::from(sequence) * 7_919))
}

/// An IMEI of the test range 001 (no type approval), Luhn check digit last.
pub(crate) fn imei(sequence: u32) -> String {
    with_luhn(&format!("00101700{:06}", sequence % 1_000_000))
}

fn with_luhn(body: &str) -> String {
    let sum: u32 = body
        .chars()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = digit.to_digit(10).unwrap_or(0);
            if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit }
        })
        .sum();
    let check = (10 - sum % 10) % 10;
    format!("{body}{check}")
}

/// A vehicle identification number of the maker code L0Z, which names no maker; check digit at place nine.
pub(crate) fn vin(sequence: u32) -> String {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let body = format!("L0ZTRUCK0T1{:06}", sequence % 1_000_000);
    let value = |character: char| match character {
        '0'..='9' => character.to_digit(10).unwrap_or(0),
        'A'..='H' => character as u32 - 'A' as u32 + 1,
        'J'..='R' => character as u32 - 'J' as u32 + 1,
        _ => character as u32 - 'S' as u32 + 2,
    };
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(character, weight)| value(character) * weight).sum();
    let check = match sum % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    format!("{}{check}{}", &body[..8], &body[9..])
}

/// A number plate of the office 苏Z, which does not exist.
pub(crate) fn plate(sequence: u32) -> String {
    let letter = ["A", "B", "C", "D", "E", "F"][(sequence % 6) as usize];
    format!("苏Z{letter}{:04}", (sequence * 131 + 7) % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_of_the_standards_example_comes_out() {
        assert_eq!(resident_check("11010519491231002"), 'X');
    }

    #[test]
    fn luhn_of_a_published_test_card_comes_out() {
        assert_eq!(with_luhn("411111111111111"), "4111111111111111");
    }

    #[test]
    fn identifiers_have_their_lengths() {
        for sequence in [0, 1, 41, 999, 12_345] {
            assert_eq!(resident_id(sequence).len(), 18);
            assert_eq!(mobile(sequence).len(), 11);
            assert_eq!(credit_code(sequence).len(), 18);
            assert!(!credit_code(sequence).contains(['I', 'O', 'S', 'V', 'Z']), "letters that the standard leaves out");
            assert_eq!(bank_card(sequence).len(), 19);
            assert_eq!(imei(sequence).len(), 15);
            assert_eq!(vin(sequence).len(), 17);
            assert_eq!(plate(sequence).chars().count(), 7);
        }
    }

    #[test]
    fn the_check_characters_of_published_codes_come_out() {
        assert_eq!(credit_check("91330100799655058"), 'B');
        assert_eq!(organisation_check("79965505"), '8');
        assert_eq!(organisation_check("D2143569"), 'X');
    }
}
