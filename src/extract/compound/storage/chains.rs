//! Which sector follows which: the allocation tables of a compound file (MS-CFB, 2.3 to 2.5).

use std::io::{Read, SeekFrom};

use super::super::{
    super::Source,
    numbers::{all_u32, u16_at, u32_at},
};
use crate::model::Reason;

/// Sector numbers from here on mean something else: free, end of a chain, part of a table.
const LAST_SECTOR: u32 = 0xffff_fffa;
/// Bytes of the header that are used; the rest of its sector is padding.
const HEADER_BYTES: usize = 512;
/// Where the header lists the first sectors of the allocation table.
const FIRST_LISTED: usize = 76;
/// Bytes of a sector of the stream of small streams.
pub(super) const SMALL_SECTOR_BYTES: u64 = 64;

/// What the header says, as far as it is needed.
#[derive(Clone, Copy)]
pub(super) struct Header {
    /// 512 or 4,096.
    pub(super) sector_bytes: u64,
    /// The first sector of the directory.
    pub(super) directory: u32,
    /// Streams below this size are kept in small sectors.
    pub(super) cutoff_bytes: u64,
    first_small_table: u32,
    first_more_listed: u32,
}

/// The tables.
pub(super) struct Chains {
    pub(super) header: Header,
    /// Bytes of the file.
    pub(super) file_bytes: u64,
    /// Sectors that the file is long enough for.
    sector_count: u32,
    next: Vec<u32>,
    next_small: Vec<u32>,
    /// A sector of a table could not be read, or lies past the end.
    pub(super) is_damaged: bool,
}

impl Chains {
    /// Reads header and tables. No table is longer than the file has sectors, whatever it declares.
    pub(super) fn read(source: &mut dyn Source) -> Result<Self, Reason> {
        let length = source.seek(SeekFrom::End(0)).map_err(|error| Reason::from(&error))?;
        let mut head = Vec::new();
        read_at(source, 0, HEADER_BYTES, &mut head)?;
        let header = Header::parse(&head).ok_or(Reason::Corrupt)?;
        let sectors = length.saturating_sub(header.sector_bytes).div_ceil(header.sector_bytes);
        let sector_count = u32::try_from(sectors).unwrap_or(LAST_SECTOR).min(LAST_SECTOR);
        let mut chains = Self {
            header,
            file_bytes: length,
            sector_count,
            next: Vec::new(),
            next_small: Vec::new(),
            is_damaged: sector_count == 0,
        };
        chains.read_table(&head, source)?;
        for sector in chains.chain(header.first_small_table, u64::from(sector_count)) {
            let mut bytes = Vec::new();
            chains.is_damaged |= !chains.read_sector(sector, source, &mut bytes)?;
            chains.next_small.extend(all_u32(&bytes));
        }
        Ok(chains)
    }

    fn read_table(&mut self, head: &[u8], source: &mut dyn Source) -> Result<(), Reason> {
        let sector_bytes = self.header.sector_bytes as usize;
        let mut listed = all_u32(head.get(FIRST_LISTED..).unwrap_or_default()).collect::<Vec<_>>();
        let mut more = self.header.first_more_listed;
        // A sector lists 127 sectors of the table (1,023 of the large ones), each of which speaks of 128 (1,024).
        let entries = (sector_bytes / 4) as u32;
        let most_lists = self.sector_count / (entries * (entries - 1)) + 1;
        let mut bytes = Vec::new();
        for _ in 0..most_lists {
            if more >= self.sector_count {
                break;
            }
            self.is_damaged |= !self.read_sector(more, source, &mut bytes)?;
            listed.extend(all_u32(bytes.get(..sector_bytes - 4).unwrap_or(&bytes)));
            more = u32_at(&bytes, sector_bytes - 4).unwrap_or(LAST_SECTOR);
        }
        for sector in listed.into_iter().filter(|sector| *sector < LAST_SECTOR) {
            if self.next.len() >= self.sector_count as usize {
                break;
            }
            self.is_damaged |= !self.read_sector(sector, source, &mut bytes)?;
            // What is missing keeps its place: the sectors after it have theirs.
            bytes.resize(sector_bytes, 0xff);
            self.next.extend(all_u32(&bytes));
        }
        Ok(())
    }

    /// Reads one sector; `false` where the file ends before it does.
    fn read_sector(&self, sector: u32, source: &mut dyn Source, bytes: &mut Vec<u8>) -> Result<bool, Reason> {
        bytes.clear();
        if sector >= self.sector_count {
            return Ok(false);
        }
        read_at(source, self.offset(sector), self.header.sector_bytes as usize, bytes)?;
        Ok(bytes.len() as u64 == self.header.sector_bytes)
    }

    /// Where a sector lies in the file. The header takes the place of one.
    pub(super) fn offset(&self, sector: u32) -> u64 {
        u64::from(sector).saturating_add(1).saturating_mul(self.header.sector_bytes)
    }

    /// The sectors of a chain, at most so many, and no more than the file has: a loop ends there.
    pub(super) fn chain(&self, first: u32, most: u64) -> Vec<u32> {
        let is_sector = |sector: &u32| *sector < self.sector_count;
        let next = |sector: &u32| self.next.get(*sector as usize).copied().filter(is_sector);
        let most = usize::try_from(most.min(u64::from(self.sector_count))).unwrap_or(usize::MAX);
        std::iter::successors(Some(first).filter(is_sector), next).take(most).collect()
    }

    /// The small sectors of a chain, likewise.
    pub(super) fn small_chain(&self, first: u32, most: u64) -> Vec<u32> {
        let is_sector = |sector: &u32| (*sector as usize) < self.next_small.len();
        let next = |sector: &u32| self.next_small.get(*sector as usize).copied().filter(is_sector);
        let most = usize::try_from(most).unwrap_or(usize::MAX).min(self.next_small.len());
        std::iter::successors(Some(first).filter(is_sector), next).take(most).collect()
    }
}

impl Header {
    fn parse(head: &[u8]) -> Option<Self> {
        // Offset 30: the sector size as a power of two, 9 or 12. Some writers leave it out.
        let sector_bytes = if u16_at(head, 30)? == 12 { 4096 } else { 512 };
        Some(Self {
            sector_bytes,
            directory: u32_at(head, 48)?,
            cutoff_bytes: u64::from(u32_at(head, 56)?),
            first_small_table: u32_at(head, 60)?,
            first_more_listed: u32_at(head, 68)?,
        })
    }
}

/// Reads up to `most` bytes at a place; fewer where the file ends.
pub(super) fn read_at(source: &mut dyn Source, at: u64, most: usize, bytes: &mut Vec<u8>) -> Result<(), Reason> {
    let mut read = || {
        source.seek(SeekFrom::Start(at))?;
        (&mut *source).take(most as u64).read_to_end(bytes)
    };
    read().map(|_| ()).map_err(|error| Reason::from(&error))
}
