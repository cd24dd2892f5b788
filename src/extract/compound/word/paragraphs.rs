//! How the paragraphs of a document look, as far as it says what they are: headings, cells, ends of rows.

use std::io::{Read, Seek, SeekFrom};

use super::super::{
    numbers::{all_u32, u16_at, u32_at},
    storage::Stream,
};

/// Pages of paragraph formats have this size and lie at multiples of it.
const PAGE_BYTES: usize = 512;
/// Bytes that a page keeps for each paragraph beside its position: where its format is, and its height.
const ENTRY_BYTES: usize = 13;

/// Formats of a paragraph by number (MS-DOC, 2.6.2).
const IN_TABLE: u16 = 0x2416;
const ROW_END: u16 = 0x2417;
const OUTLINE_LEVEL: u16 = 0x2640;
/// The definition of a table, whose length takes two bytes.
const TABLE_DEFINITION: u16 = 0xd608;

/// What a paragraph is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub(super) is_heading: bool,
    pub(super) is_in_table: bool,
    pub(super) is_row_end: bool,
}

/// The paragraphs by where they lie in the stream `WordDocument`.
#[derive(Default)]
pub(super) struct Paragraphs {
    /// Begin, end, and what it is; sorted.
    runs: Vec<(u32, u32, Paragraph)>,
}

impl Paragraphs {
    /// Reads the pages that `listing` names (MS-DOC, 2.8.5 `PlcBtePapx`): no more than the stream has.
    pub(super) fn read(listing: &[u8], stream: &mut Stream<'_>) -> Self {
        let count = listing.len().saturating_sub(4) / 8;
        let numbers = all_u32(listing.get((count + 1) * 4..).unwrap_or_default());
        let most = (stream.byte_count() / PAGE_BYTES as u64) as usize;
        let mut runs = Vec::new();
        for number in numbers.take(count.min(most)) {
            let at = u64::from(number & 0x3f_ffff) * PAGE_BYTES as u64;
            let mut page = Vec::new();
            let read = stream
                .seek(SeekFrom::Start(at))
                .and_then(|_| (&mut *stream).take(PAGE_BYTES as u64).read_to_end(&mut page));
            if read.is_ok() {
                runs.extend(runs_of(&page));
            }
        }
        runs.sort_unstable_by_key(|(begin, end, _)| (*begin, *end));
        Self { runs }
    }

    /// Whether nothing is known of any paragraph.
    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// What the paragraph is to which the character at `place` belongs.
    pub(super) fn at(&self, place: u64) -> Paragraph {
        let after = self.runs.partition_point(|(begin, ..)| u64::from(*begin) <= place);
        let run = after.checked_sub(1).and_then(|index| self.runs.get(index));
        run.filter(|(_, end, _)| place < u64::from(*end)).map(|(.., paragraph)| *paragraph).unwrap_or_default()
    }
}

fn runs_of(page: &[u8]) -> Vec<(u32, u32, Paragraph)> {
    let count = page.get(PAGE_BYTES - 1).map_or(0, |count| usize::from(*count));
    let run = |number: usize| {
        let (begin, end) = (u32_at(page, number * 4)?, u32_at(page, number * 4 + 4)?);
        let place = *page.get((count + 1) * 4 + number * ENTRY_BYTES)?;
        let format = page.get(usize::from(place) * 2..).filter(|_| place != 0).and_then(paragraph_of);
        Some((begin, end, format.unwrap_or_default()))
    };
    (0..count).map_while(run).collect()
}

/// Reads a format (MS-DOC, 2.9.175 `PapxInFkp`): a length in words, the style, and what differs from it.
fn paragraph_of(bytes: &[u8]) -> Option<Paragraph> {
    let (length, rest) = match bytes {
        [0, words, rest @ ..] => (usize::from(*words) * 2, rest),
        [words, rest @ ..] => (usize::from(*words) * 2 - 1, rest),
        [] => return None,
    };
    let format = rest.get(..length).unwrap_or(rest);
    let style = u16_at(format, 0)?;
    // Styles 1 to 9 are the headings, in every document.
    let mut paragraph = Paragraph { is_heading: (1..=9).contains(&style), ..Paragraph::default() };
    let mut rest = format.get(2..)?;
    while let Some(code) = u16_at(rest, 0) {
        let operand = rest.get(2..)?;
        let first = operand.first().copied();
        match code {
            IN_TABLE => paragraph.is_in_table = first == Some(1),
            ROW_END => paragraph.is_row_end = first == Some(1),
            OUTLINE_LEVEL => paragraph.is_heading = first.is_some_and(|level| level < 9),
            _ => {}
        }
        let Some(after) = operand.get(operand_bytes(code, operand)..) else { break };
        rest = after;
    }
    Some(paragraph)
}

/// The bytes of an operand, by the three highest bits of its code.
fn operand_bytes(code: u16, operand: &[u8]) -> usize {
    match code >> 13 {
        0 | 1 => 1,
        2 | 4 | 5 => 2,
        3 => 4,
        7 => 3,
        _ if code == TABLE_DEFINITION => u16_at(operand, 0).map_or(2, |length| usize::from(length) + 1),
        _ => operand.first().map_or(1, |length| usize::from(*length) + 1),
    }
}
