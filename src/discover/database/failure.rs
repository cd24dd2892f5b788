//! Messages of drivers and servers, mapped to our own words: theirs may quote what they read.

use crate::model::Reason;

use super::Error;
use super::sqlserver::fault::{self, LoginFault, ServerFault};

/// SQLite's primary result codes (sqlite.org/rescode.html).
mod sqlite_code {
    pub(super) const PERM: u32 = 3;
    pub(super) const BUSY: u32 = 5;
    pub(super) const LOCKED: u32 = 6;
    pub(super) const NOMEM: u32 = 7;
    pub(super) const INTERRUPT: u32 = 9;
    pub(super) const IOERR: u32 = 10;
    pub(super) const CORRUPT: u32 = 11;
    pub(super) const AUTH: u32 = 23;
    pub(super) const NOTADB: u32 = 26;
}

/// What SQLite says when a journal or log must be replayed and a read-only connection cannot: SQLITE_READONLY_ROLLBACK,
/// SQLITE_READONLY_RECOVERY, SQLITE_READONLY_CANTINIT.
const SQLITE_NEEDS_WRITING: [&str; 3] = ["776", "264", "1288"];

/// Whether the file can only be read after its writer's last work is undone or done, for which a copy is needed.
pub(crate) fn needs_writing(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| SQLITE_NEEDS_WRITING.contains(&&*code))
}

/// Why one table could not be read, or one schema not be listed.
pub(crate) fn reason(error: &sqlx::Error) -> Reason {
    match error {
        sqlx::Error::Database(database) => {
            if let Some(mysql) = database.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
                return mysql_reason(mysql.number(), mysql.code());
            }
            if let Some(fault) = database.try_downcast_ref::<ServerFault>() {
                return fault::reason(fault.number);
            }
            let code = database.code().unwrap_or_default();
            if database.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                return sqlite_reason(&code);
            }
            state_reason(&code)
        }
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => Reason::Unreachable,
        sqlx::Error::PoolTimedOut => Reason::Deadline,
        _ => Reason::QueryFailed,
    }
}

fn sqlite_reason(code: &str) -> Reason {
    let extended: u32 = code.parse().unwrap_or_default();
    // The low byte of an extended code is the primary one.
    match extended & 0xff {
        sqlite_code::PERM | sqlite_code::AUTH => Reason::PermissionDenied,
        sqlite_code::BUSY | sqlite_code::LOCKED => Reason::Locked,
        sqlite_code::NOMEM => Reason::MemoryLimit,
        sqlite_code::INTERRUPT => Reason::Deadline,
        sqlite_code::IOERR => Reason::ReadError,
        sqlite_code::CORRUPT | sqlite_code::NOTADB => Reason::Corrupt,
        _ => Reason::QueryFailed,
    }
}

/// Numbers of MySQL and MariaDB that their SQLSTATE does not tell apart.
fn mysql_reason(number: u16, state: Option<&str>) -> Reason {
    match number {
        // ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK, ER_LOCK_NOWAIT
        1205 | 1213 | 3572 => Reason::Locked,
        // MariaDB ER_STATEMENT_TIMEOUT, MySQL ER_QUERY_TIMEOUT
        1969 | 3024 => Reason::Deadline,
        // denied: database, table, column, view, specific privilege
        1044 | 1142 | 1143 | 1227 | 1345 | 1370 => Reason::PermissionDenied,
        // no such table
        1146 => Reason::Vanished,
        _ => state_reason(state.unwrap_or_default()),
    }
}

/// SQLSTATE classes and codes (ISO 9075, PostgreSQL appendix A).
fn state_reason(state: &str) -> Reason {
    match state {
        "42501" => Reason::PermissionDenied,
        "55P03" => Reason::Locked,
        "57014" | "25P03" => Reason::Deadline,
        "42P01" | "3F000" => Reason::Vanished,
        "53200" => Reason::MemoryLimit,
        "XX001" | "XX002" => Reason::Corrupt,
        "53300" | "57P01" | "57P02" | "57P03" => Reason::Unreachable,
        _ if state.starts_with("28") => Reason::PermissionDenied,
        _ if state.starts_with("08") => Reason::Unreachable,
        _ => Reason::QueryFailed,
    }
}

/// Whether the server does not know what was asked of its catalog, or does not let this login look there: an older or
/// compatible one may know it by another name.
pub(crate) fn is_unknown(error: &sqlx::Error) -> bool {
    let Some(database) = error.as_database_error() else { return false };
    if let Some(fault) = database.try_downcast_ref::<ServerFault>() {
        return fault::is_unknown(fault.number);
    }
    let mysql = database.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>();
    let number = mysql.map_or(0, sqlx::mysql::MySqlDatabaseError::number);
    is_unknown_code(&database.code().unwrap_or_default(), number)
}

/// SQLSTATE (PostgreSQL appendix A) and, for MySQL, the number (its error reference).
pub(crate) fn is_unknown_code(state: &str, number: u16) -> bool {
    match number {
        0 => matches!(
            state,
            // undefined column, function, table, object, parameter; denied; not supported; syntax; schema; wrong type
            "42703" | "42883" | "42P01" | "42704" | "42P02" | "42501" | "0A000" | "42601" | "3F000" | "42804"
        ),
        // unknown column, table, table of information_schema, function, variable, procedure; syntax; not supported; denied
        _ => matches!(
            number,
            1054 | 1051 | 1146 | 1109 | 1128 | 1193 | 1305 | 1064 | 1235 | 1289 | 1044 | 1142 | 1143 | 1227 | 1345
        ),
    }
}

/// Whether nobody answers any more, so that asking the same server on would only wait.
pub(crate) fn is_gone(error: &sqlx::Error) -> bool {
    reason(error) == Reason::Unreachable
}

/// Before there is a connection, silence and what is no answer of a database mean that there is no server any more.
pub(crate) fn no_connection(error: sqlx::Error) -> sqlx::Error {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::Protocol(_) => {
            sqlx::Error::Io(std::io::ErrorKind::ConnectionAborted.into())
        }
        other => other,
    }
}

/// Why a connection could not be made.
pub(crate) fn connecting(store: &str, error: &sqlx::Error) -> Error {
    let store = store.to_owned();
    match error {
        sqlx::Error::Configuration(_) => Error::BadAddress { store },
        sqlx::Error::Tls(_) => Error::TlsFailed { store },
        // What the handshake says of a certificate comes as data that is not what it should be.
        sqlx::Error::Io(said) if said.kind() == std::io::ErrorKind::InvalidData => Error::CertificateRefused { store },
        sqlx::Error::Database(database) if database.try_downcast_ref::<ServerFault>().is_some() => {
            let number = database.try_downcast_ref::<ServerFault>().map_or(0, |fault| fault.number);
            match fault::of_login(number) {
                Some(LoginFault::NoSuchDatabase) => Error::NoSuchDatabase { store },
                Some(LoginFault::TooManyConnections) => Error::TooManyConnections { store },
                Some(LoginFault::Refused) => Error::LoginRefused { store },
                None if fault::reason(number) == Reason::Unreachable => Error::Unreachable { store },
                None => Error::CannotList { store, code: code_of(error) },
            }
        }
        sqlx::Error::Database(database) => {
            let mysql = database
                .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
                .map_or(0, sqlx::mysql::MySqlDatabaseError::number);
            let code = database.code().unwrap_or_default();
            match (&*code, mysql) {
                (_, 1049) | ("3D000", _) => Error::NoSuchDatabase { store },
                (_, 1040 | 1203 | 1226) | ("53300", _) => Error::TooManyConnections { store },
                (_, 1044 | 1045 | 1698 | 1130) | ("28000" | "28P01" | "42501", _) => Error::LoginRefused { store },
                _ if reason(error) == Reason::Unreachable => Error::Unreachable { store },
                _ => Error::CannotList { store, code: code_of(error) },
            }
        }
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Protocol(_) => Error::Unreachable { store },
        _ => Error::CannotList { store, code: code_of(error) },
    }
}

/// Why the tables of a connected database could not be listed.
pub(crate) fn listing(store: &str, error: &sqlx::Error) -> Error {
    let store = store.to_owned();
    match reason(error) {
        Reason::Locked => Error::Locked { store },
        Reason::Unreachable => Error::Unreachable { store },
        _ => Error::CannotList { store, code: code_of(error) },
    }
}

/// The code of a server's answer, which is safe to show; `driver` where it did not come from a server.
fn code_of(error: &sqlx::Error) -> String {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default();
    let plausible = !code.is_empty() && code.len() <= 6 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plausible { code.into_owned() } else { "driver".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extended_code_of_sqlite_means_its_primary_one() {
        assert_eq!(sqlite_reason("261"), Reason::Locked, "SQLITE_BUSY_RECOVERY");
        assert_eq!(sqlite_reason("9"), Reason::Deadline);
        assert_eq!(sqlite_reason("26"), Reason::Corrupt);
        assert_eq!(sqlite_reason("1"), Reason::QueryFailed);
    }

    #[test]
    fn a_denied_table_and_a_locked_one_are_told_apart() {
        assert_eq!(state_reason("42501"), Reason::PermissionDenied);
        assert_eq!(state_reason("55P03"), Reason::Locked);
        assert_eq!(mysql_reason(1142, Some("42000")), Reason::PermissionDenied);
        assert_eq!(mysql_reason(1205, Some("HY000")), Reason::Locked);
        assert_eq!(mysql_reason(1064, Some("42000")), Reason::QueryFailed);
    }
}
