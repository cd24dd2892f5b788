//! The address of a database, as a person types it, and what may be spent on it.

use std::path::PathBuf;
use std::time::Duration;

use crate::model::{StoreKind, StoreUrl, percent_decoded};

use super::{Choice, Courtesy, Error, Tls};

/// How long anything that is asked of a database may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To connect and log in.
    pub connect: Duration,
    /// For one statement: a listing, a count, a sample.
    pub statement: Duration,
    /// For the rows of a whole table, when all of them are wanted.
    pub full: Duration,
    /// To count the rows of a view, of which nobody knows beforehand what it costs.
    pub view: Duration,
    /// To wait for a lock that another program holds.
    pub lock: Duration,
    /// For a session that nobody uses, where the server ends such.
    pub idle: Duration,
    /// To wait for a server that fell silent in the middle, before what is left of it is given up.
    pub reconnect: Duration,
}

impl Default for Timeouts {
    /// Short enough that a scan never looks hung, long enough for a count of a million rows on a busy server.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            statement: Duration::from_mins(1),
            full: Duration::from_hours(1),
            view: Duration::from_secs(2),
            lock: Duration::from_secs(2),
            // Longer than any statement of ours: it is for a scan that hangs.
            idle: Duration::from_hours(1),
            // A server that is started anew after a crash takes some seconds.
            reconnect: Duration::from_secs(10),
        }
    }
}

/// A database that is to be scanned.
#[derive(Clone)]
pub struct DatabaseTarget {
    /// Its address as typed; shown only with the password masked.
    pub url: StoreUrl,
    /// What answers there.
    pub kind: StoreKind,
    /// Most connections at a time. Two: a scan must not crowd out the plant.
    pub connections: u32,
    /// How long anything may take.
    pub timeouts: Timeouts,
    /// How a connection is to be encrypted.
    pub tls: Tls,
    /// When the server may be asked.
    pub courtesy: Courtesy,
    /// Which databases, schemas and tables are wanted.
    pub choice: Choice,
    /// Hosts with the same databases and logins, tried before that of the address: `host` or `host:port`.
    pub replicas: Vec<String>,
    user: Option<String>,
    password: Option<String>,
}

impl DatabaseTarget {
    /// Takes `sqlite:///path`, `postgres://host/database`, `mysql://host/database` or `sqlserver://host/database`; also
    /// `postgresql://`, `mariadb://` and `mssql://`. Without a database, every one is meant that the login may see.
    pub fn parse(typed: &str) -> Result<Self, Error> {
        let scheme = typed.split(':').next().unwrap_or_default();
        let kind = match scheme.to_ascii_lowercase().as_str() {
            "postgres" | "postgresql" => StoreKind::Postgres,
            "mysql" | "mariadb" => StoreKind::Mysql,
            "sqlserver" | "mssql" => StoreKind::SqlServer,
            "sqlite" => StoreKind::Sqlite,
            _ => return Err(Error::UnsupportedScheme { scheme: shown_scheme(scheme) }),
        };
        let target = Self {
            url: StoreUrl::new(typed),
            kind,
            connections: 2,
            timeouts: Timeouts::default(),
            tls: Tls::default(),
            courtesy: Courtesy::default(),
            choice: Choice::default(),
            replicas: Vec::new(),
            user: None,
            password: None,
        };
        if kind != StoreKind::Sqlite && (!typed.contains("://") || target.url.is_ambiguous()) {
            return Err(target.bad_address());
        }
        if kind == StoreKind::Sqlite && target.path().as_os_str().is_empty() {
            return Err(target.bad_address());
        }
        Ok(target)
    }

    /// The same with a password that came from elsewhere; it wins over one in the address.
    #[must_use]
    pub fn with_password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// The same with a user that came from elsewhere; one in the address wins over it.
    #[must_use]
    pub fn with_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into()).filter(|_| !self.names_user());
        self
    }

    /// Whether the address holds a user, and so whose password is wanted.
    #[must_use]
    pub fn names_user(&self) -> bool {
        self.login().is_some_and(|login| !login.starts_with(':') && !login.is_empty()) || self.has_parameter("user")
    }

    /// Whether the address holds a password, or one came from elsewhere.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.password.is_some()
            || self.login().is_some_and(|login| login.contains(':'))
            || self.has_parameter("password")
    }

    /// Whether the driver reads that of the parameters: the one for PostgreSQL takes a login from them.
    fn has_parameter(&self, wanted: &str) -> bool {
        self.kind == StoreKind::Postgres && self.url.parameters().any(|(key, _)| key == wanted)
    }

    fn login(&self) -> Option<&str> {
        let (_, rest) = self.url.reveal().split_once("://")?;
        rest.split(['?', '#']).next()?.rsplit_once('@').map(|(login, _)| login)
    }

    /// The address as it may be shown.
    #[must_use]
    pub fn shown(&self) -> String {
        self.url.masked()
    }

    /// The database that the address names, percent signs undone; `None` where it names none, and for SQLite.
    #[must_use]
    pub fn database(&self) -> Option<String> {
        if self.kind == StoreKind::Sqlite {
            return None;
        }
        let whole = self.url.reveal();
        let without_parameters = whole.split(['?', '#']).next().unwrap_or_default();
        let (_, rest) = without_parameters.split_once("://")?;
        let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
        let (_, name) = place.split_once('/')?;
        let name = percent_decoded(name.trim_matches('/'));
        (!name.is_empty()).then_some(name)
    }

    /// The path of a SQLite address; empty for others. Percent signs are undone unless a file of that very name exists.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        if self.kind != StoreKind::Sqlite {
            return PathBuf::new();
        }
        let whole = self.url.reveal();
        let rest = whole.split_once(':').map_or("", |(_, rest)| rest);
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let literal = PathBuf::from(rest);
        if literal.exists() {
            return literal;
        }
        let without_parameters = rest.split('?').next().unwrap_or_default();
        PathBuf::from(percent_decoded(without_parameters))
    }

    /// Of an address that cannot be understood only the scheme is shown: nobody knows which part is the password.
    pub(crate) fn bad_address(&self) -> Error {
        Error::BadAddress { store: format!("{}://…", self.kind.id()) }
    }

    /// Who logs in, where that is not said in the address.
    pub(crate) fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    pub(crate) fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }
}

/// A host that stands in for that of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) name: String,
    /// `None`: the port of the address.
    pub(super) port: Option<u16>,
}

impl Host {
    /// Reads `host`, `host:port`, `[::1]:port`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (name, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((name, "")) => (name, None),
            Some((name, port)) => (name, Some(port.strip_prefix(':')?)),
            None => text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port))),
        };
        let is_host = !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._:".contains(&it));
        let port = port.map(|port| port.parse::<u16>().ok().filter(|port| *port > 0));
        match (is_host, port) {
            (true, None) => Some(Self { name: name.to_owned(), port: None }),
            (true, Some(Some(port))) => Some(Self { name: name.to_owned(), port: Some(port) }),
            _ => None,
        }
    }
}

impl std::fmt::Display for Host {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.port {
            Some(port) if self.name.contains(':') => write!(formatter, "[{}]:{port}", self.name),
            Some(port) => write!(formatter, "{}:{port}", self.name),
            None => formatter.write_str(&self.name),
        }
    }
}

impl std::fmt::Debug for DatabaseTarget {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("DatabaseTarget")
            .field("url", &self.url)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A scheme is shown only when it looks like one: what stands before the first colon may be a mistyped secret.
fn shown_scheme(scheme: &str) -> String {
    let plausible = !scheme.is_empty() && scheme.len() <= 16 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plausible { scheme.to_owned() } else { "?".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(typed: &str) -> DatabaseTarget {
        DatabaseTarget::parse(typed).unwrap()
    }

    #[test]
    fn an_address_tells_its_kind_and_its_database() {
        assert_eq!(target("postgres://reader:s3c/r@t@db:5432/mes?sslmode=disable").database().as_deref(), Some("mes"));
        assert_eq!(target("postgresql://db").kind, StoreKind::Postgres);
        assert_eq!(target("postgresql://db/").database(), None);
        assert_eq!(target("mariadb://db/%E7%94%9F%E4%BA%A7").database().as_deref(), Some("生产"));
        assert_eq!(target("sqlite:///srv/mes.db").path(), PathBuf::from("/srv/mes.db"));
        assert_eq!(target("sqlite://data/m%20s.db").path(), PathBuf::from("data/m s.db"));
    }

    #[test]
    fn a_replica_is_a_host_with_or_without_a_port() {
        for (typed, shown) in [("db2", "db2"), (" 10.0.0.6:5433 ", "10.0.0.6:5433"), ("[::1]:5432", "[::1]:5432")] {
            assert_eq!(Host::parse(typed).unwrap().to_string(), shown);
        }
        for typed in ["", ":5432", "db2:", "db2:0", "db2:99999", "u:p@db2", "postgres://db2", "[::1", "db 2"] {
            assert_eq!(Host::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn an_address_tells_whether_it_holds_a_login() {
        for (typed, user, password) in [
            ("mysql://h/d", false, false),
            ("mysql://u@h/d", true, false),
            ("mysql://u:p@h/d", true, true),
            ("mysql://:p@h/d", false, true),
            ("postgres://h/d?user=u&sslmode=disable", true, false),
            ("postgres://h/d?sslmode=disable&p%61ssword=p", false, true),
            ("mysql://h/d?user=u&password=p", false, false),
        ] {
            assert_eq!((target(typed).names_user(), target(typed).has_password()), (user, password), "{typed}");
        }
        assert!(target("mysql://h/d").with_password("p").has_password());
        assert_eq!(target("mysql://u@h/d").with_user("other").user(), None);
        assert_eq!(target("mysql://h/d").with_user("other").user(), Some("other"));
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        for typed in ["oracle://db/x", "se:cret@x", "", "postgres:db", "sqlite://", "mysql://u:secret?cret@x/db"] {
            let error = DatabaseTarget::parse(typed).unwrap_err();
            assert!(!error.to_string().contains('\n') && !error.to_string().contains("cret@"), "{error}");
        }
    }

    #[test]
    fn a_target_never_shows_its_password() {
        let shown = format!("{:?}", target("postgres://u:topsecret@db/x").with_password("hunter22"));
        assert!(!shown.contains("topsecret") && !shown.contains("hunter22"), "{shown}");
    }
}
