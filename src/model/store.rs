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
        }
    }

    /// The kind of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Share, Self::Sqlite, Self::Postgres, Self::Mysql].into_iter().find(|kind| kind.id() == id)
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

    /// The address with `***` for the password, and without its parameters, which may hold secrets too.
    #[must_use]
    pub fn masked(&self) -> String {
        let whole = self.whole.split(['?', '#']).next().unwrap_or("");
        let Some((scheme, rest)) = whole.split_once("://") else { return whole.to_owned() };
        // The last `@` before the path parts the login from the host: passwords may hold `@` and, unescaped, `/`.
        let Some((login, place)) = rest.rsplit_once('@') else { return whole.to_owned() };
        match login.split_once(':') {
            Some((user, _)) => format!("{scheme}://{user}:***@{place}"),
            None => format!("{scheme}://{login}@{place}"),
        }
    }
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
    }

    proptest! {
        #[test]
        fn no_password_is_ever_shown(password in "[a-zA-Z0-9@/:%!]{6,20}") {
            prop_assume!(!"postgres://reader:***@host:5432/database".contains(&password));
            let url = StoreUrl::new(format!("postgres://reader:{password}@host:5432/database"));
            let shown = format!("{url} {url:?}");
            prop_assert!(!shown.contains(&password));
        }
    }
}
