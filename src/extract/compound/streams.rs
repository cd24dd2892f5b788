//! Compound files without a reader of their own: the strings that stand in their streams, and what their streams are.

use std::io::Read;

use super::{
    super::{Job, Reading, Sink},
    embedded,
    storage::{EntryId, Storage},
    text,
};
use crate::{model::Reason, open::Format};

/// Storages in storages that are gone into.
const MOST_DEPTH: usize = 16;

/// Hands on the strings of all streams, of each as many bytes as may be held of one. What they mean is not known, so the
/// file is said to be read in part.
pub(super) fn read(
    job: &Job<'_>,
    format: Format,
    storage: &mut Storage<'_>,
    root: EntryId,
    sink: &mut dyn Sink,
) -> Reading {
    if format == Format::Ole && embedded::is_object(storage, root) {
        // The whole file is what another document held.
        let partial = embedded::read_objects(job, storage, &[root], sink);
        return Reading { partial, ..Reading::default() };
    }
    let mut open = vec![(root, 0)];
    while let Some((parent, depth)) = open.pop() {
        for id in storage.children(parent) {
            if storage.is_storage(id) && depth < MOST_DEPTH {
                open.push((id, depth + 1));
            } else if !storage.is_storage(id) && holds_text(storage.name(id), format) {
                text::strings(&mut storage.stream(id).take(job.limits.stream_bytes), sink);
            }
        }
    }
    Reading { partial: storage.damage().or(Some(Reason::StringsOnly)), ..Reading::default() }
}

/// Property sets have been read, and names of classes and libraries are the same in all files.
fn holds_text(name: &str, format: Format) -> bool {
    let is_of_project = format != Format::Mpp || matches!(name, "Var2Data" | "VarData" | "FixedData" | "Fixed2Data");
    is_of_project && !name.starts_with(['\u{5}', '\u{1}', '\u{3}'])
}
