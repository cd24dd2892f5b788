//! Holiday tables of the user's: a file or a folder that `calendar` of `mulu.toml` names.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::model::escape_name;
use crate::regime::Regime;

use super::complaint::Complaint;

/// The largest table that is read: a year of single days fits, a wrong file named by mistake does not.
const MOST_BYTES: u64 = 64 << 10;

/// The regime with the tables at `path`: one file, or the `.toml` files of a folder.
pub(crate) fn added(regime: Regime, path: &Path) -> anyhow::Result<Regime> {
    let mut tables = Vec::new();
    for file in files(path)? {
        tables.push((shown(&file), text(&file)?));
    }
    let tables: Vec<(String, &str)> = tables.iter().map(|(name, text)| (name.clone(), text.as_str())).collect();
    Ok(regime.with_calendar(&tables)?)
}

fn files(path: &Path) -> Result<Vec<PathBuf>, Complaint> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).map_err(|_| unreadable(path))?;
    let files = entries.filter_map(Result::ok).map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|extension| extension == "toml")).collect();
    files.sort();
    Ok(files)
}

fn text(file: &Path) -> Result<String, Complaint> {
    let mut text = String::new();
    let read = File::open(file).and_then(|opened| opened.take(MOST_BYTES).read_to_string(&mut text));
    read.map(|_| text).map_err(|_| unreadable(file))
}

fn shown(path: &Path) -> String {
    escape_name(path.as_os_str().as_encoded_bytes())
}

fn unreadable(path: &Path) -> Complaint {
    let shown = shown(path);
    Complaint::new(
        format!("无法读取节假日表 {shown}；请检查 mulu.toml 中 calendar 的路径、权限与编码（UTF-8）"),
        format!(
            "cannot read the holiday table {shown}; check calendar of mulu.toml, its permissions and that it is UTF-8"
        ),
    )
}
