//! What parts the values of a table in plain text.

/// A delimiter and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiter {
    /// The byte between two values.
    pub byte: u8,
    /// Whether the lines alone say that this is a table, without a name that does.
    pub is_certain: bool,
}

/// What is tried, those that people use most first: of equals the first wins. The last two part the values in text files of
/// Hive, and in exports of programs that wanted a sign that no value has.
const CANDIDATES: [u8; 7] = *b"\t,;|^\x01\x1f";
/// How a table for Excel says its delimiter, in a line before the others.
const ANNOUNCEMENT: &str = "sep=";

/// Lines looked at.
const LINES: usize = 60;

/// Finds the delimiter of a text of whole lines: the one that parts most lines into the same number of values, and into
/// the most values among equals.
#[must_use]
pub fn delimiter(text: &str) -> Option<Delimiter> {
    if let Some(byte) = announced(text) {
        return Some(Delimiter { byte, is_certain: true });
    }
    let mut best: Option<((usize, usize), Delimiter)> = None;
    for byte in CANDIDATES {
        let counts = values_per_record(text, byte);
        let Some((values, agreeing)) = most_common(&counts) else { continue };
        if values < 2 || agreeing.saturating_mul(2) < counts.len() {
            continue;
        }
        // Prose has a comma in most lines: without a name that says table, every line must agree, three at least.
        let needed = if byte == b'\t' { 2 } else { 3 };
        let is_certain =
            agreeing >= 3 && agreeing.saturating_mul(20) >= counts.len().saturating_mul(19) && values >= needed;
        let score = (agreeing.saturating_mul(100) / counts.len().max(1), values);
        if best.as_ref().is_none_or(|(other, _)| score > *other) {
            best = Some((score, Delimiter { byte, is_certain }));
        }
    }
    best.map(|(_, delimiter)| delimiter)
}

/// The delimiter that the first line names: `sep=;`.
fn announced(text: &str) -> Option<u8> {
    let first = text.trim_start_matches('\u{feff}').lines().next()?;
    let [byte] = first.trim_matches('"').strip_prefix(ANNOUNCEMENT)?.as_bytes() else { return None };
    (!byte.is_ascii_alphanumeric()).then_some(*byte)
}

/// The number of values in each of the first records; a delimiter or line end in quotes does not count.
fn values_per_record(text: &str, delimiter: u8) -> Vec<usize> {
    let mut counts = Vec::new();
    let (mut values, mut quoted, mut is_blank) = (1, false, true);
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                if !is_blank {
                    counts.push(values);
                }
                (values, is_blank) = (1, true);
                if counts.len() == LINES {
                    return counts;
                }
                continue;
            }
            _ if byte == delimiter && !quoted => values += 1,
            _ => {}
        }
        is_blank &= byte.is_ascii_whitespace();
    }
    if !is_blank {
        counts.push(values);
    }
    counts
}

/// The most common number and how often it occurs; the larger number among equals.
fn most_common(counts: &[usize]) -> Option<(usize, usize)> {
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    sorted
        .chunk_by(|a, b| a == b)
        .filter_map(|run| Some((*run.first()?, run.len())))
        .max_by_key(|(value, count)| (*count, *value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_delimiter_is_found_and_quotes_hide_it() {
        for (text, byte) in [
            ("a,b\n1,2\n", b','),
            ("a;b;c\n1,5;2;3\n2,5;3;3\n", b';'),
            ("a\tb\n1\t2\n", b'\t'),
            ("a|b|c\n\"x,y\"|2|3\n", b'|'),
            ("name,note\n\"a;b;c\nd;e\",2\n", b','),
            ("a^b^c\n1,5^2^3\n2,5^3^3\n", b'^'),
            ("a\u{1}b\u{1}c\n1\u{1}2\u{1}3,4\n", 1),
            ("sep=#\na#b,c\n1#2,3\n", b'#'),
        ] {
            assert_eq!(delimiter(text).map(|found| found.byte), Some(byte), "{text}");
        }
        assert_eq!(delimiter("one value\na line\n"), None);
        assert_eq!(delimiter("sep=x\n"), None);
    }
}
