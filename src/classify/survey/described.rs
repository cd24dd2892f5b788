use crate::model::Column;
use crate::rules::words;

/// What a database's catalog says of one table or view, before a row of it is read. All names are raw.
#[derive(Clone, Debug, Default)]
pub struct Described<'a> {
    /// The names above it: server database and schema.
    pub location: String,
    /// Its own name.
    pub name: &'a str,
    /// What the designer wrote about it.
    pub comment: Option<&'a str>,
    /// Its columns.
    pub columns: &'a [Column],
    /// Names of the tables that its foreign keys point to, as far as they are declared.
    pub references: Vec<&'a str>,
    /// Its name as it may be shown to a person, for tables that are related to it.
    pub shown: String,
}

/// The parts of a name as hashes that fold case and plural.
pub(super) fn parts_of(name: &str) -> Vec<u64> {
    let bytes = name.as_bytes();
    let hash = |part: std::ops::Range<usize>| {
        let part = bytes.get(part).unwrap_or_default();
        words::part_hash(part).unwrap_or_else(|| xxhash_rust::xxh3::xxh3_64(part))
    };
    words::parts(name).into_iter().map(hash).collect()
}
