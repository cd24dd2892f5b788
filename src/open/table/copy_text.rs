//! Rows in the text format of PostgreSQL's `COPY` (documentation of `COPY`, "Text Format"): cells are parted by tabs,
//! NULL is `\N`, and what would look like either is written with a backslash.

use super::row::RowBuffer;

/// What a column's text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Itself.
    Text,
    /// Bytes in hexadecimal behind `\x`.
    Bytes,
}

/// Reads the first cells of a row as numbers and the others into `buffer`; gives the numbers and whether the row has
/// as many cells as there are columns.
pub(crate) fn read_row(line: &[u8], numbers: usize, columns: &[Content], buffer: &mut RowBuffer) -> ([i64; 2], bool) {
    let mut rest = line;
    let mut found = [0; 2];
    for number in found.iter_mut().take(numbers) {
        let end = memchr::memchr(b'\t', rest).unwrap_or(rest.len());
        let (cell, behind) = rest.split_at(end);
        *number = std::str::from_utf8(cell).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
        rest = behind.get(1..).unwrap_or_default();
    }
    if columns.is_empty() {
        return (found, rest.is_empty());
    }
    loop {
        let content = columns.get(buffer.cells()).copied().unwrap_or(Content::Text);
        match read_cell(rest, content, buffer) {
            Some(behind) => rest = behind,
            None => break,
        }
    }
    (found, buffer.cells() == columns.len())
}

/// Reads one cell; gives what stands behind its tab, or `None` where the row ends with it.
fn read_cell<'l>(text: &'l [u8], content: Content, buffer: &mut RowBuffer) -> Option<&'l [u8]> {
    let plain = memchr::memchr2(b'\t', b'\\', text).unwrap_or(text.len());
    if text.get(plain) != Some(&b'\\') {
        buffer.push(text.get(..plain));
        return text.get(plain + 1..);
    }
    let end = memchr::memchr(b'\t', text).unwrap_or(text.len());
    let cell = text.get(..end).unwrap_or_default();
    if cell == b"\\N" {
        buffer.push(None);
    } else {
        match content {
            Content::Text => unescape(cell, buffer.text()),
            // Its backslash is written as two.
            Content::Bytes => from_hexadecimal(cell.get(3..).unwrap_or_default(), buffer.text()),
        }
        buffer.end_cell(false);
    }
    text.get(end + 1..)
}

fn unescape(mut cell: &[u8], text: &mut Vec<u8>) {
    while let Some(at) = memchr::memchr(b'\\', cell) {
        let (plain, escape) = cell.split_at(at);
        text.extend_from_slice(plain);
        let Some(letter) = escape.get(1) else { return };
        text.push(match letter {
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            // The server writes no octal or hexadecimal escapes.
            other => *other,
        });
        cell = escape.get(2..).unwrap_or_default();
    }
    text.extend_from_slice(cell);
}

fn from_hexadecimal(digits: &[u8], bytes: &mut Vec<u8>) {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => 0,
    };
    bytes.extend(digits.chunks_exact(2).map(|pair| value(pair[0]) << 4 | value(pair[1])));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Cell = Option<Vec<u8>>;

    /// As the server writes it (`CopyAttributeOutText` of copyto.c).
    fn written(cells: &[(Cell, Content)]) -> Vec<u8> {
        let one = |(cell, content): &(Cell, Content)| match (cell, content) {
            (None, _) => b"\\N".to_vec(),
            (Some(bytes), Content::Bytes) => {
                let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("\\\\x{}", digits.concat()).into_bytes()
            }
            (Some(text), Content::Text) => text
                .iter()
                .flat_map(|byte| match byte {
                    b'\n' => b"\\n".to_vec(),
                    b'\r' => b"\\r".to_vec(),
                    b'\t' => b"\\t".to_vec(),
                    0x08 => b"\\b".to_vec(),
                    0x0b => b"\\v".to_vec(),
                    0x0c => b"\\f".to_vec(),
                    b'\\' => b"\\\\".to_vec(),
                    other => vec![*other],
                })
                .collect(),
        };
        cells.iter().map(one).collect::<Vec<_>>().join(&b'\t')
    }

    fn cell() -> impl Strategy<Value = (Cell, Content)> {
        let byte = prop_oneof![any::<u8>(), prop::sample::select(b"\\N\t\n\r\x08\x0b\x0cx".to_vec())];
        let text = prop::option::of(prop::collection::vec(byte, 0..12));
        (text, prop::sample::select(vec![Content::Text, Content::Bytes]))
    }

    proptest! {
        #[test]
        fn a_row_is_read_as_it_was_written(cells in prop::collection::vec(cell(), 1..8), page in any::<i32>()) {
            let line = [format!("7\t{page}\t").into_bytes(), written(&cells)].concat();
            let columns: Vec<Content> = cells.iter().map(|(_, content)| *content).collect();
            let mut buffer = RowBuffer::new(1 << 20);
            let (numbers, is_whole) = read_row(&line, 2, &columns, &mut buffer);
            prop_assert_eq!((numbers, is_whole), ([7, i64::from(page)], true));
            let read: Vec<Cell> = buffer.row().cells().map(|cell| cell.map(<[u8]>::to_vec)).collect();
            let put: Vec<Cell> = cells.into_iter().map(|(cell, _)| cell).collect();
            prop_assert_eq!(read, put);
        }

        #[test]
        fn no_line_makes_reading_panic(line in prop::collection::vec(any::<u8>(), 0..40), bytes in any::<bool>()) {
            let content = if bytes { Content::Bytes } else { Content::Text };
            let mut buffer = RowBuffer::new(8);
            read_row(&line, 2, &[content, Content::Text], &mut buffer);
        }
    }
}
