//! XML: an element with simple children or attributes is a record, its tags the columns; mixed content is running text.

use std::io::Read;

use encoding_rs::Encoding;
use quick_xml::events::BytesStart;

use super::{
    Reading, Sink,
    markup::{self, Visitor},
    records::{Field, RecordTables},
};
use crate::{
    model::Fragment,
    open::{Limits, encoding},
};

/// Fields of one element that are held at once; more are handed on as another record.
const MOST_FIELDS: usize = 10_000;

/// Reads a document whose first bytes are `head`; `reader` gives them once more.
pub(super) fn read(head: &[u8], reader: &mut dyn Read, limits: &Limits, sink: &mut dyn Sink) -> Reading {
    let mut document = Document { limits, tables: RecordTables::new(limits), open: Vec::new() };
    let walked = markup::walk(reader, declared_encoding(head), limits, &mut document, sink);
    Reading { encoding: Some(walked.encoding), partial: walked.partial, ..Reading::default() }
}

/// What the declaration of a document says of its encoding.
fn declared_encoding(head: &[u8]) -> Option<&'static Encoding> {
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = declaration.get(..memchr::memmem::find(declaration, b"?>")?)?;
    encoding::named_after(declaration, b"encoding")
}

/// An element that is open.
struct Element {
    name: String,
    fields: Vec<Field>,
    field_bytes: usize,
    text: Vec<u8>,
    has_children: bool,
    has_attributes: bool,
    /// Whether text and elements alternate in it, or in one around it: its text is part of a running text.
    is_mixed: bool,
}

/// A document while it is walked through.
struct Document<'l> {
    limits: &'l Limits,
    tables: RecordTables<'l>,
    open: Vec<Element>,
}

impl Document<'_> {
    /// The kind of a record: the names of the elements that lead to it.
    fn group(&self, name: &str) -> String {
        let mut group = String::new();
        for element in &self.open {
            group.push_str(&element.name);
            group.push('/');
        }
        group + name
    }

    fn run_text(&mut self, text: &[u8], ends: bool, sink: &mut dyn Sink) {
        if !text.is_empty() {
            self.tables.pause(sink);
            sink.fragment(Fragment::Text(text));
        }
        if ends {
            sink.fragment(Fragment::Break);
        }
    }

    fn add_to_parent(&mut self, fields: Vec<Field>, sink: &mut dyn Sink) {
        let Some(parent) = self.open.last_mut() else {
            for (_, text) in fields {
                self.run_text(&text, true, sink);
            }
            return;
        };
        parent.field_bytes += fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
        parent.fields.extend(fields);
        if parent.field_bytes > self.limits.lookahead_bytes || parent.fields.len() >= MOST_FIELDS {
            parent.field_bytes = 0;
            let fields = std::mem::take(&mut parent.fields);
            let group = self.group("");
            self.tables.record(&group, fields, sink);
        }
    }

    fn end_element(&mut self, sink: &mut dyn Sink) {
        let Some(mut element) = self.open.pop() else { return };
        let has_text = !element.text.trim_ascii().is_empty();
        let is_in_running_text = self.open.last().is_some_and(|parent| parent.is_mixed);
        if element.is_mixed {
            self.run_text(&element.text, !is_in_running_text, sink);
        } else if !element.has_children && (has_text || !element.has_attributes) {
            // A leaf: a field of its parent, with its attributes beside it.
            let mut fields = vec![(element.name.clone(), std::mem::take(&mut element.text))];
            fields.extend(element.fields.drain(..).map(|(name, value)| (format!("{}.{name}", element.name), value)));
            self.add_to_parent(fields, sink);
            return;
        } else if has_text {
            self.run_text(&element.text, true, sink);
        }
        if !element.fields.is_empty() {
            let group = self.group(&element.name);
            self.tables.record(&group, element.fields, sink);
        }
    }
}

impl Visitor for Document<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, sink: &mut dyn Sink) {
        let mut is_mixed = false;
        if let Some(parent) = self.open.last_mut() {
            parent.has_children = true;
            parent.is_mixed |= !parent.text.trim_ascii().is_empty();
            is_mixed = parent.is_mixed;
            if is_mixed {
                let text = std::mem::take(&mut parent.text);
                self.run_text(&text, false, sink);
            }
        }
        let fields: Vec<Field> = markup::attributes(tag).map(|(name, value)| (name, value.into_bytes())).collect();
        self.open.push(Element {
            name: tag.local_name().as_ref().to_owned(),
            field_bytes: 0,
            text: Vec::new(),
            has_children: false,
            has_attributes: !fields.is_empty(),
            is_mixed,
            fields,
        });
    }

    fn text(&mut self, text: &str, sink: &mut dyn Sink) {
        let Some(element) = self.open.last_mut() else { return };
        element.text.extend_from_slice(text.as_bytes());
        if element.text.len() > self.limits.lookahead_bytes {
            // No field is that long.
            element.is_mixed = true;
            let text = std::mem::take(&mut element.text);
            self.run_text(&text, false, sink);
        }
    }

    fn close(&mut self, _local_name: &str, sink: &mut dyn Sink) {
        self.end_element(sink);
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        while !self.open.is_empty() {
            self.end_element(sink);
        }
        self.tables.finish(sink);
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::super::recorder::{read, read_within};
    use crate::{model::Reason, open::Limits};

    fn shown(content: &str) -> String {
        read("x.xml", content.as_bytes()).0.shown()
    }

    #[test]
    fn elements_that_repeat_are_rows_and_their_tags_columns() {
        let item =
            |id: &str, load: &str| format!("<spindle no='{id}'><load unit='kN'>{load}</load><torque/></spindle>");
        let content = format!("<?xml version=\"1.0\"?>\n<list>\n {}\n {}\n</list>", item("a", "1"), item("b", "2"));
        assert_eq!(shown(&content), "table no,load,load.unit,torque\nrow 0=a 1=1 2=kN\nrow 0=b 1=2 2=kN\nend");
    }

    #[test]
    fn mixed_content_is_one_running_text() {
        assert_eq!(shown("<doc><p>轴承<b>温度</b>正常 &lt;80&#x41;&undefined;</p></doc>"), "text 轴承温度正常 <80A ");
        assert_eq!(shown("<a>valve</a>"), "text valve");
    }

    #[test]
    fn a_tag_that_is_data_is_no_name_and_still_read() {
        assert_eq!(shown("<a><n13800000000>x</n13800000000></a>"), "table -\nrow 0=n13800000000: x\nend");
        assert_eq!(shown("<map><张三>x</张三><李四>y</李四></map>"), "table -,-\nrow 0=张三: x 1=李四: y\nend");
    }

    #[test]
    fn a_declared_encoding_is_followed() {
        let content = GB18030.encode("<?xml version='1.0' encoding='GB2312'?><a>编号</a>").0;
        let (recorder, outcome) = read("x.xml", &content);
        assert_eq!(recorder.shown(), "text 编号");
        assert_eq!(outcome.unwrap().encoding, Some("gb18030"));
    }

    #[test]
    fn a_billion_laughs_stay_one() {
        let mut content = String::from("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY l0 'lol'>");
        for n in 1..30 {
            content.push_str(&format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10)));
        }
        content.push_str("]><a>x&l29;y</a>");
        assert_eq!(shown(&content), "text x y");
    }

    #[test]
    fn nothing_outside_of_a_document_is_fetched() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other");
        std::fs::write(&other, "valve").unwrap();
        let declared = |kind: &str| format!("<!DOCTYPE a [<!ENTITY {kind} SYSTEM 'file://{}'>]>", other.display());
        assert_eq!(shown(&format!("<?xml version='1.0'?>{}<a>x&e;y</a>", declared("e"))), "text x y");
        let whole = format!("<?xml version='1.0'?>{}<a>x</a>", declared("% e").replace("]>", " %e;]>"));
        assert_eq!(shown(&whole), "text x");
    }

    #[test]
    fn a_hundred_thousand_levels_end_as_too_deep_with_the_rest_as_text() {
        let content = format!("{}valve{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        let (recorder, outcome) = read("x.xml", content.as_bytes());
        assert_eq!(recorder.shown().matches("valve").count(), 1);
        assert_eq!(outcome.unwrap().partial, Some(Reason::TooDeep));
    }

    #[test]
    fn a_text_longer_than_is_held_is_read_once_and_whole() {
        let limits = Limits { record_bytes: 200_000, lookahead_bytes: 50_000, ..Limits::default() };
        let content = format!("<r><a>{}valve</a><b>pump</b></r>", "x ".repeat(400_000));
        let (recorder, outcome) = read_within("x.xml", content.as_bytes(), &limits);
        let shown = recorder.shown();
        assert_eq!((shown.matches("valve").count(), shown.matches("pump").count()), (1, 1));
        assert_eq!(shown.matches("x ").count(), 400_000);
        assert_eq!(outcome.unwrap().partial, None);
    }

    #[test]
    fn what_is_not_xml_from_a_point_on_is_read_as_text() {
        let (recorder, outcome) = read("x.xml", b"<a><b>valve</b><!-- pump");
        assert!(recorder.shown().contains("valve") && recorder.shown().contains("pump"));
        assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
    }
}
