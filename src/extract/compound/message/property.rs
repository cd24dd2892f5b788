//! The properties of a message or of what it holds: streams that are called by the number of a property (MS-OXMSG, 2.4).

use encoding_rs::Encoding;

use super::super::{
    codepage::encoding_of,
    numbers::{u16_at, u32_at, utf16},
    storage::{EntryId, Storage},
};
use crate::{model::Reason, open::Limits};

/// Numbers of properties (MS-OXPROPS).
pub(super) mod number {
    pub(in super::super) const SUBJECT: u16 = 0x0037;
    pub(in super::super) const HEADERS: u16 = 0x007d;
    pub(in super::super) const BODY: u16 = 0x1000;
    pub(in super::super) const RICH_TEXT: u16 = 0x1009;
    pub(in super::super) const HTML: u16 = 0x1013;
    pub(in super::super) const ATTACHED: u16 = 0x3701;
    pub(in super::super) const ATTACHED_NAME: u16 = 0x3707;
    pub(in super::super) const ATTACHED_SHORT_NAME: u16 = 0x3704;
    pub(in super::super) const MESSAGE_CODE_PAGE: u16 = 0x3ffd;
    pub(in super::super) const INTERNET_CODE_PAGE: u16 = 0x3fde;
}

/// Types of values: text of one or two bytes a character, bytes, an object, a number of four bytes.
const NARROW: u16 = 0x001e;
const WIDE: u16 = 0x001f;
const BINARY: u16 = 0x0102;
const OBJECT: u16 = 0x000d;
const INTEGER: u16 = 0x0003;

/// The stream of the values that take no stream of their own.
pub(in super::super) const FIXED_VALUES: &str = "__properties_version1.0";

/// The properties of one storage.
pub(super) struct Properties {
    at: EntryId,
    /// The encoding of texts of one byte a character.
    encoding: &'static Encoding,
}

impl Properties {
    /// Those of a message, which says in which encoding its texts are.
    pub(super) fn of_message(storage: &mut Storage<'_>, at: EntryId, limits: &Limits) -> Self {
        let fixed = storage.bytes_of(at, FIXED_VALUES, limits.stream_bytes).unwrap_or_default().0;
        let page = integer(&fixed, number::MESSAGE_CODE_PAGE).or_else(|| integer(&fixed, number::INTERNET_CODE_PAGE));
        Self { at, encoding: encoding_of(page.unwrap_or(1252)) }
    }

    /// Those of a part of it.
    pub(super) fn of_part(&self, at: EntryId) -> Self {
        Self { at, encoding: self.encoding }
    }

    /// A text. What of it is missing is noted in the storage.
    pub(super) fn text(&self, storage: &mut Storage<'_>, number: u16, limits: &Limits) -> Option<String> {
        let wide = storage.bytes_of(self.at, &stream_name(number, WIDE), limits.stream_bytes);
        let text = if let Some((bytes, broken)) = wide {
            storage.note(broken);
            utf16(&bytes)
        } else {
            let (bytes, broken) = storage.bytes_of(self.at, &stream_name(number, NARROW), limits.stream_bytes)?;
            storage.note(broken);
            self.decode(&bytes)
        };
        let text = text.trim_end_matches('\0').trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Bytes, and why they are not all of it, which is noted in the storage, too.
    pub(super) fn bytes(
        &self,
        storage: &mut Storage<'_>,
        number: u16,
        limits: &Limits,
    ) -> Option<(Vec<u8>, Option<Reason>)> {
        let read = storage.bytes_of(self.at, &stream_name(number, BINARY), limits.stream_bytes)?;
        storage.note(read.1);
        Some(read)
    }

    /// The stream of bytes.
    pub(super) fn stream(&self, storage: &Storage<'_>, number: u16) -> Option<EntryId> {
        storage.find(self.at, &stream_name(number, BINARY))
    }

    /// The storage of an object.
    pub(super) fn object(&self, storage: &Storage<'_>, number: u16) -> Option<EntryId> {
        storage.find(self.at, &stream_name(number, OBJECT)).filter(|id| storage.is_storage(*id))
    }

    /// The numbers of all texts.
    pub(super) fn texts(&self, storage: &Storage<'_>) -> Vec<u16> {
        let number = |id| {
            let name = storage.name(id).strip_prefix("__substg1.0_")?;
            let kind = u16::from_str_radix(name.get(4..8)?, 16).ok()?;
            let number = u16::from_str_radix(name.get(..4)?, 16).ok()?;
            (matches!(kind, NARROW | WIDE) && name.len() == 8).then_some(number)
        };
        storage.children(self.at).into_iter().filter_map(number).collect()
    }

    /// Texts of one byte a character are mostly in the message's encoding; programs of the web write UTF-8.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => self.encoding.decode_without_bom_handling(bytes).0.into_owned(),
        }
    }
}

fn stream_name(number: u16, kind: u16) -> String {
    format!("__substg1.0_{number:04X}{kind:04X}")
}

/// A number out of the values that take no stream: rows of sixteen bytes, the type first, behind a head of eight, 24 or 32
/// bytes, which are all multiples of eight.
fn integer(fixed: &[u8], number: u16) -> Option<u32> {
    let row = (0..fixed.len())
        .step_by(8)
        .find(|at| u16_at(fixed, *at) == Some(INTEGER) && u16_at(fixed, at + 2) == Some(number))?;
    u32_at(fixed, row + 8)
}
