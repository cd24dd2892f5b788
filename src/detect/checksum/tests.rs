use proptest::prelude::*;

use super::*;

fn confirmed(check: Check, text: &str) -> bool {
    verify(check, text.as_bytes()) == Some(Verdict::Confirmed)
}

/// Writes the check character that makes `text` right, found by trying: an oracle that shares no table of weights
/// with the claim that exactly one character fits.
fn complete(check: Check, text: &str, place: usize, alphabet: &str) -> Vec<String> {
    let whole = |character: char| {
        let mut whole = text.to_owned();
        whole.insert(place, character);
        whole
    };
    alphabet.chars().map(whole).filter(|whole| confirmed(check, whole)).collect()
}

#[test]
fn published_and_invented_numbers_are_right() {
    assert!(confirmed(Check::ResidentId, "11010519491231002X"));
    assert!(confirmed(Check::ResidentId, "11010519491231002x"));
    assert!(confirmed(Check::Uscc, "91350100M000100Y43"));
    assert!(confirmed(Check::OrganisationCode, "D2143569-X"));
    assert!(confirmed(Check::Vin, "1M8GDM9AXKP042788"));
    assert!(confirmed(Check::Imei, "490154203237518"));
    assert_eq!(verify(Check::ResidentId, b"110105491231002"), Some(Verdict::Unknown));
    assert_eq!(verify(Check::Imeisv, b"4901542032375101"), Some(Verdict::Unknown));
}

#[test]
fn dates_that_do_not_exist_and_unknown_provinces_are_refuted() {
    for text in ["110105190002290013", "110105199013010011", "160105199001010011"] {
        assert_ne!(verify(Check::ResidentId, text.as_bytes()), Some(Verdict::Confirmed), "{text}");
    }
    assert_eq!(verify(Check::ResidentId, b"440524188001010014"), None);
}

#[test]
fn addresses_that_name_nobody_are_refuted() {
    for text in ["00:00:00:00:00:00", "ff-ff-ff-ff-ff-ff"] {
        assert_eq!(verify(Check::Mac, text.as_bytes()), Some(Verdict::Refuted));
    }
    assert_eq!(verify(Check::Mac, b"00:1A-2b:3c:4d:5e"), None);
    assert_eq!(verify(Check::Ipv4, b"256.1.1.1"), None);
    assert_eq!(verify(Check::Ipv6, b"12:34:56"), None);
    assert!(confirmed(Check::Ipv6, "2001:db8::8a2e:370:7334"));
}

#[test]
fn an_old_number_is_the_new_one_of_the_same_person() {
    let new = upgrade_resident_id(b"110105491231002").expect("fifteen digits");
    assert_eq!(&new, b"11010519491231002X");
}

#[test]
fn placeholders_are_no_secrets() {
    for text in ["${DB_PASSWORD}", "changeme", "xxxxxxxx", "********", "your-token-here", "get_secret()"] {
        assert_ne!(verify(Check::Secret, text.as_bytes()), Some(Verdict::Unknown), "{text}");
    }
    assert_eq!(verify(Check::Secret, b"Tq7!pump-Hall"), Some(Verdict::Unknown));
}

proptest! {
    #[test]
    fn one_wrong_digit_of_a_resident_id_never_passes(
        year in 1900u32..2099, month in 1u32..13, day in 1u32..29, serial in 0u32..1000, place in 0usize..17, by in 1u8..10,
    ) {
        let stem = format!("110105{year:04}{month:02}{day:02}{serial:03}");
        let whole = complete(Check::ResidentId, &stem, 17, "0123456789X");
        prop_assert_eq!(whole.len(), 1);
        let mut wrong = whole[0].clone().into_bytes();
        wrong[place] = b'0' + (wrong[place] - b'0' + by) % 10;
        prop_assert_ne!(verify(Check::ResidentId, &wrong), Some(Verdict::Confirmed));
    }

    #[test]
    fn one_wrong_digit_of_a_card_or_device_never_passes(serial in 0u64..1_000_000_000_000, place in 0usize..14, by in 1u8..10) {
        let stem = format!("62{serial:012}");
        let whole = complete(Check::Imei, &stem, 14, "0123456789");
        prop_assert_eq!(whole.len(), 1);
        let mut wrong = whole[0].clone().into_bytes();
        wrong[place] = b'0' + (wrong[place] - b'0' + by) % 10;
        prop_assert_ne!(verify(Check::Imei, &wrong), Some(Verdict::Confirmed));
    }

    #[test]
    fn one_wrong_character_of_a_vin_never_passes(serial in 0u32..10_000, plant in "[A-HJ-NPR-Z]", place in 13usize..17, by in 1u8..10) {
        let stem = format!("LSVAA2A2N{plant}10{serial:04}");
        let whole = complete(Check::Vin, &stem, 8, "0123456789X");
        prop_assert_eq!(whole.len(), 1);
        let mut wrong = whole[0].clone().into_bytes();
        wrong[place] = b'0' + (wrong[place] - b'0' + by) % 10;
        prop_assert_ne!(verify(Check::Vin, &wrong), Some(Verdict::Confirmed));
    }

    #[test]
    fn one_wrong_digit_of_a_credit_code_never_passes(serial in 0u32..100_000_000, place in 2usize..16, by in 1u8..10) {
        let body = format!("{serial:08}");
        let inner = complete(Check::OrganisationCode, &body, 8, "0123456789X");
        prop_assume!(inner.len() == 1);
        let whole = complete(Check::Uscc, &format!("91310000{}", inner[0]), 17, "0123456789ABCDEFGHJKLMNPQRTUWXY");
        prop_assert_eq!(whole.len(), 1);
        let mut wrong = whole[0].clone().into_bytes();
        wrong[place] = b'0' + (wrong[place] - b'0' + by) % 10;
        prop_assert_ne!(verify(Check::Uscc, &wrong), Some(Verdict::Confirmed));
    }

    #[test]
    fn no_bytes_make_a_check_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        for (_, check) in Check::ALL {
            prop_assert!(verify(*check, &bytes).is_none() || !bytes.is_empty());
        }
    }
}
