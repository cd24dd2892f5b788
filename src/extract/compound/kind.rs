//! What a compound file is, by the names in its root.

use super::storage::{EntryId, Storage};
use crate::open::Format;

/// Names of streams and storages that only one format has. An encrypted file has the others' names beside it.
const SIGNS: &[(&str, Format)] = &[
    ("EncryptedPackage", Format::EncryptedOffice),
    ("WordDocument", Format::Doc),
    ("PowerPoint Document", Format::Ppt),
    ("Workbook", Format::Xls),
    ("Book", Format::Xls),
    ("__properties_version1.0", Format::Msg),
    ("VisioDocument", Format::Vsd),
    ("Props9", Format::Mpp),
    ("Props12", Format::Mpp),
    ("Props14", Format::Mpp),
];

/// What a storage holds by the names in it; `None` where they do not tell.
pub(super) fn of(storage: &Storage<'_>, root: EntryId) -> Option<Format> {
    SIGNS.iter().find(|(name, _)| storage.find(root, name).is_some()).map(|(_, format)| *format)
}
