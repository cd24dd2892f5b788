//! What a client of a SQL Server sends, message by message ([MS-TDS] 2.2.6).

use std::io::{Read, Write};

/// A login as it came over the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) application: String,
    pub(crate) database: String,
    /// Whether the client says that it only reads.
    pub(crate) reads_only: bool,
    pub(crate) is_encrypted: bool,
}

/// A whole message, of however many packets.
pub(super) struct Message {
    pub(super) kind: u8,
    pub(super) bytes: Vec<u8>,
}

pub(super) fn receive(stream: &mut impl Read) -> Option<Message> {
    let mut message = Message { kind: 0, bytes: Vec::new() };
    loop {
        let mut header = [0; 8];
        stream.read_exact(&mut header).ok()?;
        let mut payload = vec![0; usize::from(u16::from_be_bytes([header[2], header[3]])) - 8];
        stream.read_exact(&mut payload).ok()?;
        message.kind = header[0];
        message.bytes.extend_from_slice(&payload);
        if header[1] & 1 == 1 {
            return Some(message);
        }
    }
}

/// In packets that are small, so that values lie across them.
pub(super) fn send(stream: &mut impl Write, kind: u8, bytes: &[u8]) -> Option<()> {
    let mut parts = bytes.chunks(500).peekable();
    while let Some(part) = parts.next() {
        let length = u16::try_from(part.len() + 8).unwrap().to_be_bytes();
        let header = [kind, u8::from(parts.peek().is_none()), length[0], length[1], 0, 0, 0, 0];
        stream.write_all(&[&header[..], part].concat()).ok()?;
    }
    stream.flush().ok()
}

pub(super) fn encryption_at(payload: &[u8]) -> Option<usize> {
    let option = payload.chunks(5).find(|option| option[0] == 1)?;
    Some(usize::from(u16::from_be_bytes([option[1], option[2]])))
}

/// LOGIN7 (2.2.6.4): places and lengths of texts stand from byte 36 on.
pub(super) fn read_login(bytes: &[u8]) -> Login {
    let number = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let raw = |at: usize| bytes[number(at)..number(at) + 2 * number(at + 2)].to_vec();
    let text = |raw: Vec<u8>| -> String {
        let units: Vec<u16> = raw.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        String::from_utf16(&units).unwrap()
    };
    Login {
        user: text(raw(40)),
        password: text(raw(44).into_iter().map(|byte| (byte ^ 0xa5).rotate_left(4)).collect()),
        application: text(raw(48)),
        database: text(raw(68)),
        reads_only: bytes[26] & 0x20 != 0,
        is_encrypted: false,
    }
}

/// The text of a batch behind its headers (2.2.6.7).
pub(super) fn batch(bytes: &[u8]) -> String {
    let headers = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
    let units: Vec<u16> = bytes[headers..].chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).unwrap()
}
