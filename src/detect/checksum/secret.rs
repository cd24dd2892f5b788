//! Whether the value of an assignment is a secret, or only stands for one.

use super::{Verdict, verdict};

/// What people write where the secret would stand.
const PLACEHOLDERS: [&[u8]; 19] = [
    b"password",
    b"passwd",
    b"secret",
    b"changeme",
    b"example",
    b"your",
    b"null",
    b"none",
    b"true",
    b"false",
    b"string",
    b"undefined",
    b"redacted",
    b"required",
    b"placeholder",
    b"xxxx",
    b"****",
    b"getenv",
    b"environ",
];

/// At least six characters that are no placeholder, variable or masked value.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    if candidate.len() < 6 {
        return None;
    }
    let varied = candidate.iter().any(|byte| Some(byte) != candidate.first());
    let variable = matches!(candidate.first(), Some(b'$' | b'<' | b'{' | b'%' | b'(' | b'['));
    let lower = candidate.to_ascii_lowercase();
    let stands_for_one =
        PLACEHOLDERS.iter().any(|placeholder| lower.windows(placeholder.len()).any(|window| window == *placeholder));
    let call = candidate.contains(&b'(');
    Some(verdict(varied && !variable && !stands_for_one && !call))
        .map(|verdict| if verdict == Verdict::Confirmed { Verdict::Unknown } else { verdict })
}
