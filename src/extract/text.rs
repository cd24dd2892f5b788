//! Running text, whatever its lines are: streamed in chunks, so that a line of any length takes no memory.

use std::io::{BufRead, Read};

use super::{Reading, Sink, transcode::Transcoder};
use crate::model::{Fragment, Reason};

/// Reads text in any encoding.
pub(super) fn read(reader: &mut dyn Read, sink: &mut dyn Sink) -> Reading {
    let mut transcoder = Transcoder::new(reader, None);
    let partial = pour(&mut transcoder, sink);
    Reading { encoding: Some(transcoder.encoding()), partial, ..Reading::default() }
}

/// Hands on all that is left of a stream of UTF-8 as one running text, straight out of the reader's buffer. Gives the
/// reason when the stream broke off.
pub(super) fn pour(reader: &mut dyn BufRead, sink: &mut dyn Sink) -> Option<Reason> {
    let partial = loop {
        match reader.fill_buf() {
            Ok([]) => break None,
            Ok(piece) => {
                sink.fragment(Fragment::Text(piece));
                let length = piece.len();
                reader.consume(length);
            }
            Err(error) => break Some(Reason::from(&error)),
        }
    };
    sink.fragment(Fragment::Break);
    partial
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::super::recorder::read;

    #[test]
    fn gbk_and_utf16_text_arrive_as_utf8() {
        let sentence = "电话：见通讯录；设备编号：泵十二，轴承温度正常";
        for (bytes, encoding) in [
            (sentence.as_bytes().to_vec(), "utf-8"),
            (GB18030.encode(sentence).0.into_owned(), "gb18030"),
            (sentence.encode_utf16().flat_map(u16::to_le_bytes).collect(), "utf-16le"),
        ] {
            let (recorder, outcome) = read("notes.txt", &bytes);
            let extracted = outcome.unwrap();
            assert_eq!(recorder.shown(), format!("text {sentence}"));
            assert_eq!((extracted.encoding, extracted.bytes), (Some(encoding), bytes.len() as u64));
            assert_eq!(extracted.content_hash, Some(xxhash_rust::xxh3::xxh3_128(&bytes)));
        }
    }
}
