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
        Some(Format::Msg)
    } else if ["Workbook", "Book", "WORKBOOK", "BOOK"].into_iter().any(holds) {
        Some(Format::Xls)
    } else if holds("VisioDocument") {
        Some(Format::Vsd)
    } else if ["Props9", "Props12", "Props14"].into_iter().any(holds) {
        Some(Format::Mpp)
    } else {
        None
    }
}

/// What the name of a compound file says that it is.
pub(super) fn compound_kind_of_extension(extension: &str) -> Format {
    match extension {
        "xls" | "xlt" | "et" => Format::Xls,
        "doc" | "dot" | "wps" => Format::Doc,
        "ppt" | "pps" | "pot" | "dps" => Format::Ppt,
        "msg" | "oft" => Format::Msg,
        "mpp" | "mpt" => Format::Mpp,
        "vsd" | "vss" | "vst" => Format::Vsd,
        _ => Format::Ole,
    }
}
