//! XPS and OpenXPS (ECMA-388): a package of XML parts; a page is a list of glyphs that say which characters they are.

use std::{
    collections::BTreeSet,
    io::{Read, Seek},
};

use quick_xml::events::BytesStart;

use super::{
    super::{Job, Reading, Sink, markup},
    lines::{Lines, Piece, estimated_width},
    package::{Package, folder_of},
    properties::Properties,
};
use crate::{
    model::{Fragment, Reason},
    open::Format,
};

/// Reads all pages of all documents of a package.
pub(super) fn read<R: Read + Seek>(
    job: &Job<'_>,
    mut package: Package<'_, '_, R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    read_properties(&mut package, sink);
    let pages = pages_of(&mut package, sink);
    if pages.is_empty() {
        return Err(package.partial.unwrap_or(Reason::Corrupt));
    }
    for (number, page) in pages.iter().enumerate() {
        if package.is_spent() || number as u64 >= job.limits.pages {
            package.miss((number as u64 >= job.limits.pages).then_some(Reason::TooMany));
            break;
        }
        package.walk(page, &mut PageText::default(), sink);
    }
    Ok(Reading { format: Some(Format::Xps), partial: package.partial, ..Reading::default() })
}

/// Core properties (ECMA-376-2, 11), wherever the package keeps them.
fn read_properties<R: Read + Seek>(package: &mut Package<'_, '_, R>, sink: &mut dyn Sink) {
    const DESCRIBING: &[&str] =
        &["title", "subject", "creator", "keywords", "description", "lastModifiedBy", "category", "identifier"];
    let core: Vec<String> =
        package.paths().filter(|it| it.ends_with(".psmdcp") || it.ends_with("core.xml")).map(str::to_owned).collect();
    for path in core {
        let tree = package.tree(&path, sink);
        let mut properties = Properties::default();
        for name in DESCRIBING {
            tree.named(name).for_each(|(_, element)| properties.add(name, &element.text));
        }
        properties.finish(sink);
    }
}

/// The pages in their order: sequence → documents → pages. What no document names comes behind them.
fn pages_of<R: Read + Seek>(package: &mut Package<'_, '_, R>, sink: &mut dyn Sink) -> Vec<String> {
    let ending = |package: &Package<'_, '_, R>, ending: &str| -> Vec<String> {
        package.paths().filter(|path| path.ends_with(ending)).map(str::to_owned).collect()
    };
    let mut seen = BTreeSet::new();
    let mut documents = Vec::new();
    for sequence in ending(package, ".fdseq") {
        documents.extend(targets(package, &sequence, "DocumentReference", sink));
    }
    documents.extend(ending(package, ".fdoc"));
    let mut pages = Vec::new();
    for document in documents.into_iter().filter(|it| seen.insert(it.clone())) {
        let tree = package.tree(&document, sink);
        for (_, entry) in tree.named("OutlineEntry") {
            if let Some(title) = entry.attribute("Description").filter(|it| !it.trim().is_empty()) {
                sink.fragment(Fragment::PartName(title.as_bytes()));
            }
        }
        for (_, page) in tree.named("PageContent") {
            let found = page.attribute("Source").and_then(|source| package.find(folder_of(&document), source));
            package.miss(found.is_none().then_some(Reason::Corrupt));
            pages.extend(found);
        }
    }
    pages.extend(ending(package, ".fpage"));
    pages.retain(|page| seen.insert(page.clone()));
    pages
}

/// The parts that elements of a part point to.
fn targets<R: Read + Seek>(
    package: &mut Package<'_, '_, R>,
    path: &str,
    name: &str,
    sink: &mut dyn Sink,
) -> Vec<String> {
    let tree = package.tree(path, sink);
    let sources = tree.named(name).filter_map(|(_, element)| element.attribute("Source"));
    sources.filter_map(|source| package.find(folder_of(path), source)).collect()
}

/// A page while it is walked through.
#[derive(Default)]
struct PageText {
    lines: Lines,
}

impl markup::Visitor for PageText {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        if tag.local_name().as_ref() != "Glyphs" {
            return;
        }
        let Some(text) = markup::attribute(tag, "UnicodeString") else { return };
        // `{}` in front lets a text begin with a brace (12.1.4).
        let text = text.strip_prefix("{}").unwrap_or(&text).to_owned();
        let number = |name| markup::attribute(tag, name).and_then(|it| it.trim().parse::<f64>().ok());
        let (along, size) = (number("OriginX").unwrap_or(0.0), number("FontRenderingEmSize").unwrap_or(1.0));
        let end = along + estimated_width(&text) * size;
        self.lines.push(Piece { text, along, end, across: number("OriginY").unwrap_or(0.0), size, angle: 0 });
    }

    fn text(&mut self, _text: &str, _sink: &mut dyn Sink) {}

    fn close(&mut self, _local_name: &str, _sink: &mut dyn Sink) {}

    fn finish(&mut self, sink: &mut dyn Sink) {
        std::mem::take(&mut self.lines).finish(sink);
    }
}
