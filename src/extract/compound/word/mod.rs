//! Word 6 to 2003, and what WPS writes in its place: body, notes, headers, comments and text boxes (MS-DOC).

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Encoding, WINDOWS_1252};

use super::{
    super::{Job, Reading, Sink},
    embedded,
    storage::{EntryId, Storage, Stream},
};
use crate::model::Reason;

mod flow;
mod header;
mod paragraphs;
mod pieces;

use flow::Flow;
use header::{Header, Place};
use paragraphs::Paragraphs;
use pieces::Piece;

/// Characters of one piece that are read together.
const CHUNK_BYTES: u64 = 64 << 10;

/// Reads the document in a storage, then the objects in it.
pub(super) fn read(
    job: &Job<'_>,
    storage: &mut Storage<'_>,
    root: EntryId,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let document = storage.find(root, "WordDocument").ok_or(Reason::Corrupt)?;
    let header = Header::parse(&storage.bytes(document, header::BYTES).0)?;
    let tables = match header.table_stream {
        Some(name) => storage.find(root, name),
        None => Some(document),
    };
    let mut table = |place: Place| {
        let most = (place.bytes as u64).min(job.limits.stream_bytes);
        tables.map(|id| part_of(&mut storage.stream(id), place, most)).unwrap_or_default()
    };
    let is_old = header.table_stream.is_none();
    let (listed, listing) = (table(header.pieces), table(header.paragraph_pages));
    let mut stream = storage.stream(document);
    let paragraphs = Paragraphs::read(&listing, &mut stream);
    let pieces = pieces::parse(&listed, is_old);
    // Without a table of pieces (Word 6 and 95, or a broken one), the text is one.
    let is_broken = pieces.is_none() && !is_old;
    let pieces = pieces.unwrap_or_else(|| vec![header.whole_text()]);
    let flow = Flow::new(job.limits, &paragraphs);
    let is_whole = Text { stream, flow, header: &header, position: 0 }.read(&pieces, sink);
    let inner = embedded::read_pool(job, storage, root, sink);
    let partial = (is_broken || !is_whole).then_some(Reason::Corrupt);
    Ok(Reading { partial: partial.or(inner), ..Reading::default() })
}

/// The bytes at a place, as many as there are.
fn part_of(stream: &mut Stream<'_>, place: Place, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = stream.seek(SeekFrom::Start(place.at as u64)).and_then(|_| stream.take(most).read_to_end(&mut bytes));
    // A stream that ends before it should gives what it has.
    if read.is_err_and(|error| error.kind() != io::ErrorKind::UnexpectedEof) {
        bytes.clear();
    }
    bytes
}

impl Header {
    /// The one piece of a document that has no table of them.
    fn whole_text(&self) -> Piece {
        let characters = u32::try_from(self.characters()).unwrap_or(u32::MAX);
        Piece { characters, at: self.text_at as u64, is_narrow: true }
    }
}

/// The text while it is read.
struct Text<'t> {
    stream: Stream<'t>,
    flow: Flow<'t>,
    header: &'t Header,
    /// The number of the next character.
    position: u64,
}

impl Text<'_> {
    /// Reads the pieces, part by part; `false` where something of them is missing.
    fn read(mut self, pieces: &[Piece], sink: &mut dyn Sink) -> bool {
        // Pieces do not share their bytes, so together they are no longer than the stream: a table that says otherwise lies.
        let mut left = self.stream.byte_count();
        let mut ends: Vec<u64> = Vec::new();
        for characters in &self.header.part_characters {
            ends.push(ends.last().unwrap_or(&0).saturating_add(u64::from(*characters)));
        }
        let mut is_whole = true;
        for piece in pieces {
            let mut piece = *piece;
            while piece.characters > 0 && left > 0 && is_whole {
                let to_end = ends.iter().find(|end| **end > self.position).map_or(u64::MAX, |end| end - self.position);
                let count = u64::from(piece.characters).min(to_end).min(CHUNK_BYTES / 2);
                let read = self.read_chunk(piece, count, sink).unwrap_or(0);
                is_whole = read == count;
                left = left.saturating_sub(if piece.is_narrow { count } else { count * 2 });
                self.position += count;
                piece.characters = piece.characters.saturating_sub(count as u32);
                piece.at = piece.at.saturating_add(if piece.is_narrow { count } else { count * 2 });
                if ends.contains(&self.position) {
                    self.flow.end_part(sink);
                }
            }
            is_whole &= piece.characters == 0;
        }
        self.flow.end_part(sink);
        is_whole
    }

    /// Reads characters of a piece; gives how many there were.
    fn read_chunk(&mut self, piece: Piece, count: u64, sink: &mut dyn Sink) -> io::Result<u64> {
        let width = if piece.is_narrow { 1 } else { 2 };
        let mut bytes = Vec::new();
        self.stream.seek(SeekFrom::Start(piece.at))?;
        let read = (&mut self.stream).take(count * width).read_to_end(&mut bytes);
        if bytes.is_empty() {
            read?;
        }
        let encoding: &'static Encoding = self.header.encoding;
        if !piece.is_narrow {
            for (unit, place) in super::numbers::all_u16(&bytes).zip((piece.at..).step_by(2)) {
                self.flow.unit(unit, place, sink);
            }
        } else if encoding == WINDOWS_1252 {
            let text = WINDOWS_1252.decode_without_bom_handling(&bytes).0;
            for (character, place) in text.chars().zip(piece.at..) {
                self.flow.character(character, place, sink);
            }
        } else {
            // Before Word 97 nothing is known of the paragraphs, so the place does not matter.
            for character in encoding.decode_without_bom_handling(&bytes).0.chars() {
                self.flow.character(character, piece.at, sink);
            }
        }
        Ok(bytes.len() as u64 / width)
    }
}
