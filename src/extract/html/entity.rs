//! Entities of web pages: numeric ones and the few names that text uses.

const NAMED: &[(&[u8], char)] = &[
    (b"amp", '&'),
    (b"lt", '<'),
    (b"gt", '>'),
    (b"quot", '"'),
    (b"apos", '\''),
    (b"nbsp", ' '),
    (b"ensp", ' '),
    (b"emsp", ' '),
    (b"deg", '°'),
    (b"plusmn", '±'),
    (b"times", '×'),
    (b"micro", 'µ'),
    (b"middot", '·'),
    (b"copy", '©'),
    (b"reg", '®'),
    (b"ndash", '–'),
    (b"mdash", '—'),
    (b"hellip", '…'),
    (b"ldquo", '“'),
    (b"rdquo", '”'),
    (b"lsquo", '‘'),
    (b"rsquo", '’'),
    (b"yen", '¥'),
];

/// The entity at the start of `text` and its length with `&` and `;`; `None` where there is none that we know.
pub(super) fn decode(text: &[u8]) -> Option<(char, usize)> {
    let end = memchr::memchr(b';', text)?;
    let name = text.get(1..end)?;
    let character = match name.strip_prefix(b"#") {
        Some(number) => numeric(number)?,
        None => NAMED.iter().find(|(known, _)| *known == name).map(|(_, character)| *character)?,
    };
    Some((character, end + 1))
}

fn numeric(number: &[u8]) -> Option<char> {
    let number = std::str::from_utf8(number).ok()?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code)
}
