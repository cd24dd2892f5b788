//! OFD, the Chinese fixed layout (GB/T 33190-2016): a package of XML parts.

use std::io::{Read, Seek};

use super::{
    super::{Job, Reading, Sink, records::RecordTables},
    lines::Drawn,
    package::{Package, folder_of},
    properties::Properties,
    tree::Tree,
};
use crate::{
    model::{Fragment, Reason},
    open::Format,
};

mod page;
mod tags;

use page::PageText;
use tags::Tagged;

/// The main part (clause 7.3).
const ENTRY: &str = "ofd.xml";

/// Reads all documents of a package.
pub(super) fn read<R: Read + Seek>(
    job: &Job<'_>,
    mut package: Package<'_, '_, R>,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    let is_encrypted = package.paths().any(|path| path.ends_with("encryptions.xml"));
    let entry = package.tree(ENTRY, sink);
    let bodies: Vec<usize> = entry.named("DocBody").map(|(index, _)| index).collect();
    if bodies.is_empty() {
        return Err(if is_encrypted { Reason::Encrypted } else { package.partial.unwrap_or(Reason::Corrupt) });
    }
    let mut pages_read = 0;
    for body in bodies {
        properties_of(&entry, body).finish(sink);
        let root = entry.text_below(body, "DocRoot").and_then(|location| package.find("", location));
        match root {
            Some(root) => pages_read += read_document(job, &mut package, &root, sink),
            None => package.miss(Some(Reason::Corrupt)),
        }
    }
    if is_encrypted && pages_read == 0 {
        return Err(Reason::Encrypted);
    }
    // What else is encrypted lies in parts that no part names in clear.
    package.miss(is_encrypted.then_some(Reason::Encrypted));
    Ok(Reading { format: Some(Format::Ofd), partial: package.partial, ..Reading::default() })
}

/// The description of a document (clause 7.4), its custom data included.
fn properties_of(entry: &Tree, body: usize) -> Properties {
    const DESCRIBING: &[&str] =
        &["Title", "Author", "Subject", "Abstract", "Keyword", "Creator", "DocUsage", "Cover", "CustomData"];
    let mut properties = Properties::default();
    for (_, element) in entry.below(body).filter(|(_, element)| DESCRIBING.contains(&element.name.as_str())) {
        properties.add(element.attribute("Name").unwrap_or(&element.name), &element.text);
    }
    properties
}

/// Reads one document; gives the number of its pages that were there.
fn read_document<R: Read + Seek>(
    job: &Job<'_>,
    package: &mut Package<'_, '_, R>,
    root: &str,
    sink: &mut dyn Sink,
) -> usize {
    let document = package.tree(root, sink);
    let folder = folder_of(root).to_owned();
    for (_, title) in document.named("OutlineElem").chain(document.named("Bookmark")) {
        if let Some(title) = title.attribute("Title").or(title.attribute("Name")).filter(|it| !it.trim().is_empty()) {
            sink.fragment(Fragment::PartName(title.as_bytes()));
        }
    }
    let mut tagged = Tagged::read(package, &document, &folder, sink);
    let (mut read, mut drawn) = (0, Drawn::default());
    let pages: Vec<Place> = document.named("Page").filter_map(|(_, page)| Place::of(page)).collect();
    let templates: Vec<Place> = document.named("TemplatePage").filter_map(|(_, page)| Place::of(page)).collect();
    for (number, page) in pages.iter().enumerate() {
        if package.is_spent() || number as u64 >= job.limits.pages {
            package.miss((number as u64 >= job.limits.pages).then_some(Reason::TooMany));
            break;
        }
        let Some(path) = package.find(&folder, &page.location) else {
            package.miss(Some(Reason::Corrupt));
            continue;
        };
        let mut text = PageText::new(&page.id, &mut tagged, &mut drawn);
        package.walk(&path, &mut text, sink);
        read += 1;
        for template in templates.iter().filter(|it| text.templates.contains(&it.id)) {
            // A template is read once a document and not once a page: it says the same each time.
            if tagged.first_use(&template.id)
                && let Some(path) = package.find(&folder, &template.location)
            {
                package.walk(&path, &mut PageText::new(&template.id, &mut tagged, &mut drawn), sink);
            }
        }
    }
    package.miss(drawn.unread());
    read_annotations(package, &document, &folder, &mut tagged, sink);
    let mut tables = RecordTables::new(job.limits);
    for (group, fields) in tagged.into_records() {
        tables.record(&group, fields, sink);
    }
    tables.finish(sink);
    read_attachments(package, &document, &folder, sink);
    read
}

/// Where a page is, and what it is called.
struct Place {
    id: String,
    location: String,
}

impl Place {
    fn of(page: &super::tree::Element) -> Option<Self> {
        let location = page.attribute("BaseLoc")?.to_owned();
        Some(Self { id: page.attribute("ID").unwrap_or_default().to_owned(), location })
    }
}

/// Notes and stamps on pages (clause 15).
fn read_annotations<R: Read + Seek>(
    package: &mut Package<'_, '_, R>,
    document: &Tree,
    folder: &str,
    tagged: &mut Tagged,
    sink: &mut dyn Sink,
) {
    for list in parts_named(package, document, "Annotations", folder) {
        let pages = package.tree(&list, sink);
        let locations: Vec<String> = pages.named("FileLoc").map(|(_, it)| it.text.clone()).collect();
        for location in locations {
            if let Some(path) = package.find(folder_of(&list), &location) {
                package.walk(&path, &mut PageText::new("", tagged, &mut Drawn::default()), sink);
            }
        }
    }
}

/// Files that travel with the document (clause 20), each a member.
fn read_attachments<R: Read + Seek>(
    package: &mut Package<'_, '_, R>,
    document: &Tree,
    folder: &str,
    sink: &mut dyn Sink,
) {
    for list in parts_named(package, document, "Attachments", folder) {
        let attachments = package.tree(&list, sink);
        for (index, attachment) in attachments.named("Attachment") {
            let location = attachments.text_below(index, "FileLoc").or(attachment.attribute("FileLoc"));
            let Some(path) = location.and_then(|location| package.find(folder_of(&list), location)) else {
                package.miss(Some(Reason::Corrupt));
                continue;
            };
            // The name of the attachment may lack the ending that tells its format.
            let stored = location.and_then(|it| it.rsplit(['/', '\\']).next()).unwrap_or_default();
            let name = attachment.attribute("Name").filter(|it| it.contains('.')).unwrap_or(stored);
            package.member(name, &path, sink);
        }
    }
}

/// The parts that an element of the document points to.
fn parts_named<R: Read + Seek>(package: &Package<'_, '_, R>, document: &Tree, name: &str, folder: &str) -> Vec<String> {
    document.named(name).filter_map(|(_, element)| package.find(folder, &element.text)).collect()
}
