//! Files that begin with bytes of their own.

use memchr::memmem;

use super::{data, packed};
use crate::open::{
    Format,
    encoding::{self, Guess},
};

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
        (b"OggS", Format::Media),
        (b"\x7fELF", Format::Program),
        (b"\xca\xfe\xba\xbe", Format::Program),
        (b"\0asm", Format::Program),
        (b"PGDMP", Format::PostgresDump),
    ];
    let known = SIGNATURES.iter().find(|(bytes, _)| head.starts_with(bytes)).map(|(_, format)| *format);
    known
        .or_else(|| packed::kind(head))
        .or_else(|| data::signature(head))
        .or_else(|| (head.get(3..11) == Some(b"EXPORT:V")).then_some(Format::OracleDump))
        .or_else(|| (head.get(4..8) == Some(b"ftyp")).then_some(Format::Media))
        .or_else(|| (head.starts_with(b"MZ") && head.contains(&0)).then_some(Format::Program))
        .or_else(|| (head.starts_with(b"BM") && head.contains(&0)).then_some(Format::Media))
        .or_else(|| (head.starts_with(b"AC10") && head.contains(&0)).then_some(Format::Dwg))
        .or_else(|| is_riff(head).then_some(Format::Media))
        .or_else(|| is_late_pdf(head).then_some(Format::Pdf))
}

/// Whether a length and the name of a kind follow the word: `WAVE`, `AVI `, `WEBP`, `CDRB`; and, as in every chunk below
/// 16 MiB, a zero.
fn is_riff(head: &[u8]) -> bool {
    let kind = head.get(8..12).unwrap_or_default();
    let is_kind = kind.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b' ');
    head.starts_with(b"RIFF") && !kind.is_empty() && (is_kind || kind == b"sfbk") && head.contains(&0)
}

/// Whether lines stand before the signature, which readers allow within the first kilobyte. A text may speak of it.
fn is_late_pdf(head: &[u8]) -> bool {
    let beginning = head.get(..1024).unwrap_or(head);
    let begins_a_line = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| beginning.get(before));
        before.is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
    };
    memmem::find_iter(beginning, b"%PDF-1.").any(begins_a_line) && encoding::guess(head, None) == Guess::Binary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_speaks_of_a_signature_is_none_of_its_files() {
        for text in [
            "how to tell: files begin with %PDF-1.7 and a line end\n".as_bytes(),
            "such as\n%PDF-1.7\nat the start of a line\n".as_bytes(),
            "例如\n%PDF-1.4\n位于行首\n".as_bytes(),
            b"RIFF is a container\n",
            b"RIFF AND WAVE FILES\n",
        ] {
            assert_eq!(signature(text), None, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn what_stands_before_a_signature_or_behind_it_is_told_from_text() {
        assert_eq!(signature(b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\0\x01\x02\xff"), Some(Format::Pdf));
        assert_eq!(signature(b"\0\0see %PDF-1.7"), None);
        for kind in [b"WAVE", b"AVI ", b"WEBP", b"sfbk"] {
            let media = [b"RIFF\x24\0\0\0", kind.as_slice(), b"fmt \x10\0\0\0"].concat();
            assert_eq!(signature(&media), Some(Format::Media));
        }
    }
}
