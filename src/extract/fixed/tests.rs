//! Files of other people, and files made to hurt.

use super::super::{
    recorder::{read, read_within},
    tests::{
        corpus,
        fixtures::{
            fixed::{
                ofd_of,
                pdf::{deflated, encrypted, hexadecimal, packed, page_of, pdf_of, stream},
                xps_of,
            },
            packed::zip_of,
        },
    },
};
use crate::{model::Reason, open::Limits};

const CATALOG: &[u8] = b"<< /Type /Catalog /Pages 2 0 R >>";
const VALVE: &[u8] = b"BT /F1 12 Tf 50 700 Td (valve) Tj ET";

/// What is shown of a page of this content, and why it is a part.
fn shown(content: &str) -> (String, Option<Reason>) {
    let (recorder, outcome) = read("x.pdf", &pdf_of(&page_of(content.as_bytes()), ""));
    (recorder.shown(), outcome.unwrap().partial)
}

#[test]
fn real_files_give_their_words() {
    corpus::expect("pdfjs/issue2128r.pdf", &["浅谈校长的魅力"]);
    corpus::expect("pdfjs/arial_unicode_en_cidfont.pdf", &["text This is an Arial Unicode PDF"]);
    corpus::expect("pdfjs/issue5010.pdf", &["인터뷰"]);
    corpus::expect("zh_zero_one_mes/获取仓库位名称数据.pdf", &["table Producer", "根据仓库位名称"]);
    corpus::expect("ofdrw/999.ofd", &["begin original_invoice.xml", "购买方名称", "table SellerName,SellerTaxID,"]);
    corpus::expect("tika/testXPSWithDataDescriptor.xps", &["text This is my XPS document test."]);
}

#[test]
fn a_document_behind_a_password_is_encrypted_and_one_without_is_read() {
    assert_eq!(read("x.pdf", &encrypted("valve", b"secret")).1, Err(Reason::Encrypted));
    let mut broken = encrypted("valve", b"secret");
    let at = memchr::memmem::rfind(&broken, b"startxref").unwrap();
    broken.truncate(at);
    assert_eq!(read("x.pdf", &broken).1, Err(Reason::Encrypted));
    assert_eq!(read("x.pdf", &encrypted("valve", b"")).0.shown(), "text valve");
}

#[test]
fn blanks_part_words_where_there_is_room_for_one() {
    let (text, partial) = shown("BT /F1 10 Tf 0 0 Td [(val) 20 (ve) -300 (12) -2000 (bar)] TJ 0 -12 Td (next) Tj ET");
    assert_eq!((text.as_str(), partial), ("text valve 12\tbar\nnext", None));
    let (text, _) = shown("BT /F1 10 Tf 0 1 -1 0 50 50 Tm (turned) Tj 0 -12 Td (below) Tj ET");
    assert_eq!(text, "text turned\nbelow");
    let (text, _) = shown("q 10 0 0 10 0 0 cm BT /F1 1 Tf 5 Tw 1 0 0 1 3 4 Tm (a) Tj 1 0 0 1 3.6 4 Tm (b) ' ET Q");
    assert_eq!(text, "text ab");
}

#[test]
fn a_sequence_that_says_its_text_is_read_by_that() {
    let (text, _) = shown("BT /F1 10 Tf (va) Tj /Span << /ActualText (lv) >> BDC (\\001\\002) Tj EMC (e) Tj ET");
    assert_eq!(text, "text valve");
}

#[test]
fn a_sequence_that_never_ends_hides_nothing() {
    let (text, _) = shown("BT /F1 10 Tf /Span << /ActualText (x) >> BDC (valve) Tj 0 -20 Td (pump) Tj ET");
    assert_eq!(text, "text valve\npump");
    // One that a drawing leaves open ends with it, and a drawing ends none of the page.
    let mut objects = page_of(
        b"BT /F1 10 Tf /Span << /ActualText (shaft) >> BDC (?) Tj ET /A Do BT 0 -90 Td (?) Tj EMC 0 -20 Td (bar) Tj ET",
    );
    objects[2] = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /A 6 0 R >> >> >>".to_vec();
    objects.push(stream("/Subtype /Form", b"EMC"));
    assert_eq!(read("x.pdf", &pdf_of(&objects, "")).0.shown(), "text shaft\nbar");
    objects[3] = stream("", b"/A Do BT /F1 10 Tf 0 -90 Td (pump) Tj EMC 0 -20 Td (bar) Tj ET");
    objects[5] = stream("/Subtype /Form", b"/Span << /ActualText (x) >> BDC BT /F1 10 Tf (valve) Tj ET");
    assert_eq!(read("x.pdf", &pdf_of(&objects, "")).0.shown(), "text valve\npump\nbar");
}

#[test]
fn a_sequence_without_glyphs_says_its_text_and_one_without_text_its_glyphs() {
    let (text, _) =
        shown("BT /F1 10 Tf (valve) Tj ET /Figure << /ActualText (pump) >> BDC /Im Do EMC BT 0 -20 Td (bar) Tj ET");
    assert_eq!(text, "text valve\npump\nbar");
    let (text, _) = shown("BT /F1 10 Tf (va) Tj /Span << /ActualText (lv) >> BDC EMC (e) Tj ET");
    assert_eq!(text, "text valve");
    let (text, _) = shown("BT /F1 10 Tf (va) Tj /Span << /ActualText () >> BDC (lv) Tj EMC (e) Tj ET");
    assert_eq!(text, "text valve");
}

#[test]
fn broken_cross_references_are_mended() {
    let mut content = pdf_of(&page_of(VALVE), "");
    let at = memchr::memmem::rfind(&content, b"startxref").unwrap();
    content.truncate(at);
    content.extend(b"startxref\n99999999\n%%EOF");
    let (recorder, outcome) = read("x.pdf", &content);
    assert_eq!((recorder.shown().as_str(), outcome.unwrap().partial), ("text valve", None));
}

#[test]
fn what_a_cut_file_still_has_is_read_and_the_rest_is_said() {
    let mut content = pdf_of(&page_of(VALVE), "");
    content.truncate(memchr::memmem::rfind(&content, b"xref\n0").unwrap());
    let (recorder, outcome) = read("x.pdf", &content);
    assert_eq!((recorder.shown().as_str(), outcome.unwrap().partial), ("text valve", Some(Reason::Corrupt)));
    let mut objects = page_of(VALVE);
    objects[2] = b"<< /Type /Page /Parent 2 0 R /Contents 99 0 R >>".to_vec();
    assert_eq!(read("x.pdf", &pdf_of(&objects, "")).1.unwrap().partial, Some(Reason::Corrupt));
}

#[test]
fn what_leads_nowhere_does_not_hide_what_stands_behind_it() {
    let mut objects = page_of(VALVE);
    objects[2] = b"<< /Type /Page /Parent 2 0 R /Contents [99 0 R 4 0 R] /Annots [98 0 R 6 0 R] /Resources << /Font << /F1 5 0 R >> >> >>".to_vec();
    objects.push(b"<< /Subtype /Text /Contents (pump) >>".to_vec());
    assert_eq!(read("x.pdf", &pdf_of(&objects, "")).0.shown(), "text valve\ntext pump");
}

#[test]
fn a_page_that_unpacks_to_too_much_is_a_bomb_and_the_rest_of_the_file_is_said() {
    let mut objects = page_of(VALVE);
    objects[3] = deflated("", &vec![b' '; 40 << 20]);
    let (_, outcome) = read("x.pdf", &pdf_of(&objects, ""));
    assert_eq!(outcome.unwrap().partial, Some(Reason::Bomb));
    objects[3] = deflated("/Type /ObjStm /N 1 /First 4", &vec![b' '; 40 << 20]);
    assert_eq!(read("x.pdf", &pdf_of(&objects, "")).1, Err(Reason::Bomb));
}

#[test]
fn filters_in_filters_are_counted_at_their_most() {
    let mut objects = page_of(VALVE);
    let once = deflated("", &vec![0; 32 << 20]);
    let from = memchr::memmem::find(&once, b"stream\n").unwrap() + 7;
    let twice = deflated("", &once[from..once.len() - 10]);
    let from = memchr::memmem::find(&twice, b"stream\n").unwrap() + 7;
    objects[3] = stream("/Filter [/FlateDecode /FlateDecode]", &twice[from..twice.len() - 10]);
    let (_, outcome) = read("x.pdf", &pdf_of(&objects, ""));
    assert_eq!(outcome.unwrap().partial, Some(Reason::Bomb));
}

/// A page that draws the first of so many drawings, each of which draws the next so many times.
fn drawings(levels: usize, times: usize) -> Vec<u8> {
    let resources = |next: usize| {
        format!("/Resources << /Font << /F1 5 0 R >> /XObject << /A {next} 0 R /Own {} 0 R >> >>", next - 1)
    };
    let mut objects = page_of(b"/A Do");
    objects[2] = format!("<< /Type /Page /Parent 2 0 R /Contents 4 0 R {} >>", resources(6)).into_bytes();
    for level in 0..levels {
        let content = format!("BT /F1 9 Tf 0 -{level}0 Td (valve) Tj ET /Own Do {}", "/A Do ".repeat(times));
        objects.push(stream(&format!("/Subtype /Form {}", resources(7 + level)), content.as_bytes()));
    }
    pdf_of(&objects, "")
}

#[test]
fn drawings_in_drawings_end() {
    let (recorder, outcome) = read("x.pdf", &drawings(3, 1));
    assert_eq!((recorder.shown().matches("valve").count(), outcome.unwrap().partial), (3, None));
    assert_eq!(read("x.pdf", &drawings(20, 1)).1.unwrap().partial, Some(Reason::TooDeep));
    assert_eq!(read("x.pdf", &drawings(12, 10)).1.unwrap().partial, Some(Reason::Bomb));
}

#[test]
fn chains_that_come_back_to_themselves_end() {
    let mut objects = page_of(VALVE);
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R /AcroForm << /Fields [7 0 R] >> /Names << /Dests 8 0 R /EmbeddedFiles 8 0 R >> >>".to_vec();
    objects[1] = b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2147483647 >>".to_vec();
    objects.push(b"<< /Title (Chapter) /First 6 0 R /Next 6 0 R >>".to_vec());
    objects.push(b"<< /T (field) /Kids [7 0 R] /Parent 7 0 R >>".to_vec());
    objects.push(b"<< /Kids [8 0 R 8 0 R] /Names [(a) 8 0 R] >>".to_vec());
    let (recorder, outcome) = read("x.pdf", &pdf_of(&objects, ""));
    assert_eq!((recorder.shown().as_str(), outcome.unwrap().partial), ("part Chapter\ntext valve", None));
}

#[test]
fn nothing_that_a_file_declares_is_believed() {
    let mut objects = page_of(VALVE);
    objects[3] = [b"<< /Length 99999999999 >>\nstream\n".as_slice(), VALVE, b"\nendstream"].concat();
    objects[4] = b"<< /Type /Font /Subtype /Type0 /BaseFont /S /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>".to_vec();
    objects.push(b"<< /Type /Font /Subtype /CIDFontType2 /W [0 4294967295 500 1 [2] 3] /DW 1e300 >>".to_vec());
    objects.push(stream(
        "",
        b"1 beginbfrange <0000> <ffffffff> <0041> endbfrange 1 begincidrange <0000> <ffff> 1 endcidrange",
    ));
    assert!(read("x.pdf", &pdf_of(&objects, "/Prev 99999999999")).1.is_ok());
    objects[2] =
        format!("<< /Type /Page /Parent 2 0 R /Contents {}4 0 R{} >>", "[".repeat(5000), "]".repeat(5000)).into();
    assert!(read("x.pdf", &pdf_of(&objects, "")).1.is_ok());
}

#[test]
fn text_in_a_font_that_maps_nothing_is_said() {
    let mut objects = page_of(b"BT /F1 12 Tf 50 700 Td <00010002> Tj ET");
    objects[4] =
        b"<< /Type /Font /Subtype /Type0 /BaseFont /S /Encoding /Identity-H /DescendantFonts [<< >>] >>".to_vec();
    assert_eq!(read("x.pdf", &pdf_of(&objects, "")).1.unwrap().partial, Some(Reason::Undecodable));
}

#[test]
fn a_font_of_a_system_that_says_nothing_is_read_by_the_order_of_its_glyphs() {
    let codes = hexadecimal("Valve 12".bytes().map(|byte| byte - 29), 4);
    let mut objects = page_of(format!("BT /F1 12 Tf 50 700 Td <{codes}> Tj ET").as_bytes());
    objects[4] = b"<< /Type /Font /Subtype /Type0 /BaseFont /Arial /Encoding /Identity-H /DescendantFonts [<< /Subtype /CIDFontType2 >>] >>".to_vec();
    let (recorder, outcome) = read("x.pdf", &pdf_of(&objects, ""));
    assert_eq!((recorder.shown().as_str(), outcome.unwrap().partial), ("text Valve 12", None));
}

/// What is read of a page with these objects behind it, the catalog and the page having these entries more.
fn with_objects(catalog: &str, page: &str, more: impl IntoIterator<Item = Vec<u8>>) -> (String, Option<Reason>) {
    let mut objects = page_of(VALVE);
    objects[0] = format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>").into_bytes();
    objects[2] = format!("<< /Type /Page /Parent 2 0 R /Contents 4 0 R {page} >>").into_bytes();
    objects.extend(more);
    let (recorder, outcome) = read("x.pdf", &pdf_of(&objects, ""));
    (recorder.shown(), outcome.unwrap().partial)
}

#[test]
fn a_value_of_a_field_in_a_stream_is_read_under_the_budget() {
    let field = "/AcroForm << /Fields [<< /T (remark) /V 6 0 R >>] >>";
    let long = format!("{}pump", "valve ".repeat(5000));
    let (text, partial) = with_objects(field, "", [stream("", long.as_bytes())]);
    assert!(text.ends_with("pump\nend") && partial.is_none(), "{partial:?}");
    let (text, partial) = with_objects(field, "", [deflated("", &vec![b' '; 40 << 20])]);
    assert_eq!((text.as_str(), partial), ("", Some(Reason::Bomb)));
}

#[test]
fn fields_notes_titles_and_names_past_what_is_read_are_said() {
    let too_many = Some(Reason::TooMany);
    let fields = |count: usize| format!("/AcroForm << /Fields [{}] >>", "<< /T (a) /V (b) >>".repeat(count));
    assert_eq!(with_objects(&fields(10_000), "", []).1, None);
    assert_eq!(with_objects(&fields(10_001), "", []).1, too_many);
    let notes = |count: usize| format!("/Annots [{}]", "<< /Contents (a) >>".repeat(count));
    assert_eq!(with_objects("", &notes(10_000), []).1, None);
    assert_eq!(with_objects("", &notes(10_001), []).1, too_many);
    let titles = |count: usize| (0..count).map(|it| format!("<< /Title (a) /Next {} 0 R >>", it + 7).into_bytes());
    let outline = "/Outlines << /First 6 0 R >>";
    assert_eq!(with_objects(outline, "", titles(50_000)).1, None);
    assert_eq!(with_objects(outline, "", titles(50_001)).1, too_many);
    let names = |count: usize| {
        let kids = format!("<< /Names [{}] >> << /Names [(b) 1] >>", "(a) 1 ".repeat(count));
        format!("/Names << /EmbeddedFiles << /Kids [{kids}] >> >>")
    };
    assert_eq!(with_objects(&names(100), "", []).1, None);
    assert_eq!(with_objects(&names(100_001), "", []).1, too_many);
}

#[test]
fn a_document_that_draws_only_pictures_is_not_read() {
    let picture = || [stream("/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", b"x")];
    let page = "/Resources << /Font << /F1 5 0 R >> /XObject << /A 6 0 R >> >>";
    let scanned = |content: &[u8]| {
        let mut objects = page_of(content);
        objects[2] = format!("<< /Type /Page /Parent 2 0 R /Contents 4 0 R {page} >>").into_bytes();
        objects.extend(picture());
        read("x.pdf", &pdf_of(&objects, "")).1.unwrap().partial
    };
    assert_eq!(scanned(b"q 9 0 0 9 0 0 cm /A Do Q"), Some(Reason::ContentNotRead));
    assert_eq!(scanned(b"q 9 0 0 9 0 0 cm /A Do Q BT /F1 9 Tf (valve) Tj ET"), None);
    assert_eq!(scanned(b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI"), Some(Reason::ContentNotRead));
    assert_eq!(scanned(b"q Q"), None);
    let drawn = |objects: &str| {
        let members: [(&str, &[u8]); 3] = [
            ("OFD.xml", b"<OFD><DocBody><DocRoot>d.xml</DocRoot></DocBody></OFD>"),
            ("d.xml", b"<Document><Pages><Page ID='1' BaseLoc='p.xml'/></Pages></Document>"),
            ("p.xml", objects.as_bytes()),
        ];
        read("x.ofd", &zip_of(&members)).1.unwrap().partial
    };
    assert_eq!(drawn("<Page><ImageObject/></Page>"), Some(Reason::ContentNotRead));
    let text = "<TextObject><TextCode>valve</TextCode></TextObject>";
    assert_eq!(drawn(&format!("<Page><ImageObject/>{text}</Page>")), None);
    assert_eq!(drawn("<Page/>"), None);
}

#[test]
fn tags_past_what_is_read_are_said() {
    let tagged = |count: usize| {
        let tags = format!("<t>{}</t>", "<n><ObjectData>a</ObjectData></n>".repeat(count));
        let members: [(&str, &[u8]); 4] = [
            ("OFD.xml", b"<OFD><DocBody><DocRoot>d.xml</DocRoot></DocBody></OFD>"),
            ("d.xml", b"<Document><CustomTags>tags.xml</CustomTags></Document>"),
            ("tags.xml", b"<CustomTags><FileLoc>t.xml</FileLoc></CustomTags>"),
            ("t.xml", tags.as_bytes()),
        ];
        read("x.ofd", &zip_of(&members)).1.unwrap().partial
    };
    assert_eq!(tagged(20_000), None);
    assert_eq!(tagged(20_001), Some(Reason::TooMany));
}

#[test]
fn pages_past_the_limit_are_too_many() {
    let limits = Limits { pages: 1, ..Limits::default() };
    let mut objects = page_of(VALVE);
    objects[0] = CATALOG.to_vec();
    objects[1] = b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>".to_vec();
    objects.push(objects[2].clone());
    let (recorder, outcome) = read_within("x.pdf", &pdf_of(&objects, ""), &limits);
    assert_eq!((recorder.shown().as_str(), outcome.unwrap().partial), ("text valve", Some(Reason::TooMany)));
    let (recorder, outcome) = read_within("x.xps", &xps_of("pump"), &limits);
    assert!(!recorder.shown().contains("page two"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooMany));
}

#[test]
fn a_document_larger_than_may_be_held_is_too_large() {
    let limits = Limits { pdf_bytes: 100, ..Limits::default() };
    assert_eq!(read_within("x.pdf", &packed("valve"), &limits).1, Err(Reason::TooLarge));
}

#[test]
fn packages_without_pages_end_as_reasons() {
    let encrypted = [("Encryptions.xml", b"<e/>".as_slice()), ("OFD.xml", b"<OFD/>")];
    assert_eq!(read("x.ofd", &zip_of(&encrypted)).1, Err(Reason::Encrypted));
    assert_eq!(
        read("x.ofd", &zip_of(&[("OFD.xml", b"<OFD><DocBody><DocRoot>x.xml")])).1.unwrap().partial,
        Some(Reason::Corrupt)
    );
    assert_eq!(read("x.xps", &zip_of(&[("FixedDocSeq.fdseq", b"<x/>")])).1, Err(Reason::Corrupt));
}

#[test]
fn attachments_end_where_containers_may_not_nest() {
    let limits = Limits { depth: 0, ..Limits::default() };
    let (recorder, _) = read_within("x.ofd", &ofd_of("pump"), &limits);
    assert!(recorder.shown().contains("begin notes.txt\nfailed TooDeep"), "{}", recorder.shown());
}
