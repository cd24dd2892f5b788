//! The bytes of one stream, wherever in the file they lie.

use std::io::{self, Read, Seek, SeekFrom};

use super::super::super::Source;

/// Reads a stream back and forth.
pub(in super::super) struct Stream<'s> {
    source: &'s mut dyn Source,
    /// Where its sectors lie in the file, in their order.
    offsets: Vec<u64>,
    sector_bytes: u64,
    length: u64,
    /// Its length as it is declared.
    declared: u64,
    at: u64,
}

impl<'s> Stream<'s> {
    /// A stream of so many bytes, as far as its sectors and the file, which has `file_bytes`, reach.
    pub(super) fn new(
        source: &'s mut dyn Source,
        file_bytes: u64,
        offsets: Vec<u64>,
        sector_bytes: u64,
        declared: u64,
    ) -> Self {
        let in_file = |offset: &u64| file_bytes.saturating_sub(*offset).min(sector_bytes);
        let whole = offsets.iter().take_while(|offset| in_file(offset) == sector_bytes).count();
        let rest = offsets.get(whole).map_or(0, in_file);
        let length = declared.min(sector_bytes.saturating_mul(whole as u64).saturating_add(rest));
        Self { source, offsets, sector_bytes, length, declared, at: 0 }
    }

    /// Whether some of its bytes are missing.
    pub(super) fn is_cut(&self) -> bool {
        self.length < self.declared
    }

    /// Its bytes, as far as there are any: behind them reading fails where more are declared.
    pub(in super::super) fn byte_count(&self) -> u64 {
        self.length
    }

    /// Where the next byte lies, and how many bytes follow it without a gap, up to `most`.
    fn run(&self, most: u64) -> Option<(u64, u64)> {
        let first = (self.at / self.sector_bytes) as usize;
        let inside = self.at % self.sector_bytes;
        let start = self.offsets.get(first)?;
        let mut run = self.sector_bytes - inside;
        let wanted = most.min(self.length.saturating_sub(self.at));
        for offset in self.offsets.get(first + 1..).unwrap_or_default() {
            if run >= wanted || *offset != start.saturating_add(inside).saturating_add(run) {
                break;
            }
            run += self.sector_bytes;
        }
        Some((start.saturating_add(inside), run.min(wanted)))
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length {
            let is_missing = self.at < self.declared && !buffer.is_empty();
            return if is_missing { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(0) };
        }
        let Some((offset, run)) = self.run(buffer.len() as u64) else { return Ok(0) };
        self.source.seek(SeekFrom::Start(offset))?;
        let most = usize::try_from(run).unwrap_or(usize::MAX).min(buffer.len());
        let count = self.source.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.at = self.at.saturating_add(count as u64);
        Ok(count)
    }
}

impl Seek for Stream<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
