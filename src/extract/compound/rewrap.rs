//! One stream in a compound file of its own: the parser of workbooks takes whole files only, and a workbook in a document
//! is a stream among others.

/// Bytes of a sector.
const SECTOR_BYTES: usize = 512;
/// Sector numbers in a sector of the table.
const NUMBERS: usize = SECTOR_BYTES / 4;
/// Sectors of the table that the header lists; a longer stream would want a list of its own.
const MOST_LISTED: usize = 109;
/// Below this a stream would have to be kept in small sectors; zeros behind the last record of a workbook are none.
const CUTOFF_BYTES: usize = 4096;
/// Marks in the table: free, the end of a chain, a sector of the table itself.
const FREE: u32 = 0xffff_ffff;
const END: u32 = 0xffff_fffe;
const TABLE: u32 = 0xffff_fffd;

/// The longest stream that [`file_of`] takes: some seven megabytes, far above what is pasted into a document.
pub(super) const MOST_BYTES: u64 = ((MOST_LISTED - 1) * NUMBERS * SECTOR_BYTES) as u64;

/// A file with this stream in it: header, table, directory, stream (MS-CFB, version 3).
pub(super) fn file_of(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    let length = stream.len().max(CUTOFF_BYTES);
    stream.resize(length.next_multiple_of(SECTOR_BYTES), 0);
    let sectors = stream.len() / SECTOR_BYTES;
    let mut listed = 1;
    while listed * NUMBERS < listed + 1 + sectors {
        listed += 1;
    }
    let directory = listed as u32;
    let first = directory + 1;

    let mut table = vec![TABLE; listed];
    table.push(END);
    table.extend((1..sectors as u32).map(|step| first + step).chain([END]));
    table.resize(listed * NUMBERS, FREE);

    let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    file.resize(24, 0);
    // Versions, byte order, sizes of sectors as powers of two, and six bytes of nothing.
    file.extend([0x3e, 3, 0xfffe, 9, 6, 0, 0, 0].map(u16::to_le_bytes).concat());
    file.extend([0, listed as u32, directory, 0, CUTOFF_BYTES as u32, END, 0, END, 0].map(u32::to_le_bytes).concat());
    file.extend((0..MOST_LISTED as u32).flat_map(|it| if (it as usize) < listed { it } else { FREE }.to_le_bytes()));
    file.extend(table.into_iter().flat_map(u32::to_le_bytes));
    file.extend(entry("Root Entry", 5, 1, END, 0));
    file.extend(entry(name, 2, FREE, first, length as u32));
    file.resize((listed + 2) * SECTOR_BYTES, 0);
    file.extend(stream);
    file
}

/// An entry of the directory.
fn entry(name: &str, kind: u8, child: u32, first: u32, size: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().take(31).flat_map(u16::to_le_bytes).collect();
    let name_bytes = entry.len() as u16 + 2;
    entry.resize(64, 0);
    entry.extend(name_bytes.to_le_bytes());
    entry.extend([kind, 1]);
    entry.extend([FREE, FREE, child].map(u32::to_le_bytes).concat());
    entry.resize(116, 0);
    entry.extend([first, size, 0].map(u32::to_le_bytes).concat());
    entry
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    #[test]
    fn another_implementation_reads_the_stream_back() {
        for length in [0, 1, 4_095, 4_096, 65_000, 200_000, MOST_BYTES as usize] {
            let content: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let file = file_of("Workbook", content.clone());
            let mut opened = cfb::CompoundFile::open_strict(Cursor::new(file)).unwrap();
            let mut stream = Vec::new();
            opened.open_stream("/Workbook").unwrap().read_to_end(&mut stream).unwrap();
            assert!(stream.len() == length.max(CUTOFF_BYTES) && stream.starts_with(&content), "{length}");
        }
    }
}
