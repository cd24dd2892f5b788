//! What a file is: by its content first, and by its name where content leaves it open.

use std::{borrow::Cow, ffi::OsStr, path::Path};

use super::Format;

mod compound;
mod data;
mod delimiter;
mod dump;
mod engineering;
mod mail;
mod office;
mod package;
mod packed;
mod signature;
mod text;

pub use compound::compound_kind;
pub use delimiter::delimiter;
pub use package::{known_mimetype, zip_kind};
pub use packed::tar_sum_is_right;

/// The last part of a path as text, for its extension.
#[must_use]
pub fn name_of(path: &Path) -> Cow<'_, str> {
    path.file_name().map(OsStr::to_string_lossy).unwrap_or_default()
}

/// Tells the format from a file's name and its first bytes ([`Limits::head_bytes`](super::Limits) of them are enough).
///
/// An archive or compound file whose directory lies further back is settled by its reader, which can seek.
#[must_use]
pub fn format(name: &str, head: &[u8]) -> Format {
    if head.is_empty() {
        return Format::Empty;
    }
    let extension = extension(name);
    if let Some(head) = packed::zip_start(head) {
        return zip_kind(package::local_names(head).iter().map(AsRef::as_ref))
            .unwrap_or_else(|| package::zip_kind_of_extension(&extension));
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return compound_kind(head).unwrap_or_else(|| compound::compound_kind_of_extension(&extension));
    }
    signature::signature(head)
        .or_else(|| engineering::binary_kind(&extension, head))
        .unwrap_or_else(|| text::text_kind(&extension, head))
}

/// The part of a name behind its last dot, lower case; empty where it has none.
#[must_use]
pub fn extension(name: &str) -> String {
    let file_name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file_name.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn content_goes_before_the_name() {
        assert_eq!(format("report.docx", b"%PDF-1.7"), Format::Pdf);
        assert_eq!(format("data.csv", b"SQLite format 3\0rest"), Format::Sqlite);
        assert_eq!(format("notes.txt", b"<!DOCTYPE html><p>x"), Format::Html);
        assert_eq!(format("x.bin", b"{\"a\": 1}"), Format::Json);
        assert_eq!(format("x.log", b"{\"a\": 1}\n{\"a\": 2}\n"), Format::Jsonl);
        assert_eq!(format("x.ini", b"[section]\nkey=1\n"), Format::Text);
        assert_eq!(format("x.ini", b"[a, b]\n"), Format::Text);
        assert_eq!(format("nothing", b""), Format::Empty);
        assert_eq!(format("x.csv", &[0, 1, 2, 3, 0, 0, 0, 255, 254, 7]), Format::Binary);
    }

    #[test]
    fn a_text_is_a_table_only_when_every_line_says_so() {
        assert_eq!(format("x.txt", b"a,b,c\n1,2,3\n4,5,6\n7,8,9\n"), Format::Csv);
        assert_eq!(format("x.xls", b"a\tb\n1\t2\n4\t5\n"), Format::Tsv);
        assert_eq!(format("x.xls", b"<table><tr><td>a</table>"), Format::Html);
        assert_eq!(format("x.txt", b"Dear all, hello.\nWe met, talked, and left.\nBye\n"), Format::Text);
        assert_eq!(format("x.py", b"a,b,c\n1,2,3\n4,5,6\n7,8,9\n"), Format::Text);
    }

    #[test]
    fn a_compound_file_is_told_by_its_directory() {
        let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        assert_eq!(format("x.xls", &file), Format::Xls);
        assert_eq!(format("x.msi", &file), Format::Ole);
        file.extend("EncryptedPackage\0".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(format("x.xlsx", &file), Format::EncryptedOffice);
    }

    proptest! {
        #[test]
        fn no_bytes_make_sniffing_panic(name in ".{0,12}", head in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            prop_assert!(Format::ALL.contains(&format(&name, &head)));
            let zip = [b"PK\x03\x04".as_slice(), &head].concat();
            prop_assert!(Format::ALL.contains(&format(&name, &zip)));
        }
    }
}
