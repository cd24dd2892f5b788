//! Documents in one file of text.

use crate::open::Format;

/// What a text is, if it is one of these. `body` is the beginning of the text without blanks before it.
pub(super) fn kind(_extension: &str, body: &str) -> Option<Format> {
    is_flat_open_document(body).then_some(Format::FlatOpenDocument)
}

/// The root element of OpenDocument in one file (OpenDocument 1.3 part 3, 3.1.2), whatever stands before it.
fn is_flat_open_document(body: &str) -> bool {
    if !body.starts_with("<?xml") && !body.starts_with("<office:document") {
        return false;
    }
    let Some((_, root)) = body.split_once("<office:document") else { return false };
    // The roots of the parts of a package have longer names.
    root.starts_with(|it: char| it.is_ascii_whitespace())
        && root.split('>').next().is_some_and(|tag| tag.contains("urn:oasis:names:tc:opendocument"))
}

#[cfg(test)]
mod tests {
    use crate::open::{Format, sniff::format};

    const NAME_SPACE: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"";

    #[test]
    fn a_document_in_one_file_is_told_by_its_root() {
        let root =
            format!("<?xml version=\"1.0\"?>\n<!-- note -->\n<office:document {NAME_SPACE} office:version=\"1.3\">");
        assert_eq!(format("x.fods", root.as_bytes()), Format::FlatOpenDocument);
        assert_eq!(format("x.xml", root.as_bytes()), Format::FlatOpenDocument);
    }

    #[test]
    fn a_part_of_a_package_and_other_xml_are_none() {
        let part = format!("<?xml version=\"1.0\"?><office:document-content {NAME_SPACE}>");
        assert_eq!(format("content.xml", part.as_bytes()), Format::Xml);
        assert_eq!(format("x.fods", b"<?xml version=\"1.0\"?><a>see <office:document></a>"), Format::Xml);
        assert_eq!(format("x.txt", b"the root is <office:document xmlns:office=..."), Format::Text);
    }
}
