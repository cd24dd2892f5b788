//! What a file is: by its content first, and by its name where content leaves it open.

use std::{borrow::Cow, ffi::OsStr, path::Path};

use memchr::memmem;

use super::{
    Format,
    encoding::{self, Guess},
};

mod delimiter;
pub use delimiter::delimiter;

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
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return zip_kind(local_names(head)).unwrap_or_else(|| zip_kind_of_extension(&extension));
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return compound_kind(head).unwrap_or_else(|| compound_kind_of_extension(&extension));
    }
    signature(head).unwrap_or_else(|| text_kind(&extension, head))
}

/// The part of a name behind its last dot, lower case; empty where it has none.
#[must_use]
pub fn extension(name: &str) -> String {
    let file_name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file_name.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}

/// What the member names of a zip archive say that it is; `None`: no name that tells.
pub fn zip_kind<'n>(names: impl IntoIterator<Item = &'n [u8]>) -> Option<Format> {
    let mut kind = None;
    for name in names {
        match name {
            b"word/document.xml" => return Some(Format::Docx),
            b"ppt/presentation.xml" => return Some(Format::Pptx),
            b"xl/workbook.xml" => return Some(Format::Xlsx),
            b"xl/workbook.bin" => return Some(Format::Xlsb),
            b"OFD.xml" => return Some(Format::OpenDocument),
            b"mimetype application/vnd.oasis.opendocument.spreadsheet"
            | b"mimetype application/vnd.oasis.opendocument.spreadsheet-template" => return Some(Format::Ods),
            _ if name.starts_with(b"mimetype application/vnd.oasis.opendocument") => {
                return Some(Format::OpenDocument);
            }
            // Strict and third-party writers may put the main part elsewhere below these folders.
            _ if name.starts_with(b"word/") => kind = kind.or(Some(Format::Docx)),
            _ if name.starts_with(b"ppt/") => kind = kind.or(Some(Format::Pptx)),
            _ if name.starts_with(b"xl/worksheets/") && name.ends_with(b".xml") => {
                kind = kind.or(Some(Format::Xlsx));
            }
            _ => {}
        }
    }
    kind
}

/// The member names at the beginning of an archive, as far as their lengths are known without its directory. The stored
/// content of a member `mimetype` is given behind its name.
fn local_names(head: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let mut rest = head;
    while let Some(header) = rest.first_chunk::<30>().filter(|header| header.starts_with(b"PK\x03\x04")) {
        let short =
            |at: usize| header.get(at..at + 2).map_or(0, |two| two.iter().rev().fold(0, |n, b| n << 8 | *b as usize));
        let (flags, packed, name_length, extra) = (short(6), short(18) | short(20) << 16, short(26), short(28));
        let Some(name) = rest.get(30..30 + name_length) else { break };
        let content = 30 + name_length + extra;
        if name == b"mimetype" && extra == 0 {
            // Stored, so the content follows at once: name and content with one byte between, the header's zero.
            names.extend(rest.get(content..content.saturating_add(packed)).and_then(known_mimetype));
        }
        names.push(name);
        // Bit 3: the length stands behind the content, so the next header cannot be found from here.
        if flags & 8 != 0 {
            break;
        }
        rest = rest.get(content.saturating_add(packed)..).unwrap_or_default();
    }
    names
}

/// The name under which [`zip_kind`] knows the content of a member `mimetype`.
#[must_use]
pub fn known_mimetype(content: &[u8]) -> Option<&'static [u8]> {
    let kind = content.trim_ascii().strip_prefix(b"application/vnd.oasis.opendocument.")?;
    Some(match kind {
        b"spreadsheet" => b"mimetype application/vnd.oasis.opendocument.spreadsheet",
        b"spreadsheet-template" => b"mimetype application/vnd.oasis.opendocument.spreadsheet-template",
        _ => b"mimetype application/vnd.oasis.opendocument",
    })
}

fn zip_kind_of_extension(extension: &str) -> Format {
    match extension {
        "xlsx" | "xlsm" | "xltx" | "xltm" | "et" => Format::Xlsx,
        "xlsb" => Format::Xlsb,
        "ods" | "ots" => Format::Ods,
        "docx" | "docm" | "dotx" | "dotm" | "wps" => Format::Docx,
        "pptx" | "pptm" | "ppsx" | "potx" | "dps" => Format::Pptx,
        "odt" | "odp" | "odg" | "ofd" => Format::OpenDocument,
        _ => Format::Zip,
    }
}

/// What the directory of a compound (OLE) file says that it is. `bytes` must hold the directory to know.
#[must_use]
pub fn compound_kind(bytes: &[u8]) -> Option<Format> {
    let holds = |name: &str| {
        let entry: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &entry).is_some()
    };
    if holds("EncryptedPackage") {
        Some(Format::EncryptedOffice)
    } else if holds("WordDocument") {
        Some(Format::Doc)
    } else if holds("PowerPoint Document") {
        Some(Format::Ppt)
    } else if holds("__properties_version1.0") {
        Some(Format::Ole)
    } else if holds("Workbook") || holds("Book") {
        Some(Format::Xls)
    } else {
        None
    }
}

fn compound_kind_of_extension(extension: &str) -> Format {
    match extension {
        "xls" | "xlt" | "et" => Format::Xls,
        "doc" | "dot" | "wps" => Format::Doc,
        "ppt" | "pps" | "dps" => Format::Ppt,
        // Office puts an encrypted document into a compound file.
        "xlsx" | "xlsm" | "docx" | "docm" | "pptx" | "pptm" | "xlsb" => Format::EncryptedOffice,
        _ => Format::Ole,
    }
}

fn signature(head: &[u8]) -> Option<Format> {
    const SIGNATURES: &[(&[u8], Format)] = &[
        (b"SQLite format 3\0", Format::Sqlite),
        (b"%PDF-", Format::Pdf),
        (b"{\\rtf", Format::Rtf),
        (b"\x1f\x8b", Format::Gzip),
        (b"BZh", Format::Bzip2),
        (b"\xfd7zXZ\0", Format::Xz),
        (b"\x28\xb5\x2f\xfd", Format::Zstd),
        (b"7z\xbc\xaf\x27\x1c", Format::SevenZip),
        (b"Rar!\x1a\x07", Format::Rar),
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
        .or_else(|| (head.get(257..262) == Some(b"ustar")).then_some(Format::Tar))
        .or_else(|| (head.get(4..8) == Some(b"ftyp")).then_some(Format::Media))
        .or_else(|| (head.starts_with(b"MZ") && head.contains(&0)).then_some(Format::Program))
        .or_else(|| (head.starts_with(b"BM") && head.contains(&0)).then_some(Format::Media))
        .or_else(|| (head.starts_with(b"AC10") && head.contains(&0)).then_some(Format::Dwg))
        // Some writers put a line before the signature; readers allow it within the first kilobyte.
        .or_else(|| memmem::find(head.get(..1024).unwrap_or(head), b"%PDF-1.").map(|_| Format::Pdf))
}

fn text_kind(extension: &str, head: &[u8]) -> Format {
    let guess = encoding::guess(head, None);
    if guess == Guess::Binary {
        let is_text = is_text_extension(extension) && is_mostly_text(head);
        return if is_text { Format::Text } else { Format::Binary };
    }
    let text = encoding::decode(guess, head);
    let body = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    match extension {
        "csv" | "psv" => return Format::Csv,
        "tsv" | "tab" => return Format::Tsv,
        "jsonl" | "ndjson" => return Format::Jsonl,
        "json" | "geojson" if body.starts_with(['{', '[']) => {
            return if is_json_lines(body) { Format::Jsonl } else { Format::Json };
        }
        "htm" | "html" | "xhtml" => return Format::Html,
        _ => {}
    }
    if is_html(body) {
        return Format::Html;
    }
    if body.starts_with("<?xml") || (body.starts_with('<') && extension == "xml") {
        return Format::Xml;
    }
    if is_json_lines(body) {
        return Format::Jsonl;
    }
    if looks_like_json(body) {
        return Format::Json;
    }
    // Many systems export plain text and call it a workbook.
    if matches!(extension, "txt" | "dat" | "asc" | "prn" | "out" | "xls" | "") {
        let whole_lines =
            if head.len() < 1024 { body } else { body.rsplit_once('\n').map_or(body, |(lines, _)| lines) };
        return match delimiter(whole_lines).filter(|found| found.is_certain) {
            Some(found) if found.byte == b'\t' => Format::Tsv,
            Some(_) => Format::Csv,
            None => Format::Text,
        };
    }
    Format::Text
}

/// Names of text files that some writers pad with zeros (a log after a power cut).
fn is_text_extension(extension: &str) -> bool {
    matches!(extension, "txt" | "log" | "csv" | "tsv" | "out" | "ini" | "cfg" | "conf")
}

fn is_mostly_text(head: &[u8]) -> bool {
    let odd = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    odd.saturating_mul(10) <= head.len()
}

fn is_html(body: &str) -> bool {
    let start: String = body.chars().take(1024).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || (start.starts_with('<') && start.contains("<html"))
        || start.starts_with("<table")
}

/// An opening bracket alone says little (a log line, a section of settings): what follows must be JSON's too.
fn looks_like_json(body: &str) -> bool {
    let mut characters = body.chars();
    let opening = characters.next();
    let next = characters.find(|character| !character.is_whitespace());
    match opening {
        Some('{') => matches!(next, Some('"' | '}')),
        Some('[') => matches!(next, Some('{' | '[' | '"' | ']')) && !body.lines().next().is_some_and(is_section),
        _ => false,
    }
}

fn is_section(line: &str) -> bool {
    line.starts_with("[[") || (line.starts_with('[') && line.ends_with(']') && !line.contains(['"', '{', ',']))
}

/// Two or more lines that each open and close an object.
fn is_json_lines(body: &str) -> bool {
    let mut lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
    let whole = |line: &str| line.starts_with("{\"") && line.ends_with('}');
    match (lines.next(), lines.next()) {
        (Some(first), Some(second)) => whole(first) && second.starts_with("{\""),
        _ => false,
    }
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
