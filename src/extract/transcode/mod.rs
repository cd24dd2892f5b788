//! A stream of text in any encoding → the same text in UTF-8.

use std::io::{self, BufRead, Read};
use std::ops::Range;

use encoding_rs::{Decoder, Encoding, UTF_8};

use crate::open::encoding::{self, Guess};

mod legacy;
mod lines;
mod unicode;
use legacy::room_for;
use lines::Lines;

/// Bytes read at once: fits the second-level cache beside the detector's tables.
const CHUNK_BYTES: usize = 64 << 10;
/// What a chunk may become.
const DECODED_BYTES: usize = room_for(CHUNK_BYTES);
/// What a decoder may still give at the end of a text.
const HELD_BACK_BYTES: usize = room_for(0);
/// A byte below this is no part of a longer character in any encoding that ASCII is a part of: the second and fourth
/// bytes of GB18030 begin here, those of all others higher. There a text may be cut.
const FIRST_TRAIL_BYTE: u8 = 0x30;

/// Reads UTF-8 from bytes in an encoding that it finds out by itself.
///
/// A text that begins with ASCII stays undecided until its first other byte, be it gigabytes away. UTF-8 passes as it
/// is and where it is, without a copy, stray bytes included; everything else is decoded, with U+FFFD for what does not
/// decode. Encodings may change from line to line ([`encoding::Mixture`]). Whatever the reader below gives at once, chunks are
/// filled before they are looked at, so that the same bytes always end as the same text.
pub(super) struct Transcoder<R> {
    inner: R,
    declared: Option<&'static Encoding>,
    repairs_utf8: bool,
    state: State,
    raw: Vec<u8>,
    /// The part of `raw` that has not been looked at.
    pending: Range<usize>,
    is_at_end: bool,
    /// Reading failed; what had come is given out before the error is met again.
    is_broken: bool,
    decoded: Vec<u8>,
    ready: Ready,
}

/// What may be given out.
enum Ready {
    Raw(Range<usize>),
    Decoded(Range<usize>),
}

enum State {
    Start,
    Ascii,
    Lines(Box<Lines>),
    Decoding(Box<Decoder>, &'static Encoding),
    Utf32 { is_big_endian: bool },
    Finished(&'static str),
}

impl<R: Read> Transcoder<R> {
    /// Reads from `inner`; `declared` is what the text says of itself.
    pub(super) fn new(inner: R, declared: Option<&'static Encoding>) -> Self {
        Self {
            inner,
            declared,
            repairs_utf8: false,
            state: State::Start,
            raw: vec![0; CHUNK_BYTES],
            pending: 0..0,
            is_at_end: false,
            is_broken: false,
            decoded: Vec::new(),
            ready: Ready::Raw(0..0),
        }
    }

    /// Replaces stray bytes in UTF-8 as well, for a parser that refuses them.
    pub(super) fn repairing(self) -> Self {
        Self { repairs_utf8: true, ..self }
    }

    /// The id of the encoding of most lines, as far as it is known by now.
    pub(super) fn encoding(&self) -> &'static str {
        match &self.state {
            State::Start | State::Ascii => encoding::id(UTF_8),
            State::Lines(lines) => encoding::id(lines.mixture.base()),
            State::Decoding(_, encoding) => encoding::id(encoding),
            State::Utf32 { is_big_endian } => encoding::utf32_id(*is_big_endian),
            State::Finished(id) => id,
        }
    }

    fn ready(&self) -> &[u8] {
        match &self.ready {
            Ready::Raw(range) => self.raw.get(range.clone()),
            Ready::Decoded(range) => self.decoded.get(range.clone()),
        }
        .unwrap_or_default()
    }

    fn pending(&self) -> &[u8] {
        self.raw.get(self.pending.clone()).unwrap_or_default()
    }

    /// Gives out the next bytes as they are.
    fn give(&mut self, count: usize) {
        let end = self.pending.start + count;
        self.ready = Ready::Raw(self.pending.start..end);
        self.pending.start = end;
    }

    /// Whether reading on could bring more beside what is pending.
    fn may_fill(&self) -> bool {
        !self.is_at_end && !self.is_broken && self.pending.len() < CHUNK_BYTES
    }

    /// Moves what is pending to the front and reads until the chunk is full or the source ends.
    fn fill(&mut self) -> io::Result<()> {
        self.raw.copy_within(self.pending.clone(), 0);
        self.pending = 0..self.pending.len();
        while !self.is_at_end {
            let Some(room) = self.raw.get_mut(self.pending.end..).filter(|room| !room.is_empty()) else { break };
            match self.inner.read(room) {
                Ok(0) => self.is_at_end = true,
                Ok(count) => self.pending.end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) if !self.pending.is_empty() => {
                    self.is_broken = true;
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Makes something ready, or comes nearer to that; `false` at the end.
    fn advance(&mut self) -> io::Result<bool> {
        if self.pending.is_empty() {
            self.fill()?;
            if self.pending.is_empty() {
                return Ok(self.finish());
            }
        }
        match &self.state {
            State::Start => self.start(),
            State::Ascii => self.ascii()?,
            State::Lines(_) => self.lines()?,
            State::Decoding(..) => self.decode(),
            State::Utf32 { is_big_endian } => self.utf32(*is_big_endian),
            State::Finished(_) => return Ok(false),
        }
        Ok(true)
    }

    /// Gives out what a decoder still holds: a character that the text ends inside of.
    fn finish(&mut self) -> bool {
        let id = self.encoding();
        self.decoded.resize(self.decoded.len().max(HELD_BACK_BYTES), 0);
        let written = match &mut self.state {
            State::Lines(lines) => lines.decoder.finish(&mut self.decoded),
            State::Decoding(decoder, _) => decoder.decode_to_utf8(&[], &mut self.decoded, true).2,
            _ => return false,
        };
        self.ready = Ready::Decoded(0..written);
        self.state = State::Finished(id);
        written > 0
    }

    fn start(&mut self) {
        let plain = Encoding::ascii_valid_up_to(self.pending());
        let guess = encoding::guess(self.pending(), self.declared);
        let is_line_by_line = matches!(guess, Guess::Known(encoding) if encoding.is_ascii_compatible());
        // What is beyond ASCII comes so late that more can be seen of it.
        if guess == Guess::Ascii || is_line_by_line && plain > CHUNK_BYTES / 2 {
            self.state = State::Ascii;
        } else {
            self.decide(guess);
        }
    }

    fn ascii(&mut self) -> io::Result<()> {
        let text = self.pending();
        let plain = Encoding::ascii_valid_up_to(text);
        // With the line of the first other byte, which may be all that there is to tell by.
        let line_start = text.get(..plain).and_then(|ascii| memchr::memrchr(b'\n', ascii)).map_or(0, |at| at + 1);
        if plain == text.len() {
            self.give(plain);
        } else if line_start > 0 {
            self.give(line_start);
        } else if plain > CHUNK_BYTES / 2 {
            self.give(plain);
        } else {
            self.fill()?;
            let guess = encoding::guess(self.pending(), self.declared);
            self.decide(guess);
        }
        Ok(())
    }

    fn decide(&mut self, guess: Guess) {
        let sample = self.pending();
        let mark_bytes = encoding::mark_bytes(sample, guess);
        self.state = match guess {
            Guess::Known(encoding) if !encoding.is_ascii_compatible() => {
                State::Decoding(Box::new(encoding.new_decoder_without_bom_handling()), encoding)
            }
            Guess::Known(encoding) => State::Lines(Box::new(Lines::new(encoding, sample))),
            Guess::Utf32 { is_big_endian } => State::Utf32 { is_big_endian },
            // Zeros in a log: its name said that it is text.
            Guess::Binary | Guess::Ascii => State::Lines(Box::new(Lines::new(UTF_8, sample))),
        };
        self.pending.start += mark_bytes;
    }

    /// Takes whole lines; of a line longer than a chunk, as much as is there.
    fn lines(&mut self) -> io::Result<()> {
        let may_fill = self.may_fill();
        let State::Lines(lines) = &mut self.state else { return Ok(()) };
        if lines.inside.is_some() && may_fill {
            return self.fill();
        }
        let text = self.raw.get(self.pending.clone()).unwrap_or_default();
        let is_cut = |byte: &u8| *byte < FIRST_TRAIL_BYTE;
        if let Some(encoding) = lines.inside {
            let end = text.iter().position(is_cut).map(|at| at + 1);
            if end.is_some() {
                lines.inside = None;
            }
            self.take(encoding, end);
            return Ok(());
        }
        let line_end = memchr::memrchr(b'\n', text).map(|at| at + 1);
        if line_end.is_none() && may_fill {
            return self.fill();
        }
        let is_whole = self.is_at_end || self.is_broken;
        let end = line_end
            .or_else(|| is_whole.then_some(text.len()))
            .or_else(|| text.iter().rposition(is_cut).map(|at| at + 1));
        let region = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
        lines.ask_again(region, self.declared);
        let (encoding, length) = lines.mixture.stretch(region);
        match end {
            None => {
                lines.inside = Some(encoding);
                self.take(encoding, None);
            }
            Some(end) if length == end => self.take(encoding, Some(end)),
            Some(end) => self.take_mixed(end),
        }
        Ok(())
    }

    /// Takes a stretch in one encoding up to `end`; or, where that is not known, up to the last whole character.
    fn take(&mut self, encoding: &'static Encoding, end: Option<usize>) {
        let text = self.pending();
        let whole = if encoding == UTF_8 { text.len() - unicode::unfinished_utf8(text) } else { text.len() };
        let end = end.unwrap_or(if whole == 0 { text.len() } else { whole });
        let is_valid = || text.get(..end).is_some_and(|text| simdutf8::basic::from_utf8(text).is_ok());
        if encoding == UTF_8 && (!self.repairs_utf8 || is_valid()) {
            self.give(end);
        } else {
            self.begin_decoding();
            self.append(encoding, end);
        }
    }

    /// Takes lines in several encodings, up to `end`.
    fn take_mixed(&mut self, end: usize) {
        let State::Lines(lines) = &self.state else { return };
        let mixture = lines.mixture;
        let end = self.pending.start + end;
        self.begin_decoding();
        while let Some(text) = self.raw.get(self.pending.start..end).filter(|text| !text.is_empty()) {
            let (encoding, length) = mixture.stretch(text);
            self.append(encoding, length);
        }
    }

    fn begin_decoding(&mut self) {
        self.decoded.resize(DECODED_BYTES, 0);
        self.ready = Ready::Decoded(0..0);
    }

    /// Decodes the next `length` bytes behind what is ready.
    fn append(&mut self, encoding: &'static Encoding, length: usize) {
        let State::Lines(lines) = &mut self.state else { return };
        let text = self.raw.get(self.pending.start..self.pending.start + length).unwrap_or_default();
        let Ready::Decoded(ready) = &mut self.ready else { return };
        let room = self.decoded.get_mut(ready.end..).unwrap_or_default();
        ready.end += if encoding == UTF_8 {
            unicode::append_utf8(text, room, self.repairs_utf8)
        } else {
            lines.decoder.decode(text, room)
        };
        self.pending.start += length;
    }

    /// Decodes all that is pending.
    fn decode(&mut self) {
        let State::Decoding(decoder, _) = &mut self.state else { return };
        self.decoded.resize(DECODED_BYTES, 0);
        let source = self.raw.get(self.pending.clone()).unwrap_or_default();
        let (_, read, written, _) = decoder.decode_to_utf8(source, &mut self.decoded, false);
        self.ready = Ready::Decoded(0..written);
        self.pending.start += read;
    }

    /// A chunk is a multiple of four bytes, so what is left of one is the end.
    fn utf32(&mut self, is_big_endian: bool) {
        self.decoded.resize(DECODED_BYTES, 0);
        let source = self.raw.get(self.pending.clone()).unwrap_or_default();
        let written = unicode::decode_utf32(source, &mut self.decoded, is_big_endian);
        self.pending.start = self.pending.end;
        self.ready = Ready::Decoded(0..written);
    }
}

impl<R: Read> BufRead for Transcoder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.ready().is_empty() && self.advance()? {}
        Ok(self.ready())
    }

    fn consume(&mut self, count: usize) {
        match &mut self.ready {
            Ready::Raw(range) | Ready::Decoded(range) => range.start = range.end.min(range.start + count),
        }
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(buffer.len());
        if let (Some(target), Some(bytes)) = (buffer.get_mut(..count), ready.get(..count)) {
            target.copy_from_slice(bytes);
        }
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
