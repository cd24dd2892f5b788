//! `compress` (.Z): Lempel–Ziv–Welch with codes of 9 to 16 bits, as the Unix program of that name writes them.
//!
//! No crate reads this one: those for LZW are for GIF and TIFF, whose codes grow at another place and are not padded. The
//! rules are those of compress 4.2: codes come in groups of eight, and where their width changes or the table is cleared,
//! the rest of a group is thrown away.

use std::io::{self, BufRead, Read};

const FIRST_BITS: u32 = 9;
const MOST_BITS: u32 = 16;
/// Empties the table, in streams that say that they use it.
const CLEAR: u16 = 256;
/// No code: the one before the first.
const NONE: u16 = u16::MAX;

/// Decompresses a `.Z` stream.
pub(super) struct LzwReader<R> {
    packed: R,
    max_bits: u32,
    is_block_mode: bool,
    /// For each code: the code of all but its last byte, and that byte.
    table: Vec<(u16, u8)>,
    bits: u32,
    /// Bits that were taken and not used, the oldest lowest.
    held: u64,
    held_bits: u32,
    /// Codes taken of the group of eight.
    in_group: u32,
    previous: u16,
    first_of_previous: u8,
    /// What was decoded and not handed out, last byte first.
    pending: Vec<u8>,
}

impl<R: BufRead> LzwReader<R> {
    /// Reads the three bytes at the beginning.
    pub(super) fn new(mut packed: R) -> io::Result<Self> {
        let mut header = [0; 3];
        packed.read_exact(&mut header)?;
        let max_bits = u32::from(header[2] & 0x1f);
        if !header.starts_with(b"\x1f\x9d") || !(FIRST_BITS..=MOST_BITS).contains(&max_bits) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut reader = Self {
            packed,
            max_bits,
            is_block_mode: header[2] & 0x80 != 0,
            table: (0..=u8::MAX).map(|byte| (NONE, byte)).collect(),
            bits: FIRST_BITS,
            held: 0,
            held_bits: 0,
            in_group: 0,
            previous: NONE,
            first_of_previous: 0,
            pending: Vec::new(),
        };
        reader.clear();
        Ok(reader)
    }

    fn clear(&mut self) {
        self.table.truncate(256);
        if self.is_block_mode {
            self.table.push((NONE, 0));
        }
        self.previous = NONE;
    }

    /// The next code; `None` at the end, where less than one is left.
    fn code(&mut self) -> io::Result<Option<u16>> {
        let wanted = self.bits;
        if self.table.len() > (1 << self.bits) - 1 && self.bits < self.max_bits {
            self.bits += 1;
        }
        if self.bits != wanted {
            self.end_group(wanted)?;
        }
        let code = self.take_bits(self.bits)?;
        self.in_group = (self.in_group + 1) % 8;
        Ok(code)
    }

    fn take_bits(&mut self, count: u32) -> io::Result<Option<u16>> {
        while self.held_bits < count {
            let mut byte = [0];
            if self.packed.read(&mut byte)? == 0 {
                return Ok(None);
            }
            self.held |= u64::from(byte[0]) << self.held_bits;
            self.held_bits += 8;
        }
        let code = self.held & ((1 << count) - 1);
        self.held >>= count;
        self.held_bits -= count;
        Ok(u16::try_from(code).ok())
    }

    /// Throws away what is left of a group of eight codes, each of so many bits.
    fn end_group(&mut self, bits: u32) -> io::Result<()> {
        while self.in_group != 0 {
            self.in_group = (self.in_group + 1) % 8;
            if self.take_bits(bits)?.is_none() {
                break;
            }
        }
        self.in_group = 0;
        Ok(())
    }

    /// Decodes until there is something to hand out; `false` at the end.
    fn fill(&mut self) -> io::Result<bool> {
        while self.pending.is_empty() {
            let Some(code) = self.code()? else { return Ok(false) };
            if code == CLEAR && self.is_block_mode {
                self.clear();
                let bits = self.bits;
                self.end_group(bits)?;
                self.bits = FIRST_BITS;
            } else {
                self.decode(code)?;
            }
        }
        Ok(true)
    }

    fn decode(&mut self, code: u16) -> io::Result<()> {
        let broken = || io::Error::from(io::ErrorKind::InvalidData);
        let mut at = code;
        if usize::from(code) >= self.table.len() {
            // A code that is only now entered stands for the previous one and its own first byte.
            if usize::from(code) > self.table.len() || self.previous == NONE {
                return Err(broken());
            }
            self.pending.push(self.first_of_previous);
            at = self.previous;
        }
        // Each step leads to a code that was entered before, so that it ends.
        while at != NONE {
            let (before, byte) = *self.table.get(usize::from(at)).ok_or_else(broken)?;
            self.pending.push(byte);
            at = before;
        }
        let first = self.pending.last().copied().unwrap_or_default();
        if self.previous != NONE && self.table.len() < 1 << self.max_bits {
            self.table.push((self.previous, first));
        }
        self.previous = code;
        self.first_of_previous = first;
        Ok(())
    }
}

impl<R: BufRead> Read for LzwReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut count = 0;
        while count < buffer.len() && (!self.pending.is_empty() || (count == 0 && self.fill()?)) {
            let Some(byte) = self.pending.pop() else { break };
            if let Some(place) = buffer.get_mut(count) {
                *place = byte;
            }
            count += 1;
        }
        Ok(count)
    }
}
