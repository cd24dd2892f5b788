//! What goes wrong with a SQL Server, in the words that the other databases use: numbers, never its messages.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use sqlx::error::{DatabaseError, ErrorKind};

use crate::model::Reason;

/// An error that the server sent. Its message is not kept: it may quote what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServerFault {
    /// Its number in `sys.messages`.
    pub(crate) number: u32,
}

impl fmt::Display for ServerFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error {} of SQL Server", self.number)
    }
}

impl StdError for ServerFault {}

impl DatabaseError for ServerFault {
    fn message(&self) -> &'static str {
        "an error of SQL Server"
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.number.to_string().into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

/// An error of the driver as one of the others.
pub(crate) fn of(error: tiberius::error::Error) -> sqlx::Error {
    use tiberius::error::Error;
    match error {
        Error::Server(token) => sqlx::Error::Database(Box::new(ServerFault { number: token.code() })),
        Error::Io { kind, .. } => sqlx::Error::Io(kind.into()),
        Error::Tls(_) => sqlx::Error::Tls("the driver makes no encrypted connection".into()),
        // Texts of the driver may quote what it could not read.
        _ => sqlx::Error::Protocol("an answer that the driver does not understand".to_owned()),
    }
}

/// Why one table could not be read, or one database not be listed (numbers of `sys.messages`).
pub(crate) fn reason(number: u32) -> Reason {
    match number {
        // waited too long for a lock; chosen as the victim of a deadlock
        1222 | 1205 => Reason::Locked,
        // denied: on an object, a column, a database, an action, a permission of the server; cannot enter the database
        229 | 230 | 262 | 297 | 300 | 371 | 916 | 15247 => Reason::PermissionDenied,
        // no such object, column (dropped meanwhile), object number, database
        208 | 207 | 2501 | 911 => Reason::Vanished,
        // no memory; waited too long for some
        701 | 802 | 8645 | 8651 => Reason::MemoryLimit,
        // rows moved away under a scan without locks; the schema changed under a snapshot
        601 | 3961 => Reason::ChangedWhileRead,
        // a page that is not what it should be, or cannot be read
        823 | 824 | 605 | 5242 | 5243 => Reason::Corrupt,
        // the governor ends what costs too much
        8649 | 10928 => Reason::Deadline,
        // going down; database offline, recovering, in an availability group and not to be read; Azure moves it
        6005 | 942 | 922 | 927 | 976 | 978 | 979 | 982 | 983 | 40197 | 40501 | 40613 | 10929 => Reason::Unreachable,
        _ => Reason::QueryFailed,
    }
}

/// Whether the server does not know what was asked of its catalog, or closes it to this login.
pub(crate) fn is_unknown(number: u32) -> bool {
    matches!(
        number,
        // invalid column, object, function; syntax; a name in parts that leads nowhere; procedure; not in Azure
        207 | 208 | 195 | 102 | 156 | 319 | 325 | 4104 | 4121 | 2812 | 40515 | 40517
            // denied, as above
            | 229 | 230 | 262 | 297 | 300 | 371 | 15247
            // what Babelfish has not got
            | 33_557_097
    )
}

/// Why a login fails, where that is told by the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoginFault {
    NoSuchDatabase,
    TooManyConnections,
    Refused,
}

/// What the server says to a login that it does not let in.
pub(crate) fn of_login(number: u32) -> Option<LoginFault> {
    match number {
        4060 | 4064 | 911 => Some(LoginFault::NoSuchDatabase),
        17809 | 17810 | 10928 | 10936 => Some(LoginFault::TooManyConnections),
        // failed, disabled, locked, expired, must be changed, of another domain, not in the firewall of Azure
        18456 | 18470 | 18486 | 18487 | 18488 | 18452 | 40615 | 40532 | 916 => Some(LoginFault::Refused),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_a_denial_and_a_table_that_is_gone_are_told_apart() {
        assert_eq!(reason(1222), Reason::Locked);
        assert_eq!(reason(229), Reason::PermissionDenied);
        assert_eq!(reason(208), Reason::Vanished);
        assert_eq!(reason(50_000), Reason::QueryFailed);
    }

    #[test]
    fn simpler_words_are_tried_where_a_view_is_missing_or_closed_and_not_where_the_server_is_busy() {
        for number in [207, 208, 297, 300, 262, 102] {
            assert!(is_unknown(number), "{number}");
        }
        for number in [1222, 1205, 701, 824, 6005, 18456] {
            assert!(!is_unknown(number), "{number}");
        }
    }

    #[test]
    fn nothing_that_the_driver_says_is_kept() {
        let quoting = tiberius::error::Error::Conversion("secret 13800138000".into());
        assert!(!format!("{:?} {}", of(quoting.clone()), of(quoting)).contains("138"));
    }
}
