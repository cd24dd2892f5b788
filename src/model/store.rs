use std::fmt;

use serde::{Deserialize, Serialize};

/// 载体: the system, database or file server that a catalog entry names as its carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// The short name used in locators, entries and output; unique in an inventory.
    pub name: String,
    /// What it is.
    pub kind: StoreKind,
    /// What makes it the same store next time: the absolute path, or the URL with its password masked.
    pub identity: String,
}

/// What a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoreKind {
    /// A folder of a file system or a mounted file share.
    Share,
    /// A SQLite database file.
    Sqlite,
    /// A PostgreSQL server or database.
    Postgres,
    /// A MySQL or MariaDB server or database.
    Mysql,
    /// A SQL Server or a database of one.
    SqlServer,
}

impl StoreKind {
    /// The id used in JSON and the inventory.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::SqlServer => "sqlserver",
        }
    }

    /// The kind of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Share, Self::Sqlite, Self::Postgres, Self::Mysql, Self::SqlServer]
            .into_iter()
            .find(|kind| kind.id() == id)
    }
}

/// The address of a database. `Display` and `Debug` never show its password; only [`StoreUrl::reveal`] does.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreUrl {
    whole: String,
}

impl StoreUrl {
    /// Takes an address as typed.
    #[must_use]
    pub fn new(whole: impl Into<String>) -> Self {
        Self { whole: whole.into() }
    }

    /// The address with its password, for the driver alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.whole
    }

    /// The address with `***` for the password, and without its parameters, which may hold secrets too. Of one in which
    /// nobody can say where the password ends only the scheme.
    #[must_use]
    pub fn masked(&self) -> String {
        let Some((scheme, rest)) = self.whole.split_once("://") else { return mask_logins(&self.whole) };
        let place = rest.split(['?', '#']).next().unwrap_or("");
        if scheme.eq_ignore_ascii_case(StoreKind::Sqlite.id()) {
            return format!("{scheme}://{place}");
        }
        if self.is_ambiguous() {
            return format!("{scheme}://…");
        }
        // The last `@` before the path parts the login from the host: passwords may hold `@` and, unescaped, `/`.
        if let Some((login, host)) = place.rsplit_once('@') {
            return match login.split_once(':') {
                Some((user, _)) => format!("{scheme}://{user}:***@{host}"),
                None => format!("{scheme}://{login}@{host}"),
            };
        }
        // `user:password` without a host: no port looks like that.
        let authority = place.split('/').next().unwrap_or("");
        match authority.split_once(':').filter(|_| !authority.starts_with('[')) {
            Some((user, port)) if !port.starts_with(|it: char| it.is_ascii_digit()) && !port.is_empty() => {
                format!("{scheme}://{user}:***")
            }
            _ => format!("{scheme}://{place}"),
        }
    }

    /// The parameters behind the `?`, percent signs undone.
    pub fn parameters(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let behind = self.whole.split_once('?').map_or("", |(_, behind)| behind);
        let pairs = behind.split('#').next().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decoded(key), percent_decoded(value))
        })
    }

    /// Whether an `@` stands behind a `?` or `#`: either belongs to the password, or the `@` to a parameter.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        let rest = self.whole.split_once("://").map_or("", |(_, rest)| rest);
        rest.split_once(['?', '#']).is_some_and(|(_, behind)| behind.contains('@'))
    }
}

/// Undoes `%XX`; text that does not decode to UTF-8 stays as it is.
#[must_use]
pub fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// A text with the passwords of all addresses in it masked: what a person typed is repeated in errors, and an address
/// may stand where a path was wanted.
#[must_use]
pub fn mask_logins(text: &str) -> String {
    let mask = |word: &str| -> String {
        if let Some((before, _)) = word.split_once("://") {
            let scheme = before.rfind(|it: char| !it.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
            let (quote, address) = word.split_at(scheme);
            let is_page = address.starts_with("http");
            return if is_page { word.to_owned() } else { format!("{quote}{}", StoreUrl::new(address).masked()) };
        }
        match word.rsplit_once('@').and_then(|(login, host)| Some((login.rsplit_once(':')?.0, host))) {
            Some((user, host)) => format!("{user}:***@{host}"),
            None => word.to_owned(),
        }
    };
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let bare = word.trim_end();
            mask(bare) + word.get(bare.len()..).unwrap_or_default()
        })
        .collect()
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.masked())
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_password_of_an_address_is_masked() {
        let url = StoreUrl::new("postgres://reader:s3c/r@t@10.0.0.5:5432/mes?sslpassword=x");
        assert_eq!(url.to_string(), "postgres://reader:***@10.0.0.5:5432/mes");
        assert_eq!(StoreUrl::new("mysql://reader@host/db").to_string(), "mysql://reader@host/db");
        assert_eq!(StoreUrl::new("sqlite:///srv/mes.db").to_string(), "sqlite:///srv/mes.db");
        assert_eq!(StoreUrl::new("postgres://db:5432/mes").to_string(), "postgres://db:5432/mes");
        assert_eq!(StoreUrl::new("postgres://[::1]:5432/mes").to_string(), "postgres://[::1]:5432/mes");
        assert_eq!(StoreUrl::new("postgres://reader:geheim/mes").to_string(), "postgres://reader:***");
        assert_eq!(StoreUrl::new("postgres://reader:ge?heim@host/mes").to_string(), "postgres://…");
    }

    #[test]
    fn an_address_in_a_sentence_is_masked() {
        for (typed, shown) in [
            ("no path mysql://u:geheim@h/db; look", "no path mysql://u:***@h/db; look"),
            ("error: 'postgres://u:ge#heim@h/db'\n", "error: 'postgres://…\n"),
            ("'postgres://u:geheim/db'", "'postgres://u:***"),
            ("write postgres://user@host:port/database", "write postgres://user@host:port/database"),
            ("u:geheim@h:5432/db", "u:***@h:5432/db"),
            ("postgres:u:geheim@h", "postgres:u:***@h"),
            ("see https://example.org/a:b and a@b.c", "see https://example.org/a:b and a@b.c"),
        ] {
            assert_eq!(mask_logins(typed), shown);
        }
    }

    proptest! {
        #[test]
        fn no_password_is_ever_shown(password in "[a-zA-Z0-9@/:%!?#]{6,20}") {
            prop_assume!(!"postgres://reader:***@host:5432/database".contains(&password));
            let url = StoreUrl::new(format!("postgres://reader:{password}@host:5432/database"));
            let shown = format!("{url} {url:?} {}", mask_logins(url.reveal()));
            prop_assert!(!shown.contains(&password));
            let secret = password.split(['?', '#', '@', '/', ':']).max_by_key(|piece| piece.len()).unwrap_or("");
            prop_assert!(secret.len() < 6 || "postgres://reader:***@host:5432/database".contains(secret) || !shown.contains(secret));
        }
    }
}
