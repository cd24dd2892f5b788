//! Documents that Word, WPS and LibreOffice open: headings, paragraphs and tables, nothing else. Written by hand, a zip of three
//! parts: the crates for it bring a second zip and an image decoder along for what these few tags do.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Error, cell};

/// Twentieths of a point across a page of A4 between its margins.
const TEXT_WIDTH: usize = 9_026;

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// What it is made of, from top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Its title.
    Title(String),
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A line to be signed, sealed or dated by hand.
    ToSign(String),
    /// A table, its first row the header.
    Table(Vec<Vec<String>>),
    /// What follows begins a page.
    NewPage,
}

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/footer.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>"#;

const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer.xml"/></Relationships>"#;

/// The number of the page and of the pages, centred.
const FOOTER: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t xml:space="preserve">第 </w:t></w:r><w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> 页 共 </w:t></w:r><w:fldSimple w:instr="NUMPAGES"><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> 页</w:t></w:r></w:p></w:ftr>"#;

const BEGIN: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>"#;

/// A4, upright, margins of an inch.
const END: &str = r#"<w:sectPr><w:footerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>"#;

/// The document as the bytes of a docx file; they do not depend on the time.
pub fn docx(document: &Document) -> Result<Vec<u8>, Error> {
    let body: String = document.blocks.iter().map(block).collect();
    let main = format!("{BEGIN}{body}{END}");
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/document.xml", main.as_str()),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS),
        ("word/footer.xml", FOOTER),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    // The time stamp of a part is the earliest that there is unless one is given.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, text) in parts {
        writer.start_file(name, options).map_err(|_| Error::Document)?;
        writer.write_all(text.as_bytes()).map_err(|_| Error::Document)?;
    }
    Ok(writer.finish().map_err(|_| Error::Document)?.into_inner())
}

fn block(block: &Block) -> String {
    match block {
        Block::Title(text) => paragraph(text, "<w:jc w:val=\"center\"/><w:spacing w:after=\"360\"/>", 36, true),
        Block::Heading(text) => paragraph(text, "<w:keepNext/><w:spacing w:before=\"240\" w:after=\"120\"/>", 28, true),
        Block::Text(text) => {
            paragraph(text, "<w:spacing w:after=\"120\" w:line=\"360\" w:lineRule=\"auto\"/>", 24, false)
        }
        Block::ToSign(text) => paragraph(text, "<w:spacing w:before=\"480\"/><w:ind w:left=\"4200\"/>", 24, false),
        Block::Table(rows) => table(rows),
        Block::NewPage => "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>".to_owned(),
    }
}

/// A paragraph in a size of half points.
fn paragraph(text: &str, properties: &str, size: u32, is_bold: bool) -> String {
    let bold = if is_bold { "<w:b/>" } else { "" };
    format!(
        "<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" \
         w:eastAsia=\"宋体\"/>{bold}<w:sz w:val=\"{size}\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        escaped(text)
    )
}

/// A table as wide as the page, its header repeated on every page, no row parted.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let width = TEXT_WIDTH / columns;
    let grid = format!("<w:gridCol w:w=\"{width}\"/>").repeat(columns);
    let edge = |side: &str| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>");
    let edges: String = ["top", "left", "bottom", "right", "insideH", "insideV"].into_iter().map(edge).collect();
    let mut text = format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{TEXT_WIDTH}\" w:type=\"dxa\"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout \
         w:type=\"fixed\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    );
    for (place, row) in rows.iter().enumerate() {
        let is_header = place == 0;
        let header = if is_header { "<w:tblHeader/>" } else { "" };
        text.push_str(&format!("<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>"));
        for column in 0..columns {
            let value = row.get(column).map_or("", String::as_str);
            text.push_str(&format!(
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{}</w:tc>",
                paragraph(value, "", 21, is_header)
            ));
        }
        text.push_str("</w:tr>");
    }
    // Two tables that touch would become one.
    text + "</w:tbl><w:p/>"
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in cell::plain(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use proptest::prelude::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;

    /// The texts of the document, in their order, by a reader that is not ours.
    fn texts(bytes: &[u8]) -> Vec<String> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut xml = String::new();
        archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
        let mut reader = Reader::from_str(&xml);
        let (mut texts, mut depth) = (Vec::new(), 0_i32);
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    depth += 1;
                    if start.local_name().as_ref() == "t" {
                        texts.push(String::new());
                    }
                }
                Event::End(_) => depth -= 1,
                Event::Text(text) => {
                    if let Some(last) = texts.last_mut() {
                        last.push_str(text.as_ref());
                    }
                }
                Event::GeneralRef(reference) => {
                    let named = match reference.as_ref() {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        other => panic!("{other}"),
                    };
                    texts.last_mut().unwrap().push(named);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0, "every tag is closed");
        texts
    }

    #[test]
    fn the_same_document_gives_the_same_bytes() {
        let document = Document { blocks: vec![Block::Title("承诺书".to_owned()), Block::NewPage] };
        assert_eq!(docx(&document).unwrap(), docx(&document).unwrap());
    }

    proptest! {
        #[test]
        fn any_text_comes_back_as_it_is_shown_and_the_document_stays_whole(
            title in any::<String>(), cells in prop::collection::vec(prop::collection::vec(any::<String>(), 0..4), 0..4),
        ) {
            let document = Document { blocks: vec![Block::Title(title.clone()), Block::Table(cells.clone())] };
            let columns = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
            let mut wanted = vec![cell::plain(&title)];
            for row in &cells {
                wanted.extend((0..columns).map(|place| row.get(place).map_or_else(String::new, |text| cell::plain(text))));
            }
            prop_assert_eq!(texts(&docx(&document).unwrap()), wanted);
        }
    }
}
