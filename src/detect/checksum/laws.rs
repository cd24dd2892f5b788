//! What each check digit promises, over all numbers: one wrong digit never passes, or exactly where one may.

use proptest::prelude::*;

use super::*;

fn confirmed(check: Check, text: &[u8]) -> bool {
    verify(check, text) == Some(Verdict::Confirmed)
}

/// The right numbers among those that put one character of the alphabet for the `?` of the form: found by trying, so
/// that no table of weights is shared with the code.
fn completed(check: Check, form: &str, alphabet: &str) -> Vec<String> {
    let whole = |character: char| form.replace('?', &character.to_string());
    alphabet.chars().map(whole).filter(|whole| confirmed(check, whole.as_bytes())).collect()
}

/// The only right number of a form.
fn only(check: Check, form: &str, alphabet: &str) -> Result<String, TestCaseError> {
    let mut all = completed(check, form, alphabet);
    prop_assert_eq!(all.len(), 1, "{}: {:?}", form, all);
    all.pop().ok_or_else(|| TestCaseError::fail("none"))
}

/// The number with another digit at one of its digits; `None` where nothing changes.
fn wrong(number: &str, place: usize, by: u8) -> Option<Vec<u8>> {
    let mut bytes = number.as_bytes().to_vec();
    let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
    let at = digits[place % digits.len()];
    bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
    (bytes != number.as_bytes()).then_some(bytes)
}

/// The number with two neighbours in each other's place; `None` where they are alike or no digits.
fn transposed(number: &str, place: usize) -> Option<Vec<u8>> {
    let mut bytes = number.as_bytes().to_vec();
    let at = place % (bytes.len() - 1);
    let both = bytes[at].is_ascii_digit() && bytes[at + 1].is_ascii_digit() && bytes[at] != bytes[at + 1];
    bytes.swap(at, at + 1);
    both.then_some(bytes)
}

const DIGITS: &str = "0123456789";

/// A number by each check that finds every wrong digit.
fn right_number() -> impl Strategy<Value = (Check, String)> {
    let form = prop_oneof![
        "33[0-9]{12}\\?".prop_map(|form| (Check::RegistrationNumber, form, DIGITS)),
        "1000[0-9]{10}\\?".prop_map(|form| (Check::RegistrationNumber, form, DIGITS)),
        "[1-5][0-9]{2}[1-8][0-9]{7}\\?".prop_map(|form| (Check::Cnaps, form, DIGITS)),
        "911(840|826|250|036)19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}\\?".prop_map(|form| (
            Check::ForeignResidentId,
            form,
            "0123456789X"
        )),
        "330102(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}\\?".prop_map(|form| (
            Check::ResidentId,
            form,
            "0123456789X"
        )),
        "[A-Z]{1,2}[0-9]{6}\\(\\?\\)".prop_map(|form| (Check::HongKongId, form, "0123456789A")),
        "20[0-9]{2}[1238][0-9]{7}\\.\\?".prop_map(|form| (Check::Patent, form, "0123456789X")),
        "8986(00|01|03|11|15)[0-9]{13}\\?".prop_map(|form| (Check::Iccid, form, DIGITS)),
        "62[0-9]{16}\\?".prop_map(|form| (Check::BankCard, form, DIGITS)),
        "62[0-9]{13}\\?".prop_map(|form| (Check::BankCard, form, DIGITS)),
        "86[0-9]{12}\\?".prop_map(|form| (Check::Imei, form, DIGITS)),
        "A1[0-9A-F]{12}\\?".prop_map(|form| (Check::Meid, form, "0123456789ABCDEF")),
        "[0-9]{8}\\?".prop_map(|form| (Check::OrganisationCode, form, "0123456789X")),
        "LSVAA2A2\\?R2[0-9]{6}".prop_map(|form| (Check::Vin, form, "0123456789X")),
    ];
    form.prop_map(|(check, form, alphabet)| {
        let mut all = completed(check, &form, alphabet);
        assert_eq!(all.len(), 1, "{form}: {all:?}");
        (check, all.pop().unwrap_or_default())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn one_wrong_digit_never_passes((check, number) in right_number(), place in 0usize..20, by in 1u8..10) {
        if let Some(wrong) = wrong(&number, place, by) {
            prop_assert!(!confirmed(check, &wrong), "{:?} {} {:?}", check, number, String::from_utf8_lossy(&wrong));
        }
    }

    /// MOD 11-2 finds each; Luhn takes 09 for 90; MOD 11,10 and the rest miss few, and promise nothing.
    #[test]
    fn neighbours_in_each_others_place_pass_only_where_the_check_is_blind(
        (check, number) in right_number(), place in 0usize..20,
    ) {
        let Some(wrong) = transposed(&number, place) else { return Ok(()) };
        let passes = confirmed(check, &wrong);
        let at = place % (number.len() - 1);
        let pair = &number[at..at + 2];
        match check {
            Check::ResidentId | Check::ForeignResidentId | Check::HongKongId => prop_assert!(!passes, "{}", number),
            Check::BankCard | Check::Imei | Check::Iccid => {
                prop_assert!(!passes || pair == "09" || pair == "90", "{}", number);
            }
            _ => {}
        }
    }

    /// The weights 2, 4, 5, 6 and 8 share a factor with ten: there a wrong digit may pass, and nowhere else.
    #[test]
    fn a_wrong_digit_of_a_taiwan_id_passes_only_at_a_weight_that_shares_a_factor_with_ten(
        letter in "[A-Z]", sex in 1u8..3, serial in 0u32..10_000_000, place in 1usize..9, by in 1u8..10,
    ) {
        let number = only(Check::TaiwanId, &format!("{letter}{sex}{serial:07}?"), DIGITS)?;
        let mut wrong = number.clone().into_bytes();
        let (before, after) = (wrong[place + 1] - b'0', (wrong[place + 1] - b'0' + by) % 10);
        wrong[place + 1] = b'0' + after;
        let weight = [7, 6, 5, 4, 3, 2, 1, 1][place - 1];
        let blind = (u32::from(before.abs_diff(after)) * weight) % 10 == 0;
        prop_assert_eq!(confirmed(Check::TaiwanId, &wrong), blind);
    }

    /// What a permit says is what the code inside it says.
    #[test]
    fn a_discharge_permit_is_as_right_as_the_code_in_it(serial in 0u32..100_000_000, place in 0usize..18, by in 1u8..10) {
        let inner = only(Check::OrganisationCode, &format!("{serial:08}?"), "0123456789X")?;
        let form = format!("91310000{inner}?");
        let code = completed(Check::Uscc, &form, "0123456789ABCDEFGHJKLMNPQRTUWXY").pop();
        prop_assume!(code.is_some());
        let permit = format!("{}001P", code.unwrap_or_default());
        prop_assert!(confirmed(Check::EmissionPermit, permit.as_bytes()));
        let mut broken = permit.into_bytes();
        if broken[place].is_ascii_digit() && place >= 2 {
            broken[place] = b'0' + (broken[place] - b'0' + by) % 10;
            prop_assert!(!confirmed(Check::EmissionPermit, &broken));
        }
    }

    /// Its check covers the organisation code; of the region only the province is known.
    #[test]
    fn a_wrong_digit_of_the_organisation_in_a_tax_number_never_passes(serial in 0u32..100_000_000, place in 6usize..14, by in 1u8..10) {
        let number = only(Check::TaxNumber, &format!("330102{serial:08}?"), "0123456789X")?;
        let mut wrong = number.into_bytes();
        wrong[place] = b'0' + (wrong[place] - b'0' + by) % 10;
        prop_assert!(!confirmed(Check::TaxNumber, &wrong));
    }

    #[test]
    fn one_wrong_digit_of_goods_never_passes(stem in "69[0-9]{10}", place in 0usize..13, by in 1u8..10) {
        let mut all = DIGITS.chars().map(|last| format!("{stem}{last}")).filter(|whole| gtin::holds(whole.as_bytes()));
        let number = all.next().expect("one digit is right");
        prop_assert_eq!(all.next(), None);
        let wrong = wrong(&number, place, by).expect("another digit");
        prop_assert!(!gtin::holds(&wrong));
    }

    /// Spellings of one number are judged alike.
    #[test]
    fn signs_that_only_part_a_number_change_nothing((check, number) in right_number()) {
        let spelled = match check {
            Check::HongKongId => number.replace(['(', ')'], ""),
            Check::Patent => format!("ZL {}", number.replace('.', "")),
            Check::OrganisationCode => format!("{}-{}", &number[..8], &number[8..]),
            _ => number.to_lowercase(),
        };
        prop_assert!(confirmed(check, spelled.as_bytes()) || check == Check::Iccid, "{} as {}", number, spelled);
    }

    #[test]
    fn no_bytes_make_a_check_panic(bytes in prop::collection::vec(any::<u8>(), 0..60), more in "[0-9A-Z().· /-]{0,24}") {
        for (name, check) in Check::ALL {
            for candidate in [bytes.as_slice(), more.as_bytes(), b""] {
                prop_assert!(verify(*check, candidate).is_none() || !candidate.is_empty(), "{}", name);
            }
        }
    }
}

#[test]
fn numbers_that_are_published_pass() {
    // Numbers of banks, and the example of the standard of patents, as their publishers print them.
    for number in ["102100099996", "104100000004", "105100000017", "308584000013", "403100000004"] {
        assert!(confirmed(Check::Cnaps, number.as_bytes()), "{number}");
    }
    assert!(confirmed(Check::Patent, b"200310102344.5"));
    assert!(confirmed(Check::HongKongId, b"A123456(3)") && confirmed(Check::HongKongId, b"G123456(A)"));
    assert!(confirmed(Check::TaiwanId, b"A123456789"));
}

#[test]
fn numbers_of_the_right_length_that_name_nothing_have_not_the_shape() {
    let none: [(Check, &str); 13] = [
        (Check::Swift, "QZKLXXBJ"),
        (Check::Imsi, "460993738162054"),
        (Check::Iccid, "8985031984072615384"),
        (Check::Mmsi, "199738162"),
        (Check::Mmsi, "999738162"),
        (Check::Meid, "9100004F3B27C1"),
        (Check::Meid, "AAAAAAAAAAAAAA"),
        (Check::IotMobile, "1064138162054"),
        (Check::EmissionDesignator, "K160F3E"),
        (Check::EmissionDesignator, "1600F3E"),
        (Check::SoftwareCopyright, "1827SR0738162"),
        (Check::PersonName, "砚台厂"),
        (Check::CellPhysical, "1008"),
    ];
    for (check, text) in none {
        assert_eq!(verify(check, text.as_bytes()), None, "{check:?} {text}");
    }
    for (check, text) in
        [(Check::Swift, "QZKLCNBJ"), (Check::Mmsi, "413738162"), (Check::EmissionDesignator, "20M0G7WDT")]
    {
        assert_eq!(verify(check, text.as_bytes()), Some(Verdict::Unknown), "{check:?} {text}");
    }
}

#[test]
fn a_card_of_thirteen_or_fourteen_digits_that_goods_may_have_is_none() {
    // Right by Luhn and by GS1 at once: sold more often than issued.
    assert_eq!(verify(Check::BankCard, b"4006381333931"), Some(Verdict::Refuted));
}

#[test]
fn metres_of_a_projection_are_told_from_lengths() {
    let pair = |first: &str, second: &str| is_pair(Check::ProjectedPair, first.as_bytes(), second.as_bytes());
    assert!(pair("3385123.456", "38512345.678") && pair("38512345", "3385123"));
    assert!(!pair("3385123", "512345") && pair("3385123.4", "512345.6"));
    assert!(!pair("3385123", "98512345") && !pair("385.12", "38512345") && !pair("3385123", "38912345"));
    assert!(!is_pair(Check::Vin, b"3385123", b"38512345"));
}
