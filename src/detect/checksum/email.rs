//! Addresses of mail (RFC 5321), as they are written: no quoted names, no bare hosts. By hand, since a table of people
//! has one in every row.

use super::Verdict;

/// The longest local part, and the longest label of a domain (RFC 5321, RFC 1035).
const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;
/// The longest top-level domain that is in use, in letters.
const LONGEST_TOP: usize = 24;

/// No top-level domains, but what the names of pictures end in: `logo@2x.png`.
const PICTURES: [&[u8]; 8] = [b"png", b"jpg", b"jpeg", b"gif", b"svg", b"webp", b"bmp", b"ico"];

/// What a byte may be a part of.
const LOCAL: u8 = 1;
const LABEL: u8 = 2;
const PARTS: [u8; 256] = {
    let mut parts = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        parts[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' => LOCAL | LABEL,
            b'.' | b'_' | b'%' | b'+' => LOCAL,
            _ => 0,
        };
        byte += 1;
    }
    parts
};

/// Whether a byte may stand in a local part.
#[inline]
pub(in crate::detect) fn is_of_local(byte: u8) -> bool {
    is_part(byte, LOCAL)
}

/// Whether a byte may stand in a domain.
#[inline]
pub(in crate::detect) fn is_of_domain(byte: u8) -> bool {
    is_part(byte, LABEL) || byte == b'.'
}

#[inline]
fn is_part(byte: u8, part: u8) -> bool {
    PARTS.get(usize::from(byte)).is_some_and(|parts| parts & part != 0)
}

/// A name that begins with a letter or digit, labels parted by dots, a top-level domain of letters.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let local = candidate.iter().take_while(|byte| is_of_local(**byte)).count();
    let domain = candidate.get(local..)?.strip_prefix(b"@")?;
    let named = (1..=LONGEST_LOCAL).contains(&local) && candidate.first().is_some_and(u8::is_ascii_alphanumeric);
    (named && is_domain(domain)).then_some(Verdict::Unknown)
}

/// Labels parted by dots, the last of them of letters alone.
fn is_domain(domain: &[u8]) -> bool {
    let mut label = 0;
    for (place, byte) in domain.iter().enumerate() {
        if *byte == b'.' {
            if !domain.get(label..place).is_some_and(is_label) {
                return false;
            }
            label = place + 1;
        } else if !is_part(*byte, LABEL) {
            return false;
        }
    }
    let top = domain.get(label..).unwrap_or_default();
    label > 0
        && (2..=LONGEST_TOP).contains(&top.len())
        && top.iter().all(u8::is_ascii_alphabetic)
        && !PICTURES.iter().any(|picture| top.eq_ignore_ascii_case(picture))
}

/// Whether the parts of labels that stand here are one: not too long, and without a hyphen at its ends.
fn is_label(label: &[u8]) -> bool {
    label.len() <= LONGEST_LABEL && label.first().is_some_and(|first| *first != b'-') && label.last() != Some(&b'-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What the hand-written check takes is what a regex for the same form takes.
        #[test]
        fn an_address_is_what_a_regex_says_it_is(text in "[a-z0-9.@_-]{0,3}[a-z.@-]{0,6}@[a-z0-9.-]{0,9}\\.?[a-z0-9]{0,4}") {
            let form = "^[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,24}$";
            let form = crate::rules::compile(form).expect("compiles");
            let is_picture = PICTURES.iter().any(|picture| text.as_bytes().ends_with(picture));
            prop_assert_eq!(verify(text.as_bytes()).is_some(), form.is_match(text.as_bytes()) && !is_picture);
        }
    }

    #[test]
    fn the_name_of_a_picture_is_no_address() {
        assert!(verify(b"logo@2x.png").is_none() && verify(b"mill@3X.JPG").is_none());
        assert!(verify(b"logo@2x.cn").is_some());
    }
}
