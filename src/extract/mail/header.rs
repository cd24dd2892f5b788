//! The headers of a message that say something of persons and systems, as one row of a table.

use std::collections::BTreeMap;

use mail_parser::Message;

use super::super::Sink;
use crate::model::{Column, Fragment};

/// Names of the columns: headers of RFC 5322 and what mail systems add to say where a message has been. The others are
/// keys, signatures and settings of programs.
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

/// Hands on the subject, as what the message is called, and the headers that it has.
pub(super) fn read(message: &Message<'_>, sink: &mut dyn Sink) {
    let mut cells: BTreeMap<usize, String> = BTreeMap::new();
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
        }
    }
    if cells.is_empty() {
        return;
    }
    let columns = cells.keys().filter_map(|column| COLUMNS.get(*column));
    let columns = columns.map(|name| Column { name: Some((*name).to_owned()), ..Column::default() });
    sink.fragment(Fragment::Table(&columns.collect::<Vec<_>>()));
    for (column, text) in cells.values().enumerate() {
        sink.fragment(Fragment::Cell { column, text: text.as_bytes() });
    }
    sink.fragment(Fragment::RowEnd);
    sink.fragment(Fragment::TableEnd);
}
