//! Streams, unpacked under the budget of the file. The parser unpacks without a bound, so what comes out is counted before.

use std::{cell::Cell, io::Read};

use flate2::read::ZlibDecoder;
use hayro_syntax::{
    Filter,
    object::{Object, Stream},
    page::Page,
};
use memchr::memmem;

use super::{super::super::Job, names};
use crate::model::Reason;

/// Most that deflate makes of a byte (zlib's technical notes: 1032 to 1).
const DEFLATE_RATIO: u64 = 1032;
/// The same of LZW: a code of nine bits stands for 4,096 bytes at the most.
const LZW_RATIO: u64 = 3641;
/// The same of run lengths: two bytes stand for 128.
const RUN_RATIO: u64 = 64;
/// Streams that cannot grow past this are not counted first.
const HARMLESS_BYTES: u64 = 16 << 20;
/// What a use of a drawing counts for. 65,536 of them may be in a small file before the ratio is asked.
const BYTES_PER_USE: u64 = 256;
/// How far behind its type the data of a stream begins at the latest; dictionaries are short.
const MOST_DICTIONARY_BYTES: usize = 4096;

/// Unpacks streams until the budget is spent.
pub(super) struct Decoder<'j> {
    job: &'j Job<'j>,
    missed: Cell<Option<Reason>>,
    is_spent: Cell<bool>,
}

impl<'j> Decoder<'j> {
    /// Nothing is unpacked yet.
    pub(super) fn new(job: &'j Job<'j>) -> Self {
        Self { job, missed: Cell::new(None), is_spent: Cell::new(false) }
    }

    /// Why something was not unpacked, if so.
    pub(super) fn missed(&self) -> Option<Reason> {
        self.missed.get()
    }

    /// Whether nothing more may be unpacked.
    pub(super) fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    /// Notes that something was left out.
    pub(super) fn miss(&self, reason: Reason) {
        self.missed.set(self.missed.get().or(Some(reason)));
    }

    /// The first so many of some things; that there are more is noted.
    pub(super) fn up_to<T>(&self, most: usize, things: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        things.into_iter().enumerate().map_while(move |(number, thing)| {
            if number >= most {
                self.miss(Reason::TooMany);
            }
            (number < most).then_some(thing)
        })
    }

    /// The content of a stream that is no picture; empty where it may not or cannot be unpacked, which is noted.
    pub(super) fn decode(&self, stream: &Stream<'_>) -> Vec<u8> {
        if self.is_spent() {
            return Vec::new();
        }
        let packed_bytes = stream.raw_data().len() as u64;
        let unpacked = self.unpack(stream).and_then(|unpacked| {
            self.job.budget.foresee(unpacked.len() as u64, packed_bytes)?;
            Ok(unpacked)
        });
        unpacked.unwrap_or_else(|reason| {
            self.is_spent.set(matches!(reason, Reason::Bomb | Reason::TooLarge));
            self.miss(reason);
            Vec::new()
        })
    }

    /// The content of a drawing in a drawing. Each use counts for some bytes, however short it is: ten that each draw ten others
    /// draw more than anybody waits for.
    pub(super) fn form(&self, stream: &Stream<'_>) -> Vec<u8> {
        if let Err(reason) = self.job.budget.foresee(BYTES_PER_USE, BYTES_PER_USE) {
            self.is_spent.set(true);
            self.miss(reason);
        }
        self.decode(stream)
    }

    /// The content of a stream whose bytes are counted elsewhere.
    pub(super) fn unpack(&self, stream: &Stream<'_>) -> Result<Vec<u8>, Reason> {
        let packed = stream.raw_data();
        if most_bytes(&stream.filters(), packed.len() as u64) > HARMLESS_BYTES {
            self.refuse_bomb(counted(&stream.filters(), &packed, self.job.limits.member_bytes), packed.len() as u64)?;
        }
        Ok(stream.decoded_data().map_err(|_| Reason::Corrupt)?.into_owned())
    }

    fn refuse_bomb(&self, unpacked_bytes: u64, packed_bytes: u64) -> Result<(), Reason> {
        let limits = self.job.limits;
        if unpacked_bytes > limits.ratio_floor_bytes && unpacked_bytes > packed_bytes.saturating_mul(limits.ratio) {
            Err(Reason::Bomb)
        } else if unpacked_bytes > limits.member_bytes {
            Err(Reason::TooLarge)
        } else {
            Ok(())
        }
    }

    /// The content of a page, all its streams one behind the other.
    pub(super) fn page(&self, page: &Page<'_>) -> Vec<u8> {
        let mut content = Vec::new();
        let array = match page.raw().get::<Object<'_>>("Contents") {
            Some(Object::Stream(stream)) => return self.decode(&stream),
            Some(Object::Array(array)) => array,
            _ => {
                // It has content, and that is not there.
                if page.raw().get_ref("Contents").is_some() {
                    self.miss(Reason::Corrupt);
                }
                return content;
            }
        };
        for stream in names::items(page.xref(), &array).filter_map(Object::into_stream) {
            content.extend(self.decode(&stream));
            if content.len() as u64 > self.job.limits.member_bytes {
                self.miss(Reason::TooLarge);
                break;
            }
            // Tokens end with their stream.
            content.push(b'\n');
        }
        content
    }
}

/// What a stream unpacks to: exactly for deflate alone, and at the most for chains of filters.
fn counted(filters: &[Filter], packed: &[u8], most: u64) -> u64 {
    match filters.split_first() {
        Some((Filter::FlateDecode, rest)) => most_bytes(rest, inflated_bytes(packed, most)),
        _ => most_bytes(filters, packed.len() as u64),
    }
}

/// The most that filters can make of some bytes.
fn most_bytes(filters: &[Filter], packed_bytes: u64) -> u64 {
    filters.iter().fold(packed_bytes, |bytes, filter| match filter {
        Filter::FlateDecode => bytes.saturating_mul(DEFLATE_RATIO),
        Filter::LzwDecode => bytes.saturating_mul(LZW_RATIO),
        Filter::RunLengthDecode => bytes.saturating_mul(RUN_RATIO),
        _ => bytes,
    })
}

/// What deflated bytes unpack to, counted up to a little more than `most`.
fn inflated_bytes(packed: &[u8], most: u64) -> u64 {
    let mut counted = 0u64;
    let mut inflating = ZlibDecoder::new(packed);
    let mut chunk = vec![0; 64 << 10];
    while let Ok(count @ 1..) = inflating.read(&mut chunk) {
        counted += count as u64;
        if counted > most {
            break;
        }
    }
    counted
}

/// Objects and cross-references may themselves lie in packed streams, which the parser unpacks on opening. These are found by
/// their type and counted; in an encrypted file they cannot be, and the guarded child's memory is the limit.
pub(super) fn refuse_bombs(job: &Job<'_>, content: &[u8]) -> Result<(), Reason> {
    for kind in [b"/ObjStm".as_slice(), b"/XRef"] {
        for at in memmem::find_iter(content, kind) {
            let behind = content.get(at..).unwrap_or_default();
            let near = behind.get(..MOST_DICTIONARY_BYTES).unwrap_or(behind);
            let Some(data) = memmem::find(near, b"stream") else { continue };
            let packed = behind.get(data + b"stream".len()..).unwrap_or_default();
            let packed = packed.strip_prefix(b"\r").unwrap_or(packed);
            let packed = packed.strip_prefix(b"\n").unwrap_or(packed);
            let unpacked_bytes = inflated_bytes(packed, job.limits.member_bytes);
            job.budget.foresee(unpacked_bytes, content.len() as u64)?;
            if unpacked_bytes > job.limits.member_bytes {
                return Err(Reason::TooLarge);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::ZlibEncoder};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_deflate_unpacks_to_is_counted_exactly_and_never_past_its_most(
            byte in any::<u8>(),
            length in 0usize..200_000,
        ) {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&vec![byte; length]).unwrap();
            let packed = encoder.finish().unwrap();
            prop_assert_eq!(inflated_bytes(&packed, u64::MAX), length as u64);
            prop_assert!(most_bytes(&[Filter::FlateDecode], packed.len() as u64) >= length as u64);
        }
    }
}
