//! Word documents and slides: which of their parts hold text, and in which order they are read.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::{
    super::{Job, Reading, Sink, xml},
    headings::Headings,
    package::Package,
    page::Page,
    properties::{self, Properties},
    snippets::{Places, Snippets},
};
use crate::{
    model::{Fragment, Reason},
    open::Format,
};

/// How a part is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Paragraphs and tables.
    Page,
    /// The same, without what only says what to type there.
    Master,
    /// Words in some places.
    Snippets(Places),
    /// XML of somebody's own making.
    Custom,
}

/// Reads all parts of a document that hold text, the main part first, then what is packed into it.
pub(super) fn read<R: Read + Seek>(
    job: &Job<'_>,
    format: Format,
    archive: &mut ZipArchive<R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let mut package = Package::new(job, archive);
    let main = package.main_part(sink);
    let mut parts: Vec<(u32, u64, Manner, String)> = Vec::new();
    for name in package.names() {
        let is_main = format == Format::Docx && main.as_ref().is_some_and(|main| main.to_lowercase() == name);
        let told = if is_main { Some((0, 0, Manner::Page)) } else { part_of(format, &name) };
        parts.extend(told.map(|(rank, number, manner)| (rank, number, manner, name)));
    }
    parts.sort_by(|a, b| (a.0, a.1, &a.3).cmp(&(b.0, b.1, &b.3)));
    if parts.first().is_none_or(|(rank, ..)| *rank != 0) {
        return Err(Reason::Corrupt);
    }
    for part in properties::PARTS {
        package.walk(part, &mut Properties::default(), sink);
    }
    let mut headings = Headings::default();
    if format == Format::Docx {
        package.walk("word/styles.xml", &mut headings, sink);
    }
    for (_, _, manner, name) in parts {
        read_part(&mut package, manner, &name, &headings, sink);
    }
    package.read_members(is_member, sink);
    Ok(package.reading(format))
}

fn read_part<R: Read + Seek>(
    package: &mut Package<'_, R>,
    manner: Manner,
    name: &str,
    headings: &Headings,
    sink: &mut dyn Sink,
) {
    let limits = package.limits();
    match manner {
        Manner::Page => _ = package.walk(name, &mut Page::new(limits, headings), sink),
        Manner::Master => _ = package.walk(name, &mut Page::new(limits, headings).without_prompts(), sink),
        Manner::Snippets(places) => _ = package.walk(name, &mut Snippets::new(places), sink),
        Manner::Custom => {
            let partial = package.with_part(name, |part| xml::read(&[], part, limits, sink).partial);
            package.note(partial.flatten());
        }
    }
    read_links(package, name, sink);
}

/// Hands on where the links of a part lead, as far as that names somebody or a place on a share.
pub(super) fn read_links<R: Read + Seek>(package: &mut Package<'_, R>, part: &str, sink: &mut dyn Sink) {
    for link in package.relationships(part, sink) {
        if link.is_external && super::is_address_of_somebody(&link.target) {
            sink.fragment(Fragment::Text(link.target.as_bytes()));
            sink.fragment(Fragment::Break);
        }
    }
}

/// Documents and objects that are packed into a part, and texts that other programs wrote.
pub(super) fn is_member(name: &str) -> bool {
    let (folder, file) = name.rsplit_once('/').unwrap_or_default();
    let is_chunk = || {
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
        matches!(extension, "htm" | "html" | "mht" | "rtf" | "txt" | "docx")
    };
    folder.ends_with("/embeddings") || (folder == "word" && is_chunk())
}

/// Comments of slides and who wrote them.
const SLIDE_COMMENTS: Places = Places { elements: &["text", "t"], attributes: &[] };
/// Who wrote comments and changes.
const PEOPLE: Places = Places {
    elements: &[],
    attributes: &[("cmAuthor", "name"), ("author", "name"), ("person", "author"), ("person", "displayName")],
};

/// The order in which a part is read (its kind and its number), and how; `None` for parts without text of their own.
fn part_of(format: Format, name: &str) -> Option<(u32, u64, Manner)> {
    let (folder, file) = name.rsplit_once('/')?;
    let stem = file.strip_suffix(".xml")?;
    let kind = stem.trim_end_matches(|it: char| it.is_ascii_digit());
    let number = stem.get(kind.len()..)?.parse().unwrap_or(0);
    let (rank, manner) = match (format, folder, kind) {
        (Format::Docx, "word", "document") | (Format::Pptx, "ppt/slides", "slide") => (0, Manner::Page),
        (Format::Docx, "word", "header" | "footer") | (Format::Pptx, "ppt/notesslides", "notesslide") => {
            (1, Manner::Page)
        }
        (Format::Docx, "word", "footnotes" | "endnotes" | "comments") => (2, Manner::Page),
        (Format::Pptx, "ppt/comments", _) => (2, Manner::Snippets(SLIDE_COMMENTS)),
        (Format::Docx, "word/charts" | "word/diagrams", "chart" | "data")
        | (Format::Pptx, "ppt/charts" | "ppt/diagrams", "chart" | "data") => (3, Manner::Page),
        (Format::Docx, "word/glossary", "document") => (4, Manner::Page),
        (Format::Pptx, "ppt/slidemasters" | "ppt/slidelayouts" | "ppt/notesmasters" | "ppt/handoutmasters", _) => {
            (4, Manner::Master)
        }
        (Format::Docx, "word", "people") | (Format::Pptx, "ppt", "commentauthors" | "authors") => {
            (5, Manner::Snippets(PEOPLE))
        }
        // Data that a document is filled from.
        (_, "customxml", "item") => (6, Manner::Custom),
        _ => return None,
    };
    Some((rank, number, manner))
}
