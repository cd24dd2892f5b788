//! What the invented plant keeps on its share: a rare-earth separation works with a chemicals yard, 星澜稀土 by name.
//!
//! Nothing here belongs to anybody: identifiers are made by [`identifiers`] from ranges that no authority hands out,
//! people and companies are put together from lists, and coordinates lie in the open sea.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

pub(crate) mod archive;
mod chance;
mod control;
mod database;
mod documents;
pub(crate) mod identifiers;
mod ledgers;
mod logs;
mod people;
mod telemetry;
mod workbooks;

pub(crate) use chance::Chance;

/// How much later than the committed plant this state of it is.
#[derive(Clone, Copy)]
pub(crate) struct Growth {
    /// Rows added to each file that has rows, in percent of the committed ones.
    pub(crate) percent: u32,
}

impl Growth {
    /// The number of rows now of what had `rows` rows.
    pub(crate) fn rows(self, rows: u32) -> u32 {
        rows + rows * self.percent / 100
    }
}

/// One file of the share.
pub(crate) struct PlantFile {
    /// Its path below the share, with `/`.
    pub(crate) path: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

impl PlantFile {
    fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into() }
    }
}

/// The path of the MES database below the share.
pub(crate) const DATABASE: &str = "mes/mes.db";

/// All files of the share but the database, which SQLite writes itself.
pub(crate) fn files(growth: Growth) -> anyhow::Result<Vec<PlantFile>> {
    let mut files = Vec::new();
    files.extend(ledgers::files(growth)?);
    files.extend(telemetry::files(growth)?);
    files.extend(control::files());
    files.extend(logs::files(growth)?);
    files.extend(documents::files(growth));
    files.extend(workbooks::files(growth)?);
    files.extend(archive::files(growth)?);
    Ok(files)
}

/// Writes the whole plant below `target`, which is made when missing; files of the same name are replaced.
pub(crate) fn write(target: &Path, growth: Growth) -> anyhow::Result<()> {
    for file in files(growth)? {
        let path = target.join(&file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        fs::write(&path, file.bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let path = target.join(DATABASE);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    database::write(&path, growth)
}

/// `text` in the encoding named; characters that it lacks are a mistake of ours.
fn encode(text: &str, encoding: &'static encoding_rs::Encoding) -> anyhow::Result<Vec<u8>> {
    let (bytes, _, lossy) = encoding.encode(text);
    anyhow::ensure!(!lossy, "a sample holds a character that {} lacks", encoding.name());
    Ok(bytes.into_owned())
}

/// A time of the invented autumn, `minutes` after 2026-09-01 00:00: no clock is read.
fn stamp(minutes: u32) -> String {
    let (day, minute) = (minutes / 1_440, minutes % 1_440);
    let (month, day) = match day % 61 {
        day @ 0..30 => (9, day + 1),
        day => (10, day - 29),
    };
    format!("2026-{month:02}-{day:02} {:02}:{:02}:00", minute / 60, minute % 60)
}
