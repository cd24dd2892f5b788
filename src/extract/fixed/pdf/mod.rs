//! PDF (ISO 32000): the text of its pages and fields, what it says of itself, and the files attached to it.
//!
//! Objects, cross-references, decryption and filters are `hayro-syntax`'s, the predefined character maps `hayro-cmap`'s;
//! what the content streams draw is made into text here, page by page, so that memory stays that of one page.

use std::{
    collections::BTreeMap,
    io::{Read as _, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
};

use hayro_syntax::{
    LoadPdfError, Pdf,
    object::{Dict, ObjectIdentifier},
    page::Page,
};
use memchr::memmem;

use super::{
    super::{Job, Reading, Sink, Source, records::RecordTables},
    lines::{Drawn, Lines},
};
use crate::{
    model::{Fragment, Reason},
    open::Format,
};

mod attachment;
mod content;
mod decode;
mod describe;
mod font;
mod form;
mod marked;
mod matrix;
mod names;
mod note;
mod outline;
mod string;

use content::Interpreter;
use decode::Decoder;
use font::Fonts;

/// How far before its last byte a file says that it ends. Readers look for it in the last kilobyte (ISO 32000-1, annex H.3); six of
/// a thousand test files of pdf.js do not have it there, all of them cut or broken.
const END_BYTES: usize = 2048;

/// Reads a document. One behind a password is not; one that only asks its readers to forbid printing is.
pub(super) fn read(job: &Job<'_>, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let content = hold(job, source)?;
    decode::refuse_bombs(job, &content)?;
    // The parser forgets why it failed where it had to mend the cross-references.
    let is_encrypted = memmem::rfind(&content, b"/Encrypt").is_some();
    let is_cut = memmem::rfind(content.last_chunk::<END_BYTES>().map_or(&content[..], |it| it), b"%%EOF").is_none();
    let pdf = caught(|| Pdf::new(content))?.map_err(|error| match error {
        LoadPdfError::Invalid if !is_encrypted => Reason::Corrupt,
        _ => Reason::Encrypted,
    })?;
    let decoder = Decoder::new(job);
    let mut document = Document { job, pdf: &pdf, decoder: &decoder, fonts: Fonts::new(&decoder), partial: None };
    document.read(sink);
    let partial = document.partial.or(decoder.missed());
    let partial = partial.or(is_cut.then_some(Reason::Corrupt)).or(document.fonts.unread());
    Ok(Reading { format: Some(Format::Pdf), partial, ..Reading::default() })
}

fn hold(job: &Job<'_>, source: &mut dyn Source) -> Result<Vec<u8>, Reason> {
    let as_reason = |error| Reason::from(&error);
    let length = source.seek(SeekFrom::End(0)).map_err(as_reason)?;
    if length > job.limits.pdf_bytes {
        return Err(Reason::TooLarge);
    }
    source.seek(SeekFrom::Start(0)).map_err(as_reason)?;
    let mut content = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    source.take(job.limits.pdf_bytes).read_to_end(&mut content).map_err(as_reason)?;
    Ok(content)
}

/// Calls into code that is not ours.
fn caught<T>(call: impl FnOnce() -> T) -> Result<T, Reason> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| Reason::Crashed)
}

/// A document while it is read.
struct Document<'d, 'j> {
    job: &'d Job<'j>,
    pdf: &'d Pdf,
    decoder: &'d Decoder<'j>,
    fonts: Fonts<'d, 'j>,
    partial: Option<Reason>,
}

impl<'d> Document<'d, '_> {
    /// What fails by itself costs itself only.
    fn read(&mut self, sink: &mut dyn Sink) {
        let catalog: Dict<'d> = self.pdf.xref().get(self.pdf.xref().root_id()).unwrap_or_default();
        if let Some(properties) = self.part(|it| describe::properties(it.pdf, &catalog, it.decoder)) {
            properties.finish(sink);
        }
        let titles = self
            .part(|it| outline::by_page(it.pdf.xref(), &catalog, &it.pages_by_id(), it.decoder))
            .unwrap_or_default();
        self.read_pages(&titles, sink);
        if let Some(fields) = self.part(|it| form::fields(it.pdf.xref(), &catalog, it.decoder)) {
            let mut tables = RecordTables::new(self.job.limits);
            tables.record("form", fields, sink);
            tables.finish(sink);
        }
        let attached =
            self.part(|it| attachment::all(it.pdf.xref(), &catalog, it.pdf.pages(), it.decoder)).unwrap_or_default();
        let stopped = attachment::read(self.job, self.decoder, attached, sink);
        self.partial = self.partial.or(stopped);
    }

    fn read_pages(&mut self, titles: &BTreeMap<usize, Vec<String>>, sink: &mut dyn Sink) {
        let pages = self.pdf.pages();
        let mut drawn = Drawn::default();
        if pages.is_empty() {
            self.partial = self.partial.or(Some(Reason::Corrupt));
        }
        for (number, page) in pages.iter().enumerate() {
            if self.decoder.is_spent() {
                return;
            }
            if number as u64 >= self.job.limits.pages {
                self.partial = self.partial.or(Some(Reason::TooMany));
                return;
            }
            for title in titles.get(&number).into_iter().flatten() {
                sink.fragment(Fragment::PartName(title.as_bytes()));
            }
            // Text that was drawn before a fault stays read.
            let mut lines = Lines::default();
            let mut notes = Vec::new();
            self.part(|it| it.read_page(page, &mut lines, &mut notes));
            drawn.add(&lines);
            lines.finish(sink);
            for note in notes {
                sink.fragment(Fragment::Text(note.as_bytes()));
                sink.fragment(Fragment::Break);
            }
        }
        self.partial = self.partial.or(drawn.unread());
    }

    fn read_page(&mut self, page: &Page<'d>, lines: &mut Lines, notes: &mut Vec<String>) {
        let content = self.decoder.page(page);
        let mut interpreter = Interpreter::new(self.decoder, &mut self.fonts, lines);
        interpreter.run(&content, page.resources());
        note::read(page, self.decoder, &mut interpreter, notes);
    }

    fn pages_by_id(&self) -> BTreeMap<ObjectIdentifier, usize> {
        let numbered = self.pdf.pages().iter().enumerate();
        numbered.filter_map(|(number, page)| Some((page.raw().obj_id()?, number))).collect()
    }

    /// Reads a part of the document; a fault in it is noted.
    fn part<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let outcome = catch_unwind(AssertUnwindSafe(|| read(self)));
        if outcome.is_err() {
            self.partial = self.partial.or(Some(Reason::Crashed));
        }
        outcome.ok()
    }
}
