//! Compound (OLE) files: what the names in their directory say.

use memchr::memmem;

use crate::open::Format;

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

/// What the name of a compound file says that it is.
pub(super) fn compound_kind_of_extension(extension: &str) -> Format {
    match extension {
        "xls" | "xlt" | "et" => Format::Xls,
        "doc" | "dot" | "wps" => Format::Doc,
        "ppt" | "pps" | "dps" => Format::Ppt,
        // Office puts an encrypted document into a compound file.
        "xlsx" | "xlsm" | "docx" | "docm" | "pptx" | "pptm" | "xlsb" => Format::EncryptedOffice,
        _ => Format::Ole,
    }
}
