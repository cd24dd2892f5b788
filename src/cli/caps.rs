//! `[limits]` of `mulu.toml`: caps that a person sets otherwise.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, Visitor};

use crate::open::Limits;

use super::complaint::Complaint;

/// The least memory of a reader: the program and its rules take about 50 MiB of it before any file is opened.
const LEAST_READER_BYTES: u64 = 128 << 20;

/// The caps that can be set; what is not set stays as it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CapsEntry {
    /// Of one reader of complex files.
    memory: Option<Size>,
    /// Processor time of one file.
    seconds: Option<u64>,
    /// Of all members of a container together.
    decompressed: Option<Size>,
    /// Of a member that must be held whole.
    member: Option<Size>,
    /// Of a workbook that must be held whole.
    workbook: Option<Size>,
    /// Of one stream of a compound file that must be held whole.
    stream: Option<Size>,
    /// Of one record.
    record: Option<Size>,
    /// Uncompressed to compressed bytes.
    ratio: Option<u64>,
    members: Option<u64>,
    depth: Option<u32>,
    /// Of the directory of a compound file.
    entries: Option<usize>,
    cells: Option<u64>,
    columns: Option<usize>,
    /// Of one document of a fixed layout.
    pages: Option<u64>,
    /// Of a PDF, which is held whole.
    pdf: Option<Size>,
    /// Of each place of a file of unknown format that is looked over.
    strings: Option<Size>,
    /// Memory of one decoder of a packed file.
    decoder: Option<Size>,
}

impl CapsEntry {
    /// Caps with which something could be read at all.
    pub(crate) fn check(&self, shown: &str) -> Result<(), Complaint> {
        if self.memory.is_some_and(|Size(bytes)| bytes < LEAST_READER_BYTES) {
            return Err(Complaint::new(
                format!("{shown}：limits.memory 至少为 128MB；请更正"),
                format!("{shown}: limits.memory is at least 128MB; correct it"),
            ));
        }
        let whole = [self.member, self.workbook, self.stream, self.record, self.pdf];
        let sizes = whole.into_iter().chain([self.decompressed, self.strings, self.decoder]);
        let sizes = sizes.map(|size| size.map(|Size(it)| it));
        let widths = [self.entries, self.columns].map(|count| count.map(|it| it as u64));
        let counts = [self.seconds, self.ratio, self.members, self.cells, self.pages];
        if sizes.chain(counts).chain(widths).flatten().any(|cap| cap == 0) {
            return Err(Complaint::new(
                format!("{shown}：[limits] 的上限不能为 0；不需要时删去该行"),
                format!("{shown}: no cap of [limits] is 0; leave its line out instead"),
            ));
        }
        Ok(())
    }

    /// All caps, with those that were set.
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        let size = |cap: &mut u64, set: Option<Size>| {
            if let Some(Size(bytes)) = set {
                *cap = bytes;
            }
        };
        size(&mut limits.reader_bytes, self.memory);
        size(&mut limits.decompressed_bytes, self.decompressed);
        size(&mut limits.member_bytes, self.member);
        size(&mut limits.workbook_bytes, self.workbook);
        size(&mut limits.stream_bytes, self.stream);
        size(&mut limits.pdf_bytes, self.pdf);
        size(&mut limits.strings_bytes, self.strings);
        size(&mut limits.decoder_bytes, self.decoder);
        limits.record_bytes =
            self.record.map_or(limits.record_bytes, |Size(it)| usize::try_from(it).unwrap_or(usize::MAX));
        limits.cpu_seconds = self.seconds.unwrap_or(limits.cpu_seconds);
        limits.ratio = self.ratio.unwrap_or(limits.ratio);
        limits.members = self.members.unwrap_or(limits.members);
        limits.depth = self.depth.unwrap_or(limits.depth);
        limits.directory_entries = self.entries.unwrap_or(limits.directory_entries);
        limits.cells = self.cells.unwrap_or(limits.cells);
        limits.columns = self.columns.unwrap_or(limits.columns);
        limits.pages = self.pages.unwrap_or(limits.pages);
        limits
    }
}

/// A number of bytes, written as a number or with a unit: `"512MB"`, `"4 GiB"`. Units are powers of 1,024, as file managers
/// count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size(u64);

impl Size {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.len() - text.trim_start_matches(|it: char| it.is_ascii_digit()).len();
        let (number, unit) = text.split_at(digits);
        let factor = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "k" | "kb" | "kib" => 1 << 10,
            "m" | "mb" | "mib" => 1 << 20,
            "g" | "gb" | "gib" => 1 << 30,
            "t" | "tb" | "tib" => 1 << 40,
            _ => return None,
        };
        number.parse::<u64>().ok()?.checked_mul(factor).map(Self)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Sized;
        impl Visitor<'_> for Sized {
            type Value = Size;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a size")
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Size, E> {
                u64::try_from(number).map(Size).map_err(|_| E::custom("invalid value: expected a size"))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Size, E> {
                Size::parse(text).ok_or_else(|| E::custom("invalid value: expected a size"))
            }
        }
        deserializer.deserialize_any(Sized).map_err(|_| D::Error::custom("invalid value: expected a size"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_number_with_or_without_a_unit() {
        for (text, bytes) in
            [("7", 7), ("512MB", 512 << 20), ("4 GiB", 4 << 30), (" 1k ", 1024), ("2tb", 2 << 40), ("0", 0)]
        {
            assert_eq!(Size::parse(text), Some(Size(bytes)), "{text}");
        }
        for text in ["", "MB", "-1", "1.5GB", "7 apples", "99999999999TB"] {
            assert_eq!(Size::parse(text), None, "{text}");
        }
    }

    fn entry(keys: &str) -> CapsEntry {
        toml::from_str(keys).unwrap()
    }

    #[test]
    fn what_is_set_is_kept_and_the_rest_stays() {
        assert_eq!(CapsEntry::default().limits(), Limits::default());
        let set = entry("memory = \"1GB\"\nmembers = 7\ndecompressed = 5\nseconds = 9\nrecord = \"2MB\"").limits();
        let expected = Limits {
            reader_bytes: 1 << 30,
            members: 7,
            decompressed_bytes: 5,
            cpu_seconds: 9,
            record_bytes: 2 << 20,
            ..Limits::default()
        };
        assert_eq!(set, expected);
        assert_ne!(set.version(), Limits::default().version(), "results depend on it");
    }

    #[test]
    fn caps_of_pages_pdf_strings_and_decoders_can_be_set() {
        let set = entry("pages = 7\npdf = \"3MB\"\nstrings = \"2MB\"\ndecoder = \"1GB\"").limits();
        let expected = Limits {
            pages: 7,
            pdf_bytes: 3 << 20,
            strings_bytes: 2 << 20,
            decoder_bytes: 1 << 30,
            ..Limits::default()
        };
        assert_eq!(set, expected);
    }

    #[test]
    fn caps_under_which_nothing_could_be_read_are_refused() {
        for keys in [
            "memory = \"1MB\"",
            "members = 0",
            "decompressed = \"0GB\"",
            "seconds = 0",
            "columns = 0",
            "pages = 0",
            "pdf = 0",
            "strings = 0",
            "decoder = 0",
        ] {
            assert!(entry(keys).check("mulu.toml").is_err(), "{keys}");
        }
        assert!(entry("memory = \"128MB\"\ndepth = 0").check("mulu.toml").is_ok());
    }
}
