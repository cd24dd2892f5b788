//! One part of a message: a text, or something that is attached.

use std::{
    borrow::Cow,
    io::{self, Read},
};

use encoding_rs::Encoding as Charset;
use mail_parser::{
    ContentType, Encoding, MessagePart, MimeHeaders, PartType,
    decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode},
};

use super::{
    super::{Job, Sink, html, text},
    message::parser,
    spoilt,
};
use crate::open::encoding;

/// Whether a part is attached: it has a name, says so, or is no text.
pub(super) fn is_member(part: &MessagePart<'_>) -> bool {
    let is_text = matches!(part.body, PartType::Text(_) | PartType::Html(_));
    // What could not be unpacked is a text for the parser, whatever it is.
    let is_other =
        part.is_encoding_problem && part.content_type().is_some_and(|it| !it.ctype().eq_ignore_ascii_case("text"));
    !is_text
        || is_other
        || part.attachment_name().is_some()
        || part.content_disposition().is_some_and(ContentType::is_attachment)
}

/// Reads a text of the message itself. Gives the reason why it is not all of it.
pub(super) fn read_body(
    job: &Job<'_>,
    part: &MessagePart<'_>,
    raw: &[u8],
    sink: &mut dyn Sink,
) -> Option<io::ErrorKind> {
    let (bytes, broken) = content(part, raw);
    let declared =
        part.content_type().and_then(|it| it.attribute("charset")).and_then(|name| Charset::for_label(name.as_bytes()));
    // What is declared counts where the bytes do not say otherwise, as in any text.
    let decoded = encoding::decode(encoding::guess(&bytes, declared), &bytes);
    let mut reader: &mut dyn Read = &mut decoded.as_bytes();
    let says_html =
        || part.content_type().and_then(ContentType::subtype).is_some_and(|it| it.eq_ignore_ascii_case("html"));
    if matches!(part.body, PartType::Html(_)) || (part.is_encoding_problem && says_html()) {
        let head = decoded.as_bytes().get(..job.limits.head_bytes).unwrap_or(decoded.as_bytes());
        html::read(head, &mut reader, job.limits, sink);
    } else {
        text::read(&mut reader, sink);
    }
    broken
}

/// The bytes of a part as they were before they were packed for the way, and how it broke off or was spoilt.
pub(super) fn content<'p>(part: &'p MessagePart<'_>, raw: &'p [u8]) -> (Cow<'p, [u8]>, Option<io::ErrorKind>) {
    let broken = part.is_encoding_problem.then_some(io::ErrorKind::InvalidData);
    if let PartType::Binary(bytes) | PartType::InlineBinary(bytes) = &part.body {
        return (Cow::Borrowed(bytes), broken);
    }
    let stored = raw.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    let unpacked = match part.encoding {
        Encoding::None if part.is_encoding_problem => spoilt::unpack(part.content_transfer_encoding(), stored),
        Encoding::None => None,
        Encoding::QuotedPrintable => quoted_printable_decode(stored),
        Encoding::Base64 => base64_decode(stored),
    };
    (unpacked.map_or(Cow::Borrowed(stored), Cow::Owned), broken)
}

/// The name of an attached part. Where it is not ASCII as it should be, it is in what the sender's system has.
pub(super) fn name(part: &MessagePart<'_>, raw: &[u8]) -> Option<String> {
    let name = part.attachment_name()?;
    if !name.contains(char::REPLACEMENT_CHARACTER) {
        return Some(name.to_owned());
    }
    let headers = raw.get(part.offset_header as usize..part.offset_body as usize)?;
    let headers = encoding::decode(encoding::guess(headers, None), headers);
    let again = parser().parse(headers.as_bytes())?;
    again.parts.first()?.attachment_name().map(str::to_owned)
}

/// How the name of a part would end that has none.
pub(super) fn ending(part: &MessagePart<'_>) -> &'static str {
    match part.body {
        PartType::Message(_) => ".eml",
        PartType::Html(_) => ".html",
        PartType::Text(_) => ".txt",
        _ => "",
    }
}
