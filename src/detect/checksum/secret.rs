//! Whether the value of an assignment is a secret, or only stands for one.

use super::{Verdict, verdict};

/// What people write where the secret would stand.
const PLACEHOLDERS: [&[u8]; 20] = [
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
    b"!vault",
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
    let is_code = candidate.contains(&b'(') || is_indexed(candidate);
    Some(verdict(varied && !variable && !stands_for_one && !is_code && !is_path(candidate)))
        .map(|verdict| if verdict == Verdict::Confirmed { Verdict::Unknown } else { verdict })
}

/// `argv[1]`, `vec![0u8`: a name of a program, and a bracket behind it.
fn is_indexed(candidate: &[u8]) -> bool {
    let is_of_name = |byte: &&u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.' | b'!');
    let name = candidate.iter().take_while(is_of_name).count();
    name > 0 && candidate.get(name) == Some(&b'[')
}

/// `PWD=/home/ops`: the folder that a shell is in.
fn is_path(candidate: &[u8]) -> bool {
    let is_of_path = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"/._-".contains(byte);
    let on_unix = candidate.first() == Some(&b'/') && candidate.iter().all(is_of_path);
    let on_windows = matches!(candidate, [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic());
    on_unix || on_windows
}
