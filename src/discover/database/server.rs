//! What answers at an address: several products speak the protocols of PostgreSQL and MySQL, each with ways of its own.

use std::fmt;

/// A product that speaks one of the protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// The library that is built in.
    Sqlite,
    /// PostgreSQL itself, or one that says it is.
    PostgreSql,
    /// KingbaseES 人大金仓.
    KingbaseEs,
    /// openGauss, and products built on it that say so.
    OpenGauss,
    /// GaussDB of Huawei.
    GaussDb,
    /// Vastbase 海量数据.
    Vastbase,
    /// HighGo 瀚高.
    HighGo,
    /// PolarDB of Alibaba, compatible with PostgreSQL.
    PolarDb,
    /// MySQL itself, or one that says it is.
    MySql,
    /// MariaDB.
    MariaDb,
    /// OceanBase in its MySQL mode.
    OceanBase,
    /// TiDB.
    TiDb,
    /// PolarDB-X of Alibaba.
    PolarDbX,
    /// GoldenDB 金篆信科.
    GoldenDb,
    /// GreatDB or GreatSQL 万里.
    GreatDb,
    /// TDSQL of Tencent.
    TdSql,
    /// SQL Server of Microsoft, or one that says it is.
    SqlServer,
    /// SQL Server as a service of Azure.
    AzureSql,
    /// Babelfish: PostgreSQL that speaks the protocol of SQL Server.
    Babelfish,
}

impl Flavour {
    /// The product's name, the same in both languages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::PostgreSql => "PostgreSQL",
            Self::KingbaseEs => "KingbaseES",
            Self::OpenGauss => "openGauss",
            Self::GaussDb => "GaussDB",
            Self::Vastbase => "Vastbase",
            Self::HighGo => "HighGo",
            Self::PolarDb => "PolarDB",
            Self::MySql => "MySQL",
            Self::MariaDb => "MariaDB",
            Self::OceanBase => "OceanBase",
            Self::TiDb => "TiDB",
            Self::PolarDbX => "PolarDB-X",
            Self::GoldenDb => "GoldenDB",
            Self::GreatDb => "GreatDB",
            Self::TdSql => "TDSQL",
            Self::SqlServer => "SQL Server",
            Self::AzureSql => "Azure SQL",
            Self::Babelfish => "Babelfish",
        }
    }
}

/// How a product names itself in its version, in lower case. The first that is found counts: those built on another
/// name both.
const POSTGRES_PRODUCTS: [(&str, Flavour); 8] = [
    ("kingbase", Flavour::KingbaseEs),
    ("vastbase", Flavour::Vastbase),
    ("highgo", Flavour::HighGo),
    ("opengauss", Flavour::OpenGauss),
    ("gaussdb kernel", Flavour::GaussDb),
    ("gaussdb", Flavour::GaussDb),
    ("polardb", Flavour::PolarDb),
    ("postgresql", Flavour::PostgreSql),
];

/// The same for the protocol of MySQL. `TDDL` and `X-Cluster` are the layers of PolarDB-X.
const MYSQL_PRODUCTS: [(&str, Flavour); 11] = [
    ("oceanbase", Flavour::OceanBase),
    ("tidb", Flavour::TiDb),
    ("tddl", Flavour::PolarDbX),
    ("x-cluster", Flavour::PolarDbX),
    ("polardb-x", Flavour::PolarDbX),
    ("goldendb", Flavour::GoldenDb),
    ("greatdb", Flavour::GreatDb),
    ("greatsql", Flavour::GreatDb),
    ("txsql", Flavour::TdSql),
    ("tdsql", Flavour::TdSql),
    ("mariadb", Flavour::MariaDb),
];

/// A product with its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The product.
    pub flavour: Flavour,
    /// Its own version: letters, digits and points; empty where it does not say.
    pub version: String,
}

/// Longest version that is kept; `V008R006C008B0014` has 17 characters.
const VERSION_CHARACTERS: usize = 24;

impl Server {
    /// SQLite of that version.
    pub(super) fn sqlite(version: &str) -> Self {
        Self { flavour: Flavour::Sqlite, version: leading_version(version).unwrap_or_default() }
    }

    /// From what `version()` answers: `PostgreSQL 15.14 (Debian …) on x86_64…`, `(openGauss 5.0.0 build a07d57c3) …`.
    pub(super) fn of_postgres(said: &str) -> Self {
        Self::found(said, &POSTGRES_PRODUCTS).unwrap_or_else(|| Self {
            flavour: Flavour::PostgreSql,
            version: leading_version(said).unwrap_or_default(),
        })
    }

    /// From what `VERSION()` and `@@version_comment` answer: `10.11.6-MariaDB-0+deb12u1`, `8.0.11-TiDB-v7.5.0`.
    pub(super) fn of_mysql(said: &str, comment: &str) -> Self {
        // What a replica of old would not understand as a version is put behind one that it does.
        let said = said.strip_prefix("5.5.5-").unwrap_or(said);
        let whole = format!("{said} {comment}");
        let first = leading_version(said).unwrap_or_default();
        match Self::found(&whole, &MYSQL_PRODUCTS) {
            // MariaDB has its version in front of its name, the others the version of MySQL that they are like.
            Some(Self { flavour: Flavour::MariaDb, .. }) => Self { flavour: Flavour::MariaDb, version: first },
            Some(Self { flavour, version }) if version.is_empty() => Self { flavour, version: first },
            Some(server) => server,
            None => Self { flavour: Flavour::MySql, version: first },
        }
    }

    /// From what `@@VERSION` and `SERVERPROPERTY('ProductVersion')` answer: `Microsoft SQL Server 2019 (RTM-CU22) …` and
    /// `15.0.4322.2`.
    pub(super) fn of_sql_server(said: &str, version: &str) -> Self {
        let flavour = match said {
            _ if said.contains("Babelfish") => Flavour::Babelfish,
            _ if said.contains("SQL Azure") => Flavour::AzureSql,
            _ => Flavour::SqlServer,
        };
        Self { flavour, version: leading_version(version).unwrap_or_default() }
    }

    fn found(said: &str, products: &[(&str, Flavour)]) -> Option<Self> {
        let lower = said.to_ascii_lowercase();
        products.iter().find_map(|(name, flavour)| {
            let end = lower.find(name)? + name.len();
            let behind = said.get(end..).unwrap_or_default();
            Some(Self { flavour: *flavour, version: version_behind(behind).unwrap_or_default() })
        })
    }

    /// The number before the first point; 0 where there is none.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.version.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0)
    }
}

impl fmt::Display for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.flavour.name())?;
        if self.version.is_empty() { Ok(()) } else { write!(formatter, " {}", self.version) }
    }
}

/// The version among the next two words: `-v7.5.0`, ` 5.0.0 build…`, ` Kernel V500R002C10 build`, `_CE 4.2.1.8`.
fn version_behind(text: &str) -> Option<String> {
    let words = text.split([' ', '-', '_', '(', ')']).filter(|word| !word.is_empty());
    words.take(2).find_map(leading_version)
}

/// Digits and points at the front, or a version that begins with `V` and a digit; never other text of the server's.
fn leading_version(text: &str) -> Option<String> {
    let bare = text.strip_prefix('v').unwrap_or(text);
    let digits = bare.strip_prefix('V').unwrap_or(bare);
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let is_lettered = bare.len() != digits.len();
    let belongs = |it: &char| it.is_ascii_digit() || *it == '.' || is_lettered && it.is_ascii_alphanumeric();
    let version: String = bare.chars().take_while(belongs).take(VERSION_CHARACTERS).collect();
    Some(version.trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn products_on_the_protocol_of_postgresql_are_told_by_what_they_say() {
        for (said, wanted) in [
            ("PostgreSQL 15.14 (Debian 15.14-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc", "PostgreSQL 15.14"),
            ("PostgreSQL 17beta1 on x86_64-pc-linux-gnu", "PostgreSQL 17"),
            ("KingbaseES V008R006C008B0014 on x86_64-pc-linux-gnu, compiled by gcc", "KingbaseES V008R006C008B0014"),
            ("(openGauss 5.0.0 build a07d57c3) compiled at 2023-03-29 03:37:13 commit 0", "openGauss 5.0.0"),
            ("PostgreSQL 9.2.4 (openGauss 2.1.0 build 590b0f8e) compiled at 2021-09-30", "openGauss 2.1.0"),
            ("PostgreSQL 9.2.4 (GaussDB Kernel V500R002C10 build 5ad8a7b5) compiled at", "GaussDB V500R002C10"),
            ("gaussdb (GaussDB Kernel 505.2.0 build 9c2b1d4e) compiled at", "GaussDB 505.2.0"),
            ("PostgreSQL 9.2.4 (Vastbase G100 V2.2 (Build 10)) compiled at", "Vastbase V2.2"),
            ("PostgreSQL 14.9 (PolarDB 14.9.15.0 build 0b0b0b) on x86_64-linux-gnu", "PolarDB 14.9.15.0"),
            ("PostgreSQL 11.9 (POLARDB 11.9)", "PolarDB 11.9"),
            ("", "PostgreSQL"),
        ] {
            assert_eq!(Server::of_postgres(said).to_string(), wanted, "{said}");
        }
    }

    #[test]
    fn products_on_the_protocol_of_mysql_are_told_by_what_they_say() {
        for (said, comment, wanted) in [
            ("8.0.36", "MySQL Community Server - GPL", "MySQL 8.0.36"),
            ("5.7.44-log", "", "MySQL 5.7.44"),
            ("10.11.6-MariaDB-0+deb12u1", "Debian 12", "MariaDB 10.11.6"),
            ("5.5.5-10.5.8-MariaDB", "", "MariaDB 10.5.8"),
            ("5.7.25-OceanBase-v4.2.1.8", "OceanBase_CE 4.2.1.8 (r1080000)", "OceanBase 4.2.1.8"),
            ("5.7.25", "OceanBase_CE 4.2.1.8 (r1080000)", "OceanBase 4.2.1.8"),
            ("8.0.11-TiDB-v7.5.0", "TiDB Server (Apache License 2.0)", "TiDB 7.5.0"),
            ("5.6.29-TDDL-5.4.12-16349923", "", "PolarDB-X 5.4.12"),
            ("8.0.32-X-Cluster-8.4.18-20231128", "PolarDB-X", "PolarDB-X 8.4.18"),
            ("8.0.30", "GoldenDB", "GoldenDB 8.0.30"),
            ("8.0.32-25", "GreatSQL, Release 25, Revision db07cc5cb73", "GreatDB 8.0.32"),
            ("8.0.22-v18-txsql-22.1.0", "", "TDSQL 22.1.0"),
            ("", "", "MySQL"),
        ] {
            assert_eq!(Server::of_mysql(said, comment).to_string(), wanted, "{said}");
        }
    }

    #[test]
    fn products_on_the_protocol_of_sql_server_are_told_by_what_they_say() {
        for (said, version, wanted) in [
            (
                "Microsoft SQL Server 2019 (RTM-CU22) (KB5027702) - 15.0.4322.2 (X64)",
                "15.0.4322.2",
                "SQL Server 15.0.4322.2",
            ),
            ("Microsoft SQL Azure (RTM) - 12.0.2000.8", "12.0.2000.8", "Azure SQL 12.0.2000.8"),
            (
                "Babelfish for PostgreSQL with SQL Server Compatibility - 12.0.2000.8",
                "12.0.2000.8",
                "Babelfish 12.0.2000.8",
            ),
            ("", "", "SQL Server"),
        ] {
            assert_eq!(Server::of_sql_server(said, version).to_string(), wanted, "{said}");
        }
    }

    proptest! {
        #[test]
        fn a_version_shows_nothing_but_letters_digits_and_points(said in any::<String>(), comment in any::<String>()) {
            for server in [Server::of_postgres(&said), Server::of_mysql(&said, &comment), Server::of_sql_server(&said, &comment), Server::sqlite(&said)] {
                prop_assert!(server.version.len() <= VERSION_CHARACTERS);
                prop_assert!(server.version.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'.'));
            }
        }
    }
}
