//! dBASE and FoxPro tables: the header, which tells them and is all that describes their rows.

/// What the header of a table says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Bytes before the first row.
    pub bytes: usize,
    /// Bytes of a row, its mark of deletion included.
    pub row_bytes: usize,
    /// Rows, those marked as deleted included, as the header says.
    pub rows: u32,
    /// The byte that names language and code page; 0 where nobody set it.
    pub language: u8,
    /// The fields of a row, in their order.
    pub fields: Vec<Field>,
}

/// A field of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, as it is stored.
    pub name: Vec<u8>,
    /// The letter of its type.
    pub kind: u8,
    /// Where it begins in a row.
    pub start: usize,
    /// Bytes of it.
    pub bytes: usize,
}

/// First bytes of the table files of dBASE III to IV, FoxBASE and FoxPro, Visual FoxPro, with and without memo files.
const VERSIONS: [u8; 14] = [0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x7b, 0x83, 0x8b, 0xcb, 0xe5, 0xf5, 0xfb];
/// Letters of the types of fields.
const KINDS: &[u8] = b"CNFLDMGPBIYT@V+OQW0";
/// Bytes of the header before its fields, and of each field.
const STEP_BYTES: usize = 32;
/// What ends the fields.
const END_OF_FIELDS: u8 = 0x0d;

impl Header {
    /// Reads the header of a file that begins with `head`; `None` where it is none. It has no mark of its own but its first
    /// byte, so everything in it must fit: a date, fields of known types, and their lengths, which make that of a row.
    #[must_use]
    pub fn parse(head: &[u8]) -> Option<Self> {
        let short = |at: usize| Some(usize::from(u16::from_le_bytes(*head.get(at..)?.first_chunk()?)));
        let [version, _, month, day] = *head.first_chunk()?;
        let is_date = (1..=12).contains(&month) && (1..=31).contains(&day) || (month == 0 && day == 0);
        let (bytes, row_bytes) = (short(8)?, short(10)?);
        if !VERSIONS.contains(&version) || !is_date || bytes <= STEP_BYTES || row_bytes < 2 {
            return None;
        }
        let rows = u32::from_le_bytes(*head.get(4..)?.first_chunk()?);
        let language = *head.get(29)?;
        let (mut fields, mut start) = (Vec::new(), 1);
        for entry in head.get(STEP_BYTES..)?.chunks(STEP_BYTES) {
            if entry.first() == Some(&END_OF_FIELDS) || STEP_BYTES * (fields.len() + 1) >= bytes {
                break;
            }
            let field = Field::parse(entry.first_chunk()?, start)?;
            start += field.bytes;
            fields.push(field);
        }
        (!fields.is_empty() && start == row_bytes).then_some(Self { bytes, row_bytes, rows, language, fields })
    }
}

impl Field {
    fn parse(entry: &[u8; STEP_BYTES], start: usize) -> Option<Self> {
        let name: Vec<u8> = entry.iter().take(11).take_while(|byte| **byte != 0).copied().collect();
        let (kind, length, decimals) = (entry[11], usize::from(entry[16]), usize::from(entry[17]));
        // Long texts use the place of the decimals for the higher half of their length.
        let bytes = if kind == b'C' { length | decimals << 8 } else { length };
        let is_name = !name.is_empty() && name.iter().all(|byte| *byte >= b' ');
        (is_name && bytes > 0 && KINDS.contains(&kind)).then_some(Self { name, kind, start, bytes })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_header_whose_lengths_do_not_add_up_is_none() {
        let mut head = vec![0x03, 124, 1, 31, 1, 0, 0, 0, 65, 0, 11, 0];
        head.resize(STEP_BYTES, 0);
        head.extend(b"NAME\0\0\0\0\0\0\0C\0\0\0\0\x0a");
        head.resize(2 * STEP_BYTES, 0);
        head.push(END_OF_FIELDS);
        let header = Header::parse(&head).unwrap();
        assert_eq!((header.bytes, header.row_bytes, header.rows, header.fields.len()), (65, 11, 1, 1));
        for (at, wrong) in [(0, b'a'), (2, 13), (3, 32), (10, 12), (STEP_BYTES + 11, b'x'), (STEP_BYTES + 16, 0)] {
            let mut other = head.clone();
            other[at] = wrong;
            assert_eq!(Header::parse(&other), None, "byte {at}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_a_table(text in "[ -~中-丰\t\r\n]{0,400}") {
            prop_assert_eq!(Header::parse(text.as_bytes()), None);
        }
    }
}
