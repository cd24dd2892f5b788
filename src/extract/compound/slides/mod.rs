//! PowerPoint 97 to 2003, and what WPS writes in its place: texts and titles of slides, notes, tables, comments (MS-PPT).
//!
//! The records are read in the order of the file. A file that was saved quickly holds what a slide said before, too: it
//! can be read in it, so it is read.

use std::io::{self, Read};

use flate2::read::ZlibDecoder;

use super::{
    super::{Job, Reading, Sink, bounded::BudgetReader},
    numbers::{all_u16, size_at, u16_at, u32_at, utf16},
    storage::{EntryId, Storage},
    text,
};
use crate::model::{Fragment, Reason};

mod records;
mod table;

use records::{Event, Records};
use table::Table;

/// Kinds of records (MS-PPT, 2.13.24 `RecordType`; MS-ODRAW for those from 0xF000 on).
mod kind {
    pub(super) const MASTER: u16 = 0x03f8;
    pub(super) const PLACEHOLDER: u16 = 0x0bc3;
    pub(super) const TEXT_HEADER: u16 = 0x0f9f;
    pub(super) const WIDE_TEXT: u16 = 0x0fa0;
    pub(super) const NARROW_TEXT: u16 = 0x0fa8;
    pub(super) const STRING: u16 = 0x0fba;
    pub(super) const EMBEDDED: u16 = 0x0fcc;
    pub(super) const OBJECT: u16 = 0x1011;
    pub(super) const TAG: u16 = 0x138a;
    pub(super) const TAG_CONTENT: u16 = 0x138b;
    pub(super) const SHAPE_GROUP: u16 = 0xf003;
    pub(super) const SHAPE: u16 = 0xf004;
    pub(super) const PLACE_IN_GROUP: u16 = 0xf00f;
    pub(super) const MORE_OPTIONS: u16 = 0xf122;
}

/// Kinds of text that are titles: of a slide, and in the middle of one.
const TITLES: [u32; 2] = [0, 6];
/// Places of a master for title, text, picture, notes, date and number (MS-PPT, 2.13.21 `PlaceholderEnum`): what stands in
/// them is written by the program. Its header and footer are not among them.
const PROMPTS: std::ops::RangeInclusive<u8> = 1..=8;
/// The option of a group of shapes that says that it is a table.
const IS_TABLE: u16 = 0x39f;
/// What stands in `Current User` where the slides are encrypted (MS-PPT, 2.3.2).
const ENCRYPTED: u32 = 0xf3d1_c4df;
/// The instance of an object that is compressed (MS-PPT, 2.10.35 `ExOleObjStgCompressedAtom`).
const COMPRESSED: u16 = 1;
/// How the tags of PowerPoint itself are called; those of others may hold anything.
const OWN_TAG: &str = "___PPT";

/// Reads the slides in a storage.
pub(super) fn read(
    job: &Job<'_>,
    storage: &mut Storage<'_>,
    root: EntryId,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let user = storage.bytes_of(root, "Current User", 64).unwrap_or_default().0;
    if u32_at(&user, 12) == Some(ENCRYPTED) {
        return Err(Reason::Encrypted);
    }
    let document = storage.find(root, "PowerPoint Document").ok_or(Reason::Corrupt)?;
    let records = Records::new(storage.stream(document));
    let mut slides = Slides::new(job, records);
    let outcome = slides.read(sink);
    slides.end_table(sink);
    let partial = slides.records.partial;
    let broken = outcome.err().map(|error| Reason::from(&error));
    Ok(Reading { partial: broken.or(partial), ..Reading::default() })
}

/// Slides while they are read.
struct Slides<'s> {
    job: &'s Job<'s>,
    records: Records<'s>,
    /// Of what kind the next text is.
    text_kind: u32,
    /// Whether the text of the current shape only says what to write there.
    is_prompt: bool,
    /// Whether the tag that is open is one of PowerPoint's own.
    is_own_tag: bool,
    /// The table that is open, and how deep its group lies.
    table: Option<(usize, Table)>,
    /// Objects so far.
    objects: usize,
}

impl<'s> Slides<'s> {
    fn new(job: &'s Job<'s>, records: Records<'s>) -> Self {
        Self { job, records, text_kind: u32::MAX, is_prompt: false, is_own_tag: false, table: None, objects: 0 }
    }

    fn read(&mut self, sink: &mut dyn Sink) -> io::Result<()> {
        while let Some(event) = self.records.next()? {
            match event {
                Event::Open { kind: kind::SHAPE, .. } => {
                    self.is_prompt = false;
                    self.text_kind = u32::MAX;
                }
                Event::Close { kind: kind::SHAPE_GROUP }
                    if self.table.as_ref().is_some_and(|(depth, _)| *depth > self.records.depth()) =>
                {
                    self.end_table(sink);
                }
                Event::Open { .. } | Event::Close { .. } => {}
                Event::Atom { kind, instance } => self.atom(kind, instance, sink)?,
            }
        }
        Ok(())
    }

    fn atom(&mut self, kind: u16, instance: u16, sink: &mut dyn Sink) -> io::Result<()> {
        match kind {
            kind::PLACEHOLDER => {
                self.is_prompt = self.records.head(5)?.last().is_some_and(|place| PROMPTS.contains(place));
            }
            kind::TEXT_HEADER => self.text_kind = u32_at(&self.records.head(4)?, 0).unwrap_or(u32::MAX),
            kind::WIDE_TEXT => {
                let units = self.records.bytes(self.job.limits.record_bytes as u64)?;
                let text = char::decode_utf16(all_u16(&units)).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER));
                self.text(&text.collect::<String>(), sink);
            }
            kind::NARROW_TEXT => {
                let bytes = self.records.bytes(self.job.limits.record_bytes as u64)?;
                // The lower halves of UTF-16 units, the upper being zero.
                self.text(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>(), sink);
            }
            kind::STRING => {
                let string = utf16(&self.records.bytes(self.job.limits.record_bytes as u64)?);
                if self.records.is_in(kind::TAG) {
                    self.is_own_tag = string.starts_with(OWN_TAG);
                } else if !self.records.is_in(kind::EMBEDDED) && !self.records.is_in(kind::MASTER) {
                    text::paragraph(&string, sink);
                }
            }
            kind::OBJECT => {
                let stored = self.records.bytes(self.job.limits.stream_bytes)?;
                let reason = self.object(instance == COMPRESSED, &stored, sink);
                self.records.partial = self.records.partial.or(reason);
            }
            kind::TAG_CONTENT if std::mem::take(&mut self.is_own_tag) => self.records.enter_atom(kind),
            kind::PLACE_IN_GROUP if self.table.is_some() => {
                let place = self.records.head(16)?;
                if let (Some((_, table)), Some(left), Some(top)) =
                    (&mut self.table, u32_at(&place, 0), u32_at(&place, 4))
                {
                    table.begin_cell(top.cast_signed(), left.cast_signed());
                }
            }
            kind::MORE_OPTIONS if self.table.is_none() => {
                let options = self.records.head(4096)?;
                if says_table(&options, usize::from(instance)) && self.records.is_in(kind::SHAPE_GROUP) {
                    // Two records up: this option stands in the shape that describes its group.
                    self.table = Some((self.records.depth().saturating_sub(1), Table::default()));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A text: of a table, a title, or paragraphs.
    fn text(&mut self, text: &str, sink: &mut dyn Sink) {
        // A lone star stands for a number or a date that the program fills in.
        if self.is_prompt || text == "*" {
            return;
        }
        if let Some((_, table)) = &mut self.table {
            return table.text(text);
        }
        if TITLES.contains(&self.text_kind) {
            let title = text.replace(['\r', '\u{b}'], " ");
            if !title.trim().is_empty() {
                sink.fragment(Fragment::PartName(title.trim().as_bytes()));
            }
            return;
        }
        for paragraph in text.split('\r') {
            text::paragraph(&paragraph.replace('\u{b}', "\n"), sink);
        }
    }

    /// Reads a document of another program as a member. Gives the reason why it was left out altogether.
    fn object(&mut self, is_compressed: bool, stored: &[u8], sink: &mut dyn Sink) -> Option<Reason> {
        let job = self.job;
        if job.depth >= job.limits.depth {
            return Some(Reason::TooDeep);
        }
        let admitted = job.budget.admit_member();
        if admitted == Err(Reason::TooMany) {
            return Some(Reason::TooMany);
        }
        self.objects += 1;
        let inner = Job { depth: job.depth + 1, ..*job };
        // The length of what was packed stands before it.
        let packed = stored.get(4..).unwrap_or_default();
        let mut reader: Box<dyn Read> =
            if is_compressed { Box::new(ZlibDecoder::new(packed)) } else { Box::new(stored) };
        sink.begin_member(format!("object {}", self.objects).as_bytes());
        let outcome = admitted.and_then(|()| {
            let mut reader = BudgetReader::new(&mut reader, job.budget, stored.len() as u64);
            inner.extract_stream("", &mut reader, sink)
        });
        sink.end_member(outcome);
        None
    }

    fn end_table(&mut self, sink: &mut dyn Sink) {
        if let Some((_, table)) = self.table.take() {
            table.finish(self.job.limits, sink);
        }
    }
}

/// Whether the options of a shape say that its group is a table: each a number and a value, and the lowest bit set.
fn says_table(options: &[u8], count: usize) -> bool {
    (0..count)
        .map_while(|index| Some((u16_at(options, index * 6)?, size_at(options, index * 6 + 2)?)))
        .any(|(number, value)| number & 0x3fff == IS_TABLE && value & 1 == 1)
}
