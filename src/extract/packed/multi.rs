//! gzip as it is written in the field: several members one behind the other, and zeros behind the last.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// All members of a gzip file, as one content (RFC 1952, 2.2).
pub(super) struct MultiGzip<R> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> MultiGzip<R> {
    /// Nothing is read yet.
    pub(super) fn new(packed: R) -> Self {
        Self { member: Some(GzDecoder::new(packed)) }
    }

    /// Goes to the member behind the one that has ended, if there is one. Tapes and some programs fill up with zeros;
    /// anything else behind the last member is a broken file.
    fn go_on(mut packed: R) -> io::Result<Option<GzDecoder<R>>> {
        loop {
            let ahead = packed.fill_buf()?;
            match ahead {
                [] => return Ok(None),
                [0, ..] => {
                    let zeros = ahead.iter().take_while(|byte| **byte == 0).count();
                    packed.consume(zeros);
                }
                [0x1f, ..] => return Ok(Some(GzDecoder::new(packed))),
                _ => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
    }
}

impl<R: BufRead> Read for MultiGzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let packed = self.member.take().map(GzDecoder::into_inner);
            self.member = packed.map(Self::go_on).transpose()?.flatten();
        }
        Ok(0)
    }
}
