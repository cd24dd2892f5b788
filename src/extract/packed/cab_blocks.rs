//! The blocks of one folder of a cabinet, unpacked one after the other.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::{Decompress, FlushDecompress, Status};
use lzxd::{Lzxd, WindowSize};

/// What a block unpacks to at most.
const MOST_BLOCK_BYTES: usize = 32 << 10;

/// How a folder is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// Not at all.
    Stored,
    /// Deflate, each block with the one before as its dictionary.
    MsZip,
    /// LZX with a window of so many bits.
    Lzx(u64),
    /// Quantum, or nothing that is known.
    Other,
}

impl Packing {
    /// Reads the field of a folder.
    pub(super) fn of(field: u64) -> Self {
        match field & 0xf {
            0 => Self::Stored,
            1 => Self::MsZip,
            3 => Self::Lzx(field >> 8 & 0x1f),
            _ => Self::Other,
        }
    }
}

enum Decoder {
    Stored,
    MsZip { inflate: Box<Decompress>, before: Vec<u8> },
    Lzx(Box<Lzxd>),
    None,
}

/// What a folder unpacks to.
pub(super) struct Blocks<R> {
    source: R,
    next_at: u64,
    left: u64,
    reserve: u64,
    decoder: Decoder,
    block: Vec<u8>,
    handed_out: usize,
    is_broken: bool,
}

impl<R: Read + Seek> Blocks<R> {
    /// The blocks from `start` on, each with `reserve` bytes behind its head.
    pub(super) fn new(source: R, start: u64, count: u64, reserve: u64, packing: Packing) -> Self {
        let decoder = match packing {
            Packing::Stored => Decoder::Stored,
            Packing::MsZip => Decoder::MsZip { inflate: Box::new(Decompress::new(false)), before: Vec::new() },
            Packing::Lzx(bits) => window(bits).map_or(Decoder::None, |it| Decoder::Lzx(Box::new(Lzxd::new(it)))),
            Packing::Other => Decoder::None,
        };
        let block = Vec::new();
        Self { source, next_at: start, left: count, reserve, decoder, block, handed_out: 0, is_broken: false }
    }

    /// Whether a block could not be unpacked.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    fn next_block(&mut self) -> io::Result<()> {
        self.source.seek(SeekFrom::Start(self.next_at))?;
        let mut head = [0; 8];
        self.source.read_exact(&mut head)?;
        let [sum @ .., p0, p1, u0, u1] = head;
        let (packed_bytes, unpacked_bytes) = (u16::from_le_bytes([p0, p1]), u16::from_le_bytes([u0, u1]));
        let packed_at = self.next_at + 8;
        let mut packed = vec![0; usize::try_from(self.reserve).unwrap_or(0) + usize::from(packed_bytes)];
        self.source.read_exact(&mut packed)?;
        self.next_at = packed_at + packed.len() as u64;
        // Zero: none was computed.
        let sum = u32::from_le_bytes(sum);
        if sum != 0 && checksum(&[p0, p1, u0, u1], checksum(&packed, 0)) != sum {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let packed = packed.get(usize::try_from(self.reserve).unwrap_or(0)..).unwrap_or_default();
        self.block = self.decoder.unpack(packed, usize::from(unpacked_bytes))?;
        self.handed_out = 0;
        Ok(())
    }
}

impl Decoder {
    fn unpack(&mut self, packed: &[u8], unpacked_bytes: usize) -> io::Result<Vec<u8>> {
        let broken = || io::Error::from(io::ErrorKind::InvalidData);
        if unpacked_bytes > MOST_BLOCK_BYTES {
            return Err(broken());
        }
        match self {
            Self::Stored => Ok(packed.to_vec()),
            Self::MsZip { inflate, before } => {
                let packed = packed.strip_prefix(b"CK").ok_or_else(broken)?;
                inflate.reset(false);
                if !before.is_empty() {
                    inflate.set_dictionary(before).map_err(|_| broken())?;
                }
                let mut block = Vec::with_capacity(unpacked_bytes);
                let status =
                    inflate.decompress_vec(packed, &mut block, FlushDecompress::Finish).map_err(|_| broken())?;
                if block.len() != unpacked_bytes || status == Status::BufError {
                    return Err(broken());
                }
                before.extend_from_slice(&block);
                before.drain(..before.len().saturating_sub(MOST_BLOCK_BYTES));
                Ok(block)
            }
            Self::Lzx(lzx) => lzx.decompress_next(packed, unpacked_bytes).map(<[u8]>::to_vec).map_err(|_| broken()),
            Self::None => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

impl<R: Read + Seek> Read for Blocks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.handed_out == self.block.len() {
            if self.is_broken {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if self.left == 0 || buffer.is_empty() {
                return Ok(0);
            }
            self.left -= 1;
            if let Err(error) = self.next_block() {
                self.is_broken = error.kind() != io::ErrorKind::Unsupported;
                self.left = if self.is_broken { self.left } else { self.left + 1 };
                return Err(error);
            }
        }
        let ready = self.block.get(self.handed_out..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        buffer.iter_mut().zip(ready).for_each(|(to, from)| *to = *from);
        self.handed_out += count;
        Ok(count)
    }
}

fn window(bits: u64) -> Option<WindowSize> {
    Some(match bits {
        15 => WindowSize::KB32,
        16 => WindowSize::KB64,
        17 => WindowSize::KB128,
        18 => WindowSize::KB256,
        19 => WindowSize::KB512,
        20 => WindowSize::MB1,
        21 => WindowSize::MB2,
        _ => return None,
    })
}

/// The sum of [MS-CAB], 3.1: words of four bytes, those at the end that fill none the other way round.
fn checksum(bytes: &[u8], seed: u32) -> u32 {
    let words = bytes.chunks(4).map(|word| match *word {
        [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
        ref rest => rest.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)),
    });
    words.fold(seed, |sum, word| sum ^ word)
}
