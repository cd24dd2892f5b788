//! Files that begin with bytes of their own.

use memchr::memmem;

use super::packed;
use crate::open::Format;

/// What the first bytes of a file that is no text say.
pub(super) fn signature(head: &[u8]) -> Option<Format> {
    const SIGNATURES: &[(&[u8], Format)] = &[
        (b"SQLite format 3\0", Format::Sqlite),
        (b"%PDF-", Format::Pdf),
        (b"{\\rtf", Format::Rtf),
        (b"\x89PNG\r\n", Format::Media),
        (b"\xff\xd8\xff", Format::Media),
        (b"GIF8", Format::Media),
        (b"II*\0", Format::Media),
        (b"MM\0*", Format::Media),
        (b"RIFF", Format::Media),
        (b"OggS", Format::Media),
        (b"\x7fELF", Format::Program),
        (b"\xca\xfe\xba\xbe", Format::Program),
        (b"\0asm", Format::Program),
        (b"PAR1", Format::Parquet),
        (b"\x89HDF\r\n", Format::Hdf5),
    ];
    let known = SIGNATURES.iter().find(|(bytes, _)| head.starts_with(bytes)).map(|(_, format)| *format);
    known
        .or_else(|| packed::kind(head))
        .or_else(|| (head.get(4..8) == Some(b"ftyp")).then_some(Format::Media))
        .or_else(|| (head.starts_with(b"MZ") && head.contains(&0)).then_some(Format::Program))
        .or_else(|| (head.starts_with(b"BM") && head.contains(&0)).then_some(Format::Media))
        .or_else(|| (head.starts_with(b"AC10") && head.contains(&0)).then_some(Format::Dwg))
        // Some writers put a line before the signature; readers allow it within the first kilobyte.
        .or_else(|| memmem::find(head.get(..1024).unwrap_or(head), b"%PDF-1.").map(|_| Format::Pdf))
}
