//! Passwords of databases: from the environment, from a file, or from where the client of the database looks itself.
//!
//! `~/.pgpass` is read by the driver; what is here only says why it would not be used. `~/.my.cnf` is read here.

use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::discover::database::DatabaseTarget;
use crate::model::{StoreKind, escape_name};

use super::complaint::Complaint;
use super::store_entry::StoreEntry;

/// Bytes of a file with passwords that are read.
const MOST_BYTES: u64 = 64 * 1024;

/// The password from the environment or a file; never from the configuration itself.
pub(super) fn password(store: &StoreEntry) -> Result<Option<String>, Complaint> {
    if let Some(variable) = &store.password_env {
        #[expect(clippy::disallowed_methods, reason = "this is the command line")]
        return std::env::var(variable).map(Some).map_err(|_| {
            // Who takes the key for the place of the password itself must not see it in a log.
            let is_name =
                variable.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            let shown = if is_name { variable.as_str() } else { "password_env" };
            Complaint::new(
                format!("数据载体 {} 需要环境变量 {shown}；请先设置（password_env 填变量名，不是口令）", store.name),
                format!(
                    "store {} wants the environment variable {shown}; set it first (password_env names it)",
                    store.name
                ),
            )
        });
    }
    let Some(path) = &store.password_file else { return Ok(None) };
    if let Ok(text) = read(path) {
        return Ok(Some(text.trim_end_matches(['\n', '\r']).to_owned()));
    }
    let shown = escape_name(path.as_os_str().as_encoded_bytes());
    Err(Complaint::new(
        format!("无法读取数据载体 {} 的口令文件 {shown}；请检查路径和权限", store.name),
        format!("cannot read the password file {shown} of store {}; check its path and mode", store.name),
    ))
}

/// Where nobody gave a password: what the client of that database would use.
///
/// # Errors
/// A file that holds passwords is open to others: it is not used, and a person should know why the login fails.
pub(super) fn complete(target: DatabaseTarget) -> Result<DatabaseTarget, Complaint> {
    if target.has_password() {
        return Ok(if target.kind == StoreKind::Mysql { as_ourselves(target) } else { target });
    }
    match target.kind {
        StoreKind::Postgres => {
            let named = environment("PGPASSFILE").map(PathBuf::from);
            if let Some(path) = named.or_else(|| home_file(".pgpass")).filter(|path| path.exists()) {
                require_private(&path)?;
            }
            Ok(target)
        }
        StoreKind::Mysql => {
            let target = match home_file(".my.cnf").filter(|path| path.exists()) {
                Some(path) => {
                    require_private(&path)?;
                    with_login(target, &read(&path).unwrap_or_default())
                }
                None => target,
            };
            Ok(as_ourselves(target))
        }
        _ => Ok(target),
    }
}

/// Where nobody is named to log in as, who runs this, as the client of MySQL does; never its superuser by default.
fn as_ourselves(target: DatabaseTarget) -> DatabaseTarget {
    let names = ["USER", "LOGNAME"].into_iter().filter_map(environment);
    let mut names = names.filter_map(|name| name.into_string().ok());
    match names.next() {
        Some(name) if target.user().is_none() => target.with_user(name),
        _ => target,
    }
}

fn with_login(target: DatabaseTarget, option_file: &str) -> DatabaseTarget {
    let login = Login::read(option_file);
    let target = match login.user {
        Some(user) => target.with_user(user),
        None => target,
    };
    match login.password {
        Some(password) => target.with_password(password),
        None => target,
    }
}

/// The login of an option file of MySQL (dev.mysql.com/doc/refman/8.4/en/option-files.html).
#[derive(Debug, Default, PartialEq, Eq)]
struct Login {
    user: Option<String>,
    password: Option<String>,
}

impl Login {
    /// Reads `[client]` and its namesakes of MariaDB; what stands further down wins, as for the client.
    fn read(text: &str) -> Self {
        let mut login = Self::default();
        let mut is_of_client = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(group) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                is_of_client = matches!(group.0.trim(), "client" | "client-mariadb" | "client-server");
                continue;
            }
            let Some((key, value)) = line.split_once('=').filter(|_| is_of_client) else { continue };
            match key.trim() {
                "user" => login.user = Some(value_of(value)),
                "password" => login.password = Some(value_of(value)),
                _ => {}
            }
        }
        login
    }
}

/// A value without its quotes, its escapes undone; what follows a `#` outside quotes is a comment.
fn value_of(written: &str) -> String {
    let written = written.trim();
    let quote = written.chars().next().filter(|first| matches!(first, '"' | '\''));
    let bare = match quote {
        Some(quote) => {
            let inner = written.trim_start_matches(quote);
            inner.rsplit_once(quote).map_or(inner, |(inner, _)| inner)
        }
        None => written.split_once('#').map_or(written, |(value, _)| value).trim_end(),
    };
    let mut value = String::new();
    let mut characters = bare.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            value.push(character);
            continue;
        }
        match characters.next() {
            Some('b') => value.push('\u{8}'),
            Some('t') => value.push('\t'),
            Some('n') => value.push('\n'),
            Some('r') => value.push('\r'),
            Some('s') => value.push(' '),
            Some('\\') | None => value.push('\\'),
            Some(other) => value.extend(['\\', other]),
        }
    }
    value
}

/// A file with a password that others may read is nobody's secret; libpq does not use it either.
fn require_private(path: &Path) -> Result<(), Complaint> {
    let mode = path.metadata().map_or(0, |metadata| metadata.permissions().mode());
    let open_to_others = mode & 0o077;
    if open_to_others == 0 {
        return Ok(());
    }
    let shown = escape_name(path.as_os_str().as_encoded_bytes());
    Err(Complaint::new(
        format!("口令文件 {shown} 对他人开放（{:03o}），不予使用；请执行 chmod 600", mode & 0o777),
        format!("the password file {shown} is open to others ({:03o}) and not used; chmod 600 it", mode & 0o777),
    ))
}

fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(MOST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

fn home_file(name: &str) -> Option<PathBuf> {
    environment("HOME").map(|home| PathBuf::from(home).join(name))
}

fn environment(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_file_is_read_as_the_client_reads_it() {
        let login = |text: &str| Login::read(text);
        let of =
            |user: &str, password: &str| Login { user: Some(user.to_owned()), password: Some(password.to_owned()) };
        assert_eq!(login("[client]\nuser=reader\npassword=geheim"), of("reader", "geheim"));
        assert_eq!(
            login("[mysqld]\nuser=root\n[client]\nuser = reader\npassword = \"a#b c\" # why"),
            of("reader", "a#b c")
        );
        assert_eq!(login("[client]\nuser=reader # who\npassword='it\\sis\\\\'"), of("reader", "it is\\"));
        assert_eq!(login("[client]\nuser=a\npassword=1\n[client-mariadb]\npassword=2"), of("a", "2"));
        assert_eq!(login("; [client]\npassword=x\n[mysqldump]\npassword=y\nquick"), Login::default());
        assert_eq!(login("[client]\npassword"), Login::default());
    }

    #[test]
    fn a_file_that_others_may_read_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".my.cnf");
        std::fs::write(&path, "[client]\npassword=geheim").unwrap();
        for (mode, is_private) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let told = require_private(&path).map_err(|complaint| complaint.to_string());
            assert_eq!(told.is_ok(), is_private, "{mode:o}");
            assert!(told.err().is_none_or(|told| told.contains("chmod 600") && !told.contains("geheim")));
        }
    }
}
