//! One file, compressed: gzip, bzip2, xz, lzma, lzip, zstd, LZ4 and compress. It has one member, which is decompressed while
//! it is read.

use std::{
    cell::Cell,
    io::{self, BufReader, Read},
};

use super::{
    lzw::LzwReader,
    members::Members,
    multi::MultiGzip,
    watched::{Taken, Watched},
};
use crate::{
    extract::{Job, Reading, Sink, bounded::BudgetReader},
    model::Reason,
    open::{Format, Limits, sniff},
};

/// Bytes that are taken of the source at once.
const CHUNK_BYTES: usize = 64 << 10;

/// Reads what is packed in a stream.
pub(super) fn read(
    job: &Job<'_>,
    format: Format,
    head: &[u8],
    reader: &mut dyn Read,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let name = member_name(job.name, format, head);
    let (taken, fault) = (Taken::default(), Cell::new(None));
    let mut source = Watched::new(reader, &taken);
    let mut members = Members::of(job, sink)?;
    {
        let packed = BufReader::with_capacity(CHUNK_BYTES, &mut source);
        let decoder = decoder(format, packed, job.limits).map_err(|error| taken.reason(&error))?;
        let unpacked = Unpacked { decoder, taken: &taken, fault: &fault };
        members.read(&name, &mut BudgetReader::of_stream(unpacked, job.budget, &taken.bytes));
    }
    if let Some(reason) = fault.get() {
        members.note(reason);
    }
    let reading = members.finish(format);
    if reading.partial.is_none() {
        // A member that nobody reads is not unpacked; the packed file is taken to its end all the same, for its hash.
        io::copy(&mut source, &mut io::sink()).map_err(|error| Reason::from(&error))?;
    }
    Ok(reading)
}

fn decoder<'d, R: io::BufRead + 'd>(format: Format, packed: R, limits: &Limits) -> io::Result<Box<dyn Read + 'd>> {
    let most_kib = u32::try_from(limits.decoder_bytes >> 10).unwrap_or(u32::MAX);
    Ok(match format {
        Format::Gzip => Box::new(MultiGzip::new(packed)),
        Format::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
        Format::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(packed, true, most_kib)),
        Format::Lzma => Box::new(lzma_rust2::LzmaReader::new_mem_limit(packed, most_kib, None)?),
        Format::Lzip => Box::new(lzma_rust2::LzipReader::new(packed)),
        Format::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
            decoder.window_log_max(limits.decoder_bytes.max(1).ilog2())?;
            Box::new(decoder)
        }
        Format::Lz4 => Box::new(lz4_flex::frame::FrameDecoder::new(packed)),
        Format::Compress => Box::new(LzwReader::new(packed)?),
        _ => return Err(io::ErrorKind::Unsupported.into()),
    })
}

/// The unpacked bytes.
struct Unpacked<'s> {
    decoder: Box<dyn Read + 's>,
    taken: &'s Taken,
    fault: &'s Cell<Option<Reason>>,
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.decoder.read(buffer).map_err(|error| {
            let error = self.taken.blame(&error);
            self.fault.set(self.fault.get().or(Some(Reason::from(&error))));
            error
        })
    }
}

/// What the member is called: as the stream says, else as the packed file without its ending.
fn member_name(packed_name: &str, format: Format, head: &[u8]) -> Vec<u8> {
    if let Some(name) = (format == Format::Gzip).then(|| gzip_name(head)).flatten() {
        return name.to_vec();
    }
    let name = packed_name.rsplit(['/', '\\']).next().unwrap_or(packed_name);
    let stem = name.rsplit_once('.').map_or("", |(stem, _)| stem);
    match (stem, sniff::extension(name).as_str()) {
        ("", _) => b"content".to_vec(),
        (_, "tgz" | "taz" | "tbz" | "tbz2" | "tb2" | "txz" | "tlz" | "tzst" | "tz") => [stem, ".tar"].concat().into(),
        (_, "svgz") => [stem, ".svg"].concat().into(),
        (_, "gz" | "z" | "bz2" | "bz" | "xz" | "lzma" | "lz" | "zst" | "zstd" | "lz4") => stem.into(),
        _ => name.into(),
    }
}

/// The name that the first header of gzip keeps (RFC 1952, 2.3).
fn gzip_name(head: &[u8]) -> Option<&[u8]> {
    const HAS_EXTRA: u8 = 1 << 2;
    const HAS_NAME: u8 = 1 << 3;
    let flags = *head.get(3).filter(|flags| **flags & HAS_NAME != 0)?;
    let mut at = 10;
    if flags & HAS_EXTRA != 0 {
        let length = head.get(at..at + 2)?.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        at += 2 + length;
    }
    let name = head.get(at..)?.split(|byte| *byte == 0).next()?;
    (!name.is_empty() && head.get(at + name.len()) == Some(&0)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_member_is_called_as_the_packed_file_without_its_ending() {
        for (packed, member) in [
            ("a/工艺.csv.gz", "工艺.csv"),
            ("backup.TGZ", "backup.tar"),
            ("core.xz", "core"),
            ("odd", "content"),
            ("odd.bin", "odd.bin"),
            ("", "content"),
        ] {
            assert_eq!(String::from_utf8_lossy(&member_name(packed, Format::Xz, b"")), member, "{packed}");
        }
    }

    #[test]
    fn the_name_of_a_gzip_header_is_found_behind_its_extra_field() {
        assert_eq!(gzip_name(b"\x1f\x8b\x08\x08....\0\x03a.csv\0rest"), Some(b"a.csv".as_slice()));
        assert_eq!(gzip_name(b"\x1f\x8b\x08\x0c....\0\x03\x02\0xxa.csv\0rest"), Some(b"a.csv".as_slice()));
        assert_eq!(gzip_name(b"\x1f\x8b\x08\x00....\0\x03a.csv\0rest"), None);
        assert_eq!(gzip_name(b"\x1f\x8b\x08\x08....\0\x03a.csv"), None);
    }
}
