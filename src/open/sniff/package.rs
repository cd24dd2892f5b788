//! Zip archives: what the names of their members say.

use std::borrow::Cow;

use crate::open::Format;

/// What the member names of a zip archive say that it is; `None`: no name that tells.
pub fn zip_kind<'n>(names: impl IntoIterator<Item = &'n [u8]>) -> Option<Format> {
    let (mut kind, mut is_package) = (None, false);
    for name in names {
        // Some writers use the other slash.
        let forward = name.contains(&b'\\').then(|| name.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }));
        let forward: Option<Vec<u8>> = forward.map(Iterator::collect);
        let name = forward.as_deref().unwrap_or(name);
        match name {
            b"word/document.xml" => return Some(Format::Docx),
            b"ppt/presentation.xml" => return Some(Format::Pptx),
            b"xl/workbook.xml" => return Some(Format::Xlsx),
            b"xl/workbook.bin" => return Some(Format::Xlsb),
            b"visio/document.xml" => return Some(Format::Vsdx),
            b"OFD.xml" => return Some(Format::Ofd),
            b"FixedDocSeq.fdseq" | b"FixedDocumentSequence.fdseq" => return Some(Format::Xps),
            _ if name.eq_ignore_ascii_case(CONTENT_TYPES) => is_package = true,
            // Strict and third-party writers may put the main part elsewhere below these folders, which archives that are no
            // packages may have as well.
            _ if name.starts_with(b"word/") => kind = kind.or(Some(Format::Docx)),
            _ if name.starts_with(b"ppt/") => kind = kind.or(Some(Format::Pptx)),
            _ if name.starts_with(b"visio/pages/") => kind = kind.or(Some(Format::Vsdx)),
            _ if name.ends_with(b".fdseq") => kind = kind.or(Some(Format::Xps)),
            _ if name.starts_with(b"xl/worksheets/") && name.ends_with(b".xml") => {
                kind = kind.or(Some(Format::Xlsx));
            }
            _ => {
                if let Some(of_mimetype) = name.strip_prefix(MIMETYPE).and_then(mimetype_kind) {
                    return Some(of_mimetype);
                }
            }
        }
    }
    kind.filter(|_| is_package)
}

/// The member that every package of ECMA-376 has (part 2, 10.1.2.2).
const CONTENT_TYPES: &[u8] = b"[Content_Types].xml";

/// The member that says what a package of OpenDocument is, and what stands between it and its content in [`zip_kind`].
const MIMETYPE: &[u8] = b"mimetype ";

/// What the content of a member `mimetype` says.
fn mimetype_kind(content: &[u8]) -> Option<Format> {
    let kind = content.trim_ascii().strip_prefix(b"application/vnd.oasis.opendocument.")?;
    Some(match kind.strip_suffix(b"-template").unwrap_or(kind) {
        b"spreadsheet" => Format::Ods,
        b"presentation" | b"graphics" => Format::Odp,
        _ => Format::Odt,
    })
}

/// The name under which [`zip_kind`] knows the content of a member `mimetype`.
#[must_use]
pub fn known_mimetype(content: &[u8]) -> Vec<u8> {
    [MIMETYPE, content].concat()
}

/// The member names at the beginning of an archive, as far as their lengths are known without its directory. The stored
/// content of a member `mimetype` is given behind its name.
pub(super) fn local_names(head: &[u8]) -> Vec<Cow<'_, [u8]>> {
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
            names.extend(rest.get(content..content.saturating_add(packed)).map(|it| Cow::Owned(known_mimetype(it))));
        }
        names.push(Cow::Borrowed(name));
        // Bit 3: the length stands behind the content, so the next header cannot be found from here.
        if flags & 8 != 0 {
            break;
        }
        rest = rest.get(content.saturating_add(packed)..).unwrap_or_default();
    }
    names
}

/// What the name of a zip archive says that it is.
pub(super) fn zip_kind_of_extension(extension: &str) -> Format {
    match extension {
        "xlsx" | "xlsm" | "xltx" | "xltm" | "et" => Format::Xlsx,
        "xlsb" => Format::Xlsb,
        "ods" | "ots" => Format::Ods,
        "docx" | "docm" | "dotx" | "dotm" | "wps" => Format::Docx,
        "pptx" | "pptm" | "ppsx" | "potx" | "dps" => Format::Pptx,
        "odt" | "ott" => Format::Odt,
        "odp" | "odg" | "otp" => Format::Odp,
        "vsdx" | "vsdm" | "vstx" | "vssx" => Format::Vsdx,
        "ofd" => Format::Ofd,
        "xps" | "oxps" => Format::Xps,
        _ => Format::Zip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_slash_parts_the_name_of_a_member() {
        for name in [b"xl/workbook.xml".as_slice(), b"xl\\workbook.xml"] {
            assert_eq!(zip_kind([name]), Some(Format::Xlsx));
        }
        assert_eq!(zip_kind([b"a\\workbook.xml".as_slice()]), None);
    }

    #[test]
    fn folders_that_are_called_as_those_of_packages_are_make_no_package() {
        for (name, format) in [
            (b"word/list.xml".as_slice(), Format::Docx),
            (b"ppt/list.txt", Format::Pptx),
            (b"xl/worksheets/a.xml", Format::Xlsx),
            (b"visio/pages/a.xml", Format::Vsdx),
            (b"a.fdseq", Format::Xps),
        ] {
            assert_eq!(zip_kind([name]), None);
            assert_eq!(zip_kind([name, CONTENT_TYPES]), Some(format));
            assert_eq!(zip_kind([CONTENT_TYPES, name]), Some(format));
        }
    }
}
