//! Which parts of an OOXML package hold text beside the cells of its sheets, how they are read, and in which order.

use std::io::{Read, Seek};

use super::{
    super::{Sink, xml},
    headings::Headings,
    package::Package,
    page::Page,
    snippets::{Places, Snippets},
};
use crate::{model::Fragment, open::Format};

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

/// A part that is to be read.
struct Part {
    /// Its kind, in the order of reading; 0: what the document is made of.
    rank: u32,
    number: u64,
    manner: Manner,
    name: String,
}

/// The parts of one package.
pub(super) struct Parts(Vec<Part>);

/// The parts of a package that hold text.
pub(super) fn of<R: Read + Seek>(package: &Package<'_, R>, format: Format) -> Parts {
    let told = package.names().into_iter().filter_map(|name| {
        let (rank, number, manner) = part_of(format, &name)?;
        Some(Part { rank, number, manner, name })
    });
    Parts(told.collect())
}

impl Parts {
    /// The package itself says that this part is the main one, whatever it is called.
    pub(super) fn make_main(&mut self, name: &str) {
        let name = name.to_lowercase();
        self.0.retain(|part| part.name != name);
        self.0.push(Part { rank: 0, number: 0, manner: Manner::Page, name });
    }

    /// Whether there is a main part.
    pub(super) fn hold_main(&self) -> bool {
        self.0.iter().any(|part| part.rank == 0)
    }

    /// Reads them in their order.
    pub(super) fn read<R: Read + Seek>(
        mut self,
        package: &mut Package<'_, R>,
        headings: &Headings,
        sink: &mut dyn Sink,
    ) {
        self.0.sort_by(|a, b| (a.rank, a.number, &a.name).cmp(&(b.rank, b.number, &b.name)));
        for part in self.0 {
            read_part(package, part.manner, &part.name, headings, sink);
        }
    }
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
/// Comments of a sheet and who wrote them.
const SHEET_COMMENTS: Places = Places { elements: &["author", "text"], attributes: &[] };
/// What a workbook keeps of the data of others: behind its pivot tables, behind its links.
const KEPT_DATA: Places = Places {
    elements: &["v"],
    attributes: &[
        ("cacheField", "name"),
        ("s", "v"),
        ("n", "v"),
        ("d", "v"),
        ("sheetName", "val"),
        ("definedName", "name"),
    ],
};
/// Where the data of a workbook comes from.
const CONNECTIONS: Places = Places {
    elements: &[],
    attributes: &[
        ("connection", "name"),
        ("dbPr", "connection"),
        ("dbPr", "command"),
        ("webPr", "url"),
        ("textPr", "sourceFile"),
    ],
};
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
        (Format::Xlsx | Format::Xlsb, "xl", "comments")
        | (Format::Xlsx | Format::Xlsb, "xl/comments" | "xl/threadedcomments", _) => {
            (2, Manner::Snippets(SHEET_COMMENTS))
        }
        (Format::Xlsx | Format::Xlsb, "xl/drawings" | "xl/charts" | "xl/diagrams", "drawing" | "chart" | "data") => {
            (3, Manner::Page)
        }
        (Format::Xlsx | Format::Xlsb, "xl/pivotcache" | "xl/externallinks", _) => (4, Manner::Snippets(KEPT_DATA)),
        (Format::Xlsx | Format::Xlsb, "xl/persons", _) => (5, Manner::Snippets(PEOPLE)),
        (Format::Xlsx | Format::Xlsb, "xl", "connections") => (5, Manner::Snippets(CONNECTIONS)),
        // Data that a document is filled from.
        (_, "customxml", "item") => (6, Manner::Custom),
        _ => return None,
    };
    Some((rank, number, manner))
}
