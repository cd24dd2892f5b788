//! Word documents and slides.

use super::super::{
    recorder::{read, read_within},
    tests::{
        corpus,
        fixtures::{
            office::{docx_of, paragraph, word_table, xlsx_of},
            packed::zip_of,
        },
    },
};
use crate::{model::Reason, open::Limits};

fn shown(body: &str) -> String {
    let (recorder, outcome) = read("x.docx", &docx_of(body));
    assert_eq!(outcome.unwrap().partial, None);
    recorder.shown()
}

#[test]
fn a_style_is_a_heading_by_its_name_and_not_by_its_number() {
    let styled = |style: &str, text: &str| {
        format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#)
    };
    let document = format!(
        "<w:document>{}{}{}</w:document>",
        styled("af1", "Scope"),
        styled("2", "pump"),
        styled("Heading3", "Parts")
    );
    let styles = r#"<w:styles><w:style w:styleId="af1"><w:name w:val="标题 1"/></w:style><w:style w:styleId="2"><w:name w:val="List Number"/></w:style></w:styles>"#;
    let content = zip_of(&[("word/document.xml", document.as_bytes()), ("word/styles.xml", styles.as_bytes())]);
    assert_eq!(read("x.docx", &content).0.shown(), "part Scope\ntext pump\npart Parts");
}

#[test]
fn the_same_content_for_old_programs_is_read_once() {
    let shape = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", paragraph(text));
    let body = format!(
        "<w:p><w:r><w:t>before</w:t></w:r><mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent><w:r><w:t>after</w:t></w:r></w:p>",
        shape("box"),
        shape("box")
    );
    assert_eq!(shown(&body), "text before\ntext box\ntext after");
}

#[test]
fn tables_in_tables_and_boxes_in_cells_are_in_the_cell() {
    let inner = word_table(&[&["a", "b"]]);
    let boxed = format!("<w:p><w:r><w:txbxContent>{}</w:txbxContent></w:r></w:p>", paragraph("box"));
    let row = format!(
        "<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>{inner}{boxed}</w:tc><w:tc>{}</w:tc></w:tr>",
        paragraph("c")
    );
    assert_eq!(shown(&format!("<w:tbl>{row}</w:tbl>")), "table -,-,-\nrow 0=a\nb\nbox 2=c\nend");
}

#[test]
fn a_field_tells_where_it_leads_if_that_is_somebody() {
    let field = |target: &str| {
        format!(
            r#"<w:p><w:fldSimple w:instr=" HYPERLINK &quot;{target}&quot; "><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>"#
        )
    };
    let body = [field("mailto:a@b.example"), field("https://b.example"), field("\\\\server\\share\\x.doc")].concat();
    assert_eq!(shown(&body), "text mailto:a@b.example\ntext x\ntext x\ntext \\\\server\\share\\x.doc\ntext x");
}

#[test]
fn choices_of_a_field_are_read() {
    let entries = r#"<w:ddList><w:listEntry w:val="valve"/><w:listEntry w:val="pump"/></w:ddList>"#;
    let body = format!(
        r#"<w:p><w:r><w:t>part</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"><w:ffData>{entries}</w:ffData></w:fldChar></w:r></w:p>"#
    );
    assert_eq!(shown(&body), "text part\ntext valve\ntext pump");
}

#[test]
fn prompts_of_a_slide_master_are_left_out_and_its_marks_read() {
    let shape = |placeholder: &str, text: &str| {
        format!("<p:sp><p:nvPr>{placeholder}</p:nvPr><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp>")
    };
    let master = format!("<m>{}{}</m>", shape("<p:ph type=\"body\"/>", "click here"), shape("", "confidential"));
    let content = zip_of(&[
        ("ppt/presentation.xml", b"<p/>"),
        ("ppt/slides/slide1.xml", shape("", "pump").as_bytes()),
        ("ppt/slideMasters/slideMaster1.xml", master.as_bytes()),
    ]);
    assert_eq!(read("x.pptx", &content).0.shown(), "text pump\ntext confidential");
}

#[test]
fn documents_within_documents_end_at_the_limit() {
    let mut content = xlsx_of("S", &[&["valve"]]);
    for _ in 0..9 {
        let document = format!("<w:document>{}</w:document>", paragraph("level"));
        content = zip_of(&[("word/document.xml", document.as_bytes()), ("word/embeddings/in.docx", &content)]);
    }
    let (recorder, outcome) = read("x.docx", &content);
    let shown = recorder.shown();
    assert!(shown.contains("Some(TooDeep)") && !shown.contains("valve"), "{shown}");
    assert!(outcome.is_ok());
}

#[test]
fn a_part_that_is_a_bomb_stops_the_document_and_says_so() {
    let blanks = format!("<w:document><w:p><w:r><w:t>{}", " ".repeat(20 << 20));
    let content =
        zip_of(&[("word/document.xml", paragraph("pump").as_bytes()), ("word/footnotes.xml", blanks.as_bytes())]);
    let (recorder, outcome) = read("x.docx", &content);
    assert!(recorder.shown().starts_with("text pump"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::Bomb));
}

#[test]
fn elements_without_end_are_too_deep_and_the_rest_is_text() {
    let limits = Limits::default();
    let content = docx_of(&format!("{}valve", "<w:tbl><w:tr><w:tc>".repeat(100_000)));
    let (recorder, outcome) = read_within("x.docx", &content, &limits);
    assert!(recorder.shown().contains("valve"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooDeep));
}

#[test]
fn real_files_give_their_words() {
    corpus::expect("poi/footnotes.docx", &["text "]);
    corpus::expect("poi/line-chart.pptx", &["begin ppt/embeddings/", "part My Line Chart"]);
    corpus::expect("tika/testWORD_features.docx", &["text "]);
}
