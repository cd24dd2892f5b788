//! What can go wrong inside a question, before it is known where.

use std::path::Path;

use sqlx::error::DatabaseError;

use super::super::Error;
use crate::model::ScanId;

/// A failure that does not know its file yet; [`Fault::at`] makes it an [`Error`].
#[derive(Debug)]
pub(super) enum Fault {
    /// The driver's.
    Driver(sqlx::Error),
    /// A column holds what we never write.
    Damaged(&'static str),
    /// A later layout.
    Newer(i64),
    /// No connection any more.
    Closed,
    /// A file that mulu wrote cannot be looked at.
    OwnFile(Error),
    UnknownStore(String),
    UnknownScan(ScanId),
    ScanFinished(ScanId),
    UnknownResults(String),
    UnknownFiling(i64),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Driver(error)
    }
}

impl Fault {
    /// The error for the inventory at `path`. Nothing of the driver's message is kept but SQLite's code.
    pub(super) fn at(self, path: &Path) -> Error {
        let path = path.to_owned();
        match self {
            Self::Driver(sqlx::Error::Database(error)) => refused(path, error.as_ref()),
            Self::Driver(sqlx::Error::Io(error)) => Error::from_io(&path, &error),
            Self::Driver(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) => {
                Error::Damaged { path, what: "column type".to_owned() }
            }
            Self::Driver(sqlx::Error::ColumnNotFound(_)) => Error::Damaged { path, what: "column missing".to_owned() },
            Self::Driver(sqlx::Error::RowNotFound) => Error::Damaged { path, what: "row missing".to_owned() },
            Self::Driver(_) => Error::Refused { path, code: "driver".to_owned() },
            Self::Damaged(what) => Error::Damaged { path, what: what.to_owned() },
            Self::Newer(found) => Error::Newer { path, found, known: super::open::LAYOUT },
            Self::Closed => Error::Refused { path, code: "closed".to_owned() },
            Self::OwnFile(error) => error,
            Self::UnknownStore(store) => Error::UnknownStore { store },
            Self::UnknownScan(scan) => Error::UnknownScan { scan },
            Self::ScanFinished(scan) => Error::ScanFinished { scan },
            Self::UnknownResults(shard) => Error::UnknownResults { shard },
            Self::UnknownFiling(filing) => Error::UnknownFiling { filing },
        }
    }
}

/// Sorts a refusal by its primary result code (the low byte; <https://www.sqlite.org/rescode.html>).
fn refused(path: std::path::PathBuf, error: &dyn DatabaseError) -> Error {
    let code = error.code().and_then(|code| code.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        Some(5 | 6) => Error::Locked { path },
        Some(8) => Error::ReadOnly { path },
        Some(13) => Error::Full { path },
        Some(3 | 23) => Error::Denied { path },
        Some(14) => Error::Unreadable { path },
        Some(26) => Error::NotAnInventory { path },
        Some(11) => Error::Damaged { path, what: "sqlite code 11".to_owned() },
        _ => {
            let code = code.map_or_else(|| "sqlite".to_owned(), |code| format!("sqlite code {code}"));
            Error::Refused { path, code }
        }
    }
}
