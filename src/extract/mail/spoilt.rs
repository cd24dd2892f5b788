//! Packed parts that were cut or hold what does not belong there: as much of them as can be unpacked.

use mail_parser::decoders::base64::base64_decode;

/// Foreign characters in a line of base64: one in so many is damage, more are another text.
const FEWEST_PER_FOREIGN: usize = 16;

/// Unpacks what is said to be packed like this; `None` where it does not look so, or nothing is said.
pub(super) fn unpack(encoding: Option<&str>, stored: &[u8]) -> Option<Vec<u8>> {
    let encoding = encoding?.trim();
    if encoding.eq_ignore_ascii_case("base64") {
        base64(stored)
    } else {
        encoding.eq_ignore_ascii_case("quoted-printable").then(|| quoted_printable(stored))
    }
}

/// Skips characters that are not of base64. A line that is another text (what mailing lists add) stays as it is.
fn base64(stored: &[u8]) -> Option<Vec<u8>> {
    let (mut unpacked, mut letters, mut is_packed) = (Vec::new(), Vec::new(), false);
    for line in stored.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
        let kept = line.iter().copied().filter(|byte| is_base64(*byte));
        let count = kept.clone().count();
        let foreign = line.len() - count;
        if foreign * FEWEST_PER_FOREIGN <= count && !line.contains(&b' ') {
            is_packed |= count > 0;
            letters.extend(kept);
        } else if !line.starts_with(b"--") {
            unpacked.extend(base64_decode(&std::mem::take(&mut letters)).unwrap_or_default());
            unpacked.extend_from_slice(line);
            unpacked.push(b'\n');
        }
    }
    unpacked.extend(base64_decode(&letters).unwrap_or_default());
    is_packed.then_some(unpacked)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Leaves what is no byte in hexadecimal as it is.
fn quoted_printable(stored: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut unpacked = Vec::new();
    let mut rest = stored;
    loop {
        rest = match rest {
            [] => return unpacked,
            [b'=', b'\r', b'\n', rest @ ..] | [b'=', b'\n', rest @ ..] => rest,
            [b'=', high, low, after @ ..] if digit(*high).is_some() && digit(*low).is_some() => {
                unpacked.push(digit(*high).unwrap_or(0) << 4 | digit(*low).unwrap_or(0));
                after
            }
            [byte, rest @ ..] => {
                unpacked.push(*byte);
                rest
            }
        }
    }
}
