//! Runs of characters in bytes: of ASCII with UTF-8 or GBK, and of UTF-16.

use std::ops::Range;

/// Characters that follow each other.
pub(super) struct Run {
    /// Where they stand.
    pub(super) bytes: Range<usize>,
    /// How many are ASCII.
    pub(super) ascii: usize,
    /// How many are Chinese; in GBK only the common ones count.
    pub(super) han: usize,
    /// Whether the Chinese ones are pairs of bytes.
    pub(super) is_gbk: bool,
}

impl Run {
    fn at(start: usize) -> Self {
        Self { bytes: start..start, ascii: 0, han: 0, is_gbk: false }
    }
}

/// The runs of single bytes, UTF-8 and GBK.
pub(super) struct Narrow<'c> {
    content: &'c [u8],
    at: usize,
}

impl<'c> Narrow<'c> {
    pub(super) fn new(content: &'c [u8]) -> Self {
        Self { content, at: 0 }
    }
}

impl Iterator for Narrow<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        while self.content.get(self.at).is_some_and(|byte| !begins_character(*byte)) {
            self.at += 1;
        }
        self.content.get(self.at)?;
        let mut run = Run::at(self.at);
        let mut is_utf8 = false;
        while let Some(rest) = self.content.get(run.bytes.end..).filter(|rest| !rest.is_empty()) {
            let length = if is_printable(rest[0]) {
                run.ascii += 1;
                1
            } else if !run.is_gbk && is_han_of_utf8(rest) {
                run.han += 1;
                is_utf8 = true;
                3
            } else if let Some(is_common) = pair_of_gbk(rest).filter(|_| !is_utf8) {
                // Rare characters and signs say nothing, and end nothing.
                run.han += usize::from(is_common);
                run.is_gbk = true;
                2
            } else {
                break;
            };
            run.bytes.end += length;
        }
        // A byte that begins no character after all is passed over.
        self.at = run.bytes.end.max(run.bytes.start + 1);
        Some(run)
    }
}

fn begins_character(byte: u8) -> bool {
    is_printable(byte) || (0xa1..=0xf7).contains(&byte)
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t')
}

/// Chinese characters (U+4E00 to U+9FFF) and their signs (U+3000 to U+303F, U+FF00 to U+FFEF).
fn is_han_of_utf8(bytes: &[u8]) -> bool {
    let goes_on = |byte: u8| byte & 0xc0 == 0x80;
    match *bytes {
        [0xe4, 0xb8..=0xbf, third, ..] | [0xe3, 0x80, third, ..] | [0xef, 0xbc..=0xbf, third, ..] => goes_on(third),
        [0xe5..=0xe9, second, third, ..] => goes_on(second) && goes_on(third),
        _ => false,
    }
}

/// A pair of GB 2312 at the beginning of `bytes`, and whether it is a common Chinese character.
fn pair_of_gbk(bytes: &[u8]) -> Option<bool> {
    match *bytes {
        [0xb0..=0xd7, 0xa1..=0xfe, ..] => Some(true),
        [0xa1 | 0xa3 | 0xd8..=0xf7, 0xa1..=0xfe, ..] => Some(false),
        _ => None,
    }
}

/// Which byte of a unit of UTF-16 comes first.
#[derive(Clone, Copy)]
pub(super) enum Order {
    LowFirst,
    HighFirst,
}

impl Order {
    /// The unit that a pair of bytes makes.
    pub(super) fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Self::LowFirst => u16::from_le_bytes(pair),
            Self::HighFirst => u16::from_be_bytes(pair),
        }
    }
}

/// The runs of UTF-16 that begin on an even or an odd byte.
pub(super) struct Wide<'c> {
    content: &'c [u8],
    order: Order,
    at: usize,
}

impl<'c> Wide<'c> {
    pub(super) fn new(content: &'c [u8], order: Order, alignment: usize) -> Self {
        Self { content, order, at: alignment }
    }
}

impl Iterator for Wide<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let mut run = Run::at(self.at);
        while let Some([first, second]) = self.content.get(self.at..self.at + 2) {
            self.at += 2;
            let [low, high] = self.order.unit([*first, *second]).to_le_bytes();
            match (low, high) {
                (low, 0) if is_printable(low) => run.ascii += 1,
                (_, 0x4e..=0x9f) => run.han += 1,
                (_, 0x30 | 0xff) if run.han > 0 => {}
                _ if run.ascii + run.han > 0 => return Some(run),
                _ => {
                    run = Run::at(self.at);
                    continue;
                }
            }
            run.bytes.end = self.at;
        }
        (run.ascii + run.han > 0).then_some(run)
    }
}
