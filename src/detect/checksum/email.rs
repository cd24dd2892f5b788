//! Addresses of mail (RFC 5321), as they are written: no quoted names, no bare hosts. By hand, since a table of people
//! has one in every row.

use super::Verdict;

/// The longest local part, and the longest label of a domain (RFC 5321, RFC 1035).
const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;
/// The longest top-level domain that is in use, in letters.
const LONGEST_TOP: usize = 24;

/// A name that begins with a letter or digit, labels parted by dots, a top-level domain of letters.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let at = memchr::memchr(b'@', candidate)?;
    let (local, domain) = (candidate.get(..at)?, candidate.get(at + 1..)?);
    let dot = memchr::memrchr(b'.', domain)?;
    let (labels, top) = (domain.get(..dot)?, domain.get(dot + 1..)?);
    let named = local.first().is_some_and(u8::is_ascii_alphanumeric)
        && local.len() <= LONGEST_LOCAL
        && local.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte));
    let placed = (2..=LONGEST_TOP).contains(&top.len())
        && top.iter().all(u8::is_ascii_alphabetic)
        && labels.split(|byte| *byte == b'.').all(is_label);
    (named && placed).then_some(Verdict::Unknown)
}

fn is_label(label: &[u8]) -> bool {
    label.len() <= LONGEST_LABEL
        && label.first().is_some_and(u8::is_ascii_alphanumeric)
        && label.last().is_some_and(u8::is_ascii_alphanumeric)
        && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
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
            prop_assert_eq!(verify(text.as_bytes()).is_some(), form.is_match(text.as_bytes()));
        }
    }
}
