//! A stream of text in any encoding → the same text in UTF-8.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, UTF_8};

use crate::open::encoding::{self, Guess};

const CHUNK_BYTES: usize = 64 << 10;

/// Reads UTF-8 from bytes in an encoding that it finds out by itself.
///
/// A text that begins with ASCII stays undecided until its first other byte, be it gigabytes away. UTF-8 passes as it
/// is, stray bytes included; everything else is decoded, with U+FFFD for what does not decode.
pub(super) struct Transcoder<R> {
    inner: R,
    declared: Option<&'static Encoding>,
    repairs_utf8: bool,
    state: State,
    raw: Vec<u8>,
    /// The part of `raw` that has not been given out or decoded.
    pending: std::ops::Range<usize>,
    is_at_end: bool,
    decoded: Vec<u8>,
    decoded_given: usize,
}

enum State {
    Start,
    Ascii,
    Utf8,
    Decoding(Box<Decoder>, &'static Encoding),
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
            decoded: Vec::new(),
            decoded_given: 0,
        }
    }

    /// Replaces stray bytes in UTF-8 as well, for a parser that refuses them.
    pub(super) fn repairing(self) -> Self {
        Self { repairs_utf8: true, ..self }
    }

    /// The id of the encoding found so far.
    pub(super) fn encoding(&self) -> &'static str {
        match self.state {
            State::Decoding(_, encoding) => encoding::id(encoding),
            _ => encoding::id(UTF_8),
        }
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
                // What came before the error is still given out; the next call meets it again.
                Err(_) if !self.pending.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn decide(&mut self) {
        let sample = self.raw.get(self.pending.clone()).unwrap_or_default();
        let mark_bytes = Encoding::for_bom(sample).map_or(0, |(_, length)| length);
        self.state = match encoding::guess(sample, self.declared) {
            Guess::Ascii => State::Ascii,
            Guess::Known(encoding) if encoding != UTF_8 || self.repairs_utf8 => {
                State::Decoding(Box::new(encoding.new_decoder_without_bom_handling()), encoding)
            }
            // Zeros in a log: its name said that it is text.
            Guess::Binary if self.repairs_utf8 => {
                State::Decoding(Box::new(UTF_8.new_decoder_without_bom_handling()), UTF_8)
            }
            Guess::Binary | Guess::Known(_) => State::Utf8,
        };
        self.pending.start += mark_bytes;
    }

    /// Gives out the pending bytes as they are, at most `most` of them.
    fn give(&mut self, buffer: &mut [u8], most: usize) -> usize {
        let count = self.pending.len().min(buffer.len()).min(most);
        let bytes = self.raw.get(self.pending.start..self.pending.start + count).unwrap_or_default();
        if let Some(target) = buffer.get_mut(..count) {
            target.copy_from_slice(bytes);
        }
        self.pending.start += count;
        count
    }

    /// Decodes all that is pending.
    fn decode(&mut self) {
        let State::Decoding(decoder, _) = &mut self.state else { return };
        let source = self.raw.get(self.pending.clone()).unwrap_or_default();
        // Three bytes of UTF-8 for each byte is the most that any encoding needs, and a few for what was cut.
        self.decoded.resize(source.len().saturating_mul(3).saturating_add(16), 0);
        let (_, read, written, _) = decoder.decode_to_utf8(source, &mut self.decoded, self.is_at_end);
        self.decoded.truncate(written);
        self.decoded_given = 0;
        self.pending.start += read;
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let ready = self.decoded.get(self.decoded_given..).unwrap_or_default();
            if !ready.is_empty() {
                let count = ready.len().min(buffer.len());
                if let (Some(target), Some(bytes)) = (buffer.get_mut(..count), ready.get(..count)) {
                    target.copy_from_slice(bytes);
                }
                self.decoded_given += count;
                return Ok(count);
            }
            if self.pending.is_empty() {
                self.fill()?;
                if self.pending.is_empty() {
                    return Ok(0);
                }
            }
            match &self.state {
                State::Start => self.decide(),
                State::Utf8 => return Ok(self.give(buffer, usize::MAX)),
                State::Ascii => {
                    let ascii = self.raw.get(self.pending.clone()).unwrap_or_default();
                    let plain = ascii.iter().position(|byte| !byte.is_ascii()).unwrap_or(ascii.len());
                    if plain > 0 {
                        return Ok(self.give(buffer, plain));
                    }
                    self.fill()?;
                    self.decide();
                }
                State::Decoding(..) => self.decode(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::*;

    /// A reader that gives `step` bytes at a time.
    struct Dripping<'a>(&'a [u8], usize);

    impl Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(self.1).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn transcode(bytes: &[u8], step: usize) -> (String, &'static str) {
        let mut transcoder = Transcoder::new(Dripping(bytes, step), None);
        let mut text = Vec::new();
        transcoder.read_to_end(&mut text).unwrap();
        (String::from_utf8_lossy(&text).into_owned(), transcoder.encoding())
    }

    #[test]
    fn an_ascii_log_that_turns_to_gbk_after_a_megabyte_is_decoded() {
        let mut bytes = b"2026-11-20 08:00:00 pump started, pressure nominal\n".repeat(20_000);
        bytes.extend(&*GB18030.encode("轴承温度超过上限，停机检修").0);
        let (text, encoding) = transcode(&bytes, 4096);
        assert!(text.ends_with("停机检修"), "{}", &text[text.len() - 40..]);
        assert_eq!(encoding, "gb18030");
    }

    #[test]
    fn the_size_of_the_steps_does_not_matter() {
        let texts: [Vec<u8>; 5] = [
            "plain ASCII, then 编号".repeat(9).into_bytes(),
            format!("\u{feff}{}", "设备编号：泵十二；轴承温度正常".repeat(40)).into_bytes(),
            GB18030.encode(&"设备编号：泵十二；轴承温度正常𠮷".repeat(40)).0.into_owned(),
            [0xff, 0xfe].into_iter().chain("编号 P-12\n".encode_utf16().flat_map(u16::to_le_bytes)).collect(),
            "编号 P-12 巡检记录\r\n".encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ];
        for bytes in &texts {
            let whole = transcode(bytes, usize::MAX);
            assert!(whole.0.contains("编号") && !whole.0.contains(['\u{fffd}', '\u{feff}']), "{whole:?}");
            for step in [1, 2, 3, 7, 4096] {
                assert_eq!(transcode(bytes, step), whole, "{step}");
            }
        }
    }
}
