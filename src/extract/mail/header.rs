//! The headers of a message that say something of persons and systems, as one row of a table.

use std::collections::BTreeMap;

use mail_parser::Message;

use super::super::Sink;
use crate::model::{Column, Fragment};

/// Names of the columns: headers of RFC 5322 and what mail systems add to say where a message has been. The others, which
/// mail systems and programs name as they like, are running text.
const COLUMNS: [&str; 15] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Date",
    "Organization",
    "Keywords",
    "Comments",
    "Return-Path",
    "Delivered-To",
    "Received",
    "X-Originating-IP",
    "Disposition-Notification-To",
];

/// How the names of headers begin that say nothing: how the message is built, and signatures.
const UNREAD: [&str; 7] = [
    "MIME-Version",
    "Content-",
    "DKIM-Signature",
    "DomainKey-Signature",
    "X-Google-DKIM-Signature",
    "ARC-",
    "Autocrypt",
];

/// Hands on the subject, as what the message is called, and the headers that it has.
pub(super) fn read(message: &Message<'_>, sink: &mut dyn Sink) {
    let mut cells: BTreeMap<usize, String> = BTreeMap::new();
    let mut others = Vec::new();
    for header in message.headers() {
        let Some(value) = header.value().as_text().map(str::trim).filter(|value| !value.is_empty()) else { continue };
        if header.name().eq_ignore_ascii_case("Subject") {
            sink.fragment(Fragment::PartName(value.as_bytes()));
        } else if let Some(column) = COLUMNS.iter().position(|name| name.eq_ignore_ascii_case(header.name())) {
            let cell = cells.entry(column).or_default();
            if !cell.is_empty() {
                cell.push('\n');
            }
            cell.push_str(value);
        } else if !UNREAD.iter().any(|unread| begins_with(header.name(), unread)) {
            others.push(format!("{}: {value}", header.name()));
        }
    }
    if !cells.is_empty() {
        table(&cells, sink);
    }
    for other in others {
        sink.fragment(Fragment::Text(other.as_bytes()));
        sink.fragment(Fragment::Break);
    }
}

/// Whether a name begins so, in any case.
fn begins_with(name: &str, beginning: &str) -> bool {
    name.get(..beginning.len()).is_some_and(|it| it.eq_ignore_ascii_case(beginning))
}

/// Hands on the headers that are columns.
fn table(cells: &BTreeMap<usize, String>, sink: &mut dyn Sink) {
    let columns = cells.keys().filter_map(|column| COLUMNS.get(*column));
    let columns = columns.map(|name| Column { name: Some((*name).to_owned()), ..Column::default() });
    sink.fragment(Fragment::Table(&columns.collect::<Vec<_>>()));
    for (column, text) in cells.values().enumerate() {
        sink.fragment(Fragment::Cell { column, text: text.as_bytes() });
    }
    sink.fragment(Fragment::RowEnd);
    sink.fragment(Fragment::TableEnd);
}
