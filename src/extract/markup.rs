//! Walks through XML, of documents and of office files alike, with nothing in it believed.
//!
//! No entity but the five and numeric ones is resolved, so a document cannot multiply itself. Where the rules of XML end,
//! the rest is read as running text.

use std::io::{BufReader, Read};

use encoding_rs::Encoding;
use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use super::{Sink, bounded::RecordGuard, text, transcode::Transcoder};
use crate::{
    model::{Fragment, Reason},
    open::Limits,
};

/// What is done with the parts of a document as they come.
pub(super) trait Visitor {
    /// An element begins.
    fn open(&mut self, tag: &BytesStart<'_>, sink: &mut dyn Sink);
    /// Text in the innermost open element; it may come in pieces.
    fn text(&mut self, text: &str, sink: &mut dyn Sink);
    /// The element that began last ends.
    fn close(&mut self, local_name: &str, sink: &mut dyn Sink);
    /// The document ends, or is given up; running text may follow.
    fn finish(&mut self, sink: &mut dyn Sink);
}

/// How a walk ended.
pub(super) struct Walked {
    pub(super) encoding: &'static str,
    pub(super) partial: Option<Reason>,
}

/// Walks through a document.
pub(super) fn walk(
    reader: &mut dyn Read,
    declared: Option<&'static Encoding>,
    limits: &Limits,
    visitor: &mut dyn Visitor,
    sink: &mut dyn Sink,
) -> Walked {
    let transcoder = Transcoder::new(reader, declared).repairing();
    let buffered = BufReader::with_capacity(64 << 10, RecordGuard::new(transcoder, limits.record_bytes));
    let mut document = Reader::from_reader(buffered);
    let config = document.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut event_bytes = Vec::new();
    let mut depth = 0usize;
    let stopped = loop {
        let begins_at = document.buffer_position();
        event_bytes.clear();
        match document.read_event_into(&mut event_bytes) {
            Ok(Event::Eof) => break None,
            Ok(Event::Start(tag)) => {
                depth += 1;
                if depth > limits.xml_depth {
                    break Some((Reason::TooDeep, begins_at));
                }
                visitor.open(&tag, sink);
            }
            Ok(Event::Empty(tag)) => {
                visitor.open(&tag, sink);
                visitor.close(tag.local_name().as_ref(), sink);
            }
            Ok(Event::End(tag)) if depth > 0 => {
                depth -= 1;
                visitor.close(tag.local_name().as_ref(), sink);
            }
            Ok(Event::Text(text)) => visitor.text(&text, sink),
            Ok(Event::CData(text)) => visitor.text(&text, sink),
            Ok(Event::GeneralRef(reference)) => {
                visitor.text(resolve(&reference).encode_utf8(&mut [0; 4]), sink);
            }
            Ok(_) => {}
            Err(error) => break Some((reason_of(&error), begins_at)),
        }
        document.get_mut().get_mut().mark();
    };
    visitor.finish(sink);
    let guard = document.get_mut().get_mut();
    let partial = stopped.and_then(|(reason, begins_at)| {
        sink.fragment(Fragment::Text(guard.unread(begins_at)));
        let broken = text::pour(guard.rest(), sink);
        // A node longer than the cap is no fault: all of it has been read, as text.
        if guard.is_tripped() { broken } else { Some(reason) }
    });
    Walked { encoding: guard.rest().encoding(), partial }
}

/// The character of a reference; any entity of the document's own making is a space.
fn resolve(reference: &BytesRef<'_>) -> char {
    match &**reference {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => reference.resolve_char_ref().ok().flatten().unwrap_or(' '),
    }
}

/// The value of an attribute, by local name, with the five entities resolved.
pub(super) fn attribute(tag: &BytesStart<'_>, local_name: &str) -> Option<String> {
    attributes(tag).find(|(name, _)| name == local_name).map(|(_, value)| value)
}

/// All attributes of a tag that can be read, by local name, without declarations of name spaces.
pub(super) fn attributes<'t>(tag: &'t BytesStart<'_>) -> impl Iterator<Item = (String, String)> + 't {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    attributes.filter_map(Result::ok).filter_map(|attribute| {
        let name: &str = attribute.key.as_ref();
        if name == "xmlns" || name.starts_with("xmlns:") {
            return None;
        }
        let local_name = name.rsplit(':').next().unwrap_or(name).to_owned();
        let value = quick_xml::escape::unescape(&attribute.value)
            .map_or_else(|_| attribute.value.clone().into_owned(), std::borrow::Cow::into_owned);
        Some((local_name, value))
    })
}

fn reason_of(error: &quick_xml::Error) -> Reason {
    match error {
        quick_xml::Error::Io(error) => Reason::from(&**error),
        _ => Reason::Corrupt,
    }
}
