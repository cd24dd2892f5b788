//! Files that travel in a document: in the tree of embedded files, and pinned to pages.

use std::{collections::BTreeSet, io::Cursor};

use hayro_syntax::{
    object::{Dict, Object, Stream},
    page::Page,
    xref::XRef,
};

use super::{
    super::super::{Job, Sink, bounded::BudgetReader},
    decode::Decoder,
    names, string,
};
use crate::model::Reason;

/// A file and its name.
pub(super) type Attached<'a> = (String, Stream<'a>);

/// All files of a document, each once.
pub(super) fn all<'a>(
    xref: &'a XRef,
    catalog: &Dict<'a>,
    pages: &[Page<'a>],
    decoder: &Decoder<'_>,
) -> Vec<Attached<'a>> {
    let tree = catalog.get::<Dict<'a>>("Names").and_then(|it| it.get::<Dict<'a>>("EmbeddedFiles"));
    let embedded = tree.map(|tree| names::entries(xref, &tree, decoder)).unwrap_or_default();
    let mut specifications: Vec<Dict<'a>> = embedded.into_iter().filter_map(|(_, it)| it.into_dict()).collect();
    specifications.extend(names::dictionaries(xref, catalog, "AF"));
    for page in pages {
        for note in names::dictionaries(xref, page.raw(), "Annots") {
            specifications.extend(note.get::<Dict<'a>>("FS"));
        }
    }
    let mut seen = BTreeSet::new();
    let files = specifications.iter().filter_map(file_of);
    files.filter(|(_, stream)| seen.insert(names::address(stream.dict()))).collect()
}

/// The file of a specification (7.11.3), if it lies in the document itself.
fn file_of<'a>(specification: &Dict<'a>) -> Option<Attached<'a>> {
    let embedded = specification.get::<Dict<'a>>("EF")?;
    let stream = ["UF", "F"].iter().find_map(|key| embedded.get::<Stream<'a>>(key))?;
    let name = ["UF", "F", "Desc"].iter().find_map(|key| match specification.get::<Object<'_>>(key)? {
        Object::String(name) => Some(string::decode(name.as_bytes())),
        _ => None,
    });
    Some((name.unwrap_or_default(), stream))
}

/// Reads files as members; gives the reason when not all were admitted.
pub(super) fn read(
    job: &Job<'_>,
    decoder: &Decoder<'_>,
    attached: Vec<Attached<'_>>,
    sink: &mut dyn Sink,
) -> Option<Reason> {
    let inner = Job { depth: job.depth + 1, ..*job };
    let mut partial = None;
    for (name, stream) in attached {
        let admitted = job.budget.admit_member();
        if admitted == Err(Reason::TooMany) {
            return Some(Reason::TooMany);
        }
        sink.begin_member(name.as_bytes());
        let outcome = if job.depth >= job.limits.depth {
            Err(Reason::TooDeep)
        } else {
            admitted.and_then(|()| decoder.unpack(&stream)).and_then(|content| {
                let length = content.len() as u64;
                let mut reader = BudgetReader::new(Cursor::new(content), job.budget, length);
                inner.extract_stream(&name, &mut reader, sink)
            })
        };
        let stopped = outcome.as_ref().map_or_else(|reason| Some(*reason), |extracted| extracted.partial);
        if let Some(Reason::Bomb | Reason::TooLarge | Reason::TooMany) = stopped {
            partial = partial.or(stopped);
        }
        sink.end_member(outcome);
    }
    partial
}
